//! One budget of requests for everything that uses a key, in classes.
//!
//! A platform that allows N requests in a period counts every request of a key: an agent's click and a look for news are
//! the same to it. A [`Pace`] hands out *turns*. In no stretch of time as long as the period are more than N given: a
//! turn counts from the moment it is given until the period after it was dropped, so the promise also holds for a
//! server that sees some requests later than others. (Who wants to count from the beginning drops the turn at once.)
//!
//! There are four [`Class`]es. Background and prefetch together get a share of N only, and prefetch half of that: what
//! is left over always waits for the foreground, except for what [`Pace::reserving`] keeps for what is live. Within a class it is first come, first served; a request of a better
//! class goes before all of a lesser one, however long those have been waiting.
//!
//! When the platform refuses all the same (the key may be in use elsewhere), [`Pace::refused`] pauses everybody.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// What rings hangs on it.
    Live,
    /// Somebody waits for it.
    Foreground,
    /// It keeps what is shown true.
    Background,
    /// It might be wanted later.
    Prefetch,
}

const CLASSES: usize = 4;

/// The shortest pause after a refusal that names none is a period divided by this; every further one doubles it.
const FIRST_PAUSE: u32 = 12;

/// A budget. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Pace {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    period: Duration,
    /// How many of this class and all lesser ones are given in a period.
    limits: [usize; CLASSES],
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// What counts: whose class, and when it stops to count; `None` while the turn is held.
    spent: Vec<(Class, Option<Instant>)>,
    /// Who waits, by arrival.
    waiting: [BTreeSet<u64>; CLASSES],
    arrivals: u64,
    paused_until: Option<Instant>,
    /// Refusals in a row, and when the last came.
    refusals: (u32, Option<Instant>),
}

/// The right to send one request. It counts until a period after it is dropped.
#[derive(Debug)]
#[must_use = "a turn that is dropped at once is counted from now"]
pub struct Turn {
    shared: Arc<Shared>,
    class: Class,
}

impl Pace {
    /// A budget of `requests` in every `period`, of which background and prefetch together may use `background`
    /// (both at least one).
    pub fn new(requests: u32, period: Duration, background: u32) -> Self {
        let all = requests.max(1) as usize;
        let background = (background.max(1) as usize).min(all);
        Self::with(period, [all, all, background, background.div_ceil(2)])
    }

    /// The same budget, fresh, of which so many requests are kept for what is live (the others always have at least one).
    #[must_use]
    pub fn reserving(self, live: u32) -> Self {
        let [all, _, background, prefetch] = self.shared.limits;
        let others = all.saturating_sub(live as usize).max(1);
        Self::with(self.shared.period, [all, others, background.min(others), prefetch.min(others)])
    }

    fn with(period: Duration, limits: [usize; CLASSES]) -> Self {
        let shared = Shared { period, limits, state: Mutex::default(), changed: Notify::new() };
        Self { shared: Arc::new(shared) }
    }

    /// Waits for a turn.
    ///
    /// # Cancel safety
    /// Who drops the future leaves the queue; nothing is spent.
    pub async fn turn(&self, class: Class) -> Turn {
        let place = Place::take(&self.shared, class);
        loop {
            // Listens before it looks, so that no change between the two is missed.
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.shared.try_turn(&place) {
                Ok(turn) => return turn,
                Err(Some(until)) => {
                    let _ = tokio::time::timeout_at(until, changed).await;
                }
                Err(None) => changed.await,
            }
        }
    }

    /// The platform said that it was too much. Nobody gets a turn for as long as it asked for; where it asked for nothing,
    /// for a twelfth of the period, doubled with every refusal in a row up to a whole period.
    pub fn refused(&self, retry_after: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.shared.lock();
        let (row, last) = state.refusals;
        let fresh = last.is_none_or(|last| now.duration_since(last) > self.shared.period * 2);
        // Requests that were under way together are refused together: that is one refusal.
        let counted = state.paused_until.is_none_or(|until| until <= now);
        let row = if fresh { 0 } else { row + u32::from(counted) };
        state.refusals = (row, Some(now));
        let own = self.shared.period / FIRST_PAUSE * 2_u32.saturating_pow(row.min(10));
        let until = now + retry_after.unwrap_or_else(|| own.min(self.shared.period));
        state.paused_until = Some(state.paused_until.map_or(until, |paused| paused.max(until)));
        drop(state);
        self.shared.changed.notify_waiters();
    }

