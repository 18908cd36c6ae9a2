//! The state under a flood of news, for `benches/state.rs`: what the hub does for each, with all the copying and comparing,
//! but without network and store.

use std::collections::HashMap;

use model::{
    Account, AccountId, Action, CallControl, Channel, ContactId, ContactPresence, Direction, Lamp, Link,
    Party, Phase, Platform, Presence, Queue, QueueJoin, QueueStatistics, Reach, WrapUpRules,
};

use crate::clock;
use crate::hub::{Follower, Hub};
use crate::sight::{Hearing, Seen, SeenAgent, Sight};
use crate::state::State;

/// How many calls go on in each account.
const CALLS: usize = 3;
/// How many queues each account has.
const QUEUES: usize = 20;

/// A hub with some accounts, each with calls, queues and watched contacts.
pub struct Busy {
    hub: Hub,
    accounts: Vec<AccountId>,
    contacts: usize,
    turn: u32,
}

impl Busy {
    /// So many accounts, each with so many contacts in sight.
    pub fn new(accounts: usize, contacts: usize) -> Self {
        let accounts: Vec<AccountId> = (0..accounts).map(|n| AccountId(format!("exchange-{n}"))).collect();
        let hub = Hub::new(State::default());
        let mut busy = Self { hub, accounts, contacts, turn: 0 };
        let all = busy.accounts.iter().flat_map(|id| (0..contacts).map(|n| contact(id, n)));
        busy.hub.figures(|figures| figures.watch(all));
        for id in busy.accounts.clone() {
            busy.hub.update(|state, now| {
                state.add_account(account(&id), now);
                let live = Hearing::of(Link::Live, Some(now));
                state.hears(&id, live, now);
            });
            (0..contacts).for_each(|_| busy.a_contact_changes());
            busy.a_call_changes();
            busy.the_figures_change();
        }
        busy
    }

    /// Follows what is told.
    pub fn follow(&self) -> Follower {
        self.hub.follow().1
    }

    /// A platform shows an account, in which one call has changed.
    pub fn a_call_changes(&mut self) {
        let (id, turn) = self.next();
        let sight = sight(turn);
        self.hub.update(|state, now| state.saw(&id, sight, &HashMap::new(), now));
    }

    /// A platform shows an account, in which nothing has changed.
    pub fn nothing_changes(&mut self) {
        let (id, _) = self.next();
        let sight = sight(0);
        self.hub.update(|state, now| state.saw(&id, sight, &HashMap::new(), now));
    }

    /// News of one contact.
    pub fn a_contact_changes(&mut self) {
        let (id, turn) = self.next();
        let contact = contact(&id, turn as usize % self.contacts.max(1));
        let news = ContactPresence {
            contact,
            activity: Some("Available".to_owned()),
            available: Some(true),
            note: None,
            until: None,
            lamp: if turn.is_multiple_of(2) { Lamp::Idle } else { Lamp::Busy },
            calls: Vec::new(),
            heard_at: clock::now(),
            live: true,
        };
        self.hub.figures(|figures| figures.present(vec![news]));
    }

    /// The figures of all queues of an account, of which one has changed.
    pub fn the_figures_change(&mut self) {
        let (id, turn) = self.next();
        let figures = (0..QUEUES).map(|n| QueueStatistics {
            waiting: Some(if n == 0 { turn } else { 3 }),
            logged_in: Some(12),
            free: Some(4),
            ..QueueStatistics::untold(
                id.clone(),
                format!("queue-{n}").into(),
                format!("Queue {n}"),
                model::Timestamp(0),
                "stream",
            )
        });
        let figures = figures.collect();
        self.hub.figures(|all| all.counted(&id, figures));
    }

    fn next(&mut self) -> (AccountId, u32) {
        self.turn += 1;
        (self.accounts[self.turn as usize % self.accounts.len()].clone(), self.turn)
    }
}

fn contact(account: &AccountId, n: usize) -> ContactId {
    ContactId::new(account, &format!("person-{n}"))
}

fn account(id: &AccountId) -> Account {
    Account {
        id: id.clone(),
        platform: Platform::Dstny,
        name: id.0.clone(),
        url: "https://exchange.example/api".to_owned(),
        username: None,
        practice: false,
    }
}

fn sight(turn: u32) -> Sight {
    let queue = |n| Queue {
        id: format!("queue-{n}").into(),
        title: format!("Queue {n}"),
        kind: "acd".to_owned(),
        outgoing: false,
        join: QueueJoin::Manual,
        logged_in: true,
    };
    Sight {
        agent: SeenAgent {
            username: "anna@acme.example".to_owned(),
            name: "Anna".to_owned(),
            presence: Presence::Ready,
            pause: None,
            since: None,
            reach: Reach::Busy,
            always_ready: false,
            pauses: Vec::new(),
        },
        queues: (0..QUEUES).map(queue).collect(),
        devices: Vec::new(),
        lines: Vec::new(),
        presence: None,
        capabilities: Vec::new(),
        missed: 0,
        announcements: Vec::new(),
        activities: (0..CALLS).map(|n| call(n, turn)).collect(),
        left: Vec::new(),
        unreadable: 0,
    }
}

fn call(n: usize, turn: u32) -> Seen {
    Seen {
        name: format!("call-{n}"),
        channel: Channel::Call,
        direction: Direction::In,
        phase: Phase::Open,
        began_at: None,
        answered_at: None,
        ended_at: None,
        title: None,
        party: Party::default(),
        contact: None,
        queue: None,
        ticket: None,
        device: None,
        on_hold: n == 0 && turn.is_multiple_of(2),
        web: None,
        facts: Vec::new(),
        actions: vec![Action::Hangup, Action::Hold, Action::Mute, Action::Transfer],
        call: Some(CallControl::default()),
        wrap_up: WrapUpRules::default(),
    }
}
