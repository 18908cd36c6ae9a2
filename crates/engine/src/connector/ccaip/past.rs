//! The past: what the agent had, from the lists of calls, chats and e-mails; what the agent missed and was, from the
//! activity log.
//!
//! The past that the agent asks for is read at once, a day whenever nothing better is to be asked for ([`super::errands`]).
//! Each list is read from the newest back until there is enough. The tables of the document do not let calls be asked for
//! by when they began; where the tenant does not know that filter either, its answer is narrowed down here.

use std::collections::{BTreeMap, BTreeSet};

use ccaip::{
    Activity, AgentActivityLog, AgentActivityLogs, Calls, Chats, Emails, Id, Listing, Range, Sort, Walk,
};
use jiff::{SignedDuration, Timestamp as Moment};
use model::{
    ActivityId, BandState, Channel, ContactBlock, ContactOutcome, Direction, HistoryId, HistoryItem,
    PastOutcome, StateBand, Timestamp, Witness,
};
use wire::Error;
use wire::pace::Class;

use super::super::{HistoryPart, Past, PastDay};
use super::live::Word;
use super::picture::{band_state, channel_of};
use super::story::{End, Key, Kind, Stage, Story, given, name_of};
use super::{Ccaip, inferred, moment, now, theirs};

/// How many records a page has.
const PAGE: u32 = 100;
/// How long before a day its first state may have begun, and its first call.
const BEFORE: SignedDuration = SignedDuration::from_hours(12);

/// Who waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hurry {
    /// The agent.
    Asked,
    /// Nobody: it comes after everything that keeps the picture true.
    Unasked,
}

impl Hurry {
    /// How many pages of a list are read for one question.
    fn pages(self) -> usize {
        match self {
            Self::Asked => 2,
            Self::Unasked => 4,
        }
    }
}

/// Part of a list, read from its newest end.
struct Read<T> {
    rows: Vec<T>,
    unreadable: u32,
    /// Whether the list goes on behind what was read.
    goes_on: bool,
}

/// Contacts of one kind.
struct Told {
    stories: Vec<Story>,
    unreadable: u32,
    /// Before this moment there may be more that were not read.
    horizon: Option<Moment>,
}

impl Ccaip {
    /// Reads a list page by page for as long as more is wanted.
    async fn read<Q: Listing>(
        &self,
        hurry: Hurry,
        question: Q,
        mut wants_more: impl FnMut(&[Q::Row]) -> bool,
    ) -> Result<Read<Q::Row>, Error> {
        let mut walk = Walk::new(question, PAGE);
        let mut read = Read { rows: Vec::new(), unreadable: 0, goes_on: false };
        for _ in 0..hurry.pages() {
            let page = match hurry {
                Hurry::Asked => self.ask(Class::Foreground, walk.next(&self.client)).await?,
                Hurry::Unasked => self.ask_later(walk.next(&self.client)).await?,
            };
            let Some(page) = page else { break };
            read.unreadable += u32::try_from(page.unreadable.len()).unwrap_or(u32::MAX);
            read.rows.extend(page.rows);
            if walk.is_done() || !wants_more(&read.rows) {
                break;
            }
        }
        read.goes_on = !walk.is_done();
        Ok(read)
    }

    /// The agent's contacts of one kind that were made in a time, the newest first, at least `most` of them if there are.
    async fn contacts_of(
        &self,
        hurry: Hurry,
        kind: Kind,
        me: &Id,
        (from, to): (Option<Moment>, Moment),
        most: usize,
    ) -> Result<Told, Error> {
        let agent_id = vec![me.clone()];
        let created_at = Range { from, to: Some(to) };
        let sort = Some(Sort::descending("created_at"));
        let region = self.picture().region.clone();
        let fits = |at: Option<Moment>| at.is_some_and(|at| at < to && from.is_none_or(|from| at >= from));
        let enough = |times: &mut dyn Iterator<Item = Option<Moment>>| {
            let times: Vec<_> = times.flatten().collect();
            let is_past = from.zip(times.last()).is_some_and(|(from, last)| *last < from);
            !is_past && times.iter().filter(|at| fits(Some(**at))).count() <= most
        };
        let (stories, unreadable, goes_on): (Vec<Story>, u32, bool) = match kind {
            Kind::Call => {
                let updated_at = from.map(Range::from).unwrap_or_default();
                let question = Calls { agent_id, created_at, updated_at, sort, ..Calls::default() };
                let read = self
                    .read(hurry, question, |rows| enough(&mut rows.iter().map(|row| row.created_at)))
                    .await?;
                let stories = read.rows.iter().map(|row| Story::of_call(row, me, &region)).collect();
                (stories, read.unreadable, read.goes_on)
            }
            Kind::Chat => {
                let question = Chats { agent_id, created_at, sort, ..Chats::default() };
                let read = self
                    .read(hurry, question, |rows| enough(&mut rows.iter().map(|row| row.created_at)))
                    .await?;
                let stories = read.rows.iter().map(|row| Story::of_chat(row, me, &region)).collect();
                (stories, read.unreadable, read.goes_on)
            }
            Kind::Email => {
                let question = Emails { agent_id, created_at, sort, ..Emails::default() };
                let read = self
                    .read(hurry, question, |rows| enough(&mut rows.iter().map(|row| row.created_at)))
                    .await;
                // Its path was never printed: a tenant may not have it.
                let read = match read {
                    Err(Error::NotFound | Error::Forbidden | Error::Refused { .. }) => {
                        Read { rows: Vec::new(), unreadable: 0, goes_on: false }
                    }
                    other => other?,
                };
                let stories = read.rows.iter().map(|row| Story::of_email(row, &region)).collect();
                (stories, read.unreadable, read.goes_on)
            }
        };
        let horizon = stories.iter().filter_map(|story| story.created).min().filter(|_| goes_on);
        let stories = stories.into_iter().filter(|story| story.was_of(me) && fits(story.created)).collect();
        Ok(Told { stories, unreadable, horizon })
    }

