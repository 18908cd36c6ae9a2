//! What rings, and how each ringing ends: one explicit state machine for each activity, and the alerts that stand for
//! them.
//!
//! ```text
//!           rings                     stops(why)
//!  (quiet) ───────► Ringing ────────────────────────────► ended: answered here / elsewhere, abandoned, rejected,
//!     ▲                │                                          timed out, unknown
//!     └────────────────┴── lost (nothing heard for too long) ──► ended: unknown
//! ```
//!
//! Every word of a platform is repeated to the machines whole: what it says rings goes to [`Rings::rings`], everything
//! else to [`Rings::stops`]. Both are idempotent, so that duplicates, losses and reconnects end in what the platform
//! says now. A ringing ends exactly once; it begins anew only when the platform says again that it rings.
//!
//! One physical call may ring on two accounts at once: the same number, on different accounts, beginning within
//! [`SAME_CALL_MS`]. Such activities share one alert, that of the first. If the first stops while another still rings,
//! the alert moves on to it, with two exceptions: when the agent answered, the others stay quiet while that conversation
//! lasts, also those that a slower platform tells of only then; when the agent refused, they are refused with it and
//! stay quiet unless their platform does not take that. A number is whatever the platforms name the caller by: E.164, an
//! extension, an address.

use std::collections::BTreeMap;

use model::{AccountId, ActivityId, Ring, RingOutcome, Timestamp};

/// How far apart two accounts may begin to ring for the same physical call.
pub(crate) const SAME_CALL_MS: i64 = 5_000;

/// Everything that rings.
#[derive(Debug, Default)]
pub(crate) struct Rings {
    machines: BTreeMap<ActivityId, Machine>,
    /// What the agent has answered, while the conversation lasts.
    answered: BTreeMap<ActivityId, Machine>,
    ended: Vec<Ring>,
}

/// One activity that rings.
#[derive(Debug)]
struct Machine {
    account: AccountId,
    since: Timestamp,
    number: Option<String>,
    declined: bool,
    /// The activity whose alert stands for this one too.
    under: Option<ActivityId>,
}

/// Why the platform no longer says that an activity rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The agent has it.
    Mine,
    /// Somebody else has it.
    Elsewhere,
    /// It is over and nobody answered.
    Abandoned,
    /// It waits again, or rings at somebody else.
    Passed,
    /// It is gone and the platform does not say why.
    Gone,
}

impl Rings {
    /// The platform says that it rings.
    pub(crate) fn rings(
        &mut self,
        id: &ActivityId,
        account: &AccountId,
        number: Option<&str>,
        now: Timestamp,
    ) {
        if self.machines.contains_key(id) {
            return self.names(id, account, number);
        }
        let under = number.and_then(|number| self.same_call(account, number, now));
        let machine = Machine {
            account: account.clone(),
            since: now,
            number: number.map(ToOwned::to_owned),
            declined: false,
            under,
        };
        self.machines.insert(id.clone(), machine);
    }

    /// Who calls is told a look later than that it rings: only now the alert of the same call elsewhere can stand for it.
    fn names(&mut self, id: &ActivityId, account: &AccountId, number: Option<&str>) {
        let nameless = self.machines.get(id).filter(|machine| machine.number.is_none());
        let Some((since, number)) = nameless.map(|machine| machine.since).zip(number) else { return };
        let is_alone = !self.machines.values().any(|other| other.under.as_ref() == Some(id));
        let under = is_alone.then(|| self.same_call(account, number, since)).flatten();
        let Some(machine) = self.machines.get_mut(id) else { return };
        machine.number = Some(number.to_owned());
        if under.is_some() && machine.under.is_none() {
            machine.under = under;
            self.ended.push(Ring { activity: id.clone(), since, ended: Some(RingOutcome::Unknown) });
        }
    }

    /// The platform says that it does not ring (any more).
    pub(crate) fn stops(&mut self, id: &ActivityId, why: Stop) {
        let Some(machine) = self.machines.remove(id) else { return };
        let outcome = match (why, machine.declined) {
            (Stop::Mine, _) => RingOutcome::AnsweredHere,
            (Stop::Elsewhere, _) => RingOutcome::AnsweredElsewhere,
            (Stop::Abandoned | Stop::Passed | Stop::Gone, true) => RingOutcome::Rejected,
            (Stop::Abandoned, false) => RingOutcome::Abandoned,
            (Stop::Passed, false) => RingOutcome::TimedOut,
            (Stop::Gone, false) => RingOutcome::Unknown,
        };
        self.end(id, &machine, outcome);
        if outcome == RingOutcome::AnsweredHere {
            self.answered.insert(id.clone(), machine);
        }
    }

    /// Nothing was heard from the account for so long that nobody knows whether anything rings.
    pub(crate) fn lost(&mut self, account: &AccountId) {
        let lost: Vec<ActivityId> =
            self.machines.iter().filter(|(_, m)| m.account == *account).map(|(id, _)| id.clone()).collect();
        for id in lost {
            if let Some(machine) = self.machines.remove(&id) {
                self.end(&id, &machine, RingOutcome::Unknown);
            }
        }
    }

