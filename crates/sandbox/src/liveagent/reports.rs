//! Reports: rows of figures for agents, channels, departments, tags and times; logs and compliance of service levels;
//! availability and load by the hour. All figures come from the world; where it keeps none (who was there last week) they
//! are made up so that they agree with each other.

use super::answer::{Failure, Told, rows};
use super::follow::department_of;
use super::tally::{self, Fact, Tally};
use super::time::{self, clock};
use super::{Context, Perhaps, agents, inferred};
use crate::world::records::text;
use crate::world::{Activity, Agent, Channel, DAY, HOUR, MINUTE, Millis, SECOND, Ticket};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    let rest = cx.call.route.id.strip_prefix("reports.")?.strip_suffix(".get")?;
    let channel = match rest.split('.').next() {
        Some("calls") => Some(Channel::Call),
        Some("chats") => Some(Channel::Chat),
        _ => None,
    };
    Some(match rest {
        "agents" => by_agent(cx),
        "channels" => by_channel(cx),
        "departments" => by_department(cx),
        "tags" => by_tag(cx),
        "performance" => performance(cx),
        "ranking" => ranking(cx),
        _ if rest.ends_with(".agentsavailability") => agents_availability(cx, channel),
        _ if rest.ends_with(".availability") => availability(cx),
        _ if rest.ends_with(".load") => load(cx, channel),
        _ if rest.ends_with(".slacompliance") => compliance(cx, channel),
        _ => log(cx, channel),
    })
}

/// Only the page that is asked for, at most a thousand rows, with the columns that are asked for.
fn page(cx: &Context<'_>, name: &str, all: impl Iterator<Item = Value>) -> Told {
    let call = cx.call;
    let limit = call.number("limitcount").unwrap_or(100).min(1_000);
    let wanted = call.list("columns");
    let narrow = |row: Value| match (&wanted, row) {
        (Some(wanted), Value::Object(row)) => {
            Value::Object(row.into_iter().filter(|(column, _)| wanted.contains(&column.as_str())).collect())
        }
        (_, row) => row,
    };
    rows(name, all.skip(call.number("limitfrom").unwrap_or(0)).take(limit).map(narrow).collect())
}

fn span(cx: &Context<'_>) -> Result<(Millis, Millis), Failure> {
    let now = cx.world.now();
    let (from, to) = time::span(cx.call, now, &cx.zone)?;
    Ok((from.max(0), to.min(now + DAY)))
}

/// A row with the given columns first, then the figures: the usual ones, or all if columns were named.
fn figures(cx: &Context<'_>, mut row: Value, tally: &Tally, hours: f64) -> Value {
    let route = cx.call.route;
    let more: &[String] = if cx.call.param("columns").is_some() { &route.more } else { &[] };
    for column in route.columns.iter().chain(more) {
        if let Some(value) = tally.column(column, hours) {
            row[column] = json!(value);
        }
    }
    row
}

fn by_agent(cx: &Context<'_>) -> Told {
    let span = span(cx)?;
    let counted = tally::count(cx, span, |f| f.agent.map(str::to_owned).into_iter().collect());
    let row = |agent: &Agent| {
        let (first, last) = inferred::names(&agent.name);
        let minutes: i64 = shifts(cx, agent, span).iter().map(|(from, to)| (to - from) / MINUTE).sum();
        let row = json!({"id": inferred::user_id(&agent.id), "contactid": inferred::contact_id(&agent.id),
            "firstname": first, "lastname": last, "worktime": minutes.to_string()});
        figures(cx, row, counted.get(&agent.id).unwrap_or(&Tally::default()), minutes as f64 / 60.0)
    };
    let agents = cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id));
    page(cx, "agents", agents.map(row))
}