    /// How long a request of this class would wait if it came now, as far as that can be known: requests under way count
    /// as if they ended this instant.
    pub fn wait(&self, class: Class) -> Duration {
        let now = Instant::now();
        let mut state = self.shared.lock();
        state.forget(now);
        let mut free_at = state.paused_until.unwrap_or(now).max(now);
        for level in 0..=class as usize {
            let ahead: usize = state.waiting[level..=class as usize].iter().map(BTreeSet::len).sum();
            let mut ends: Vec<Instant> =
                state.counted(level).map(|end| end.unwrap_or(now + self.shared.period)).collect();
            ends.sort_unstable();
            let surplus = (ends.len() + ahead + 1).saturating_sub(self.shared.limits[level]);
            if let Some(end) = surplus.checked_sub(1).and_then(|at| ends.get(at).or(ends.last())) {
                free_at = free_at.max(*end);
            }
        }
        free_at - now
    }

    /// How many turns count just now, and how many there are in a period.
    pub fn used(&self) -> (usize, usize) {
        let mut state = self.shared.lock();
        state.forget(Instant::now());
        (state.spent.len(), self.shared.limits[0])
    }

    /// How long everybody waits because the platform refused; zero if it did not.
    pub fn paused(&self) -> Duration {
        let until = self.shared.lock().paused_until;
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A turn for who stands at this place, or until when there can be none; `None` if that depends on others.
    fn try_turn(self: &Arc<Self>, place: &Place) -> Result<Turn, Option<Instant>> {
        let now = Instant::now();
        let mut state = self.lock();
        state.forget(now);
        if let Some(until) = state.paused_until {
            return Err(Some(until));
        }
        let rank = place.class as usize;
        let is_first = state.waiting[rank].first() == Some(&place.arrival)
            && state.waiting[..rank].iter().all(BTreeSet::is_empty);
        if !is_first {
            return Err(None);
        }
        for level in 0..=rank {
            if state.counted(level).count() >= self.limits[level] {
                return Err(state.counted(level).flatten().min());
            }
        }
        state.spent.push((place.class, None));
        Ok(Turn { shared: self.clone(), class: place.class })
    }
}

impl State {
    fn forget(&mut self, now: Instant) {
        self.spent.retain(|(_, end)| end.is_none_or(|end| end > now));
        self.paused_until = self.paused_until.filter(|until| *until > now);
    }

    /// The turns of this class and the lesser ones that count.
    fn counted(&self, level: usize) -> impl Iterator<Item = Option<Instant>> + '_ {
        self.spent.iter().filter(move |(class, _)| *class as usize >= level).map(|(_, end)| *end)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let end = Instant::now() + self.shared.period;
        let mut state = self.shared.lock();
        let held = state.spent.iter_mut().find(|(class, end)| *class == self.class && end.is_none());
        if let Some((_, held)) = held {
            *held = Some(end);
        }
        drop(state);
        self.shared.changed.notify_waiters();
    }
}

/// A place in the queue; given up when dropped.
struct Place {
    shared: Arc<Shared>,
    class: Class,
    arrival: u64,
}

impl Place {
    fn take(shared: &Arc<Shared>, class: Class) -> Self {
        let mut state = shared.lock();
        state.arrivals += 1;
        let arrival = state.arrivals;
        state.waiting[class as usize].insert(arrival);
        drop(state);
        Self { shared: shared.clone(), class, arrival }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lock().waiting[self.class as usize].remove(&self.arrival);
        self.shared.changed.notify_waiters();
    }
}
