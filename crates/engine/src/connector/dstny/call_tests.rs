use serde_json::json;

use super::*;

fn state(value: serde_json::Value) -> CallState {
    serde_json::from_value(value).unwrap()
}

fn seen_beside(call: &CallState, others: &[&CallState]) -> Seen {
    let mut past = Past::default();
    past.take(call, Timestamp(100_000));
    let queue =
        |name: &str| (name == "Sales").then(|| QueueRef { id: Some("21".into()), title: "Sales".to_owned() });
    Reader { region: "GB", queue: &queue }.seen("c1", call, &past, others)
}

fn seen(call: serde_json::Value) -> Seen {
    seen_beside(&state(call), &[])
}

fn anna() -> serde_json::Value {
    json!({"type": "PHONE_NUMBER", "telUri": "tel:+442079460101", "displayName": "Anna Field", "displayNumber": "0101"})
}

#[test]
fn every_status_has_its_phase_and_an_unknown_one_is_shown_as_text() {
    for (status, inbound, phase, on_hold) in [
        ("RINGING", true, Phase::Ringing, false),
        ("RINGING", false, Phase::Dialling, false),
        ("INITIATED", false, Phase::Dialling, false),
        ("ACTIVE", true, Phase::Open, false),
        ("HELD", false, Phase::Open, true),
        ("WHISPERED", true, Phase::Open, false),
    ] {
        let seen = seen(json!({"callId": "c1", "status": status, "inbound": inbound, "remoteParty": anna()}));
        assert_eq!((seen.phase, seen.on_hold), (phase, on_hold), "{status}");
        let other = seen.call.unwrap().other_status;
        assert_eq!(other.as_deref(), (status == "WHISPERED").then_some("WHISPERED"));
    }
    let answerable = json!({"callId": "c1", "status": "HUMMING", "actions": [{"action": "ANSWER"}]});
    assert_eq!(seen(answerable).phase, Phase::Ringing, "what can be answered rings");
}

#[test]
fn actions_are_what_the_platform_sends_and_what_its_operations_allow() {
    let ringing = seen(json!({
        "callId": "c1", "status": "RINGING", "inbound": true, "deviceIds": ["d1", "d2"],
        "actions": [{"action": "ANSWER", "deviceIds": ["d2"]}, {"action": "JUGGLE"}],
    }));
    assert_eq!(ringing.actions, [Action::Answer, Action::Decline]);
    let call = ringing.call.unwrap();
    assert_eq!(call.choices[&Action::Answer], ["d2".into()]);
    assert_eq!(call.other_actions, ["JUGGLE"], "an unknown action is text and no button");

    let active = state(json!({
        "callId": "c1", "status": "ACTIVE", "inbound": true,
        "actions": "[{action: HOLD}, {action: TRANSFER}, {action: MUTE}, {action: START_REC}]",
    }));
    let alone = seen_beside(&active, &[]);
    for action in [
        Action::Hold,
        Action::Transfer,
        Action::Mute,
        Action::RecordStart,
        Action::Hangup,
        Action::Dtmf,
        Action::ToVoicemail,
        Action::CampOn,
        Action::Consult,
    ] {
        assert!(alone.actions.contains(&action), "{action:?} of {:?}", alone.actions);
    }
    assert!(!alone.actions.contains(&Action::Join) && !alone.actions.contains(&Action::Swap));

    let held = state(json!({"callId": "c2", "status": "HELD", "inbound": false}));
    let with_another = seen_beside(&active, &[&held]);
    for action in [Action::Join, Action::Conference, Action::Swap] {
        assert!(with_another.actions.contains(&action), "{action:?}");
    }
    assert!(!with_another.actions.contains(&Action::Consult), "one consultation at a time");
}

