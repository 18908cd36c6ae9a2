//! The filing cabinet: everything that is only kept and looked up (contacts, tickets, wrap-up codes, templates …).
//!
//! A record is a map of plain field names to values. References are the other record's id as text, times are
//! [`Millis`](super::Millis) as numbers, custom fields a map of lists. A face brings its own words for the names.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// One record: field name → value. `id` is always there.
pub(crate) type Record = Map<String, Value>;

/// One drawer: records by id, and the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, Record>,
    order: Vec<String>,
    next_number: i64,
}

impl Table {
    pub(crate) fn get(&self, id: &str) -> Option<&Record> {
        self.rows.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Record> {
        self.rows.get_mut(id)
    }

    /// Records in the order in which they were filed.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.order.iter().filter_map(|id| self.rows.get(id))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn put(&mut self, id: &str, mut record: Record) {
        record.insert("id".into(), json!(id));
        if self.rows.insert(id.to_owned(), record).is_none() {
            self.order.push(id.to_owned());
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.order.retain(|other| other != id);
        self.rows.remove(id).is_some()
    }

    /// Draws the next running number, for tables whose ids are numbers.
    pub(crate) fn draw_number(&mut self) -> i64 {
        self.next_number += 1;
        while self.rows.contains_key(&self.next_number.to_string()) {
            self.next_number += 1;
        }
        self.next_number
    }
}

/// All drawers by name.
#[derive(Debug, Default)]
pub(crate) struct Records(BTreeMap<&'static str, Table>);

impl Records {
    /// The drawer of that name; it comes into being when first asked for.
    pub(crate) fn table(&mut self, name: &'static str) -> &mut Table {
        self.0.entry(name).or_default()
    }

    pub(crate) fn find(&self, table: &str, id: &str) -> Option<&Record> {
        self.0.get(table)?.get(id)
    }

    /// Records of one drawer in order of filing; none if there is no such drawer.
    pub(crate) fn list(&self, table: &str) -> impl DoubleEndedIterator<Item = &Record> {
        self.0.get(table).into_iter().flat_map(Table::iter)
    }

    pub(crate) fn count(&self) -> BTreeMap<&'static str, usize> {
        self.0.iter().map(|(name, table)| (*name, table.len())).collect()
    }
}

/// A text field of a record; empty if it is absent or not text.
pub(crate) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

/// Makes a record from a JSON object written in place.
pub(crate) fn record(value: Value) -> Record {
    match value {
        Value::Object(map) => map,
        _ => Record::new(),
    }
}
