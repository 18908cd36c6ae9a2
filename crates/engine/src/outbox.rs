//! Sends what an agent finished, one item after the other, and forgets it only when the platform has confirmed it.
//!
//! ```text
//!            claim            confirmed
//!  Waiting ────────► Sending ───────────► (gone)
//!     ▲  ▲              │  ├─ refused ──► Refused ── the agent resends, changes or discards it
//!     │  └── not sent ──┘  └─ others changed the same ──► Conflict ── the agent chooses field by field
//!     │                    │  answer lost
//!     └── not there ──── Unknown ── looked up: the platform has it ──► (gone)
//!                          ├─────── nobody can tell ──► Ask ── the agent looks, and resends or discards it
//!                          └─────── what it was for is gone ──► Refused (the words are kept)
//! ```
//!
//! Items of one lane (a ticket, an activity) go in order; a lane that is stuck holds up no other. The end of a call goes
//! first and a change of many tickets last. What was known before an
//! item was first sent, its *trace*, is on the disk before its first byte leaves: with it the platform is asked afterwards.
//! What was typed for an activity that ended on the platform comes in as `Refused`, for the agent to read and decide.
//!
//! Every arrow is on the disk before the next step. A claimed item whose process dies is `Unknown` when the store is
//! opened again, so nothing is sent twice blindly: no platform knows an idempotency key.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use model::{CommandId, OutboxItem, OutboxState, Problem, ProblemCode, Work};
use tokio::time::Instant;

use crate::connector::{Became, Closed, OutFile, Sent, Trace};
use crate::core::Core;
use crate::plan::{Step, impossible};
use crate::session::Session;
use crate::sight::{Effect, Failure, Order};
use crate::store::files_of;

/// The first wait after a failure; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// When so many could not be sent one after the other, it is the way that is closed: the rest need not try.
const MANY: usize = 4;

/// How far apart two looks are that find nothing of a message, before it is sent again: a platform that was slow to answer
/// may still be at work on it.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// When a message whose answer was lost was first not found, by item.
type Missed = HashMap<u64, Instant>;

/// Works off the outbox of an account until dropped, when the session `before` has let go of it.
pub(crate) async fn run(core: Arc<Core>, session: Arc<Session>, before: Option<Arc<Session>>) {
    if let Some(before) = before {
        give_up(&core, &before).await;
        if let Err(problem) = refresh(&core, &session).await {
            tracing::warn!(code = ?problem.code, "the outbox could not be read");
        }
    }
    let mut wait = FIRST_WAIT;
    let mut missed = Missed::new();
    loop {
        match work_off(&core, &session, &mut missed).await {
            None => {
                wait = FIRST_WAIT;
                session.outbox.notified().await;
            }
            Some(asked) => {
                tokio::select! {
                    () = tokio::time::sleep(wait.max(asked)) => wait = (wait * 2).min(LONGEST_WAIT),
                    () = session.outbox.notified() => {}
                }
            }
        }
    }
}

/// Handles every item once. Answers how long to wait at least, if something has to be tried again.
async fn work_off(core: &Core, session: &Session, missed: &mut Missed) -> Option<Duration> {
    let mut again = None;
    // Behind what is stuck its own lane waits, and no other.
    let mut stuck = HashSet::new();
    let mut unsent = 0;
    let turns = in_turn(items(core, session));
    let known: HashSet<u64> = turns.iter().map(|item| item.id).collect();
    for item in turns {
        // A change of many gives way to what came since; the nudge that came with it begins the next pass at once.
        let gives_way = item.batch.is_some() && has_news(core, session, &known);
        if unsent == MANY || gives_way {
            break;
        }
        let lane = item.work.lane();
        if lane.as_ref().is_some_and(|lane| stuck.contains(lane)) {
            continue;
        }
        let done = match item.state {
            OutboxState::Waiting => send(core, session, item.id).await,
            OutboxState::Unknown { .. } => look_up(core, session, &item, missed).await,
            OutboxState::Sending
            | OutboxState::Refused { .. }
            | OutboxState::Ask { .. }
            | OutboxState::Conflict { .. } => Ok(None),
        };
        match done {
            Ok(wait) => {
                again = again.max(wait);
                unsent += usize::from(wait.is_some());
            }
            Err(problem) => {
                tracing::warn!(account = %session.account, code = ?problem.code, "the outbox could not be kept");
                again = again.max(Some(FIRST_WAIT));
            }
        }
        if core.hub.read(|state| state.outbox.contains_key(&item.id)) {
            stuck.extend(lane);
        }
    }
    again
}

