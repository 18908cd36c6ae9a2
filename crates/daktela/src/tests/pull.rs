use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::json;
use wire::{Answer, Url};

use super::*;
use crate::loose::Fk;
use crate::models::AgentState;

fn answer(result: Value) -> PullAnswer {
    opened(json!({"error": [], "result": result, "_timezone": "Europe/Prague"})).unwrap()
}

fn opened(body: Value) -> Result<PullAnswer, Error> {
    let answer = Answer { status: 200, headers: Default::default(), body: body.to_string().into() };
    let url = Url::parse("https://acme.example/api/v6/appPullData.json").unwrap();
    read_pull(&Envelope::open(&answer, &url).unwrap())
}

fn call(name: &str, action: &str, user: Option<&str>) -> Value {
    let user = user.map(|user| json!({"name": user}));
    json!({"name": name, "type": "CALL", "action": action, "user": user, "item": {"id_call": name}})
}

fn rings(name: &str) -> Value {
    call(name, "WAIT", Some("jana"))
}

fn activity(row: Value) -> Activity {
    Activity::read(row.as_object().unwrap(), &Reading::new(TimeZone::UTC)).unwrap()
}

fn state() -> PullState {
    PullState::new("jana")
}

fn names(state: &PullState) -> Vec<&str> {
    state.activities().map(|activity| activity.name.as_str()).collect()
}

fn appeared(name: &str) -> ActivityChange {
    ActivityChange::Appeared(name.to_owned())
}

fn gone(name: &str, why: Why) -> ActivityChange {
    ActivityChange::Gone(name.to_owned(), why)
}

#[test]
fn the_first_answer_brings_everything() {
    let first = answer(json!({
        "hash": "h1",
        "activities": [rings("a")],
        "extension": {"id_agent": {"name": "jana", "title": "Jana"}, "state": "Paused", "exten": "305",
            "exten_status": "Idle", "id_pause": {"name": "lunch", "title": "Lunch"}, "on_pause": "2026-11-20 12:00:00"},
        "queues": [{"name": 2000, "title": "Outgoing", "penalty": "3"}],
        "missedChannels": "2", "announcements": [], "reloadUser": false,
    }));
    assert_eq!(first.hash.as_deref(), Some("h1"));
    let mut state = state();
    let changes = state.apply(first, Part::Whole);
    assert_eq!(changes.activities, [appeared("a")]);
    assert!(changes.session && changes.queues && changes.missed && !changes.reload_user);
    assert_eq!(state.session().state, Some(AgentState::Paused));
    assert!(state.session().id_pause.as_ref().is_some_and(|pause| pause.is("lunch")));
    assert_eq!(state.session().on_pause.unwrap().to_string(), "2026-11-20T11:00:00Z");
    assert_eq!((state.queues()[0].name.as_str(), state.queues()[0].penalty), ("2000", Some(3)));
    assert_eq!(state.missed(), 2);
}

#[test]
fn a_key_that_is_absent_keeps_its_value() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a")], "missedChannels": 2})), Part::Whole);
    let quiet = answer(json!({"hash": "2"}));
    assert!(!quiet.has_news());
    assert_eq!(state.apply(quiet, Part::Next), Changes::default());
    assert_eq!((names(&state), state.missed()), (vec!["a"], 2));
}

#[test]
fn the_same_again_is_no_change() {
    let mut state = state();
    let full = || answer(json!({"hash": "1", "activities": [rings("a")], "extension": {"state": "Idle"}}));
    state.apply(full(), Part::Whole);
    assert_eq!(state.apply(full(), Part::Next), Changes::default());
}

#[test]
fn activities_may_be_a_list_a_map_or_nothing() {
    for (value, expected) in [
        (json!([rings("a")]), vec!["a"]),
        (json!({"a": rings("a")}), vec!["a"]),
        (json!([]), vec![]),
        (json!({}), vec![]),
        (json!(null), vec![]),
    ] {
        let mut state = state();
        state.apply(answer(json!({"hash": "1", "activities": value})), Part::Whole);
        assert_eq!(names(&state), expected, "{value}");
    }
}

#[test]
fn a_row_that_says_closed_is_gone_at_once() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a")]})), Part::Whole);
    let closed = answer(json!({"hash": "2", "activities": [call("a", "CLOSE", Some("jana"))]}));
    let changes = state.apply(closed, Part::Next);
    assert_eq!((changes.activities, changes.in_doubt), (vec![gone("a", Why::Closed)], vec![]));
}

#[test]
fn one_that_disappears_stays_in_doubt_until_it_was_read() {
    for (found, why) in [
        (None, Why::Unknown),
        (Some(call("a", "CLOSE", Some("jana"))), Why::Closed),
        (Some(call("a", "OPEN", Some("pavel"))), Why::TakenByOther),
    ] {
        let mut state = state();
        state.apply(answer(json!({"hash": "1", "activities": [rings("a")]})), Part::Whole);
        let changes = state.apply(answer(json!({"hash": "2", "activities": []})), Part::Next);
        assert_eq!((changes.activities, names(&state)), (vec![], vec!["a"]));
        assert_eq!(changes.in_doubt, state.doubts());
        assert_eq!(state.resolve(&changes.in_doubt[0], found.map(activity)), Some(gone("a", why)));
        assert!(names(&state).is_empty());
    }
}

