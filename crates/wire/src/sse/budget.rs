//! One account's few connections, shared among its many subscriptions.
//!
//! Servers and proxies that speak HTTP/1.1 bear only a handful of connections from one client, and an agent may look at a
//! hundred contacts. So each subscription has a [`Priority`], and at most so many of them stream at once:
//!
//! - the agent's own calls always stream, beside the others, as many as anybody may have at once; should a server name
//!   more, those that came last do what their subscriber says and take no place from others;
//! - the others get the places in the order of their priority, and among equals the one that has waited longest; who has
//!   had a place and lost its connection stands at the end again, so that a broken one does not keep others out;
//! - who must give its place to a more important one closes its connection first, and then does what its subscriber says:
//!   polls, or waits;
//! - a subscription is opened once however many look at it ([`Budget::open`] with the same key), and closed when nobody looks
//!   any more: a moment later, so that scrolling does not make it come and go. In that moment it is the first to give way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::driver::{Driver, Limits};
use super::subscriber::Subscriber;
use super::told::Figures;
use crate::Wake;
use crate::link::Link;

/// How important a subscription is, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// The agent's own calls: never waits for others.
    Own,
    /// The queues the agent works in.
    Queues,
    /// What is on the screen just now, such as the presence of contacts.
    Visible,
}

/// The budget's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetLimits {
    /// How many streams may be open beside the agent's own calls.
    pub places: usize,
    /// How long a subscription lives on after the last look at it.
    pub linger: Duration,
}

impl Default for BudgetLimits {
    fn default() -> Self {
        Self { places: 6, linger: Duration::from_secs(5) }
    }
}

/// How many of the agent's own calls may stream.
const OWN_CALLS: usize = 16;

/// The connections of one account. Clones are the same budget.
#[derive(Debug, Clone)]
pub struct Budget {
    shared: Arc<Shared>,
    streams: Limits,
    wake: Wake,
    cancel: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    limits: BudgetLimits,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<u64, Entry>,
    next: u64,
}

/// One subscription.
#[derive(Debug)]
struct Entry {
    /// `None` once it is being closed.
    key: Option<String>,
    looks: BTreeMap<u64, Priority>,
    looked_at: watch::Sender<bool>,
    link: watch::Receiver<Link>,
    figures: watch::Receiver<Figures>,
    wants: bool,
    /// The lower the longer it has waited.
    turn: u64,
    seat: watch::Sender<Seat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seat {
    Out,
    In,
    /// It has one, and somebody more important waits for it.
    Leaving,
}

impl Budget {
    /// A budget. What it opens is driven with these limits, starts over with `wake`, and ends with `cancel`.
    pub fn new(limits: BudgetLimits, streams: Limits, wake: &Wake, cancel: CancellationToken) -> Self {
        let shared = Arc::new(Shared { limits, state: Mutex::default() });
        Self { shared, streams, wake: wake.clone(), cancel }
    }

    /// Looks at a subscription until the handle is dropped. The key says which: if it is open already, the
    /// existing one is looked at and `subscriber` is not used. Must be called within a Tokio runtime.
    pub fn open<S: Subscriber + 'static>(&self, key: &str, priority: Priority, subscriber: S) -> Handle {
        let mut state = self.shared.state();
        let look = state.number();
        let known = state.entries.iter_mut().find(|(_, entry)| entry.key.as_deref() == Some(key));
        let number = match known {
            Some((number, entry)) => {
                entry.looks.insert(look, priority);
                entry.looked_at.send_replace(true);
                *number
            }
            None => {
                let number = state.number();
                let entry = self.start(number, key, subscriber);
                state.entries.insert(number, Entry { looks: BTreeMap::from([(look, priority)]), ..entry });
                number
            }
        };
        let Entry { link, figures, .. } = &state.entries[&number];
        let handle = Handle {
            shared: self.shared.clone(),
            number,
            look,
            link: link.clone(),
            figures: figures.clone(),
        };
        state.settle(self.shared.limits.places);
        handle
    }

    fn start<S: Subscriber + 'static>(&self, number: u64, key: &str, mut subscriber: S) -> Entry {
        let rng: rand::rngs::SmallRng = rand::make_rng();
        let (mut driver, link, figures) = Driver::new(self.streams.clone(), &self.wake, rng);
        let (looked_at, mut looks) = watch::channel(true);
        let seat = watch::Sender::new(Seat::Out);
        let place = Place(Some(InBudget { shared: self.shared.clone(), number, seat: seat.subscribe() }));
        let (shared, cancel) = (self.shared.clone(), self.cancel.clone());
        tokio::spawn(async move {
            tokio::select! {
                ended = driver.run_in(&place, &mut subscriber, &cancel) => {
                    tracing::debug!(?ended, "subscription ended");
                }
                () = shared.unwanted(number, &mut looks) => {}
            }
            // The connection is closed by now: the place may go to the next.
            shared.close(number);
        });
        Entry {
            key: Some(key.to_owned()),
            looks: BTreeMap::new(),
            looked_at,
            link,
            figures,
            wants: false,
            turn: number,
            seat,
        }
    }
}