fn by_channel(cx: &Context<'_>) -> Told {
    let of = |fact: &Fact<'_>| match (fact.activity, fact.ticket) {
        (Some(a), _) => vec![a.channel as u8],
        (None, Some(t)) => vec![t.channel as u8],
        (None, None) => vec![],
    };
    let counted = tally::count(cx, span(cx)?, of);
    let names = [
        (Channel::Email, "1", "Email"),
        (Channel::Facebook, "2", "Facebook"),
        (Channel::Chat, "3", "Chat"),
        (Channel::Call, "4", "Call"),
        (Channel::Instagram, "5", "Twitter"),
        (Channel::Sms, "6", "Contact form"),
    ];
    let row = |(channel, id, name): (Channel, &str, &str)| {
        let row = json!({"id": id, "channelName": name});
        figures(cx, row, counted.get(&(channel as u8)).unwrap_or(&Tally::default()), 0.0)
    };
    page(cx, "channels", names.into_iter().map(row))
}

fn department(cx: &Context<'_>, fact: &Fact<'_>) -> Option<String> {
    let of_call = || fact.activity.map(|a| department_of(&cx.world, a));
    fact.ticket.map(|t| t.category.clone()).or_else(of_call)
}

fn by_department(cx: &Context<'_>) -> Told {
    let counted = tally::count(cx, span(cx)?, |f| department(cx, f).into_iter().collect());
    let all = cx.world.records.list("ticket_categories").map(|d| {
        let id = text(d, "id");
        let row = json!({"id": id, "departmentName": text(d, "title")});
        figures(cx, row, counted.get(id).unwrap_or(&Tally::default()), 0.0)
    });
    page(cx, "departments", all)
}

fn by_tag(cx: &Context<'_>) -> Told {
    let counted = tally::count(cx, span(cx)?, |f| f.ticket.map(|t| t.tags.clone()).unwrap_or_default());
    let all = cx.store.tags.iter().map(|tag| {
        let row = json!({"id": tag.id, "tagName": tag.name});
        figures(cx, row, counted.get(&tag.word).unwrap_or(&Tally::default()), 0.0)
    });
    page(cx, "tags", all)
}

