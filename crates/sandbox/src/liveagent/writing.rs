//! What is done to a conversation: answered, noted, transferred, given another status, tagged, deleted, begun.
//!
//! Who does it is named by `useridentifier`, the user "System" if nobody is. Inferred: an agent who does not work in the
//! conversation's department is refused, and one who does not work in a department is not given its conversations.

use super::answer::{Failure, Reply, Told, done};
use super::conversations::ticket;
use super::{Context, Perhaps, agents, inferred};
use crate::Centre;
use crate::world::records::{Record, text};
use crate::world::{
    Attachment, Author, Body, Channel, Entry, Event, Letter, NewTicket, Priority, TicketState,
};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "conversations.conversationid.messages.post" => write(cx),
        "conversations.conversationid.attendants.put" => transfer(cx),
        "conversations.conversationid.status.put" => status(cx),
        "conversations.conversationid.delete" => delete(cx),
        "conversations.conversationid.fields.post" => add_fields(cx),
        "conversations.conversationid.fields.delete" => remove_fields(cx),
        "conversations.conversationid.tags.get" => tags(cx),
        "conversations.conversationid.tags.post" => tag(cx),
        "conversations.conversationid.tags.delete" => untag(cx),
        "conversations.post" => begin(cx),
        _ => return None,
    })
}

/// Somebody else changes the conversation just before the command is read.
pub(super) fn interfere(centre: &Centre, identifier: &str) {
    let Some(number) = inferred::conversation_number(identifier) else { return };
    // A conversation that is not there cannot be changed, and the command will say so.
    let _ = centre.world().edit_ticket(number, Some("tomas"), |t| {
        t.owner = if t.owner.as_deref() == Some("tomas") { None } else { Some("tomas".to_owned()) };
    });
}

/// The agent who is named as doing it.
fn doer(cx: &Context<'_>) -> Result<Option<String>, Failure> {
    cx.call
        .param("useridentifier")
        .map(|named| agents::find(cx, named).map(|agent| agent.id.clone()))
        .transpose()
}

/// The conversation, and who does something to it, who must work in its department.
fn at_work(cx: &Context<'_>) -> Result<(i64, Option<String>), Failure> {
    let (number, doer) = (ticket(cx)?, doer(cx)?);
    if let Some(agent) = doer.as_deref().and_then(|id| cx.world.agents.get(id))
        && !inferred::works_in(&cx.world, &cx.world.ticket(number)?.category, agent)
    {
        return Err(Failure::forbidden(format!("{} has no access to this conversation", agent.name)));
    }
    Ok((number, doer))
}

/// Files that were put up before, by their ids.
fn attached(cx: &Context<'_>) -> Result<Vec<Attachment>, Failure> {
    let file = |id: &str| {
        let stored = cx.world.files.by_key(id);
        stored
            .map(crate::world::StoredFile::attachment)
            .ok_or_else(|| Failure::processing(format!("file {id} not found")))
    };
    cx.call.list("attachments").unwrap_or_default().into_iter().map(file).collect()
}

fn body(cx: &Context<'_>) -> Result<Body, Failure> {
    let text = cx.call.required("message")?;
    Ok(if cx.call.yes("is_html_message") { Body::html(text) } else { Body::plain(text) })
}

/// A reply, or a note; without a user only a note, whatever was asked.
fn write(cx: &mut Context<'_>) -> Told {
    let ((number, doer), body, files) = (at_work(cx)?, body(cx)?, attached(cx)?);
    match doer {
        Some(agent) if cx.call.param("type") != Some("N") => {
            let channel = Some(cx.world.ticket(number)?.channel)
                .filter(|c| !matches!(c, Channel::Call | Channel::Comment));
            let letter =
                Letter { channel: channel.or(Some(Channel::Email)), body, files, ..Letter::default() };
            cx.world.agent_replies(&agent, number, letter)?;
            // Inferred: whoever replies leaves it answered.
            cx.world
                .edit_ticket(number, Some(&agent), |t| (t.state, t.reopen) = (TicketState::Waiting, None))?;
        }
        doer => drop(cx.world.write_note(doer.as_deref().unwrap_or(""), number, body, files)?),
    }
    done()
}

/// The note that comes with a change.
fn with_note(cx: &mut Context<'_>, number: i64, doer: Option<&str>) -> Result<(), Failure> {
    let note = cx.call.param("note").map(Body::plain);
    if let Some(note) = note {
        cx.world.write_note(doer.unwrap_or(""), number, note, Vec::new())?;
    }
    Ok(())
}

fn transfer(cx: &mut Context<'_>) -> Told {
    let (number, doer) = at_work(cx)?;
    let agent = cx.call.param("agentidentifier").map(|named| agents::find(cx, named)).transpose()?;
    let department = match cx.call.param("department") {
        Some(id) => super::departments::find(cx, id)?.to_owned(),
        None => cx.world.ticket(number)?.category.clone(),
    };
    if let Some(agent) = agent
        && !inferred::works_in(&cx.world, &department, agent)
    {
        return Err(Failure::processing(format!("agent {} does not work in this department", agent.name)));
    }
    let agent = agent.map(|a| a.id.clone());
    cx.world.transfer_ticket(number, doer.as_deref(), &department, agent.as_deref())?;
    with_note(cx, number, doer.as_deref())?;
    done()
}

