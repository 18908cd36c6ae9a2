//! Every reading of what Daktela's documents leave open: whatever the real servers do, a call rings once, is answered,
//! hung up and closed, and nothing rings on.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use model::{Command, Draft, Phase, RingOutcome};
use product_tests::{Desk, activity, centre};

const CALLER: &str = "+442079460555";

/// The whole life of three calls under these switches.
async fn three_calls(switches: &[(&str, &str)]) {
    let sandbox = centre(switches).await;
    let control = sandbox.control();
    let (mut desk, account) = Desk::ready(&sandbox).await;

    let call = desk.rung(&control, &account, CALLER).await;
    desk.confirmed(Command::Answer { activity: call.id.clone(), device: None }).await;
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredHere, "{switches:?}");
    desk.confirmed(Command::Hangup { activity: call.id.clone() }).await;
    let codes = desk
        .until("the codes are known", |s| {
            let shown = activity(s, &call.id)?;
            let ready = shown.phase == Phase::WrapUp && !shown.wrap_up.dispositions.is_empty();
            ready.then(|| shown.wrap_up.dispositions.clone())
        })
        .await;
    let draft = Draft { note: "done".to_owned(), dispositions: vec![codes[0].id.clone()] };
    desk.confirmed(Command::Close { activity: call.id.clone(), draft }).await;
    desk.until("it is gone", |s| activity(s, &call.id).is_none().then_some(())).await;
    desk.go_ready(&account).await;

    let call = desk.rung(&control, &account, CALLER).await;
    control.hangup(call.id.parts().unwrap().1).unwrap();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::Abandoned, "{switches:?}");

    let call = desk.rung(&control, &account, CALLER).await;
    control.answered_elsewhere(call.id.parts().unwrap().1, &sandbox.users()[1].username).unwrap();
    assert_eq!(desk.ring_ended(&call.id).await, RingOutcome::AnsweredElsewhere, "{switches:?}");

    assert_eq!(desk.ended.len(), 3, "{switches:?}: {:?}", desk.ended);
    assert_eq!(control.state()["most_polls_in_flight"], 1, "{switches:?}");
    assert_eq!(product_tests::state(desk.told(), &account).health.unreadable, 0, "{switches:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whole_lists_or_changed_rows_as_lists_or_as_maps() {
    for pull in ["full", "delta"] {
        for activities in ["list", "map"] {
            three_calls(&[("pull", pull), ("activities", activities), ("poll_hold", "1")]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_at_the_top_and_awkward_hashes() {
    three_calls(&[("pull_place", "top"), ("hash", "awkward"), ("missed", "map"), ("reload_user", "int")])
        .await;
    three_calls(&[("pull_place", "top"), ("pull", "delta"), ("missed", "string"), ("channels", "map")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_envelopes_and_errors_in_every_dress() {
    three_calls(&[
        ("device_name", "object"),
        ("session_body", "null"),
        ("error_on_success", "null"),
        ("total", "string"),
    ])
    .await;
    three_calls(&[
        ("device_name", "first"),
        ("session_body", "object"),
        ("error_on_success", "object"),
        ("total", "absent"),
    ])
    .await;
    three_calls(&[
        ("error_on_success", "text"),
        ("data", "map"),
        ("empty_maps", "object"),
        ("pause_since", "onpause"),
    ])
    .await;
    three_calls(&[
        ("error_on_success", "absent"),
        ("envelope", "old"),
        ("users", "restricted"),
        ("rdata", "absent"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_user_is_read_again() {
    for dress in ["bool", "int", "string"] {
        let sandbox = centre(&[("reload_user", dress)]).await;
        let control = sandbox.control();
        let (mut desk, account) = Desk::ready(&sandbox).await;
        let asked = |control: &sandbox::Control| control.state()["requests"].to_string();
        let before = asked(&control);
        control.run("POST", "/agents/ida/reload", serde_json::json!({})).unwrap();
        desk.rung(&control, &account, CALLER).await;
        let whoim = |text: &str| {
            let all: serde_json::Value = serde_json::from_str(text).unwrap();
            all.as_object()
                .unwrap()
                .iter()
                .filter(|(k, _)| k.contains("whoim"))
                .map(|(_, n)| n.as_u64().unwrap_or(0))
                .sum::<u64>()
        };
        // The reading goes on beside the poll: wait for it by what the platform counts.
        let mut tries = 0;
        while whoim(&asked(&control)) <= whoim(&before) {
            tries += 1;
            assert!(tries < 10_000, "{dress}: whoim is read again");
            tokio::task::yield_now().await;
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}
