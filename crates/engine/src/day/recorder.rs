//! What happens, written down as bands and contacts. Pure: it takes the events that every view takes, in their order and with
//! their moments, and says what the store is to keep.
//!
//! A band is written when it begins and when it ends; in between a heartbeat says up to when it is known, so that a process
//! that dies leaves nothing that was not so. While nothing is heard of an account, or the computer slept, nobody knows what
//! was: that is a band of its own. What the platform says of the time before it was first heard ("ready since nine") is
//! kept as told.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{
    AccountId, AccountState, Activity, ActivityId, BandState, Change, ContactOutcome, Event, Link, Phase,
    ProblemCode, RingOutcome, Timestamp, Witness,
};

use super::kept::{KeptBand, KeptContact, Was};

/// How often it is noted that bands go on.
pub(super) const BEAT_MS: i64 = 20_000;
/// A silence of our own that is longer than this was sleep: nobody was awake to hear anything.
const SLEPT_MS: i64 = 3 * BEAT_MS;
/// What the platform says began so shortly before it was first heard was seen.
const JUST_MS: i64 = 2_000;
/// How long what was known of a platform is believed while its answers have faults: longer than the slowest is asked.
const DOUBT_MS: i64 = 10 * 60_000;
/// How far back the word of a platform about the present state is taken.
const SINCE_MS: i64 = 24 * 3_600_000;

/// Something for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A band is new or has ended. In the place of one of the same beginning.
    Band(KeptBand),
    /// A contact is new or has changed.
    Contact(Box<KeptContact>),
    /// Everything of an account goes.
    Forget(AccountId),
}

/// Writes down what happens.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    lines: BTreeMap<AccountId, Line>,
    /// Contacts that are not over.
    contacts: BTreeMap<ActivityId, KeptContact>,
    /// How ringing ended.
    rung: HashMap<ActivityId, RingOutcome>,
    /// The last moment at which this was awake.
    awake: Option<Timestamp>,
    entries: Vec<Entry>,
    /// Accounts that have shown themselves for the first time.
    arrived: BTreeSet<AccountId>,
}

#[derive(Debug, Default)]
struct Line {
    band: Option<KeptBand>,
    /// Only what was heard later than this counts: the computer slept until then.
    heard_after: Option<Timestamp>,
    /// When it was heard last, while its answers have faults.
    doubted: Option<Timestamp>,
    /// When it was heard again after a silence.
    back_at: Option<Timestamp>,
    has_arrived: bool,
}

impl Recorder {
    /// Goes on with the contacts that were not over when the last process ended.
    pub(super) fn new(open: Vec<KeptContact>) -> Self {
        let contacts = open.into_iter().map(|kept| (kept.block.id.clone(), kept)).collect();
        Self { contacts, ..Self::default() }
    }

    /// Something happened. `is_borrowed` says of an account whether its pause was set here because of a call elsewhere.
    pub(super) fn takes(&mut self, event: &Event, is_borrowed: impl Fn(&AccountState) -> bool) {
        self.wakes(event.at);
        match &event.change {
            Change::Account { account } => self.account(account, is_borrowed(account), event.at),
            Change::AccountRemoved { id } => self.forgets(id),
            Change::Activity { activity } => self.activity(activity, event.at),
            Change::ActivityRemoved { id } => self.removed(id, event.at),
            Change::Ring { ring } => {
                if let Some(how) = ring.ended
                    && self.contacts.contains_key(&ring.activity)
                {
                    self.rung.insert(ring.activity.clone(), how);
                }
            }
            _ => {}
        }
    }

    /// Everything as it stands: at the beginning, and where events were missed.
    pub(super) fn sees(
        &mut self,
        accounts: &[AccountState],
        activities: &[Activity],
        at: Timestamp,
        is_borrowed: impl Fn(&AccountState) -> bool,
    ) {
        self.wakes(at);
        for account in accounts {
            self.account(account, is_borrowed(account), at);
        }
        let gone: Vec<_> = self
            .lines
            .keys()
            .filter(|id| !accounts.iter().any(|one| one.account.id == **id))
            .cloned()
            .collect();
        gone.iter().for_each(|id| self.forgets(id));
        for activity in activities {
            self.activity(activity, at);
        }
        let there: BTreeSet<ActivityId> = activities.iter().map(|activity| activity.id.clone()).collect();
        let arrived = |id: &AccountId| self.lines.get(id).is_some_and(|line| line.has_arrived);
        let over: Vec<ActivityId> = (self.contacts.values())
            .filter(|kept| arrived(&kept.block.account) && !there.contains(&kept.block.id))
            .map(|kept| kept.block.id.clone())
            .collect();
        for id in over {
            self.vanished(&id);
        }
    }

