//! The centre's Daktela V6 face: REST as the two vendor documents tell it, where they are silent as
//! `docs/sandbox.md` lists (each such reading is a switch).
//!
//! A request passes: faults → counting → parameters from wherever they stand ([`request`]) → token ([`auth`]) → the
//! endpoint → the envelope. 401, 403, 404 and 204 have no body; 400 says what is wrong in `error` and echoes the record
//! that was not saved.

mod activities;
mod auth;
mod files;
mod filter;
mod letters;
mod models;
mod pull;
mod query;
mod relations;
mod request;
mod session;
mod tickets;
mod words;

pub(crate) use auth::Tokens;

use crate::Centre;
use crate::faults::Kind;
use crate::server::{Answer, Handler, Marks, Outcome, answer, cut_short};
use crate::switches::Switches;
use crate::world::{Millis, Refusal};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use hyper::{Request, StatusCode};
use jiff::tz::TimeZone;
use request::Call;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use words::Language;

const JSON: &str = "application/json; charset=utf-8";
const SERVER_ZONE: &str = "Europe/Prague";
/// Larger uploads are refused.
const LARGEST_BODY: usize = 16 << 20;

/// One request with everything that answering it needs.
struct Context<'a> {
    centre: &'a Arc<Centre>,
    call: &'a Call,
    switches: &'a Switches,
    zone: TimeZone,
    zone_name: String,
    language: Language,
    marks: &'a Marks,
}

impl Context<'_> {
    fn time(&self, at: Millis) -> String {
        models::format_time(at, &self.zone)
    }
}

/// What an endpoint answers when it does what was asked.
struct Reply {
    status: StatusCode,
    body: Content,
    cookies: Vec<String>,
}

enum Content {
    /// Goes into the envelope.
    Result(Value),
    /// Goes out as it is.
    Bare(Value),
    File {
        mime: String,
        name: String,
        bytes: Bytes,
    },
    Nothing,
}

impl Reply {
    fn ok(result: Value) -> Self {
        Self { status: StatusCode::OK, body: Content::Result(result), cookies: Vec::new() }
    }

    fn created(result: Value) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(result) }
    }

    fn bare(value: Value) -> Self {
        Self { body: Content::Bare(value), ..Self::ok(Value::Null) }
    }

    fn gone() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Content::Nothing, cookies: Vec::new() }
    }
}

/// Why an endpoint does not.
#[derive(Debug)]
enum Failure {
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    /// A file beyond what is taken.
    TooLarge,
    Bad {
        error: Value,
        result: Value,
    },
    /// The connection is to stay open without an answer.
    Silence,
}

impl Failure {
    fn words(words: &str) -> Self {
        Self::Bad { error: json!([words]), result: Value::Null }
    }

    fn primary(words: &str, result: Value) -> Self {
        Self::Bad { error: json!({"primary": [words]}), result }
    }

    fn form(errors: Map<String, Value>, result: Value) -> Self {
        Self::Bad { error: json!({"form": Value::Object(errors), "primary": []}), result }
    }

    /// A refusal of the centre, as activities dress it.
    fn refused(refusal: &Refusal, cx: &Context<'_>, echo: Value) -> Self {
        let words = cx.language.refusal(refusal);
        let form = |field: &str| Self::form(Map::from_iter([(field.to_owned(), json!(words))]), echo.clone());
        match refusal {
            Refusal::NoSuchActivity => Self::NotFound,
            Refusal::AlreadyTaken | Refusal::NotRinging if cx.switches.is("race", "404") => Self::NotFound,
            Refusal::CodeRequired => match cx.switches.get("close_error") {
                "list" => Self::Bad { error: json!([words]), result: Value::Null },
                "null" => Self::Bad { error: Value::Null, result: Value::Null },
                _ => form("statuses"),
            },
            Refusal::OnlyOneCode | Refusal::NoSuchCode(_) => form("statuses"),
            Refusal::WhichDevice | Refusal::NoSuchDevice => form("_exten"),
            Refusal::NumberUnusable => form("number"),
            _ => Self::primary(&words, echo),
        }
    }
}

