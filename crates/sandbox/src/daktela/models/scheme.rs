//! Custom fields: which ones a model has, how they are told (`_sys.cfScheme`), and what may be written into them.
//!
//! Types are those that were seen in answers of the vendor. Values are lists of text whatever the type; a single value
//! may be written without a list.

use crate::daktela::Context;
use crate::daktela::request::text;
use crate::world::Record;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

struct Custom {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    several: bool,
    /// Never written by agents.
    readonly: bool,
    hidden: bool,
    /// Values to choose from.
    items: &'static [&'static str],
}

const fn one(name: &'static str, kind: &'static str, title: &'static str) -> Custom {
    Custom { name, kind, title, several: false, readonly: false, hidden: false, items: &[] }
}

const fn many(name: &'static str, kind: &'static str, title: &'static str) -> Custom {
    Custom { several: true, ..one(name, kind, title) }
}

const fn choice(
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    items: &'static [&'static str],
) -> Custom {
    Custom { items, ..one(name, kind, title) }
}

const PEOPLE: &[Custom] = &[
    many("number", "PHONE", "Phone"),
    many("email", "EMAIL", "E-mail"),
    one("address", "ADDRESS", "Address"),
    one("note", "TEXTAREA", "Note"),
];

const TICKETS: &[Custom] = &[
    one("order", "TEXT", "Order number"),
    choice("severity", "SELECTBOX", "Severity", &["minor", "major", "critical"]),
    Custom {
        several: true,
        ..choice("products", "MULTISELECTBOX", "Products", &["lamp", "chair", "router", "další"])
    },
    choice("warranty", "RADIO", "Under warranty", &["yes", "no"]),
    choice("agreed", "CHECKBOX", "Agreed to be called", &["1"]),
    one("delivery", "DATE", "Delivery"),
    one("visit", "DATETIME", "Technician’s visit"),
    many("number", "PHONE", "Phone"),
    many("email", "EMAIL", "E-mail"),
    one("note", "TEXTAREA", "Note"),
    Custom { readonly: true, ..one("erp", "TEXT", "Key in the ERP") },
    Custom { hidden: true, ..one("score", "TEXT", "Internal score") },
];

const CONTRACTS: &[Custom] = &[
    one("contract", "TEXT", "Contract number"),
    one("until", "DATE", "Ends"),
    choice("tariff", "SELECTBOX", "Tariff", &["small", "medium", "large"]),
];

const CAMPAIGN: &[Custom] = &[
    choice("interest", "RADIO", "Interest", &["hot", "warm", "cold"]),
    one("offer", "TEXTAREA", "Offer"),
    one("callback", "DATETIME", "Wants to be called"),
];

fn of(model: &str) -> &'static [Custom] {
    match model {
        "contacts" | "accounts" => PEOPLE,
        "tickets" => TICKETS,
        "crmRecords" => CONTRACTS,
        "campaignsRecords" => CAMPAIGN,
        _ => &[],
    }
}

/// The scheme as `_sys.cfScheme` tells it; none for models without custom fields.
pub(super) fn drawn(model: &str) -> Option<Value> {
    static ALL: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
        let models = ["contacts", "accounts", "tickets", "crmRecords", "campaignsRecords"];
        models.into_iter().map(|model| (model, draw(of(model)))).collect()
    });
    ALL.get(model).cloned()
}

fn draw(fields: &[Custom]) -> Value {
    let item =
        |(at, value): (usize, &&str)| json!({"name": format!("item_{at}"), "title": value, "value": value});
    let field = |f: &Custom| {
        let items: Vec<Value> = f.items.iter().enumerate().map(item).collect();
        json!({"type": f.kind, "title": f.title, "hidden": f.hidden, "readonly": f.readonly,
            "readonly_in_activity": f.readonly, "readonly_in_update": f.readonly, "multiple": f.several,
            "items": items})
    };
    Value::Object(fields.iter().map(|f| (f.name.to_owned(), field(f))).collect())
}

/// Custom fields as they are after a write: each a list of texts. What is not sent stays, what is read-only stays too; a
/// key that the scheme lacks is ignored. The error is a map of sentences by field. A model without a scheme (activities)
/// takes anything.
pub(in crate::daktela) fn read_custom(
    cx: &Context<'_>,
    model: &str,
    before: &Record,
    sent: &Value,
) -> Result<Record, Value> {
    let mut custom = before.clone();
    let Value::Object(sent) = sent else { return Ok(custom) };
    let fields = of(model);
    let mut errors = Map::new();
    for (key, value) in sent {
        let field = fields.iter().find(|f| f.name == key);
        if field.is_some_and(|f| f.readonly) || (field.is_none() && !fields.is_empty()) {
            continue;
        }
        let values: Vec<Value> = match value {
            Value::Array(list) => list.clone(),
            Value::Null => Vec::new(),
            Value::String(text) if text.is_empty() => Vec::new(),
            Value::Bool(yes) => vec![json!(i32::from(*yes).to_string())],
            one => vec![json!(text(one).unwrap_or_default())],
        };
        if let Some(wrong) = field.and_then(|field| fault(cx, field, &values)) {
            errors.insert(key.clone(), json!([wrong]));
        }
        custom.insert(key.clone(), json!(values));
    }
    if errors.is_empty() { Ok(custom) } else { Err(Value::Object(errors)) }
}

/// What is wrong with the values of one field, in the vendor's words.
fn fault(cx: &Context<'_>, field: &Custom, values: &[Value]) -> Option<&'static str> {
    if !field.several && values.len() > 1 {
        return Some(cx.language.bad_value());
    }
    let mut texts = values.iter().filter_map(text).filter(|t| !t.is_empty());
    let bad = cx.language.bad_value();
    match field.kind {
        "EMAIL" => texts.any(|t| !t.contains('@')).then(|| cx.language.bad_email()),
        "DATE" | "DATETIME" => texts.any(|t| super::parse_time(&t, &cx.zone).is_none()).then_some(bad),
        _ if field.items.is_empty() => None,
        "CHECKBOX" => texts.any(|t| !matches!(t.as_str(), "0" | "1")).then_some(bad),
        _ => texts.any(|t| !field.items.contains(&t.as_str())).then_some(bad),
    }
}
