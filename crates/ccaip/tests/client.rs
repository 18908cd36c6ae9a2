//! The client against a server that answers what each test says: pages, links, refusals, users.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "../../wire/tests/support/mod.rs"]
mod support;

use std::time::Duration;

use offhook_ccaip::wire::{HttpOptions, NetworkKind, Secret};
use offhook_ccaip::{
    BaseUrl, Call, CallRefusalReason, CallStarted, Calls, Client, Credentials, Deleted, Error, Id, Link,
    NewCall, NewStatus, Page, Paged, Range, Walk,
};
use serde_json::{Value, json};
use support::{Seen, Server, Then, json as answer};

fn client(server: &Server) -> Client {
    let credentials = Credentials::new(Secret::new("canary"));
    Client::new(BaseUrl::parse(&server.url).unwrap(), HttpOptions::default(), credentials).unwrap()
}

fn ok(body: &Value) -> Then {
    answer("200 OK", "", &body.to_string())
}

fn parameter(seen: &Seen, name: &str) -> Option<usize> {
    let query = seen.line.split_once('?')?.1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
        .and_then(|value| value.parse().ok())
}

fn records(ids: impl Iterator<Item = usize>) -> Value {
    ids.map(|id| json!({ "id": id })).collect()
}

/// How a tenant tells that there is more.
#[derive(Clone, Copy, Debug)]
enum Tells {
    Link,
    RelativeLink,
    ForeignLink,
    ForeignLinkAndTotal,
    Total,
    Nothing,
}

/// `count` calls, of which a request gets its page, but never more than `cap`.
async fn many(count: usize, cap: usize, tells: Tells) -> Server {
    Server::start(move |_, seen| {
        let (number, per) = (parameter(seen, "page").unwrap(), parameter(seen, "per").unwrap().min(cap));
        let page = records((number - 1) * per..count.min(number * per));
        let host = seen.header("host").unwrap();
        let is_last = number * per >= count;
        let link = |base: &str| {
            let place = format!("{base}/manager/api/v1/calls?page={}&per={per}", number + 1);
            if is_last { String::new() } else { format!("Link: <{place}>; rel=\"next\"\r\n") }
        };
        let headers = match tells {
            Tells::Link if is_last => "Link: </manager/api/v1/calls?page=1>; rel=\"first\"\r\n".to_owned(),
            Tells::Link => link(&format!("http://{host}")),
            Tells::RelativeLink => link(""),
            Tells::ForeignLink => link("https://tracker.example"),
            Tells::ForeignLinkAndTotal => format!("{}Total: {count}\r\n", link("https://tracker.example")),
            Tells::Total => format!("Total: {count}\r\n"),
            Tells::Nothing => String::new(),
        };
        answer("200 OK", &headers, &page.to_string())
    })
    .await
}

async fn all(client: &Client, per: u32) -> (Vec<String>, Vec<Paged<Call>>) {
    let mut walk = Walk::new(Calls::default(), per);
    let (mut ids, mut pages) = (Vec::new(), Vec::new());
    while let Some(page) = walk.next(client).await.unwrap() {
        ids.extend(page.rows.iter().map(|call| call.id.to_string()));
        pages.push(page);
    }
    assert!(walk.is_done() && !walk.is_cut());
    (ids, pages)
}

#[tokio::test]
async fn every_way_to_tell_of_more_pages_ends_where_the_list_does() {
    for (tells, count, cap, requests) in [
        (Tells::Link, 25, 100, 3),
        (Tells::Link, 20, 100, 2),
        (Tells::Link, 0, 100, 1),
        (Tells::RelativeLink, 25, 100, 3),
        (Tells::ForeignLink, 25, 100, 3),
        (Tells::ForeignLinkAndTotal, 20, 100, 2),
        (Tells::Total, 25, 100, 3),
        (Tells::Total, 20, 100, 2),
        (Tells::Total, 25, 5, 5),
        (Tells::Total, 0, 100, 1),
        (Tells::Nothing, 25, 100, 3),
        (Tells::Nothing, 20, 100, 3),
        (Tells::Nothing, 0, 100, 1),
    ] {
        let server = many(count, cap, tells).await;
        let (ids, pages) = all(&client(&server), 10).await;
        let expected: Vec<String> = (0..count).map(|id| id.to_string()).collect();
        assert_eq!(ids, expected, "{tells:?} {count}");
        assert_eq!(server.seen().len(), requests, "{tells:?} {count}");
        let refused = pages.iter().filter_map(Paged::link_refused).count();
        let foreign = matches!(tells, Tells::ForeignLink | Tells::ForeignLinkAndTotal);
        assert_eq!(refused, if foreign { count.div_ceil(10) - 1 } else { 0 }, "{tells:?}");
    }
}

