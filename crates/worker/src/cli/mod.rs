//! The command line.

mod args;
mod articles;
mod broker;
mod clean;
mod completions;
mod config;
mod demo;
mod dlq;
mod eval;
mod extract;
mod resolve;
mod rules;
mod run;
mod schema;
mod state;
mod status;
mod topics;
mod trace;

use clap::Parser as _;

use crate::config::{ConfigError, Loaded, load};
use crate::exit::Exit;
use crate::output;
use args::{Cli, Command};

/// Runs the program over the arguments of the process.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // clap prints help and version to stdout with code 0, errors to stderr.
            let _ = e.print();
            return if e.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    match dispatch(&cli) {
        Ok(exit) => exit,
        Err(e) => {
            output::message(format!("dateline: {e:#}"));
            Exit::Failed
        }
    }
}

fn dispatch(cli: &Cli) -> anyhow::Result<Exit> {
    match &cli.command {
        Command::Extract(args) => extract::run(args, &settings(cli)?),
        Command::Resolve(args) => resolve::run(args, &settings(cli)?),
        Command::Run(_) => run::run(&settings(cli)?),
        Command::Topics(args) => topics::run(args, &settings(cli)?),
        Command::Dlq(args) => dlq::run(args, &settings(cli)?),
        Command::Trace(args) => trace::run(args, &settings(cli)?),
        Command::Status(args) => status::run(args, || settings(cli)),
        Command::State(args) => state::run(args, &settings(cli)?),
        Command::Demo(args) => demo::run(args, &settings(cli)?),
        Command::Clean(args) => clean::run(args),
        Command::Eval(args) => eval::run(args, &settings(cli)?),
        Command::Rules(args) => rules::run(args, &settings(cli)?),
        Command::Config(args) => config::run(args, || settings(cli)),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args),
    }
}

fn settings(cli: &Cli) -> Result<Loaded, ConfigError> {
    let variables = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    load(cli.config.as_deref(), variables, cli.command.flags())
}

/// A Kafka timestamp for people: RFC 3339 in UTC, to the second.
fn time(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms)
        .map_or_else(|| "unknown".to_owned(), |t| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}
