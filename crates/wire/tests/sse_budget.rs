//! The budget of connections, on paused time with subscriptions that follow a script.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[path = "support/scripted.rs"]
mod scripted;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use offhook_wire::Wake;
use offhook_wire::sse::{Budget, BudgetLimits, Handle, Limits, LinkState, Priority, Way};
use proptest::prelude::*;
use scripted::{Log, Opening, Piece, Scripted};
use tokio_util::sync::CancellationToken;

const LINGER: Duration = Duration::from_secs(5);

/// A budget and the logs of what was opened in it, by key; they outlive the handles.
struct Desk {
    budget: Budget,
    logs: BTreeMap<String, Arc<Mutex<Log>>>,
    cancel: CancellationToken,
}

/// A stream that lives until somebody lets go of it.
fn quiet() -> Scripted {
    Scripted::new(|_| Opening::Events((0..200).map(|n| (n * 15_000, Piece::Say(": keep-alive\n"))).collect()))
}

impl Desk {
    fn new(places: usize) -> Self {
        let cancel = CancellationToken::new();
        let limits = BudgetLimits { places, linger: LINGER };
        let budget = Budget::new(limits, Limits::default(), &Wake::new(), cancel.clone());
        Self { budget, logs: BTreeMap::new(), cancel }
    }

    fn open(&mut self, key: &str, priority: Priority) -> Handle {
        self.open_with(key, priority, quiet())
    }

    fn open_with(&mut self, key: &str, priority: Priority, mut scripted: Scripted) -> Handle {
        // One log for all subscriptions of a key, so that two at once would be seen.
        scripted.log = self.logs.entry(key.to_owned()).or_default().clone();
        self.budget.open(key, priority, scripted)
    }

    fn connected(&self) -> Vec<&str> {
        let open = self.logs.iter().filter(|(_, log)| log.lock().unwrap().open_now > 0);
        open.map(|(key, _)| key.as_str()).collect()
    }
}

/// Lets everything happen that can happen now.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

fn way(handle: &Handle) -> Way {
    handle.figures().borrow().way
}

#[tokio::test(start_paused = true)]
async fn only_so_many_stream_at_once_and_the_others_poll() {
    let mut desk = Desk::new(2);
    let handles: Vec<Handle> = ["a", "b", "c"].map(|key| desk.open(key, Priority::Visible)).into();
    settle().await;
    assert_eq!(desk.connected(), ["a", "b"]);
    assert_eq!(handles.iter().map(way).collect::<Vec<_>>(), [Way::Stream, Way::Stream, Way::NoPlace]);
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_eq!(handles[2].link().borrow().state, LinkState::Live);
    assert_eq!(desk.logs["c"].lock().unwrap().fetched.len(), 4, "every ten seconds");
}

#[tokio::test(start_paused = true)]
async fn who_does_without_polling_waits_for_a_place() {
    let mut desk = Desk::new(1);
    let first = desk.open("a", Priority::Visible);
    let mut patient = quiet();
    patient.poll_every = None;
    let second = desk.open_with("b", Priority::Visible, patient);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(desk.logs["b"].lock().unwrap().fetched.len(), 0);
    drop(first);
    settle().await;
    assert_eq!((desk.connected(), way(&second)), (vec!["b"], Way::Stream));
}

#[tokio::test(start_paused = true)]
async fn own_calls_never_wait_and_take_no_place_from_others() {
    let mut desk = Desk::new(1);
    let _handles = [
        desk.open("contact", Priority::Visible),
        desk.open("call 1", Priority::Own),
        desk.open("call 2", Priority::Own),
    ];
    settle().await;
    assert_eq!(desk.connected(), ["call 1", "call 2", "contact"]);
}

#[tokio::test(start_paused = true)]
async fn the_more_important_one_gets_the_place_of_the_less_important() {
    let mut desk = Desk::new(1);
    let contact = desk.open("contact", Priority::Visible);
    settle().await;
    let queue = desk.open("queue", Priority::Queues);
    settle().await;
    assert_eq!((desk.connected(), way(&contact), way(&queue)), (vec!["queue"], Way::NoPlace, Way::Stream));
    drop(queue);
    settle().await;
    assert_eq!(desk.connected(), ["contact"], "who is not looked at any more gives way at once");
}

