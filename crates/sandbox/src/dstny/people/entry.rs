//! One contact: found by its id, and drawn as the vendor's contact document.
//!
//! Ids: `ida@offhook.example` a colleague, `2000@offhook.example` a queue, `contacts_0001@internal` a contact of the world,
//! `17@internal` a private or a group's contact. The contact entry id is unpadded base64 of the id and `@directory`.

use super::{first_and_last, groups_of, in_call, personal, presence};
use crate::dstny::answer::Failure;
use crate::dstny::inferred::{DIRECTORY_ENTRY, EXTERNAL_CONTACT, FUNCTION_NUMBER, PERSONAL_DOMAIN};
use crate::dstny::office::{cid_of, items, mobile_of, text};
use crate::dstny::{Context, DOMAIN};
use serde_json::{Value, json};

/// The drawer in which a user's contact list lies: contact id → status.
pub(super) const CONTACT_LIST: &str = "contact list";
const COMPANY: &str = "Offhook Practice";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Colleague(String),
    /// The number of a queue.
    Function(u32),
    /// A contact of the world.
    Shared(String),
    /// A private or a group's contact: whose, and its number.
    Kept {
        owner: String,
        number: String,
    },
}

/// Finds a contact by id or entry id; somebody else's private contacts are not there for `viewer`.
pub(super) fn find(cx: &Context<'_>, viewer: &str, told: &str) -> Result<Entry, Failure> {
    let decoded =
        decode(told).and_then(|text| Some(text.rsplit_once('@')?.0.to_owned())).filter(|t| t.contains('@'));
    let cid = decoded.as_deref().unwrap_or(told);
    let (local, domain) = cid.rsplit_once('@').unwrap_or((cid, ""));
    let ours = domain.is_empty() || domain.eq_ignore_ascii_case(DOMAIN);
    let kept = domain.is_empty() || domain == PERSONAL_DOMAIN;
    if ours && cx.world.agents.contains_key(local) {
        return Ok(Entry::Colleague(local.to_owned()));
    }
    if ours
        && let Ok(queue) = local.parse()
        && cx.world.queues.contains_key(&queue)
    {
        return Ok(Entry::Function(queue));
    }
    if kept && cx.world.records.find("contacts", local).is_some() {
        return Ok(Entry::Shared(local.to_owned()));
    }
    let mut owners = owners(cx, viewer).into_iter().filter(|_| kept);
    let owner = owners.find(|owner| cx.store.office.get(personal::DRAWER, owner, local).is_some());
    let missing = || Failure::missing("cid", "contact.does.not.exist", told);
    owner.map(|owner| Entry::Kept { owner, number: local.to_owned() }).ok_or_else(missing)
}

/// Whose kept contacts a user sees: the own ones and those of the user's groups.
fn owners(cx: &Context<'_>, user: &str) -> Vec<String> {
    let groups = groups_of(&cx.world, user).into_iter().map(|g| personal::group_owner(&g.to_string()));
    std::iter::once(personal::user_owner(user)).chain(groups).collect()
}

/// Everybody whom a user can find.
pub(super) fn everybody(cx: &Context<'_>, viewer: &str) -> Vec<Entry> {
    let colleagues = cx.world.roster.iter().cloned().map(Entry::Colleague);
    let functions = cx.world.queues.values().filter(|q| q.needs_device() && !q.deactivated);
    let functions = functions.map(|q| Entry::Function(q.id));
    let shared = cx
        .world
        .records
        .list("contacts")
        .map(|c| Entry::Shared(crate::world::records::text(c, "id").to_owned()));
    let mut all: Vec<Entry> = colleagues.chain(functions).chain(shared).collect();
    for owner in owners(cx, viewer) {
        let kept = cx.store.office.list(personal::DRAWER, &owner);
        all.extend(kept.map(|(number, _)| Entry::Kept { owner: owner.clone(), number: number.clone() }));
    }
    all
}

impl Entry {
    pub(super) fn cid(&self) -> String {
        match self {
            Self::Colleague(user) => cid_of(user),
            Self::Function(queue) => cid_of(&queue.to_string()),
            Self::Shared(id) => format!("{id}@{PERSONAL_DOMAIN}"),
            Self::Kept { number, .. } => format!("{number}@{PERSONAL_DOMAIN}"),
        }
    }

    /// The paper of a contact that can be edited; none for colleagues and queues.
    pub(super) fn paper(&self, cx: &Context<'_>) -> Option<Value> {
        match self {
            Self::Shared(id) => personal::shared(&cx.world, id),
            Self::Kept { owner, number } => cx.store.office.get(personal::DRAWER, owner, number).cloned(),
            Self::Colleague(_) | Self::Function(_) => None,
        }
    }

    pub(super) fn numbers(&self, cx: &Context<'_>) -> Vec<String> {
        match self {
            Self::Colleague(user) => {
                std::iter::once(cx.world.direct_number(user)).chain(mobile_of(&cx.world, user)).collect()
            }
            Self::Function(queue) => {
                cx.world.queues.get(queue).map(|q| q.address.clone()).into_iter().collect()
            }
            Self::Shared(_) | Self::Kept { .. } => {
                let paper = self.paper(cx).unwrap_or_default();
                items(&paper, "phoneNumbers").iter().map(|n| text(n, "phoneNumber").to_owned()).collect()
            }
        }
    }

