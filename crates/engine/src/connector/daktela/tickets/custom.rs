//! Fields that an instance defines by itself, between Daktela's words and ours.

use daktela::{CustomField, CustomFields, CustomKind, Moments, Scheme};
use jiff::Timestamp;
use model::{FieldKind, FieldOption, FormField};
use serde_json::{Value, json};

use super::inferred;

/// What stands in front of the platform's name in ours.
pub(super) const PREFIX: &str = "custom.";

/// The fields of a record. Values whose field no scheme tells are shown, and not written: nobody knows their form.
pub(super) fn fields(
    scheme: &Scheme,
    values: &CustomFields,
    moments: &Moments,
    may_write: bool,
) -> Vec<FormField> {
    let told = scheme.0.iter().filter(|(_, field)| !field.hidden).map(|(key, field)| {
        let (kind, values) = read(field, values.get(key), moments);
        let is_choice = matches!(kind, FieldKind::Choice | FieldKind::Choices);
        let mut options = if is_choice { items(field) } else { Vec::new() };
        for value in values.iter().filter(|_| is_choice) {
            if !options.iter().any(|option| option.value == *value) {
                options.push(FieldOption { value: value.clone(), title: value.clone() });
            }
        }
        FormField {
            key: format!("{PREFIX}{key}"),
            title: field.title.clone().unwrap_or_else(|| key.clone()),
            kind,
            values,
            options,
            required: field.required,
            editable: may_write && !field.readonly,
        }
    });
    let untold = values.0.iter().filter(|(key, values)| !scheme.0.contains_key(*key) && !values.is_empty());
    let untold = untold.map(|(key, values)| FormField {
        key: format!("{PREFIX}{key}"),
        title: key.clone(),
        kind: FieldKind::Text,
        values: values.clone(),
        options: Vec::new(),
        required: false,
        editable: false,
    });
    told.chain(untold).collect()
}

fn items(field: &CustomField) -> Vec<FieldOption> {
    let option =
        |(value, title): &(String, String)| FieldOption { value: value.clone(), title: title.clone() };
    field.items.iter().map(option).collect()
}

/// How a field is filled in, and its values in that form. A value that does not fit its kind is shown as text.
fn read(field: &CustomField, values: &[String], moments: &Moments) -> (FieldKind, Vec<String>) {
    let texts = || values.iter().filter(|value| !value.is_empty()).cloned().collect::<Vec<_>>();
    match &field.kind {
        Some(CustomKind::Date) => {
            let days = values.iter().map(|value| day(value)).collect::<Option<Vec<_>>>();
            days.map_or_else(|| (FieldKind::Text, texts()), |days| (FieldKind::Date, days))
        }
        Some(CustomKind::DateTime) => {
            let times = values.iter().map(|value| time(value, moments)).collect::<Option<Vec<_>>>();
            times.map_or_else(|| (FieldKind::Text, texts()), |times| (FieldKind::Time, times))
        }
        Some(CustomKind::Checkbox) if inferred::is_flag(field) => {
            let is_on = values.iter().any(|value| !matches!(value.as_str(), "" | "0" | "false"));
            (FieldKind::Flag, if is_on { vec![FLAG.to_owned()] } else { Vec::new() })
        }
        Some(kind) => (kind_of(kind, field), texts()),
        None => (FieldKind::Text, texts()),
    }
}

fn kind_of(kind: &CustomKind, field: &CustomField) -> FieldKind {
    match kind {
        CustomKind::TextArea | CustomKind::Address => FieldKind::LongText,
        CustomKind::Phone => FieldKind::Phone,
        CustomKind::Email => FieldKind::Email,
        CustomKind::Radio | CustomKind::Select if field.multiple => FieldKind::Choices,
        CustomKind::Radio | CustomKind::Select => FieldKind::Choice,
        CustomKind::MultiSelect | CustomKind::Checkbox => FieldKind::Choices,
        CustomKind::Number => FieldKind::Number,
        CustomKind::Link => FieldKind::Link,
        CustomKind::Text | CustomKind::Date | CustomKind::DateTime | CustomKind::Other(_) => FieldKind::Text,
    }
}

const FLAG: &str = "1";

/// The values of a field as they are written: always a list.
pub(super) fn written(field: Option<&CustomField>, now: &[String], moments: &Moments) -> Value {
    let now = now.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let value = |value: &str| match field.and_then(|field| field.kind.as_ref().map(|kind| (field, kind))) {
        Some((field, CustomKind::Checkbox)) if inferred::is_flag(field) => {
            field.items.first().map_or(FLAG, |(value, _)| value.as_str()).to_owned()
        }
        // What is no moment was shown as text, and the platform says what is wrong with it.
        Some((_, CustomKind::DateTime)) => moment(value, moments).unwrap_or_else(|| value.to_owned()),
        _ => value.to_owned(),
    };
    json!(now.map(value).collect::<Vec<_>>())
}

/// A moment of a form as Daktela writes it.
pub(super) fn moment(value: &str, moments: &Moments) -> Option<String> {
    Some(moments.written(Timestamp::from_millisecond(value.trim().parse().ok()?).ok()?))
}

fn day(value: &str) -> Option<String> {
    let day: jiff::civil::Date = value.get(..10)?.parse().ok()?;
    Some(day.to_string())
}

fn time(value: &str, moments: &Moments) -> Option<String> {
    let local: jiff::civil::DateTime = value.parse().ok()?;
    let at = moments.zone().to_ambiguous_timestamp(local).compatible().ok()?;
    Some(at.as_millisecond().to_string())
}

#[cfg(test)]
#[path = "custom_tests.rs"]
#[allow(clippy::needless_pass_by_value)] // a table of literals reads better without borrows
mod tests;
