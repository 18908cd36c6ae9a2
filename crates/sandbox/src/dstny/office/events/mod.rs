//! Event: the calendar's conferences, with their series and exceptions, and joining them by telephone.
//!
//! An event is kept as one document under its organizer. Participants see it too; only the organizer changes it. One date
//! of a series is changed or cancelled by an *exception*, a document in the event's list `exceptions`. Joining calls the
//! conference's first dial-in number from the user's telephone; leaving ends that call.

mod series;

use super::{Office, cid_of, items, lines, one_of, owner, text};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, read_time};
use crate::world::{DAY, HOUR, MINUTE, Millis, World};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use series::{Series, rule};

const EVENT: &str = "event";
const JOINED: &str = "joined conference";
/// Where conferences are called.
const BRIDGE: &str = "+442079460800";

const RECURRING: [&str; 10] = [
    "NONE",
    "DAILY",
    "WEEKLY",
    "BIWEEKLY",
    "MONTHLY",
    "YEARLY",
    "MONTHLY_ABSOLUTE",
    "MONTHLY_RELATIVE",
    "YEARLY_ABSOLUTE",
    "YEARLY_RELATIVE",
];
const RANGES: [&str; 3] = ["NONE", "END_DATE", "NUMBERED"];
const POSITIONS: [&str; 6] = ["FIRST", "SECOND", "THIRD", "FOURTH", "LAST", "NONE"];

pub(super) fn furnish(office: &mut Office, world: &World) {
    let Some(first) = world.roster.first() else { return };
    let others: Vec<&String> = world.roster.iter().skip(1).take(3).collect();
    let meetings = [
        (first, "Morning briefing", -20 * DAY + 2 * HOUR, 15 * MINUTE, "DAILY"),
        (first, "Quarterly numbers", 26 * HOUR, HOUR, "NONE"),
        (others.first().copied().unwrap_or(first), "Spring campaign", 2 * HOUR, 45 * MINUTE, "WEEKLY"),
    ];
    for (organizer, name, starts_in, length, recurring) in meetings {
        let start = (world.now() + starts_in) / HOUR * HOUR;
        let told = json!({"dateTimeStart": utc(start), "dateTimeEnd": utc(start + length), "name": name,
            "recurringType": recurring, "note": "Dial in a minute early", "minutesBeforeMeetingReminder": 15,
            "minutesBeforeMeetingSMS": 15});
        let everybody = world.roster.iter().take(4).filter(|user| *user != organizer);
        let participants: Vec<Value> = everybody.map(|user| participant(world, user)).collect();
        let Value::Object(mut told) = told else { continue };
        told.insert("participants".into(), json!(participants));
        told.insert("organizer".into(), participant(world, organizer));
        complete(office, organizer, told);
    }
}

fn utc(at: Millis) -> String {
    let moment = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn participant(world: &World, user: &str) -> Value {
    let name = world.agents.get(user).map_or("", |a| a.name.as_str());
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    json!({"firstName": first, "lastName": last, "email": cid_of(user),
        "businessPhone": world.direct_number(user), "mobilePhone": lines::mobile_of(world, user)})
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    Some(match cx.call.op {
        "event.list" => {
            Ok(Reply::ok(list(cx, |cx, organizer, event| takes_part(cx, organizer, event, &user))))
        }
        "event.stream.get" => {
            let (binder, who) = (cx.call.path("binder_id").to_owned(), cx.call.path("unique_id").to_owned());
            let of_stream = |_: &Context<'_>, _: &str, event: &Value| {
                text(event, "moxtraBinderId") == binder && people(event).any(|p| is(p, &who))
            };
            Ok(Reply::ok(list(cx, of_stream)))
        }
        "event.create" => create(cx, &user),
        "event.get" => seen(cx, &user, "eventId").map(|event| Reply::ok(told(cx, &event.document))),
        "event.update" => update(cx, &user),
        "event.delete" => own(cx, &user, "eventId").map(|event| {
            cx.store.office.remove(EVENT, &event.organizer, &event.id);
            Reply::accepted()
        }),
        "event.occurrence.get" => occurrence(cx, &user),
        "event.occurrence.update" => update_occurrence(cx, &user),
        "event.occurrence.delete" => cancel_occurrence(cx, &user),
        "event.webmeet.get" => seen(cx, &user, "eventId").and_then(|event| web_meeting(&event)),
        "event.conference.join" => join(cx, &user),
        "event.conference.leave" => leave(cx, &user),
        _ => return None,
    })
}

