use daktela::models::TicketCategory;
use serde_json::json;

use super::super::made::{at, moments, record};
use super::*;

fn edit(key: &str, now: &[&str]) -> FieldEdit {
    FieldEdit { key: key.to_owned(), was: Vec::new(), now: now.iter().map(ToString::to_string).collect() }
}

fn fields_of(ticket: serde_json::Value, category: serde_json::Value) -> Vec<FormField> {
    let me: User = record(json!({"name": "ida", "title": "Ida"}));
    let setup = Setup {
        users: vec![option("ida", Some("Ida")), option("tomas", Some("Tomáš"))],
        categories: vec![record(json!({"name": "cat", "title": "Support"}))],
    };
    let category: TicketCategory = record(category);
    let around = Around {
        me: &me,
        setup: &setup,
        category: Some(&category),
        statuses: &[option("s1", Some("Solved")), option("s2", None)],
        scheme: &Scheme::default(),
        moments: &moments(),
        may_write: true,
    };
    around.fields(&record::<Ticket>(ticket))
}

fn one(fields: &[FormField], key: &str) -> FormField {
    fields.iter().find(|field| field.key == key).cloned().unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn the_fields_of_a_ticket_hold_what_may_be_chosen() {
    let fields = fields_of(
        json!({"name": 1, "title": "Boiler", "stage": "WAIT", "priority": "LOW", "category": {"name": "other", "title": "Other"},
            "user": {"name": "gone", "title": "Gone"}, "reopen": "2026-06-01 10:30:00", "email": "a@acme.example",
            "followers": [{"name": "tomas", "title": "Tomáš"}], "parentTicket": {"name": 7, "title": "Up"}}),
        json!({"name": "cat", "multiple_statuses": false, "status_required": "never"}),
    );
    let values = |key: &str| one(&fields, key).values;
    assert_eq!(values(field::STAGE), ["postponed"]);
    assert_eq!(values(field::REOPEN), [at("2026-06-01T08:30:00Z").0.to_string()]);
    assert_eq!(
        (values(field::FOLLOWERS), values(field::PARENT)),
        (vec!["tomas".to_owned()], vec!["7".to_owned()])
    );
    let owners: Vec<String> = one(&fields, field::OWNER).options.into_iter().map(|o| o.value).collect();
    assert_eq!(owners, ["ida", "tomas", "gone"], "whoever has it stays among them");
    assert_eq!(one(&fields, field::CATEGORY).options.len(), 2);
    assert!(!one(&fields, field::EMAIL).editable, "only whoever makes a ticket names its address");
}

#[test]
fn the_category_decides_about_statuses() {
    let of = |stage: &str, statuses: serde_json::Value, rules: serde_json::Value| {
        let mut category = json!({"name": "cat"});
        category.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        let field = one(
            &fields_of(json!({"name": 1, "stage": stage, "statuses": statuses}), category),
            field::STATUSES,
        );
        (field.kind, field.required)
    };
    let two = json!([{"name": "s1"}, {"name": "s2"}]);
    for (stage, statuses, rules, expected) in [
        (
            "OPEN",
            json!([]),
            json!({"status_required": "never", "multiple_statuses": true}),
            (FieldKind::Choices, false),
        ),
        (
            "OPEN",
            json!([]),
            json!({"status_required": "always", "multiple_statuses": 0}),
            (FieldKind::Choice, true),
        ),
        ("OPEN", json!([]), json!({"status_required": "closing_ticket"}), (FieldKind::Choice, false)),
        ("CLOSE", json!([]), json!({"status_required": "closing_ticket"}), (FieldKind::Choice, true)),
        (
            "OPEN",
            json!([]),
            json!({"status_required": null, "multiple_statuses": null}),
            (FieldKind::Choice, false),
        ),
        ("OPEN", two, json!({"multiple_statuses": null}), (FieldKind::Choices, false)),
    ] {
        assert_eq!(of(stage, statuses, rules.clone()), expected, "{stage} {rules}");
    }
}

#[test]
fn edits_are_written_in_the_platforms_words_and_only_they() {
    let when = at("2026-06-01T08:30:00Z").0.to_string();
    let edits = [
        edit(field::STAGE, &["closed"]),
        edit(field::PRIORITY, &["high"]),
        edit(field::OWNER, &[]),
        edit(field::STATUSES, &["s1", "s2"]),
        edit(field::REOPEN, &[&when]),
        edit(field::PARENT, &["#7"]),
        edit("custom.order", &["A 1"]),
    ];
    let all: Vec<&FieldEdit> = edits.iter().collect();
    let body = body(&all, &Scheme::default(), &moments()).unwrap();
    let expected = json!({"stage": "CLOSE", "priority": "HIGH", "user": "", "statuses": ["s1", "s2"],
        "reopen": "2026-06-01 10:30:00", "parentTicket": "7", "customFields": {"order": ["A 1"]}});
    assert_eq!(serde_json::Value::Object(body), expected);
    let cleared = [edit(field::REOPEN, &[]), edit(field::STATUSES, &[]), edit("custom.order", &[])];
    let all: Vec<&FieldEdit> = cleared.iter().collect();
    let body = super::body(&all, &Scheme::default(), &moments()).unwrap();
    let expected = json!({"reopen": "", "statuses": [], "customFields": {"order": []}});
    assert_eq!(serde_json::Value::Object(body), expected);
}

#[test]
fn a_value_without_a_word_is_refused_before_anything_is_sent() {
    for bad in [edit(field::STAGE, &["spam"]), edit(field::REOPEN, &["soon"]), edit("tags", &["x"])] {
        let problem = body(&[&bad], &Scheme::default(), &moments()).unwrap_err();
        assert_eq!((problem.code, problem.fields.contains_key(&bad.key)), (ProblemCode::NotPossible, true));
    }
}

#[test]
fn the_platforms_words_stand_beside_our_fields() {
    let said = |key: &str| BTreeMap::from([(key.to_owned(), vec!["no".to_owned()])]);
    for (theirs, ours) in [
        ("user", "owner"),
        ("parentTicket", "parent"),
        ("customFields.email", "custom.email"),
        ("statuses", "statuses"),
        ("something", "something"),
    ] {
        assert_eq!(translated(said(theirs)), said(ours));
    }
}

#[test]
fn rights_are_taken_away_only_by_a_role_that_says_so() {
    let rights =
        |role: serde_json::Value| rights(&record::<User>(json!({"name": "ida", "role": role})), "tickets");
    let both = |write, delete| daktela::Rights { write, delete };
    assert_eq!(rights(json!(null)), both(true, false));
    assert_eq!(rights(json!({"name": "r", "options": {}})), both(true, false));
    assert_eq!(rights(json!({"name": "r", "options": {"tickets": 31}})), both(true, true));
    assert_eq!(rights(json!({"name": "r", "options": {"tickets": "1"}})), both(false, false));
    assert_eq!(rights(json!({"name": "r", "options": {"tickets": 7}})), both(true, false));
}
