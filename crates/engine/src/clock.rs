//! The engine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use model::Timestamp;

/// This moment.
pub(crate) fn now() -> Timestamp {
    at(SystemTime::now())
}

/// A moment of the system's clock; the epoch for anything before it.
pub(crate) fn at(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
