//! A budget where others, uncounted, eat from the same plate.
//!
//! CCAI Platform allows a customer one request a second (or ten), and every integration and every one of some hundred
//! desktops spends from that. All a desktop ever learns is that a request was taken or refused, and how many agents are
//! signed in. [`Share`] decides when this desktop may send one; it is pure: time and luck are handed in.
//! [`Pace::sharing`](crate::pace::Pace::sharing) is its face for asynchronous code, [`Looks`] the one for whoever keeps
//! several pieces of data fresh.
//!
//! - **Never above its part.** A bucket fills with the configured part of the customer's limit and holds six requests at
//!   most: in no stretch of time are more sent than that part of it and six. An agent's order
//!   ([`Class::Foreground`]) goes at once while there is something in it; looks leave two in it for orders.
//! - **Looks have moments of their own.** Guessing would waste most of the plate: of 200 desktops that ask at random for
//!   one request a second in all, more than a third would be refused. So time is cut into frames of ten minutes (everybody's
//!   frames, counted from 1970), and a desktop keeps the places within the frame at which it was not refused: who was
//!   there last time will be the only one there next time. Who is refused at a place twice looks for another one. Soon
//!   everybody has theirs and hardly anybody is refused, without one word between them.
//! - **Orders have seconds of their own** where the limit is so small that one request fills a second: every third second of
//!   the clock is free of looks. An order waits for it two and a half seconds at most, which is less than what a refusal
//!   would cost.
//! - **An even piece for everybody.** [`Share::crowd`] tells how many agents are signed in; what belongs to each of them
//!   is the number of places this desktop looks for. Where refusals are more than few (the rest of the plate is
//!   somebody else's) its piece shrinks by up to a quarter with each of them (multiplicative decrease), and grows back with
//!   each look that was taken (additive increase, the faster the longer it has been calm); beyond an even piece it grows
//!   ten times more slowly, and gives that up at the first refusal.
//! - **It waits when it was refused**: everything, for as long as the platform asked (a minute at most), else for two
//!   seconds, and on top a random while that doubles with each refusal in a row.
//! - **It does not march in step.** Places are drawn at random, and so is what is added to every pause.
//! - **It remembers.** [`Share::learned`] are the places and the size of the piece; a restart begins with them.
//!
//! What comes of it for a floor of desktops stands in `docs/performance.md`, made by `tests/share_simulation.rs`.

mod looks;
mod places;
mod rounds;

use std::collections::VecDeque;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::pace::Class;
use crate::retry::LONGEST_WAIT;
pub use looks::{Look, Looks};
use places::{Kept, Places};
pub use rounds::Rounds;

/// Time since 1970, on a clock that does not go back while the program runs.
pub type Moment = Duration;

/// How many requests may go at once after a long silence.
const CREDIT: f64 = 6.0;
/// How many of them looks leave for orders.
const FOR_ORDERS: f64 = 2.0;
/// The part of the part that looks may use; the rest fills the credit.
const FOR_LOOKS: f64 = 0.8;
/// A look that comes later than this to its place may meet another's there, and waits for the next.
const PUNCTUAL: Duration = Duration::from_millis(800);
/// The pause after a refusal that names none, and the longest random addition to the first pause.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Doublings of that addition.
const DOUBLINGS: u32 = 4;
/// After so many refusals in a row orders no longer wait for a second of their own: in a storm all seconds are needed.
const STORM: u32 = 3;
/// From this limit on, orders do not wait for a second of their own.
const ROOMY: f64 = 3.0;
/// The part of all places that is given away to the crowd.
const FILLED: f64 = 0.9;
/// How many agents there are as long as nobody told.
const ASSUMED: u32 = 300;
/// Within which time another place is tried while there are fewer than there should be; twice that after each that was
/// refused.
const SOON: Duration = Duration::from_secs(120);
/// The longest such time, and the one while there is no place at all.
const LATEST: (Duration, Duration) = (Duration::from_secs(16_000), Duration::from_secs(240));
/// Doublings of that time.
const PATIENCE: u32 = 8;
/// What a look that was taken adds to a piece that is less than even, and to one that is more.
const TAKEN: (f64, f64) = (0.005, 0.0005);
/// After so many looks without a refusal that grows, with each so many further ones by as much again: a storm is over.
const CALM: (u32, f64) = (8, 4.0);
/// What a refusal takes from a piece: at a place that was ours, and at one that was only tried.
const REFUSED: (f64, f64) = (0.25, 0.06);
/// These four are for pieces of so many places; of larger ones each look weighs less.
const WEIGHED: f64 = 4.0;
/// The smallest and the largest piece.
const PIECE: (f64, f64) = (0.2, 100.0);
/// So many looks refused in a row halve the places.
const HALVED: u32 = 3;

