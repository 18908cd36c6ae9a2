//! Keys, the clock, lists, the budget, files, the telephone.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use liveagent::conversations::{Channel, Conversations, Status};
use liveagent::files::Download;
use liveagent::v3::{CallState, StartCall};
use liveagent::{Error, KeyCheck, Zone};
use product_tests::centre;
use wire::pace::Class;

use super::{client, client_v3, ida, large, with_key};

#[tokio::test]
async fn every_kind_of_key_is_told_however_errors_are_dressed() {
    for errors in ["documented", "200", "403"] {
        let sandbox = centre(&[("liveagent_errors", errors)]).await;
        let check = async |key: &str| with_key(&sandbox, key).check_key().await.expect("an answer");
        assert!(matches!(check(&sandbox.liveagent_key()).await, KeyCheck::Accepted(_)), "{errors}");
        assert_eq!(check(&ida(&sandbox).v3_key).await, KeyCheck::OfVersion3, "{errors}");
        assert_eq!(check("0123456789abcdef").await, KeyCheck::Unknown, "{errors}");
        assert_eq!(check("").await, KeyCheck::Unknown, "{errors}");
        assert_eq!(client_v3(&sandbox).check_key().await, Ok(()), "{errors}");
    }
}

#[tokio::test]
async fn a_put_reaches_a_server_that_reads_the_key_from_the_query_only() {
    let sandbox = centre(&[("liveagent_put_key", "query")]).await;
    let client = client(&sandbox);
    let tag = client.tags().await.expect("tags").rows.remove(0);
    let change = liveagent::tags::TagChange { name: Some("Renamed".into()), ..Default::default() };
    client.tag_change(&tag.id, &change).await.expect("changed");
    assert_eq!(client.tag(&tag.id).await.expect("a tag").name.as_deref(), Some("Renamed"));
}

#[tokio::test]
async fn the_offset_of_every_zone_is_found() {
    for name in ["Europe/Prague", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] {
        let sandbox = centre(&[("account_zone", name)]).await;
        let observed = client(&sandbox).observe_offset().await.expect("an answer").expect("a clock");
        let zone = TimeZone::get(name).expect("a zone");
        assert_eq!(observed.offset, zone.to_offset(observed.since).seconds(), "{name}");
    }
}

#[tokio::test]
async fn thousands_of_conversations_come_once_each_and_odd_dates_cost_a_field() {
    let sandbox = large(2500, &[]).await;
    let client = client(&sandbox);
    let all = client.pages(Conversations::default()).all(10_000).await.expect("all");
    let ids: BTreeSet<&str> = all.rows.iter().map(|row| row.id.as_str()).collect();
    assert!(all.rows.len() >= 2400 && all.unreadable.is_empty(), "{}", all.rows.len());
    assert_eq!(ids.len(), all.rows.len(), "none came twice");
    let other: Vec<_> = all.rows.iter().flat_map(|row| row.other.keys()).collect();
    assert!(other.iter().all(|key| key.starts_with("date")), "everything else is understood: {other:?}");
    let small = client.in_class(Class::Background).pages_of(Conversations::default(), 700).all(10_000).await;
    assert_eq!(small.expect("the same").rows, all.rows);
}

#[tokio::test]
async fn what_changed_since_a_time_is_what_the_list_says_changed_since() {
    let sandbox = large(300, &[]).await;
    let client = client(&sandbox);
    let all = client.pages(Conversations::default()).all(10_000).await.expect("all").rows;
    let mut times: Vec<_> = all.iter().filter_map(|row| row.changed).collect();
    times.sort_unstable();
    let middle = times[times.len() / 2];
    let later = client.pages(Conversations::changed_after(middle)).all(10_000).await.expect("later").rows;
    let expected = all.iter().filter(|row| row.changed.is_some_and(|at| at > middle));
    let names = |rows: &[liveagent::conversations::Conversation]| -> BTreeSet<String> {
        rows.iter().map(|row| row.id.clone()).collect()
    };
    assert_eq!(names(&later), expected.map(|row| row.id.clone()).collect());
    let resolved =
        Conversations { status: vec![Status::Resolved], channel: vec![Channel::Email], ..Default::default() };
    let resolved = client.pages(resolved).all(10_000).await.expect("resolved").rows;
    assert!(!resolved.is_empty());
    assert!(
        resolved
            .iter()
            .all(|row| row.status == Some(Status::Resolved) && row.channel == Some(Channel::Email))
    );
}

