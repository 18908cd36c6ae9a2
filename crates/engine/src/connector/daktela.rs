//! Daktela V6: its words to ours, and ours to its.
//!
//! | Daktela | here |
//! |---|---|
//! | `extension.state` Session / Idle, Busy / Paused | not ready / ready / paused |
//! | activity WAIT, user = me | rings |
//! | activity '' or WAIT without user | waits, anybody may take it |
//! | activity OPEN, my channel not Closed | the conversation goes on |
//! | activity OPEN, my channels all Closed | wrap-up |
//! | status | disposition |
//! | `description` | note |
//!
//! The live picture comes from `appPullData`; static data (rights, queues, pauses, devices) from `whoim` and its
//! neighbours, read again when the platform says so. An order's answer is never taken for its effect: that comes with
//! the pull. `wire-daktela.md` tells what is documented and what is inferred.

mod activity;
mod agent;
mod check;
mod figures;
mod inferred;
mod keys;
mod listen;
mod orders;
mod past;
mod people;
mod picture;
mod tickets;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use daktela::{BaseUrl, Client};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{AccountId, ConnectionReport, ContactDetail, Draft, Phone, Problem, TicketRef};
use secrecy::SecretString;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use wire::Error;

use super::{Closed, Connector, Ear, Found, Office, Setting, Watched, Who};
use crate::problem;
use crate::sight::{Done, Failure, Order};

pub(crate) use keys::secret_of;

/// One account on a Daktela.
pub(crate) struct Daktela {
    account: AccountId,
    client: Client,
    keys: keys::Keys,
    picture: Mutex<picture::Picture>,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    wake: wire::Wake,
    host: String,
    desk: tickets::Desk,
    watched: watch::Sender<Watched>,
    /// Something happened to activities, so figures of queues have moved.
    moved: Notify,
}

/// The address as it will be used.
pub(crate) fn address(text: &str) -> Result<String, Problem> {
    BaseUrl::parse(text).map(|base| base.to_string()).map_err(|error| problem::bad_address(text, error))
}

impl Daktela {
    pub(crate) fn open(setting: Setting, secret: &SecretString) -> Result<Self, Problem> {
        let base = BaseUrl::parse(&setting.url).map_err(|error| problem::bad_address(&setting.url, error))?;
        let host = base.origin().host();
        let (keys, credential) = keys::Keys::read(secret)?;
        let client =
            Client::new(base, setting.http, credential).map_err(|error| problem::problem(&error, &host))?;
        client.set_language(setting.language);
        Ok(Self {
            picture: Mutex::new(picture::Picture::new(setting.account.clone(), setting.region)),
            account: setting.account,
            client,
            keys,
            ear: Mutex::default(),
            wake: setting.wake,
            host,
            desk: tickets::Desk::default(),
            watched: watch::Sender::default(),
            moved: Notify::new(),
        })
    }

    /// Runs a request; where the session turns out to have ended, renews it and runs the request once more. A refused
    /// token means that nothing was carried out, so this is safe for writes too.
    async fn signed<T, F>(&self, request: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let shown = self.client.credential();
        match request().await {
            Err(Error::SignInNeeded) => {
                self.renew(&shown).await?;
                request().await
            }
            other => other,
        }
    }

    fn picture(&self) -> MutexGuard<'_, picture::Picture> {
        self.picture.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn problem(&self, error: &Error) -> Problem {
        problem::problem(error, &self.host).on(&self.account)
    }

    /// Tells the ear that tickets may have changed.
    fn stir(&self) {
        let ear = self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(ear) = ear {
            ear.stirred();
        }
    }

    /// Tells the ear how the account looks now. The picture stays locked meanwhile, so that pictures arrive in the
    /// order in which they were made.
    fn show(&self) {
        let ear = self.ear.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut picture = self.picture();
        if let Some((ear, sight)) = ear.zip(picture.sight()) {
            ear.sight(sight);
        }
    }
}

impl Connector for Daktela {
    fn source(&self) -> &'static str {
        "appPullData"
    }

    fn set_locale(&self, language: &str, region: &str) {
        self.client.set_language(language);
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
        self.first_sign_in().map(|signed_in| signed_in.map(|whoim| Who { username: whoim.user.name })).boxed()
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        async {
            // Best effort: the account is being forgotten, and the platform ends idle sessions by itself.
            let told = tokio::time::timeout(Duration::from_secs(3), self.client.logout()).await;
            if !matches!(told, Ok(Ok(()))) {
                tracing::info!(account = %self.account, "the platform was not told of the sign-out");
            }
        }
        .boxed()
    }

    fn secret(&self) -> SecretString {
        self.keys.write(&self.client.credential())
    }

    fn run(&self, order: Order) -> BoxFuture<'_, Result<Done, Failure>> {
        self.carry_out(order).boxed()
    }

    fn closed(&self, activity: String, draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>> {
        self.what_became_of(activity, draft).boxed()
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

    fn open_tickets(&self, contact: String) -> BoxFuture<'_, Result<Vec<TicketRef>, Problem>> {
        self.tickets_of(contact).boxed()
    }

    fn contact(&self, contact: String) -> BoxFuture<'_, Result<ContactDetail, Problem>> {
        self.contact_detail(contact).boxed()
    }

    fn watch(&self, watched: Watched) {
        self.watched.send_if_modified(|before| {
            let is_new = *before != watched;
            *before = watched;
            is_new
        });
    }

    fn office(&self) -> Option<&dyn Office> {
        Some(self)
    }

    fn tickets(&self) -> Option<&dyn super::Tickets> {
        Some(self)
    }

    fn check(&self) -> BoxFuture<'_, ConnectionReport> {
        self.report().boxed()
    }
}
