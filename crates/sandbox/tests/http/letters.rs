//! What is written on tickets: comments, answers, drafts, letters sent on, short messages, and the letters that a careless
//! reader stumbles over.

use crate::lab::Lab;
use serde_json::{Value, json};

fn truth(lab: &Lab, number: i64) -> Value {
    lab.control().run("GET", &format!("/tickets/{number}"), json!({})).unwrap()
}

fn messages(truth: &Value) -> Vec<&Value> {
    truth["entries"].as_array().unwrap().iter().filter(|e| e["event"].is_null()).collect()
}

fn from_customer(lab: &Lab, title: &str) -> i64 {
    let opened = json!({"title": title, "html": "<p>Where is my <b>chair</b>?</p>", "contact": "contacts_0001",
        "files": [{"name": "chair.txt", "type": "text/plain", "text": "brown"}]});
    lab.control().run("POST", "/tickets", opened).unwrap()["ticket"].as_i64().unwrap()
}

#[tokio::test]
async fn a_customers_letter_is_an_activity_with_an_email_behind_it() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    let ticket = lab.result(&format!("tickets/{number}")).await;
    assert_eq!(
        (&ticket["unread"], &ticket["has_attachment"], &ticket["user"]),
        (&json!(true), &json!(true), &Value::Null)
    );
    let activities = lab.rows(&format!("tickets/{number}/activities")).await;
    assert_eq!(activities.len(), 1, "that it was opened is no activity");
    let letter = &activities[0];
    assert_eq!(
        (&letter["type"], &letter["action"], &letter["ticket"]["name"]),
        (&json!("EMAIL"), &json!("CLOSE"), &json!(number))
    );
    let item = &letter["item"];
    assert_eq!(
        (&item["direction"], &item["text"]),
        (&json!("in"), &json!("<p>Where is my <b>chair</b>?</p>"))
    );
    assert_eq!(item["attachments"][0]["title"], "chair.txt");
    assert_eq!(
        item["options"]["headers"]["ticket"],
        json!(number.to_string()),
        "the header's ticket is text"
    );
    let name = item["name"].as_str().unwrap();
    assert_eq!(lab.result(&format!("activitiesEmail/{name}")).await["text"], item["text"]);
    let mails = lab
        .rows(&format!(
            "activitiesEmail?take=1000&filter[field]=name&filter[operator]=eq&filter[value]={name}"
        ))
        .await;
    assert_eq!(mails[0]["activities"][0]["name"], letter["name"]);
    let original = format!(
        "{}/internal/activity/{}/originalMessage",
        lab.sandbox.daktela_url(),
        letter["name"].as_str().unwrap()
    );
    let original: Value =
        lab.http.get(original).header("X-AUTH-TOKEN", &lab.token).send().await.unwrap().json().await.unwrap();
    assert_eq!(original["result"], item["text"]);
}

#[tokio::test]
async fn an_answer_reaches_the_customer_once_and_the_ticket_knows_who_spoke_last() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    let mail = json!({"type": "EMAIL", "ticket": number, "subject": "Re: Chair", "message": "<p>On its way.</p>",
        "to": "marie@example.com", "cc": "team@example.org", "queue": "3001", "duration": 0, "sendMail": true});
    let (status, body) = lab.post("activities", mail).await;
    assert_eq!((status, &body["result"]["item"]["state"]), (201, &json!("SENT")));
    let name = body["result"]["name"].as_str().unwrap();
    assert_eq!(
        lab.result(&format!("activities/{name}")).await["item"]["options"]["headers"]["cc"][0]["address"],
        "team@example.org"
    );
    let told = truth(&lab, number);
    let written = messages(&told);
    assert_eq!(written.len(), 2);
    assert_eq!(written[1]["author"], json!({"agent": "ida"}));
    assert_eq!(
        (&written[1]["to"], &written[1]["body"]["text"]),
        (&json!("marie@example.com"), &json!("<p>On its way.</p>"))
    );
    let ticket = lab.result(&format!("tickets/{number}")).await;
    assert!(ticket["first_answer"].is_string() && ticket["unread"] == false);
    assert!(ticket["last_activity_operator"].as_str() >= ticket["last_activity_client"].as_str());
    for wrong in [json!({"to": ""}), json!({"to": "nobody"})] {
        let mut mail = json!({"type": "EMAIL", "ticket": number, "message": "x", "sendMail": true});
        mail["to"] = wrong["to"].clone();
        let (status, body) = lab.post("activities", mail).await;
        assert!(status == 400 && body["error"]["form"]["to"].is_string(), "{body}");
    }
    assert_eq!(messages(&truth(&lab, number)).len(), 2, "what is refused is not written");
}

