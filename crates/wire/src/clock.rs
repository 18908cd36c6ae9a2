//! Noticing that the computer slept.
//!
//! A laptop that wakes up has sockets that look alive and are dead, and a picture of the world that is hours
//! old. On Linux and macOS the monotonic clock stands still during sleep while the wall clock goes on, so the
//! two drift apart by the length of the sleep; where the monotonic clock goes on too (Windows), the watcher's
//! own short sleep turns out to have been a long one. Both are looked for. Somebody setting the clock looks
//! the same and costs one extra snapshot, which is harmless.

use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A handle that says "start over now": after sleep, after a change of network, or because somebody asked.
/// Clones are the same handle.
#[derive(Debug, Clone)]
pub struct Wake(watch::Sender<u64>);

impl Wake {
    /// A new handle that nobody listens to yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Tells every listener to start over.
    pub fn now(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// A listener; it hears the calls of [`Wake::now`] from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

impl Default for Wake {
    fn default() -> Self {
        Self::new()
    }
}

/// Compares the two clocks; pure, so that tests can let a computer sleep.
#[derive(Debug, Clone)]
pub struct JumpDetector {
    wall: SystemTime,
    monotonic: Instant,
}

/// How far the clocks may drift apart between two looks before it counts as sleep.
const TOLERANCE: Duration = Duration::from_secs(3);
/// How much later than planned a look may come before it counts as sleep.
const LATENESS: Duration = Duration::from_secs(15);

impl JumpDetector {
    /// Begins at this instant.
    pub fn new(wall: SystemTime, monotonic: Instant) -> Self {
        Self { wall, monotonic }
    }

    /// Looks again; true if the computer seems to have slept since the last look, which was planned to be
    /// `planned` ago.
    pub fn jumped(&mut self, wall: SystemTime, monotonic: Instant, planned: Duration) -> bool {
        let ran = monotonic.saturating_duration_since(self.monotonic);
        let drift = match wall.duration_since(self.wall) {
            Ok(passed) => passed.abs_diff(ran),
            Err(backwards) => backwards.duration() + ran,
        };
        *self = Self { wall, monotonic };
        drift > TOLERANCE || ran > planned + LATENESS
    }
}

/// Watches the clocks until cancelled and calls [`Wake::now`] after every sleep. One per process is enough.
/// `wall` is `SystemTime::now`, except in tests.
pub async fn watch_for_sleep(wake: Wake, wall: impl Fn() -> SystemTime, cancel: CancellationToken) {
    const EVERY: Duration = Duration::from_secs(2);
    let mut detector = JumpDetector::new(wall(), Instant::now());
    while cancel.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        if detector.jumped(wall(), Instant::now(), EVERY) {
            tracing::info!("the computer slept or its clock was set: starting over");
            wake.now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_secs(2);

    fn after(wall: i64, monotonic: u64) -> bool {
        let (start, now) = (SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000), Instant::now());
        let step = Duration::from_secs(wall.unsigned_abs());
        let later = if wall < 0 { start - step } else { start + step };
        JumpDetector::new(start, now).jumped(later, now + Duration::from_secs(monotonic), TICK)
    }

    #[test]
    fn sleep_shows_in_either_clock() {
        assert!(!after(2, 2), "a quiet tick");
        assert!(!after(4, 2), "a small correction of the clock");
        assert!(!after(9, 9), "a busy computer");
        assert!(after(8 * 3600, 2), "slept with the monotonic clock standing still");
        assert!(after(8 * 3600, 8 * 3600), "slept with the monotonic clock going on");
        assert!(after(-3600, 2), "the clock was set back");
    }

    #[tokio::test(start_paused = true)]
    async fn the_watcher_wakes_its_listeners_after_a_sleep() {
        let slept = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
        let (start, begun) = (SystemTime::UNIX_EPOCH, Instant::now());
        let wall = {
            let slept = slept.clone();
            move || {
                let slept = Duration::from_secs(slept.load(std::sync::atomic::Ordering::SeqCst));
                start + begun.elapsed() + slept
            }
        };
        let (wake, cancel) = (Wake::new(), CancellationToken::new());
        let mut heard = wake.listen();
        let task = tokio::spawn(watch_for_sleep(wake, wall, cancel.clone()));
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(!heard.has_changed().unwrap(), "nothing happened yet");
        slept.store(3600, std::sync::atomic::Ordering::SeqCst);
        tokio::time::timeout(Duration::from_secs(10), heard.changed()).await.unwrap().unwrap();
        cancel.cancel();
        task.await.unwrap();
    }
}
