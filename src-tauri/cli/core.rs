//! What the command line talks to: a running Offhook at its door, or an engine of its own.

use std::sync::Arc;
use std::time::Duration;

use engine::{Followed, Vault};
use model::ipc::{self, Window};
use model::{
    Command, CommandId, CommandStatus, LeaveState, Link, OutboxState, Outcome, Problem, ProblemCode, Snapshot,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::End;
use crate::door::{self, Ask, Door, Reached, Visitor};
use crate::keychain::Keychain;
use crate::place::Place;
use crate::shell::{self, NoDesk, Shell, internal};

/// How long accounts may take to be heard from before a command is tried all the same.
const SETTLE: Duration = Duration::from_secs(20);

/// How long an item of the outbox may take before a command leaves it to the next who runs an engine.
const SENT: Duration = Duration::from_secs(35);

/// Where the commands go.
pub(super) enum Core {
    /// A running Offhook.
    There(Mutex<Visitor>, Place),
    /// An engine of our own, and the door at which others ask it.
    Here(Arc<Shell>, Door),
}

impl Core {
    /// Reaches a running Offhook, or starts an engine.
    ///
    /// # Errors
    /// When the folder or the store cannot be used, or somebody holds the folder and does not answer.
    pub(super) async fn reach(place: &Place) -> Result<Self, Problem> {
        match door::reach(place).await.map_err(|error| unreachable(&error))? {
            Reached::Theirs(visitor) => Ok(Self::There(Mutex::new(visitor), place.clone())),
            Reached::Mine(key) => {
                let keychain = Arc::new(Keychain::new(place.clone()));
                let engine = shell::start_engine(place, Arc::clone(&keychain) as Arc<dyn Vault>).await?;
                let shell = Shell::new(engine, place.clone(), Some(keychain), Arc::new(NoDesk));
                let door = Door::open(Arc::clone(&shell), key).await;
                Ok(Self::Here(shell, door))
            }
        }
    }

    /// Ends an engine of our own, once whoever asked at its door has got an answer; leaves the agent's state as it is.
    pub(super) async fn close(self) {
        if let Self::Here(shell, door) = self {
            door.empty().await;
            shell.engine.stop(LeaveState::Stay).await;
            door.close().await;
        }
    }

    /// Waits until the app wants to take over our engine; for ever where it is not ours.
    pub(super) async fn app_knocks(&self) {
        match self {
            Self::Here(_, door) => door.app_knocks().await,
            Self::There(..) => std::future::pending().await,
        }
    }

    /// Runs a command of the table.
    ///
    /// # Errors
    /// What it answers.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        command: &str,
        request: Value,
    ) -> Result<T, Problem> {
        match self {
            Self::There(visitor, _) => {
                visitor.lock().await.ask(&Ask::Call { command: command.to_owned(), request }).await
            }
            Self::Here(shell, _) => {
                let answer = ipc::dispatch(shell.as_ref(), Window::Main, command, request).await?;
                serde_json::from_value(answer).map_err(|error| internal(&error.to_string()))
            }
        }
    }

    /// Everything as it stands.
    ///
    /// # Errors
    /// When the running Offhook has gone.
    pub(super) async fn snapshot(&self) -> Result<Snapshot, Problem> {
        self.call("snapshot", Value::Null).await
    }

    /// Everything as it stands, once every account has been heard from or is known not to answer.
    ///
    /// # Errors
    /// [`ProblemCode::NotPossible`] when there is no account; as [`Self::snapshot`].
    pub(super) async fn settled(&self) -> Result<Snapshot, Problem> {
        self.once(|_| true).await
    }

    /// As [`Self::settled`], and `known` holds too. Much is read only after an account is heard from; what is still not
    /// known after a while will not be, and then everything is answered as it stands.
    ///
    /// # Errors
    /// As [`Self::settled`].
    pub(super) async fn once(&self, known: impl Fn(&Snapshot) -> bool) -> Result<Snapshot, Problem> {
        let mut snapshot = self.snapshot().await?;
        if snapshot.accounts.is_empty() {
            return Err(Problem::new(ProblemCode::NotPossible).with("what", "no account").saying([
                "There is no account yet. Add one with: offhook accounts add --url URL --user NAME"
                    .to_owned(),
            ]));
        }
        let ready = |snapshot: &Snapshot| is_settled(snapshot) && known(snapshot);
        if ready(&snapshot) {
            return Ok(snapshot);
        }
        let deadline = tokio::time::Instant::now() + SETTLE;
        let mut events = self.follow().await?;
        while !ready(&snapshot) {
            match tokio::time::timeout_at(deadline, events.next()).await {
                Ok(Ok(_)) => snapshot = self.snapshot().await?,
                // Those that are still silent will say so themselves when they are asked.
                Ok(Err(_)) | Err(_) => break,
            }
        }
        Ok(snapshot)
    }

    /// Runs a command and waits until it is confirmed or refused.
    ///
    /// # Errors
    /// Its refusal, or that nothing was heard in time.
    pub(super) async fn execute(&self, command: &Command) -> Result<CommandStatus, End> {
        let request = serde_json::to_value(command).map_err(|error| internal(&error.to_string()))?;
        let id: CommandId = self.call("execute", request).await?;
        let status: CommandStatus = match self {
            // It was asked for, and what became of it nobody told.
            Self::There(visitor, _) => {
                let status = visitor.lock().await.ask(&Ask::Finished { id }).await;
                status.map_err(End::NotConfirmed)?
            }
            Self::Here(shell, _) => shell.engine.finished(id).await,
        };
        match &status.outcome {
            Outcome::Confirmed => Ok(status),
            Outcome::Refused { problem } => Err(End::Refused(problem.clone())),
            Outcome::TimedOut { problem } => Err(End::NotConfirmed(problem.clone())),
            Outcome::Pending => Err(End::NotConfirmed(Problem::new(ProblemCode::Unconfirmed))),
            Outcome::Partly => Err(partly(&status)),
        }
    }

    /// Waits until an item of the outbox was sent, or cannot be without the agent.
    ///
    /// # Errors
    /// Why it stays in the outbox; that it still waits there.
    pub(super) async fn sent(&self, item: u64) -> Result<(), End> {
        self.comes_of(self.follow().await?, item, |_| true).await
    }

    /// Sends an item again and waits as [`Core::sent`]. Where it stood before is no answer.
    ///
    /// # Errors
    /// As [`Core::sent`].
    pub(super) async fn sent_again(&self, item: u64) -> Result<(), End> {
        let mut events = self.follow().await?;
        events.next().await?;
        self.execute(&Command::Resend { item }).await?;
        let is_its = move |told: &Value| {
            let named = |one: &Value| one["item"]["id"] == item || one["id"] == item;
            let is_outbox = |one: &Value| matches!(one["change"].as_str(), Some("outbox" | "outbox_removed"));
            // A snapshot after a gap may hold anything.
            told.as_array().is_none_or(|events| events.iter().any(|one| is_outbox(one) && named(one)))
        };
        self.comes_of(events, item, is_its).await
    }

    async fn comes_of(
        &self,
        mut events: Events,
        item: u64,
        begins: impl Fn(&Value) -> bool,
    ) -> Result<(), End> {
        let deadline = tokio::time::Instant::now() + SENT;
        let mut begun = false;
        loop {
            let waits = match tokio::time::timeout_at(deadline, events.next()).await {
                Ok(Ok(told)) if !begun && !begins(&told) => continue,
                // Each snapshot is newer than what was told.
                Ok(Ok(_)) => self.snapshot().await?.outbox.into_iter().find(|known| known.id == item),
                Ok(Err(_)) | Err(_) => return Err(End::NotConfirmed(left(item, "It still waits"))),
            };
            begun = true;
            match waits.map(|item| item.state) {
                None => return Ok(()),
                Some(OutboxState::Refused { problem }) => return Err(End::Refused(problem)),
                Some(OutboxState::Ask { problem }) => return Err(End::NotConfirmed(problem)),
                Some(OutboxState::Conflict { fields }) => {
                    let fields: Vec<_> = fields.into_iter().map(|field| field.theirs.key).collect();
                    let said = format!("Somebody else has changed {} meanwhile: it is", fields.join(", "));
                    return Err(End::Refused(left(item, &said)));
                }
                Some(OutboxState::Waiting | OutboxState::Sending | OutboxState::Unknown { .. }) => {}
            }
        }
    }

    /// Follows the events from now on.
    ///
    /// # Errors
    /// When the running Offhook has gone.
    pub(super) async fn follow(&self) -> Result<Events, Problem> {
        match self {
            Self::There(_, place) => {
                let mut visitor = Visitor::knock(&place.door())
                    .await
                    .ok_or_else(|| internal("the running Offhook has ended"))?;
                let first: Value = visitor.ask(&Ask::Follow).await?;
                Ok(Events { source: Source::There(visitor), first: Some(first) })
            }
            Self::Here(shell, _) => {
                let (snapshot, follower) = shell.engine.follow();
                Ok(Events { source: Source::Here(Arc::clone(shell), follower), first: Some(json!(snapshot)) })
            }
        }
    }
}

