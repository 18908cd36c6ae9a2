//! CCAI Platform: its words to ours, and ours to its.
//!
//! | CCAI Platform | here |
//! |---|---|
//! | call, chat offered or assigned to me | rings, or is being talked in ([`live`]) |
//! | e-mail session | an item of the past: no operation shows what is written in it |
//! | menu, for each channel | queue |
//! | status `Available` | ready |
//! | `In-call`, `In-chat` | ready, and at work |
//! | `Wrap-up`, the flag `wrap_up` | a pause that the platform gives after a contact |
//! | `Unavailable`; not among the signed-in agents | not ready |
//! | any other status | a pause by its name, which can be chosen |
//!
//! Nothing is pushed, and the limit of requests is the whole customer's: one or ten a second for everybody together. So
//! [`listen`] spends a part of it, what may ring first. A token does not say whose it is, so the agent names the own e-mail
//! address or agent number. No operation answers, holds, transfers or ends anything: that is done in the platform's own
//! adapter, to which everything that is shown has a link.

mod board;
mod budget;
mod centre;
mod check;
mod errands;
mod inferred;
mod keys;
mod listen;
mod live;
mod memory;
mod orders;
mod past;
mod picture;
mod story;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccaip::{BaseUrl, Client};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp as Moment;
use model::{
    AccountId, Campaign, ConnectionReport, ContactDetail, Draft, Phone, Problem, ProblemCode, Team,
    TicketRef, Timestamp,
};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wire::Error;
use wire::pace::Class;
use wire::share::Looks;

use super::office::{Answer, HistoryPart, Office, Past, PastDay};
use super::{Closed, Connector, Ear, Found, Setting, Watched, Who};
use crate::sight::{Done, Failure, Order};
use crate::{clock, problem};
use budget::Piece;

pub(crate) use keys::secret_of;

/// One account on a tenant of CCAI Platform.
pub(crate) struct Ccaip {
    account: AccountId,
    client: Client,
    keys: keys::Keys,
    picture: Mutex<picture::Picture>,
    memory: Mutex<memory::Memory>,
    /// What is looked at, within which part of the customer's requests.
    looks: watch::Sender<Looks<Piece>>,
    share: Mutex<Option<u32>>,
    errands: errands::Errands,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    watched: watch::Sender<Watched>,
    language: Mutex<String>,
    wake: wire::Wake,
    host: String,
}

/// The address as it will be used.
pub(crate) fn address(text: &str) -> Result<String, Problem> {
    BaseUrl::parse(text).map(|base| base.to_string()).map_err(|error| problem::bad_address(text, error))
}

