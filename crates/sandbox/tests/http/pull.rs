//! The long poll: what it tells, when it wakes, and each open reading of it.

use crate::lab::{Lab, names};
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_poll_tells_everything_at_once() {
    let lab = Lab::open().await;
    let whole = lab.whole().await;
    for key in ["activities", "announcements", "extension", "hash", "missedChannels", "queues", "reloadUser"]
    {
        assert!(whole.get(key).is_some(), "{key} in {whole}");
    }
    let line = &whole["extension"];
    assert_eq!(
        (&line["state"], &line["exten_status"], &line["id_pause"]),
        (&json!("Session"), &json!("Unavailable"), &Value::Null)
    );
    assert_eq!(line["id_agent"]["profile"]["name"], "agents");
}

#[tokio::test]
async fn a_poll_without_news_ends_with_the_hash_only() {
    let lab = Lab::with(&[("poll_hold", "0")]).await;
    let hash = lab.whole().await["hash"].clone();
    assert_eq!(lab.pull(hash.as_str().unwrap()).await, json!({"hash": hash}));
}

#[tokio::test]
async fn a_waiting_poll_wakes_with_only_the_keys_that_changed() {
    let lab = Lab::open().await;
    lab.ready().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    let (news, id) = tokio::join!(lab.pull(&hash), async { lab.ring() });
    let mut keys: Vec<_> = news.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["activities", "extension", "hash"], "as the document's diagram says");
    let row = &news["activities"][0];
    assert_eq!((&row["name"], &row["action"], &row["type"]), (&json!(id), &json!("WAIT"), &json!("CALL")));
    assert_eq!(
        (&row["user"]["name"], &row["item"]["_sys"]["model"]),
        (&json!("ida"), &json!("activitiesCall"))
    );
    assert_eq!(
        row["item"]["activities"][0]["item"].as_i64(),
        lab.result(&format!("activities/{id}")).await["item"]["activities"][0]["item"].as_i64()
    );
    assert!(row["item"]["activities"][0]["item"].is_i64(), "inside an item the item is a number");
}

#[tokio::test]
async fn an_unknown_hash_is_answered_with_everything_or_refused() {
    let lab = Lab::open().await;
    for unknown in ["not-a-hash", "0000000100000000deadbeef", "ffffffff0000000000000001"] {
        assert!(lab.pull(unknown).await.get("extension").is_some(), "{unknown}");
    }
    lab.control().switch("unknown_hash", "reject").unwrap();
    assert_eq!(lab.get("appPullData?hash=not-a-hash").await.0, 400);
}

#[tokio::test]
async fn a_restart_forgets_hashes_and_on_demand_tokens() {
    let mut lab = Lab::with(&[("unknown_hash", "reject")]).await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    let login = json!({"username": "ida", "password": "practice-ida", "only_token": true});
    let session = lab.post("login", login).await.1["result"].as_str().unwrap().to_owned();
    lab.control().run("POST", "/restart", json!({"forget_tokens": true})).unwrap();
    reopened(&lab).await;
    assert_eq!(lab.get(&format!("appPullData?hash={hash}")).await.0, 400);
    assert!(lab.whole().await.get("extension").is_some(), "a static token survives");
    lab.token = session;
    assert_eq!(lab.get("whoim").await.1["result"]["user"], Value::Null);
}

