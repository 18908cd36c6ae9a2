//! Calls and chats from the first ring to the end of after-call work, as the API shows what happens on the platform's page.

use crate::lab::Lab;
use serde_json::{Value, json};

fn activities(logs: &[Value]) -> Vec<&str> {
    logs.iter().map(|l| l["activity"].as_str().unwrap()).collect()
}

impl Lab {
    /// What the log says of one call, in order.
    async fn log_of(&self, member: &str, id: &Value) -> Vec<Value> {
        self.rows(&format!("agent_activity_logs?{member}[]={id}&sort_column=id&per=500")).await
    }
}

#[tokio::test]
async fn a_call_is_offered_answered_held_ended_and_wrapped_up() {
    let lab = Lab::open().await;
    assert_eq!(lab.shown(101).await, None, "nobody is logged in, so nobody is listed");
    lab.on_page("ida", "available");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"));
    let activity = lab.rings("ida", "call");
    let call = lab.newest("calls").await;
    assert_eq!((&call["status"], &call["agent_info"]), (&json!("queued"), &Value::Null));
    assert_eq!(call["support_number"], "+442079460100");
    assert_eq!(call["menu_path"]["name"], "Main line/Support");
    assert_eq!(call["offer_events"][0]["group"], "Group 1");
    let id = call["id"].clone();
    let log = lab.log_of("call_id", &id).await;
    assert_eq!(activities(&log), ["call_notification_offered", "deltacast_call_notification_offered"]);
    assert_eq!((&log[0]["agent_id"], &log[0]["whodunnit"]["id"]), (&json!(101), &json!(101)));
    lab.sandbox.control().switch("offer", "assigned").unwrap();
    let call = lab.newest("calls").await;
    assert_eq!((&call["status"], &call["agent_info"]["id"]), (&json!("assigned"), &json!(101)));
    lab.sandbox.control().switch("offer", "queued").unwrap();
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"), "what rings is no call yet");

    lab.pass(7);
    assert_eq!(lab.on_page("ida", "accept")["call"], id);
    assert_eq!(lab.shown(101).await.as_deref(), Some("In-call"));
    lab.pass(3);
    let call = lab.newest("calls").await;
    assert_eq!((&call["status"], &call["agent_info"]["id"]), (&json!("connected"), &json!(101)));
    assert_eq!(call["queue_durations"][0]["event"], "answered");
    assert_eq!(call["queue_durations"][0]["service_level_event"], "in_sla");
    assert!(call["queue_duration"].as_i64().unwrap() >= 7);
    let states: Vec<&Value> = call["participants"].as_array().unwrap().iter().map(|p| &p["status"]).collect();
    assert_eq!(states, ["connected", "connected"]);

    lab.sandbox.control().switch("hold_key", "hold_duration").unwrap();
    lab.on_page("ida", "hold");
    lab.pass(20);
    let status = lab.rows("agents/current_status").await;
    assert!(status[0]["hold_duration"].as_i64().unwrap() >= 20, "{status:?}");
    lab.on_page("ida", "resume");
    lab.pass(10);
    lab.run(&format!("/calls/{activity}/hangup"), json!({}));
    let call = lab.newest("calls").await;
    assert_eq!(
        (&call["status"], &call["sub_status"]),
        (&json!("finished"), &json!("Disconnected by end user"))
    );
    assert!(call["hold_duration"].as_i64().unwrap() >= 20);
    assert!(call["recording_url"].as_str().unwrap().starts_with(&lab.sandbox.ccaip_url()));
    assert_eq!(lab.shown(101).await.as_deref(), Some("Wrap-up"));
    lab.pass(6);
    lab.on_page("ida", "done");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"));
    let call = lab.newest("calls").await;
    let handle = &call["handle_durations"][0];
    assert!(handle["acw_duration"].as_i64().unwrap() >= 6, "{handle}");
    assert!(handle["call_duration"].as_i64().unwrap() >= 30);
    let log = lab.log_of("call_id", &id).await;
    assert_eq!(
        activities(&log)[2..],
        [
            "call_pick_up_attempt",
            "deltacast_call_pick_up_attempt",
            "call_picked_up",
            "deltacast_call_picked_up"
        ]
    );
    let states = lab.rows("agent_activity_logs?agent_id[]=101&activity[]=user_status_changed&per=500").await;
    let names: Vec<&str> = states.iter().map(|l| l["status"]["name"].as_str().unwrap()).collect();
    assert!(names.ends_with(&["Available", "In-call", "Wrap-up", "Available"]), "{names:?}");
    let last = states.last().unwrap();
    assert_eq!(last["ended_at"], Value::Null, "it lasts");
    assert_eq!(states[states.len() - 2]["ended_at"], last["started_at"]);
}