/// What is known about the plate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Requests a second that the platform allows the whole customer.
    pub limit: f64,
    /// The part of them, from 0 to 1, that this desktop never exceeds.
    pub part: f64,
}

/// One request a second (the seed and older documents of CCAI Platform; newer ones say ten), a twentieth of it ours.
impl Default for Plan {
    fn default() -> Self {
        Self { limit: 1.0, part: 0.05 }
    }
}

impl Plan {
    /// Requests a second of this desktop: never less than one an hour, whatever was configured.
    fn rate(self) -> f64 {
        let rate = self.limit * self.part.clamp(0.0, 1.0);
        if rate.is_finite() { rate.max(1.0 / 3_600.0) } else { Self::default().rate() }
    }
}

/// What a desktop found out, to begin with after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Its places within the frame, in milliseconds.
    places: Vec<u32>,
    /// How many agents are signed in.
    agents: u32,
    /// Its piece, in thousandths of an even one.
    piece: u32,
}

impl Learned {
    /// Places as far apart as this, from the first moment: for a platform of which it is known that nobody else eats from the
    /// plate.
    pub fn evenly(every: Duration) -> Self {
        let step = every.as_millis().clamp(1, places::FRAME.as_millis()) as usize;
        let frame = u32::try_from(places::FRAME.as_millis()).unwrap_or(u32::MAX);
        Self { places: (0..frame).step_by(step).collect(), agents: 1, piece: 1_000 }
    }
}

/// A request that was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Order,
    /// A look at a place of ours, at its exact moment.
    Place(Moment),
    /// A look at a moment that might become a place.
    Trial(Moment),
}

/// When this desktop may ask. See the head of this module.
#[derive(Debug)]
pub struct Share {
    plan: Plan,
    kept: Kept,
    rate: f64,
    /// What was in the bucket at a moment.
    credit: (f64, Moment),
    places: Places,
    /// How many places the part allows, and how many of them belong to this desktop.
    most: usize,
    fair: usize,
    agents: u32,
    /// This desktop's piece of what there is for it; one is an even one.
    piece: f64,
    /// From 0 to 1: who gets one more where places cannot be divided evenly.
    lot: f64,
    /// When the next place is tried, and how many were refused since one was good.
    trial: Moment,
    failed: u32,
    /// The last place that was used.
    looked: Moment,
    paused_until: Option<Moment>,
    /// Requests and looks refused in a row.
    row: u32,
    missed: u32,
    /// Looks taken in a row.
    calm: u32,
    /// What was sent in the last minute.
    recent: VecDeque<Moment>,
    luck: StdRng,
}

impl Share {
    /// Begins, with what was learned before or a first place drawn at random; `seed` is the luck.
    pub fn new(plan: Plan, learned: Option<&Learned>, now: Moment, seed: u64) -> Self {
        let rate = plan.rate();
        let most = ((rate * FOR_LOOKS * places::FRAME.as_secs_f64()) as usize).clamp(1, places::MOST);
        let kept = if plan.limit < ROOMY { Kept::Apart } else { Kept::Together };
        let mut luck = StdRng::seed_from_u64(seed);
        let places = Places::of(learned.map_or(&[], |learned| &learned.places), most, kept);
        let mut share = Self {
            plan,
            kept,
            rate,
            credit: (CREDIT, now),
            places,
            most,
            fair: 1,
            agents: match learned {
                _ if plan.part >= 1.0 => 1,
                Some(learned) => learned.agents,
                None => ASSUMED,
            },
            piece: learned.map_or(1.0, |learned| f64::from(learned.piece) / 1_000.0),
            lot: luck.random_range(0.0..1.0),
            trial: Moment::ZERO,
            failed: 0,
            looked: now,
            paused_until: None,
            row: 0,
            missed: 0,
            calm: 0,
            recent: VecDeque::new(),
            luck,
        };
        share.weigh(share.piece, now);
        share.try_again(now);
        share
    }

