//! What an agent finished ends on the platform exactly once, or waits, or stands refused or asking before the agent, whatever
//! is lost and wherever the process dies; and in the order of its ticket.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::field::{STAGE, TITLE};
use model::{
    Command, Composing, FieldChoice, FieldEdit, Message, OutboxState, ProblemCode, Resolve, StageFile,
    Timestamp, Work,
};
use proptest::prelude::*;

use super::scripted::{Doubt, Fault, Scripted, ticket};
use crate::Engine;

fn texts(one: &str) -> Vec<String> {
    vec![one.to_owned()]
}

fn edit(key: &str, was: &str, now: &str) -> FieldEdit {
    FieldEdit { key: key.to_owned(), was: texts(was), now: texts(now) }
}

fn reply(name: &str, text: &str) -> Composing {
    let message = Message { text: text.to_owned(), ..Message::default() };
    Composing {
        key: format!("{}#reply", ticket(name)),
        work: Work::Send { ticket: ticket(name), message },
        title: format!("About {name}"),
        at: Timestamp(0),
    }
}

async fn write(engine: &Engine, composing: Composing) -> u64 {
    let key = composing.key.clone();
    engine.compose(composing).await.unwrap();
    engine.send(key).await.unwrap()
}

async fn until(engine: &Engine, what: &str, is_so: impl Fn(&model::Snapshot) -> bool) -> model::Snapshot {
    let (mut snapshot, mut follower) = engine.follow();
    let deadline = Duration::from_secs(120);
    let waited = tokio::time::timeout(deadline, async {
        while !is_so(&snapshot) {
            follower.next().await;
            snapshot = engine.snapshot();
        }
        snapshot
    });
    waited.await.unwrap_or_else(|_| panic!("{what}: {:?}", engine.snapshot().outbox))
}

async fn until_sent(engine: &Engine) {
    until(engine, "everything is sent", |snapshot| snapshot.outbox.is_empty()).await;
}

fn state_of(snapshot: &model::Snapshot, id: u64) -> Option<&OutboxState> {
    snapshot.outbox.iter().find(|item| item.id == id).map(|item| &item.state)
}

#[tokio::test]
async fn what_is_written_is_kept_sent_once_and_followed_by_what_it_was_to_bring() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    let engine = platform.desk(dir.path()).await;
    let mut composing = reply("1", "Thank you, it is done.");
    let Work::Send { message, .. } = &mut composing.work else { panic!("a message") };
    message.then = vec![edit(STAGE, "open", "closed")];
    engine.compose(composing.clone()).await.unwrap();
    assert_eq!(engine.snapshot().composing.len(), 1);
    assert_eq!(engine.core.store.composing().await.unwrap().len(), 1, "every word is on the disk at once");
    engine.send(composing.key.clone()).await.unwrap();
    until_sent(&engine).await;
    assert_eq!(platform.sent_to("1"), ["Thank you, it is done."]);
    assert_eq!(platform.world().tickets["1"].stage, model::Stage::Closed);
    assert_eq!(engine.snapshot().composing, []);
    let again = engine.send(composing.key).await.unwrap_err();
    assert_eq!(again.code, ProblemCode::Gone, "a second click sends nothing");
    let empty = reply("1", "  ");
    engine.compose(empty.clone()).await.unwrap();
    assert_eq!(engine.send(empty.key).await.unwrap_err().code, ProblemCode::NotPossible);
}

