//! The agent's past: when the agent could be reached is a report, and what the agent did stands in the conversations that
//! changed since. Each of those costs a request, in the background of the budget.

use std::collections::BTreeMap;

use futures_util::FutureExt;
use liveagent::conversations::{Conversation, Conversations};
use liveagent::messages::{GroupType, MessageGroup, MessagesBetween};
use liveagent::service_reports::{AgentAvailability, AgentsAvailabilityReport, Of};
use liveagent::{OpDateTime, Page};
use model::{
    ActivityId, BandState, Channel, ContactBlock, ContactOutcome, Direction, Presence, QueueId, QueueRef,
    StateBand, Timestamp, Witness,
};
use wire::Error;

use super::super::{Answer, Office, PastDay};
use super::book::given;
use super::{LiveAgent, inferred};
use crate::clock;

/// How many stretches of a report are read.
const STRETCHES: u32 = 1_000;
/// How many conversations of a day are looked into.
const CONVERSATIONS: u32 = 200;

impl Office for LiveAgent {
    fn past_day(&self, from: Timestamp, to: Timestamp) -> Answer<'_, PastDay> {
        async move { self.past_between(from, to).await.map_err(|error| self.problem(&error)) }.boxed()
    }
}

impl LiveAgent {
    async fn past_between(&self, from: Timestamp, to: Timestamp) -> Result<PastDay, Error> {
        let me = self.agent().await?.id;
        let mut past = PastDay::default();
        let (bands, unreadable) = self.reachable_between(&me, from, to).await?;
        (past.bands, past.unreadable) = (bands, unreadable);
        let client = self.beside();
        let zone = self.memory().zone.clone();
        let now = clock::now();
        let changed = zone.since(instant(from), instant(now));
        let mine = Conversations {
            agent: Some(me.clone()),
            changed: Some(OpDateTime::GreaterOrEqual(changed)),
            ..Conversations::default()
        };
        let list = client.list(&mine, Page { offset: 0, limit: CONVERSATIONS }).await?;
        past.unreadable += u32::try_from(list.unreadable.len()).unwrap_or(u32::MAX);
        for conversation in &list.rows {
            let began = conversation.created.map(|time| super::moment(&zone, time));
            if began.is_some_and(|began| began >= to) {
                continue;
            }
            let groups = client.conversation_messages(&conversation.id, &MessagesBetween::default()).await;
            let groups = match groups {
                Err(error) if liveagent::is_gone(&error) => continue,
                other => other?,
            };
            let within = |block: &ContactBlock| block.began >= from && block.began < to;
            let blocks = groups.rows.iter().filter_map(|group| self.block(conversation, group, &me));
            past.contacts.extend(one_name_each(blocks.filter(within).collect()));
        }
        past.contacts.sort_by_key(|block| block.began);
        Ok(past)
    }