    /// Accounts that have shown themselves for the first time since this was last asked.
    pub(super) fn take_arrived(&mut self) -> BTreeSet<AccountId> {
        std::mem::take(&mut self.arrived)
    }

    /// An account has shown itself, and these are its activities: what went on before and is not among them is over.
    pub(super) fn arrived(&mut self, account: &AccountId, there: &BTreeSet<ActivityId>) {
        let over: Vec<ActivityId> = (self.contacts.values())
            .filter(|kept| kept.block.account == *account && !there.contains(&kept.block.id))
            .map(|kept| kept.block.id.clone())
            .collect();
        for id in over {
            self.vanished(&id);
        }
    }

    /// Notes that this is awake. Where it was not for a while, nothing is known of that while.
    pub(super) fn wakes(&mut self, now: Timestamp) {
        let Some(awake) = self.awake.replace(now) else { return };
        self.doubts(now);
        if now.ms_since(awake) <= SLEPT_MS {
            // A clock that goes back must not make sleep of the way it goes again.
            return;
        }
        for (account, line) in &mut self.lines {
            let Some(band) = line.band.as_mut().filter(|band| band.was.state != BandState::Unheard) else {
                continue;
            };
            let end = awake.max(band.from);
            close(band, end, &mut self.entries);
            line.heard_after = Some(now.plus_ms(-JUST_MS));
            let unheard = Was { state: BandState::Unheard, borrowed: false };
            line.band = Some(opened(account, end, now, unheard, &mut self.entries));
        }
        for kept in self.contacts.values_mut() {
            kept.seen_to = kept.seen_to.max(awake);
        }
    }

    /// Where there were only faults for long, nothing is known since the last answer.
    fn doubts(&mut self, now: Timestamp) {
        for (account, line) in &mut self.lines {
            let Some(heard) = line.doubted.filter(|heard| now.ms_since(*heard) > DOUBT_MS) else { continue };
            let Some(band) = line.band.as_mut().filter(|band| band.was.state != BandState::Unheard) else {
                continue;
            };
            let end = heard.max(band.from);
            close(band, end, &mut self.entries);
            line.heard_after = Some(heard.plus_ms(1));
            let unheard = Was { state: BandState::Unheard, borrowed: false };
            line.band = Some(opened(account, end, now, unheard, &mut self.entries));
        }
    }

    /// The end of this process: every band ends, contacts go on.
    pub(super) fn ends(&mut self, now: Timestamp) {
        self.wakes(now);
        for line in self.lines.values_mut() {
            if let Some(mut band) = line.band.take() {
                close(&mut band, now, &mut self.entries);
            }
        }
    }

    /// What the store is to keep, in order.
    pub(super) fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    fn account(&mut self, account: &AccountState, borrowed: bool, at: Timestamp) {
        let id = &account.account.id;
        let line = self.lines.entry(id.clone()).or_default();
        line.doubted = account.health.heard_at.filter(|_| account.health.link == Link::Degraded);
        let Some(state) = state_of(account, line) else { return };
        let is_present = matches!(state, BandState::Present { .. });
        if is_present && !std::mem::replace(&mut line.has_arrived, true) {
            self.arrived.insert(id.clone());
        }
        let was = Was { state, borrowed };
        let since = account.agent.as_ref().map(|agent| agent.since).filter(|_| is_present);
        let from = match &mut line.band {
            Some(band) if band.was == was => return,
            Some(band) => {
                let is_unheard = was.state == BandState::Unheard;
                let said = if is_unheard { account.health.heard_at } else { since };
                let inside = said.filter(|moment| *moment > band.from && *moment <= at);
                // Not heard since before the band began: nothing is known of it.
                let never = said.filter(|moment| is_unheard && *moment <= band.from).map(|_| band.from);
                let from = inside.or(never).unwrap_or(at);
                if band.was.state == BandState::Unheard {
                    line.back_at = Some(at);
                } else if is_unheard {
                    let mine = self.contacts.values_mut().filter(|kept| kept.block.account == *id);
                    mine.for_each(|kept| kept.seen_to = from);
                }
                close(band, from, &mut self.entries);
                from
            }
            None => match since {
                Some(since) if since < at && at.ms_since(since) <= JUST_MS => since,
                Some(since) if since < at => {
                    let told = KeptBand {
                        account: id.clone(),
                        from: since.max(at.plus_ms(-SINCE_MS)),
                        to: at,
                        is_open: false,
                        witness: Witness::Told,
                        was: was.clone(),
                    };
                    self.entries.push(Entry::Band(told));
                    at
                }
                _ => at,
            },
        };
        line.band = Some(opened(id, from, at, was, &mut self.entries));
    }

