//! The contact centre itself: people, queues, telephones, contacts, and what happens between them.
//!
//! One `World` holds everything; it knows no HTTP and none of the vendors' words (each face translates). It never
//! waits: time is the scenario clock, and what is to happen later stands in the agenda. Whoever owns the world locks it,
//! asks or changes something, and calls [`World::run_due`] when the next entry of the agenda has come.
//!
//! A ring goes like this. [`World::arrive`] files the activity as *waiting* and [`World::distribute`] offers it to the
//! ready agent with the smallest penalty who has been idle longest: now it *rings* there. The agent takes it
//! (*active*), refuses it or lets it ring too long (back to waiting, the agent on an inactivity pause, the next one is
//! asked), or the caller gives up (*closed*, missed). When the talk is over the activity stays active until the agent
//! files it with wrap-up codes; then comes the after-call work, a pause that ends by itself.
//!
//! A call is such an activity with legs. What one agent's telephone shows of it is a *line* ([`lines`]): it is held, muted,
//! passed on, joined, parked or recorded, and each change gives it a new token. A call of no queue, or of an agent for whom
//! no app files, is filed by itself when it ends.

mod activities;
mod calls;
mod clock;
mod conference;
mod correspondence;
mod dialling;
mod dice;
mod distribution;
mod ending;
mod entries;
mod files;
mod joining;
mod lines;
mod names;
mod office;
mod parking;
mod people;
mod placing;
mod recording;
pub(crate) mod records;
mod scenario;
mod seed;
mod seed_files;
mod seed_letters;
mod seed_tickets;
mod ticket_life;
mod tickets;

pub(crate) use activities::{Activity, Cause, Channel, Direction, EndedBy, Leg, LegState, Phase};
pub(crate) use calls::Arrival;
pub(crate) use clock::{Agenda, Clock, DAY, Due, HOUR, MINUTE, Millis, SECOND, wall_micros};
pub(crate) use correspondence::Letter;
pub(crate) use dice::Dice;
pub(crate) use entries::{Author, Body, ChatLine, Entry, Event};
pub(crate) use files::{Attachment, Files, StoredFile};
pub(crate) use joining::Passing;
pub(crate) use lines::{Deed, Line, LineEvent, LineState, line_id};
pub(crate) use office::{Diversion, FREE, LogItem, LogKind, LogOwner, Shelf, Status};
pub(crate) use people::{Agent, Device, DeviceKind, Presence, TOPICS, Topic};
pub(crate) use placing::Target;
pub(crate) use recording::{Recording, RecordingRule};
pub(crate) use records::{Record, Records};
pub(crate) use scenario::Play;
pub(crate) use tickets::{NewTicket, Priority, Ticket, TicketState, Tickets, ticket_number};

use crate::journal::Journal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;

/// Where work of one kind waits for agents.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Queue {
    pub id: u32,
    pub name: String,
    pub description: String,
    pub channel: Channel,
    /// None: both.
    pub direction: Option<Direction>,
    pub deactivated: bool,
    /// After-call work in seconds; 0: none.
    pub wrap_up_seconds: i64,
    pub wrap_up_codes: Vec<String>,
    pub code_required: bool,
    pub several_codes: bool,
    /// The number or address that customers use.
    pub address: String,
}

impl Queue {
    pub(crate) fn needs_device(&self) -> bool {
        self.channel == Channel::Call
    }

    pub(crate) fn takes_outgoing_calls(&self) -> bool {
        self.channel == Channel::Call && self.direction == Some(Direction::Out)
    }
}

/// How the centre behaves where its platform's documents leave it open, or where a test wants it otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// How long it rings at one agent; 0: until somebody acts.
    pub ring_timeout: Millis,
    /// How long an outgoing call rings before the other side answers.
    pub answer_delay: Millis,
    /// Whether who refuses or misses a ring is put on the inactivity pause.
    pub pause_after_missed: bool,
    /// Whether filing an activity whose line is still up ends the call (else it is refused).
    pub close_hangs_up: bool,
    /// Signs out agents whose app was silent for so long; 0: never.
    pub inactivity_logout: Millis,
    /// After-call work in seconds instead of the queue's own.
    pub wrap_up_seconds: Option<i64>,
    /// How calls can be recorded.
    pub recording: RecordingRule,
    /// How long the agent's own device takes to start a call.
    pub device_delay: Millis,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring_timeout: 20 * SECOND,
            answer_delay: 4 * SECOND,
            pause_after_missed: true,
            close_hangs_up: false,
            inactivity_logout: 10 * MINUTE,
            wrap_up_seconds: None,
            recording: RecordingRule::Everything,
            device_delay: SECOND,
        }
    }
}

