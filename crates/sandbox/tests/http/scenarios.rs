//! What happens by itself: a typical day, a storm, a script.

use crate::lab::Lab;
use offhook_sandbox::{Options, Scenario};
use serde_json::{Value, json};

fn activities(whole: &Value, action: &str) -> usize {
    whole["activities"].as_array().unwrap().iter().filter(|a| a["action"] == action).count()
}

#[tokio::test]
async fn on_a_typical_day_somebody_calls_soon_after_going_ready_and_again_later() {
    let lab = Lab::from(Options { scenario: Scenario::TypicalDay, ..Options::default() }).await;
    lab.control().advance(30);
    lab.ready().await;
    lab.control().advance(5);
    let whole = lab.whole().await;
    assert_eq!(activities(&whole, "WAIT"), 1, "it rings within five seconds");
    assert!(activities(&whole, "") >= 1, "and somebody waits in the bell");
    let state = lab.control().state();
    assert_eq!(
        state["agents"]["tomas"]["presence"], "paused",
        "whom the one in the bell wanted is on a break"
    );
    let ringing = whole["activities"].as_array().unwrap().iter().find(|a| a["action"] == "WAIT").unwrap();
    let path = format!("activities/{}", ringing["name"].as_str().unwrap());
    assert_eq!(lab.put(&path, json!({"action": "OPEN"})).await.0, 200);
    lab.control().advance(40);
    lab.put(&path, json!({"hangup": {"channel": null}})).await;
    let code = if ringing["queue"]["name"] == 2000 { "solved" } else { "order" };
    assert_eq!(lab.put(&path, json!({"action": "CLOSE", "statuses": [code]})).await.0, 200);
    lab.control().advance(19);
    assert_eq!(activities(&lab.whole().await, "WAIT"), 0, "a human pause");
    lab.control().advance(75);
    let state = lab.control().state();
    let arrived = lab
        .control()
        .events(0)
        .iter()
        .filter(|e| e["event"] == "activity.ringing" && e["agent"] == "ida")
        .count();
    assert!(arrived >= 2, "the next one came: {state}");
    let busy = |name: &str| {
        state["agents"][name]["simulated"] == true && state["agents"][name]["presence"] != "signed_out"
    };
    assert!(busy("amara") && busy("kenji"), "colleagues are at work");
}

#[tokio::test]
async fn a_colleague_whom_somebody_drives_is_simulated_no_more() {
    let mut lab = Lab::from(Options { scenario: Scenario::TypicalDay, ..Options::default() }).await;
    lab.control().advance(120);
    lab.token = lab.sandbox.users()[2].access_token.clone();
    assert_eq!(lab.whole().await["extension"]["id_agent"]["name"], "amara");
    let amara = lab.control().state()["agents"]["amara"].clone();
    assert_eq!((&amara["simulated"], &amara["presence"]), (&json!(false), &json!("not_ready")));
    assert_eq!(
        (&amara["devices"], &amara["queues"], &amara["current"]),
        (&json!([]), &json!({}), &json!([]))
    );
}

#[tokio::test]
async fn a_storm_keeps_hundreds_of_agents_at_work() {
    let lab = Lab::from(Options { scenario: Scenario::Storm, agents: 200, ..Options::default() }).await;
    lab.control().advance(180);
    let state = lab.control().state();
    let closed = lab.control().events(0).iter().filter(|e| e["event"] == "activity.closed").count();
    assert!(closed > 100, "{closed} calls were dealt with");
    assert!(state["open"].as_array().unwrap().len() > 20);
}

#[tokio::test]
async fn a_script_plays_its_lines_in_time() {
    let script = std::env::temp_dir().join(format!("offhook-script-{}.json", std::process::id()));
    let lines = json!([
        {"at": 5, "do": "device", "device": "302", "reachable": false},
        {"from": "ready", "at": 1, "do": "ring", "agent": "ida", "number": "+442079460123", "as": "first"},
        {"from": "ready", "at": 4.5, "do": "hangup", "call": "first"},
        {"from": "ready", "at": 6, "do": "ring", "agent": "ida"},
        {"from": "ready", "at": 8, "do": "answered_elsewhere", "agent": "tomas"}
    ]);
    std::fs::write(&script, lines.to_string()).unwrap();
    let lab = Lab::from(Options { scenario: Scenario::File(script.clone()), ..Options::default() }).await;
    std::fs::remove_file(&script).unwrap();
    lab.control().advance(6);
    assert_eq!(lab.control().state()["devices"]["302"]["reachable"], false);
    lab.ready().await;
    lab.control().advance(2);
    assert_eq!(activities(&lab.whole().await, "WAIT"), 1);
    lab.control().advance(3);
    assert_eq!(
        (activities(&lab.whole().await, "WAIT"), lab.whole().await["missedChannels"].as_i64()),
        (0, Some(1))
    );
    lab.control().advance(4);
    let open = lab.control().state()["open"].clone();
    assert_eq!((open.as_array().unwrap().len(), &open[0]["agent"]), (1, &json!("tomas")));
}

#[tokio::test]
async fn a_script_that_cannot_be_read_is_an_error() {
    let missing = Options { scenario: Scenario::File("no-such-script.json".into()), ..Options::default() };
    assert!(offhook_sandbox::start(missing).await.is_err());
}
