//! A tolerant client of the Dstny Core end-user API.

mod answer;
mod base;
pub mod call_control;
pub mod call_state;
mod client;
pub mod contacts;
pub mod groups;
mod inferred;
mod loose;
pub mod presence;
pub mod queue_statistics;
mod recording;
mod routes;
pub mod sip;
mod time;
pub mod user_line;

pub use answer::{Finding, Image, Written};
pub use base::{BaseUrl, Identity};
pub use call_control::Known;
pub use client::{Client, Ticket};
pub use inferred::may_be_outdated;
pub use loose::Loose;
pub use routes::{Learned, Overrides, Place, Provenance, Route, Routes};
pub use time::End;
/// The crate below: HTTP options, secrets, the event stream driver, the error type.
pub use wire;
pub use wire::Error;
