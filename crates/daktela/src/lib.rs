//! A tolerant client of the Daktela V6 REST API, for applications in which an agent works.
//!
//! It speaks Daktela's own words and knows nothing about the rest of Offhook: sessions and tokens, the agent
//! interface (pull data, ready and pause, devices and queues, accepting, dialling, hanging up, closing), tickets
//! with what is written on them and its files, and
//! every model of the REST reference with typed fields and a query builder.
//!
//! ```no_run
//! use offhook_daktela::models::{Contact, Ticket};
//! use offhook_daktela::wire::{HttpOptions, Secret};
//! use offhook_daktela::{BaseUrl, Client, Closing, Credential, Field, Query, SessionChange};
//!
//! # async fn example() -> Result<(), offhook_daktela::Error> {
//! let base = BaseUrl::parse("acme.daktela.com")?;
//! let client = Client::new(base, HttpOptions::default(), Credential::None)?;
//! client.login("jana", &Secret::new("correct horse")).await?;
//!
//! // Who is this number?
//! let caller = Query::new().filter(Field::custom("number").eq("+15550100")).take(5);
//! let contacts = client.list::<Contact>(&caller).await?;
//! for row in &contacts.unreadable {
//!     eprintln!("contact {} cannot be shown: {}", row.index, row.why);
//! }
//!
//! // Go ready and follow what happens.
//! client.change_session(&SessionChange::ready()).await?;
//! let first = client.pull(None).await?;
//! let next = client.pull(first.hash.as_deref()).await?;
//! for activity in next.activities.unwrap_or_default() {
//!     client.accept(&activity.name, Some("305")).await?;
//!     client.hang_up(&activity.name, None).await?;
//!     let closing = Closing { statuses: vec!["solved".into()], description: Some("Reset by phone".into()) };
//!     client.close(&activity.name, &closing).await?;
//! }
//!
//! let mine = Query::new().filter(Ticket::FIELDS.user.eq("jana")).sort_descending(&Ticket::FIELDS.edited);
//! let tickets = client.list::<Ticket>(&mine).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it follows
//!
//! S1, "Daktela V6 API: developing a custom agent interface", for the live part, and S0, the REST reference of
//! 2025.2, for the models. Both are silent or wrong in places; what recordings, tests and Daktela's own
//! libraries show instead is said where it is used, and everything that is merely inferred is in one module
//! (`inferred`).
//!
//! # What it never does
//!
//! Send a token to another server, follow a redirect, repeat a write that may have taken effect, put a token
//! into a URL, or panic on what a server sends.

mod activities;
mod agent;
mod auth;
mod base;
mod client;
mod envelope;
mod files;
mod inferred;
mod loose;
pub mod models;
mod moments;
pub mod pull;
mod query;
mod record;
mod scheme;
mod writing;

pub use activities::Closing;
pub use agent::{Device, DeviceFields, DeviceKind, SessionChange};
pub use auth::{Probe, Whoim};
pub use base::BaseUrl;
pub use client::{Client, Credential, Tokens};
pub use envelope::{Complaint, List};
pub use files::Uploaded;
pub use inferred::{Rights, devices_of, rights};
pub use loose::{CustomFields, FieldValue, Fk, Loose, Odd, Reading};
pub use moments::Moments;
pub use query::{Filter, FilterValue, LARGEST_PAGE, Operand, Query};
pub use record::{Field, Record, Row, Unreadable};
pub use scheme::{CustomField, CustomKind, Scheme};
/// The crate below: HTTP options, secrets, the long-poll driver, the error type.
pub use wire;
pub use wire::Error;
pub use writing::OutgoingEmail;