pub(crate) struct Face(pub(crate) Arc<Centre>);

impl Handler for Face {
    async fn handle(self: Arc<Self>, request: Request<Incoming>, marks: Marks) -> Outcome {
        let centre = &self.0;
        let (head, body) = request.into_parts();
        let method = head.method.as_str().to_owned();
        let path = head.uri.path();
        let path = path.strip_prefix("/external").unwrap_or(path);
        let (space, rest) = match path.strip_prefix("/api/v6/").or_else(|| path.strip_prefix("/api/v6")) {
            Some(rest) => (Space::Api, rest),
            None => match path.strip_prefix("/internal/") {
                Some(rest) => (Space::Internal, rest),
                None => (Space::Other, path.trim_start_matches('/')),
            },
        };
        let route = rest.trim_end_matches(".json");
        centre.journal.count(format!("{method} {}", models::route_label(space, route)));
        let strike = centre.faults().strike("daktela", &method, &[route]);
        if strike.latency_ms > 0 {
            tokio::time::sleep(Duration::from_millis(strike.latency_ms)).await;
        }
        match &strike.kind {
            Some(Kind::Drop) => return Outcome::Drop,
            Some(Kind::HalfOpen) => return Outcome::Hang,
            Some(Kind::Status { status, retry_after }) => {
                let envelope = centre.switches().is("limit_body", "envelope");
                return Outcome::Answer(broken(*status, retry_after.as_deref(), envelope));
            }
            // The others act on the way or on the answer.
            Some(_) | None => {}
        }
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return Outcome::Answer(answer(StatusCode::PAYLOAD_TOO_LARGE, JSON, ""));
        };
        let call = Call::read(&method, rest, head.uri.query(), head.headers, body.to_bytes()).await;
        if strike.kind == Some(Kind::Conflict)
            && let Some(ticket) = route.strip_prefix("tickets/").and_then(|n| n.parse().ok())
        {
            tickets::interfere(centre, ticket);
        }
        let Some(bytes_and_answer) = respond(centre, space, call, &marks).await else { return Outcome::Hang };
        let (bytes, good) = bytes_and_answer;
        if strike.kind == Some(Kind::LostAnswer) {
            return Outcome::Drop;
        }
        Outcome::Answer(match strike.kind {
            Some(Kind::Truncate) => cut_short(good, &bytes),
            Some(Kind::Malformed) => {
                let mut wrong = bytes.slice(..bytes.len() - bytes.len().min(2)).to_vec();
                wrong.extend_from_slice(b",,]");
                answer(good.status(), JSON, wrong)
            }
            _ => good,
        })
    }
}

/// The parts of the host that answer.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Space {
    Api,
    Internal,
    Other,
}

/// What a proxy or a gate in front of the platform would say.
fn broken(status: u16, retry_after: Option<&str>, envelope: bool) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut reply = if status.is_server_error() {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        );
        answer(status, "text/html", page)
    } else if status == StatusCode::TOO_MANY_REQUESTS && envelope {
        answer(status, JSON, json!({"error": ["Too many requests"], "result": null}).to_string())
    } else {
        answer(status, JSON, "")
    };
    if let Some(value) = retry_after.and_then(|v| HeaderValue::from_str(v).ok()) {
        reply.headers_mut().insert(RETRY_AFTER, value);
    }
    reply
}

