//! The inbox against a platform of our own: kept in step, listed, searched, read.

use std::time::Duration;

use model::field::{STAGE, TAGS};
use model::{
    Bulk, BulkEdit, Change, EntriesBefore, FileOf, FilterId, InboxPart, InboxQuery, ProblemCode, SaveFilter,
    ShowRemote, Snapshot, Stage, TicketFilter, TicketQuery, TicketSort, Whose,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::scripted::{ACCOUNT, Fault, Scripted, attachment, ticket};
use crate::connector::{Inline, RawBody};
use crate::{Engine, Followed};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture";

async fn until(engine: &Engine, what: &str, is_so: impl Fn(&Snapshot) -> bool) -> Snapshot {
    let (mut snapshot, mut follower) = engine.follow();
    let waited = tokio::time::timeout(Duration::from_secs(120), async {
        while !is_so(&snapshot) {
            follower.next().await;
            snapshot = engine.snapshot();
        }
        snapshot
    });
    waited.await.unwrap_or_else(|_| panic!("{what}: {:?}", engine.snapshot().inbox))
}

async fn in_step(engine: &Engine) {
    until(engine, "the index is in step", |s| s.inbox.iter().any(|sync| sync.complete)).await;
}

/// Waits until the engine has told of a change in this ticket.
async fn told_of(engine: &Engine, name: &str, stir: impl FnOnce()) {
    let (_, mut follower) = engine.follow();
    stir();
    engine.wake();
    let told = async {
        loop {
            let Followed::Events(events) = follower.next().await else { continue };
            let about = |change: &Change| match change {
                Change::Tickets { tickets, gone, .. } => {
                    tickets.iter().any(|one| one.id == ticket(name)) || gone.contains(&ticket(name))
                }
                _ => false,
            };
            if events.iter().any(|event| about(&event.change)) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(120), told).await.expect("it is told");
}

fn names(tickets: &[model::Ticket]) -> Vec<&str> {
    tickets.iter().map(|ticket| ticket.number.as_str()).collect()
}

async fn listed(engine: &Engine, query: InboxQuery) -> Vec<String> {
    let list = engine.inbox(query).await.unwrap();
    assert_eq!(list.total as usize, list.first.len(), "a short list comes at once");
    list.first.into_iter().map(|ticket| ticket.number).collect()
}

#[tokio::test]
async fn a_first_reading_goes_on_after_a_restart_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1", "2", "3", "4", "5", "6", "7"]);
    platform.world().page = 3;
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    assert_eq!(engine.snapshot().inbox[0].known, 7);
    let pages: Vec<_> = platform.world().asked.iter().take(3).copied().collect();
    assert_eq!(pages, [None, Some(3), Some(6)]);
    engine.stop(model::LeaveState::Stay).await;
    drop(engine);
    platform.world().asked.clear();
    platform.world().change("2", |ticket| ticket.title = "Changed while nobody looked".to_owned());
    let engine = platform.desk(dir.path()).await;
    until(&engine, "it is read on", |_| !platform.world().asked.is_empty()).await;
    let first = platform.world().asked[0];
    assert_eq!(first, Some(7), "from where it was");
    assert_eq!(engine.snapshot().inbox[0].known, 7);
}

#[tokio::test]
async fn a_list_keeps_its_order_while_its_rows_show_what_is_so_now() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1", "2", "3"]);
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let list = engine.inbox(InboxQuery::default()).await.unwrap();
    assert_eq!(names(&list.first), ["3", "2", "1"]);
    told_of(&engine, "1", || platform.world().change("1", |ticket| ticket.title = "Newer".to_owned())).await;
    let part = InboxPart { list: list.list, from: 0, count: 10 };
    let rows = engine.inbox_rows(part.clone()).await.unwrap();
    assert_eq!(names(&rows), ["3", "2", "1"]);
    assert_eq!(rows[2].title, "Newer");
    told_of(&engine, "2", || {
        let mut world = platform.world();
        world.tickets.remove("2");
        world.log.push("2".to_owned());
    })
    .await;
    let rows = engine.inbox_rows(part).await.unwrap();
    assert_eq!(names(&rows), ["3", "2", "1"], "what is gone keeps its place");
    assert_eq!(rows[1].stage, Stage::Deleted);
    assert_eq!(listed(&engine, InboxQuery::default()).await, ["1", "3"], "until the list is asked for anew");
    let unknown = InboxPart { list: 999, from: 0, count: 1 };
    assert_eq!(engine.inbox_rows(unknown).await.unwrap_err().code, ProblemCode::Gone);
}

