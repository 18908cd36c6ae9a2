//! The one state that every view mirrors: pure, without I/O and without a clock of its own.
//!
//! Whatever happens comes in through one of the methods here, with the moment it happened. A platform's picture is
//! taken whole ([`State::saw`]); activities, rings and pending commands follow from it and from nothing else, so that
//! what is shown never runs ahead of the platform. What goes out is worked out elsewhere, by comparing two views
//! ([`crate::view`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use model::{
    Account, AccountId, AccountState, Activity, ActivityId, Agent, CommandId, ContactMatch, Draft, Health,
    Link, OutboxItem, Party, Phase, Presence, Problem, ProblemCode, Settings, Timestamp,
};

use crate::commands::{Commands, Progress, Want};
use crate::drafts::is_empty;
use crate::elsewhere::Borrowed;
use crate::figures::Figures;
use crate::inbox::Board;
use crate::notices::{LookedAt, Notices};
use crate::numbers;
use crate::plan::title_of;
use crate::ring::{Rings, Stop};
use crate::sight::{Fate, Hearing, Seen, SeenAgent, Sight};

/// Longer than a quiet long poll with room to spare (Daktela answers after 15 s at the latest): when nothing was heard
/// for so long, nobody claims any more that something rings.
pub(crate) const RING_TRUST_MS: i64 = 20_000;
/// Longer than the deadline of a poll (30 s): a listener that is silent for so long is not listening.
pub(crate) const HEARING_MS: i64 = 35_000;
/// How far `heard_at` may lag behind, so that a busy account does not tell every view about every answer.
const HEARD_GRAIN_MS: i64 = 1_000;

/// Everything there is.
#[derive(Debug, Default)]
pub(crate) struct State {
    // Shared with the views that were told of them: what does not change is not copied for the next one.
    pub(crate) accounts: Vec<Arc<AccountState>>,
    pub(crate) activities: Arc<BTreeMap<ActivityId, Arc<Activity>>>,
    pub(crate) rings: Rings,
    pub(crate) commands: Commands,
    pub(crate) outbox: Arc<BTreeMap<u64, OutboxItem>>,
    pub(crate) settings: Arc<Settings>,
    /// What was typed, also for activities that are not there (yet).
    pub(crate) drafts: HashMap<ActivityId, Draft>,
    /// Whom activities were about that ended while something was typed for them.
    pub(crate) titles: HashMap<ActivityId, String>,
    /// The orders for commands that wait for the outbox.
    pub(crate) closing: HashMap<u64, CommandId>,
    pub(crate) figures: Figures,
    pub(crate) notices: Notices,
    /// What is told of tickets.
    pub(crate) board: Board,
    /// Pauses that we have set for calls elsewhere.
    pub(crate) borrowed: Borrowed,
    /// Which call each consultation is for, where we began it.
    pub(crate) consultations: HashMap<ActivityId, ActivityId>,
    /// When each account was last heard, exactly.
    heard: HashMap<AccountId, Timestamp>,
    /// How long silence is normal on each account, in milliseconds.
    quiet: HashMap<AccountId, i64>,
}

impl State {
    /// What the store kept.
    pub(crate) fn new(
        settings: Settings,
        outbox: Vec<OutboxItem>,
        drafts: HashMap<ActivityId, Draft>,
    ) -> Self {
        let outbox = Arc::new(outbox.into_iter().map(|item| (item.id, item)).collect());
        Self { settings: Arc::new(settings), outbox, drafts, ..Self::default() }
    }

    // Accounts and how well they are heard

    /// A new account, not heard yet.
    pub(crate) fn add_account(&mut self, account: Account, now: Timestamp) {
        let health = Health {
            link: Link::Connecting,
            since: now,
            heard_at: None,
            source: String::new(),
            problem: None,
            retry_at: None,
            unreadable: 0,
            ages: Vec::new(),
            session_ends: None,
        };
        self.accounts.push(Arc::new(AccountState {
            account,
            health,
            agent: None,
            queues: Vec::new(),
            devices: Vec::new(),
            lines: Vec::new(),
            presence: None,
            capabilities: Vec::new(),
            missed: 0,
            announcements: Vec::new(),
        }));
    }