/// Where pieces of the time begin: hours, days, weeks (from Monday) or months, in the account's zone.
fn pieces(cx: &Context<'_>, (from, to): (Millis, Millis)) -> Result<Vec<Millis>, Failure> {
    let begin = Timestamp::from_millisecond(from).unwrap_or_default().to_zoned(cx.zone.clone()).datetime();
    let midnight = |date: jiff::civil::Date| date.to_datetime(Time::midnight());
    let back = i64::from(begin.date().weekday().to_monday_zero_offset());
    let (mut at, step) = match cx.call.param("group_by").unwrap_or("day") {
        "hour" => (begin.date().at(begin.hour(), 0, 0, 0), 1.hour()),
        "day" => (midnight(begin.date()), 1.day()),
        "week" => (midnight(begin.date().saturating_sub(back.days())), 1.week()),
        "month" => (midnight(begin.date().first_of_month()), 1.month()),
        other => return Err(Failure::processing(format!("{other} is no value of group_by"))),
    };
    let mut pieces = Vec::new();
    while let Some(moment) = time::moment(at, &cx.zone).filter(|moment| *moment <= to) {
        if pieces.last().is_none_or(|last| *last < moment) {
            pieces.push(moment);
        }
        let Ok(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(pieces)
}

fn performance(cx: &Context<'_>) -> Told {
    let span = span(cx)?;
    let pieces = pieces(cx, span)?;
    let piece = |at: Millis| pieces.partition_point(|begin| *begin <= at).checked_sub(1);
    let counted = tally::count(cx, span, |fact| piece(fact.at).into_iter().collect());
    let shown = |at: Millis| {
        let written = cx.time(at);
        written.strip_suffix(" 00:00:00").map_or(written.clone(), str::to_owned)
    };
    let all = pieces.iter().enumerate().map(|(index, begin)| {
        let end = pieces.get(index + 1).map_or(span.1, |next| next - SECOND);
        let row = json!({"datetime": shown(*begin), "dateto": cx.time(end)});
        figures(cx, row, counted.get(&index).unwrap_or(&Tally::default()), 0.0)
    });
    page(cx, "performance", all)
}

/// When an agent was there: since signing in, and from eight to half past four on each of the week's days before.
fn shifts(cx: &Context<'_>, agent: &Agent, (from, to): (Millis, Millis)) -> Vec<(Millis, Millis)> {
    let now = cx.world.now();
    let today = Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(cx.zone.clone()).date();
    let mut shifts = Vec::new();
    for back in (1..=35).rev() {
        let day = today.saturating_sub(back.days());
        if day.weekday().to_monday_zero_offset() < 5
            && let Some(begin) = time::moment(day.at(8, 0, 0, 0), &cx.zone)
        {
            shifts.push((begin, begin + 8 * HOUR + 30 * MINUTE));
        }
    }
    shifts.extend(agent.signed_in.map(|since| (since, now)));
    shifts.into_iter().filter(|(begin, end)| *begin <= to && *end >= from).collect()
}

fn agents_availability(cx: &Context<'_>, channel: Option<Channel>) -> Told {
    let (span, now) = (span(cx)?, cx.world.now());
    let named =
        cx.call.param("agentid").map(|named| agents::find(cx, named).map(|a| a.id.clone())).transpose()?;
    let wanted = cx.call.param("departmentid");
    let mut all = Vec::new();
    for agent in cx.world.roster.iter().filter_map(|id| cx.world.agents.get(id)) {
        if named.as_ref().is_some_and(|id| *id != agent.id) {
            continue;
        }
        for department in cx.world.records.list("ticket_categories") {
            let id = text(department, "id");
            if wanted.is_some_and(|w| w != id) || !inferred::works_in(&cx.world, id, agent) {
                continue;
            }
            let (first, last) = inferred::names(&agent.name);
            for (begin, end) in shifts(cx, agent, span) {
                let number = 363_000 + all.len() + channel.map_or(0, |c| 1_000 * c as usize);
                all.push(json!({"id": number.to_string(), "userid": inferred::user_id(&agent.id), "firstname": first,
                    "lastname": last, "contactid": inferred::contact_id(&agent.id), "departmentid": id,
                    "department_name": text(department, "title"), "hours_online": clock((end - begin) / SECOND),
                    "from_date": cx.time(begin), "to_date": if end == now { "now".to_owned() } else { cx.time(end) }}));
            }
        }
    }
    page(cx, "agentsavailability", all.into_iter())
}

/// Beginnings of the hours of a span, in the account's zone.
fn hours(zone: &TimeZone, (from, to): (Millis, Millis)) -> impl Iterator<Item = Millis> + use<> {
    let offset = zone.to_offset(Timestamp::from_millisecond(from).unwrap_or_default()).seconds();
    let shift = i64::from(offset) * SECOND;
    let first = (from + shift).div_euclid(HOUR) * HOUR - shift;
    (0..).map(move |n| first + n * HOUR).take_while(move |at| *at <= to)
}

/// Somebody was there on weekdays from eight to six.
fn availability(cx: &Context<'_>) -> Told {
    let (now, span) = (cx.world.now(), span(cx)?);
    let row = |at: Millis| {
        let local = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(cx.zone.clone());
        let open =
            local.weekday().to_monday_zero_offset() < 5 && (8..18).contains(&local.hour()) && at <= now;
        let minutes = if open { ((now - at) / MINUTE).min(60) } else { 0 };
        json!({"date": cx.time(at), "mins": minutes.to_string(), "pct": format!("{:.4}", minutes as f64 / 0.6)})
    };
    page(cx, "availability", hours(&cx.zone, span).map(row))
}

/// One piece of work: came, was taken up, was done; its department and agent.
struct Work<'a> {
    came: Millis,
    taken: Option<Millis>,
    done: Option<Millis>,
    /// When it had to be taken up.
    due: Millis,
    ticket: Option<&'a Ticket>,
    agent: Option<&'a str>,
}

/// Inferred: calls and chats are to be taken up within twenty seconds.
const PICKUP: Millis = 20 * SECOND;

/// Tickets, calls or chats that are asked for by department and agent.
fn work<'a>(cx: &'a Context<'_>, channel: Option<Channel>) -> Result<Vec<Work<'a>>, Failure> {
    let named = ["agentid", "userid"].into_iter().find_map(|n| cx.call.param(n));
    let agent = named.map(|named| agents::find(cx, named).map(|a| a.id.as_str())).transpose()?;
    let department = cx.call.param("departmentid");
    let of_ticket = |t: &'a Ticket| Work {
        came: t.created,
        taken: t.answered,
        done: t.closed,
        due: t.answer_until,
        ticket: Some(t),
        agent: t.owner.as_deref(),
    };
    let of_activity = |a: &'a Activity| Work {
        came: a.created,
        taken: a.talk_since.or(a.opened),
        done: a.talk_ended.or(a.closed),
        due: a.created + PICKUP,
        ticket: a.ticket.as_deref().and_then(|t| cx.world.tickets.find(t)),
        agent: a.agent.as_deref(),
    };
    let place = |w: &Work<'_>| department.is_none_or(|d| w.ticket.is_some_and(|t| t.category == d));
    let meant = |w: &Work<'a>| agent.is_none_or(|a| w.agent == Some(a)) && place(w);
    Ok(match channel {
        None => cx.world.tickets.iter().map(of_ticket).filter(meant).collect(),
        Some(channel) => {
            let all = cx.world.activities.values().filter(|a| a.channel == channel);
            all.map(of_activity).filter(meant).collect()
        }
    })
}

