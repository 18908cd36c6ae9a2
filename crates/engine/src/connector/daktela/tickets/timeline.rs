//! The activities of a ticket as one time line.
//!
//! An activity is one entry; a conversation of lines has one for each line, named `activity#line`, and an agent's note
//! on something that has a text of its own follows it as `activity#note`.

use daktela::Fk;
use daktela::models::{
    Activity, ActivityCall, ActivityEmail, Attachment as File, ChatLine, Contact, Direction as Way,
    EmailState, Item, LineKind, User,
};
use model::{Attachment, Author, AuthorKind, Channel, Delivery, Direction, EntryKind, Fact};
use serde_json::{Map, Value};

use super::super::super::{Inline, RawBody, RawEntry};
use super::super::activity::{channel, direction, is_me};
use super::super::agent::moment;
use super::{files, inferred, rows};
use crate::numbers;

/// What follows the name of an activity in the names of its further entries.
pub(super) const PART: char = '#';

/// Reads activities for one agent.
pub(super) struct Reader<'a> {
    pub(super) me: &'a User,
    pub(super) region: &'a str,
}

/// What is the same for all entries of an activity.
struct Common<'a> {
    activity: &'a Activity,
    channel: Channel,
    direction: Direction,
    /// The other side's address, as the item tells it.
    address: Option<&'a str>,
    /// The other side's name.
    customer: String,
}