struct Event {
    organizer: String,
    id: String,
    document: Value,
}

fn people(event: &Value) -> impl Iterator<Item = &Value> {
    items(event, "participants").into_iter().chain(event.get("organizer"))
}

/// A person is known by the e-mail address or the mobile number.
fn is(person: &Value, who: &str) -> bool {
    !who.is_empty() && (text(person, "email") == who || text(person, "mobilePhone") == who)
}

fn takes_part(cx: &Context<'_>, organizer: &str, event: &Value, user: &str) -> bool {
    let mobile = lines::mobile_of(&cx.world, user).unwrap_or_default();
    organizer == user || people(event).any(|p| is(p, &cid_of(user)) || is(p, &mobile))
}

/// The document as it goes out: times in the form that is asked for.
fn told(cx: &Context<'_>, document: &Value) -> Value {
    let mut document = document.clone();
    dress_times(cx, &mut document);
    if let Some(exceptions) = document.get_mut("exceptions").and_then(Value::as_array_mut) {
        exceptions.iter_mut().for_each(|exception| dress_times(cx, exception));
    }
    document
}

fn dress_times(cx: &Context<'_>, document: &mut Value) {
    for member in ["dateTimeStart", "dateTimeEnd", "dateTimeOld", "endDate"] {
        if let Some(at) = document.get(member).and_then(Value::as_str).and_then(read_time) {
            document[member] = json!(cx.time(at));
        }
    }
}

fn list(cx: &Context<'_>, wanted: impl Fn(&Context<'_>, &str, &Value) -> bool) -> Value {
    let all = cx.store.office.everybody(EVENT).filter(|(organizer, _, event)| wanted(cx, organizer, event));
    let mut events: Vec<Value> = all.map(|(.., event)| told(cx, event)).collect();
    events.sort_by_key(|event| text(event, "dateTimeStart").to_owned());
    json!({"events": events})
}

/// The event that the path names, if the user may see it.
fn seen(cx: &Context<'_>, user: &str, variable: &str) -> Result<Event, Failure> {
    let id = cx.call.path(variable);
    let mut all = cx.store.office.everybody(EVENT);
    let found = all.find(|(organizer, name, event)| *name == id && takes_part(cx, organizer, event, user));
    let (organizer, _, event) =
        found.ok_or_else(|| Failure::missing(variable, "event.does.not.exist", id))?;
    Ok(Event { organizer: organizer.to_owned(), id: id.to_owned(), document: event.clone() })
}

/// The same, if the user may change it.
fn own(cx: &Context<'_>, user: &str, variable: &str) -> Result<Event, Failure> {
    let event = seen(cx, user, variable)?;
    if event.organizer == user {
        return Ok(event);
    }
    Err(Failure::forbidden(variable, "event.not.organizer", "Only the organizer changes an event"))
}

/// Makes sure that a body tells a meeting that can be held.
fn checked(cx: &Context<'_>) -> Result<Map<String, Value>, Failure> {
    let Value::Object(mut body) = cx.call.body.clone() else {
        return Err(Failure::bad("body", "body.required", "An event is needed"));
    };
    for (member, allowed) in [
        ("recurringType", &RECURRING[..]),
        ("recurrenceRangeType", &RANGES[..]),
        ("weekPosition", &POSITIONS[..]),
    ] {
        if let Some(value) = body.get(member).filter(|v| !v.is_null()) {
            one_of(member, value.as_str().unwrap_or(""), allowed)?;
        }
    }
    let (start, end) = (moment(&body, "dateTimeStart")?, moment(&body, "dateTimeEnd")?);
    if end <= start {
        return Err(Failure::bad("dateTimeEnd", "end.before.start", "The end is not after the start"));
    }
    if !body.get("organizer").is_some_and(Value::is_object) {
        return Err(Failure::bad("organizer", "field.required", "organizer is required"));
    }
    body.insert("dateTimeStart".into(), json!(utc(start)));
    body.insert("dateTimeEnd".into(), json!(utc(end)));
    Ok(body)
}

