//! The past: the agent's own communication log, and the call logs of groups.
//!
//! Names: `c` and a number for an item of the agent's log, `g` and a number for one of a group's.

use std::collections::BTreeSet;

use dstny::commlog::{Log, LogEntry, LogItemType, LogMarks, LogParty, LogQuery};
use dstny::groups::{GroupCall, GroupCallType, GroupLogQuery, HandledStatus, Handling};
use dstny::wire::Error;
use model::{
    Channel, Direction, Handled, HandledState, HistoryId, HistoryItem, HistoryMark, Party, PastActivity,
    PastOutcome, Phone, Problem, QueueId, QueueRef, Timestamp,
};

use super::super::{HistoryPart, Past};
use super::offers::Part;
use super::{Dstny, agent};
use crate::numbers;

/// How many items of a group's log are asked for at once.
const GROUP_PAGE: u32 = 100;
/// How many pages of a log are read for one page of ours.
const PAGES: usize = 20;

/// What a name stands for.
enum Named {
    Own(i64),
    Group(i64),
}

fn named(name: &str) -> Option<Named> {
    let number = |text: &str| text.parse().ok();
    name.strip_prefix('c')
        .and_then(number)
        .map(Named::Own)
        .or_else(|| name.strip_prefix('g').and_then(number).map(Named::Group))
}

impl Dstny {
    pub(super) async fn own_history(&self, past: &Past) -> Result<HistoryPart, Problem> {
        let ask = |query: LogQuery| async move {
            let log = self.client.log(&query).await;
            self.note(Part::Log, &log);
            log
        };
        let part = own_part(past, ask, |entry| self.own_item(entry)).await;
        part.map_err(|error| self.problem(&error))
    }

    pub(super) async fn group_history(&self, group: &QueueId, past: &Past) -> Result<HistoryPart, Problem> {
        let (id, domain) =
            agent::group_of(group, self.client.identity()).ok_or_else(|| self.problem(&Error::NotFound))?;
        let mut query = GroupLogQuery {
            item_types: group_types_of(&past.outcomes),
            limit: Some(GROUP_PAGE),
            ..GroupLogQuery::default()
        };
        let mut part = HistoryPart::default();
        // The log is paged by numbers only, so what is newer than asked for is read over.
        for _ in 0..PAGES {
            let log = self.client.group_call_log(id, Some(&domain), &query).await;
            let log = log.map_err(|error| self.problem(&error))?;
            let oldest = log.items.iter().filter_map(|item| item.item_id).min();
            for call in &log.items {
                match self.group_item(call, group) {
                    Some(item) if is_asked_for(&item, past) => part.items.push(item),
                    Some(_) => {}
                    None => part.unreadable += 1,
                }
            }
            let is_last = log.items.len() < GROUP_PAGE as usize || oldest.is_none();
            if is_last || part.items.len() > past.most {
                break;
            }
            query.older_than = oldest;
        }
        part.items.sort_by_key(|item| std::cmp::Reverse(item.at));
        part.more = part.items.len() > past.most;
        part.items.truncate(past.most);
        Ok(part)
    }

    pub(super) async fn mark_past(&self, item: &str, mark: HistoryMark) -> Result<(), Error> {
        let client = &self.client;
        match (named(item).ok_or(Error::NotFound)?, mark) {
            (Named::Own(id), HistoryMark::Deleted) => client.delete_log_item(id, true).await,
            (Named::Own(id), HistoryMark::Seen) => self.set_marks(id, |marks| marks.is_seen = true).await,
            (Named::Own(id), HistoryMark::Unseen) => self.set_marks(id, |marks| marks.is_seen = false).await,
            (Named::Own(id), HistoryMark::Played) => {
                self.set_marks(id, |marks| (marks.is_seen, marks.is_played) = (true, true)).await
            }
            (Named::Group(id), HistoryMark::Handled { state, note }) => {
                let state = match state {
                    HandledState::Unhandled => Handling::Unhandled,
                    HandledState::InProgress => Handling::InProgress,
                    HandledState::Handled => Handling::Handled,
                };
                client.assign_group_call(id, &state, Some(note.trim())).await.map(drop)
            }
            (Named::Own(_), HistoryMark::Handled { .. }) | (Named::Group(_), _) => {
                Err(Error::invalid("mark", "this item keeps no such mark"))
            }
        }
    }

