//! How long a stream may be silent before it counts as dead.
//!
//! Most servers send a comment every so often; how often is nowhere written down, so it is observed: the time from one
//! comment to the next. Between two comments there may have been events that put the second one off, so a wait can
//! look longer than it is but not shorter, and the longest of the last few is believed. What is learned outlives the
//! connection. Before two waits have been seen, and from a server that sends no comments, the default holds.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Silence of so many observed waits is death.
const MISSED: f64 = 2.5;
/// How many waits are remembered.
const REMEMBERED: usize = 8;
/// How many must have been seen before they are believed.
const ENOUGH: usize = 2;

/// The bounds of the watchdog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silence {
    /// Before anything was learned.
    pub unlearned: Duration,
    /// Never less, however fast the server's heart beats.
    pub shortest: Duration,
    /// Never more.
    pub longest: Duration,
}

impl Default for Silence {
    fn default() -> Self {
        Self {
            unlearned: Duration::from_secs(120),
            shortest: Duration::from_secs(20),
            longest: Duration::from_secs(300),
        }
    }
}

#[derive(Debug)]
pub(super) struct Heartbeat {
    bounds: Silence,
    waits: VecDeque<Duration>,
    last: Option<Instant>,
}

impl Heartbeat {
    pub(super) fn new(bounds: Silence) -> Self {
        Self { bounds, waits: VecDeque::new(), last: None }
    }

    /// A new connection: the wait since the last one's comment says nothing.
    pub(super) fn connected(&mut self) {
        self.last = None;
    }

    /// A comment came. Comments of one piece are one beat.
    pub(super) fn beat(&mut self, now: Instant) {
        let wait = self.last.replace(now).map(|last| now - last);
        if let Some(wait) = wait.filter(|wait| *wait >= Duration::from_millis(100)) {
            if self.waits.len() == REMEMBERED {
                self.waits.pop_front();
            }
            self.waits.push_back(wait);
        }
    }

    /// The time between two comments, as far as it is known.
    pub(super) fn learned(&self) -> Option<Duration> {
        self.waits.iter().max().filter(|_| self.waits.len() >= ENOUGH).copied()
    }

    /// How long a silence is bearable.
    pub(super) fn patience(&self) -> Duration {
        let Silence { unlearned, shortest, longest } = self.bounds;
        self.learned().map_or(unlearned, |wait| wait.mul_f64(MISSED).min(longest).max(shortest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(waits: &[f64]) -> Heartbeat {
        let mut heartbeat = Heartbeat::new(Silence::default());
        let mut now = Instant::now();
        heartbeat.beat(now);
        for wait in waits {
            now += Duration::from_secs_f64(*wait);
            heartbeat.beat(now);
        }
        heartbeat
    }

    #[test]
    fn two_waits_are_enough_to_know_better_than_the_default() {
        assert_eq!(after(&[15.0]).patience(), Duration::from_secs(120));
        assert_eq!(after(&[15.0, 15.0]).patience(), Duration::from_secs_f64(37.5));
    }

    #[test]
    fn the_patience_stays_within_its_bounds() {
        assert_eq!(after(&[1.0; 8]).patience(), Duration::from_secs(20));
        assert_eq!(after(&[3000.0; 8]).patience(), Duration::from_secs(300));
    }

    #[test]
    fn the_longest_of_the_last_waits_is_believed_and_forgotten_in_time() {
        let mut waits = vec![60.0];
        waits.extend([15.0; 7]);
        assert_eq!(after(&waits).learned(), Some(Duration::from_secs(60)));
        waits.push(15.0);
        assert_eq!(after(&waits).learned(), Some(Duration::from_secs(15)));
    }

    #[test]
    fn neither_a_burst_of_comments_nor_a_new_connection_teaches_anything() {
        let mut heartbeat = after(&[15.0, 15.0, 0.0, 0.01]);
        assert_eq!(heartbeat.learned(), Some(Duration::from_secs(15)));
        heartbeat.connected();
        heartbeat.beat(Instant::now() + Duration::from_secs(9000));
        assert_eq!(heartbeat.learned(), Some(Duration::from_secs(15)));
    }
}
