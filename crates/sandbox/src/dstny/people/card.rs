//! What is known of a contact: the contact document, the vCard, and the organisation's own fields of a colleague.

use super::entry::{Entry, find};
use super::{first_and_last, presence, supervises};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, time};
use crate::dstny::office::{Office, cid_of, items, text};
use crate::dstny::people::personal;
use crate::switches::Switches;
use crate::world::{DAY, World};
use serde_json::{Value, json};

const FIELD: &str = "directory field";

/// A field of the directory, as the organisation has set it up.
struct Field {
    id: &'static str,
    label: &'static str,
    /// Everybody fills in their own; the others are set by an administrator.
    own: bool,
}

const FIELDS: [Field; 7] = [
    Field { id: "field1", label: "Manager", own: false },
    Field { id: "field2", label: "Work title", own: false },
    Field { id: "field3", label: "Work office", own: false },
    Field { id: "field4", label: "ICE contact", own: true },
    Field { id: "field5", label: "Hobbies", own: true },
    Field { id: "field7", label: "Department", own: true },
    Field { id: "field8", label: "Languages", own: true },
];

pub(super) fn furnish(office: &mut Office, world: &World) {
    let manager =
        world.roster.get(5).and_then(|id| world.agents.get(id)).map_or("Noah Feldkamp", |a| a.name.as_str());
    for (index, user) in world.roster.iter().take(8).enumerate() {
        let titles = ["Adviser", "Senior adviser", "Planner"];
        let values = [
            ("field1", manager.to_owned()),
            ("field2", titles[index % 3].to_owned()),
            ("field3", format!("A{}", 51 + index)),
            ("field4", format!("+4420794609{:02}", 10 + index)),
            ("field7", "Customer service".to_owned()),
        ];
        for (id, value) in values {
            office.put(FIELD, user, id, json!({"value": value, "changed": world.now() - 40 * DAY}));
        }
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    Some(match cx.call.op {
        "cinfo.get" | "cinfo1.get" => whole(cx),
        "cinfo.vcard.get" | "cinfo1.vcard.get" => contact(cx).map(|entry| Reply::ok(vcard(cx, &entry))),
        "cinfo.vcard.update" | "cinfo1.vcard.update" => update_vcard(cx),
        "cinfo1.fields.get" => presence::subject(cx).map(|who| Reply::ok(shown_fields(cx, &who))),
        "cinfo.fields.get" => presence::subject(cx).map(|who| Reply::ok(old_fields(cx, &who, "label"))),
        "cinfo1.fields.update" => update_fields(cx, "fields").map(|_| Reply::accepted()),
        "cinfo.fields.update" => {
            update_fields(cx, "field").map(|who| Reply::ok(old_fields(cx, &who, "requestedValue")))
        }
        _ => return None,
    })
}

fn contact(cx: &Context<'_>) -> Result<Entry, Failure> {
    find(cx, cx.user, cx.call.path("cid"))
}

fn whole(cx: &Context<'_>) -> Result<Reply, Failure> {
    let entry = contact(cx)?;
    let mut document = entry.document(cx, cx.user);
    if let (Entry::Colleague(user), Some(true)) = (&entry, cx.call.flag("includeFields")) {
        document["fields"] = fields(cx, user);
    }
    Ok(Reply::ok(document))
}

fn may_edit(world: &World, viewer: &str, subject: &str, field: &Field) -> bool {
    supervises(world, viewer) || (field.own && viewer == subject)
}

fn value<'a>(office: &'a Office, user: &str, field: &str) -> &'a str {
    office.get(FIELD, user, field).map_or("", |paper| text(paper, "value"))
}

/// Fields with a value, as they stand inside a contact.
pub(super) fn fields(cx: &Context<'_>, user: &str) -> Value {
    let filled =
        FIELDS.iter().map(|f| (f, value(&cx.store.office, user, f.id))).filter(|(_, v)| !v.is_empty());
    let rows = filled.map(|(f, value)| json!({"id": f.id, "label": f.label, "value": value}));
    json!({"fields": rows.collect::<Vec<_>>()})
}

/// Fields with a value, and empty ones that the caller may fill in.
fn shown_fields(cx: &Context<'_>, user: &str) -> Value {
    let rows = FIELDS.iter().filter_map(|f| {
        let value = value(&cx.store.office, user, f.id);
        let editable = may_edit(&cx.world, cx.user, user, f);
        let mut row = json!({"id": f.id, "label": f.label, "editable": editable});
        if !value.is_empty() {
            row["value"] = json!(value);
        }
        (editable || !value.is_empty()).then_some(row)
    });
    json!({"fields": rows.collect::<Vec<_>>()})
}

/// The older dress of fields; `with` is the member that goes with the value.
fn old_fields(cx: &Context<'_>, user: &str, with: &str) -> Value {
    let rows = FIELDS.iter().map(|f| {
        let value = value(&cx.store.office, user, f.id);
        match with {
            "label" => json!({"id": f.id, "label": f.label, "currentValue": value,
                "editable": may_edit(&cx.world, cx.user, user, f)}),
            _ => json!({"id": f.id, "currentValue": value, "requestedValue": value}),
        }
    });
    json!({"field": rows.collect::<Vec<_>>()})
}

