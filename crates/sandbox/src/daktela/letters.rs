//! Written activities: comments, e-mails and short messages.
//!
//! What belongs to a ticket and is sent at once becomes an entry of its conversation. What is held open (`action` OPEN:
//! a draft, made with `options.replyAction` from a letter that it answers or sends on) is an activity until `action`
//! CLOSE with `sendMail` sends it.
//!
//! Inferred: `to`, `cc` and `bcc` hold addresses separated by commas; files hang on by `add_files`, dressed like the
//! `comment_add_files` of a ticket.

use super::activities::wrong;
use super::models::{entry_name, find_entry, model};
use super::request::{name_of, text, truthy};
use super::tickets::uploads;
use super::{Context, Failure};
use crate::world::{
    Activity, Attachment, Body, Channel, Direction, Letter, Phase, StoredFile, World, ticket_number,
};
use serde_json::{Map, Value};

/// Whether the name means something that was written and sent for good.
pub(super) fn is_finished(world: &World, name: &str) -> bool {
    find_entry(world, name).is_some()
}

/// A comment may be corrected by who wrote it; letters are gone.
pub(super) fn correct(cx: &Context<'_>, world: &mut World, user: &str, name: &str) -> Result<(), Failure> {
    let (ticket, entry) = find_entry(world, name).ok_or(Failure::NotFound)?;
    let (ticket, number, is_note) = (ticket.number, entry.number, entry.is_note());
    let Some(said) = cx.call.body.get("description").and_then(text).filter(|_| is_note) else {
        return Ok(());
    };
    world.correct_entry(user, ticket, number, &said).map_err(|_| Failure::NotFound)
}

/// POST: answers the activity's name.
pub(super) fn write(
    cx: &Context<'_>,
    world: &mut World,
    user: &str,
    channel: Channel,
    sent: &Map<String, Value>,
) -> Result<String, Failure> {
    let of = |field: &str| sent.get(field).and_then(text).unwrap_or_default();
    let origin = Origin::read(cx, world, sent)?;
    let named = sent.get("ticket").and_then(name_of);
    let ticket = match &named {
        Some(name) if model("tickets").is_none_or(|m| m.row(world, name).is_none()) => {
            return Err(wrong("ticket", cx.language.foreign_key(), sent));
        }
        Some(name) => ticket_number(Some(name)),
        None => origin.as_ref().and_then(|o| o.ticket),
    };
    let draft = channel != Channel::Comment && of("action") == "OPEN";
    let to = if channel == Channel::Email { of("to") } else { of("number") };
    if channel != Channel::Comment && !draft {
        check_address(cx, channel, &to, sent)?;
    }
    let files = uploads(cx, world, "add_files")?;
    let said = match channel {
        Channel::Comment => of("description"),
        Channel::Email => of("message"),
        _ => of("text"),
    };
    let title = if channel == Channel::Email { of("subject") } else { of("title") };
    if let (Some(number), false) = (ticket, draft) {
        let body = if channel == Channel::Sms { Body::plain(said) } else { Body::html(said) };
        let letter = Letter {
            channel: Some(channel),
            subject: (!title.is_empty()).then_some(title),
            to,
            cc: of("cc"),
            bcc: of("bcc"),
            body: body.clone(),
            files: files.clone(),
        };
        let written = match channel {
            Channel::Comment => world.write_note(user, number, body, files),
            _ if origin.is_some_and(|o| o.forwards) => world.forward(user, number, letter),
            _ => world.agent_replies(user, number, letter),
        };
        let written = written.map_err(|_| Failure::NotFound)?;
        let ticket = world.tickets.get(number).ok_or(Failure::NotFound)?;
        let entry = ticket.entries.iter().rfind(|e| e.number == written).ok_or(Failure::NotFound)?;
        return Ok(entry_name(ticket, entry));
    }
    let now = world.now();
    let id = world.draw_activity_id();
    let number = world.draw_item_number();
    let mut activity = Activity::new(id.clone(), number, channel, Direction::Out, now);
    activity.item_id = world.draw_item_id(channel);
    activity.agent = Some(user.to_owned());
    activity.created_by = Some(user.to_owned());
    activity.ticket = ticket.map(|n| n.to_string());
    activity.contact = ticket.and_then(|n| world.tickets.get(n)?.contact.clone());
    activity.queue = sent.get("queue").and_then(name_of).and_then(|q| q.parse().ok());
    activity.title = title;
    activity.address = to;
    activity.cc = of("cc");
    activity.attachments = files;
    if channel == Channel::Comment {
        activity.note = said;
    } else {
        (activity.text, activity.note) = (said, of("description"));
    }
    if let Some(origin) = origin {
        origin.begin(&mut activity);
    }
    activity.opened = Some(now);
    activity.phase = if draft { Phase::Active } else { Phase::Closed };
    activity.closed = (!draft).then_some(now);
    world.add_activity(activity);
    world.note("activity.written", user, &id);
    Ok(id)
}

