//! The calendar: events and series, exceptions, and joining by telephone.

use crate::lab::{Lab, Told, told};
use serde_json::{Value, json};

const EVENTS: &str = "/event/D";

fn meeting(recurring: &str) -> Value {
    json!({"name": "Tea", "dateTimeStart": "2027-03-01T15:00:00Z", "dateTimeEnd": "2027-03-01T15:30:00Z",
        "recurringType": recurring, "organizer": {"firstName": "Ida", "email": "ida@offhook.example"},
        "participants": [{"firstName": "Tomáš", "email": "tomas@offhook.example"}]})
}

async fn made(lab: &Lab, recurring: &str) -> Value {
    let (status, event) = lab.send("POST", EVENTS, meeting(recurring)).await;
    assert_eq!(status, 200, "{event}");
    event["id"].clone()
}

async fn as_tomas(lab: &Lab, method: &str, path: &str, body: &Value) -> Told {
    let path = path.replace("/D", "/offhook.example/tomas");
    told(lab.request("tomas", method, &path).json(body).send().await.unwrap()).await
}

#[tokio::test]
async fn an_event_is_seen_by_those_who_take_part_and_changed_by_its_organizer() {
    let lab = Lab::open().await;
    let path = format!("{EVENTS}/{}", made(&lab, "NONE").await);
    let (_, seen) = as_tomas(&lab, "GET", &path, &Value::Null).await;
    assert_eq!((&seen["name"], seen["pincode"].as_str().unwrap().len()), (&json!("Tea"), 6));
    let refused = as_tomas(&lab, "PUT", &path, &meeting("NONE")).await;
    assert_eq!(Lab::refusal(&refused, 403), "event.not.organizer");
    let kenji =
        lab.request("kenji", "GET", &path.replace("/D", "/offhook.example/kenji")).send().await.unwrap();
    assert_eq!(Lab::refusal(&told(kenji).await, 404), "event.does.not.exist");
    let mut change = meeting("NONE");
    change["name"] = json!("Coffee");
    change["pincode"] = json!("1");
    let (_, changed) = lab.send("PUT", &path, change).await;
    assert_eq!((&changed["name"], &changed["pincode"]), (&json!("Coffee"), &seen["pincode"]));
    lab.done("DELETE", &path).await;
    assert_eq!(lab.ask("GET", &path).await.0, 404);
}

#[tokio::test]
async fn an_event_that_cannot_be_held_is_refused() {
    let lab = Lab::open().await;
    for (member, value, code) in [
        ("dateTimeStart", json!("soon"), "time.invalid"),
        ("dateTimeEnd", json!("2027-03-01T14:00:00Z"), "end.before.start"),
        ("recurringType", json!("OFTEN"), "recurringType.invalid"),
        ("organizer", Value::Null, "field.required"),
    ] {
        let mut body = meeting("NONE");
        body[member] = value;
        assert_eq!(Lab::refusal(&lab.send("POST", EVENTS, body).await, 400), code);
    }
}

#[tokio::test]
async fn one_date_of_a_series_is_changed_and_another_cancelled() {
    let lab = Lab::open().await;
    let id = made(&lab, "DAILY").await;
    let on = |date: &str| format!("/event/occurrence/D/{id}/{date}");
    let planned = lab.read(&on("2027-03-09")).await;
    assert_eq!(
        (&planned["dateTimeStart"], &planned["isUpdated"]),
        (&json!("2027-03-09T15:00:00Z"), &json!(false))
    );
    let mut later = meeting("NONE");
    later["dateTimeStart"] = json!("2027-03-09T16:00:00Z");
    later["dateTimeEnd"] = json!("2027-03-09T16:30:00Z");
    let (_, changed) = lab.send("PUT", &on("2027-03-09"), later).await;
    assert_eq!(
        (&changed["isUpdated"], &changed["dateTimeOld"]),
        (&json!(true), &json!("2027-03-09T15:00:00Z"))
    );
    assert_eq!(lab.read(&on("2027-03-09")).await, changed);
    assert_eq!(lab.done("DELETE", &on("2027-03-10")).await["isCancelled"], true);
    assert_eq!(Lab::refusal(&lab.ask("DELETE", &on("2027-03-10")).await, 409), "occurrence.is.cancelled");
    let event = lab.read(&format!("{EVENTS}/{id}")).await;
    assert_eq!(
        (event["exceptions"].as_array().unwrap().len(), &event["rRule"]),
        (2, &json!("FREQ=DAILY;INTERVAL=1"))
    );
    assert_eq!(Lab::refusal(&lab.ask("GET", &on("2027-02-28")).await, 404), "occurrence.does.not.exist");
    assert_eq!(Lab::refusal(&lab.ask("GET", &on("yesterday")).await, 400), "eventDate.invalid");
}

#[tokio::test]
async fn a_conference_is_joined_by_a_call_and_left() {
    let lab = Lab::open().await;
    let id = made(&lab, "NONE").await;
    let conference = format!("/event/conference/D/{id}");
    assert_eq!(Lab::refusal(&lab.ask("DELETE", &conference).await, 409), "conference.not.joined");
    assert!(lab.done("POST", &conference).await.is_string());
    assert_eq!(Lab::refusal(&lab.ask("POST", &conference).await, 409), "conference.joined");
    let called =
        |state: &Value| state["open"].as_array().unwrap().iter().any(|a| a["address"] == "+442079460800");
    assert!(called(&lab.control().state()));
    lab.control().advance(10);
    lab.until("/contacts/info/offhook.example/ida/linestate", |told| *told == "true").await;
    lab.done("DELETE", &conference).await;
    assert_eq!(lab.read("/contacts/info/offhook.example/ida/linestate").await, "false");
}

#[tokio::test]
async fn a_streams_events_are_read_by_who_takes_part() {
    let lab = Lab::open().await;
    let mut body = meeting("NONE");
    body["moxtraBinderId"] = json!("binder-7");
    assert_eq!(lab.send("POST", EVENTS, body).await.0, 200);
    let of = |who: &str| format!("/event/stream/binder-7/{who}");
    assert_eq!(lab.read(&of("tomas@offhook.example")).await["events"][0]["name"], "Tea");
    assert_eq!(lab.read(&of("kenji@offhook.example")).await["events"], json!([]));
}
