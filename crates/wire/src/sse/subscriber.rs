//! What a platform has to say about one of its streams.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;

use super::Event;
use crate::{Answer, Error, Opened};

/// A subscription: where its stream is, what the whole is, what an event means.
pub trait Subscriber: Send + Sync {
    /// What comes over the wire; [`Opened`] except in tests.
    type Body: Body;
    /// Everything the subscription is about, as it is now.
    type Whole: Send;

    /// Connects. The request must go on after `last_event_id` if there is one, see [`crate::Request::event_stream`].
    fn open(
        &self,
        last_event_id: Option<&str>,
    ) -> impl Future<Output = Result<Stream<Self::Body>, Error>> + Send;

    /// A new stream begins: whatever was counted on the one before is counted anew.
    fn connected(&mut self) {}

    /// Asks for the whole: after each connect, when [`Taken::Refetch`] was said, and over and over while there is no
    /// stream. It is dropped unfinished when the connection breaks.
    fn snapshot(&self) -> impl Future<Output = Result<Self::Whole, Error>> + Send;

    /// Takes the whole in. Events that came while it was being fetched are applied after it.
    fn replace(&mut self, whole: Self::Whole) -> impl Future<Output = Result<(), Error>> + Send;

    /// Takes an event in.
    fn apply(&mut self, event: Event) -> impl Future<Output = Taken> + Send;

    /// How often the whole is asked for while there is no stream: the platform does not offer it here, or the
    /// account's connections are taken by others. `None` does without.
    fn poll_every(&self) -> Option<Duration>;

    /// What an answer other than 200 with an event stream means.
    fn judge(&self, answer: &Answer) -> Verdict {
        Verdict::usual(answer)
    }

    /// The connections made so far must not be trusted (the computer slept, or the stream went silent); the place to call
    /// [`crate::Http::reset`].
    fn reconnect(&mut self) {}
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was taken, or was none of our business.
    Applied,
    /// It cannot be read, and why; it is counted, logged and skipped.
    Malformed(String),
    /// It shows that something was missed: the whole must be fetched.
    Refetch,
    /// It was the last: what the subscription is about is over.
    Over,
}

/// What an answer that is not a stream means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is no stream to be had; poll.
    Poll,
    /// It failed.
    Fail(Error),
    /// What the subscription is about does not exist any more.
    Over,
}

impl Verdict {
    /// Told to stop (204), no stream offered (a success of another type, 405, 406, 415, 501): poll. Else the failure that the
    /// status stands for.
    pub fn usual(answer: &Answer) -> Self {
        Self::Fail(match answer.status {
            200..300 | 405 | 406 | 415 | 501 => return Self::Poll,
            401 => Error::SignInNeeded,
            403 => Error::Forbidden,
            404 | 410 => Error::NotFound,
            status @ (408 | 429 | 500..) => Error::Transient { status, retry_after: answer.retry_after() },
            status => Error::refused(status, []),
        })
    }
}

/// An answer to the request for a stream, its body still to come.
#[derive(Debug)]
pub struct Stream<B> {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, if there is one.
    pub content_type: Option<String>,
    /// The body.
    pub body: B,
}

impl<B> Stream<B> {
    /// Whether it is an event stream at all.
    pub(super) fn is_events(&self) -> bool {
        let essence =
            self.content_type.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
        self.status == 200 && essence.trim().eq_ignore_ascii_case("text/event-stream")
    }
}

impl From<Opened> for Stream<Opened> {
    fn from(opened: Opened) -> Self {
        let content_type = opened.header(CONTENT_TYPE).map(str::to_owned);
        Self { status: opened.status(), content_type, body: opened }
    }
}

/// Bytes that come in pieces.
pub trait Body: Send {
    /// The next piece; `None` at the end. Dropping the future must lose nothing.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> + Send;

    /// The whole answer, read to its end: it was no stream.
    fn into_answer(self) -> impl Future<Output = Result<Answer, Error>> + Send;
}

impl Body for Opened {
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> + Send {
        Opened::chunk(self)
    }

    fn into_answer(self) -> impl Future<Output = Result<Answer, Error>> + Send {
        Opened::into_answer(self)
    }
}