    /// So many agents are signed in to the platform just now, who may all be desktops like this one. (Whose part is the whole is
    /// alone whatever is told.)
    pub fn crowd(&mut self, agents: usize, now: Moment) {
        if self.plan.part < 1.0 {
            self.agents = u32::try_from(agents).unwrap_or(u32::MAX).max(1);
            self.weigh(self.piece, now);
        }
    }

    /// Spends a request of this class, or tells the moment at which it can be tried again.
    pub fn spend(&mut self, class: Class, now: Moment) -> Result<Ticket, Moment> {
        let earliest = self.earliest(now);
        if self.places.len() < self.fair && self.trial < earliest {
            self.try_again(earliest);
        }
        let (at, kind) = self.next(class, now);
        if at > now {
            return Err(at);
        }
        self.credit = (self.credit_at(now) - 1.0, now);
        self.recent.push_back(now);
        while self.recent.front().is_some_and(|sent| *sent + Duration::from_secs(60) <= now) {
            self.recent.pop_front();
        }
        if kind != Kind::Order {
            self.looked = at;
        }
        Ok(Ticket { kind })
    }

    /// What was spent was not sent after all.
    pub fn unused(&mut self, _ticket: Ticket, now: Moment) {
        self.credit = ((self.credit_at(now) + 1.0).min(CREDIT), now);
        self.recent.pop_back();
    }

    /// The platform took the request.
    pub fn taken(&mut self, ticket: Ticket, now: Moment) {
        self.row = 0;
        let (Kind::Place(moment) | Kind::Trial(moment)) = ticket.kind else { return };
        self.missed = 0;
        self.places.taken(moment);
        if let Kind::Trial(_) = ticket.kind {
            self.failed /= 2;
            self.try_again(now);
        }
        self.calm = self.calm.saturating_add(1);
        let more = if self.piece < 1.0 {
            TAKEN.0 * (1.0 + f64::from(self.calm.saturating_sub(CALM.0)) / CALM.1)
        } else {
            TAKEN.1
        };
        self.weigh(self.piece + more * self.weight(), now);
    }

    /// The platform refused the request because it was too much (`None`: it is not known which).
    pub fn refused(&mut self, ticket: Option<Ticket>, retry_after: Option<Duration>, now: Moment) {
        let asked = retry_after.map(|asked| asked.min(LONGEST_WAIT));
        // Requests that were under way together are refused together: that is one refusal.
        if self.paused_until.is_none_or(|until| until <= now) {
            let longest = FIRST_PAUSE * 2_u32.pow(self.row.min(DOUBLINGS));
            let more = longest.mul_f64(self.luck.random_range(0.0..=1.0));
            self.paused_until = Some(now + asked.unwrap_or(FIRST_PAUSE) + more);
            self.row = self.row.saturating_add(1);
        } else if let Some(asked) = asked {
            self.paused_until = self.paused_until.max(Some(now + asked));
        }
        let less = match ticket.map(|ticket| ticket.kind) {
            None | Some(Kind::Order) => return,
            Some(Kind::Place(moment)) => {
                if self.places.refused(moment) {
                    self.try_again(now);
                }
                REFUSED.0
            }
            Some(Kind::Trial(_)) => {
                self.failed = (self.failed + 1).min(PATIENCE);
                self.try_again(now);
                REFUSED.1
            }
        };
        let piece = if self.piece > 1.0 { 1.0 } else { self.piece * (1.0 - less * self.weight()) };
        self.weigh(piece, now);
        self.calm = 0;
        self.missed += 1;
        if self.missed >= HALVED {
            self.places.halve(&mut self.luck);
        }
    }

