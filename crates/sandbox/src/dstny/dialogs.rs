//! SIP dialogs as RFC 4235 tells them: of the user's own telephone, and of a colleague's for who watches the line.

use super::answer::{Failure, Reply, Told, required};
use super::inferred::{WEBHOOK_SECONDS, tags};
use super::streams::Stream;
use super::xml::escape;
use super::{Context, DOMAIN, Store};
use crate::world::{Cause, EndedBy, Line, LineState, Millis, SECOND, World, line_id};
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let user = cx.owner();
    let external = (user, cx.call.path("externalId").to_owned());
    Some(match cx.call.op {
        "cinfo1.linestate.stream" => watched(cx).map(|contact| Reply::stream(Stream::Line { contact })),
        "cinfo1.presence.stream" => watched(cx).map(|contact| Reply::stream(Stream::Presence { contact })),
        "linestate.get" => match cx.store.line_states.get(&external) {
            Some(until) => Ok(Reply::ok(expiry(*until))),
            None => Err(Failure::missing("externalId", "linestate.does.not.exist", external.1)),
        },
        "linestate.create" | "linestate.update" => {
            let until = cx.world.now() + WEBHOOK_SECONDS * SECOND;
            let user = external.0.clone();
            cx.store.line_states.insert(external, until);
            cx.world.wake(&user);
            Ok(Reply::ok(expiry(until)))
        }
        "linestate.delete" => match cx.store.line_states.remove(&external) {
            Some(_) => {
                cx.world.wake(&external.0);
                Ok(Reply::done())
            }
            None => Err(Failure::missing("externalId", "linestate.does.not.exist", external.1)),
        },
        _ => return None,
    })
}

/// `2020-03-10T11:05:00+01`: the offset has two digits here, whatever the other times look like.
fn expiry(until: Millis) -> serde_json::Value {
    let at = jiff::Timestamp::from_millisecond(until).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S");
    json!({"expiresOn": format!("{at}+00")})
}

/// The colleague that the path's `cid` names.
fn watched(cx: &Context<'_>) -> Result<String, Failure> {
    let cid = required_path(cx)?;
    let user = cid.split('@').next().unwrap_or("");
    let known = cx.world.agents.contains_key(user);
    if known { Ok(user.to_owned()) } else { Err(Failure::missing("cid", "contact.does.not.exist", cid)) }
}

fn required_path(cx: &Context<'_>) -> Result<String, Failure> {
    match cx.call.path("cid") {
        "" => required(cx, "cid"),
        cid => Ok(cid.to_owned()),
    }
}

/// One dialog: what its change is judged by, and since when it talks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dialog {
    attributes: String,
    state: String,
    inner: String,
    since: Option<Millis>,
}

impl Dialog {
    fn xml(&self, now: Millis) -> String {
        let duration = self.since.map(|since| format!("<duration>{}</duration>\n", (now - since) / 1_000));
        let (attributes, state, inner) = (&self.attributes, &self.state, &self.inner);
        format!("<dialog {attributes}>\n{state}\n{}{inner}</dialog>\n", duration.unwrap_or_default())
    }
}

