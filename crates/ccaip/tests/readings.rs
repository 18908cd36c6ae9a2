//! What real tenants were seen to send where the document's samples have something else, and what no tenant should.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use offhook_ccaip::{
    Agent, AgentActivityLog, AgentCurrentStatus, Call, CallStatus, CallType, Campaign, Chat, Deflection,
    Email, Id, Loose, Menu, Team, WaitTime,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn read<T: Loose>(value: &Value) -> T {
    T::read(value).unwrap()
}

#[test]
fn agents_numbers_and_flags_come_in_both_types() {
    for number in [json!("1001"), json!(1001)] {
        let call: Call = read(&json!({"id": 1, "agent_info": {"id": 7, "agent_number": number}}));
        assert_eq!(call.agent_info.unwrap().agent_number.as_deref(), Some("1001"));
    }
    let call: Call = read(&json!({"id": 1, "agent_info": {"id": 7, "agent_number": null}}));
    assert_eq!(call.agent_info.unwrap().agent_number, None);
    let menu = |hidden: Value| read::<Menu>(&json!({"id": 1, "hidden": hidden}));
    assert_eq!((menu(json!(true)).hidden, menu(json!("false")).hidden), (Some(true), Some(false)));
    assert_eq!(
        (menu(json!("string")).hidden, menu(json!("string")).extra["hidden"].as_str()),
        (None, Some("string"))
    );
}

#[test]
fn a_rating_is_a_number_a_text_or_nothing() {
    for (rating, expected) in
        [(json!(4), Some(4.0)), (json!("4"), Some(4.0)), (json!(null), None), (json!(""), None)]
    {
        assert_eq!(read::<Call>(&json!({"id": 1, "rating": rating})).rating, expected);
        assert_eq!(read::<Chat>(&json!({"id": 1, "rating": rating})).rating, expected);
    }
}

#[test]
fn assignees_are_one_or_many() {
    let agent = json!({"id": 7, "name": "Jana Nova"});
    for assignees in [agent.clone(), json!([agent])] {
        let team: Team = read(&json!({"id": 1, "assignees": assignees}));
        assert_eq!(team.assignees[0].id, Some(Id::from(7)));
        let menu: Menu = read(
            &json!({"id": 1, "team_assignments": [{"group_type": "team", "team": {"id": 2, "assignees": assignees}}]}),
        );
        let assignment = &menu.team_assignments[0];
        assert_eq!(assignment.team.as_ref().unwrap().assignees.len(), 1);
        assert_eq!(assignment.group_type.as_deref(), Some("team"));
    }
}

#[test]
fn transfers_are_read_in_both_vocabularies() {
    for transfer in [
        json!({"deflection": 0, "from_menu": {"materialized_path": "Sales"}, "to_menu": {"materialized_path": "Repairs"}}),
        json!({"deflection": "no_deflection", "from_menu_path": {"materialized_path": "Sales"}, "to_menu_path": "Repairs"}),
        json!({"deflection": null, "from_menu_path": {"materialized_path": "Sales"}, "to_menu_path": "Repairs",
               "from_queue_priority_level": 3, "to_queue_priority_level": "3"}),
    ] {
        let call: Call = read(&json!({"id": 1, "transfers": [transfer]}));
        let transfer = &call.transfers[0];
        assert!(transfer.extra.is_empty() && !transfer.deflection.as_ref().is_some_and(Deflection::is_some));
        let path = |menu: &Option<offhook_ccaip::MenuPath>| {
            menu.as_ref().unwrap().materialized_path.clone().unwrap()
        };
        assert_eq!((path(&transfer.from_menu), path(&transfer.to_menu)), ("Sales".into(), "Repairs".into()));
        assert_eq!(transfer.from_queue_priority_level, transfer.to_queue_priority_level);
    }
}

#[test]
fn chats_have_what_other_clients_know() {
    let chat: Chat = read(&json!({
        "id": 1, "transcript": true, "average_response_time": 12.5,
        "participants": [{"id": 2, "type": "agent", "chat_duration": 60, "finished_at": "2019-07-17T07:29:02.000Z"}],
    }));
    let participant = &chat.participants[0];
    assert_eq!(participant.chat_duration, Some(SignedDuration::from_secs(60)));
    assert!(participant.ended_at.is_some() && participant.extra.is_empty());
    assert_eq!(
        (chat.transcript, chat.average_response_time),
        (Some(true), Some(SignedDuration::from_millis(12_500)))
    );
    let call: Call = read(
        &json!({"id": 1, "deflection_details": [{"id": 3, "transfer_id": null, "from_menu_path": "Sales"}]}),
    );
    assert!(call.deflection_details[0].from_menu_path.is_some());
}