fn moment(body: &Map<String, Value>, member: &str) -> Result<Millis, Failure> {
    let text = body.get(member).and_then(Value::as_str).unwrap_or("");
    read_time(text).ok_or_else(|| Failure::bad(member, "time.invalid", format!("{text:?} is no time")))
}

/// Files a checked body under a new number, with everything that the platform adds by itself.
fn complete(office: &mut Office, organizer: &str, body: Map<String, Value>) -> Value {
    let id = office.draw_number();
    let pincode = 100_000 + id * 7_919 % 900_000;
    let mut event = json!({"id": id, "pincode": pincode.to_string(), "timeZone": "Europe/London",
        "recurringType": "NONE", "recurrenceRangeType": "NONE", "dialInNumbers": BRIDGE, "webmeetAllowed": true,
        "moxtraBinderId": format!("B{:023}", id * 7_919), "moxtraMeetId": (408_052_000 + id).to_string(),
        "synchronizedMeeting": false});
    overlay(&mut event, body);
    office.put(EVENT, organizer, &id.to_string(), event.clone());
    event
}

/// What a body tells goes over what was there, but for what only the platform sets.
fn overlay(event: &mut Value, body: Map<String, Value>) {
    for (member, value) in body {
        if !["id", "pincode", "dialInNumbers", "exceptions", "rRule"].contains(&member.as_str())
            && !value.is_null()
        {
            event[member] = value;
        }
    }
    match rule(event) {
        Some(rule) => {
            event["rRule"] = json!(rule);
            if event.get("interval").is_none() {
                event["interval"] = json!(1);
            }
            if event.get("weekPosition").is_none() {
                event["weekPosition"] = json!("NONE");
            }
        }
        None => drop(event.as_object_mut().and_then(|e| e.remove("rRule"))),
    }
}

fn create(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let body = checked(cx)?;
    let event = complete(&mut cx.store.office, user, body);
    Ok(Reply::ok(told(cx, &event)))
}

fn update(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let mut event = own(cx, user, "eventId")?;
    let body = checked(cx)?;
    if body.get("id").is_some_and(|id| *id != event.document["id"]) {
        return Err(Failure::conflict("id", "event.id.differs", "The path names another event"));
    }
    overlay(&mut event.document, body);
    cx.store.office.put(EVENT, user, &event.id, event.document.clone());
    Ok(Reply::ok(told(cx, &event.document)))
}

/// The date that the path names; the event must be held on it.
fn date(cx: &Context<'_>, event: &Event) -> Result<Date, Failure> {
    let told = cx.call.path("eventDate");
    let date: Date = told.parse().map_err(|_| Failure::bad("eventDate", "eventDate.invalid", told))?;
    match Series::read(&event.document) {
        Some(series) if series.is_held(date) => Ok(date),
        _ => Err(Failure::missing("eventDate", "occurrence.does.not.exist", told)),
    }
}

/// The exception of that date, if there is one.
fn exception_of(event: &Event, date: Date) -> Option<&Value> {
    let day = date.to_string();
    items(&event.document, "exceptions").into_iter().find(|e| text(e, "dateTimeOld").starts_with(&day))
}

/// One date of the event as it was planned.
fn planned(event: &Event, date: Date) -> Value {
    let on = |member| {
        let (_, time) = text(&event.document, member).split_once('T').unwrap_or(("", "00:00:00Z"));
        format!("{date}T{time}")
    };
    json!({"dateTimeStart": on("dateTimeStart"), "dateTimeEnd": on("dateTimeEnd"), "name": event.document["name"],
        "note": event.document["note"], "isUpdated": false, "isCancelled": false, "eventId": event.document["id"],
        "organizer": event.document["organizer"], "participants": event.document["participants"]})
}

