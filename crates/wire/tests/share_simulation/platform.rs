//! The platform's side: how it counts the requests of a customer.

use std::time::Duration;

use offhook_wire::share::Moment;

/// How the platform counts. Which of the two is documented nowhere.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limiter {
    /// So many in every second of its clock.
    Seconds(u32),
    /// A bucket that fills with so many a second and holds so many.
    Bucket(f64, f64),
}

#[derive(Debug)]
pub(crate) struct Platform {
    limiter: Limiter,
    retry_after: Option<Duration>,
    second: u64,
    taken: u32,
    tokens: f64,
    at: Moment,
}

impl Platform {
    pub(crate) fn new(limiter: Limiter, retry_after: Option<Duration>, begin: Moment) -> Self {
        Self { limiter, retry_after, second: 0, taken: 0, tokens: 1.0, at: begin }
    }

    /// Whether a request that arrives now is taken; else what the refusal asks for.
    pub(crate) fn arrives(&mut self, now: Moment) -> Result<(), Option<Duration>> {
        let taken = match self.limiter {
            Limiter::Seconds(limit) => {
                if self.second != now.as_secs() {
                    (self.second, self.taken) = (now.as_secs(), 0);
                }
                self.taken += 1;
                self.taken <= limit
            }
            Limiter::Bucket(rate, size) => {
                self.tokens = (self.tokens + (now - self.at).as_secs_f64() * rate).min(size);
                self.at = now;
                let taken = self.tokens >= 1.0;
                self.tokens -= if taken { 1.0 } else { 0.0 };
                taken
            }
        };
        if taken { Ok(()) } else { Err(self.retry_after) }
    }
}