#[tokio::test]
async fn a_refused_message_holds_back_what_was_to_follow_and_comes_back_whole() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1", "2"]);
    platform.world().faults.push_back(Fault::Refused);
    let engine = platform.desk(dir.path()).await;
    let mut composing = reply("1", "Wrong words");
    let Work::Send { message, .. } = &mut composing.work else { panic!("a message") };
    message.then = vec![edit(STAGE, "open", "closed")];
    let id = write(&engine, composing).await;
    let refused =
        |snapshot: &model::Snapshot| matches!(state_of(snapshot, id), Some(OutboxState::Refused { .. }));
    let snapshot = until(&engine, "it is refused", refused).await;
    let Some(OutboxState::Refused { problem }) = state_of(&snapshot, id) else { panic!("refused") };
    assert_eq!(problem.said, ["No, thank you"], "in the platform's words");
    write(&engine, reply("2", "Another ticket goes on")).await;
    until(&engine, "the other is sent", |snapshot| snapshot.outbox.len() == 2).await;
    assert_eq!(platform.sent_to("2"), ["Another ticket goes on"]);
    assert_eq!(
        platform.world().tickets["1"].stage,
        model::Stage::Open,
        "it is not closed without its answer"
    );

    let key = engine.take_back(id).await.unwrap();
    let snapshot = engine.snapshot();
    assert_eq!(snapshot.outbox, []);
    let [back] = &snapshot.composing[..] else { panic!("{:?}", snapshot.composing) };
    let Work::Send { message, .. } = &back.work else { panic!("a message") };
    assert_eq!(
        (back.key.as_str(), message.text.as_str(), message.then.len()),
        (key.as_str(), "Wrong words", 1)
    );
    let mut better = back.clone();
    let Work::Send { message, .. } = &mut better.work else { panic!("a message") };
    message.text = "Better words".to_owned();
    write(&engine, better).await;
    until_sent(&engine).await;
    assert_eq!(platform.sent_to("1"), ["Better words"]);
    assert_eq!(platform.world().tickets["1"].stage, model::Stage::Closed);
}

#[tokio::test]
async fn a_discarded_message_takes_what_was_to_follow_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    platform.world().faults.push_back(Fault::Refused);
    let engine = platform.desk(dir.path()).await;
    let file =
        StageFile { name: "a.txt".to_owned(), mime: "text/plain".to_owned(), base64: "aGVsbG8=".to_owned() };
    let staged = engine.stage_file(file).await.unwrap();
    let bytes = dir.path().join("staged").join(&staged.id);
    assert_eq!(std::fs::read(&bytes).unwrap(), b"hello");
    let mut composing = reply("1", "See the file");
    let Work::Send { message, .. } = &mut composing.work else { panic!("a message") };
    message.then = vec![edit(STAGE, "open", "closed")];
    message.files = vec![staged];
    let id = write(&engine, composing).await;
    until(&engine, "it is refused", |s| matches!(state_of(s, id), Some(OutboxState::Refused { .. }))).await;
    assert!(bytes.exists(), "what is refused may be sent again");
    engine.execute(Command::Discard { item: id });
    until_sent(&engine).await;
    assert_eq!(platform.world().tickets["1"].stage, model::Stage::Open);
    let gone = async {
        while bytes.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), gone).await.expect("nobody needs the file any more");
}

#[tokio::test]
async fn fields_that_somebody_else_changed_are_decided_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    let engine = platform.desk(dir.path()).await;
    platform.world().change("1", |ticket| ticket.title = "Theirs".to_owned());
    let work = Work::Edit {
        ticket: ticket("1"),
        edit: vec![edit(TITLE, "About 1", "Mine"), edit(STAGE, "open", "closed")],
    };
    let id = engine.queue_work(work).await.unwrap();
    let conflict = |s: &model::Snapshot| matches!(state_of(s, id), Some(OutboxState::Conflict { .. }));
    let snapshot = until(&engine, "it is in conflict", conflict).await;
    let Some(OutboxState::Conflict { fields }) = state_of(&snapshot, id) else { panic!("a conflict") };
    assert_eq!(fields.len(), 1);
    assert_eq!((&fields[0].theirs.values, &fields[0].mine), (&texts("Theirs"), &texts("Mine")));
    assert_eq!(platform.world().tickets["1"].stage, model::Stage::Open, "nothing of it was written");
    let nothing = engine.resolve(Resolve { item: id, fields: Vec::new() }).await.unwrap_err();
    assert_eq!(nothing.code, ProblemCode::NotPossible);
    let mine = FieldChoice { key: TITLE.to_owned(), now: Some(texts("Mine")) };
    engine.resolve(Resolve { item: id, fields: vec![mine] }).await.unwrap();
    until_sent(&engine).await;
    let world = platform.world();
    assert_eq!((world.tickets["1"].title.as_str(), world.tickets["1"].stage), ("Mine", model::Stage::Closed));
}

