//! What a presence document means at a given moment.
//!
//! - **Can they be reached?** Among the tuples that are the person's own (not an assistant's), an open one of the highest
//!   contact priority; if none is open, the first closed one. A timed status counts once its time has come, unless the tuple was
//!   written later than that. Without a tuple nothing is known, which is not the same as no.
//! - **What are they doing?** The newest person element says it; without timestamps the last one. An activity whose end has
//!   passed is not current any more, and one that has not begun is not yet.
//! - **Person or tuple?** A person element may stand before or after the tuples; what decides is the time. A tuple that was
//!   closed after the person was described makes that description old.

use jiff::Timestamp;

use super::pidf::{Basic, Person, Presence, Tuple};

/// The gist of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Whether they can be reached; `None` if nothing is known.
    pub online: Option<bool>,
    /// Where to reach them: the preferred open address.
    pub contact: Option<String>,
    /// What they are doing now, as words of RPID or others.
    pub activities: Vec<String>,
    /// Until when, if that is known.
    pub until: Option<Timestamp>,
    /// What they were doing: said once, its end has passed or it is older than their going offline.
    pub past_activities: Vec<String>,
    /// What they want others to read.
    pub note: Option<String>,
    /// When the newest part of this was true, if the document says.
    pub as_of: Option<Timestamp>,
}

/// What this document means at this moment.
pub fn summary(presence: &Presence, now: Timestamp) -> Summary {
    let tuple = best_tuple(presence, now);
    // `max_by_key` takes the last of equals.
    let person = presence.persons.iter().max_by_key(|person| person.timestamp);
    let online = tuple.and_then(|tuple| basic_at(tuple, now)).map(|basic| basic == Basic::Open);
    let tuple_time = tuple.and_then(|tuple| tuple.timestamp);
    let person_time = person.and_then(|person| person.timestamp);
    let tuple_is_newer = tuple_time > person_time && person_time.is_some();
    let left_since = online == Some(false) && tuple_is_newer;

    let activities = person.and_then(|person| person.activities.as_ref());
    let over = activities.and_then(|a| a.until).is_some_and(|until| until <= now);
    let to_come = activities.and_then(|a| a.from).is_some_and(|from| from > now);
    let kinds = activities.map(|a| a.kinds.clone()).unwrap_or_default();
    let (current, past) = match (left_since || over, to_come) {
        (true, _) => (Vec::new(), kinds),
        (false, true) => (Vec::new(), Vec::new()),
        (false, false) => (kinds, Vec::new()),
    };
    let persons_note = person.and_then(|person| note_of(person, over || to_come));
    let tuples_note = tuple.and_then(|tuple| tuple.notes.first()).map(|note| note.text.clone());
    let note = if tuple_is_newer { tuples_note.or(persons_note) } else { persons_note.or(tuples_note) };
    Summary {
        online,
        contact: tuple.filter(|_| online == Some(true)).and_then(|tuple| tuple.contact.clone()),
        until: activities.filter(|_| !current.is_empty()).and_then(|a| a.until),
        activities: current,
        past_activities: past,
        note: note.or_else(|| presence.notes.first().map(|note| note.text.clone())),
        as_of: tuple_time.max(person_time),
    }
}

fn best_tuple(presence: &Presence, now: Timestamp) -> Option<&Tuple> {
    let own = |tuple: &&Tuple| tuple.relationship.as_deref().is_none_or(|word| word == "self");
    let with =
        |basic: Option<Basic>| presence.tuples.iter().filter(own).filter(move |t| basic_at(t, now) == basic);
    // The first of the highest priority; a contact without priority comes last (RFC 3863 section 4.1.5).
    with(Some(Basic::Open))
        .reduce(|best, tuple| if tuple.priority > best.priority { tuple } else { best })
        .or_else(|| with(Some(Basic::Closed)).next())
        .or_else(|| with(None).next())
}

fn basic_at(tuple: &Tuple, now: Timestamp) -> Option<Basic> {
    let due = |timed: &&super::pidf::Timed| {
        timed.from <= now
            && timed.until.is_none_or(|until| now < until)
            && tuple.timestamp.is_none_or(|written| written <= timed.from)
    };
    tuple.timed.iter().rfind(due).and_then(|timed| timed.basic).or(tuple.basic)
}

/// The note of the activity while that is current, else the person's.
fn note_of(person: &Person, activity_is_not_now: bool) -> Option<String> {
    let doing = person.activities.as_ref().filter(|_| !activity_is_not_now).and_then(|a| a.note.clone());
    doing.or_else(|| person.notes.first().map(|note| note.text.clone()))
}
