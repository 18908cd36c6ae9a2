//! A database of the version before: nothing unsent is lost on the way to this one, whether the file is whole or damaged.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::path::Path;

use model::{ActivityId, Draft, OutboxItem, OutboxState, Problem, ProblemCode, Timestamp, Work};
use offhook_engine::store::{Opened, Store};
use proptest::prelude::*;
use rusqlite::{Connection, params};

const BEFORE: [&str; 3] = [
    include_str!("../src/store/migrations/001_work.sql"),
    include_str!("../src/store/migrations/002_contacts.sql"),
    include_str!("../src/store/migrations/003_two_platforms.sql"),
];

/// One item as the version before kept it.
#[derive(Clone, Debug)]
struct Kept {
    activity: String,
    draft: Draft,
    state: &'static str,
}

fn before(dir: &Path, items: &[Kept]) -> Connection {
    let db = Connection::open(dir.join("offhook.db")).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    for migration in BEFORE {
        db.execute_batch(migration).unwrap();
    }
    db.pragma_update(None, "user_version", 3).unwrap();
    let problem = serde_json::to_string(&Problem::new(ProblemCode::Refused)).unwrap();
    for (number, item) in items.iter().enumerate() {
        let problem = matches!(item.state, "refused" | "unknown").then_some(&problem);
        let owner = (item.state == "sending").then_some("somebody who died");
        db.execute(
            "INSERT INTO outbox (activity, title, draft, queued_at, state, problem, owner) VALUES (?, 'Åsa', ?, ?, ?, ?, ?)",
            params![item.activity, serde_json::to_string(&item.draft).unwrap(), number, item.state, problem, owner],
        )
        .unwrap();
    }
    db
}

fn item() -> impl Strategy<Value = Kept> {
    let state = prop_oneof![Just("waiting"), Just("sending"), Just("refused"), Just("unknown")];
    ("[a-z]{1,3}", "[a-z0-9/]{1,5}", "\\PC{0,40}", state).prop_map(|(account, name, note, state)| Kept {
        activity: format!("{account}/{name}"),
        draft: Draft { note, dispositions: vec!["statuses_1".into()] },
        state,
    })
}

fn outbox(store: &Store) -> Vec<OutboxItem> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(store.outbox())
        .unwrap()
}

fn is_same(item: &OutboxItem, kept: &Kept, number: usize) -> bool {
    let state = match item.state {
        OutboxState::Waiting => kept.state == "waiting",
        OutboxState::Refused { .. } => kept.state == "refused",
        // Whoever was sending it is gone.
        OutboxState::Unknown { .. } => kept.state == "unknown" || kept.state == "sending",
        _ => false,
    };
    let work = Work::Close { activity: ActivityId(kept.activity.clone()), draft: kept.draft.clone() };
    let queued_at = Timestamp(i64::try_from(number).unwrap_or_default());
    state && item.work == work && item.queued_at == queued_at && item.title == "Åsa"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_unsent_item_comes_over_under_its_number(items in proptest::collection::vec(item(), 0..12)) {
        let dir = tempfile::tempdir().unwrap();
        drop(before(dir.path(), &items));
        let (store, opened) = Store::open(dir.path()).unwrap();
        prop_assert_eq!(opened, Opened::default());
        let now = outbox(&store);
        prop_assert_eq!(now.len(), items.len());
        for (number, (item, kept)) in now.iter().zip(&items).enumerate() {
            prop_assert_eq!(item.id, number as u64 + 1);
            prop_assert!(is_same(item, kept, number), "{:?} from {:?}", item, kept);
        }
    }
}

#[test]
fn numbers_of_items_that_are_finished_do_not_come_back_and_what_cannot_be_read_stays() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Kept { activity: "a/1".to_owned(), draft: Draft::default(), state: "waiting" };
    let db = before(dir.path(), &[kept.clone(), kept.clone(), kept]);
    db.execute("DELETE FROM outbox WHERE id > 1", []).unwrap();
    db.execute("UPDATE outbox SET draft = 'not JSON'", []).unwrap();
    drop(db);
    let (store, _) = Store::open(dir.path()).unwrap();
    assert_eq!(outbox(&store), [], "it cannot be shown");
    let db = Connection::open(store.path()).unwrap();
    let (work, account): (String, String) =
        db.query_row("SELECT work, account FROM outbox", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!((work.as_str(), account.as_str()), ("not JSON", "a"), "but nobody threw it away");
    let next: u64 =
        db.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", [], |row| row.get(0)).unwrap();
    assert_eq!(next, 3);
}

#[test]
fn a_damaged_file_of_the_version_before_gives_its_outbox_back() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Kept {
        activity: "a/1".to_owned(),
        draft: Draft { note: "Call back".to_owned(), ..Draft::default() },
        state: "waiting",
    };
    let db = before(dir.path(), std::slice::from_ref(&kept));
    // Large enough that the damage lies in the contacts and not in what matters.
    for row in 0..4_000 {
        db.execute(
            "INSERT INTO contacts (id, account, generation, sort, json) VALUES (?, 'a', 0, ?, '{}')",
            params![format!("a/{row}"), format!("{row:0200}")],
        )
        .unwrap();
    }
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(db);
    let path = dir.path().join("offhook.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 65_536].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    std::fs::create_dir_all(dir.path().join("running")).unwrap();
    std::fs::write(dir.path().join("running").join("died"), "").unwrap();
    let (store, opened) = Store::open(dir.path()).unwrap();
    assert!(opened.moved_aside.is_some(), "the damage was seen");
    let items = outbox(&store);
    assert_eq!(items.len(), 1);
    assert!(is_same(&items[0], &kept, 0), "{items:?}");
}