fn status(cx: &mut Context<'_>) -> Told {
    let (number, doer) = at_work(cx)?;
    let state = match cx.call.required("status")? {
        "R" => TicketState::Closed,
        "A" => TicketState::Waiting,
        _ => TicketState::Open,
    };
    let (now, item) = (cx.world.now(), cx.world.draw_item_number());
    cx.world.edit_ticket(number, doer.as_deref(), |ticket| {
        if ticket.state == TicketState::Open && state == TicketState::Open {
            // It was new; from now on it is open, which only a line in the conversation tells.
            let author = doer.as_deref().map_or(Author::System, Author::agent);
            let mut entry = Entry::bare(item, Channel::Comment, author, now, Body::plain("open"));
            entry.event = Some(Event::StateChanged);
            ticket.entries.push(entry);
        }
        (ticket.state, ticket.reopen) = (state, None);
    })?;
    with_note(cx, number, doer.as_deref())?;
    done()
}

fn delete(cx: &mut Context<'_>) -> Told {
    let (number, doer) = at_work(cx)?;
    with_note(cx, number, doer.as_deref())?;
    cx.world.edit_ticket(number, doer.as_deref(), |t| t.state = TicketState::Deleted)?;
    done()
}

/// Code and value of each field in the parameter `customfields`.
pub(super) fn sent_fields(cx: &Context<'_>) -> Result<Vec<(String, Value)>, Failure> {
    let bad = || Failure::processing("customfields is no JSON list of codes and values");
    let rows: Vec<Value> = serde_json::from_str(cx.call.required("customfields")?).map_err(|_| bad())?;
    let field = |row: &Value| Some((row.get("code")?.as_str()?.to_owned(), row.get("value")?.clone()));
    rows.iter().map(|row| field(row).filter(|(code, _)| !code.is_empty()).ok_or_else(bad)).collect()
}

/// Adds values; a field may have several.
pub(super) fn put_fields(custom: &mut Record, fields: Vec<(String, Value)>) {
    for (code, value) in fields {
        match custom.entry(code).or_insert_with(|| json!([])) {
            Value::Array(values) => values.push(value),
            single => *single = json!([single.take(), value]),
        }
    }
}

fn add_fields(cx: &mut Context<'_>) -> Told {
    let ((number, _), fields) = (at_work(cx)?, sent_fields(cx)?);
    cx.world.edit_ticket(number, None, |t| put_fields(&mut t.custom, fields))?;
    done()
}

fn remove_fields(cx: &mut Context<'_>) -> Told {
    let (number, _) = at_work(cx)?;
    let code = cx.call.param("code");
    cx.world.edit_ticket(number, None, |t| match code {
        Some(code) => drop(t.custom.remove(code)),
        None => t.custom.clear(),
    })?;
    done()
}

fn tags(cx: &Context<'_>) -> Told {
    let ticket = cx.world.ticket(ticket(cx)?)?;
    let tags = ticket.tags.iter().filter_map(|word| cx.store.tags.by_word(word));
    super::answer::rows("tags", tags.map(|tag| json!({"id": tag.id, "name": tag.name})).collect())
}

/// Inferred: a tag that is named and not known yet is made.
fn tag(cx: &mut Context<'_>) -> Told {
    let (number, _) = at_work(cx)?;
    let word = match (cx.call.param("id"), cx.call.param("name")) {
        (Some(id), _) => cx.store.tags.find(id)?.word.clone(),
        (None, Some(name)) => cx.store.tags.named_or_new(name).word.clone(),
        (None, None) => return Err(Failure::processing("parameter id or name is missing")),
    };
    cx.world.edit_ticket(number, None, |t| {
        if !t.tags.contains(&word) {
            t.tags.push(word);
        }
    })?;
    done()
}

fn untag(cx: &mut Context<'_>) -> Told {
    let (number, _) = at_work(cx)?;
    let tag = match (cx.call.param("id"), cx.call.param("name")) {
        (Some(id), _) => cx.store.tags.find(id)?,
        (None, Some(name)) => cx.store.tags.by_name(name)?,
        (None, None) => return Err(Failure::processing("parameter id or name is missing")),
    };
    let word = tag.word.clone();
    cx.world.edit_ticket(number, None, |t| t.tags.retain(|tag| *tag != word))?;
    done()
}

/// Inferred (the document does not tell it): an agent writes to a `recipient`, or the recipient writes to the department.
fn begin(cx: &mut Context<'_>) -> Told {
    let department = super::departments::find(cx, cx.call.required("department")?)?.to_owned();
    let (recipient, subject) = (cx.call.required("recipient")?, cx.call.required("subject")?);
    let (body, files) = (body(cx)?, attached(cx)?);
    let agent =
        cx.call.param("useridentifier").and_then(|named| agents::find(cx, named).ok()).map(|a| a.id.clone());
    let has = |c: &&Record| super::customers::mails(c).iter().any(|m| m.eq_ignore_ascii_case(recipient));
    let contact = cx.world.records.list("contacts").find(has).map(|c| text(c, "id").to_owned());
    let new = NewTicket {
        number: None,
        title: subject.to_owned(),
        channel: Channel::Email,
        category: department,
        owner: None,
        contact,
        address: recipient.to_owned(),
        priority: Priority::Normal,
        by: agent.clone(),
    };
    let number = cx.world.open_ticket(new);
    let letter = Letter {
        body,
        files,
        cc: cx.call.param("carbon_copy").unwrap_or("").to_owned(),
        ..Letter::default()
    };
    match agent {
        Some(agent) => {
            cx.world.agent_replies(&agent, number, letter)?;
            cx.world.edit_ticket(number, Some(&agent), |t| {
                (t.state, t.owner) = (TicketState::Waiting, Some(agent.clone()));
            })?;
        }
        None => drop(cx.world.customer_writes(number, letter)?),
    }
    let (id, code) = (inferred::conversation_id(number), inferred::conversation_code(number));
    Ok(Reply::Document(json!({"status": "OK", "statuscode": 0, "conversationid": id, "code": code})))
}