async fn respond(
    centre: &Arc<Centre>,
    space: Space,
    call: Result<Call, request::NoJson>,
    marks: &Marks,
) -> Option<(Bytes, Answer)> {
    let switches = centre.switches();
    let Ok(call) = call else {
        let text = json!({"error": ["Request body is not valid JSON"], "result": null}).to_string();
        let bytes = Bytes::from(text);
        return Some((bytes.clone(), answer(StatusCode::BAD_REQUEST, JSON, bytes)));
    };
    let now = centre.world().now();
    let who = auth::user(&call, &centre.tokens(), now);
    // The zone of the client counts only once it is known who asks.
    let asked_zone = call.timezone().filter(|_| who.is_some());
    let (zone_name, zone) = asked_zone
        .and_then(|name| Some((name.to_owned(), TimeZone::get(name).ok()?)))
        .unwrap_or_else(|| (SERVER_ZONE.to_owned(), TimeZone::get(SERVER_ZONE).unwrap_or(TimeZone::UTC)));
    let language = Language::of(call.language().as_deref());
    let cx = Context { centre, call: &call, switches: &switches, zone, zone_name, language, marks };
    let user = who.as_ref().map(|(user, _)| user.clone());
    let mut cookies = user.as_deref().map(|user| auth::rotated(&cx, user)).unwrap_or_default();
    let outcome = match space {
        Space::Api => api(&cx, who).await,
        Space::Internal => internal(&cx, who),
        Space::Other => files::file(&cx, who),
    };
    if call.accept_language()
        && let Some(language) = call.language()
    {
        cookies.push(format!("lang={language}; Path=/"));
    }
    let (status, content) = match outcome {
        Ok(reply) => {
            cookies.extend(reply.cookies);
            (reply.status, reply.body)
        }
        Err(Failure::Silence) => return None,
        Err(Failure::Unauthorized) => (StatusCode::UNAUTHORIZED, Content::Nothing),
        Err(Failure::Forbidden) => (StatusCode::FORBIDDEN, Content::Nothing),
        Err(Failure::NotFound) => (StatusCode::NOT_FOUND, Content::Nothing),
        Err(Failure::MethodNotAllowed) if switches.is("limit_body", "envelope") => (
            StatusCode::METHOD_NOT_ALLOWED,
            Content::Bare(json!({"error": ["Method not allowed"], "result": null})),
        ),
        Err(Failure::MethodNotAllowed) => (StatusCode::METHOD_NOT_ALLOWED, Content::Nothing),
        Err(Failure::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, Content::Nothing),
        Err(Failure::Bad { error, result }) => {
            (StatusCode::BAD_REQUEST, Content::Bare(enveloped(&cx, Some(error), result)))
        }
    };
    Some(dispatch_body(&cx, status, content, &cookies))
}

fn dispatch_body(
    cx: &Context<'_>,
    status: StatusCode,
    content: Content,
    cookies: &[String],
) -> (Bytes, Answer) {
    let (bytes, kind) = match content {
        Content::Nothing => (Bytes::new(), JSON),
        Content::File { mime, name, bytes } => {
            let mut reply = answer(status, "application/octet-stream", bytes.clone());
            let disposition = format!("attachment; filename=\"{}\"", name.replace(['"', '\r', '\n'], "_"));
            for (key, value) in [("content-type", mime), ("content-disposition", disposition)] {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    reply.headers_mut().insert(HeaderName::from_static(key), value);
                }
            }
            return (bytes, reply);
        }
        Content::Bare(value) => (Bytes::from(value.to_string()), JSON),
        Content::Result(result) => {
            let text =
                match (result, cx.switches.is("pull_place", "top") && cx.call.segments == ["appPullData"]) {
                    (Value::Object(pull), true) => {
                        let mut whole = enveloped(cx, None, Value::Null);
                        if let Value::Object(whole) = &mut whole {
                            whole.remove("result");
                            whole.extend(pull);
                        }
                        whole.to_string()
                    }
                    (result, _) => enveloped(cx, None, result).to_string(),
                };
            (Bytes::from(text), JSON)
        }
    };
    let (bytes, kind) = match cx.call.callback() {
        Some(function) if !bytes.is_empty() => {
            let wrapped = [function.as_bytes(), b"(", &bytes, b");"].concat();
            (Bytes::from(wrapped), "application/javascript; charset=utf-8")
        }
        _ => (bytes, kind),
    };
    let mut reply = answer(status, kind, bytes.clone());
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            reply.headers_mut().append(SET_COOKIE, value);
        }
    }
    (bytes, reply)
}

