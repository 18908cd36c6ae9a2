//! The engine against the sandbox's LiveAgent face, over real HTTP.

mod account;
mod live;
mod tickets;

use model::{AccountId, Platform};
pub use product_tests::tickets::{by_key, post, with_keys};
use product_tests::{Desk, tickets as common};
use sandbox::Sandbox;

/// A desk signed in as the first user, once the account is known.
pub async fn signed_in(sandbox: &Sandbox) -> (Desk, AccountId) {
    common::signed_in(sandbox, Platform::LiveAgent).await
}

/// A desk signed in as the first user, once all tickets are here.
pub async fn in_step(sandbox: &Sandbox) -> (Desk, AccountId) {
    common::in_step(sandbox, Platform::LiveAgent).await
}
