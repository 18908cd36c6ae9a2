//! CCAI Platform: its words to ours, and ours to its. In the making.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{ConnectionReport, ContactDetail, Credential, Draft, Phone, Problem, ProblemCode, TicketRef};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::{Closed, Connector, Ear, Found, Setting, Who};
use crate::sight::{Done, Failure, Order};

pub(crate) struct Ccaip;

pub(crate) fn address(_text: &str) -> Result<String, Problem> {
    Err(Problem::new(ProblemCode::BadAddress))
}

pub(crate) fn secret_of(_credential: Credential) -> SecretString {
    SecretString::from(String::new())
}

impl Ccaip {
    pub(crate) fn open(_setting: Setting, _secret: &SecretString) -> Result<Self, Problem> {
        Err(Problem::new(ProblemCode::NotThisPlatform))
    }
}

impl Connector for Ccaip {
    fn source(&self) -> &'static str {
        "agents/current_status"
    }
    fn set_locale(&self, _language: &str, _region: &str) {}
    fn listen(self: Arc<Self>, _: Arc<dyn Ear>, _: CancellationToken) -> BoxFuture<'static, Option<Problem>> {
        async { None }.boxed()
    }
    fn sign_in(&self) -> BoxFuture<'_, Result<Who, Problem>> {
        async { Err(Problem::new(ProblemCode::NotPossible)) }.boxed()
    }
    fn sign_out(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
    fn secret(&self) -> SecretString {
        SecretString::from(String::new())
    }
    fn run(&self, _order: Order) -> BoxFuture<'_, Result<Done, Failure>> {
        async { Ok(Done::default()) }.boxed()
    }
    fn closed(&self, _activity: String, _draft: Draft) -> BoxFuture<'_, Result<Closed, Problem>> {
        async { Ok(Closed::Gone) }.boxed()
    }
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
        async { Err(Problem::new(ProblemCode::Gone)) }.boxed()
    }
    fn check(&self) -> BoxFuture<'_, ConnectionReport> {
        async { ConnectionReport { url: String::new(), version: None, user: None, lines: Vec::new() } }
            .boxed()
    }
}