fn items(core: &Core, session: &Session) -> Vec<OutboxItem> {
    let is_ours = |item: &&OutboxItem| item.work.account().is_some_and(|account| account == session.account);
    core.hub.read(|state| state.outbox.values().filter(is_ours).cloned().collect())
}

/// Whether something that was not done to many waits and was not known before.
fn has_news(core: &Core, session: &Session, known: &HashSet<u64>) -> bool {
    items(core, session).iter().any(|item| item.batch.is_none() && !known.contains(&item.id))
}

/// Items as their turns come: lanes by the most urgent of what is in them, and within a lane the oldest first.
fn in_turn(mut items: Vec<OutboxItem>) -> Vec<OutboxItem> {
    let urgency = |item: &OutboxItem| match (&item.work, item.batch) {
        (Work::Close { .. }, _) => 0,
        (_, None) => 1,
        (_, Some(_)) => 2,
    };
    let mut lanes: HashMap<String, u8> = HashMap::new();
    for item in &items {
        if let Some(lane) = item.work.lane() {
            let most = lanes.entry(lane).or_insert(u8::MAX);
            *most = urgency(item).min(*most);
        }
    }
    let of_lane = |item: &OutboxItem| item.work.lane().and_then(|lane| lanes.get(&lane).copied());
    items.sort_by_key(|item| (of_lane(item).unwrap_or_else(|| urgency(item)), item.id));
    items
}

/// Sends an item. Answers how long to wait before it is looked at again, if it has to be.
async fn send(core: &Core, session: &Session, id: u64) -> Result<Option<Duration>, Problem> {
    let Some(item) = core.hub.read(|state| state.outbox.get(&id).cloned()) else { return Ok(None) };
    let files = match out_files(core, &item.work).await {
        Ok(files) => files,
        Err(problem) => {
            settle(core, id, OutboxState::Refused { problem: problem.on(&session.account) }).await?;
            return Ok(None);
        }
    };
    let trace = core.trace_of(&item.work).await?;
    let Some(item) = core.store.claim(id, written(&trace)).await? else {
        // Another process has it, or an older item of the same lane comes first.
        return refresh(core, session).await.map(|()| None);
    };
    core.hub.update(|state, _| state.outbox_changed(item.clone()));
    let trace = first_trace(core, id).await?.unwrap_or(trace);
    match deliver(session, &item.work, &files, &trace).await {
        Ok(Sent::Done { .. }) => finish(core, session, &item).await.map(|()| None),
        Ok(Sent::Conflict(fields)) => {
            settle(core, id, OutboxState::Conflict { fields }).await?;
            Ok(None)
        }
        Err(Failure { problem, effect }) => {
            let problem = problem.on(&session.account);
            let (state, wait) = match effect {
                Effect::Refused => (OutboxState::Refused { problem: problem.clone() }, None),
                Effect::NotSent { after_ms } => (OutboxState::Waiting, Some(Duration::from_millis(after_ms))),
                Effect::Unknown => (OutboxState::Unknown { problem: problem.clone() }, Some(Duration::ZERO)),
            };
            settle(core, id, state).await?;
            core.hub.update(|state, _| state.close_failed(id, &session.account, &problem, effect));
            Ok(wait)
        }
    }
}

/// Hands a piece of work to the platform.
async fn deliver(session: &Session, work: &Work, files: &[OutFile], trace: &Trace) -> Result<Sent, Failure> {
    if let Work::Close { activity, draft } = work {
        let Some((_, name)) = activity.parts() else { return Err(refused("no_activity")) };
        let order = Order::Close { activity: name.to_owned(), draft: draft.clone() };
        return session.connector.run(order).await.map(|_| Sent::Done { made: None });
    }
    match session.connector.tickets() {
        Some(tickets) => tickets.send(work, files, trace).await,
        None => Err(refused("not_offered")),
    }
}

