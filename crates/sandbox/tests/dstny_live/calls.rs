//! One call: ringing, answering, holding, muting, moving, recording, digits, ending; on both faces.

use crate::lab::{DESK, Lab, MOBILE, actions, told};
use serde_json::{Value, json};

const CALLER: &str = "+442079460123";

#[tokio::test]
async fn a_call_rings_on_all_devices_and_is_answered_on_the_chosen_one() {
    let lab = Lab::open().await;
    let id = lab.ring("ida", CALLER);
    let ringing = lab.call("ida").await;
    assert_eq!(
        (&ringing["callId"], &ringing["status"], &ringing["inbound"]),
        (&json!(id), &json!("RINGING"), &json!(true))
    );
    assert_eq!(ringing["remoteParty"]["telUri"], format!("tel:{CALLER}"));
    assert_eq!(ringing["actions"], json!([{"action": "ANSWER", "deviceIds": [DESK, MOBILE]}]));
    let answered = lab.deed("ida", "answer", &format!("{id}/{MOBILE}"), Value::Null).await;
    assert_eq!((&answered["status"], &answered["deviceIds"]), (&json!("ACTIVE"), &json!([MOBILE])));
    assert!(answered["stateToken"].as_i64() > ringing["stateToken"].as_i64());
    assert_eq!(actions(&answered), ["MOVE", "TRANSFER", "HOLD", "PARK", "MUTE", "START_REC"]);
    let moved = lab.deed("ida", "move", &format!("{id}/{DESK}"), json!({})).await;
    assert_eq!(moved["deviceIds"], json!([DESK]));
}

#[tokio::test]
async fn a_call_is_held_taken_up_muted_and_unmuted_as_its_actions_say() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let held = lab.deed("ida", "hold", &id, json!({})).await;
    assert_eq!(held["status"], "HELD");
    assert!(actions(&held).contains(&"RESUME") && !actions(&held).contains(&"HOLD"));
    assert_eq!(lab.try_deed("ida", "hold", &id, json!({})).await.0, 409, "what is not offered is refused");
    assert_eq!(lab.deed("ida", "resume", &id, json!({})).await["status"], "ACTIVE");
    let muted = lab.deed("ida", "mute", &id, json!({})).await;
    assert_eq!((&muted["muted"], &muted["event"]), (&json!(true), &json!("MUTED")));
    assert!(actions(&muted).contains(&"UNMUTE"));
    let unmuted = lab.deed("ida", "unmute", &id, json!({})).await;
    assert_eq!((&unmuted["muted"], &unmuted["event"]), (&json!(false), &json!("UNMUTED")));
    assert_eq!(lab.deed("ida", "hold", &id, json!({})).await.get("event"), None, "an event is told once");
}

#[tokio::test]
async fn a_refused_and_a_hung_up_call_are_over() {
    let lab = Lab::open().await;
    for answered in [false, true] {
        let id = if answered { lab.talk(CALLER).await } else { lab.ring("ida", CALLER) };
        let path = format!("/call/control/v1/call/D/ida/{id}");
        assert_eq!(lab.ask("ida", "DELETE", &path, Value::Null).await, (204, Value::Null));
        assert_eq!(lab.calls("ida").await, [] as [Value; 0]);
        assert_eq!(
            lab.ask("ida", "GET", &format!("/call/state/v1/call/D/ida/{id}"), Value::Null).await.0,
            404
        );
        assert_eq!(lab.ask("ida", "DELETE", &path, Value::Null).await.0, 404);
    }
}

