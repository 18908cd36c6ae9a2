//! Conversations: listed, read, answered and changed.

use model::{
    AuthorKind, Channel, EntryKind, FieldChoice, FieldEdit, KnowledgeQuery, MessageKind, NewTicket,
    OutboxState, Resolve, Snapshot, Stage, TicketFilter, TicketId, Whose, Work, field,
};
use product_tests::tickets::{done, edit, fresh, gone, held, listed, seen, send, times, truth};
use product_tests::{Desk, centre};
use sandbox::Control;
use serde_json::{Value, json};

use super::{common, in_step, post};

/// A conversation of a customer's that is here.
async fn opened(desk: &mut Desk, control: &Control, body: Value) -> (TicketId, String) {
    let account = desk.told().accounts[0].account.id.clone();
    common::opened(desk, control, &account, body).await
}

#[tokio::test]
async fn every_conversation_is_listed_and_mine_are_mine() {
    let sandbox = centre(&[]).await;
    let (desk, _) = in_step(&sandbox).await;
    let all = listed(&desk, TicketFilter { stages: Stage::ALL.to_vec(), ..TicketFilter::default() }).await;
    let truth = sandbox.control().run("GET", "tickets", Value::Null).expect("tickets are told");
    let there = truth.as_array().expect("a list").iter().filter(|ticket| ticket["state"] != "deleted");
    assert_eq!(all.len(), there.clone().count());
    let mine = listed(
        &desk,
        TicketFilter { whose: Whose::Mine, stages: Stage::ALL.to_vec(), ..TicketFilter::default() },
    )
    .await;
    assert_eq!(mine.len(), there.clone().filter(|ticket| ticket["owner"] == "ida").count());
    assert!(mine.iter().all(|ticket| ticket.owner.as_ref().is_some_and(|owner| owner.title.contains("Ida"))));
    let nobodys = listed(
        &desk,
        TicketFilter { whose: Whose::Unassigned, stages: Stage::ALL.to_vec(), ..TicketFilter::default() },
    )
    .await;
    assert_eq!(nobodys.len(), there.filter(|ticket| ticket["owner"].is_null()).count());
}

#[tokio::test]
async fn a_conversation_of_a_stranger_is_read_with_everything_around_it() {
    let sandbox = centre(&[("account_zone", "Asia/Kolkata")]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let html = "<p>Dear team,</p><p>it <b>broke</b><script>alert(1)</script></p>";
    let file = json!({"name": "report.txt", "type": "text/plain", "text": "eleven bytes"});
    let (id, number) =
        opened(&mut desk, &control, json!({"title": "Broken kettle", "html": html, "files": [file]})).await;
    let detail = fresh(&desk, &id).await;
    assert_eq!((detail.ticket.title.as_str(), detail.ticket.channel), ("Broken kettle", Channel::Email));
    assert!(detail.ticket.awaits_answer);
    let now = jiff::Timestamp::now().as_millisecond();
    assert!((now - detail.ticket.created_at.0).abs() < 3_600_000, "the account's zone is known: {number}");
    let entry = detail.entries.iter().find(|entry| entry.kind == EntryKind::Message).expect("a message");
    assert_eq!(entry.author.kind, AuthorKind::Customer);
    assert!(entry.body.text.contains("it broke"), "{}", entry.body.text);
    assert!(!entry.body.document.as_deref().unwrap_or_default().contains("<script"));
    assert_eq!(entry.files.len(), 1, "{:?}", entry.files);
    assert_eq!(entry.files[0].name, "report.txt");
    let file = model::FileOf { ticket: id, entry: entry.id.clone(), file: entry.files[0].id.clone() };
    let folder = tempfile::tempdir().expect("a folder");
    let saved = desk.engine.save_file(file, folder.path()).await.expect("it is saved");
    assert_eq!(std::fs::read(saved).expect("it is there"), b"eleven bytes");
}

#[tokio::test]
async fn a_reply_and_a_note_arrive_once_and_show() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let (id, number) =
        opened(&mut desk, &control, json!({"title": "A question", "text": "Where is it?"})).await;
    send(&mut desk, &id, MessageKind::Reply, "It left this morning.\nYou will have it tomorrow.").await;
    send(&mut desk, &id, MessageKind::Note, "Parcel 17, ask the depot if it is late.").await;
    assert_eq!(times(&control, &number, "It left this morning."), 1);
    assert_eq!(times(&control, &number, "ask the depot"), 1);
    let detail = fresh(&desk, &id).await;
    let of =
        |kind: EntryKind| detail.entries.iter().filter(|entry| entry.kind == kind && entry.author.me).count();
    assert_eq!((of(EntryKind::Message), of(EntryKind::Note)), (1, 1), "{:#?}", detail.entries);
}