#[tokio::test]
async fn a_second_change_of_a_field_builds_on_the_first_that_still_waits() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    platform.world().offline = true;
    let engine = platform.desk(dir.path()).await;
    for (was, now) in [("About 1", "First"), ("About 1", "Second")] {
        let work = Work::Edit { ticket: ticket("1"), edit: vec![edit(TITLE, was, now)] };
        engine.queue_work(work).await.unwrap();
    }
    platform.world().offline = false;
    engine.wake();
    until_sent(&engine).await;
    assert_eq!(platform.world().tickets["1"].title, "Second", "and no conflict with oneself");
}

#[tokio::test]
async fn when_nobody_can_say_whether_it_arrived_the_agent_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    platform.world().faults.push_back(Fault::Lost { done: false });
    platform.world().doubts.push_back(Doubt::Unclear);
    let engine = platform.desk(dir.path()).await;
    let id = write(&engine, reply("1", "Did it arrive?")).await;
    until(&engine, "the agent is asked", |s| matches!(state_of(s, id), Some(OutboxState::Ask { .. }))).await;
    assert!(platform.sent_to("1").is_empty(), "nothing was repeated");
    engine.execute(Command::Resend { item: id });
    until_sent(&engine).await;
    assert_eq!(platform.sent_to("1"), ["Did it arrive?"]);
}

/// One thing the agent finishes.
#[derive(Clone, Debug)]
enum Finished {
    Reply(usize),
    Field(usize),
    SendAndSet(usize),
}

const TICKETS: [&str; 3] = ["1", "2", "3"];

