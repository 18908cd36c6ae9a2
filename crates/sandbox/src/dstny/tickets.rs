//! User tickets: making one with a password, and ending one.
//!
//! Two ways lead to a ticket. The document's own is the *password based ticket*, an MD5 form that was removed in 6.0 (it is
//! understood while the switch `md5_tickets` is on). The newer one is inferred: user name and password, and a second factor
//! while the switch `second_factor` is on.

use super::DOMAIN;
use super::Store;
use super::answer::{Failure, Reply};
use super::auth::{Ticket, token};
use super::inferred::{SCOPES, SECOND_FACTOR_KEY, basic};
use super::request::Call;
use crate::switches::Switches;
use crate::world::{Millis, SECOND, World};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use md5::{Digest, Md5};
use serde_json::json;
use std::collections::BTreeSet;

/// The code that a practising agent's authenticator shows.
const SECOND_FACTOR: &str = "424242";
const LONGEST_NAME: usize = 64;

/// The two operations, which need no ticket of their own; nothing when it is another.
pub(super) fn answer(
    call: &Call,
    world: &World,
    store: &mut Store,
    switches: &Switches,
) -> Option<Result<Reply, Failure>> {
    match call.op {
        "ticket.create" => Some(create(call, world, store, switches)),
        "ticket.delete" => Some(delete(call, world, store, switches)),
        _ => None,
    }
}

fn create(call: &Call, world: &World, store: &mut Store, switches: &Switches) -> Result<Reply, Failure> {
    let user = proven(call, world, store, switches)?;
    let wanted: BTreeSet<String> = call.all("api").into_iter().map(str::to_owned).collect();
    if wanted.is_empty() {
        return Err(Failure::bad("api", "field.required", "api is required"));
    }
    if let Some(unknown) = wanted.iter().find(|api| !SCOPES.contains(&api.as_str())) {
        return Err(Failure::bad("api", "api.does.not.exist", unknown));
    }
    if !matches!(call.query("platform"), Some("android" | "iphone" | "other")) {
        return Err(Failure::bad("platform", "platform.invalid", "android, iphone or other"));
    }
    let name = call
        .query("name")
        .map_or_else(|| wanted.iter().cloned().collect::<Vec<_>>().join("_"), str::to_owned);
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::bad("name", "name.too.long", "At most 64 characters"));
    }
    let now = world.now();
    let expires =
        now + call.number("expires").map_or(super::auth::LIFETIME, |seconds| seconds.max(0) * SECOND);
    store.tickets.remove(&user, &name);
    let ticket = Ticket { user, name: name.clone(), issued: now, expires, scopes: wanted.clone() };
    let token = store.tickets.issue(ticket);
    Ok(Reply::ok(json!({"expires": stamp(expires), "name": name, "token": token, "allowedApis": wanted})))
}

fn stamp(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00")
        .to_string()
}

/// With the password, or with any ticket of the user's own.
fn delete(call: &Call, world: &World, store: &mut Store, switches: &Switches) -> Result<Reply, Failure> {
    let by_ticket = token(call).and_then(|t| Some(store.tickets.user_of(&t, world.now())?.user.clone()));
    let user = match by_ticket.filter(|user| user == call.path("user")) {
        Some(user) => user,
        None => proven(call, world, store, switches)?,
    };
    let name = call.path("ticketName");
    if !store.tickets.remove(&user, name) {
        return Err(Failure::missing("ticketName", "ticket.does.not.exist", name));
    }
    Ok(Reply::text("API ticket deleted successfully"))
}

/// The user of the path, once the password (and the second factor) is right.
fn proven(call: &Call, world: &World, _store: &Store, switches: &Switches) -> Result<String, Failure> {
    let user = call.path("user");
    let agent = world.agents.get(user).filter(|_| call.path("domain").eq_ignore_ascii_case(DOMAIN));
    let wrong = || Failure::unauthorized("The user name or the password is wrong");
    let password = &agent.ok_or_else(wrong)?.password;
    if let Some(ticket) = token(call).filter(|t| t.starts_with('D')) {
        let on = switches.is("md5_tickets", "on");
        return if on && is_password_ticket(&ticket, user, password) {
            Ok(user.to_owned())
        } else {
            Err(wrong())
        };
    }
    let named = basic(call).or_else(|| Some((user.to_owned(), call.field("password")?)));
    let (name, given) = named.ok_or_else(|| Failure::unauthorized("A password is needed"))?;
    let name = name.split('@').next().unwrap_or("");
    if name != user || given != *password {
        return Err(wrong());
    }
    if switches.is("second_factor", "on") {
        match call.field(SECOND_FACTOR_KEY) {
            None => {
                return Err(Failure::unauthorized("A second factor is needed")
                    .with_code(SECOND_FACTOR_KEY, "second.factor.required"));
            }
            Some(code) if code != SECOND_FACTOR => {
                return Err(Failure::unauthorized("The second factor is wrong")
                    .with_code(SECOND_FACTOR_KEY, "second.factor.wrong"));
            }
            Some(_) => {}
        }
    }
    Ok(user.to_owned())
}

fn hex(text: &str) -> String {
    Md5::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

/// `'D' + b64(domain) + '.' + b64("P:" + md5(user + apis + ':' + secret) + ':' + user + apis)`, where apis is `:USER:CONTACT`
/// and secret is md5(`user:domain:password`).
fn is_password_ticket(ticket: &str, user: &str, password: &str) -> bool {
    let decode = |text: &str| {
        let bare = text.trim_end_matches('=');
        let bytes = STANDARD_NO_PAD.decode(bare).or_else(|_| URL_SAFE_NO_PAD.decode(bare)).ok()?;
        String::from_utf8(bytes).ok()
    };
    let Some((domain, rest)) = ticket.strip_prefix('D').and_then(|t| t.split_once('.')) else { return false };
    let (Some(domain), Some(rest)) = (decode(domain), decode(rest)) else { return false };
    let Some((digest, named)) = rest.strip_prefix("P:").and_then(|r| r.split_once(':')) else { return false };
    let secret = hex(&format!("{user}:{domain}:{password}"));
    domain.eq_ignore_ascii_case(DOMAIN)
        && named.split(':').next() == Some(user)
        && digest.eq_ignore_ascii_case(&hex(&format!("{named}:{secret}")))
}