#[tokio::test]
async fn letters_of_a_newer_release_cost_nothing() {
    let sandbox = large(300, &[("liveagent_letters", "unknown")]).await;
    let all = client(&sandbox).pages(Conversations::default()).all(10_000).await.expect("all");
    assert!(all.unreadable.is_empty());
    let is_new = |row: &liveagent::conversations::Conversation| {
        matches!(row.status, Some(Status::Other(_))) || matches!(row.channel, Some(Channel::Other(_)))
    };
    assert!(all.rows.iter().any(is_new), "there are some");
}

#[tokio::test]
async fn a_server_that_allows_less_than_it_says_pauses_the_whole_key() {
    for retry_after in ["none", "seconds"] {
        let sandbox = centre(&[("rate_limit", "5"), ("liveagent_retry_after", retry_after)]).await;
        let client = client(&sandbox);
        let mut error = None;
        for _ in 0..6 {
            error = client.tag_delete("nothing-of-the-kind").await.err();
        }
        let paused = client.pace().paused();
        assert!(matches!(error, Some(Error::Transient { status: 429, .. })), "{error:?}");
        assert!(!paused.is_zero(), "{retry_after}");
        if retry_after == "seconds" {
            assert!(matches!(
                client.tags().await,
                Err(Error::Transient { status: 429, retry_after: Some(_) })
            ));
        }
    }
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down_the_same() {
    let sandbox = centre(&[("max_file", "1000000")]).await;
    let client = client(&sandbox);
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    let file = client.file_upload("a \"quoted\" name.bin", "application/x-odd", &bytes).await.expect("up");
    assert_eq!((file.size, file.media_type.as_deref()), (Some(100_000), Some("application/x-odd")));
    let again = client.file(&file.id).await.expect("known");
    let Download { media_type, bytes: down } =
        client.download(again.link.as_deref().expect("a link"), 1 << 20).await.expect("down");
    assert_eq!((media_type.as_deref(), down.to_vec()), (Some("application/x-odd"), bytes));
    let refused =
        client.file_upload("large", "a/b", &vec![0; 1_000_001]).await.expect_err("too large for it");
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    assert_eq!(client.file("0123456789abcdef0123456789abcdef").await, Err(Error::NotFound));
}

#[tokio::test]
async fn a_click_calls_the_agent_and_then_the_customer() {
    let sandbox = centre(&[]).await;
    let (v1, v3) = (client(&sandbox), client_v3(&sandbox));
    v3.ping().await.expect("there");
    let own = v3.agent_by_email(&ida(&sandbox).username).await.expect("agents").expect("ida");
    assert_eq!(own.id, v1.agent(&ida(&sandbox).username).await.expect("ida").id, "one id in both versions");
    let devices = v3.devices().await.expect("devices");
    assert!(devices.rows.iter().any(|device| device.agent.as_deref() == Some(own.id.as_str())));
    let ticket = Some(super::hers(&v1, &sandbox).await);
    let start = StartCall { to: "+442079460123".into(), ticket: ticket.clone(), via: None };
    let call = v3.call_start(&start).await.expect("it rings").expect("with an id");
    let status = v3.call_status(&call).await.expect("a status");
    assert!(matches!(status.state, Some(CallState::Ringing | CallState::Calling)), "{status:?}");
    assert_eq!(status.agent.map(|agent| agent.id), Some(own.id));
    let calls = v3.calls(50).await.expect("calls").rows;
    assert_eq!(calls.iter().find(|row| row.id == call).expect("listed").ticket, ticket);
    assert_eq!(v3.call_status("nothing").await, Err(Error::NotFound));
    assert!(matches!(v3.call_start(&StartCall::default()).await, Err(Error::Refused { .. })));
}

#[tokio::test]
async fn times_of_a_message_and_of_the_clock_are_of_one_zone() {
    let sandbox = centre(&[("account_zone", "Asia/Kolkata")]).await;
    let client = client(&sandbox);
    let mut zone = Zone::default();
    let before = client.observe_offset().await.expect("an answer").expect("a clock");
    zone.observe(before);
    let id = super::hers(&client, &sandbox).await;
    let note = liveagent::messages::NewMessage::note(Some(ida(&sandbox).username), "now");
    client.conversation_message_add(&id, &note).await.expect("noted");
    let after = client.observe_offset().await.expect("an answer").expect("a clock");
    let changed = zone.timestamp(client.conversation(&id).await.expect("it").changed.expect("a time"));
    // The server's clock, which is asked before and after, tells whole seconds.
    let second = jiff::SignedDuration::from_secs(1);
    assert!(
        before.since - second <= changed && changed <= after.since + second,
        "{before:?} {changed} {after:?}"
    );
}
