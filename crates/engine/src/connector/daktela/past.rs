//! The past of the agent: the activities that are the agent's, with their times. The documents have no log of states.

use daktela::models::{Activity, ActivityAction, ActivityCall, CallChannel, Direction as Way, Item};
use daktela::{List, Query};
use futures_util::FutureExt;
use model::{ActivityId, ContactBlock, ContactOutcome, QueueId, QueueRef, Timestamp, Witness};
use wire::Error;

use super::super::{Answer, Office, PastDay};
use super::activity::{Reader, channel, direction};
use super::agent::moment;
use super::{Daktela, inferred};

/// How many activities a page has: letters come with their texts.
const PAGE: u32 = 200;
/// How many activities a day may have.
const MOST: usize = 5_000;

impl Office for Daktela {
    fn past_day(&self, from: Timestamp, to: Timestamp) -> Answer<'_, PastDay> {
        async move {
            let past = self.activities_between(from, to).await;
            if matches!(past, Err(Error::Forbidden | Error::NotFound)) {
                self.picture().lists_no_activities();
                self.show();
            }
            let list = past.map_err(|error| self.problem(&error))?;
            Ok(self.picture().past(&list, from, to))
        }
        .boxed()
    }
}

impl Daktela {
    async fn activities_between(&self, from: Timestamp, to: Timestamp) -> Result<List<Activity>, Error> {
        let known = self.picture().user();
        let me = match known {
            Some(me) => me,
            None => self.signed(|| self.client.whoim()).await?.user,
        };
        let moments = self.client.moments();
        let written = |at: Timestamp| {
            let at = jiff::Timestamp::from_millisecond(at.0);
            at.map_err(|_| Error::invalid("day", "no calendar has this day"))
        };
        let fields = &Activity::FIELDS;
        // What began before may have rung at the agent within; what is outside is left out afterwards.
        let early = written(from.plus_ms(-inferred::LONGEST_CALL_S * 1_000))?;
        let query = Query::new()
            .filter(fields.user.eq(&*me.name))
            .filter(fields.time.gte(moments.written_since(early, written(to)?)))
            .filter(fields.time.lte(moments.written(written(to)?)))
            .sort(&fields.time)
            .take(PAGE);
        self.signed(|| self.client.list_all::<Activity>(&query, MOST)).await
    }
}

impl super::picture::Picture {
    /// What a list of activities says of a stretch of time.
    fn past(&self, list: &List<Activity>, from: Timestamp, to: Timestamp) -> PastDay {
        let mut unreadable = u32::try_from(list.unreadable.len()).unwrap_or(u32::MAX);
        let mut contacts = Vec::new();
        self.read(|reader| {
            for activity in list.rows.iter().filter(|activity| activity.kind.is_some()) {
                match reader.block(activity) {
                    Some(block) if block.began >= from && block.began < to => contacts.push(block),
                    Some(_) => {}
                    None => unreadable = unreadable.saturating_add(1),
                }
            }
        });
        contacts.sort_by_key(|block| block.began);
        PastDay { bands: Vec::new(), contacts, unreadable }
    }
}

impl Reader<'_> {
    /// An activity of mine as a block of the day; none without a time.
    fn block(&self, activity: &Activity) -> Option<ContactBlock> {
        let call = activity.item.as_ref().and_then(Item::call);
        let way = call.and_then(|call| call.direction.as_ref());
        let answered = match call {
            Some(call) => self.call_answered(activity, call),
            None => activity.time_open,
        };
        let ended = match call {
            Some(call) => answered.and_then(|answered| self.call_ended(call, answered)),
            None => activity.time_close,
        };
        let is_over = activity.action == Some(ActivityAction::Close);
        // Of what is put aside or was never closed nobody knows how long it was worked on.
        let worked_on = answered.filter(|_| is_over || ended.is_some());
        Some(ContactBlock {
            id: ActivityId::new(self.account, &activity.name),
            account: self.account.clone(),
            channel: channel(activity.kind.as_ref()),
            direction: direction(activity.item.as_ref()),
            outcome: match (is_over, answered.is_some() || call.is_none(), way) {
                (false, ..) => ContactOutcome::Open,
                (true, true, _) => ContactOutcome::Handled,
                (true, false, Some(Way::Out)) => ContactOutcome::NoAnswer,
                (true, false, _) => ContactOutcome::Missed,
            },
            party: self.known_party(activity),
            queue: activity.queue.as_ref().map(|queue| QueueRef {
                id: queue.name.clone().map(QueueId),
                title: queue.label().to_owned(),
            }),
            began: moment(inferred::began(activity, way)?),
            answered: worked_on.map(moment),
            ended: ended.map(moment),
            closed: activity.time_close.map(moment),
            hold_seconds: call
                .and_then(|call| call.hold_time)
                .and_then(|seconds| u32::try_from(seconds).ok())
                .unwrap_or(0),
            returned: false,
            witness: Witness::Told,
        })
    }

    /// When the two spoke: as the legs say, else when it was accepted, where it was answered at all.
    fn call_answered(&self, activity: &Activity, call: &ActivityCall) -> Option<jiff::Timestamp> {
        let others = call.channels.iter().filter(|channel| !self.is_mine(channel));
        let spoken = others.filter_map(|channel| channel.time_speaking).min();
        let accepted = activity.time_open.filter(|_| call.direction != Some(Way::Out));
        spoken.or(accepted).filter(|_| call.answered != Some(false))
    }

    /// When the conversation was over: as my leg says, else as long after its beginning as it lasted.
    fn call_ended(&self, call: &ActivityCall, answered: jiff::Timestamp) -> Option<jiff::Timestamp> {
        let mine = |channel: &&CallChannel| self.is_mine(channel);
        let closed = call.channels.iter().filter(mine).filter_map(|channel| channel.time_closed).max();
        let lasted = call.duration.filter(|_| inferred::is_over(call));
        closed.or_else(|| answered.checked_add(jiff::SignedDuration::from_secs(lasted?)).ok())
    }
}
