//! The words of the product.
//!
//! Plain data that engine, shell, command line and frontend share: no I/O, no clock, no behaviour beyond small pure
//! helpers. Whatever a platform calls a thing, from here on it has one name: *activity*, *queue*, *pause*,
//! *disposition*, *wrap-up*, *device*. Types serialise with serde and are exported to TypeScript with ts-rs
//! (`cargo test -p offhook-model` writes `ui/src/generated`); a drift between the two fails the build.

#[macro_use]
mod text;

mod account;
mod activity;
mod agent;
mod call;
mod centre;
mod command;
mod contact;
mod conversation;
mod day;
mod event;
mod form;
mod history;
mod inbox;
pub mod ipc;
mod notice;
mod office;
mod outbox;
mod presence;
mod problem;
mod queue;
mod routes;
mod settings;
mod ticket;
mod time;

pub use account::*;
pub use activity::*;
pub use agent::*;
pub use call::*;
pub use centre::*;
pub use command::*;
pub use contact::*;
pub use conversation::*;
pub use day::*;
pub use event::*;
pub use form::*;
pub use history::*;
pub use inbox::*;
pub use notice::*;
pub use office::*;
pub use outbox::*;
pub use presence::*;
pub use problem::*;
pub use queue::*;
pub use routes::*;
pub use settings::*;
pub use ticket::*;
pub use time::*;
