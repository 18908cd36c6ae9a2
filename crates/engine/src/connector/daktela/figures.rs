//! Figures of queues. The platform has no list of them, so they are counted from what its documents list:
//!
//! | figure | from |
//! |---|---|
//! | waiting, the longest wait | activities that wait or are handed out |
//! | being served | today's calls that are answered and not over; of other channels, open activities |
//! | agents | the live sessions of agents, and the queues of their profiles |
//! | answered, given up, total | today's calls; of other channels nothing is told |
//!
//! Three requests a round while somebody looks, every few seconds and when something happens at the agent; calls of the day
//! that are over are asked for once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use daktela::models::{
    Activity, ActivityAction, ActivityCall, AgentState, Direction as Way, Queue, RealtimeSession,
};
use daktela::{LARGEST_PAGE, Query};
use jiff::SignedDuration;
use model::{Channel, PresenceCount, QueueId, QueueStatistics};
use rand::RngExt;
use tokio::time::Instant;
use wire::Error;

use super::Daktela;
use super::agent::moment;
use super::inferred::{self, Belongs};
use crate::clock;

/// How long between two rounds.
const ROUND: Duration = Duration::from_secs(10);
/// How long while no window shows figures and only notices depend on them: every desktop of a centre may have some.
const UNSEEN: Duration = Duration::from_secs(60);
/// How long after something has happened at the agent.
const SOON: Duration = Duration::from_secs(1);
/// How long after a round that failed.
const AGAIN: Duration = Duration::from_secs(30);
/// How long after a round that was refused.
const REFUSED: Duration = Duration::from_secs(600);
/// How old the list of queues and the queues of profiles may grow.
const FRESH: Duration = Duration::from_secs(600);
/// How many calls of a day are counted.
const MOST_CALLS: usize = 20_000;