#[tokio::test]
async fn filters_count_what_their_lists_show() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1", "2", "3", "4"]);
    {
        let mut world = platform.world();
        let ada = || Some(model::Named { id: "ada".to_owned(), title: "Ada".to_owned() });
        world.change("1", |ticket| (ticket.mine, ticket.owner) = (true, ada()));
        world.change("2", |ticket| {
            (ticket.mine, ticket.owner, ticket.awaits_answer, ticket.unread) = (true, ada(), false, false);
        });
        world.change("3", |ticket| {
            ticket.tags = vec![model::Named { id: "9".to_owned(), title: "Větší Škoda".to_owned() }];
        });
        world.change("4", |ticket| ticket.stage = Stage::Closed);
        world.views.push(("vip".to_owned(), vec!["4".to_owned(), "1".to_owned(), "3".to_owned()]));
        world.page = 2;
    }
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let own = SaveFilter {
        id: None,
        title: " Damage ".to_owned(),
        filter: TicketFilter { tags: vec!["vetsi skoda".to_owned()], ..TicketFilter::default() },
        sort: TicketSort::Oldest,
    };
    let id = engine.save_filter(own.clone()).await.unwrap();
    let filters = engine.filters().await.unwrap();
    let counts: Vec<_> = filters.iter().map(|one| (one.id.as_str(), one.total, one.unread)).collect();
    let account = format!("account/{ACCOUNT}");
    let view = format!("view/{ACCOUNT}/vip");
    assert_eq!(
        counts,
        [
            ("mine", Some(2), 1),
            ("unassigned", Some(1), 1),
            ("waiting", Some(1), 1),
            ("due", Some(0), 0),
            ("all", Some(3), 2),
            (account.as_str(), Some(3), 2),
            (id.as_str(), Some(1), 1),
            (view.as_str(), Some(3), 0),
        ]
    );
    for one in filters.iter().filter(|one| one.filter.is_some()) {
        let query =
            InboxQuery { filter: one.filter.clone().unwrap(), sort: one.sort, ..InboxQuery::default() };
        assert_eq!(u32::try_from(listed(&engine, query).await.len()).ok(), one.total, "{}", one.id);
    }
    let in_view = InboxQuery { view: Some(FilterId(view)), ..InboxQuery::default() };
    let list = engine.inbox(in_view).await.unwrap();
    assert_eq!((list.total, names(&list.first)), (3, vec!["4", "1"]), "the platform's order, page by page");
    let rows = engine.inbox_rows(InboxPart { list: list.list, from: 1, count: 5 }).await.unwrap();
    assert_eq!(names(&rows), ["1", "3"]);
    engine.mark_read(ticket("1")).await.unwrap();
    assert_eq!(engine.filters().await.unwrap()[0].unread, 0, "counts follow");
    engine.delete_filter(id.clone()).await.unwrap();
    assert_eq!(engine.delete_filter(id).await.unwrap_err().code, ProblemCode::Gone);
    assert_eq!(engine.delete_filter("mine".into()).await.unwrap_err().code, ProblemCode::NotPossible);
    assert_eq!(
        engine.save_filter(SaveFilter { title: " ".to_owned(), ..own }).await.unwrap_err().code,
        ProblemCode::NotPossible
    );
}