#[tokio::test]
async fn a_comment_is_seen_by_colleagues_only_and_may_be_corrected() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    let (status, body) = lab
        .post("activities", json!({"ticket": number, "type": "", "description": "<p>Calld back</p>"}))
        .await;
    assert_eq!(
        (status, &body["result"]["item"], &body["result"]["user"]["name"]),
        (201, &Value::Null, &json!("ida"))
    );
    let name = body["result"]["name"].as_str().unwrap().to_owned();
    assert_eq!(
        lab.put(&format!("activities/{name}"), json!({"description": "<p>Called back</p>"})).await.0,
        200
    );
    let told = truth(&lab, number);
    let note = *messages(&told).last().unwrap();
    assert_eq!((&note["channel"], &note["direction"]), (&json!("comment"), &json!("internal")));
    assert_eq!(note["body"]["text"], "<p>Called back</p>");
    assert_eq!(told["last_by_agent"], Value::Null, "no answer to the customer");
}

#[tokio::test]
async fn a_letter_is_sent_on_with_its_files_from_a_draft() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    let letter = &lab.rows(&format!("tickets/{number}/activities")).await[0];
    let options = json!({"item": {"model": "activitiesEmail", "name": letter["item"]["name"]}, "replyAction": "forward"});
    let (status, body) =
        lab.post("activities", json!({"action": "OPEN", "type": "EMAIL", "options": options})).await;
    let draft = &body["result"];
    assert_eq!(
        (status, &draft["action"], &draft["title"]),
        (201, &json!("OPEN"), &json!("Fwd: Chair")),
        "{body}"
    );
    assert_eq!(draft["ticket"]["name"], number);
    assert!(draft["item"]["text"].as_str().unwrap().contains("<b>chair</b>"));
    assert_eq!(draft["item"]["attachments"][0]["title"], "chair.txt");
    assert_eq!(messages(&truth(&lab, number)).len(), 1, "a draft is not in the conversation");
    let path = format!("activities/{}", draft["name"].as_str().unwrap());
    let mut send = json!({"message": "<p>Please look at this.</p>", "queue": "3001", "subject": "Fwd: Chair",
        "action": "CLOSE", "sendMail": true, "statuses": ["information"]});
    let (status, body) = lab.put(&path, send.clone()).await;
    assert_eq!((status, &body["error"]["form"]["to"]), (400, &json!("Entry is required")));
    send["to"] = json!("warehouse@example.org");
    let (status, body) = lab.put(&path, send).await;
    assert_eq!((status, &body["result"]["item"]["state"]), (200, &json!("SENT")), "{body}");
    let told = truth(&lab, number);
    assert_eq!(messages(&told).len(), 2);
    assert_eq!(messages(&told)[1]["to"], "warehouse@example.org");
    assert_eq!(told["last_by_agent"], Value::Null, "the customer has no answer by it");
    let (_, body) = lab
        .post(
            "activities",
            json!({"action": "OPEN", "type": "EMAIL", "options":
        {"item": {"model": "activitiesEmail", "name": "emails_none"}, "replyAction": "reply"}}),
        )
        .await;
    assert!(body["error"]["form"]["options"].is_string());
}

#[tokio::test]
async fn a_short_message_belongs_to_its_ticket() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    let sms = json!({"queue": "3003", "type": "SMS", "action": "CLOSE", "ticket": number, "number": "+442079460123", "text": "Your chair is here"});
    let (status, body) = lab.post("activities", sms).await;
    assert_eq!((status, &body["result"]["item"]["direction"]), (201, &json!("OUT")));
    let told = truth(&lab, number);
    assert_eq!(messages(&told)[1]["channel"], "sms");
    assert_eq!(messages(&told)[1]["body"], json!({"html": false, "text": "Your chair is here"}));
}

