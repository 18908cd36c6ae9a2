//! The engine against the sandbox's CCAI Platform face, over real HTTP.

mod account;
mod faults;
mod live;
mod office;
mod orders;

use model::{AccountId, Activity, Credential, NewAccount, Phase, Platform, Presence, Snapshot};
pub use product_tests::tickets::post;
use product_tests::{Desk, new_account, presence};
use sandbox::{Ring, Sandbox};
use serde_json::json;

/// A sandbox with these switches, at which there is no hurry.
pub async fn centre(switches: &[(&str, &str)]) -> Sandbox {
    product_tests::centre(&[&[("rate_per_second", "0")], switches].concat()).await
}

/// A new account with this token, for whoever that is, with this user name.
pub fn with_token(sandbox: &Sandbox, token: &str, agent: &str, user: Option<&str>) -> NewAccount {
    let credential = Credential::Token {
        token: token.to_owned(),
        username: Some(agent.to_owned()),
        second: None,
        user: user.map(str::to_owned),
    };
    NewAccount { platform: Platform::Ccaip, ..new_account(&sandbox.ccaip_url(), credential) }
}

/// The first user of the sandbox as a new account.
pub fn ida(sandbox: &Sandbox) -> NewAccount {
    let user = sandbox.ccaip_users().swap_remove(0);
    with_token(sandbox, &sandbox.ccaip_token(), &user.username, Some(sandbox.ccaip_user()))
}

/// Does something on the platform's own page.
pub fn adapter(sandbox: &Sandbox, deed: &str) {
    post(&sandbox.control(), &format!("ccaip/ida/{deed}"), json!({}));
}

/// A desk signed in as the first user, who is available on the platform.
pub async fn available(sandbox: &Sandbox) -> (Desk, AccountId) {
    adapter(sandbox, "available");
    let mut desk = Desk::new().await;
    let account = desk.add(ida(sandbox)).await;
    is(&mut desk, &account, Presence::Ready).await;
    (desk, account)
}

/// Waits until the agent is this on the account.
pub async fn is(desk: &mut Desk, account: &AccountId, expected: Presence) {
    desk.until(&format!("{expected:?}"), |s| presence(s, account).filter(|now| *now == expected)).await;
}

/// Lets something come in for the first user; answers the sandbox's name of it.
pub fn rings(sandbox: &Sandbox, channel: &str) -> String {
    let number = (channel == "call").then(|| "+442079460555".to_owned());
    let ring =
        Ring { agent: Some("ida".to_owned()), channel: Some(channel.to_owned()), number, ..Ring::default() };
    sandbox.control().ring(ring).expect("somebody calls or writes")
}

/// Waits until something on the account is in this phase.
pub async fn in_phase(desk: &mut Desk, account: &AccountId, phase: Phase) -> Activity {
    let found =
        |s: &Snapshot| s.activities.iter().find(|a| a.account == *account && a.phase == phase).cloned();
    desk.until(&format!("{phase:?}"), found).await
}

/// How often an operation was asked for.
pub fn asked(sandbox: &Sandbox, operation: &str) -> u64 {
    sandbox.control().state()["requests"][format!("ccaip {operation}")].as_u64().unwrap_or(0)
}