fn end(line: Line<'_>) -> &'static str {
    match (line.call.ended_by, line.call.cause) {
        (_, Some(Cause::Cancelled | Cause::Abandoned)) => "cancelled",
        (_, Some(Cause::Busy | Cause::Failed)) => "rejected",
        (_, Some(Cause::NoAnswer)) => "timeout",
        // It goes on without this one: nobody has taken it yet, or somebody else has.
        (None, None) if line.call.talk_since.is_none() => "timeout",
        (None, None) => "replaced",
        (Some(EndedBy::Customer), None) => "remote-bye",
        (Some(EndedBy::Agent | EndedBy::System), None) => "local-bye",
    }
}

fn dialog(world: &World, line: Line<'_>) -> Dialog {
    let (state, id) = (line.state(), line.id());
    let (local_tag, remote_tag) = tags(id);
    let direction = if line.leg.origin { "initiator" } else { "recipient" };
    let attributes = format!(
        "id=\"{id}\" call-id=\"{id}\" local-tag=\"{local_tag}\" remote-tag=\"{remote_tag}\" direction=\"{direction}\""
    );
    let state_xml = match state {
        LineState::Initiated => "<state>trying</state>".to_owned(),
        LineState::Ringing => "<state>early</state>".to_owned(),
        LineState::Talking | LineState::Held => "<state>confirmed</state>".to_owned(),
        LineState::Ended => format!("<state event=\"{}\">terminated</state>", end(line)),
    };
    let agent = line.leg.agent.as_deref().unwrap_or("");
    let rendering = if state == LineState::Held { "no" } else { "yes" };
    let (number, name) = match line.others().next() {
        Some(other) if other.agent.is_some() => {
            let id = other.agent.as_deref().unwrap_or("");
            (world.direct_number(id), world.agents.get(id).map_or(String::new(), |a| a.name.clone()))
        }
        Some(other) if other.outside.is_some() => {
            (other.outside.clone().unwrap_or_default(), other.outside_name.clone().unwrap_or_default())
        }
        _ => (line.call.address.clone(), line.call.party.clone()),
    };
    let inner = format!(
        "<local>\n<identity>sip:{agent}@{DOMAIN}</identity>\n<target uri=\"sip:{agent}@{DOMAIN}\">\
         <param pname=\"+sip.rendering\" pval=\"{rendering}\"/></target>\n</local>\n\
         <remote>\n<identity display=\"{}\">sip:{}@{DOMAIN}</identity>\n</remote>\n",
        escape(&name),
        escape(&number),
    );
    let since = line.leg.speaking_since.filter(|_| matches!(state, LineState::Talking | LineState::Held));
    Dialog { attributes, state: state_xml, inner, since }
}

fn dialogs(world: &World, store: &Store, user: &str) -> BTreeMap<String, Dialog> {
    let mut dialogs: BTreeMap<String, Dialog> =
        world.lines_of(user).into_iter().map(|line| (line.id().to_owned(), dialog(world, line))).collect();
    let reported = store.line_states.iter().filter(|((u, _), until)| u == user && **until > world.now());
    for ((_, external), _) in reported {
        // A line that somebody else's system says is busy.
        let attributes = format!("id=\"external-{}\"", escape(external));
        let state = "<state>confirmed</state>".to_owned();
        dialogs.insert(
            format!("external-{external}"),
            Dialog { attributes, state, inner: String::new(), since: None },
        );
    }
    dialogs
}

/// What a subscriber was told, and the number of the last document.
#[derive(Debug)]
pub(super) struct Table {
    told: BTreeMap<String, Dialog>,
    next: u64,
}

impl Table {
    /// Of somebody who knows what is up already.
    pub(super) fn new(world: &World, store: &Store, user: &str) -> Self {
        Self { told: dialogs(world, store, user), next: 0 }
    }

    /// Everything, with the next version.
    pub(super) fn full(&mut self, world: &World, store: &Store, user: &str) -> String {
        self.told = dialogs(world, store, user);
        let inner: String = self.told.values().map(|d| d.xml(world.now())).collect();
        self.document("full", user, &inner)
    }

    /// What changed since the last document, ended dialogs too; nothing if nothing did.
    pub(super) fn partial(&mut self, world: &World, store: &Store, user: &str) -> Option<String> {
        let now = dialogs(world, store, user);
        let mut inner = String::new();
        for (_, dialog) in now.iter().filter(|(id, dialog)| self.told.get(*id) != Some(dialog)) {
            inner.push_str(&dialog.xml(world.now()));
        }
        for (id, before) in self.told.iter().filter(|(id, _)| !now.contains_key(*id)) {
            let ended =
                world.line(id).filter(|l| l.state() == LineState::Ended).map(|line| dialog(world, line));
            let over = ended.unwrap_or_else(|| Dialog {
                state: "<state>terminated</state>".to_owned(),
                ..before.clone()
            });
            inner.push_str(&over.xml(world.now()));
        }
        self.told = now;
        (!inner.is_empty()).then(|| self.document("partial", user, &inner))
    }

    fn document(&mut self, state: &str, user: &str, inner: &str) -> String {
        let version = self.next;
        self.next += 1;
        format!(
            "<?xml version=\"1.0\"?>\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{version}\" \
             state=\"{state}\" entity=\"sip:{user}@{DOMAIN}\">\n{inner}</dialog-info>\n"
        )
    }
}

/// The call with a line whose dialog has these tags.
pub(super) fn line_with_tags(world: &World, to: &str, from: &str) -> Option<String> {
    let with = |leg: &crate::world::Leg| tags(line_id(leg)) == (to.to_owned(), from.to_owned());
    world.open_activities().find(|a| a.legs.iter().any(with)).map(|a| a.id.clone())
}
