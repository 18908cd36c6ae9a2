//! Diversion and Activity Diversion Mapping: where calls go instead of ringing.
//!
//! Three things decide, in this order: the number that the user set (perhaps only for the present activity), the number
//! of the present activity, the rule that diverts all calls. Rules hang on a line, PRIMARY (the desk) or SECONDARY (the
//! mobile, for who has one).

use super::{items, lines, one_of, owner, telephone, text};
use crate::dstny::answer::{Failure, Reply, Told, required};
use crate::dstny::{Context, DOMAIN, Store};
use crate::world::{Diversion, World};
use serde_json::{Value, json};

const RULES: [&str; 8] = [
    "CFWD_ALL",
    "CFWD_ON_BUSY",
    "CFWD_ON_BUSY_IN_CALL",
    "CFWD_ON_BUSY_IN_CALL_OR_UNREACHABLE",
    "CFWD_ON_BUSY_OR_UNREACHABLE",
    "CFWD_NO_ANSWER",
    "CFWD_NO_ANSWER_OR_UNREACHABLE",
    "CFWD_UNREACHABLE",
];
/// Takes all rules of a line away.
const NO_RULE: &str = "NONE";
const LINES: [&str; 2] = ["PRIMARY", "SECONDARY"];
const RULE: &str = "diversion rule";
const BY_ACTIVITY: &str = "activity diversion";

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    Some(match cx.call.op {
        "actdiv.list" => Ok(Reply::ok(mapping(&cx.store, &user))),
        "actdiv.set" => set_mapping(cx, &user),
        "actdiv.get" => one_mapping(cx, &user),
        "actdiv.setone" => set_one_mapping(cx, &user),
        "actdiv.delete" => match cx.store.office.remove(BY_ACTIVITY, &user, cx.call.path("activityId")) {
            true => Ok(Reply::done()),
            false => Err(no_mapping(cx.call.path("activityId"))),
        },
        "diversion.rules.get" => Ok(Reply::ok(rules(cx, &user, &lines_for(&cx.world, &user)))),
        "diversion.line.get" => line(cx, &user).map(|line| Reply::ok(rules(cx, &user, &[line]))),
        "diversion.rule.get" => rule(cx, &user).map(|(line, rule)| {
            let mut document = rule_document(&cx.store, &user, line, rule);
            document["lineOrderType"] = json!(line);
            Reply::ok(document)
        }),
        "diversion.rules.set" => set_rules(cx, &user, None),
        "diversion.line.set" => line(cx, &user).and_then(|line| set_rules(cx, &user, Some(line))),
        "diversion.rule.set" => set_rule(cx, &user),
        "diversion.rules.delete" => {
            cx.store.office.empty(RULE, &user);
            Ok(Reply::accepted())
        }
        "diversion.line.delete" => line(cx, &user).map(|line| {
            for rule in RULES {
                cx.store.office.remove(RULE, &user, &key(line, rule));
            }
            Reply::accepted()
        }),
        "diversion.rule.delete" => rule(cx, &user).and_then(|(line, rule)| {
            let was = cx.store.office.remove(RULE, &user, &key(line, rule));
            let none = || Failure::missing("diversionRuleType", "diversion.does.not.exist", rule);
            was.then(Reply::accepted).ok_or_else(none)
        }),
        "diversion.number.get" => Ok(Reply::ok(number(cx, &user))),
        "diversion.number.set" => set_number(cx, &user),
        _ => return None,
    })
}

fn mapping(store: &Store, user: &str) -> Value {
    let rows = store.office.list(BY_ACTIVITY, user).map(|(_, row)| row.clone());
    json!({"diversion-mapping": rows.collect::<Vec<_>>()})
}

fn no_mapping(activity: &str) -> Failure {
    Failure::missing("activityId", "diversion.does.not.exist", activity)
}

/// A row that can be kept: an activity that there is and a number that can be called.
fn checked(activity: &str, number: &str) -> Result<Value, Failure> {
    if super::activity(activity).is_none() {
        return Err(Failure::bad("activityId", "activity.does.not.exist", activity));
    }
    Ok(json!({"activityId": activity, "phoneNumber": telephone("phoneNumber", number)?}))
}

fn set_mapping(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let told = items(&cx.call.body, "diversion-mapping");
    let rows = told.into_iter().map(|row| checked(text(row, "activityId"), text(row, "phoneNumber")));
    let rows: Vec<Value> = rows.collect::<Result<_, _>>()?;
    cx.store.office.empty(BY_ACTIVITY, user);
    for row in rows {
        cx.store.office.put(BY_ACTIVITY, user, text(&row, "activityId"), row.clone());
    }
    Ok(Reply::ok(mapping(&cx.store, user)))
}

fn one_mapping(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let activity = cx.call.path("activityId");
    let row = cx.store.office.get(BY_ACTIVITY, user, activity);
    row.map(|row| Reply::ok(row.clone())).ok_or_else(|| no_mapping(activity))
}

fn set_one_mapping(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let row = checked(cx.call.path("activityId"), &required(cx, "phoneNumber")?)?;
    cx.store.office.put(BY_ACTIVITY, user, text(&row, "activityId"), row.clone());
    Ok(Reply::ok(row))
}

fn lines_for(world: &World, user: &str) -> Vec<&'static str> {
    if lines::mobile_of(world, user).is_some() { LINES.to_vec() } else { vec![LINES[0]] }
}