#[tokio::test]
async fn words_are_found_in_what_was_read_and_beyond_it_on_the_platform() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1", "2"]);
    platform.world().writes("1", RawBody::Html("<p>The <b>boiler</b> is leaking &amp; cold</p>".to_owned()));
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let search =
        |text: &str, online: bool| InboxQuery { text: text.to_owned(), online, ..InboxQuery::default() };
    assert_eq!(
        listed(&engine, search("noor abou", false)).await.len(),
        2,
        "beginnings of words, in any field"
    );
    assert!(listed(&engine, search("boiler", false)).await.is_empty(), "nobody has read it yet");
    engine.ticket(TicketQuery { ticket: ticket("1"), fresh: true }).await.unwrap();
    assert_eq!(listed(&engine, search("boil leak", false)).await, ["1"]);
    assert!(listed(&engine, search("\"' OR *", false)).await.is_empty());
    // An archived ticket that no synchronisation ever told of.
    platform.world().open("old", "Archived contract");
    platform.world().log.pop();
    platform.world().change("2", |ticket| ticket.stage = Stage::Closed);
    assert!(listed(&engine, search("contract", false)).await.is_empty());
    assert_eq!(listed(&engine, search("contract", true)).await, ["old"]);
    platform.world().offline = true;
    let list = engine.inbox(search("contract", true)).await.unwrap();
    assert_eq!(names(&list.first), ["old"], "it is known from now on");
    assert_eq!(list.problems.len(), 1, "and the account that could not be asked is named");
    assert_eq!(list.problems[0].account, Some(ACCOUNT.into()));
}

#[tokio::test]
async fn a_ticket_is_shown_safe_and_stays_readable_without_the_network() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    {
        let mut world = platform.world();
        world.files.insert("logo".to_owned(), PNG.to_vec());
        for number in 0..4 {
            world.writes("1", RawBody::Text(format!("Line {number}")));
        }
        let html =
            "<script>alert(1)</script><p onclick=x()>Call +44 20 7946 0123 <img src=cid:logo@mail></p>";
        let entry = world.writes("1", RawBody::Html(html.to_owned()));
        entry.inline = vec![Inline { cid: "logo@mail".to_owned(), file: attachment("logo", "logo.png") }];
    }
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let known = engine.ticket(TicketQuery { ticket: ticket("1"), fresh: false }).await.unwrap();
    assert!(known.entries.is_empty() && known.ticket.number == "1", "what the list knows comes at once");
    let detail = engine.ticket(TicketQuery { ticket: ticket("1"), fresh: true }).await.unwrap();
    assert_eq!(detail.entries.len(), 3);
    assert!(detail.earlier);
    assert_eq!(detail.entries[0].body.document, None, "a line of chat needs no page");
    let document = detail.entries[2].body.document.clone().unwrap();
    assert!(!document.contains("<script") && !document.contains("onclick"), "{document}");
    assert!(document.contains("data:image/png;base64,"), "the picture came with it: {document}");
    assert!(document.contains("tel:+442079460123"), "{document}");

    let before = EntriesBefore { ticket: ticket("1"), before: detail.entries[0].id.clone() };
    let earlier = engine.earlier_entries(before).await.unwrap();
    assert_eq!(
        earlier.iter().map(|entry| entry.body.text.as_str()).collect::<Vec<_>>(),
        ["Line 0", "Line 1"]
    );
    platform.world().offline = true;
    let kept = engine.ticket(TicketQuery { ticket: ticket("1"), fresh: true }).await.unwrap();
    assert_eq!((kept.entries.len(), kept.earlier), (5, false), "with what was read before");
    assert_eq!(kept.problems.len(), 1);
    assert_eq!(kept.read_at, detail.read_at);
    platform.world().offline = false;
    platform.world().tickets.clear();
    let gone = engine.ticket(TicketQuery { ticket: ticket("1"), fresh: true }).await.unwrap_err();
    assert_eq!(gone.code, ProblemCode::Gone);
    assert!(listed(&engine, InboxQuery::default()).await.is_empty());
}

