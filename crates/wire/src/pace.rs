//! One budget of requests for everything that uses a key, in classes.
//!
//! A platform that limits the requests of a key counts every one of them: an agent's click and a look for news are
//! the same to it. A [`Pace`] hands out *turns*, first come, first served within a [`Class`]; a request of a better class
//! goes before all of a lesser one, however long those have been waiting. There are two kinds of budget behind it:
//!
//! - **Of our own** ([`Pace::new`]): N requests in a period, known beforehand, nobody else eats from them. See
//!   `pace/own.rs` for what it promises.
//! - **Shared** ([`Pace::sharing`]): nobody knows how many others eat from the same plate; see [`crate::share`].
//!
//! When the platform refuses all the same, [`Turn::refused`] (or [`Pace::refused`]) pauses everybody.

mod own;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::share::{Learned, Moment, Plan, Share};
use own::Own;

/// How urgent a request is, the most urgent first. (In a shared budget `Foreground` goes before `Live`: there the live
/// looks take what they can get, and what an agent orders must not wait for them.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// What rings hangs on it.
    Live,
    /// Somebody waits for it.
    Foreground,
    /// It says what the agent is to the platform just now.
    State,
    /// It keeps what is shown true.
    Background,
    /// It might be wanted later.
    Prefetch,
}

const CLASSES: usize = 5;

/// A budget. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Pace {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    /// Who waits, by arrival.
    waiting: [BTreeSet<u64>; CLASSES],
    arrivals: u64,
}

#[derive(Debug)]
enum Budget {
    Own(Own),
    Shared(Box<Share>, Clock),
}

/// A wall clock that never goes back: read once, and again after a sleep; counted on between.
#[derive(Debug, Clone, Copy)]
struct Clock {
    read: Moment,
    at: Instant,
}

/// The right to send one request. In a budget of our own it counts until a period after it is dropped. Dropping it says
/// that the platform took the request.
#[derive(Debug)]
#[must_use = "a turn that is dropped at once is counted from now"]
pub struct Turn {
    shared: Arc<Shared>,
    spent: Option<Spent>,
}

#[derive(Debug, Clone, Copy)]
enum Spent {
    Own(Class),
    Shared(crate::share::Ticket),
}

impl Pace {
    /// A budget of `requests` in every `period`, of which background and prefetch together may use `background`
    /// (both at least one).
    pub fn new(requests: u32, period: Duration, background: u32) -> Self {
        Self::over(Budget::Own(Own::new(requests, period, background)))
    }

    /// The same budget, fresh, of which so many requests are kept for what is live (the others always have at least one).
    /// A shared budget keeps nothing for anybody: it stays as it is.
    #[must_use]
    pub fn reserving(self, live: u32) -> Self {
        let own = match &self.shared.lock().budget {
            Budget::Own(own) => own.reserving(live),
            Budget::Shared(..) => return self.clone(),
        };
        Self::over(Budget::Own(own))
    }

    /// A part of a budget that others use too, beginning with what was [`learned`](Self::learned) before.
    pub fn sharing(plan: Plan, learned: Option<&Learned>) -> Self {
        let read = wall();
        let clock = Clock { read, at: Instant::now() };
        let share = Share::new(plan, learned, read, rand::random());
        Self::over(Budget::Shared(Box::new(share), clock))
    }

    fn over(budget: Budget) -> Self {
        let state = State { budget, waiting: Default::default(), arrivals: 0 };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed: Notify::new() }) }
    }

    /// What a shared budget has learned, worth keeping across restarts; `None` for a budget of our own.
    pub fn learned(&self) -> Option<Learned> {
        match &self.shared.lock().budget {
            Budget::Own(_) => None,
            Budget::Shared(share, _) => Some(share.learned()),
        }
    }

    /// So many agents are signed in to the platform just now, who may all be programs like this one: in a shared budget nobody
    /// takes more than an even piece. A budget of our own does not change.
    pub fn crowd(&self, agents: usize) {
        let now = Instant::now();
        if let Budget::Shared(share, clock) = &mut self.shared.lock().budget {
            share.crowd(agents, clock.moment(now));
        }
        self.shared.changed.notify_waiters();
    }

    /// The computer slept: a shared budget reads the clock of the wall again, on which its moments are agreed with the others.
    /// (The clock that counts on stands still in sleep.) It never goes back.
    pub fn woke(&self) {
        let now = Instant::now();
        if let Budget::Shared(_, clock) = &mut self.shared.lock().budget {
            *clock = clock.corrected(wall(), now);
        }
        self.shared.changed.notify_waiters();
    }

    /// How far apart the looks of a shared budget are just now, on average; `None` for a budget of our own.
    pub fn looks_every(&self) -> Option<Duration> {
        match &self.shared.lock().budget {
            Budget::Own(_) => None,
            Budget::Shared(share, _) => Some(share.looks_every()),
        }
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

    /// The platform said that it was too much, and it is not known to which request. Nobody gets a turn for as long as
    /// it asked for; where it asked for nothing, for a while that grows with every refusal in a row.
    pub fn refused(&self, retry_after: Option<Duration>) {
        self.shared.refused(None, retry_after);
    }

    /// How long a request of this class would wait if it came now, as far as that can be known: requests under way count
    /// as if they ended this instant.
    pub fn wait(&self, class: Class) -> Duration {
        let now = Instant::now();
        let state = self.shared.lock();
        let until = match &state.budget {
            Budget::Own(own) => {
                let ahead = |level: usize| -> usize {
                    state.waiting[level..=class as usize].iter().map(BTreeSet::len).sum()
                };
                own.free_at(class, ahead, now)
            }
            Budget::Shared(share, clock) => clock.instant(share.free_at(class, clock.moment(now))),
        };
        until.saturating_duration_since(now)
    }

    /// How many turns count just now, and how many there are: in a period of our own budget, in the last minute of a
    /// shared one (where the second figure is this program's whole part, at least one).
    pub fn used(&self) -> (usize, usize) {
        let now = Instant::now();
        match &self.shared.lock().budget {
            Budget::Own(own) => own.used(now),
            Budget::Shared(share, clock) => share.used(clock.moment(now)),
        }
    }

    /// How long everybody waits because the platform refused; zero if it did not.
    pub fn paused(&self) -> Duration {
        let now = Instant::now();
        match &self.shared.lock().budget {
            Budget::Own(own) => own.paused_until(),
            Budget::Shared(share, clock) => share.paused_until().map(|until| clock.instant(until)),
        }
        .map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }
}