impl Reader<'_> {
    /// The entries of an activity. `lines`: those that its item does not hold.
    pub(super) fn entries(&self, activity: &Activity, lines: Vec<ChatLine>) -> Vec<RawEntry> {
        let common = Common::of(activity);
        let told = match &activity.item {
            Some(Item::Web(web)) => web.lines.as_slice(),
            Some(Item::Fbm(message)) => &message.lines,
            Some(Item::Igdm(message)) => &message.lines,
            Some(Item::Wap(message)) => &message.lines,
            Some(Item::Vbr(message)) => &message.lines,
            Some(Item::Sms(sms)) => &sms.lines,
            _ => &[],
        };
        let lines = if told.is_empty() { lines } else { told.to_vec() };
        let shown: Vec<ChatLine> =
            lines.into_iter().filter(|line| line.kind != Some(LineKind::Command)).collect();
        let mut entries = match shown.is_empty() {
            true => vec![self.whole(&common)],
            false => self.lines(&common, &shown),
        };
        entries.extend(self.note(&common));
        entries
    }

    /// An activity as one entry.
    fn whole(&self, common: &Common<'_>) -> RawEntry {
        let activity = common.activity;
        let mut entry = self.bare(common);
        entry.body = body(activity);
        match &activity.item {
            Some(Item::Email(email)) => self.email(common, email, &mut entry),
            Some(Item::Call(call)) => self.call(call, &mut entry),
            _ => {}
        }
        let (inline, files) = files::of(activity, &entry.body);
        (entry.inline, entry.files) = (inline, files);
        entry
    }

    fn bare(&self, common: &Common<'_>) -> RawEntry {
        let activity = common.activity;
        let is_note = common.channel == Channel::Comment;
        let kind = match (is_note, common.channel) {
            (true, _) => EntryKind::Note,
            (_, Channel::Call) => EntryKind::Call,
            _ => EntryKind::Message,
        };
        let phone = common.address.filter(|address| !address.contains('@'));
        let has_phone =
            matches!(common.channel, Channel::Call | Channel::Sms | Channel::Whatsapp | Channel::Viber);
        RawEntry {
            id: activity.name.clone(),
            kind,
            channel: common.channel,
            direction: common.direction,
            author: self.author(common),
            at: rows::at(activity),
            title: if is_note { String::new() } else { common.title() },
            body: RawBody::Text(String::new()),
            inline: Vec::new(),
            files: Vec::new(),
            seconds: activity.duration.and_then(|s| u32::try_from(s).ok()).filter(|seconds| *seconds > 0),
            phone: phone.filter(|_| has_phone).map(|number| numbers::phone(number, self.region)),
            delivery: None,
            facts: facts(activity),
        }
    }

    fn author(&self, common: &Common<'_>) -> Author {
        match common.direction {
            Direction::In => Author {
                kind: AuthorKind::Customer,
                name: common.customer.clone(),
                address: common.address.map(str::to_owned),
                me: false,
            },
            Direction::Out | Direction::Internal => {
                let activity = common.activity;
                self.agent(activity.user.as_ref().or(activity.created_by.as_ref()))
            }
        }
    }

    fn agent(&self, user: Option<&Fk<User>>) -> Author {
        let name = user.map(|user| user.label().to_owned()).unwrap_or_default();
        let kind = if user.is_some() { AuthorKind::Agent } else { AuthorKind::System };
        Author { kind, name, address: None, me: user.is_some_and(|user| is_me(user, self.me)) }
    }

    fn email(&self, common: &Common<'_>, email: &ActivityEmail, entry: &mut RawEntry) {
        entry.seconds = None;
        let mut to = header(email, "to");
        if to.is_empty() && common.direction == Direction::Out {
            to.extend(email.address.clone());
        }
        let people = [("to", to), ("cc", header(email, "cc"))];
        let people = people.into_iter().filter(|(_, list)| !list.is_empty());
        entry.facts.splice(0..0, people.map(|(label, list)| fact(label, list.join(", "))));
        entry.delivery = match &email.state {
            Some(EmailState::Sent) => Some(Delivery::Sent),
            Some(EmailState::Failed) => Some(Delivery::Failed),
            Some(EmailState::Wait | EmailState::PostProcessing) => Some(Delivery::Waiting),
            Some(EmailState::Draft) => Some(Delivery::Draft),
            Some(EmailState::Other(_)) | None => None,
        };
    }

    fn call(&self, call: &ActivityCall, entry: &mut RawEntry) {
        entry.seconds = call.duration.and_then(|s| u32::try_from(s).ok()).or(entry.seconds);
        entry.facts.extend(
            call.waiting_time.filter(|seconds| *seconds > 0).map(|seconds| fact("waited", clock(seconds))),
        );
        let missed = call.missed_call == Some(1) || call.answered == Some(false);
        if missed {
            entry.seconds = None;
            let by = call.options.get("missedagentname").and_then(Value::as_str).unwrap_or_default();
            entry.facts.push(fact("missed", by.to_owned()));
        }
    }

    /// A conversation line by line. What is known of the whole stands with the first.
    fn lines(&self, common: &Common<'_>, lines: &[ChatLine]) -> Vec<RawEntry> {
        let mut entries: Vec<RawEntry> = lines.iter().map(|line| self.line(common, line)).collect();
        let whole = self.bare(common);
        if let Some(first) = entries.first_mut() {
            first.id = common.activity.name.clone();
            first.title = whole.title;
            first.seconds = whole.seconds;
            first.phone = whole.phone;
            first.facts = whole.facts;
            let (_, mut files) = files::of(common.activity, &first.body);
            first.files.append(&mut files);
        }
        entries
    }

    fn line(&self, common: &Common<'_>, line: &ChatLine) -> RawEntry {
        let activity = common.activity;
        let (direction, author) = match &line.direction {
            Some(Way::In) | None if line.user.is_none() => {
                let author = Author {
                    kind: AuthorKind::Customer,
                    name: common.customer.clone(),
                    address: common.address.map(str::to_owned),
                    me: false,
                };
                (Direction::In, author)
            }
            // `BOT`: the decision tree speaks for the company.
            Some(Way::Other(_)) => (Direction::Out, self.agent(None)),
            _ => (Direction::Out, self.agent(line.user.as_ref().or(activity.user.as_ref()))),
        };
        let is_private = line.kind == Some(LineKind::Private);
        RawEntry {
            id: format!("{}{PART}{}", activity.name, line.name),
            kind: if is_private { EntryKind::Note } else { EntryKind::Message },
            channel: common.channel,
            direction: if is_private { Direction::Internal } else { direction },
            author,
            at: line.time.map_or_else(|| rows::at(activity), moment),
            title: String::new(),
            body: RawBody::Text(line.text.clone().unwrap_or_default()),
            inline: Vec::new(),
            files: files::listed(&line.attachments, inferred::mapper(activity.kind.as_ref())),
            seconds: None,
            phone: None,
            delivery: None,
            facts: Vec::new(),
        }
    }

    /// The agent's note on an activity that has a text of its own.
    fn note(&self, common: &Common<'_>) -> Option<RawEntry> {
        let activity = common.activity;
        let note = activity.description.as_deref().filter(|note| !note.trim().is_empty())?;
        // Of everything else the description is the text itself.
        if !has_own_text(activity.item.as_ref()) {
            return None;
        }
        let mut entry = self.bare(common);
        entry.id = format!("{}{PART}note", activity.name);
        entry.kind = EntryKind::Note;
        entry.direction = Direction::Internal;
        entry.author = self.agent(activity.user.as_ref().or(activity.created_by.as_ref()));
        entry.at = activity.time_close.map_or(entry.at, moment);
        entry.title = String::new();
        entry.body = RawBody::Html(note.to_owned());
        (entry.seconds, entry.phone, entry.facts) = (None, None, Vec::new());
        Some(entry)
    }
}

