//! How a record looks to one viewer: references opened to some depth, times in the viewer's zone, empty maps as PHP
//! writes them.

use super::{Field, Kind, Model, Row, model, scheme};
use crate::daktela::auth::dressed;
use crate::switches::Switches;
use crate::world::{Millis, Record, World};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How deep references are opened in an answer: three objects, then names.
pub(in crate::daktela) const FULL: u8 = 3;

/// Who looks, and how.
pub(in crate::daktela) struct View<'a> {
    pub world: &'a World,
    pub switches: &'a Switches,
    pub zone: &'a TimeZone,
    pub viewer: Option<&'a str>,
    /// References that were opened already, by model, name and depth: a page of tickets names the same few departments,
    /// agents and contacts again and again.
    opened: RefCell<BTreeMap<(&'static str, String, u8), Value>>,
}

/// `2026-03-01 14:05:09` in the zone. Nothing at all is MySQL's zero date, and a time that no calendar has stays one: a
/// centre of many years has such rows.
pub(in crate::daktela) fn format_time(at: Millis, zone: &TimeZone) -> String {
    if at == 0 {
        return "0000-00-00 00:00:00".to_owned();
    }
    if at == Millis::MAX {
        return "2026-02-31 25:61:00".to_owned();
    }
    let at = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A date, or a date and time, in the zone.
pub(in crate::daktela) fn parse_time(text: &str, zone: &TimeZone) -> Option<Millis> {
    let text = text.trim();
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S", text)
        .or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M", text))
        .or_else(|_| {
            jiff::civil::Date::strptime("%Y-%m-%d", text)
                .map(|d| d.to_datetime(jiff::civil::Time::midnight()))
        })
        .ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

impl<'a> View<'a> {
    pub(in crate::daktela) fn new(
        world: &'a World,
        switches: &'a Switches,
        zone: &'a TimeZone,
        viewer: Option<&'a str>,
    ) -> Self {
        Self { world, switches, zone, viewer, opened: RefCell::default() }
    }

    /// The record of that model and name, as it stands alone; null if there is none.
    pub(in crate::daktela) fn reference(&self, of: &str, name: &str) -> Value {
        self.open(of, name, FULL)
    }

    fn open(&self, of: &str, name: &str, depth: u8) -> Value {
        let Some(model) = model(of) else { return Value::Null };
        if depth == 0 {
            return key_value(model.key(), name);
        }
        if of == "users" && self.switches.is("users", "restricted") && self.viewer != Some(name) {
            let agent = self.world.agents.get(name);
            return agent.map_or(Value::Null, |a| json!({"title": a.name, "alias": a.alias}));
        }
        let key = (model.name, name.to_owned(), depth);
        if let Some(drawn) = self.opened.borrow().get(&key) {
            return drawn.clone();
        }
        let row = model.row(self.world, name);
        let drawn = row.map_or(Value::Null, |row| self.draw(model, &row.record(self.world), depth));
        self.opened.borrow_mut().insert(key, drawn.clone());
        drawn
    }

    /// The record as an object; `depth` counts the levels of objects that are still opened.
    pub(in crate::daktela) fn draw(&self, model: &Model, record: &Record, depth: u8) -> Value {
        let mut drawn = Map::new();
        for field in model.fields {
            let value = record.get(field.at).cloned().unwrap_or(Value::Null);
            drawn.insert(field.wire.to_owned(), self.draw_value(field, value, depth));
        }
        if model.name == "tickets" {
            let followers = record.get("followers").and_then(Value::as_array);
            let me = followers.is_some_and(|f| f.iter().any(|who| who.as_str() == self.viewer));
            drawn.insert("isFollowed".into(), json!(me));
        }
        let mut sys = json!({"hash": null, "model": model.name});
        if let (Some(scheme), Value::Object(sys)) = (scheme::drawn(model.name), &mut sys) {
            sys.insert("cfScheme".into(), scheme);
        }
        drawn.insert("_sys".into(), sys);
        Value::Object(drawn)
    }

    /// Only these fields of a row.
    pub(in crate::daktela) fn draw_some(
        &self,
        model: &Model,
        row: &Row<'_>,
        fields: &[String],
        depth: u8,
    ) -> Value {
        let wanted = model.fields.iter().filter(|f| fields.iter().any(|w| w == f.wire));
        let drawn = wanted.map(|field| {
            let value = row.value(field.at, self.world);
            (field.wire.to_owned(), self.draw_value(field, value, depth))
        });
        Value::Object(drawn.collect())
    }

    fn draw_value(&self, field: &Field, value: Value, depth: u8) -> Value {
        let value = match (value, field.otherwise) {
            (Value::Null, Some(otherwise)) => otherwise(),
            (value, _) => value,
        };
        self.draw_field(field, value, depth)
    }

    fn draw_field(&self, field: &Field, value: Value, depth: u8) -> Value {
        let below = depth.saturating_sub(1);
        match (field.kind, value) {
            (Kind::Name | Kind::Number, Value::String(name)) => key_value(field, &name),
            (Kind::Time, Value::Number(at)) => json!(format_time(at.as_i64().unwrap_or(0), self.zone)),
            (Kind::Ref(of), Value::String(name)) if !name.is_empty() => self.open(of, &name, below),
            (Kind::Ref(_), Value::String(_)) => Value::Null,
            (Kind::Many(of), Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).map(|name| self.open(of, name, below)).collect()
            }
            (Kind::Many(_), Value::Null) => json!([]),
            (Kind::Nested("activitiesMessages"), _) if !self.switches.is("chat_lines", "item") => Value::Null,
            (Kind::Nested(of), Value::Array(rows)) => {
                let Some(model) = model(of) else { return Value::Null };
                let rows = rows
                    .iter()
                    .filter_map(Value::as_object)
                    .map(|row| self.draw(model, row, depth))
                    .collect();
                let dress =
                    if of == "activitiesCallChannels" { self.switches.get("channels") } else { "list" };
                dressed(rows, dress)
            }
            (Kind::Map | Kind::Custom, Value::Object(map)) if map.is_empty() => self.empty_map(),
            (Kind::Map | Kind::Custom, Value::Null) => self.empty_map(),
            (Kind::Item, Value::Object(item)) => {
                let of = item.get("model").and_then(Value::as_str).unwrap_or("");
                let name = item.get("name").and_then(Value::as_str).unwrap_or("");
                if depth >= 2 {
                    self.open(of, name, below)
                } else {
                    item.get("number").cloned().unwrap_or(Value::Null)
                }
            }
            (_, value) => value,
        }
    }

    pub(in crate::daktela) fn empty_map(&self) -> Value {
        if self.switches.is("empty_maps", "object") { json!({}) } else { json!([]) }
    }

    /// A queue as one profile sees it: with the attributes of the relation.
    pub(in crate::daktela) fn queue_for(&self, queue: u32, profile: &str, penalty: Option<u32>) -> Value {
        let mut drawn = self.reference("queues", &queue.to_string());
        if let Value::Object(drawn) = &mut drawn
            && self.switches.is("rdata", "present")
        {
            let login = self.world.queue_login(profile, queue);
            drawn.insert("_rdata".into(), json!({"login": login, "penalty": penalty.unwrap_or(0)}));
        }
        drawn
    }
}

fn key_value(key: &Field, name: &str) -> Value {
    match (key.kind, name.parse::<i64>()) {
        (Kind::Number, Ok(number)) => json!(number),
        _ => json!(name),
    }
}
