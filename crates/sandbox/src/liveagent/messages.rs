//! A conversation's message groups with their messages: each entry is a group; a letter's parts (title, copies, text,
//! quoted text, files) are its messages, a chat's lines too.

use super::answer::{Failure, rows};
use super::conversations::ticket;
use super::{Context, Perhaps, Told, inferred, time};
use crate::world::{Activity, Author, Channel, ChatLine, Direction, Entry, Event, Millis};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    (cx.call.route.id == "conversations.conversationid.messages.get").then(|| list(cx))
}

fn list(cx: &Context<'_>) -> Told {
    let number = ticket(cx)?;
    let moment = |name: &str| {
        let read = |text| {
            time::read(text, &cx.zone)
                .ok_or_else(|| Failure::processing(format!("{text} is no valid datetime")))
        };
        cx.call.param(name).map(read).transpose()
    };
    let (from, to) = (moment("datefrom")?, moment("dateto")?);
    let by_words = cx.switches.is("liveagent_dates", "words");
    let dated = |at: Millis| match by_words {
        false => from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to),
        true => from.is_none_or(|from| at < from) && to.is_none_or(|to| at > to),
    };
    let contact = cx.world.ticket(number).ok().and_then(|t| t.contact.clone());
    let entries = cx.world.conversation(number);
    // That a reply leaves it answered is told by the reply.
    let silent = |e: &Entry| e.event == Some(Event::StateChanged) && &*e.body.text == "waiting";
    let shown = entries.iter().filter(|e| dated(e.at) && !silent(e));
    rows("groups", shown.map(|e| group(cx, e, contact.as_deref())).collect())
}

/// Writes the messages of one group.
struct Writer<'a> {
    cx: &'a Context<'a>,
    contact: Option<&'a str>,
    id: String,
    messages: Vec<Value>,
    last: Millis,
}

impl Writer<'_> {
    fn add(&mut self, letter: &str, author: &Author, at: Millis, text: &str) {
        let id = format!("{}{:03}", self.id, self.messages.len() + 1);
        self.last = self.last.max(at);
        self.messages.push(json!({"messageid": id, "userid": inferred::author_id(author, self.contact),
            "rtype": letter, "datecreated": self.cx.time(at), "message": text}));
    }
}

fn group(cx: &Context<'_>, entry: &Entry, contact: Option<&str>) -> Value {
    let activity = entry.activity.as_ref().and_then(|id| cx.world.activities.get(&**id));
    let (letter, status) = inferred::group(entry, activity, cx.switches);
    let id = format!("{:08x}", entry.number);
    let mut to = Writer { cx, contact, id: id.clone(), messages: Vec::new(), last: entry.at };
    match (entry.event, entry.channel) {
        (Some(event), _) => happened(&mut to, entry, event),
        (None, Channel::Call) => call(&mut to, entry, activity),
        (None, Channel::Chat) => chat(&mut to, entry),
        (None, Channel::Comment) => note(&mut to, entry),
        (None, _) => letters(&mut to, entry),
    }
    files(&mut to, entry);
    json!({"messagegroupid": id, "userid": inferred::author_id(&entry.author, contact), "rtype": letter,
        "rstatus": status, "datecreated": cx.time(entry.at), "datefinished": cx.time(to.last), "messages": to.messages})
}

fn happened(to: &mut Writer<'_>, entry: &Entry, event: Event) {
    let text = &entry.body.text;
    let letter = match event {
        Event::Created => "S",
        Event::Transferred | Event::Assigned => "R",
        Event::StateChanged | Event::Postponed => "J",
        Event::Tagged | Event::Untagged => "G",
        Event::Merged if entry.number % 2 == 1 => "B",
        Event::Merged => "2",
        Event::Deleted => "I",
    };
    to.add(letter, &entry.author, entry.at, text);
}

