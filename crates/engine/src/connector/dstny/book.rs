//! The agent's calls, kept true from three sides: looks at all of them, a stream for each, and the stream of dialogs.
//!
//! A look is only as new as the moment it was asked for: what was heard of a call since then counts more, and so does a
//! look that was asked for later, whichever answer comes first. An event that
//! carries a lower `stateToken` than what is known is old, or comes from a platform whose tokens do not grow; either way
//! it is not believed, and the call is looked at instead. So nothing old ever overwrites what is newer, and nobody relies
//! on how the platform makes its tokens.
//!
//! Why a ringing ended is told by the dialogs only. Where they are followed, a call that rang and is no more waits a
//! moment for that word, [`PATIENCE_MS`] at most. Who does not hear its dialog does not wait.

use std::collections::{BTreeMap, HashMap, VecDeque};

use dstny::call_state::{CallState, CallStatus, UserState};
use dstny::sip::{Dialog, DialogInfo, DialogTable, Outcome};
use model::Timestamp;

use super::call::Past;
use super::inferred;
use crate::sight::Fate;

/// How long a call that no longer rings waits to hear why.
pub(super) const PATIENCE_MS: i64 = 1_500;
/// How many calls and dialogs that are over are remembered.
const REMEMBERED: usize = 64;

/// The calls.
#[derive(Debug, Default)]
pub(super) struct Book {
    calls: BTreeMap<String, Entry>,
    /// Calls that are over, and the number of what told so.
    over: VecDeque<(String, u64)>,
    left: HashMap<String, Fate>,
    dialogs: DialogTable,
    ended: VecDeque<Dialog>,
    /// Numbers looks when they are asked for, and events when they are heard.
    heard: u64,
    /// The newest look at all calls that was taken in.
    whole: u64,
}

#[derive(Debug)]
struct Entry {
    call: CallState,
    past: Past,
    /// The number of the look or event that told of it last.
    at: u64,
    /// It is over, and waits until then to hear why.
    ending: Option<Timestamp>,
    /// The agent refuses it.
    declined: bool,
}

/// The number of something that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look(u64);

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Heard {
    /// It was taken.
    Taken,
    /// It may be old: the call must be looked at.
    Doubtful,
    /// It says nothing about a call.
    Senseless,
}

impl Book {
    /// A look begins.
    pub(super) fn look(&mut self) -> Look {
        self.heard += 1;
        Look(self.heard)
    }

    /// An event of a call's stream.
    pub(super) fn event(&mut self, call: CallState, now: Timestamp) -> Heard {
        let Some(id) = call.call_id.clone() else { return Heard::Senseless };
        let known = self.calls.get(&id).and_then(|entry| entry.call.state_token);
        if known.zip(call.state_token).is_some_and(|(known, told)| told < known) {
            return Heard::Doubtful;
        }
        if self.over.iter().any(|(over, _)| *over == id) {
            return if is_over(&call) { Heard::Taken } else { Heard::Doubtful };
        }
        self.heard += 1;
        self.take(id, call, self.heard, now);
        Heard::Taken
    }

    /// A call as it was looked at, or as a command's answer showed it.
    pub(super) fn looked(&mut self, look: Look, call: CallState, now: Timestamp) {
        let Some(id) = call.call_id.clone() else { return };
        if self.is_news(&id, look) {
            self.over.retain(|(over, _)| *over != id);
            self.take(id, call, look.0, now);
        }
    }

    /// A call was looked for and is not there.
    pub(super) fn not_there(&mut self, look: Look, id: &str, now: Timestamp) {
        if self.is_news(id, look) {
            self.end(id, look.0, now);
        }
    }

    /// The agent refuses a call that rings, or could not: how the ringing ends is known then, whichever is heard first.
    pub(super) fn set_declined(&mut self, id: &str, declined: bool) {
        if let Some(entry) = self.calls.get_mut(id) {
            entry.declined = declined && inferred::rings_here(&entry.call);
        }
    }

    /// All calls as they were looked at. Answers which have to be looked at alone, because the platform told of some
    /// calls only.
    pub(super) fn whole(&mut self, look: Look, state: UserState, now: Timestamp) -> Vec<String> {
        let told: Vec<String> = state.calls.iter().filter_map(|call| call.call_id.clone()).collect();
        for call in state.calls {
            self.looked(look, call, now);
        }
        let untold: Vec<String> = self.calls.keys().filter(|id| !told.contains(id)).cloned().collect();
        if state.full_state == Some(false) {
            return untold;
        }
        for id in untold {
            self.not_there(look, &id, now);
        }
        self.whole = self.whole.max(look.0);
        Vec::new()
    }