fn finished() -> impl Strategy<Value = Finished> {
    (0..TICKETS.len(), 0..3).prop_map(|(ticket, what)| match what {
        0 => Finished::Reply(ticket),
        1 => Finished::Field(ticket),
        _ => Finished::SendAndSet(ticket),
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        2 => any::<bool>().prop_map(|done| Fault::Lost { done }),
        2 => any::<bool>().prop_map(|done| Fault::Dies { done }),
        1 => Just(Fault::NotSent),
        1 => Just(Fault::Refused),
    ]
}

fn doubt() -> impl Strategy<Value = Doubt> {
    prop_oneof![
        5 => Just(Doubt::None),
        1 => Just(Doubt::Unclear),
        1 => Just(Doubt::Offline),
        1 => Just(Doubt::Dies),
    ]
}

/// Runs an engine until nothing moves any more (`true`) or the process "dies": its runtime, with every task in it, is gone
/// from one moment to the next.
fn live(dir: &Path, platform: &Arc<Scripted>, first: impl AsyncFnOnce(&Engine)) -> bool {
    // Waits between tries take no time.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let engine = platform.desk(dir).await;
        let day = async {
            first(&engine).await;
            let settled = |snapshot: &model::Snapshot| {
                let mut stuck = std::collections::BTreeSet::new();
                snapshot.outbox.iter().all(|item| {
                    let lane = item.work.lane();
                    let is_stuck = matches!(
                        item.state,
                        OutboxState::Refused { .. } | OutboxState::Ask { .. } | OutboxState::Conflict { .. }
                    );
                    // Behind what is stuck its own lane waits.
                    !stuck.insert(lane) || is_stuck
                })
            };
            let (mut snapshot, mut follower) = engine.follow();
            while !settled(&snapshot) {
                follower.next().await;
                snapshot = engine.snapshot();
            }
        };
        tokio::select! {
            () = day => true,
            () = platform.died.notified() => false,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn everything_ends_once_or_waits_or_is_refused_or_asks(
        work in proptest::collection::vec(finished(), 1..9),
        faults in proptest::collection::vec(fault(), 0..14),
        doubts in proptest::collection::vec(doubt(), 0..6),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let platform = Scripted::with_tickets(&TICKETS);
        {
            let mut world = platform.world();
            world.faults.extend(faults);
            world.doubts.extend(doubts);
        }
        let all = work.clone();
        // The agent finishes everything first: what is to be sent is on the disk before anything goes wrong.
        platform.world().offline = true;
        live_once(dir.path(), &platform, &all);
        platform.world().offline = false;
        let mut lives = 0;
        while !live(dir.path(), &platform, async |_| ()) {
            lives += 1;
            prop_assert!(lives < 60, "it never comes to rest");
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let left = runtime.block_on(async {
            crate::store::Store::open(dir.path()).unwrap().0.outbox().await.unwrap()
        });
        let unsent = |text: &str| left.iter().find(|item| {
            matches!(&item.work, Work::Send { message, .. } if message.text == text)
        });
        for (at, name) in TICKETS.iter().enumerate() {
            let sent = platform.sent_to(name);
            let wanted: Vec<String> = work.iter().enumerate().filter_map(|(number, what)| match what {
                Finished::Reply(to) | Finished::SendAndSet(to) if *to == at => Some(format!("text {number}")),
                _ => None,
            }).collect();
            for text in &wanted {
                let times = sent.iter().filter(|one| *one == text).count();
                match unsent(text).map(|item| &item.state) {
                    None => prop_assert_eq!(times, 1, "{} is nowhere else", text),
                    Some(OutboxState::Refused { .. } | OutboxState::Waiting) => prop_assert_eq!(times, 0),
                    Some(OutboxState::Ask { .. }) => prop_assert!(times <= 1),
                    Some(other) => prop_assert!(false, "left as {:?}", other),
                }
            }
            let in_order: Vec<_> = wanted.iter().filter(|text| sent.contains(text)).cloned().collect();
            prop_assert_eq!(sent, in_order, "in the order of the ticket");
        }
        for (number, what) in work.iter().enumerate() {
            let (Finished::Field(to) | Finished::SendAndSet(to)) = what else { continue };
            let key = format!("custom.{number}");
            let place = (TICKETS[*to].to_owned(), key.clone());
            let is_set = platform.world().fields.contains_key(&place);
            let waits = left.iter().any(|item| matches!(&item.work, Work::Edit { edit, .. } if edit[0].key == key));
            prop_assert!(is_set || waits, "field {} was lost", number);
            if let Finished::SendAndSet(_) = what {
                let is_sent = platform.sent_to(TICKETS[*to]).contains(&format!("text {number}"));
                prop_assert!(!is_set || is_sent, "what follows came before its message");
            }
        }
    }
}

/// The agent's day: everything is finished while nothing can be sent. Then the process dies.
fn live_once(dir: &Path, platform: &Arc<Scripted>, work: &[Finished]) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let engine = platform.desk(dir).await;
        for (number, what) in work.iter().enumerate() {
            let set =
                || vec![FieldEdit { key: format!("custom.{number}"), was: Vec::new(), now: texts("x") }];
            match what {
                Finished::Reply(to) => {
                    write(&engine, reply(TICKETS[*to], &format!("text {number}"))).await;
                }
                Finished::Field(to) => {
                    let work = Work::Edit { ticket: ticket(TICKETS[*to]), edit: set() };
                    engine.queue_work(work).await.unwrap();
                }
                Finished::SendAndSet(to) => {
                    let mut composing = reply(TICKETS[*to], &format!("text {number}"));
                    let Work::Send { message, .. } = &mut composing.work else { return };
                    message.then = set();
                    write(&engine, composing).await;
                }
            }
        }
    });
}
