//! Presence Shortcuts: activity, end and diversion under one button. They are only kept; an app applies them through the
//! presence operations.

use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told};
use crate::dstny::office::{Office, activity, items, one_of, owner, telephone, text};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DRAWER: &str = "presence shortcut";
const DURATIONS: [&str; 3] = ["NO_END_TIME", "UNTIL_NEXT_WORKING_DAY", "MINUTES"];
const IMAGES: [&str; 9] = [
    "ic_shortcut_big_green",
    "ic_shortcut_big_red",
    "ic_shortcut_car",
    "ic_shortcut_coffee",
    "ic_shortcut_home",
    "ic_shortcut_office",
    "ic_shortcut_pizza",
    "ic_shortcut_plane",
    "ic_shortcut_watch",
];

pub(super) fn furnish(office: &mut Office, world: &World) {
    let shortcuts = [
        json!({"id": "sdfdsf3333", "name": "Weekend", "activityId": "busy", "available": false,
            "durationType": "UNTIL_NEXT_WORKING_DAY", "order": 1, "imageId": "ic_shortcut_big_red",
            "applyDiversionNumber": false}),
        json!({"id": "23342323232", "name": "Short lunch break", "activityId": "lunch", "available": false,
            "durationType": "MINUTES", "durationMinutes": 45, "order": 2, "imageId": "ic_shortcut_pizza",
            "diversionPhoneNumber": "+442079460000", "applyDiversionNumber": true}),
    ];
    for user in world.roster.iter().take(8) {
        for shortcut in &shortcuts {
            office.put(DRAWER, user, text(shortcut, "id"), shortcut.clone());
        }
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    let id = cx.call.path("id");
    let none = || Failure::missing("id", "shortcut.does.not.exist", id);
    Some(match cx.call.op {
        "shortcuts.list" => Ok(Reply::ok(all(cx, &user))),
        "shortcuts.get" => cx
            .store
            .office
            .get(DRAWER, &user, id)
            .map(|shortcut| Reply::ok(shortcut.clone()))
            .ok_or_else(none),
        "shortcuts.set" => checked(id, &cx.call.body).map(|shortcut| {
            cx.store.office.put(DRAWER, &user, id, shortcut.clone());
            Reply::ok(shortcut)
        }),
        "shortcuts.delete" => cx.store.office.remove(DRAWER, &user, id).then(Reply::done).ok_or_else(none),
        "shortcuts.setall" => replace_all(cx, &user),
        _ => return None,
    })
}

fn all(cx: &Context<'_>, user: &str) -> Value {
    let mut shortcuts: Vec<Value> = cx.store.office.list(DRAWER, user).map(|(_, s)| s.clone()).collect();
    shortcuts.sort_by_key(|s| s["order"].as_i64());
    json!({"presenceShortcut": shortcuts})
}

/// Nothing is replaced unless all of the list is good.
fn replace_all(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let told = items(&cx.call.body, "presenceShortcut");
    let shortcuts = told.into_iter().map(|s| checked(text(s, "id"), s)).collect::<Result<Vec<Value>, _>>()?;
    let ids: BTreeSet<&str> = shortcuts.iter().map(|s| text(s, "id")).collect();
    if ids.contains("") || ids.len() < shortcuts.len() {
        return Err(Failure::bad("id", "id.not.unique", "Every shortcut needs an id of its own"));
    }
    cx.store.office.empty(DRAWER, user);
    for shortcut in &shortcuts {
        cx.store.office.put(DRAWER, user, text(shortcut, "id"), shortcut.clone());
    }
    Ok(Reply::ok(all(cx, user)))
}

fn checked(id: &str, told: &Value) -> Result<Value, Failure> {
    let required = |member: &str| Failure::bad(member, "field.required", format!("{member} is required"));
    let word =
        |member: &str| Some(text(told, member)).filter(|t| !t.is_empty()).ok_or_else(|| required(member));
    let number =
        |member: &str| told.get(member).and_then(|n| n.as_i64().or_else(|| n.as_str()?.parse().ok()));
    let truth =
        |member: &str| told.get(member).and_then(|b| b.as_bool().or_else(|| b.as_str()?.parse().ok()));
    let doing = word("activityId")?;
    if activity(doing).is_none() {
        return Err(Failure::bad("activityId", "activity.does.not.exist", doing));
    }
    let duration = one_of("durationType", word("durationType")?, &DURATIONS)?;
    let apply = truth("applyDiversionNumber").unwrap_or(false);
    let mut shortcut = json!({"id": id, "name": word("name")?, "activityId": doing,
        "available": truth("available").ok_or_else(|| required("available"))?, "durationType": duration,
        "order": number("order").ok_or_else(|| required("order"))?,
        "imageId": one_of("imageId", word("imageId")?, &IMAGES)?, "applyDiversionNumber": apply});
    if duration == "MINUTES" {
        let minutes = number("durationMinutes").filter(|n| *n > 0);
        shortcut["durationMinutes"] = json!(minutes.ok_or_else(|| required("durationMinutes"))?);
    }
    match text(told, "diversionPhoneNumber") {
        "" if apply => return Err(required("diversionPhoneNumber")),
        "" => {}
        to => shortcut["diversionPhoneNumber"] = json!(telephone("diversionPhoneNumber", to)?),
    }
    Ok(shortcut)
}
