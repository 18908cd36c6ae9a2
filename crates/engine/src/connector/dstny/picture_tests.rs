use serde_json::json;

use super::*;

fn picture() -> Picture {
    let identity = Identity::parse("anna@acme.example").unwrap();
    let mut picture = Picture::new(&identity, "en".to_owned(), "GB".to_owned());
    let activity = |id: &str, available: bool, default: bool| json!({"id": id, "available": available, "default": default});
    let activities =
        [activity("available", true, true), activity("home", true, false), activity("lunch", false, false)];
    let config = json!({"activities": {"activity": activities}});
    picture.config_told(serde_json::from_value(config).unwrap());
    picture
}

fn doing(activity: &str) -> WirePresence {
    serde_json::from_value(json!({"activity": {"id": activity, "expiration": "2026-03-01T12:00:00Z"}}))
        .unwrap()
}

fn group(logged_in: bool) -> Group {
    serde_json::from_value(json!({"id": 21, "loggedIn": logged_in})).unwrap()
}

#[test]
fn an_answer_that_was_asked_for_before_a_change_does_not_undo_it() {
    let mut picture = picture();
    let asked = picture.ask_presence();
    picture.presence_told(doing("lunch"));
    assert!(!picture.presence_read(asked, doing("home")), "it is to be asked for again");
    assert_eq!(picture.activity().as_deref(), Some("lunch"));
    let asked = picture.ask_presence();
    assert!(picture.presence_read(asked, doing("home")));

    let first = picture.ask_groups();
    assert!(picture.groups_read(first, vec![group(false)]));
    let asked = picture.ask_groups();
    let told = serde_json::from_value(json!({"id": 21, "loggedIn": true})).unwrap();
    picture.groups_told(vec![told]);
    assert!(!picture.groups_read(asked, vec![group(false)]));
    assert_eq!(picture.joined_queues().len(), 1);
}

#[test]
fn whoever_becomes_available_goes_back_to_where_they_were_unless_that_is_over() {
    let mut picture = picture();
    picture.presence_told(doing("home"));
    let before = picture.available_activity();
    let noon: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let at_home = Available { activity: "home".to_owned(), until: Some(noon.as_millisecond()) };
    assert_eq!(before, Some(at_home.clone()));
    picture.presence_told(doing("lunch"));
    assert_eq!(picture.available_activity(), None);
    let now = Timestamp(noon.as_millisecond());
    let back =
        |before: Option<Available>, now: Timestamp| picture.activity_to_be_available(before, now).unwrap();
    assert_eq!(back(before.clone(), now.plus_ms(-1)), at_home);
    assert_eq!(back(before, now).activity, "available");
    let forgotten = Available { activity: "gone".to_owned(), until: None };
    assert_eq!(back(Some(forgotten), now).activity, "available", "the organisation has taken it away");
}
