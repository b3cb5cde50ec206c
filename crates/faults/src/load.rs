//! Articles, sent at a steady rate from a thread of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dateline_tests::Client;
use dateline_tests::articles::{Sent, records};

/// Articles a second.
pub(crate) const RATE: usize = 15;
/// How often some are sent.
const EVERY: Duration = Duration::from_millis(500);

pub(crate) struct Load {
    sent: Arc<AtomicUsize>,
    end: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Load {
    /// Begins to send.
    pub(crate) fn start(client: Client, topic: String, all: Arc<Vec<Sent>>) -> Self {
        let (sent, end) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, ended) = (Arc::clone(&sent), Arc::clone(&end));
        let thread = thread::spawn(move || {
            let began = Instant::now();
            let mut from = 0;
            while !ended.load(Ordering::Relaxed) && from < all.len() {
                let due = (began.elapsed().as_secs_f64() * RATE as f64) as usize;
                let to = due.min(all.len());
                if to > from {
                    client.produce(&topic, records(&all[from..to], from));
                    from = to;
                    count.store(from, Ordering::Relaxed);
                }
                thread::sleep(EVERY);
            }
        });
        Self { sent, end, thread }
    }

    /// Articles that are acknowledged.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Ends; how many were sent.
    pub(crate) fn stop(self) -> anyhow::Result<usize> {
        self.end.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the articles could not be sent"))?;
        Ok(self.sent.load(Ordering::Relaxed))
    }
}
