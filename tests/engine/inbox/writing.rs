//! What an agent writes and changes arrives once, whatever happens on the way; what cannot be done stays, with words.

use std::time::Duration;

use model::{
    AccountId, FieldChoice, FieldEdit, FormOf, Message, MessageKind, NewTicket, OutboxState, Platform,
    Problem, ProblemCode, Resolve, Stage, StageFile, TicketAction, TicketId, Work, field,
};
use product_tests::tickets::{
    done, edit, fresh, gone, held, in_step, kept_back, opened, post, send, times, truth, written,
};
use product_tests::{Desk, centre};
use sandbox::{Control, Forget, Sandbox};
use serde_json::{Value, json};

use super::BOTH;

/// A desk, and a customer's ticket in it.
async fn asked(sandbox: &Sandbox, platform: Platform) -> (Desk, AccountId, TicketId, String) {
    let (mut desk, account) = in_step(sandbox, platform).await;
    let body =
        json!({"title": "A question", "html": "<p>Where is <b>it</b>?</p>", "contact": "contacts_0003"});
    let (id, number) = opened(&mut desk, &sandbox.control(), &account, body).await;
    (desk, account, id, number)
}

fn text(text: &str) -> Message {
    Message { text: text.to_owned(), ..Message::default() }
}

/// A change of a field from what it holds now.
async fn change(desk: &Desk, id: &TicketId, key: &str, now: &[&str]) -> FieldEdit {
    let detail = fresh(desk, id).await;
    let was = held(&detail, key);
    edit(key, &was.iter().map(String::as_str).collect::<Vec<_>>(), now)
}

async fn refused(desk: &mut Desk, item: u64) -> Problem {
    match kept_back(desk, item).await {
        OutboxState::Refused { problem } => problem,
        other => panic!("refused, and not {other:?}"),
    }
}

