//! Tokens, and the ways to get and lose one: login, refresh, logout, whoim.

use super::models::View;
use super::request::{Call, text, truthy};
use super::{Context, Failure, Reply};
use crate::switches::Switches;
use crate::world::{Dice, Millis, SECOND, World};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The running version that whoim tells.
const VERSION: &str = "6.26.1";

#[derive(Debug, Clone)]
struct Token {
    user: String,
    /// None: a static token from the user's detail.
    expires: Option<Millis>,
}

/// All tokens that are or were good.
#[derive(Debug)]
pub(crate) struct Tokens {
    access: BTreeMap<String, Token>,
    refresh: BTreeMap<String, String>,
    dice: Dice,
}

/// The token in the user's detail: 40 hexadecimal digits, the same for the same seed.
fn static_token(seed: u64, user: &str) -> String {
    let salt = user.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Dice::new(salt ^ 0x70_6B_65_6E).hex(40)
}

impl Tokens {
    pub(crate) fn new(seed: u64, users: &[String]) -> Self {
        let keep = |user: &String| (static_token(seed, user), Token { user: user.clone(), expires: None });
        Self {
            access: users.iter().map(keep).collect(),
            refresh: BTreeMap::new(),
            dice: Dice::new(seed ^ 0x51_6E),
        }
    }

    /// The user's static token, unless it was revoked.
    pub(crate) fn static_of(&self, user: &str) -> Option<&str> {
        self.access.iter().find(|(_, t)| t.user == user && t.expires.is_none()).map(|(text, _)| text.as_str())
    }

    pub(super) fn user_of(&self, token: &str, now: Millis) -> Option<&str> {
        self.access.get(token).filter(|t| t.expires.is_none_or(|at| now < at)).map(|t| t.user.as_str())
    }

    /// A new pair after login or refresh: access token, refresh token, expiry.
    fn issue(&mut self, user: &str, now: Millis, lifetime: Millis) -> (String, String, Millis) {
        let access = format!("{}.{}", self.dice.hex(32), self.dice.hex(48));
        let refresh = self.dice.hex(64);
        let expires = now + lifetime;
        self.access.insert(access.clone(), Token { user: user.to_owned(), expires: Some(expires) });
        self.refresh.insert(refresh.clone(), user.to_owned());
        (access, refresh, expires)
    }

    /// Makes the tokens that the user got by login expire now; refresh tokens stay good.
    pub(crate) fn expire(&mut self, user: &str) -> usize {
        let mut expired = 0;
        for token in self.access.values_mut().filter(|t| t.user == user && t.expires.is_some()) {
            token.expires = Some(0);
            expired += 1;
        }
        expired
    }

    /// Takes everything from the user: static, login and refresh tokens.
    pub(crate) fn revoke(&mut self, user: &str) -> usize {
        let before = self.access.len() + self.refresh.len();
        self.access.retain(|_, t| t.user != user);
        self.refresh.retain(|_, u| u != user);
        before - self.access.len() - self.refresh.len()
    }

    /// A restart without memory: only static tokens stay good.
    pub(crate) fn forget_logins(&mut self) {
        self.access.retain(|_, t| t.expires.is_none());
        self.refresh.clear();
    }

    fn end(&mut self, token: &str, kill_static: bool) {
        if self.access.get(token).is_some_and(|t| t.expires.is_some() || kill_static) {
            self.access.remove(token);
        }
    }
}

/// The user behind the request's token.
pub(super) fn user(call: &Call, tokens: &Tokens, now: Millis) -> Option<(String, String)> {
    let token = call.token()?;
    let user = tokens.user_of(&token, now)?.to_owned();
    Some((user, token))
}

/// POST: sign in; PUT: new tokens for a refresh token.
pub(super) fn login(cx: &Context<'_>) -> Result<Reply, Failure> {
    let field = |name: &str| cx.call.params.get(name).and_then(text).unwrap_or_default();
    let now = cx.centre.world().now();
    let (user, by_refresh) = match cx.call.method.as_str() {
        "POST" => {
            if cx.switches.is("sso_only", "on") {
                return Err(Failure::primary(cx.language.no_password_login(), Value::Null));
            }
            let (user, password) = (field("username"), field("password"));
            let world = cx.centre.world();
            let right = world.agents.get(&user).is_some_and(|a| a.password == password);
            if !right {
                return Err(Failure::Unauthorized);
            }
            (user, false)
        }
        "PUT" => {
            let refresh = cx.call.cookie("c_refresh_token").unwrap_or_else(|| field("refreshToken"));
            let user = cx.centre.tokens().refresh.remove(&refresh).ok_or(Failure::Unauthorized)?;
            (user, true)
        }
        _ => return Err(Failure::MethodNotAllowed),
    };
    let lifetime = cx.switches.number("token_ttl").unwrap_or(7_200) * SECOND;
    let (access, refresh, expires) = cx.centre.tokens().issue(&user, now, lifetime);
    let mut world = cx.centre.world();
    world.note("user.login", &user, if by_refresh { "refresh" } else { "password" });
    if !by_refresh {
        world.sign_in_to_file(&user);
    }
    let only_token = cx.call.params.get("only_token").is_some_and(truthy);
    if only_token && !by_refresh && cx.switches.is("only_token", "string") {
        cx.centre.tokens().refresh.remove(&refresh);
        return Ok(Reply::ok(json!(access)));
    }
    let result = if cx.switches.is("login_answer", "user") {
        own_user(&world, cx.switches, &cx.zone, &user, &access)
    } else {
        json!({"accessToken": access, "refreshToken": refresh, "accessTokenExpirationDate": cx.time(expires)})
    };
    let cookies = if only_token { Vec::new() } else { token_cookies(&access, &refresh) };
    Ok(Reply { cookies, ..Reply::ok(result) })
}