#[tokio::test]
async fn a_tenant_that_silently_gives_a_hundred_at_most_loses_nothing() {
    let server = many(250, 100, Tells::Nothing).await;
    assert_eq!(all(&client(&server), 200).await.0.len(), 250);
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed_and_said() {
    let server = many(25, 100, Tells::ForeignLink).await;
    let page = client(&server).page(&Calls::default(), Page { number: 1, per: 10 }).await.unwrap();
    assert_eq!(page.link_refused(), Some("it leads to https://tracker.example"));
    assert!(matches!(page.link, Link::Refused(_)));
}

#[tokio::test]
async fn a_record_that_moved_to_the_next_page_comes_once() {
    let server = Server::start(|n, _| match n {
        0 => answer("200 OK", "Total: 5\r\n", &records([1, 2, 3].into_iter()).to_string()),
        _ => answer("200 OK", "Total: 5\r\n", &records([3, 4, 5].into_iter()).to_string()),
    })
    .await;
    assert_eq!(all(&client(&server), 3).await.0, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_server_that_gives_the_same_page_for_ever_is_not_asked_for_ever() {
    let here = "Link: </manager/api/v1/calls?page=1>; rel=\"next\"\r\nTotal: 1000000\r\n";
    for headers in ["", "Total: 1000000\r\n", here] {
        let server = Server::start(move |_, _| answer("200 OK", headers, &records(0..10).to_string())).await;
        assert_eq!(all(&client(&server), 10).await.0.len(), 10);
        assert_eq!(server.seen().len(), 2, "{headers}");
    }
}

#[tokio::test]
async fn a_list_without_end_is_cut() {
    let server =
        Server::start(|n, _| answer("200 OK", "Total: 99999999\r\n", &json!([{ "id": n }]).to_string()))
            .await;
    let client = client(&server);
    let mut walk = Walk::new(Calls::default(), 1);
    while walk.next(&client).await.unwrap().is_some() {}
    assert!(walk.is_cut());
    assert_eq!(server.seen().len(), 1000);
}

#[tokio::test]
async fn after_an_error_the_same_page_is_asked_for_again() {
    let server = Server::start(|n, _| match n {
        1 => answer("429 Too Many Requests", "Retry-After: 7\r\n", ""),
        _ => answer("200 OK", "Total: 2\r\n", &json!([{ "id": n }]).to_string()),
    })
    .await;
    let client = client(&server);
    let mut walk = Walk::new(Calls::default(), 1);
    assert!(walk.next(&client).await.unwrap().is_some());
    let error = walk.next(&client).await.unwrap_err();
    assert_eq!(error, Error::Transient { status: 429, retry_after: Some(Duration::from_secs(7)) });
    assert!(walk.next(&client).await.unwrap().is_some());
    let pages: Vec<_> = server.seen().iter().map(|seen| parameter(seen, "page").unwrap()).collect();
    assert_eq!(pages, [1, 2, 2], "and nothing was repeated by itself");
}

#[tokio::test]
async fn filters_look_as_the_document_has_them() {
    let server = Server::start(|_, _| ok(&json!([]))).await;
    let question = Calls {
        id: vec![1.into(), u64::MAX.into()],
        updated_at: Range::from("2019-01-01T00:00:00.5Z".parse().unwrap()),
        ..Calls::default()
    };
    client(&server).page(&question, Page { number: 0, per: 0 }).await.unwrap();
    let sent = "GET /manager/api/v1/calls?updated_at%5Bfrom%5D=2019-01-01T00%3A00%3A00Z&id%5B%5D=1\
                &id%5B%5D=18446744073709551615&page=1&per=1";
    assert_eq!(server.seen()[0].line, sent);
}

#[tokio::test]
async fn the_user_is_the_subdomain_unless_told_otherwise() {
    let server = Server::start(|_, _| ok(&json!([]))).await;
    let client = client(&server);
    client.user_statuses().await.unwrap();
    assert_eq!(
        server.seen()[0].header("authorization"),
        Some("Basic MTI3LjAuMC4xOmNhbmFyeQ=="),
        "127.0.0.1:canary"
    );
    let other = Credentials { user: Some(" desk ".into()), token: Secret::new("x") };
    client.set_credentials(other).unwrap();
    client.user_statuses().await.unwrap();
    assert_eq!(server.seen()[1].header("authorization"), Some("Basic ZGVzazp4"), "desk:x");
    let tenant = BaseUrl::parse("acme.ujet.co").unwrap();
    assert_eq!(tenant.subdomain(), "acme");
    for (user, token) in [(Some("a:b"), "x"), (None, "")] {
        let odd = Credentials { user: user.map(str::to_owned), token: Secret::new(token) };
        assert!(matches!(client.set_credentials(odd), Err(Error::InvalidInput { .. })));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::start(|_, _| answer("302 Found", "Location: /login?token=canary\r\n", "")).await;
    let error = client(&server).user_statuses().await.unwrap_err();
    assert!(matches!(&error, Error::Protocol { problem, .. } if problem.ends_with("/login")), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_identifier_stays_one_segment() {
    let server = Server::start(|_, _| ok(&json!({"id": "x"}))).await;
    let client = client(&server);
    client.team(&Id::from("../../apps?x#y"), Deleted::LeftOut).await.unwrap();
    assert_eq!(server.seen()[0].line, "GET /manager/api/v1/teams/..%2F..%2Fapps%3Fx%23y");
    for bad in ["", " ", ".", ".."] {
        let error = client.team(&Id::from(bad), Deleted::LeftOut).await.unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{bad:?}");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn starting_a_call_is_never_tried_twice() {
    let new = NewCall::outbound("jana@acme.example", "+1 555 0100");
    for (status, body, expected) in [
        ("201 Created", "", CallStarted::Assigned(None)),
        ("201 Created", "<html>", CallStarted::Assigned(None)),
        ("200 OK", "", CallStarted::ChooseNumber),
        ("202 Accepted", "", CallStarted::ActInAdapter),
    ] {
        let server = Server::start(move |_, _| answer(status, "", body)).await;
        assert_eq!(client(&server).start_call(&new).await, Ok(expected));
    }
    for (body, reason, message) in [
        (
            r#"{"message":"agent is not available to take this call."}"#,
            CallRefusalReason::AgentNotAvailable,
            "agent is not available to take this call.",
        ),
        (r#"{"message":"Line on fire"}"#, CallRefusalReason::Other("Line on fire".into()), "Line on fire"),
        ("", CallRefusalReason::Other(String::new()), ""),
    ] {
        let server = Server::start(move |_, _| answer("400 Bad Request", "", body)).await;
        let Ok(CallStarted::Refused(why)) = client(&server).start_call(&new).await else { panic!("{body}") };
        assert_eq!((why.reason, why.message.as_str()), (reason, message));
    }
    for status in ["429 Too Many Requests", "500 Internal Server Error", "401 Unauthorized", "204 No Content"]
    {
        let server = Server::start(move |_, _| answer(status, "", "")).await;
        client(&server).start_call(&new).await.unwrap_err();
        assert_eq!(server.seen().len(), 1, "{status}");
    }
    let server = Server::start(|_, _| Then::Close).await;
    let error = client(&server).start_call(&new).await.unwrap_err();
    assert!(matches!(error, Error::Network { kind: NetworkKind::Closed, .. }), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_status_that_was_not_taken_is_told_for_each_agent() {
    let server = Server::start(|_, _| {
        ok(&json!([{"agent_id": 11, "previous_status": "In-call", "current_status": "In-call", "message": "System status"}]))
    })
    .await;
    let told = client(&server).set_status(&NewStatus::of(&Id::from(11), "Break")).await.unwrap();
    assert_eq!(told.rows[0].current_status.as_deref(), Some("In-call"));
    assert_eq!(told.rows[0].message.as_deref(), Some("System status"));
    let refused =
        Server::start(|_, _| answer("400 Bad Request", "", r#"{"message":"Unknown status"}"#)).await;
    let error = client(&refused).set_status(&NewStatus::of(&Id::from(11), "x")).await.unwrap_err();
    assert_eq!(error, Error::refused(400, ["Unknown status".to_owned()]));
}