/// How much waited and was worked on in each hour.
fn load(cx: &Context<'_>, channel: Option<Channel>) -> Told {
    let span = span(cx)?;
    let hours: Vec<Millis> = hours(&cx.zone, span).collect();
    // What begins in an hour and what ended before it, so that a running sum is what there is.
    let mut changes = vec![(0i64, 0i64); hours.len() + 1];
    let at = |moment: Millis| hours.partition_point(|begin| *begin <= moment).saturating_sub(1);
    for work in work(cx, channel)?.iter().filter(|w| w.came <= span.1 && w.done.is_none_or(|d| d >= span.0)) {
        let end = |moment: Option<Millis>| moment.map_or(hours.len(), |m| at(m) + 1);
        let waited = end(work.taken.or(work.done));
        changes[at(work.came)].0 += 1;
        changes[waited.min(hours.len())].0 -= 1;
        if let Some(taken) = work.taken {
            changes[at(taken)].1 += 1;
            changes[end(work.done).min(hours.len())].1 -= 1;
        }
    }
    let slots = cx.world.agents.len();
    let mut sum = (0, 0);
    let row = |(begin, change): (&Millis, &(i64, i64))| {
        sum = (sum.0 + change.0, sum.1 + change.1);
        let (queue, service) = (sum.0.to_string(), sum.1.to_string());
        json!({"date": cx.time(*begin), "avgQueue": format!("{queue}.00"), "maxQueue": queue, "minQueue": queue,
            "avgSlots": format!("{slots}.00"), "maxSlots": slots.to_string(), "minSlots": slots.to_string(),
            "avgService": format!("{service}.00"), "maxService": service, "minService": service})
    };
    page(cx, "loads", hours.iter().zip(&changes).map(row))
}

/// How much was taken up in time in each hour, and how long it took.
fn compliance(cx: &Context<'_>, channel: Option<Channel>) -> Told {
    let span = span(cx)?;
    let hours: Vec<Millis> = hours(&cx.zone, span).collect();
    let mut times = vec![(Vec::new(), Vec::new()); hours.len()];
    for work in work(cx, channel)? {
        let Some(taken) = work.taken.filter(|t| (span.0..=span.1).contains(t)) else { continue };
        let hour = hours.partition_point(|begin| *begin <= taken).saturating_sub(1);
        if let Some((kept, broken)) = times.get_mut(hour) {
            if taken <= work.due { kept } else { broken }.push(taken.saturating_sub(work.came) / SECOND);
        }
    }
    let figures = |row: &mut Value, name: &str, times: &[i64]| {
        let count = i64::try_from(times.len()).unwrap_or(0);
        let mean =
            if count == 0 { 0 } else { times.iter().fold(0i64, |sum, t| sum.saturating_add(*t)) / count };
        let (most, least) = (times.iter().max().unwrap_or(&0), times.iter().min().unwrap_or(&0));
        row[name.to_lowercase()] = json!(count.to_string());
        for (what, value) in [("avg", mean), ("max", *most), ("min", *least)] {
            row[format!("{what}{name}Time")] = json!(value.to_string());
        }
    };
    let all = hours.iter().zip(&times).map(|(begin, (kept, broken))| {
        let mut row = json!({"date": cx.time(*begin)});
        figures(&mut row, "Fulfilled", kept);
        figures(&mut row, "Unfulfilled", broken);
        row
    });
    page(cx, "slacompliances", all)
}

