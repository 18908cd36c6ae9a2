//! A floor of desktops, event by event.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use offhook_wire::pace::Class;
use offhook_wire::share::{Moment, Plan, Rounds, Share, Ticket};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::platform::{Limiter, Platform};

/// Eight o'clock on some day: everybody starts in the second after.
const START: Duration = Duration::from_secs(1_780_300_800);
const HOUR: Duration = Duration::from_secs(3_600);
/// How far a desktop's clock is off at most, either way.
const SKEW: Duration = Duration::from_millis(150);
/// How many requests a sign-in takes, all of them orders.
const SIGN_IN: usize = 4;
/// Seconds after which an agent orders something (a status, a call), on average.
const ORDER_EVERY: f64 = 7_200.0;
const SAMPLE_EVERY: Duration = Duration::from_secs(61);

/// The pieces that are looked at, by rank.
pub(crate) const PIECES: [(&str, Class, u64); 5] = [
    ("live", Class::Live, 5),
    ("state", Class::State, 15),
    ("queues", Class::Background, 30),
    ("rest", Class::Prefetch, 300),
    ("rest", Class::Prefetch, 300),
];
const STATE: usize = 1;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) desktops: usize,
    pub(crate) limit: f64,
    pub(crate) limiter: Limiter,
    pub(crate) retry_after: Option<Duration>,
    /// Requests a second of another integration, at irregular times and whatever the answer.
    pub(crate) other: f64,
    /// Whether desktops are told how many agents are signed in.
    pub(crate) crowd: bool,
    pub(crate) hours: u32,
}

/// What happened in the second half of the time.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Ages in seconds, by piece.
    pub(crate) ages: [Vec<f64>; PIECES.len()],
    /// How long orders waited until they were taken, in seconds.
    pub(crate) orders: Vec<f64>,
    /// The same of the last request of each sign-in, at the beginning.
    pub(crate) sign_ins: Vec<f64>,
    pub(crate) asked: usize,
    pub(crate) refused: usize,
    /// Of the other integration.
    pub(crate) other_asked: usize,
    pub(crate) other_refused: usize,
    /// Requests taken, by desktop.
    pub(crate) taken: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A desktop sees whether it may send something.
    Ask(usize),
    /// Its agent orders something.
    Order(usize),
    /// Its request reaches the platform: for a piece, or (`None`) an order.
    Arrives(usize, Option<usize>),
    /// A request of the other integration.
    Other,
}

struct Desktop {
    share: Share,
    rounds: Rounds<usize>,
    /// Since when orders wait.
    orders: Vec<Moment>,
    fetched: [Moment; PIECES.len()],
    under_way: Option<Ticket>,
    is_signed_in: bool,
    /// How far its clock is ahead of one that is [`SKEW`] behind.
    ahead: Duration,
    asks_at: Moment,
}

impl Desktop {
    fn clock(&self, now: Moment) -> Moment {
        now + self.ahead - SKEW
    }

    /// What it sends now, or when to see again.
    fn ask(&mut self, now: Moment) -> Result<Option<usize>, Moment> {
        let class = if self.orders.is_empty() {
            self.rounds.due_class(now).map_err(|at| at.unwrap())?
        } else {
            Class::Foreground
        };
        let clock = self.clock(now);
        let ticket = self.share.spend(class, clock).map_err(|at| at + SKEW - self.ahead)?;
        self.under_way = Some(ticket);
        Ok(if self.orders.is_empty() { self.rounds.choose(now) } else { None })
    }
}

struct Floor {
    scenario: Scenario,
    platform: Platform,
    desktops: Vec<Desktop>,
    signed_in: usize,
    events: BinaryHeap<Reverse<(Moment, Event)>>,
    luck: StdRng,
    /// From when on it is measured.
    steady: Moment,
    outcome: Outcome,
}

pub(crate) fn simulate(scenario: Scenario, seed: u64) -> Outcome {
    let mut luck = StdRng::seed_from_u64(seed);
    let plan = Plan { limit: scenario.limit, ..Plan::default() };
    let mut events = BinaryHeap::new();
    let mut desktop = |n| {
        let at = START + Duration::from_millis(luck.random_range(0..1_000));
        events.push(Reverse((at, Event::Ask(n))));
        events.push(Reverse((at + seldom(&mut luck), Event::Order(n))));
        let ahead = Duration::from_millis(luck.random_range(0..2 * SKEW.as_millis() as u64));
        Desktop {
            share: Share::new(plan, None, at + ahead - SKEW, luck.random()),
            rounds: Rounds::new(
                (0..).zip(PIECES).map(|(n, (_, class, wish))| (n, class, Duration::from_secs(wish))),
            ),
            orders: vec![at; SIGN_IN],
            fetched: [START; PIECES.len()],
            under_way: None,
            is_signed_in: false,
            ahead,
            asks_at: at,
        }
    };
    let desktops = (0..scenario.desktops).map(&mut desktop).collect();
    if scenario.other > 0.0 {
        events.push(Reverse((START, Event::Other)));
    }
    let outcome = Outcome {
        ages: Default::default(),
        orders: Vec::new(),
        sign_ins: Vec::new(),
        asked: 0,
        refused: 0,
        other_asked: 0,
        other_refused: 0,
        taken: vec![0; scenario.desktops],
    };
    let platform = Platform::new(scenario.limiter, scenario.retry_after, START);
    let steady = START + HOUR * scenario.hours / 2;
    let mut floor = Floor { scenario, platform, desktops, signed_in: 0, events, luck, steady, outcome };
    floor.run();
    floor.outcome
}

