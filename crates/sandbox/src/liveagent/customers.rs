//! Customers, which are the world's contacts, and companies.

use super::answer::{Failure, Reply, Told, done, rows};
use super::conversations::fields;
use super::labels::Labels;
use super::writing::{put_fields, sent_fields};
use super::{Context, Perhaps, inferred};
use crate::world::World;
use crate::world::records::{Record, record, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Whose groups are which.
#[derive(Debug)]
pub(crate) struct Extras {
    groups: BTreeMap<String, BTreeSet<String>>,
}

impl Extras {
    /// The first company is in every group.
    pub(super) fn new(world: &World, groups: &Labels) -> Self {
        let first = world.records.list("companies").next().map(|c| text(c, "id").to_owned());
        let all: BTreeSet<String> = groups.iter().map(|g| g.id.clone()).collect();
        Self { groups: first.into_iter().map(|id| (id, all.clone())).collect() }
    }

    pub(super) fn forget_group(&mut self, id: &str) {
        for groups in self.groups.values_mut() {
            groups.remove(id);
        }
    }
}

/// Custom fields of a contact that are addresses, which this platform shows elsewhere.
const ADDRESSES: [&str; 2] = ["number", "email"];

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "customers.customeridentifier.get" => one(cx),
        "customers.customeridentifier.fields.post" => add_fields(cx),
        "customers.customeridentifier.fields.delete" => remove_fields(cx),
        "customers.customeridentifier.groups.get" => groups(cx),
        "customers.customeridentifier.groups.post" => join(cx),
        "customers.customeridentifier.groups.delete" => leave(cx),
        "customers.get" => list(cx),
        "customers.post" => add(cx),
        "companies.get" => companies(cx),
        "companies.companyid.get" => company(cx),
        _ => return None,
    })
}

