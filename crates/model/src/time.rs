//! Moments in time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A moment: whole milliseconds since the Unix epoch, UTC. A number on the wire, so that timers need no parsing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(as = "f64")]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment that lies `ms` milliseconds later (earlier when negative).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is in fact later.
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