/// A web server on this computer that counts who asks, and keeps what they said.
async fn pixel() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let server = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = server.local_addr().unwrap();
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = server.accept().await {
            let mut request = vec![0; 4096];
            let read = peer.read(&mut request).await.unwrap_or(0);
            heard.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).to_lowercase());
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nset-cookie: a=b\r\nconnection: close\r\n\r\n",
                PNG.len()
            );
            let _ = peer.write_all(head.as_bytes()).await;
            let _ = peer.write_all(PNG).await;
        }
    });
    (format!("http://{address}"), asked)
}

#[tokio::test]
async fn pictures_from_elsewhere_are_fetched_only_when_asked_for_and_tell_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (address, asked) = pixel().await;
    let platform = Scripted::with_tickets(&["1"]);
    let html = format!("<p>Hello</p><img src='{address}/p.png' width=300 height=200>");
    let shown = platform.world().writes("1", RawBody::Html(html.clone())).id.clone();
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let query = TicketQuery { ticket: ticket("1"), fresh: true };
    let detail = engine.ticket(query.clone()).await.unwrap();
    assert_eq!((detail.entries[0].body.blocked, detail.entries[0].body.trusted), (1, false));
    assert!(asked.lock().unwrap().is_empty(), "looking at it asks nobody");
    let request = ShowRemote { ticket: ticket("1"), entry: shown.as_str().into(), always: false };
    let entry = engine.show_remote(request.clone()).await.unwrap();
    assert_eq!(entry.body.blocked, 0);
    assert!(entry.body.document.unwrap().contains("data:image/png;base64,"));
    let requests = asked.lock().unwrap().clone();
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].contains("cookie") && !requests[0].contains("referer"), "{requests:?}");
    assert_eq!(engine.ticket(query.clone()).await.unwrap().entries[0].body.blocked, 1, "it was for once");

    engine.show_remote(ShowRemote { always: true, ..request }).await.unwrap();
    platform.world().writes("1", RawBody::Html(html));
    let detail = engine.ticket(query).await.unwrap();
    let seen: Vec<_> = detail.entries.iter().map(|one| (one.body.blocked, one.body.trusted)).collect();
    assert_eq!(seen, [(0, true), (0, true)], "always means the next ones too");
}

#[tokio::test]
async fn a_file_is_saved_under_a_clean_and_free_name() {
    let dir = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    let entry = {
        let mut world = platform.world();
        world.files.insert("f1".to_owned(), b"bytes".to_vec());
        let entry = world.writes("1", RawBody::Text("See the file".to_owned()));
        entry.files = vec![attachment("f1", "../../evil\u{202e}txt.exe"), attachment("f2", "gone.txt")];
        entry.id.clone()
    };
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    engine.ticket(TicketQuery { ticket: ticket("1"), fresh: true }).await.unwrap();
    let file =
        |file: &str| FileOf { ticket: ticket("1"), entry: entry.as_str().into(), file: file.to_owned() };
    let first = engine.save_file(file("f1"), folder.path()).await.unwrap();
    let second = engine.save_file(file("f1"), folder.path()).await.unwrap();
    assert_eq!(first, folder.path().join("eviltxt.exe"));
    assert_eq!(second, folder.path().join("eviltxt (2).exe"));
    assert_eq!(std::fs::read(second).unwrap(), b"bytes");
    assert_eq!(engine.save_file(file("f2"), folder.path()).await.unwrap_err().code, ProblemCode::Gone);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing half is left");
}