impl Ccaip {
    pub(crate) fn open(setting: Setting, secret: &SecretString) -> Result<Self, Problem> {
        let base = BaseUrl::parse(&setting.url).map_err(|error| problem::bad_address(&setting.url, error))?;
        let host = base.origin().host();
        let portal = base.portal().to_string();
        let (keys, credentials) = keys::Keys::read(secret)?;
        let client = Client::new(base, setting.http, credentials);
        let client = client.map_err(|error| problem::problem(&error, &host))?;
        let memory = memory::Memory::read(setting.memory.as_deref());
        client.set_spellings(memory.spellings.clone());
        let mut picture = picture::Picture::new(keys.agent.clone(), setting.region, portal);
        picture.knows_statuses(memory.statuses.clone());
        let looks = budget::looks(None, inferred::is_alone(&host), memory.places.as_ref());
        Ok(Self {
            picture: Mutex::new(picture),
            memory: Mutex::new(memory),
            looks: watch::Sender::new(looks),
            share: Mutex::default(),
            errands: errands::Errands::default(),
            account: setting.account,
            client,
            keys,
            ear: Mutex::default(),
            watched: watch::Sender::default(),
            language: Mutex::new(setting.language),
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

    fn ear(&self) -> Option<Arc<dyn Ear>> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn looks(&self) -> Looks<Piece> {
        self.looks.borrow().clone()
    }

    fn problem(&self, error: &Error) -> Problem {
        problem::problem(error, &self.host).on(&self.account)
    }

    fn problem_of(&self, code: ProblemCode) -> Problem {
        Problem::new(code).on(&self.account).with("host", self.host.clone())
    }

    /// The page where agents have their adapter.
    fn portal(&self) -> String {
        self.client.base().portal().to_string()
    }

    /// Sends one request when there is a turn for it, and lets the budget learn from the answer.
    async fn ask<T>(
        &self,
        class: Class,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let turn = self.looks().pace().turn(class).await;
        let result = request.await;
        match &result {
            Err(Error::Transient { status: 429, retry_after }) => turn.refused(*retry_after),
            _ => drop(turn),
        }
        result
    }

    /// What was learned is worth keeping.
    fn learned(&self) {
        if let Some(ear) = self.ear() {
            ear.learned();
        }
    }

    /// Tells the ear how the account looks now. The picture stays locked meanwhile, so that pictures arrive in the
    /// order in which they were made.
    fn show(&self) {
        let ear = self.ear();
        let mut picture = self.picture();
        if picture.looked(now()) {
            self.looks().want(Piece::State);
        }
        if let Some((ear, sight)) = ear.zip(picture.sight(now())) {
            ear.sight(sight);
        }
    }
}

impl Connector for Ccaip {
    fn source(&self) -> &'static str {
        "agent_activity_logs"
    }

    /// The platform has its words in the language of the tenant; only waits are asked for by language.
    fn set_locale(&self, language: &str, region: &str) {
        language.clone_into(&mut self.language.lock().unwrap_or_else(PoisonError::into_inner));
        region.clone_into(&mut self.picture().region);
    }

    fn listen(
        self: Arc<Self>,
        ear: Arc<dyn Ear>,
        cancel: CancellationToken,
    ) -> BoxFuture<'static, Option<Problem>> {
        listen::listen(self, ear, cancel).boxed()
    }

    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>> {
        self.first_sign_in().map(|agent| agent.map(|_| Who { username: self.keys.agent.clone() })).boxed()
    }

    /// A token is the tenant's and is never revoked from here.
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

    /// The platform has no list of customers.
    fn contacts(&self, _skip: u32) -> BoxFuture<'_, Result<Found, Problem>> {
        async { Ok(Found::default()) }.boxed()
    }

    fn search(&self, _text: String) -> BoxFuture<'_, Result<Found, Problem>> {
        async { Ok(Found::default()) }.boxed()
    }

    fn callers(&self, _phone: Phone) -> BoxFuture<'_, Result<Found, Problem>> {
        async { Ok(Found::default()) }.boxed()
    }

    fn open_tickets(&self, _contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn contact(&self, _contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>> {
        async { Err(self.problem_of(ProblemCode::Gone)) }.boxed()
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

    /// What was learned of when to ask is good for any part.
    fn set_share(&self, per_cent: Option<u32>) {
        let before =
            std::mem::replace(&mut *self.share.lock().unwrap_or_else(PoisonError::into_inner), per_cent);
        if before != per_cent {
            let learned = self.looks().pace().learned();
            self.looks.send_replace(budget::looks(
                per_cent,
                inferred::is_alone(&self.host),
                learned.as_ref(),
            ));
        }
    }

    fn memory(&self) -> Option<String> {
        let mut memory = self.memory();
        memory.spellings = self.client.spellings();
        memory.places = self.looks().pace().learned();
        memory.text()
    }

    fn office(&self) -> Option<&dyn Office> {
        Some(self)
    }
}

impl Office for Ccaip {
    fn history(&self, past: Past) -> Answer<'_, HistoryPart> {
        async move { self.own_history(&past).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn past_day(&self, from: Timestamp, to: Timestamp) -> Answer<'_, PastDay> {
        async move { self.own_day(from, to).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn campaigns(&self) -> Answer<'_, Vec<Campaign>> {
        async move { self.all_campaigns().await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn teams(&self) -> Answer<'_, Vec<Team>> {
        async move { self.all_teams().await.map_err(|error| self.problem(&error)) }.boxed()
    }
}

/// A moment of the platform's.
fn moment(at: Moment) -> Timestamp {
    Timestamp(at.as_millisecond())
}

/// A moment of ours.
fn theirs(at: Timestamp) -> Moment {
    Moment::from_millisecond(at.0).unwrap_or(Moment::UNIX_EPOCH)
}

/// This moment, to both.
fn now() -> Moment {
    theirs(clock::now())
}