/// Counts while figures are watched.
pub(super) async fn follow(daktela: Arc<Daktela>) {
    let mut watched = daktela.watched.subscribe();
    let mut counted = Counted::default();
    loop {
        if watched.wait_for(|watched| watched.queues).await.is_err() {
            return;
        }
        let wait = match daktela.count(&mut counted).await {
            Ok(figures) => {
                daktela.tell_figures(figures);
                if watched.borrow().shows_queues { ROUND } else { UNSEEN }
            }
            Err(error @ (Error::Forbidden | Error::NotFound)) => {
                tracing::info!(account = %daktela.account, %error, "activities cannot be listed");
                daktela.picture().lists_no_activities();
                daktela.tell_figures(Vec::new());
                daktela.show();
                REFUSED
            }
            Err(error) => {
                tracing::info!(account = %daktela.account, %error, "figures could not be counted");
                AGAIN
            }
        };
        // Desktops that began together are not to ask together for ever.
        let wait = wait.mul_f64(rand::rng().random_range(0.8..1.2));
        let shown = watched.borrow_and_update().shows_queues;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // Much happens at once: it is counted together.
            () = daktela.moved.notified(), if shown => tokio::time::sleep(SOON).await,
            changed = watched.changed(), if !shown => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// What stays from one round to the next.
#[derive(Default)]
struct Counted {
    queues: Option<(Instant, Vec<Queue>)>,
    /// How each profile stands to the queues.
    profiles: HashMap<String, Profile>,
    calls: Calls,
}

/// Today's calls.
#[derive(Default)]
struct Calls {
    day: Option<jiff::civil::Date>,
    /// By their names: the queue, and how they stand.
    known: HashMap<String, (String, Stands)>,
    /// From when on they are asked for again.
    from: Option<jiff::Timestamp>,
}

/// How a call of today stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Waits,
    Served,
    Answered,
    Dropped,
}

impl Daktela {
    fn tell_figures(&self, figures: Vec<QueueStatistics>) {
        let ear = self.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(ear) = ear {
            ear.statistics(figures);
        }
    }

    async fn count(&self, counted: &mut Counted) -> Result<Vec<QueueStatistics>, Error> {
        self.read_queues(counted).await?;
        let (open, sessions, calls) =
            tokio::join!(self.open_activities(), self.live_sessions(), self.read_calls(&mut counted.calls));
        let open = open?;
        let sessions = self.of_those_who_may(sessions)?;
        if self.of_those_who_may(calls)?.is_none() {
            counted.calls = Calls::default();
        }
        self.read_profiles(counted, sessions.as_deref().unwrap_or_default()).await?;
        let queues = counted.queues.iter().flat_map(|(_, queues)| queues);
        let figures =
            queues.map(|queue| self.figures_of(queue, open.as_deref(), sessions.as_deref(), counted));
        Ok(figures.collect())
    }

    /// What a user may not read is not there; whatever else fails is told.
    fn of_those_who_may<T>(&self, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(Error::Forbidden | Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every queue that something comes in through.
    async fn read_queues(&self, counted: &mut Counted) -> Result<(), Error> {
        if counted.queues.as_ref().is_some_and(|(at, _)| at.elapsed() < FRESH) {
            return Ok(());
        }
        let all = Query::new().sort(&Queue::FIELDS.name).take(LARGEST_PAGE);
        let all = self.of_those_who_may(self.signed(|| self.client.list::<Queue>(&all)).await)?;
        let own = || self.picture().wire_queues();
        let mut queues = all.map_or_else(own, |list| list.rows);
        queues.retain(|queue| queue.deactivated != Some(true) && !queue.is_outgoing());
        counted.queues = Some((Instant::now(), queues));
        Ok(())
    }

    /// What waits or is being worked on; none where there is more than can be looked through.
    async fn open_activities(&self) -> Result<Option<Vec<Activity>>, Error> {
        let fields = &Activity::FIELDS;
        let going_on = [ActivityAction::Wait.as_str(), ActivityAction::Open.as_str(), ""];
        let query = Query::new()
            .filter(daktela::Filter::any(going_on.map(|action| fields.action.eq(action))))
            .fields([
                &fields.name,
                &fields.queue,
                &fields.action,
                &fields.kind,
                &fields.time,
                &fields.time_wait,
            ])
            .sort(&fields.time)
            .take(LARGEST_PAGE);
        let list = self.signed(|| self.client.list::<Activity>(&query)).await?;
        let is_all = list.total.is_none_or(|total| total <= list.received() as u64)
            && list.received() < LARGEST_PAGE as usize;
        // An activity without a type is a comment: nobody waits in it.
        Ok(is_all.then(|| list.rows.into_iter().filter(|activity| activity.kind.is_some()).collect()))
    }

    async fn live_sessions(&self) -> Result<Vec<RealtimeSession>, Error> {
        let query = Query::new().sort(&RealtimeSession::FIELDS.id_agent).take(LARGEST_PAGE);
        Ok(self.signed(|| self.client.list::<RealtimeSession>(&query)).await?.rows)
    }

    /// How the profiles of those who are signed in stand to the queues.
    async fn read_profiles(&self, counted: &mut Counted, sessions: &[RealtimeSession]) -> Result<(), Error> {
        for profile in sessions.iter().filter_map(profile_of) {
            if counted.profiles.get(profile).is_some_and(|(at, _)| at.elapsed() < FRESH) {
                continue;
            }
            let queues = self.of_those_who_may(self.signed(|| self.client.profile_queues(profile)).await)?;
            let belongs = queues.map(|list| {
                list.rows.iter().map(|queue| (queue.name.clone(), inferred::belongs(queue))).collect()
            });
            counted.profiles.insert(profile.to_owned(), (Instant::now(), belongs));
        }
        Ok(())
    }

    /// The calls of today that are new or were not over.
    async fn read_calls(&self, calls: &mut Calls) -> Result<(), Error> {
        let moments = self.client.moments();
        let now = moments.theirs(jiff::Timestamp::now());
        let today = moments.zone().to_datetime(now).date();
        let midnight = moments.zone().to_zoned(today.to_datetime(jiff::civil::Time::midnight()));
        let Ok(midnight) = midnight.map(|midnight| midnight.timestamp()) else { return Ok(()) };
        if calls.day != Some(today) {
            *calls = Calls { day: Some(today), from: Some(midnight), known: HashMap::new() };
        }
        let from = calls.from.unwrap_or(midnight);
        let fields = &ActivityCall::FIELDS;
        let query = Query::new()
            .filter(fields.call_time.gte(moments.written_since(from, now)))
            .fields([
                &fields.id_call,
                &fields.call_time,
                &fields.direction,
                &fields.id_queue,
                &fields.answered,
                &fields.disposition_cause,
                &fields.disconnection_cause,
            ])
            .sort(&fields.call_time)
            .take(LARGEST_PAGE);
        let read = self.signed(|| self.client.list_all::<ActivityCall>(&query, MOST_CALLS)).await?;
        calls.take(&read.rows, midnight, now);
        Ok(())
    }

    fn figures_of(
        &self,
        queue: &Queue,
        open: Option<&[Activity]>,
        sessions: Option<&[RealtimeSession]>,
        counted: &Counted,
    ) -> QueueStatistics {
        let channel = inferred::channel_of(queue);
        let title = queue.title.clone().unwrap_or_else(|| queue.name.clone());
        let untold = QueueStatistics::untold(
            self.account.clone(),
            QueueId(queue.name.clone()),
            title,
            clock::now(),
            "activities, realtimeSessions",
        );
        let here = |activity: &&Activity| activity.queue.as_ref().is_some_and(|of| of.is(&queue.name));
        let open: Option<Vec<&Activity>> = open.map(|open| open.iter().filter(here).collect());
        let is_open = |activity: &&&Activity| activity.action == Some(ActivityAction::Open);
        let waiting = open.as_ref().map(|open| open.iter().filter(|one| !is_open(one)).collect::<Vec<_>>());
        let longest = waiting.iter().flatten().filter_map(|one| one.time.or(one.time_wait)).min();
        let agents = sessions.and_then(|sessions| agents(queue, channel, sessions, &counted.profiles));
        let calls = (channel == Some(Channel::Call) && counted.calls.day.is_some())
            .then(|| counted.calls.of(&queue.name));
        QueueStatistics {
            channel,
            mine: self.picture().is_in(&queue.name),
            waiting: waiting.as_ref().map(|waiting| many(waiting.len())),
            longest_since: longest.map(moment),
            serving: match &calls {
                Some(calls) => Some(calls.served),
                None => open.as_ref().map(|open| many(open.iter().filter(is_open).count())),
            },
            logged_in: agents.as_ref().and_then(|agents| agents.logged_in),
            free: agents.as_ref().and_then(|agents| agents.free),
            presences: agents.map(|agents| agents.presences).unwrap_or_default(),
            total: calls.as_ref().map(|calls| calls.total),
            answered: calls.as_ref().map(|calls| calls.answered),
            dropped: calls.as_ref().map(|calls| calls.dropped),
            ..untold
        }
    }
}

impl Calls {
    /// Takes calls in that were read in the order of their times, and finds out from when to read the next time.
    fn take(&mut self, rows: &[ActivityCall], midnight: jiff::Timestamp, now: jiff::Timestamp) {
        let forgotten = now - SignedDuration::from_secs(inferred::LONGEST_CALL_S);
        let mut open = None;
        for call in rows {
            let over = inferred::is_over(call);
            let began = call.call_time;
            if !over && open.is_none() && began.is_some_and(|began| began > forgotten) {
                open = began;
            }
            let Some(queue) = call.id_queue.as_ref().and_then(|queue| queue.name.clone()) else { continue };
            if call.direction == Some(Way::Out) || began.is_some_and(|began| began < midnight) {
                continue;
            }
            let stands = match (over, call.answered == Some(true)) {
                (true, true) => Stands::Answered,
                (true, false) => Stands::Dropped,
                (false, true) => Stands::Served,
                (false, false) => Stands::Waits,
            };
            self.known.insert(call.id_call.clone(), (queue, stands));
        }
        let newest = rows.iter().filter_map(|call| call.call_time).max();
        self.from = open.or(newest).or(self.from);
    }

    fn of(&self, queue: &str) -> Sums {
        let mut sums = Sums::default();
        for (_, stands) in self.known.values().filter(|(of, _)| of == queue) {
            sums.total += 1;
            match stands {
                Stands::Answered => sums.answered += 1,
                Stands::Dropped => sums.dropped += 1,
                // Whoever is served was answered.
                Stands::Served => (sums.served, sums.answered) = (sums.served + 1, sums.answered + 1),
                Stands::Waits => {}
            }
        }
        sums
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    total: u32,
    answered: u32,
    dropped: u32,
    served: u32,
}

struct Agents {
    logged_in: Option<u32>,
    free: Option<u32>,
    presences: Vec<PresenceCount>,
}

/// When a profile was read, and how it belongs to which queue; nothing where that is not told.
type Profile = (Instant, Option<HashMap<String, Belongs>>);

/// The agents of a queue; none where it is not told who somebody is.
fn agents(
    queue: &Queue,
    channel: Option<Channel>,
    sessions: &[RealtimeSession],
    profiles: &HashMap<String, Profile>,
) -> Option<Agents> {
    let (mut logged_in, mut free, mut certain) = (0, 0, true);
    let mut presences: BTreeMap<&str, u32> = BTreeMap::new();
    for session in sessions {
        let (_, queues) = profiles.get(profile_of(session)?)?;
        let belongs = queues.as_ref()?.get(&queue.name).copied().unwrap_or(Belongs::Never);
        let Some(state) = session.state.as_ref().filter(|_| belongs != Belongs::Never) else { continue };
        *presences.entry(state.as_str()).or_default() += 1;
        if *state == AgentState::Session {
            continue;
        }
        certain &= belongs == Belongs::ByItself;
        logged_in += 1;
        free += u32::from(inferred::is_free(session, channel.unwrap_or(Channel::Other)));
    }
    Some(Agents {
        logged_in: certain.then_some(logged_in),
        free: certain.then_some(free),
        presences: (presences.into_iter())
            .map(|(presence, agents)| PresenceCount { presence: presence.to_owned(), agents })
            .collect(),
    })
}

fn profile_of(session: &RealtimeSession) -> Option<&str> {
    session.id_agent.as_ref()?.full.as_ref()?.profile.as_ref()?.name.as_deref()
}

fn many(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use daktela::Fk;
    use daktela::models::EndedBy;

    use super::*;

    fn at(minute: i64) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_780_000_000 + minute * 60).unwrap()
    }

    fn call(name: &str, minute: i64, answered: bool, over: bool) -> ActivityCall {
        ActivityCall {
            id_call: name.to_owned(),
            call_time: Some(at(minute)),
            direction: Some(Way::In),
            id_queue: Some(Fk::to("1")),
            answered: Some(answered),
            disposition_cause: over.then_some(EndedBy::Caller),
            ..ActivityCall::default()
        }
    }

    #[test]
    fn a_call_counts_once_however_often_it_is_read() {
        let mut calls = Calls::default();
        calls.take(
            &[call("a", 1, true, true), call("b", 2, false, false), call("c", 3, true, false)],
            at(0),
            at(4),
        );
        assert_eq!(calls.of("1"), Sums { total: 3, answered: 2, dropped: 0, served: 1 });
        assert_eq!(calls.from, Some(at(2)), "the first that is not over is read again");
        calls.take(
            &[call("b", 2, false, true), call("c", 3, true, true), call("d", 5, true, true)],
            at(0),
            at(6),
        );
        assert_eq!(calls.of("1"), Sums { total: 4, answered: 3, dropped: 1, served: 0 });
        assert_eq!(calls.from, Some(at(5)));
        calls.take(&[], at(0), at(7));
        assert_eq!((calls.from, calls.of("2")), (Some(at(5)), Sums::default()));
    }

    #[test]
    fn calls_out_and_of_yesterday_are_not_counted_and_one_without_an_end_is_not_waited_for() {
        let mut calls = Calls::default();
        let out = ActivityCall { direction: Some(Way::Out), ..call("out", 5, true, true) };
        let day = 24 * 60;
        calls.take(&[call("lost", -1, true, false), out, call("a", day, true, true)], at(0), at(day + 1));
        assert_eq!(calls.of("1").total, 1);
        assert_eq!(calls.from, Some(at(day)));
    }
}
