//! A budget where others, uncounted, eat from the same plate.
//!
//! CCAI Platform allows a customer one request a second (or ten), and every integration and every one of some hundred
//! desktops spends from that. No desktop knows how many there are: all it ever learns is that a request was taken or
//! refused. [`Share`] decides when this desktop may send one; it is pure: time and luck are handed in.
//! [`Pace::sharing`](crate::pace::Pace::sharing) is its face for asynchronous code.
//!
//! - **Never above its part.** A bucket fills with the configured part of the customer's limit and holds six requests at
//!   most: in no stretch of time are more sent than that part of it and six. An agent's order
//!   ([`Class::Foreground`]) goes at once while there is something in it; looks leave two in it for orders.
//! - **Looks have moments of their own.** Guessing would waste most of the plate: of 200 desktops that ask at random for
//!   one request a second in all, more than a third would be refused. So time is cut into frames of 512 s (everybody's
//!   frames, counted from 1970), and a desktop keeps the places within the frame at which it was not refused: who was
//!   there last time will be the only one there next time. Who is refused at a place looks for another one. Soon
//!   everybody has theirs and hardly anybody is refused, without one word between them.
//! - **It learns.** Quiet adds a place now and then (additive increase) up to the part; a place that was just tried and refused
//!   makes the next try come later; refusals in a row halve the places (multiplicative decrease) and pause everything:
//!   for as long as the platform asked, else for two seconds, and on top a random while that doubles each time.
//! - **It does not march in step.** All places are drawn at random, and so is what is added to every pause.
//! - **It remembers.** [`Share::learned`] are the places; a restart begins with them.

mod looks;
mod places;
mod rounds;

use std::collections::VecDeque;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::pace::Class;
pub use looks::{Look, Looks};
use places::Places;
pub use rounds::Rounds;

/// Time since 1970, on a clock that does not jump while the program runs.
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
const DOUBLINGS: u32 = 7;
/// How soon after a place was added another one may be, at the best and at the worst.
const GROW: (Duration, Duration) = (Duration::from_secs(16), Duration::from_secs(4096));
/// In so many steps the looks grow from nothing to the whole part.
const STEPS: usize = 24;
/// How soon a place is tried in the stead of one that was refused, where the places are far apart.
const ELSEWHERE: Duration = Duration::from_secs(30);

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

/// What a desktop found out, to begin with after a restart: its places within the frame, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Learned(Vec<u32>);

impl Learned {
    /// A place every so often: where it is known that nobody else eats from the plate, nothing has to be found out.
    pub fn evenly(every: Duration) -> Self {
        let step = every.as_millis().clamp(1, places::FRAME.as_millis()) as usize;
        let frame = u32::try_from(places::FRAME.as_millis()).unwrap_or(u32::MAX);
        Self((0..frame).step_by(step).collect())
    }
}

/// A request that was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The place of a look; an order has none.
    place: Option<u32>,
}

/// When this desktop may ask. See the head of this module.
#[derive(Debug)]
pub struct Share {
    rate: f64,
    /// What was in the bucket at a moment.
    credit: (f64, Moment),
    places: Places,
    most: usize,
    /// The last place that was used or let pass.
    looked: Moment,
    paused_until: Option<Moment>,
    /// Refusals in a row.
    row: u32,
    grow_every: Duration,
    grow_at: Moment,
    /// What was sent in the last minute.
    recent: VecDeque<Moment>,
    luck: StdRng,
}

impl Share {
    /// Begins, with places learned before or some drawn at random; `seed` is the luck.
    pub fn new(plan: Plan, learned: Option<&Learned>, now: Moment, seed: u64) -> Self {
        let rate = plan.rate();
        let most = ((rate * FOR_LOOKS * places::FRAME.as_secs_f64()) as usize).clamp(1, places::MOST);
        let mut luck = StdRng::seed_from_u64(seed);
        let mut places = Places::of(learned.map_or(&[], |learned| &learned.0), most);
        while places.len() < most.div_ceil(STEPS) {
            places.add(&mut luck);
        }
        let grow_at = now + GROW.0.mul_f64(luck.random_range(0.5..=1.5));
        Self {
            rate,
            credit: (CREDIT, now),
            places,
            most,
            looked: now,
            paused_until: None,
            row: 0,
            grow_every: GROW.0,
            grow_at,
            recent: VecDeque::new(),
            luck,
        }
    }