impl Floor {
    fn run(&mut self) {
        let mut sample_at = self.steady;
        while let Some(Reverse((now, event))) = self.events.pop() {
            if now >= START + HOUR * self.scenario.hours {
                break;
            }
            while now >= sample_at {
                self.sample(sample_at);
                sample_at += SAMPLE_EVERY;
            }
            match event {
                Event::Ask(n) => self.asks(n, now),
                Event::Order(n) => {
                    self.desktops[n].orders.push(now);
                    let next = now + seldom(&mut self.luck);
                    self.events.push(Reverse((next, Event::Order(n))));
                    self.ask_at(n, now);
                }
                Event::Arrives(n, what) => self.arrives(n, what, now),
                Event::Other => {
                    let is_refused = self.platform.arrives(now).is_err();
                    if now >= self.steady {
                        self.outcome.other_asked += 1;
                        self.outcome.other_refused += usize::from(is_refused);
                    }
                    let pause = self.luck.random_range(0.5..1.5) / self.scenario.other;
                    self.events.push(Reverse((now + Duration::from_secs_f64(pause), Event::Other)));
                }
            }
        }
    }

    fn asks(&mut self, n: usize, now: Moment) {
        let desktop = &mut self.desktops[n];
        // An event that was overtaken by an earlier one.
        if desktop.asks_at != now || desktop.under_way.is_some() {
            return;
        }
        match desktop.ask(now) {
            Ok(what) => {
                let travel = Duration::from_millis(self.luck.random_range(20..80));
                self.events.push(Reverse((now + travel, Event::Arrives(n, what))));
            }
            Err(at) => self.ask_at(n, at),
        }
    }

    fn ask_at(&mut self, n: usize, at: Moment) {
        self.desktops[n].asks_at = at;
        self.events.push(Reverse((at, Event::Ask(n))));
    }

    fn arrives(&mut self, n: usize, what: Option<usize>, now: Moment) {
        let is_measured = now >= self.steady;
        let desktop = &mut self.desktops[n];
        let clock = desktop.clock(now);
        let ticket = desktop.under_way.take().unwrap();
        let answer = self.platform.arrives(now);
        if is_measured {
            self.outcome.asked += 1;
            self.outcome.refused += usize::from(answer.is_err());
            self.outcome.taken[n] += usize::from(answer.is_ok());
        }
        match (answer, what) {
            (Err(retry_after), what) => {
                desktop.share.refused(Some(ticket), retry_after, clock);
                if let Some(piece) = what {
                    desktop.rounds.refused(piece);
                }
            }
            (Ok(()), Some(piece)) => {
                desktop.share.taken(ticket, clock);
                desktop.rounds.fetched(piece, now);
                desktop.fetched[piece] = now;
                // Who is signed in is told with the agent's own state.
                if piece == STATE && self.scenario.crowd {
                    desktop.share.crowd(self.signed_in, clock);
                }
            }
            (Ok(()), None) => {
                desktop.share.taken(ticket, clock);
                let waited = (now - desktop.orders.remove(0)).as_secs_f64();
                if desktop.is_signed_in {
                    self.outcome.orders.push(waited);
                } else if desktop.orders.is_empty() {
                    self.outcome.sign_ins.push(waited);
                    desktop.is_signed_in = true;
                    self.signed_in += 1;
                    if self.scenario.crowd {
                        desktop.share.crowd(self.signed_in, clock);
                    }
                }
            }
        }
        self.ask_at(n, now);
    }

    fn sample(&mut self, now: Moment) {
        for desktop in &self.desktops {
            for (ages, fetched) in self.outcome.ages.iter_mut().zip(desktop.fetched) {
                ages.push((now - fetched).as_secs_f64());
            }
        }
    }
}

/// A time between two orders of an agent.
fn seldom(luck: &mut StdRng) -> Duration {
    Duration::from_secs_f64(-ORDER_EVERY * luck.random_range(f64::MIN_POSITIVE..1.0).ln())
}
