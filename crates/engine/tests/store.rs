//! The store: what was written is there again, whatever happened in between.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::collections::BTreeSet;
use std::path::Path;

use model::{
    Account, AccountId, ActivityId, Draft, OutboxState, Platform, Problem, ProblemCode, Settings, Theme,
    Timestamp, Work,
};
use offhook_engine::store::Store;
use rusqlite::Connection;

fn open(dir: &Path) -> Store {
    let (store, opened) = Store::open(dir).unwrap();
    assert_eq!(opened.moved_aside, None);
    store
}

fn account(id: &str) -> Account {
    Account {
        id: id.into(),
        platform: Platform::Daktela,
        name: format!("Account {id}"),
        url: "https://example.daktela.com".to_owned(),
        username: None,
        practice: false,
    }
}

fn activity(account: &str, name: &str) -> ActivityId {
    ActivityId::new(&AccountId::from(account), name)
}

fn close(activity: ActivityId, draft: Draft) -> Work {
    Work::Close { activity, draft }
}

fn note(text: &str) -> Draft {
    Draft { note: text.to_owned(), dispositions: vec!["statuses_1".into()] }
}

#[tokio::test]
async fn everything_is_there_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings { theme: Theme::Dark, region: "SE".to_owned(), ..Settings::default() };
    {
        let store = open(dir.path());
        assert_eq!(store.settings().await.unwrap(), Settings::default());
        store.put_account(account("b")).await.unwrap();
        store.put_account(account("a")).await.unwrap();
        store.put_account(Account { username: Some("jana".to_owned()), ..account("b") }).await.unwrap();
        store.put_settings(settings.clone()).await.unwrap();
        store.put_draft(activity("a", "1"), note("Zavolá zítra")).await.unwrap();
        store.put_draft(activity("a", "2"), note("x")).await.unwrap();
        store.put_draft(activity("a", "2"), Draft::default()).await.unwrap();
        store.enqueue(close(activity("b", "3"), note("klar")), "Åsa".to_owned(), Timestamp(7)).await.unwrap();
    }
    let store = open(dir.path());
    let accounts = store.accounts().await.unwrap();
    assert_eq!(accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(accounts[0].username.as_deref(), Some("jana"));
    assert_eq!(store.settings().await.unwrap(), settings);
    assert_eq!(store.drafts().await.unwrap(), [(activity("a", "1"), note("Zavolá zítra"))]);
    let outbox = store.outbox().await.unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!((outbox[0].title.as_str(), &outbox[0].state), ("Åsa", &OutboxState::Waiting));
    assert_eq!(
        (outbox[0].queued_at, &outbox[0].work),
        (Timestamp(7), &close(activity("b", "3"), note("klar")))
    );
}

#[tokio::test]
async fn a_setting_that_cannot_be_read_costs_only_itself() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).put_settings(Settings { region: "DE".to_owned(), ..Settings::default() }).await.unwrap();
    let edit = |json: &str| {
        let db = Connection::open(dir.path().join("offhook.db")).unwrap();
        db.execute("UPDATE settings SET json = ?1", [json]).unwrap();
    };
    edit(r#"{"region":"DE","theme":"purple","close_to_tray":false,"from_the_future":[1]}"#);
    let settings = open(dir.path()).settings().await.unwrap();
    assert_eq!(
        (settings.region.as_str(), settings.theme, settings.close_to_tray),
        ("DE", Theme::System, false)
    );
    edit("no json");
    assert_eq!(open(dir.path()).settings().await.unwrap(), Settings::default());
}

#[tokio::test]
async fn a_forgotten_account_leaves_nothing_and_its_neighbours_alone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for id in ["a", "ab"] {
        store.put_account(account(id)).await.unwrap();
        store.put_draft(activity(id, "1"), note("x")).await.unwrap();
        store.enqueue(close(activity(id, "1"), note("x")), String::new(), Timestamp(0)).await.unwrap();
    }
    store.forget_account("a".into()).await.unwrap();
    assert_eq!(store.accounts().await.unwrap(), [account("ab")]);
    assert_eq!(store.drafts().await.unwrap().len(), 1);
    assert_eq!(store.outbox().await.unwrap()[0].work.activity(), Some(&activity("ab", "1")));
}

