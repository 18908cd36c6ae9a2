//! The engine: connectors, one session for each account, the local store, the outbox, caller identification, and the
//! one state that every view mirrors.

mod engine;
mod vault;

pub use engine::{Engine, Followed, Follower, Options};
pub use secrecy::SecretString;
pub use vault::{SessionVault, Vault, VaultError};
