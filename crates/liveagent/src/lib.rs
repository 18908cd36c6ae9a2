//! A tolerant client of the LiveAgent API v1, for applications in which an agent works.
//!
//! It speaks the vendor's own words and knows nothing about the rest of Offhook: conversations and what was written in them,
//! customers and companies, departments, tags, the knowledge base, files, who can be reached, reports, and from
//! API v3 ([`v3`]) the calls. All operations of a key share one budget, [`wire::pace`].
//!
//! ```no_run
//! use offhook_liveagent::conversations::{Conversations, NewStatus, Status};
//! use offhook_liveagent::messages::{MessagesBetween, NewMessage};
//! use offhook_liveagent::wire::{HttpOptions, Secret, pace::Class};
//! use offhook_liveagent::{BaseUrl, Client, KeyCheck, Zone};
//!
//! # async fn example() -> Result<(), offhook_liveagent::Error> {
//! let base = BaseUrl::parse("acme.ladesk.com")?;
//! let client = Client::new(base, HttpOptions::default(), Secret::new("5ceef21647f1db39"))?;
//! if let KeyCheck::OfVersion3 = client.check_key().await? {
//!     println!("this is a key of API v3");
//! }
//!
//! // What time is it there?
//! let mut zone = Zone::default();
//! zone.observe(client.observe_offset().await?.expect("a clock"));
//!
//! // What changed in the last hour? Nobody waits for it.
//! let now = jiff::Timestamp::now();
//! let an_hour_ago = zone.since(now - jiff::SignedDuration::from_hours(1), now);
//! let mut pages = client.in_class(Class::Background).pages(Conversations::changed_after(an_hour_ago));
//! while let Some(page) = pages.next().await? {
//!     for conversation in page.rows {
//!         println!("{:?} {:?}", conversation.status, conversation.subject);
//!         for group in client.conversation_messages(&conversation.id, &MessagesBetween::default()).await?.rows {
//!             println!("{:?}: {} parts", group.kind, group.messages.len());
//!         }
//!     }
//!     for row in &page.unreadable {
//!         eprintln!("conversation {} cannot be shown: {}", row.index, row.why);
//!     }
//! }
//!
//! // Answer and resolve.
//! client.conversation_message_add("ABC-DEFGH-123", &NewMessage::reply("jana@acme.example", "Sent!")).await?;
//! let resolved = NewStatus { status: Status::Resolved, note: None, by: Some("jana@acme.example".into()) };
//! match client.conversation_status("ABC-DEFGH-123", &resolved).await {
//!     Err(error) if offhook_liveagent::is_gone(&error) => println!("somebody deleted it"),
//!     other => other?,
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it follows
//!
//! The vendor's "API v.1" (72 operations, JSON). Six operations that other clients use and the document does not have say so.
//! Times are the account's ([`AccountTime`]) until a [`Zone`] makes moments of them. Everything that is merely inferred
//! is in one module (`inferred`).
//!
//! # What it never does
//!
//! Send a key to another server, follow a redirect with it, put it into a log or an error, repeat a write that may have taken
//! effect, ask more often than the key may, or panic on what a server sends.

mod agents;
mod answer;
pub mod application;
mod base;
mod call;
mod client;
pub mod companies;
pub mod conversations;
pub mod customers;
pub mod customersgroups;
pub mod departments;
pub mod files;
mod inferred;
pub mod knowledgebase;
mod line;
mod loose;
pub mod messages;
pub mod onlinestatus;
pub mod overview;
mod paging;
pub mod reports;
pub mod service_reports;
pub mod tags;
mod time;
pub mod v3;
pub mod widgets;
mod zone;

pub use agents::{Agent, AgentRole};
pub use application::KeyCheck;
pub use base::BaseUrl;
pub use client::Client;
pub use inferred::{LARGEST_UPLOAD, is_gone};
pub use loose::Loose;
pub use paging::{List, Listing, Page, Pages, Paging, Unreadable};
pub use time::{AccountTime, OpDateTime};
/// The crate below: HTTP options, secrets, the budget of requests, the error type.
pub use wire;
pub use wire::Error;
pub use zone::{Observed, Zone};