/// Waits until the door is open again after a restart.
async fn reopened(lab: &Lab) {
    let mut tries = 0;
    while lab.http.get(lab.url("whoim")).send().await.is_err() {
        tries += 1;
        assert!(tries < 2_000, "the door stays closed");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn delta_tells_the_changed_rows_and_a_closed_one_once_more() {
    let lab = Lab::with(&[("pull", "delta"), ("poll_hold", "0"), ("close_live", "hangup")]).await;
    lab.ready().await;
    let first = lab.ring();
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.put(&format!("activities/{first}"), json!({"action": "OPEN"})).await;
    let ring = offhook_sandbox::Ring { channel: Some("chat".into()), ..Default::default() };
    lab.post("usersSession", json!({"queues": [{"name": "3002", "login": true, "penalty": "0"}]})).await;
    let chat = lab.control().ring(ring).unwrap();
    let news = lab.pull(&hash).await;
    assert_eq!(names(&news["activities"]), [first.clone(), chat.clone()]);
    let hash = news["hash"].as_str().unwrap().to_owned();
    lab.put(&format!("activities/{first}"), json!({"action": "CLOSE", "statuses": ["solved"]})).await;
    let news = lab.pull(&hash).await;
    assert_eq!(names(&news["activities"]), [first], "only what changed");
    assert_eq!(news["activities"][0]["action"], "CLOSE");
    let whole = lab.whole().await;
    assert_eq!(names(&whole["activities"]), [chat], "a full answer leaves it out");
}

#[tokio::test]
async fn full_leaves_out_what_is_over() {
    let lab = Lab::open().await;
    lab.ready().await;
    let id = lab.ring();
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.control().hangup(&id).unwrap();
    let news = lab.pull(&hash).await;
    assert_eq!((&news["activities"], &news["missedChannels"]), (&json!([]), &json!(1)));
}

#[tokio::test]
async fn every_dress_of_the_answer_can_be_had() {
    let switches = [
        ("activities", "map"),
        ("pull_place", "top"),
        ("missed", "string"),
        ("reload_user", "int"),
        ("pause_since", "both"),
        ("device_name", "first"),
        ("channels", "map"),
        ("hash", "awkward"),
        ("error_on_success", "null"),
        ("envelope", "old"),
        ("rdata", "absent"),
        ("poll_hold", "0"),
    ];
    let lab = Lab::with(&switches).await;
    lab.ready().await;
    lab.post("usersSession", json!({"extension": "291"})).await;
    let id = lab.ring();
    let (_, body) = lab.get("appPullData?hash=").await;
    assert!(body.get("result").is_none() && body.get("_timezone").is_none() && body["error"].is_null());
    assert_eq!(body["activities"][&id]["action"], "WAIT");
    assert!(body["activities"][&id]["item"]["channels"].is_object());
    assert_eq!((&body["missedChannels"], &body["reloadUser"]), (&json!("0"), &json!(0)));
    assert_eq!(body["extension"]["exten"], "301");
    assert!(body["extension"].get("onpause").is_some() && body["extension"].get("on_pause").is_some());
    assert!(body["queues"][0].get("_rdata").is_none());
    let hash = body["hash"].as_str().unwrap();
    assert!(hash.contains('+') && hash.contains('/') && hash.ends_with('='));
    let encoded: String = url::form_urlencoded::byte_serialize(hash.as_bytes()).collect();
    assert_eq!(lab.get(&format!("appPullData?hash={encoded}")).await.1["hash"], hash);
}

#[tokio::test]
async fn reload_user_is_told_once() {
    let lab = Lab::open().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    lab.control().run("POST", "/agents/ida/reload", json!({})).unwrap();
    let news = lab.pull(&hash).await;
    assert_eq!(news["reloadUser"], true);
    assert_eq!(lab.whole().await["reloadUser"], false);
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_the_poll_that_waits() {
    let lab = Lab::open().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    let path = format!("appPullData?hash={hash}");
    let control = lab.control();
    let revoke = async { control.run("POST", "/tokens/revoke", json!({"user": "ida"})).unwrap() };
    let (told, _) = tokio::join!(lab.get(&path), revoke);
    assert_eq!(told, (401, Value::Null));
}

#[tokio::test]
async fn polls_in_flight_are_counted_even_when_the_client_goes_away() {
    let lab = Lab::open().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    let path = format!("appPullData?hash={hash}");
    let state = || lab.control().state()["agents"]["ida"].clone();
    {
        let poll = lab.get(&path);
        tokio::pin!(poll);
        while state()["polls_in_flight"] == 0 {
            tokio::select! {
                _ = &mut poll => panic!("no news was expected"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let mut tries = 0;
    while state()["polls_in_flight"] != 0 {
        tries += 1;
        assert!(tries < 200_000, "the abandoned poll is still counted");
        tokio::task::yield_now().await;
    }
    assert_eq!(state()["most_polls_in_flight"], 1);
}

#[tokio::test]
async fn the_moment_of_writing_the_ring_is_in_the_journal() {
    let lab = Lab::open().await;
    lab.ready().await;
    let hash = lab.whole().await["hash"].as_str().unwrap().to_owned();
    let (_, id) = tokio::join!(lab.pull(&hash), async { lab.ring() });
    let events = lab.control().events(0);
    let at = |what: &str| {
        let line = events.iter().find(|e| e["event"] == what && e["detail"].as_str().unwrap() == id);
        line.unwrap_or_else(|| panic!("{what} in {events:?}"))["t_us"].as_u64().unwrap()
    };
    assert!(at("activity.ringing") <= at("call.ringing_written"));
}
