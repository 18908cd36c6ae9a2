//! Calls and chats: as conversations, in numbers, and started by v3.

use crate::lab::Lab;
use serde_json::{Value, json};

async fn v3(lab: &Lab, path: &str) -> Value {
    let (status, body) = lab.v3("GET", path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

#[tokio::test]
async fn a_ringing_call_is_a_conversation_of_that_agent_until_it_is_over() {
    let lab = Lab::open().await;
    lab.run("/agents/ida/ready", json!({}));
    let ring = lab.run("/ring", json!({"agent": "ida", "number": "+442079460123"}));
    let activity = ring["activity"].as_str().unwrap();
    let mine = "conversations?status=P&agent=ida@offhook.example";
    let ringing = lab.rows(mine, "conversations").await;
    assert_eq!((ringing.len(), &ringing[0]["channel_type"]), (1, &ringing[0]["channel_type"]));
    assert!(matches!(ringing[0]["channel_type"].as_str(), Some("C" | "W")));
    let id = ringing[0]["conversationid"].as_str().unwrap().to_owned();
    let group = async || {
        let groups = lab.rows(&format!("conversations/{id}/messages"), "groups").await;
        groups.into_iter().find(|g| g["rtype"] == "P").unwrap()
    };
    assert_eq!(group().await["rstatus"], "R");
    let calls = &lab.rows("calls/overview", "callsOverview").await[0];
    assert_eq!(*calls, json!({"running": 0, "ringing": 1, "inqueue": 0}));
    let status = v3(&lab, &format!("calls/{activity}/status")).await;
    assert_eq!((&status["status"], &status["agent"]["email"]), (&json!("R"), &json!("ida@offhook.example")));
    lab.run("/clock/advance", json!({"seconds": 3}));
    let now =
        lab.read("application/status").await["current_server_time"].as_str().unwrap().replace(' ', "%20");
    lab.run(&format!("/calls/{activity}/hangup"), json!({}));
    let changed = lab.rows(&format!("conversations?datechanged=gte:{now}"), "conversations").await;
    assert_eq!(changed.len(), 1, "the end is a change: {changed:?}");
    assert_eq!((&changed[0]["conversationid"], &changed[0]["status"]), (&json!(id), &json!("I")));
    assert!(lab.rows(mine, "conversations").await.is_empty());
    assert_eq!(v3(&lab, &format!("calls/{activity}/status")).await["status"], "F");
}

#[tokio::test]
async fn a_chat_is_a_conversation_too() {
    let lab = Lab::open().await;
    lab.run("/agents/ida/ready", json!({}));
    lab.run("/ring", json!({"agent": "ida", "channel": "chat", "text": "Is anybody there?"}));
    let chats = lab.rows("conversations?status=T&agent=ida@offhook.example", "conversations").await;
    assert_eq!(chats.len(), 1);
    assert!(matches!(chats[0]["channel_type"].as_str(), Some("B" | "I")));
    let path = format!("conversations/{}/messages", chats[0]["conversationid"].as_str().unwrap());
    let told = lab.read(&path).await.to_string();
    assert!(told.contains("Is anybody there?"), "{told}");
    let overview = &lab.rows("chats/overview", "chatsOverview").await[0];
    assert_eq!(
        (&overview["queue"], &overview["ringing"]),
        (&json!(1), &json!(0)),
        "she has not joined the queue"
    );
}

#[tokio::test]
async fn click_to_call_rings_the_agents_telephone_and_then_the_customers() {
    let lab = Lab::with(&[("device_delay", "60000"), ("answer_delay", "60")]).await;
    let ticket = lab.opened();
    let (status, started) =
        lab.v3("POST", &format!("call/_start?to_number=%2B442079460177&ticketId={ticket}")).await;
    assert_eq!(status, 200, "{started}");
    let id = started["id"].as_str().unwrap();
    let status =
        async || v3(&lab, &format!("calls/{id}/status")).await["status"].as_str().unwrap().to_owned();
    assert_eq!(status().await, "R", "her telephone rings first");
    assert_eq!(lab.read(&format!("conversations/{ticket}")).await["status"], "P");
    lab.run("/clock/advance", json!({"seconds": 61}));
    assert_eq!(status().await, "C");
    lab.run(&format!("/calls/{id}/answer"), json!({}));
    let listed = v3(&lab, "calls?_perPage=1").await;
    assert_eq!((&listed[0]["toNumber"], &listed[0]["type"]), (&json!("+442079460177"), &json!("O")));
    assert_eq!(listed[0]["ticketId"], ticket.as_str());
    assert!(listed[0]["dateAnswered"].is_string());
    lab.run(&format!("/calls/{id}/hangup"), json!({}));
    assert_eq!(status().await, "F");
    assert_eq!(lab.v3("POST", "call/_start?to_number=x").await.0, 500);
    assert_eq!(lab.v3("POST", "call/_start").await.0, 500);
    assert_eq!(lab.v3("POST", "call/_start?to_number=%2B442079460177&ticketId=nonsense").await.0, 404);
    assert_eq!(lab.v3("GET", "calls/none/status").await.0, 404);
}

#[tokio::test]
async fn agents_and_their_telephones_are_told() {
    let lab = Lab::open().await;
    let filter = r#"_filters=[["email","E","ida@offhook.example"]]"#;
    let found = v3(&lab, &format!("agents?{filter}")).await;
    assert_eq!((found.as_array().unwrap().len(), &found[0]["online_status"]), (1, &json!("F")));
    let v1 = lab.read("agents/ida@offhook.example").await;
    assert_eq!(found[0]["id"], v1["userid"]);
    lab.run("/agents/ida/ready", json!({}));
    let states = lab.rows("onlinestatus/agents", "agentsOnlineStates").await;
    let letters = states[0]["onlineStatus"].as_str().unwrap();
    assert!(letters.contains('P') && letters.contains('M'), "{letters}");
    lab.run("/agents/ida/pause", json!({"pause": "lunch"}));
    let states = lab.rows("onlinestatus/agents", "agentsOnlineStates").await;
    assert_eq!((&states[0]["onlineStatus"], &states[1]["onlineStatus"]), (&json!("R"), &json!("F")));
    let phones = v3(&lab, "devices?_perPage=100").await;
    let mine: Vec<&Value> =
        phones.as_array().unwrap().iter().filter(|d| d["agentId"] == v1["userid"]).collect();
    assert_eq!(mine.len(), 2);
    let first =
        lab.request("GET", "v3/calls?_perPage=5").header("apikey", &lab.sandbox.liveagent_users()[0].v3_key);
    let first = first.send().await.unwrap();
    let cursor = first.headers().get("next_page_cursor").map(|c| c.to_str().unwrap().to_owned());
    assert_eq!(cursor.as_deref(), Some("5"), "a month of calls has a second page");
}
