//! The places of a desktop within the frame of time that all desktops share.
//!
//! A place is a millisecond of the frame. It is *sure* once a request there was taken, and tried until then.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::Moment;

/// The frame. One for everybody whatever their plan, since only places of equal frames stay clear of each other; long
/// enough that some hundred desktops find a place in it under one request a second.
pub(super) const FRAME: Duration = Duration::from_secs(512);
/// More places than this do not make anything fresher.
pub(super) const MOST: usize = 512;

const FRAME_MS: u32 = 512_000;

#[derive(Debug, Clone, Copy)]
struct Place {
    at: u32,
    sure: bool,
}

#[derive(Debug)]
pub(super) struct Places {
    /// By time, none twice.
    places: Vec<Place>,
}

impl Places {
    pub(super) fn of(learned: &[u32], most: usize) -> Self {
        let mut places = Self { places: Vec::new() };
        learned.iter().take(most).for_each(|at| places.put(Place { at: at % FRAME_MS, sure: true }));
        places
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn sure(&self) -> Vec<u32> {
        self.places.iter().filter(|place| place.sure).map(|place| place.at).collect()
    }

    /// The first moment from this one on that is ours (without any place: a frame later), and its place.
    pub(super) fn next(&self, from: Moment) -> (Moment, u32) {
        let from = Duration::from_millis(from.as_nanos().div_ceil(1_000_000) as u64);
        let within = phase(from);
        let at_or_after = self.places.iter().find(|place| place.at >= within).or(self.places.first());
        let at = at_or_after.map_or(within, |place| place.at);
        let wait = if self.places.is_empty() { FRAME_MS } else { (at + FRAME_MS - within) % FRAME_MS };
        (from + Duration::from_millis(wait.into()), at)
    }

    /// Adds one to try, somewhere in the middle of the widest gap.
    pub(super) fn add(&mut self, luck: &mut impl Rng) {
        let gaps = self.places.iter().enumerate().map(|(i, place)| {
            let next = self.places[(i + 1) % self.places.len()].at;
            // A single place has the whole frame before it.
            (((next + FRAME_MS - place.at - 1) % FRAME_MS) + 1, place.at)
        });
        let at = match gaps.max() {
            Some((gap, after)) => {
                (after + (f64::from(gap) * luck.random_range(0.25..0.75)) as u32) % FRAME_MS
            }
            None => luck.random_range(0..FRAME_MS),
        };
        self.put(Place { at, sure: false });
    }

    /// Adds one to try at this moment.
    pub(super) fn try_at(&mut self, moment: Moment) {
        self.put(Place { at: phase(moment), sure: false });
    }

    /// A request there was taken. Whether that is new.
    pub(super) fn keep(&mut self, at: u32) -> bool {
        let tried = self.places.iter_mut().find(|place| place.at == at && !place.sure);
        tried.map(|place| place.sure = true).is_some()
    }

    /// A request there was refused. Whether it had been taken before.
    pub(super) fn give_up(&mut self, at: u32) -> bool {
        let index = self.places.iter().position(|place| place.at == at);
        index.is_some_and(|index| self.places.remove(index).sure)
    }

    /// Gives up every other one, drawn at random.
    pub(super) fn halve(&mut self, luck: &mut impl Rng) {
        let keep = self.places.len().div_ceil(2);
        while self.places.len() > keep {
            self.places.remove(luck.random_range(0..self.places.len()));
        }
    }

    fn put(&mut self, place: Place) {
        let index = self.places.partition_point(|other| other.at < place.at);
        if self.places.get(index).is_none_or(|other| other.at != place.at) {
            self.places.insert(index, place);
        }
    }
}

fn phase(moment: Moment) -> u32 {
    (moment.as_millis() % u128::from(FRAME_MS)) as u32
}
