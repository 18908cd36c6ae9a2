//! Dstny Core (once Telepo): its words to ours, and ours to its.
//!
//! | Dstny | here |
//! |---|---|
//! | call RINGING, inbound | rings |
//! | call INITIATED, or RINGING outbound | dialling |
//! | call ACTIVE, HELD | the conversation goes on |
//! | call TERMINATED, or not there | over: there is no wrap-up |
//! | activity that means available, and logged in to a group where there are groups | ready |
//! | the same, in no group; or made unavailable by hand | not ready |
//! | any other activity | paused |
//! | ACD, attendant and distribution group | queue |
//!
//! The stream of the user's dialogs says that something happens; the user's call state says what; a stream for each
//! live call keeps it true. Where a stream is not to be had, the same is polled. An order's answer is taken for what it
//! shows of the call, and never for its effect: that is read from the state.

mod account;
mod agent;
mod book;
mod calendar;
mod call;
mod check;
mod control;
mod history;
mod inferred;
mod keys;
mod listen;
mod looking;
mod memory;
mod offers;
mod office;
mod orders;
mod past;
mod people;
mod picture;
mod subscriptions;
mod table;
mod telephony;
mod watching;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dstny::{BaseUrl, Client};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{
    AccountId, ConnectionReport, ContactDetail, Draft, Phone, Problem, ProblemCode, QueueId, QueueStatistics,
    TicketRef,
};
use secrecy::SecretString;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use wire::Error;

use super::{Closed, Connector, Ear, Found, Office, Setting, Watched, Who};
use crate::problem;
use crate::sight::{Done, Failure, Fate, Order};

pub(crate) use keys::secret_of;

/// How long the platform may take to hear that we leave.
const LEAVING: Duration = Duration::from_secs(3);

/// One account on a Dstny.
pub(crate) struct Dstny {
    account: AccountId,
    client: Client,
    keys: keys::Keys,
    picture: Mutex<picture::Picture>,
    memory: Mutex<memory::Memory>,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    watched: watch::Sender<Watched>,
    /// The figures of the queues as last told.
    figures: Mutex<BTreeMap<QueueId, QueueStatistics>>,
    /// The calls that are worth a stream.
    live: watch::Sender<Vec<String>>,
    /// Whether the agent is logged in to a queue.
    member: watch::Sender<bool>,
    looks: watch::Sender<looking::Looks>,
    news: News,
    wake: wire::Wake,
    host: String,
}

/// What has to be looked at again.
#[derive(Default)]
struct News {
    calls: Notify,
    groups: Notify,
    presence: Notify,
    configuration: Notify,
    missed: Notify,
    /// There is something to show.
    shown: Notify,
    /// A call waits to hear why it is over.
    ending: Notify,
}

/// The address as it will be used.
pub(crate) fn address(text: &str) -> Result<String, Problem> {
    BaseUrl::parse(text).map(|base| base.to_string()).map_err(|error| problem::bad_address(text, error))
}

impl Dstny {
    pub(crate) fn open(setting: Setting, secret: &SecretString) -> Result<Self, Problem> {
        let base = BaseUrl::parse(&setting.url).map_err(|error| problem::bad_address(&setting.url, error))?;
        let host = base.origin().host();
        let (keys, identity, ticket) = keys::Keys::read(secret)?;
        let picture = picture::Picture::new(&identity, setting.language, setting.region);
        let client = Client::new(base, setting.http, identity, ticket)
            .map_err(|error| problem::problem(&error, &host))?;
        let memory = memory::Memory::read(setting.memory.as_deref());
        memory.teach(&client);
        Ok(Self {
            picture: Mutex::new(picture),
            memory: Mutex::new(memory),
            account: setting.account,
            client,
            keys,
            ear: Mutex::default(),
            watched: watch::Sender::default(),
            figures: Mutex::default(),
            live: watch::Sender::default(),
            member: watch::Sender::default(),
            looks: watch::Sender::default(),
            news: News::default(),
            wake: setting.wake,
            host,
        })
    }

