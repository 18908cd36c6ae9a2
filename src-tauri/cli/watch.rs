//! `offhook watch`: what happens, line by line, for people and for scripts.

use std::io::Write;

use model::{AccountState, Change, Event, Outcome, Snapshot};
use serde_json::{Value, json};

use super::End;
use super::core::Core;

/// The options of `watch`.
#[derive(clap::Args)]
pub(super) struct Watch {
    /// One JSON object a line: first the snapshot, then each event
    #[arg(long)]
    json: bool,
}

impl Watch {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let mut events = core.follow().await?;
        loop {
            let next = tokio::select! {
                next = events.next() => next?,
                _ = tokio::signal::ctrl_c() => return Ok(End::Done),
            };
            let lines = if self.json { as_json(next) } else { as_text(next) };
            let mut out = std::io::stdout().lock();
            for line in lines {
                // Whoever read us has had enough.
                if writeln!(out, "{line}").is_err() {
                    return Ok(End::Done);
                }
            }
            if out.flush().is_err() {
                return Ok(End::Done);
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
        Change::Outbox { item } => format!("outbox {}: {:?}", item.id, item.state),
        Change::OutboxRemoved { id } => format!("outbox {id}: done"),
        Change::Settings { .. } => return None,
    })
}
