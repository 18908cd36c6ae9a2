//! The rest of the agent's day: configuration, diversions, lines, voicemail settings, the mobile, SMS and the calendar.

mod cabinet;
mod config;
mod diversions;
mod events;
mod lines;
mod settings;

pub(super) use config::{activity, role, role_id};
pub(super) use lines::mobile_of;

use super::answer::{Failure, Told};
use super::{Context, DOMAIN};
use crate::world::World;
use serde_json::Value;

/// What these groups keep.
pub(crate) use cabinet::Cabinet as Office;

impl Office {
    pub(super) fn new(world: &World) -> Self {
        let mut office = Self::default();
        settings::furnish(&mut office, world);
        events::furnish(&mut office, world);
        super::people::furnish(&mut office, world);
        office
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    config::answer(cx)
        .or_else(|| diversions::answer(cx))
        .or_else(|| events::answer(cx))
        .or_else(|| lines::answer(cx))
        .or_else(|| settings::answer(cx))
}

/// Whose data the path names; the door has made sure that there is such a user.
pub(super) fn owner(cx: &Context<'_>) -> String {
    ["user", "userId"]
        .into_iter()
        .map(|v| cx.call.path(v))
        .find(|v| !v.is_empty())
        .unwrap_or(cx.user)
        .to_owned()
}

/// A telephone number without separators: an optional `+` and 2 to 20 digits, `*` or `#`.
pub(super) fn telephone(field: &str, number: &str) -> Result<String, Failure> {
    let kept: String = number.chars().filter(|c| !c.is_whitespace() && !"-()/.".contains(*c)).collect();
    let kept = kept.strip_prefix("tel:").map_or(kept.clone(), str::to_owned);
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    let usable =
        (2..=20).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit() || "*#".contains(c));
    if usable {
        Ok(kept)
    } else {
        Err(Failure::bad(field, "number.invalid", format!("{number:?} is no number")))
    }
}

/// One of the words that the document lists.
pub(super) fn one_of<'a>(field: &str, value: &str, allowed: &[&'a str]) -> Result<&'a str, Failure> {
    allowed.iter().find(|a| **a == value).copied().ok_or_else(|| {
        Failure::bad(
            field,
            &format!("{field}.invalid"),
            format!("{value:?} is none of {}", allowed.join(", ")),
        )
    })
}

/// A member of a document as text; empty if it is absent or no text.
pub(super) fn text<'a>(document: &'a Value, member: &str) -> &'a str {
    document.get(member).and_then(Value::as_str).unwrap_or("")
}

/// The members of a document that are a list; a single one counts as a list of one, as XML leaves no other way to say it.
pub(super) fn items<'a>(document: &'a Value, member: &str) -> Vec<&'a Value> {
    match document.get(member) {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    }
}

/// Digits only: how numbers are compared.
pub(super) fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix("00").map_or(digits.clone(), str::to_owned)
}

/// The contact id of a colleague.
pub(super) fn cid_of(user: &str) -> String {
    format!("{user}@{DOMAIN}")
}