    /// When a request of this class could go, if none came before it.
    pub fn free_at(&self, class: Class, now: Moment) -> Moment {
        self.next(class, now).0.max(now)
    }

    /// How many were sent in the last minute, and how many this desktop's part of a minute is (at least one).
    pub fn used(&self, now: Moment) -> (usize, usize) {
        let sent = self.recent.iter().filter(|sent| **sent + Duration::from_secs(60) > now).count();
        (sent, (self.rate * 60.0).ceil() as usize)
    }

    /// How far apart its looks are just now, on average; without a place as yet, one is looked for once a frame.
    pub fn looks_every(&self) -> Duration {
        places::FRAME / self.places.len().max(1) as u32
    }

    /// Until when nothing is sent because the platform refused; it may be past.
    pub fn paused_until(&self) -> Option<Moment> {
        self.paused_until
    }

    /// What is worth keeping across restarts.
    pub fn learned(&self) -> Learned {
        let piece = (self.piece * 1_000.0) as u32;
        Learned { places: self.places.all(), agents: self.agents, piece }
    }

    /// The moment of the next request of this class, maybe in the past, and what it is.
    fn next(&self, class: Class, now: Moment) -> (Moment, Kind) {
        if class == Class::Foreground {
            let at = self.paused_until.unwrap_or_default().max(self.credited(1.0));
            let at = if self.row < STORM { self.kept.for_orders(at.max(now)) } else { at };
            return (at, Kind::Order);
        }
        let earliest = self.earliest(now);
        let trial = (self.places.len() < self.fair && self.trial >= earliest).then_some(self.trial);
        match (self.places.next(earliest), trial) {
            (Some(place), None) => (place, Kind::Place(place)),
            (Some(place), Some(trial)) if place <= trial => (place, Kind::Place(place)),
            (_, trial) => {
                let trial = trial.unwrap_or(earliest);
                (trial, Kind::Trial(trial))
            }
        }
    }

    /// Before which no look goes.
    fn earliest(&self, now: Moment) -> Moment {
        now.saturating_sub(PUNCTUAL)
            .max(self.looked + Duration::from_millis(1))
            .max(self.paused_until.unwrap_or_default())
            .max(self.credited(1.0 + FOR_ORDERS))
    }

    fn credit_at(&self, now: Moment) -> f64 {
        let (credit, at) = self.credit;
        (credit + now.saturating_sub(at).as_secs_f64() * self.rate).min(CREDIT)
    }

    /// When there is so much in the bucket.
    fn credited(&self, much: f64) -> Moment {
        match self.credit {
            (credit, at) if credit >= much => at,
            // A nanosecond on top, so that rounding never makes it a hair too early.
            (credit, at) => {
                at + Duration::from_secs_f64((much - credit) / self.rate) + Duration::from_nanos(1)
            }
        }
    }

    /// Places of an even piece.
    fn even(&self) -> f64 {
        self.kept.for_all(self.plan.limit) * FILLED / f64::from(self.agents.max(1))
    }

    /// How much one look says about the piece.
    fn weight(&self) -> f64 {
        (WEIGHED / self.even().max(f64::MIN_POSITIVE)).min(1.0)
    }

    /// Gives the piece this size, gives up the places that no longer belong to it, and looks for those that now do.
    fn weigh(&mut self, piece: f64, now: Moment) {
        self.piece = piece.clamp(PIECE.0, PIECE.1);
        let fair = ((self.even() * self.piece + self.lot) as usize).clamp(1, self.most);
        self.places.keep(fair, &mut self.luck);
        if std::mem::replace(&mut self.fair, fair) < fair {
            self.failed = 0;
            self.try_again(now);
        }
    }

    /// Draws the moment at which another place is tried.
    fn try_again(&mut self, now: Moment) {
        let latest = if self.places.len() == 0 { LATEST.1 } else { LATEST.0 };
        let within = (SOON * 2_u32.pow(self.failed)).min(latest);
        let from = self.paused_until.unwrap_or_default().max(now + within / 4);
        self.trial = self.places.try_after(from, within, &mut self.luck);
    }
}
