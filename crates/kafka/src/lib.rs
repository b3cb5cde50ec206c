//! Exactly-once stages over Kafka: consume, transform, produce, each batch in one transaction, with the input's offsets and the
//! stage's state in it.
//!
//! A [`Stage`] decides, and knows no Kafka; [`Options::build`] makes the [`Runner`] that feeds it; [`Runner::run`] works
//! until its [`Drain`] is requested; a [`Handle`] tells how it is; an [`Observer`] hears what happens.
//!
//! ```no_run
//! use std::sync::Arc;
//! use dateline_kafka::{Drain, InputRecord, Options, OutputRecord, Processed, Silent, Stage, StageError, Target};
//!
//! /// Copies every record to another topic.
//! struct Copy;
//!
//! impl Stage for Copy {
//!     fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
//!         let copy = |record: &InputRecord| OutputRecord {
//!             topic: "out".into(),
//!             target: Target::ByKey,
//!             key: record.key.clone(),
//!             value: record.value.clone(),
//!             headers: record.headers.clone(),
//!             timestamp_ms: Some(record.timestamp_ms),
//!         };
//!         Ok(batch.iter().map(|record| Processed { outputs: vec![copy(record)], ..Processed::default() }).collect())
//!     }
//! }
//!
//! let mut options = Options::new("localhost:9092", "app-copy", "app-copy-0", "in", "dlq");
//! options.output_topics = vec!["out".into()];
//! let runner = options.build(Box::new(Copy), Arc::new(Silent))?;
//! let ended = runner.run(&Drain::new())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is promised: each input record's outputs, state changes and offset become visible together and once, to `read_committed`
//! readers; a partition's records are decided in offset order. Architecture invariant: this crate knows no article, no
//! visit, no event; what a record means is the stage's business.

mod backoff;
mod batch;
mod caller;
mod classify;
mod context;
mod core;
mod fail_point;
mod offsets;
mod restore;
mod runner;
mod session;
mod start;
mod transaction;

pub mod checkpoint;
pub mod dlq;
pub mod embedded;
pub mod error;
pub mod handle;
pub mod letter;
pub mod observer;
pub mod options;
pub mod properties;
pub mod reader;
pub mod redrive;
pub mod scan;
pub mod stage;
pub mod store;
pub mod topics;

pub use error::{Ended, RunError};
pub use handle::{Drain, Handle, Phase, Status};
pub use observer::{Observer, Silent};
pub use options::{BatchLimits, Broker, Dlq, Options, OptionsError, StartFrom, Timeouts};
pub use properties::PROTECTED_PROPERTIES;
pub use runner::Runner;
pub use stage::{Header, InputRecord, OutputRecord, Poison, Processed, Stage, StageError, StateChange, Target};
