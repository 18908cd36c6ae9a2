//! Records that a careless reader stumbles over (switch `ccaip_records`): words that no document knows, a number too large
//! to count with, a time without a zone, and a record of which half is missing.

use super::Context;
use super::answer::Reply;
use serde_json::{Value, json};

/// Adds odd records to the first page of a list, each made of the page's first record.
pub(super) fn stir(cx: &Context<'_>, mut told: Reply) -> Reply {
    if !cx.switches.is("ccaip_records", "odd") {
        return told;
    }
    let Reply::Page(page) = &mut told else { return told };
    let Some(first) = page.rows.first().filter(|_| page.page == 1).cloned() else { return told };
    let with = |changes: &[(&str, Value)]| {
        let mut row = first.clone();
        for (name, value) in changes {
            if row.get(*name).is_some() {
                row[*name] = value.clone();
            }
        }
        row
    };
    let unknown = [
        ("id", json!(990_001)),
        ("status", json!("teleporting")),
        ("email_status", json!("levitating")),
        ("call_type", json!("Voice Inbound (Hologram)")),
        ("chat_type", json!("Messaging (Semaphore)")),
        ("activity", json!("hologram_offered")),
        ("fail_reason", json!("ag_asleep")),
        ("adapter_fail_code", json!(99_999)),
    ];
    let half = first.as_object().map(|row| {
        let kept = row.iter().enumerate().filter(|(i, (name, _))| *i % 2 == 0 || name.as_str() == "id");
        kept.map(|(_, (name, value))| (name.clone(), value.clone())).collect()
    });
    let mut half = Value::Object(half.unwrap_or_default());
    half["id"] = json!(990_003);
    let odd = [
        with(&unknown),
        with(&[("id", json!(u64::MAX)), ("rating", json!("5")), ("has_feedback", json!("true"))]),
        with(&[
            ("id", json!(990_002)),
            ("created_at", json!("2026-03-01 10:00:00")),
            ("started_at", json!("2026-03-01T10:00:00")),
            ("assigned_at", json!("yesterday")),
        ]),
        half,
    ];
    page.total += odd.len();
    page.rows.extend(odd);
    told
}
