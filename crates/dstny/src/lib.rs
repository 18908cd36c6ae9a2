//! A tolerant client of the Dstny Core (formerly Telepo) end-user API, for applications in which an agent works.
//!
//! It speaks the vendor's own words and knows nothing about the rest of Offhook: calls and what can be done with them,
//! queues and their statistics, presence, contacts, devices, diversions, the communication log, and the event streams
//! that keep all of that true.
//!
//! ```no_run
//! use offhook_dstny::call_control::{MakeCall, TransferKind};
//! use offhook_dstny::call_state::ActionName;
//! use offhook_dstny::contacts::ContactQuery;
//! use offhook_dstny::wire::HttpOptions;
//! use offhook_dstny::{BaseUrl, Client, Identity, Known, Ticket};
//!
//! # async fn example() -> Result<(), offhook_dstny::Error> {
//! let base = BaseUrl::parse("connect.example.dk")?;
//! let anna = Identity::parse("anna@acme.example")?;
//! let client = Client::new(base, HttpOptions::default(), anna, Some(Ticket::pasted("2343.ZSDjnd")))?;
//!
//! // Who is there?
//! let query = ContactQuery { query: Some("bo".into()), ..ContactQuery::default() };
//! for contact in client.search_contacts(&query).await? {
//!     println!("{:?} {:?}", contact.first_name, contact.presence.and_then(|p| p.activity));
//! }
//!
//! // What is going on, and what may be done with it?
//! for call in client.user_state().await?.calls {
//!     let (Some(known), Some(transfer)) = (Known::of(&call), call.action(&ActionName::Transfer)) else { continue };
//!     println!("can be transferred with {:?}", transfer.device_ids);
//!     match client.transfer_blind(known, "tel:+15550100", &TransferKind::Basic).await {
//!         Err(error) if offhook_dstny::may_be_outdated(&error) => println!("look again: {error}"),
//!         other => println!("{other:?}"),
//!     }
//! }
//!
//! // Call somebody.
//! if let Some(device) = client.active_devices().await?.into_iter().find_map(|device| device.device_id) {
//!     let call = MakeCall { destination: Some("tel:+15550100".into()), ..MakeCall::default() };
//!     client.make_call(&device, &call).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it follows
//!
//! The vendor's "API documentation and description" (Dstny Core end-user API), which names operations, parameters and
//! samples and leaves the paths out. Where an operation is and how that is known is a table, [`Routes`], that an
//! operator's own API description can correct without a new build. Everything else that is merely inferred is in one
//! module (`inferred`).
//!
//! # What it never does
//!
//! Send a token to another server, follow a redirect, repeat a write that may have taken effect, put a token into a
//! URL, or panic on what a server sends.

mod answer;
mod base;
pub mod call_control;
pub mod call_state;
pub mod calls;
mod client;
pub mod commlog;
pub mod config;
pub mod contact_info;
pub mod contacts;
pub mod device;
pub mod diversion;
pub mod event;
pub mod groups;
mod inferred;
mod loose;
mod mobile;
pub mod personal_contacts;
pub mod presence;
mod probe;
pub mod queue_statistics;
mod recording;
mod routes;
pub mod sip;
mod streams;
mod ticket;
mod time;
pub mod user_line;

pub use answer::{Finding, Image, Written};
pub use base::{BaseUrl, Identity};
pub use call_control::Known;
pub use client::{Client, Ticket};
pub use inferred::may_be_outdated;
pub use loose::Loose;
pub use probe::Availability;
pub use routes::{Change, Import, Learned, Overrides, Place, Provenance, Route, Routes};
pub use streams::{StreamItem, Subscription};
pub use ticket::{TicketAnswer, TicketRequest};
pub use time::End;
/// The crate below: HTTP options, secrets, the event stream driver, the error type.
pub use wire;
pub use wire::Error;
