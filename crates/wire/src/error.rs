//! The one list of ways in which a platform can fail.
//!
//! The kinds are chosen by what somebody can *do*: wait, sign in, ask the administrator, correct a field, or
//! report a bug. Nothing in here carries a secret, a query string or a whole body, so an error may be logged
//! and shown as it is.

use std::collections::BTreeMap;
use std::time::Duration;

/// Why a request to a platform did not bring what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The platform was not reached, or the connection broke before the whole answer was there.
    #[error("{host}: {kind}")]
    Network {
        /// What broke.
        kind: NetworkKind,
        /// Host (and port, if not the usual one) that was called.
        host: String,
        /// The causes below, for the log; without URLs.
        detail: String,
    },
    /// The platform is busy or broken just now: 408, 429 and 5xx.
    #[error("the platform is not ready to answer (HTTP {status})")]
    Transient {
        /// HTTP status.
        status: u16,
        /// How long the platform asked us to wait (`Retry-After`), at most [`crate::retry::LONGEST_WAIT`].
        retry_after: Option<Duration>,
    },
    /// The token or the password is not (or no longer) accepted: 401.
    #[error("sign in again")]
    SignInNeeded,
    /// Signed in, but not allowed: 403.
    #[error("this account may not do that")]
    Forbidden,
    /// The same where it is known what is missing: a scope of the token, a licence of the user. 403.
    #[error("this needs the right “{right}”{}", because(.words))]
    MissingRight {
        /// The scope or licence, as the platform's portal calls it.
        right: String,
        /// What the platform said, in its own words.
        words: Vec<String>,
    },
    /// There is no such record or no such endpoint: 404.
    #[error("not found")]
    NotFound,
    /// The platform understood and said no, in its own (localised) words.
    #[error("refused: {}", said(.words, .fields))]
    Refused {
        /// HTTP status; 2xx where a platform reports a failed write that way.
        status: u16,
        /// What was said about the request as a whole, in order.
        words: Vec<String>,
        /// What was said about one field; the key is a dotted path.
        fields: BTreeMap<String, Vec<String>>,
    },
    /// The answer is not what the platform's documents promise: HTML, cut JSON, a redirect, a wrong type.
    #[error("unexpected answer from {url}: {problem}{}", at(.path))]
    Protocol {
        /// Scheme, host and path of the request; no query.
        url: String,
        /// Where in the answer, as a dotted path; empty for the whole.
        path: String,
        /// What is wrong with it.
        problem: String,
        /// The beginning of the body with its values masked, see [`crate::snippet`].
        snippet: String,
    },
    /// The answer is larger than this client is willing to hold.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit that was hit, in bytes.
        limit: u64,
    },
    /// What the caller gave cannot be sent; nothing was sent.
    #[error("{field}: {reason}")]
    InvalidInput {
        /// Which input.
        field: &'static str,
        /// What is wrong and what would be right.
        reason: String,
    },
}

/// What broke between us and a platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkKind {
    /// The name of the host could not be resolved.
    #[error("no such host, or no name service")]
    Dns,
    /// Nobody accepted the connection.
    #[error("no connection")]
    Connect,
    /// The certificate was not accepted.
    #[error("the certificate of {host} is not trusted{}", by(.issuer))]
    Tls {
        /// Host that presented the certificate.
        host: String,
        /// Who signed it, as the certificate says; tells a company's inspecting proxy by its name.
        issuer: Option<String>,
    },
    /// The proxy refused to connect us.
    #[error("the proxy refused")]
    Proxy,
    /// No (complete) answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke during the exchange.
    #[error("the connection broke")]
    Closed,
}

impl Error {
    /// An [`Error::InvalidInput`] in one line.
    pub fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::InvalidInput { field, reason: reason.into() }
    }

    /// An [`Error::Refused`] with words about the whole request only.
    pub fn refused(status: u16, words: impl IntoIterator<Item = String>) -> Self {
        Self::Refused { status, words: words.into_iter().collect(), fields: BTreeMap::new() }
    }

    /// Whether trying the same again later can help without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network { kind: NetworkKind::Tls { .. }, .. } => false,
            Self::Network { .. } | Self::Transient { .. } => true,
            Self::SignInNeeded
            | Self::Forbidden
            | Self::MissingRight { .. }
            | Self::NotFound
            | Self::Refused { .. }
            | Self::Protocol { .. }
            | Self::TooLarge { .. }
            | Self::InvalidInput { .. } => false,
        }
    }
}

fn said(words: &[String], fields: &BTreeMap<String, Vec<String>>) -> String {
    let about_fields = fields.iter().map(|(field, words)| format!("{field}: {}", words.join(", ")));
    let all: Vec<String> = words.iter().cloned().chain(about_fields).collect();
    if all.is_empty() { "without a reason".to_owned() } else { all.join("; ") }
}

fn because(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!(": {}", words.join("; ")) }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" (at {path})") }
}

fn by(issuer: &Option<String>) -> String {
    issuer.as_ref().map(|name| format!(" (issued by {name})")).unwrap_or_default()
}
