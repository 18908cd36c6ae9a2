//! Helpers for tickets: the same on every platform that has them.

use std::time::Duration;

use model::{
    AccountId, Capability, Composing, Credential, FieldEdit, InboxPart, InboxQuery, Message, MessageKind,
    NewAccount, OutboxState, Platform, Snapshot, Stage, Ticket, TicketDetail, TicketFilter, TicketId,
    TicketQuery, Timestamp, Watch, Work,
};
use sandbox::{Control, Sandbox};
use serde_json::Value;

use crate::{Desk, PATIENCE, by_password, new_account, state};

/// A user of the sandbox as a new LiveAgent account, with both keys.
pub fn by_key(sandbox: &Sandbox, user: usize) -> NewAccount {
    let user = sandbox.liveagent_users().swap_remove(user);
    with_keys(sandbox, &sandbox.liveagent_key(), Some(&user.username), Some(&user.v3_key))
}

/// A new LiveAgent account with these keys.
pub fn with_keys(sandbox: &Sandbox, key: &str, email: Option<&str>, second: Option<&str>) -> NewAccount {
    let credential = Credential::Token {
        token: key.to_owned(),
        username: email.map(str::to_owned),
        second: second.map(str::to_owned),
        user: None,
    };
    NewAccount { platform: Platform::LiveAgent, ..new_account(&sandbox.liveagent_url(), credential) }
}

/// The sandbox's first user as a new account of a platform that has tickets.
pub fn first_user(sandbox: &Sandbox, platform: Platform) -> NewAccount {
    match platform {
        Platform::LiveAgent => by_key(sandbox, 0),
        Platform::Daktela => by_password(sandbox, 0),
        Platform::Dstny | Platform::Ccaip => panic!("{platform:?} has no tickets"),
    }
}

/// A desk signed in as the first user, once tickets are offered.
pub async fn signed_in(sandbox: &Sandbox, platform: Platform) -> (Desk, AccountId) {
    let mut desk = Desk::new().await;
    let account = desk.add(first_user(sandbox, platform)).await;
    let offers = |s: &Snapshot| state(s, &account).capabilities.contains(&Capability::Tickets).then_some(());
    desk.until("tickets are offered", offers).await;
    (desk, account)
}

/// A desk signed in as the first user, once all tickets are here.
pub async fn in_step(sandbox: &Sandbox, platform: Platform) -> (Desk, AccountId) {
    let (mut desk, account) = signed_in(sandbox, platform).await;
    complete(&mut desk, &account).await;
    (desk, account)
}

/// Waits until all tickets of an account are here.
pub async fn complete(desk: &mut Desk, account: &AccountId) {
    let complete =
        |s: &Snapshot| s.inbox.iter().any(|sync| sync.account == *account && sync.complete).then_some(());
    desk.until("all tickets are here", complete).await;
}

