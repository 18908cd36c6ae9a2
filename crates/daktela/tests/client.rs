//! The client against a server that answers what each test says: tokens, headers, retries.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

use offhook_daktela::models::{Activity, Contact, Ticket};
use offhook_daktela::wire::{HttpOptions, Secret};
use offhook_daktela::{BaseUrl, Client, Closing, Credential, Error, Probe, Query, SessionChange, Tokens};
use serde_json::{Map, Value, json};
use support::{Seen, Server, Then, json as answer};

fn client(server: &Server, credential: Credential) -> Client {
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), credential).unwrap()
}

fn token() -> Credential {
    Credential::Token(Secret::new("t-static"))
}

fn ok(result: &Value) -> Then {
    answer("200 OK", "", &json!({"error": [], "result": result, "_timezone": "Europe/Prague"}).to_string())
}

fn access(credential: &Credential) -> &str {
    match credential {
        Credential::None => "",
        Credential::Token(token) => token.expose(),
        Credential::Session(tokens) => tokens.access.expose(),
    }
}

#[tokio::test]
async fn requests_carry_the_token_in_the_header_and_the_language() {
    let server = Server::start(|_, _| ok(&json!({"name": "john doe", "lastname": "Doe"}))).await;
    let client = client(&server, token());
    client.set_language("cs-CZ");
    assert_eq!(client.get::<Contact>("john doe").await.unwrap().name, "john doe");
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /api/v6/contacts/john%20doe.json");
    assert_eq!(seen.header("x-auth-token"), Some("t-static"));
    assert_eq!(seen.header("accept-language"), Some("cs-CZ"));
    assert!(!seen.line.contains("t-static"));
}

#[tokio::test]
async fn every_answer_to_a_login_gives_a_session() {
    let user = json!({"name": "jana", "_sys": {"accessToken": "t1"}});
    for (headers, result) in [
        ("", json!("t1")),
        ("", json!({"accessToken": "t1", "refreshToken": "r1"})),
        ("", user.clone()),
        ("", json!({"user": user})),
        ("Set-Cookie: c_user=t1; Path=/; HttpOnly\r\nSet-Cookie: lang=cs\r\n", json!(null)),
    ] {
        let body = json!({"error": [], "result": result}).to_string();
        let server = Server::start(move |_, _| answer("200 OK", headers, &body)).await;
        let client = client(&server, Credential::None);
        let tokens = client.login("jana", &Secret::new("pw")).await.unwrap();
        assert_eq!(tokens.access.expose(), "t1", "{result}");
        assert_eq!(access(&client.credential()), "t1");
        let sent: Value = serde_json::from_str(&server.seen()[0].body).unwrap();
        assert_eq!(sent, json!({"username": "jana", "password": "pw"}));
    }
}

#[tokio::test]
async fn the_end_of_a_token_is_in_the_zone_of_the_server() {
    let server = Server::start(|_, _| {
        ok(&json!({"accessToken": "t", "refreshToken": "r", "accessTokenExpirationDate": "2026-02-14 23:34:17"}))
    })
    .await;
    let tokens = client(&server, Credential::None).login("jana", &Secret::new("pw")).await.unwrap();
    assert_eq!(tokens.expires.unwrap().to_string(), "2026-02-14T22:34:17Z");
}

#[tokio::test]
async fn a_login_that_fails_changes_nothing() {
    for (status, body, expected) in [
        ("401 Unauthorized", "", Error::SignInNeeded),
        (
            "400 Bad Request",
            r#"{"error":["Locked"],"result":null}"#,
            Error::refused(400, ["Locked".to_owned()]),
        ),
        ("200 OK", r#"{"error":["Locked"],"result":null}"#, Error::refused(200, ["Locked".to_owned()])),
    ] {
        let server = Server::start(move |_, _| answer(status, "", body)).await;
        let client = client(&server, Credential::None);
        assert_eq!(client.login("jana", &Secret::new("pw")).await.unwrap_err(), expected);
        assert_eq!(client.credential(), Credential::None);
    }
    let no_token = Server::start(|_, _| ok(&json!({"something": "else"}))).await;
    let error = client(&no_token, Credential::None).login("jana", &Secret::new("pw")).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }));
}

fn session(refresh: Option<&str>) -> Credential {
    Credential::Session(Tokens { access: "t1".into(), refresh: refresh.map(Secret::from), expires: None })
}

