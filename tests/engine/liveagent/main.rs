//! The engine against the sandbox's LiveAgent face, over real HTTP.

mod account;
mod live;
mod tickets;

use model::{
    AccountId, Capability, Composing, Credential, Message, MessageKind, NewAccount, OutboxState, Platform,
    Snapshot, Ticket, TicketDetail, TicketFilter, TicketId, TicketQuery, Timestamp, Work,
};
use product_tests::{Desk, new_account, state};
use sandbox::{Control, Sandbox};
use serde_json::Value;

/// A user of the sandbox as a new account, with both keys.
pub fn by_key(sandbox: &Sandbox, user: usize) -> NewAccount {
    let user = sandbox.liveagent_users().swap_remove(user);
    with_keys(sandbox, &sandbox.liveagent_key(), Some(&user.username), Some(&user.v3_key))
}

/// A new account with these keys.
pub fn with_keys(sandbox: &Sandbox, key: &str, email: Option<&str>, second: Option<&str>) -> NewAccount {
    let credential = Credential::Token {
        token: key.to_owned(),
        username: email.map(str::to_owned),
        second: second.map(str::to_owned),
    };
    NewAccount { platform: Platform::LiveAgent, ..new_account(&sandbox.liveagent_url(), credential) }
}

/// A desk signed in as the first user, once the account is known.
pub async fn signed_in(sandbox: &Sandbox) -> (Desk, AccountId) {
    let mut desk = Desk::new().await;
    let account = desk.add(by_key(sandbox, 0)).await;
    let offers = |s: &Snapshot| state(s, &account).capabilities.contains(&Capability::Tickets).then_some(());
    desk.until("tickets are offered", offers).await;
    (desk, account)
}

/// A desk signed in as the first user, once all tickets are here.
pub async fn in_step(sandbox: &Sandbox) -> (Desk, AccountId) {
    let (mut desk, account) = signed_in(sandbox).await;
    let complete =
        |s: &Snapshot| s.inbox.iter().any(|sync| sync.account == account && sync.complete).then_some(());
    desk.until("all tickets are here", complete).await;
    (desk, account)
}

/// Has the control interface do something.
pub fn post(control: &Control, path: &str, body: Value) -> Value {
    control.run("POST", path, body).unwrap_or_else(|problem| panic!("{path}: {problem:?}"))
}

/// All tickets of a filter.
pub async fn listed(desk: &Desk, filter: TicketFilter) -> Vec<Ticket> {
    let query = model::InboxQuery { filter, ..model::InboxQuery::default() };
    let list = desk.engine.inbox(query).await.expect("tickets are listed");
    let mut rows = Vec::new();
    while rows.len() < list.total as usize {
        let from = u32::try_from(rows.len()).expect("few enough");
        let part = model::InboxPart { list: list.list, from, count: 200 };
        let more = desk.engine.inbox_rows(part).await.expect("rows are there");
        assert!(!more.is_empty(), "a list has as many rows as it says");
        rows.extend(more);
    }
    rows
}

/// A ticket as the platform has it now.
pub async fn fresh(desk: &Desk, ticket: &TicketId) -> TicketDetail {
    desk.engine.ticket(TicketQuery { ticket: ticket.clone(), fresh: true }).await.expect("the ticket is read")
}

/// What one field of a ticket holds.
pub fn held(detail: &TicketDetail, key: &str) -> Vec<String> {
    detail.fields.iter().find(|field| field.key == key).map(|field| field.values.clone()).unwrap_or_default()
}

/// Writes and sends a message, and waits until the platform has it.
pub async fn send(desk: &mut Desk, ticket: &TicketId, kind: MessageKind, text: &str) {
    let message = Message { kind, text: text.to_owned(), ..Message::default() };
    let work = Work::Send { ticket: ticket.clone(), message };
    let composing = Composing {
        key: format!("{ticket}#{kind:?}"),
        work,
        title: "A message".to_owned(),
        at: Timestamp(1),
    };
    desk.engine.compose(composing.clone()).await.expect("it is kept");
    let item = desk.engine.send(composing.key).await.expect("it is put into the outbox");
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
        if let Some(OutboxState::Refused { problem } | OutboxState::Ask { problem }) =
            found.map(|one| &one.state)
        {
            panic!("it is taken, and not {problem:?}");
        }
        found.is_none().then_some(())
    };
    desk.until("the outbox is empty", left).await;
}
