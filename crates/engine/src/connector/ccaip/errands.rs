//! Requests that nobody waits for, such as those for a past day: they come after everything that keeps the picture true, but
//! they do come. Each is sent in a turn that the listener gives away, so that they never stand in the way of a look.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use wire::{Error, NetworkKind};

use super::Ccaip;
use super::budget::Piece;

/// Whoever waits longer than this for a turn is at a platform that is not listened to.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What came of a request.
type Over = oneshot::Sender<Result<(), Error>>;

/// Those who wait for a turn, in order.
#[derive(Debug, Default)]
pub(super) struct Errands(Mutex<VecDeque<oneshot::Sender<Over>>>);

impl Errands {
    fn next(&self) -> Option<oneshot::Sender<Over>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl Ccaip {
    /// Sends one request when nothing better is to be asked for.
    pub(super) async fn ask_later<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let (turn, comes) = oneshot::channel();
        self.errands.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(turn);
        self.looks().watch(Piece::Errand);
        let Ok(Ok(over)) = tokio::time::timeout(PATIENCE, comes).await else {
            let detail = "no turn came".to_owned();
            return Err(Error::Network { kind: NetworkKind::Timeout, host: self.host.clone(), detail });
        };
        let result = request.await;
        let _ = over.send(result.as_ref().map(drop).map_err(Clone::clone));
        result
    }

    /// Gives the turn that is there away; what the platform refused because it was too much is the turn's to know.
    pub(super) async fn run_errand(&self) -> Result<(), Error> {
        while let Some(turn) = self.errands.next() {
            let (over, ends) = oneshot::channel();
            if turn.send(over).is_err() {
                // Nobody waits any more.
                continue;
            }
            return match ends.await {
                Ok(Err(error @ Error::Transient { status: 429, .. })) => Err(error),
                _ => Ok(()),
            };
        }
        Ok(())
    }
}
