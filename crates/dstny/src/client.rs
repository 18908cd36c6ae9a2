//! The client: who asks, where, and with which ticket.
//!
//! A [`Client`] is cheap to clone; clones share connections, ticket and what was learned. It is made for one user
//! ([`Identity`]) and fills `{domain}` and `{user}` in every path by itself. Requests ask for JSON (without that the
//! server answers in its deprecated XML) and carry the ticket in the `Authorization` header; the query (`?t=`),
//! which the API takes too, ends up in logs.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use jiff::Timestamp;
use rand::RngExt;
use serde_json::Value;
use wire::retry::{Decision, Effect, Policy, decide};
use wire::{Answer, Error, HeaderName, Http, HttpOptions, Method, Request, Secret, Url};

use crate::answer::{self, Content, Image};
use crate::base::{BaseUrl, Identity};
use crate::loose::Loose;
use crate::routes::{Learned, Route, Routes};

/// A ticket: what lets a client in. Shown by `ticket_create`, or pasted from the operator's portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The token itself.
    pub token: Secret,
    /// The name under which it can be revoked, if it is known.
    pub name: Option<String>,
    /// When it ends, if it is known. Tickets of users are good for a year.
    pub expires: Option<Timestamp>,
    /// The rights it has ("external APIs"), if they are known.
    pub apis: Vec<String>,
}

impl Ticket {
    /// A token that somebody pasted; nothing else is known about it.
    pub fn pasted(token: impl Into<Secret>) -> Self {
        Self { token: token.into(), name: None, expires: None, apis: Vec::new() }
    }
}

/// A client of one tenant, for one user.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: Http,
    base: BaseUrl,
    identity: Identity,
    ticket: RwLock<Option<Ticket>>,
    routes: RwLock<Routes>,
    learned: RwLock<Learned>,
}

/// A request in this API's words. Not `Debug`: it may hold a password.
#[derive(Clone)]
pub(crate) struct Call {
    operation: Cow<'static, str>,
    variables: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    body: Option<(&'static str, Bytes)>,
    accept: &'static str,
    basic: Option<Secret>,
}

#[allow(clippy::needless_pass_by_value)] // so that numbers, words and texts are all given in the same way
impl Call {
    pub(crate) fn of(operation: &'static str) -> Self {
        Self::named(operation)
    }

    /// A call of an operation out of the table.
    pub(crate) fn named(operation: impl Into<Cow<'static, str>>) -> Self {
        Self {
            operation: operation.into(),
            variables: Vec::new(),
            query: Vec::new(),
            body: None,
            accept: "application/json",
            basic: None,
        }
    }

    /// Fills a variable of the path.
    pub(crate) fn at(mut self, variable: &'static str, value: impl ToString) -> Self {
        self.variables.push((variable, value.to_string()));
        self
    }

    /// Adds a parameter to the query.
    pub(crate) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.query.push((key, value.to_string()));
        self
    }

