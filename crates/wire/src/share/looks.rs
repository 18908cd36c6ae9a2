//! Rounds over a shared pace: the asynchronous face of what to look at, and when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::{Moment, Rounds};
use crate::pace::{Pace, Turn};

/// What to look at and the right to do it now.
///
/// Exactly one of its ends says how it went: [`Looks::fetched`] for every piece the answer brought and then a drop, or
/// [`Look::refused`]. A look that is only dropped (the answer was of no use) is asked for again when its wished age is over.
#[derive(Debug)]
#[must_use]
pub struct Look<P: Copy + Eq> {
    /// The piece to look at.
    pub piece: P,
    turn: Turn,
    looks: Looks<P>,
}

/// The rounds of one account. Cheap to clone; clones share it.
#[derive(Debug)]
pub struct Looks<P> {
    inner: Arc<Inner<P>>,
}

#[derive(Debug)]
struct Inner<P> {
    pace: Pace,
    rounds: Mutex<Rounds<P>>,
    since: Instant,
    changed: Notify,
}

impl<P> Clone for Looks<P> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<P: Copy + Eq> Looks<P> {
    /// These rounds in the turns of this pace.
    pub fn new(pace: Pace, rounds: Rounds<P>) -> Self {
        let inner = Inner { pace, rounds: Mutex::new(rounds), since: Instant::now(), changed: Notify::new() };
        Self { inner: Arc::new(inner) }
    }

    /// Waits until something is due and there is a turn for it. What it is, is chosen when the turn is there.
    ///
    /// # Cancel safety
    /// Nothing is spent or chosen when the future is dropped.
    pub async fn next(&self) -> Look<P> {
        loop {
            let changed = self.inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let due = self.rounds().due_class(self.now());
            match due {
                Ok(class) => tokio::select! {
                    turn = self.inner.pace.turn(class) => {
                        let chosen = self.rounds().choose(self.now());
                        match chosen {
                            Some(piece) => return Look { piece, turn, looks: self.clone() },
                            // Fetched by another request or put aside in the last instant.
                            None => turn.unused(),
                        }
                    }
                    () = &mut changed => {}
                },
                Err(Some(at)) => {
                    let _ = tokio::time::timeout_at(self.inner.since + at, changed).await;
                }
                Err(None) => changed.await,
            }
        }
    }

    /// An answer brought this piece, whether it was looked at for it or not.
    pub fn fetched(&self, piece: P) {
        let now = self.now();
        self.change(|rounds| rounds.fetched(piece, now));
    }

    /// Somebody waits for this piece: it goes as [`Class::Foreground`](crate::pace::Class::Foreground).
    pub fn want(&self, piece: P) {
        let now = self.now();
        self.change(|rounds| rounds.want(piece, now));
    }

    /// Somebody looks at this piece (again).
    pub fn watch(&self, piece: P) {
        self.change(|rounds| rounds.watch(piece));
    }

    /// Nobody looks at this piece: it is not fetched until it is watched again or wanted.
    pub fn put_aside(&self, piece: P) {
        self.change(|rounds| rounds.put_aside(piece));
    }

    /// How old this piece may get from now on: longer while it is known to be quiet.
    pub fn wish(&self, piece: P, age: Duration) {
        self.change(|rounds| rounds.wish(piece, age));
    }

    /// What is due now, in the order of choice: what else one request might bring.
    pub fn due(&self) -> Vec<P> {
        self.rounds().due(self.now())
    }

    /// How old each piece is, `None` if it was never fetched.
    pub fn ages(&self) -> Vec<(P, Option<Duration>)> {
        self.rounds().ages(self.now())
    }

    /// The pace these looks are taken from.
    pub fn pace(&self) -> &Pace {
        &self.inner.pace
    }

    fn change(&self, change: impl FnOnce(&mut Rounds<P>)) {
        change(&mut self.rounds());
        self.inner.changed.notify_waiters();
    }

    fn rounds(&self) -> MutexGuard<'_, Rounds<P>> {
        self.inner.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rounds only compare moments: theirs are counted from the beginning of the looks.
    fn now(&self) -> Moment {
        self.inner.since.elapsed()
    }
}

impl<P: Copy + Eq> Look<P> {
    /// The platform refused it because it was too much: the piece stays due, the pace learns.
    pub fn refused(self, retry_after: Option<Duration>) {
        self.turn.refused(retry_after);
        self.looks.change(|rounds| rounds.refused(self.piece));
    }
}