#[tokio::test]
async fn a_session_is_renewed_with_its_refresh_token() {
    let server = Server::start(|_, _| ok(&json!({"accessToken": "t2"}))).await;
    let client = client(&server, session(Some("r1")));
    let tokens = client.refresh().await.unwrap();
    assert_eq!((tokens.access.expose(), tokens.refresh.unwrap().expose()), ("t2", "r1"));
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.line.as_str(), seen.body.as_str()),
        ("PUT /api/v6/login.json", r#"{"refreshToken":"r1"}"#)
    );
    assert_eq!(access(&client.credential()), "t2");
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_needs_a_login() {
    let server = Server::start(|_, _| answer("400 Bad Request", "", "{}")).await;
    assert_eq!(client(&server, session(Some("r1"))).refresh().await.unwrap_err(), Error::SignInNeeded);
    assert_eq!(client(&server, session(None)).refresh().await.unwrap_err(), Error::SignInNeeded);
    assert_eq!(client(&server, token()).refresh().await.unwrap_err(), Error::SignInNeeded);
    assert_eq!(server.seen().len(), 1, "without a refresh token nothing is sent");
}

#[tokio::test]
async fn new_tokens_in_cookies_replace_those_of_a_session_but_never_a_pasted_one() {
    let cookies = "Set-Cookie: c_user=t2; Path=/\r\nSet-Cookie: c_refresh_token=r2\r\n";
    let body = json!({"error": [], "result": {"data": [], "total": 0}}).to_string();
    let server = Server::start(move |_, _| answer("200 OK", cookies, &body)).await;
    let in_session = client(&server, session(Some("r1")));
    in_session.list::<Ticket>(&Query::new()).await.unwrap();
    let Credential::Session(tokens) = in_session.credential() else { panic!() };
    assert_eq!((tokens.access.expose(), tokens.refresh.unwrap().expose()), ("t2", "r2"));
    let pasted = client(&server, token());
    pasted.list::<Ticket>(&Query::new()).await.unwrap();
    assert_eq!(access(&pasted.credential()), "t-static");
}

#[tokio::test]
async fn a_cookie_that_is_being_deleted_is_no_token() {
    let cookies = "Set-Cookie: c_user=deleted; Max-Age=0\r\nSet-Cookie: c_refresh_token=; Max-Age=0\r\n";
    let body = json!({"error": [], "result": []}).to_string();
    let server = Server::start(move |_, _| answer("200 OK", cookies, &body)).await;
    let client = client(&server, session(Some("r1")));
    client.list::<Ticket>(&Query::new()).await.unwrap();
    assert_eq!(client.credential(), session(Some("r1")));
}

