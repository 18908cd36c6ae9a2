//! What a platform must offer to stand in the house: everything else in the engine knows platforms through this only.
//!
//! A new platform is a client crate, one module below, a line in [`open`], and its face in the sandbox. What only some
//! platforms have beside calls stands in traits of its own, [`Office`] (the past, diversions, voicemail …) and [`Tickets`]: a
//! platform without it writes nothing.

mod ccaip;
mod daktela;
mod dstny;
mod edits;
mod liveagent;
mod office;
mod tickets;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::{
    AccountId, ConnectionReport, Contact, ContactDetail, ContactPresence, Credential, Draft, Phone, Platform,
    Problem, QueueStatistics, TicketRef,
};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

pub(crate) use self::office::{Answer, HistoryPart, Office, Past, PastDay};
pub(crate) use self::tickets::{
    Became, Changes, Detail, FileBytes, Inline, Listed, Mark, OutFile, Pace, RawBody, RawEntry, Sent,
    Tickets, Timeline, Trace, View,
};
use crate::sight::{Done, Failure, Hearing, Order, Sight};

/// One account on one platform.
pub(crate) trait Connector: Send + Sync {
    /// Where its picture comes from, in the platform's words.
    fn source(&self) -> &'static str;

    /// In which language the platform is to answer, and whose national numbers are understood, from now on.
    fn set_locale(&self, language: &str, region: &str);

    /// Signs in if need be and listens until cancelled. Failures of the network are waited out; when it returns with
    /// a problem, only a new sign-in by the agent helps.
    fn listen(
        self: Arc<Self>,
        ear: Arc<dyn Ear>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Option<Problem>>;

    /// Signs in once, to see whether it works.
    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>>;

    /// Ends the session on the platform, where that is ours to do: never with a pasted token.
    fn sign_out(&self) -> BoxFuture<'_, ()>;

    /// What has to be kept to sign in again.
    fn secret(&self) -> SecretString;

    /// Has an order carried out.
    fn run(&self, order: Order) -> BoxFuture<'_, Result<Done, Failure>>;

    /// What became of a close whose answer was lost.
    fn closed(&self, activity: String, draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>>;

    /// A page of all contacts, in a stable order; `skip` of them are known already.
    fn contacts(&self, skip: u32) -> BoxFuture<'_, Result<Found, Problem>>;

    /// Contacts that match what was typed.
    fn search(&self, text: String) -> BoxFuture<'_, Result<Found, Problem>>;

    /// Contacts with this number.
    fn callers(&self, phone: Phone) -> BoxFuture<'_, Result<Found, Problem>>;

    /// Open tickets of a contact, newest first, at most five.
    fn open_tickets(&self, contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>>;

    /// A contact with everything around it.
    fn contact(&self, contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>>;

    /// Tries everything that this user may or may not be allowed to.
    fn check(&self) -> BoxFuture<'_, ConnectionReport>;

    /// What the windows show of this account now, so that only that is followed live. Each call replaces the one
    /// before.
    fn watch(&self, _watched: Watched) {}

    /// Which part of the customer's request limit this computer may use from now on, in per cent; absent means the
    /// connector's own sense of it.
    fn set_share(&self, _per_cent: Option<u32>) {}

    /// What it has learned of its platform and wants to have again at the next start, as JSON. Never a secret.
    fn memory(&self) -> Option<String> {
        None
    }

    /// The rest of the agent's day, where the platform has it.
    fn office(&self) -> Option<&dyn Office> {
        None
    }

    /// Tickets, where the platform has them.
    fn tickets(&self) -> Option<&dyn Tickets> {
        None
    }
}

/// What the windows show of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Watched {
    /// The platform's names of the contacts whose presence is visible.
    pub(crate) contacts: Vec<String>,
    /// Whether figures of queues are wanted.
    pub(crate) queues: bool,
    /// Whether they are visible; else only notices depend on them, and they may be older.
    pub(crate) shows_queues: bool,
    /// Whether tickets are listed.
    pub(crate) inbox: bool,
    /// The platform's name of the ticket that is open.
    pub(crate) ticket: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) username: String,
}

/// Contacts that were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) contacts: Vec<Contact>,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
    /// How many records to skip for the next page; absent at the end.
    pub(crate) next: Option<u32>,
}

/// What became of a close whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The record is closed as we asked.
    AsAsked,
    /// The record is closed, but not with what we sent.
    Otherwise,
    /// The record is still open.
    Open,
    /// There is no such record.
    Gone,
}

/// Where a connector tells what it hears. Called in order, one at a time, and never waits for network or disk, except
/// for the look-up of a new caller in the local index.
pub(crate) trait Ear: Send + Sync {
    /// How listening goes.
    fn hearing(&self, hearing: Hearing);
    /// The account as it looks now.
    fn sight(&self, sight: Sight);
    /// What has to be kept to sign in again has changed.
    fn secret(&self, secret: SecretString);
    /// The figures of all queues of the account as they are now. Cheap: made for thousands of calls a second.
    fn statistics(&self, statistics: Vec<QueueStatistics>);
    /// News of contacts: those that are not named stay as they were. Cheap, too. Whoever is not watched is passed over.
    fn presences(&self, presences: Vec<ContactPresence>);
    /// Something about tickets changed: worth asking [`Tickets::changed`] now.
    fn stirred(&self);
    /// [`Connector::memory`] has something new.
    fn learned(&self);
}

/// What a connector is made with.
#[derive(Clone)]
pub(crate) struct Setting {
    pub(crate) account: AccountId,
    pub(crate) url: String,
    pub(crate) http: wire::HttpOptions,
    pub(crate) language: String,
    /// Country whose national numbers are understood.
    pub(crate) region: String,
    pub(crate) wake: wire::Wake,
    /// What [`Connector::memory`] said before.
    pub(crate) memory: Option<String>,
}

/// Makes the connector of an account.
///
/// # Errors
/// When the address cannot be one of the platform's, or the secret cannot be read.
pub(crate) fn open(
    platform: Platform,
    setting: Setting,
    secret: &SecretString,
) -> Result<Arc<dyn Connector>, Problem> {
    match platform {
        Platform::Daktela => Ok(Arc::new(daktela::Daktela::open(setting, secret)?)),
        Platform::Dstny => Ok(Arc::new(dstny::Dstny::open(setting, secret)?)),
        Platform::LiveAgent => Ok(Arc::new(liveagent::LiveAgent::open(setting, secret)?)),
        Platform::Ccaip => Ok(Arc::new(ccaip::Ccaip::open(setting, secret)?)),
    }
}

/// The address as it will be used.
///
/// # Errors
/// When it cannot be one of the platform's.
pub(crate) fn address(platform: Platform, text: &str) -> Result<String, Problem> {
    match platform {
        Platform::Daktela => daktela::address(text),
        Platform::Dstny => dstny::address(text),
        Platform::LiveAgent => liveagent::address(text),
        Platform::Ccaip => ccaip::address(text),
    }
}

/// A credential as the text that is kept.
pub(crate) fn secret_of(platform: Platform, credential: Credential) -> SecretString {
    match platform {
        Platform::Daktela => daktela::secret_of(credential),
        Platform::Dstny => dstny::secret_of(credential),
        Platform::LiveAgent => liveagent::secret_of(credential),
        Platform::Ccaip => ccaip::secret_of(credential),
    }
}

#[cfg(test)]
#[path = "connector/past_tests.rs"]
mod past_tests;