/// Why the centre does not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoSuchAgent,
    NoSuchActivity,
    NoSuchPause,
    NoSuchQueue,
    NoSuchDevice,
    QueueForbidden,
    /// Signed out or not ready.
    NotReady,
    /// Nothing to be called on.
    NoDevice,
    /// Several devices are in use and none was named.
    WhichDevice,
    QueuesNeedDevice,
    NoOutgoingQueue,
    NumberUnusable,
    NotYours,
    AlreadyTaken,
    NotRinging,
    CallInProgress,
    NoLine,
    AlreadyClosed,
    CodeRequired,
    OnlyOneCode,
    NoSuchCode(String),
    NoSuchTicket,
    NoSuchCategory,
}

#[derive(Debug)]
pub(crate) struct World {
    pub clock: Clock,
    pub dice: Dice,
    pub rules: Rules,
    pub agents: BTreeMap<String, Agent>,
    /// Agents in the order in which they were engaged; the first is the one who practises.
    pub roster: Vec<String>,
    pub queues: BTreeMap<u32, Queue>,
    pub devices: BTreeMap<String, Device>,
    pub activities: BTreeMap<String, Activity>,
    pub records: Records,
    pub tickets: Tickets,
    pub files: Files,
    /// Changes of tickets in a second.
    ticket_rate: u32,
    pub journal: Arc<Journal>,
    pub play: Play,
    pub revision: u64,
    agenda: Agenda,
    /// Ids of activities that are not closed.
    open: BTreeSet<String>,
    /// Rings whenever anything changes.
    pulse: watch::Sender<u64>,
    /// Leg → activity.
    lines: BTreeMap<String, String>,
    office: office::Office,
    next_item: i64,
}

impl World {
    /// A centre with its people and files, and nothing going on yet.
    pub(crate) fn new(seed: u64, agents: usize, play: Play, journal: Arc<Journal>) -> Self {
        let mut world = Self {
            clock: Clock::start(),
            dice: Dice::new(seed),
            rules: Rules::default(),
            agents: BTreeMap::new(),
            roster: Vec::new(),
            queues: BTreeMap::new(),
            devices: BTreeMap::new(),
            activities: BTreeMap::new(),
            records: Records::default(),
            tickets: Tickets::default(),
            files: Files::new(seed),
            ticket_rate: 0,
            journal,
            play,
            revision: 1,
            agenda: Agenda::default(),
            open: BTreeSet::new(),
            pulse: watch::Sender::new(0),
            lines: BTreeMap::new(),
            office: office::Office::default(),
            next_item: 40_000,
        };
        seed::furnish(&mut world, agents);
        world.furnish_office();
        let now = world.now();
        world.agenda.add(now + 30 * SECOND, Due::Inactivity);
        world.curtain_up();
        world
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.agenda.next()
    }

    pub(crate) fn agenda_len(&self) -> usize {
        self.agenda.len()
    }

    /// Activities that are not closed, oldest first.
    pub(crate) fn open_activities(&self) -> impl Iterator<Item = &Activity> {
        self.open.iter().filter_map(|id| self.activities.get(id))
    }

    /// Does everything that is due by now.
    pub(crate) fn run_due(&mut self) {
        let now = self.now();
        while let Some(due) = self.agenda.pop(now) {
            match due {
                Due::RingTimeout { id, attempt } => self.ring_timed_out(&id, Some(attempt)),
                Due::Patience { id } => self.patience_ends(&id),
                Due::DialOut { id } => self.dial_out(&id),
                Due::FarAnswers { id } => self.far_answers(&id),
                Due::FarFails { id, cause } => self.far_fails(&id, cause),
                Due::FarHangsUp { id } => self.far_hangs_up(&id),
                Due::WrapUpOver { agent, until } => self.wrap_up_over(&agent, until),
                Due::CampOver { id } => self.camp_over(&id),
                Due::StatusOver { agent, until } => self.status_over(&agent, until),
                Due::Inactivity => self.sign_out_the_silent(),
                Due::SimulatedWork { agent } => self.simulated_work(&agent),
                Due::SimulatedMood { agent } => self.simulated_mood(&agent),
                Due::Traffic => self.traffic(),
                Due::Background => self.background(),
                Due::Script { line } => self.play_line(line),
                Due::TicketDay => self.ticket_day(),
                Due::TicketRate { since, done } => self.tickets_hurry(since, done),
                Due::Reopen { ticket, until } => self.ticket_reopens(ticket, until),
            }
        }
    }

    /// Writes a line into the journal.
    pub(crate) fn note(&self, what: &'static str, agent: &str, detail: &str) {
        self.journal.note_in_world(self.now(), what, agent, detail);
    }

    pub(crate) fn draw_activity_id(&mut self) -> String {
        format!("activities_{}", self.dice.hex(20))
    }

    pub(crate) fn draw_item_number(&mut self) -> i64 {
        self.next_item += 1;
        self.next_item
    }
}
