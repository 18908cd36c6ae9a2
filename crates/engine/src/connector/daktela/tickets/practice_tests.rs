//! The connector against the sandbox's tickets, over real HTTP.

use std::collections::BTreeSet;

use model::{
    AccountId, Channel, Credential, Direction, EntryKind, FieldEdit, Message, MessageKind, NewTicket,
    ProblemCode, Stage, TicketAction, TicketId, Timestamp, Work, field,
};
use sandbox::{Sandbox, Switches};
use serde_json::{Value, json};

use super::super::super::{Became, Detail, Mark, OutFile, RawBody, Sent, Setting, Tickets, Trace};
use super::super::{Daktela, secret_of};
use crate::sight::Effect;

async fn centre(switches: &[(&str, &str)]) -> Sandbox {
    let mut set = Switches::default();
    for (name, value) in switches {
        set.set(name, value).unwrap_or_else(|error| panic!("{error}"));
    }
    sandbox::start(sandbox::Options { switches: set, ..sandbox::Options::default() })
        .await
        .expect("a sandbox")
}

fn account() -> AccountId {
    AccountId::from("acme")
}

/// Whoever signs in first: ida.
fn ida(sandbox: &Sandbox) -> Daktela {
    let token = sandbox.users()[0].access_token.clone();
    let secret = secret_of(Credential::Token { token, username: None, second: None, user: None });
    let setting = Setting {
        account: account(),
        url: sandbox.daktela_url(),
        http: wire::HttpOptions {
            extra_ca_pem: sandbox.certificate_pem().map(str::to_owned).into_iter().collect(),
            ..wire::HttpOptions::default()
        },
        language: "en".to_owned(),
        region: "CZ".to_owned(),
        wake: wire::Wake::new(),
        memory: None,
    };
    Daktela::open(setting, &secret).expect("the address and the secret are good")
}

