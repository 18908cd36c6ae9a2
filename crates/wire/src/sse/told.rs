//! What is told about a subscription: its health, and what happened so far.

use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::Event;
use super::subscriber::{Subscriber, Taken};
use crate::Error;
use crate::link::{Link, LinkState};

/// How the subscription is kept fresh just now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// Not at all yet, or not any more.
    #[default]
    None,
    /// By its stream.
    Stream,
    /// By polling (or not at all, if the subscriber does without), because the platform offers no stream here.
    NoStream,
    /// The same, because all places are taken.
    NoPlace,
}

/// What happened so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// How it is kept fresh now.
    pub way: Way,
    /// Streams that were opened.
    pub opened: u64,
    /// Events that were applied.
    pub events: u64,
    /// Events that could not be read.
    pub malformed: u64,
    /// Events that were too large.
    pub too_large: u64,
    /// Times that the whole was taken in.
    pub snapshots: u64,
    /// The server's heartbeat, once it is known.
    pub heartbeat: Option<Duration>,
}

/// Those who follow the link and the figures.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) link: watch::Sender<Link>,
    pub(super) figures: watch::Sender<Figures>,
}

impl Told {
    pub(super) fn report(&self, state: LinkState) {
        self.link.send_modify(|link| link.state = state);
    }

    pub(super) fn go(&self, way: Way) {
        self.figures.send_modify(|figures| figures.way = way);
    }

    pub(super) async fn replace<S: Subscriber>(
        &self,
        subscriber: &mut S,
        whole: Result<S::Whole, Error>,
    ) -> Result<(), Error> {
        subscriber.replace(whole?).await?;
        self.figures.send_modify(|figures| figures.snapshots += 1);
        self.link.send_modify(|link| {
            *link = Link { state: LinkState::Live, last_heard: Some(SystemTime::now()) };
        });
        Ok(())
    }

    pub(super) async fn apply<S: Subscriber>(&self, subscriber: &mut S, event: Event) -> Taken {
        let (name, size) = (event.name.clone(), event.data.len());
        let taken = subscriber.apply(event).await;
        self.figures.send_if_modified(|figures| match &taken {
            Taken::Malformed(why) => {
                tracing::warn!(name, size, why, "an event cannot be read and is skipped");
                figures.malformed += 1;
                true
            }
            // Counted, but nobody is woken for each event.
            Taken::Applied | Taken::Refetch | Taken::Over => {
                figures.events += 1;
                false
            }
        });
        taken
    }
}