/// Finds out what became of an item whose answer was lost.
async fn look_up(
    core: &Core,
    session: &Session,
    item: &OutboxItem,
    missed: &mut Missed,
) -> Result<Option<Duration>, Problem> {
    let became = match &item.work {
        Work::Close { activity, draft } => {
            let Some((_, name)) = activity.parts() else { return Ok(None) };
            let closed = session.connector.closed(name.to_owned(), draft.clone()).await;
            closed.map(|closed| match closed {
                Closed::AsAsked => Became::Done { made: None },
                Closed::Open => Became::NotDone,
                Closed::Otherwise | Closed::Gone => Became::Gone,
            })
        }
        work => {
            let (Some(tickets), Some(trace)) =
                (session.connector.tickets(), first_trace(core, item.id).await?)
            else {
                let problem = Problem::new(ProblemCode::Unconfirmed).on(&session.account);
                settle(core, item.id, OutboxState::Ask { problem }).await?;
                return Ok(None);
            };
            tickets.became(work, &trace).await
        }
    };
    match became {
        Ok(Became::Done { .. }) => finish(core, session, item).await.map(|()| None),
        Ok(Became::NotDone) if matches!(item.work, Work::Send { .. } | Work::Create { .. }) => {
            let since = missed.entry(item.id).or_insert_with(Instant::now).elapsed();
            if let Some(rest) = BETWEEN_LOOKS.checked_sub(since).filter(|rest| !rest.is_zero()) {
                return Ok(Some(rest));
            }
            missed.remove(&item.id);
            settle(core, item.id, OutboxState::Waiting).await?;
            Ok(Some(Duration::ZERO))
        }
        Ok(Became::NotDone) => {
            settle(core, item.id, OutboxState::Waiting).await?;
            Ok(Some(Duration::ZERO))
        }
        Ok(Became::Unclear) => {
            let problem = Problem::new(ProblemCode::Unconfirmed).on(&session.account);
            settle(core, item.id, OutboxState::Ask { problem }).await?;
            Ok(None)
        }
        Ok(Became::Gone) => {
            let problem = Problem::new(ProblemCode::Gone).on(&session.account);
            settle(core, item.id, OutboxState::Refused { problem }).await?;
            Ok(None)
        }
        // Who may not look any more will not learn it by looking.
        Err(problem)
            if matches!(
                problem.code,
                ProblemCode::Forbidden | ProblemCode::NotLicensed | ProblemCode::Refused
            ) =>
        {
            settle(core, item.id, OutboxState::Ask { problem: problem.on(&session.account) }).await?;
            Ok(None)
        }
        Err(_) => Ok(Some(FIRST_WAIT)),
    }
}

/// The platform has it: the item is forgotten, and what it changed is looked at.
async fn finish(core: &Core, session: &Session, item: &OutboxItem) -> Result<(), Problem> {
    core.store.finish(item.id).await?;
    core.hub.update(|state, _| state.outbox_removed(item.id, &session.account));
    core.unstage(&item.work).await;
    if let Some(batch) = item.batch {
        core.batch_moved(batch).await;
    }
    if item.work.activity().is_none() {
        session.stirred.notify_one();
    }
    Ok(())
}

async fn settle(core: &Core, id: u64, to: OutboxState) -> Result<(), Problem> {
    let before = core.hub.read(|state| state.outbox.get(&id).cloned());
    match core.store.settle(id, to).await? {
        Some(item) => core.hub.update(|state, _| state.outbox_changed(item)),
        None => core.removed(&[id], before.as_ref().and_then(|item| item.work.account()).as_ref()),
    }
    if let Some(batch) = before.and_then(|item| item.batch) {
        core.batch_moved(batch).await;
    }
    Ok(())
}

/// The bytes of the files that go with a piece of work.
async fn out_files(core: &Core, work: &Work) -> Result<Vec<OutFile>, Problem> {
    let mut files = Vec::new();
    for file in files_of(work) {
        let bytes = core.store.staged_bytes(file.id.clone()).await;
        let bytes = bytes.ok_or_else(|| impossible("file_gone").with("file", file.name.as_str()))?;
        files.push(OutFile { name: file.name.clone(), mime: file.mime.clone(), bytes: bytes.into() });
    }
    Ok(files)
}

/// What was known when an item was first sent.
async fn first_trace(core: &Core, id: u64) -> Result<Option<Trace>, Problem> {
    let kept = core.store.trace(id).await?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
}

fn written(trace: &Trace) -> String {
    // Plain data: it can always be written.
    serde_json::to_string(trace).unwrap_or_default()
}

fn refused(why: &str) -> Failure {
    Failure { problem: impossible(why), effect: Effect::Refused }
}

/// Takes over what another process has done with the items of this account.
async fn refresh(core: &Core, session: &Session) -> Result<(), Problem> {
    let kept = core.store.outbox().await?;
    for item in items(core, session) {
        match kept.iter().find(|kept| kept.id == item.id) {
            Some(kept) => core.hub.update(|state, _| state.outbox_changed(kept.clone())),
            None => core.hub.update(|state, _| state.outbox_removed(item.id, &session.account)),
        }
    }
    Ok(())
}

/// A session has been ended: whether what it was sending has arrived is not known any more.
pub(crate) async fn give_up(core: &Core, session: &Session) {
    session.outbox_ended().await;
    if let Err(problem) = core.store.interrupt(session.account.clone()).await {
        tracing::warn!(account = %session.account, code = ?problem.code, "the outbox could not be kept");
    }
}