fn values(of: &Record, field: &str) -> Vec<String> {
    let list = of.get("custom").and_then(|c| c.get(field)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// E-mail addresses of a contact or company.
pub(super) fn mails(of: &Record) -> Vec<String> {
    values(of, "email")
}

/// The contact's own id, by contact id, user id or e-mail address.
fn find(cx: &Context<'_>) -> Result<String, Failure> {
    let named = cx.call.path("customeridentifier");
    if cx.world.records.find("contacts", named).is_some() {
        return Ok(named.to_owned());
    }
    let is = |c: &&Record| {
        mails(c).iter().any(|m| m.eq_ignore_ascii_case(named))
            || inferred::customer_user_id(text(c, "id")) == named
    };
    let found = cx.world.records.list("contacts").find(is).map(|c| text(c, "id").to_owned());
    found.ok_or_else(|| Failure::missing(format!("customer {named} not found")))
}

fn contact<'a>(cx: &'a Context<'_>, id: &str) -> Result<&'a Record, Failure> {
    cx.world.records.find("contacts", id).ok_or_else(|| Failure::missing(format!("customer {id} not found")))
}

/// Ways to reach somebody, as `uniquefields` shows them.
fn unique(of: &Record) -> Vec<Value> {
    let phones = values(of, "number").into_iter().map(|n| json!({"code": "phone", "value": n}));
    phones.chain(mails(of).into_iter().map(|m| json!({"code": "email", "value": m}))).collect()
}

/// Custom fields without the addresses.
fn custom(of: &Record) -> Vec<Value> {
    let Some(Value::Object(custom)) = of.get("custom") else { return Vec::new() };
    let kept = custom.iter().filter(|(code, _)| !ADDRESSES.contains(&code.as_str()));
    fields(&kept.map(|(code, value)| (code.clone(), value.clone())).collect())
}

fn moment(cx: &Context<'_>, of: &Record, field: &str) -> String {
    of.get(field).and_then(Value::as_i64).map(|at| cx.time(at)).unwrap_or_default()
}

fn one(cx: &Context<'_>) -> Told {
    let id = find(cx)?;
    let contact = contact(cx, &id)?;
    let note = text(contact, "description");
    let named = !mails(contact).is_empty();
    Ok(Reply::Document(json!({"contactid": id, "email": mails(contact).first().cloned().unwrap_or_default(),
        "firstname": text(contact, "first_name"), "lastname": text(contact, "last_name"),
        "systemname": text(contact, "title"), "authtoken": inferred::token(&format!("token {id}")).repeat(4),
        "browsercookiename": if named { "V_auth" } else { "LaVisitorId_b2ZmaG9vay5leGFtcGxl" },
        "role": if named { "R" } else { "V" }, "gender": if id.ends_with(['1', '3', '5', '7', '9']) { "M" } else { "F" },
        "companyid": text(contact, "company"), "userid": inferred::customer_user_id(&id),
        "datecreated": moment(cx, contact, "created"), "note": if note.is_empty() { Value::Null } else { json!(note) },
        "ip": "192.0.2.14", "customfields": custom(contact), "uniquefields": unique(contact)})))
}

/// Inferred: customers in a list look like companies in theirs.
fn list(cx: &Context<'_>) -> Told {
    let limit = cx.call.number("limit").unwrap_or(100).min(1_000);
    let page = cx.world.records.list("contacts").skip(cx.call.number("offset").unwrap_or(0)).take(limit);
    let row = |c: &Record| {
        json!({"contactid": text(c, "id"), "email": mails(c).first().cloned().unwrap_or_default(),
            "firstname": text(c, "first_name"), "lastname": text(c, "last_name"),
            "datecreated": moment(cx, c, "created")})
    };
    rows("customers", page.map(row).collect())
}

/// Inferred: a customer needs an e-mail address or a name.
fn add(cx: &mut Context<'_>) -> Told {
    let call = cx.call;
    let given = |name: &str| call.param(name).unwrap_or("").to_owned();
    let (first, last, mail) = (given("firstname"), given("lastname"), given("email"));
    let name = format!("{first} {last}").trim().to_owned();
    if name.is_empty() && mail.is_empty() {
        return Err(Failure::processing("parameter email is missing"));
    }
    let list = |name: &str| call.param(name).into_iter().collect::<Vec<_>>();
    let (id, now) = (format!("contacts_{}", cx.world.dice.hex(12)), cx.world.now());
    let row = json!({"title": if name.is_empty() { &mail } else { &name }, "first_name": first, "last_name": last,
        "database": "default", "company": null, "owner": null, "description": given("note"), "score": null,
        "created": now, "edited": now, "custom": {"number": list("phone"), "email": list("email")}});
    cx.world.records.table("contacts").put(&id, record(row));
    Ok(Reply::Document(json!({"status": "OK", "statuscode": 0, "contactid": id})))
}

fn change(cx: &mut Context<'_>, change: impl FnOnce(&mut Record)) -> Told {
    let (id, now) = (find(cx)?, cx.world.now());
    if let Some(contact) = cx.world.records.table("contacts").get_mut(&id) {
        contact.insert("edited".into(), json!(now));
        if let Value::Object(custom) = contact.entry("custom").or_insert_with(|| json!({})) {
            change(custom);
        }
    }
    done()
}

fn add_fields(cx: &mut Context<'_>) -> Told {
    let fields = sent_fields(cx)?;
    change(cx, |custom| put_fields(custom, fields))
}

fn remove_fields(cx: &mut Context<'_>) -> Told {
    let code = cx.call.param("code");
    change(cx, |custom| match code {
        Some(code) => drop(custom.remove(code)),
        None => custom.retain(|code, _| ADDRESSES.contains(&code.as_str())),
    })
}

fn groups(cx: &Context<'_>) -> Told {
    let id = find(cx)?;
    let mine = cx.store.customers.groups.get(&id).into_iter().flatten();
    let shown = mine.filter_map(|group| cx.store.groups.find(group).ok());
    rows("groups", shown.map(|g| json!({"groupid": g.id, "groupname": g.name})).collect())
}

fn join(cx: &mut Context<'_>) -> Told {
    let (id, name) = (find(cx)?, cx.call.required("name")?);
    let group = cx.store.groups.by_name(name)?.id.clone();
    cx.store.customers.groups.entry(id).or_default().insert(group);
    done()
}

fn leave(cx: &mut Context<'_>) -> Told {
    let (id, name) = (find(cx)?, cx.call.required("name")?);
    let group = cx.store.groups.by_name(name)?.id.clone();
    cx.store.customers.groups.entry(id).or_default().remove(&group);
    done()
}

/// Inferred: a company is reached where its people are.
fn company_mails(cx: &Context<'_>, company: &Record) -> Vec<String> {
    let people = cx.world.records.list("contacts").filter(|c| text(c, "company") == text(company, "id"));
    mails(company).into_iter().chain(people.flat_map(mails)).collect()
}

fn companies(cx: &Context<'_>) -> Told {
    let row = |c: &Record| {
        json!({"id": text(c, "id"), "name": text(c, "title"), "emails": company_mails(cx, c).join(", "),
            "datecreated": moment(cx, c, "created"), "ip": "192.0.2.20"})
    };
    rows("companies", cx.world.records.list("companies").map(row).collect())
}

fn company(cx: &Context<'_>) -> Told {
    let id = cx.call.path("companyid");
    let company = cx.world.records.find("companies", id);
    let company = company.ok_or_else(|| Failure::missing(format!("company {id} not found")))?;
    let mine = cx.store.customers.groups.get(id).into_iter().flatten();
    let groups = mine.filter_map(|group| cx.store.groups.find(group).ok());
    let groups: Vec<Value> = groups.map(|g| json!({"groupid": g.id, "groupname": g.name})).collect();
    let mut custom = custom(company);
    custom.push(json!({"code": "database", "value": text(company, "database")}));
    Ok(Reply::Document(
        json!({"id": id, "name": text(company, "title"), "datecreated": moment(cx, company, "created"),
        "language": "en", "ip": "192.0.2.20", "emails": company_mails(cx, company),
        "phones": values(company, "number"), "groups": groups, "custom_fields": custom, "unique_fields": unique(company)}),
    ))
}