#[tokio::test]
async fn a_reply_whose_answer_is_lost_is_looked_up_and_not_sent_twice() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let (id, number) =
        opened(&mut desk, &control, json!({"title": "A question", "text": "Where is it?"})).await;
    let lost = json!({"kind": "lost_answer", "platform": "liveagent", "route": "conversations.conversationid.messages.post", "count": 1});
    post(&control, "faults", lost);
    send(&mut desk, &id, MessageKind::Reply, "It left this morning.").await;
    assert_eq!(times(&control, &number, "It left this morning."), 1);
}

#[tokio::test]
async fn state_department_owner_and_tags_are_changed() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let (id, number) =
        opened(&mut desk, &control, json!({"title": "A question", "text": "Where is it?"})).await;
    let detail = fresh(&desk, &id).await;
    let option = |key: &str, title: &str| {
        let field = detail.fields.iter().find(|field| field.key == key).expect(key);
        field.options.iter().find(|option| option.title.contains(title)).expect(title).value.clone()
    };
    let (orders, tomas) = (option(field::CATEGORY, "Orders"), option(field::OWNER, "Tom"));
    let was = |key: &str| held(&detail, key);
    let change = |key: &str, now: Vec<String>| FieldEdit { key: key.to_owned(), was: was(key), now };
    let edit = vec![
        change(field::CATEGORY, vec![orders]),
        change(field::OWNER, vec![tomas]),
        change(field::TAGS, vec!["urgent parcels".to_owned()]),
        change(field::STAGE, vec!["closed".to_owned()]),
    ];
    done(&mut desk, Work::Edit { ticket: id.clone(), edit }).await;
    let truth = truth(&control, &number);
    assert_eq!(
        (truth["owner"].as_str(), truth["category"].as_str()),
        (Some("tomas"), Some("categories_orders")),
        "{truth}"
    );
    assert!(truth["tags"].to_string().contains("urgent parcels"), "{truth}");
    let now = fresh(&desk, &id).await;
    assert_eq!(now.ticket.stage, Stage::Closed);
    assert_eq!(held(&now, field::TAGS), ["urgent parcels"]);
}

#[tokio::test]
async fn what_somebody_else_changed_is_shown_field_by_field_and_chosen() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let (id, number) =
        opened(&mut desk, &control, json!({"title": "A question", "text": "Where is it?"})).await;
    let detail = fresh(&desk, &id).await;
    let mine = FieldEdit {
        key: field::TAGS.to_owned(),
        was: held(&detail, field::TAGS),
        now: vec!["mine".to_owned()],
    };
    post(&control, &format!("tickets/{number}/edit"), json!({"agent": "tomas", "tags": ["theirs"]}));
    let item =
        desk.engine.queue_work(Work::Edit { ticket: id.clone(), edit: vec![mine] }).await.expect("queued");
    let conflict = desk
        .until("it is in conflict", |s: &Snapshot| {
            let item = s.outbox.iter().find(|one| one.id == item)?;
            match &item.state {
                OutboxState::Conflict { fields } => Some(fields.clone()),
                _ => None,
            }
        })
        .await;
    assert_eq!(conflict.len(), 1);
    assert_eq!(
        (&conflict[0].theirs.values[..], &conflict[0].mine[..]),
        (&["theirs".to_owned()][..], &["mine".to_owned()][..])
    );
    let both =
        FieldChoice { key: field::TAGS.to_owned(), now: Some(vec!["mine".to_owned(), "theirs".to_owned()]) };
    desk.engine.resolve(Resolve { item, fields: vec![both] }).await.expect("it is decided");
    gone(&mut desk, item).await;
    assert_eq!(held(&fresh(&desk, &id).await, field::TAGS), ["mine", "theirs"]);
}