#[test]
fn the_queue_and_the_colleague_who_transferred_are_told_from_the_history() {
    let distributed = seen(json!({
        "callId": "c1", "status": "RINGING", "inbound": true, "remoteParty": anna(),
        "historyInfo": {"subject": "Main number", "previousRetargetReason": "DISTRIBUTED",
            "previousParty": {"type": "FUNCTION_NUMBER_ID", "telUri": "tel:+442079460400", "displayName": "Sales"}},
    }));
    assert_eq!(distributed.queue.unwrap().id, Some("21".into()));
    assert_eq!(distributed.title.as_deref(), Some("Main number"));
    assert!(distributed.call.unwrap().transferred_by.is_none());

    let transferred = seen(json!({
        "callId": "c1", "status": "RINGING", "inbound": true,
        "historyInfo": {"previousRetargetReason": "TRANSFERRED",
            "previousParty": {"type": "USER_ID", "telUri": "tel:+442079460321", "displayName": "Bo Lind"}},
    }));
    assert_eq!(transferred.call.unwrap().transferred_by.unwrap().name.as_deref(), Some("Bo Lind"));
    assert!(transferred.queue.is_none());
}

#[test]
fn a_party_has_a_number_and_a_name_that_says_more_than_the_number() {
    let call = seen(json!({"callId": "c1", "status": "ACTIVE", "inbound": true, "remoteParty": anna()}));
    assert_eq!(call.party.name.as_deref(), Some("Anna Field"));
    assert_eq!(call.party.phone.unwrap().e164.as_deref(), Some("+442079460101"));
    assert_eq!(call.direction, Direction::In);
    let colleague =
        json!({"type": "USER_ID", "telUri": "tel:+442079460321", "displayName": "+44 20 7946 0321"});
    let call = seen(json!({"callId": "c1", "status": "ACTIVE", "inbound": false, "remoteParty": colleague}));
    assert_eq!((call.party.name, call.direction), (None, Direction::Internal));
    for (uri, number) in [
        ("tel:+442079460321;ext=5", Some("+442079460321")),
        ("sip:7463@pbx.example", Some("7463")),
        ("sip:anna@pbx.example", None),
        ("", None),
    ] {
        assert_eq!(number_in(uri), number, "{uri}");
    }
}

#[test]
fn a_recording_is_off_on_or_paused_and_its_beginning_does_not_tremble() {
    let call = |recording: serde_json::Value| {
        let mut call = json!({"callId": "c1", "status": "ACTIVE", "inbound": true});
        call.as_object_mut().unwrap().extend(recording.as_object().unwrap().clone());
        state(call)
    };
    let off = call(json!({"recording": false}));
    let on = call(json!({"recording": true, "recordingDuration": 5}));
    let paused = call(
        json!({"externalRecording": true, "externalRecordingDuration": 9, "externalRecordingPaused": true}),
    );
    assert_eq!(seen_beside(&off, &[]).call.unwrap().recording, Recording::Off);
    assert_eq!(
        seen_beside(&on, &[]).call.unwrap().recording,
        Recording::On { since: Some(Timestamp(95_000)) }
    );
    assert_eq!(seen_beside(&paused, &[]).call.unwrap().recording, Recording::Paused);
    let mut past = Past::default();
    past.take(&on, Timestamp(100_000));
    past.take(&call(json!({"recording": true, "recordingDuration": 7})), Timestamp(102_400));
    assert_eq!(past.recording_since, Some(Timestamp(95_000)));
    past.take(&off, Timestamp(103_000));
    assert_eq!(past.recording_since, None);
}

#[test]
fn a_conference_names_the_others_and_can_be_left() {
    let conference = seen(json!({
        "callId": "c1", "status": "ACTIVE", "inbound": true, "conference": true,
        "participants": [{"id": "p1", "remoteParty": anna()}, {"remoteParty": anna()}],
    }));
    let participants = conference.call.unwrap().conference.unwrap().participants;
    assert_eq!(participants.len(), 1, "who has no name cannot be removed and is not shown");
    assert!(conference.actions.contains(&Action::LeaveConference));
    assert!(conference.actions.contains(&Action::RemoveParticipant));
}