    /// Both marks are written at once, so the other is read first.
    async fn set_marks(&self, id: i64, change: impl FnOnce(&mut LogMarks)) -> Result<(), Error> {
        let log = self.client.log_item(id).await?;
        let entry = log.items.into_iter().map(|item| item.entry).find(|entry| entry.item_id == Some(id));
        let entry = entry.unwrap_or_default();
        let mut marks = LogMarks {
            is_seen: entry.is_seen == Some(true),
            is_played: entry.is_played == Some(true),
            update_call_item: true,
        };
        change(&mut marks);
        self.client.mark_log_item(id, marks).await?;
        self.news.missed.notify_one();
        Ok(())
    }

    /// The last conversations with a contact, or with a number.
    pub(super) async fn past_with(&self, query: LogQuery) -> Result<(Vec<PastActivity>, u32), Error> {
        let log = self.client.log(&query).await?;
        let region = self.picture().region();
        let read: Vec<PastActivity> =
            log.items.iter().filter_map(|item| past_activity(&item.entry, &region)).collect();
        let unreadable = u32::try_from(log.items.len() - read.len()).unwrap_or(u32::MAX);
        Ok((read, unreadable))
    }

    fn own_item(&self, entry: &LogEntry) -> Option<HistoryItem> {
        let kind = entry.item_type.clone()?;
        let (outcome, other_outcome) = outcome_of(entry, &kind);
        let inbox = entry.inbox_name.clone().map(|title| QueueRef { id: None, title });
        let is_audio = matches!(kind, LogItemType::Voicemail | LogItemType::Recording);
        Some(HistoryItem {
            id: self.history_id('c', entry.item_id?),
            account: self.account.clone(),
            channel: Channel::Call,
            direction: direction_of(&kind),
            outcome,
            other_outcome,
            party: party_of(entry.remote_party.as_ref(), &self.picture().region()),
            queue: inbox,
            at: moment(entry.start_time?),
            seconds: entry.duration.and_then(|seconds| u32::try_from(seconds).ok()),
            count: 1,
            seen: entry.is_seen,
            played: entry.is_played.filter(|_| is_audio),
            handled: None,
            agent: None,
            facts: Vec::new(),
            web: None,
        })
    }

    fn group_item(&self, call: &GroupCall, group: &QueueId) -> Option<HistoryItem> {
        let (outcome, other_outcome) = match call.item_type.clone()? {
            GroupCallType::Answered => (PastOutcome::Answered, None),
            GroupCallType::Forwarded => (PastOutcome::Forwarded, None),
            GroupCallType::Missed => (PastOutcome::Missed, None),
            other => (PastOutcome::Other, Some(other.as_str().to_owned())),
        };
        let picture = self.picture();
        let number = call.caller_number.as_deref().or(call.callback_to_number.as_deref());
        Some(HistoryItem {
            id: self.history_id('g', call.item_id?),
            account: self.account.clone(),
            channel: Channel::Call,
            direction: Direction::In,
            outcome,
            other_outcome,
            party: Party { phone: phone(number, &picture.region()), ..Party::default() },
            queue: picture.queue(group),
            at: moment(call.start_time?),
            seconds: call.call_duration.and_then(|seconds| u32::try_from(seconds).ok()),
            count: call.call_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
            seen: None,
            played: None,
            handled: Some(call.handled_status.as_ref().map(handled).unwrap_or(Handled {
                state: HandledState::Unhandled,
                agent: None,
                at: None,
                note: String::new(),
            })),
            agent: call.agent.as_ref().and_then(|agent| agent.name.clone()),
            facts: Vec::new(),
            web: None,
        })
    }

    fn history_id(&self, kind: char, number: i64) -> HistoryId {
        HistoryId(format!("{}/{kind}{number}", self.account))
    }
}