    fn activity(&mut self, activity: &Activity, at: Timestamp) {
        let id = &activity.id;
        if activity.phase == Phase::Waiting {
            // It is anybody's again; what rang here was not taken.
            let rang = self.contacts.get(id).is_some_and(|kept| kept.block.answered.is_none());
            if rang {
                self.removed(id, at);
            }
            return;
        }
        let before = self.contacts.get(id);
        let mut kept = before.cloned().unwrap_or_else(|| KeptContact::begun(activity, at));
        kept.shown(activity, at);
        let is_same = before.is_some_and(|before| KeptContact { seen_to: at, ..before.clone() } == kept);
        if !is_same {
            self.entries.push(Entry::Contact(Box::new(kept.clone())));
            self.contacts.insert(id.clone(), kept);
        }
    }

    fn removed(&mut self, id: &ActivityId, at: Timestamp) {
        let ring = self.rung.remove(id);
        let Some(mut kept) = self.contacts.remove(id) else { return };
        let back_at = self.lines.get(&kept.block.account).and_then(|line| line.back_at);
        // It is not there when the account is heard again: it ended in the silence.
        match back_at.is_some_and(|back| at.ms_since(back) <= JUST_MS && kept.seen_to < back) {
            true => kept.vanished(),
            false => kept.over(ring, at),
        }
        debug_assert!(kept.block.outcome != ContactOutcome::Open, "what is over is not open");
        self.entries.push(Entry::Contact(Box::new(kept)));
    }

    fn vanished(&mut self, id: &ActivityId) {
        self.rung.remove(id);
        let Some(mut kept) = self.contacts.remove(id) else { return };
        kept.vanished();
        self.entries.push(Entry::Contact(Box::new(kept)));
    }

    fn forgets(&mut self, id: &AccountId) {
        self.lines.remove(id);
        self.contacts.retain(|_, kept| kept.block.account != *id);
        self.rung.retain(|activity, _| activity.parts().is_none_or(|(account, _)| account != *id));
        self.entries.push(Entry::Forget(id.clone()));
    }
}

/// What an account says of the agent now; nothing while it does not say anything new.
fn state_of(account: &AccountState, line: &Line) -> Option<BandState> {
    let health = &account.health;
    match health.link {
        Link::Offline => Some(BandState::Unheard),
        Link::SignedOut => {
            let code = health.problem.as_ref().map(|problem| problem.code);
            // Without its secret it is not the platform that is asked.
            let locked = matches!(code, Some(ProblemCode::KeychainLocked | ProblemCode::KeychainMissing));
            Some(if locked { BandState::Unheard } else { BandState::SignedOut })
        }
        Link::Connecting | Link::CatchingUp => None,
        Link::Live | Link::Degraded => {
            let agent = account.agent.as_ref()?;
            let asleep = line.heard_after.is_some_and(|after| {
                health.heard_at.is_none_or(|heard| heard < after) && agent.confirmed_at < after
            });
            if asleep {
                return None;
            }
            Some(BandState::Present {
                presence: agent.presence,
                pause: agent.pause.as_ref().map(|pause| pause.title.clone()),
                kind: agent.pause.as_ref().map(|pause| pause.kind),
                paid: agent.pause.as_ref().and_then(|pause| pause.paid),
                max_minutes: agent.pause.as_ref().and_then(|pause| pause.max_minutes),
            })
        }
    }
}

fn opened(
    account: &AccountId,
    from: Timestamp,
    at: Timestamp,
    was: Was,
    entries: &mut Vec<Entry>,
) -> KeptBand {
    let band = KeptBand {
        account: account.clone(),
        from,
        to: at.max(from),
        is_open: true,
        witness: Witness::Seen,
        was,
    };
    entries.push(Entry::Band(band.clone()));
    band
}

fn close(band: &mut KeptBand, at: Timestamp, entries: &mut Vec<Entry>) {
    (band.to, band.is_open) = (at.max(band.from), false);
    entries.push(Entry::Band(band.clone()));
}
