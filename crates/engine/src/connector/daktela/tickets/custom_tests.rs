use daktela::models::Ticket;
use serde_json::json;

use super::super::made::{at, moments, record};
use super::*;

fn ticket(values: serde_json::Value) -> Ticket {
    record(json!({"name": 1, "customFields": values, "_sys": {"cfScheme": {
        "number": {"type": "PHONE", "title": "Phone", "multiple": true},
        "tariff": {"type": "SELECTBOX", "title": "Tariff", "items": [{"title": "Small", "value": "s"}]},
        "wants": {"type": "MULTISELECTBOX", "items": [{"value": "a"}, {"value": "b"}]},
        "agreed": {"type": "CHECKBOX", "items": [{"value": "1"}]},
        "visit": {"type": "DATETIME"}, "until": {"type": "DATE"},
        "note": {"type": "TEXTAREA", "readonly": true}, "score": {"type": "TEXT", "hidden": true},
        "odd": {"type": "HOLOGRAM"}}}}))
}

fn read(values: serde_json::Value) -> Vec<FormField> {
    let ticket = ticket(values);
    fields(&ticket.scheme, &ticket.custom_fields, &moments(), true)
}

fn one(fields: &[FormField], key: &str) -> FormField {
    fields
        .iter()
        .find(|field| field.key == format!("custom.{key}"))
        .cloned()
        .unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn every_type_has_a_kind_and_its_values() {
    let visit = at("2026-06-01T08:30:00Z").0.to_string();
    let fields =
        read(json!({"number": ["+15550100", null], "tariff": ["s"], "wants": ["b", "a"], "agreed": [1],
        "visit": ["2026-06-01 10:30:00"], "until": ["2026-06-01 00:00:00"], "note": "one", "odd": ["x"]}));
    for (key, kind, values) in [
        ("number", FieldKind::Phone, vec!["+15550100"]),
        ("tariff", FieldKind::Choice, vec!["s"]),
        ("wants", FieldKind::Choices, vec!["b", "a"]),
        ("agreed", FieldKind::Flag, vec!["1"]),
        ("visit", FieldKind::Time, vec![visit.as_str()]),
        ("until", FieldKind::Date, vec!["2026-06-01"]),
        ("note", FieldKind::LongText, vec!["one"]),
        ("odd", FieldKind::Text, vec!["x"]),
    ] {
        let field = one(&fields, key);
        assert_eq!(
            (field.kind, field.values),
            (kind, values.iter().map(ToString::to_string).collect()),
            "{key}"
        );
    }
    assert!(!fields.iter().any(|field| field.key == "custom.score"), "hidden");
    assert!(!one(&fields, "note").editable && one(&fields, "odd").editable);
    assert_eq!(one(&fields, "tariff").options[0].title, "Small");
}

#[test]
fn values_that_do_not_fit_are_shown_and_none_is_lost() {
    let fields = read(json!({"tariff": ["gone"], "visit": ["soon"], "agreed": ["0"], "unknown": ["kept"]}));
    assert_eq!(one(&fields, "tariff").options.len(), 2, "what stands there may be kept");
    assert_eq!(
        (one(&fields, "visit").kind, one(&fields, "visit").values),
        (FieldKind::Text, vec!["soon".to_owned()])
    );
    assert!(one(&fields, "agreed").values.is_empty());
    assert!(!one(&fields, "unknown").editable);
    assert!(read(json!([])).iter().all(|field| field.values.is_empty()));
}

#[test]
fn what_is_written_is_a_list_in_the_platforms_form() {
    let scheme = ticket(json!([])).scheme;
    let moment = at("2026-06-01T08:30:00Z").0.to_string();
    let write = |key: &str, now: &[&str]| {
        let now: Vec<String> = now.iter().map(ToString::to_string).collect();
        written(scheme.0.get(key), &now, &moments())
    };
    assert_eq!(write("visit", &[&moment]), json!(["2026-06-01 10:30:00"]));
    assert_eq!(write("visit", &["soon"]), json!(["soon"]), "the platform says what is wrong with it");
    assert_eq!(write("agreed", &["1"]), json!(["1"]));
    assert_eq!(write("agreed", &[]), json!([]));
    assert_eq!(write("number", &[" +15550100 ", ""]), json!(["+15550100"]));
}