#[test]
fn a_server_that_sends_only_changes_loses_nothing() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [call("a", "OPEN", Some("jana"))]})), Part::Whole);
    let changes = state.apply(answer(json!({"hash": "2", "activities": [rings("b")]})), Part::Next);
    assert_eq!(changes.activities, [appeared("b")]);
    let still_open = activity(call("a", "OPEN", Some("jana")));
    assert_eq!(state.resolve(&changes.in_doubt[0], Some(still_open)), None);
    assert_eq!(names(&state), ["a", "b"]);
    assert!(state.sends_changes_only());
    assert!(state.doubts().is_empty());
}

#[test]
fn one_in_the_bell_stays_when_it_is_read_without_a_user() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [call("a", "", None)]})), Part::Whole);
    let changes = state.apply(answer(json!({"hash": "2", "activities": []})), Part::Next);
    state.resolve(&changes.in_doubt[0], Some(activity(call("a", "WAIT", None))));
    assert_eq!(names(&state), ["a"]);
}

#[test]
fn the_pull_knows_better_than_an_older_reading() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a")]})), Part::Whole);
    let doubt = state.apply(answer(json!({"hash": "2", "activities": []})), Part::Next).in_doubt.remove(0);
    state.apply(answer(json!({"hash": "3", "activities": [call("a", "OPEN", Some("jana"))]})), Part::Next);
    assert_eq!(state.resolve(&doubt, None), None);
    assert_eq!(state.activity("a").unwrap().action, Some(ActivityAction::Open));
}

#[test]
fn after_a_restart_what_the_whole_does_not_show_is_in_doubt() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a"), rings("b")]})), Part::Whole);
    let changes = state.apply(answer(json!({"hash": "9", "activities": [rings("b")]})), Part::Whole);
    assert_eq!(changes.in_doubt.iter().map(|doubt| doubt.name.as_str()).collect::<Vec<_>>(), ["a"]);
    let mut state = self::state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a")]})), Part::Whole);
    assert_eq!(state.apply(answer(json!({"hash": "9"})), Part::Whole).in_doubt.len(), 1);
}

#[test]
fn a_row_that_cannot_be_read_costs_only_itself() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a"), rings("b")]})), Part::Whole);
    let broken = answer(json!({"hash": "2", "activities": [{"name": {}, "action": "WAIT"}, rings("b")]}));
    let changes = state.apply(broken, Part::Next);
    assert_eq!((changes.unreadable.len(), changes.in_doubt.len()), (1, 1));
    assert_eq!(names(&state), ["a", "b"]);
}

#[test]
fn a_key_that_is_no_list_at_all_changes_nothing() {
    let mut state = state();
    state.apply(answer(json!({"hash": "1", "activities": [rings("a")]})), Part::Whole);
    assert_eq!(
        state.apply(answer(json!({"hash": "2", "activities": "oops"})), Part::Next),
        Changes::default()
    );
}

#[test]
fn pull_data_are_found_beside_the_result_too() {
    let top = opened(json!({"error": [], "hash": "h", "activities": [rings("a")]})).unwrap();
    assert_eq!((top.hash.as_deref(), top.activities.map(|all| all.len())), (Some("h"), Some(1)));
    let hash_as_number = opened(json!({"error": [], "result": {"hash": 17}})).unwrap();
    assert_eq!(hash_as_number.hash.as_deref(), Some("17"));
    for body in [json!({"error": [], "result": {}}), json!({"error": [], "result": []}), json!({})] {
        assert!(matches!(opened(body), Err(Error::Protocol { .. })));
    }
}

/// What happens to one activity between two answers.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Rings,
    IsOpened,
    IsClosed,
    IsTakenByAnother,
}

fn history() -> impl Strategy<Value = Vec<Vec<(u8, Happens)>>> {
    let one = prop_oneof![
        Just(Happens::Rings),
        Just(Happens::IsOpened),
        Just(Happens::IsClosed),
        Just(Happens::IsTakenByAnother)
    ];
    prop::collection::vec(prop::collection::vec((0_u8..4, one), 0..4), 1..12)
}

proptest! {
    /// Whatever happens, and whichever way the server writes it, the picture is the truth once all doubts are
    /// resolved.
    #[test]
    fn the_picture_is_right_under_both_readings(history in history(), only_changes: bool) {
        let mut truth: BTreeMap<String, Value> = BTreeMap::new();
        let mut state = state();
        let mut part = Part::Whole;
        for batch in history {
            let mut touched = Vec::new();
            for (id, happens) in batch {
                let name = format!("a{id}");
                let (action, user) = match happens {
                    Happens::Rings => ("WAIT", "jana"),
                    Happens::IsOpened => ("OPEN", "jana"),
                    Happens::IsClosed => ("CLOSE", "jana"),
                    Happens::IsTakenByAnother => ("OPEN", "pavel"),
                };
                truth.insert(name.clone(), call(&name, action, Some(user)));
                touched.push(name);
            }
            let is_mine = |row: &&Value| row["action"] != "CLOSE" && row["user"]["name"] == "jana";
            let rows: Vec<&Value> = if only_changes && part == Part::Next {
                truth.iter().filter(|(name, _)| touched.contains(name)).map(|(_, row)| row).collect()
            } else {
                truth.values().filter(is_mine).collect()
            };
            state.apply(answer(json!({"hash": "x", "activities": rows})), part);
            for doubt in state.doubts() {
                state.resolve(&doubt, truth.get(&doubt.name).cloned().map(activity));
            }
            let mine: Vec<&String> = truth.iter().filter(|(_, row)| is_mine(row)).map(|(name, _)| name).collect();
            let seen: Vec<&String> = state
                .activities()
                .filter(|activity| activity.user.as_ref().is_some_and(|user: &Fk<_>| user.is("jana")))
                .map(|activity| &activity.name)
                .collect();
            prop_assert_eq!(seen, mine);
            part = Part::Next;
        }
    }
}