fn post(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    sandbox.control().run("POST", path, body).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

/// A customer's new e-mail in a department; the ticket's name.
fn letter_from_customer(sandbox: &Sandbox, department: &str) -> String {
    let made = post(
        sandbox,
        "tickets",
        json!({"title": "Chair", "html": "<p>Where is my <b>chair</b>?</p>", "contact": "contacts_0003",
            "department": department, "files": [{"name": "chair.txt", "type": "text/plain", "text": "broken"}]}),
    );
    made["ticket"].to_string()
}

/// Entries of a ticket on the platform that hold a text.
fn told(sandbox: &Sandbox, ticket: &str, text: &str) -> Vec<Value> {
    let whole = sandbox.control().run("GET", &format!("tickets/{ticket}"), Value::Null).expect("the ticket");
    let entries = whole["entries"].as_array().cloned().unwrap_or_default();
    entries.into_iter().filter(|entry| entry["body"].to_string().contains(text)).collect()
}

fn id(ticket: &str) -> TicketId {
    TicketId::new(&account(), ticket)
}

fn trace() -> Trace {
    Trace { first_sent: Timestamp(jiff::Timestamp::now().as_millisecond()), last_entry: None }
}

fn message(kind: MessageKind, text: &str) -> Message {
    Message { kind, text: text.to_owned(), ..Message::default() }
}

fn sends(ticket: &str, message: Message) -> Work {
    Work::Send { ticket: id(ticket), message }
}

fn change(key: &str, was: &[&str], now: &[&str]) -> FieldEdit {
    let list = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    FieldEdit { key: key.to_owned(), was: list(was), now: list(now) }
}

fn values(detail: &Detail, key: &str) -> Vec<String> {
    let field = detail.fields.iter().find(|field| field.key == key);
    field.unwrap_or_else(|| panic!("no {key}")).values.clone()
}

async fn detail(daktela: &Daktela, ticket: &str) -> Detail {
    daktela.ticket(ticket.to_owned()).await.unwrap_or_else(|problem| panic!("{ticket}: {problem}"))
}

/// Everything that changed since a mark.
async fn changes(daktela: &Daktela, mut mark: Option<Mark>) -> (Vec<model::Ticket>, Option<Mark>) {
    let mut tickets = Vec::new();
    for _ in 0..100 {
        let page = daktela.changed(mark.clone()).await.expect("changes");
        assert_eq!(page.unreadable, 0);
        tickets.extend(page.tickets);
        mark = page.mark.or(mark);
        if !page.more {
            return (tickets, mark);
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn all_tickets_come_once_and_then_only_what_changed() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let (tickets, mark) = changes(&daktela, None).await;
    let all = sandbox.control().run("GET", "tickets", Value::Null).expect("tickets");
    let all = all.as_array().or(all["tickets"].as_array()).expect("a list").len();
    let names: BTreeSet<&str> = tickets.iter().map(|ticket| ticket.number.as_str()).collect();
    assert_eq!(names.len(), all, "none is missing");
    let made = letter_from_customer(&sandbox, "Support");
    post(&sandbox, "tickets/7/edit", json!({"agent": "tomas", "title": "Changed"}));
    // A restart of the program: another connector, the same mark.
    let (news, mark) = changes(&ida(&sandbox), mark).await;
    let new = news.iter().find(|ticket| ticket.number == made).expect("the new one is told");
    assert!(new.unread && new.awaits_answer && new.has_files);
    assert_eq!((new.channel, new.stage), (Channel::Email, Stage::Open));
    assert!(new.preview.contains("Where is my chair?"), "{:?}", new.preview);
    assert!(news.iter().any(|ticket| ticket.title == "Changed"));
    sandbox.control().advance(60);
    let (_, mark) = changes(&daktela, mark).await;
    let (quiet, _) = changes(&daktela, mark).await;
    assert!(quiet.len() < 5, "what is settled is not told again: {}", quiet.len());
}

#[tokio::test]
async fn views_and_search_list_tickets() {
    let sandbox = centre(&[("view_count", "string")]).await;
    let daktela = ida(&sandbox);
    let views = daktela.views().await.expect("views");
    let mine = views.iter().find(|view| view.name == "mine").expect("a view of mine");
    let listed = daktela.in_view("mine".to_owned(), 0).await.expect("tickets");
    assert_eq!(mine.total, listed.of);
    assert!(!listed.tickets.is_empty() && listed.tickets.iter().all(|ticket| ticket.mine));
    let made = letter_from_customer(&sandbox, "Support");
    let found = daktela.search("chair".to_owned()).await.expect("hits");
    assert!(found.tickets.iter().any(|ticket| ticket.number == made));
    let named = daktela.search(format!("#{made}")).await.expect("hits");
    assert_eq!(named.tickets[0].number, made);
}

#[tokio::test]
async fn a_ticket_comes_with_everything_around_it() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let made = letter_from_customer(&sandbox, "Support");
    let ticket = detail(&daktela, &made).await;
    assert!(ticket.problems.is_empty(), "{:?}", ticket.problems);
    let [letter] = ticket.timeline.entries.as_slice() else { panic!("{:?}", ticket.timeline.entries) };
    assert_eq!((letter.kind, letter.channel), (EntryKind::Message, Channel::Email));
    assert_eq!(letter.body, RawBody::Html("<p>Where is my <b>chair</b>?</p>".to_owned()));
    let [file] = letter.files.as_slice() else { panic!("{:?}", letter.files) };
    let bytes =
        daktela.file(made.clone(), letter.id.clone(), file.id.clone(), 1_000).await.expect("the file");
    assert_eq!((file.name.as_str(), &bytes.bytes[..]), ("chair.txt", &b"broken"[..]));
    assert!(daktela.file(made.clone(), letter.id.clone(), file.id.clone(), 3).await.is_err(), "too large");
    assert!(!ticket.reply_to.is_empty() && ticket.web.is_some());
    for action in [TicketAction::Reply, TicketAction::Note, TicketAction::Forward, TicketAction::Attach] {
        assert!(ticket.actions.contains(&action), "{action:?} in {:?}", ticket.actions);
    }
    let kinds: Vec<_> = ticket.records.iter().map(|record| record.kind).collect();
    assert!(kinds.contains(&model::RecordKind::Customer), "{kinds:?}");
    let statuses = ticket.fields.iter().find(|field| field.key == field::STATUSES).expect("statuses");
    assert!(!statuses.options.is_empty());
    assert!(ticket.fields.iter().any(|field| field.key == "custom.severity" && field.editable));
    assert!(ticket.fields.iter().any(|field| field.key == "custom.erp" && !field.editable));
    let gone = daktela.ticket("999999".to_owned()).await.expect_err("there is none");
    assert_eq!(gone.code, ProblemCode::Gone);
}

#[tokio::test]
async fn every_ticket_of_the_sandbox_is_read() {
    for switches in [
        &[("chat_lines", "item")][..],
        &[("data", "map"), ("empty_maps", "object"), ("users", "restricted"), ("chat_lines", "relation")][..],
    ] {
        let sandbox = centre(switches).await;
        let daktela = ida(&sandbox);
        for channel in ["sms", "whatsapp", "instagram", "facebook", "viber", "chat"] {
            let ticket = json!({"title": "Lamp", "text": "Is it there?", "channel": channel,
                "contact": "contacts_0003", "department": "Support"});
            let made = post(&sandbox, "tickets", ticket)["ticket"].to_string();
            let entries = detail(&daktela, &made).await.timeline.entries;
            let first = entries.first().unwrap_or_else(|| panic!("{channel}: nothing"));
            assert_eq!(first.body, RawBody::Text("Is it there?".to_owned()), "{channel}");
            assert_eq!((first.kind, first.direction), (EntryKind::Message, Direction::In), "{channel}");
        }
        let (tickets, _) = changes(&daktela, None).await;
        let mut channels = BTreeSet::new();
        for ticket in &tickets {
            let detail = detail(&daktela, &ticket.number).await;
            assert_eq!((detail.problems.len(), detail.timeline.unreadable), (0, 0), "{}", ticket.number);
            channels.extend(detail.timeline.entries.iter().map(|entry| format!("{:?}", entry.channel)));
            let times: Vec<_> = detail.timeline.entries.iter().map(|entry| entry.at).collect();
            assert!(times.is_sorted(), "{times:?}");
        }
        assert!(channels.len() >= 8, "{channels:?}");
    }
}

#[tokio::test]
async fn what_is_written_stands_on_the_platform() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let ticket = letter_from_customer(&sandbox, "Support");
    let file =
        OutFile { name: "plan.pdf".into(), mime: "application/pdf".into(), bytes: b"%PDF".to_vec().into() };
    for (kind, text, files) in [
        (MessageKind::Reply, "It comes on Monday.", vec![file.clone()]),
        (MessageKind::Note, "Asked the depot.", vec![]),
        (MessageKind::Note, "With a plan.", vec![file]),
        (MessageKind::Forward, "Please have a look.", vec![]),
        (MessageKind::Sms, "It is here.", vec![]),
    ] {
        let to =
            if kind == MessageKind::Forward { vec!["depot@acme.example".to_owned()] } else { Vec::new() };
        let work = sends(&ticket, Message { to, ..message(kind, text) });
        let before = trace();
        assert_eq!(daktela.became(&work, &before).await, Ok(Became::NotDone), "{text}");
        let sent = daktela.send(&work, &files, &before).await;
        assert_eq!(sent.map_err(|failure| failure.problem), Ok(Sent::Done { made: None }), "{text}");
        assert_eq!(told(&sandbox, &ticket, text).len(), 1, "{text}");
        // A program that has just started does not know what it made.
        assert_eq!(ida(&sandbox).became(&work, &before).await, Ok(Became::Done { made: None }), "{text}");
    }
    let entries = detail(&daktela, &ticket).await.timeline.entries;
    assert!(entries.iter().any(|entry| entry.files.iter().any(|file| file.name == "plan.pdf")));
}

#[tokio::test]
async fn edits_are_written_field_by_field_and_never_over_somebody_elses() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let name = letter_from_customer(&sandbox, "Support");
    let before = detail(&daktela, &name).await;
    let owner = values(&before, field::OWNER);
    let owner: Vec<&str> = owner.iter().map(String::as_str).collect();
    let edit = vec![
        change(field::TITLE, &["Chair"], &["Chairs"]),
        change(field::PRIORITY, &[&values(&before, field::PRIORITY)[0]], &["high"]),
        change(field::OWNER, &owner, &["ida"]),
        change(field::STAGE, &["open"], &["postponed"]),
        change("custom.severity", &[], &["major"]),
    ];
    let work = Work::Edit { ticket: id(&name), edit };
    let sent = daktela.send(&work, &[], &trace()).await;
    assert_eq!(sent.map_err(|failure| failure.problem), Ok(Sent::Done { made: None }));
    let after = detail(&daktela, &name).await;
    assert_eq!((after.ticket.title.as_str(), after.ticket.stage), ("Chairs", Stage::Postponed));
    assert!(after.ticket.mine && values(&after, "custom.severity") == ["major"]);
    assert_eq!(daktela.became(&work, &trace()).await, Ok(Became::Done { made: None }));

    post(&sandbox, &format!("tickets/{name}/edit"), json!({"agent": "tomas", "title": "Armchairs"}));
    let edit =
        vec![change(field::TITLE, &["Chairs"], &["Stools"]), change(field::STAGE, &["postponed"], &["open"])];
    let work = Work::Edit { ticket: id(&name), edit };
    let Ok(Sent::Conflict(conflicts)) = daktela.send(&work, &[], &trace()).await else {
        panic!("no conflict")
    };
    assert_eq!((conflicts.len(), conflicts[0].theirs.values.as_slice()), (1, &["Armchairs".to_owned()][..]));
    let untouched = detail(&daktela, &name).await;
    assert_eq!((untouched.ticket.title.as_str(), untouched.ticket.stage), ("Armchairs", Stage::Postponed));
}

