//! What every HTTP platform needs, and nothing that belongs to one of them.
//!
//! A platform client (such as `offhook-daktela`) owns one [`Http`] per account and gets from here:
//!
//! - [`Http`]: TLS with the operating system's trust, system proxy, limits on time and size, no redirects,
//!   and credentials that leave for the account's own [`Origin`] only;
//! - [`Error`]: the one list of ways in which a platform can fail, decided once;
//! - [`retry`] and [`Backoff`]: pure decisions about when to try again;
//! - [`pace`]: one budget of requests for everything that uses a key, foreground before background;
//! - [`share`]: such a budget where others, uncounted, eat from the same plate, and what to look at with the little there is;
//! - [`poll`]: the long-poll driver with its states, and [`Wake`] which tells it that the computer slept;
//! - [`sse`]: the same for event streams, with one budget of connections per account;
//! - [`Secret`], [`UrlForLog`] and [`snippet`]: what may be written down, decided by type.

pub mod address;
mod authority;
mod backoff;
mod certificate;
mod clock;
mod error;
mod http;
mod link;
pub mod pace;
pub mod poll;
mod redact;
pub mod retry;
mod secret;
pub mod share;
pub mod sse;
mod tls;

pub use authority::Origin;
pub use backoff::Backoff;
pub use clock::{JumpDetector, Wake, watch_for_sleep};
pub use error::{Error, NetworkKind};
pub use http::{Answer, Http, HttpOptions, Opened, Proxy, Request};
pub use redact::{UrlForLog, snippet};
pub use reqwest::Method;
pub use reqwest::header::HeaderName;
pub use secret::Secret;
pub use url::Url;
