//! The places of a desktop within the frame of time that all desktops share.
//!
//! A place is a millisecond of the frame at which a request was taken once. One refusal does not cost it, for a stray request
//! may have been in the way; two in a row mean that somebody else has it.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::Moment;

/// The frame. One for everybody whatever their plan, since only places of equal frames stay clear of each other; long
/// enough that some hundred desktops find a place in it under one request a second.
pub(super) const FRAME: Duration = Duration::from_secs(600);
/// More places than this do not make anything fresher.
pub(super) const MOST: usize = 600;

const FRAME_MS: u32 = 600_000;
/// Every third second of the clock is left to orders, where they are kept apart.
const SECONDS: u32 = 3;
/// The part of what is allowed that looks may take where they are not.
const TOGETHER: f64 = 0.8;
/// The part of a second in which looks go, in milliseconds: where a platform counts by the seconds of the clock, whatever
/// others send in that second has come first, and latency does not carry the look into the next.
const IN_SECOND: std::ops::Range<u32> = 450..700;
/// The part of a second of their own in which orders go.
const ORDERS_IN_SECOND: std::ops::Range<u32> = 200..700;
/// Of so many moments the one that is furthest from all places is tried.
const BEST_OF: usize = 4;

#[derive(Debug, Clone, Copy)]
struct Place {
    at: u32,
    /// The last request there was refused.
    doubtful: bool,
}

#[derive(Debug)]
pub(super) struct Places {
    /// By time, none twice.
    places: Vec<Place>,
    kept: Kept,
}

/// Whether looks keep off the seconds of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// One request fills a second: every third one is for orders.
    Apart,
    /// There is room in every second.
    Together,
}

impl Places {
    pub(super) fn of(learned: &[u32], most: usize, kept: Kept) -> Self {
        let mut places = Self { places: Vec::new(), kept };
        learned.iter().take(most).for_each(|at| places.put(at % FRAME_MS));
        places
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn all(&self) -> Vec<u32> {
        self.places.iter().map(|place| place.at).collect()
    }

    /// The first moment from this one on that is ours.
    pub(super) fn next(&self, from: Moment) -> Option<Moment> {
        let from = whole_ms(from);
        let within = phase(from);
        let place = self.places.iter().find(|place| place.at >= within).or(self.places.first())?;
        Some(from + Duration::from_millis(((place.at + FRAME_MS - within) % FRAME_MS).into()))
    }

    /// A moment for a look after this one, drawn at random within so long, rather far from the places that are there.
    pub(super) fn try_after(&self, from: Moment, within: Duration, luck: &mut impl Rng) -> Moment {
        let draw = |luck: &mut _| {
            let moment = from + within.mul_f64(RngExt::random_range(luck, 0.0..1.0));
            self.kept.for_looks(moment, luck)
        };
        let mut best = draw(luck);
        for _ in 1..BEST_OF {
            let other = draw(luck);
            if self.distance(other) > self.distance(best) {
                best = other;
            }
        }
        best
    }

    /// A request there was taken.
    pub(super) fn taken(&mut self, moment: Moment) {
        let at = phase(moment);
        match self.places.iter_mut().find(|place| place.at == at) {
            Some(place) => place.doubtful = false,
            None => self.put(at),
        }
    }

    /// A request there was refused. Whether that cost the place.
    pub(super) fn refused(&mut self, moment: Moment) -> bool {
        let at = phase(moment);
        let Some(index) = self.places.iter().position(|place| place.at == at) else { return false };
        let lost = std::mem::replace(&mut self.places[index].doubtful, true);
        if lost {
            self.places.remove(index);
        }
        lost
    }

    /// Gives up every other one, drawn at random, but not the last.
    pub(super) fn halve(&mut self, luck: &mut impl Rng) {
        self.keep(self.places.len().div_ceil(2), luck);
    }

    /// Gives up all but so many, drawn at random.
    pub(super) fn keep(&mut self, many: usize, luck: &mut impl Rng) {
        while self.places.len() > many {
            self.places.remove(luck.random_range(0..self.places.len()));
        }
    }

    fn put(&mut self, at: u32) {
        let index = self.places.partition_point(|other| other.at < at);
        if self.places.get(index).is_none_or(|other| other.at != at) {
            self.places.insert(index, Place { at, doubtful: false });
        }
    }

    /// How far the nearest place is.
    fn distance(&self, moment: Moment) -> u32 {
        let at = phase(moment);
        let far = |place: &Place| {
            let apart = place.at.abs_diff(at);
            apart.min(FRAME_MS - apart)
        };
        self.places.iter().map(far).min().unwrap_or(FRAME_MS)
    }
}

impl Kept {
    /// How many places for looks a frame has for all desktops together, under so many requests a second.
    pub(super) fn for_all(self, limit: f64) -> f64 {
        let seconds = FRAME.as_secs_f64();
        match self {
            Self::Apart => limit * seconds * f64::from(SECONDS - 1) / f64::from(SECONDS),
            Self::Together => limit * seconds * TOGETHER,
        }
    }

    /// The first moment for an order from this one on.
    pub(super) fn for_orders(self, moment: Moment) -> Moment {
        let ms = phase(moment);
        let (second, within) = (ms / 1_000 % SECONDS, ms % 1_000);
        let is_theirs = second == SECONDS - 1;
        if self == Self::Together || is_theirs && ORDERS_IN_SECOND.contains(&within) {
            return moment;
        }
        let seconds = match is_theirs {
            true if within < ORDERS_IN_SECOND.start => 0,
            true => SECONDS,
            false => SECONDS - 1 - second,
        };
        moment + Duration::from_millis((seconds * 1_000 + ORDERS_IN_SECOND.start).into())
            - Duration::from_millis(within.into())
    }

    /// A moment for looks close to this one, never before its second.
    fn for_looks(self, moment: Moment, luck: &mut impl Rng) -> Moment {
        let second = moment.as_secs();
        let is_theirs = self == Self::Apart && second % u64::from(SECONDS) == u64::from(SECONDS - 1);
        let second = second + u64::from(is_theirs);
        Duration::from_millis(second * 1_000 + u64::from(luck.random_range(IN_SECOND)))
    }
}

fn whole_ms(moment: Moment) -> Moment {
    Duration::from_millis(moment.as_nanos().div_ceil(1_000_000) as u64)
}

fn phase(moment: Moment) -> u32 {
    (moment.as_millis() % u128::from(FRAME_MS)) as u32
}