#[tokio::test]
async fn what_the_platform_refuses_stands_beside_our_field() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let name = letter_from_customer(&sandbox, "Support");
    let close = Work::Edit { ticket: id(&name), edit: vec![change(field::STAGE, &["open"], &["closed"])] };
    let refused = daktela.send(&close, &[], &trace()).await.expect_err("this department wants a status");
    assert_eq!((refused.effect, refused.problem.code), (Effect::Refused, ProblemCode::Refused));
    assert!(refused.problem.fields.contains_key(field::STATUSES), "{:?}", refused.problem.fields);
    let status = detail(&daktela, &name).await.fields.into_iter().find(|field| field.key == field::STATUSES);
    let status = status.and_then(|field| field.options.into_iter().next()).expect("a status").value;
    let edit = vec![change(field::STAGE, &["open"], &["closed"]), change(field::STATUSES, &[], &[&status])];
    let sent = daktela.send(&Work::Edit { ticket: id(&name), edit }, &[], &trace()).await;
    assert!(matches!(sent, Ok(Sent::Done { .. })));

    let customer =
        detail(&daktela, &name).await.records.into_iter().find(|r| r.kind == model::RecordKind::Customer);
    let customer = customer.expect("a customer");
    let mails =
        customer.fields.iter().find(|field| field.key == "custom.email").expect("mails").values.clone();
    let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
    let record = |now: &[&str]| Work::EditRecord {
        ticket: id(&name),
        record: customer.id.clone(),
        edit: vec![change("custom.email", &mails, now)],
    };
    let refused = daktela.send(&record(&["no address"]), &[], &trace()).await.expect_err("it is no address");
    assert!(refused.problem.fields.contains_key("custom.email"), "{:?}", refused.problem.fields);
    let sent = daktela.send(&record(&["eva@acme.example"]), &[], &trace()).await;
    assert!(matches!(sent, Ok(Sent::Done { .. })));
}