#[tokio::test]
async fn the_items_of_one_activity_are_sent_one_after_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let put = |name: &'static str, text: &'static str| {
        let store = store.clone();
        async move {
            store.enqueue(close(activity("a", name), note(text)), String::new(), Timestamp(0)).await.unwrap()
        }
    };
    let first = put("1", "first").await;
    let other = put("2", "other").await;
    assert_eq!(store.claim(first.id, String::new()).await.unwrap().unwrap().state, OutboxState::Sending);
    assert_eq!(store.claim(first.id, String::new()).await.unwrap(), None, "it is being sent already");
    let second = put("1", "second").await;
    assert_ne!(second.id, first.id, "what is being sent is not replaced");
    assert_eq!(store.claim(second.id, String::new()).await.unwrap(), None, "the first is not done");
    assert!(store.claim(other.id, String::new()).await.unwrap().is_some(), "another activity need not wait");
    assert!(store.finish(first.id).await.unwrap());
    assert!(!store.finish(first.id).await.unwrap());
    assert_eq!(
        store.claim(second.id, String::new()).await.unwrap().unwrap().work,
        close(activity("a", "1"), note("second"))
    );
    assert_eq!(store.claim(999, String::new()).await.unwrap(), None);
    assert_eq!(store.settle(999, OutboxState::Waiting).await.unwrap(), None);
}

#[tokio::test]
async fn a_refused_item_is_replaced_by_what_the_agent_finished_anew() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let item =
        store.enqueue(close(activity("a", "1"), note("x")), String::new(), Timestamp(0)).await.unwrap();
    let problem = Problem::new(ProblemCode::Refused).saying(["Status chybí".to_owned()]);
    store.claim(item.id, String::new()).await.unwrap();
    let refused =
        store.settle(item.id, OutboxState::Refused { problem: problem.clone() }).await.unwrap().unwrap();
    assert_eq!(refused.state, OutboxState::Refused { problem });
    assert_eq!(store.claim(item.id, String::new()).await.unwrap(), None, "the agent must change it first");
    let again =
        store.enqueue(close(activity("a", "1"), note("y")), String::new(), Timestamp(1)).await.unwrap();
    assert_eq!(
        (again.id, &again.work, &again.state),
        (item.id, &close(activity("a", "1"), note("y")), &OutboxState::Waiting)
    );
    assert_eq!(store.outbox().await.unwrap(), [again]);
}

#[tokio::test]
async fn a_confirmed_item_takes_its_draft_with_it_but_not_what_was_typed_since() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for name in ["1", "2"] {
        store.put_draft(activity("a", name), note("x")).await.unwrap();
        store.enqueue(close(activity("a", name), note("x")), String::new(), Timestamp(0)).await.unwrap();
    }
    store.put_draft(activity("a", "2"), note("x and more")).await.unwrap();
    for item in store.outbox().await.unwrap() {
        store.finish(item.id).await.unwrap();
    }
    assert_eq!(store.drafts().await.unwrap(), [(activity("a", "2"), note("x and more"))]);
}

#[tokio::test]
async fn a_number_of_the_outbox_never_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let store = open(dir.path());
        let item =
            store.enqueue(close(activity("a", "1"), note("x")), String::new(), Timestamp(0)).await.unwrap();
        store.finish(item.id).await.unwrap();
        assert!(seen.insert(item.id));
    }
}

#[tokio::test]
async fn what_was_being_sent_when_offhook_died_is_unknown_and_what_another_one_sends_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path());
    let item = app.enqueue(close(activity("a", "1"), note("x")), String::new(), Timestamp(0)).await.unwrap();
    let waiting =
        app.enqueue(close(activity("a", "2"), note("x")), String::new(), Timestamp(0)).await.unwrap();
    app.claim(item.id, String::new()).await.unwrap();

    let command_line = open(dir.path());
    assert_eq!(
        command_line.outbox().await.unwrap()[0].state,
        OutboxState::Sending,
        "the app lives and sends it"
    );
    assert_eq!(command_line.claim(item.id, String::new()).await.unwrap(), None);
    drop(command_line);

    drop(app);
    let next = open(dir.path());
    let outbox = next.outbox().await.unwrap();
    let OutboxState::Unknown { problem } = &outbox[0].state else { panic!("{:?}", outbox[0]) };
    assert_eq!(problem.code, ProblemCode::Unconfirmed);
    assert_eq!(outbox[1].id, waiting.id);
    assert_eq!(outbox[1].state, OutboxState::Waiting);
    next.settle(item.id, OutboxState::Waiting).await.unwrap();
    assert!(next.claim(item.id, String::new()).await.unwrap().is_some());
}

