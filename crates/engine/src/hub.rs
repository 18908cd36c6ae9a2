//! The one place where the state is changed, and from where every change is told.
//!
//! A change is made under a short lock: the state is altered, compared with what was last told, and the differences go
//! out as numbered events. No I/O happens inside. A follower begins with a snapshot taken under the same lock, so that
//! nothing falls between the two; one that is too slow is told so and takes another.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{Change, Event, Snapshot, Timestamp};
use tokio::sync::{Notify, broadcast};

use crate::clock;
use crate::figures::Figures;
use crate::inbox::Board;
use crate::state::State;
use crate::view::View;

/// How many events a follower may lag behind.
const BACKLOG: usize = 4096;

/// The state and its followers.
pub(crate) struct Hub {
    inner: Mutex<Inner>,
    /// Something changed that may have moved the next deadline.
    changed: Notify,
    /// There is something to do because of a call on another account.
    pub(crate) elsewhere: Notify,
}

struct Inner {
    state: State,
    told: View,
    seq: u64,
    /// Absent after the stop.
    events: Option<broadcast::Sender<Event>>,
}

/// What a follower is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Everything that has happened since, in order.
    Events(Vec<Event>),
    /// Too much has happened to be told: take a snapshot.
    Gap,
    /// The engine has stopped.
    End,
}

/// Follows the events of an engine from a snapshot on.
pub struct Follower {
    events: broadcast::Receiver<Event>,
}

impl Hub {
    pub(crate) fn new(state: State) -> Self {
        let told = View::of(&state);
        let events = Some(broadcast::Sender::new(BACKLOG));
        Self {
            inner: Mutex::new(Inner { state, told, seq: 0, events }),
            changed: Notify::new(),
            elsewhere: Notify::new(),
        }
    }

    /// Changes the state and tells what is different.
    pub(crate) fn update<R>(&self, change: impl FnOnce(&mut State, Timestamp) -> R) -> R {
        let now = clock::now();
        let mut inner = self.lock();
        let result = change(&mut inner.state, now);
        inner.state.look_elsewhere(now);
        inner.tell(now);
        if inner.state.borrowed.has_work() {
            self.elsewhere.notify_one();
        }
        drop(inner);
        self.changed.notify_one();
        result
    }

    /// Changes figures and tells what is different; nothing else is looked at, so it is quick.
    pub(crate) fn figures(&self, change: impl FnOnce(&mut Figures)) {
        let mut inner = self.lock();
        change(&mut inner.state.figures);
        let due = inner.state.notices.next_deadline();
        inner.tell_figures(clock::now());
        let is_due_as_before = due == inner.state.notices.next_deadline();
        drop(inner);
        if !is_due_as_before {
            self.changed.notify_one();
        }
    }

    /// Changes what is told of tickets and tells what is different; nothing else is looked at either.
    pub(crate) fn board(&self, change: impl FnOnce(&mut Board)) {
        let mut inner = self.lock();
        change(&mut inner.state.board);
        inner.tell_board(clock::now());
    }

    /// Tells something that is no part of the state.
    pub(crate) fn tell(&self, change: Change) {
        self.lock().send(change, clock::now());
    }