fn occurrence(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let event = seen(cx, user, "confId")?;
    let date = date(cx, &event)?;
    let occurrence = exception_of(&event, date).cloned().unwrap_or_else(|| planned(&event, date));
    Ok(Reply::ok(told(cx, &occurrence)))
}

fn update_occurrence(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let event = own(cx, user, "confId")?;
    let date = date(cx, &event)?;
    let body = checked(cx)?;
    let mut exception = planned(&event, date);
    for (member, value) in body {
        if !["id", "eventId", "dateTimeOld", "isUpdated"].contains(&member.as_str()) {
            exception[member] = value;
        }
    }
    exception["isUpdated"] = json!(true);
    Ok(Reply::ok(file_exception(cx, event, date, exception)))
}

fn cancel_occurrence(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let event = own(cx, user, "confId")?;
    let date = date(cx, &event)?;
    let mut exception = exception_of(&event, date).cloned().unwrap_or_else(|| planned(&event, date));
    if exception["isCancelled"] == json!(true) {
        return Err(Failure::conflict("eventDate", "occurrence.is.cancelled", "It was cancelled before"));
    }
    exception["isCancelled"] = json!(true);
    Ok(Reply::ok(file_exception(cx, event, date, exception)))
}

/// Puts the exception into the event's list, in place of an earlier one of that date.
fn file_exception(cx: &mut Context<'_>, mut event: Event, date: Date, mut exception: Value) -> Value {
    let before = exception_of(&event, date).map(|e| e["id"].clone());
    exception["dateTimeOld"] = planned(&event, date)["dateTimeStart"].clone();
    exception["id"] = before.clone().unwrap_or_else(|| json!(cx.store.office.draw_number()));
    let mut exceptions: Vec<Value> = items(&event.document, "exceptions").into_iter().cloned().collect();
    exceptions.retain(|e| Some(&e["id"]) != before.as_ref());
    exceptions.push(exception.clone());
    event.document["exceptions"] = json!(exceptions);
    cx.store.office.put(EVENT, &event.organizer, &event.id, event.document);
    told(cx, &exception)
}

fn web_meeting(event: &Event) -> Result<Reply, Failure> {
    if event.document["webmeetAllowed"] == json!(false) {
        return Err(Failure::conflict("eventId", "webmeet.not.allowed", "The event has no web meeting"));
    }
    Ok(Reply::ok(json!({"data": {"id": event.document["moxtraMeetId"]}, "code": "RESPONSE_SUCCESS"})))
}

/// Calls the conference from the user's telephone; answers the call's id.
fn join(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let event = seen(cx, user, "eventId")?;
    let numbers = text(&event.document, "dialInNumbers");
    let bridge = numbers.split(',').next().filter(|n| !n.is_empty()).unwrap_or(BRIDGE).to_owned();
    let joined = cx.store.office.get(JOINED, user, &event.id).and_then(Value::as_str);
    if joined.is_some_and(|call| cx.world.lines_of(user).iter().any(|line| line.id() == call)) {
        return Err(Failure::conflict("eventId", "conference.joined", "The user is in the conference"));
    }
    let devices = cx.world.usable_devices(user);
    let wanted = cx.call.query("selectedDeviceID").filter(|d| !d.is_empty());
    let device = devices.into_iter().find(|d| wanted.is_none_or(|w| w.ends_with(d.as_str())));
    let device = device.ok_or_else(|| Failure::conflict("selectedDeviceID", "device.not.available", user))?;
    let call = cx.world.call_from(user, &device, &bridge)?;
    cx.store.office.put(JOINED, user, &event.id, json!(call));
    Ok(Reply::ok(json!(call)))
}

fn leave(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let event = seen(cx, user, "eventId")?;
    let joined = cx.store.office.get(JOINED, user, &event.id).and_then(Value::as_str).map(str::to_owned);
    let not_in =
        || Failure::conflict("eventId", "conference.not.joined", "The user is not in the conference");
    let call = joined.ok_or_else(not_in)?;
    cx.store.office.remove(JOINED, user, &event.id);
    cx.world.clear_line(user, &call).map_err(|_| not_in())?;
    Ok(Reply::accepted())
}
