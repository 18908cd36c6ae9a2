use daktela::models::{Ticket, User};
use model::{AccountId, Stage};
use serde_json::{Value, json};

use super::super::made::{at, record};
use super::*;

fn row(ticket: Value) -> model::Ticket {
    let me: User = record(json!({"name": "ida", "title": "Ida Lind"}));
    let rows = Rows { account: &AccountId::from("acme"), me: &me };
    rows.ticket(&record::<Ticket>(ticket), Beside::default())
}

#[test]
fn a_ticket_as_recorded_is_listed() {
    let ticket = row(
        json!({"name": 10361, "title": "Boiler", "category": {"name": "cat", "title": "Support"},
        "user": {"name": "ida", "title": "Ida Lind"}, "contact": {"name": "c1", "title": "Eva Nová",
            "customFields": {"number": ["+15550100"], "email": ["eva@acme.example"]}},
        "email": null, "stage": "OPEN", "priority": "HIGH", "created": "2026-06-01 10:00:00",
        "edited": "2026-06-02 10:00:00", "unread": 1, "has_attachment": true, "statuses": [{"name": "s", "title": "New"}],
        "last_activity_client": "2026-06-02 09:00:00", "last_activity_operator": "2026-06-01 11:00:00"}),
    );
    assert_eq!(ticket.id.as_str(), "acme/10361");
    assert_eq!((ticket.number.as_str(), ticket.stage, ticket.mine), ("10361", Stage::Open, true));
    assert_eq!(ticket.customer.contact.unwrap().as_str(), "acme/c1");
    assert_eq!(
        (ticket.customer.name.as_str(), ticket.customer.address.as_deref()),
        ("Eva Nová", Some("eva@acme.example"))
    );
    assert_eq!(ticket.priority, Some(Priority::High));
    assert!(ticket.unread && ticket.has_files && ticket.awaits_answer);
    assert_eq!(ticket.changed_at, at("2026-06-02T08:00:00Z"));
    assert_eq!(ticket.last_message_at, Some(at("2026-06-02T07:00:00Z")));
    assert_eq!(ticket.statuses[0].title, "New");
}

#[test]
fn stages_are_told_one_for_one_and_unknown_ones_in_the_platforms_word() {
    for (wire, stage, said) in [
        (json!("OPEN"), Stage::Open, ""),
        (json!("WAIT"), Stage::Postponed, ""),
        (json!("CLOSE"), Stage::Closed, ""),
        (json!("ARCHIVE"), Stage::Archived, ""),
        (json!("LIMBO"), Stage::Open, "LIMBO"),
        (json!(null), Stage::Open, ""),
    ] {
        let ticket = row(json!({"name": 1, "stage": wire}));
        assert_eq!((ticket.stage, ticket.stage_said.as_str()), (stage, said), "{wire}");
        if let (Some(word), true) = (wire.as_str(), said.is_empty()) {
            assert_eq!(inferred::stage_word(stage.word()), Some(word), "written as it was read");
        }
    }
}

#[test]
fn the_next_deadline_counts_while_somebody_has_something_to_do() {
    let first = "2026-06-01 12:00:00";
    let solution = "2026-06-02 12:00:00";
    let ticket = |stage: &str, answered: Value| {
        row(json!({"name": 1, "stage": stage, "first_answer_deadline": first, "first_answer": answered,
            "sla_deadtime": solution}))
    };
    let due = |stage, answered| ticket(stage, answered).due.map(|due| (due.at, due.what));
    assert_eq!(due("OPEN", json!(null)), Some((at("2026-06-01T10:00:00Z"), DueFor::FirstAnswer)));
    assert_eq!(
        due("WAIT", json!("2026-06-01 11:00:00")),
        Some((at("2026-06-02T10:00:00Z"), DueFor::Solution))
    );
    assert_eq!(due("CLOSE", json!(null)), None);
}

#[test]
fn whoever_rights_hide_costs_nothing_but_the_name() {
    let hidden = row(
        json!({"name": 1, "user": {"title": "Ida Lind", "alias": "il"}, "edited": "not a date", "created": null}),
    );
    assert!(hidden.mine, "the same display name is the same user");
    assert_eq!(hidden.changed_at.0, 0);
    let nobody = row(json!({"name": 2, "user": [], "contact": {}, "email": "x@acme.example"}));
    assert_eq!((nobody.owner, nobody.customer.contact), (None, None));
    assert_eq!((nobody.customer.name.as_str(), nobody.channel), ("x@acme.example", Channel::Email));
}