#[tokio::test]
async fn many_tickets_are_changed_in_the_background_with_progress_and_the_rest_can_be_cancelled() {
    let dir = tempfile::tempdir().unwrap();
    let all: Vec<String> = (1..=150).map(|number| number.to_string()).collect();
    let platform = Scripted::with_tickets(&all.iter().map(String::as_str).collect::<Vec<_>>());
    platform.world().change("7", |ticket| ticket.stage = Stage::Closed);
    let engine = platform.desk(dir.path()).await;
    in_step(&engine).await;
    let every = TicketFilter { stages: Stage::ALL.to_vec(), ..TicketFilter::default() };
    let list = engine.inbox(InboxQuery { filter: every, ..InboxQuery::default() }).await.unwrap();
    assert_eq!(list.total, 150);
    platform.world().faults.push_back(Fault::Refused);
    let close = vec![BulkEdit { key: STAGE.to_owned(), now: vec!["closed".to_owned()] }];
    let begun =
        engine.bulk(Bulk { tickets: Vec::new(), list: list.list, edit: close.clone() }).await.unwrap();
    assert_eq!((begun.of, begun.done), (150, 0));
    let snapshot = until(&engine, "one is left", |s| {
        s.bulks.is_empty()
            && s.outbox.len() == 1
            && matches!(s.outbox[0].state, model::OutboxState::Refused { .. })
    })
    .await;
    assert_eq!(snapshot.outbox[0].batch, Some(begun.id));
    let closed = platform.world().tickets.values().filter(|one| one.stage == Stage::Closed).count();
    assert_eq!(closed, 149);

    platform.world().offline = true;
    let tags = vec![BulkEdit { key: TAGS.to_owned(), now: vec!["vip".to_owned()] }];
    let begun = engine
        .bulk(Bulk { tickets: all.iter().map(|name| ticket(name)).collect(), list: 0, edit: tags })
        .await
        .unwrap();
    until(&engine, "some wait", |s| s.outbox.iter().any(|item| item.batch == Some(begun.id))).await;
    engine.stop(model::LeaveState::Stay).await;
    drop(engine);
    let engine = platform.desk(dir.path()).await;
    assert!(engine.snapshot().bulks.iter().any(|bulk| bulk.id == begun.id), "it goes on after a restart");
    let (_, mut follower) = engine.follow();
    engine.cancel_bulk(begun.id).await.unwrap();
    let mut last = None;
    while last.as_ref().is_none_or(|bulk: &model::BulkProgress| bulk.cancelled < 150) {
        let Followed::Events(events) = follower.next().await else { continue };
        for event in events {
            if let Change::Bulk { bulk } = event.change {
                last = Some(bulk);
            }
        }
    }
    assert!(engine.snapshot().bulks.is_empty());
    let mine = TicketFilter { whose: Whose::Mine, ..TicketFilter::default() };
    assert!(
        engine.inbox(InboxQuery { filter: mine, ..InboxQuery::default() }).await.unwrap().first.is_empty()
    );
}

#[tokio::test]
async fn a_removed_account_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let platform = Scripted::with_tickets(&["1"]);
    platform.world().offline = true;
    let engine = platform.desk(dir.path()).await;
    let bytes = engine.stage_bytes("a.txt", "", b"x".to_vec()).await.unwrap();
    let message =
        model::Message { text: "Hello".to_owned(), files: vec![bytes.clone()], ..Default::default() };
    let work = model::Work::Send { ticket: ticket("1"), message };
    engine.queue_work(work.clone()).await.unwrap();
    let writing =
        model::Composing { key: "k".to_owned(), work, title: String::new(), at: model::Timestamp(0) };
    engine.compose(writing).await.unwrap();
    engine.remove_account(ACCOUNT.into()).await.unwrap();
    let snapshot = engine.snapshot();
    assert!(snapshot.outbox.is_empty() && snapshot.composing.is_empty() && snapshot.inbox.is_empty());
    assert_eq!(engine.core.store.outbox().await.unwrap(), []);
    assert!(!dir.path().join("staged").join(bytes.id).exists());
}