#[tokio::test(start_paused = true)]
async fn who_becomes_an_own_call_streams_at_once() {
    let mut desk = Desk::new(1);
    let _first = desk.open("a", Priority::Visible);
    let second = desk.open("b", Priority::Visible);
    settle().await;
    assert_eq!((desk.connected(), way(&second)), (vec!["a"], Way::NoPlace));
    let _own = desk.open("b", Priority::Own);
    settle().await;
    assert_eq!(desk.connected(), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_names_calls_without_end_gets_no_connections_without_end() {
    let mut desk = Desk::new(1);
    let _contact = desk.open("contact", Priority::Visible);
    let mut calls: Vec<Handle> = (0..1000).map(|n| desk.open(&format!("call {n}"), Priority::Own)).collect();
    settle().await;
    assert_eq!((desk.connected().len(), way(&calls[15]), way(&calls[16])), (17, Way::Stream, Way::NoPlace));
    assert!(desk.connected().contains(&"contact"), "own calls take no place from others");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(calls[999].link().borrow().state, LinkState::Live, "the rest is asked for");
    drop(calls.remove(0));
    tokio::time::sleep(LINGER * 4).await;
    assert_eq!(desk.connected().len(), 17, "the next one gets the place");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_closed_a_moment_after_the_last_look() {
    let mut desk = Desk::new(2);
    let first = desk.open("a", Priority::Visible);
    let second = desk.open("a", Priority::Visible);
    settle().await;
    drop(first);
    tokio::time::sleep(LINGER * 2).await;
    assert_eq!(desk.connected(), ["a"], "somebody still looks");
    drop(second);
    tokio::time::sleep(LINGER / 2).await;
    assert_eq!(desk.connected(), ["a"]);
    let again = desk.open("a", Priority::Visible);
    tokio::time::sleep(LINGER * 2).await;
    {
        let log = desk.logs["a"].lock().unwrap();
        assert_eq!((log.opened.len(), log.open_now), (1, 1), "scrolled back in time: the same connection");
    }
    drop(again);
    tokio::time::sleep(LINGER + Duration::from_millis(1)).await;
    assert_eq!(desk.connected(), Vec::<&str>::new());
    let anew = desk.open("a", Priority::Visible);
    settle().await;
    assert_eq!((desk.connected(), way(&anew)), (vec!["a"], Way::Stream));
}

#[tokio::test(start_paused = true)]
async fn a_broken_one_does_not_keep_others_out() {
    let mut desk = Desk::new(1);
    let _broken = desk.open_with(
        "broken",
        Priority::Visible,
        Scripted::new(|_| Opening::Answer(503, Some("text/plain"))),
    );
    settle().await;
    let _good = desk.open("good", Priority::Visible);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(desk.connected(), ["good"]);
    let tries = desk.logs["broken"].lock().unwrap().opened.len();
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(desk.logs["broken"].lock().unwrap().opened.len(), tries, "it stands at the end again");
    assert_eq!(desk.logs["good"].lock().unwrap().opened.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_over_can_be_opened_again() {
    let mut desk = Desk::new(1);
    let ends = || Scripted::new(|_| Opening::Events(vec![(0, Piece::Say("data: over\n\n"))]));
    let first = desk.open_with("call", Priority::Own, ends());
    settle().await;
    assert_eq!(first.link().borrow().state, LinkState::Ended);
    let second = desk.open_with("call", Priority::Own, quiet());
    settle().await;
    assert_eq!((desk.connected(), way(&second)), (vec!["call"], Way::Stream));
}

#[tokio::test(start_paused = true)]
async fn cancelled_it_leaves_no_connection_behind() {
    let mut desk = Desk::new(2);
    let _handles = ["a", "b", "c"].map(|key| desk.open(key, Priority::Queues));
    settle().await;
    desk.cancel.cancel();
    settle().await;
    assert_eq!(desk.connected(), Vec::<&str>::new());
}

#[derive(Debug, Clone)]
enum Move {
    Look { key: u8, priority: Priority },
    Drop(prop::sample::Index),
    Pass(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let priority =
        || prop::sample::select(&[Priority::Own, Priority::Queues, Priority::Visible, Priority::Visible][..]);
    let one = prop_oneof![
        4 => (0_u8..9, priority()).prop_map(|(key, priority)| Move::Look { key, priority }),
        3 => any::<prop::sample::Index>().prop_map(Move::Drop),
        3 => prop::sample::select(&[0, 1, 2000, 5000, 5001, 30_000][..]).prop_map(Move::Pass),
    ];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_looked_at_the_places_are_kept_and_filled(moves in moves(), places in 1_usize..4) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::new(places);
            let mut looks: Vec<(String, Priority, Handle)> = Vec::new();
            for one in moves {
                match one {
                    Move::Look { key, priority } => {
                        let key = format!("k{key}");
                        let handle = desk.open(&key, priority);
                        looks.push((key, priority, handle));
                    }
                    Move::Drop(i) if !looks.is_empty() => drop(looks.swap_remove(i.index(looks.len()))),
                    Move::Pass(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
                    Move::Drop(_) => {}
                }
                settle().await;
                let mut wanted: BTreeMap<&str, Priority> = BTreeMap::new();
                for (key, priority, _) in &looks {
                    let best = wanted.entry(key).or_insert(*priority);
                    *best = (*best).min(*priority);
                }
                let connected = desk.connected();
                let own = |key: &&str| wanted.get(key) == Some(&Priority::Own);
                let others = connected.iter().filter(|key| !own(key)).count();
                prop_assert!(others <= places, "{connected:?}");
                prop_assert!(wanted.keys().filter(|key| own(key)).all(|key| connected.contains(key)));
                // No place stays empty while somebody wants it, and none is held by a less important one.
                let waiting: Vec<Priority> =
                    wanted.iter().filter(|(key, _)| !connected.contains(key)).map(|(_, priority)| *priority).collect();
                let holding = connected.iter().filter(|key| !own(key)).map(|key| wanted.get(key).copied());
                prop_assert!(waiting.is_empty() || others == places);
                for held in holding {
                    prop_assert!(waiting.is_empty() || held.is_some(), "held by one that nobody looks at");
                    prop_assert!(waiting.iter().all(|priority| Some(*priority) >= held));
                }
                let twice = desk.logs.values().any(|log| log.lock().unwrap().most_open > 1);
                prop_assert!(!twice, "two connections of one subscription");
            }
            drop(looks);
            tokio::time::sleep(LINGER * 2).await;
            prop_assert_eq!(desk.connected(), Vec::<&str>::new());
            Ok(())
        })?;
    }
}
