//! How requests leave: in their turn of the key's budget, and again where that is safe and can help.
//!
//! What somebody waits for is answered soon or refused soon: where the budget is spent or paused for longer than
//! [`LONGEST_FOREGROUND_WAIT`], it is not sent at all, and the error says how long the wait is.

use std::time::Duration;

use bytes::Bytes;
use rand::RngExt;
use wire::pace::{Class, Pace};
use wire::retry::{Decision, Effect, Policy, decide};
use wire::{Answer, Error, Http, HttpOptions, Origin, Request};

use crate::inferred;

/// How long a request that somebody waits for stands in the queue of its budget.
const LONGEST_FOREGROUND_WAIT: Duration = Duration::from_secs(15);

/// The connections and the budget of one key.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) http: Http,
    pub(crate) pace: Pace,
}

impl Line {
    pub(crate) fn new(origin: Origin, options: HttpOptions) -> Result<Self, Error> {
        Ok(Self { http: Http::new(origin, options)?, pace: inferred::pace() })
    }

    /// Sends a request, again if that is safe and can help, and opens the answer.
    pub(crate) async fn exchange<T>(
        &self,
        class: Class,
        effect: Effect,
        request: &Request,
        open: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let policy = match (class, effect) {
            (Class::Foreground, _) | (_, Effect::Write) => Policy::COMMAND,
            (Class::Live | Class::State | Class::Background | Class::Prefetch, Effect::Read) => {
                Policy::BACKGROUND
            }
        };
        let mut attempt = 1;
        loop {
            let wait = self.pace.wait(class);
            if class == Class::Foreground && wait > LONGEST_FOREGROUND_WAIT {
                return Err(Error::Transient { status: 429, retry_after: Some(wait) });
            }
            let turn = self.pace.turn(class).await;
            let result = self.http.send(request.clone()).await.and_then(|answer| open(&answer));
            drop(turn);
            let Err(error) = result else { return result };
            if let Error::Transient { status: 429, retry_after } = &error {
                self.pace.refused(*retry_after);
            }
            // Drawn before: the generator must not be held while waiting.
            let luck = rand::rng().random();
            match decide(policy, effect, &error, attempt, luck) {
                Decision::Stop => return Err(error),
                Decision::After(wait) => tokio::time::sleep(wait).await,
            }
            attempt += 1;
        }
    }
}

/// The request with a body of this media type.
pub(crate) fn with_body(request: Request, (media_type, body): (String, Bytes)) -> Request {
    request.json(body).header(wire::HeaderName::from_static("content-type"), &media_type)
}
