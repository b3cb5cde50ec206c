//! What is wrong with the configuration, in words that name key, value, origin and remedy.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The program.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "environment {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

/// One thing that is wrong. `Display`: `kafka.brokers = "x" (flag --brokers): what is wrong and what to do`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}{} ({origin}): {problem}", .value.as_ref().map(|v| format!(" = {v}")).unwrap_or_default())]
pub struct Problem {
    /// The key.
    pub key: String,
    /// The value as TOML, masked where it is a secret; none where the key is unknown.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// What is wrong and what to do.
    pub problem: String,
}

/// All that is wrong, one a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError(pub Vec<Problem>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, p) in self.0.iter().enumerate() {
            write!(f, "{}configuration: {p}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}
