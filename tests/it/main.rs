//! The end-to-end tests, in one binary. `cargo test -p dateline-tests --test it -- NAME` runs those whose name contains NAME.

mod runner;
mod worker;

use libtest_mimic::{Arguments, Trial};

fn main() -> std::process::ExitCode {
    // RUST_LOG=info shows what workers and clients in this process log.
    if std::env::var_os("RUST_LOG").is_some() {
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_writer(std::io::stderr)
            .init();
    }
    dateline_tests::world::set_program(env!("CARGO_BIN_EXE_dateline-under-test"), None);
    let arguments = Arguments::from_args();
    let tests: Vec<Trial> = [runner::tests(), worker::tests()].into_iter().flatten().collect();
    let conclusion = libtest_mimic::run(&arguments, tests);
    dateline_tests::end_shared();
    conclusion.exit_code()
}
