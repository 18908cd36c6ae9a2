//! Personal Contacts: a user's own, a group's, and the organisation's.
//!
//! The organisation's contacts are the world's, so what is written here shows on the other platforms too; only supervisors
//! (the administrators of this organisation) read and write them through these operations. What the world has no place for
//! (street, speed dial …) is kept in the contact's `office`.

use super::contacts::{STATUSES, list};
use super::entry::Entry;
use super::{groups_of, supervises};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told};
use crate::dstny::inferred::PERSONAL_DOMAIN;
use crate::dstny::office::{Office, items, one_of, owner, telephone, text};
use crate::world::World;
use crate::world::records::{record, text as field};
use serde_json::{Value, json};

/// The drawer of private and groups' contacts.
pub(super) const DRAWER: &str = "personal contact";

/// Value, and names in English, Swedish and German.
const LABELS: [(&str, &str, &str, &str); 8] = [
    ("HOME", "Home", "Hem", "Privat"),
    ("WORK", "Work", "Arbete", "Arbeit"),
    ("MOBILE", "Mobile", "Mobil", "Mobil"),
    ("MAIN", "Main", "Växel", "Zentrale"),
    ("WORK_FAX", "Work fax", "Fax arbete", "Fax (Arbeit)"),
    ("HOME_FAX", "Home fax", "Fax hem", "Fax (privat)"),
    ("PAGER", "Pager", "Personsökare", "Pager"),
    ("OTHER", "Other", "Annat", "Sonstige"),
];
const TEXTS: [&str; 9] =
    ["company", "department", "firstname", "lastname", "shortname", "email", "street", "city", "postalcode"];

pub(super) fn user_owner(user: &str) -> String {
    format!("user {user}")
}

pub(super) fn group_owner(group: &str) -> String {
    format!("group {group}")
}

pub(super) fn furnish(office: &mut Office, world: &World) {
    let Some(first) = world.roster.first() else { return };
    let contact = |first: &str,
                   last: &str,
                   company: &str,
                   number: &str,
                   kind: &str,
                   speeddial: u8,
                   owner: &str| {
        let short: String =
            [first, last].map(|n| n.chars().take(2).collect::<String>()).concat().to_lowercase();
        json!({"company": company, "department": "Rnd", "firstname": first, "lastname": last, "shortname": short,
            "email": format!("{short}@example.net"), "street": "Firmagatan 1", "city": "Stockholm",
            "postalcode": "12177", "country": "Sweden", "speeddial": speeddial, "showInDefaultContactList": true,
            "contactStatus": if speeddial == 3 { "VIP" } else { "FAVORITE" }, "ownerType": owner,
            "phoneNumbers": [{"type": kind, "phoneNumber": number, "preferredNumber": true,
                "abbreviatednumber": number.get(number.len() - 4..)}]})
    };
    let group = world.queues.keys().next().map_or(String::new(), ToString::to_string);
    let papers = [
        (
            user_owner(first),
            contact("Linnéa", "Hallonkvist", "Blåbär & Co", "+46846500461", "WORK", 3, "USER"),
        ),
        (
            user_owner(first),
            contact("Tadeáš", "Jahodník", "Kolibri Tiskárny s.r.o.", "+420700000017", "MAIN", 4, "USER"),
        ),
        (
            group_owner(&group),
            contact("Wren", "Ashdown", "Thistle Row Pharmacies Ltd", "+442079460317", "WORK", 3, "GROUP"),
        ),
        (
            group_owner(&group),
            contact("Bruno", "Kastanienberg", "Apfelbaum & Söhne GmbH", "+493023125317", "MAIN", 4, "GROUP"),
        ),
    ];
    for (owner, mut paper) in papers {
        if paper["ownerType"] == json!("USER")
            && let Some(number) = paper["phoneNumbers"][0].as_object_mut()
        {
            // Abbreviated numbers are a group's and the organisation's.
            number.remove("abbreviatednumber");
        }
        let number = office.draw_number() + 167_270;
        office.put(DRAWER, &owner, &number.to_string(), paper);
    }
}

