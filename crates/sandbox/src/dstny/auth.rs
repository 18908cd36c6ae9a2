//! Who asks, and whether this one may: tickets with scopes, and licences per user.
//!
//! A ticket is what the vendor calls an API token: it belongs to one user, names the external APIs that it opens, and is
//! good for a year. It comes as `Authorization: Bearer` or as `?t=`. Which API an operation belongs to is told by the
//! document's groups.

use super::answer::Failure;
use super::inferred::SCOPES;
use super::request::Call;
use crate::world::{DAY, Dice, Millis, SECOND};
use std::collections::{BTreeMap, BTreeSet};

/// What a user can be licensed for.
pub(crate) const LICENCES: [&str; 6] =
    ["CTI", "CALL_CONTROL", "SUPERVISOR", "VOICEMAIL", "CALL_RECORDING", "SMS"];

pub(super) const LIFETIME: Millis = 365 * DAY;

#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub user: String,
    pub name: String,
    pub issued: Millis,
    pub expires: Millis,
    pub scopes: BTreeSet<String>,
}

/// All tickets that are or were good, and what their users are licensed for.
#[derive(Debug)]
pub(crate) struct Tickets {
    by_token: BTreeMap<String, Ticket>,
    /// Users whose licences were changed.
    licences: BTreeMap<String, BTreeSet<String>>,
    dice: Dice,
    next: u32,
    longest: Millis,
}

impl Tickets {
    pub(super) fn new(seed: u64, users: &[String], now: Millis) -> Self {
        let mut tickets = Self {
            by_token: BTreeMap::new(),
            licences: BTreeMap::new(),
            dice: Dice::new(seed ^ 0x64_73),
            next: 2_343,
            longest: LIFETIME,
        };
        for user in users {
            let scopes = SCOPES.map(str::to_owned).into();
            let name = "practice".to_owned();
            tickets.issue(Ticket { user: user.clone(), name, issued: now, expires: now + LIFETIME, scopes });
        }
        tickets
    }

    /// A new token in the issued ones' shape, `<number>.<text>`.
    pub(super) fn issue(&mut self, ticket: Ticket) -> String {
        self.next += 1;
        let token = format!("{}.{}", self.next, self.dice.hex(32));
        self.by_token.insert(token.clone(), ticket);
        token
    }

    /// The token that the user had from the start, unless it was revoked.
    pub(crate) fn practice_of(&self, user: &str) -> Option<&str> {
        self.by_token
            .iter()
            .find(|(_, t)| t.user == user && t.name == "practice")
            .map(|(token, _)| token.as_str())
    }

    /// Removes a ticket by name; whether there was one.
    pub(super) fn remove(&mut self, user: &str, name: &str) -> bool {
        let before = self.by_token.len();
        self.by_token.retain(|_, t| !(t.user == user && t.name == name));
        before != self.by_token.len()
    }

    /// Makes the user's tickets expire now.
    pub(crate) fn expire(&mut self, user: &str) -> usize {
        let mut expired = 0;
        for ticket in self.by_token.values_mut().filter(|t| t.user == user) {
            ticket.expires = 0;
            expired += 1;
        }
        expired
    }

    /// Takes all tickets from the user.
    pub(crate) fn revoke(&mut self, user: &str) -> usize {
        let before = self.by_token.len();
        self.by_token.retain(|_, t| t.user != user);
        before - self.by_token.len()
    }

    /// Which external APIs the user's tickets open from now on.
    pub(crate) fn set_scopes(&mut self, user: &str, scopes: &BTreeSet<String>) {
        for ticket in self.by_token.values_mut().filter(|t| t.user == user) {
            ticket.scopes.clone_from(scopes);
        }
    }

    pub(crate) fn set_licences(&mut self, user: &str, licences: BTreeSet<String>) {
        self.licences.insert(user.to_owned(), licences);
    }

    fn licensed(&self, user: &str, any_of: &[&str]) -> bool {
        let has = |l: &&str| self.licences.get(user).is_none_or(|own| own.contains(*l));
        any_of.is_empty() || any_of.iter().any(has)
    }

    /// The user behind a token that is still good.
    pub(super) fn user_of(&self, token: &str, now: Millis) -> Option<&Ticket> {
        self.by_token.get(token).filter(|t| now < t.expires && now < t.issued + self.longest)
    }

    /// Whose token it is or was.
    pub(super) fn owner_of(&self, token: &str) -> Option<String> {
        self.by_token.get(token).map(|t| t.user.clone())
    }

    /// How long any ticket is good at most, in seconds.
    pub(crate) fn set_longest(&mut self, seconds: i64) {
        self.longest = seconds * SECOND;
    }
}

/// `Bearer`, or else the query's `t`.
pub(super) fn token(call: &Call) -> Option<String> {
    let bearer =
        call.header("authorization").split_once(' ').filter(|(s, _)| s.eq_ignore_ascii_case("bearer"));
    bearer.map(|(_, t)| t.trim()).or_else(|| call.query("t")).map(str::to_owned)
}

/// Finds the user, and refuses whose ticket or licence does not reach to the operation.
pub(super) fn user(call: &Call, tickets: &Tickets, now: Millis) -> Result<String, Failure> {
    let token = token(call).ok_or_else(|| Failure::unauthorized("No ticket"))?;
    let ticket = tickets
        .user_of(&token, now)
        .ok_or_else(|| Failure::unauthorized("The ticket is not valid or has expired"))?;
    let scope = scope(call.op);
    if !ticket.scopes.contains(scope) {
        return Err(Failure::forbidden(
            "api",
            "ticket.scope.missing",
            format!("The ticket does not allow {scope}"),
        ));
    }
    let wanted = licences(call.op);
    if !tickets.licensed(&ticket.user, wanted) {
        let names = wanted.join(" or ");
        return Err(Failure::forbidden(
            "license",
            "license.missing",
            format!("The user has no licence {names}"),
        ));
    }
    Ok(ticket.user.clone())
}

/// The external API that an operation belongs to.
fn scope(op: &str) -> &'static str {
    match op.split('.').next().unwrap_or("") {
        _ if matches!(op, "config.stream" | "device.stream") => "EVENT_CHANNEL",
        "acd" | "distgroup" => "ACD",
        "queue" => "QUEUE_STATISTICS",
        "reccontrol" | "rec" => "CALL_RECORDING",
        "calls" => "CALLS",
        "linestate" => "LINE_STATE",
        "commlog" => "COMMUNICATION_LOG",
        "cti" | "callstate" => "CALL_CONTROL",
        "buddy" | "contacts" | "cinfo" | "cinfo1" => "CONTACT",
        "pcontacts" => "PERSONAL_CONTACTS",
        "voicemail" => "VOICEMAIL_SETTINGS",
        "sms" => "SMS",
        _ => "USER",
    }
}

/// Licences of which one is needed; none for most.
fn licences(op: &str) -> &'static [&'static str] {
    match op.split('.').next().unwrap_or("") {
        "cti" | "callstate" => &["CTI", "CALL_CONTROL"],
        "queue" => &["SUPERVISOR"],
        "rec" | "reccontrol" => &["CALL_RECORDING"],
        "voicemail" => &["VOICEMAIL"],
        "sms" => &["SMS"],
        _ => &[],
    }
}