    /// Looks at the state.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.lock().state)
    }

    /// Everything as it stands.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let inner = self.lock();
        inner.snapshot()
    }

    /// Everything as it stands, and what happens from there on.
    pub(crate) fn follow(&self) -> (Snapshot, Follower) {
        let inner = self.lock();
        let events = match &inner.events {
            Some(events) => events.subscribe(),
            None => broadcast::Sender::new(1).subscribe(),
        };
        (inner.snapshot(), Follower { events })
    }

    /// Ends what has waited too long, when its time has come. Runs until dropped; sleeps while nothing waits.
    pub(crate) async fn keep_time(&self) {
        loop {
            let wait = self.read(State::next_deadline).map(|deadline| deadline.ms_since(clock::now()));
            match wait {
                Some(wait) if wait <= 0 => self.update(State::tick),
                Some(wait) => {
                    let wait = std::time::Duration::from_millis(wait.unsigned_abs());
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.changed.notified() => {}
                    }
                }
                None => self.changed.notified().await,
            }
        }
    }

    /// Tells every follower that this is the end.
    pub(crate) fn close(&self) {
        self.lock().events = None;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while the lock was held leaves a state that the next picture of each platform makes whole again.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn tell(&mut self, now: Timestamp) {
        let ended = self.state.rings.take_ended();
        let view = self.told.next(&self.state);
        for change in view.changes_since(&self.told, ended) {
            self.send(change, now);
        }
        self.told = view;
        self.tell_figures(now);
        self.state.look_at_notices(now);
        self.tell_notices(now);
        self.tell_board(now);
    }

    fn tell_board(&mut self, now: Timestamp) {
        for change in self.state.board.take_changes() {
            self.send(change, now);
        }
    }

    fn tell_figures(&mut self, now: Timestamp) {
        for change in self.state.figures.take_changes() {
            self.state.notices.figures_changed(&change, now);
            self.send(change, now);
        }
        self.tell_notices(now);
    }

    fn tell_notices(&mut self, now: Timestamp) {
        for change in self.state.notices.take_changes() {
            self.send(change, now);
        }
    }

    fn send(&mut self, change: Change, now: Timestamp) {
        self.seq += 1;
        if let Some(events) = &self.events {
            // Nobody follows: fine.
            let _ = events.send(Event { seq: self.seq, at: now, change });
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            statistics: self.state.figures.statistics(),
            presences: self.state.figures.presences(),
            composing: self.state.board.composing(),
            bulks: self.state.board.bulks(),
            inbox: self.state.board.syncs(),
            notices: self.state.notices.all(),
            ..self.told.snapshot(self.seq, clock::now())
        }
    }
}

impl Follower {
    /// Waits for something to happen and gives everything that is ready. Cancel-safe.
    pub async fn next(&mut self) -> Followed {
        let mut events = match self.events.recv().await {
            Ok(event) => vec![event],
            Err(broadcast::error::RecvError::Lagged(_)) => return Followed::Gap,
            Err(broadcast::error::RecvError::Closed) => return Followed::End,
        };
        while events.len() < BACKLOG {
            match self.events.try_recv() {
                Ok(event) => events.push(event),
                Err(broadcast::error::TryRecvError::Lagged(_)) => return Followed::Gap,
                // The end is found again by the next call.
                Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed) => break,
            }
        }
        Followed::Events(events)
    }
}

#[cfg(test)]
mod tests {
    use model::Settings;

    use super::*;

    fn change(hub: &Hub) {
        hub.update(|state, _| {
            let region = if state.settings.region == "CZ" { "SE" } else { "CZ" };
            let settings = Settings { region: region.to_owned(), ..Settings::default() };
            state.settings = std::sync::Arc::new(settings);
        });
    }

    #[tokio::test]
    async fn a_follower_goes_on_from_its_snapshot_without_a_hole() {
        let hub = Hub::new(State::default());
        change(&hub);
        let (snapshot, mut follower) = hub.follow();
        change(&hub);
        hub.update(|_, _| ());
        change(&hub);
        let Followed::Events(events) = follower.next().await else { panic!("events") };
        let numbers: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, [snapshot.seq + 1, snapshot.seq + 2], "and none for what changed nothing");
        hub.close();
        assert_eq!(follower.next().await, Followed::End);
        assert_eq!(hub.follow().1.next().await, Followed::End);
    }

    #[tokio::test]
    async fn a_follower_that_is_too_slow_is_told_of_the_gap_before_anything_else() {
        let hub = Hub::new(State::default());
        let (_, mut follower) = hub.follow();
        for _ in 0..=BACKLOG {
            change(&hub);
        }
        assert_eq!(follower.next().await, Followed::Gap);
    }

    #[tokio::test(start_paused = true)]
    async fn time_passes_only_when_something_waits_for_it() {
        use model::{Command, Outcome};
        let hub = std::sync::Arc::new(Hub::new(State::default()));
        let keeper = tokio::spawn({
            let hub = hub.clone();
            async move { hub.keep_time().await }
        });
        let id = hub.update(|state, now| {
            let command = Command::Discard { item: 1 };
            let want = crate::commands::Want::Begun(std::collections::BTreeSet::new());
            // Asked so long ago that its time is up.
            let asked = now.plus_ms(-crate::commands::TIME_OUT_MS);
            state.commands.begin(command, [("a".into(), want, false)], asked)
        });
        let (_, mut follower) = hub.follow();
        while hub.read(|state| state.commands.status(id).unwrap().outcome == Outcome::Pending) {
            follower.next().await;
        }
        keeper.abort();
    }
}
