//! The dialogs of one subscription, kept true over a series of documents (RFC 4235 section 4.3).
//!
//! | the document | what happens |
//! | --- | --- |
//! | full, number 0 | the server started over: taken; and as an old copy looks the same, the whole is asked for once |
//! | full, higher than the last | taken, whatever was missed before |
//! | partial, the last + 1 | merged: its dialogs are added or brought up to date |
//! | not higher than the last | old or twice: left alone |
//! | partial, with a gap or with no number | not merged; the whole must be asked for |
//! | full, with no number | taken |
//!
//! Numbers count within one subscription. So a new connection begins a new count ([`DialogTable::subscribed`]), and a snapshot
//! that came another way has none: the count goes on as if nothing had happened, for what the stream sent meanwhile comes
//! after it. Where nothing was counted yet, the first number is where the count begins.
//!
//! Dialogs that ended leave the table once they were seen, and are handed out one last time. After a gap the table keeps
//! what it knew and says that it is [stale](DialogTable::is_stale), until a full document comes by itself or as a snapshot.

use std::collections::BTreeMap;

use super::dialog_info::{Dialog, DialogInfo, DialogState, Extent, Lamp, Party, lamp};

/// The table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DialogTable {
    dialogs: BTreeMap<String, Dialog>,
    /// The highest number that was seen.
    version: Option<u64>,
    heard: bool,
    stale: bool,
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It was taken. These dialogs ended with it.
    Taken(Vec<Dialog>),
    /// It was old; nothing changed.
    Ignored,
    /// The whole must be asked for, and given to [`DialogTable::replace`]. These dialogs ended with the document, if it
    /// was taken at all.
    Refetch(Vec<Dialog>),
}

impl DialogTable {
    /// A new stream begins: its documents are counted anew, and until the whole has come once more what is known is old.
    pub fn subscribed(&mut self) {
        self.version = None;
        self.stale = self.heard;
    }

    /// Takes in a document from the stream.
    pub fn apply(&mut self, document: DialogInfo) -> Outcome {
        let last = self.version;
        match (document.extent, document.version) {
            // Twice the first document is no restart.
            (Extent::Full, Some(0)) if last == Some(0) && !self.stale => Outcome::Ignored,
            (Extent::Full, Some(0)) if last.is_some() => {
                let ended = self.take_whole(document);
                self.stale = true;
                Outcome::Refetch(ended)
            }
            (_, Some(number)) if last.is_some_and(|last| number <= last) => Outcome::Ignored,
            (Extent::Full, _) => Outcome::Taken(self.take_whole(document)),
            (Extent::Partial, Some(number)) => {
                let fits = last.is_none_or(|last| number - last == 1);
                self.version = Some(number);
                if !self.heard || self.stale || !fits {
                    self.stale = true;
                    return Outcome::Refetch(Vec::new());
                }
                Outcome::Taken(document.dialogs.into_iter().filter_map(|dialog| self.merge(dialog)).collect())
            }
            (Extent::Partial, None) => {
                self.stale = true;
                Outcome::Refetch(Vec::new())
            }
        }
    }

    /// Takes a snapshot that was asked for: it is the truth, whatever its number. A number that does not belong to
    /// the stream's count must be taken off first. Returns the dialogs that are no more; what ended them is not known.
    pub fn replace(&mut self, snapshot: DialogInfo) -> Vec<Dialog> {
        self.take_whole(snapshot)
    }

    /// The dialogs that have not ended, by their ids.
    pub fn dialogs(&self) -> impl Iterator<Item = &Dialog> {
        self.dialogs.values()
    }

    /// The lamp, once anything is known.
    pub fn lamp(&self) -> Option<Lamp> {
        self.heard.then(|| lamp(self.dialogs()))
    }

    /// The highest number that was seen in this subscription.
    pub fn version(&self) -> Option<u64> {
        self.version
    }

    /// Whether something was missed, so that the whole must be asked for.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    fn take_whole(&mut self, document: DialogInfo) -> Vec<Dialog> {
        let mut before = std::mem::take(&mut self.dialogs);
        self.version = document.version.or(self.version);
        self.heard = true;
        self.stale = false;
        let mut ended = Vec::new();
        for dialog in document.dialogs {
            before.remove(&dialog.id);
            ended.extend(self.merge(dialog));
        }
        ended.extend(before.into_values().map(|dialog| Dialog { state: DialogState::Terminated, ..dialog }));
        ended
    }

    /// Adds a dialog or brings it up to date; returns it if it ended. A document may leave out what it said before about
    /// who talks to whom.
    fn merge(&mut self, new: Dialog) -> Option<Dialog> {
        let old = self.dialogs.remove(&new.id).unwrap_or_default();
        let dialog = Dialog {
            call_id: new.call_id.or(old.call_id),
            local_tag: new.local_tag.or(old.local_tag),
            remote_tag: new.remote_tag.or(old.remote_tag),
            direction: new.direction.or(old.direction),
            replaces: new.replaces.or(old.replaces),
            referred_by: new.referred_by.or(old.referred_by),
            local: known(new.local, old.local),
            remote: known(new.remote, old.remote),
            ..new
        };
        if dialog.ended() {
            return Some(dialog);
        }
        self.dialogs.insert(dialog.id.clone(), dialog);
        None
    }
}

fn known(new: Party, old: Party) -> Party {
    if new == Party::default() { old } else { new }
}
