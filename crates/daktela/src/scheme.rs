//! What the fields are that an instance defines by itself: `_sys.cfScheme` of a record that has some.
//!
//! The scheme arrives with every whole record; a query that asks for some fields only cuts it off.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::inferred;
use crate::loose::{FieldValue, Loose, Reading, elements, text};
use crate::record::{Row, words};

words! {
    /// How a field of the instance is filled in (types as they were seen).
    pub enum CustomKind {
        /// One line.
        Text = "TEXT",
        /// Several lines.
        TextArea = "TEXTAREA",
        /// A telephone number.
        Phone = "PHONE",
        /// An e-mail address.
        Email = "EMAIL",
        /// A postal address.
        Address = "ADDRESS",
        /// One of the items, all shown.
        Radio = "RADIO",
        /// One of the items.
        Select = "SELECTBOX",
        /// Any of the items.
        MultiSelect = "MULTISELECTBOX",
        /// Yes or no; with several items: any of them.
        Checkbox = "CHECKBOX",
        /// A day.
        Date = "DATE",
        /// A moment.
        DateTime = "DATETIME",
        /// A number.
        Number = "NUMBER",
        /// A web address.
        Link = "LINK",
    }
}

/// One field that an instance defines by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// How it is filled in; `None` where the scheme does not say.
    pub kind: Option<CustomKind>,
    /// What to show.
    pub title: Option<String>,
    /// Not to be shown.
    pub hidden: bool,
    /// Not to be changed.
    pub readonly: bool,
    /// Must not be empty.
    pub required: bool,
    /// Takes several values.
    pub multiple: bool,
    /// What may be chosen: value and title.
    pub items: Vec<(String, String)>,
}

/// The fields that an instance defines for a model, by key. Empty where an answer does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheme(pub BTreeMap<String, CustomField>);

impl FieldValue for Scheme {
    fn read(value: &Value, key: &str, row: &Row<'_>) -> Result<Self, String> {
        let scheme = value.get("cfScheme").unwrap_or(&Value::Null);
        let map = <Map<String, Value>>::read(scheme, key, row)?;
        let fields = map.iter().filter_map(|(key, field)| {
            let field = CustomField::read(field.as_object()?, row.reading);
            Some((key.clone(), field))
        });
        Ok(Self(fields.collect()))
    }
}

impl CustomField {
    fn read(map: &Map<String, Value>, reading: &Reading) -> Self {
        let on = |key: &str| {
            map.get(key).and_then(|value| bool::loose(value, reading).ok().flatten()).unwrap_or_default()
        };
        let items = map.get("items").and_then(elements).unwrap_or_default();
        Self {
            kind: map.get("type").and_then(text).map(|kind| CustomKind::from(kind.as_str())),
            title: map.get("title").and_then(text),
            hidden: on("hidden"),
            readonly: inferred::READ_ONLY.iter().any(|key| on(key)),
            required: inferred::REQUIRED.iter().any(|key| on(key)),
            multiple: on("multiple"),
            items: items.into_iter().filter_map(item).collect(),
        }
    }
}

/// `{name,title,value}`, or a bare text.
fn item(item: &Value) -> Option<(String, String)> {
    if let Some(bare) = text(item) {
        return Some((bare.clone(), bare));
    }
    let of = |key: &str| item.get(key).and_then(text);
    let value = of("value").or_else(|| of("name")).or_else(|| of("title"))?;
    Some((value.clone(), of("title").unwrap_or(value)))
}
