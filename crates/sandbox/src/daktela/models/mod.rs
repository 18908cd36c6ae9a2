//! The vendor's models: which fields they have, where the centre keeps them, and how a record is drawn and written.
//!
//! [`tables`] lists the fields of every model as the REST reference does. A model's rows are either a drawer of the
//! filing cabinet (field `at` says the centre's own name) or made from the living world by [`live`]. Everything else
//! (drawing, relations, filters, writing with validation) follows from the list.

mod live;
mod rows;
mod scheme;
mod tables;
mod view;
mod write;
mod written;

pub(super) use live::{activity, session};
pub(super) use rows::Row;
pub(super) use scheme::read_custom;
pub(super) use view::{FULL, View, format_time, parse_time};
pub(super) use write::{activity_view, create, delete, fill, update};
pub(super) use written::{find as find_entry, name as entry_name, priority, stage, state};

use super::Space;
use crate::world::{Activity, Channel, Record, World};
use serde_json::Value;

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Name,
    /// A name that is a whole number.
    Number,
    Text,
    Email,
    Int,
    Float,
    Bool,
    Time,
    /// One of these; the empty text means none.
    Enum(&'static [&'static str]),
    /// One record of that model.
    Ref(&'static str),
    /// Several records of that model.
    Many(&'static str),
    /// Records that exist only inside this one.
    Nested(&'static str),
    Map,
    Custom,
    /// What is behind an activity: an object in the main list, its number elsewhere.
    Item,
    /// Drawn as it is.
    Plain,
}

/// The access column of the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Access {
    /// Always: "All".
    Any,
    /// When creating: "C+R".
    OnCreate,
    /// Never: "R".
    Never,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub wire: &'static str,
    pub at: &'static str,
    pub kind: Kind,
    pub access: Access,
    pub required: bool,
    /// What it is when nothing is there.
    pub otherwise: Option<fn() -> Value>,
}

impl Field {
    pub(super) const fn new(wire: &'static str, kind: Kind) -> Self {
        Self { wire, at: wire, kind, access: Access::Any, required: false, otherwise: None }
    }

    /// The centre's own name for it.
    const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    const fn read(mut self) -> Self {
        self.access = Access::Never;
        self
    }

    const fn create(mut self) -> Self {
        self.access = Access::OnCreate;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn or(mut self, otherwise: fn() -> Value) -> Self {
        self.otherwise = Some(otherwise);
        self
    }
}

/// Where a model's rows come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    Table(&'static str),
    /// A drawer whose records need a vendor's word or two more.
    Shaped {
        table: &'static str,
        shape: fn(&Record) -> Record,
    },
    Live {
        all: fn(&World) -> Vec<Record>,
        one: fn(&World, &str) -> Option<Record>,
    },
    Tickets,
    /// The living ones and the finished entries of tickets.
    Activities,
    /// What is behind the activities of one channel.
    Items {
        channel: Channel,
        draw: fn(&Activity, &World) -> Record,
    },
    /// Only inside other records.
    Inner,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub name: &'static str,
    /// Older names of it.
    pub aliases: &'static [&'static str],
    pub source: Source,
    pub fields: &'static [Field],
    /// Letters of what is offered beside reading: C create, U update, D delete.
    pub writes: &'static str,
}

impl Model {
    /// The field that is the record's name.
    pub(super) fn key(&self) -> &Field {
        &self.fields[0]
    }

    pub(super) fn field(&self, wire: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.wire == wire)
    }

    /// The drawer that records are written into, if they are kept in one.
    fn table(&self) -> Option<&'static str> {
        match self.source {
            Source::Table(table) | Source::Shaped { table, .. } => Some(table),
            Source::Live { .. }
            | Source::Tickets
            | Source::Activities
            | Source::Items { .. }
            | Source::Inner => None,
        }
    }

    /// All rows, oldest first.
    pub(super) fn rows<'a>(&self, world: &'a World) -> Vec<Row<'a>> {
        match self.source {
            Source::Table(table) => world.records.list(table).map(Row::Kept).collect(),
            Source::Shaped { table, shape } => {
                world.records.list(table).map(|r| Row::Made(shape(r))).collect()
            }
            Source::Live { all, .. } => all(world).into_iter().map(Row::Made).collect(),
            Source::Tickets => rows::tickets(world),
            Source::Activities => rows::activities(world, None, None, None),
            Source::Items { channel, draw } => rows::activities(world, Some(channel), Some(draw), None),
            Source::Inner => Vec::new(),
        }
    }

    pub(super) fn row<'a>(&self, world: &'a World, name: &str) -> Option<Row<'a>> {
        match self.source {
            Source::Table(table) => world.records.find(table, name).map(Row::Kept),
            Source::Shaped { table, shape } => world.records.find(table, name).map(|r| Row::Made(shape(r))),
            Source::Live { one, .. } => one(world, name).map(Row::Made),
            Source::Tickets => rows::ticket(world, name),
            Source::Activities => rows::activity(world, name),
            Source::Items { channel, draw } => rows::item(world, channel, draw, name),
            Source::Inner => None,
        }
    }
}

/// Activities of one ticket, oldest first.
pub(super) fn activities_of(world: &World, ticket: i64) -> Vec<Row<'_>> {
    rows::activities(world, None, None, Some(ticket))
}

/// The model of that name, spelled as in URLs.
pub(super) fn model(name: &str) -> Option<&'static Model> {
    tables::MODELS.iter().find(|m| m.name == name || m.aliases.contains(&name))
}

/// A short name of the route for the counts; what we do not know is one heap.
pub(super) fn route_label(space: Space, route: &str) -> String {
    let mut parts = route.split('/').filter(|p| !p.is_empty());
    let first = parts.next().unwrap_or("");
    let known = [
        "login",
        "logout",
        "whoim",
        "appPullData",
        "usersSession",
        "getAvailableExtensions",
        "globalsettings",
    ];
    match space {
        Space::Other => "file".to_owned(),
        _ if !known.contains(&first) && model(first).is_none() => "other".to_owned(),
        _ => match (parts.next(), parts.next()) {
            (None, _) => first.to_owned(),
            (Some(_), None) => format!("{first}/{{name}}"),
            (Some(_), Some(relation)) => {
                format!("{first}/{{name}}/{}", relation.chars().take(40).collect::<String>())
            }
        },
    }
}
