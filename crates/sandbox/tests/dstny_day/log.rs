//! The communication log follows the world's calls.

use crate::lab::{Lab, told};
use serde_json::{Value, json};

const LOG: &str = "/communicationlog/D";

fn items(log: &Value) -> Vec<Value> {
    let wrapped = log["historyItems"].as_array().unwrap().iter();
    wrapped.map(|item| item.as_object().unwrap().values().next().unwrap().clone()).collect()
}

fn ids(log: &Value) -> Vec<i64> {
    items(log).iter().map(|i| i["itemId"].as_i64().unwrap()).collect()
}

async fn newest(lab: &Lab) -> i64 {
    ids(&lab.read(LOG).await).into_iter().max().unwrap()
}

fn ring(lab: &Lab, number: &str) -> String {
    lab.control().run("POST", "/agents/ida/ready", Value::Null).unwrap();
    let ring = json!({"agent": "ida", "queue": 2001, "number": number, "name": "Wren"});
    lab.control().run("POST", "/ring", ring).unwrap()["activity"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_missed_call_is_news_as_soon_as_the_caller_gave_up() {
    let lab = Lab::open().await;
    let last = newest(&lab).await;
    let call = ring(&lab, "+442079460777");
    let since = format!("{LOG}?since={last}");
    assert_eq!(lab.read(&since).await["historyItems"], json!([]), "it still rings");
    lab.control().hangup(&call).unwrap();
    let news = lab.read(&since).await;
    let item = &items(&news)[0];
    assert_eq!(
        (&item["itemType"], &item["isSeen"], &item["duration"]),
        (&json!("MISSED_CALL"), &json!(false), &json!(0))
    );
    assert_eq!(item["remoteParty"], json!({"number": "+442079460777", "displayName": "Wren"}));
    assert_eq!((&news["flushCache"], &news["hintCount"]), (&json!(false), &json!(1)));
    assert!(news["historyItems"][0].get(".CallDTO").is_some());
    let marked = format!("{LOG}/{}?isSeen=true&isPlayed=false&updateCallItem=false", item["itemId"]);
    lab.done("PUT", &marked).await;
    assert_eq!(items(&lab.read(&since).await)[0]["isSeen"], true);
}

#[tokio::test]
async fn a_talk_is_logged_with_its_length_when_it_is_over() {
    let lab = Lab::open().await;
    let last = newest(&lab).await;
    let call = ring(&lab, "+442079460777");
    lab.control().answered_elsewhere(&call, "ida").unwrap();
    lab.control().advance(65);
    let since = format!("{LOG}?since={last}");
    assert_eq!(lab.read(&since).await["historyItems"], json!([]));
    lab.control().hangup(&call).unwrap();
    let item = items(&lab.read(&since).await).remove(0);
    assert_eq!((&item["itemType"], &item["isSeen"]), (&json!("INCOMING_CALL"), &json!(true)));
    assert!((65..600).contains(&item["duration"].as_i64().unwrap()), "{item}");
}

#[tokio::test]
async fn who_was_asked_and_did_not_answer_missed_it_even_if_another_took_it() {
    let lab = Lab::open().await;
    let last = newest(&lab).await;
    let call = ring(&lab, "+442079460777");
    lab.control().ring_times_out(&call).unwrap();
    lab.control().answered_elsewhere(&call, "tomas").unwrap();
    lab.control().hangup(&call).unwrap();
    let missed = items(&lab.read(&format!("{LOG}?since={last}")).await);
    assert_eq!((missed.len(), &missed[0]["itemType"]), (1, &json!("MISSED_CALL")));
    let tomas = lab.request("tomas", "GET", "/communicationlog/offhook.example/tomas?number=%2B442079460777");
    let taken = items(&told(tomas.send().await.unwrap()).await.1);
    assert_eq!((taken.len(), &taken[0]["itemType"]), (1, &json!("INCOMING_CALL")));
}

#[tokio::test]
async fn a_list_is_paged_by_ids_and_narrowed_by_type_number_contact_and_time() {
    let lab = Lab::open().await;
    let all = ids(&lab.read(LOG).await);
    assert!(all.len() > 8 && all.is_sorted(), "{all:?}");
    let (first, middle) = (all[0], all[all.len() / 2]);
    assert_eq!(ids(&lab.read(&format!("{LOG}?since={middle}")).await), all[all.len() / 2 + 1..]);
    assert_eq!(
        ids(&lab.read(&format!("{LOG}?olderThan={middle}&limit=2")).await),
        all[all.len() / 2 - 2..all.len() / 2]
    );
    let page = lab.read(&format!("{LOG}?since={first}&limit=2")).await;
    assert_eq!((ids(&page), &page["hintCount"]), (all[1..3].to_vec(), &json!(all.len() - 1)));
    assert_eq!(ids(&lab.read(&format!("{LOG}?limit=3")).await), all[all.len() - 3..], "the newest");
    assert_eq!(lab.read(&format!("{LOG}?count=true")).await, all.len().to_string());
    let some = items(&lab.read(&format!("{LOG}?itemType=VOICEMAIL&itemType=RECORDING")).await);
    assert!(some.len() == 3 && some.iter().all(|i| i["isPlayed"] == false), "{some:?}");
    let start = some[0]["startTime"].as_str().unwrap();
    assert!(
        items(&lab.read(&format!("{LOG}?sinceTime={start}")).await)
            .iter()
            .all(|i| i["startTime"].as_str().unwrap() > start)
    );
    let number = some[0]["remoteParty"]["number"].as_str().unwrap().replace('+', "%2B");
    let by_number = ids(&lab.read(&format!("{LOG}?number={number}")).await);
    assert!(by_number.contains(&some[0]["itemId"].as_i64().unwrap()) && by_number.len() < all.len());
    let found = lab.read(&format!("/contacts/list/D?query={number}")).await;
    let contact = found["contact"][0]["id"].as_str().unwrap();
    assert_eq!(ids(&lab.read(&format!("{LOG}?contactId={contact}")).await), by_number);
    for (query, code) in [
        ("since=x", "since.invalid"),
        ("sinceTime=noon", "sinceTime.invalid"),
        ("itemType=PIGEON", "itemType.invalid"),
    ] {
        assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{LOG}?{query}")).await, 400), code);
    }
}

#[tokio::test]
async fn an_item_goes_to_the_trash_comes_back_and_is_flagged_or_struck_out() {
    let lab = Lab::open().await;
    let id = newest(&lab).await;
    let item = format!("{LOG}/{id}");
    lab.done("PUT", &format!("{item}/deletiontime?delete=true")).await;
    assert!(!ids(&lab.read(LOG).await).contains(&id));
    assert_eq!(ids(&lab.read(&format!("{LOG}?markAsDelete=true")).await), [id]);
    assert_eq!(lab.ask("GET", &format!("{item}?deleted=true")).await.0, 404);
    lab.done("PUT", &format!("{item}/deletiontime?delete=false")).await;
    assert!(ids(&lab.read(LOG).await).contains(&id));
    lab.done("PUT", &format!("{item}/deleted")).await;
    assert_eq!(ids(&lab.read(&format!("{LOG}?deleted=true")).await), [id]);
    lab.done("DELETE", &format!("{item}?updateCallItem=false")).await;
    assert_eq!(Lab::refusal(&lab.ask("GET", &item).await, 404), "item.does.not.exist");
    assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{LOG}/first")).await, 400), "itemId.invalid");
}

#[tokio::test]
async fn marks_reach_several_items_and_the_call_behind_a_voicemail() {
    let lab = Lab::open().await;
    let voicemail = items(&lab.read(&format!("{LOG}?itemType=VOICEMAIL")).await).remove(0);
    let (id, call) = (&voicemail["itemId"], &voicemail["callItemId"]);
    assert_ne!(*call, 0);
    let marks = "isSeen=true&isPlayed=true&updateCallItem=true";
    let answer = lab.done("PUT", &format!("{LOG}?itemId={id}&itemId=77&itemId=x&{marks}")).await;
    assert_eq!(answer, "77,x", "those that are not there");
    let one = |told: Value| items(&told).remove(0);
    let heard = one(lab.read(&format!("{LOG}/{id}")).await);
    assert_eq!((&heard["isSeen"], &heard["isPlayed"]), (&json!(true), &json!(true)));
    assert_eq!(one(lab.read(&format!("{LOG}/{call}")).await)["isSeen"], true, "the call, too");
    assert_eq!(
        lab.done("PUT", &format!("{LOG}?untilItemId=99999&itemType=MISSED_CALL&isSeen=true")).await,
        Value::Null
    );
    let missed = items(&lab.read(&format!("{LOG}?itemType=MISSED_CALL")).await);
    assert!(missed.len() > 1 && missed.iter().all(|m| m["isSeen"] == true));
    lab.done("DELETE", &format!("{LOG}?itemType=MISSED_CALL&itemType=FAX")).await;
    assert_eq!(lab.read(&format!("{LOG}?itemType=MISSED_CALL&count=true")).await, "0");
    assert_eq!(
        Lab::refusal(&lab.ask("DELETE", LOG).await, 400),
        "field.required",
        "not everything by mistake"
    );
    let unsaid = lab.ask("PUT", &format!("{LOG}/{id}?updateCallItem=true")).await;
    assert_eq!(Lab::refusal(&unsaid, 400), "field.required");
}

#[tokio::test]
async fn a_groups_voicemail_is_heard_by_its_members() {
    let lab = Lab::open().await;
    let inbox = "/communicationlog/groupinbox/D";
    let voicemails = items(&lab.read(inbox).await);
    let support = voicemails.iter().find(|v| v["inboxName"] == "Support").unwrap();
    lab.done("PUT", &format!("{LOG}/{}?isPlayed=true&isSeen=true&updateCallItem=false", support["itemId"]))
        .await;
    let tomas = lab
        .request("tomas", "GET", "/communicationlog/groupinbox/offhook.example/tomas")
        .send()
        .await
        .unwrap();
    let seen = items(&told(tomas).await.1);
    assert_eq!(seen.iter().find(|v| v["itemId"] == support["itemId"]).unwrap()["isPlayed"], true);
    let oisin = lab
        .request("oisin", "GET", "/communicationlog/groupinbox/offhook.example/oisin")
        .send()
        .await
        .unwrap();
    assert_eq!(told(oisin).await.1["historyItems"], json!([]));
}

/// The call that ida speaks on: its id, and the body that a command needs.
async fn talking(lab: &Lab) -> (String, Value) {
    let call = ring(lab, "+442079460777");
    lab.control().answered_elsewhere(&call, "ida").unwrap();
    let state = lab.read("/call/state/v1/user/D").await;
    let call = &state["calls"][0];
    (call["callId"].as_str().unwrap().to_owned(), json!({"stateToken": call["stateToken"]}))
}

#[tokio::test]
async fn a_recorded_talk_can_be_heard_again_afterwards() {
    let lab = Lab::open().await;
    let last = newest(&lab).await;
    let (call, token) = talking(&lab).await;
    let (status, answer) = lab.send("POST", &format!("/call/recording/v1/start/D/{call}"), token).await;
    assert_eq!(status, 200, "{answer}");
    lab.control().advance(30);
    lab.done("DELETE", &format!("/call/control/v1/call/D/{call}")).await;
    let news = lab.read(&format!("{LOG}?since={last}")).await;
    let items = items(&news);
    let recording = items.iter().find(|i| i["itemType"] == "RECORDING").unwrap();
    assert!((30..600).contains(&recording["duration"].as_i64().unwrap()), "{recording}");
    let talk = items.iter().find(|i| i["itemType"] == "INCOMING_CALL").unwrap();
    assert_eq!(recording["callItemId"], talk["itemId"]);
}

#[tokio::test]
async fn a_caller_who_is_passed_to_voicemail_is_found_there() {
    let lab = Lab::open().await;
    let (call, mut body) = talking(&lab).await;
    let found = lab.read("/contacts/list/D?query=Veverka").await;
    let number = found["contact"][0]["preferredNumber"].as_str().unwrap();
    body["blind"] = json!(true);
    body["type"] = json!("VOICEMAIL");
    body["destination"] = json!(format!("tel:{number}"));
    let (status, answer) = lab.send("POST", &format!("/call/control/v1/transfer/D/{call}"), body).await;
    assert_eq!(status, 200, "{answer}");
    let path = "/communicationlog/offhook.example/tomas?itemType=VOICEMAIL&number=%2B442079460777";
    let voicemails = items(&told(lab.request("tomas", "GET", path).send().await.unwrap()).await.1);
    assert_eq!(voicemails.len(), 1, "{voicemails:?}");
    assert_eq!((&voicemails[0]["isPlayed"], &voicemails[0]["isSeen"]), (&json!(false), &json!(false)));
}