    /// Spends a request of this class, or tells the moment at which it can be tried again.
    pub fn spend(&mut self, class: Class, now: Moment) -> Result<Ticket, Moment> {
        let (at, place) = self.next(class, now);
        if at > now {
            return Err(at);
        }
        self.credit = (self.credit_at(now) - 1.0, now);
        self.recent.push_back(now);
        while self.recent.front().is_some_and(|sent| *sent + Duration::from_secs(60) <= now) {
            self.recent.pop_front();
        }
        if place.is_some() {
            self.looked = at;
            self.grow(now);
        }
        Ok(Ticket { place })
    }

    /// The platform took the request.
    pub fn taken(&mut self, ticket: Ticket, _now: Moment) {
        self.row = 0;
        if let Some(place) = ticket.place
            && self.places.keep(place)
        {
            self.grow_every = (self.grow_every / 2).max(GROW.0);
        }
    }

    /// The platform refused the request because it was too much (`None`: it is not known which).
    pub fn refused(&mut self, ticket: Option<Ticket>, retry_after: Option<Duration>, now: Moment) {
        // Requests that were under way together are refused together: that is one refusal.
        if self.paused_until.is_none_or(|until| until <= now) {
            let longest = FIRST_PAUSE * 2_u32.pow(self.row.min(DOUBLINGS));
            let pause =
                retry_after.unwrap_or(FIRST_PAUSE) + longest.mul_f64(self.luck.random_range(0.0..=1.0));
            self.paused_until = Some(now + pause);
            self.row = self.row.saturating_add(1);
        } else if let Some(asked) = retry_after {
            self.paused_until = self.paused_until.max(Some(now + asked));
        }
        let Some(place) = ticket.and_then(|ticket| ticket.place) else { return };
        self.grow_every = (self.grow_every * 2).min(GROW.1);
        self.grow_at = now + self.grow_every.mul_f64(self.luck.random_range(0.5..=1.5));
        let was_sure = self.places.give_up(place);
        if self.row > 1 {
            self.places.halve(&mut self.luck);
        }
        if was_sure || self.places.len() == 0 {
            let begin = self.paused_until.unwrap_or(now).max(now);
            let within = (places::FRAME / 2 / (self.places.len() as u32 + 1)).max(ELSEWHERE);
            self.places.try_at(begin + within.mul_f64(self.luck.random_range(0.0..=1.0)));
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

    /// Until when nothing is sent because the platform refused.
    pub fn paused_until(&self) -> Option<Moment> {
        self.paused_until
    }

    /// The places that were good.
    pub fn learned(&self) -> Learned {
        Learned(self.places.sure())
    }

    /// The moment of the next request of this class, maybe in the past, and the place of a look.
    fn next(&self, class: Class, now: Moment) -> (Moment, Option<u32>) {
        let resumed = self.paused_until.unwrap_or_default();
        if class == Class::Foreground {
            return (resumed.max(self.credited(1.0)), None);
        }
        let earliest = now
            .saturating_sub(PUNCTUAL)
            .max(self.looked + Duration::from_millis(1))
            .max(resumed)
            .max(self.credited(1.0 + FOR_ORDERS));
        let (at, place) = self.places.next(earliest);
        (at, Some(place))
    }

    fn credit_at(&self, now: Moment) -> f64 {
        let (credit, at) = self.credit;
        (credit + now.saturating_sub(at).as_secs_f64() * self.rate).min(CREDIT)
    }

    /// When there is so much in the bucket.
    fn credited(&self, much: f64) -> Moment {
        let (credit, at) = self.credit;
        // A nanosecond on top, so that rounding never makes it a hair too early.
        at + Duration::from_secs_f64(((much - credit) / self.rate).max(0.0)) + Duration::from_nanos(1)
    }

    fn grow(&mut self, now: Moment) {
        if now < self.grow_at || self.row > 0 {
            return;
        }
        for _ in 0..self.most.div_ceil(STEPS).min(self.most.saturating_sub(self.places.len())) {
            self.places.add(&mut self.luck);
        }
        self.grow_at = now + self.grow_every.mul_f64(self.luck.random_range(0.5..=1.5));
    }
}