#[tokio::test]
async fn a_new_ticket_whose_answer_was_lost_is_found_and_not_made_twice() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let form = daktela.form(None).await.expect("a form");
    let category = form.iter().find(|field| field.key == field::CATEGORY).expect("a category");
    let support =
        category.options.iter().find(|option| option.title == "Support").expect("Support").value.clone();
    let new = NewTicket {
        fields: vec![
            change(field::TITLE, &[], &["Lamp at the counter"]),
            change(field::CATEGORY, &[], &[&support]),
            change(field::EMAIL, &[], &["eva@acme.example"]),
        ],
        message: message(MessageKind::Reply, "Your lamp is here."),
    };
    let work = Work::Create { account: account(), new };
    let trace = trace();
    let lost = json!({"kind": "lost_answer", "route": "tickets", "method": "POST", "platform": "daktela", "count": 1});
    sandbox.control().fault(lost).expect("a fault");
    let failure = daktela.send(&work, &[], &trace).await.expect_err("the answer is lost");
    assert_eq!(failure.effect, Effect::Unknown);
    let again = ida(&sandbox);
    assert_eq!(again.became(&work, &trace).await, Ok(Became::NotDone), "its message is missing");
    let Ok(Sent::Done { made: Some(made) }) = again.send(&work, &[], &trace).await else {
        panic!("not made")
    };
    assert_eq!(told(&sandbox, &made, "Your lamp is here.").len(), 1);
    let found = again.search("Lamp at the counter".to_owned()).await.expect("hits");
    assert_eq!(found.tickets.len(), 1, "one ticket was made");
    assert_eq!(ida(&sandbox).became(&work, &trace).await, Ok(Became::Done { made: Some(made) }));
}