impl Turn {
    /// The platform refused this request because it was too much: as [`Pace::refused`], but a shared budget also learns
    /// from which moment it was.
    pub fn refused(mut self, retry_after: Option<Duration>) {
        let spent = self.spent.take();
        self.shared.refused(spent, retry_after);
    }
}

impl Turn {
    /// No request was sent: as if this turn had never been given.
    pub fn unused(mut self) {
        let now = Instant::now();
        match (&mut self.shared.lock().budget, self.spent.take()) {
            (Budget::Own(own), Some(Spent::Own(class))) => own.unused(class),
            (Budget::Shared(share, clock), Some(Spent::Shared(ticket))) => {
                share.unused(ticket, clock.moment(now));
            }
            _ => {}
        }
        self.shared.changed.notify_waiters();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(spent) = self.spent.take() else { return };
        let now = Instant::now();
        match (&mut self.shared.lock().budget, spent) {
            (Budget::Own(own), Spent::Own(class)) => own.ended(class, now),
            (Budget::Shared(share, clock), Spent::Shared(ticket)) => share.taken(ticket, clock.moment(now)),
            _ => {}
        }
        self.shared.changed.notify_waiters();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refused(&self, spent: Option<Spent>, retry_after: Option<Duration>) {
        let now = Instant::now();
        match &mut self.lock().budget {
            Budget::Own(own) => {
                if let Some(Spent::Own(class)) = spent {
                    own.ended(class, now);
                }
                own.refused(retry_after, now);
            }
            Budget::Shared(share, clock) => {
                let ticket = match spent {
                    Some(Spent::Shared(ticket)) => Some(ticket),
                    _ => None,
                };
                share.refused(ticket, retry_after, clock.moment(now));
            }
        }
        self.changed.notify_waiters();
    }

    /// A turn for who stands at this place, or until when there can be none; `None` if that depends on others.
    fn try_turn(self: &Arc<Self>, place: &Place) -> Result<Turn, Option<Instant>> {
        let now = Instant::now();
        let mut state = self.lock();
        let State { budget, waiting, .. } = &mut *state;
        if let Budget::Own(own) = budget
            && let Some(until) = own.paused_until().filter(|until| *until > now)
        {
            return Err(Some(until));
        }
        let is_first = waiting[place.class as usize].first() == Some(&place.arrival)
            && budget.before(place.class).iter().all(|class| waiting[*class as usize].is_empty());
        if !is_first {
            return Err(None);
        }
        let spent = match budget {
            Budget::Own(own) => own.spend(place.class, now).map(|()| Spent::Own(place.class))?,
            Budget::Shared(share, clock) => share
                .spend(place.class, clock.moment(now))
                .map(Spent::Shared)
                .map_err(|until| Some(clock.instant(until)))?,
        };
        Ok(Turn { shared: self.clone(), spent: Some(spent) })
    }
}

impl Budget {
    /// The classes that go before this one.
    fn before(&self, class: Class) -> &'static [Class] {
        use Class::{Background, Foreground, Live, Prefetch, State};
        const OWN: [Class; CLASSES] = [Live, Foreground, State, Background, Prefetch];
        const SHARED: [Class; CLASSES] = [Foreground, Live, State, Background, Prefetch];
        let order = match self {
            Self::Own(_) => &OWN,
            Self::Shared(..) => &SHARED,
        };
        let at = order.iter().position(|other| *other == class).unwrap_or_default();
        &order[..at]
    }
}

fn wall() -> Moment {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl Clock {
    fn corrected(self, wall: Moment, now: Instant) -> Self {
        Self { read: wall.max(self.moment(now)), at: now }
    }

    fn moment(&self, at: Instant) -> Moment {
        self.read + at.saturating_duration_since(self.at)
    }

    /// The instant of a moment.
    fn instant(&self, moment: Moment) -> Instant {
        self.at + moment.saturating_sub(self.read)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_makes_up_for_sleep_and_never_goes_back() {
        let (at, second) = (Instant::now(), Duration::from_secs(1));
        let clock = Clock { read: second * 1_000, at };
        let later = at + second * 10;
        assert_eq!(clock.moment(later), second * 1_010);
        let awake = clock.corrected(second * 4_000, later);
        assert_eq!((awake.moment(later), awake.moment(later + second)), (second * 4_000, second * 4_001));
        assert_eq!(awake.instant(second * 4_003), later + second * 3);
        let corrected = clock.corrected(second * 500, later);
        assert_eq!(corrected.moment(later), second * 1_010, "though the wall's clock was set back");
    }
}