/// A call's course; Inferred: what was said is a voice message whose text names the recording.
fn call(to: &mut Writer<'_>, entry: &Entry, activity: Option<&Activity>) {
    let other = &entry.to;
    to.add("S", &Author::System, entry.at, &format!("Call with {other}"));
    let Some(activity) = activity else {
        if !entry.body.text.is_empty() {
            to.add("V", &entry.author, entry.at, &entry.body.text);
        }
        return;
    };
    if let Some(since) = activity.talk_since {
        let letter = if entry.direction == Direction::Internal { "1" } else { "V" };
        let seconds = activity.talk_seconds(to.cx.world.now());
        to.add(letter, &entry.author, since, &format!("{seconds} s"));
    }
    match (activity.talk_ended.or(activity.closed), activity.talk_since) {
        (Some(at), Some(_)) => to.add("E", &Author::System, at, "Call ended"),
        (Some(at), None) => to.add("D", &Author::System, at, "Nobody answered"),
        (None, _) => {}
    }
    if !activity.note.is_empty() {
        to.add("N", &entry.author, activity.closed.unwrap_or(entry.at), &activity.note);
    }
}

fn chat(to: &mut Writer<'_>, entry: &Entry) {
    let variant = entry.number % 8;
    to.add(
        "U",
        &Author::Customer,
        entry.at,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    );
    if variant == 1 {
        to.add("Z", &Author::Customer, entry.at, "Order: 4711");
    }
    if variant == 3 {
        to.add("3", &Author::System, entry.at, "Passed on to the next agent");
    }
    to.add("K", &Author::System, entry.at, "The chat begins");
    let alone = [ChatLine { author: entry.author.clone(), at: entry.at, text: entry.body.text.clone() }];
    let lines: &[ChatLine] = if entry.lines.is_empty() { &alone } else { &entry.lines };
    for line in lines {
        to.add("M", &line.author, line.at, &line.text);
    }
    let end = lines.last().map_or(entry.at, |line| line.at);
    if entry.lines.len() > 1 {
        to.add(if variant == 5 { "D" } else { "E" }, &Author::System, end, "The chat ends");
        match variant {
            2 => to.add("P", &Author::Customer, end, "Very helpful"),
            4 => to.add("W", &Author::Customer, end, "Too slow"),
            6 => to.add("C", &Author::Customer, end, "We will see"),
            _ => {}
        }
    }
}

fn note(to: &mut Writer<'_>, entry: &Entry) {
    let letter = if entry.number % 8 == 3 { "I" } else { "N" };
    to.add(letter, &entry.author, entry.at, &entry.body.text);
}

/// A letter: title and copies, the text with pictures inside shown by their address, quoted lines of a plain text apart.
fn letters(to: &mut Writer<'_>, entry: &Entry) {
    if let Some(subject) = &entry.subject {
        to.add("T", &entry.author, entry.at, subject);
    }
    if !entry.cc.is_empty() {
        let letter = if entry.number % 2 == 1 { "H" } else { "A" };
        to.add(letter, &entry.author, entry.at, &format!("Cc: {}", entry.cc));
    }
    let mut text = entry.body.text.to_string();
    for inside in &entry.attachments {
        let stored = to.cx.world.files.get(inside.file);
        if let (Some(cid), Some(stored)) = (&inside.cid, stored) {
            let address = inferred::inline_picture(&to.cx.call.head.host, &stored.key);
            text = text.replace(&format!("cid:{cid}"), &address);
        }
    }
    let (quoted, own): (Vec<&str>, Vec<&str>) = match entry.body.html {
        true => (Vec::new(), vec![&text]),
        false => text.lines().partition(|line| line.starts_with('>')),
    };
    let letter = match (entry.number % 8, entry.attachments.is_empty()) {
        (2, true) => "Y",
        (4, false) => "X",
        _ => "M",
    };
    to.add(letter, &entry.author, entry.at, &own.join("\n"));
    if !quoted.is_empty() {
        to.add("Q", &entry.author, entry.at, &quoted.join("\n"));
    }
    if entry.direction == Direction::Out {
        let letter = if entry.number % 8 == 1 { "0" } else { "O" };
        to.add(letter, &entry.author, entry.at, "Offhook practice centre");
    }
}

fn files(to: &mut Writer<'_>, entry: &Entry) {
    let letter = if entry.channel == Channel::Comment { "L" } else { "F" };
    for attachment in entry.attachments.iter().filter(|a| a.cid.is_none()) {
        if let Some(stored) = to.cx.world.files.get(attachment.file) {
            let text = inferred::file_message(&stored.key);
            to.add(letter, &entry.author, entry.at, &text);
        }
    }
}