impl<'a> Common<'a> {
    fn of(activity: &'a Activity) -> Self {
        let channel = channel(activity.kind.as_ref());
        let direction = match channel {
            Channel::Comment => Direction::Internal,
            _ => direction(activity.item.as_ref()),
        };
        let contact = activity.contact.as_ref().map(Fk::<Contact>::label).filter(|name| !name.is_empty());
        let address = address(activity.item.as_ref());
        let called = match &activity.item {
            Some(Item::Web(web)) => web.title.as_deref(),
            Some(Item::Fbm(message)) => message.title.as_deref(),
            Some(Item::Igdm(message)) => message.title.as_deref(),
            Some(Item::Wap(message)) => message.title.as_deref(),
            Some(Item::Vbr(message)) => message.title.as_deref(),
            _ => None,
        };
        let customer = contact.or(called).or(address).unwrap_or_default().to_owned();
        Self { activity, channel, direction, address, customer }
    }

    fn title(&self) -> String {
        let email = match &self.activity.item {
            Some(Item::Email(email)) => email.title.clone(),
            _ => None,
        };
        email.or_else(|| self.activity.title.clone()).unwrap_or_default()
    }
}

fn address(item: Option<&Item>) -> Option<&str> {
    let address = match item? {
        Item::Call(call) => call.clid.as_deref(),
        Item::Email(email) => email.address.as_deref(),
        Item::Web(web) => web.email.as_deref().or(web.phone.as_deref()),
        Item::Sms(sms) => sms.sender.as_deref(),
        Item::Fbm(message) => message.sender.as_deref(),
        Item::Igdm(message) => message.sender.as_deref(),
        Item::Wap(message) => message.sender.as_deref(),
        Item::Vbr(message) => message.sender.as_deref(),
        Item::Id(_) | Item::Other(_) => None,
    };
    address.filter(|address| !address.trim().is_empty())
}

/// Whether what was said stands in the item.
fn has_own_text(item: Option<&Item>) -> bool {
    match item {
        Some(
            Item::Email(_)
            | Item::Sms(_)
            | Item::Web(_)
            | Item::Fbm(_)
            | Item::Igdm(_)
            | Item::Wap(_)
            | Item::Vbr(_),
        ) => true,
        Some(Item::Call(_) | Item::Id(_) | Item::Other(_)) | None => false,
    }
}

/// What an activity says. Comments and notes on calls are its description.
pub(super) fn body(activity: &Activity) -> RawBody {
    match &activity.item {
        Some(Item::Email(email)) => RawBody::Html(email.text.clone().unwrap_or_default()),
        Some(Item::Sms(sms)) => RawBody::Text(sms.text.clone().unwrap_or_default()),
        Some(Item::Web(_) | Item::Fbm(_) | Item::Igdm(_) | Item::Wap(_) | Item::Vbr(_)) => {
            RawBody::Text(String::new())
        }
        _ => RawBody::Html(activity.description.clone().unwrap_or_default()),
    }
}

