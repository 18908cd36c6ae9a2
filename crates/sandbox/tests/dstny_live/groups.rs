//! Groups, their figures and their log; devices; line states.

use crate::lab::{DESK, Lab};
use serde_json::{Value, json};

const GROUP: &str = "/distributiongroup";

async fn log_in(lab: &Lab, what: &str, group: u32) -> (u16, Value) {
    lab.ask("ida", "PUT", &format!("{GROUP}/{what}/D/ida/{group}/offhook.example"), Value::Null).await
}

#[tokio::test]
async fn logging_in_to_a_group_is_joining_the_worlds_queue() {
    let lab = Lab::open().await;
    let (status, list) = log_in(&lab, "login", 2001).await;
    assert_eq!(status, 200);
    let of = |list: &Value, id: u32| {
        list["group"].as_array().unwrap().iter().find(|g| g["id"] == id).unwrap().clone()
    };
    let group = of(&list, 2001);
    assert_eq!(
        (&group["loggedIn"], &group["loggedInAgents"], &group["freeAgents"]),
        (&json!(true), &json!(1), &json!(1))
    );
    assert_eq!(of(&list, 2000)["loggedIn"], false, "and no other queue");
    assert!(lab.control().state()["agents"]["ida"]["queues"]["2001"].is_number());
    let shown = lab.read("ida", "/acd/group/v2/D/ida/2001/offhook.example").await;
    let ida = shown["agents"].as_array().unwrap().iter().find(|a| a["firstName"] == "Ida").unwrap();
    assert_eq!((&ida["isLoggedIn"], &ida["isAvailable"]), (&json!(true), &json!(true)));
    assert_eq!(log_in(&lab, "logout", 2001).await.0, 200);
    assert_eq!(lab.read("ida", &format!("{GROUP}/list/D/ida")).await["group"][1]["loggedIn"], false);
    assert_eq!(log_in(&lab, "login", 77).await.0, 404);
    assert_eq!(log_in(&lab, "login?ignoreStatistics=true", 77).await.0, 404);
}

#[tokio::test]
async fn agents_log_themselves_in_and_supervisors_others() {
    let lab = Lab::open().await;
    let path =
        |who: &str, action: &str| format!("/acd/agent/v2/D/2001/{who}@offhook.example?action={action}");
    assert_eq!(lab.ask("ida", "PUT", &path("ida", "login"), Value::Null).await, (200, json!("login")));
    assert_eq!(lab.ask("ida", "PUT", &path("tomas", "login"), Value::Null).await.0, 403);
    assert_eq!(lab.ask("noah", "PUT", &path("tomas", "login"), Value::Null).await.0, 200);
    assert_eq!(lab.ask("noah", "PUT", &path("tomas", "dance"), Value::Null).await.0, 400);
    assert!(lab.control().state()["agents"]["tomas"]["queues"]["2001"].is_number());
}

#[tokio::test]
async fn who_is_not_available_gets_no_call_of_the_group_until_available_again() {
    let lab = Lab::open().await;
    log_in(&lab, "login", 2001).await;
    let say = async |activity: &str, available: bool| {
        let path = format!("/user/info/D/ida/activity/{activity}?available={available}");
        assert_eq!(lab.ask("ida", "PUT", &path, Value::Null).await.0, 200);
    };
    say("lunch", false).await;
    assert_eq!(lab.run("/ring", json!({"queue": 2001}))["phase"], "waiting");
    say("available", true).await;
    let id = lab.call("ida").await["callId"].as_str().unwrap().to_owned();
    // Refused, it is offered to others; she has no app that could end a pause, so she is on none.
    lab.ask("ida", "DELETE", &format!("/call/control/v1/call/D/ida/{id}"), Value::Null).await;
    let ida = lab.control().state()["agents"]["ida"].clone();
    assert_eq!((&ida["presence"], &ida["lines"]), (&json!("ready"), &json!([])));
    assert_eq!(lab.run("/ring", json!({"queue": 2001}))["agent"], "ida");
}

#[tokio::test]
async fn the_figures_follow_the_worlds_calls() {
    let lab = Lab::open().await;
    let figures = async || {
        let told = lab.read("ida", "/queue/statistics/D/ida").await;
        told["queue"].as_array().unwrap().iter().find(|q| q["id"] == 2001).unwrap().clone()
    };
    let before = figures().await;
    let rung = lab.run("/ring", json!({"queue": 2001, "number": "+442079460123"}));
    lab.control().advance(30);
    let waiting = figures().await;
    assert_eq!((&waiting["queueLength"], &waiting["number"]), (&json!(1), &json!("+442079460101")));
    assert!(waiting["longestWaiting"].as_i64().unwrap() >= 30);
    lab.run(&format!("/calls/{}/hangup", rung["activity"].as_str().unwrap()), json!({}));
    let after = figures().await;
    let grown = |name: &str| after[name].as_i64().unwrap() - before[name].as_i64().unwrap();
    assert_eq!(
        (grown("droppedCallsLast24h"), grown("totalCallsForPeriod"), grown("answeredCallsForPeriod")),
        (1, 1, 0)
    );
    assert_eq!(lab.read("ida", "/queue/statistics/D/queue/2001").await["queueLength"], 0);
}

