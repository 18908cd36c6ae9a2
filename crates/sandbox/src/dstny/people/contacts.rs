//! Contacts and Buddy List: searching the address book, and the user's own list with its statuses.
//!
//! A search finds every contact in which a word starts with what is asked for. Without a question it answers the
//! favourites. A contact is in the list when it was added, whatever its status; buddies are the favourites.

use super::entry::{CONTACT_LIST, Entry, everybody, find};
use super::{card, personal};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, required};
use crate::dstny::office::{Office, cid_of, digits, items, one_of, owner, text};
use crate::world::World;
use serde_json::{Value, json};

pub(super) const STATUSES: [&str; 4] = ["FAVORITE", "CONTACT", "VIP", "BLOCKED"];
/// What a search answers unless it is told a number.
const USUAL_RESULTS: usize = 25;

pub(super) fn furnish(office: &mut Office, world: &World) {
    for user in world.roster.iter().take(8) {
        apply_templates(office, world, user);
        office.put(CONTACT_LIST, user, "contacts_0003@internal", json!("VIP"));
        office.put(CONTACT_LIST, user, "contacts_0007@internal", json!("BLOCKED"));
    }
}

/// The organisation's template: the first queue and the first colleagues.
fn apply_templates(office: &mut Office, world: &World, user: &str) {
    let colleagues = world.roster.iter().filter(|other| *other != user).take(4).map(|other| cid_of(other));
    let queue = world.queues.keys().next().map(|queue| cid_of(&queue.to_string()));
    for cid in colleagues.chain(queue) {
        office.put(CONTACT_LIST, user, &cid, json!("FAVORITE"));
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = owner(cx);
    Some(match cx.call.op {
        "contacts.search" => search(cx, &user),
        "contacts.add" => add(cx, &user),
        "contacts.addmany" => add_many(cx, &user),
        "contacts.remove" => remove(cx, &user).map(|()| Reply::accepted()),
        "contacts.status" => set_status(cx, &user),
        "buddy.verify" => named(cx, &user).and_then(|entry| match entry.status(cx, &user).as_str() {
            "FAVORITE" => Ok(Reply::done()),
            _ => Err(not_listed(&entry.cid())),
        }),
        "buddy.add" => named(cx, &user).map(|entry| {
            list(cx, &user, &entry, "FAVORITE");
            Reply::done()
        }),
        "buddy.delete" => remove(cx, &user).map(|()| Reply::done()),
        "buddy.templates" => templates(cx, &user),
        _ => return None,
    })
}

fn named(cx: &Context<'_>, user: &str) -> Result<Entry, Failure> {
    find(cx, user, cx.call.path("cid"))
}

fn not_listed(cid: &str) -> Failure {
    Failure::missing("cid", "contact.not.in.list", cid)
}

/// Puts a contact into the user's list; a private contact's own paper says the same.
pub(super) fn list(cx: &mut Context<'_>, user: &str, entry: &Entry, status: &str) {
    cx.store.office.put(CONTACT_LIST, user, &entry.cid(), json!(status));
    if let Entry::Kept { owner, number } = entry
        && *owner == personal::user_owner(user)
        && let Some(mut paper) = entry.paper(cx)
    {
        paper["contactStatus"] = json!(status);
        cx.store.office.put(personal::DRAWER, owner, number, paper);
    }
}

fn remove(cx: &mut Context<'_>, user: &str) -> Result<(), Failure> {
    let entry = named(cx, user)?;
    if !entry.is_listed(cx, user) {
        return Err(not_listed(&entry.cid()));
    }
    list(cx, user, &entry, "CONTACT");
    cx.store.office.remove(CONTACT_LIST, user, &entry.cid());
    Ok(())
}

fn set_status(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let entry = named(cx, user)?;
    let status = one_of("contactStatus", cx.call.path("contactStatus"), &STATUSES)?;
    if status == "BLOCKED" && matches!(entry, Entry::Colleague(_) | Entry::Function(_)) {
        let words = "Only contacts from outside can be blocked";
        return Err(Failure::bad("contactStatus", "contact.not.external", words));
    }
    list(cx, user, &entry, status);
    Ok(Reply::ok(json!({"contactStatus": status})))
}

fn templates(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    if one_of("applyContactTemplates", &required(cx, "applyContactTemplates")?, &["true", "false"])? == "true"
    {
        let cx = &mut *cx;
        apply_templates(&mut cx.store.office, &cx.world, user);
    }
    Ok(Reply::done())
}

fn documents(cx: &Context<'_>, user: &str, query: &str, entries: &[Entry]) -> Value {
    let with_fields = cx.call.flag("includeFields") == Some(true);
    let contacts = entries.iter().map(|entry| {
        let mut contact = entry.document(cx, user);
        if let (Entry::Colleague(colleague), true) = (entry, with_fields) {
            contact["fields"] = card::fields(cx, colleague);
        }
        // A favourite is shown as a link to the directory's entry.
        if query.is_empty() && contact["type"] == json!("DIRECTORY") && cx.call.op == "contacts.search" {
            contact["type"] = json!("SHORTCUT");
        }
        contact
    });
    json!({"query": query, "contact": contacts.collect::<Vec<_>>()})
}

fn add(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let entry = named(cx, user)?;
    if entry.is_listed(cx, user) && entry.status(cx, user) == "FAVORITE" {
        return Err(Failure::conflict("cid", "contact.in.list", entry.cid()));
    }
    list(cx, user, &entry, "FAVORITE");
    Ok(Reply::ok(documents(cx, user, "", &[entry])))
}

/// Contacts are told by id, entry id or e-mail address; nothing is added unless all of them are there.
fn add_many(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let mut wanted = Vec::new();
    for contact in items(&cx.call.body, "contact") {
        let told = ["id", "contactEntryId", "email"].into_iter().map(|member| text(contact, member));
        let told = told.into_iter().find(|t| !t.is_empty());
        let told = told.ok_or_else(|| Failure::bad("id", "field.required", "A contact needs an id"))?;
        let status = match text(contact, "contactStatus") {
            "" => "FAVORITE",
            status => one_of("contactStatus", status, &STATUSES)?,
        };
        wanted.push((find(cx, user, told)?, status));
    }
    if wanted.is_empty() {
        return Err(Failure::bad("contact", "field.required", "There is no contact"));
    }
    for (entry, status) in &wanted {
        list(cx, user, entry, status);
    }
    let entries: Vec<Entry> = wanted.into_iter().map(|(entry, _)| entry).collect();
    Ok(Reply::ok(documents(cx, user, text(&cx.call.body, "query"), &entries)))
}

fn search(cx: &Context<'_>, user: &str) -> Result<Reply, Failure> {
    let query = cx.call.query("query").unwrap_or("").trim();
    let most = match cx.call.query("maxResults").filter(|m| !m.is_empty()) {
        Some(told) => told.parse().map_err(|_| Failure::bad("maxResults", "maxResults.invalid", told))?,
        None if query.is_empty() => usize::MAX,
        None => USUAL_RESULTS,
    };
    let no_functions = cx.call.flag("dontIncludeFnrs") == Some(true);
    let with_blocked = cx.call.flag("includeBlocked") == Some(true);
    let asked = query.to_lowercase();
    let fits = |entry: &Entry| {
        if no_functions && matches!(entry, Entry::Function(_)) {
            return false;
        }
        let status = entry.status(cx, user);
        if asked.is_empty() {
            return status == "FAVORITE";
        }
        (status != "BLOCKED" || with_blocked) && entry.searchable(cx).iter().any(|text| matches(text, &asked))
    };
    let entries: Vec<Entry> = everybody(cx, user).into_iter().filter(fits).collect();
    let mut found = documents(cx, user, query, &entries);
    if let Some(contacts) = found["contact"].as_array_mut() {
        contacts.sort_by_key(|c| format!("{} {}", text(c, "firstname"), text(c, "lastname")).to_lowercase());
        contacts.truncate(most);
    }
    Ok(Reply::ok(found))
}

/// Whether a word in `text` starts with what is asked for (in lower case); numbers are compared by their digits.
fn matches(text: &str, asked: &str) -> bool {
    let number = asked.starts_with(|c: char| c == '+' || c.is_ascii_digit());
    if number && text.starts_with('+') {
        return digits(text).starts_with(&digits(asked));
    }
    let text = text.to_lowercase();
    let begins = |(at, _): &(usize, char)| !text[..*at].ends_with(char::is_alphanumeric);
    text.char_indices().filter(begins).any(|(at, _)| text[at..].starts_with(asked))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_word_is_found_by_its_beginning_only() {
        assert!(matches("Jiří Šťastný-Dvorský", "šťa") && matches("Jiří Šťastný-Dvorský", "dvo"));
        assert!(matches("Ida Lindqvist", "ida lind"), "across words");
        assert!(!matches("Ida Lindqvist", "qvist"));
        assert!(matches("+442079460301", "+44 20 79") && !matches("+442079460301", "0301"));
    }
}
