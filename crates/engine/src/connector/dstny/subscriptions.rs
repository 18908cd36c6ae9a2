//! The streams: what each is about, what the whole of it is, and what an item in it means.
//!
//! All of them connect, are read and are judged alike ([`Follow`]); a [`Topic`] says the rest. Where a stream is refused
//! or is none, the whole is polled.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dstny::queue_statistics::QueueStatistics as WireStatistics;
use dstny::wire::sse::{Event, Stream, Subscriber, Taken, Verdict};
use dstny::wire::{Answer, Error, Opened};
use dstny::{StreamItem, Subscription};
use model::{PresenceCount, QueueId, QueueStatistics, Timestamp};

use super::book::Heard;
use super::offers::{Part, is_a_clear_no};
use super::picture::Asked;
use super::{Dstny, agent};
use crate::clock;

/// One stream, followed for one topic.
pub(super) struct Follow<T> {
    pub(super) dstny: Arc<Dstny>,
    pub(super) subscription: Subscription,
    pub(super) topic: T,
}

/// What a stream is about.
pub(super) trait Topic: Send + Sync + 'static {
    /// Everything of it.
    type Whole: Send;

    /// A new stream begins.
    fn connected(&mut self, _: &Dstny) {}

    fn snapshot(&self, dstny: &Dstny) -> impl Future<Output = Result<Self::Whole, Error>> + Send;

    fn replace(&mut self, dstny: &Dstny, whole: Self::Whole);

    /// Takes an item in; `None` for one that this topic cannot use.
    fn apply(&mut self, dstny: &Dstny, item: StreamItem) -> Option<Taken>;

    /// How often the whole is asked for where there is no stream.
    fn poll_every(&self, dstny: &Dstny) -> Duration;
}

impl<T: Topic> Subscriber for Follow<T> {
    type Body = Opened;
    type Whole = T::Whole;

    async fn open(&self, last_event_id: Option<&str>) -> Result<Stream<Opened>, Error> {
        let request = self.dstny.client.stream_request(&self.subscription, last_event_id)?;
        Ok(self.dstny.client.http().open(request).await?.into())
    }

    fn connected(&mut self) {
        self.topic.connected(&self.dstny);
    }

    fn snapshot(&self) -> impl Future<Output = Result<T::Whole, Error>> + Send {
        self.topic.snapshot(&self.dstny)
    }

    async fn replace(&mut self, whole: T::Whole) -> Result<(), Error> {
        self.topic.replace(&self.dstny, whole);
        Ok(())
    }

    async fn apply(&mut self, event: Event) -> Taken {
        let item = self.subscription.read(&event.data);
        self.topic.apply(&self.dstny, item).unwrap_or_else(|| {
            self.dstny.picture().unreadable();
            self.dstny.news.shown.notify_one();
            Taken::Malformed(format!("{} cannot use it", self.subscription.operation()))
        })
    }

    fn poll_every(&self) -> Option<Duration> {
        Some(self.topic.poll_every(&self.dstny))
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        match self.dstny.client.stream_refusal(&self.subscription, answer) {
            // Not here, or not for this user: the whole may be had all the same.
            Some(error) if is_a_clear_no(&error) => {
                let (account, operation) = (&self.dstny.account, self.subscription.operation());
                tracing::info!(%account, operation, %error, "there is no such stream here");
                Verdict::Poll
            }
            _ => Verdict::usual(answer),
        }
    }

    fn reconnect(&mut self) {
        self.dstny.client.reset_connections();
    }
}

/// The user's dialogs: they find calls.
pub(super) struct Dialogs;

impl Topic for Dialogs {
    type Whole = ();

    fn connected(&mut self, dstny: &Dstny) {
        dstny.picture().book.dialogs_begin();
    }

    async fn snapshot(&self, dstny: &Dstny) -> Result<(), Error> {
        dstny.look_at_calls().await
    }

    fn replace(&mut self, _: &Dstny, (): ()) {}

