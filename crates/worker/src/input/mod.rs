//! Reading articles and messages from files and pipes, with memory bounded on endless input.

mod lines;
mod plain;
mod windows;

pub use lines::{Line, LineReader, Text};
pub use plain::{PlainText, read_plain};
pub use windows::Windows;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// One input: a file or the standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `-`
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// The inputs named on a command line; none: the standard input.
    pub fn of_args(files: &[PathBuf]) -> Vec<Self> {
        if files.is_empty() {
            return vec![Self::Stdin];
        }
        files.iter().map(|f| if f == Path::new("-") { Self::Stdin } else { Self::File(f.clone()) }).collect()
    }

    /// The name in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "stdin".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Opens it.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::Stdin => Ok(Box::new(io::stdin())),
            Self::File(path) => {
                if path.is_dir() {
                    return Err(io::Error::other("it is a folder: name its files"));
                }
                Ok(Box::new(File::open(path)?))
            }
        }
    }

    /// Its length in bytes, where it is a regular file.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Stdin => None,
            Self::File(path) => path.metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len()),
        }
    }
}