/// The envelope around every result.
fn enveloped(cx: &Context<'_>, error: Option<Value>, result: Value) -> Value {
    let mut envelope = Map::new();
    match (error, cx.switches.get("error_on_success")) {
        (Some(error), _) => drop(envelope.insert("error".into(), error)),
        (None, "null") => drop(envelope.insert("error".into(), Value::Null)),
        (None, "object") => drop(envelope.insert("error".into(), json!({}))),
        (None, "text") => drop(envelope.insert("error".into(), json!(""))),
        (None, "absent") => {}
        (None, _) => drop(envelope.insert("error".into(), json!([]))),
    }
    envelope.insert("result".into(), result);
    let now = cx.centre.world().now();
    envelope.insert("_time".into(), json!(cx.time(now)));
    if cx.switches.is("envelope", "new") {
        let server = TimeZone::get(SERVER_ZONE).unwrap_or(TimeZone::UTC);
        envelope.insert("_serverTime".into(), json!(models::format_time(now, &server)));
        envelope.insert("_timezone".into(), json!(cx.zone_name));
    }
    Value::Object(envelope)
}

async fn api(cx: &Context<'_>, who: Option<(String, String)>) -> Result<Reply, Failure> {
    let parts: Vec<&str> = cx.call.segments.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["login"] => return auth::login(cx),
        ["whoim"] => return auth::whoim(cx, who),
        _ => {}
    }
    let (user, token) = who.ok_or(Failure::Unauthorized)?;
    let model = parts.first().copied().unwrap_or("");
    if cx.centre.world().agents.get(&user).is_some_and(|a| a.denied.contains(model)) {
        return Err(Failure::Forbidden);
    }
    match (cx.call.method.as_str(), parts.as_slice()) {
        ("GET" | "POST", ["logout"]) => auth::logout(cx, &user, &token),
        ("GET" | "POST", ["appPullData"]) => pull::pull(cx, &user, &token).await,
        ("POST", ["usersSession"]) => session::users_session(cx, &user),
        ("GET", ["getAvailableExtensions"]) => session::available_extensions(cx, &user),
        (_, ["logout" | "appPullData" | "usersSession" | "getAvailableExtensions"]) => {
            Err(Failure::MethodNotAllowed)
        }
        ("POST", ["activities"]) => activities::create(cx, &user),
        ("PUT", ["activities", name]) => activities::update(cx, &user, name),
        ("POST", ["tickets"]) => tickets::create(cx, &user),
        ("PUT", ["tickets", name]) => tickets::update(cx, &user, name),
        ("DELETE", ["tickets", name]) => tickets::delete(cx, &user, name),
        ("GET", [model]) => query::list(cx, &user, model),
        ("GET", [model, name]) => query::one(cx, &user, model, name),
        ("GET", [model, name, relation]) => relations::list(cx, &user, model, name, relation),
        ("POST", [model]) => models::create(cx, &user, model),
        ("PUT", [model, name]) => models::update(cx, &user, model, name),
        ("DELETE", [model, name]) => models::delete(cx, model, name),
        ("GET" | "POST" | "PUT" | "DELETE", _) => Err(Failure::NotFound),
        _ => Err(Failure::MethodNotAllowed),
    }
}

fn internal(cx: &Context<'_>, who: Option<(String, String)>) -> Result<Reply, Failure> {
    let parts: Vec<&str> = cx.call.segments.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["globalsettings"] => Ok(Reply::ok(auth::global_settings(cx.switches))),
        ["activity", name, "originalMessage"] => {
            who.ok_or(Failure::Unauthorized)?;
            let world = cx.centre.world();
            let text = match models::find_entry(&world, name) {
                Some((_, entry)) => entry.body.text.to_string(),
                None => world.activities.get(*name).ok_or(Failure::NotFound)?.text.clone(),
            };
            Ok(Reply::ok(json!(text)))
        }
        _ => Err(Failure::NotFound),
    }
}
