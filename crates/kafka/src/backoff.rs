//! Clamped exponential backoff.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Waits double from `FIRST` to `LAST`, each less a random quarter at most, so that instances don't return in step.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    attempt: u32,
}

const FIRST: Duration = Duration::from_millis(100);
const LAST: Duration = Duration::from_secs(10);

impl Backoff {
    /// The next wait.
    pub(crate) fn next(&mut self) -> Duration {
        let full = FIRST.saturating_mul(2u32.saturating_pow(self.attempt)).min(LAST);
        self.attempt = self.attempt.saturating_add(1);
        let random = RandomState::new().hash_one(self.attempt) % 1_000;
        full.saturating_sub(full / 4 * random as u32 / 1_000)
    }

    /// Something worked: begin anew.
    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::default();
        for expected in [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000] {
            let wait = backoff.next().as_millis();
            assert!((expected * 3 / 4..=expected).contains(&wait), "{wait} of {expected}");
        }
        for _ in 0..100 {
            assert!(backoff.next() <= LAST);
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
