//! The budget of requests on Tokio's clock: never too many, the foreground first, and everybody waits after a refusal.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::sync::{Arc, Mutex};
use std::time::Duration;

use offhook_wire::pace::{Class, Pace};
use proptest::prelude::*;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, advance, sleep, timeout};

const MINUTE: Duration = Duration::from_secs(60);

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// Lets everything happen that can happen now.
async fn settle() {
    for _ in 0..50 {
        yield_now().await;
    }
}

/// Waits for a turn, counts it from its beginning, and tells who got it.
fn want(
    pace: &Pace,
    class: Class,
    name: &'static str,
    got: &Arc<Mutex<Vec<&'static str>>>,
) -> JoinHandle<()> {
    let (pace, got) = (pace.clone(), got.clone());
    tokio::spawn(async move {
        drop(pace.turn(class).await);
        got.lock().unwrap().push(name);
    })
}

async fn spend(pace: &Pace, class: Class, times: usize) {
    for _ in 0..times {
        drop(timeout(Duration::ZERO, pace.turn(class)).await.expect("there is a turn"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_rings_is_never_starved_by_what_somebody_waits_for() {
    let pace = Pace::new(10, MINUTE, 6).reserving(3);
    spend(&pace, Class::Foreground, 7).await;
    assert!(timeout(seconds(1), pace.turn(Class::Foreground)).await.is_err(), "the rest is kept");
    spend(&pace, Class::Live, 3).await;
    assert!(timeout(seconds(1), pace.turn(Class::Live)).await.is_err(), "all");
}

#[tokio::test(start_paused = true)]
async fn what_is_spent_comes_back_after_the_period_and_counts_from_the_end() {
    let pace = Pace::new(2, MINUTE, 1);
    let held = pace.turn(Class::Foreground).await;
    spend(&pace, Class::Foreground, 1).await;
    assert_eq!(pace.used(), (2, 2));
    sleep(seconds(30)).await;
    drop(held);
    let begun = Instant::now();
    spend_when_free(&pace).await;
    assert_eq!(begun.elapsed(), seconds(30), "the one that was dropped at once");
    spend_when_free(&pace).await;
    assert_eq!(begun.elapsed(), seconds(60), "the one that was held for half a minute");
}

async fn spend_when_free(pace: &Pace) {
    drop(pace.turn(Class::Foreground).await);
    advance(Duration::ZERO).await;
}

#[tokio::test(start_paused = true)]
async fn background_leaves_room_for_the_foreground_and_prefetch_for_both() {
    let pace = Pace::new(10, MINUTE, 6);
    spend(&pace, Class::Prefetch, 3).await;
    assert!(timeout(seconds(1), pace.turn(Class::Prefetch)).await.is_err(), "half of the share");
    spend(&pace, Class::Background, 3).await;
    assert!(timeout(seconds(1), pace.turn(Class::Background)).await.is_err(), "the share");
    spend(&pace, Class::Foreground, 4).await;
    assert!(timeout(seconds(1), pace.turn(Class::Foreground)).await.is_err(), "all");
}

#[tokio::test(start_paused = true)]
async fn what_the_foreground_spends_does_not_shut_the_background_out() {
    let pace = Pace::new(10, MINUTE, 6);
    spend(&pace, Class::Foreground, 4).await;
    spend(&pace, Class::Background, 6).await;
}

#[tokio::test(start_paused = true)]
async fn a_late_foreground_request_goes_before_everything_that_was_queued() {
    let pace = Pace::new(1, MINUTE, 1);
    spend(&pace, Class::Foreground, 1).await;
    let got = Arc::default();
    let mut all = Vec::new();
    for (class, name) in [
        (Class::Prefetch, "prefetch"),
        (Class::Background, "background 1"),
        (Class::Background, "background 2"),
        (Class::Foreground, "foreground 1"),
        (Class::Foreground, "foreground 2"),
    ] {
        all.push(want(&pace, class, name, &got));
        settle().await;
    }
    for task in all {
        task.await.unwrap();
    }
    let order = got.lock().unwrap().clone();
    assert_eq!(order, ["foreground 1", "foreground 2", "background 1", "background 2", "prefetch"]);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_leaves_the_queue_and_spends_nothing() {
    let pace = Pace::new(1, MINUTE, 1);
    spend(&pace, Class::Foreground, 1).await;
    let got = Arc::default();
    let gone = want(&pace, Class::Foreground, "gone", &got);
    settle().await;
    let stays = want(&pace, Class::Background, "stays", &got);
    settle().await;
    gone.abort();
    stays.await.unwrap();
    assert_eq!(*got.lock().unwrap(), ["stays"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_pauses_everybody_for_as_long_as_was_asked() {
    let pace = Pace::new(10, MINUTE, 6);
    pace.refused(Some(seconds(20)));
    assert_eq!((pace.paused(), pace.wait(Class::Foreground)), (seconds(20), seconds(20)));
    let begun = Instant::now();
    drop(pace.turn(Class::Foreground).await);
    assert_eq!(begun.elapsed(), seconds(20));
    assert_eq!(pace.paused(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn refusals_that_ask_for_nothing_pause_longer_and_longer_until_one_is_long_past() {
    let pace = Pace::new(10, MINUTE, 6);
    let mut pauses = Vec::new();
    for _ in 0..6 {
        pace.refused(None);
        pace.refused(None); // under way together: refused together
        pauses.push(pace.paused().as_secs());
        sleep(pace.paused()).await;
    }
    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    sleep(MINUTE * 3).await;
    pace.refused(None);
    assert_eq!(pace.paused(), seconds(5));
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_told_before_it_is_waited() {
    let pace = Pace::new(3, MINUTE, 2);
    assert_eq!(pace.wait(Class::Prefetch), Duration::ZERO);
    spend(&pace, Class::Background, 1).await;
    advance(seconds(10)).await;
    spend(&pace, Class::Background, 1).await;
    let waits = |pace: &Pace| [Class::Foreground, Class::Background].map(|class| pace.wait(class).as_secs());
    assert_eq!(waits(&pace), [0, 50]);
    spend(&pace, Class::Foreground, 1).await;
    assert_eq!(waits(&pace), [50, 50]);
    let got = Arc::default();
    let _queued = want(&pace, Class::Foreground, "queued", &got);
    settle().await;
    assert_eq!(pace.wait(Class::Foreground), seconds(60), "behind the one that waits already");
}

/// One request: when it is wanted (ms), by whom, how long it takes (ms), and when the server sees it (share of that).
type Wanted = (u64, u8, u64, f64);

fn class(n: u8) -> Class {
    [Class::Foreground, Class::Background, Class::Prefetch][usize::from(n) % 3]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_server_ever_sees_too_many_in_a_period_and_everybody_gets_a_turn(
        limit in 1_u32..8,
        background in 1_u32..8,
        wanted in prop::collection::vec((0_u64..5_000, 0_u8..3, 0_u64..800, 0.0..=1.0_f64), 1..60),
        refused_at in prop::option::of(0_u64..5_000),
    ) {
        const PERIOD: Duration = Duration::from_millis(1000);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let seen: Vec<(Duration, Class)> = runtime.block_on(async {
            let pace = Pace::new(limit, PERIOD, background);
            let begun = Instant::now();
            let requests = wanted.iter().map(|&(at, who, takes, arrives): &Wanted| {
                let pace = pace.clone();
                tokio::spawn(async move {
                    sleep(Duration::from_millis(at)).await;
                    let turn = pace.turn(class(who)).await;
                    let takes = Duration::from_millis(takes);
                    let there = begun.elapsed() + takes.mul_f64(arrives);
                    sleep(takes).await;
                    drop(turn);
                    (there, class(who))
                })
            });
            let requests: Vec<_> = requests.collect();
            if let Some(at) = refused_at {
                sleep(Duration::from_millis(at)).await;
                pace.refused(None);
            }
            let mut seen = Vec::new();
            for request in requests {
                seen.push(timeout(seconds(3600), request).await.expect("nobody starves").unwrap());
            }
            seen
        });
        let most = |of: &dyn Fn(Class) -> bool| {
            let times = || seen.iter().filter(|(_, class)| of(*class)).map(|(there, _)| *there);
            times().map(|from| times().filter(|at| *at >= from && *at < from + PERIOD).count()).max().unwrap_or(0)
        };
        prop_assert!(most(&|_| true) <= limit as usize);
        prop_assert!(most(&|class| class != Class::Foreground) <= background.min(limit) as usize);
    }
}