/// A contact of the world as a paper of this platform.
pub(super) fn shared(world: &World, id: &str) -> Option<Value> {
    let contact = world.records.find("contacts", id)?;
    let mut paper = contact.get("office").cloned().unwrap_or_else(|| json!({}));
    let kept = paper["phoneNumbers"].clone();
    let list = |name: &str| {
        let values = contact.get("custom").and_then(|c| c.get(name)).and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str)
    };
    let numbers = list("number").enumerate().map(|(index, number)| {
        let known = kept.as_array().into_iter().flatten().find(|k| text(k, "phoneNumber") == number);
        known.cloned().unwrap_or_else(|| {
            let kind = if index == 0 { "WORK" } else { "MOBILE" };
            json!({"type": kind, "phoneNumber": number, "preferredNumber": index == 0,
                "abbreviatednumber": number.get(number.len().saturating_sub(4)..)})
        })
    });
    paper["phoneNumbers"] = numbers.collect();
    paper["firstname"] = json!(field(contact, "first_name"));
    paper["lastname"] = json!(field(contact, "last_name"));
    if let Some(email) = list("email").next() {
        paper["email"] = json!(email);
    }
    let company = world.records.find("companies", field(contact, "company"));
    if let Some(company) = company {
        paper["company"] = json!(field(company, "title"));
    }
    for member in ["company", "department", "shortname", "street", "city", "postalcode", "country"] {
        if paper.get(member).is_none() {
            paper[member] = json!("");
        }
    }
    for (member, usual) in [
        ("speeddial", json!(0)),
        ("showInDefaultContactList", json!(false)),
        ("contactStatus", json!("CONTACT")),
    ] {
        if paper.get(member).is_none() {
            paper[member] = usual;
        }
    }
    paper["ownerType"] = json!("ORG");
    Some(paper)
}

/// Writes a paper back into the world.
fn share(world: &mut World, id: &str, paper: &Value) {
    let now = world.now();
    let company = world.records.list("companies").find(|c| field(c, "title") == text(paper, "company"));
    let company = company.map(|c| field(c, "id").to_owned());
    let numbers: Vec<Value> =
        items(paper, "phoneNumbers").into_iter().map(|n| n["phoneNumber"].clone()).collect();
    let emails: Vec<&str> = Some(text(paper, "email")).filter(|e| !e.is_empty()).into_iter().collect();
    let (first, last) = (text(paper, "firstname"), text(paper, "lastname"));
    let title = match format!("{first} {last}").trim() {
        "" => text(paper, "company").to_owned(),
        name => name.to_owned(),
    };
    let mut contact = world.records.find("contacts", id).cloned().unwrap_or_else(|| {
        record(
            json!({"database": "default", "owner": null, "description": "", "score": null, "created": now}),
        )
    });
    let mut custom = contact.get("custom").cloned().unwrap_or_else(|| json!({"address": [null], "note": []}));
    custom["number"] = json!(numbers);
    custom["email"] = json!(emails);
    contact
        .extend(record(json!({"title": title, "first_name": first, "last_name": last, "company": company,
        "edited": now, "custom": custom, "office": paper})));
    world.records.table("contacts").put(id, contact);
}

/// Whose contacts the operation is about.
enum Shelf {
    Kept(String),
    Organisation,
}

impl Shelf {
    fn entry(&self, local: String) -> Entry {
        match self {
            Self::Kept(owner) => Entry::Kept { owner: owner.clone(), number: local },
            Self::Organisation => Entry::Shared(local),
        }
    }

    fn owner_type(&self) -> &'static str {
        match self {
            Self::Kept(owner) if owner.starts_with("user ") => "USER",
            Self::Kept(_) => "GROUP",
            Self::Organisation => "ORG",
        }
    }
}

