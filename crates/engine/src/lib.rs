//! The engine: connectors, one session for each account, the local store, the outbox, caller identification, and the
//! one state that every view mirrors.
//!
//! ```text
//!  platform ──► connector ──► Sight ──► state ──► view ──► numbered events ──► followers
//!     ▲                                   ▲
//!     └── connector ◄── Order ◄── plan ◄──┴── commands
//! ```
//!
//! The state ([`state`], [`ring`], [`commands`], [`agent`]) is pure and is changed in one place ([`hub`]). Everything
//! that waits is a task of a session ([`session`], [`outbox`], [`people`]) and meets the state only there. Platforms are
//! known through one trait ([`connector`]).

mod accounts;
mod agent;
#[doc(hidden)]
pub mod busy;
mod clock;
mod commands;
mod confirm;
mod connector;
mod control;
mod core;
mod day;
mod drafts;
mod elsewhere;
mod engine;
mod figures;
mod hub;
pub mod identify;
mod inbox;
mod notices;
pub mod numbers;
mod office;
mod outbox;
mod people;
mod plan;
mod problem;
mod ring;
mod session;
mod sight;
mod state;
pub mod store;
mod vault;
mod view;

pub use day::csv as csv_of_days;
pub use engine::{Engine, Options};
pub use hub::{Followed, Follower};
pub use secrecy::SecretString;
pub use vault::{SessionVault, Vault, VaultError};
