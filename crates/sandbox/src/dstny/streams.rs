//! The event streams.

use crate::Centre;
use crate::server::Outcome;
use std::sync::Arc;

/// What is streamed.
#[derive(Debug, Clone)]
pub(super) enum Stream {
    /// Statistics of the queues that this user is a member of.
    Queues { user: String },
    /// One call of one user.
    Call { user: String, call: String },
    /// The user's SIP dialogs.
    Dialogs { user: String },
    /// A colleague's dialogs, for who watches the line.
    Line { contact: String },
    /// A colleague's presence.
    Presence { contact: String },
    /// Changes of the user's configuration.
    Config { user: String },
    /// Changes of the user's devices.
    Devices { user: String },
}

/// Opens a stream.
pub(super) fn open(_centre: &Arc<Centre>, _op: &str, _stream: Stream) -> Outcome {
    Outcome::Hang
}
