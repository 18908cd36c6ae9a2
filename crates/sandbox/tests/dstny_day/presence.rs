//! What somebody says to be doing: one state, however it is written and read; its end; scheduled presence; shortcuts.

use crate::lab::{Lab, PATIENCE, told};
use serde_json::{Value, json};

const PIDF: &str = "application/pidf+xml";

#[tokio::test]
async fn every_path_writes_the_one_state_and_reads_it() {
    let lab = Lab::open().await;
    assert_eq!(lab.done("PUT", "/user/info/D/activity/lunch").await, "lunch", "bare text");
    let presence = lab.read("/user/info/D/presence").await;
    assert_eq!(presence["activity"], json!({"id": "lunch", "expiration": "NEVER", "available": false}));
    let me = "/contacts/info/v1/offhook.example/ida@offhook.example";
    lab.done("PUT", &format!("{me}/note?note=Zp%C3%A1tky%20v%205")).await;
    lab.done("PUT", "/contacts/info/offhook.example/ida/role/private").await;
    let presence = lab.read("/user/info/D/presence").await;
    assert_eq!((&presence["note"], &presence["role"]), (&json!("Zpátky v 5"), &json!("Private")));
    assert_eq!(presence["activity"]["id"], "lunch", "a note changes nothing else");
    assert_eq!(lab.read("/user/info/D/available").await, "false");
    lab.done("PUT", &format!("{me}/activity/busy?available=true")).await;
    assert_eq!(lab.read("/contacts/info/offhook.example/ida/available").await, "true");
    assert_eq!(lab.read("/user/info/D/activity").await, "busy");
    let seen = lab.request("tomas", "GET", "/contacts/list/offhook.example/tomas?query=Lindqvist");
    let seen = told(seen.send().await.unwrap()).await.1;
    assert_eq!(seen["contact"][0]["presence"]["note"], "Zpátky v 5", "colleagues see it");
    let body = json!({"presence": {"activity": {"id": "meeting", "expiration": "2099-01-01T10:00:00Z"}, "note": ""}});
    let (_, answer) = lab.send("PUT", "/contacts/info/offhook.example/ida/presence/update", body).await;
    assert_eq!(
        (&answer["forbidden"], &answer["presence"]["activity"]["id"]),
        (&json!([]), &json!("meeting"))
    );
    assert_eq!(lab.read("/user/info/D/expires").await, "2099-01-01T10:00:00Z");
}

