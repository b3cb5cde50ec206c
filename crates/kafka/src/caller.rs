//! Blocking client calls with a deadline of our own.
//!
//! librdkafka's `send_offsets_to_transaction` waits for its answer without a time limit (`rd_kafka_txn_op_req1` with
//! `RD_POLL_INFINITE`), and the time-out that it was given is looked at only where an answer is handled. Between the two it asks
//! for the group's coordinator, by a state machine without a timer (`rd_kafka_coord_req_fsm`): it goes on when a broker's
//! connection comes up or goes down, and at no other time. After the death of one of three brokers the others may still name the
//! dead one as the coordinator; then nothing changes any more, and the call hangs until some connection does (seen: over 90 s).
//!
//! So the stage's thread never makes such calls itself: a helper thread does, and when it doesn't answer in time it is left behind,
//! with the clients that it holds, and everything is made anew: new clients ask for the coordinator again.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::handle::Drain;

type Job = Box<dyn FnOnce() + Send>;

/// A helper thread that runs one call at a time. After [`Abandoned`] it must not be used again.
#[derive(Debug)]
pub(crate) struct Caller {
    jobs: mpsc::Sender<Job>,
    drain: Drain,
    drain_limit: Duration,
}

/// The call didn't return by its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("did not return in time")]
pub(crate) struct Abandoned;

impl Caller {
    /// Starts the thread; it ends when the caller is dropped (and its last call has returned). No call is waited for once `drain`
    /// was asked for so long ago.
    pub(crate) fn start(name: &str, drain: &Drain, drain_limit: Duration) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::Builder::new().name(format!("{name}-calls")).spawn(move || {
            for job in queue {
                job();
            }
        })?;
        Ok(Self { jobs, drain: drain.clone(), drain_limit })
    }

    /// Runs `call` on the helper thread and waits for its result until `deadline` from now. `meanwhile` runs every few
    /// milliseconds while waiting.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        deadline: Duration,
        mut meanwhile: impl FnMut(),
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Abandoned> {
        let (result, returned) = mpsc::sync_channel(1);
        let job: Job = Box::new(move || {
            let _ = result.send(call());
        });
        self.jobs.send(job).map_err(|_| Abandoned)?;
        let end = Instant::now() + deadline;
        loop {
            match returned.recv_timeout(Duration::from_millis(5)) {
                Ok(value) => return Ok(value),
                Err(RecvTimeoutError::Disconnected) => return Err(Abandoned),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= end || self.drain.overdue(self.drain_limit) => {
                    return Err(Abandoned);
                }
                Err(RecvTimeoutError::Timeout) => meanwhile(),
            }
        }
    }
}

/// Drops a value on a thread of its own and waits for that at most `deadline`; whether it was done by then.
pub(crate) fn drop_within<T: Send + 'static>(deadline: Duration, value: T) -> bool {
    let (done, dropped) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("client-drop".to_owned()).spawn(move || {
        drop(value);
        let _ = done.send(());
    });
    spawned.is_ok() && dropped.recv_timeout(deadline).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller() -> Caller {
        Caller::start("test", &Drain::new(), Duration::from_secs(60)).unwrap()
    }

    #[test]
    fn a_call_returns_its_value() {
        assert_eq!(caller().call(Duration::from_secs(5), || {}, || 7), Ok(7));
    }

    #[test]
    fn a_call_is_left_behind_when_a_drain_is_overdue() {
        let drain = Drain::new();
        let caller = Caller::start("test", &drain, Duration::from_millis(20)).unwrap();
        let (release, hang) = mpsc::channel::<()>();
        drain.request();
        let began = Instant::now();
        assert_eq!(caller.call(Duration::from_secs(60), || {}, move || hang.recv()).err(), Some(Abandoned));
        assert!(began.elapsed() < Duration::from_secs(30));
        drop(release);
    }

    #[test]
    fn a_call_that_hangs_is_left_behind_at_its_deadline() {
        let caller = caller();
        let (release, hang) = mpsc::channel::<()>();
        let mut steps = 0;
        let result = caller.call(Duration::from_millis(50), || steps += 1, move || hang.recv());
        assert_eq!(result.err(), Some(Abandoned));
        assert!(steps > 0);
        drop(release);
    }

    #[test]
    fn a_drop_that_blocks_does_not_block_us() {
        struct Slow;
        impl Drop for Slow {
            fn drop(&mut self) {
                thread::sleep(Duration::from_millis(300));
            }
        }
        assert!(!drop_within(Duration::from_millis(20), Slow));
        assert!(drop_within(Duration::from_secs(5), ()));
    }
}