/// A page of the agent's own log: what its types say is not always what is asked for, so it is read on until
/// something is found. Whoever is shown nothing takes it for the end.
async fn own_part<F: Future<Output = Result<Log, Error>>>(
    past: &Past,
    ask: impl Fn(LogQuery) -> F,
    read: impl Fn(&LogEntry) -> Option<HistoryItem>,
) -> Result<HistoryPart, Error> {
    let moment = |at: Timestamp| jiff::Timestamp::from_millisecond(at.0).ok();
    let mut query = LogQuery {
        until_time: past.before.and_then(moment),
        limit: Some(u32::try_from(past.most).unwrap_or(u32::MAX)),
        item_types: types_of(&past.outcomes),
        ..LogQuery::default()
    };
    let mut part = HistoryPart::default();
    let mut known = BTreeSet::new();
    for _ in 0..PAGES {
        let log = ask(query.clone()).await?;
        part.more = log.items.len() >= past.most;
        let is_new = |entry: &&LogEntry| entry.item_id.is_none_or(|id| !known.contains(&id));
        let entries: Vec<&LogEntry> = log.items.iter().map(|item| &item.entry).filter(is_new).collect();
        for entry in &entries {
            match read(entry) {
                Some(item) if is_asked_for(&item, past) => part.items.push(item),
                Some(_) => {}
                None => part.unreadable += 1,
            }
        }
        let oldest = entries.iter().filter_map(|entry| entry.start_time).min();
        known.extend(entries.iter().filter_map(|entry| entry.item_id));
        // More may have begun in the very moment of the oldest, so that one is asked for again.
        let until = oldest.and_then(|oldest| moment(self::moment(oldest).plus_ms(1)));
        if !part.more || !part.items.is_empty() || until.is_none() {
            break;
        }
        query.until_time = until;
    }
    part.items.sort_by_key(|item| std::cmp::Reverse(item.at));
    Ok(part)
}

/// A moment of the client's in ours.
pub(super) fn moment(at: jiff::Timestamp) -> Timestamp {
    Timestamp(at.as_millisecond())
}

/// The types that may have these outcomes; none means all.
fn types_of(outcomes: &[PastOutcome]) -> Vec<LogItemType> {
    if outcomes.contains(&PastOutcome::Other) {
        return Vec::new();
    }
    let of = |outcome: &PastOutcome| match outcome {
        PastOutcome::Answered => vec![LogItemType::IncomingCall, LogItemType::OutgoingCall],
        PastOutcome::Missed => vec![LogItemType::MissedCall, LogItemType::OutgoingCall],
        PastOutcome::Voicemail => vec![LogItemType::Voicemail],
        PastOutcome::Recording => vec![LogItemType::Recording],
        PastOutcome::Forwarded | PastOutcome::Other => Vec::new(),
    };
    let mut types: Vec<LogItemType> = outcomes.iter().flat_map(of).collect();
    types.sort();
    types.dedup();
    types
}

fn group_types_of(outcomes: &[PastOutcome]) -> Vec<GroupCallType> {
    let of = |outcome: &PastOutcome| match outcome {
        PastOutcome::Answered => Some(GroupCallType::Answered),
        PastOutcome::Forwarded => Some(GroupCallType::Forwarded),
        PastOutcome::Missed => Some(GroupCallType::Missed),
        PastOutcome::Voicemail | PastOutcome::Recording | PastOutcome::Other => None,
    };
    outcomes.iter().filter_map(of).collect()
}

fn is_asked_for(item: &HistoryItem, past: &Past) -> bool {
    past.before.is_none_or(|before| item.at < before)
        && (past.outcomes.is_empty() || past.outcomes.contains(&item.outcome))
}

fn direction_of(kind: &LogItemType) -> Direction {
    if *kind == LogItemType::OutgoingCall { Direction::Out } else { Direction::In }
}

fn outcome_of(entry: &LogEntry, kind: &LogItemType) -> (PastOutcome, Option<String>) {
    let outcome = match kind {
        LogItemType::IncomingCall => PastOutcome::Answered,
        // A call of ours that nobody took lasted for nothing.
        LogItemType::OutgoingCall if entry.duration == Some(0) => PastOutcome::Missed,
        LogItemType::OutgoingCall => PastOutcome::Answered,
        LogItemType::MissedCall => PastOutcome::Missed,
        LogItemType::Voicemail => PastOutcome::Voicemail,
        LogItemType::Recording => PastOutcome::Recording,
        other => return (PastOutcome::Other, Some(other.as_str().to_owned())),
    };
    (outcome, None)
}

