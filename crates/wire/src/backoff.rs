//! How long a listener waits before it connects again.
//!
//! Full jitter is taken *after* the cap and from the first try on: a whole floor of agents whose server has
//! restarted must not come back in the same instant, neither now nor when everybody has reached the cap. A
//! connection that breaks again at once is not healthy, so the counter starts over only after a minute of
//! health.

use std::time::Duration;

use rand::{Rng, RngExt};

/// Exponential back-off with full jitter.
#[derive(Debug, Clone)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
}

impl Backoff {
    /// How long a connection must have been good for its failures to be forgotten.
    pub const HEALTHY: Duration = Duration::from_secs(60);

    /// Waits from zero up to `base`, then twice that, and so on up to `cap`.
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap, failures: 0 }
    }

    /// The wait after a failure of a connection that had been good for so long.
    pub fn failed_after(&mut self, good_for: Duration, rng: &mut impl Rng) -> Duration {
        if good_for >= Self::HEALTHY {
            self.failures = 0;
        }
        let longest = self.longest();
        self.failures = self.failures.saturating_add(1);
        longest.mul_f64(rng.random_range(0.0..=1.0))
    }

    fn longest(&self) -> Duration {
        self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap)
    }
}

/// One second to begin with, two minutes at most.
impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(120))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_the_cap(seed: u64, base_ms in 1_u64..5_000, cap_ms in 1_u64..200_000,
                                               goods in prop::collection::vec(0_u64..120, 1..50)) {
            let mut rng = StdRng::seed_from_u64(seed);
            let cap = Duration::from_millis(cap_ms);
            let mut backoff = Backoff::new(Duration::from_millis(base_ms), cap);
            for good in goods {
                prop_assert!(backoff.failed_after(Duration::from_secs(good), &mut rng) <= cap);
            }
        }
    }

    #[test]
    fn everybody_at_the_cap_is_still_spread_over_the_whole_wait() {
        let cap = Duration::from_secs(120);
        let mut quarters = [0; 4];
        for seed in 0..400 {
            let mut rng = StdRng::seed_from_u64(seed);
            let mut backoff = Backoff::new(Duration::from_secs(1), cap);
            for _ in 0..12 {
                backoff.failed_after(Duration::ZERO, &mut rng);
            }
            let wait = backoff.failed_after(Duration::ZERO, &mut rng);
            quarters[((wait.as_secs_f64() / 30.0) as usize).min(3)] += 1;
        }
        assert!(quarters.iter().all(|n| *n > 60), "{quarters:?}");
    }

    #[test]
    fn the_first_wait_is_spread_too() {
        let first = |seed| Backoff::default().failed_after(Duration::ZERO, &mut StdRng::seed_from_u64(seed));
        let waits: std::collections::BTreeSet<Duration> = (0..100).map(first).collect();
        assert!(waits.len() > 90);
        assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(1)));
    }

    #[test]
    fn only_a_minute_of_health_starts_it_over() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.failed_after(Duration::from_secs(59), &mut rng);
        }
        assert_eq!(backoff.longest(), Duration::from_secs(32));
        backoff.failed_after(Duration::from_secs(60), &mut rng);
        assert_eq!(backoff.longest(), Duration::from_secs(2));
    }
}
