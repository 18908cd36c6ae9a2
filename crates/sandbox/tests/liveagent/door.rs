//! Keys, forms, refusals, limits and faults.

use crate::lab::{Lab, told};
use serde_json::{Value, json};
use std::time::Duration;

/// Long enough for a loopback answer, short enough for a test that waits for none.
const MOMENT: Duration = Duration::from_millis(400);

fn message(body: &Value) -> &str {
    body["response"]["errormessage"].as_str().unwrap()
}

#[tokio::test]
async fn a_key_is_read_from_query_form_and_multipart_also_with_delete_and_by_handler() {
    let lab = Lab::open().await;
    let key = lab.sandbox.liveagent_key();
    let form = [("apikey", key.as_str()), ("name", "Fragile")];
    let bare = |method: &str, path: &str| lab.http.request(method.parse().unwrap(), lab.url(path));
    let made = told(bare("POST", "tags").form(&form).send().await.unwrap()).await;
    assert_eq!((made.0, &made.1["response"]["statuscode"]), (200, &json!("0")), "{}", made.1);
    let tag = made.1["response"]["id"].as_str().unwrap().to_owned();
    let parts = reqwest::multipart::Form::new().text("apikey", key.clone()).text("name", "Handle with care");
    assert_eq!(told(bare("POST", "tags").multipart(parts).send().await.unwrap()).await.0, 200);
    let handler = [("handler", format!("tags/{tag}")), ("apikey", key.clone())];
    let shown = told(bare("GET", "index.php").query(&handler).send().await.unwrap()).await;
    assert_eq!(shown.1["response"]["name"], "Fragile");
    let changed = bare("PUT", &format!("tags/{tag}")).form(&[("apikey", key.as_str()), ("color", "102030")]);
    assert_eq!(told(changed.send().await.unwrap()).await.0, 200);
    assert_eq!(lab.read(&format!("tags/{tag}")).await["color"], "102030");
    let removed = bare("DELETE", &format!("tags/{tag}")).form(&form[..1]).send().await.unwrap();
    assert_eq!(told(removed).await, (200, json!({"response": {"status": "OK", "statuscode": 0}})));
    let (status, body) = lab.get(&format!("tags/{tag}")).await;
    assert_eq!((status, body["response"]["status"].as_str()), (404, Some("ERROR")));
}

#[tokio::test]
async fn each_way_in_which_a_key_is_wrong_is_told_apart() {
    let lab = Lab::open().await;
    let v3 = lab.sandbox.liveagent_users()[0].v3_key.clone();
    let ask = async |path: &str, key: &str| {
        let query = if key.is_empty() { vec![] } else { vec![("apikey", key)] };
        told(lab.http.get(lab.url(path)).query(&query).send().await.unwrap()).await
    };
    assert_eq!(ask("tags", "").await.0, 400);
    assert_eq!(ask("tags", "nonsense").await.0, 401);
    let other = ask("tags", &v3).await;
    assert_eq!((other.0, message(&other.1)), (403, "ApiKey not found"));
    let other = ask("v3/ping", &lab.sandbox.liveagent_key()).await;
    assert_eq!(other, (403, json!({"message": "ApiKey not found"})));
    assert_eq!(lab.v3("GET", "ping").await.0, 200);
    // The v3 key in the header and the v1 key in the query, in one request.
    let both = lab.request("GET", "tags").header("apikey", &v3).send().await.unwrap();
    assert_eq!(both.status(), 200);
}

#[tokio::test]
async fn errors_come_with_the_status_that_the_switch_says() {
    let lab = Lab::with(&[("liveagent_errors", "200"), ("liveagent_missing", "404")]).await;
    let (status, body) = lab.get("conversations/deadbeef").await;
    assert_eq!((status, &body["response"]["statuscode"]), (200, &json!(404)));
    let (status, body) = lab.send("POST", "tags", &[]).await;
    assert_eq!((status, message(&body)), (200, "parameter name is missing"));
    let lab = Lab::with(&[("liveagent_errors", "403"), ("liveagent_put_key", "query")]).await;
    assert_eq!(lab.http.get(lab.url("tags")).send().await.unwrap().status(), 403);
    assert_eq!(lab.get("conversations/deadbeef").await.0, 500);
    let key = lab.sandbox.liveagent_key();
    let id = lab.some("N").await;
    let path = format!("conversations/{id}/status");
    let form = [("apikey", key.as_str()), ("status", "R")];
    assert_eq!(
        lab.http.put(lab.url(&path)).form(&form).send().await.unwrap().status(),
        403,
        "no key in the query"
    );
    lab.done("PUT", &path, &[("status", "R")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_so_many_requests_a_minute_however_many_come_at_once() {
    let lab = Lab::with(&[("rate_limit", "25"), ("liveagent_retry_after", "seconds")]).await;
    let requests = (0..40).map(|_| tokio::spawn(lab.request("GET", "tags").send()));
    let mut statuses = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        let answer = request.await.unwrap().unwrap();
        if answer.status() == 429 {
            let wait: i64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait));
        }
        statuses.push(answer.status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200; 25], vec![429; 15]].concat());
    assert_eq!(lab.v3("GET", "ping").await.0, 200, "another key has its own budget");
    lab.run("/clock/advance", json!({"seconds": 60}));
    assert_eq!(lab.get("tags").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_that_come_at_once_are_all_there_and_each_only_once() {
    let lab = Lab::with(&[("rate_limit", "0")]).await;
    let id = lab.opened();
    let path = format!("conversations/{id}/messages");
    let all = (0..30).map(|n| {
        let form = [("message", format!("answer {n}")), ("useridentifier", "ida@offhook.example".to_owned())];
        tokio::spawn(lab.request("POST", &path).form(&form).send())
    });
    for sent in all.collect::<Vec<_>>() {
        assert_eq!(sent.await.unwrap().unwrap().status(), 200);
    }
    let groups = lab.rows(&path, "groups").await;
    let all = groups.iter().flat_map(|g| g["messages"].as_array().unwrap());
    let mut texts: Vec<&str> = all.filter_map(|m| m["message"].as_str()?.strip_prefix("answer ")).collect();
    texts.sort_by_key(|t| t.parse::<u32>().unwrap());
    assert_eq!(texts, (0..30).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn faults_strike_this_face_too() {
    let lab = Lab::open().await;
    let fault = |fault: Value| lab.sandbox.control().fault(fault).unwrap();
    fault(json!({"kind": "status", "status": 503, "platform": "liveagent", "route": "tags", "count": 1}));
    assert_eq!(lab.request("GET", "tags").send().await.unwrap().status(), 503);
    fault(
        json!({"kind": "status", "status": 429, "retry_after": "3", "route": "conversations.get", "count": 1}),
    );
    let limited = lab.request("GET", "conversations").send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers()["retry-after"].to_str().unwrap()), (429, "3"));
    fault(json!({"kind": "drop", "route": "tags", "count": 1}));
    assert!(lab.request("GET", "tags").send().await.is_err());
    fault(json!({"kind": "truncate", "route": "tags", "count": 1}));
    assert!(lab.request("GET", "tags").send().await.unwrap().text().await.is_err());
    fault(json!({"kind": "malformed", "route": "tags", "count": 1}));
    let spoiled = lab.request("GET", "tags").send().await.unwrap().text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&spoiled).is_err());
    fault(json!({"kind": "half_open", "route": "tags", "count": 1}));
    assert!(tokio::time::timeout(MOMENT, lab.request("GET", "tags").send()).await.is_err());
    assert_eq!(lab.get("tags").await.0, 200);
}

