use serde_json::json;

use super::*;

fn config() -> Configuration {
    serde_json::from_value(json!({"activities": {"activity": [
        {"id": "working", "name": "Working", "available": true, "default": false},
        {"id": "available", "name": "Available", "available": true, "default": true},
        {"id": "lunch", "name": "Lunch", "available": false, "default": false},
    ]}}))
    .unwrap()
}

fn own(activity: &str, available: bool) -> WirePresence {
    let presence = json!({"activity": {"id": activity, "available": available}, "available": available});
    serde_json::from_value(presence).unwrap()
}

fn queues(logged_in: &[bool]) -> Vec<Queue> {
    let identity = Identity::parse("anna@acme.example").unwrap();
    let group = |(id, logged_in): (i64, &bool)| {
        let group =
            json!({"id": id, "domain": "acme.example", "name": "Q", "type": "ACD", "loggedIn": logged_in});
        queue(&serde_json::from_value(group).unwrap(), &identity).unwrap()
    };
    (1..).zip(logged_in).map(group).collect()
}

#[test]
fn presence_follows_the_table() {
    for (presence, logged_in, expected, pause) in [
        (own("available", true), &[true, false][..], Presence::Ready, None),
        (own("working", true), &[true], Presence::Ready, None),
        (own("available", true), &[false], Presence::NotReady, None),
        (own("available", true), &[], Presence::Ready, None),
        (own("available", false), &[true], Presence::NotReady, None),
        (own("lunch", false), &[true], Presence::Paused, Some("Lunch")),
        (own("lunch", false), &[], Presence::Paused, Some("Lunch")),
        (own("gone-fishing", false), &[], Presence::Paused, Some("gone-fishing")),
        (WirePresence::default(), &[true], Presence::Unknown, None),
    ] {
        let (is, on) = super::presence(&config(), &presence, &queues(logged_in));
        assert_eq!(
            (is, on.map(|pause| pause.title).as_deref()),
            (expected, pause),
            "{presence:?} {logged_in:?}"
        );
    }
}

#[test]
fn pauses_are_the_activities_that_are_not_available_and_ready_is_the_default_one_that_is() {
    let titles: Vec<String> = pauses(&config()).into_iter().map(|pause| pause.title).collect();
    assert_eq!(titles, ["Lunch"]);
    assert_eq!(ready_activity(&config()).as_deref(), Some("available"));
    assert_eq!(ready_activity(&Configuration::default()), None);
}

#[test]
fn a_group_of_another_organisation_keeps_its_domain_in_its_name() {
    let identity = Identity::parse("anna@acme.example").unwrap();
    for (domain, name) in
        [(Some("acme.example"), "21"), (Some("other.example"), "21@other.example"), (None, "21")]
    {
        let id = queue_id(21, domain, &identity);
        assert_eq!(id.as_str(), name);
        let expected = domain.unwrap_or("acme.example").to_owned();
        assert_eq!(group_of(&id, &identity), Some((21, expected)));
    }
    assert_eq!(group_of(&"sales".into(), &identity), None);
}

#[test]
fn a_line_keeps_what_the_platform_takes_to_choose_it() {
    let wire = json!({"groupId": 1, "type": "OFFICE_FIXED", "number": "+442079460300", "name": "Office", "active": true});
    let line = line(&serde_json::from_value(wire).unwrap(), "GB").unwrap();
    assert_eq!((line.id.as_str(), line.title.as_str(), line.active), ("OFFICE_FIXED/1", "Office", true));
    let choice = line_choice(&line.id).unwrap();
    assert_eq!((choice.kind, choice.group_id), (Some(LineType::OfficeFixed), Some(1)));
    assert_eq!(line_choice(&"nonsense".into()).map(|choice| choice.group_id), None);
}

#[test]
fn shortcuts_come_in_their_order_and_end_as_they_say() {
    let shortcuts: Vec<WireShortcut> = serde_json::from_value(json!([
        {"id": "b", "name": "Weekend", "activityId": "lunch", "durationType": "UNTIL_NEXT_WORKING_DAY", "order": 2},
        {"id": "a", "name": "Short lunch", "activityId": "lunch", "durationType": "MINUTES", "durationMinutes": 45, "order": 1},
        {"id": "c", "name": "Away", "activityId": "lunch", "durationType": "NO_END_TIME", "order": 3},
    ]))
    .unwrap();
    let presence = own_presence(&config(), &own("lunch", false), &shortcuts);
    let told: Vec<_> = presence.shortcuts.iter().map(|one| (one.id.as_str(), one.minutes)).collect();
    assert_eq!(told, [("a", Some(45)), ("b", None), ("c", None)]);
    assert_eq!(presence.activity, Some("lunch".into()));
    // A Friday.
    let now: jiff::Zoned = "2026-11-20T16:30:00+01:00[Europe/Stockholm]".parse().unwrap();
    let end = |index: usize| {
        super::super::inferred::end_of(&shortcuts[index], &now).moment().map(|end| end.to_string())
    };
    assert_eq!(end(0).as_deref(), Some("2026-11-22T23:00:00Z"));
    assert_eq!(end(1).as_deref(), Some("2026-11-20T16:15:00Z"));
    assert_eq!(end(2), None);
}
