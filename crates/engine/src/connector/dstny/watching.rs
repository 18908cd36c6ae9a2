//! The contacts that a window shows: what they are doing and whether their phones are in use, as it happens.
//!
//! Each has two streams, as far as the account's connections go; those without one are asked now and then, and say so.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dstny::contacts::Contact;
use dstny::sip::{Dialog, DialogInfo, DialogTable, Lamp as WireLamp, Outcome, summary};
use dstny::wire::Error;
use dstny::wire::sse::{Budget, Handle as Stream, Priority, Taken, Way};
use dstny::{StreamItem, Subscription};
use model::{ContactId, ContactPresence, Lamp, LineCall, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::history::moment;
use super::subscriptions::{Follow, Topic};
use super::{Dstny, inferred};
use crate::clock;

/// How often a contact is asked about where it is not followed.
const ASK: Duration = Duration::from_secs(20);

/// Follows those who are watched, and no others.
pub(super) async fn follow_contacts(dstny: Arc<Dstny>, budget: Budget) {
    let mut watched = dstny.watched.subscribe();
    let mut followed: BTreeMap<String, DropGuard> = BTreeMap::new();
    loop {
        let contacts = watched.borrow_and_update().contacts.clone();
        followed.retain(|contact, _| contacts.contains(contact));
        for contact in contacts {
            followed.entry(contact.clone()).or_insert_with(|| {
                let cancel = CancellationToken::new();
                let work = follow(dstny.clone(), budget.clone(), contact);
                tokio::spawn(cancel.clone().run_until_cancelled_owned(work));
                cancel.drop_guard()
            });
        }
        if watched.changed().await.is_err() {
            return;
        }
    }
}

/// Follows one contact and tells what is heard.
async fn follow(dstny: Arc<Dstny>, budget: Budget, contact: String) {
    let known = watch::Sender::new(Known::default());
    let open =
        |key: &str, subscription| -> (String, Subscription) { (format!("{key}:{contact}"), subscription) };
    let (key, subscription) = open("presence", Subscription::contact_presence(&contact));
    let topic = PresenceOf { contact: contact.clone(), known: known.clone() };
    let presence = budget.open(&key, Priority::Visible, Follow { dstny: dstny.clone(), subscription, topic });
    let (key, subscription) = open("line", Subscription::contact_line_state(&contact));
    let topic = LineOf { contact: contact.clone(), known: known.clone(), table: DialogTable::default() };
    let line = budget.open(&key, Priority::Visible, Follow { dstny: dstny.clone(), subscription, topic });
    let id = ContactId::new(&dstny.account, &contact);
    let (mut news, mut ways) = (known.subscribe(), [presence.figures(), line.figures()]);
    loop {
        let is_live = is_streaming(&presence) && is_streaming(&line);
        let told = news.borrow_and_update().told(&id, is_live);
        if let Some((ear, told)) = dstny.ear().zip(told) {
            ear.presences(vec![told]);
        }
        let [of_presence, of_line] = &mut ways;
        let alive = tokio::select! {
            changed = news.changed() => changed.is_ok(),
            changed = of_presence.wait_for(|_| is_live != (is_streaming(&presence) && is_streaming(&line))) => changed.is_ok(),
            changed = of_line.wait_for(|_| is_live != (is_streaming(&presence) && is_streaming(&line))) => changed.is_ok(),
        };
        if !alive {
            // Cancelled by whoever holds the other end.
            std::future::pending::<()>().await;
        }
    }
}

fn is_streaming(stream: &Stream) -> bool {
    stream.figures().borrow().way == Way::Stream
}

/// What is known of a contact.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    activity: Option<String>,
    available: Option<bool>,
    note: Option<String>,
    until: Option<Timestamp>,
    lamp: Option<Lamp>,
    calls: Vec<LineCall>,
    heard_at: Option<Timestamp>,
}

