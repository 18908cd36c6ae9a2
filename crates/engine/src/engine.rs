//! The engine as others see it: one handle with which the shell and the command line start, follow and ask.

use std::path::PathBuf;
use std::sync::Arc;

use model::ipc::{ContactQuery, Favourite, SaveDraft, SignIn};
use model::{
    AccountId, Command, CommandId, CommandStatus, ConnectionReport, ContactDetail, ContactId, ContactPage,
    Credential, Event, LeaveState, NewAccount, ParsedNumber, Problem, ProblemCode, Settings, Snapshot,
};

use crate::Vault;

/// What an engine needs to start.
#[derive(Clone)]
pub struct Options {
    /// The folder of the local store; made if it is not there.
    pub data_dir: PathBuf,
    /// Where secrets are kept.
    pub vault: Arc<dyn Vault>,
    /// How connections are made.
    pub http: wire::HttpOptions,
    /// The system's language tag (`en`, `cs`, `sv`, `de`): in which platforms are asked to answer, unless the settings
    /// name another.
    pub language: String,
}

/// The running engine. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<()>,
}

/// What a follower is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Everything that has happened since, in order.
    Events(Vec<Event>),
    /// Too much has happened to be told: take a snapshot.
    Gap,
    /// The engine has stopped.
    End,
}

/// Follows the events of an engine from a snapshot on.
pub struct Follower {}

impl Follower {
    /// Waits for something to happen and gives everything that is ready. Cancel-safe.
    pub async fn next(&mut self) -> Followed {
        Followed::End
    }
}

fn unfinished() -> Problem {
    Problem::new(ProblemCode::Internal)
}

impl Engine {
    /// Opens the store, loads the accounts and starts a session task for each; does not wait for the network.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn start(options: Options) -> Result<Self, Problem> {
        let _ = options;
        Err(unfinished())
    }

    /// Everything as it stands.
    pub fn snapshot(&self) -> Snapshot {
        let _ = &self.inner;
        unreachable!()
    }

    /// Everything as it stands, and what happens from there on.
    pub fn follow(&self) -> (Snapshot, Follower) {
        unreachable!()
    }

    /// Starts a command and returns at once; what becomes of it is told by events.
    pub fn execute(&self, command: Command) -> CommandId {
        let _ = command;
        CommandId(0)
    }

    /// Waits until a command is no longer pending.
    pub async fn finished(&self, id: CommandId) -> CommandStatus {
        let _ = id;
        unreachable!()
    }

    /// Keeps what the agent has typed so far.
    ///
    /// # Errors
    /// When the store cannot keep it.
    pub async fn save_draft(&self, request: SaveDraft) -> Result<(), Problem> {
        let _ = request;
        Err(unfinished())
    }

    /// Searches contacts: in the local index, and on the platforms too where that is asked for.
    ///
    /// # Errors
    /// When the store cannot be read. A platform that cannot be asked is told inside the page.
    pub async fn search_contacts(&self, query: ContactQuery) -> Result<ContactPage, Problem> {
        let _ = query;
        Err(unfinished())
    }

    /// A contact with its tickets and past activities.
    ///
    /// # Errors
    /// When it is known neither here nor on its platform.
    pub async fn contact(&self, id: ContactId) -> Result<ContactDetail, Problem> {
        let _ = id;
        Err(unfinished())
    }

    /// Marks a contact, or takes the mark away.
    ///
    /// # Errors
    /// When the store cannot keep it.
    pub async fn set_favourite(&self, request: Favourite) -> Result<(), Problem> {
        let _ = request;
        Err(unfinished())
    }

    /// Reads a number as the dialler would.
    pub fn parse_number(&self, text: &str) -> ParsedNumber {
        let _ = text;
        unreachable!()
    }

    /// Tries an address and a sign-in without keeping them.
    pub async fn check_new_account(&self, account: NewAccount) -> ConnectionReport {
        let _ = account;
        unreachable!()
    }

    /// Checks an account that is there.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn check_account(&self, id: AccountId) -> Result<ConnectionReport, Problem> {
        let _ = id;
        Err(unfinished())
    }

    /// Signs in, keeps the account and starts its session.
    ///
    /// # Errors
    /// When the address or the credentials are refused, or the secret cannot be kept where it was asked for.
    pub async fn add_account(&self, account: NewAccount) -> Result<AccountId, Problem> {
        let _ = account;
        Err(unfinished())
    }

    /// Adds the practice centre's account: kept in memory only and gone when the engine stops.
    ///
    /// # Errors
    /// When it does not let us in.
    pub async fn add_practice_account(&self, url: &str, credential: Credential) -> Result<AccountId, Problem> {
        let _ = (url, credential);
        Err(unfinished())
    }

    /// Signs in again on an account whose session ended.
    ///
    /// # Errors
    /// When the credentials are refused, or cannot be kept where that was asked for.
    pub async fn sign_in(&self, request: SignIn) -> Result<(), Problem> {
        let _ = request;
        Err(unfinished())
    }

    /// Forgets an account, its secret, its contacts and its unsent work.
    ///
    /// # Errors
    /// When there is no such account or the store cannot forget it.
    pub async fn remove_account(&self, id: AccountId) -> Result<(), Problem> {
        let _ = id;
        Err(unfinished())
    }

    /// Keeps settings.
    ///
    /// # Errors
    /// When the store cannot keep them.
    pub async fn save_settings(&self, settings: Settings) -> Result<(), Problem> {
        let _ = settings;
        Err(unfinished())
    }

    /// The computer slept or changed its network: every listener starts over at once.
    pub fn wake(&self) {}

    /// Tries the keychain again for the accounts that could not read their secret.
    pub fn retry_vault(&self) {}

    /// Stops: sends "not ready" first if asked to and waits shortly for the confirmation, then ends every session.
    /// Never signs a pasted token out. `Ask` is `Stay` here: whoever calls has asked.
    pub async fn stop(&self, leave: LeaveState) {
        let _ = leave;
    }
}