    /// FAVORITE, CONTACT, VIP or BLOCKED for this user.
    pub(super) fn status(&self, cx: &Context<'_>, viewer: &str) -> String {
        if let Some(listed) = cx.store.office.get(CONTACT_LIST, viewer, &self.cid()) {
            return listed.as_str().unwrap_or("CONTACT").to_owned();
        }
        let paper = self.paper(cx).unwrap_or_default();
        Some(text(&paper, "contactStatus")).filter(|s| !s.is_empty()).unwrap_or("CONTACT").to_owned()
    }

    pub(super) fn is_listed(&self, cx: &Context<'_>, viewer: &str) -> bool {
        cx.store.office.get(CONTACT_LIST, viewer, &self.cid()).is_some()
            || self.paper(cx).is_some_and(|p| p["showInDefaultContactList"] == json!(true))
    }

    /// Name, company, numbers …: what a search looks through.
    pub(super) fn searchable(&self, cx: &Context<'_>) -> Vec<String> {
        let mut words = self.numbers(cx);
        match self {
            Self::Colleague(user) => {
                words.extend(cx.world.agents.get(user).map(|a| a.name.clone()));
                words.extend([cid_of(user), COMPANY.to_owned()]);
            }
            Self::Function(queue) => words.extend(cx.world.queues.get(queue).map(|q| q.name.clone())),
            Self::Shared(_) | Self::Kept { .. } => {
                let paper = self.paper(cx).unwrap_or_default();
                words.push(format!("{} {}", text(&paper, "firstname"), text(&paper, "lastname")));
                let more = ["lastname", "shortname", "company", "department", "email", "city"];
                words.extend(more.map(|member| text(&paper, member).to_owned()));
            }
        }
        words
    }

    /// The contact document as this user sees it.
    pub(super) fn document(&self, cx: &Context<'_>, viewer: &str) -> Value {
        let cid = self.cid();
        let mut document = match self {
            Self::Colleague(user) => colleague(cx, viewer, user),
            Self::Function(queue) => {
                let queue = cx.world.queues.get(queue);
                json!({"firstname": queue.map_or("", |q| &q.name), "lastname": "", "company": COMPANY,
                    "presence": nobodys_presence(), "type": FUNCTION_NUMBER, "collaboration": false,
                    "phonenumbers": [{"number": queue.map_or("", |q| &q.address), "type": "work"}]})
            }
            Self::Shared(_) | Self::Kept { .. } => outsider(&self.paper(cx).unwrap_or_default()),
        };
        let numbers = self.numbers(cx);
        document["id"] = json!(cid);
        document["contactEntryId"] = json!(encode(&format!("{cid}@{DIRECTORY_ENTRY}")));
        document["contactStatus"] = json!(self.status(cx, viewer));
        document["inlist"] = json!(self.is_listed(cx, viewer));
        if document.get("preferredNumber").is_none() {
            document["preferredNumber"] = json!(numbers.first());
        }
        document
    }
}

fn nobodys_presence() -> Value {
    json!({"futurePresenceAccess": "NONE", "activityAccess": "NONE", "roleAccess": "NONE", "noteAccess": "NONE",
        "capabilities": []})
}

fn colleague(cx: &Context<'_>, viewer: &str, user: &str) -> Value {
    let name = cx.world.agents.get(user).map_or("", |a| a.name.as_str());
    let (first, last) = first_and_last(name);
    let office = json!({"number": cx.world.direct_number(user), "type": "work"});
    let mobile = mobile_of(&cx.world, user).map(|number| json!({"number": number, "type": "mobile"}));
    let access = if presence::may_write(&cx.world, viewer, user) { "WRITE" } else { "NONE" };
    let mut document = json!({"firstname": first, "lastname": last, "company": COMPANY,
        "presence": presence::document(&cx.world, cx.switches, viewer, user), "incall": in_call(&cx.world, user),
        "diversionAccess": access, "type": "DIRECTORY", "vcard": 1 + name.len(), "collaboration": true,
        "email": cid_of(user), "phonenumbers": std::iter::once(office).chain(mobile).collect::<Vec<_>>()});
    if let Some(version) = cx.store.office.photos.version(&cx.world, user) {
        document["image"] = json!(version);
    }
    if super::supervises(&cx.world, user) {
        document["faxNumber"] = json!("+442079460899");
    }
    document
}

fn outsider(paper: &Value) -> Value {
    let numbers: Vec<Value> = items(paper, "phoneNumbers")
        .into_iter()
        .map(|n| json!({"number": n["phoneNumber"], "type": text(n, "type").to_lowercase()}))
        .collect();
    let preferred = items(paper, "phoneNumbers").into_iter().find(|n| n["preferredNumber"] == json!(true));
    let mut document = json!({"firstname": paper["firstname"], "lastname": paper["lastname"],
        "company": paper["company"], "presence": nobodys_presence(), "diversionAccess": "NONE",
        "type": EXTERNAL_CONTACT, "vcard": 1, "collaboration": false, "phonenumbers": numbers});
    if !text(paper, "email").is_empty() {
        document["email"] = paper["email"].clone();
    }
    if let Some(preferred) = preferred {
        document["preferredNumber"] = preferred["phoneNumber"].clone();
    }
    document
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without padding.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            out.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    out
}

/// The text behind base64, padded or not; none if it is no base64 or no text.
fn decode(told: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for c in told.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|a| *a == c)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn an_entry_id_is_the_sample_of_the_document() {
        let sample = "Y29udGFjdElkQGV4YW1wbGUub3JnQGRpcmVjdG9yeQ";
        assert_eq!(encode("contactId@example.org@directory"), sample);
        for text in ["", "a", "ab", "abc", "Ελένη@internal@directory"] {
            assert_eq!(decode(&encode(text)).as_deref(), Some(text));
        }
        assert_eq!(decode("no base64!"), None);
    }
}
