//! Exit codes of the program.

use std::process::ExitCode;

/// How the program ends; the number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or drained after a signal.
    Done = 0,
    /// Bad input, or the start failed.
    Failed = 1,
    /// Wrong usage of the command line.
    Usage = 2,
    /// A limit of the dead-letter queue was reached.
    DlqLimit = 3,
    /// Another worker has taken this instance's id.
    InstanceTaken = 4,
    /// A record or a state is newer than this build.
    NewerData = 5,
    /// Refused, because data would be lost.
    DataLoss = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The list of exit codes as `--help` prints it.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done, or drained after a signal
  1  bad input, or the start failed
  2  wrong usage
  3  a limit of the dead-letter queue was reached
  4  another worker has taken this instance's id
  5  a record or a state is newer than this build
  6  refused, because data would be lost";