/// The next writes of a platform are struck once each.
fn strike(control: &Control, platform: Platform, fault: &Value) {
    for method in ["POST", "PUT", "DELETE"] {
        let mut fault = fault.clone();
        fault["method"] = json!(method);
        fault["platform"] = json!(if platform == Platform::LiveAgent { "liveagent" } else { "daktela" });
        fault["count"] = json!(1);
        control.fault(fault).expect("a fault");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_message_arrives_once_and_shows_as_mine() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let (mut desk, _, id, number) = asked(&sandbox, platform).await;
        let offered = fresh(&desk, &id).await.actions;
        for (kind, action, to) in [
            (MessageKind::Reply, TicketAction::Reply, None),
            (MessageKind::Note, TicketAction::Note, None),
            (MessageKind::Forward, TicketAction::Forward, Some("depot@example.com")),
            (MessageKind::Sms, TicketAction::Sms, Some("+12025550143")),
        ] {
            if !offered.contains(&action) {
                assert_eq!(platform, Platform::LiveAgent, "Daktela offers {action:?}");
                continue;
            }
            let said = format!("Said as {kind:?} & <plainly>");
            let to = to.map(str::to_owned).into_iter().collect();
            let item =
                written(&desk, &id, Message { kind, to, text: said.clone(), ..Message::default() }).await;
            gone(&mut desk, item).await;
            assert_eq!(times(&control, &number, &format!("Said as {kind:?}")), 1, "{platform:?}");
            let detail = fresh(&desk, &id).await;
            let shown: Vec<_> =
                detail.entries.iter().filter(|entry| entry.body.text.contains(&said)).collect();
            assert_eq!(shown.len(), 1, "{platform:?} {kind:?}: {:#?}", detail.entries);
            assert!(shown[0].author.me, "{:?}", shown[0]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_with_a_file_is_sent_and_the_ticket_closed_behind_it() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    let bytes = b"a plan of the house".to_vec();
    let plan = desk.engine.stage_bytes("plan.txt", "text/plain", bytes).await.expect("it is taken");
    let statuses = fresh(&desk, &id).await.fields.into_iter().find(|one| one.key == field::STATUSES);
    let status = statuses.and_then(|one| one.options.into_iter().next()).expect("a status").value;
    let then = vec![
        change(&desk, &id, field::STAGE, &["closed"]).await,
        change(&desk, &id, field::STATUSES, &[&status]).await,
    ];
    let item = written(&desk, &id, Message { files: vec![plan], then, ..text("Here is the plan.") }).await;
    gone(&mut desk, item).await;
    desk.until("all of it is done", |s| s.outbox.is_empty().then_some(())).await;
    let truth = truth(&control, &number);
    assert_eq!(truth["state"], "closed");
    let entries = truth["entries"].as_array().expect("entries");
    let sent: Vec<_> =
        entries.iter().filter(|entry| entry["body"].to_string().contains("Here is the plan.")).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0]["attachments"].to_string().contains("plan.txt"), "{}", sent[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_are_changed_and_a_ticket_is_handed_to_a_colleague() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    let edit = vec![
        change(&desk, &id, field::TITLE, &["Where is the chair?"]).await,
        change(&desk, &id, field::PRIORITY, &["high"]).await,
        change(&desk, &id, field::OWNER, &["tomas"]).await,
        change(&desk, &id, field::CATEGORY, &["categories_orders"]).await,
    ];
    done(&mut desk, Work::Edit { ticket: id.clone(), edit }).await;
    let truth = truth(&control, &number);
    assert_eq!(truth["title"], "Where is the chair?");
    assert_eq!((&truth["owner"], &truth["category"]), (&json!("tomas"), &json!("categories_orders")));
    let detail = fresh(&desk, &id).await;
    assert!(!detail.ticket.mine && held(&detail, field::PRIORITY) == ["high"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_somebody_else_is_never_overwritten_and_decided_field_by_field() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    let mine = vec![
        change(&desk, &id, field::TITLE, &["Mine"]).await,
        change(&desk, &id, field::PRIORITY, &["high"]).await,
        change(&desk, &id, field::DESCRIPTION, &["Nobody else writes here."]).await,
    ];
    let theirs = json!({"agent": "tomas", "title": "Theirs", "priority": "low"});
    post(&control, &format!("tickets/{number}/edit"), theirs);
    let item = desk.engine.queue_work(Work::Edit { ticket: id.clone(), edit: mine }).await.expect("queued");
    let OutboxState::Conflict { fields } = kept_back(&mut desk, item).await else { panic!("a conflict") };
    let mut keys: Vec<_> = fields.iter().map(|one| one.theirs.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, [field::PRIORITY, field::TITLE]);
    assert_eq!(truth(&control, &number)["title"], "Theirs", "nothing was overwritten");
    let choose = |key: &str, now: Option<&str>| FieldChoice {
        key: key.to_owned(),
        now: now.map(|now| vec![now.to_owned()]),
    };
    let choices = vec![choose(field::TITLE, Some("Both")), choose(field::PRIORITY, None)];
    desk.engine.resolve(Resolve { item, fields: choices }).await.expect("it is decided");
    gone(&mut desk, item).await;
    let truth = truth(&control, &number);
    assert_eq!((&truth["title"], &truth["priority"]), (&json!("Both"), &json!("low")));
    assert_eq!(truth["description"], "Nobody else writes here.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_answer_is_lost_it_is_done_once() {
    for platform in BOTH {
        for fault in
            [json!({"kind": "lost_answer"}), json!({"kind": "truncate"}), json!({"kind": "malformed"})]
        {
            let sandbox = centre(&[]).await;
            let control = sandbox.control();
            let (mut desk, account, id, number) = asked(&sandbox, platform).await;
            for (kind, said) in [(MessageKind::Reply, "A lost answer"), (MessageKind::Note, "A lost note")] {
                strike(&control, platform, &fault);
                send(&mut desk, &id, kind, said).await;
                control.clear_faults();
                assert_eq!(times(&control, &number, said), 1, "{platform:?} {fault} {kind:?}");
            }
            let form = FormOf { account: account.clone(), category: None };
            let form = desk.engine.ticket_form(form).await.expect("a form");
            let category = form.iter().find(|one| one.key == field::CATEGORY).expect("a category");
            let category = category.options.first().expect("one").value.clone();
            let new = NewTicket {
                fields: vec![
                    edit(field::TITLE, &[], &["A ticket whose answer is lost"]),
                    edit(field::CATEGORY, &[], &[&category]),
                    edit(field::EMAIL, &[], &["eva@acme.example"]),
                ],
                message: text("Your lamp is here."),
            };
            strike(&control, platform, &fault);
            done(&mut desk, Work::Create { account, new }).await;
            control.clear_faults();
            let all = control.run("GET", "tickets", Value::Null).expect("tickets");
            let made: Vec<_> = (all.as_array().expect("a list").iter())
                .filter(|one| one["title"] == "A ticket whose answer is lost")
                .collect();
            assert_eq!(made.len(), 1, "{platform:?} {fault}");
            let made = made[0]["number"].to_string();
            assert_eq!(times(&control, &made, "Your lamp is here."), 1, "{platform:?} {fault}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_is_away_or_asks_for_patience_gets_everything_in_order_once() {
    for platform in BOTH {
        for fault in [
            json!({"kind": "drop"}),
            json!({"kind": "status", "status": 503}),
            json!({"kind": "status", "status": 429, "retry_after": "1"}),
        ] {
            let sandbox = centre(&[]).await;
            let control = sandbox.control();
            let (desk, _, id, number) = asked(&sandbox, platform).await;
            control.fault(fault.clone()).expect("a fault");
            let mut items = Vec::new();
            for n in 1..=3 {
                items.push(written(&desk, &id, text(&format!("Line {n} of three"))).await);
            }
            // They wait on the disk, even over a restart.
            let mut desk = desk.restarted().await;
            assert_eq!(desk.told().outbox.len(), 3, "{platform:?} {fault}");
            control.clear_faults();
            desk.engine.wake();
            for item in items {
                gone(&mut desk, item).await;
            }
            let truth = truth(&control, &number);
            let bodies: Vec<String> = (truth["entries"].as_array().expect("entries").iter())
                .map(|entry| entry["body"].to_string())
                .filter(|body| body.contains("of three"))
                .collect();
            assert_eq!(bodies.len(), 3, "{platform:?} {fault}: {bodies:?}");
            for (n, body) in bodies.iter().enumerate() {
                assert!(body.contains(&format!("Line {} of", n + 1)), "in order: {bodies:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_centre_that_restarts_while_something_is_sent_gets_it_once() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    control.restart(Duration::from_millis(300), Forget::Hashes);
    send(&mut desk, &id, MessageKind::Reply, "Through the restart").await;
    assert_eq!(times(&control, &number, "Through the restart"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_keeps_its_words_and_goes_once_it_is_changed() {
    let sandbox = centre(&[("max_file", "1000")]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    let large = desk.engine.stage_bytes("large.txt", "text/plain", vec![b'x'; 2000]).await.expect("taken");
    let item = written(&desk, &id, Message { files: vec![large], ..text("With a large file.") }).await;
    let problem = refused(&mut desk, item).await;
    assert_ne!(problem.code, ProblemCode::Internal, "{problem:?}");
    assert_eq!(times(&control, &number, "With a large file."), 0);
    let key = desk.engine.take_back(item).await.expect("it is taken back");
    let taken = desk
        .until("it is being written again", |s| s.composing.iter().find(|one| one.key == key).cloned())
        .await;
    let mut again = taken.clone();
    let Work::Send { message, .. } = &mut again.work else { panic!("a message") };
    assert_eq!((message.text.as_str(), message.files.len()), ("With a large file.", 1));
    message.files.clear();
    desk.engine.compose(again).await.expect("it is kept");
    let item = desk.engine.send(key).await.expect("it is sent again");
    gone(&mut desk, item).await;
    assert_eq!(times(&control, &number, "With a large file."), 1);

    let close = change(&desk, &id, field::STAGE, &["closed"]).await;
    let item = desk.engine.queue_work(Work::Edit { ticket: id, edit: vec![close] }).await.expect("queued");
    let problem = refused(&mut desk, item).await;
    assert!(problem.fields.contains_key(field::STATUSES), "this department wants a status: {problem:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_too_large_is_not_taken() {
    let desk = Desk::new().await;
    let base64 = "A".repeat(15 * 1024 * 1024);
    let file = StageFile { name: "film.mov".to_owned(), mime: "video/quicktime".to_owned(), base64 };
    let problem = desk.engine.stage_file(file).await.expect_err("too large");
    assert_eq!(problem.facts.get("why").map(String::as_str), Some("too_large"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_ticket_that_vanished_keeps_every_word() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, _, id, number) = asked(&sandbox, Platform::Daktela).await;
    post(&control, &format!("tickets/{number}/delete"), json!({"agent": "tomas"}));
    let item = written(&desk, &id, text("Half an hour of work.")).await;
    let problem = refused(&mut desk, item).await;
    assert!(matches!(problem.code, ProblemCode::Gone | ProblemCode::Refused), "{problem:?}");
    let mut desk = desk.restarted().await;
    let kept = desk.until("it is kept", |s| s.outbox.iter().find(|one| one.id == item).cloned()).await;
    let Work::Send { message, .. } = kept.work else { panic!("a message") };
    assert_eq!(message.text, "Half an hour of work.");
    assert_eq!(times(&control, &number, "Half an hour of work."), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_of_others_is_refused_with_words_and_not_found_by_others() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = in_step(&sandbox, Platform::LiveAgent).await;
    let body = json!({"title": "A complaint", "text": "It broke again.", "department": "Complaints"});
    let (id, number) = opened(&mut desk, &control, &account, body).await;
    let item = written(&desk, &id, text("We are sorry.")).await;
    let problem = refused(&mut desk, item).await;
    assert!(matches!(problem.code, ProblemCode::Forbidden | ProblemCode::Refused), "{problem:?}");
    assert_eq!(times(&control, &number, "We are sorry."), 0);
    assert_eq!(desk.told().outbox.len(), 1, "the words stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tickets_are_changed_at_once_and_the_rest_can_be_called_off() {
    use model::{Bulk, BulkEdit};
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = in_step(&sandbox, Platform::Daktela).await;
    let mut tickets = Vec::new();
    for n in 1..=6 {
        let body = json!({"title": format!("Many {n}"), "text": "Hello?", "department": "Orders"});
        tickets.push(opened(&mut desk, &control, &account, body).await);
    }
    let close = |tickets: &[(TicketId, String)]| Bulk {
        tickets: tickets.iter().map(|(id, _)| id.clone()).collect(),
        list: 0,
        edit: vec![BulkEdit { key: field::STAGE.to_owned(), now: vec![Stage::Closed.word().to_owned()] }],
    };
    let begun = desk.engine.bulk(close(&tickets[..3])).await.expect("it begins");
    assert_eq!(begun.of, 3);
    desk.until("all are done", |s| {
        s.bulks.iter().any(|one| one.id == begun.id && one.done == 3).then_some(())
    })
    .await;
    for (_, number) in &tickets[..3] {
        assert_eq!(truth(&control, number)["state"], "closed");
    }
    control.fault(json!({"kind": "drop", "platform": "daktela"})).expect("a fault");
    let begun = desk.engine.bulk(close(&tickets[3..])).await.expect("it begins");
    desk.engine.cancel_bulk(begun.id).await.expect("it is called off");
    control.clear_faults();
    desk.engine.wake();
    let over = desk
        .until("it is over", |s| {
            let one = s.bulks.iter().find(|one| one.id == begun.id)?;
            (one.done + one.failed + one.cancelled == one.of).then(|| one.clone())
        })
        .await;
    assert!(over.cancelled >= 2, "{over:?}");
    let closed = tickets[3..].iter().filter(|(_, number)| truth(&control, number)["state"] == "closed");
    assert_eq!(u32::try_from(closed.count()).ok(), Some(over.done), "what was called off is as it was");
}
