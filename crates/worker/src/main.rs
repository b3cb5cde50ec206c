//! The `dateline` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dateline_worker::cli::main().into()
}