    /// Forgets an account and everything of it.
    pub(crate) fn remove_account(&mut self, id: &AccountId) {
        self.accounts.retain(|account| account.account.id != *id);
        self.rings.lost(id);
        Arc::make_mut(&mut self.activities).retain(|activity, of| {
            if of.account == *id {
                self.rings.conversation_over(activity);
            }
            of.account != *id
        });
        Arc::make_mut(&mut self.outbox)
            .retain(|_, item| item.work.account().is_none_or(|account| account != *id));
        self.drafts.retain(|activity, _| activity.parts().is_none_or(|(account, _)| account != *id));
        self.heard.remove(id);
        self.quiet.remove(id);
        self.figures.forget(id);
        self.board.forget(id);
        self.borrowed.forget(id);
        let gone = Problem::new(ProblemCode::NotPossible).on(id).with("why", "removed");
        self.commands.check(id, |_, _, _| Progress::Lost(gone.clone()));
    }

    pub(crate) fn account(&self, id: &AccountId) -> Option<&AccountState> {
        self.accounts.iter().map(|account| &**account).find(|account| account.account.id == *id)
    }

    pub(crate) fn account_mut(&mut self, id: &AccountId) -> Option<&mut AccountState> {
        self.accounts.iter_mut().find(|account| account.account.id == *id).map(Arc::make_mut)
    }

    /// How the listener of an account is doing.
    pub(crate) fn hears(&mut self, id: &AccountId, hearing: Hearing, now: Timestamp) {
        let Some(account) = self.account(id) else { return };
        let mut health = account.health.clone();
        let mut confirmed_at = None;
        let is_trying = matches!(hearing.link, Link::Connecting | Link::CatchingUp);
        if is_trying && matches!(health.link, Link::Offline | Link::Degraded) {
            // Asking again is no answer: until one comes, nothing is known better than before.
            health.retry_at = None;
            return self.set_health(id, health, None);
        }
        if health.link != hearing.link {
            health.link = hearing.link;
            health.since = now;
        }
        health.problem = hearing.problem.map(|problem| problem.on(id));
        health.retry_at = hearing.retry_at;
        health.ages = hearing.ages;
        health.session_ends = hearing.session_ends;
        self.quiet.insert(id.clone(), hearing.quiet_ms);
        if let Some(heard_at) = hearing.heard_at {
            let is_coarser = |shown: Timestamp| heard_at.ms_since(shown).abs() >= HEARD_GRAIN_MS;
            if health.heard_at.is_none_or(is_coarser) {
                health.heard_at = Some(heard_at);
                confirmed_at = Some(heard_at).filter(|_| hearing.link == Link::Live);
            }
            self.heard.insert(id.clone(), heard_at);
        }
        self.set_health(id, health, confirmed_at);
        if hearing.link == Link::Live {
            self.ring_as_shown(id, now);
        }
        if hearing.link == Link::SignedOut {
            self.rings.lost(id);
            self.figures.forget(id);
        }
    }

    fn set_health(&mut self, id: &AccountId, health: Health, confirmed_at: Option<Timestamp>) {
        if self.account(id).is_none_or(|account| account.health == health && confirmed_at.is_none()) {
            return;
        }
        let Some(account) = self.account_mut(id) else { return };
        account.health = health;
        if let Some((agent, at)) = account.agent.as_mut().zip(confirmed_at) {
            agent.confirmed_at = at;
        }
    }

    /// Where the state of an account comes from, in the platform's words.
    pub(crate) fn set_source(&mut self, id: &AccountId, source: &str) {
        if let Some(account) = self.account_mut(id) {
            source.clone_into(&mut account.health.source);
        }
    }

    // What a platform shows