#[test]
fn a_status_is_a_record_or_its_name() {
    let object: Agent =
        read(&json!({"id": 1, "status": {"id": 4, "name": "Break", "custom_roles": [1, "2"]}}));
    let text: AgentCurrentStatus = read(&json!({"id": 1, "status": "Break", "hold_since": "x"}));
    assert_eq!(object.status.unwrap().name, text.status.as_ref().unwrap().name);
    assert_eq!(text.hold().count(), 1);
}

#[test]
fn both_spellings_of_a_state_and_a_type_are_one() {
    let call =
        |status: &str, kind: &str| read::<Call>(&json!({"id": 1, "status": status, "call_type": kind}));
    assert_eq!(call("action_only_finished", "Voice Inbound (IVR)"), call("Action Only Finished", "IvrCall"));
    let call = call("Voicemail Received", "voice callback (web)");
    assert_eq!(
        (call.status, call.call_type),
        (Some(CallStatus::VoicemailReceived), Some(CallType::VoiceCallbackWeb))
    );
}

#[test]
fn times_without_a_zone_are_in_utc_and_strange_ones_cost_only_themselves() {
    let log: AgentActivityLog = read(
        &json!({"id": 1, "started_at": "2018-06-06T21:12:24.766", "ended_at": "tomorrow", "duration": "90"}),
    );
    assert_eq!(log.started_at, Some("2018-06-06T21:12:24.766Z".parse::<Timestamp>().unwrap()));
    assert_eq!((log.ended_at, log.extra["ended_at"].as_str()), (None, Some("tomorrow")));
    assert_eq!(log.duration, Some(SignedDuration::from_secs(90)));
}

#[test]
fn references_that_overflow_stay_and_cost_nothing() {
    let came = json!({"id": u64::MAX, "parent_id": -1, "participants": [{"user_id": 1e300}], "selected_menu": {"id": 1e300}});
    let call: Call = read(&came);
    assert_eq!((call.id.as_str(), call.parent_id), ("18446744073709551615", Some(Id::from("-1"))));
    assert_eq!(call.participants[0].extra["user_id"], 1e300);
    assert_eq!((call.selected_menu, &call.extra["selected_menu"]), (None, &came["selected_menu"]));
}

#[test]
fn new_keys_are_kept() {
    let came = json!({"id": 7, "name": "Spring", "contact_stats": {"Contacts": 1000, "Brand New": 3}, "brand": {"new": true}});
    let campaign: Campaign = read(&came);
    assert_eq!(campaign.contact_stats.as_ref().unwrap().contacts, Some(1000));
    assert_eq!(campaign.write(), came);
    let wait: WaitTime = read(&json!({"menu_id": 10, "voice_call": 120}));
    assert_eq!(wait.voice_call, Some(SignedDuration::from_secs(120)));
}

/// Any JSON, not too deep.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[-0-9:TZ. ]{0,24}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let keys = prop_oneof!["[a-z_]{1,8}", Just("id".to_owned()), Just("name".to_owned())];
        let map = prop::collection::btree_map(keys, inner, 0..4);
        prop_oneof![list, map.prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>()))]
    })
}

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/operations.json")).unwrap());

/// One field of a documented record replaced by anything.
fn spoilt<T: Loose + PartialEq + std::fmt::Debug>(operation: &str, strange: &Value) {
    let operations = DOCUMENT["operations"].as_array().unwrap();
    let operation = operations.iter().find(|known| known["id"] == operation).unwrap();
    let good = operation["response_example"][0].as_object().unwrap();
    for key in good.keys().filter(|key| *key != "id") {
        let mut bad = good.clone();
        bad.insert(key.clone(), strange.clone());
        let record = T::read(&Value::Object(bad)).unwrap_or_else(|why| panic!("{key}: {why}"));
        assert_eq!(T::read(&record.write()).as_ref(), Ok(&record), "{key} = {strange}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_field_of_any_record_can_cost_the_record(strange in anything()) {
        spoilt::<Agent>("agents.list", &strange);
        spoilt::<AgentActivityLog>("agent_activity_logs.list", &strange);
        spoilt::<Call>("calls.list", &strange);
        spoilt::<Chat>("chats.list", &strange);
        spoilt::<Email>("emails.list", &strange);
        spoilt::<Menu>("menus.list", &strange);
        spoilt::<Team>("teams.list", &strange);
        spoilt::<Campaign>("campaigns.list", &strange);
    }

    #[test]
    fn no_value_makes_a_record_panic(value in anything()) {
        let _ = (Agent::read(&value), Call::read(&value), Chat::read(&value), Email::read(&value), Menu::read(&value));
    }
}