    fn apply(&mut self, dstny: &Dstny, item: StreamItem) -> Option<Taken> {
        let refetch = match item {
            StreamItem::Dialogs(document) => dstny.picture().book.dialogs(document, clock::now()),
            // A platform that sends the calls themselves saves us a look.
            StreamItem::Call(_) | StreamItem::User(_) => false,
            _ => return None,
        };
        dstny.news.calls.notify_one();
        dstny.news.shown.notify_one();
        Some(if refetch { Taken::Refetch } else { Taken::Applied })
    }

    fn poll_every(&self, dstny: &Dstny) -> Duration {
        let picture = dstny.picture();
        Duration::from_secs(match (picture.offers.refused(Part::Calls), picture.book.live().is_empty()) {
            (Some(_), _) => 60,
            (None, true) => 3,
            (None, false) => 2,
        })
    }
}

/// One live call.
pub(super) struct OneCall(pub(super) String);

impl Topic for OneCall {
    type Whole = ();

    async fn snapshot(&self, dstny: &Dstny) -> Result<(), Error> {
        dstny.look_at_call(&self.0).await
    }

    fn replace(&mut self, _: &Dstny, (): ()) {}

    fn apply(&mut self, dstny: &Dstny, item: StreamItem) -> Option<Taken> {
        let StreamItem::Call(mut call) = item else { return None };
        call.call_id.get_or_insert_with(|| self.0.clone());
        let heard = dstny.picture().book.event(*call, clock::now());
        dstny.news.shown.notify_one();
        match heard {
            Heard::Taken => Some(Taken::Applied),
            Heard::Doubtful => Some(Taken::Refetch),
            Heard::Senseless => None,
        }
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        Duration::from_secs(3)
    }
}

/// The user's own presence.
pub(super) struct OwnPresence;

impl Topic for OwnPresence {
    type Whole = (Asked, dstny::presence::Presence);

    async fn snapshot(&self, dstny: &Dstny) -> Result<Self::Whole, Error> {
        let asked = dstny.picture().ask_presence();
        Ok((asked, dstny.client.presence().await?))
    }

    fn replace(&mut self, dstny: &Dstny, (asked, presence): Self::Whole) {
        dstny.presence_read(asked, presence);
    }

    fn apply(&mut self, _: &Dstny, item: StreamItem) -> Option<Taken> {
        // The document says less than the user's own presence does: no ids, no role.
        matches!(item, StreamItem::Presence(_)).then_some(Taken::Refetch)
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        Duration::from_secs(10)
    }
}

/// The user's devices.
pub(super) struct Devices;

impl Topic for Devices {
    type Whole = Vec<dstny::device::Device>;

    async fn snapshot(&self, dstny: &Dstny) -> Result<Self::Whole, Error> {
        dstny.read_devices().await
    }

    fn replace(&mut self, dstny: &Dstny, devices: Self::Whole) {
        dstny.picture().devices_told(devices);
        dstny.news.shown.notify_one();
    }

    fn apply(&mut self, _: &Dstny, item: StreamItem) -> Option<Taken> {
        matches!(item, StreamItem::AppConfig(_)).then_some(Taken::Refetch)
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        Duration::from_secs(60)
    }
}

/// What the organisation has configured for the user.
pub(super) struct Configuration;

impl Topic for Configuration {
    type Whole = ();

    async fn snapshot(&self, dstny: &Dstny) -> Result<(), Error> {
        dstny.read_configuration().await
    }

    fn replace(&mut self, dstny: &Dstny, (): ()) {
        dstny.news.shown.notify_one();
    }

    fn apply(&mut self, _: &Dstny, item: StreamItem) -> Option<Taken> {
        matches!(item, StreamItem::AppConfig(_)).then_some(Taken::Refetch)
    }

    fn poll_every(&self, _: &Dstny) -> Duration {
        Duration::from_secs(600)
    }
}

/// The figures of the queues that the user is logged in to.
pub(super) struct Figures;

impl Topic for Figures {
    type Whole = Vec<WireStatistics>;

