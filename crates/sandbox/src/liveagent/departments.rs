//! Departments, which are the world's ticket categories, who works in them, and what they can be reached by.

use super::answer::{Failure, Reply, Told, rows};
use super::{Context, Perhaps, inferred};
use crate::world::records::{Record, text};
use crate::world::{Agent, TicketState};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "departments.get" => {
            let all = cx.world.records.list("ticket_categories");
            rows("departments", all.map(|d| department(cx, d)).collect())
        }
        "departments.departmentid.get" => {
            let found = find(cx, cx.call.path("departmentid")).map(str::to_owned);
            found.map(|id| {
                let record = cx.world.records.find("ticket_categories", &id);
                Reply::Document(record.map_or(Value::Null, |d| department(cx, d)))
            })
        }
        "departments.departmentid.agents.get" => staff(cx),
        "onlinestatus.departments.get" => states(cx),
        _ => return None,
    })
}

/// The department's own id.
pub(super) fn find<'a>(cx: &'a Context<'_>, id: &str) -> Result<&'a str, Failure> {
    let found = cx.world.records.find("ticket_categories", id);
    found.map(|d| text(d, "id")).ok_or_else(|| Failure::missing(format!("department {id} not found")))
}

fn workers<'a>(cx: &'a Context<'_>, department: &'a str) -> impl Iterator<Item = &'a Agent> {
    let all = cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id));
    all.filter(move |agent| inferred::works_in(&cx.world, department, agent))
}

/// All that anybody of the department can be reached by.
fn online(cx: &Context<'_>, department: &str) -> String {
    let states: Vec<String> =
        workers(cx, department).map(|a| inferred::online(&cx.world, a, false)).collect();
    let letters: String = "MPRT".chars().filter(|c| states.iter().any(|s| s.contains(*c))).collect();
    if letters.is_empty() { "F".to_owned() } else { letters }
}

fn department(cx: &Context<'_>, record: &Record) -> Value {
    let id = text(record, "id");
    json!({"departmentid": id, "name": text(record, "title"), "onlinestatus": online(cx, id), "deleted": "N"})
}

/// Inferred: the agents of a department look like those of `GET /onlinestatus/agents`.
fn staff(cx: &Context<'_>) -> Told {
    let id = find(cx, cx.call.path("departmentid"))?;
    let row = |agent: &Agent| {
        let (first, last) = inferred::names(&agent.name);
        json!({"id": inferred::user_id(&agent.id), "contactid": inferred::contact_id(&agent.id),
            "username": agent.email, "firstname": first, "lastname": last,
            "onlineStatus": inferred::online(&cx.world, agent, false)})
    };
    rows("agents", workers(cx, id).map(row).collect())
}

fn states(cx: &Context<'_>) -> Told {
    let lives = inferred::lives(&cx.world);
    let row = |record: &Record| {
        let id = text(record, "id");
        let (mut chats, mut new, mut replied, mut total) = (0, 0, 0, 0);
        let undone = |t: &&crate::world::Ticket| t.category == id && t.state == TicketState::Open;
        for ticket in cx.world.tickets.iter().filter(undone) {
            total += 1;
            chats += usize::from(
                lives.get(&ticket.number).is_some_and(|a| a.channel == crate::world::Channel::Chat),
            );
            match ticket.answered {
                None => new += 1,
                Some(_) if !ticket.is_answered() => replied += 1,
                Some(_) => {}
            }
        }
        let count = |number: usize| number.to_string();
        json!({"id": id, "name": text(record, "title"), "onlineStatus": online(cx, id), "chat_count": count(chats),
            "new_count": count(new), "customer_reply_count": count(replied), "total_count": count(total),
            "max_count": count(total)})
    };
    rows("departmentsOnlineStates", cx.world.records.list("ticket_categories").map(row).collect())
}
