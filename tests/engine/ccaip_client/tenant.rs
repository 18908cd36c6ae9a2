//! What tenants do differently: users, spelling, pages, links, limits, odd records, faults.

use std::time::Duration;

use ccaip::wire::NetworkKind;
use ccaip::{Agents, Calls, Error, Menus, Page, Paged, Spelling, Walk};
use serde_json::json;

use super::{adapter, all, all_of, as_user, centre, client};

#[tokio::test]
async fn a_wrong_token_a_wrong_user_and_every_kind_of_right_one() {
    let sandbox = centre(&[]).await;
    let token = sandbox.ccaip_token();
    for (user, token) in [("offhook", "wrong"), ("Offhook desktop", token.as_str()), ("", token.as_str())] {
        let error = as_user(&sandbox, Some(user), token).user_statuses().await.expect_err("refused");
        assert_eq!(error, Error::SignInNeeded, "{user}");
    }
    for (switch, user) in [("subdomain", "offhook"), ("name", "Offhook desktop"), ("any", "whoever")] {
        let sandbox = centre(&[("ccaip_user", switch)]).await;
        as_user(&sandbox, Some(user), &sandbox.ccaip_token()).user_statuses().await.expect("accepted");
    }
}

#[tokio::test]
async fn it_works_over_https_too() {
    let options = sandbox::Options { tls: true, ..sandbox::Options::default() };
    let sandbox = sandbox::start(options).await.expect("the sandbox starts");
    assert!(sandbox.ccaip_url().starts_with("https://"));
    client(&sandbox).user_statuses().await.expect("statuses");
}

#[tokio::test]
async fn either_spelling_is_found_and_remembered() {
    for (paths, expected) in
        [("both", Spelling::Plural), ("plural", Spelling::Plural), ("singular", Spelling::Singular)]
    {
        let sandbox = centre(&[("paths", paths)]).await;
        let client = client(&sandbox);
        all(&client, Menus::default()).await;
        client.teams_tree().await.expect("a tree");
        client.menus_current_status().await.expect("menus");
        let known = serde_json::to_value(client.spellings()).expect("it can be kept");
        for path in ["menus", "teams/tree", "menus/current_status"] {
            assert_eq!(known[path], json!(expected), "{paths} {path}");
        }
    }
}

#[tokio::test]
async fn every_way_to_page_gives_the_same_list() {
    let mut lists = Vec::new();
    for (link, total) in [
        ("present", "absent"),
        ("relative", "absent"),
        ("elsewhere", "absent"),
        ("elsewhere", "present"),
        ("absent", "present"),
        ("absent", "absent"),
    ] {
        let sandbox = centre(&[("link", link), ("ccaip_total", total)]).await;
        let client = client(&sandbox);
        let (rows, unreadable) = all_of(&client, Calls::default(), 7).await;
        assert_eq!(unreadable, []);
        lists.push(rows.into_iter().map(|call| call.id).collect::<Vec<_>>());
        let page = client.page(&Calls::default(), Page { number: 1, per: 7 }).await.expect("a page");
        assert_eq!(page.link_refused().is_some(), link == "elsewhere", "{link} {:?}", page.link);
        assert_eq!(page.total.is_some(), total == "present");
    }
    assert!(lists[0].len() > 14, "several pages");
    assert!(lists.windows(2).all(|pair| pair[0] == pair[1]), "{lists:?}");
}

#[tokio::test]
async fn a_tenant_that_cuts_pages_loses_nothing() {
    let whole = all(&client(&centre(&[]).await), Calls::default()).await.len();
    for (total, per_page) in [("present", "absent"), ("absent", "present")] {
        let switches = [("per_most", "5"), ("ccaip_total", total), ("ccaip_per_page", per_page)];
        let sandbox = centre(&switches).await;
        assert_eq!(all(&client(&sandbox), Calls::default()).await.len(), whole, "{switches:?}");
    }
}

