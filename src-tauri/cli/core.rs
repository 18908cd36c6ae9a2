//! What the command line talks to: a running Offhook at its door, or an engine of its own.

use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, Followed, Options, Vault};
use model::ipc::{self, Window};
use model::{Command, CommandId, CommandStatus, LeaveState, Link, Outcome, Problem, ProblemCode, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::End;
use crate::door::{self, Ask, Visitor};
use crate::keychain::Keychain;
use crate::place::Place;
use crate::shell::{NoDesk, Shell, internal};
use crate::words;

/// How long accounts may take to be heard from before a command is tried all the same.
const SETTLE: Duration = Duration::from_secs(20);

/// Where the commands go.
pub(super) enum Core {
    /// A running Offhook.
    There(Mutex<Visitor>, Place),
    /// An engine of our own.
    Here(Arc<Shell>),
}

impl Core {
    /// Reaches a running Offhook, or starts an engine.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub(super) async fn reach(place: Place) -> Result<Self, Problem> {
        if let Some(visitor) = Visitor::knock(&place.door()).await {
            return Ok(Self::There(Mutex::new(visitor), place));
        }
        let keychain = Arc::new(Keychain::new(place.clone()));
        let options = Options {
            data_dir: place.dir().to_owned(),
            vault: Arc::clone(&keychain) as Arc<dyn Vault>,
            http: wire::HttpOptions::default(),
            language: words::system_language().to_owned(),
        };
        let engine = Engine::start(options).await?;
        let shell = Shell::new(engine, place, Some(keychain), Arc::new(NoDesk));
        // A second command that starts meanwhile asks us.
        if let Err(error) = door::open(Arc::clone(&shell)).await {
            tracing::info!(%error, "no door");
        }
        Ok(Self::Here(shell))
    }

    /// Ends an engine of our own; leaves the agent's state as it is.
    pub(super) async fn close(&self) {
        if let Self::Here(shell) = self {
            shell.engine.stop(LeaveState::Stay).await;
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
            Self::Here(shell) => {
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
        let settled = |snapshot: &Snapshot| {
            snapshot
                .accounts
                .iter()
                .all(|state| !matches!(state.health.link, Link::Connecting | Link::CatchingUp))
        };
        let mut snapshot = self.snapshot().await?;
        if snapshot.accounts.is_empty() {
            return Err(Problem::new(ProblemCode::NotPossible).with("what", "no account").saying([
                "There is no account yet. Add one with: offhook accounts add --url URL --user NAME"
                    .to_owned(),
            ]));
        }
        if settled(&snapshot) {
            return Ok(snapshot);
        }
        let deadline = tokio::time::Instant::now() + SETTLE;
        let mut events = self.follow().await?;
        while !settled(&snapshot) {
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
            Self::There(visitor, _) => visitor.lock().await.ask(&Ask::Finished { id }).await?,
            Self::Here(shell) => shell.engine.finished(id).await,
        };
        match &status.outcome {
            Outcome::Confirmed => Ok(status),
            Outcome::Refused { problem } => Err(End::Refused(problem.clone())),
            Outcome::TimedOut { problem } => Err(End::NotConfirmed(problem.clone())),
            Outcome::Pending => Err(End::NotConfirmed(Problem::new(ProblemCode::Unconfirmed))),
            Outcome::Partly => Err(partly(&status)),
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
            Self::Here(shell) => {
                let (snapshot, follower) = shell.engine.follow();
                Ok(Events { source: Source::Here(Arc::clone(shell), follower), first: Some(json!(snapshot)) })
            }
        }
    }
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