fn log(cx: &Context<'_>, channel: Option<Channel>) -> Told {
    let (span, now) = (span(cx)?, cx.world.now());
    let all = work(cx, channel)?;
    let customer = cx.call.param("requesterid");
    let meant = |w: &&Work<'_>| {
        (span.0..=span.1).contains(&w.came)
            && w.ticket.is_some_and(|t| customer.is_none_or(|c| t.contact.as_deref() == Some(c)))
    };
    let row = |work: &Work<'_>| {
        let ticket = work.ticket?;
        let department = cx.world.records.find("ticket_categories", &ticket.category);
        let level = department.map_or("standard", |d| text(d, "service_level"));
        let level_name = cx.world.records.find("service_levels", level).map_or(level, |l| text(l, "title"));
        let agent = work.agent.and_then(|id| cx.world.agents.get(id));
        let (first, last) = agent.map_or(("", ""), |a| inferred::names(&a.name));
        let customer = ticket.contact.as_deref().and_then(|id| cx.world.records.find("contacts", id));
        let customer = |field: &str| customer.map_or("", |c| text(c, field));
        let utc = |at: Millis| time::written(at, &TimeZone::UTC);
        let closed = work.taken.or(work.done);
        Some(
            json!({"id": ticket.number.to_string(), "conversationid": inferred::conversation_id(ticket.number),
            "code": inferred::conversation_code(ticket.number), "departmentid": ticket.category,
            "department_name": department.map(|d| text(d, "title")), "levelid": inferred::token(level),
            "sla_level_name": level_name, "sla": clock(work.due.saturating_sub(closed.unwrap_or(now)) / SECOND),
            "date_created": cx.time(work.came), "date_closed": closed.map(|at| cx.time(at)),
            "server_date_closed": closed.map(utc), "date_due": cx.time(work.due), "server_date_due": utc(work.due),
            "sla_level_id": inferred::token(&format!("{level} first answer")),
            "agentid": agent.map(|a| inferred::user_id(&a.id)).unwrap_or_default(), "agent_firstname": first,
            "agent_lastname": last, "req_contactid": customer("id"), "req_firstname": customer("first_name"),
            "req_lastname": customer("last_name")}),
        )
    };
    page(cx, "slalogs", all.iter().filter(meant).filter_map(row))
}

fn ranking(cx: &Context<'_>) -> Told {
    let span = span(cx)?;
    let named =
        cx.call.param("agentid").map(|named| agents::find(cx, named).map(|a| a.id.clone())).transpose()?;
    let (customer, types) = (cx.call.param("contactid"), cx.call.list("types"));
    let row = |ticket: &Ticket| {
        let (kind, closed) = (inferred::rating(ticket)?, ticket.closed?);
        let agent = ticket.owner.as_deref().and_then(|id| cx.world.agents.get(id))?;
        let meant = (span.0..=span.1).contains(&closed)
            && types.as_ref().is_none_or(|t| t.contains(&kind))
            && named.as_ref().is_none_or(|id| *id == agent.id)
            && customer.is_none_or(|c| ticket.contact.as_deref() == Some(c));
        let (name, mail) = super::conversations::customer(&cx.world, ticket);
        let comment = if kind == "W" { "super" } else { "took too long" };
        meant.then(|| {
            json!({"id": (49_000 + ticket.number).to_string(), "rankingType": kind, "datecreated": cx.time(closed),
                "conversationid": inferred::conversation_id(ticket.number),
                "agentcontactid": inferred::contact_id(&agent.id), "agentEmail": agent.email, "agent": agent.name,
                "contactid": ticket.contact, "requesterEmail": mail, "requester": name, "comment": comment})
        })
    };
    page(cx, "ranks", cx.world.tickets.iter().filter_map(row))
}
