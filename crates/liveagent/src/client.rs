//! The client: where, and with which key.
//!
//! A [`Client`] is cheap to clone; clones share connections, key and the budget of requests. LiveAgent counts 180 requests a
//! minute for a key, whoever makes them: a clone made with [`Client::in_class`] asks in the background, where it gives
//! way to what somebody waits for.
//!
//! The key travels in the query of every request, as the document has it for reads, and in the form of every write, as
//! the document has it there (a current server was seen to read it from the query only). URLs are never logged with
//! their query.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use wire::address::encoded;
use wire::pace::{Class, Pace};
use wire::retry::Effect;
use wire::{Error, HeaderName, HttpOptions, Request, Secret, Url};

use crate::answer::{self, Content};
use crate::base::BaseUrl;
use crate::call::Call;
use crate::line::{Line, with_body};
use crate::loose::Loose;
use crate::paging::{List, Listing, Page, Pages};

/// The name of the key wherever it is shown.
pub(crate) const KEY: &str = "apikey";

/// A client of one account, with one key of API v1.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
    class: Class,
}

#[derive(Debug)]
struct Inner {
    line: Line,
    base: BaseUrl,
    key: RwLock<Secret>,
}

impl Client {
    /// Prepares a client for what somebody waits for; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the options cannot be used (a broken certificate authority or proxy).
    pub fn new(base: BaseUrl, options: HttpOptions, key: Secret) -> Result<Self, Error> {
        let line = Line::new(base.origin().clone(), options)?;
        let inner = Inner { line, base, key: RwLock::new(key) };
        Ok(Self { inner: Arc::new(inner), class: Class::Foreground })
    }

    /// The same client, asking in another class of the budget.
    pub fn in_class(&self, class: Class) -> Self {
        Self { inner: self.inner.clone(), class }
    }

    /// The budget of the key.
    pub fn pace(&self) -> &Pace {
        &self.inner.line.pace
    }

    /// The address of the account.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// Shows this key from now on.
    pub fn set_key(&self, key: Secret) {
        *self.inner.key.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// Forgets idle connections, which are dead after a sleep or a change of network.
    pub fn reset_connections(&self) {
        self.inner.line.http.reset();
    }

    /// One page of a list.
    ///
    /// # Errors
    /// As every request. Records that cannot be read are in [`List::unreadable`] and are no error.
    pub async fn list<Q: Listing>(&self, question: &Q, page: Page) -> Result<List<Q::Row>, Error> {
        let mut call = Call::get_path(&question.path());
        call.query = question.parameters();
        let limit = page.limit.clamp(1, Q::PAGING.largest);
        self.rows(call.with(Q::PAGING.limit, limit).with(Q::PAGING.offset, page.offset), Q::KEY).await
    }

    /// All pages of a list, as large as they may be.
    pub fn pages<Q: Listing>(&self, question: Q) -> Pages<Q> {
        self.pages_of(question, Q::PAGING.largest)
    }

    /// All pages of a list, of this size.
    pub fn pages_of<Q: Listing>(&self, question: Q, size: u32) -> Pages<Q> {
        Pages::new(self.clone(), question, size)
    }

    /// An operation whose answer is one record.
    pub(crate) async fn one<T: Loose>(&self, call: Call) -> Result<T, Error> {
        self.open(call).await?.one()
    }

    /// An operation whose answer is a list under a key.
    pub(crate) async fn rows<T: Loose>(&self, call: Call, key: &str) -> Result<List<T>, Error> {
        self.open(call).await?.list(key)
    }

    /// An operation of which only the success matters.
    pub(crate) async fn done(&self, call: Call) -> Result<(), Error> {
        self.open(call).await.map(drop)
    }

    pub(crate) async fn open(&self, call: Call) -> Result<Content, Error> {
        self.exchange(call, None).await
    }

    /// The same with more time than usual.
    pub(crate) async fn open_within(&self, call: Call, limit: Duration) -> Result<Content, Error> {
        self.exchange(call, Some(limit)).await
    }

    async fn exchange(&self, call: Call, limit: Option<Duration>) -> Result<Content, Error> {
        let key = self.key();
        let mut url = self.inner.base.endpoint(&call.path()?);
        let pairs = call.query.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let pairs = pairs.chain([format!("{KEY}={}", encoded(key.expose()))]);
        url.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
        let mut request = Request::new(call.method.clone(), url.clone()).header(ACCEPT, "application/json");
        let effect = if call.is_read() { Effect::Read } else { Effect::Write };
        if effect == Effect::Write {
            request = with_body(request, call.body((KEY, key.expose())));
        }
        if let Some(limit) = limit {
            request = request.timeout(limit);
        }
        let open = |answer: &wire::Answer| answer::open(answer, &url, effect, &key);
        self.inner.line.exchange(self.class, effect, &request, open).await
    }

    pub(crate) fn key(&self) -> Secret {
        self.inner.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn line(&self) -> &Line {
        &self.inner.line
    }

    pub(crate) fn class(&self) -> Class {
        self.class
    }
}

pub(crate) const ACCEPT: HeaderName = HeaderName::from_static("accept");

/// A URL with the key in its query.
pub(crate) fn with_key(mut url: Url, key: &Secret) -> Url {
    url.query_pairs_mut().append_pair(KEY, key.expose());
    url
}
