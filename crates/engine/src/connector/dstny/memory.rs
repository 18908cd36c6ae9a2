//! What an account remembers of its platform from one start to the next: where the operator has moved operations, which of
//! several plausible methods worked, which queues the agent left to take no calls, and what a pause interrupted. Never a
//! secret.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use dstny::{Client, Learned, Overrides, Routes};
use serde::{Deserialize, Serialize};

use super::Dstny;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// From an operator's own file.
    pub(super) overrides: Option<Overrides>,
    learned: Learned,
    /// Queues to log in to again when the agent goes ready.
    pub(super) left_queues: BTreeSet<String>,
    /// What the agent was doing before the pause that we set.
    pub(super) before_pause: Option<Available>,
}

/// An activity in which the agent is available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Available {
    pub(super) activity: String,
    /// When it ends by itself, in milliseconds since the epoch.
    pub(super) until: Option<i64>,
}

impl Memory {
    pub(super) fn read(text: Option<&str>) -> Self {
        // Of an older or a broken one nothing is worth a failed start: it is learned again.
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    pub(super) fn text(&self) -> Option<String> {
        (*self != Self::default()).then(|| serde_json::to_string(self).ok()).flatten()
    }

    /// Tells the client what is remembered.
    pub(super) fn teach(&self, client: &Client) {
        client.set_routes(self.overrides.as_ref().map_or_else(Routes::standard, Routes::with));
        client.set_learned(self.learned.clone());
    }
}

impl Dstny {
    /// Changes what is remembered, and has it kept if that made a difference.
    pub(super) fn remember(&self, change: impl FnOnce(&mut Memory)) {
        let is_new = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            let before = memory.clone();
            change(&mut memory);
            *memory != before
        };
        if let Some(ear) = self.ear().filter(|_| is_new) {
            ear.learned();
        }
    }

    /// Remembers which methods worked.
    pub(super) fn learn(&self) {
        let learned = self.client.learned();
        self.remember(|memory| memory.learned = learned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_survives_a_restart_and_a_broken_memory_is_no_reason_to_fail() {
        assert_eq!(Memory::default().text(), None);
        let memory = Memory {
            learned: Learned([("cti.hold".to_owned(), "PUT".to_owned())].into()),
            left_queues: ["21".to_owned()].into(),
            ..Memory::default()
        };
        assert_eq!(Memory::read(memory.text().as_deref()), memory);
        assert_eq!(Memory::read(Some("{\"learned\":7}")), Memory::default());
    }
}
