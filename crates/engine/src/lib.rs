//! The engine: connectors, one session for each account, the local store, the outbox, caller identification, and the
//! one state that every view mirrors.

mod engine;
pub mod identify;
pub mod numbers;
pub mod store;
mod vault;

pub use engine::{Engine, Followed, Follower, Options};
pub use secrecy::SecretString;
pub use vault::{SessionVault, Vault, VaultError};