#[tokio::test]
async fn a_logout_ends_a_session_and_spares_a_pasted_token() {
    let server = Server::start(|_, _| answer("200 OK", "", "")).await;
    let in_session = client(&server, session(None));
    in_session.logout().await.unwrap();
    assert_eq!((in_session.credential(), server.seen().len()), (Credential::None, 1));
    client(&server, token()).logout().await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn whoim_without_a_user_means_that_nobody_is_signed_in() {
    for then in [
        || ok(&json!({"version": {"current": "6.26.1"}, "user": null})),
        || ok(&json!({"version": "6.26.1", "user": []})),
        || answer("401 Unauthorized", "", ""),
    ] {
        let server = Server::start(move |_, _| then()).await;
        assert_eq!(client(&server, token()).whoim().await.unwrap_err(), Error::SignInNeeded);
    }
}

#[tokio::test]
async fn whoim_tells_the_user_with_queues_pauses_and_devices() {
    let queue = json!({"name": 2000, "title": "Out", "type": "out", "_rdata": {"login": "manual"}});
    let server = Server::start(move |_, _| {
        ok(&json!({
            "version": {"current": "6.26.1"},
            "user": {"name": "jana", "title": "Jana", "extensions": [{"name": "305", "title": "Desk"}]},
            "queues": {"2000": queue, "x": "nonsense"},
            "pauses": [{"name": "lunch", "title": "Lunch", "type": ""}],
        }))
    })
    .await;
    let whoim = client(&server, token()).whoim().await.unwrap();
    assert_eq!((whoim.user.name.as_str(), whoim.version.as_deref()), ("jana", Some("6.26.1")));
    assert_eq!((whoim.queues.len(), whoim.pauses.len(), whoim.devices.len()), (1, 1, 1));
    assert_eq!(whoim.unreadable.len(), 1);
}

async fn probed(whoim: fn() -> Then, settings: fn() -> Then) -> Probe {
    let by_path = move |_: usize, seen: &Seen| if seen.line.contains("whoim") { whoim() } else { settings() };
    let server = Server::start(by_path).await;
    let probe = client(&server, token()).probe().await.unwrap();
    assert!(server.seen().iter().all(|seen| !seen.mentions("t-static")), "a probe shows no token");
    probe
}

#[tokio::test]
async fn a_probe_tells_a_daktela_from_something_else_and_how_to_sign_in() {
    let daktela = || ok(&json!({"version": {"current": "6.26.1"}, "user": null}));
    let settings = || ok(&json!({"authentications": {"google_auth": [{"id": 1}], "daktela_auth": []}}));
    let missing = || answer("404 Not Found", "", "");
    let page = || answer("200 OK", "", "<html>Welcome</html>");
    let version = Some("6.26.1".to_owned());
    assert_eq!(
        probed(daktela, settings).await,
        Probe::Daktela { version: version.clone(), password: false, single_sign_on: vec!["google".into()] }
    );
    assert_eq!(
        probed(daktela, missing).await,
        Probe::Daktela { version, password: true, single_sign_on: vec![] }
    );
    for whoim in
        [missing, page, || ok(&json!({"hello": "world"})), || answer("302 Found", "Location: /\r\n", "")]
    {
        assert!(matches!(probed(whoim, missing).await, Probe::SomethingElse { .. }));
    }
}

#[tokio::test]
async fn reads_are_repeated_and_writes_only_when_they_were_not_taken() {
    let flaky = |n: usize, _: &Seen| match n {
        0 => answer("503 Service Unavailable", "", "<html>"),
        1 => Then::Close,
        _ => ok(&json!({"data": [], "total": 0})),
    };
    let server = Server::start(flaky).await;
    client(&server, token()).list::<Ticket>(&Query::new()).await.unwrap();
    assert_eq!(server.seen().len(), 3);

    let broken = Server::start(|_, _| Then::Close).await;
    let error = client(&broken, token()).accept("a", None).await.unwrap_err();
    assert!(matches!(error, Error::Network { .. }));
    assert_eq!(broken.seen().len(), 1, "it may have been taken");

    let busy = Server::start(|n, _| match n {
        0 => answer("429 Too Many Requests", "Retry-After: 0\r\n", r#"{"error":["Too many requests"]}"#),
        _ => ok(&json!({"name": "a"})),
    })
    .await;
    client(&busy, token()).accept("a", None).await.unwrap();
    assert_eq!(busy.seen().len(), 2, "it certainly was not taken");
}

#[tokio::test]
async fn actions_are_written_as_the_document_shows_them() {
    let server = Server::start(|_, _| ok(&json!({"name": "activities_1", "action": "OPEN"}))).await;
    let client = client(&server, token());
    client.accept("activities_1", Some("305")).await.unwrap().unwrap();
    client.accept("activities_1", None).await.unwrap();
    client.reject("activities_1").await.unwrap();
    client.dial("+15550100", None).await.unwrap();
    client.dial("111222333", Some("2000")).await.unwrap();
    client.hang_up("activities_1", None).await.unwrap();
    client.hang_up("activities_1", Some("ch1")).await.unwrap();
    client.close("activities_1", &Closing::default()).await.unwrap();
    let closing =
        Closing { statuses: vec!["status1".into(), "status2".into()], description: Some("ok".into()) };
    client.close("activities_1", &closing).await.unwrap();
    client.change_session(&SessionChange::ready()).await.unwrap();
    let (put, post) = ("PUT /api/v6/activities/activities_1.json", "POST /api/v6/activities.json");
    let expected = [
        (put, json!({"action": "OPEN", "_exten": "305"})),
        (put, json!({"action": "OPEN"})),
        (put, json!({"reject": true})),
        (post, json!({"type": "CALL", "number": "+15550100"})),
        (post, json!({"type": "CALL", "number": "111222333", "queue": 2000})),
        (put, json!({"hangup": {"channel": null}})),
        (put, json!({"hangup": {"channel": "ch1"}})),
        (put, json!({"action": "CLOSE"})),
        (put, json!({"action": "CLOSE", "statuses": ["status1", "status2"], "description": "ok"})),
        ("POST /api/v6/usersSession.json", json!({"setReady": true})),
    ];
    let sent: Vec<(String, Value)> = server
        .seen()
        .into_iter()
        .map(|seen| (seen.line, serde_json::from_str(&seen.body).unwrap()))
        .collect();
    assert_eq!(sent, expected.map(|(line, body)| (line.to_owned(), body)));
}

#[tokio::test]
async fn what_is_no_number_is_not_dialled() {
    let server = Server::start(|_, _| ok(&json!({}))).await;
    let client = client(&server, token());
    for bad in ["", "+", "jana", "+1 555 0100", "tel:15550100", "１２３", &"1".repeat(33), "1;ext=2", "++1"]
    {
        let error = client.dial(bad, None).await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{bad}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_session_change_is_judged_by_status_and_error() {
    let refused =
        r#"{"result":false,"error":["User is logged in to queues which require at least one device"]}"#;
    let server = Server::start(move |_, _| answer("400 Bad Request", "", refused)).await;
    let error = client(&server, token()).change_session(&SessionChange::ready()).await.unwrap_err();
    assert!(error.to_string().contains("require at least one device"));
    for body in ["", r#"{"error":[],"result":true}"#, r#"{"error":null,"result":{"any":"thing"}}"#] {
        let server = Server::start(move |_, _| answer("200 OK", "", body)).await;
        client(&server, token()).change_session(&SessionChange::unready()).await.unwrap();
    }
}

#[tokio::test]
async fn available_devices_are_found_wherever_they_are() {
    let device = json!({"name": "305", "title": "Desk", "_sys": {"model": "sipDevices"}});
    for result in [json!([device]), json!({"data": [device], "total": 1}), json!({"305": device})] {
        let reply = result.clone();
        let server = Server::start(move |_, _| ok(&reply)).await;
        let devices = client(&server, token()).available_devices().await.unwrap();
        assert_eq!(devices.rows.len(), 1, "{result}");
        assert_eq!(devices.rows[0].kind.as_ref().unwrap().as_str(), "sipDevices");
        assert_eq!(server.seen()[0].line, "GET /api/v6/getAvailableExtensions.json?onlyCC=true");
    }
}

#[tokio::test]
async fn the_pull_asks_with_the_hash_and_never_repeats_by_itself() {
    let server = Server::start(|n, _| match n {
        0 => ok(&json!({"hash": "a/b+c=", "activities": []})),
        _ => answer("503 Service Unavailable", "", ""),
    })
    .await;
    let client = client(&server, token());
    let first = client.pull(None).await.unwrap();
    let error = client.pull(first.hash.as_deref()).await.unwrap_err();
    assert!(matches!(error, Error::Transient { status: 503, .. }));
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(
        lines,
        ["GET /api/v6/appPullData.json?hash=", "GET /api/v6/appPullData.json?hash=a%2Fb%2Bc%3D"]
    );
}

#[tokio::test]
async fn all_pages_are_read_with_and_without_a_total() {
    for total in [json!(5), json!("5"), Value::Null, json!(3)] {
        let told = total.clone();
        let server = Server::start(move |_, seen| {
            let skip: usize =
                seen.line.split("skip=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
            let rows: Vec<Value> = (skip..5.min(skip + 2)).map(|name| json!({"name": name})).collect();
            ok(&json!({"data": rows, "total": told}))
        })
        .await;
        let all = client(&server, token()).list_all::<Ticket>(&Query::new().take(2), 100).await.unwrap();
        let expected = if total == json!(3) { 4 } else { 5 };
        assert_eq!(all.rows.len(), expected, "{total}");
    }
}

#[tokio::test]
async fn records_are_created_changed_and_deleted() {
    let server = Server::start(|n, _| match n {
        0 => answer("201 Created", "", r#"{"error":[],"result":{"name":7,"title":"New"}}"#),
        1 => ok(&json!({"name": 7, "title": "Changed"})),
        2 => answer("204 No Content", "", ""),
        _ => answer("405 Method Not Allowed", "", ""),
    })
    .await;
    let client = client(&server, token());
    let fields = |title: &str| Map::from_iter([("title".to_owned(), json!(title))]);
    assert_eq!(client.create::<Ticket>(fields("New")).await.unwrap().name, "7");
    assert_eq!(
        client.update::<Ticket>("7", fields("Changed")).await.unwrap().title.as_deref(),
        Some("Changed")
    );
    client.delete::<Ticket>("7").await.unwrap();
    assert_eq!(client.delete::<Activity>("a").await.unwrap_err(), Error::refused(405, []));
}
