//! What is kept of a day: bands and contacts with what reading needs beside what is shown, and how what was seen and what
//! was told become one.

use model::{
    AccountId, Activity, ActivityFact, BandState, Channel, ContactBlock, ContactOutcome, FactKind, Party,
    Phase, RingOutcome, StateBand, Timestamp, Witness,
};
use serde::{Deserialize, Serialize};

use crate::ring::{SAME_CALL_MS, same_number};
use crate::state::number_of;

/// A stretch in which the state on an account did not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptBand {
    pub(crate) account: AccountId,
    pub(crate) from: Timestamp,
    /// The last moment at which it is known to have been so.
    pub(crate) to: Timestamp,
    /// It is seen to go on, by whoever asks.
    pub(crate) is_open: bool,
    pub(crate) witness: Witness,
    pub(crate) was: Was,
}

/// What a stretch was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Was {
    pub(crate) state: BandState,
    /// The pause was set here because of a call elsewhere: it is none of the agent's own.
    #[serde(default)]
    pub(crate) borrowed: bool,
}

impl From<StateBand> for KeptBand {
    fn from(band: StateBand) -> Self {
        Self {
            account: band.account,
            from: band.from,
            to: band.to,
            is_open: false,
            witness: band.witness,
            was: Was { state: band.state, borrowed: false },
        }
    }
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptContact {
    pub(crate) block: ContactBlock,
    /// What of it was on hold, in milliseconds, without what is on hold now.
    #[serde(default)]
    pub(crate) hold_ms: i64,
    /// Since when it is on hold.
    #[serde(default)]
    pub(crate) hold_from: Option<Timestamp>,
    /// Nobody saw how it ended: what the platform tells is better.
    #[serde(default)]
    pub(crate) unseen_end: bool,
    /// The last moment at which it was seen.
    #[serde(default)]
    pub(crate) seen_to: Timestamp,
    #[serde(default)]
    pub(crate) facts: Vec<ActivityFact>,
    #[serde(default)]
    pub(crate) web: Option<String>,
}

impl KeptContact {
    /// A contact as it first shows itself to the agent.
    pub(crate) fn begun(activity: &Activity, at: Timestamp) -> Self {
        let rings = matches!(activity.phase, Phase::Ringing | Phase::Dialling);
        let began = match activity.direction {
            // It may have waited for somebody else before.
            model::Direction::In if rings => activity.phase_since.max(activity.began_at),
            model::Direction::In => activity.answered_at.unwrap_or(activity.began_at),
            model::Direction::Out | model::Direction::Internal => activity.began_at,
        };
        let block = ContactBlock {
            id: activity.id.clone(),
            account: activity.account.clone(),
            channel: activity.channel,
            direction: activity.direction,
            outcome: ContactOutcome::Open,
            party: Party::default(),
            queue: None,
            began: began.min(at),
            answered: None,
            ended: None,
            closed: None,
            hold_seconds: 0,
            returned: false,
            witness: Witness::Seen,
        };
        let (facts, web) = (Vec::new(), None);
        Self { block, hold_ms: 0, hold_from: None, unseen_end: false, seen_to: at, facts, web }
    }

    /// What the platform tells of a contact of the past.
    pub(crate) fn told(block: ContactBlock) -> Self {
        Self {
            hold_ms: i64::from(block.hold_seconds) * 1000,
            hold_from: None,
            unseen_end: block.ended.is_none() && block.closed.is_none(),
            seen_to: block.closed.or(block.ended).unwrap_or(block.began),
            facts: Vec::new(),
            web: None,
            block,
        }
    }

