//! LiveAgent: its words to ours, and ours to its.
//!
//! | LiveAgent | here |
//! |---|---|
//! | conversation | ticket |
//! | conversation chatting or calling that is assigned to me | rings, or is being talked in |
//! | department | queue, and the category of a ticket |
//! | customer, company | contact, linked record |
//! | `onlineStatus` of the agent | ready or not; the platform lets nobody set it from outside |
//!
//! Nothing is pushed: what is shown is asked for, within a budget of 180 requests a minute that everything shares
//! ([`wire::pace`]). What may ring is asked for most often. A key does not say whose it is, so the agent names the own
//! e-mail address; a second key, of API v3, adds click-to-call.

mod book;
mod check;
mod figures;
mod inferred;
mod keys;
mod listen;
mod memory;
mod past;
mod people;
mod picture;
mod telephony;
mod tickets;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use liveagent::{AccountTime, BaseUrl, Client, Zone, v3};
use model::{
    AccountId, Attachment, ConnectionReport, ContactDetail, Draft, Phone, Problem, ProblemCode, TicketRef,
    Timestamp,
};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wire::Error;
use wire::pace::Class;

use super::{Closed, Connector, Ear, Found, Office, Setting, Tickets, Watched, Who};
use crate::problem;
use crate::sight::{Done, Failure, Order};

pub(crate) use keys::secret_of;

/// One account on a LiveAgent.
pub(crate) struct LiveAgent {
    account: AccountId,
    /// For what the agent waits for; [`LiveAgent::beside`] for the rest.
    client: Client,
    /// The key of API v3, where the agent has one.
    calls: Option<v3::Client>,
    keys: keys::Keys,
    picture: Mutex<picture::Picture>,
    memory: Mutex<memory::Memory>,
    /// Names of departments, agents and tags.
    book: book::Book,
    /// Whose conversations are, as long as the first fill runs.
    owners: Mutex<Option<tickets::Owners>>,
    /// Names, types and sizes of files, by id: they never change.
    files: Mutex<HashMap<String, Attachment>>,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    watched: watch::Sender<Watched>,
    wake: wire::Wake,
    host: String,
}

/// The address as it will be used.
pub(crate) fn address(text: &str) -> Result<String, Problem> {
    BaseUrl::parse(text).map(|base| base.to_string()).map_err(|error| problem::bad_address(text, error))
}

impl LiveAgent {
    pub(crate) fn open(setting: Setting, secret: &SecretString) -> Result<Self, Problem> {
        let base = BaseUrl::parse(&setting.url).map_err(|error| problem::bad_address(&setting.url, error))?;
        let host = base.origin().host();
        let (keys, key, second) = keys::Keys::read(secret)?;
        let unusable = |error: Error| problem::problem(&error, &host);
        let calls = second.map(|key| v3::Client::new(base.clone(), setting.http.clone(), key)).transpose();
        let calls = calls.map_err(unusable)?;
        let client = Client::new(base, setting.http, key).map_err(unusable)?;
        Ok(Self {
            picture: Mutex::new(picture::Picture::new(keys.email.clone(), setting.region)),
            memory: Mutex::new(memory::Memory::read(setting.memory.as_deref())),
            book: book::Book::default(),
            owners: Mutex::default(),
            files: Mutex::default(),
            account: setting.account,
            client,
            calls,
            keys,
            ear: Mutex::default(),
            watched: watch::Sender::default(),
            wake: setting.wake,
            host,
        })
    }

    fn picture(&self) -> MutexGuard<'_, picture::Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> MutexGuard<'_, memory::Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, Attachment>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owners(&self) -> MutexGuard<'_, Option<tickets::Owners>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ear(&self) -> Option<Arc<dyn Ear>> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client for what keeps the picture true.
    fn beside(&self) -> Client {
        self.client.in_class(Class::Background)
    }

    fn problem(&self, error: &Error) -> Problem {
        problem::problem(error, &self.host).on(&self.account)
    }

    fn problem_of(&self, code: ProblemCode) -> Problem {
        Problem::new(code).on(&self.account).with("host", self.host.clone())
    }

    /// Tells the ear how the account looks now. The picture stays locked meanwhile, so that pictures arrive in the
    /// order in which they were made.
    fn show(&self) {
        let ear = self.ear();
        let mut picture = self.picture();
        if let Some((ear, sight)) = ear.zip(picture.sight()) {
            ear.sight(sight);
        }
    }
}

impl Connector for LiveAgent {
    fn source(&self) -> &'static str {
        "conversations"
    }

    /// The platform answers in the language of the account.
    fn set_locale(&self, _language: &str, region: &str) {
        self.picture().set_region(region);
    }

    fn listen(
        self: Arc<Self>,
        ear: Arc<dyn Ear>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Option<Problem>> {
        listen::listen(self, ear, cancel).boxed()
    }

    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>> {
        self.first_sign_in().map(|agent| agent.map(|_| Who { username: self.keys.email.clone() })).boxed()
    }

    /// A key is the account's and is never revoked from here.
    fn sign_out(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }

    fn secret(&self) -> SecretString {
        self.keys.write()
    }

    fn run(&self, order: Order) -> BoxFuture<'_, Result<Done, Failure>> {
        self.carry_out(order).boxed()
    }

    /// Nothing is ever closed with a note here, so nothing can be lost.
    fn closed(&self, _activity: String, _draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>> {
        async { Ok(Closed::Gone) }.boxed()
    }

    fn contacts(&self, skip: u32) -> BoxFuture<'_, Result<Found, Problem>> {
        self.page_of_contacts(skip).boxed()
    }

    fn search(&self, text: String) -> BoxFuture<'_, Result<Found, Problem>> {
        self.search_contacts(text).boxed()
    }

    /// The platform cannot be asked for a number: the local index has the customers.
    fn callers(&self, _phone: Phone) -> BoxFuture<'_, Result<Found, Problem>> {
        async { Ok(Found::default()) }.boxed()
    }

    fn open_tickets(&self, contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>> {
        self.tickets_of(contact).boxed()
    }

    fn contact(&self, contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>> {
        self.contact_detail(contact).boxed()
    }

    fn check(&self) -> BoxFuture<'_, ConnectionReport> {
        self.report().boxed()
    }

    fn watch(&self, watched: Watched) {
        self.watched.send_if_modified(|before| {
            let is_new = *before != watched;
            *before = watched;
            is_new
        });
    }

    fn memory(&self) -> Option<String> {
        self.memory().text()
    }

    fn office(&self) -> Option<&dyn Office> {
        Some(self)
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }
}

/// The moment of an account's time.
fn moment(zone: &Zone, time: AccountTime) -> Timestamp {
    Timestamp(zone.timestamp(time).as_millisecond())
}
