//! The seven streams, read item by item without the driver.

use std::time::Duration;

use dstny::call_state::CallStatus;
use dstny::{Client, Error, StreamItem, Subscription};
use product_tests::centre;
use serde_json::json;
use wire::Opened;
use wire::sse::{Event, Item, Parser, ParserLimits};

use super::{client, ring, run};

struct Reading {
    subscription: Subscription,
    opened: Opened,
    parser: Parser,
    events: Vec<Event>,
}

impl Reading {
    async fn open(client: &Client, subscription: Subscription) -> Self {
        let request = client.stream_request(&subscription, None).expect("a request");
        let opened = client.http().open(request).await.expect("an answer");
        assert_eq!(opened.status(), 200, "{subscription:?}");
        Self { subscription, opened, parser: Parser::new(ParserLimits::default(), ""), events: Vec::new() }
    }

    /// The next item.
    async fn next(&mut self) -> StreamItem {
        while self.events.is_empty() {
            let piece = tokio::time::timeout(Duration::from_secs(60), self.opened.chunk()).await;
            let piece = piece.expect("in time").expect("a piece").expect("the stream goes on");
            let mut items = Vec::new();
            self.parser.feed(&piece, &mut items);
            self.events.extend(items.into_iter().filter_map(|item| match item {
                Item::Event(event) => Some(event),
                _ => None,
            }));
        }
        self.subscription.read(&self.events.remove(0).data)
    }

    /// The next item that is of interest.
    async fn until<T>(&mut self, mut wanted: impl FnMut(StreamItem) -> Option<T>) -> T {
        loop {
            let item = self.next().await;
            assert!(!matches!(item, StreamItem::Unreadable { .. }), "{item:?}");
            if let Some(found) = wanted(item) {
                return found;
            }
        }
    }
}

#[tokio::test]
async fn a_ring_is_found_by_the_dialogs_and_followed_by_the_calls_stream_in_every_dress() {
    for (lines, eol, payload) in [("single", "lf", "json"), ("multi", "crlf", "xml")] {
        let sandbox = centre(&[("sse_lines", lines), ("sse_eol", eol), ("sse_payload", payload)]).await;
        let ida = client(&sandbox, "ida");
        let mut dialogs = Reading::open(&ida, Subscription::dialogs()).await;
        dialogs
            .until(|item| matches!(item, StreamItem::Dialogs(info) if info.dialogs.is_empty()).then_some(()))
            .await;
        let call = ring(&sandbox);
        dialogs
            .until(|item| matches!(item, StreamItem::Dialogs(info) if !info.dialogs.is_empty()).then_some(()))
            .await;
        let mut states = Reading::open(&ida, Subscription::call(&call)).await;
        let state = |wanted: CallStatus| {
            move |item| match item {
                StreamItem::Call(state) => (state.status == Some(wanted.clone())).then_some(*state),
                other => panic!("{other:?}"),
            }
        };
        let ringing = states.until(state(CallStatus::Ringing)).await;
        assert_eq!(ringing, ida.call_state(&call).await.expect("the same by asking"), "{payload}");
        run(&sandbox, &format!("/calls/{call}/hangup"), json!({}));
        states.until(state(CallStatus::Terminated)).await;
    }
}

#[tokio::test]
async fn queues_contacts_and_devices_are_told_live() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    let tomas = format!("tomas@{}", ida.identity().domain);
    ida.distribution_group_log_in(2000, &ida.identity().domain).await.expect("logged in");
    let mut queues = Reading::open(&ida, Subscription::queue_statistics()).await;
    let first =
        queues.until(|item| if let StreamItem::Queues(queues) = item { Some(queues) } else { None }).await;
    assert!(first.iter().any(|queue| queue.id == Some(2000) && queue.queue_length.is_some()), "{first:?}");

    let mut presence = Reading::open(&ida, Subscription::contact_presence(&tomas)).await;
    presence.until(|item| matches!(item, StreamItem::Presence(_)).then_some(())).await;
    client(&sandbox, "tomas").set_activity("lunch", None).await.expect("at lunch");
    presence
        .until(|item| match item {
            StreamItem::Presence(presence) => {
                dstny::sip::Presence::to_xml(&presence).contains("meal").then_some(())
            }
            _ => None,
        })
        .await;

    let mut line = Reading::open(&ida, Subscription::contact_line_state(&tomas)).await;
    line.until(|item| matches!(item, StreamItem::Dialogs(_)).then_some(())).await;

    let mut devices = Reading::open(&ida, Subscription::devices()).await;
    let device = ida.active_devices().await.expect("devices")[0].device_id.clone().expect("an identifier");
    ida.set_device_name(&device, "On the desk").await.expect("renamed");
    devices.until(|item| matches!(item, StreamItem::AppConfig(_)).then_some(())).await;
    assert_eq!(ida.device_name(&device).await.expect("a name"), "On the desk");
}

#[tokio::test]
async fn a_stream_without_the_right_says_which() {
    let sandbox = centre(&[]).await;
    let ida = client(&sandbox, "ida");
    run(&sandbox, "/scopes", json!({"user": "ida", "scopes": ["CALLS"]}));
    let dialogs = Subscription::dialogs();
    let request = ida.stream_request(&dialogs, None).expect("a request");
    let answer = ida.http().open(request).await.expect("an answer").into_answer().await.expect("read");
    let refusal = ida.stream_refusal(&dialogs, &answer);
    assert!(
        matches!(&refusal, Some(Error::MissingRight { right, .. }) if right == "Call control"),
        "{refusal:?}"
    );
}