#[tokio::test]
async fn a_missed_call_of_the_group_is_taken_care_of() {
    let lab = Lab::open().await;
    let caller = "+442079460177";
    let rung = lab.run("/ring", json!({"queue": 2001, "number": caller}));
    lab.run(&format!("/calls/{}/hangup", rung["activity"].as_str().unwrap()), json!({}));
    let path = format!("{GROUP}/calllog/D/ida/2001?callerNumber=%2B442079460177&itemType=MISSED");
    let log = lab.read("ida", &path).await;
    let item = &log["callLogItem"][0];
    assert_eq!((&item["handledStatus"]["state"], &log["callCountMissed"]), (&json!("UNHANDLED"), &json!(1)));
    let id = item["itemId"].as_i64().unwrap();
    let body = json!({"state": "INPROGRESS", "note": "Ring back on Friday"});
    let (status, done) = lab.ask("ida", "PUT", &format!("{GROUP}/calllog/item/D/ida/{id}"), body).await;
    assert_eq!((status, &done["handledStatus"]["agent"]["userId"]), (200, &json!("ida")));
    let assigned = lab.read("ida", &format!("{GROUP}/assigned/D/ida")).await;
    assert_eq!(assigned["callLogItem"][0]["handledStatus"]["note"], "Ring back on Friday");
    assert_eq!(lab.read("tomas", &format!("{GROUP}/assigned/D/tomas")).await["callLogItem"], json!([]));
    let newer = lab.read("ida", &format!("{GROUP}/calllog/D/ida?since={id}")).await;
    assert_eq!((&newer["callLogItem"], &newer["flushCache"]), (&json!([]), &json!(false)));
    let wrong =
        lab.ask("ida", "PUT", &format!("{GROUP}/calllog/item/D/ida/{id}"), json!({"state": "DONE"})).await;
    assert_eq!(wrong.0, 400);
}

#[tokio::test]
async fn devices_are_listed_named_and_left_out_when_they_cannot_be_reached() {
    let lab = Lab::open().await;
    let short = lab.read("ida", "/device/info/v1/shortlist/D/ida").await;
    assert_eq!(short.as_array().unwrap().len(), 2);
    let name = format!("/device/info/v1/name/D/ida/{DESK}");
    assert_eq!(lab.ask("ida", "PUT", &format!("{name}?name=By+the+window"), Value::Null).await.0, 204);
    assert_eq!(lab.read("ida", &name).await, "By the window");
    assert_eq!(lab.ask("ida", "PUT", &format!("{name}?name={}", "x".repeat(33)), Value::Null).await.0, 400);
    let icon = format!("/device/info/v1/icon/D/ida/{DESK}");
    assert_eq!(lab.ask("ida", "PUT", &format!("{icon}?name=TYPE_2"), Value::Null).await.0, 204);
    assert_eq!(lab.read("ida", &icon).await, "DESKPHONE_TYPE_2");
    let state = json!({"device": "301", "reachable": false});
    lab.run("/agents/ida/device", state);
    assert_eq!(lab.read("ida", "/device/info/v1/shortlist/D/ida").await.as_array().unwrap().len(), 1);
    let list = lab.read("ida", "/device/info/v1/list/D/ida?type=DESKPHONE").await;
    assert_eq!(
        (&list[0]["deviceStatus"], &list[0]["deviceName"]),
        (&json!("INACTIVE"), &json!("By the window"))
    );
    for (switch, expected) in [("list", json!([])), ("object", json!({})), ("nothing", Value::Null)] {
        lab.control().switch("empty_document", switch).unwrap();
        assert_eq!(lab.read("ida", "/device/info/v1/list/D/ida?type=DECT").await, expected);
    }
}

#[tokio::test]
async fn a_line_state_of_another_system_makes_the_line_busy() {
    let lab = Lab::open().await;
    let mut line = lab.stream("tomas", "/contacts/info/v1/D/ida@offhook.example/linestate/stream").await;
    assert!(!line.next().await.data.contains("<dialog "));
    let (status, body) = lab.ask("ida", "POST", "/linestate/D/ida/teams-1", Value::Null).await;
    assert_eq!(status, 200);
    assert!(body["expiresOn"].as_str().unwrap().ends_with("+00"), "an offset of two digits: {body}");
    line.until("confirmed").await;
    assert_eq!(lab.ask("ida", "DELETE", "/linestate/D/ida/teams-1", Value::Null).await.0, 204);
    line.until("terminated").await;
    assert_eq!(lab.ask("ida", "GET", "/linestate/D/ida/teams-1", Value::Null).await.0, 404);
}
