//! Scheduled presence: what a colleague will be doing, once or again and again.
//!
//! An item is kept as one document under its colleague; deleting part of a series leaves gaps in it. The items are only
//! told, they do not change the present status when their time comes.

use super::presence::{subject, writable};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, read_time};
use crate::dstny::office::{Office, activity, items, one_of, role_id, text};
use crate::world::{DAY, HOUR, MINUTE, Millis, World};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

const DRAWER: &str = "scheduled presence";
/// Where deleted stretches of a series are noted; it does not go out.
const GAPS: &str = "gaps";
const LONGEST: Millis = 30 * DAY;
const LONGEST_NOTE: usize = 250;
/// A series is told for so many dates at most.
const MOST_INSTANCES: usize = 400;
const BUSY_TYPES: [&str; 5] = ["FREE", "TENTATIVE", "BUSY", "OOF", "WORKING_ELSEWHERE"];
const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn utc(at: Millis) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn furnish(office: &mut Office, world: &World) {
    let Some(user) = world.roster.first() else { return };
    let start = world.now() / DAY * DAY - 14 * DAY;
    let series = [
        (
            "Standup meeting",
            "meeting",
            "Daily standup",
            8 * HOUR + 30 * MINUTE,
            30,
            json!({"freq": "WEEKLY", "byday": "MO,TU,WE,TH"}),
        ),
        ("Lunch", "lunch", "Lunch", 11 * HOUR, 60, json!({"freq": "DAILY", "until": utc(start + 90 * DAY)})),
    ];
    for (name, doing, note, at, minutes, recur) in series {
        let told = json!({"role": "business", "note": note, "activity": doing, "name": name, "tzid": "Europe/Stockholm",
            "dt-start": utc(start + at), "dt-end": utc(start + at + minutes * MINUTE), "recur": recur});
        let id = office.draw_number().to_string();
        office.put(DRAWER, user, &id, completed(&id, told));
    }
    let told = json!({"role": "business", "note": "Synchronised", "activity": "out_of_office", "name": "Dentist",
        "tzid": "Europe/London", "source": "CALENDAR", "modifiable": false, "busyType": "OOF",
        "dt-start": utc(world.now() + 30 * HOUR), "dt-end": utc(world.now() + 31 * HOUR)});
    let id = office.draw_number().to_string();
    office.put(DRAWER, user, &id, completed(&id, told));
}

/// What the platform adds by itself.
fn completed(id: &str, told: Value) -> Value {
    let mut item =
        json!({"presenceId": id, "priority": 0, "source": "INTERNAL", "modifiable": true, "deleted": false});
    if let (Value::Object(item), Value::Object(told)) = (&mut item, told) {
        item.extend(told.into_iter().filter(|(member, value)| member != "presenceId" && !value.is_null()));
    }
    item
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    Some(match cx.call.op {
        "cinfo1.presence.get" => list(cx),
        "cinfo1.scheduled.create" => create(cx),
        "cinfo1.scheduled.get" => {
            subject(cx).and_then(|who| item(cx, &who)).map(|(who, item)| Reply::ok(told(cx, &who, item)))
        }
        "cinfo1.scheduled.update" => update(cx),
        "cinfo1.scheduled.delete" => delete(cx),
        _ => return None,
    })
}

/// The document as it goes out.
fn told(cx: &Context<'_>, who: &str, mut item: Value) -> Value {
    let access = if super::presence::may_write(&cx.world, cx.user, who) { "WRITE" } else { "NONE" };
    if let Value::Object(item) = &mut item {
        item.remove(GAPS);
        for member in ["futurePresenceAccess", "activityAccess", "roleAccess", "noteAccess"] {
            item.insert(member.into(), json!(access));
        }
    }
    for member in ["dt-start", "dt-end"] {
        item[member] = json!(cx.time(moment(&item, member)));
    }
    item
}

fn moment(item: &Value, member: &str) -> Millis {
    read_time(text(item, member)).unwrap_or(0)
}