#[tokio::test]
async fn an_activity_ends_on_the_worlds_clock() {
    let lab = Lab::open().await;
    lab.done("PUT", "/user/info/D/activity/lunch").await;
    lab.done("PUT", "/user/info/D/note/Soup").await;
    assert_eq!(lab.read("/user/info/D/expires").await, "never");
    let now = lab.control().state()["now_ms"].as_i64().unwrap();
    lab.done("PUT", &format!("/user/info/D/expires/{}", now + 3_600_000)).await;
    lab.control().advance(1_800);
    assert_eq!(lab.read("/user/info/D/activity").await, "lunch");
    lab.control().advance(1_801);
    let presence = lab.read("/user/info/D/presence").await;
    assert_eq!(presence["activity"], json!({"id": "available", "expiration": "NEVER", "available": true}));
    assert_eq!(presence["note"], "Soup", "the note stays");
    lab.done("PUT", "/user/info/D/activity/busy").await;
    lab.done("PUT", &format!("/user/info/D/expires/{}", now + 9_000_000)).await;
    lab.done("PUT", "/user/info/D/expires/never").await;
    lab.control().advance(18_000);
    assert_eq!(lab.read("/user/info/D/activity").await, "busy", "an end that was taken back does not come");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_reason() {
    let lab = Lab::open().await;
    let long = format!("/contacts/info/v1/offhook.example/ida/note?note={}", "x".repeat(251));
    for (path, status, code) in [
        ("/user/info/D/activity/dancing", 400, "activity.does.not.exist"),
        ("/user/info/D/expires/tomorrow", 400, "expires.invalid"),
        ("/contacts/info/offhook.example/ida/role/king", 400, "role.does.not.exist"),
        (&long, 400, "note.too.long"),
        ("/contacts/info/v1/offhook.example/nobody/activity/busy", 404, "contact.does.not.exist"),
        ("/contacts/info/v1/offhook.example/tomas/activity/busy", 403, "presence.not.writable"),
        ("/user/info/offhook.example/tomas/activity/busy", 403, "user.not.allowed"),
        ("/user/info/offhook.example/nobody/activity/busy", 400, "user.does.not.exist"),
    ] {
        assert_eq!(Lab::refusal(&lab.ask("PUT", path).await, status), code, "{path}");
    }
}

#[tokio::test]
async fn who_may_not_write_is_told_the_old_state_and_a_supervisor_may() {
    let lab = Lab::open().await;
    let path = "/contacts/info/offhook.example/kenji/presence";
    let busy = json!({"activity": {"id": "busy"}});
    let (status, silent) = lab.send("PUT", path, busy.clone()).await;
    assert_eq!(
        (status, &silent["activity"]["id"], &silent["noteAccess"]),
        (200, &json!("available"), &json!("NONE"))
    );
    let (_, told_so) = lab.send("PUT", &format!("{path}/update"), busy.clone()).await;
    assert_eq!(told_so["forbidden"], json!(["role", "activity", "note"]));
    let set = told(lab.request("noah", "PUT", path).json(&busy).send().await.unwrap()).await.1;
    assert_eq!((&set["activity"]["id"], &set["noteAccess"]), (&json!("busy"), &json!("WRITE")));
    assert_eq!(lab.read("/contacts/info/offhook.example/kenji/available").await, "false");
}

#[tokio::test]
async fn back_office_people_do_not_show_what_they_do() {
    let lab = Lab::open().await;
    let oisin = lab.read("/contacts/info/v1/offhook.example/oisin").await;
    assert_eq!((oisin["presence"].get("activity"), oisin["presence"].get("note")), (None, None));
    let hidden = lab.ask("GET", "/contacts/info/offhook.example/oisin/available").await;
    assert_eq!(Lab::refusal(&hidden, 403), "presence.not.visible");
}

#[tokio::test]
async fn presence_is_read_and_written_as_pidf() {
    let lab = Lab::open().await;
    let path = "/contacts/info/v1/offhook.example/ida@offhook.example/presence";
    let pidf = |activities: &str| {
        format!(
            "<?xml version='1.0'?><p:presence xmlns:p='urn:ietf:params:xml:ns:pidf' \
             xmlns:d='urn:ietf:params:xml:ns:pidf:data-model' xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' \
             entity='sip:ida@offhook.example'><p:tuple id='a'><p:status><p:basic>closed</p:basic></p:status>\
             <p:note>Fish &amp; chips</p:note></p:tuple><d:person id='b'>{activities}</d:person></p:presence>"
        )
    };
    let put = |body: String| lab.request("ida", "PUT", path).header("Content-Type", PIDF).body(body).send();
    let until = "<r:activities until='2099-05-01T12:00:00Z'><r:meal/></r:activities>";
    assert_eq!(put(pidf(until)).await.unwrap().status(), 200);
    let presence = lab.read("/user/info/D/presence").await;
    let activity = json!({"id": "lunch", "available": false, "expiration": "2099-05-01T12:00:00Z"});
    assert_eq!((&presence["activity"], &presence["note"]), (&activity, &json!("Fish & chips")));
    let got = lab.accepting(PIDF, "tomas", "GET", path).send().await.unwrap();
    assert_eq!(got.headers()["content-type"], PIDF);
    let got = got.text().await.unwrap();
    assert!(
        got.contains("<rpid:meal/>")
            && got.contains("<basic>closed</basic>")
            && got.contains("Fish &amp; chips"),
        "{got}"
    );
    let bad = told(put("<!DOCTYPE x><presence/>".to_owned()).await.unwrap()).await;
    assert_eq!(bad.0, 400);
}

#[tokio::test]
async fn times_are_told_in_the_form_that_is_switched_on() {
    for (form, told) in [
        ("utc", "2099-01-01T10:00:00Z"),
        ("short_offset", "2099-01-01T10:00:00+00"),
        ("millis", "2099-01-01T10:00:00.000+00:00"),
        ("no_zone", "2099-01-01 10:00:00.000"),
    ] {
        let lab = Lab::with(&[("times", form)]).await;
        lab.done("PUT", "/user/info/D/activity/busy").await;
        assert_eq!(lab.done("PUT", "/user/info/D/expires/2099-01-01T10:00:00Z").await, told, "{form}");
        assert_eq!(lab.read("/user/info/D/presence").await["activity"]["expiration"], told);
    }
}

fn starts(presence: &Value, name: &str) -> Vec<(String, bool)> {
    let item = presence["presence"].as_array().unwrap().iter().find(|p| p["name"] == name).unwrap();
    let instances = item["instances"].as_array().unwrap().iter();
    instances.map(|i| (i["dt-start"].as_str().unwrap().to_owned(), i["deleted"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn a_scheduled_series_keeps_its_hour_over_a_change_of_the_clocks_and_has_gaps() {
    let lab = Lab::open().await;
    let path = "/contacts/info/v1/offhook.example/ida/presence";
    let body = json!({"name": "Coffee", "activity": "out_of_office", "dt-start": "2027-03-25T14:30:00Z",
        "dt-end": "2027-03-25T14:45:00Z", "tzid": "Europe/Stockholm", "recur": {"freq": "WEEKLY", "byday": "TH,MO"}});
    let (status, made) = lab.send("POST", path, body).await;
    assert_eq!((status, &made["futurePresenceAccess"]), (200, &json!("WRITE")));
    let id = made["presenceId"].as_str().unwrap();
    let listed =
        format!("{path}?startDate=2027-03-20T00:00:00Z&endDate=2027-04-02T00:00:00Z&expandRecurrence=true");
    let summer = ["2027-03-25T14:30:00Z", "2027-03-29T13:30:00Z", "2027-04-01T13:30:00Z"];
    let expected: Vec<_> = summer.map(|at| (at.to_owned(), false)).into();
    assert_eq!(starts(&lab.read(&listed).await, "Coffee"), expected);
    let gap = format!("{path}/{id}?startDate=2027-03-28T00:00:00Z&untilDate=2027-03-30T00:00:00Z");
    lab.done("DELETE", &gap).await;
    let deleted: Vec<bool> =
        starts(&lab.read(&listed).await, "Coffee").into_iter().map(|(_, gone)| gone).collect();
    assert_eq!(deleted, [false, true, false]);
    lab.done("DELETE", &format!("{path}/{id}")).await;
    assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{path}/{id}")).await, 404), "presence.does.not.exist");
}

#[tokio::test]
async fn a_scheduled_presence_that_cannot_be_is_refused() {
    let lab = Lab::open().await;
    let path = "/contacts/info/v1/offhook.example/ida/presence";
    let good =
        json!({"activity": "lunch", "dt-start": "2027-03-25T14:30:00Z", "dt-end": "2027-03-25T15:00:00Z"});
    for (member, value, code) in [
        ("dt-start", json!("noon"), "time.invalid"),
        ("dt-end", json!("2027-03-25T14:00:00Z"), "end.before.start"),
        ("dt-end", json!("2027-05-25T14:00:00Z"), "presence.too.long"),
        ("activity", json!("dancing"), "activity.does.not.exist"),
        ("tzid", json!("Mars/Olympus"), "timezone.does.not.exist"),
        ("recur", json!({"freq": "SECONDLY"}), "freq.invalid"),
    ] {
        let mut body = good.clone();
        body[member] = value;
        assert_eq!(Lab::refusal(&lab.send("POST", path, body).await, 400), code);
    }
    let theirs = lab.send("POST", "/contacts/info/v1/offhook.example/tomas/presence", good).await;
    assert_eq!(Lab::refusal(&theirs, 403), "presence.not.writable");
    let calendar = lab.read(&format!("{path}?cachedCalendar=true")).await;
    let id = calendar["presence"][0]["presenceId"].as_str().unwrap();
    assert_eq!(calendar["presence"].as_array().unwrap().len(), 1);
    let kept = lab.ask("DELETE", &format!("{path}/{id}")).await;
    assert_eq!(Lab::refusal(&kept, 409), "presence.not.modifiable");
}

#[tokio::test]
async fn time_zones_are_told_for_the_day_that_is_asked_for() {
    let lab = Lab::open().await;
    let offset = |told: Value| told["timezone"][0]["offset"].as_str().unwrap().to_owned();
    let zone = "/contacts/info/v1/timezones?tzid=Europe/Stockholm&when=";
    assert_eq!(offset(lab.read(&format!("{zone}2026-01-15T00:00:00Z")).await), "3600000");
    assert_eq!(offset(lab.read(&format!("{zone}2026-07-15T00:00:00Z")).await), "7200000");
    assert_eq!(lab.ask("GET", "/contacts/info/v1/timezones?tzid=Mars/Olympus").await.0, 404);
}

#[tokio::test]
async fn shortcuts_are_kept_in_their_order_or_refused_as_a_whole() {
    let lab = Lab::open().await;
    let path = "/presence/shortcuts/D";
    let shortcut = |id: &str, order: i64| {
        json!({"id": id, "name": id, "activityId": "lunch", "available": false, "durationType": "MINUTES",
            "durationMinutes": 30, "order": order, "imageId": "ic_shortcut_pizza"})
    };
    let list = json!({"presenceShortcut": [shortcut("b", 2), shortcut("a", 9), shortcut("c", 1)]});
    let (status, kept) = lab.send("PUT", path, list).await;
    let ids: Vec<_> = kept["presenceShortcut"].as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
    assert_eq!((status, ids), (200, vec![json!("c"), json!("b"), json!("a")]));
    let mut bad = shortcut("d", 1);
    for (member, value, code) in [
        ("activityId", json!("dancing"), "activity.does.not.exist"),
        ("durationType", json!("SOON"), "durationType.invalid"),
        ("durationMinutes", json!(0), "field.required"),
        ("imageId", json!("smile"), "imageId.invalid"),
        ("applyDiversionNumber", json!(true), "field.required"),
    ] {
        let good = bad[member].clone();
        bad[member] = value;
        let refused = lab.send("PUT", path, json!({"presenceShortcut": [shortcut("x", 1), bad]})).await;
        assert_eq!(Lab::refusal(&refused, 400), code);
        bad[member] = good;
    }
    let twice =
        lab.send("PUT", path, json!({"presenceShortcut": [shortcut("x", 1), shortcut("x", 2)]})).await;
    assert_eq!(Lab::refusal(&twice, 400), "id.not.unique");
    assert_eq!(lab.read(path).await, kept, "the refused lists changed nothing");
    lab.done("DELETE", &format!("{path}/a")).await;
    assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{path}/a")).await, 404), "shortcut.does.not.exist");
}

/// Reads a stream until a text has come.
async fn heard(stream: &mut reqwest::Response, text: &str) {
    let mut all = String::new();
    while !all.contains(text) {
        let chunk = tokio::time::timeout(PATIENCE, stream.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{text} does not come after {all}")).unwrap();
        all.push_str(&String::from_utf8_lossy(
            &chunk.unwrap_or_else(|| panic!("the stream ends after {all}")),
        ));
    }
}

#[tokio::test]
async fn a_colleague_who_watches_hears_every_change_and_the_end() {
    let lab = Lab::open().await;
    let path = "/contacts/info/v1/offhook.example/ida@offhook.example/presencestate/stream";
    let mut stream = lab.accepting("text/event-stream", "tomas", "GET", path).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    heard(&mut stream, "<basic>open</basic>").await;
    let now = lab.control().state()["now_ms"].as_i64().unwrap();
    lab.done("PUT", "/user/info/D/activity/meeting").await;
    heard(&mut stream, "<rpid:meeting/>").await;
    lab.done("PUT", "/contacts/info/v1/offhook.example/ida/note?note=Room%207").await;
    heard(&mut stream, "Room 7").await;
    lab.done("PUT", &format!("/user/info/D/expires/{}", now + 3_600_000)).await;
    heard(&mut stream, "until=").await;
    lab.control().advance(3_601);
    heard(&mut stream, "<basic>open</basic>").await;
}