#[tokio::test]
async fn every_channel_has_a_conversation_with_what_is_behind_it() {
    let lab = Lab::open().await;
    let models = [
        ("EMAIL", "activitiesEmail"),
        ("CHAT", "activitiesWeb"),
        ("SMS", "activitiesSms"),
        ("FBM", "activitiesFbm"),
        ("IGDM", "activitiesIgdm"),
        ("WAP", "activitiesWap"),
        ("VBR", "activitiesVbr"),
    ];
    let channels = ["email", "chat", "sms", "facebook", "instagram", "whatsapp", "viber"];
    for ((kind, model), channel) in models.into_iter().zip(channels) {
        let opened = json!({"title": "Hi", "text": "Hello?", "channel": channel});
        let number = lab.control().run("POST", "/tickets", opened).unwrap()["ticket"].as_i64().unwrap();
        let activity = lab.rows(&format!("tickets/{number}/activities")).await[0].clone();
        assert_eq!((&activity["type"], &activity["item"]["_sys"]["model"]), (&json!(kind), &json!(model)));
        let name = activity["item"]["name"].as_str().unwrap();
        assert_eq!(lab.get(&format!("{model}/{name}")).await.0, 200, "{model}");
        if channel != "email" {
            let lines = lab.rows(&format!("{model}/{name}/messages")).await;
            assert_eq!(
                (&lines[0]["text"], &lines[0]["direction"]),
                (&json!("Hello?"), &json!("IN")),
                "{model}"
            );
        }
    }
}

#[tokio::test]
async fn a_call_that_joins_a_ticket_stands_in_its_conversation_and_changes_it() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    lab.ready().await;
    let call = format!("activities/{}", lab.ring());
    assert_eq!(lab.put(&call, json!({"action": "OPEN"})).await.0, 200);
    let before = truth(&lab, number)["changed"].as_i64();
    assert_eq!(lab.put(&call, json!({"ticket": number})).await.0, 200);
    let told = truth(&lab, number);
    assert!(told["changed"].as_i64() > before);
    assert_eq!(messages(&told)[1]["channel"], "call");
    let rows = lab
        .rows(&format!(
            "tickets/{number}/activities?filter[field]=type&filter[operator]=eq&filter[value]=CALL"
        ))
        .await;
    assert_eq!(rows[0]["item"]["_sys"]["model"], "activitiesCall");
    assert_eq!(lab.put(&call, json!({"ticket": 99_999})).await.0, 400);
}

#[tokio::test]
async fn the_lines_of_a_chat_are_told_in_a_list_or_with_it() {
    let lab = Lab::open().await;
    let chats = "activities?take=1000&filter[0][field]=type&filter[0][operator]=eq&filter[0][value]=CHAT";
    let lines_of = |chats: &[Value], model: &str| -> Vec<String> {
        chats.iter().map(|c| format!("{model}/{}/messages", c["item"]["name"].as_str().unwrap())).collect()
    };
    let list = lab.rows(chats).await;
    assert!(list.iter().all(|c| c["item"]["messages"].is_null()));
    let mut longest = 0;
    for path in lines_of(&list, "activitiesWeb") {
        longest = longest.max(lab.rows(&path).await.len());
    }
    assert_eq!(longest, 2, "somebody asked and somebody answered");
    lab.control().switch("chat_lines", "item").unwrap();
    let list = lab.rows(chats).await;
    let both = list.iter().find(|c| c["item"]["messages"].as_array().unwrap().len() == 2).unwrap();
    let lines = &both["item"]["messages"];
    assert_eq!((&lines[0]["direction"], &lines[1]["direction"]), (&json!("IN"), &json!("OUT")));
    assert!(lines[1]["user"].is_object() || lines[1]["user"].is_string());
}

#[tokio::test]
async fn what_was_done_before_the_answer_was_lost_is_done() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    lab.control()
        .fault(json!({"kind": "lost_answer", "route": "activities", "method": "POST", "count": 1}))
        .unwrap();
    let mail = json!({"type": "EMAIL", "ticket": number, "message": "<p>Once.</p>", "to": "marie@example.com", "sendMail": true});
    assert!(lab.request(reqwest::Method::POST, "activities").json(&mail).send().await.is_err());
    let told = truth(&lab, number);
    let once = messages(&told).into_iter().filter(|m| m["body"]["text"] == "<p>Once.</p>").count();
    assert_eq!(once, 1, "the letter went out although nobody heard of it");
    lab.control()
        .fault(json!({"kind": "drop", "route": "activities", "method": "POST", "count": 1}))
        .unwrap();
    assert!(lab.request(reqwest::Method::POST, "activities").json(&mail).send().await.is_err());
    assert_eq!(messages(&truth(&lab, number)).len(), 2, "and this one did not");
}