#[tokio::test]
async fn the_limit_of_the_customer_is_told_and_nothing_is_repeated() {
    for (retry_after, told) in [("present", true), ("absent", false)] {
        let sandbox = product_tests::centre(&[("rate_per_second", "1"), ("retry_after", retry_after)]).await;
        let client = client(&sandbox);
        let mut refused = None;
        // Two of them are certainly within a second of each other, unless the machine stands still.
        for _ in 0..50 {
            if let Err(error) = client.user_statuses().await {
                refused = Some(error);
                break;
            }
        }
        let Some(Error::Transient { status: 429, retry_after: wait }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(wait.is_some(), told);
        assert!(wait.is_none_or(|wait| wait <= Duration::from_secs(60)));
    }
}

#[tokio::test]
async fn odd_records_cost_nothing_but_themselves() {
    let sandbox = centre(&[("ccaip_records", "odd")]).await;
    let client = client(&sandbox);
    let usual = centre(&[]).await;
    let usual = self::client(&usual);
    let (calls, unreadable) = all_of(&client, Calls::default(), 50).await;
    assert_eq!(unreadable, []);
    assert_eq!(calls.len(), all(&usual, Calls::default()).await.len() + 4);
    let huge = calls.iter().find(|call| call.id.as_str() == u64::MAX.to_string()).expect("its id is exact");
    assert_eq!(huge.rating, Some(5.0));
    let unknown = calls.iter().find(|call| call.id.as_str() == "990001").expect("it is there");
    assert_eq!(unknown.status.as_ref().map(ccaip::CallStatus::as_str), Some("teleporting"));
    let broken = calls.iter().find(|call| call.id.as_str() == "990002").expect("it is there");
    assert_eq!(broken.created_at, Some("2026-03-01T10:00:00Z".parse().expect("a time")));
    all(&client, Agents::default()).await;
    all(&client, ccaip::AgentActivityLogs::default()).await;
    all(&client, ccaip::Chats::default()).await;
    all(&client, ccaip::Emails::default()).await;
}

/// Whether an error tells what happened.
type Told = fn(&Error) -> bool;

#[tokio::test]
async fn every_fault_is_told_for_what_it_is() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let faults: [(serde_json::Value, Told); 9] = [
        (json!({"kind": "drop"}), |error| matches!(error, Error::Network { kind: NetworkKind::Closed, .. })),
        (json!({"kind": "truncate"}), |error| {
            matches!(error, Error::Network { .. } | Error::Protocol { .. })
        }),
        (json!({"kind": "malformed"}), |error| matches!(error, Error::Protocol { .. })),
        (json!({"kind": "status", "status": 401}), |error| *error == Error::SignInNeeded),
        (json!({"kind": "status", "status": 403}), |error| *error == Error::Forbidden),
        (json!({"kind": "status", "status": 429, "retry_after": "3"}), |error| {
            *error == Error::Transient { status: 429, retry_after: Some(Duration::from_secs(3)) }
        }),
        (json!({"kind": "status", "status": 500}), |error| {
            matches!(error, Error::Transient { status: 500, .. })
        }),
        (json!({"kind": "status", "status": 502}), |error| {
            matches!(error, Error::Transient { status: 502, .. })
        }),
        (json!({"kind": "status", "status": 503}), |error| {
            matches!(error, Error::Transient { status: 503, .. })
        }),
    ];
    for (mut fault, is_told) in faults {
        fault["platform"] = json!("ccaip");
        fault["count"] = json!(1);
        sandbox.control().fault(fault.clone()).unwrap_or_else(|error| panic!("{fault}: {error:?}"));
        let error = client.page(&Calls::default(), Page { number: 1, per: 10 }).await.expect_err("it fails");
        assert!(is_told(&error), "{fault}: {error:?}");
        let after: Result<Paged<_>, _> = client.page(&Calls::default(), Page { number: 1, per: 10 }).await;
        after.unwrap_or_else(|error| panic!("once only, {fault}: {error:?}"));
    }
}

#[tokio::test]
async fn a_walk_goes_on_where_it_failed() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    adapter(&sandbox, "login");
    let mut walk = Walk::new(Calls::default(), 5);
    let first = walk.next(&client).await.expect("a page").expect("the first");
    sandbox
        .control()
        .fault(json!({"kind": "status", "status": 503, "platform": "ccaip", "count": 1}))
        .expect("a fault");
    walk.next(&client).await.expect_err("it fails");
    let second = walk.next(&client).await.expect("a page").expect("the second");
    assert!(second.rows.iter().all(|call| !first.rows.contains(call)));
}