/// Has the control interface do something.
pub fn post(control: &Control, path: &str, body: Value) -> Value {
    control.run("POST", path, body).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

/// A ticket of a customer's that was opened just now and is here; answers the centre's number of it as well.
pub async fn opened(
    desk: &mut Desk,
    control: &Control,
    account: &AccountId,
    body: Value,
) -> (TicketId, String) {
    let made = post(control, "tickets", body);
    let number = made["ticket"].to_string();
    let name = match state(desk.told(), account).account.platform {
        Platform::LiveAgent => made["conversation"].as_str().expect("it has a name").to_owned(),
        _ => number.clone(),
    };
    let id = TicketId::new(account, &name);
    desk.engine.watch(Watch { inbox: true, ticket: Some(id.clone()), ..Watch::default() });
    seen(desk, &id, |_| true).await;
    (id, number)
}

/// Every stage.
pub fn all() -> TicketFilter {
    TicketFilter { stages: Stage::ALL.to_vec(), ..TicketFilter::default() }
}

/// All tickets of a filter.
pub async fn listed(desk: &Desk, filter: TicketFilter) -> Vec<Ticket> {
    rows(desk, InboxQuery { filter, ..InboxQuery::default() }).await
}

/// All tickets of a list.
pub async fn rows(desk: &Desk, query: InboxQuery) -> Vec<Ticket> {
    let list = desk.engine.inbox(query).await.expect("tickets are listed");
    let mut rows = Vec::new();
    while rows.len() < list.total as usize {
        let from = u32::try_from(rows.len()).expect("few enough");
        let part = InboxPart { list: list.list, from, count: 200 };
        let more = desk.engine.inbox_rows(part).await.expect("rows are there");
        assert!(!more.is_empty(), "a list has as many rows as it says");
        rows.extend(more);
    }
    rows
}

/// Waits until a listed ticket is so.
pub async fn seen(desk: &Desk, id: &TicketId, so: impl Fn(&Ticket) -> bool) -> Ticket {
    let mut last = None;
    let waiting = async {
        loop {
            last = listed(desk, all()).await.into_iter().find(|ticket| ticket.id == *id);
            if last.as_ref().is_some_and(&so) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
    last.filter(|ticket| in_time || panic!("it does not come to be so: {ticket:#?}")).expect("it is listed")
}

/// A ticket as the platform has it now.
pub async fn fresh(desk: &Desk, ticket: &TicketId) -> TicketDetail {
    let query = TicketQuery { ticket: ticket.clone(), fresh: true };
    desk.engine.ticket(query).await.unwrap_or_else(|problem| panic!("{ticket}: {problem:?}"))
}

/// What one field of a ticket holds.
pub fn held(detail: &TicketDetail, key: &str) -> Vec<String> {
    detail.fields.iter().find(|field| field.key == key).map(|field| field.values.clone()).unwrap_or_default()
}

/// What stands in a ticket, as the centre has it.
pub fn truth(control: &Control, number: &str) -> Value {
    control.run("GET", &format!("tickets/{number}"), Value::Null).expect("the ticket is there")
}

/// How often the centre has this text in a ticket.
pub fn times(control: &Control, number: &str, text: &str) -> usize {
    let truth = truth(control, number);
    let entries = truth["entries"].as_array().expect("entries").iter();
    entries.filter(|entry| entry["body"].to_string().contains(text)).count()
}

/// A field as it was and as it shall be.
pub fn edit(key: &str, was: &[&str], now: &[&str]) -> FieldEdit {
    let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    FieldEdit { key: key.to_owned(), was: list(was), now: list(now) }
}

/// Writes a message and puts it into the outbox; answers the item's number.
pub async fn written(desk: &Desk, ticket: &TicketId, message: Message) -> u64 {
    let key = format!("{ticket}#{:?}", message.kind);
    let work = Work::Send { ticket: ticket.clone(), message };
    let composing = Composing { key: key.clone(), work, title: "A message".to_owned(), at: Timestamp(1) };
    desk.engine.compose(composing).await.expect("it is kept");
    desk.engine.send(key).await.expect("it is put into the outbox")
}

/// Writes and sends a message, and waits until the platform has it.
pub async fn send(desk: &mut Desk, ticket: &TicketId, kind: MessageKind, text: &str) {
    let message = Message { kind, text: text.to_owned(), ..Message::default() };
    let item = written(desk, ticket, message).await;
    gone(desk, item).await;
}

/// Queues work and waits until the platform has it.
pub async fn done(desk: &mut Desk, work: Work) {
    let item = desk.engine.queue_work(work).await.expect("it is put into the outbox");
    gone(desk, item).await;
}

/// Waits until an item has left the outbox; it must not be refused.
pub async fn gone(desk: &mut Desk, item: u64) {
    let seq = desk.engine.snapshot().seq;
    let left = |s: &Snapshot| {
        // Before it is told of it is not there either.
        if s.seq < seq {
            return None;
        }
        let found = s.outbox.iter().find(|one| one.id == item);
        if let Some(
            state @ (OutboxState::Refused { .. } | OutboxState::Ask { .. } | OutboxState::Conflict { .. }),
        ) = found.map(|one| &one.state)
        {
            panic!("it is taken, and not {state:?}");
        }
        found.is_none().then_some(())
    };
    desk.until("the item has left the outbox", left).await;
}

/// Waits until an item needs the agent, and says why.
pub async fn kept_back(desk: &mut Desk, item: u64) -> OutboxState {
    desk.until("the item waits for the agent", |s| {
        let state = &s.outbox.iter().find(|one| one.id == item)?.state;
        let waits = matches!(
            state,
            OutboxState::Refused { .. } | OutboxState::Ask { .. } | OutboxState::Conflict { .. }
        );
        waits.then(|| state.clone())
    })
    .await
}