    /// It shows itself again.
    pub(crate) fn shown(&mut self, activity: &Activity, at: Timestamp) {
        let block = &mut self.block;
        (block.channel, block.direction) = (activity.channel, activity.direction);
        fill_party(&mut block.party, &activity.party);
        block.queue = activity.queue.clone().or(block.queue.take());
        if !activity.facts.is_empty() {
            self.facts.clone_from(&activity.facts);
        }
        self.web = activity.web.clone().or(self.web.take());
        self.unseen_end = false;
        block.outcome = ContactOutcome::Open;
        let since = activity.phase_since;
        match activity.phase {
            Phase::Ringing | Phase::Dialling | Phase::Waiting => {
                (block.ended, block.closed) = (None, None);
            }
            Phase::Open => {
                block.answered = activity.answered_at.or(block.answered).or(Some(since.max(block.began)));
                (block.ended, block.closed) = (None, None);
            }
            Phase::WrapUp | Phase::Postponed => {
                block.answered = activity.answered_at.or(block.answered);
                block.ended = activity.ended_at.or(block.ended).or(Some(since));
                block.closed = (activity.phase == Phase::Postponed).then_some(since);
            }
        }
        match (activity.on_hold && activity.phase == Phase::Open, self.hold_from) {
            (true, None) => self.hold_from = Some(at),
            (false, Some(from)) => {
                self.hold_ms += at.ms_since(from).max(0);
                self.hold_from = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
        self.seen_to = at;
    }

    /// It is over for the agent. `ring` says how its ringing ended, if it rang.
    pub(crate) fn over(&mut self, ring: Option<RingOutcome>, at: Timestamp) {
        if let Some(from) = self.hold_from.take() {
            self.hold_ms += at.ms_since(from).max(0);
        }
        let block = &mut self.block;
        let taken = block.answered.is_some() || ring == Some(RingOutcome::AnsweredHere);
        block.outcome = match (block.direction, ring) {
            _ if taken => ContactOutcome::Handled,
            (model::Direction::Out, _) => ContactOutcome::NoAnswer,
            (_, Some(RingOutcome::Rejected)) => ContactOutcome::Declined,
            (_, Some(RingOutcome::AnsweredElsewhere)) => ContactOutcome::Elsewhere,
            _ => ContactOutcome::Missed,
        };
        if taken {
            let end = block.ended.unwrap_or(at);
            block.answered = block.answered.or(Some(end));
            block.ended = Some(end);
        }
        block.closed = block.closed.or(Some(at));
        self.seen_to = at;
    }

    /// It was over before anybody here looked again: the last moment at which it was seen stands for its end until the
    /// platform tells a better one.
    pub(crate) fn vanished(&mut self) {
        let last = self.seen_to.max(self.block.began);
        self.over(None, last);
        self.unseen_end = true;
    }

    /// This, as it was seen, filled up with what `other` knows of the same contact.
    pub(crate) fn filled_with(mut self, other: &Self) -> Self {
        let (block, theirs) = (&mut self.block, &other.block);
        let end_is_better = self.unseen_end && !other.unseen_end;
        if end_is_better {
            block.outcome = theirs.outcome;
            block.ended = theirs.ended.or(block.ended.filter(|_| theirs.answered.is_some()));
            block.closed = theirs.closed.or(block.ended).or(block.closed);
            self.unseen_end = false;
        }
        block.answered = block.answered.or(theirs.answered);
        if block.outcome != ContactOutcome::Open {
            block.ended = block.ended.or(theirs.ended);
            block.closed = block.closed.or(theirs.closed);
        }
        fill_party(&mut block.party, &theirs.party);
        block.queue = block.queue.take().or_else(|| theirs.queue.clone());
        if self.hold_ms == 0 && self.hold_from.is_none() {
            self.hold_ms = other.hold_ms;
        }
        if self.facts.is_empty() {
            self.facts.clone_from(&other.facts);
        }
        self.web = self.web.take().or_else(|| other.web.clone());
        self
    }

    /// Whether this was over before `later`, of the same name, began: the same conversation taken up again. A flicker of the
    /// connection is no end.
    pub(crate) fn is_before(&self, later: &Self) -> bool {
        let end =
            self.block.closed.or(self.block.ended).filter(|_| self.block.outcome != ContactOutcome::Open);
        end.is_some_and(|end| later.block.began.ms_since(end) > SAME_CALL_MS)
    }

    /// Takes over how it began from what was kept of it before.
    pub(crate) fn goes_on_from(&mut self, before: &Self) {
        let block = &mut self.block;
        block.began = block.began.min(before.block.began);
        block.answered = match (block.answered, before.block.answered) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    /// Whether both must be the same contact although the platform names it otherwise in its past.
    pub(crate) fn is_twin(&self, other: &Self) -> bool {
        let (one, two) = (&self.block, &other.block);
        let near = |a: Option<Timestamp>, b: Option<Timestamp>| {
            a.zip(b).is_some_and(|(a, b)| a.ms_since(b).abs() <= SAME_CALL_MS)
        };
        let end = |block: &ContactBlock| block.closed.or(block.ended).unwrap_or(block.began);
        let is_call = one.channel == Channel::Call;
        let overlap = is_call && one.began <= end(two) && two.began <= end(one);
        // Who is withheld here may be named there.
        let nobody = is_call && (number_of(&one.party).is_none() || number_of(&two.party).is_none());
        one.account == two.account
            && one.channel == two.channel
            && one.direction == two.direction
            && (overlap || near(Some(one.began), Some(two.began)) || near(one.answered, two.answered))
            && (nobody || same_party(&one.party, &two.party))
    }

    /// As it is shown at the moment `now`.
    pub(crate) fn shown_at(&self, now: Timestamp) -> ContactBlock {
        let mut block = self.block.clone();
        // Whatever clocks did meanwhile, nothing ends before it begins.
        block.answered = block.answered.map(|at| at.max(block.began));
        block.ended = block.ended.map(|at| at.max(block.answered.unwrap_or(block.began)));
        block.closed = block.closed.map(|at| at.max(block.ended.unwrap_or(block.began)));
        let holds = self.hold_from.map_or(0, |from| now.ms_since(from).max(0));
        let told = self.facts.iter().filter(|fact| fact.kind == FactKind::Held);
        let told: u32 = told.filter_map(|fact| fact.value.parse().ok()).max().unwrap_or(0);
        let seen = super::spans::seconds(self.hold_ms + holds);
        let talk = block.answered.map_or(0, |from| block.ended.unwrap_or(now).ms_since(from).max(0));
        block.hold_seconds = if seen > 0 { seen } else { told }.min(super::spans::seconds(talk));
        block
    }
}

/// Whether both sides name the same other.
pub(crate) fn same_party(one: &Party, other: &Party) -> bool {
    let (one, other) = (number_of(one), number_of(other));
    one.as_deref().zip(other.as_deref()).is_some_and(same_number)
}

fn fill_party(party: &mut Party, with: &Party) {
    let Party { name, company, phone, address } = with;
    party.name = party.name.take().or_else(|| name.clone());
    party.company = party.company.take().or_else(|| company.clone());
    party.phone = party.phone.take().or_else(|| phone.clone());
    party.address = party.address.take().or_else(|| address.clone());
}