    /// Calls by their numbers, as far as the tenant gives them.
    async fn calls_by(
        &self,
        hurry: Hurry,
        ids: &BTreeSet<Id>,
        since: Option<Moment>,
        me: &Id,
    ) -> Result<Vec<Story>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let question = Calls {
            id: ids.iter().cloned().collect(),
            updated_at: since.map(Range::from).unwrap_or_default(),
            sort: Some(Sort::descending("created_at")),
            ..Calls::default()
        };
        let read = self.read(hurry, question, |_| false).await?;
        let region = self.picture().region.clone();
        let wanted = read.rows.iter().filter(|call| ids.contains(&call.id));
        Ok(wanted.map(|call| Story::of_call(call, me, &region)).collect())
    }

    /// What arrives at the agent: the lists of what never does need not be read.
    fn kinds(&self) -> Vec<Kind> {
        let picture = self.picture();
        let channels: Vec<Channel> =
            picture.agent.iter().flat_map(|agent| &agent.channels).map(channel_of).collect();
        let mut kinds = vec![Kind::Call];
        kinds.extend(channels.contains(&Channel::Chat).then_some(Kind::Chat));
        kinds.extend(channels.contains(&Channel::Email).then_some(Kind::Email));
        if channels.is_empty() { vec![Kind::Call, Kind::Chat, Kind::Email] } else { kinds }
    }

    /// The agent's number, asked for if nothing was heard yet.
    async fn who(&self) -> Result<Id, Error> {
        let known = self.picture().me();
        match known {
            Some(me) => Ok(me),
            None => Ok(self.become_known().await?.ok_or(Error::SignInNeeded)?.id),
        }
    }

    pub(super) async fn own_history(&self, past: &Past) -> Result<HistoryPart, Error> {
        let me = self.who().await?;
        let before = past.before.map_or_else(now, theirs);
        let mut part = HistoryPart::default();
        let mut horizon: Option<Moment> = None;
        let mut stories = Vec::new();
        for kind in self.kinds() {
            let told = self.contacts_of(Hurry::Asked, kind, &me, (None, before), past.most).await?;
            part.unreadable = part.unreadable.saturating_add(told.unreadable);
            horizon = horizon.max(told.horizon);
            stories.extend(told.stories);
        }
        let is_wanted = |outcome| past.outcomes.is_empty() || past.outcomes.contains(&outcome);
        if is_wanted(PastOutcome::Missed) {
            let question = AgentActivityLogs {
                agent_id: vec![me.clone()],
                activity: vec![Activity::DeltacastCallMissed],
                started_at: Range::to(before),
                sort: Some(Sort::descending("started_at")),
                ..AgentActivityLogs::default()
            };
            let lines = self.read(Hurry::Asked, question, |_| false).await?;
            let known: BTreeSet<Id> = stories.iter().map(|story| story.key.id.clone()).collect();
            let missed: Vec<&AgentActivityLog> =
                lines.rows.iter().filter(|line| is_missed(line)).take(past.most).collect();
            let ids = missed
                .iter()
                .filter_map(|line| line.call_id.clone())
                .filter(|id| !known.contains(id))
                .collect();
            let since = missed.iter().filter_map(|line| line.started_at).min();
            let missed = self.calls_by(Hurry::Asked, &ids, since, &me).await?;
            stories.extend(missed.into_iter().filter(|story| story.created.is_some_and(|at| at < before)));
            let oldest = lines.rows.iter().filter_map(|line| line.started_at).min();
            horizon = horizon.max(oldest.filter(|_| lines.goes_on));
        }
        // What is older than where one of the lists was left off comes with the next page.
        stories.retain(|story| horizon.is_none_or(|horizon| story.created.is_some_and(|at| at >= horizon)));
        let items = stories.iter().filter_map(|story| self.item(story, &me));
        part.items = items.filter(|item| is_wanted(item.outcome)).collect();
        part.items.sort_by_key(|item| std::cmp::Reverse(item.at));
        part.more = horizon.is_some() || part.items.len() > past.most;
        part.items.truncate(past.most);
        Ok(part)
    }

    fn item(&self, story: &Story, me: &Id) -> Option<HistoryItem> {
        let mine = story.was_of(me);
        let outcome = match (story.stage, story.end) {
            (Stage::Over, _) if !mine => PastOutcome::Missed,
            (Stage::Over, End::Message) => PastOutcome::Voicemail,
            (Stage::Over, End::SentOn) => PastOutcome::Forwarded,
            (Stage::Over, End::Talk) => PastOutcome::Answered,
            (Stage::Over, End::Nothing) => PastOutcome::Missed,
            // Somebody works on an e-mail for days; a call or a chat that goes on is not past.
            (Stage::Talked, _) if story.key.kind == Kind::Email => PastOutcome::Answered,
            _ => return None,
        };
        let talked = story.talked.filter(|_| story.end == End::Talk && mine);
        Some(HistoryItem {
            id: HistoryId(format!("{}/{}", self.account, story.key.name())),
            account: self.account.clone(),
            channel: story.channel,
            direction: story.direction,
            outcome,
            other_outcome: None,
            party: story.party.clone(),
            queue: story.queue.clone(),
            at: moment(story.created?),
            seconds: talked.and_then(|talked| u32::try_from(talked.as_secs()).ok()),
            count: 1,
            seen: None,
            played: None,
            handled: None,
            agent: story.agent.as_ref().filter(|_| !story.is_of(me)).and_then(name_of),
            facts: story.facts.clone(),
            web: Some(self.portal()),
        })
    }

    pub(super) async fn own_day(&self, from: Timestamp, to: Timestamp) -> Result<PastDay, Error> {
        let me = self.who().await?;
        let (from, to) = (theirs(from), theirs(to));
        let early = from.checked_sub(BEFORE).unwrap_or(from);
        let question = AgentActivityLogs {
            agent_id: vec![me.clone()],
            started_at: Range::between(early, to),
            sort: Some(Sort::descending("started_at")),
            ..AgentActivityLogs::default()
        };
        let lines = self
            .read(Hurry::Unasked, question, |rows| {
                rows.iter().filter_map(|row| row.started_at).all(|at| at >= early)
            })
            .await?;
        let mut day = PastDay { unreadable: lines.unreadable, ..PastDay::default() };
        day.bands = self.bands(&lines.rows, from, to.min(now()));
        for kind in self.kinds() {
            let told = self.contacts_of(Hurry::Unasked, kind, &me, (Some(early), to), usize::MAX).await?;
            day.unreadable = day.unreadable.saturating_add(told.unreadable);
            day.contacts.extend(told.stories.iter().filter_map(|story| self.block(story, &me)));
        }
        let had: BTreeSet<String> =
            day.contacts.iter().filter_map(|block| Some(block.id.parts()?.1.to_owned())).collect();
        let missed = missed_of(&lines.rows);
        let ids: BTreeSet<Id> =
            missed.keys().filter(|id| !had.contains(&Key::new(Kind::Call, id).name())).cloned().collect();
        let records = self
            .calls_by(Hurry::Unasked, &ids, missed.values().map(|(offered, _)| *offered).min(), &me)
            .await?;
        for id in ids {
            let record = records.iter().find(|story| story.key.id == id);
            let Some((offered, ended)) = missed.get(&id).copied() else { continue };
            day.contacts.push(self.missed(&id, record, offered, ended));
        }
        let (begins, ends) = (moment(from), moment(to));
        day.contacts.retain(|block| block.began >= begins && block.began < ends);
        day.contacts.sort_by_key(|block| block.began);
        Ok(day)
    }

    fn block(&self, story: &Story, me: &Id) -> Option<ContactBlock> {
        let part = story.part(me);
        let outcome = match story.stage {
            Stage::Waits => return None,
            Stage::Given | Stage::Talked if story.is_of(me) => ContactOutcome::Open,
            _ if part.answered.is_some() => ContactOutcome::Handled,
            _ if story.direction == Direction::Out => ContactOutcome::NoAnswer,
            _ => ContactOutcome::Missed,
        };
        Some(ContactBlock {
            id: ActivityId::new(&self.account, &story.key.name()),
            account: self.account.clone(),
            channel: story.channel,
            direction: story.direction,
            outcome,
            party: story.party.clone(),
            queue: story.queue.clone(),
            began: moment(part.began.or(story.created)?),
            answered: part.answered.map(moment),
            ended: part.ended.map(moment),
            closed: part.closed.map(moment),
            hold_seconds: u32::try_from(part.held.as_secs()).unwrap_or(0),
            returned: false,
            witness: Witness::Told,
        })
    }

    fn missed(&self, id: &Id, record: Option<&Story>, offered: Moment, ended: Moment) -> ContactBlock {
        ContactBlock {
            id: ActivityId::new(&self.account, &Key::new(Kind::Call, id).name()),
            account: self.account.clone(),
            channel: Channel::Call,
            direction: Direction::In,
            outcome: ContactOutcome::Missed,
            party: record.map(|story| story.party.clone()).unwrap_or_default(),
            queue: record.and_then(|story| story.queue.clone()),
            began: moment(offered),
            answered: None,
            ended: Some(moment(ended)),
            closed: None,
            hold_seconds: 0,
            returned: false,
            witness: Witness::Told,
        }
    }

    /// The states of a day: each from its line until the next, or until its own end.
    fn bands(&self, lines: &[AgentActivityLog], from: Moment, to: Moment) -> Vec<StateBand> {
        let mut changes: Vec<(Moment, Option<Moment>, BandState)> = lines.iter().filter_map(change).collect();
        changes.sort_by_key(|(at, ..)| *at);
        let mut bands: Vec<StateBand> = Vec::new();
        for (index, (at, ended, state)) in changes.iter().enumerate() {
            let next = changes.get(index + 1).map(|(at, ..)| *at);
            let is_last = next.is_none();
            let end = [next, ended.filter(|_| *state != BandState::SignedOut), Some(to)]
                .into_iter()
                .flatten()
                .min();
            let (begin, end) = ((*at).max(from), end.unwrap_or(to).min(to));
            if begin >= end {
                continue;
            }
            // Two lines about one state are one state.
            if let Some(last) =
                bands.last_mut().filter(|last| last.state == *state && last.to == moment(begin))
            {
                last.to = moment(end);
                continue;
            }
            bands.push(StateBand {
                account: self.account.clone(),
                state: state.clone(),
                from: moment(begin),
                to: moment(end),
                open: is_last && ended.is_none() && *state != BandState::SignedOut && end >= to,
                witness: Witness::Told,
            });
        }
        bands
    }
}