    /// The agent refused it. Says how the ringing ends if the platform gives no better reason.
    pub(crate) fn declined(&mut self, id: &ActivityId) {
        self.set_declined(id, true);
    }

    /// The refusal did not reach the platform, or had no effect: what was quiet because of it alerts again.
    pub(crate) fn not_declined(&mut self, id: &ActivityId) {
        self.set_declined(id, false);
        let under = self.machines.get(id).and_then(|machine| machine.under.clone());
        if let Some(leader) = under.filter(|leader| !self.machines.contains_key(leader)) {
            self.promote(&leader);
        }
    }

    fn set_declined(&mut self, id: &ActivityId, declined: bool) {
        if let Some(machine) = self.machines.get_mut(id) {
            machine.declined = declined;
        }
    }

    /// What rings although the agent has refused it.
    pub(crate) fn refused(&self) -> Vec<(AccountId, ActivityId)> {
        let refused = self.machines.iter().filter(|(_, machine)| machine.declined);
        refused.map(|(id, machine)| (machine.account.clone(), id.clone())).collect()
    }

    /// The conversation that kept others quiet is over: whatever of them still rings gets its own alert.
    pub(crate) fn conversation_over(&mut self, id: &ActivityId) {
        self.answered.remove(id);
        if !self.machines.contains_key(id) {
            self.promote(id);
        }
    }

    /// The activities that ring as the same physical call, `id` first.
    pub(crate) fn same_call_as(&self, id: &ActivityId) -> Vec<ActivityId> {
        let under =
            self.machines.iter().filter(|(_, m)| m.under.as_ref() == Some(id)).map(|(other, _)| other);
        std::iter::once(id).chain(under).cloned().collect()
    }

    /// The alerts that stand, oldest first.
    pub(crate) fn live(&self) -> Vec<Ring> {
        let mut live: Vec<Ring> = (self.machines.iter())
            .filter(|(_, machine)| machine.under.is_none())
            .map(|(id, machine)| Ring { activity: id.clone(), since: machine.since, ended: None })
            .collect();
        live.sort_by_key(|ring| ring.since);
        live
    }

    /// The accounts on which something rings.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.machines.values().map(|machine| &machine.account)
    }

    /// The alerts that have ended since this was last asked.
    pub(crate) fn take_ended(&mut self) -> Vec<Ring> {
        std::mem::take(&mut self.ended)
    }

    fn end(&mut self, id: &ActivityId, machine: &Machine, outcome: RingOutcome) {
        if machine.under.is_none() {
            self.ended.push(Ring { activity: id.clone(), since: machine.since, ended: Some(outcome) });
        }
        if outcome != RingOutcome::AnsweredHere {
            self.promote(id);
        }
    }

    /// Gives the alert of `id` to the oldest of those it stood for and that are not refused too.
    fn promote(&mut self, id: &ActivityId) {
        let heir = (self.machines.iter())
            .filter(|(_, machine)| machine.under.as_ref() == Some(id) && !machine.declined)
            .min_by_key(|(_, machine)| machine.since)
            .map(|(heir, _)| heir.clone());
        let Some(heir) = heir else { return };
        for (other, machine) in &mut self.machines {
            if *other == heir {
                machine.under = None;
            } else if machine.under.as_ref() == Some(id) {
                machine.under = Some(heir.clone());
            }
        }
    }

    fn same_call(&self, account: &AccountId, number: &str, now: Timestamp) -> Option<ActivityId> {
        let is_same = |machine: &Machine| {
            machine.account != *account
                && machine.under.is_none()
                && machine.number.as_deref().is_some_and(|other| same_number((other, number)))
                && now.ms_since(machine.since).abs() <= SAME_CALL_MS
        };
        // A second call of the same number on the account is another call.
        let has_one = |id: &ActivityId| {
            self.machines.values().any(|other| other.account == *account && other.under.as_ref() == Some(id))
        };
        let mut same = self.machines.iter().chain(&self.answered).filter(|(_, machine)| is_same(machine));
        same.find(|(id, _)| !has_one(id)).map(|(id, _)| id.clone())
    }
}

/// Whether two accounts name the same caller: alike, or alike in the last nine digits, because one may leave the country
/// out.
pub(crate) fn same_number((one, other): (&str, &str)) -> bool {
    let tail = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = text.chars().all(|c| c.is_ascii_digit() || "+ -()./".contains(c));
        (is_number && digits.len() >= TAIL).then(|| digits[digits.len() - TAIL..].to_owned())
    };
    one == other || tail(one).is_some_and(|tail_of_one| tail(other) == Some(tail_of_one))
}

/// How many last digits make a number the same.
const TAIL: usize = 9;

#[cfg(test)]
#[path = "ring_tests.rs"]
mod tests;
