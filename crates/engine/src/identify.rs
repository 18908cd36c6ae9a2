//! Who is calling: a number to contacts of all accounts, from the local index only.
//!
//! - The contact the platform itself linked is sure, and first.
//! - The same E.164 number is sure.
//! - The same last nine digits are a maybe, as are all digits of a number that is only seven or eight long: records are
//!   often kept in a national form, or without the country.
//! - Shorter numbers are internal extensions or services: only all digits alike count, and only as a maybe, because an
//!   extension of one platform means somebody else on another.
//! - A withheld number is nobody.

use std::collections::HashSet;

use model::{Confidence, Contact, ContactMatch, Phone, Problem};

use crate::numbers;
use crate::store::Store;

/// How many contacts one caller can be.
pub const MOST: usize = 8;
/// How many of one kind are looked at: a switchboard's number may stand in thousands of records.
const CANDIDATES: usize = 64;
/// Fewer digits than this are compared as a whole.
const SHORTEST_TAIL: usize = 7;

/// The contacts that may be the caller, best first, at most [`MOST`], with their open tickets as far
/// as the index knows them.
///
/// Synchronous and quick (microseconds from the index, no network): it stands on the way of a ringing call. `linked` is the
/// contact that the platform put on the activity; where the index knows it too, the index's fuller record is used.
///
/// # Errors
/// [`model::ProblemCode::Internal`] when the database fails. The call rings all the same.
pub fn identify(
    store: &Store,
    phone: Option<&Phone>,
    linked: Option<Contact>,
) -> Result<Vec<ContactMatch>, Problem> {
    let mut seen = HashSet::new();
    let mut matches = Vec::new();
    let mut add = |contacts: Vec<Contact>, confidence| {
        let mut new: Vec<_> =
            contacts.into_iter().filter(|contact| seen.insert(contact.id.clone())).collect();
        new.sort_by(|a, b| (!a.favourite, &a.title, &a.id).cmp(&(!b.favourite, &b.title, &b.id)));
        matches.extend(new.into_iter().map(|contact| ContactMatch {
            contact,
            confidence,
            tickets: Vec::new(),
        }));
    };
    if let Some(linked) = linked {
        let known = store.spot_contact(&linked.id)?;
        add(vec![known.unwrap_or(linked)], Confidence::Sure);
    }
    if let Some(phone) = phone.filter(|phone| !numbers::is_withheld(&phone.raw)) {
        let digits = numbers::digits(phone.e164.as_ref().unwrap_or(&phone.raw));
        if let Some(e164) = &phone.e164 {
            add(store.spot_e164(e164, CANDIDATES)?, Confidence::Sure);
        }
        if digits.len() >= SHORTEST_TAIL {
            add(store.spot_tail(&digits, CANDIDATES)?, Confidence::Maybe);
        } else if !digits.is_empty() {
            add(store.spot_digits(&digits, CANDIDATES)?, Confidence::Maybe);
        }
    }
    matches.truncate(MOST);
    for found in &mut matches {
        found.tickets = store.spot_tickets(&found.contact.id)?;
    }
    Ok(matches)
}
