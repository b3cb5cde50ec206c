//! Dateline under fire: workers, brokers and the network between them fail on a seeded schedule, and in the end every article is
//! accounted for.
//!
//! `cargo run -p dateline-faults -- --minutes N --seed S`. It needs Java and Maven, as the end-to-end tests do. The same seed gives
//! the same articles and the same faults in the same order (not at the same points of the work: nothing here can promise that).

#![allow(clippy::print_stdout)] // what it prints is its result

mod fault;
mod load;
mod report;
mod run;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

/// Kill, stop and cut off workers and brokers under load, then compare everything that was sent with everything that came out.
#[derive(Debug, Parser)]
struct Arguments {
    /// How long faults are made.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    minutes: u64,
    /// Seed of the articles and of the schedule.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
}

/// Makes this program the worker, so that the schedule can start it with the features that it was built with.
const WORKER: &str = "FAULTS_WORKER";

fn main() -> ExitCode {
    if std::env::var_os(WORKER).is_some() {
        return dateline_worker::cli::main().into();
    }
    let arguments = Arguments::parse();
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            println!("this program's own path cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    dateline_tests::world::set_program(program, Some(WORKER));
    match run::run(Duration::from_secs(arguments.minutes * 60), arguments.seed) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("the run failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