#[tokio::test]
async fn after_call_work_of_a_queue_ends_by_itself() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    lab.rings("ida", "call");
    lab.on_page("ida", "accept");
    lab.pass(30);
    lab.on_page("ida", "hangup");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Wrap-up"));
    lab.pass(16);
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"));
    let call = lab.newest("calls").await;
    assert_eq!(call["disconnected_by"], "disconnected_by_agent");
    assert!((14..=16).contains(&call["handle_durations"][0]["acw_duration"].as_i64().unwrap()), "{call}");
}

#[tokio::test]
async fn what_nobody_takes_is_missed_or_abandoned() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    let activity = lab.rings("ida", "call");
    let id = lab.newest("calls").await["id"].clone();
    lab.on_page("ida", "miss");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Unresponsive"));
    lab.pass(30);
    lab.run(&format!("/calls/{activity}/hangup"), json!({}));
    let call = lab.newest("calls").await;
    assert_eq!((&call["status"], &call["fail_reason"]), (&json!("failed"), &json!("eu_abandoned")));
    assert_eq!(call["adapter_fail_code"], 20003);
    assert_eq!(call["adapter_fail_message"], "This call was abandoned by the customer.");
    assert_eq!(call["queue_durations"][0]["event"], "abandoned");
    assert_eq!(call["queue_durations"][0]["service_level_event"], "not_in_sla");
    let log = lab.log_of("call_id", &id).await;
    assert_eq!(activities(&log).last(), Some(&"deltacast_call_missed"));
    let (_, body) = lab.app("agent_statuses", json!({"status": "Available", "agent_ids": [101]})).await;
    assert_eq!(
        (&body[0]["previous_status"], &body[0]["current_status"]),
        (&json!("Unresponsive"), &json!("Available"))
    );
}

#[tokio::test]
async fn a_chat_comes_is_accepted_and_ends() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    lab.rings("ida", "chat");
    let chat = lab.newest("chats").await;
    assert_eq!(
        (&chat["status"], &chat["chat_type"]),
        (&json!("queued"), &json!("Messaging Inbound (Web Chat)"))
    );
    assert_eq!(chat["message_count"], 1);
    lab.on_page("ida", "accept");
    assert_eq!(lab.shown(101).await.as_deref(), Some("In-chat"));
    let agent = lab.rows("agents?id[]=101").await;
    assert_eq!((&agent[0]["chat_count"], &agent[0]["call_count"]), (&json!(1), &json!(0)));
    lab.pass(40);
    let chat = lab.newest("chats").await;
    assert_eq!((&chat["status"], &chat["agent_info"]["id"]), (&json!("assigned"), &json!(101)));
    lab.on_page("ida", "hangup");
    let chat = lab.newest("chats").await;
    assert_eq!(chat["status"], "finished");
    assert!(chat["chat_duration"].as_i64().unwrap() >= 40);
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"));
    let log = lab.log_of("chat_id", &chat["id"]).await;
    assert_eq!(activities(&log), ["chat_notification_offered", "chat_pick_up_attempt", "chat_picked_up"]);
}

#[tokio::test]
async fn a_letter_is_unopened_active_and_resolved() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    lab.rings("ida", "email");
    assert_eq!(lab.newest("emails").await["email_status"], "unopened");
    lab.on_page("ida", "accept");
    assert_eq!(lab.newest("emails").await["email_status"], "active");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"), "letters are no state");
    lab.pass(60);
    lab.on_page("ida", "hangup");
    let letter = lab.newest("emails").await;
    assert_eq!((&letter["email_status"], &letter["total_thread_numbers"]), (&json!("resolved"), &json!(2)));
}

