//! What can be wrong with the gazetteer's data.

/// A fault in a data file. It names the file, the line (from 1) and the entry, so that an operator can mend it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the operator's folder cannot be read.
    #[error("{file}: cannot be read")]
    Read {
        /// The path as given.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file is not valid TOML or has an unknown or missing key.
    #[error("{file}:{line}: {reason}")]
    Syntax {
        /// File name.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// An entry holds a value that means nothing, such as an unknown country code.
    #[error("{file}:{line}: entry {entry}: {reason}")]
    Entry {
        /// File name.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Id or name of the entry.
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
}