fn is_settled(snapshot: &Snapshot) -> bool {
    let waits = |link| matches!(link, Link::Connecting | Link::CatchingUp);
    !snapshot.accounts.iter().any(|state| waits(state.health.link))
}

/// Something that stays in the outbox.
fn left(item: u64, how: &str) -> Problem {
    Problem::new(ProblemCode::Unconfirmed).saying([format!("{how} in the outbox as {item}.")])
}

fn unreachable(error: &std::io::Error) -> Problem {
    Problem::new(ProblemCode::NotPossible).with("what", "no engine").saying([error.to_string()])
}

/// The first account that did not do as the others is what the agent must know.
fn partly(status: &CommandStatus) -> End {
    status
        .accounts
        .iter()
        .find_map(|account| match &account.outcome {
            Outcome::Refused { problem } => Some(End::Refused(problem.clone().on(&account.account))),
            Outcome::TimedOut { problem } => Some(End::NotConfirmed(problem.clone().on(&account.account))),
            Outcome::Pending | Outcome::Confirmed | Outcome::Partly => None,
        })
        .unwrap_or_else(|| End::NotConfirmed(Problem::new(ProblemCode::Unconfirmed)))
}

/// What happens, as JSON: snapshots (objects) and lists of events.
pub(super) struct Events {
    source: Source,
    first: Option<Value>,
}

enum Source {
    There(Visitor),
    Here(Arc<Shell>, engine::Follower),
}

impl Events {
    /// Waits for the next snapshot or list of events. The first is a snapshot.
    ///
    /// # Errors
    /// When the engine has ended.
    pub(super) async fn next(&mut self) -> Result<Value, Problem> {
        if let Some(first) = self.first.take() {
            return Ok(first);
        }
        match &mut self.source {
            Source::There(visitor) => visitor.hear().await,
            Source::Here(shell, follower) => match follower.next().await {
                Followed::Events(events) => Ok(json!(events)),
                Followed::Gap => Ok(json!(shell.engine.snapshot())),
                Followed::End => Err(internal("the engine has ended")),
            },
        }
    }
}
