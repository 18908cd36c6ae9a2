//! What is written on tickets, and files, against a server that answers what each test says.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

use offhook_daktela::wire::{HttpOptions, Secret};
use offhook_daktela::{BaseUrl, Client, Credential, Error, OutgoingEmail, Uploaded};
use serde_json::{Value, json};
use support::{Server, Then, json as answer};

fn client(server: &Server) -> Client {
    let token = Credential::Token(Secret::new("t-static"));
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), token).unwrap()
}

fn made(result: &Value) -> Then {
    answer("201 Created", "", &json!({"error": [], "result": result}).to_string())
}

fn file() -> Uploaded {
    Uploaded { key: "u1".into(), title: "plan.pdf".into(), kind: "application/pdf".into(), size: 3 }
}

/// What was sent: the request line and the body.
fn sent(server: &Server, at: usize) -> (String, Value) {
    let seen = &server.seen()[at];
    (seen.line.clone(), serde_json::from_str(&seen.body).unwrap())
}

#[tokio::test]
async fn what_is_written_is_written_as_daktelas_own_client_does() {
    let server = Server::start(|_, _| made(&json!({"name": "activities_1"}))).await;
    let client = client(&server);
    let email = OutgoingEmail {
        queue: "3001".into(),
        to: vec!["a@acme.example".into(), "b@acme.example".into()],
        cc: vec!["c@acme.example".into()],
        subject: "Boiler".into(),
        html: "<p>Yes</p>".into(),
        ..OutgoingEmail::default()
    };
    client.comment("2", "<p>Hm</p>").await.unwrap();
    client.comment_with_files("2", "<p>Hm</p>", &[file()]).await.unwrap();
    client.send_email("2", &email).await.unwrap();
    let begun = client.begin_forward("emails_1").await.unwrap();
    client.finish_forward(&begun.name, &OutgoingEmail { files: vec![file()], ..email }).await.unwrap();
    client.send_sms("2", "9001", "+15550100", "On my way").await.unwrap();
    let files = json!({"u1": {"_uid": "u1", "name": "u1", "title": "plan.pdf", "size": 3, "type": "application/pdf"}});
    let expected = [
        ("POST /api/v6/activities.json", json!({"ticket": 2, "type": "", "description": "<p>Hm</p>"})),
        ("PUT /api/v6/tickets/2.json", json!({"comment": "<p>Hm</p>", "comment_add_files": files})),
        (
            "POST /api/v6/activities.json",
            json!({"type": "EMAIL", "ticket": 2, "subject": "Boiler", "message": "<p>Yes</p>", "duration": 0,
                "to": "a@acme.example,b@acme.example", "cc": "c@acme.example", "queue": "3001", "sendMail": true}),
        ),
        (
            "POST /api/v6/activities.json",
            json!({"action": "OPEN", "type": "EMAIL", "options": {"replyAction": "forward",
                "item": {"model": "activitiesEmail", "name": "emails_1"}}}),
        ),
        (
            "PUT /api/v6/activities/activities_1.json",
            json!({"action": "CLOSE", "subject": "Boiler", "message": "<p>Yes</p>", "add_files": files,
                "to": "a@acme.example,b@acme.example", "cc": "c@acme.example", "queue": "3001", "sendMail": true}),
        ),
        (
            "POST /api/v6/activities.json",
            json!({"ticket": 2, "queue": "9001", "type": "SMS", "action": "CLOSE", "number": "+15550100",
                "text": "On my way"}),
        ),
    ];
    for (at, (line, body)) in expected.into_iter().enumerate() {
        assert_eq!(sent(&server, at), (line.to_owned(), body));
    }
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down_with_the_token() {
    let server = Server::start(|_, seen| {
        if seen.line.starts_with("POST") {
            answer("200 OK", "", "\"u1\"")
        } else {
            answer("200 OK", "", "twelve bytes")
        }
    })
    .await;
    let client = client(&server);
    let up = client.upload("plan.pdf", "application/pdf", b"abc").await.unwrap();
    assert_eq!(up, file());
    let (bytes, _) = client.download("activitiesEmail", "660", 12).await.unwrap();
    assert_eq!(&bytes[..], b"twelve bytes");
    assert_eq!(
        client.download("activitiesEmail", "660", 11).await.unwrap_err(),
        Error::TooLarge { limit: 11 }
    );
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /file/upload.php?type=save");
    assert!(seen[0].header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    assert_eq!(seen[1].line, "GET /file/download.php?mapper=activitiesEmail&name=660&download=1");
    assert!(seen.iter().all(|seen| seen.header("x-auth-token") == Some("t-static")));
}

#[tokio::test]
async fn a_file_that_is_too_large_or_gone_says_so() {
    let server = Server::start(|_, seen| {
        let status = if seen.line.starts_with("POST") { "413 Payload Too Large" } else { "404 Not Found" };
        answer(status, "", "")
    })
    .await;
    let client = client(&server);
    let up = client.upload("plan.pdf", "application/pdf", b"abc").await.unwrap_err();
    assert!(matches!(up, Error::Refused { status: 413, .. }), "{up:?}");
    assert_eq!(client.download("activitiesEmail", "660", 12).await.unwrap_err(), Error::NotFound);
}
