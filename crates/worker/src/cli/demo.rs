//! `dateline demo`.

use super::args::DemoArgs;
use crate::config::Loaded;
use crate::demo;
use crate::exit::Exit;
use crate::input::Source;
use crate::telemetry::logs;

pub(super) fn run(args: &DemoArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let mut settings = loaded.settings.clone();
    // People look at a table here: only what is wrong may stand beside it.
    if settings.log.level == "info" {
        "error".clone_into(&mut settings.log.level);
    }
    logs::install(&settings.log);
    let input = args.input.as_ref().map(|file| Source::of_args(std::slice::from_ref(file)).remove(0));
    demo::run(&settings, input)
}
