//! The client: who asks, where, and with which token.
//!
//! A [`Client`] is cheap to clone; clones share connections and token. Every request carries the token in the
//! `X-AUTH-TOKEN` header (the query, which the agent-interface page shows, ends up in logs). After a login the
//! client holds the session's tokens and takes over new ones that the server hands out in cookies; a token
//! that somebody pasted is never replaced.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rand::RngExt;
use serde_json::{Map, Value};
use wire::retry::{Decision, Effect, Policy, decide};
use wire::{Error, HeaderName, Http, HttpOptions, Method, NetworkKind, Request, Secret};

use crate::base::BaseUrl;
use crate::envelope::{Envelope, List};
use crate::inferred;
use crate::loose::Reading;
use crate::models::ChatLine;
use crate::moments::Moments;
use crate::query::Query;
use crate::record::Record;

/// What a client shows to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing yet: before a login, or to look at what is public.
    None,
    /// A token from the user's detail in Daktela. It does not expire by itself (inferred) and is never
    /// replaced or ended by this crate.
    Token(Secret),
    /// The tokens of a login.
    Session(Tokens),
}

/// What a login gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Shown with every request.
    pub access: Secret,
    /// Renews the access token, where the server gave one.
    pub refresh: Option<Secret>,
    /// When the access token ends, where the server said so.
    pub expires: Option<Timestamp>,
}

/// A client of one instance, for one user.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Http,
    base: BaseUrl,
    credential: RwLock<Credential>,
    language: RwLock<Option<String>>,
    moments: RwLock<Moments>,
}