    /// Takes a platform's picture of an account. `matches` holds who the callers of new activities may be.
    pub(crate) fn saw(
        &mut self,
        id: &AccountId,
        sight: Sight,
        matches: &HashMap<String, Vec<ContactMatch>>,
        now: Timestamp,
    ) {
        let Some(account) = self.accounts.iter_mut().find(|account| account.account.id == *id) else {
            return;
        };
        let agent = seen_agent(sight.agent, account.agent.as_ref(), now);
        let seen = AccountState {
            account: Account { username: Some(agent.username.clone()), ..account.account.clone() },
            health: Health { unreadable: sight.unreadable, ..account.health.clone() },
            agent: Some(agent),
            queues: sight.queues,
            devices: sight.devices,
            lines: sight.lines,
            presence: sight.presence,
            capabilities: sight.capabilities,
            missed: sight.missed,
            announcements: sight.announcements,
        };
        if **account != seen {
            *account = Arc::new(seen);
        }
        self.heard.insert(id.clone(), now);

        let fates: HashMap<ActivityId, Fate> =
            sight.left.iter().map(|(name, fate)| (ActivityId::new(id, name), *fate)).collect();
        let mut shown = BTreeSet::new();
        for seen in sight.activities {
            let activity = ActivityId::new(id, &seen.name);
            let found = matches.get(&seen.name);
            shown.insert(activity.clone());
            self.see_activity(id, activity, seen, found, now);
        }
        let gone: Vec<ActivityId> = (self.activities.values())
            .filter(|activity| activity.account == *id && !shown.contains(&activity.id))
            .map(|activity| activity.id.clone())
            .collect();
        for activity in &gone {
            let fate = fates.get(activity).copied().unwrap_or(Fate::Gone);
            self.rings.stops(activity, stop_of(fate));
            self.unpair(activity);
            self.rings.conversation_over(activity);
            let left = Arc::make_mut(&mut self.activities).remove(activity);
            if let Some(left) = left.filter(|left| !is_empty(&left.draft)) {
                self.titles.insert(activity.clone(), title_of(&left));
            }
        }
        self.ring_as_shown(id, now);
        self.check_commands(id, &fates);
    }

    fn see_activity(
        &mut self,
        account: &AccountId,
        id: ActivityId,
        seen: Seen,
        found: Option<&Vec<ContactMatch>>,
        now: Timestamp,
    ) {
        let before = self.activities.get(&id);
        let phase_since =
            before.filter(|before| before.phase == seen.phase).map_or(now, |before| before.phase_since);
        let matches = match (found, before) {
            (Some(found), _) => found.clone(),
            (None, Some(before)) => before.matches.clone(),
            (None, None) => Vec::new(),
        };
        let activity = Activity {
            account: account.clone(),
            channel: seen.channel,
            direction: seen.direction,
            phase: seen.phase,
            phase_since,
            began_at: seen.began_at.or(before.map(|before| before.began_at)).unwrap_or(now),
            answered_at: seen.answered_at.or(before.and_then(|before| before.answered_at)),
            ended_at: seen.ended_at.or(before.and_then(|before| before.ended_at)),
            title: seen.title,
            party: seen.party,
            matches,
            queue: seen.queue,
            ticket: seen.ticket,
            device: seen.device,
            on_hold: seen.on_hold,
            actions: seen.actions,
            web: seen.web,
            facts: seen.facts,
            call: self.paired(&id, seen.call),
            wrap_up: seen.wrap_up,
            draft: self.drafts.get(&id).cloned().unwrap_or_default(),
            id: id.clone(),
        };
        if before.is_none_or(|before| **before != activity) {
            Arc::make_mut(&mut self.activities).insert(id, Arc::new(activity));
        }
    }

    /// Makes the rings of an account what its activities say.
    fn ring_as_shown(&mut self, account: &AccountId, now: Timestamp) {
        for activity in self.activities.values().filter(|activity| activity.account == *account) {
            match activity.phase {
                Phase::Ringing => {
                    let number = number_of(&activity.party);
                    self.rings.rings(&activity.id, account, number.as_deref(), now);
                }
                Phase::Waiting => self.rings.stops(&activity.id, Stop::Passed),
                Phase::Dialling | Phase::Open => self.rings.stops(&activity.id, Stop::Mine),
                Phase::WrapUp | Phase::Postponed => {
                    self.rings.stops(&activity.id, Stop::Mine);
                    self.rings.conversation_over(&activity.id);
                }
            }
        }
    }

    /// Who the other side of an activity may be, as found out later.
    pub(crate) fn identified(&mut self, id: &ActivityId, matches: Vec<ContactMatch>) {
        if self.activities.get(id).is_some_and(|activity| activity.matches != matches) {
            self.change_activity(id, |activity| activity.matches = matches);
        }
    }

    pub(crate) fn change_activity(&mut self, id: &ActivityId, change: impl FnOnce(&mut Activity)) {
        if let Some(activity) = Arc::make_mut(&mut self.activities).get_mut(id) {
            change(Arc::make_mut(activity));
        }
    }

    // Time