/// A look at a subscription; when the last one is dropped, it is closed.
#[derive(Debug)]
#[must_use]
pub struct Handle {
    shared: Arc<Shared>,
    number: u64,
    look: u64,
    link: watch::Receiver<Link>,
    figures: watch::Receiver<Figures>,
}

impl Handle {
    /// Follows the subscription's health.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }

    /// Follows its figures.
    pub fn figures(&self) -> watch::Receiver<Figures> {
        self.figures.clone()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if let Some(entry) = state.entries.get_mut(&self.number) {
            entry.looks.remove(&self.look);
            entry.looked_at.send_replace(!entry.looks.is_empty());
        }
        state.settle(self.shared.limits.places);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self, number: u64) {
        let mut state = self.state();
        state.entries.remove(&number);
        state.settle(self.limits.places);
    }

    /// Ready when nobody has looked for a while; nobody can look at this entry any more then.
    async fn unwanted(&self, number: u64, looked_at: &mut watch::Receiver<bool>) {
        loop {
            if looked_at.wait_for(|looked| !looked).await.is_err() {
                return;
            }
            let again = looked_at.wait_for(|looked| *looked);
            if tokio::time::timeout(self.limits.linger, again).await.is_ok() {
                continue;
            }
            match self.state().entries.get_mut(&number) {
                // Somebody looked again in this very moment.
                Some(entry) if !entry.looks.is_empty() => {}
                Some(entry) => {
                    entry.key = None;
                    return;
                }
                None => return,
            }
        }
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn settle(&self, places: usize) {
        let own = |entry: &&Entry| entry.priority() == Some(Priority::Own);
        let (own, others) = self.entries.values().partition(own);
        share(own, OWN_CALLS);
        share(others, places);
    }
}

/// Gives places to those who should have them and asks for those back that others should have. A place that is
/// asked for back is given away only when it is free.
fn share(mut among: Vec<&Entry>, places: usize) {
    among.retain(|entry| entry.wants || entry.seat() != Seat::Out);
    // `None` is who is not looked at any more.
    among.sort_by_key(|entry| (entry.priority().is_none(), entry.priority(), entry.turn));
    let mut taken = among.iter().filter(|entry| entry.seat() != Seat::Out).count();
    for (rank, entry) in among.into_iter().enumerate() {
        match entry.seat() {
            Seat::In if rank >= places => entry.sit(Seat::Leaving),
            Seat::Leaving if rank < places => entry.sit(Seat::In),
            Seat::Out if rank < places && taken < places => {
                taken += 1;
                entry.sit(Seat::In);
            }
            Seat::In | Seat::Out | Seat::Leaving => {}
        }
    }
}

impl Entry {
    fn priority(&self) -> Option<Priority> {
        self.looks.values().min().copied()
    }

    fn seat(&self) -> Seat {
        *self.seat.borrow()
    }

    fn sit(&self, seat: Seat) {
        self.seat.send_replace(seat);
    }
}

/// Where a driver asks whether it may connect.
#[derive(Debug)]
pub(super) struct Place(Option<InBudget>);

#[derive(Debug, Clone)]
struct InBudget {
    shared: Arc<Shared>,
    number: u64,
    seat: watch::Receiver<Seat>,
}

/// A place; given back when dropped.
#[derive(Debug)]
pub(super) struct Held(Option<InBudget>);

impl Place {
    /// Always has a place.
    pub(super) fn unlimited() -> Self {
        Self(None)
    }

    /// A place, if there is one now.
    pub(super) fn take(&self) -> Option<Held> {
        let held = self.ask();
        match &held.0 {
            Some(own) if *own.seat.borrow() == Seat::Out => None,
            _ => Some(held),
        }
    }

    /// A place, as soon as there is one.
    pub(super) async fn wait(&self) -> Held {
        let held = self.ask();
        if let Some(own) = &held.0 {
            // An error means that the subscription was closed: this future is about to be dropped.
            let _ = own.seat.clone().wait_for(|seat| *seat != Seat::Out).await;
        }
        held
    }

    fn ask(&self) -> Held {
        if let Some(own) = &self.0 {
            own.change(|entry, turn| {
                entry.wants = true;
                entry.turn = turn;
            });
        }
        Held(self.0.clone())
    }
}

impl Held {
    /// Ready when somebody more important needs the place.
    pub(super) async fn wanted_back(&self) {
        match &self.0 {
            Some(own) => {
                let _ = own.seat.clone().wait_for(|seat| *seat == Seat::Leaving).await;
            }
            None => std::future::pending().await,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(own) = &self.0 {
            own.change(|entry, _| {
                entry.wants = false;
                entry.sit(Seat::Out);
            });
        }
    }
}

impl InBudget {
    fn change(&self, change: impl FnOnce(&mut Entry, u64)) {
        let mut state = self.shared.state();
        let turn = state.number();
        if let Some(entry) = state.entries.get_mut(&self.number) {
            change(entry, turn);
        }
        state.settle(self.shared.limits.places);
    }
}
