//! One account's door to the network.
//!
//! A request is described as plain data ([`Request`]) and comes back as plain data ([`Answer`]) whatever its
//! status; what a status means is the platform client's business. What is decided here, once for all platforms:
//!
//! - credentials are kept apart from the other headers and put on only if the URL belongs to the account's own
//!   [`Origin`];
//! - redirects are never followed: the answer with its 3xx is returned;
//! - a body is read piece by piece and given up at the limit, after decompression, so that no server can fill
//!   our memory;
//! - a stream ([`Http::open`]) has no end and no limit in time: whoever reads it watches over it;
//! - HTTP/1.1 only: giving a request up closes its connection, while a dead HTTP/2 connection would be handed
//!   out again for the next request;
//! - [`Http::reset`] forgets the idle connections, for after a sleep: they look alive and are not.

use std::error::Error as _;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, redirect};
use url::Url;

use crate::{Error, NetworkKind, Origin, Secret, UrlForLog, tls};

/// How an account's connections are made.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Certificate authorities to trust beside the system's, each a PEM text with one or more certificates.
    pub extra_ca_pem: Vec<String>,
    /// What the server sees in `User-Agent`.
    pub user_agent: String,
    /// Which proxy to use. This computer itself is always reached directly.
    pub proxy: Proxy,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a request may take in all, unless it says otherwise.
    pub timeout: Duration,
    /// The largest body that is read, in bytes.
    pub max_body: u64,
    /// Where the origin's host is, for whoever has looked it up and judged it; empty asks the name server. What goes
    /// through a proxy is looked up there.
    pub pinned: Vec<std::net::SocketAddr>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            extra_ca_pem: Vec::new(),
            user_agent: concat!("Offhook/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: Proxy::System,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(20),
            max_body: 16 * 1024 * 1024,
            pinned: Vec::new(),
        }
    }
}

/// Which proxy to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// What the system or the environment (`HTTPS_PROXY`, `NO_PROXY`) says.
    System,
    /// None at all.
    None,
    /// This one.
    Url(Url),
}

/// A request before it is sent.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    credentials: Vec<(HeaderName, Secret)>,
    body: Option<Bytes>,
    timeout: Option<Duration>,
}

impl Request {
    /// A request without body.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), credentials: Vec::new(), body: None, timeout: None }
    }

    /// Adds a header. One that cannot be sent (control characters) is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Makes it the request for an event stream that goes on after an event (WHATWG HTML, section 9.2). What is accepted
    /// beside the stream may have been said before with a header `Accept`; compression is not asked for, because a
    /// compressor may hold events back.
    pub fn event_stream(mut self, last_event_id: Option<&str>) -> Self {
        use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL};
        if !self.headers.contains_key(ACCEPT) {
            self = self.header(ACCEPT, "text/event-stream");
        }
        self = self.header(ACCEPT_ENCODING, "identity").header(CACHE_CONTROL, "no-store");
        match last_event_id {
            Some(id) => self.header(HeaderName::from_static("last-event-id"), id),
            None => self,
        }
    }

    /// Adds a credential: a header that only the account's own origin gets to see.
    pub fn credential(mut self, name: HeaderName, value: Secret) -> Self {
        self.credentials.push((name, value));
        self
    }

    /// Sets a JSON body, already written out.
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.body("application/json", body)
    }

    /// Sets a body of this media type, already written out.
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self.header(reqwest::header::CONTENT_TYPE, media_type)
    }

    /// How long this request may take in all, instead of [`HttpOptions::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

/// Without headers and body: either may hold a secret.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, UrlForLog(&self.url))
    }
}

/// An answer, complete in memory.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

/// Without headers and body: either may hold a secret.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}, {} bytes", self.status, self.body.len())
    }
}

impl Answer {
    /// A header as text, if it is there and is text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The `Retry-After` of this answer, see [`crate::retry::retry_after`].
    pub fn retry_after(&self) -> Option<Duration> {
        let now = jiff::Timestamp::now().as_second();
        self.header(reqwest::header::RETRY_AFTER).and_then(|value| crate::retry::retry_after(value, now))
    }
}

/// One account's connections.
#[derive(Debug)]
pub struct Http {
    origin: Origin,
    options: HttpOptions,
    client: RwLock<reqwest::Client>,
}

impl Http {
    /// Prepares connections; nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if an extra certificate authority or the proxy cannot be used.
    pub fn new(origin: Origin, options: HttpOptions) -> Result<Self, Error> {
        let client = RwLock::new(connect(&origin, &options)?);
        Ok(Self { origin, options, client })
    }