    fn picture(&self) -> MutexGuard<'_, picture::Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn figures(&self) -> MutexGuard<'_, BTreeMap<QueueId, QueueStatistics>> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ear(&self) -> Option<Arc<dyn Ear>> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn problem_of(&self, code: ProblemCode) -> Problem {
        Problem::new(code).on(&self.account).with("host", self.host.clone())
    }

    /// What an error means to the agent: a right that is missing is named.
    fn problem(&self, error: &Error) -> Problem {
        let mut problem = problem::problem(error, &self.host).on(&self.account);
        if let Error::MissingRight { right, .. } = error {
            problem.facts.remove("right");
            if right == "licence" {
                let (code, facts) = (ProblemCode::NotLicensed, problem.facts);
                problem = Problem { facts, said: problem.said, ..Problem::new(code).on(&self.account) };
            } else {
                problem = problem.with("scope", right.clone());
            }
        }
        problem
    }

    /// Tells the ear how the account looks now. The picture stays locked meanwhile, so that pictures arrive in the
    /// order in which they were made.
    fn show(&self) {
        let ear = self.ear();
        let mut picture = self.picture();
        if picture.book.is_ending() {
            self.news.ending.notify_one();
        }
        let (live, member) = (picture.book.live(), !picture.joined_queues().is_empty());
        self.live.send_if_modified(|before| replace(before, live));
        self.member.send_if_modified(|before| replace(before, member));
        if let Some((ear, sight)) = ear.zip(picture.sight()) {
            if sight.left.iter().any(|(_, fate)| *fate != Fate::Handled) {
                self.news.missed.notify_one();
            }
            ear.sight(sight);
        }
    }

    /// Notes what an answer says of a part of the platform.
    fn note<T>(&self, part: offers::Part, answer: &Result<T, Error>) {
        if self.picture().offers.note(part, answer) {
            if let Err(error) = answer {
                tracing::info!(account = %self.account, ?part, %error, "this is not to be had here");
            }
            self.show();
        }
    }
}

impl Connector for Dstny {
    fn source(&self) -> &'static str {
        "call state"
    }

    fn set_locale(&self, language: &str, region: &str) {
        self.picture().set_locale(language, region);
        self.news.configuration.notify_one();
    }

    fn listen(
        self: Arc<Self>,
        ear: Arc<dyn Ear>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Option<Problem>> {
        listen::listen(self, ear, cancel).boxed()
    }

    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>> {
        self.first_sign_in()
            .map(|signed_in| signed_in.map(|()| Who { username: self.client.identity().cid() }))
            .boxed()
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        self.revoke().boxed()
    }

    fn secret(&self) -> SecretString {
        self.keys.write(&self.client)
    }

    fn run(&self, order: Order) -> BoxFuture<'_, Result<Done, Failure>> {
        async {
            let done = self.carry_out(order).await;
            self.learn();
            done
        }
        .boxed()
    }

    /// Nothing is ever closed here, so nothing can be lost.
    fn closed(&self, _activity: String, _draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>> {
        async { Ok(Closed::Gone) }.boxed()
    }

    fn contacts(&self, skip: u32) -> BoxFuture<'_, Result<Found, Problem>> {
        self.page_of_contacts(skip).boxed()
    }

    fn search(&self, text: String) -> BoxFuture<'_, Result<Found, Problem>> {
        self.search_contacts(text).boxed()
    }

    fn callers(&self, phone: Phone) -> BoxFuture<'_, Result<Found, Problem>> {
        self.contacts_behind(phone).boxed()
    }

    /// There are no tickets here.
    fn open_tickets(&self, _contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn contact(&self, contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>> {
        self.contact_detail(contact).boxed()
    }

    fn check(&self) -> BoxFuture<'_, ConnectionReport> {
        self.report().boxed()
    }

    fn watch(&self, watched: Watched) {
        self.watched.send_if_modified(|before| replace(before, watched));
    }

    fn memory(&self) -> Option<String> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).text()
    }

    fn office(&self) -> Option<&dyn Office> {
        Some(self)
    }
}

/// Puts something in place of what was there, and says whether that makes a difference.
fn replace<T: PartialEq>(before: &mut T, now: T) -> bool {
    let is_new = *before != now;
    *before = now;
    is_new
}