    /// Ends what has waited too long.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        self.commands.tick(now);
        for (account, activity) in self.rings.refused() {
            if !self.commands.is_pending(&account, &Want::Declined(activity.clone())) {
                self.rings.not_declined(&activity);
            }
        }
        let silent: Vec<AccountId> = self.deaf_at(RING_TRUST_MS, now);
        for account in silent {
            self.rings.lost(&account);
        }
        for account in self.deaf_at(HEARING_MS, now) {
            let Some(account) = self.account_mut(&account) else { continue };
            if is_hearing(account.health.link) {
                account.health.link = Link::Offline;
                account.health.since = now;
                account.health.problem =
                    Some(Problem::new(ProblemCode::Network).on(&account.account.id.clone()));
            }
        }
    }

    /// When [`State::tick`] has something to do next.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        let deaf = |account: &AccountId, limit| {
            self.heard.get(account).map(|heard| heard.plus_ms(limit + self.quiet_of(account)))
        };
        let rings = self.rings.accounts().filter_map(|account| deaf(account, RING_TRUST_MS));
        let links = (self.accounts.iter())
            .filter(|account| is_hearing(account.health.link))
            .filter_map(|account| deaf(&account.account.id, HEARING_MS));
        let shown = |account: &AccountId| self.account(account).is_some_and(is_shown);
        let borrowed = self.borrowed.next_deadline(shown);
        let own = self.commands.next_deadline().into_iter().chain(self.notices.next_deadline());
        rings.chain(links).chain(own).chain(borrowed).min()
    }

    /// Makes the notices what the rest of the state says of them.
    pub(crate) fn look_at_notices(&mut self, now: Timestamp) {
        let on_ours = |state: &&Arc<AccountState>| {
            let pause = state.agent.as_ref().and_then(|agent| agent.pause.as_ref());
            pause.is_some_and(|pause| self.borrowed.is_ours(&state.account.id, &pause.id))
        };
        let borrowed = self.accounts.iter().filter(on_ours).map(|state| state.account.id.clone()).collect();
        let at = LookedAt {
            borrowed,
            accounts: self.accounts.clone(),
            activities: self.activities.clone(),
            settings: self.settings.clone(),
        };
        self.notices.look(at, &self.figures, now);
    }

    fn deaf_at(&self, limit: i64, now: Timestamp) -> Vec<AccountId> {
        let is_deaf = |account, heard| now.ms_since(heard) >= limit + self.quiet_of(account);
        let deaf = self.heard.iter().filter(|(account, heard)| is_deaf(account, **heard));
        deaf.map(|(account, _)| account.clone()).collect()
    }

    fn quiet_of(&self, account: &AccountId) -> i64 {
        self.quiet.get(account).copied().unwrap_or(0)
    }
}

/// What a platform names the other side by; nothing where it is withheld.
pub(crate) fn number_of(party: &Party) -> Option<String> {
    let phone = party.phone.as_ref().filter(|phone| !numbers::is_withheld(&phone.raw));
    let number = phone.map(|phone| phone.e164.clone().unwrap_or_else(|| phone.raw.trim().to_owned()));
    let address = || party.address.as_ref().map(|address| address.trim().to_lowercase());
    number.or_else(address).filter(|number| !number.is_empty())
}

/// What is shown of the agent there is true now.
pub(crate) fn is_shown(account: &AccountState) -> bool {
    account.agent.is_some() && matches!(account.health.link, Link::Live | Link::Degraded)
}

fn is_hearing(link: Link) -> bool {
    matches!(link, Link::Live | Link::CatchingUp)
}

fn stop_of(fate: Fate) -> Stop {
    match fate {
        Fate::Handled => Stop::Mine,
        Fate::Elsewhere => Stop::Elsewhere,
        Fate::Abandoned => Stop::Abandoned,
        Fate::Passed => Stop::Passed,
        Fate::Gone => Stop::Gone,
    }
}

/// The platform's own moment where it has one, else the moment the presence was first seen to differ.
fn seen_agent(seen: SeenAgent, before: Option<&Agent>, now: Timestamp) -> Agent {
    let pause_id = |pause: &Option<model::Pause>| pause.as_ref().map(|pause| pause.id.clone());
    let same = before.filter(|before| {
        before.presence == seen.presence
            && pause_id(&before.pause) == pause_id(&seen.pause)
            && seen.presence != Presence::Unknown
    });
    let confirmed_at =
        before.map_or(now, |before| before.confirmed_at).max(now.plus_ms(-HEARD_GRAIN_MS)).min(now);
    Agent {
        username: seen.username,
        name: seen.name,
        presence: seen.presence,
        pause: seen.pause,
        since: seen.since.or(same.map(|before| before.since)).unwrap_or(now),
        confirmed_at,
        reach: seen.reach,
        always_ready: seen.always_ready,
        pauses: seen.pauses,
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
