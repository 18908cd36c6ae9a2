//! Writing a presence document, for the operation that sets a contact's presence.

use std::borrow::Cow;

use jiff::Timestamp;
use quick_xml::escape::escape;

use super::{Basic, DATA_MODEL, Device, Note, PIDF, Person, Presence, RPID, TIMED_STATUS, Tuple, UserInput};

impl Presence {
    /// Writes the document, without links.
    pub fn to_xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence");
        for (attribute, namespace) in
            [("xmlns", PIDF), ("xmlns:dm", DATA_MODEL), ("xmlns:rpid", RPID), ("xmlns:ts", TIMED_STATUS)]
        {
            attribute_to(&mut out, attribute, namespace);
        }
        if let Some(entity) = &self.entity {
            attribute_to(&mut out, "entity", entity);
        }
        out.push('>');
        self.tuples.iter().for_each(|tuple| tuple_to(&mut out, tuple));
        notes_to(&mut out, "note", &self.notes);
        self.persons.iter().for_each(|person| person_to(&mut out, person));
        self.devices.iter().for_each(|device| device_to(&mut out, device));
        out.push_str("</presence>\n");
        out
    }
}

fn attribute_to(out: &mut String, name: &str, value: &str) {
    out.push_str(&format!(" {name}=\"{}\"", clean(value)));
}

fn text_to(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>{}</{name}>", clean(text)));
}

/// Escaped, and without the control characters that XML has no way to write.
fn clean(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let allowed: Cow<'_, str> =
        if text.chars().all(|c| allowed(&c)) { text.into() } else { text.chars().filter(allowed).collect() };
    escape(&*allowed).into_owned()
}

fn notes_to(out: &mut String, name: &str, notes: &[Note]) {
    for note in notes {
        out.push_str(&format!("<{name}"));
        if let Some(lang) = &note.lang {
            attribute_to(out, "xml:lang", lang);
        }
        out.push_str(&format!(">{}</{name}>", clean(&note.text)));
    }
}

fn basic_to(out: &mut String, name: &str, basic: Option<Basic>) {
    match basic {
        Some(Basic::Open) => text_to(out, name, "open"),
        Some(Basic::Closed) => text_to(out, name, "closed"),
        None => {}
    }
}

/// The words become names of elements only if they can be; others are written as `other`.
fn words_to(out: &mut String, words: &[String]) {
    for word in words {
        let plain = word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            && word != "note";
        if plain {
            out.push_str(&format!("<rpid:{word}/>"));
        } else {
            text_to(out, "rpid:other", word);
        }
    }
}

fn time_to(out: &mut String, name: &str, time: Option<Timestamp>) {
    if let Some(time) = time {
        attribute_to(out, name, &time.to_string());
    }
}

fn user_input_to(out: &mut String, input: Option<&UserInput>) {
    if let Some(input) = input {
        out.push_str("<rpid:user-input");
        time_to(out, "last-input", input.last_input);
        out.push_str(&format!(">{}</rpid:user-input>", clean(&input.word)));
    }
}

fn tuple_to(out: &mut String, tuple: &Tuple) {
    out.push_str("<tuple");
    attribute_to(out, "id", &tuple.id);
    out.push_str("><status>");
    basic_to(out, "basic", tuple.basic);
    out.push_str("</status>");
    for timed in &tuple.timed {
        out.push_str("<ts:timed-status");
        time_to(out, "from", Some(timed.from));
        time_to(out, "until", timed.until);
        out.push('>');
        basic_to(out, "ts:basic", timed.basic);
        out.push_str("</ts:timed-status>");
    }
    if let Some(relationship) = &tuple.relationship {
        out.push_str("<rpid:relationship>");
        words_to(out, std::slice::from_ref(relationship));
        out.push_str("</rpid:relationship>");
    }
    if tuple.contact.is_some() || tuple.priority.is_some() {
        out.push_str("<contact");
        if let Some(priority) = tuple.priority {
            attribute_to(out, "priority", &format!("{:.3}", f64::from(priority) / 1000.0));
        }
        out.push_str(&format!(">{}</contact>", clean(tuple.contact.as_deref().unwrap_or_default())));
    }
    notes_to(out, "note", &tuple.notes);
    if let Some(time) = tuple.timestamp {
        text_to(out, "timestamp", &time.to_string());
    }
    out.push_str("</tuple>");
}

fn person_to(out: &mut String, person: &Person) {
    out.push_str("<dm:person");
    attribute_to(out, "id", &person.id);
    out.push('>');
    if let Some(activities) = &person.activities {
        out.push_str("<rpid:activities");
        time_to(out, "from", activities.from);
        time_to(out, "until", activities.until);
        out.push('>');
        if let Some(note) = &activities.note {
            text_to(out, "rpid:note", note);
        }
        words_to(out, &activities.kinds);
        out.push_str("</rpid:activities>");
    }
    for (name, words) in
        [("mood", &person.moods), ("place-type", &person.place_type), ("privacy", &person.privacy)]
    {
        if !words.is_empty() {
            out.push_str(&format!("<rpid:{name}>"));
            words_to(out, words);
            out.push_str(&format!("</rpid:{name}>"));
        }
    }
    if let Some(sphere) = &person.sphere {
        text_to(out, "rpid:sphere", sphere);
    }
    if let Some(minutes) = person.time_offset {
        text_to(out, "rpid:time-offset", &minutes.to_string());
    }
    user_input_to(out, person.user_input.as_ref());
    notes_to(out, "dm:note", &person.notes);
    if let Some(time) = person.timestamp {
        text_to(out, "dm:timestamp", &time.to_string());
    }
    out.push_str("</dm:person>");
}

fn device_to(out: &mut String, device: &Device) {
    out.push_str("<dm:device");
    attribute_to(out, "id", &device.id);
    out.push('>');
    user_input_to(out, device.user_input.as_ref());
    if let Some(name) = &device.device_id {
        text_to(out, "dm:deviceID", name);
    }
    notes_to(out, "dm:note", &device.notes);
    if let Some(time) = device.timestamp {
        text_to(out, "dm:timestamp", &time.to_string());
    }
    out.push_str("</dm:device>");
}
