//! What was learned of an account and is wanted again at the next start: its zone, as it was observed.

use liveagent::Zone;
use serde::{Deserialize, Serialize};

/// What is kept.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) zone: Zone,
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