/// What a line says about the agent's state, from when on and until when.
fn change(line: &AgentActivityLog) -> Option<(Moment, Option<Moment>, BandState)> {
    let at = line.started_at?;
    match line.activity.as_ref()? {
        Activity::UserStatusChanged => {
            let name = line.status.as_ref().and_then(|status| given(status.name.as_deref()))?;
            let ended = line.ended_at.filter(|ended| *ended > at);
            Some((at, ended, band_state(&name)))
        }
        Activity::Logout => Some((at, None, BandState::SignedOut)),
        _ => None,
    }
}

fn is_missed(line: &AgentActivityLog) -> bool {
    line.activity == Some(Activity::DeltacastCallMissed)
}

/// Calls that were offered to the agent and not taken: when they were offered, and when that was over.
fn missed_of(lines: &[AgentActivityLog]) -> BTreeMap<Id, (Moment, Moment)> {
    let mut missed: BTreeMap<Id, (Moment, Moment)> = BTreeMap::new();
    for line in lines.iter().filter(|line| is_missed(line)) {
        let Some((id, at)) = line.call_id.clone().zip(line.started_at) else { continue };
        let known = missed.entry(id).or_insert((at, at));
        known.1 = known.1.max(at);
    }
    for line in lines {
        let word = line.activity.as_ref().and_then(inferred::word);
        let Some((id, at)) = line.call_id.as_ref().zip(line.started_at) else { continue };
        match word {
            Some(Word::Taken) => drop(missed.remove(id)),
            Some(Word::Offered) => {
                if let Some((offered, ended)) = missed.get_mut(id).filter(|(_, ended)| at <= *ended) {
                    *offered = (*offered).min(at).min(*ended);
                }
            }
            _ => {}
        }
    }
    missed
}