impl Known {
    /// Nothing is told before anything was heard.
    fn told(&self, contact: &ContactId, live: bool) -> Option<ContactPresence> {
        Some(ContactPresence {
            contact: contact.clone(),
            activity: self.activity.clone(),
            available: self.available,
            note: self.note.clone(),
            until: self.until,
            lamp: self.lamp.unwrap_or(Lamp::Unknown),
            calls: self.calls.clone(),
            heard_at: self.heard_at?,
            live,
        })
    }
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// What a contact is doing.
struct PresenceOf {
    contact: String,
    known: watch::Sender<Known>,
}

impl Topic for PresenceOf {
    type Whole = Contact;

    async fn snapshot(&self, dstny: &Dstny) -> Result<Contact, Error> {
        dstny.client.contact(&self.contact).await
    }

    fn replace(&mut self, dstny: &Dstny, contact: Contact) {
        let presence = contact.presence.unwrap_or_default();
        let activity = presence.activity.unwrap_or_default();
        let title = activity.id.as_deref().and_then(|id| dstny.picture().activity_title(id));
        self.known.send_modify(|known| {
            known.activity = title.or(given(activity.id));
            known.available = presence.available.or(activity.available);
            known.note = given(presence.note);
            known.until = activity.expiration.and_then(dstny::End::moment).map(moment);
            if known.lamp.is_none() {
                known.lamp = contact.in_call.map(|in_call| if in_call { Lamp::Busy } else { Lamp::Idle });
            }
            known.heard_at = Some(clock::now());
        });
    }

    fn apply(&mut self, _: &Dstny, item: StreamItem) -> Option<Taken> {
        let StreamItem::Presence(document) = item else { return None };
        let gist = summary(&document, jiff::Timestamp::now());
        self.known.send_modify(|known| {
            known.available = gist.online.or(known.available);
            known.note = given(gist.note);
            known.until = gist.until.map(moment);
            known.heard_at = Some(clock::now());
        });
        // The document speaks in the words of RPID; how the organisation calls it stands with the contact.
        Some(Taken::Refetch)
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        ASK
    }
}

/// Whether a contact's phone is in use.
struct LineOf {
    contact: String,
    known: watch::Sender<Known>,
    table: DialogTable,
}

impl Topic for LineOf {
    type Whole = bool;

    fn connected(&mut self, _: &Dstny) {
        self.table.subscribed();
    }

    async fn snapshot(&self, dstny: &Dstny) -> Result<bool, Error> {
        dstny.client.contact_in_call(&self.contact).await
    }

    fn replace(&mut self, _: &Dstny, in_call: bool) {
        self.asked(in_call);
    }

    fn apply(&mut self, _: &Dstny, item: StreamItem) -> Option<Taken> {
        let StreamItem::Dialogs(document) = item else { return None };
        Some(self.told(document))
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        ASK
    }
}

impl LineOf {
    /// Whoever asks has no stream, or has missed something in it: yes or no is all that is known then. A call that is shown
    /// all the same may be long over, and somebody would pick it up.
    fn asked(&mut self, in_call: bool) {
        if !self.table.is_stale() {
            self.table.subscribed();
        }
        self.known.send_modify(|known| {
            known.lamp = Some(if in_call { Lamp::Busy } else { Lamp::Idle });
            known.calls = Vec::new();
            known.heard_at = Some(clock::now());
        });
    }

    /// A document of the stream.
    fn told(&mut self, document: DialogInfo) -> Taken {
        let outcome = self.table.apply(document);
        if let Some(lamp) = self.table.lamp().filter(|_| !self.table.is_stale()) {
            self.known.send_modify(|known| {
                known.lamp = Some(lamp_of(lamp));
                known.calls = self.table.dialogs().map(line_call).collect();
                known.heard_at = Some(clock::now());
            });
        }
        if matches!(outcome, Outcome::Refetch(_)) { Taken::Refetch } else { Taken::Applied }
    }
}

fn lamp_of(lamp: WireLamp) -> Lamp {
    match lamp {
        WireLamp::Idle => Lamp::Idle,
        WireLamp::Ringing => Lamp::Ringing,
        WireLamp::Hold => Lamp::Hold,
        WireLamp::Busy => Lamp::Busy,
    }
}

/// What picks a call up: its SIP dialog, as text that a window sends back.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Handle {
    pub(super) call_id: String,
    pub(super) to_tag: Option<String>,
    pub(super) from_tag: Option<String>,
}