#[tokio::test]
async fn a_colleague_may_be_quicker() {
    let lab = Lab::open().await;
    let number = from_customer(&lab, "Chair");
    lab.control()
        .fault(json!({"kind": "conflict", "route": format!("tickets/{number}"), "method": "PUT", "count": 1}))
        .unwrap();
    let (status, body) = lab.put(&format!("tickets/{number}"), json!({"title": "Armchair"})).await;
    assert_eq!(
        (status, &body["result"]["title"], &body["result"]["priority"]),
        (200, &json!("Armchair"), &json!("HIGH"))
    );
    let done = lab.control().run(
        "POST",
        &format!("/tickets/{number}/edit"),
        json!({"agent": "tomas", "owner": "tomas", "state": "waiting"}),
    );
    assert!(done.is_ok());
    let events: Vec<Value> = truth(&lab, number)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| !e["event"].is_null())
        .cloned()
        .collect();
    let by_tomas =
        |what: &str| events.iter().any(|e| e["event"] == what && e["author"] == json!({"agent": "tomas"}));
    assert!(by_tomas("assigned") && by_tomas("state_changed"), "{events:?}");
    assert_eq!(
        lab.control()
            .run("POST", &format!("/tickets/{number}/edit"), json!({"colour": "red"}))
            .unwrap_err()
            .status,
        400
    );
    assert_eq!(lab.control().run("GET", "/tickets/99999", json!({})).unwrap_err().status, 404);
}

#[tokio::test]
async fn letters_of_every_evil_kind_are_there_and_their_traps_count_who_steps_in() {
    let lab = Lab::open().await;
    let all = lab.control().run("GET", "/tickets", json!({})).unwrap();
    let titled = |title: &str| {
        let rows = all.as_array().unwrap().iter();
        rows.rev().find(|t| t["title"] == title).unwrap()["number"].as_i64().unwrap()
    };
    let text = |number: i64| {
        let told = truth(&lab, number);
        let letter = messages(&told)[0].clone();
        letter["body"]["text"].as_str().unwrap().to_owned()
    };
    let evil = text(titled("A special offer for you"));
    assert!(evil.contains("<script>") && evil.contains("onerror=") && !evil.contains("{trap}"));
    let trap = format!("{}/pixel?img", lab.sandbox.control_url());
    assert!(evil.contains(&trap));
    assert_eq!(lab.control().state()["pixels"], json!([]));
    let got = lab.http.get(&trap).send().await.unwrap();
    assert!(got.status().is_success() && got.headers()["content-type"] == "image/gif");
    assert_eq!(lab.control().state()["pixels"], json!(["img"]));
    assert!(text(titled("Every night, in detail")).len() > 250_000);
    assert_eq!(text(titled("(no subject)")), "");
    let odd = lab.result(&format!("tickets/{}", titled("Of another time"))).await;
    assert_eq!(
        (&odd["last_activity_operator"], &odd["first_answer"]),
        (&json!("0000-00-00 00:00:00"), &json!("2026-02-31 25:61:00"))
    );
    let pictures = titled("Fotografie poškození");
    let files = lab.rows(&format!("tickets/{pictures}/activities")).await[0]["item"]["attachments"].clone();
    assert_eq!((&files[0]["inline"], &files[0]["cid"]), (&json!("1"), &json!("damage@offhook.example")));
    assert_eq!(lab.rows("tickets?take=1000").await.len(), all.as_array().unwrap().len());
}

#[tokio::test]
async fn tickets_live_at_the_rate_that_is_asked_for() {
    let lab = Lab::open().await;
    let changes = || {
        let tickets = lab.control().run("GET", "/tickets", json!({})).unwrap();
        tickets.as_array().unwrap().iter().map(|t| t["changed"].as_i64().unwrap()).max().unwrap()
    };
    let before = changes();
    lab.control().run("POST", "/tickets/rate", json!({"per_second": 10})).unwrap();
    lab.control().advance(20);
    lab.control().run("POST", "/tickets/rate", json!({"per_second": 0})).unwrap();
    let written = lab.control().events(0).into_iter().filter(|e| e["event"] == "ticket.written").count();
    assert!(changes() > before && written > 50, "{written} messages in twenty seconds");
}

#[tokio::test]
async fn a_large_world_is_there_on_demand_and_lists_pages_of_it() {
    let lab = Lab::from(offhook_sandbox::Options { tickets: 3_000, seed: 7, ..Default::default() }).await;
    let page = lab
        .result("tickets?take=1000&skip=2000&sort[0][field]=edited&sort[0][dir]=desc&fields=name,edited")
        .await;
    assert_eq!((page["total"].as_i64(), page["data"].as_array().map(Vec::len)), (Some(3_000), Some(1_000)));
    let times: Vec<&str> =
        page["data"].as_array().unwrap().iter().filter_map(|t| t["edited"].as_str()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let all = lab.control().run("GET", "/tickets", json!({})).unwrap();
    for state in ["open", "waiting", "closed", "archived"] {
        assert!(all.as_array().unwrap().iter().any(|t| t["state"] == state), "{state}");
    }
}
