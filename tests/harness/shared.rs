//! One broker for all tests of a process that don't kill it.

use std::sync::{Mutex, PoisonError};

use crate::{Client, Cluster, HarnessError};

static SHARED: Mutex<Option<Cluster>> = Mutex::new(None);

/// A client of the shared broker, which the first caller starts.
pub fn shared() -> Result<Client, HarnessError> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let cluster = match &mut *shared {
        Some(cluster) => cluster,
        none => none.insert(Cluster::one()?),
    };
    Ok(Client::new(cluster.brokers()))
}

/// Ends the shared broker. Call it when the tests are over: statics are never dropped.
pub fn end_shared() {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner).take();
}