fn item(cx: &Context<'_>, who: &str) -> Result<(String, Value), Failure> {
    let id = cx.call.path("presenceId");
    let found = cx.store.office.get(DRAWER, who, id).cloned();
    found
        .map(|item| (who.to_owned(), item))
        .ok_or_else(|| Failure::missing("presenceId", "presence.does.not.exist", id))
}

fn asked_time(cx: &Context<'_>, name: &str) -> Result<Option<Millis>, Failure> {
    let Some(told) = cx.call.query(name).filter(|t| !t.is_empty()) else { return Ok(None) };
    read_time(told).map(Some).ok_or_else(|| Failure::bad(name, &format!("{name}.invalid"), told))
}

/// Items that touch the time that is asked for, which is from now on unless said otherwise.
fn list(cx: &Context<'_>) -> Result<Reply, Failure> {
    let who = subject(cx)?;
    let from = asked_time(cx, "startDate")?.unwrap_or(cx.world.now());
    let to = asked_time(cx, "endDate")?.unwrap_or(from + LONGEST);
    if to < from {
        return Err(Failure::bad("endDate", "end.before.start", "The end is before the start"));
    }
    let expand = cx.call.flag("expandRecurrence") == Some(true);
    let from_calendar = cx.call.flag("cachedCalendar") == Some(true);
    let mut rows = Vec::new();
    for (_, item) in cx.store.office.list(DRAWER, &who) {
        if from_calendar && text(item, "source") != "CALENDAR" {
            continue;
        }
        let instances = instances(item, from, to);
        if instances.is_empty() {
            continue;
        }
        let mut row = told(cx, &who, item.clone());
        if expand {
            let told = instances.iter().map(|i| {
                json!({"deleted": i.deleted, "dt-start": cx.time(i.start), "dt-end": cx.time(i.end),
                    "instanceId": i.start.to_string()})
            });
            row["instances"] = told.collect();
        }
        rows.push(row);
    }
    Ok(Reply::ok(json!({"presence": rows, "calendar-sync-status": "calendar-sync-not-enabled"})))
}

struct Instance {
    start: Millis,
    end: Millis,
    deleted: bool,
}

/// Dates of an item between two moments. The time of day is the one on the clocks of the item's zone.
fn instances(item: &Value, from: Millis, to: Millis) -> Vec<Instance> {
    let (start, end) = (moment(item, "dt-start"), moment(item, "dt-end"));
    let gaps: Vec<(Millis, Millis)> = items(item, GAPS)
        .into_iter()
        .filter_map(|gap| Some((gap.get(0)?.as_i64()?, gap.get(1)?.as_i64()?)))
        .collect();
    let instance = |at: Millis| Instance {
        start: at,
        end: at + end - start,
        deleted: gaps.iter().any(|(from, to)| (*from..=*to).contains(&at)),
    };
    let touches = |i: &Instance| i.start <= to && i.end >= from;
    let recur = &item["recur"];
    if text(recur, "freq").is_empty() {
        return Some(instance(start)).filter(touches).into_iter().collect();
    }
    let until = read_time(text(recur, "until")).unwrap_or(to).min(to);
    let zone = TimeZone::get(text(item, "tzid")).unwrap_or(TimeZone::UTC);
    let first = Timestamp::from_millisecond(start).unwrap_or_default().to_zoned(zone.clone());
    let days: Vec<usize> = text(recur, "byday")
        .split(',')
        .filter_map(|d| WEEKDAYS.iter().position(|w| *w == d.trim()))
        .collect();
    let own_day = first.weekday().to_monday_zero_offset() as usize;
    let falls_on = |date: jiff::civil::Date| match text(recur, "freq") {
        "WEEKLY" => {
            let day = date.weekday().to_monday_zero_offset() as usize;
            if days.is_empty() { day == own_day } else { days.contains(&day) }
        }
        "MONTHLY" => date.day() == first.day(),
        "YEARLY" => date.day() == first.day() && date.month() == first.month(),
        _ => true,
    };
    let dates = first.date().series(1.day()).filter(|date| falls_on(*date));
    let moments = dates.filter_map(|date| {
        let at = date.to_datetime(first.time()).to_zoned(zone.clone()).ok()?;
        Some(at.timestamp().as_millisecond())
    });
    moments.take_while(|at| *at <= until).map(instance).filter(touches).take(MOST_INSTANCES).collect()
}