#[tokio::test]
async fn queues_tell_what_waits_and_whether_promises_are_kept() {
    let lab = Lab::open().await;
    assert!(lab.rows("menus/current_status").await.is_empty());
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let ring = lab.run("/ring", json!({"queue": 2002}));
        waiting.push(ring["activity"].as_str().unwrap().to_owned());
        lab.pass(10);
    }
    let rows = lab.rows("menus/current_status").await;
    assert_eq!(rows.len(), 1, "only menus in which something waits");
    assert_eq!((&rows[0]["id"], &rows[0]["queued_calls"]), (&json!(2002), &json!(3)));
    assert!(rows[0]["longest_queued_call_duration"].as_i64().unwrap() >= 30);
    let request = lab.request("GET", "/apps/api/v1/wait_times?lang=en&menu_id=10&channel_type=voice_call");
    let (_, waits) = crate::lab::told(request.send().await.unwrap()).await;
    let partners = waits.as_array().unwrap().iter().find(|w| w["menu_id"] == 2002).unwrap();
    assert!(partners["voice_call"].as_i64().unwrap() >= 30);
    assert_eq!(
        (&partners["materialized_path"], &partners["menu_type"]),
        (&json!("Main line/Partners"), &json!("ivr_menu"))
    );
    assert!(waits.as_array().unwrap().iter().all(|w| w["menu_type"] == "ivr_menu"));
    let request = lab.request("GET", "/apps/api/v1/wait_times?lang=en&wait[from]=1&wait[to]=3600");
    let (_, waits) = crate::lab::told(request.send().await.unwrap()).await;
    assert_eq!(waits.as_array().unwrap().len(), 1);

    lab.run(&format!("/calls/{}/answered-elsewhere", waiting[0]), json!({"agent": "tomas"}));
    lab.run(&format!("/calls/{}/answered-elsewhere", waiting[2]), json!({"agent": "amara"}));
    lab.pass(60);
    lab.run(&format!("/calls/{}/hangup", waiting[1]), json!({}));
    let sla = lab.rows("menus/sla?channel=call&minutes=5").await;
    let partners = sla.iter().find(|s| s["menu_path_id"] == 2002).unwrap();
    // One waited 10 seconds, one 30, and one gave up after 80: the promise is 60.
    assert_eq!((&partners["sla"], &partners["total"]), (&json!(66.7), &json!(3)));
    let groups = lab.rows("menus/sla_by_queue_group?channel=call&minutes=5").await;
    assert!(groups.iter().any(|g| g["queue_group"] == "Main line"));
    for path in ["menus/sla?channel=call", "menus/sla?minutes=5", "menus/sla?channel=fax&minutes=5"] {
        assert_eq!(lab.get(path).await.0, 400, "{path}");
    }
    assert!(lab.rows("menus/operation_hours").await.iter().all(|m| m["operation_hours"].is_array()));
    lab.sandbox.control().switch("operation_hours", "empty").unwrap();
    assert!(lab.rows("menus/operation_hours").await.is_empty());
}

#[tokio::test]
async fn the_practice_page_does_what_the_api_cannot() {
    let lab = Lab::open().await;
    let url = lab.sandbox.ccaip_url();
    let page = lab.http.get(&url).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert!(page.text().await.unwrap().contains("Practice adapter"));
    let press = |deed: &'static str| {
        let request = lab.http.post(format!("{url}/practice/101/{deed}")).header("x-practice", "1");
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(press("available").await, 200);
    lab.rings("ida", "call");
    let ida = || async {
        let agents: Value = serde_json::from_str(
            &lab.http.get(format!("{url}/practice")).send().await.unwrap().text().await.unwrap(),
        )
        .unwrap();
        agents[0].clone()
    };
    assert_eq!(ida().await["contacts"][0]["deeds"], json!(["accept", "reject"]));
    assert_eq!(press("accept").await, 200);
    assert_eq!(ida().await["contacts"][0]["deeds"], json!(["hold", "hangup"]));
    assert_eq!((press("hold").await, press("accept").await), (200, 409));
    assert_eq!(ida().await["contacts"][0]["state"], "on hold");
    assert_eq!(press("hangup").await, 200);
    assert_eq!(ida().await["wrap_up"], true);
    assert_eq!(press("done").await, 200);
    // Another page of the browser cannot press these buttons.
    let strange = lab.http.post(format!("{url}/practice/101/logout")).send().await.unwrap();
    assert_eq!((strange.status().as_u16(), lab.shown(101).await.as_deref()), (404, Some("Available")));
}