#[tokio::test]
async fn a_first_message_that_nobody_can_tell_is_neither_taken_for_sent_nor_sent_twice() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let form = daktela.form(None).await.expect("a form");
    let category = form.iter().find(|field| field.key == field::CATEGORY).expect("a category");
    let support =
        category.options.iter().find(|option| option.title == "Support").expect("Support").value.clone();
    let to = vec!["+442079460143".to_owned()];
    let new = NewTicket {
        fields: vec![
            change(field::TITLE, &[], &["Lamp on its way"]),
            change(field::CATEGORY, &[], &[&support]),
        ],
        message: Message { to, ..message(MessageKind::Sms, "The lamp is on its way.") },
    };
    let work = Work::Create { account: account(), new };
    let trace = trace();
    let lost = json!({"kind": "lost_answer", "route": "activities", "method": "POST", "count": 1});
    sandbox.control().fault(lost).expect("a fault");
    let failure = daktela.send(&work, &[], &trace).await.expect_err("the answer is lost");
    assert_eq!(failure.effect, Effect::Unknown, "{}", failure.problem);
    let hidden = json!({"kind": "status", "status": 403, "route": "activitiesSms"});
    sandbox.control().fault(hidden).expect("a fault");
    let again = ida(&sandbox);
    assert_eq!(again.became(&work, &trace).await, Ok(Became::Unclear), "nobody tells what was written");
    let failure = again.send(&work, &[], &trace).await.expect_err("the agent has to look");
    assert_eq!((failure.effect, failure.problem.code), (Effect::Refused, ProblemCode::Unconfirmed));
    let found = again.search("Lamp on its way".to_owned()).await.expect("hits");
    let [made] = found.tickets.as_slice() else { panic!("{} tickets", found.tickets.len()) };
    assert_eq!(told(&sandbox, &made.number, "The lamp is on its way.").len(), 1);
}

#[tokio::test]
async fn the_reason_of_a_deletion_is_written_once_however_often_it_is_tried() {
    let sandbox = centre(&[]).await;
    let ticket = letter_from_customer(&sandbox, "Support");
    let work = Work::Delete { ticket: id(&ticket), note: "Sent by a robot.".to_owned() };
    let trace = trace();
    for status in [503, 403] {
        let fault = json!({"kind": "status", "status": status, "route": format!("tickets/{ticket}"),
            "method": "DELETE", "count": 1});
        sandbox.control().fault(fault).expect("a fault");
        ida(&sandbox).send(&work, &[], &trace).await.expect_err("it is not deleted");
        assert_eq!(told(&sandbox, &ticket, "Sent by a robot.").len(), 1, "{status}");
    }
    let sent = ida(&sandbox).send(&work, &[], &trace).await;
    assert_eq!(sent.map_err(|failure| failure.problem), Ok(Sent::Done { made: None }));
    assert_eq!(ida(&sandbox).became(&work, &trace).await, Ok(Became::Done { made: None }));
}

#[tokio::test]
async fn a_file_that_is_too_large_is_named_and_nothing_is_sent() {
    let sandbox = centre(&[("max_file", "3")]).await;
    let daktela = ida(&sandbox);
    let ticket = letter_from_customer(&sandbox, "Support");
    let file =
        OutFile { name: "plan.pdf".into(), mime: "application/pdf".into(), bytes: b"%PDF".to_vec().into() };
    let work = sends(&ticket, message(MessageKind::Reply, "See the plan."));
    let failure = daktela.send(&work, &[file], &trace()).await.expect_err("too large");
    assert_eq!(failure.effect, Effect::Refused);
    assert_eq!(failure.problem.facts.get("file").map(String::as_str), Some("plan.pdf"));
    assert!(told(&sandbox, &ticket, "See the plan.").is_empty());
}

#[tokio::test]
async fn templates_are_offered_as_plain_text() {
    let sandbox = centre(&[]).await;
    let daktela = ida(&sandbox);
    let templates = daktela.templates("1".to_owned()).await.expect("templates");
    let first = templates.first().expect("one at least");
    let insert = daktela.template("1".to_owned(), first.id.clone()).await.expect("its words");
    assert!(!insert.text.is_empty() && !insert.text.contains("</"), "{}", insert.text);
}