fn shelf(cx: &Context<'_>, group: &str) -> Result<Shelf, Failure> {
    match group {
        "user" => Ok(Shelf::Kept(user_owner(&owner(cx)))),
        "group" => {
            let told = cx.call.path("groupId");
            let queue = told.parse().ok().filter(|q| cx.world.queues.contains_key(q));
            let queue: u32 =
                queue.ok_or_else(|| Failure::missing("groupId", "group.does.not.exist", told))?;
            if groups_of(&cx.world, cx.user).contains(&queue) || supervises(&cx.world, cx.user) {
                return Ok(Shelf::Kept(group_owner(told)));
            }
            Err(Failure::forbidden("groupId", "group.not.member", told))
        }
        _ if supervises(&cx.world, cx.user) => Ok(Shelf::Organisation),
        _ => Err(Failure::forbidden("user", "user.not.administrator", cx.user)),
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    if cx.call.op == "pcontacts.phonelabels" {
        return Some(Ok(Reply::ok(labels(cx.call.path("locale")))));
    }
    let mut parts = cx.call.op.strip_prefix("pcontacts.")?.split('.');
    let (group, what) = (parts.next()?, parts.next()?);
    Some(shelf(cx, group).and_then(|shelf| match what {
        "list" => Ok(Reply::ok(all(cx, &shelf))),
        "create" => create(cx, &shelf),
        "get" => existing(cx, &shelf).map(|(entry, paper)| Reply::ok(with_cid(&entry, paper))),
        "update" => update(cx, &shelf),
        _ => delete(cx, &shelf),
    }))
}

fn labels(locale: &str) -> Value {
    let rows = LABELS.iter().map(|(value, english, swedish, german)| {
        let name = match locale.get(..2) {
            Some("sv") => swedish,
            Some("de") => german,
            _ => english,
        };
        json!({"labelValue": value, "labelName": name})
    });
    json!({"phoneLabels": rows.collect::<Vec<_>>()})
}

fn with_cid(entry: &Entry, mut paper: Value) -> Value {
    paper["cid"] = json!(entry.cid());
    paper
}

fn all(cx: &Context<'_>, shelf: &Shelf) -> Value {
    let ids: Vec<String> = match shelf {
        Shelf::Kept(owner) => cx.store.office.list(DRAWER, owner).map(|(number, _)| number.clone()).collect(),
        Shelf::Organisation => cx.world.records.list("contacts").map(|c| field(c, "id").to_owned()).collect(),
    };
    let entries = ids.into_iter().map(|id| shelf.entry(id));
    let papers = entries.filter_map(|entry| entry.paper(cx).map(|paper| with_cid(&entry, paper)));
    json!({"personal_contact": papers.collect::<Vec<_>>()})
}

/// The contact that the path names, on this shelf.
fn existing(cx: &Context<'_>, shelf: &Shelf) -> Result<(Entry, Value), Failure> {
    let told = cx.call.path("cid");
    let local = told.strip_suffix(PERSONAL_DOMAIN).and_then(|t| t.strip_suffix('@')).unwrap_or(told);
    let entry = shelf.entry(local.to_owned());
    let paper = entry.paper(cx).ok_or_else(|| Failure::missing("cid", "contact.does.not.exist", told))?;
    Ok((entry, paper))
}

/// The body over what was there before; refuses what cannot be kept.
fn checked(cx: &Context<'_>, shelf: &Shelf, own_cid: &str, mut paper: Value) -> Result<Value, Failure> {
    let body = &cx.call.body;
    if !body.is_object() {
        return Err(Failure::bad("body", "body.required", "A contact is needed"));
    }
    for member in TEXTS.into_iter().chain(["country"]) {
        if let Some(told) = body.get(member).filter(|t| t.is_string()) {
            paper[member] = told.clone();
        }
    }
    if ["firstname", "lastname", "company"].iter().all(|member| text(&paper, member).is_empty()) {
        return Err(Failure::bad("lastname", "field.required", "A contact needs a name or a company"));
    }
    if let Some(told) = body.get("speeddial").filter(|s| !s.is_null()) {
        let speeddial = told.as_i64().or_else(|| told.as_str()?.parse().ok());
        let speeddial = speeddial.filter(|n| (1..=10).contains(n));
        let speeddial =
            speeddial.ok_or_else(|| Failure::bad("speeddial", "speeddial.out.of.range", told.to_string()))?;
        let taken = |c: &Value| c["speeddial"] == json!(speeddial) && text(c, "cid") != own_cid;
        if items(&all(cx, shelf), "personal_contact").into_iter().any(taken) {
            return Err(Failure::conflict("speeddial", "speeddial.in.use", speeddial.to_string()));
        }
        paper["speeddial"] = json!(speeddial);
    }
    if let Some(status) = body.get("contactStatus").and_then(Value::as_str) {
        paper["contactStatus"] = json!(one_of("contactStatus", status, &STATUSES)?);
    }
    if let Some(told) = body.get("showInDefaultContactList") {
        paper["showInDefaultContactList"] = json!(*told == json!(true) || *told == json!("true"));
    }
    if body.get("phoneNumbers").is_some() {
        let labels = LABELS.map(|(value, ..)| value);
        let mut numbers = Vec::new();
        for told in items(body, "phoneNumbers") {
            let mut number = told.clone();
            number["phoneNumber"] = json!(telephone("phoneNumber", text(told, "phoneNumber"))?);
            number["type"] = json!(one_of("type", text(told, "type"), &labels)?);
            let preferred = told.get("preferredNumber");
            number["preferredNumber"] =
                json!(preferred == Some(&json!(true)) || preferred == Some(&json!("true")));
            numbers.push(number);
        }
        paper["phoneNumbers"] = json!(numbers);
    }
    paper["ownerType"] = json!(shelf.owner_type());
    Ok(paper)
}

fn file(cx: &mut Context<'_>, entry: &Entry, paper: &Value) {
    match entry {
        Entry::Shared(id) => share(&mut cx.world, id, paper),
        Entry::Kept { owner, number } => cx.store.office.put(DRAWER, owner, number, paper.clone()),
        Entry::Colleague(_) | Entry::Function(_) => {}
    }
}

/// Writes the changed paper of a contact, if it is one that `cx.user` may change.
pub(super) fn replace(cx: &mut Context<'_>, entry: &Entry, paper: &Value) -> Result<(), Failure> {
    if matches!(entry, Entry::Shared(_)) && !supervises(&cx.world, cx.user) {
        return Err(Failure::forbidden("cid", "contact.not.modifiable", entry.cid()));
    }
    file(cx, entry, paper);
    Ok(())
}

fn create(cx: &mut Context<'_>, shelf: &Shelf) -> Result<Reply, Failure> {
    let empty = json!({"showInDefaultContactList": false, "contactStatus": "CONTACT", "phoneNumbers": []});
    let paper = checked(cx, shelf, "", empty)?;
    let local = match shelf {
        Shelf::Kept(_) => (cx.store.office.draw_number() + 167_270).to_string(),
        Shelf::Organisation => format!("contacts_{}", cx.world.dice.hex(20)),
    };
    let entry = shelf.entry(local);
    file(cx, &entry, &paper);
    Ok(Reply::ok(with_cid(&entry, paper)))
}

fn update(cx: &mut Context<'_>, shelf: &Shelf) -> Result<Reply, Failure> {
    let (entry, before) = existing(cx, shelf)?;
    let told = text(&cx.call.body, "cid");
    if !told.is_empty() && told != entry.cid() {
        return Err(Failure::conflict("cid", "cid.differs", "The path names another contact"));
    }
    let paper = checked(cx, shelf, &entry.cid(), before)?;
    file(cx, &entry, &paper);
    let listed = cx.store.office.get(super::entry::CONTACT_LIST, cx.user, &entry.cid()).is_some();
    if listed {
        let user = cx.user.to_owned();
        list(cx, &user, &entry, text(&paper, "contactStatus"));
    }
    Ok(Reply::ok(json!(entry.cid())))
}

fn delete(cx: &mut Context<'_>, shelf: &Shelf) -> Result<Reply, Failure> {
    let (entry, _) = existing(cx, shelf)?;
    match &entry {
        Entry::Shared(id) => drop(cx.world.records.table("contacts").remove(id)),
        Entry::Kept { owner, number } => drop(cx.store.office.remove(DRAWER, owner, number)),
        Entry::Colleague(_) | Entry::Function(_) => {}
    }
    let lists: Vec<String> = cx.world.roster.clone();
    for user in lists {
        cx.store.office.remove(super::entry::CONTACT_LIST, &user, &entry.cid());
    }
    Ok(Reply::ok(json!(entry.cid())))
}
