//! The client against a server that answers what each test says: methods, retries, refusals, tickets, streams, probes.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use offhook_dstny::call_control::TransferKind;
use offhook_dstny::commlog::{LogItemType, LogQuery};
use offhook_dstny::wire::{Answer, HttpOptions, Secret};
use offhook_dstny::{
    Availability, BaseUrl, Client, Error, Identity, Import, Known, Learned, Overrides, Place, Routes,
    Subscription, Ticket, TicketAnswer, TicketRequest, may_be_outdated,
};
use serde_json::{Value, json};
use support::{Seen, Server, Then, json as answer};

fn client(server: &Server) -> Client {
    let anna = Identity::parse("anna@acme.example").unwrap();
    let ticket = Some(Ticket::pasted(Secret::new("2343.canary")));
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), anna, ticket).unwrap()
}

fn ok(body: &str) -> Then {
    answer("200 OK", "", body)
}

const HELD: Known<'_> = Known { call_id: "c1", state_token: Some(7) };
const CALL: &str = r#"{"callId":"c1","stateToken":8,"status":"HELD"}"#;

fn is(seen: &Seen, method: &str) -> bool {
    seen.line.starts_with(method)
}

#[tokio::test]
async fn a_request_asks_for_json_and_carries_the_ticket_in_the_header_only() {
    let server = Server::start(|_, _| ok(CALL)).await;
    client(&server).hold(HELD).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /api/call/control/v1/hold/acme.example/anna/c1");
    assert_eq!(seen.header("authorization"), Some("Bearer 2343.canary"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.body, r#"{"stateToken":7}"#);
}

#[tokio::test]
async fn where_two_methods_are_plausible_the_other_is_tried_and_remembered() {
    for refusal in ["404 Not Found", "405 Method Not Allowed", "501 Not Implemented"] {
        let server =
            Server::start(move |_, seen| if is(seen, "PUT") { ok(CALL) } else { answer(refusal, "", "") })
                .await;
        let client = client(&server);
        client.hold(HELD).await.unwrap();
        client.hold(HELD).await.unwrap();
        let methods: Vec<_> =
            server.seen().iter().map(|s| s.line.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(methods, ["POST", "PUT", "PUT"], "{refusal}");

        // What was learned is kept by the application and begins the next session.
        let learned = serde_json::to_string(&client.learned()).unwrap();
        assert_eq!(learned, r#"{"cti.hold":"PUT"}"#);
        let next = self::client(&server);
        next.set_learned(serde_json::from_str(&learned).unwrap());
        next.hold(HELD).await.unwrap();
        assert!(is(server.seen().last().unwrap(), "PUT"));
        assert_eq!(server.seen().len(), 4);
    }
}

#[tokio::test]
async fn a_record_that_is_gone_is_not_looked_for_with_a_method_that_does_not_work() {
    let server = Server::start(|_, _| answer("404 Not Found", "", "")).await;
    let client = client(&server);
    client.set_learned(Learned(BTreeMap::from([("cti.hold".to_owned(), "POST".to_owned())])));
    assert_eq!(client.hold(HELD).await.unwrap_err(), Error::NotFound);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_operation_that_no_method_finds_is_not_there() {
    for refusal in ["404 Not Found", "405 Method Not Allowed"] {
        let server = Server::start(move |_, _| answer(refusal, "", "")).await;
        assert_eq!(client(&server).hold(HELD).await.unwrap_err(), Error::NotFound);
        assert_eq!(server.seen().len(), 2, "POST and PUT");
        assert_eq!(client(&server).user_state().await.unwrap_err(), Error::NotFound);
        assert_eq!(server.seen().len(), 3, "a read has one method");
    }
}

#[tokio::test]
async fn a_write_that_may_have_been_taken_is_never_repeated_in_any_method() {
    for then in ["close", "502 Bad Gateway", "503 Service Unavailable", "500 Internal Server Error"] {
        let server = Server::start(move |_, _| match then {
            "close" => Then::Close,
            status => answer(status, "", ""),
        })
        .await;
        let client = client(&server);
        assert!(client.hold(HELD).await.unwrap_err().is_passing(), "{then}");
        assert_eq!(server.seen().len(), 1, "{then}");
        assert_eq!(client.learned(), Learned::default());
    }
}

#[tokio::test]
async fn a_read_is_repeated_when_the_trouble_passes() {
    let server =
        Server::start(|n, _| if n == 0 { answer("503 Busy", "Retry-After: 0\r\n", "") } else { ok(CALL) })
            .await;
    assert_eq!(client(&server).call_state("c1").await.unwrap().state_token, Some(8));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn an_outdated_state_is_told_whatever_its_status() {
    let body = r#"{"field":[{"fieldName":"stateToken","code":"state.mismatch","description":"The state has changed"}]}"#;
    for status in ["200 OK", "400 Bad Request", "409 Conflict", "412 Precondition Failed"] {
        let server = Server::start(move |_, _| answer(status, "", body)).await;
        let error = client(&server).hold(HELD).await.unwrap_err();
        assert!(may_be_outdated(&error));
        let Error::Refused { fields, .. } = error else { panic!() };
        assert_eq!(fields["stateToken"], ["The state has changed"]);
        assert_eq!(server.seen().len(), 1, "a refusal came from the operation: its method is right");
    }
}

#[tokio::test]
async fn a_missing_scope_or_licence_is_named() {
    let refused = |body: &'static str| Server::start(move |_, _| answer("403 Forbidden", "", body));
    let right = |error| match error {
        Error::MissingRight { right, words } => (right, words),
        other => panic!("{other:?}"),
    };
    let server = refused("").await;
    assert_eq!(right(client(&server).hold(HELD).await.unwrap_err()), ("Call control".to_owned(), vec![]));
    let server = refused(r#"{"field":[{"fieldName":"api","code":"x","description":"Not allowed"}]}"#).await;
    let (name, words) = right(client(&server).lines().await.unwrap_err());
    assert_eq!((name.as_str(), words), ("User info", vec!["Not allowed".to_owned()]));
    let server =
        refused(r#"{"field":[{"code":"license.missing","description":"No Supervisor license"}]}"#).await;
    assert_eq!(right(client(&server).queue_statistics().await.unwrap_err()).0, "licence");
    let server = refused("").await;
    assert_eq!(client(&server).ticket_delete("x").await.unwrap_err(), Error::Forbidden);
}

#[tokio::test]
async fn nothing_in_every_dress_is_an_empty_list_or_an_empty_answer() {
    for (status, body) in
        [("204 No Content", ""), ("200 OK", ""), ("200 OK", "[]"), ("200 OK", "{}"), ("200 OK", " \n")]
    {
        let server = Server::start(move |_, _| answer(status, "", body)).await;
        let client = client(&server);
        assert_eq!(client.active_devices().await.unwrap(), []);
        assert_eq!(client.acd_groups(offhook_dstny::groups::GroupDetail::default()).await.unwrap(), []);
        assert_eq!(client.hold(HELD).await.unwrap().call_id, None);
    }
}

#[tokio::test]
async fn an_answer_that_is_none_of_this_api_is_an_error_without_its_values() {
    for (status, body) in [
        ("200 OK", "<contacts><contact>canary</contact></contacts>"),
        ("200 OK", r#"{"callId":"canar"#),
        ("200 OK", r#"["canary"]"#),
        ("302 Found", ""),
    ] {
        let server =
            Server::start(move |_, _| answer(status, "Location: https://evil.example/?t=canary\r\n", body))
                .await;
        let error = client(&server).call_state("c1").await.unwrap_err();
        let Error::Protocol { snippet, .. } = &error else { panic!("{error:?}") };
        assert!(!snippet.contains(r#""canary"#) && !error.to_string().contains("canary"), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn an_imported_place_is_used() {
    let server = Server::start(|_, _| ok(CALL)).await;
    let client = client(&server);
    let place = Place { method: "PUT".into(), path: "/cti/v9/{callId}/hold".into() };
    client.set_routes(Routes::with(&Overrides(BTreeMap::from([("cti.hold".to_owned(), place)]))));
    client.hold(Known { call_id: "a/b+c", ..HELD }).await.unwrap();
    assert_eq!(server.seen()[0].line, "PUT /api/cti/v9/a%2Fb%2Bc/hold");
    assert_eq!(Routes::standard().import("{}").unwrap_err().to_string().split(':').next(), Some("file"));
    assert_eq!(Import::default().overrides, Overrides::default());
}

fn wish() -> TicketRequest {
    TicketRequest {
        apis: vec!["CALLS".into(), "CALL_CONTROL".into()],
        name: "Offhook on desk 4".into(),
        expires: None,
        device_display_name: None,
    }
}

#[tokio::test]
async fn a_password_becomes_a_ticket_that_is_used_and_revoked() {
    let server = Server::start(|_, seen| match seen.line.split(' ').next() {
        Some("POST") => ok(
            r#"{"expires":"2027-11-10T14:38:39.482+00:00","name":"Offhook on desk 4","token":"77.new","allowedApis":["CALLS"]}"#,
        ),
        Some("DELETE") => answer("204 No Content", "", ""),
        _ => ok(r#"{"fullState":true,"calls":[]}"#),
    })
    .await;
    let client = client(&server);
    client.set_ticket(None);
    let issued = client.ticket_create(&Secret::new("pw-canary"), None, &wish()).await.unwrap();
    let TicketAnswer::Issued(ticket) = issued else { panic!() };
    assert_eq!(ticket.expires.unwrap().to_string(), "2027-11-10T14:38:39.482Z");
    client.user_state().await.unwrap();
    client.ticket_delete("Offhook on desk 4").await.unwrap();
    assert_eq!(client.ticket(), None);
    let seen = server.seen();
    assert_eq!(
        seen[0].line,
        "POST /api/user/ticket/acme.example/anna?api=CALLS&api=CALL_CONTROL&platform=other&name=Offhook%20on%20desk%204"
    );
    assert!(seen[0].header("authorization").unwrap().starts_with("Basic ") && !seen[0].mentions("canary"));
    assert_eq!(seen[1].header("authorization"), Some("Bearer 77.new"));
    assert_eq!(seen[2].line, "DELETE /api/user/ticket/acme.example/anna/Offhook%20on%20desk%204");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_a_wrong_password_is_told_from_it() {
    let server = Server::start(|n, _| match n {
        0 => answer(
            "401 Unauthorized",
            "",
            r#"{"field":[{"fieldName":"code","description":"Second factor needed"}]}"#,
        ),
        1 => ok(r#"{"token":"77.new"}"#),
        _ => answer("401 Unauthorized", "", ""),
    })
    .await;
    let client = client(&server);
    let password = Secret::new("pw");
    let first = client.ticket_create(&password, None, &wish()).await.unwrap();
    assert_eq!(first, TicketAnswer::SecondFactorNeeded);
    let second = client.ticket_create(&password, Some(&Secret::new("123456")), &wish()).await.unwrap();
    assert!(
        matches!(second, TicketAnswer::Issued(ticket) if ticket.name.as_deref() == Some("Offhook on desk 4"))
    );
    assert_eq!(client.ticket_create(&password, None, &wish()).await.unwrap_err(), Error::SignInNeeded);
    let seen = server.seen();
    assert_eq!(seen[1].body, r#"{"code":"123456"}"#);
    assert_eq!(seen.len(), 3, "a password is never sent twice by itself");
}

#[tokio::test]
async fn a_stream_is_asked_for_with_its_items_type_second_and_goes_on_where_it_was() {
    let server = Server::start(|_, _| ok("{}")).await;
    let client = client(&server);
    let line = Subscription::contact_line_state("bo@acme.example");
    client.http().send(client.stream_request(&line, Some("41")).unwrap()).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /api/contacts/info/v1/acme.example/bo%40acme.example/linestate/stream");
    assert_eq!(seen.header("accept"), Some("text/event-stream, application/dialog-info+xml;q=0.5"));
    assert_eq!(seen.header("last-event-id"), Some("41"));
    assert_eq!(seen.header("authorization"), Some("Bearer 2343.canary"));
    let refused = Answer { status: 403, headers: Default::default(), body: Default::default() };
    let right = "Contact search".to_owned();
    assert_eq!(client.stream_refusal(&line, &refused), Some(Error::MissingRight { right, words: vec![] }));
}

#[tokio::test]
async fn a_connection_check_asks_only_what_is_harmless_and_judges_the_answers() {
    let server = Server::start(|_, seen| {
        let path = seen.line.split(' ').nth(1).unwrap();
        match path {
            _ if path.starts_with("/api/queue") => {
                answer("403 Forbidden", "", r#"{"field":[{"description":"No Supervisor license"}]}"#)
            }
            _ if path.starts_with("/api/communicationlog") => answer("403 Forbidden", "", ""),
            _ if path.starts_with("/api/event") => answer("404 Not Found", "", ""),
            _ => ok("{}"),
        }
    })
    .await;
    let client = client(&server);
    let mut judged = BTreeMap::new();
    for route in client.probes() {
        judged.insert(route.id.clone(), client.probe(&route).await.unwrap());
    }
    assert!(server.seen().iter().all(|seen| is(seen, "GET ")));
    assert!(judged.len() >= 25, "{:?}", judged.keys());
    assert_eq!(judged["callstate.user.get"], Availability::Works);
    assert!(matches!(&judged["queue.statistics.user"], Availability::NotLicensed { .. }));
    let scope = Some("Communication Log".to_owned());
    assert_eq!(judged["commlog.list"], Availability::NotPermitted { scope });
    assert_eq!(judged["event.list"], Availability::NotFound);
    for never in ["callstate.stream", "cti.clear", "uinfo.image.get", "call", "acd.groups.list.dep"] {
        assert!(!judged.contains_key(never));
    }
    assert!(
        server.seen().iter().any(|seen| seen.line.contains("anna%40acme.example")),
        "the user as a contact"
    );

    let refusing = Server::start(|_, _| answer("401 Unauthorized", "", "")).await;
    let client = self::client(&refusing);
    assert_eq!(client.probe(&client.probes()[0]).await.unwrap_err(), Error::SignInNeeded);
}

#[tokio::test]
async fn what_an_operation_does_besides_is_asked_for_with_its_other_word() {
    let server = Server::start(|_, seen| match seen.line.as_str() {
        line if line.contains("communicationlog") && line.contains("count=") => ok("17"),
        _ => ok(CALL),
    })
    .await;
    let client = client(&server);
    let query =
        LogQuery { since: Some(1245), item_types: vec![LogItemType::Voicemail], ..LogQuery::default() };
    assert_eq!(client.log_count(&query).await.unwrap(), 17);
    client.restore_log_item(1245).await.unwrap();
    let kind = TransferKind::CampOn;
    client.transfer_watched(HELD, "tel:+15550100", &kind).await.unwrap();
    let seen = server.seen();
    let (_, count) = seen[0].line.split_once('?').unwrap();
    for asked in ["since=1245", "itemType=VOICEMAIL", "count=true"] {
        assert!(count.split('&').any(|pair| pair == asked), "{count}");
    }
    assert!(seen[1].line.ends_with("/1245/deletiontime?delete=false"), "{}", seen[1].line);
    let body: Value = serde_json::from_str(&seen[2].body).unwrap();
    assert_eq!((&body["blind"], &body["destination"]), (&json!(false), &json!("tel:+15550100")));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_it_is_sent() {
    let server = Server::start(|_, _| ok("{}")).await;
    let client = client(&server);
    let everything = offhook_dstny::commlog::LogSelection::default();
    for error in [
        client.dtmf(HELD, "12x").await.unwrap_err(),
        client.dtmf(HELD, "").await.unwrap_err(),
        client.call_state("..").await.unwrap_err(),
        client.call_state("").await.unwrap_err(),
        client.set_note("").await.unwrap_err(),
        client.delete_log_items(&everything, false).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
    }
    assert_eq!(server.seen().len(), 0);
}