fn check_address(
    cx: &Context<'_>,
    channel: Channel,
    to: &str,
    sent: &Map<String, Value>,
) -> Result<(), Failure> {
    let field = if channel == Channel::Email { "to" } else { "number" };
    if to.trim().is_empty() {
        return Err(wrong(field, cx.language.required(), sent));
    }
    if channel == Channel::Email && to.split([',', ';']).any(|one| !one.contains('@')) {
        return Err(wrong(field, cx.language.bad_email(), sent));
    }
    Ok(())
}

/// PUT on a draft: what was sent replaces what stood there. Before it goes out it needs an address.
pub(super) fn rewrite(
    cx: &Context<'_>,
    world: &mut World,
    user: &str,
    id: &str,
    sends: bool,
) -> Result<(), Failure> {
    let sent = &cx.call.body;
    let Some(draft) = world.activities.get(id) else { return Ok(()) };
    let written = matches!(draft.channel, Channel::Email | Channel::Sms) && draft.direction == Direction::Out;
    if !written || draft.phase != Phase::Active || draft.agent.as_deref() != Some(user) {
        return Ok(());
    }
    let channel = draft.channel;
    let of = |field: &str| sent.get(field).and_then(text);
    let to = of(if channel == Channel::Email { "to" } else { "number" });
    if sends {
        check_address(cx, channel, to.as_deref().unwrap_or(&draft.address), sent)?;
    }
    let files = uploads(cx, world, "add_files")?;
    world.edit(id, |a| {
        a.address = to.unwrap_or(std::mem::take(&mut a.address));
        a.cc = of("cc").unwrap_or(std::mem::take(&mut a.cc));
        let said = of(if channel == Channel::Email { "message" } else { "text" });
        a.text = said.unwrap_or(std::mem::take(&mut a.text));
        a.title = of("subject").unwrap_or(std::mem::take(&mut a.title));
        a.queue = sent.get("queue").and_then(name_of).and_then(|q| q.parse().ok()).or(a.queue);
        a.attachments.extend(files);
    });
    Ok(())
}

/// A draft was closed: unless `sendMail` says no, it is on its way to the customer, and the ticket knows.
pub(super) fn sent(world: &mut World, user: &str, id: &str) {
    let Some(letter) = world.activities.get(id) else { return };
    let written =
        matches!(letter.channel, Channel::Email | Channel::Sms) && letter.direction == Direction::Out;
    let (ticket, forwarded) = (ticket_number(letter.ticket.as_deref()), letter.forwarded);
    if let (true, Some(number)) = (written, ticket) {
        // A ticket that was deleted meanwhile has nothing to be told.
        let _ = world.letter_sent(user, number, forwarded);
    }
}

/// The letter that a new one answers or sends on.
struct Origin {
    ticket: Option<i64>,
    forwards: bool,
    address: String,
    cc: String,
    subject: String,
    text: String,
    files: Vec<Attachment>,
}

impl Origin {
    fn read(cx: &Context<'_>, world: &World, sent: &Map<String, Value>) -> Result<Option<Self>, Failure> {
        let Some(options) = sent.get("options").filter(|o| o.is_object()) else { return Ok(None) };
        let (Some(item), Some(action)) = (options.get("item"), options.get("replyAction").and_then(text))
        else {
            return Ok(None);
        };
        let known = item.get("model").and_then(text).as_deref().and_then(model);
        let row = known.zip(name_of(item)).and_then(|(m, name)| Some(m.row(world, &name)?.record(world)));
        let row = row.ok_or_else(|| wrong("options", cx.language.foreign_key(), sent))?;
        let of = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let headers = row.get("options").and_then(|o| o.get("headers"));
        let named = |field: &str| headers.and_then(|h| h.get(field)).and_then(text);
        let numbers = row.get("attachments").and_then(Value::as_array).into_iter().flatten();
        let files = numbers.filter_map(|f| world.files.get(f.get("file")?.as_i64()?));
        let forwards = action == "forward";
        Ok(Some(Self {
            ticket: ticket_number(named("ticket").as_deref()),
            forwards,
            address: if forwards { String::new() } else { of("address") },
            cc: if action == "replyAll" { named("cc").unwrap_or_default() } else { String::new() },
            subject: format!("{} {}", if forwards { "Fwd:" } else { "Re:" }, of("title")),
            text: of("text"),
            files: if forwards { files.map(StoredFile::attachment).collect() } else { Vec::new() },
        }))
    }

    /// Fills in what the agent did not say.
    fn begin(self, draft: &mut Activity) {
        draft.forwarded = self.forwards;
        if draft.address.is_empty() {
            draft.address = self.address;
        }
        if draft.cc.is_empty() {
            draft.cc = self.cc;
        }
        if draft.title.is_empty() {
            draft.title = self.subject;
        }
        if draft.text.is_empty() {
            draft.text = format!("<p></p><blockquote>{}</blockquote>", self.text);
        }
        if draft.attachments.is_empty() {
            draft.attachments = self.files;
        }
    }
}

/// Whether a letter is to go out: closing without `sendMail` only files it.
pub(super) fn goes_out(sent: &Map<String, Value>) -> bool {
    sent.get("sendMail").is_none_or(truthy)
}
