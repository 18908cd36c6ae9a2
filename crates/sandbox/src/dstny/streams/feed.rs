//! What a stream has told so far, and what is new.

use super::Stream;
use crate::Centre;
use crate::dstny::dialogs::Table;
use crate::dstny::{devices, inferred, people, queues, view, xml};
use crate::switches::Switches;
use crate::world::{LineState, World};
use serde_json::Value;
use tokio::sync::watch;

#[derive(Debug, Clone)]
pub(super) enum Document {
    Json(Value),
    Xml(String),
}

/// What a stream has told so far, and what is new.
pub(super) enum Feed {
    Queues { user: String, told: String },
    Call { call: String, told: Option<i64> },
    Dialogs { user: String, table: Table },
    Presence { contact: String, told: String },
    Config { user: String, told: usize },
    Devices { user: String, told: u64 },
}

impl Feed {
    pub(super) fn new(stream: &Stream, world: &World, centre: &Centre) -> Self {
        match stream.clone() {
            Stream::Queues { user } => Self::Queues { user, told: String::new() },
            Stream::Call { call, .. } => Self::Call { told: world.line(&call).map(|l| l.leg.token), call },
            Stream::Dialogs { user } | Stream::Line { contact: user } => {
                Self::Dialogs { table: Table::new(world, &centre.dstny(), &user), user }
            }
            Stream::Presence { contact } => Self::Presence { told: Self::presence(world, &contact), contact },
            Stream::Config { user } => Self::Config { user, told: centre.dstny().changes.len() },
            Stream::Devices { user } => {
                let told = devices::look(world, &centre.dstny(), &user);
                Self::Devices { user, told }
            }
        }
    }

    /// What a colleague's presence document depends on.
    fn presence(world: &World, contact: &str) -> String {
        let busy =
            world.lines_of(contact).iter().any(|l| matches!(l.state(), LineState::Talking | LineState::Held));
        format!("{:?} {busy}", world.status(contact))
    }

    pub(super) fn first(&mut self, world: &World, centre: &Centre, switches: &Switches) -> Option<Document> {
        Some(match self {
            Self::Queues { user, told } => {
                *told = queues::stream_document(world, user);
                Document::Xml(told.clone())
            }
            Self::Call { call, .. } => call_document(world, switches, call)?,
            Self::Dialogs { user, table } => Document::Xml(table.full(world, &centre.dstny(), user)),
            Self::Presence { contact, .. } => Document::Xml(people::pidf(world, contact)),
            Self::Config { .. } => Document::Json(inferred::change(world.now(), "CONFIGURATION")),
            Self::Devices { .. } => Document::Json(inferred::change(world.now(), "DEVICE_INFO")),
        })
    }

    pub(super) fn news(&mut self, world: &World, centre: &Centre, switches: &Switches) -> Vec<Document> {
        match self {
            Self::Queues { user, told } => {
                let now = queues::stream_document(world, user);
                let same = *told == now;
                told.clone_from(&now);
                if same { vec![] } else { vec![Document::Xml(now)] }
            }
            Self::Call { call, told } => {
                let token = world.line(call).map(|l| l.leg.token);
                let same = std::mem::replace(told, token) == token;
                if same { vec![] } else { call_document(world, switches, call).into_iter().collect() }
            }
            Self::Dialogs { user, table } => {
                table.partial(world, &centre.dstny(), user).map(Document::Xml).into_iter().collect()
            }
            Self::Presence { contact, told } => {
                let now = Self::presence(world, contact);
                let same = std::mem::replace(told, now.clone()) == now;
                if same { vec![] } else { vec![Document::Xml(people::pidf(world, contact))] }
            }
            Self::Config { user, told } => {
                let store = centre.dstny();
                let fresh = store
                    .changes
                    .iter()
                    .skip(*told)
                    .filter(|(u, _, field)| u == user && *field != "DEVICE_INFO");
                let news = fresh.map(|(_, at, field)| Document::Json(inferred::change(*at, field))).collect();
                *told = store.changes.len();
                news
            }
            Self::Devices { user, told } => {
                let now = devices::look(world, &centre.dstny(), user);
                let same = std::mem::replace(told, now) == now;
                if same { vec![] } else { vec![Document::Json(inferred::change(world.now(), "DEVICE_INFO"))] }
            }
        }
    }

    /// Nothing more can come.
    pub(super) fn over(&self, world: &World) -> bool {
        matches!(self, Self::Call { call, .. } if world.line(call).is_none_or(|l| l.state() == LineState::Ended))
    }
}

fn call_document(world: &World, switches: &Switches, call: &str) -> Option<Document> {
    let value = view::call(world, switches, world.line(call)?);
    let as_xml = switches.is("sse_payload", "xml");
    Some(if as_xml { Document::Xml(xml::document("call", &value)) } else { Document::Json(value) })
}

/// What rings when there may be news.
pub(super) fn bell(stream: &Stream, world: &World) -> Option<watch::Receiver<u64>> {
    match stream {
        Stream::Queues { .. } => Some(world.pulse()),
        other => world.agents.get(other.about()).map(crate::world::Agent::subscribe),
    }
}