fn token_cookies(access: &str, refresh: &str) -> Vec<String> {
    vec![format!("c_user={access}; Path=/; HttpOnly"), format!("c_refresh_token={refresh}; Path=/; HttpOnly")]
}

/// Since version 32 a cookie client may get new tokens with any answer.
pub(super) fn rotated(cx: &Context<'_>, user: &str) -> Vec<String> {
    if !cx.call.uses_cookies() || !cx.switches.is("rotate_cookies", "on") {
        return Vec::new();
    }
    let now = cx.centre.world().now();
    let lifetime = cx.switches.number("token_ttl").unwrap_or(7_200) * SECOND;
    let (access, refresh, _) = cx.centre.tokens().issue(user, now, lifetime);
    token_cookies(&access, &refresh)
}

/// GET (POST too): the token is good no longer, the agent is gone.
pub(super) fn logout(cx: &Context<'_>, user: &str, token: &str) -> Result<Reply, Failure> {
    cx.centre.tokens().end(token, cx.switches.is("logout_static", "kill"));
    let mut world = cx.centre.world();
    world.note("user.logout", user, "");
    world.sign_out(user);
    Ok(Reply::ok(json!(true)))
}

fn own_user(world: &World, switches: &Switches, zone: &jiff::tz::TimeZone, user: &str, token: &str) -> Value {
    let view = View::new(world, switches, zone, Some(user));
    let mut own = view.reference("users", user);
    if let Value::Object(own) = &mut own {
        own.insert("_sys".into(), json!({"hash": null, "model": "users", "accessToken": token}));
        let mine = world.devices.values().filter(|d| d.owner.as_deref().is_none_or(|o| o == user));
        let devices = mine.filter(|d| d.kind == crate::world::DeviceKind::Sip).map(|d| {
            let mut device = view.reference("sipDevices", &d.id);
            if let Value::Object(device) = &mut device {
                device.remove("password");
            }
            device
        });
        own.insert("extensions".into(), devices.collect());
    }
    own
}

/// Who is it? Without a good token only the version is told.
pub(super) fn whoim(cx: &Context<'_>, who: Option<(String, String)>) -> Result<Reply, Failure> {
    let version = if cx.switches.is("version", "string") {
        json!(VERSION)
    } else {
        json!({"current": VERSION, "build": "33911", "latest": VERSION})
    };
    let Some((user, token)) = who else {
        let wrong = cx.call.token().is_some();
        return if wrong && cx.switches.is("whoim_bad_token", "401") {
            Err(Failure::Unauthorized)
        } else {
            Ok(Reply::ok(json!({"version": version, "user": null})))
        };
    };
    let world = cx.centre.world();
    let own = own_user(&world, cx.switches, &cx.zone, &user, &token);
    let view = View::new(&world, cx.switches, &cx.zone, Some(&user));
    let profile = world.agents.get(&user).map_or("", |a| a.profile.as_str());
    let queues = world.queues.keys().filter(|q| !world.queue_login(profile, **q).is_empty());
    let queues = queues.map(|q| view.queue_for(*q, profile, None)).collect();
    let chosen = |p: &&crate::world::Record| crate::world::records::text(p, "kind").is_empty();
    let pauses = world
        .records
        .list("pauses")
        .filter(chosen)
        .map(|p| view.reference("pauses", crate::world::records::text(p, "id")));
    let pauses = pauses.collect();
    Ok(Reply::ok(json!({"version": version, "user": own,
        "queues": dressed(queues, cx.switches.get("whoim_lists")), "pauses": dressed(pauses, cx.switches.get("whoim_lists"))})))
}

/// Rows as a list, or as a map keyed by name.
pub(super) fn dressed(rows: Vec<Value>, dress: &str) -> Value {
    if dress != "map" || rows.is_empty() {
        return Value::Array(rows);
    }
    let key =
        |row: &Value| ["name", "id_call"].iter().find_map(|k| row.get(*k).and_then(text)).unwrap_or_default();
    Value::Object(rows.into_iter().map(|row| (key(&row), row)).collect::<Map<_, _>>())
}

/// What the login page knows before anybody signed in.
pub(super) fn global_settings(switches: &Switches) -> Value {
    let sso_only = switches.is("sso_only", "on");
    let google = json!([{"name": "google", "title": "Google", "clientId": "practice.example"}]);
    let by_password = if sso_only { json!([]) } else { json!([{"name": "daktela", "title": "Daktela"}]) };
    json!({"authentications": {"google_auth": if sso_only { google } else { json!([]) }, "azure_auth": [],
        "genericsso_auth": [], "daktela_auth": by_password}, "title": "Offhook Practice"})
}
