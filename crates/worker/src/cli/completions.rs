//! `dateline completions bash|zsh|fish`.

use clap::CommandFactory as _;
use clap_complete::Shell as Generator;

use super::args::Cli;
use super::args::operate::{CompletionsArgs, Shell};
use crate::exit::Exit;
use crate::output::{Data, Flow};

pub(super) fn run(args: &CompletionsArgs) -> anyhow::Result<Exit> {
    let generator = match args.shell {
        Shell::Bash => Generator::Bash,
        Shell::Zsh => Generator::Zsh,
        Shell::Fish => Generator::Fish,
    };
    let mut script = vec![];
    clap_complete::generate(generator, &mut Cli::command(), "dateline", &mut script);
    let mut data = Data::default();
    if data.write(&script)? == Flow::Open {
        data.flush()?;
    }
    Ok(Exit::Done)
}