#[tokio::test]
async fn a_conversation_is_begun_and_deleted_with_a_note() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = in_step(&sandbox).await;
    let form = model::FormOf { account: account.clone(), category: None };
    let form = desk.engine.ticket_form(form).await.expect("a form");
    let department =
        form.iter().find(|f| f.key == field::CATEGORY).and_then(|f| f.options.first()).expect("a department");
    let message =
        model::Message { text: "Your parcel waits at the depot.".to_owned(), ..model::Message::default() };
    let fields = vec![
        edit(field::CATEGORY, &[], &[&department.value]),
        edit(field::EMAIL, &[], &["new.customer@example.com"]),
        edit(field::TITLE, &[], &["Your parcel"]),
    ];
    done(&mut desk, Work::Create { account, new: NewTicket { fields, message } }).await;
    desk.engine.watch(model::Watch { inbox: true, ..model::Watch::default() });
    let truth_of = || control.run("GET", "tickets", Value::Null).expect("tickets are told");
    let made: Vec<Value> = truth_of()
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["title"] == "Your parcel")
        .cloned()
        .collect();
    assert_eq!(made.len(), 1, "it is there once");
    let all = || TicketFilter { stages: Stage::ALL.to_vec(), ..TicketFilter::default() };
    let ticket = loop {
        if let Some(found) =
            listed(&desk, all()).await.into_iter().find(|ticket| ticket.title == "Your parcel")
        {
            break found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    done(&mut desk, Work::Delete { ticket: ticket.id.clone(), note: "A mistake.".to_owned() }).await;
    let gone = desk
        .engine
        .ticket(model::TicketQuery { ticket: ticket.id, fresh: true })
        .await
        .expect_err("it is gone");
    assert_eq!(gone.code, model::ProblemCode::Gone);
}

#[tokio::test]
async fn the_knowledge_base_is_searched() {
    let sandbox = centre(&[]).await;
    let (desk, account) = in_step(&sandbox).await;
    let query = |text: &str| KnowledgeQuery { account: account.clone(), text: text.to_owned() };
    let found = desk.engine.knowledge(query("delivery")).await.expect("it is searched");
    assert!(!found.is_empty());
    assert!(
        found.iter().all(|article| !article.title.is_empty() && !article.text.contains('<')),
        "{found:?}"
    );
    assert!(desk.engine.knowledge(query("xyzzyplugh")).await.expect("it is searched").is_empty());
}

#[tokio::test]
async fn the_customers_own_words_are_not_taken_for_a_reply_that_was_lost_on_the_way() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let text = "Thanks\nfor nothing. Thanks";
    let (id, number) = opened(&mut desk, &control, json!({"title": "A complaint", "text": text})).await;
    let cut = json!({"kind": "drop", "platform": "liveagent", "method": "POST",
        "route": "conversations.conversationid.messages.post", "count": 1});
    post(&control, "faults", cut);
    send(&mut desk, &id, MessageKind::Reply, "Thanks").await;
    let truth = truth(&control, &number);
    let entries = truth["entries"].as_array().expect("entries").iter();
    let replies = entries.filter(|entry| entry["direction"] == "out").count();
    assert_eq!(replies, 1, "{truth}");
}

#[tokio::test]
async fn sending_and_closing_is_no_conflict_with_oneself() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let (id, _) = opened(&mut desk, &control, json!({"title": "A question", "text": "Where is it?"})).await;
    let was = held(&fresh(&desk, &id).await, field::STAGE);
    let then = vec![FieldEdit { key: field::STAGE.to_owned(), was, now: vec!["closed".to_owned()] }];
    let message = model::Message { text: "It is on its way.".to_owned(), then, ..model::Message::default() };
    let work = Work::Send { ticket: id.clone(), message };
    let key = format!("{id}#reply");
    let composing =
        model::Composing { key: key.clone(), work, title: String::new(), at: model::Timestamp(1) };
    desk.engine.compose(composing).await.expect("it is kept");
    let item = desk.engine.send(key).await.expect("it is put into the outbox");
    gone(&mut desk, item).await;
    let idle = |s: &Snapshot| {
        let conflict = s.outbox.iter().any(|one| matches!(one.state, OutboxState::Conflict { .. }));
        assert!(!conflict, "{:?}", s.outbox);
        s.outbox.is_empty().then_some(())
    };
    desk.until("all is sent", idle).await;
    assert_eq!(fresh(&desk, &id).await.ticket.stage, Stage::Closed);
}

#[tokio::test]
async fn a_search_takes_no_ticket_away_from_its_owner() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let body = json!({"title": "Mine alone", "text": "Where is it?", "owner": "ida"});
    let (id, _) = opened(&mut desk, &control, body).await;
    assert!(seen(&desk, &id, |ticket| ticket.mine).await.owner.is_some());
    let query =
        model::InboxQuery { text: "Mine alone".to_owned(), online: true, ..model::InboxQuery::default() };
    desk.engine.inbox(query).await.expect("it is searched");
    let mine = TicketFilter { whose: Whose::Mine, ..TicketFilter::default() };
    assert!(listed(&desk, mine).await.iter().any(|ticket| ticket.id == id));
}

#[tokio::test]
async fn a_tracker_that_looks_like_a_file_of_the_platform_is_not_asked() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _) = in_step(&sandbox).await;
    let html = format!("<p>Hello</p><img src=\"{}/pixel?x=scripts/file.php\">", sandbox.control_url());
    let (id, _) = opened(&mut desk, &control, json!({"title": "A letter", "html": html})).await;
    let detail = fresh(&desk, &id).await;
    assert_eq!(detail.entries.iter().map(|entry| entry.body.blocked).sum::<u32>(), 1);
    let hits = || {
        control.run("GET", "state", Value::Null).expect("the state")["pixels"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(hits(), 0, "nobody was asked");
    let entry = detail.entries.iter().find(|entry| entry.body.blocked > 0).expect("a letter").id.clone();
    let show = model::ShowRemote { ticket: id, entry, always: false };
    desk.engine.show_remote(show).await.expect("it is shown");
    assert_eq!(hits(), 1, "the check works");
}
