//! A broker in this process: librdkafka's mock cluster, for a demo and quick tests.
//!
//! It speaks enough of the protocol for consumer groups and transactions, but it is no Kafka: it keeps 5 MiB a partition in
//! memory and then drops the oldest, does not compact, shows records of aborted transactions, fences no zombie, and keeps no offsets
//! that come in a transaction (so run stages with [`crate::Broker::Embedded`]). It proves nothing about exactly once.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use rdkafka::mocking::MockCluster;

use crate::topics::TopicSpec;

/// The broker; it ends when this is dropped.
#[derive(Debug)]
pub struct Embedded {
    brokers: String,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// It could not be started.
#[derive(Debug, thiserror::Error)]
#[error("the embedded broker did not start: {0}")]
pub struct EmbeddedError(String);

impl Embedded {
    /// Starts a broker with these topics (their settings have no meaning here).
    pub fn start(topics: &[TopicSpec]) -> Result<Self, EmbeddedError> {
        let topics = topics.to_vec();
        let (stop, stopped) = mpsc::channel::<()>();
        let (report, started) = mpsc::sync_channel(1);
        // The cluster's handle can't change threads, so one thread makes it, keeps it and drops it.
        let thread = thread::Builder::new()
            .name("embedded-broker".to_owned())
            .spawn(move || match make(&topics) {
                Ok(cluster) => {
                    let _ = report.send(Ok(cluster.bootstrap_servers()));
                    // Ends when the sender is dropped.
                    let _ = stopped.recv();
                }
                Err(error) => {
                    let _ = report.send(Err(error));
                }
            })
            .map_err(|error| EmbeddedError(error.to_string()))?;
        let brokers = started.recv().map_err(|error| EmbeddedError(error.to_string()))?.map_err(EmbeddedError)?;
        Ok(Self { brokers, stop: Some(stop), thread: Some(thread) })
    }

    /// `bootstrap.servers` for its clients.
    pub fn brokers(&self) -> &str {
        &self.brokers
    }
}

fn make(topics: &[TopicSpec]) -> Result<MockCluster<'static, rdkafka::producer::DefaultProducerContext>, String> {
    let cluster = MockCluster::new(1).map_err(|error| error.to_string())?;
    for topic in topics {
        cluster.create_topic(&topic.name, topic.partitions, 1).map_err(|error| format!("{}: {error}", topic.name))?;
    }
    Ok(cluster)
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