    /// Adds a parameter to the query if there is a value.
    pub(crate) fn maybe(self, key: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a parameter to the query once for each value.
    pub(crate) fn each<V: ToString>(
        mut self,
        key: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.query.extend(values.into_iter().map(|value| (key, value.to_string())));
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = Some((media_type, body.into()));
        self
    }

    pub(crate) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    /// Signs it with a password instead of the ticket.
    pub(crate) fn basic(mut self, authorization: Secret) -> Self {
        self.basic = Some(authorization);
        self
    }
}

impl Client {
    /// Prepares a client; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the options cannot be used (a broken certificate authority or proxy).
    pub fn new(
        base: BaseUrl,
        options: HttpOptions,
        identity: Identity,
        ticket: Option<Ticket>,
    ) -> Result<Self, Error> {
        let http = Http::new(base.origin().clone(), options)?;
        let inner = Inner {
            http,
            base,
            identity,
            ticket: RwLock::new(ticket),
            routes: RwLock::new(Routes::standard()),
            learned: RwLock::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The address of the API.
    pub fn base(&self) -> &BaseUrl {
        &self.inner.base
    }

    /// Whose client this is.
    pub fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    /// The connections, for the event stream driver of [`wire`].
    pub fn http(&self) -> &Http {
        &self.inner.http
    }

    /// What lets this client in.
    pub fn ticket(&self) -> Option<Ticket> {
        self.inner.ticket.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses this ticket from now on.
    pub fn set_ticket(&self, ticket: Option<Ticket>) {
        *self.inner.ticket.write().unwrap_or_else(PoisonError::into_inner) = ticket;
    }

    /// The table of operations that is used.
    pub fn routes(&self) -> Routes {
        self.inner.routes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses this table of operations from now on, and forgets what was learned about the one before.
    pub fn set_routes(&self, routes: Routes) {
        *self.inner.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
        self.set_learned(Learned::default());
    }

    /// Which of several plausible methods worked so far, for storing it.
    pub fn learned(&self) -> Learned {
        self.inner.learned.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins with what was learned earlier.
    pub fn set_learned(&self, learned: Learned) {
        *self.inner.learned.write().unwrap_or_else(PoisonError::into_inner) = learned;
    }

    /// Forgets idle connections, which are dead after a sleep or a change of network.
    pub fn reset_connections(&self) {
        self.inner.http.reset();
    }

    /// Calls an operation whose answer is one document.
    pub(crate) async fn one<T: Loose + Default>(&self, call: Call) -> Result<T, Error> {
        self.open(&call).await?.one()
    }

    /// Calls an operation whose answer is a list under a key.
    pub(crate) async fn list<T: Loose>(&self, call: Call, key: &str) -> Result<Vec<T>, Error> {
        self.open(&call).await?.list(key)
    }

    /// Calls an operation of which only the success matters.
    pub(crate) async fn done(&self, call: Call) -> Result<(), Error> {
        self.open(&call).await.map(drop)
    }

    pub(crate) async fn open(&self, call: &Call) -> Result<Content, Error> {
        self.call(call, |answer, url, route| answer::open(&answer, url, route)).await
    }

    pub(crate) async fn image(&self, call: Call) -> Result<Image, Error> {
        self.call(&call.accept("image/*"), answer::image).await
    }

    /// Calls an operation whose answer is a document in another format than JSON.
    pub(crate) async fn foreign<T, E: ToString>(
        &self,
        call: Call,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, Error> {
        self.call(&call, |answer, url, route| answer::foreign(&answer, url, route, &read)).await
    }

    /// The request of a call that only reads, for somebody else to send.
    pub(crate) fn request(&self, call: &Call) -> Result<Request, Error> {
        let route = self.route(&call.operation)?;
        Ok(self.prepare(call, Method::GET, self.url(call, &route)?))
    }

    pub(crate) fn route(&self, operation: &str) -> Result<Route, Error> {
        let routes = self.inner.routes.read().unwrap_or_else(PoisonError::into_inner);
        routes
            .get(operation)
            .cloned()
            .ok_or_else(|| Error::invalid("operation", format!("{operation} is unknown")))
    }

    pub(crate) fn url(&self, call: &Call, route: &Route) -> Result<Url, Error> {
        let own = &self.inner.identity;
        let path = route.filled(|name| {
            let given = call.variables.iter().find(|(variable, _)| *variable == name);
            given.map(|(_, value)| value.clone()).or_else(|| match name {
                "domain" => Some(own.domain.clone()),
                "user" | "userId" => Some(own.user.clone()),
                _ => None,
            })
        })?;
        Ok(self.inner.base.endpoint(&path, &call.query))
    }

    fn prepare(&self, call: &Call, method: Method, url: Url) -> Request {
        let mut request = Request::new(method, url).header(ACCEPT, call.accept);
        if let Some((media_type, body)) = &call.body {
            request = request.json(body.clone()).header(CONTENT_TYPE, media_type);
        }
        if let Some(authorization) = call.basic.clone() {
            request = request.credential(AUTHORIZATION, authorization);
        } else if let Some(ticket) = self.ticket() {
            let bearer = Secret::new(format!("Bearer {}", ticket.token.expose()));
            request = request.credential(AUTHORIZATION, bearer);
        }
        request
    }

    /// Sends a call, with another method where the first is not the one, and opens the answer.
    pub(crate) async fn call<T>(
        &self,
        call: &Call,
        open: impl Fn(Answer, &Url, &Route) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let route = self.route(&call.operation)?;
        let url = self.url(call, &route)?;
        let (methods, known) = self.methods(&route);
        let mut first = None;
        for method in methods {
            let result = self.patiently(call, &route, method.clone(), &url, &open).await;
            let wrong_method = match &result {
                Err(Error::Refused { status: 405, .. }) => true,
                // Nothing was taken, so the other method may be tried; unless it is known which one works: then
                // it is the record that is not there.
                Err(Error::NotFound) => !known,
                _ => false,
            };
            match result {
                Err(error) if wrong_method => drop(first.get_or_insert(error)),
                result => {
                    if matches!(result, Ok(_) | Err(Error::Refused { .. })) {
                        self.learn(&route, &method);
                    }
                    return result;
                }
            }
        }
        match first {
            Some(Error::Refused { status: 405, .. }) | None => Err(Error::NotFound),
            Some(error) => Err(error),
        }
    }

    /// The methods to try, and whether the first is known to work.
    fn methods(&self, route: &Route) -> (Vec<Method>, bool) {
        let mut methods = route.methods();
        let learned = self.inner.learned.read().unwrap_or_else(PoisonError::into_inner);
        let known = learned.0.get(&route.id).and_then(|name| methods.iter().position(|m| m.as_str() == name));
        if let Some(position) = known {
            methods[..=position].rotate_right(1);
        }
        (methods, known.is_some())
    }

    fn learn(&self, route: &Route, method: &Method) {
        let mut learned = self.inner.learned.write().unwrap_or_else(PoisonError::into_inner);
        if !route.also_accept.is_empty()
            && learned.0.get(&route.id).is_none_or(|known| known != method.as_str())
        {
            learned.0.insert(route.id.clone(), method.to_string());
        }
    }

    /// Sends a request, again if that is safe and can help.
    async fn patiently<T>(
        &self,
        call: &Call,
        route: &Route,
        method: Method,
        url: &Url,
        open: impl Fn(Answer, &Url, &Route) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (effect, policy) = match method {
            Method::GET => (Effect::Read, Policy::BACKGROUND),
            _ => (Effect::Write, Policy::COMMAND),
        };
        let mut attempt = 1;
        loop {
            let request = self.prepare(call, method.clone(), url.clone());
            let result = self.inner.http.send(request).await.and_then(|answer| open(answer, url, route));
            let Err(error) = result else { return result };
            // Drawn before: the generator must not be held while waiting.
            let luck = rand::rng().random();
            match decide(policy, effect, &error, attempt, luck) {
                Decision::Stop => return Err(error),
                Decision::After(wait) => tokio::time::sleep(wait).await,
            }
            attempt += 1;
        }
    }
}

const ACCEPT: HeaderName = HeaderName::from_static("accept");
const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");