/// Puts what was typed for activities that are gone where the agent sees it: nobody else would ever show it again.
pub(crate) async fn keep_stranded(core: Arc<Core>, account: model::AccountId) {
    for (activity, title, draft) in core.hub.update(|state, _| state.take_stranded(&account)) {
        let problem = Problem::new(ProblemCode::Gone).on(&account);
        let kept =
            core.store.strand(activity.clone(), title, draft.clone(), problem, crate::clock::now()).await;
        core.hub.update(|state, _| match kept {
            Ok(item) => state.outbox_changed(item),
            Err(problem) => {
                tracing::warn!(%account, code = ?problem.code, "a stranded note could not be kept");
                state.drafted(&activity, draft);
            }
        });
    }
}

/// Carries out a step of a command that concerns the outbox.
pub(crate) async fn step(core: Arc<Core>, command: CommandId, step: Step) {
    let done = match step {
        Step::Keep { activity, title, draft } => keep(&core, command, activity, title, draft).await,
        Step::Resend { item } => resend(&core, command, item).await,
        Step::Discard { item } => discard(&core, item).await,
        Step::Send { .. } => Ok(()),
    };
    if let Err(problem) = done {
        core.hub.update(|state, _| state.commands.refused_everywhere(command, &problem));
    }
}

async fn keep(
    core: &Core,
    command: CommandId,
    activity: model::ActivityId,
    title: String,
    draft: model::Draft,
) -> Result<(), Problem> {
    let account = activity.parts().map(|(account, _)| account);
    let work = Work::Close { activity: activity.clone(), draft: draft.clone() };
    let item = core.store.enqueue(work, title, crate::clock::now()).await?;
    core.hub.update(|state, _| {
        state.closes(item.id, command);
        state.drafted(&activity, draft);
        state.outbox_changed(item);
    });
    nudge(core, account.as_ref());
    Ok(())
}

async fn resend(core: &Core, command: CommandId, id: u64) -> Result<(), Problem> {
    let Some(item) = core.hub.read(|state| state.outbox.get(&id).cloned()) else { return Ok(()) };
    let account = item.work.account();
    // What is unknown is looked up first, and sent again only if the platform does not have it.
    if matches!(
        item.state,
        OutboxState::Refused { .. } | OutboxState::Ask { .. } | OutboxState::Conflict { .. }
    ) && let Some(item) = core.store.rewrite(id, item.work).await?
    {
        let batch = item.batch;
        core.hub.update(|state, _| state.outbox_changed(item));
        if let Some(batch) = batch {
            core.batch_moved(batch).await;
        }
    }
    core.hub.update(|state, _| state.closes(id, command));
    nudge(core, account.as_ref());
    Ok(())
}

/// Throws an item away, and what was to follow from it.
pub(crate) async fn discard(core: &Core, id: u64) -> Result<(), Problem> {
    let out = core.store.discard(id).await?.ok_or_else(|| impossible("sending"))?;
    for item in out {
        core.removed(&[item.id], item.work.account().as_ref());
        core.unstage(&item.work).await;
        if let Some(batch) = item.batch {
            core.batch_moved(batch).await;
        }
    }
    Ok(())
}

pub(crate) fn nudge(core: &Core, account: Option<&model::AccountId>) {
    if let Some(Ok(session)) = account.map(|account| core.session(account)) {
        session.outbox.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use model::{Draft, Timestamp};

    use super::*;

    fn item(id: u64, work: Work, batch: Option<u64>) -> OutboxItem {
        let (title, queued_at, state) = (String::new(), Timestamp(0), OutboxState::Waiting);
        OutboxItem { id, work, title, batch, queued_at, state }
    }

    #[test]
    fn the_end_of_a_call_goes_first_a_change_of_many_last_and_a_lane_stays_in_order() {
        let edit = |ticket: &str| Work::Edit { ticket: ticket.into(), edit: Vec::new() };
        let send = |ticket: &str| Work::Send { ticket: ticket.into(), message: model::Message::default() };
        let close = Work::Close { activity: "a/call".into(), draft: Draft::default() };
        let turns = in_turn(vec![
            item(1, edit("a/1"), Some(7)),
            item(2, edit("a/2"), Some(7)),
            item(3, send("a/2"), None),
            item(4, send("a/3"), None),
            item(5, close, None),
        ]);
        let order: Vec<u64> = turns.iter().map(|item| item.id).collect();
        assert_eq!(
            order,
            [5, 2, 3, 4, 1],
            "the change of ticket 2 goes before the reply that waits behind it"
        );
    }
}