/// A request in this API's words. Not `Debug`: the body of a login holds the password.
pub(crate) struct Call<'a> {
    method: Method,
    segments: Vec<&'a str>,
    query: Vec<(String, String)>,
    body: Option<Value>,
    policy: Policy,
    timeout: Option<Duration>,
    signed: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn get(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::GET, segments, None, Policy::BACKGROUND)
    }

    pub(crate) fn post(segments: impl IntoIterator<Item = &'a str>, body: Value) -> Self {
        Self::new(Method::POST, segments, Some(body), Policy::COMMAND)
    }

    pub(crate) fn put(segments: impl IntoIterator<Item = &'a str>, body: Value) -> Self {
        Self::new(Method::PUT, segments, Some(body), Policy::COMMAND)
    }

    pub(crate) fn delete(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::DELETE, segments, None, Policy::COMMAND)
    }

    fn new(
        method: Method,
        segments: impl IntoIterator<Item = &'a str>,
        body: Option<Value>,
        policy: Policy,
    ) -> Self {
        let segments = segments.into_iter().collect();
        Self { method, segments, query: Vec::new(), body, policy, timeout: None, signed: true }
    }

    pub(crate) fn query(mut self, pairs: Vec<(String, String)>) -> Self {
        self.query = pairs;
        self
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends it without token.
    pub(crate) fn anonymous(mut self) -> Self {
        self.signed = false;
        self
    }

    pub(crate) fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    fn effect(&self) -> Effect {
        if self.method == Method::GET { Effect::Read } else { Effect::Write }
    }
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the options cannot be used (a broken certificate authority or proxy).
    pub fn new(base: BaseUrl, options: HttpOptions, credential: Credential) -> Result<Self, Error> {
        let http = Http::new(base.origin().clone(), options)?;
        let (credential, language) = (RwLock::new(credential), RwLock::new(None));
        let moments = RwLock::default();
        Ok(Self { inner: Arc::new(Inner { http, base, credential, language, moments }) })
    }

    /// The address of the instance.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// In which language the server shall explain its errors, as in `Accept-Language` (`de`, `cs-CZ`).
    pub fn set_language(&self, language: impl Into<String>) {
        *self.inner.language.write().unwrap_or_else(PoisonError::into_inner) = Some(language.into());
    }

    /// What is shown to be let in, for storing it in a safe place.
    pub fn credential(&self) -> Credential {
        self.inner.credential.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows this from now on.
    pub fn set_credential(&self, credential: Credential) {
        *self.inner.credential.write().unwrap_or_else(PoisonError::into_inner) = credential;
    }

    /// What the latest answer told of the server's clock and zone.
    pub fn moments(&self) -> Moments {
        self.inner.moments.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets idle connections, which are dead after a sleep or a change of network.
    pub fn reset_connections(&self) {
        self.inner.http.reset();
    }

    /// Reads one record.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that name; [`Error::Protocol`] if it cannot be read.
    pub async fn get<T: Record>(&self, name: &str) -> Result<T, Error> {
        self.call(Call::get(["api", "v6", T::MODEL, name])).await?.record()
    }

    /// Lists records.
    ///
    /// # Errors
    /// As every request. Records that cannot be read are in [`List::unreadable`] and are no error.
    pub async fn list<T: Record>(&self, query: &Query) -> Result<List<T>, Error> {
        self.call(Call::get(["api", "v6", T::MODEL]).query(query.pairs()?)).await?.list()
    }

    /// Lists records that belong to another, such as the `activities` of a ticket.
    ///
    /// # Errors
    /// As [`Client::list`].
    pub async fn related<Of: Record, T: Record>(
        &self,
        name: &str,
        relation: &str,
        query: &Query,
    ) -> Result<List<T>, Error> {
        let call = Call::get(["api", "v6", Of::MODEL, name, relation]).query(query.pairs()?);
        self.call(call).await?.list()
    }

    /// The lines of a conversation whose item does not hold them: `model` and `name` are the item's.
    ///
    /// # Errors
    /// As [`Client::list`]; [`Error::NotFound`] where the server does not have them there either.
    pub async fn lines(&self, model: &str, name: &str, query: &Query) -> Result<List<ChatLine>, Error> {
        let call = Call::get(["api", "v6", model, name, inferred::LINES]).query(query.pairs()?);
        self.call(call).await?.list()
    }

    /// Lists records page after page, up to `most`. Ends by the total that the server tells, and by a short
    /// page where it tells none or a wrong one. The query should sort by something that does not change.
    ///
    /// # Errors
    /// As [`Client::list`]; then nothing is returned of the pages before.
    pub async fn list_all<T: Record>(&self, query: &Query, most: usize) -> Result<List<T>, Error> {
        let size = query.page_size() as usize;
        let mut all = List::default();
        loop {
            let seen = all.received();
            let page: List<T> = self.list(&query.clone().skip(seen as u64)).await?;
            let received = page.received();
            all.total = page.total.or(all.total);
            all.rows.extend(page.rows);
            all.unreadable.extend(page.unreadable.into_iter().map(|mut unreadable| {
                unreadable.index += seen;
                unreadable
            }));
            let told_end = all.total.is_some_and(|total| (seen + received) as u64 >= total);
            if received < size || told_end || all.received() >= most {
                return Ok(all);
            }
        }
    }

    /// Creates a record. The keys are those of the API (`customFields`, not `custom_fields`); references are
    /// given by name.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn create<T: Record>(&self, fields: Map<String, Value>) -> Result<T, Error> {
        self.call(Call::post(["api", "v6", T::MODEL], Value::Object(fields))).await?.record()
    }

    /// Changes fields of a record and returns the whole.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn update<T: Record>(&self, name: &str, fields: Map<String, Value>) -> Result<T, Error> {
        self.call(Call::put(["api", "v6", T::MODEL, name], Value::Object(fields))).await?.record()
    }

    /// Deletes a record. Activities cannot be deleted.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete<T: Record>(&self, name: &str) -> Result<(), Error> {
        self.call(Call::delete(["api", "v6", T::MODEL, name])).await.map(|_| ())
    }

    /// Sends a request, again if that is safe and can help, and opens the answer.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<Envelope, Error> {
        let mut attempt = 1;
        loop {
            let error = match self.once(&call).await {
                Ok(envelope) => return Ok(envelope),
                Err(error) => error,
            };
            let jitter = rand::rng().random();
            match decide(call.policy, call.effect(), &error, attempt, jitter) {
                Decision::Stop => return Err(error),
                Decision::After(wait) => tokio::time::sleep(wait).await,
            }
            attempt += 1;
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Envelope, Error> {
        let mut url = self.inner.base.endpoint(&call.segments, inferred::SUFFIX)?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = Request::new(call.method.clone(), url.clone()).header(ACCEPT, "application/json");
        if let Some(language) = &*self.inner.language.read().unwrap_or_else(PoisonError::into_inner) {
            request = request.header(ACCEPT_LANGUAGE, language);
        }
        if call.signed {
            request = self.sign(request);
        }
        if let Some(body) = &call.body {
            request = request.json(body.to_string());
        }
        if let Some(timeout) = call.timeout {
            request = request.timeout(timeout);
        }
        let answer = self.inner.http.send(request).await?;
        let envelope = Envelope::open(&answer, &url)?;
        self.adopt_cookies(&envelope);
        if let Some(zone) = &envelope.told_zone {
            let heard = Moments::heard(zone.clone(), envelope.time, Timestamp::now());
            *self.inner.moments.write().unwrap_or_else(PoisonError::into_inner) = heard;
        }
        match call.effect() {
            Effect::Read => Ok(envelope),
            Effect::Write => envelope.written(answer.status),
        }
    }

    /// Puts the token on a request.
    pub(crate) fn sign(&self, request: Request) -> Request {
        match self.credential() {
            Credential::None => request,
            Credential::Token(token) => request.credential(X_AUTH_TOKEN, token),
            Credential::Session(tokens) => request.credential(X_AUTH_TOKEN, tokens.access),
        }
    }

    pub(crate) fn http(&self) -> &Http {
        &self.inner.http
    }

    /// What a request that took too long is reported as.
    pub(crate) fn timed_out(&self) -> Error {
        let host = self.inner.base.origin().host();
        Error::Network { kind: NetworkKind::Timeout, host, detail: String::new() }
    }

    /// Takes over tokens that the server hands out in cookies during a session.
    fn adopt_cookies(&self, envelope: &Envelope) {
        let (access, refresh) = envelope.cookies.clone();
        if access.is_none() && refresh.is_none() {
            return;
        }
        let mut credential = self.inner.credential.write().unwrap_or_else(PoisonError::into_inner);
        if let Credential::Session(tokens) = &mut *credential {
            if let Some(access) = access.filter(|access| *access != tokens.access) {
                // The expiry that is known belongs to the token before.
                (tokens.access, tokens.expires) = (access, None);
            }
            tokens.refresh = refresh.or(tokens.refresh.take());
        }
    }
}

impl Envelope {
    /// A reader for the dates of this answer.
    pub(crate) fn reading(&self) -> Reading {
        Reading::new(self.zone.clone())
    }
}

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const ACCEPT: HeaderName = HeaderName::from_static("accept");
const ACCEPT_LANGUAGE: HeaderName = HeaderName::from_static("accept-language");