#[tokio::test]
async fn a_command_that_means_another_state_is_refused_in_the_way_that_is_switched() {
    for (switch, status) in [("409", 409), ("412", 412), ("400", 400), ("off", 200)] {
        let lab = Lab::with(&[("state_token", switch)]).await;
        let id = lab.talk(CALLER).await;
        let token = lab.call("ida").await["stateToken"].as_i64().unwrap();
        lab.run(&format!("/calls/{id}/stir"), json!({}));
        let (told, body) = lab.try_deed("ida", "hold", &id, json!({"stateToken": token})).await;
        assert_eq!(told, status, "{body}");
        if status != 200 {
            assert_eq!(body["field"][0]["code"], "state.token.mismatch");
            let token = lab.call("ida").await["stateToken"].clone();
            lab.deed("ida", "hold", &id, json!({"stateToken": token})).await;
        }
    }
}

#[tokio::test]
async fn a_conflict_can_be_made_between_look_and_command() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let fault = json!({"kind": "conflict", "route": "cti.hold", "count": 1});
    lab.control().fault(fault).unwrap();
    let token = lab.call("ida").await["stateToken"].clone();
    assert_eq!(lab.try_deed("ida", "hold", &id, json!({"stateToken": token})).await.0, 409);
    let token = lab.call("ida").await["stateToken"].clone();
    lab.deed("ida", "hold", &id, json!({"stateToken": token})).await;
}

