//! The client against a server that answers what each test says: pages, keys, budget, clock, files, API v3.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use offhook_liveagent::conversations::{Conversations, Deletion, NewConversation};
use offhook_liveagent::messages::{MessagesBetween, NewMessage};
use offhook_liveagent::tags::TagName;
use offhook_liveagent::v3::{self, CallState, StartCall};
use offhook_liveagent::wire::pace::Class;
use offhook_liveagent::wire::{HttpOptions, Secret};
use offhook_liveagent::{AccountTime, BaseUrl, Client, Error, KeyCheck, Page, Zone, is_gone};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use support::{Seen, Server, Then, json as answer};

const KEY: &str = "canary";

fn client(server: &Server) -> Client {
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), Secret::new(KEY)).unwrap()
}

fn client_v3(server: &Server) -> v3::Client {
    v3::Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), Secret::new(KEY)).unwrap()
}

fn ok(response: &Value) -> Then {
    answer("200 OK", "", &json!({ "response": response }).to_string())
}

fn done() -> Then {
    ok(&json!({"status": "OK", "statuscode": 0}))
}

fn parameter(seen: &Seen, name: &str) -> Option<u32> {
    let query = seen.line.split_once('?')?.1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
        .and_then(|value| value.parse().ok())
}

/// `count` conversations, of which a request gets its page, but never more than `cap`.
async fn many(count: u32, cap: u32) -> Server {
    Server::start(move |_, seen| {
        let (from, limit) = (parameter(seen, "offset").unwrap(), parameter(seen, "limit").unwrap());
        let page = (from..count.min(from + limit.min(cap))).map(|n| json!({"conversationid": n.to_string()}));
        ok(&json!({"conversations": page.collect::<Vec<_>>()}))
    })
    .await
}

#[tokio::test]
async fn pages_end_with_a_short_one() {
    for (count, size, requests) in [(0, 10, 1), (9, 10, 1), (25, 10, 3), (20, 10, 3)] {
        let server = many(count, 1000).await;
        let all = client(&server).pages_of(Conversations::default(), size).all(10_000).await.unwrap();
        let ids: Vec<String> = all.rows.into_iter().map(|row| row.id).collect();
        assert_eq!(ids, (0..count).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(server.seen().len(), requests, "{count} by {size}");
    }
}

#[tokio::test]
async fn a_server_that_gives_less_than_the_documented_maximum_loses_nothing() {
    let server = many(250, 100).await;
    let all = client(&server).pages(Conversations::default()).all(10_000).await.unwrap();
    assert_eq!(all.rows.len(), 250);
    assert_eq!(parameter(&server.seen()[0], "limit"), Some(1000), "never more than is allowed");
}

#[tokio::test]
async fn a_server_without_offsets_is_not_asked_for_ever() {
    let page: Vec<Value> = (0..10).map(|n| json!({"conversationid": n.to_string()})).collect();
    let server = Server::start(move |_, _| ok(&json!({ "conversations": page }))).await;
    let all = client(&server).pages_of(Conversations::default(), 10).all(10_000).await.unwrap();
    assert_eq!((all.rows.len(), server.seen().len()), (10, 2));
}

#[tokio::test]
async fn unreadable_records_are_counted_through_all_pages_and_move_the_offset() {
    let server = Server::start(|n, _| {
        let bad = json!({"subject": "no id"});
        let rows = [vec![json!({"conversationid": "a"}), bad.clone()], vec![bad]];
        ok(&json!({"conversations": rows.get(n).cloned().unwrap_or_default()}))
    })
    .await;
    let all = client(&server).pages_of(Conversations::default(), 2).all(100).await.unwrap();
    let lost: Vec<usize> = all.unreadable.iter().map(|row| row.index).collect();
    assert_eq!((all.rows.len(), lost), (1, vec![1, 2]));
    assert_eq!(parameter(&server.seen()[1], "offset"), Some(2));
}

#[tokio::test]
async fn a_key_of_the_other_version_is_told_from_a_wrong_one() {
    let not_found = r#"{"response":{"status":"ERROR","statuscode":403,"errormessage":"ApiKey not found"}}"#;
    for (v3_status, expected) in [("200 OK", KeyCheck::OfVersion3), ("403 Forbidden", KeyCheck::Unknown)] {
        let server = Server::start(move |_, seen| match seen.line.contains("/api/v3/agents") {
            true => answer(v3_status, "", "[]"),
            false => answer("403 Forbidden", "", not_found),
        })
        .await;
        assert_eq!(client(&server).check_key().await.unwrap(), expected);
        let shown = &server.seen()[1];
        assert_eq!(shown.header("apikey"), Some(KEY));
        assert!(!shown.line.contains(KEY));
        assert_eq!(client(&server).conversation("a").await, Err(Error::SignInNeeded));
    }
    let server = Server::start(|_, _| ok(&json!({"liveagentversion": "5.50"}))).await;
    let Ok(KeyCheck::Accepted(status)) = client(&server).check_key().await else { panic!("it is accepted") };
    assert_eq!(status.version.as_deref(), Some("5.50"));
    let server = Server::start(|_, _| answer("404 Not Found", "", "<html>")).await;
    assert_eq!(client(&server).check_key().await, Err(Error::NotFound), "no LiveAgent there");
}

#[tokio::test]
async fn another_key_is_used_from_now_on() {
    let server = Server::start(|_, _| done()).await;
    let client = client(&server);
    let background = client.in_class(Class::Background);
    client.set_key(Secret::new("other+key"));
    background.tag_delete("a").await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "DELETE /api/tags/a?apikey=other%2Bkey");
    assert_eq!(seen.body, "apikey=other%2Bkey");
}