#[tokio::test]
async fn several_open_stores_write_without_losing_anything() {
    let dir = tempfile::tempdir().unwrap();
    let tasks: Vec<_> = (0..4)
        .map(|writer| {
            let store = open(dir.path());
            tokio::spawn(async move {
                for name in 0..25 {
                    let id = activity(&format!("a{writer}"), &name.to_string());
                    store.enqueue(close(id, note("x")), String::new(), Timestamp(name)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let ids: BTreeSet<_> = open(dir.path())
        .outbox()
        .await
        .unwrap()
        .into_iter()
        .filter_map(|item| item.work.activity().cloned())
        .collect();
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn a_database_of_a_newer_offhook_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let path = dir.path().join("offhook.db");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let before = std::fs::read(&path).unwrap();
    let problem = Store::open(dir.path()).err().unwrap();
    assert_eq!(problem.code, ProblemCode::NotPossible);
    assert!(problem.hint.contains("Update"), "{problem}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_database_is_moved_aside_and_work_goes_on() {
    fn shopping_list(bytes: &mut [u8]) {
        bytes[..40].copy_from_slice(b"this was a shopping list, not a database");
    }
    fn noise_in_the_first_page(bytes: &mut [u8]) {
        bytes[100..4096].fill(0xa5);
    }
    fn noise_after_it(bytes: &mut [u8]) {
        bytes[4096..].fill(0xff);
    }
    let damages: [fn(&mut [u8]); 3] = [shopping_list, noise_in_the_first_page, noise_after_it];
    for damage in damages {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()));
        let path = dir.path().join("offhook.db");
        let mut bytes = std::fs::read(&path).unwrap();
        damage(&mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        // Somebody died: only then is the whole file looked through.
        std::fs::write(dir.path().join("running/dead"), "").unwrap();

        let (store, opened) = Store::open(dir.path()).unwrap();
        let aside = opened.moved_aside.expect("the damage is noticed");
        assert_eq!(std::fs::read(aside).unwrap(), bytes);
        store.put_account(account("a")).await.unwrap();
        drop(store);
        assert_eq!(open(dir.path()).accounts().await.unwrap().len(), 1);
    }
}

/// Fills the first page of a table or an index with noise, in a closed database.
fn ruin(dir: &Path, name: &str) {
    let path = dir.join("offhook.db");
    let page: usize = Connection::open(&path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [name], |row| row.get(0))
        .unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
}

#[tokio::test]
async fn what_can_be_read_of_a_damaged_database_is_carried_over() {
    let dir = tempfile::tempdir().unwrap();
    {
        let store = open(dir.path());
        store.put_account(account("a")).await.unwrap();
        store.put_settings(Settings { region: "DE".to_owned(), ..Settings::default() }).await.unwrap();
        store.put_draft(activity("a", "1"), note("typed")).await.unwrap();
        store.set_favourite("a/9".into(), true).await.unwrap();
        for name in ["2", "3"] {
            store
                .enqueue(close(activity("a", name), note("finished")), String::new(), Timestamp(0))
                .await
                .unwrap();
        }
        let first = store.outbox().await.unwrap()[0].id;
        store.claim(first, String::new()).await.unwrap();
        let follows = format!("UPDATE outbox SET behind = {first} WHERE id > {first}");
        Connection::open(store.path()).unwrap().execute(&follows, []).unwrap();
        let contact =
            "INSERT INTO contacts (id, account, generation, sort, json) VALUES ('a/7', 'a', 0, 'anna', '{}')";
        Connection::open(store.path()).unwrap().execute(contact, []).unwrap();
    }
    ruin(dir.path(), "contacts_by_title");
    {
        // Met in use, the damage is only reported; nothing is moved while somebody works.
        let store = open(dir.path());
        let problem = store.search("a".to_owned(), 5).await.unwrap_err();
        assert_eq!(problem.code, ProblemCode::Internal);
        assert_eq!(store.accounts().await.unwrap().len(), 1);
    }
    let (store, opened) = Store::open(dir.path()).unwrap();
    assert!(opened.moved_aside.is_some());
    assert_eq!(opened.rescued, 6);
    assert_eq!(store.accounts().await.unwrap(), [account("a")]);
    assert_eq!(store.settings().await.unwrap().region, "DE");
    assert_eq!(store.drafts().await.unwrap(), [(activity("a", "1"), note("typed"))]);
    let states: Vec<_> = store.outbox().await.unwrap().into_iter().map(|item| item.state).collect();
    assert!(matches!(states[..], [OutboxState::Unknown { .. }, OutboxState::Waiting]), "{states:?}");
    assert_eq!(store.search("a".to_owned(), 5).await.unwrap(), []);
    let first = store.outbox().await.unwrap()[0].id;
    let out = store.discard(first).await.unwrap().unwrap();
    assert_eq!(out.len(), 2, "what was to follow does not come without it");
}

#[tokio::test]
async fn an_item_that_is_being_sent_is_not_sent_again_on_a_second_word() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let work = close(activity("a", "1"), note("finished"));
    let id = store.enqueue(work.clone(), String::new(), Timestamp(0)).await.unwrap().id;
    let problem = Problem::new(ProblemCode::Refused);
    store.settle(id, OutboxState::Refused { problem }).await.unwrap();
    assert!(store.rewrite(id, work.clone()).await.unwrap().is_some());
    store.claim(id, String::new()).await.unwrap().unwrap();
    assert_eq!(store.rewrite(id, work).await.unwrap(), None);
    assert_eq!(store.outbox().await.unwrap()[0].state, OutboxState::Sending);
}

#[tokio::test]
async fn a_record_of_another_version_hides_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.put_account(account("a")).await.unwrap();
    store.put_draft(activity("a", "1"), note("x")).await.unwrap();
    store.enqueue(close(activity("a", "1"), note("x")), String::new(), Timestamp(0)).await.unwrap();
    let db = Connection::open(store.path()).unwrap();
    db.execute_batch(
        r#"INSERT INTO accounts VALUES ('z', 0, '{"platform":"from_the_future"}');
           INSERT INTO drafts VALUES ('a/0', '[]');
           INSERT INTO outbox (account, work, title, queued_at, state) VALUES ('a', 'no json', '', 0, 'waiting');
           INSERT INTO contacts (id, account, generation, sort, json) VALUES ('a/7', 'a', 0, 'jana', '{}');
           INSERT INTO favourites VALUES ('a/7')"#,
    )
    .unwrap();
    assert_eq!(store.accounts().await.unwrap(), [account("a")]);
    assert_eq!(store.drafts().await.unwrap().len(), 1);
    assert_eq!(store.outbox().await.unwrap().len(), 1);
    assert_eq!(store.contact("a/7".into()).await.unwrap(), None);
    for typed in ["", "jana"] {
        assert_eq!(store.search(typed.to_owned(), 5).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_migration_brings_an_older_database_up_to_today() {
    let dir = tempfile::tempdir().unwrap();
    {
        let old = Connection::open(dir.path().join("offhook.db")).unwrap();
        old.execute_batch(include_str!("../src/store/migrations/001_work.sql")).unwrap();
        let json = serde_json::to_string(&account("a")).unwrap();
        old.execute("INSERT INTO accounts VALUES ('a', 1, ?1)", [json]).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
    }
    let store = open(dir.path());
    assert_eq!(store.accounts().await.unwrap(), [account("a")]);
    assert_eq!(store.search(String::new(), 10).await.unwrap(), []);
}

#[test]
fn a_folder_that_cannot_be_made_is_said_in_words() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    let problem = Store::open(&dir.path().join("file/below")).err().unwrap();
    assert_eq!(problem.code, ProblemCode::Internal);
    assert!(problem.message.contains("data folder"), "{problem}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_this_computer_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.put_account(account("a")).await.unwrap();
    for name in ["offhook.db", "offhook.db-wal", "offhook.db-shm"] {
        let rights = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(rights & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn what_connectors_learned_and_what_was_set_for_calls_elsewhere_outlives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert_eq!((store.memory("a".into()).await.unwrap(), store.elsewhere().await.unwrap()), (None, None));
    for (account, memory) in [("a", "1"), ("a", "2"), ("b", "3")] {
        store.put_memory(account.into(), Some(memory.to_owned())).await.unwrap();
    }
    store.put_elsewhere("{}".to_owned()).await.unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.memory("a".into()).await.unwrap().as_deref(), Some("2"));
    assert_eq!(store.elsewhere().await.unwrap().as_deref(), Some("{}"));
    store.forget_account("a".into()).await.unwrap();
    store.put_memory("b".into(), None).await.unwrap();
    for account in ["a", "b"] {
        assert_eq!(store.memory(account.into()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_was_handed_over_is_written_even_if_nobody_waits() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let task = tokio::spawn({
        let store = store.clone();
        async move {
            let mut work = Box::pin(store.put_draft(activity("a", "1"), note("x")));
            // One poll hands it over; then the future goes.
            std::future::poll_fn(|context| {
                let _ = work.as_mut().poll(context);
                std::task::Poll::Ready(())
            })
            .await;
        }
    });
    task.await.unwrap();
    drop(store);
    assert_eq!(open(dir.path()).drafts().await.unwrap().len(), 1);
}
