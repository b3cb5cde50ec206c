//! The `dateline` program.

use std::process::ExitCode;

/// Extraction makes many small things that live as long as an article: docs/benchmarks.md tells what this saves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dateline_worker::cli::main().into()
}