#[tokio::test]
async fn a_lost_answer_was_carried_out_all_the_same() {
    let lab = Lab::open().await;
    let id = lab.opened();
    let path = format!("conversations/{id}/messages");
    let fault = json!({"kind": "lost_answer", "route": "conversations", "method": "POST", "count": 1});
    lab.sandbox.control().fault(fault).unwrap();
    let form = [("message", "only once"), ("useridentifier", "ida@offhook.example")];
    assert!(lab.request("POST", &path).form(&form).send().await.is_err());
    let groups = serde_json::to_string(&lab.read(&path).await).unwrap();
    assert_eq!(groups.matches("only once").count(), 1);
}

#[tokio::test]
async fn somebody_else_changes_the_conversation_just_before() {
    let lab = Lab::open().await;
    let id = lab.opened();
    lab.sandbox.control().fault(json!({"kind": "conflict", "route": "conversations", "count": 1})).unwrap();
    lab.done("PUT", &format!("conversations/{id}/status"), &[("status", "R")]).await;
    let tomas = lab.read("agents/tomas@offhook.example").await;
    assert_eq!(lab.read(&format!("conversations/{id}")).await["assignedto"], tomas["userid"]);
}

#[tokio::test]
async fn files_go_up_in_three_ways_and_come_down_by_their_address() {
    let lab = Lab::with(&[("max_file", "1000")]).await;
    let data = [("name", "hello.txt"), ("type", "text/plain"), ("data", "aGVsbG8gdGhlcmU=")];
    let file = lab.done("POST", "files", &data).await;
    assert_eq!((&file["filesize"], &file["downloads"]), (&json!("11"), &json!("0")));
    let part = reqwest::multipart::Part::bytes(vec![0, 159, 255])
        .file_name("blob.bin")
        .mime_str("image/png")
        .unwrap();
    let form = reqwest::multipart::Form::new().part("file", part);
    let blob =
        told(lab.request("POST", "files").multipart(form).send().await.unwrap()).await.1["response"].clone();
    assert_eq!((&blob["filename"], &blob["filetype"]), (&json!("blob.bin"), &json!("image/png")));
    lab.done("POST", "files", &[("downloadUrl", "https://files.example.org/a/b.pdf")]).await;
    let address = file["downloadUrl"].as_str().unwrap();
    assert!(address.starts_with("//127.0.0.1:"), "{address}");
    let down = lab.http.get(format!("http:{address}")).send().await.unwrap();
    assert_eq!(down.headers()["content-type"], "text/plain");
    assert_eq!(down.bytes().await.unwrap().as_ref(), b"hello there");
    let again = lab.read(&format!("files/{}", file["fileid"].as_str().unwrap())).await;
    assert_eq!(again["downloads"], "1");
    let large = "QUJD".repeat(400);
    let (status, _) = lab.send("POST", "files", &[("name", "l"), ("type", "t/t"), ("data", &large)]).await;
    assert_eq!(status, 413);
    assert_eq!(lab.get("files/nonsense").await.0, 404);
}

#[tokio::test]
async fn moments_are_those_of_the_accounts_zone() {
    for (zone, hours) in [("UTC", 0.0), ("Asia/Kolkata", 5.5)] {
        let lab = Lab::with(&[("account_zone", zone)]).await;
        let before = jiff::Timestamp::now();
        let told = lab.read("application/status").await;
        let shown: jiff::civil::DateTime =
            told["current_server_time"].as_str().unwrap().replace(' ', "T").parse().unwrap();
        let shown = shown.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let ahead = (shown.as_second() - before.as_second()) as f64 - hours * 3_600.0;
        assert!((-1.0..=60.0).contains(&ahead), "{zone}: {ahead}");
    }
}
