//! Looking at the calls: on every sign, and now and then without one.
//!
//! The stream of dialogs says only that something happens; what it is a look says. So calls are heard of only while looks
//! succeed, however alive the stream is, and a look that failed is repeated until one succeeds. A sign may also be
//! lost on its way, or never be sent: while anything goes on, the calls are looked at often all the same.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dstny::call_state::CallState;
use dstny::wire::sse::{Link, LinkState};
use dstny::wire::{Error, NetworkKind};
use tokio::sync::watch;
use wire::Backoff;

use super::Dstny;
use super::offers::{Part, is_a_clear_no};
use crate::clock;

/// How long after the last word of the platform its calls are looked at all the same: a ring is believed for twenty seconds
/// only, and not every platform sends a heartbeat.
const QUIET: Duration = Duration::from_secs(10);
/// How often the calls are looked at without any sign while one goes on.
const OFTEN: Duration = Duration::from_secs(10);
/// How often while none does.
const RARELY: Duration = Duration::from_secs(60);
/// How long an answer may take before the account is said not to be heard.
const LATE: Duration = Duration::from_secs(5);
/// The first and the longest wait before looking again where a look failed. What has begun to ring meanwhile is late by it.
const AGAIN: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// How looking goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks {
    /// When all calls were last looked at.
    pub(super) at: Option<SystemTime>,
    /// Why they could not be since then.
    pub(super) failed: Option<Error>,
    /// When they will be again, after a failure.
    pub(super) again_at: Option<SystemTime>,
    /// What the account is has been asked for since listening began: before, nothing is known of what it offers.
    pub(super) is_read: bool,
}

/// Looks at the calls whenever there is a reason, and when it is time.
pub(super) async fn look(dstny: Arc<Dstny>, link: watch::Receiver<Link>) {
    let fresh = || Backoff::new(AGAIN.0, AGAIN.1);
    let mut backoff = fresh();
    loop {
        tokio::select! {
            () = dstny.news.calls.notified() => {}
            () = due(&dstny, link.clone()) => {}
        }
        let Err(error) = dstny.look_at_calls().await else {
            backoff = fresh();
            continue;
        };
        let asked = match &error {
            Error::Transient { retry_after, .. } => retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        let wait = asked + backoff.failed_after(Duration::ZERO, &mut rand::rng());
        tracing::info!(account = %dstny.account, %error, ?wait, "the calls could not be looked at");
        dstny.looks.send_modify(|looks| {
            looks.again_at = looks.failed.as_ref().map(|_| SystemTime::now() + wait);
        });
        let mut looks = dstny.looks.subscribe();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // A new stream begins with a look, too.
            _ = looks.wait_for(|looks| looks.failed.is_none()) => {}
        }
        dstny.news.calls.notify_one();
    }
}

/// Ready once the platform does not let the user look any more.
pub(super) async fn signed_out(dstny: &Dstny) {
    let mut looks = dstny.looks.subscribe();
    if looks.wait_for(|looks| looks.failed == Some(Error::SignInNeeded)).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Ready once a link that is said to live is to be looked behind.
async fn due(dstny: &Dstny, mut link: watch::Receiver<Link>) {
    let (mut looks, mut live) = (dstny.looks.subscribe(), dstny.live.subscribe());
    loop {
        let (is_live, heard) = {
            let link = link.borrow_and_update();
            (link.state == LinkState::Live, link.last_heard)
        };
        let looked = looks.borrow_and_update().at;
        live.mark_unchanged();
        let is_anything_on = dstny.picture().book.is_anything_on();
        let rest = rest(SystemTime::now(), heard, looked, is_anything_on);
        if is_live && rest.is_zero() {
            return;
        }
        let alive = tokio::select! {
            () = tokio::time::sleep(rest), if is_live => true,
            changed = link.changed() => changed.is_ok(),
            changed = looks.changed() => changed.is_ok(),
            changed = live.changed() => changed.is_ok(),
        };
        if !alive {
            std::future::pending::<()>().await;
        }
    }
}

/// How long it is until the calls are looked at without any sign.
fn rest(
    now: SystemTime,
    heard: Option<SystemTime>,
    looked: Option<SystemTime>,
    is_anything_on: bool,
) -> Duration {
    // A clock that was put back makes nothing older than now.
    let age =
        |then: Option<SystemTime>| then.and_then(|then| now.duration_since(then).ok()).unwrap_or_default();
    let every = if is_anything_on { OFTEN } else { RARELY };
    QUIET.saturating_sub(age(heard.max(looked))).min(every.saturating_sub(age(looked)))
}

impl Dstny {
    /// Looks at all calls of the user.
    pub(super) async fn look_at_calls(&self) -> Result<(), Error> {
        let looked = self.find_calls().await;
        self.looks.send_modify(|looks| match &looked {
            Ok(()) => {
                let is_read = looks.is_read;
                *looks = Looks { at: Some(SystemTime::now()), is_read, ..Looks::default() };
            }
            Err(error) => looks.failed = Some(error.clone()),
        });
        if looked.is_ok() {
            self.show();
        }
        looked
    }

    async fn find_calls(&self) -> Result<(), Error> {
        let look = self.picture().book.look();
        let mut answer = pin!(self.client.user_state());
        let state = match tokio::time::timeout(LATE, &mut answer).await {
            Ok(state) => state,
            Err(_) => {
                self.looks.send_modify(|looks| looks.failed = Some(self.late()));
                // Who is slow is not helped by being asked twice.
                answer.await
            }
        };
        self.picture().offers.note(Part::Calls, &state);
        let untold = match state {
            Ok(state) => self.picture().book.whole(look, state, clock::now()),
            Err(error) if is_a_clear_no(&error) => Vec::new(),
            Err(error) => return Err(error),
        };
        for id in untold {
            self.look_at_call(&id).await?;
        }
        self.picture().calls_looked_at();
        Ok(())
    }

    fn late(&self) -> Error {
        let detail = "no answer in time".to_owned();
        Error::Network { kind: NetworkKind::Timeout, host: self.host.clone(), detail }
    }

    /// Looks at one call.
    pub(super) async fn look_at_call(&self, id: &str) -> Result<(), Error> {
        let look = self.picture().book.look();
        match self.client.call_state(id).await {
            Ok(call) => {
                let call = CallState { call_id: call.call_id.or_else(|| Some(id.to_owned())), ..call };
                self.picture().book.looked(look, call, clock::now());
            }
            Err(Error::NotFound) => self.picture().book.not_there(look, id, clock::now()),
            Err(error) => return Err(error),
        }
        self.show();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_are_looked_at_in_silence_and_whatever_the_heartbeat_says() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let ago = |seconds| now.checked_sub(Duration::from_secs(seconds));
        for (heard, looked, is_anything_on, seconds) in [
            // Silence.
            (ago(4), ago(7), false, 6),
            (ago(30), ago(30), false, 0),
            (None, ago(3), false, 7),
            // A heartbeat alone is no news of a call that goes on.
            (ago(0), ago(4), true, 6),
            (ago(0), ago(12), true, 0),
            (ago(0), ago(12), false, 10),
            (ago(0), ago(60), false, 0),
            // Before the first look, which the stream begins with.
            (None, None, false, 10),
            // A clock that was put back.
            (Some(now + Duration::from_secs(3_600)), Some(now + Duration::from_secs(3_600)), false, 10),
        ] {
            let rest = rest(now, heard, looked, is_anything_on);
            assert_eq!(rest, Duration::from_secs(seconds), "{heard:?} {looked:?} {is_anything_on}");
        }
    }
}
