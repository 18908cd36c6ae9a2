//! The agent's past: the calls of the own log. Nobody keeps the states.

use dstny::commlog::{LogEntry, LogItemType, LogQuery};
use dstny::wire::Error;
use model::{ActivityId, Channel, ContactBlock, ContactOutcome, Direction, Problem, Timestamp, Witness};

use super::super::PastDay;
use super::history::{moment, party_of};
use super::offers::Part;
use super::{Dstny, inferred};

/// How many items a page has.
const PAGE: u32 = 200;
/// How many pages a stretch of time may have.
const PAGES: usize = 25;

impl Dstny {
    pub(super) async fn calls_between(&self, from: Timestamp, to: Timestamp) -> Result<PastDay, Problem> {
        let read = self.log_between(from, to).await;
        self.note(Part::Log, &read);
        let entries = read.map_err(|error| self.problem(&error))?;
        let mut past = PastDay::default();
        for entry in &entries {
            match self.block(entry) {
                Some(block) if block.began >= from && block.began < to => past.contacts.push(block),
                Some(_) => {}
                None => past.unreadable += 1,
            }
        }
        past.contacts.sort_by_key(|block| block.began);
        Ok(past)
    }

    /// The log is told newest first, so it is read backwards from the end.
    async fn log_between(&self, from: Timestamp, to: Timestamp) -> Result<Vec<LogEntry>, Error> {
        let moment = |at: Timestamp| jiff::Timestamp::from_millisecond(at.0).ok();
        let mut query = LogQuery {
            since_time: moment(from.plus_ms(-1)),
            until_time: moment(to),
            limit: Some(PAGE),
            item_types: vec![LogItemType::IncomingCall, LogItemType::OutgoingCall, LogItemType::MissedCall],
            ..LogQuery::default()
        };
        let mut all: Vec<LogEntry> = Vec::new();
        for _ in 0..PAGES {
            let log = self.client.log(&query).await?;
            let received = log.items.len();
            let known = all.len();
            for entry in log.items.into_iter().map(|item| item.entry) {
                if entry.item_id.is_none() || all.iter().all(|one| one.item_id != entry.item_id) {
                    all.push(entry);
                }
            }
            let oldest = all.iter().filter_map(|entry| entry.start_time).min();
            if received < PAGE as usize || all.len() == known || oldest.is_none() {
                break;
            }
            // More may have begun in the very moment of the oldest, so that one is asked for again.
            query.until_time = oldest.and_then(|oldest| moment(Timestamp(oldest.as_millisecond() + 1)));
        }
        Ok(all)
    }

    /// A call of the log as a block of the day; none without a time.
    fn block(&self, entry: &LogEntry) -> Option<ContactBlock> {
        let began = moment(entry.start_time?);
        let seconds = entry.duration.filter(|seconds| *seconds > 0);
        let (direction, outcome) = match entry.item_type.as_ref()? {
            LogItemType::IncomingCall => (Direction::In, ContactOutcome::Handled),
            LogItemType::OutgoingCall if seconds.is_some() => (Direction::Out, ContactOutcome::Handled),
            LogItemType::OutgoingCall => (Direction::Out, ContactOutcome::NoAnswer),
            LogItemType::MissedCall => (Direction::In, ContactOutcome::Missed),
            _ => return None,
        };
        let (answered, ended) = match outcome {
            ContactOutcome::Handled => inferred::conversation(began, seconds),
            _ => (None, None),
        };
        Some(ContactBlock {
            id: ActivityId::new(&self.account, &format!("c{}", entry.item_id?)),
            account: self.account.clone(),
            channel: Channel::Call,
            direction,
            outcome,
            party: party_of(entry.remote_party.as_ref(), &self.picture().region()),
            queue: None,
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