fn checked(cx: &Context<'_>) -> Result<Value, Failure> {
    let body = &cx.call.body;
    let time = |member: &str| {
        let told = text(body, member);
        read_time(told).ok_or_else(|| Failure::bad(member, "time.invalid", format!("{told:?} is no time")))
    };
    let (start, end) = (time("dt-start")?, time("dt-end")?);
    if end <= start {
        return Err(Failure::bad("dt-end", "end.before.start", "The end is not after the start"));
    }
    if end - start > LONGEST {
        return Err(Failure::bad("dt-end", "presence.too.long", "At most 30 days"));
    }
    let doing = text(body, "activity");
    if activity(doing).is_none() {
        return Err(Failure::bad("activity", "activity.does.not.exist", doing));
    }
    let role = text(body, "role");
    if !role.is_empty() && role_id(role).is_none() {
        return Err(Failure::bad("role", "role.does.not.exist", role));
    }
    if text(body, "note").chars().count() > LONGEST_NOTE {
        return Err(Failure::bad("note", "note.too.long", format!("At most {LONGEST_NOTE} characters")));
    }
    let zone = text(body, "tzid");
    if !zone.is_empty() && TimeZone::get(zone).is_err() {
        return Err(Failure::bad("tzid", "timezone.does.not.exist", zone));
    }
    if let Some(kind) = body.get("busyType").and_then(Value::as_str) {
        one_of("busyType", kind, &BUSY_TYPES)?;
    }
    let recur = &body["recur"];
    if recur.is_object() {
        one_of("freq", text(recur, "freq"), &FREQUENCIES)?;
        for day in text(recur, "byday").split(',').map(str::trim).filter(|d| !d.is_empty()) {
            one_of("byday", day, &WEEKDAYS)?;
        }
    }
    let mut told = body.clone();
    told["dt-start"] = json!(utc(start));
    told["dt-end"] = json!(utc(end));
    // Where an item comes from is not for the app to say.
    told["source"] = json!("INTERNAL");
    told["modifiable"] = json!(true);
    told["deleted"] = json!(false);
    Ok(told)
}

fn create(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let who = writable(cx)?;
    let body = checked(cx)?;
    let id = cx.store.office.draw_number().to_string();
    let item = completed(&id, body);
    cx.store.office.put(DRAWER, &who, &id, item.clone());
    Ok(Reply::ok(told(cx, &who, item)))
}

/// An item that may be changed: calendars elsewhere keep theirs.
fn modifiable(cx: &Context<'_>) -> Result<(String, Value), Failure> {
    let (who, item) = item(cx, &writable(cx)?)?;
    match item["modifiable"] == json!(true) {
        true => Ok((who, item)),
        false => Err(Failure::conflict("presenceId", "presence.not.modifiable", text(&item, "name"))),
    }
}

fn update(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let (who, _) = modifiable(cx)?;
    let id = cx.call.path("presenceId");
    let body = checked(cx)?;
    cx.store.office.put(DRAWER, &who, id, completed(id, body));
    Ok(Reply::accepted())
}

/// The whole of it, or the dates between two moments.
fn delete(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let (who, mut item) = modifiable(cx)?;
    let id = cx.call.path("presenceId");
    let (from, to) = (asked_time(cx, "startDate")?, asked_time(cx, "untilDate")?);
    if from.is_none() && to.is_none() {
        cx.store.office.remove(DRAWER, &who, id);
        return Ok(Reply::accepted());
    }
    let mut gaps: Vec<Value> = items(&item, GAPS).into_iter().cloned().collect();
    gaps.push(json!([from.unwrap_or(0), to.unwrap_or(Millis::MAX)]));
    item[GAPS] = json!(gaps);
    cx.store.office.put(DRAWER, &who, id, item);
    Ok(Reply::accepted())
}