    /// A new stream of dialogs begins.
    pub(super) fn dialogs_begin(&mut self) {
        self.dialogs.subscribed();
    }

    /// A document of the stream of dialogs. Answers whether all dialogs have to be asked for.
    pub(super) fn dialogs(&mut self, document: DialogInfo, now: Timestamp) -> bool {
        let (ended, refetch) = match self.dialogs.apply(document) {
            Outcome::Taken(ended) => (ended, false),
            Outcome::Ignored => (Vec::new(), false),
            Outcome::Refetch(ended) => (ended, true),
        };
        self.ended.extend(ended);
        while self.ended.len() > REMEMBERED {
            self.ended.pop_front();
        }
        self.settle(now);
        refetch
    }

    /// Ends what has waited long enough, or has heard why it is over.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let due: Vec<String> = (self.calls.iter())
            .filter(|(id, entry)| entry.ending.is_some_and(|until| until <= now || self.why(id).is_some()))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            self.leave(&id);
        }
    }

    /// Whether a call goes on or a dialog does, so that missing a change would hurt.
    pub(super) fn is_anything_on(&self) -> bool {
        !self.calls.is_empty() || self.dialogs.dialogs().next().is_some()
    }

    /// Whether a call waits to hear why it is over.
    pub(super) fn is_ending(&self) -> bool {
        self.calls.values().any(|entry| entry.ending.is_some())
    }

    /// The calls, with what is remembered of each.
    pub(super) fn calls(&self) -> impl Iterator<Item = (&str, &CallState, &Past)> {
        self.calls.iter().map(|(id, entry)| (id.as_str(), &entry.call, &entry.past))
    }

    /// The calls that go on: those that are worth a stream.
    pub(super) fn live(&self) -> Vec<String> {
        self.calls.iter().filter(|(_, entry)| entry.ending.is_none()).map(|(id, _)| id.clone()).collect()
    }

    /// One call.
    pub(super) fn call(&self, id: &str) -> Option<&CallState> {
        self.calls.get(id).map(|entry| &entry.call)
    }

    /// What became of the calls that left since this was last asked.
    pub(super) fn take_left(&mut self) -> Vec<(String, Fate)> {
        std::mem::take(&mut self.left).into_iter().collect()
    }

    fn is_news(&self, id: &str, look: Look) -> bool {
        let known = self.calls.get(id).is_some_and(|entry| entry.at > look.0);
        let over = self.over.iter().any(|(over, at)| over == id && *at > look.0);
        // Of what is unknown a newer look at all calls has told that it is not there.
        !known && !over && look.0 >= self.whole
    }

    fn take(&mut self, id: String, call: CallState, at: u64, now: Timestamp) {
        if is_over(&call) {
            return self.end(&id, at, now);
        }
        let before = self.calls.remove(&id);
        let declined = before.as_ref().is_some_and(|entry| entry.declined);
        let mut past = before.map(|entry| entry.past).unwrap_or_default();
        past.take(&call, now);
        self.calls.insert(id, Entry { call, past, at, ending: None, declined });
    }

    fn end(&mut self, id: &str, at: u64, now: Timestamp) {
        let may_hear_why = self
            .dialogs
            .dialogs()
            .any(|dialog| inferred::is_dialog_of(dialog, id) && inferred::dialog_rings(dialog));
        let Some(entry) = self.calls.get_mut(id) else { return };
        entry.at = at;
        if inferred::rings_here(&entry.call) && may_hear_why && !entry.declined {
            entry.ending.get_or_insert(now.plus_ms(PATIENCE_MS));
        } else {
            self.leave(id);
        }
    }

    fn leave(&mut self, id: &str) {
        let why = self.why(id);
        let Some(entry) = self.calls.remove(id) else { return };
        let rang = inferred::rings_here(&entry.call);
        let fate = match rang {
            // Whatever its dialog says: it went on because the agent refused it.
            true if entry.declined => Fate::Passed,
            true => why.unwrap_or(Fate::Gone),
            false => Fate::Handled,
        };
        self.left.insert(id.to_owned(), fate);
        self.over.push_back((id.to_owned(), entry.at));
        if self.over.len() > REMEMBERED {
            self.over.pop_front();
        }
    }

    /// Why a call no longer rings, if a dialog told.
    fn why(&self, id: &str) -> Option<Fate> {
        let dialog = self.ended.iter().rev().find(|dialog| inferred::is_dialog_of(dialog, id))?;
        Some(inferred::fate_of(dialog)).filter(|fate| *fate != Fate::Gone)
    }
}

fn is_over(call: &CallState) -> bool {
    call.status == Some(CallStatus::Terminated)
}

#[cfg(test)]
#[path = "book_tests.rs"]
mod tests;
