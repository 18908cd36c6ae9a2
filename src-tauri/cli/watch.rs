//! `offhook watch`: what happens, line by line, for people and for scripts.
//!
//! It goes on whoever runs the engine: when the app starts it hands its own engine over, and when whoever it listens to
//! ends it looks for the next, or becomes it. A snapshot is printed again after each change.

use std::io::Write;
use std::pin::pin;

use model::{AccountState, Change, Event, Outcome, Snapshot};
use serde_json::{Value, json};

use super::End;
use super::core::{Core, Events};
use crate::door;
use crate::place::Place;
use crate::shell::told_to_end;

/// The options of `watch`.
#[derive(clap::Args)]
pub(super) struct Watch {
    /// One JSON object a line: first the snapshot, then each event
    #[arg(long)]
    json: bool,
}

/// Why it stopped printing.
enum Stopped {
    /// By the user, or because nobody reads any more.
    Enough,
    /// The app wants to start.
    AppKnocks,
    /// Who was listened to has ended.
    Ended,
}

impl Watch {
    pub(super) async fn run(self, place: &Place) -> Result<End, End> {
        loop {
            let core = Core::reach(place).await?;
            let events = core.follow().await;
            // Whoever else has the engine may end it when it wants: only our own is held on to.
            let ours = matches!(core, Core::Here(..)).then_some(core);
            let stopped = match events {
                Ok(events) => self.print(ours.as_ref(), events).await,
                // It was just ending.
                Err(_) => Stopped::Ended,
            };
            if let Some(ours) = ours {
                ours.close().await;
            }
            match stopped {
                Stopped::Enough => return Ok(End::Done),
                Stopped::AppKnocks => door::taken_over(place).await,
                Stopped::Ended => {}
            }
        }
    }

    async fn print(&self, ours: Option<&Core>, mut events: Events) -> Stopped {
        let app_knocks = async {
            match ours {
                Some(core) => core.app_knocks().await,
                None => std::future::pending().await,
            }
        };
        let (mut app_knocks, mut told_to_end) = (pin!(app_knocks), pin!(told_to_end()));
        loop {
            let next = tokio::select! {
                next = events.next() => next,
                () = &mut app_knocks => return Stopped::AppKnocks,
                () = &mut told_to_end => return Stopped::Enough,
            };
            let Ok(next) = next else { return Stopped::Ended };
            let lines = if self.json { as_json(next) } else { as_text(next) };
            let mut out = std::io::stdout().lock();
            // Whoever read us may have had enough.
            if lines.iter().try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush()).is_err() {
                return Stopped::Enough;
            }
        }
    }
}

fn as_json(next: Value) -> Vec<String> {
    match next {
        Value::Array(events) => events.into_iter().map(|event| event.to_string()).collect(),
        snapshot => {
            let (seq, at) = (snapshot["seq"].clone(), snapshot["at"].clone());
            vec![json!({ "change": "snapshot", "seq": seq, "at": at, "snapshot": snapshot }).to_string()]
        }
    }
}

fn as_text(next: Value) -> Vec<String> {
    if let Ok(events) = serde_json::from_value::<Vec<Event>>(next.clone()) {
        return events.iter().filter_map(|event| text(&event.change)).collect();
    }
    let snapshot = serde_json::from_value::<Snapshot>(next);
    snapshot.map(|snapshot| snapshot.accounts.iter().map(account).collect()).unwrap_or_default()
}

fn account(state: &AccountState) -> String {
    let presence = state.agent.as_ref().map(|agent| format!(", {:?}", agent.presence)).unwrap_or_default();
    format!("account {} ({}): {:?}{presence}", state.account.name, state.account.id, state.health.link)
}

fn text(change: &Change) -> Option<String> {
    Some(match change {
        Change::Agent { agent } => {
            let pause = agent.pause.as_deref().map(|pause| format!(" ({pause})")).unwrap_or_default();
            let reachable = if agent.reachable { "" } else { ", not reachable" };
            format!("agent: {:?}{pause}{reachable}", agent.presence)
        }
        Change::Account { account: state } => account(state),
        Change::AccountRemoved { id } => format!("account {id}: removed"),
        Change::Activity { activity } => format!("activity {}: {:?}", activity.id, activity.phase),
        Change::ActivityRemoved { id } => format!("activity {id}: over"),
        Change::Ring { ring } => match ring.ended {
            Some(outcome) => format!("ring {}: {outcome:?}", ring.activity),
            None => format!("ring {}: ringing", ring.activity),
        },
        Change::Command { status } => match &status.outcome {
            Outcome::Refused { problem } | Outcome::TimedOut { problem } => {
                format!("command {}: {problem}", status.id.0)
            }
            outcome => format!("command {}: {outcome:?}", status.id.0),
        },
        Change::Notice { notice } => format!("notice {}", notice.key),
        Change::NoticeRemoved { key } => format!("notice {key}: over"),
        Change::Outbox { item } => format!("outbox {}: {:?}", item.id, item.state),
        Change::OutboxRemoved { id } => format!("outbox {id}: done"),
        Change::Bulk { bulk } => {
            let (done, of) = (bulk.done + bulk.failed + bulk.cancelled, bulk.of);
            format!("bulk {}: {done} of {of}, {} not", bulk.id, bulk.failed + bulk.cancelled)
        }
        Change::Inbox { sync } => match &sync.problem {
            Some(problem) => format!("tickets of {}: {problem}", sync.account),
            None if sync.complete => format!("tickets of {}: {}", sync.account, sync.known),
            None => format!("tickets of {}: {} so far", sync.account, sync.known),
        },
        Change::Tickets { tickets, gone, .. } => {
            let changed =
                tickets.iter().map(|ticket| format!("ticket {}: {}", ticket.id, ticket.stage.word()));
            let gone = gone.iter().map(|id| format!("ticket {id}: gone"));
            let lines: Vec<_> = changed.chain(gone).collect();
            return (!lines.is_empty()).then(|| lines.join("\n"));
        }
        Change::Statistics { statistics } => {
            let waiting = statistics.waiting.map(|waiting| format!("{waiting} waiting")).unwrap_or_default();
            format!("queue {} ({}): {waiting}", statistics.title, statistics.account)
        }
        Change::StatisticsRemoved { queue } => {
            format!("queue {} ({}): no figures", queue.queue, queue.account)
        }
        Change::Presence { presence } => format!("contact {}: {:?}", presence.contact, presence.lamp),
        Change::PresenceRemoved { contact } => format!("contact {contact}: not watched"),
        Change::Settings { .. }
        | Change::Composing { .. }
        | Change::ComposingRemoved { .. }
        | Change::Day { .. } => return None,
    })
}
