//! Starting a call from outside (Apps API): what is refused and why, what the agent has to do on the platform's own page
//! first, and the call that follows in the world.

use super::answer::{Failure, Reply, Told};
use super::inferred;
use super::session::{EndUser, Kind, Session};
use super::statuses::{AVAILABLE, BREAKTHROUGH};
use super::{Context, Store, filter, written};
use crate::world::{Refusal, World, ticket_number};
use std::collections::BTreeMap;

/// What the API asked to be called while the agent has yet to choose or confirm: agent → number.
pub(super) type Asked = BTreeMap<String, String>;

const OUTBOUND: &str = "Voice Outbound (API)";
const INBOUND: &str = "Voice Inbound (API)";
const SCHEDULED: &str = "Voice Scheduled (API)";

/// A number with its country's code or without: 5 to 15 digits and what people write between them.
fn is_well_formed(number: &str) -> bool {
    let rest = number.strip_prefix('+').unwrap_or(number);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (5..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -().".contains(c))
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let call = cx.call;
    let kind = match call.text("call_type") {
        Some(OUTBOUND | "OutboundCall") => OUTBOUND,
        Some(INBOUND) => INBOUND,
        Some(SCHEDULED) => SCHEDULED,
        _ => return Err(Failure::bad("Invalid call type")),
    };
    let email = call.text("agent_email").ok_or_else(|| Failure::bad("Agent email required"))?;
    let mut agents = cx.world.agents.values();
    let agent = agents.find(|a| a.email.eq_ignore_ascii_case(email));
    let agent = agent.ok_or_else(|| Failure::bad("Not a valid agent email"))?;
    let (may, id) = (agent.role != "office" && !agent.denied.contains("dial"), agent.id.clone());
    let several_numbers = agent.role == "supervisor";
    let number = number(cx)?;
    if !may {
        return Err(Failure::bad("Agent does not have access to make calls"));
    }
    if kind == SCHEDULED {
        return schedule(cx, &id, &number);
    }
    let shown = cx.store.ledger.desks.get(&id).and_then(|d| d.shown);
    let unavailable = || Failure::bad("Agent is not available to take this call");
    if !matches!(shown, Some(AVAILABLE | BREAKTHROUGH)) {
        return Err(unavailable());
    }
    let how = cx.switches.get("call_start");
    if how == "adapter" {
        cx.store.asked.insert(id, number);
        return Ok(Reply::Status(202, None));
    }
    if call.text("outbound_number").is_none() && (how == "number" || several_numbers) {
        cx.store.asked.insert(id, number);
        return Ok(Reply::Document(call.body.clone()));
    }
    let placed = match kind {
        INBOUND => cx.world.ring(Some(id.clone()), Some(number), None, None, None, String::new()),
        _ => place(&mut cx.world, &id, &number),
    };
    let activity = placed.map_err(|_| unavailable())?;
    cx.store.follow(&cx.world);
    cx.now = cx.world.now();
    let lang = if call.text("lang").is_some_and(|l| l.starts_with("cs")) { "cs" } else { "en" };
    let outbound = call.text("outbound_number").map(str::to_owned);
    let session = cx.store.ledger.of(&activity).ok_or_else(unavailable)?;
    (session.type_name, session.lang) = (kind, lang);
    session.outbound_number = outbound.or(session.outbound_number.take());
    let session = session.clone();
    Ok(Reply::Status(201, Some(written::call(cx, &session))))
}

/// Whom to call: a ticket's contact wins over a number.
fn number(cx: &Context<'_>) -> Result<String, Failure> {
    if let Some(ticket) = cx.call.text("ticket_id") {
        let found = ticket_number(Some(ticket)).and_then(|n| cx.world.tickets.get(n));
        let contact = found.and_then(|t| cx.world.records.find("contacts", t.contact.as_deref()?));
        let number =
            contact.and_then(|c| c.get("custom")?.get("number")?.get(0)?.as_str().map(str::to_owned));
        return number.ok_or_else(|| Failure::bad("Contact not found"));
    }
    let number = cx.call.text("end_user_number");
    let number = number.ok_or_else(|| Failure::bad("ticket_id or end_user_number required"))?;
    if is_well_formed(number) {
        Ok(number.to_owned())
    } else {
        Err(Failure::bad("end_user_number is not well-formed"))
    }
}

/// The agent's own device rings first: by a queue for outgoing calls if there is one, else as a call of the agent's own.
fn place(world: &mut World, agent: &str, number: &str) -> Result<String, Refusal> {
    match world.dial(agent, number, None) {
        Err(Refusal::NoOutgoingQueue) => {
            let device = world.usable_devices(agent).into_iter().next().ok_or(Refusal::NoDevice)?;
            world.call_back(agent, &device, number)
        }
        done => done,
    }
}

/// A call that is to be made later; needs `scheduled_at`.
fn schedule(cx: &mut Context<'_>, agent: &str, number: &str) -> Told {
    let at = cx.call.text("scheduled_at").and_then(filter::moment);
    let at = at.ok_or_else(|| Failure::bad("scheduled_at required"))?;
    let user =
        EndUser { id: inferred::end_user_id(None, number), identifier: number.to_owned(), contact: None };
    let id = cx.world.draw_item_number();
    let mut session = Session::new(id, Kind::Call, SCHEDULED, cx.now, user);
    session.step(cx.now, "scheduled");
    (session.scheduled, session.agent) = (Some(at), Some(agent.to_owned()));
    let row = written::call(cx, &session);
    cx.store.ledger.put(session);
    Ok(Reply::Status(201, Some(row)))
}

impl Store {
    /// The agent chose or confirmed: what was asked is called now.
    pub(super) fn start_asked(&mut self, world: &mut World, agent: &str) -> Result<String, Refusal> {
        let number = self.asked.remove(agent).ok_or(Refusal::NoSuchActivity)?;
        let id = place(world, agent, &number)?;
        self.follow(world);
        if let Some(session) = self.ledger.of(&id) {
            session.type_name = OUTBOUND;
        }
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn numbers_as_people_write_them_are_well_formed() {
        for good in ["+1 859-657-9625", "(020) 7946 0123", "+442079460123", "80012345"] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in ["", "ida", "+1 22", "+44 20 7946 0123 ext. 5", "++4420794601"] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