    /// When the agent was ready, over all departments. What the reports leave out nobody knows.
    async fn reachable_between(
        &self,
        me: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(Vec<StateBand>, u32), Error> {
        let (client, zone) = (self.beside(), self.memory().zone.clone());
        let now = clock::now();
        let mut stretches = Vec::new();
        let mut unreadable = 0;
        for of in [Of::Chats, Of::Calls] {
            let report = AgentsAvailabilityReport {
                of,
                from: Some(zone.account_time(instant(from))),
                to: Some(zone.account_time(instant(to))),
                columns: Vec::new(),
                department: None,
                agent: Some(me.to_owned()),
            };
            let list = match client.list(&report, Page { offset: 0, limit: STRETCHES }).await {
                // Reports need a right of their own; the conversations are told all the same.
                Err(Error::Forbidden | Error::NotFound) => continue,
                other => other?,
            };
            unreadable += u32::try_from(list.unreadable.len()).unwrap_or(u32::MAX);
            let is_mine = |row: &&AgentAvailability| row.user.as_deref().is_none_or(|user| user == me);
            for row in list.rows.iter().filter(is_mine) {
                let begin = row.from.map(|time| super::moment(&zone, time));
                let end = match row.to.as_deref().map(str::trim) {
                    Some("now") => Some(now),
                    other => {
                        other.and_then(liveagent::AccountTime::parse).map(|time| super::moment(&zone, time))
                    }
                };
                match begin.zip(end) {
                    Some((begin, end)) => stretches.push((begin.max(from), end.min(to).min(now))),
                    None => unreadable += 1,
                }
            }
        }
        let band = |(from, to)| StateBand {
            account: self.account.clone(),
            state: BandState::Present {
                presence: Presence::Ready,
                pause: None,
                kind: None,
                paid: None,
                max_minutes: None,
            },
            from,
            to,
            open: false,
            witness: Witness::Told,
        };
        Ok((united(stretches).into_iter().map(band).collect(), unreadable))
    }

    /// What a group of messages says of a contact of mine.
    fn block(&self, conversation: &Conversation, group: &MessageGroup, me: &str) -> Option<ContactBlock> {
        let zone = self.memory().zone.clone();
        let moment = |time| super::moment(&zone, time);
        let began = moment(group.created?);
        let talk = inferred::talk(group, me)?;
        let (channel, direction) = match group.kind.as_ref()? {
            GroupType::Call => (Channel::Call, Direction::In),
            GroupType::OutgoingCall => (Channel::Call, Direction::Out),
            GroupType::InternalCall => (Channel::Call, Direction::Internal),
            GroupType::Chat => (Channel::Chat, Direction::In),
            GroupType::OutgoingEmail => (Channel::Email, Direction::Out),
            _ => return None,
        };
        let answered = talk.answered.map(moment);
        let ended = talk.ended.map(moment).filter(|_| answered.is_some());
        let department = given(conversation.department.clone());
        Some(ContactBlock {
            id: ActivityId::new(&self.account, &conversation.id),
            account: self.account.clone(),
            channel,
            direction,
            outcome: match (answered, direction) {
                (Some(_), _) => ContactOutcome::Handled,
                (None, Direction::Out) => ContactOutcome::NoAnswer,
                (None, _) => ContactOutcome::Missed,
            },
            party: self.picture().party(conversation, channel == Channel::Call),
            queue: given(conversation.department_name.clone())
                .map(|title| QueueRef { id: department.map(QueueId), title }),
            began,
            answered,
            ended,
            closed: ended,
            hold_seconds: 0,
            returned: false,
            witness: Witness::Told,
        })
    }
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or_default()
}

/// In one conversation there may be several talks: the last is called as the conversation is, the others are numbered.
fn one_name_each(mut blocks: Vec<ContactBlock>) -> Vec<ContactBlock> {
    blocks.sort_by_key(|block| block.began);
    let others = blocks.len().saturating_sub(1);
    for (number, block) in blocks.iter_mut().take(others).enumerate() {
        block.id = ActivityId(format!("{}#{}", block.id, number + 1));
    }
    blocks
}

/// Stretches of time without overlaps, in order; those that touch are one.
fn united(stretches: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    let mut ends: BTreeMap<Timestamp, i32> = BTreeMap::new();
    for (from, to) in stretches.into_iter().filter(|(from, to)| from < to) {
        *ends.entry(from).or_default() += 1;
        *ends.entry(to).or_default() -= 1;
    }
    let (mut united, mut since, mut open) = (Vec::new(), None, 0);
    for (at, change) in ends {
        open += change;
        match (open > 0, since) {
            (true, None) => since = Some(at),
            (false, Some(from)) => {
                united.push((from, at));
                since = None;
            }
            _ => {}
        }
    }
    united
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_several_departments_are_one_state() {
        let at = |pairs: &[(i64, i64)]| -> Vec<_> {
            pairs.iter().map(|(from, to)| (Timestamp(*from), Timestamp(*to))).collect()
        };
        for (told, united) in [
            (&[(5, 9), (1, 3)][..], &[(1, 3), (5, 9)][..]),
            (&[(1, 5), (3, 9), (1, 5)], &[(1, 9)]),
            (&[(1, 5), (5, 9)], &[(1, 9)]),
            (&[(1, 9), (2, 3)], &[(1, 9)]),
            (&[(4, 4), (7, 2)], &[]),
        ] {
            assert_eq!(super::united(at(told)), at(united));
        }
    }
}
