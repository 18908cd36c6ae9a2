//! What was learned of a tenant and is wanted again at the next start: who the agent is there, how it spells its paths, and
//! when it may be asked. A restart then pays no request for any of it.

use ccaip::{Id, Spellings, UserStatus};
use serde::{Deserialize, Serialize};
use wire::share::Learned;

/// What is kept.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// The agent's own number in the platform's books.
    pub(super) me: Option<Id>,
    pub(super) spellings: Spellings,
    /// The states that there are.
    pub(super) statuses: Vec<UserStatus>,
    pub(super) places: Option<Learned>,
}

impl Memory {
    /// What was kept before; what cannot be read is learned again.
    pub(super) fn read(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    pub(super) fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