impl Handle {
    /// The watched end was called, so its own tag is the one of `To`.
    fn of(dialog: &Dialog) -> Option<Self> {
        Some(Self {
            call_id: dialog.call_id.clone()?,
            to_tag: dialog.local_tag.clone(),
            from_tag: dialog.remote_tag.clone(),
        })
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn line_call(dialog: &Dialog) -> LineCall {
    let handle = Handle::of(dialog);
    let other = dialog.remote.display.clone().or_else(|| {
        let identity = dialog.remote.identity.as_deref()?;
        Some(super::call::number_in(identity).unwrap_or(identity).to_owned())
    });
    LineCall {
        can_pick_up: handle.is_some() && inferred::dialog_rings(dialog),
        handle: handle
            .and_then(|handle| serde_json::to_string(&handle).ok())
            .unwrap_or_else(|| dialog.id.clone()),
        other: given(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rings_at_a_colleague_can_be_picked_up_by_its_dialog() {
        let document = dstny::sip::dialog_info::parse(
            "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' version='1' state='full' entity='sip:bob@acme.example'>\
             <dialog id='d1' call-id='a84b' local-tag='7743' remote-tag='6472' direction='recipient'><state>early</state>\
             <remote><identity display='Anna'>sip:+442079460101@acme.example</identity></remote></dialog>\
             <dialog id='d2' call-id='b1' direction='recipient'><state>confirmed</state></dialog></dialog-info>",
        )
        .unwrap();
        let calls: Vec<LineCall> = document.dialogs.iter().map(line_call).collect();
        assert_eq!(calls.iter().map(|call| call.can_pick_up).collect::<Vec<_>>(), [true, false]);
        assert_eq!(calls[0].other.as_deref(), Some("Anna"));
        let handle = Handle::read(&calls[0].handle).unwrap();
        let tag = |tag: &str| Some(tag.to_owned());
        let same = Handle { call_id: "a84b".to_owned(), to_tag: tag("7743"), from_tag: tag("6472") };
        assert_eq!(handle, same);
        assert!(Handle::read("d2").is_none());
    }

    fn rings(version: u64, extent: &str, state: &str) -> DialogInfo {
        let document = format!(
            "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' version='{version}' state='{extent}' entity='sip:bob@acme.example'>\
             <dialog id='d1' call-id='a84b' direction='recipient'><state>{state}</state></dialog></dialog-info>"
        );
        dstny::sip::dialog_info::parse(&document).unwrap()
    }

    fn line() -> LineOf {
        LineOf { contact: "bob".to_owned(), known: watch::Sender::default(), table: DialogTable::default() }
    }

    fn shown(line: &LineOf) -> (Option<Lamp>, usize) {
        let known = line.known.borrow();
        (known.lamp, known.calls.len())
    }

    #[test]
    fn once_something_was_missed_no_call_is_shown_before_the_whole_has_come() {
        let mut line = line();
        assert_eq!(line.told(rings(0, "full", "early")), Taken::Applied);
        assert_eq!(shown(&line), (Some(Lamp::Ringing), 1));
        // A document was lost: what is known of the call is old, and the one that came may be of another.
        assert_eq!(line.told(rings(2, "partial", "early")), Taken::Refetch);
        line.asked(true);
        assert_eq!(shown(&line), (Some(Lamp::Busy), 0));
        assert_eq!(line.told(rings(3, "partial", "early")), Taken::Refetch);
        assert_eq!(shown(&line), (Some(Lamp::Busy), 0));
        assert_eq!(line.told(rings(4, "full", "confirmed")), Taken::Applied);
        assert_eq!(shown(&line), (Some(Lamp::Busy), 1));
    }

    #[test]
    fn where_the_stream_was_taken_away_an_answer_counts_and_not_what_the_stream_said_last() {
        for (in_call, lamp) in [(true, Lamp::Busy), (false, Lamp::Idle)] {
            let mut line = line();
            assert_eq!(line.told(rings(0, "full", "early")), Taken::Applied);
            line.asked(in_call);
            assert_eq!(shown(&line), (Some(lamp), 0));
        }
    }
}
