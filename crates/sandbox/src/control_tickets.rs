//! What the control interface does to tickets: customers open and answer them, colleagues edit and delete them, and a
//! test reads the whole truth of one.

use crate::control::{Control, Problem};
use crate::liveagent::{conversation_id, conversation_number};
use crate::world::records::text;
use crate::world::{
    Attachment, Body, Channel, Letter, NewTicket, Priority, Refusal, Ticket, TicketState, World,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Something written, as a test says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Message {
    /// `customer` (else), `agent` (the owner, or the first colleague), `note`, or an agent's name.
    from: Option<String>,
    html: Option<String>,
    text: Option<String>,
    subject: Option<String>,
    channel: Option<Channel>,
    files: Vec<FileGiven>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileGiven {
    name: String,
    #[serde(default, rename = "type")]
    mime: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    base64: Option<String>,
    #[serde(default)]
    cid: Option<String>,
}

/// A customer's new ticket.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Opening {
    title: Option<String>,
    category: Option<String>,
    department: Option<String>,
    contact: Option<String>,
    address: Option<String>,
    owner: Option<String>,
    channel: Option<Channel>,
    priority: Option<Priority>,
    html: Option<String>,
    text: Option<String>,
    files: Vec<FileGiven>,
}

impl Control {
    /// Does what `method` and `parts` ask of tickets; nothing when they mean something else.
    pub(crate) fn run_tickets(
        &self,
        method: &str,
        parts: &[&str],
        body: &Value,
    ) -> Option<Result<Value, Problem>> {
        if parts.first() != Some(&"tickets") {
            return None;
        }
        Some(match (method, &parts[1..]) {
            ("GET", []) => Ok(self.tickets()),
            ("POST", []) => self.open_ticket(body),
            ("POST", ["rate"]) => {
                let rate = body.get("per_second").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
                rate.ok_or_else(|| Problem::bad("per_second is missing")).map(|rate| {
                    self.0.world().set_ticket_rate(rate);
                    json!({"ok": true})
                })
            }
            // Its number, or what LiveAgent calls the conversation.
            (_, [number, rest @ ..]) => conversation_number(number)
                .or_else(|| number.parse::<i64>().ok())
                .ok_or_else(|| Problem { status: 404, message: format!("there is no ticket {number}") })
                .and_then(|number| match (method, rest) {
                    ("GET", []) => self.ticket(number),
                    ("POST", ["message"]) => self.message(number, body),
                    ("POST", ["edit"]) => self.edit_ticket(number, body),
                    ("POST", ["delete"]) => {
                        let agent = body.get("agent").and_then(Value::as_str).map(str::to_owned);
                        let gone = |t: &mut Ticket| t.state = TicketState::Deleted;
                        self.0.world().edit_ticket(number, agent.as_deref(), gone)?;
                        Ok(json!({"ok": true}))
                    }
                    _ => Err(Problem { status: 404, message: "a ticket does not do that".to_owned() }),
                }),
            _ => return None,
        })
    }

    /// Every ticket in a few words.
    fn tickets(&self) -> Value {
        let world = self.0.world();
        let brief = |t: &Ticket| {
            json!({"number": t.number, "title": t.title, "state": t.state, "owner": t.owner, "category": t.category,
                "channel": t.channel, "changed": t.changed, "unread": t.unread.is_some(), "tags": t.tags})
        };
        world.tickets.iter().map(brief).collect()
    }

    /// The whole truth of one: its fields, and all that stands in its conversation with who and when.
    fn ticket(&self, number: i64) -> Result<Value, Problem> {
        let world = self.0.world();
        let mut told = serde_json::to_value(world.ticket(number)?)?;
        told["entries"] = serde_json::to_value(world.conversation(number))?;
        Ok(told)
    }

    fn open_ticket(&self, body: &Value) -> Result<Value, Problem> {
        let opening: Opening = serde_json::from_value(body.clone())?;
        let mut world = self.0.world();
        let contact = match opening.contact {
            Some(id) if world.records.find("contacts", &id).is_none() => {
                return Err(Problem::bad(format!("there is no contact {id}")));
            }
            Some(id) => Some(id),
            None if opening.address.is_some() => None,
            None => Some("contacts_0001".to_owned()),
        };
        let channel = opening.channel.unwrap_or(Channel::Email);
        let of_contact = || {
            let field = if channel == Channel::Email { "email" } else { "number" };
            let contact = world.records.find("contacts", contact.as_deref()?)?;
            Some(contact.get("custom")?.get(field)?.get(0)?.as_str()?.to_owned())
        };
        let address =
            opening.address.clone().or_else(of_contact).unwrap_or_else(|| "somebody@example.com".to_owned());
        let category = opening.category.or(opening.department);
        let category = match category {
            Some(wanted) => find_category(&world, &wanted)?,
            None => "categories_support".to_owned(),
        };
        if let Some(owner) = &opening.owner {
            world.agent(owner)?;
        }
        let files = store(&mut world, opening.files)?;
        let number = world.open_ticket(NewTicket {
            number: None,
            title: opening.title.unwrap_or_else(|| "A question".to_owned()),
            channel,
            category,
            owner: opening.owner,
            contact,
            address,
            priority: opening.priority.unwrap_or(Priority::Normal),
            by: None,
        });
        let letter = Letter { body: words(opening.html, opening.text), files, ..Letter::default() };
        let entry = world.customer_writes(number, letter)?;
        Ok(json!({"ticket": number, "conversation": conversation_id(number), "entry": entry}))
    }

    fn message(&self, number: i64, body: &Value) -> Result<Value, Problem> {
        let message: Message = serde_json::from_value(body.clone())?;
        let mut world = self.0.world();
        let owner = world.ticket(number)?.owner.clone();
        let files = store(&mut world, message.files)?;
        let letter = Letter {
            channel: message.channel,
            subject: message.subject,
            body: words(message.html, message.text),
            files,
            ..Letter::default()
        };
        let colleague = owner.or_else(|| world.roster.get(1).cloned()).unwrap_or_default();
        let entry = match message.from.as_deref().unwrap_or("customer") {
            "customer" => world.customer_writes(number, letter)?,
            "agent" => world.agent_replies(&colleague, number, letter)?,
            "note" => world.write_note(&colleague, number, letter.body, letter.files)?,
            agent => {
                world.agent(agent)?;
                world.agent_replies(agent, number, letter)?
            }
        };
        Ok(json!({"entry": entry}))
    }

    /// A colleague (or with no `agent` the centre itself) changes fields.
    fn edit_ticket(&self, number: i64, body: &Value) -> Result<Value, Problem> {
        let Value::Object(wanted) = body else { return Err(Problem::bad("an object of fields is needed")) };
        let mut world = self.0.world();
        let agent = wanted.get("agent").and_then(Value::as_str);
        if let Some(agent) = agent {
            world.agent(agent)?;
        }
        let mut ticket = world.ticket(number)?.clone();
        set(&world, &mut ticket, wanted)?;
        world.edit_ticket(number, agent, |t| *t = ticket)?;
        let changed = world.ticket(number)?.changed;
        Ok(json!({"ok": true, "changed": changed}))
    }
}

fn set(world: &World, t: &mut Ticket, wanted: &Map<String, Value>) -> Result<(), Problem> {
    for (field, value) in wanted {
        let word =
            || value.as_str().map(str::to_owned).ok_or_else(|| Problem::bad(format!("{field} is text")));
        let some = || value.as_str().filter(|v| !v.is_empty()).map(str::to_owned);
        match field.as_str() {
            "agent" => {}
            "title" => t.title = word()?,
            "description" => t.description = word()?,
            "state" => t.state = serde_json::from_value(value.clone())?,
            "priority" => t.priority = serde_json::from_value(value.clone())?,
            "category" | "department" => t.category = find_category(world, &word()?)?,
            "owner" => t.owner = some(),
            "contact" => t.contact = some(),
            "address" => t.address = word()?,
            "tags" => t.tags = serde_json::from_value(value.clone())?,
            "codes" => t.codes = serde_json::from_value(value.clone())?,
            "followers" => t.followers = serde_json::from_value(value.clone())?,
            "reopen" => t.reopen = value.as_i64(),
            "solve_until" => {
                t.solve_until = value.as_i64().ok_or_else(|| Problem::bad("solve_until is a time"))?;
            }
            "custom" => t.custom.extend(value.as_object().cloned().unwrap_or_default()),
            other => return Err(Problem::bad(format!("a ticket has no {other}"))),
        }
    }
    Ok(())
}

/// By its id or by its title.
fn find_category(world: &World, wanted: &str) -> Result<String, Problem> {
    let mut all = world.records.list("ticket_categories");
    let found = all.find(|c| text(c, "id") == wanted || text(c, "title").eq_ignore_ascii_case(wanted));
    found.map(|c| text(c, "id").to_owned()).ok_or_else(|| Refusal::NoSuchCategory.into())
}

fn words(html: Option<String>, plain: Option<String>) -> Body {
    match (html, plain) {
        (Some(html), _) => Body::html(html),
        (None, plain) => Body::plain(plain.unwrap_or_default()),
    }
}

fn store(world: &mut World, files: Vec<FileGiven>) -> Result<Vec<Attachment>, Problem> {
    let now = world.now();
    let mut kept = Vec::new();
    for file in files {
        let bytes = match (file.base64, file.text) {
            (Some(coded), _) => STANDARD.decode(coded).map_err(|_| Problem::bad("base64 cannot be read"))?,
            (None, text) => text.unwrap_or_default().into_bytes(),
        };
        let mime = file.mime.unwrap_or_else(|| "application/octet-stream".to_owned());
        let mut attachment = world.files.put(&file.name, &mime, bytes.into(), now).attachment();
        attachment.cid = file.cid;
        kept.push(attachment);
    }
    Ok(kept)
}