/// The caller's own fields inside the configuration. A change is granted at once, so it is what was requested.
pub(in crate::dstny) fn own_fields(office: &Office, switches: &Switches, user: &str) -> Value {
    let rows = FIELDS.iter().filter(|f| f.own).map(|f| {
        let value = value(office, user, f.id);
        let mut row = json!({"id": f.id, "label": f.label, "currentValue": value, "requestedValue": value,
            "editable": true});
        if let Some(at) = office.get(FIELD, user, f.id).and_then(|paper| paper["changed"].as_i64()) {
            row["dateRequested"] = json!(time(switches, at));
        }
        row
    });
    json!({"field": rows.collect::<Vec<_>>()})
}

/// Nothing changes unless all of it may. A field without `requestedValue` is emptied; one that stays as it is may be sent.
fn update_fields(cx: &mut Context<'_>, member: &str) -> Result<String, Failure> {
    let user = presence::subject(cx)?;
    let mut wanted = Vec::new();
    for row in items(&cx.call.body, member) {
        let id = text(row, "id");
        let field = FIELDS.iter().find(|f| f.id == id);
        let field = field.ok_or_else(|| Failure::bad("id", "field.does.not.exist", id))?;
        let requested = text(row, "requestedValue");
        if requested == value(&cx.store.office, &user, id) {
            continue;
        }
        if !may_edit(&cx.world, cx.user, &user, field) {
            return Err(Failure::forbidden(id, "field.not.editable", field.label));
        }
        wanted.push((field.id, requested.to_owned()));
    }
    let now = cx.world.now();
    for (id, value) in wanted {
        match value.is_empty() {
            true => drop(cx.store.office.remove(FIELD, &user, id)),
            false => cx.store.office.put(FIELD, &user, id, json!({"value": value, "changed": now})),
        }
    }
    cx.tell(&user, "FIELDS");
    Ok(user)
}

fn resource(value: &str) -> Value {
    json!({"value": value, "parseType": "Resource"})
}

fn vcard(cx: &Context<'_>, entry: &Entry) -> Value {
    let numbers =
        entry.numbers(cx).into_iter().map(|n| json!({"value": n, "parseType": "Resource", "type": []}));
    let mut card = json!({"TEL": numbers.collect::<Vec<_>>(), "group": [], "field": []});
    let (first, last, email, company, department, street, city, postcode, country) = match entry {
        Entry::Colleague(user) => {
            let (first, last) = first_and_last(cx.world.agents.get(user).map_or("", |a| a.name.as_str()));
            let groups =
                super::groups_of(&cx.world, user).into_iter().filter_map(|q| cx.world.queues.get(&q));
            card["group"] = groups.map(|q| resource(&q.name)).collect();
            let filled = FIELDS.iter().map(|f| (f.id, value(&cx.store.office, user, f.id)));
            let filled = filled.filter(|(_, v)| !v.is_empty()).map(|(id, v)| json!({"id": id, "value": v}));
            card["field"] = filled.collect();
            let words = [
                first,
                last,
                &cid_of(user),
                "Offhook Practice",
                "Customer service",
                "Example Street 1",
                "London",
                "N1 0ZZ",
                "United Kingdom",
            ];
            words.map(str::to_owned).into()
        }
        Entry::Function(queue) => {
            let name = cx.world.queues.get(queue).map_or(String::new(), |q| q.name.clone());
            let mut words: [String; 9] = Default::default();
            words[0] = name;
            words.into()
        }
        Entry::Shared(_) | Entry::Kept { .. } => {
            let paper = entry.paper(cx).unwrap_or_default();
            let members = [
                "firstname",
                "lastname",
                "email",
                "company",
                "department",
                "street",
                "city",
                "postalcode",
                "country",
            ];
            members.map(|member| text(&paper, member).to_owned()).into()
        }
    };
    card["FN"] = json!(format!("{first} {last}").trim());
    card["N"] = json!({"parseType": "Resource", "Family": last, "Given": first});
    card["ADR"] = json!({"parseType": "Resource", "Pcode": postcode, "Country": country, "Locality": city, "Street": street});
    card["ORG"] = json!({"parseType": "Resource", "Orgunit": department, "Orgname": company});
    card["EMAIL"] = json!({"parseType": "Resource", "value": email});
    json!({"Description": card})
}

/// Only contacts that are kept here have a vCard of their own; the directory's is made.
fn update_vcard(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let entry = contact(cx)?;
    let card = cx.call.body.get("Description").filter(|d| d.is_object());
    let card =
        card.ok_or_else(|| Failure::bad("Description", "field.required", "Description is required"))?;
    let Some(mut paper) = entry.paper(cx) else {
        return Err(Failure::forbidden("cid", "contact.not.modifiable", entry.cid()));
    };
    let parts = [
        ("N", "Given", "firstname"),
        ("N", "Family", "lastname"),
        ("ADR", "Street", "street"),
        ("ADR", "Locality", "city"),
        ("ADR", "Pcode", "postalcode"),
        ("ADR", "Country", "country"),
        ("ORG", "Orgname", "company"),
        ("ORG", "Orgunit", "department"),
        ("EMAIL", "value", "email"),
    ];
    for (part, inner, member) in parts {
        if let Some(told) = card.get(part).and_then(|p| p.get(inner)).filter(|v| v.is_string()) {
            paper[member] = told.clone();
        }
    }
    let numbers = items(card, "TEL");
    if !numbers.is_empty() {
        let rows = numbers.iter().enumerate().map(|(index, tel)| {
            json!({"type": "WORK", "phoneNumber": text(tel, "value"), "preferredNumber": index == 0})
        });
        paper["phoneNumbers"] = rows.collect();
    }
    personal::replace(cx, &entry, &paper)?;
    Ok(Reply::accepted())
}