/// The beginning of what an activity says, for a list.
pub(super) fn preview(activity: &Activity) -> String {
    let line = match &activity.item {
        Some(Item::Web(web)) => web.lines.last(),
        Some(Item::Fbm(message)) => message.lines.last(),
        Some(Item::Igdm(message)) => message.lines.last(),
        Some(Item::Wap(message)) => message.lines.last(),
        Some(Item::Vbr(message)) => message.lines.last(),
        _ => None,
    };
    let body = match line.and_then(|line| line.text.clone()) {
        Some(text) => RawBody::Text(text),
        None => body(activity),
    };
    match &body {
        RawBody::Html(html) => letter::preview(letter::Source::Html(html)),
        RawBody::Text(text) => letter::preview(letter::Source::Text(text)),
    }
}

/// Addresses in a header of an e-mail: rows `{address,display}`, texts, or nothing in any dress.
pub(super) fn header(email: &ActivityEmail, name: &str) -> Vec<String> {
    let headers = email.options.get("headers").and_then(Value::as_object);
    let Some(value) = headers.and_then(|headers: &Map<String, Value>| headers.get(name)) else {
        return Vec::new();
    };
    let row = |row: &Value| match row {
        Value::String(text) => text.split([',', ';']).map(|one| one.trim().to_owned()).collect(),
        other => {
            let address = other.get("address").and_then(Value::as_str);
            address.map(|address| vec![address.trim().to_owned()]).unwrap_or_default()
        }
    };
    let rows: Vec<Vec<String>> = match value {
        Value::Array(list) => list.iter().map(row).collect(),
        Value::Object(map) if !map.contains_key("address") => map.values().map(row).collect(),
        other => vec![row(other)],
    };
    rows.into_iter().flatten().filter(|address| !address.is_empty()).collect()
}

fn facts(activity: &Activity) -> Vec<Fact> {
    let queue = activity.queue.as_ref().map(|queue| queue.label().to_owned());
    let statuses: Vec<&str> = activity.statuses.iter().map(Fk::label).filter(|l| !l.is_empty()).collect();
    let mut facts = Vec::new();
    facts.extend(queue.filter(|queue| !queue.is_empty()).map(|queue| fact("queue", queue)));
    if !statuses.is_empty() {
        facts.push(fact("status", statuses.join(", ")));
    }
    facts
}

fn fact(label: &str, value: String) -> Fact {
    Fact { label: label.to_owned(), value }
}

/// Seconds as `m:ss`.
fn clock(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Whether an activity is a conversation whose lines have to be asked for: the model and the name of its item.
pub(super) fn lines_to_ask(activity: &Activity) -> Option<(&'static str, String)> {
    let (known, name) = match activity.item.as_ref()? {
        Item::Web(web) => (!web.lines.is_empty(), &web.name),
        Item::Sms(sms) => (sms.text.is_some() || !sms.lines.is_empty(), &sms.name),
        Item::Fbm(message) => (!message.lines.is_empty(), &message.name),
        Item::Igdm(message) => (!message.lines.is_empty(), &message.name),
        Item::Wap(message) => (!message.lines.is_empty(), &message.name),
        Item::Vbr(message) => (!message.lines.is_empty(), &message.name),
        _ => return None,
    };
    (!known).then(|| (inferred::mapper(activity.kind.as_ref()), name.clone()))
}

/// A file as the agent sees it.
pub(super) fn attachment(file: &File, mapper: &str) -> Attachment {
    let title = file.title.as_deref().unwrap_or(&file.name);
    Attachment {
        id: format!("{mapper}/{}", file.name),
        name: title.rsplit(['/', '\\']).next().unwrap_or(title).to_owned(),
        mime: file.kind.clone().unwrap_or_default(),
        size: file.size.and_then(|size| u64::try_from(size).ok()),
    }
}

/// A picture that belongs to a text.
pub(super) fn picture(cid: &str, file: Attachment) -> Inline {
    Inline { cid: cid.trim_matches(['<', '>']).to_owned(), file }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