fn line(cx: &Context<'_>, user: &str) -> Result<&'static str, Failure> {
    known_line(cx, user, cx.call.path("lineOrderType"))
}

fn known_line(cx: &Context<'_>, user: &str, told: &str) -> Result<&'static str, Failure> {
    let line = one_of("lineOrderType", told, &LINES)?;
    let has = lines_for(&cx.world, user).contains(&line);
    if has { Ok(line) } else { Err(Failure::missing("lineOrderType", "line.does.not.exist", line)) }
}

fn rule(cx: &Context<'_>, user: &str) -> Result<(&'static str, &'static str), Failure> {
    Ok((line(cx, user)?, one_of("diversionRuleType", cx.call.path("diversionRuleType"), &RULES)?))
}

fn key(line: &str, rule: &str) -> String {
    format!("{line}/{rule}")
}

fn rule_document(store: &Store, user: &str, line: &str, rule: &str) -> Value {
    let mut document = json!({"diversionRoutingRulesType": rule});
    if let Some(number) = store.office.get(RULE, user, &key(line, rule)) {
        document["phoneNumber"] = number.clone();
    }
    document
}

fn rules(cx: &Context<'_>, user: &str, lines: &[&str]) -> Value {
    let rows = lines.iter().map(|line| {
        let (kind, number) = match *line {
            "PRIMARY" => ("OFFICE_FIXED", Some(cx.world.direct_number(user))),
            _ => ("OFFICE_MOBILE", lines::mobile_of(&cx.world, user)),
        };
        let rules: Vec<Value> = RULES.iter().map(|rule| rule_document(&cx.store, user, line, rule)).collect();
        json!({"lineNumber": number, "lineOrderType": line, "lineType": kind, "userDiversionRules": rules})
    });
    json!({"user": {"domain": DOMAIN, "userid": user}, "userDiversionLineRules": rows.collect::<Vec<_>>()})
}

/// Rules as a body tells them: without a number the rule is taken away. Nothing is kept unless all of it is good.
fn set_rules(cx: &mut Context<'_>, user: &str, line: Option<&'static str>) -> Result<Reply, Failure> {
    let mut wanted = Vec::new();
    for of_line in items(&cx.call.body, "userDiversionLineRules") {
        let line = match line {
            Some(line) => line,
            None => known_line(cx, user, text(of_line, "lineOrderType"))?,
        };
        for row in items(of_line, "userDiversionRules") {
            let rule = text(row, "diversionRoutingRulesType");
            wanted.extend(read_rule(line, rule, text(row, "phoneNumber"))?);
        }
    }
    if wanted.is_empty() {
        return Err(Failure::bad("userDiversionLineRules", "field.required", "There is no rule"));
    }
    keep(cx, user, wanted);
    Ok(Reply::accepted())
}

fn set_rule(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let (line, rule) = rule(cx, user)?;
    let told = cx.call.field("diversionRoutingRulesType");
    if told.as_deref().is_some_and(|told| told != rule && told != NO_RULE) {
        return Err(Failure::bad("diversionRoutingRulesType", "rule.differs", "The path names another rule"));
    }
    let number =
        cx.call.field("phoneNumber").filter(|_| told.as_deref() != Some(NO_RULE)).unwrap_or_default();
    keep(cx, user, read_rule(line, rule, &number)?);
    Ok(Reply::accepted())
}

type Wanted = (String, Option<String>);

fn read_rule(line: &str, rule: &str, number: &str) -> Result<Vec<Wanted>, Failure> {
    if rule == NO_RULE {
        return Ok(RULES.iter().map(|rule| (key(line, rule), None)).collect());
    }
    let rule = one_of("diversionRoutingRulesType", rule, &RULES)?;
    let number = (!number.is_empty()).then(|| telephone("phoneNumber", number)).transpose()?;
    Ok(vec![(key(line, rule), number)])
}

fn keep(cx: &mut Context<'_>, user: &str, wanted: Vec<Wanted>) {
    for (key, number) in wanted {
        match number {
            Some(number) => cx.store.office.put(RULE, user, &key, json!(number)),
            None => drop(cx.store.office.remove(RULE, user, &key)),
        }
    }
}

/// The number that calls go to now; an empty document if they ring.
fn number(cx: &Context<'_>, user: &str) -> Value {
    let set = cx.world.diversion(user).map(|d| json!(d.number));
    let activity = cx.world.status(user).activity;
    let of_activity = || Some(cx.store.office.get(BY_ACTIVITY, user, &activity)?["phoneNumber"].clone());
    let all = || cx.store.office.get(RULE, user, &key(LINES[0], RULES[0])).cloned();
    match set.or_else(of_activity).or_else(all) {
        Some(number) => json!({"diversion-number": number}),
        None => json!({}),
    }
}

/// An empty number ends the diversion.
fn set_number(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let missing = || Failure::bad("phoneNumber", "field.required", "phoneNumber is required");
    let told = cx.call.field("phoneNumber").ok_or_else(missing)?;
    let activity_scoped = cx.call.field("activityScoped").as_deref() == Some("true");
    let to = match told.is_empty() {
        true => None,
        false => Some(Diversion { number: telephone("phoneNumber", &told)?, activity_scoped }),
    };
    cx.world.divert(user, to);
    cx.tell(user, "DIVERSION");
    Ok(Reply::ok(number(cx, user)))
}