#[tokio::test]
async fn a_call_from_a_device_starts_rings_and_is_answered() {
    let lab = Lab::open().await;
    let made = lab.deed("ida", "call", DESK, json!({"destination": "tel:+442079460199"})).await;
    assert_eq!((&made["status"], &made["inbound"]), (&json!("INITIATED"), &json!(false)));
    lab.control().advance(3_600);
    assert_eq!(lab.call("ida").await["status"], "RINGING");
    lab.control().advance(3_600);
    let talking = lab.call("ida").await;
    assert_eq!(
        (&talking["status"], &talking["remoteParty"]["telUri"]),
        (&json!("ACTIVE"), &json!("tel:+442079460199"))
    );
    let (status, body) = lab.try_deed("ida", "call", DESK, json!({"destination": "tel:abc"})).await;
    assert_eq!((status, &body["field"][0]["code"]), (400, &json!("number.invalid")));
    let (status, _) =
        lab.try_deed("ida", "call", "2.nothing", json!({"destination": "tel:+442079460199"})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_busy_number_ends_the_call_by_itself() {
    let lab = Lab::open().await;
    lab.dial("+442079460198").await;
    lab.control().advance(3_610);
    assert_eq!(lab.calls("ida").await.len(), 0);
}

#[tokio::test]
async fn a_second_call_puts_the_first_on_hold_and_the_two_are_swapped() {
    let lab = Lab::open().await;
    let first = lab.talk(CALLER).await;
    let second = lab.ring("ida", "+442079460124");
    let state = |calls: &[Value], id: &str| {
        calls.iter().find(|c| c["callId"] == id).map(|c| c["status"].as_str().unwrap().to_owned())
    };
    lab.deed("ida", "answer", &format!("{second}/{DESK}"), Value::Null).await;
    let calls = lab.calls("ida").await;
    assert_eq!((state(&calls, &first), state(&calls, &second)), (Some("HELD".into()), Some("ACTIVE".into())));
    let swapped = lab.deed("ida", "alternate", &second, json!({"targetCallId": first})).await;
    assert_eq!(swapped["status"], "HELD");
    let calls = lab.calls("ida").await;
    assert_eq!((state(&calls, &first), state(&calls, &second)), (Some("ACTIVE".into()), Some("HELD".into())));
}

#[tokio::test]
async fn the_other_side_hears_the_digits() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    lab.deed("ida", "dtmf", &id, json!({"digits": "12#"})).await;
    lab.deed("ida", "dtmf", &id, json!({"digits": "*A"})).await;
    let state = lab.control().state();
    let legs = state["open"][0]["legs"].as_array().unwrap();
    assert!(legs.iter().any(|l| l["heard"] == "12#*A"), "{legs:?}");
    assert_eq!(lab.try_deed("ida", "dtmf", &id, json!({"digits": "1x"})).await.0, 400);
}

#[tokio::test]
async fn a_recording_is_started_paused_thrown_away_saved_and_stopped() {
    let lab = Lab::open().await;
    let id = lab.talk(CALLER).await;
    let record = async |what: &str| {
        let (status, body) =
            lab.ask("ida", "POST", &format!("/call/recording/v1/{what}/D/ida/{id}"), json!({})).await;
        assert_eq!(status, 200, "{what}: {body}");
        actions(&body).into_iter().filter(|a| a.ends_with("_REC")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(record("start").await, "STOP_REC PAUSE_REC DISCARD_REC");
    lab.control().advance(7);
    assert_eq!(record("pause").await, "STOP_REC RESUME_REC DISCARD_REC");
    lab.control().advance(60);
    let seconds = lab.call("ida").await["recordingDuration"].as_i64().unwrap();
    assert!((7..60).contains(&seconds), "a pause is not recorded: {seconds}");
    assert_eq!(record("resume").await, "STOP_REC PAUSE_REC DISCARD_REC");
    assert_eq!(record("discard").await, "STOP_REC PAUSE_REC SAVE_REC");
    assert_eq!(record("save").await, "STOP_REC PAUSE_REC DISCARD_REC");
    let listed = lab.read("ida", "/callrecording/D/ida").await;
    assert_eq!(
        (&listed[0]["callId"], &listed[0]["allowedActions"]),
        (&json!(id), &json!(["PAUSE", "DISCARD"]))
    );
    let number = listed[0]["id"].as_str().unwrap();
    let (status, _) =
        lab.ask("ida", "PUT", &format!("/callrecording/D/ida/{number}?action=PAUSE"), Value::Null).await;
    assert_eq!(status, 200);
    assert_eq!(record("stop").await, "START_REC");
    lab.ask("ida", "DELETE", &format!("/call/control/v1/call/D/ida/{id}"), Value::Null).await;
    let log = lab.read("ida", "/communicationlog/D/ida?itemType=RECORDING").await;
    assert!(log.to_string().contains(CALLER), "{log}");
}

#[tokio::test]
async fn how_calls_are_recorded_is_switched() {
    let words = [("start_stop", "START_REC"), ("on_demand", "PAUSE_REC SAVE_REC"), ("off", "")];
    for (switch, expected) in words {
        let lab = Lab::with(&[("recording", switch)]).await;
        lab.talk(CALLER).await;
        let call = lab.call("ida").await;
        let offered =
            actions(&call).into_iter().filter(|a| a.ends_with("_REC")).collect::<Vec<_>>().join(" ");
        assert_eq!(offered, expected, "{switch}");
        assert_eq!(call.get("externalRecording").is_some(), switch == "on_demand");
    }
}

#[tokio::test]
async fn a_call_that_rings_on_both_faces_is_one_call() {
    let lab = Lab::open().await;
    let access = lab.sandbox.users()[0].access_token.clone();
    let daktela = async |method: &str, path: &str, body: Value| {
        let url = format!("{}/api/v6/{path}", lab.sandbox.daktela_url());
        let request =
            lab.http.request(method.parse().unwrap(), url).header("X-AUTH-TOKEN", &access).json(&body);
        told(request.send().await.unwrap()).await
    };
    let ready = json!({"setReady": true, "extension": "301", "model": "sipDevices"});
    assert_eq!(daktela("POST", "usersSession", ready).await.0, 200);
    // Answered in Daktela, active in Dstny.
    let rung = lab.run("/ring", json!({"agent": "ida", "queue": 2001}));
    let activity = rung["activity"].as_str().unwrap();
    assert_eq!(lab.call("ida").await["status"], "RINGING");
    let path = format!("activities/{activity}");
    assert_eq!(daktela("PUT", &path, json!({"action": "OPEN"})).await.0, 200);
    let call = lab.call("ida").await;
    assert_eq!((&call["status"], &call["historyInfo"]["subject"]), (&json!("ACTIVE"), &json!("Orders")));
    // Hung up in Dstny, over in Daktela; there it waits for its wrap-up code.
    let id = call["callId"].as_str().unwrap();
    lab.ask("ida", "DELETE", &format!("/call/control/v1/call/D/ida/{id}"), Value::Null).await;
    let state = lab.control().state();
    assert_eq!(state["open"][0]["phase"], "active");
    assert!(state["open"][0]["legs"].as_array().unwrap().iter().all(|l| l["state"] == "closed"));
    assert_eq!(daktela("PUT", &path, json!({"action": "CLOSE"})).await.0, 200);
    // Answered in Dstny, active in Daktela.
    let rung = lab.run("/ring", json!({"agent": "ida", "queue": 2001}));
    let id = rung["call"].as_str().unwrap();
    lab.deed("ida", "answer", &format!("{id}/{DESK}"), Value::Null).await;
    let (_, shown) =
        daktela("GET", &format!("activities/{}", rung["activity"].as_str().unwrap()), json!({})).await;
    assert_eq!(shown["result"]["action"], "OPEN");
}

#[tokio::test]
async fn a_queue_call_of_who_has_only_dstny_is_over_when_it_ends() {
    let lab = Lab::open().await;
    let (status, _) =
        lab.ask("ida", "PUT", "/distributiongroup/login/D/ida/2001/offhook.example", Value::Null).await;
    assert_eq!(status, 200);
    for _ in 0..2 {
        let rung = lab.run("/ring", json!({"queue": 2001}));
        assert_eq!(rung["agent"], "ida", "nothing of the last call keeps her busy");
        let id = rung["call"].as_str().unwrap();
        lab.deed("ida", "answer", &format!("{id}/{DESK}"), Value::Null).await;
        lab.run(&format!("/calls/{id}/hangup"), json!({}));
        assert_eq!(lab.calls("ida").await.len(), 0);
    }
}

#[tokio::test]
async fn lists_may_be_text_and_unseen_actions_may_be_told() {
    let lab = Lab::with(&[("arrays", "strings"), ("actions", "all")]).await;
    lab.ring("ida", CALLER);
    let call = lab.call("ida").await;
    assert_eq!(call["deviceIds"], format!("[{DESK}, {MOBILE}]"));
    assert_eq!(
        call["actions"],
        format!("[{{action: ANSWER, deviceIds: [{DESK}, {MOBILE}]}}, {{action: CLEAR}}]")
    );
}

#[tokio::test]
async fn a_partial_user_state_shows_what_changed() {
    let lab = Lab::with(&[("user_state", "partial")]).await;
    let first = lab.talk(CALLER).await;
    lab.calls("ida").await;
    assert_eq!(lab.calls("ida").await.len(), 0, "nothing changed");
    let second = lab.ring("ida", "+442079460124");
    let state = lab.read("ida", "/call/state/v1/user/D/ida").await;
    assert_eq!((&state["fullState"], &state["calls"][0]["callId"]), (&json!(false), &json!(second)));
    assert!(!state.to_string().contains(&first));
}

#[tokio::test]
async fn a_call_back_rings_the_answer_place_first() {
    let lab = Lab::open().await;
    let path = "/calls/current/D/ida/mobile/%2B442079460199?role=PRIVATE";
    let (status, body) = lab.ask("ida", "POST", path, Value::Null).await;
    assert_eq!((status, body), (200, json!({"field": [], "warning": []})));
    let call = lab.call("ida").await;
    assert_eq!((&call["status"], &call["deviceIds"]), (&json!("INITIATED"), &json!([MOBILE])));
    let (status, _) =
        lab.ask("ida", "POST", "/calls/current/D/ida/mobile/tomas@offhook.example", Value::Null).await;
    assert_eq!(status, 200);
    assert!(lab.calls("ida").await.iter().any(|c| c["remoteParty"]["displayName"] == "Tomáš Veverka"));
}