#[tokio::test]
async fn a_write_is_repeated_only_when_it_was_certainly_not_taken() {
    let refusals = ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"];
    for status in refusals {
        let server = Server::start(move |_, _| answer(status, "", "")).await;
        let error = client(&server).conversation_delete("a", &Deletion::default()).await.unwrap_err();
        assert!(matches!(error, Error::Transient { .. }), "{error:?}");
        assert_eq!(server.seen().len(), 1, "{status}");
    }
    let server = Server::start(|_, _| Then::Close).await;
    let new = NewMessage::reply("jana@acme.example", "x");
    let error = client(&server).conversation_message_add("a", &new).await.unwrap_err();
    assert!(matches!(error, Error::Network { .. }) && error.is_passing(), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn too_many_requests_pause_the_whole_key_and_the_refused_one_is_sent_again() {
    let server = Server::start(|n, _| match n {
        0 => answer("429 Too Many Requests", "Retry-After: 1\r\n", ""),
        _ => done(),
    })
    .await;
    let client = client(&server);
    let (write, background) = (client.clone(), client.in_class(Class::Background));
    let write = tokio::spawn(async move { write.tag_delete("a").await });
    while client.pace().paused().is_zero() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(background.pace().wait(Class::Background) > Duration::ZERO, "everybody waits");
    write.await.unwrap().unwrap();
    assert_eq!(server.seen().len(), 2);
    assert!(client.pace().paused().is_zero());
}

#[tokio::test]
async fn what_somebody_waits_for_is_refused_at_once_where_the_wait_would_be_long() {
    let server = Server::start(|_, _| done()).await;
    let client = client(&server);
    client.pace().refused(Some(Duration::from_secs(40)));
    let error = client.conversation("a").await.unwrap_err();
    let Error::Transient { status: 429, retry_after: Some(wait) } = error else { panic!("{error:?}") };
    assert!(wait > Duration::from_secs(15) && wait <= Duration::from_secs(40));
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn the_clock_of_the_account_is_read_against_the_servers_own_date() {
    let server = Server::start(|_, _| {
        let body = r#"{"response":{"current_server_time":"2014-08-09 10:14:00"}}"#;
        answer("200 OK", "Date: Sat, 09 Aug 2014 08:13:59 GMT\r\n", body)
    })
    .await;
    let observed = client(&server).observe_offset().await.unwrap().unwrap();
    assert_eq!(observed.offset, 7200);
    let mut zone = Zone::default();
    zone.observe(observed);
    let time = AccountTime::parse("2014-08-09 12:00:00").unwrap();
    assert_eq!(zone.timestamp(time), "2014-08-09T10:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_date_that_does_not_parse_costs_one_field() {
    let server = Server::start(|_, _| {
        ok(&json!({"conversations": [{"conversationid": "a", "datechanged": "yesterday", "status": "9", "channel_type": "V"}]}))
    })
    .await;
    let list = client(&server).list(&Conversations::default(), Page { offset: 0, limit: 10 }).await.unwrap();
    let row = &list.rows[0];
    assert_eq!((row.changed, row.other["datechanged"].as_str()), (None, Some("yesterday")));
    assert_eq!(row.status.as_ref().unwrap().as_str(), "9");
    assert_eq!(row.channel.as_ref().unwrap().as_str(), "V");
}

#[tokio::test]
async fn a_vanished_conversation_is_told_for_reads_and_writes() {
    let body =
        r#"{"response":{"status":"ERROR","statuscode":500,"errormessage":"Unable to load conversation"}}"#;
    for status in ["200 OK", "500 Internal Server Error"] {
        let server = Server::start(move |_, _| answer(status, "", body)).await;
        let client = client(&server);
        let read = client.conversation_messages("a", &MessagesBetween::default()).await.unwrap_err();
        assert_eq!(read, Error::NotFound);
        let write = client.conversation_tag_add("a", &TagName::Id("t".into())).await.unwrap_err();
        assert!(is_gone(&write) && matches!(write, Error::Refused { .. }), "{write:?}");
        assert_eq!(server.seen().len(), 2, "neither is repeated");
    }
}

#[tokio::test]
async fn what_would_do_something_else_is_not_sent() {
    let server = Server::start(|_, _| done()).await;
    let client = client(&server);
    let nobody = NewMessage { by: None, ..NewMessage::reply("", "x") };
    for error in [
        client.conversation_delete("", &Deletion::default()).await,
        client.tag_delete("..").await,
        client.conversation_field_delete("a", " ").await,
        client.customer_field_delete("a", "").await,
        client.conversation_message_add("a", &nobody).await,
        client.file_upload("a", "b", &vec![0; offhook_liveagent::LARGEST_UPLOAD + 1]).await.map(drop),
    ] {
        assert!(matches!(error, Err(Error::InvalidInput { .. } | Error::TooLarge { .. })), "{error:?}");
    }
    assert_eq!(server.seen().len(), 0);
    client.conversation_message_add("a", &NewMessage::note(None, "x")).await.unwrap();
}

#[tokio::test]
async fn a_conversation_is_begun_and_its_id_taken_where_it_is_told() {
    let server = Server::start(|n, _| match n {
        0 => ok(&json!({"status": "OK", "statuscode": 0, "conversationid": "ab12"})),
        _ => done(),
    })
    .await;
    let new = NewConversation {
        message: "Hello".into(),
        by: "jana@acme.example".into(),
        subject: "Order".into(),
        recipient: "john@acme.example".into(),
        copies: vec!["a@acme.example".into(), "b@acme.example".into()],
        ..NewConversation::default()
    };
    let client = client(&server);
    assert_eq!(client.conversation_create(&new).await.unwrap().as_deref(), Some("ab12"));
    assert_eq!(client.conversation_create(&new).await.unwrap(), None);
    let seen = &server.seen()[0];
    assert!(
        seen.line.starts_with("POST /api/conversations?")
            && seen.body.contains("a@acme.example,b@acme.example")
    );
}

#[tokio::test]
async fn a_file_comes_with_the_key_from_our_own_server_and_follows_it_where_it_is_sent_on() {
    let server = Server::start(|_, seen| {
        if seen.line.contains("/first") {
            return answer("302 Found", "Location: /scripts/second?f=1\r\n", "");
        }
        Then::Bytes(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\x89PNG".to_vec())
    })
    .await;
    let client = client(&server);
    let link = server.url.replace("http:", "") + "/first?view=Y";
    let file = client.download(&link, 4).await.unwrap();
    assert_eq!((file.media_type.as_deref(), &file.bytes[..]), (Some("image/png"), &b"\x89PNG"[..]));
    let lines: Vec<String> = server.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(lines, ["GET /first?view=Y&apikey=canary", "GET /scripts/second?f=1&apikey=canary"]);
    assert_eq!(client.download("/second", 3).await, Err(Error::TooLarge { limit: 3 }));
}

/// Another server that speaks TLS, and the authority that vouches for it.
async fn elsewhere() -> (Server, String) {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    (Server::start_tls(|_, _| answer("200 OK", "", "elsewhere"), acceptor).await, ca.pem())
}

#[tokio::test]
async fn no_other_server_gets_the_key_of_a_download() {
    let (elsewhere, pem) = elsewhere().await;
    let target = elsewhere.url.clone();
    let server =
        Server::start(move |_, _| answer("302 Found", &format!("Location: {target}/x?y=1\r\n"), "")).await;
    let options = HttpOptions { extra_ca_pem: vec![pem], ..HttpOptions::default() };
    let client = Client::new(BaseUrl::parse(&server.url).unwrap(), options, Secret::new(KEY)).unwrap();
    assert_eq!(&client.download("/file", 100).await.unwrap().bytes[..], b"elsewhere");
    assert_eq!(&client.download(&elsewhere.url, 100).await.unwrap().bytes[..], b"elsewhere");
    assert!(server.seen()[0].mentions(KEY));
    let heard = elsewhere.seen();
    assert_eq!(heard.iter().map(|seen| seen.line.as_str()).collect::<Vec<_>>(), ["GET /x?y=1", "GET /"]);
    assert!(heard.iter().all(|seen| !seen.mentions(KEY)));
}

#[tokio::test]
async fn a_link_to_another_server_without_tls_is_refused() {
    let elsewhere = Server::start(|_, _| ok(&json!({}))).await;
    let server = Server::start(|_, _| done()).await;
    let error = client(&server).download(&elsewhere.url, 100).await.unwrap_err();
    assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
    assert_eq!(elsewhere.seen().len(), 0);
}

#[tokio::test]
async fn a_download_that_is_sent_round_ends_and_a_missing_file_is_told() {
    let server = Server::start(|_, seen| match seen.line.contains("/round") {
        true => answer("302 Found", "Location: /round\r\n", ""),
        false => answer("404 Not Found", "", "<html>"),
    })
    .await;
    let client = client(&server);
    assert!(matches!(client.download("/round", 9).await, Err(Error::Protocol { .. })));
    assert_eq!(server.seen().len(), 4);
    assert_eq!(client.download("/gone", 9).await, Err(Error::NotFound));
}

#[tokio::test]
async fn version_3_calls_with_the_key_in_a_header_and_parameters_in_the_query() {
    let server = Server::start(|_, seen| {
        let body = match seen.line.split(['?']).next().unwrap() {
            "POST /api/v3/call/_start" => r#"{"id":"c1"}"#,
            "GET /api/v3/calls/c1/status" => r#"{"status":"R","manually_picked_up":false,"agent":{"id":"a1"}}"#,
            "GET /api/v3/agents" => r#"[{"id":"a1","email":"Jana@acme.example","name":"Jana","role":"agent"}]"#,
            "GET /api/v3/devices" => {
                r#"[{"id":1,"agentid":"a1","service_type":"P","type":"E","online_status":"N","preset_status":"F"},{"id":2,"agentid":"b"}]"#
            }
            "GET /api/v3/calls" => {
                r#"[{"id":"c1","type":"O","toNumber":"+15550100","dateCreated":"2022-06-13 14:41:41","callDuration":"12"}]"#
            }
            _ => "{}",
        };
        answer("200 OK", "", body)
    })
    .await;
    let client = client_v3(&server);
    client.ping().await.unwrap();
    let start = StartCall { to: "+15550100".into(), ticket: Some("t1".into()), via: None };
    assert_eq!(client.call_start(&start).await.unwrap().as_deref(), Some("c1"));
    let status = client.call_status("c1").await.unwrap();
    assert_eq!((status.state, status.agent.unwrap().id), (Some(CallState::Ringing), "a1".to_owned()));
    assert_eq!(client.agent_by_email("jana@acme.example").await.unwrap().unwrap().id, "a1");
    assert_eq!(client.agent_by_email("nobody@acme.example").await.unwrap(), None);
    let devices = client.devices().await.unwrap().rows;
    let owners: Vec<_> = devices.iter().map(|device| (device.id.as_str(), device.agent.as_deref())).collect();
    assert_eq!(owners, [("1", Some("a1")), ("2", Some("b"))]);
    let calls = client.calls(10).await.unwrap().rows;
    assert_eq!((calls[0].created, calls[0].duration), (AccountTime::parse("2022-06-13 14:41:41"), Some(12)));
    for seen in server.seen() {
        assert_eq!(seen.header("apikey"), Some(KEY), "{}", seen.line);
        assert!(!seen.line.contains(KEY));
    }
    assert_eq!(server.seen()[1].line, "POST /api/v3/call/_start?to_number=%2B15550100&ticketId=t1");
}

#[tokio::test]
async fn version_3_refuses_in_its_own_words() {
    let server =
        Server::start(|_, _| answer("422 Unprocessable Entity", "", r#"{"message":"No phone is set"}"#))
            .await;
    let error = client_v3(&server).call_start(&StartCall::default()).await.unwrap_err();
    assert_eq!(error, Error::refused(422, ["No phone is set".to_owned()]));
}
