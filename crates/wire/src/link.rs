//! The health of what is listened to, the same for long polls and event streams.

use std::time::SystemTime;

use tokio::sync::watch;

use crate::Error;

/// The health of one listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is doing.
    pub state: LinkState,
    /// When the platform was last heard: answered a poll, or sent anything on a stream.
    pub last_heard: Option<SystemTime>,
}

/// What a listener is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// Never heard from the platform yet.
    Connecting,
    /// The picture is fresh.
    Live,
    /// The picture may be old; a whole one has been asked for.
    CatchingUp,
    /// Something failed; it will be tried again.
    Waiting {
        /// When.
        until: SystemTime,
        /// What failed.
        error: Error,
    },
    /// The platform wants somebody to sign in; the loop has ended.
    SignInNeeded,
    /// The loop has ended because it was told to.
    Ended,
}

impl Link {
    /// Before anything was tried.
    pub(crate) fn new() -> Self {
        Self { state: LinkState::Connecting, last_heard: None }
    }

    /// What it is doing when it begins anew.
    pub(crate) fn beginning(&self) -> LinkState {
        if self.last_heard.is_none() { LinkState::Connecting } else { LinkState::CatchingUp }
    }
}

/// Ready once `Wake::now` was called; never again if the handle is gone.
pub(crate) async fn woken(wake: &mut watch::Receiver<u64>) {
    if wake.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
