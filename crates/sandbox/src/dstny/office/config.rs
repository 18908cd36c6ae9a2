//! End-user Configuration: the organisation's activities, roles and answer places, and the document that has them all.

use super::{lines, owner};
use crate::dstny::answer::{Reply, Told};
use crate::dstny::inferred::WEB_CLIENT;
use crate::dstny::{Context, DOMAIN, Store, people};
use crate::switches::Switches;
use crate::world::World;
use serde_json::{Value, json};

/// A thing to be doing, as the organisation has set it up.
#[derive(Debug)]
pub(in crate::dstny) struct Activity {
    pub id: &'static str,
    pub name: &'static str,
    swedish: &'static str,
    german: &'static str,
    /// Whether who does it may be called, unless said otherwise.
    pub available: bool,
}

const fn doing(
    id: &'static str,
    name: &'static str,
    swedish: &'static str,
    german: &'static str,
    available: bool,
) -> Activity {
    Activity { id, name, swedish, german, available }
}

/// The first one is the default. Those with numbers for ids were made by this organisation.
const ACTIVITIES: [Activity; 8] = [
    doing("available", "Available", "Tillgänglig", "Verfügbar", true),
    doing("busy", "Busy", "Upptagen", "Beschäftigt", false),
    doing("lunch", "Lunch", "Lunch", "Mittagspause", false),
    doing("meeting", "Meeting", "Möte", "Besprechung", false),
    doing("out_of_office", "Out of office", "Ej på kontoret", "Außer Haus", false),
    doing("working", "Working", "Arbetar", "Bei der Arbeit", true),
    doing("1230040550060", "Back office", "Efterarbete", "Nachbearbeitung", false),
    doing("1231141551161", "Vacation", "Semester", "Urlaub", false),
];

/// Id, and names in English, Swedish and German.
const ROLES: [(&str, &str, &str, &str); 3] = [
    ("business", "Business", "Arbete", "Geschäftlich"),
    ("private", "Private", "Privat", "Privat"),
    ("1400593658949", "Support", "Support", "Support"),
];

pub(in crate::dstny) fn activity(id: &str) -> Option<&'static Activity> {
    ACTIVITIES.iter().find(|a| a.id == id)
}

/// The name under which a role is shown in a presence.
pub(in crate::dstny) fn role(id: &str) -> &str {
    ROLES.iter().find(|r| r.0 == id).map_or(id, |r| r.1)
}

/// The id of a role that is told by its id or its name.
pub(in crate::dstny) fn role_id(told: &str) -> Option<&'static str> {
    ROLES.iter().find(|r| r.0 == told || r.1 == told).map(|r| r.0)
}

fn in_language<'a>(language: &str, english: &'a str, swedish: &'a str, german: &'a str) -> &'a str {
    match language.get(..2) {
        Some("sv") => swedish,
        Some("de") => german,
        _ => english,
    }
}

fn activities(language: &str) -> Value {
    let rows = ACTIVITIES.iter().enumerate().map(|(index, a)| {
        json!({"id": a.id, "name": in_language(language, a.name, a.swedish, a.german), "available": a.available,
            "default": index == 0, "stateName": a.name})
    });
    json!({"activity": rows.collect::<Vec<_>>()})
}

fn roles(language: &str) -> Value {
    let rows = ROLES.iter().map(|(id, english, swedish, german)| {
        json!({"id": id, "name": in_language(language, english, swedish, german), "stateName": english})
    });
    json!({"role": rows.collect::<Vec<_>>()})
}

/// Where the user's calls can be set up from: the mobile, if there is one.
fn answer_places(world: &World, user: &str, language: &str) -> Value {
    let mobile = lines::mobile_of(world, user)
        .map(|_| json!({"id": "mobile", "name": in_language(language, "Mobile", "Mobil", "Mobil")}));
    json!({"answerplace": mobile.into_iter().collect::<Vec<_>>()})
}

/// Everything that a user's app is set up with.
fn document(world: &World, store: &Store, switches: &Switches, user: &str, language: &str) -> Value {
    json!({"activities": activities(language), "roles": roles(language),
        "answerplaces": answer_places(world, user, language), "topics-enabled": true, "sms-allowed": true,
        "fallbackToDefaultPresenceState": false, "defaultPresenceState": ACTIVITIES[0].name,
        "callrouting-enabled": true, "fields": people::own_fields(&store.office, switches, user)})
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    let language = cx.call.query("language").unwrap_or("en");
    Some(Ok(match cx.call.op {
        "config.activities" => Reply::ok(activities(language)),
        "config.roles" => Reply::ok(roles(language)),
        "config.answerplaces" => Reply::ok(answer_places(&cx.world, &user, language)),
        "config.all" => Reply::ok(document(&cx.world, &cx.store, cx.switches, &user, language)),
        "config.webclient" => Reply::ok(json!({WEB_CLIENT: format!("https://connect.{DOMAIN}/webclient/")})),
        _ => return None,
    }))
}