    async fn snapshot(&self, dstny: &Dstny) -> Result<Self::Whole, Error> {
        read_figures(dstny).await
    }

    fn replace(&mut self, dstny: &Dstny, whole: Self::Whole) {
        all_figures_told(dstny, whole);
    }

    fn apply(&mut self, dstny: &Dstny, item: StreamItem) -> Option<Taken> {
        let StreamItem::Queues(queues) = item else { return None };
        let before = dstny.figures().clone();
        figures_told(dstny, before, queues);
        Some(Taken::Applied)
    }

    fn poll_every(&self, dstny: &Dstny) -> Duration {
        Duration::from_secs(if dstny.picture().offers.refused(Part::Statistics).is_some() { 600 } else { 10 })
    }
}

/// Asks for the figures of all queues of the user.
pub(super) async fn read_figures(dstny: &Dstny) -> Result<Vec<WireStatistics>, Error> {
    let read = dstny.client.queue_statistics().await;
    dstny.note(Part::Statistics, &read);
    match read {
        Err(error) if is_a_clear_no(&error) => Ok(Vec::new()),
        read => read,
    }
}

/// These are all figures there are.
pub(super) fn all_figures_told(dstny: &Dstny, told: Vec<WireStatistics>) {
    figures_told(dstny, BTreeMap::new(), told);
}

/// Some figures, on top of those that stay.
fn figures_told(dstny: &Dstny, mut all: BTreeMap<QueueId, QueueStatistics>, told: Vec<WireStatistics>) {
    let now = clock::now();
    let mine = dstny.picture().memberships();
    let mut known = dstny.figures();
    for queue in told {
        let Some(mut figures) = figures(dstny, &queue, &known, now) else { continue };
        // Once the groups are known, who is in none of that number is not in its queue.
        figures.mine = mine.get(&figures.queue).copied().or((!mine.is_empty()).then_some(false));
        let logged_in = known.get(&figures.queue).map(|before| before.logged_in);
        if logged_in.is_some_and(|before| before != figures.logged_in) {
            // Somebody logged in or out; it may have been us, elsewhere.
            dstny.news.groups.notify_one();
        }
        all.insert(figures.queue.clone(), figures);
    }
    known.clone_from(&all);
    // Told under the lock, so that of two tellings the newer is the last.
    if let Some(ear) = dstny.ear() {
        ear.statistics(all.into_values().collect());
    }
}

/// How far a moment worked out from an age may move without having moved.
const TREMBLE_MS: i64 = 1_500;

fn figures(
    dstny: &Dstny,
    queue: &WireStatistics,
    before: &BTreeMap<QueueId, QueueStatistics>,
    now: Timestamp,
) -> Option<QueueStatistics> {
    let id = agent::queue_id(queue.id?, queue.domain.as_deref(), dstny.client.identity());
    let count = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let since = |seconds: i64| now.plus_ms(seconds.saturating_mul(-1_000));
    let longest =
        queue.longest_waiting.filter(|_| queue.queue_length.is_some_and(|length| length > 0)).map(since);
    let same = |longest: Timestamp| {
        let told = before.get(&id).and_then(|before| before.longest_since);
        told.filter(|told| told.ms_since(longest).abs() <= TREMBLE_MS).unwrap_or(longest)
    };
    let title = queue.name.clone().unwrap_or_else(|| id.0.clone());
    let longest = longest.map(same);
    let untold = QueueStatistics::untold(dstny.account.clone(), id, title, now, "queue statistics");
    Some(QueueStatistics {
        waiting: count(queue.queue_length),
        longest_since: longest,
        logged_in: count(queue.logged_in_agents),
        free: count(queue.available_agents),
        total: count(queue.total_calls_for_period),
        answered: count(queue.answered_calls_for_period),
        dropped: count(queue.dropped_calls_for_period),
        average_wait: count(queue.average_wait),
        presences: (queue.current_agent_presence.iter())
            .filter_map(|one| Some(PresenceCount { presence: one.name.clone()?, agents: count(one.count)? }))
            .collect(),
        ..untold
    })
}
