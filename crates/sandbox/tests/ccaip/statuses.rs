//! States: which there are, how they are set, and what cannot be.

use crate::lab::Lab;
use serde_json::{Value, json};

#[tokio::test]
async fn states_of_the_system_and_of_the_customer_are_listed() {
    let lab = Lab::open().await;
    let rows = lab.rows("user_statuses").await;
    let names: Vec<&str> = rows.iter().map(|r| r["name"].as_str().unwrap()).collect();
    for name in
        ["Available", "Unavailable", "In-call", "Wrap-up", "In-chat", "Breakthrough", "Break", "Lunch"]
    {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let lunch = rows.iter().find(|r| r["name"] == "Lunch").unwrap();
    assert!(lunch["color"].as_str().unwrap().starts_with('#') && lunch["id"].as_i64().unwrap() > 100);
}

#[tokio::test]
async fn setting_a_state_tells_before_and_after_and_the_centre_follows() {
    let lab = Lab::open().await;
    let set = |status: &'static str, ids: Value| {
        lab.app("agent_statuses", json!({"status": status, "agent_ids": ids}))
    };
    let both = |body: &Value| (body[0]["previous_status"].clone(), body[0]["current_status"].clone());
    let (status, body) = set("Available", json!([101])).await;
    assert_eq!((status, both(&body)), (200, (json!("Offline"), json!("Available"))));
    assert_eq!((&body[0]["agent_id"], &body[0]["email"]), (&json!(101), &json!("ida@offhook.example")));
    let state = |lab: &Lab| lab.sandbox.control().state()["agents"]["ida"].clone();
    assert_eq!(state(&lab)["presence"], "ready");
    let (_, body) = set("lunch", json!(["101"])).await;
    assert_eq!(both(&body), (json!("Available"), json!("Lunch")));
    assert_eq!(state(&lab)["pause"], "lunch");
    let (_, body) = set("Unavailable", json!([101])).await;
    assert_eq!(both(&body), (json!("Lunch"), json!("Unavailable")));
    let (_, body) = set("Breakthrough", json!([101])).await;
    assert_eq!(both(&body), (json!("Unavailable"), json!("Breakthrough")));
    let (_, body) = set("In-call", json!([101])).await;
    assert_eq!(both(&body), (json!("Breakthrough"), json!("Breakthrough")));
    assert_eq!(body[0]["message"], "In-call is a system status and cannot be set");
    // What another platform changes shows here.
    lab.run("/agents/ida/pause", json!({"pause": "coffee"}));
    assert_eq!(lab.shown(101).await.as_deref(), Some("Break"));
    assert_eq!(set("Siesta", json!([101])).await, (400, json!({"message": "Status not found"})));
    assert_eq!(set("Available", json!([])).await.0, 400);
    let team =
        lab.app("agent_statuses", json!({"status": "Meeting", "agent_ids": [], "team_ids": [2]})).await.1;
    assert_eq!(team.as_array().unwrap().len(), 6, "everybody of the team");
}

#[tokio::test]
async fn a_state_chosen_during_a_call_shows_when_it_is_over() {
    let lab = Lab::with(&[("wrap_up", "0")]).await;
    lab.on_page("ida", "available");
    lab.rings("ida", "call");
    lab.on_page("ida", "accept");
    let (_, body) = lab.app("agent_statuses", json!({"status": "Lunch", "agent_ids": [101]})).await;
    assert_eq!(body[0]["current_status"], "In-call");
    lab.pass(5);
    lab.on_page("ida", "hangup");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Lunch"));
    let log = lab.rows("agent_activity_logs?agent_id[]=101&activity[]=status_after_inquiries_applied").await;
    assert_eq!(log.last().unwrap()["status"]["name"], "Lunch");
}

#[tokio::test]
async fn who_is_forced_out_is_no_longer_listed() {
    let lab = Lab::with(&[("set_status_offline", "refuse")]).await;
    let (_, body) = lab.app("agent_statuses", json!({"status": "Available", "agent_ids": [101]})).await;
    assert_eq!(body[0]["message"], "Agent is not logged in");
    lab.on_page("ida", "login");
    assert_eq!(lab.shown(101).await.as_deref(), Some("Unavailable"));
    let (status, _) = lab.app("agent_statuses/force_logout", json!({"agent_ids": [101]})).await;
    assert_eq!((status, lab.shown(101).await), (200, None));
    let agent = lab.rows("agents?id[]=101").await;
    assert_eq!((&agent[0]["online"], &agent[0]["crm_authenticated"]), (&json!(false), &json!(false)));
    let log = lab.rows("agent_activity_logs?agent_id[]=101&sort_column=id&sort_direction=DESC&per=1").await;
    assert_eq!(log[0]["activity"], "logout");
}

#[tokio::test]
async fn the_open_page_keeps_an_agent_logged_in() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    lab.run("/agents/tomas/ready", json!({}));
    lab.pass(3600);
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"));
    assert_eq!(lab.shown(102).await, None, "whose app said nothing for an hour is out");
}