fn handled(status: &HandledStatus) -> Handled {
    Handled {
        state: match status.state {
            Some(Handling::Handled) => HandledState::Handled,
            Some(Handling::InProgress) => HandledState::InProgress,
            // Whatever it is, somebody has begun with it.
            Some(Handling::Other(_)) => HandledState::InProgress,
            Some(Handling::Unhandled) | None => HandledState::Unhandled,
        },
        agent: status.agent.as_ref().and_then(|agent| agent.name.clone().or(agent.user_id.clone())),
        at: status.time_stamp.map(moment),
        note: status.note.clone().unwrap_or_default(),
    }
}

fn phone(number: Option<&str>, region: &str) -> Option<Phone> {
    number.filter(|number| !number.trim().is_empty()).map(|number| numbers::phone(number, region))
}

pub(super) fn party_of(party: Option<&LogParty>, region: &str) -> Party {
    let name = party.and_then(|party| party.display_name.clone());
    Party {
        name: name.filter(|name| !name.trim().is_empty()),
        phone: phone(party.and_then(|party| party.number.as_deref()), region),
        ..Party::default()
    }
}

fn past_activity(entry: &LogEntry, region: &str) -> Option<PastActivity> {
    let kind = entry.item_type.clone()?;
    let party = party_of(entry.remote_party.as_ref(), region);
    Some(PastActivity {
        channel: Channel::Call,
        direction: direction_of(&kind),
        title: party.name.or(party.phone.map(|phone| phone.display)).unwrap_or_default(),
        at: moment(entry.start_time?),
        seconds: entry.duration.and_then(|seconds| u32::try_from(seconds).ok()),
        agent: None,
    })
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use dstny::commlog::LogItem;

    use super::*;

    fn item(id: i64, seconds: i64) -> LogItem {
        let entry = serde_json::json!({
            "itemId": id, "itemType": "OUTGOING_CALL", "duration": seconds, "startTime": 1_000_000 + id / 2,
        });
        LogItem { class: String::new(), entry: serde_json::from_value(entry).expect("an entry") }
    }

    /// What a log with these items, newest first, answers.
    fn page(log: &[LogItem], query: &LogQuery) -> Log {
        let is_older = |item: &&LogItem| {
            query.until_time.is_none_or(|until| item.entry.start_time.is_some_and(|at| at < until))
        };
        let most = query.limit.map_or(usize::MAX, |limit| limit as usize);
        Log { items: log.iter().filter(is_older).take(most).cloned().collect(), ..Log::default() }
    }

    fn read(entry: &LogEntry) -> Option<HistoryItem> {
        let kind = entry.item_type.clone()?;
        let (outcome, other_outcome) = outcome_of(entry, &kind);
        Some(HistoryItem {
            id: HistoryId(entry.item_id?.to_string()),
            account: "a".into(),
            channel: Channel::Call,
            direction: Direction::Out,
            outcome,
            other_outcome,
            party: Party::default(),
            queue: None,
            at: moment(entry.start_time?),
            seconds: None,
            count: 1,
            seen: None,
            played: None,
            handled: None,
            agent: None,
            facts: Vec::new(),
            web: None,
        })
    }

    #[test]
    fn a_missed_call_behind_many_that_were_not_is_found() {
        // Two of them began in one moment; 61 stands where one page ends.
        for missed in [1, 61, 62] {
            let log: Vec<LogItem> =
                (1..=111).rev().map(|id| item(id, i64::from(id != missed) * 40)).collect();
            let past = Past { group: None, before: None, most: 50, outcomes: vec![PastOutcome::Missed] };
            let ask = |query: LogQuery| std::future::ready(Ok(page(&log, &query)));
            let part = own_part(&past, ask, read).now_or_never().expect("nothing waits").expect("a page");
            let found: Vec<&str> = part.items.iter().map(|item| item.id.0.as_str()).collect();
            assert_eq!(found, [missed.to_string()]);
        }
        let none: Vec<LogItem> = (1..=111).rev().map(|id| item(id, 40)).collect();
        let past = Past { group: None, before: None, most: 50, outcomes: vec![PastOutcome::Missed] };
        let ask = |query: LogQuery| std::future::ready(Ok(page(&none, &query)));
        let part = own_part(&past, ask, read).now_or_never().expect("nothing waits").expect("a page");
        assert!(part.items.is_empty() && !part.more, "that is all there is");
    }
}