    /// The account's own origin.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Forgets the idle connections; requests under way go on.
    pub fn reset(&self) {
        // The same options have built a client before; should the system's trust be unreadable now, the old
        // client is better than none.
        if let Ok(fresh) = connect(&self.origin, &self.options) {
            *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }

    /// Sends a request once and reads the whole answer. Any HTTP status is an `Ok`.
    ///
    /// # Errors
    /// [`Error::Network`] and [`Error::TooLarge`]; [`Error::InvalidInput`] if a credential cannot be written
    /// as a header.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection; whether the server acted is unknown.
    pub async fn send(&self, request: Request) -> Result<Answer, Error> {
        let (method, url) = (request.method.clone(), request.url.clone());
        let timeout = request.timeout.unwrap_or(self.options.timeout);
        let answer = self.receive(self.prepare(request)?.timeout(timeout)).await;
        match &answer {
            Ok(answer) => tracing::debug!(
                %method, url = %UrlForLog(&url), status = answer.status, bytes = answer.body.len(), "answered"
            ),
            Err(error) => tracing::debug!(%method, url = %UrlForLog(&url), %error, ?error, "failed"),
        }
        answer
    }

    /// Sends a request once and returns as soon as the head of the answer is there; the body is read from
    /// [`Opened`] piece by piece, for as long as it goes on. Any HTTP status is an `Ok`. Neither the head nor the body has
    /// a limit in time here.
    ///
    /// # Errors
    /// As [`Http::send`], except [`Error::TooLarge`].
    ///
    /// # Cancel safety
    /// Dropping the future or what it returned closes the connection.
    pub async fn open(&self, request: Request) -> Result<Opened, Error> {
        let (method, url) = (request.method.clone(), request.url.clone());
        let origin = self.origin.clone();
        let response = self.prepare(request)?.send().await.map_err(|error| network_error(&origin, error));
        match &response {
            Ok(response) => {
                tracing::debug!(%method, url = %UrlForLog(&url), status = response.status().as_u16(), "opened");
            }
            Err(error) => tracing::debug!(%method, url = %UrlForLog(&url), %error, ?error, "not opened"),
        }
        Ok(Opened { origin, response: response?, limit: self.options.max_body })
    }

    fn prepare(&self, request: Request) -> Result<reqwest::RequestBuilder, Error> {
        let Request { method, url, mut headers, credentials, body, timeout: _ } = request;
        if self.origin.owns(&url) {
            for (name, secret) in credentials {
                let mut value = HeaderValue::from_str(secret.expose())
                    .map_err(|_| Error::invalid("token", "it holds characters that no token has"))?;
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        } else if !credentials.is_empty() {
            tracing::warn!(url = %UrlForLog(&url), "not our own server: sent without credentials");
        }
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let outgoing = client.request(method, url).headers(headers);
        Ok(match body {
            Some(body) => outgoing.body(body),
            None => outgoing,
        })
    }

    async fn receive(&self, outgoing: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let response = outgoing.send().await.map_err(|error| network_error(&self.origin, error))?;
        let opened = Opened { origin: self.origin.clone(), response, limit: self.options.max_body };
        opened.into_answer().await
    }
}

/// An answer whose body is still coming.
#[derive(Debug)]
pub struct Opened {
    origin: Origin,
    response: reqwest::Response,
    limit: u64,
}

impl Opened {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// A header as text, if it is there and is text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The next piece of the body as it arrived; `None` at its end.
    ///
    /// # Errors
    /// [`Error::Network`].
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.response.chunk().await.map_err(|error| network_error(&self.origin, error))
    }

    /// Reads the rest.
    ///
    /// # Errors
    /// [`Error::Network`], and [`Error::TooLarge`] beyond [`HttpOptions::max_body`].
    pub async fn into_answer(mut self) -> Result<Answer, Error> {
        let limit = self.limit;
        if self.response.content_length().is_some_and(|length| length > limit) {
            return Err(Error::TooLarge { limit });
        }
        let mut body = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if body.len() as u64 + piece.len() as u64 > limit {
                return Err(Error::TooLarge { limit });
            }
            body.extend_from_slice(&piece);
        }
        let headers = std::mem::take(self.response.headers_mut());
        Ok(Answer { status: self.status(), headers, body: body.into() })
    }
}

fn connect(origin: &Origin, options: &HttpOptions) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client_config(&options.extra_ca_pem)?)
        .http1_only()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(60));
    if !options.pinned.is_empty() {
        builder = builder.resolve_to_addrs(&origin.host(), &options.pinned);
    }
    if origin.is_loopback() {
        builder = builder.no_proxy();
    } else {
        builder = match &options.proxy {
            Proxy::System => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Url(url) => {
                let proxy = reqwest::Proxy::all(url.clone())
                    .map_err(|error| Error::invalid("proxy", error.without_url().to_string()))?;
                builder.no_proxy().proxy(proxy)
            }
        };
    }
    builder.build().map_err(|error| Error::invalid("connection", chain(&error.without_url())))
}

fn network_error(origin: &Origin, error: reqwest::Error) -> Error {
    let error = error.without_url();
    let detail = chain(&error);
    let kind = if let Some(issuer) = causes(&error).find_map(untrusted) {
        NetworkKind::Tls { host: origin.host(), issuer }
    } else if error.is_timeout() {
        NetworkKind::Timeout
    } else if detail.contains("dns error") || detail.contains("invalid dns name") {
        NetworkKind::Dns
    } else if detail.contains("tunnel error") || detail.contains("proxy") {
        NetworkKind::Proxy
    } else if error.is_connect() {
        NetworkKind::Connect
    } else {
        NetworkKind::Closed
    };
    Error::Network { kind, host: origin.host(), detail }
}

fn untrusted(cause: &(dyn std::error::Error + 'static)) -> Option<Option<String>> {
    match cause.downcast_ref::<std::io::Error>() {
        // An io::Error hides the error it wraps from `source`, and wraps other io::Errors too.
        Some(io) => io.get_ref().and_then(|inner| untrusted(inner)),
        None => cause.downcast_ref::<rustls::Error>().and_then(tls::issuer_of),
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    for cause in causes(error) {
        let cause = cause.to_string();
        if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}
