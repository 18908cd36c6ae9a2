//! What rings at the agent and what the agent has open, put together from three looks: the activity log tells what was
//! offered and taken, the lists of calls and chats tell what it is and where it stands.
//!
//! | the platform says | here |
//! |---|---|
//! | offered to me in the log, and nobody has it | rings |
//! | given to me (`assigned`, `connecting`) | rings; is dialled, if the agent called |
//! | the log says that I took it, or `connected` to me; a chat `assigned` to me | is talked in |
//! | over, and my state is wrap-up or not told since | wrap-up |
//!
//! What was there and is no longer is looked at once more by its number, unless its list already told what became of it.

use std::collections::{BTreeMap, BTreeSet};

use ccaip::{AgentActivityLog, Id};
use jiff::{SignedDuration, Timestamp};
use model::{Direction, Phase};

use super::inferred;
use super::story::{Key, Kind, Stage, Story};
use crate::sight::Fate;

/// The last word of the log about a contact. In the order in which they come, should they come at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Dialled,
    Offered,
    Attempted,
    Missed,
    Taken,
}

/// That word, and when.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// By the platform's clock.
    at: Timestamp,
    word: Word,
    /// By this computer's clock, as far as it is known.
    here: Timestamp,
}

/// What is live at the agent.
#[derive(Debug, Default)]
pub(super) struct Live {
    words: BTreeMap<Key, Heard>,
    /// When the log was read last, and its newest line then.
    read: Option<(Timestamp, Option<Timestamp>)>,
    /// How far this computer's clock is before the platform's, as far as the log tells.
    ahead: SignedDuration,
    /// Offers that were asked for by number at once.
    asked: BTreeSet<Key>,
    stories: BTreeMap<Key, Story>,
    /// What was shown last, and in which phase.
    shown: BTreeMap<Key, Phase>,
    /// What the agent is finishing.
    wrapping: Option<Key>,
    /// What is not in the agent's list any more although it was not over.
    doubtful: BTreeSet<Key>,
}

/// Whether the agent is wrapping up, as far as told since the last contact ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WrappingUp {
    Yes,
    No,
    Untold,
}

impl Live {
    /// Takes in lines of the agent's log. How long ago something happened is reckoned from the platform's own time of it,
    /// because a look may come minutes after the one before.
    pub(super) fn logged(&mut self, lines: &[AgentActivityLog], now: Timestamp) {
        let newest = lines.iter().filter_map(|line| line.started_at).max();
        // A line that was not there a moment ago has just been written.
        if let (Some((read, before)), Some(newest)) = (self.read, newest)
            && now.duration_since(read) < SignedDuration::try_from(inferred::A_MOMENT).unwrap_or_default()
            && before.is_none_or(|before| newest > before)
        {
            self.ahead = now.duration_since(newest);
        }
        self.read = Some((now, newest.max(self.read.and_then(|(_, newest)| newest))));
        for line in lines {
            let Some((word, at)) = line.activity.as_ref().and_then(inferred::word).zip(line.started_at)
            else {
                continue;
            };
            let call = line.call_id.as_ref().map(|id| Key::new(Kind::Call, id));
            let chat = line.chat_id.as_ref().map(|id| Key::new(Kind::Chat, id));
            for key in call.into_iter().chain(chat) {
                let here = at.checked_add(self.ahead).unwrap_or(at).min(now);
                let heard = Heard { at, word, here };
                let known = self.words.entry(key).or_insert(heard);
                if (known.at, known.word) < (at, word) {
                    *known = heard;
                }
            }
        }
        let oldest = now.checked_sub(inferred::LONGEST_OFFER * 4).unwrap_or(now);
        self.words.retain(|key, heard| heard.here >= oldest || self.stories.contains_key(key));
        let words = &self.words;
        self.asked.retain(|key| words.contains_key(key));
    }

    /// Whether something of a kind is offered of which nothing is known yet; said once of each.
    pub(super) fn is_news(&mut self, kind: Kind, now: Timestamp) -> bool {
        let unknown = self.words.iter().filter(|(key, heard)| {
            key.kind == kind && heard.is_on_offer(now) && !self.stories.contains_key(key)
        });
        let unknown: Vec<Key> = unknown.map(|(key, _)| key.clone()).collect();
        let before = self.asked.len();
        self.asked.extend(unknown);
        self.asked.len() > before
    }

    /// A list of contacts of one kind, all of them the agent's.
    pub(super) fn mine(&mut self, kind: Kind, stories: Vec<Story>) {
        let listed: BTreeSet<Key> = stories.iter().map(|story| story.key.clone()).collect();
        let missing = self.stories.iter().filter(|(key, story)| {
            key.kind == kind
                && story.stage != Stage::Over
                && !listed.contains(key)
                && self.shown.contains_key(key)
        });
        let missing: Vec<Key> = missing.map(|(key, _)| key.clone()).collect();
        self.doubtful.extend(missing);
        self.told(stories);
    }

    /// What was asked for by number; what did not come is not there.
    pub(super) fn looked_up(&mut self, asked: &[Key], stories: Vec<Story>) {
        let found: BTreeSet<Key> = stories.iter().map(|story| story.key.clone()).collect();
        self.told(stories.into_iter().filter(|story| asked.contains(&story.key)).collect());
        for key in asked {
            if self.doubtful.remove(key) && !found.contains(key) {
                self.stories.remove(key);
            }
        }
    }

    /// What is told of contacts, in any way. An older look never overwrites a newer one.
    pub(super) fn told(&mut self, stories: Vec<Story>) {
        for story in stories {
            let known = self.stories.get(&story.key);
            if known.is_some_and(|known| known.updated > story.updated && story.updated.is_some()) {
                continue;
            }
            let matters = story.stage != Stage::Over || self.shown.contains_key(&story.key);
            self.doubtful.remove(&story.key);
            if matters {
                self.stories.insert(story.key.clone(), story);
            } else {
                self.stories.remove(&story.key);
                self.words.remove(&story.key);
            }
        }
    }

    /// What has to be asked for by its number: what is on offer, and what is in doubt.
    pub(super) fn to_look_up(&self, kind: Kind, me: &Id, now: Timestamp) -> Vec<Key> {
        let offered = self.words.iter().filter(|(key, heard)| {
            heard.is_on_offer(now) && !self.stories.get(key).is_some_and(|story| story.is_of(me))
        });
        let keys: BTreeSet<&Key> = offered.map(|(key, _)| key).chain(&self.doubtful).collect();
        keys.into_iter().filter(|key| key.kind == kind).cloned().collect()
    }

    /// Since when what has to be asked for may have changed.
    pub(super) fn since(&self, keys: &[Key]) -> Option<Timestamp> {
        let word = |key| self.words.get(key).map(|heard| heard.at);
        let story = |key| self.stories.get(key).and_then(|story: &Story| story.updated);
        keys.iter().filter_map(|key| word(key).into_iter().chain(story(key)).min()).min()
    }

    /// Whether the log tells of contacts of this kind that the agent has and no list has shown yet.
    pub(super) fn is_behind(&self, kind: Kind) -> bool {
        self.words.iter().any(|(key, heard)| {
            key.kind == kind
                && matches!(heard.word, Word::Taken | Word::Dialled)
                && self.stories.get(key).is_none_or(|story| story.stage == Stage::Waits)
        })
    }

    /// How many of a kind are shown, and how many of all ring.
    pub(super) fn open(&self, kind: Kind) -> usize {
        self.shown.iter().filter(|(key, phase)| key.kind == kind && **phase != Phase::WrapUp).count()
    }

    pub(super) fn ringing(&self) -> usize {
        self.shown.values().filter(|phase| **phase == Phase::Ringing).count()
    }

    /// Whether a call is talked in.
    pub(super) fn talks(&self) -> bool {
        self.shown.iter().any(|(key, phase)| key.kind == Kind::Call && *phase == Phase::Open)
    }

    /// The agent's list was read: what the log told of longer ago and is not in it is over.
    pub(super) fn settle(&mut self, kind: Kind, now: Timestamp) {
        let stories = &self.stories;
        let old = now.checked_sub(inferred::LOG_AHEAD).unwrap_or(now);
        self.words.retain(|key, heard| {
            key.kind != kind
                || heard.is_offer()
                || heard.word == Word::Missed
                || heard.here > old
                || stories.contains_key(key)
        });
    }

    /// What is shown, in which phase, and what is known of it.
    pub(super) fn shown(&self) -> impl Iterator<Item = (&Key, Phase, Option<&Story>)> {
        self.shown.iter().map(|(key, phase)| (key, *phase, self.stories.get(key)))
    }

    /// Works out how everything stands now, and what became of what is no longer shown.
    pub(super) fn stand(&mut self, me: &Id, wrapping_up: WrappingUp, now: Timestamp) -> Vec<(String, Fate)> {
        let mut phases: BTreeMap<Key, Phase> = BTreeMap::new();
        for (key, story) in &self.stories {
            let word = self.words.get(key).copied();
            if let Some(phase) = phase_of(story, word, me, now) {
                phases.insert(key.clone(), phase);
            } else if story.stage == Stage::Over
                && story.was_of(me)
                && matches!(self.shown.get(key), Some(Phase::Open))
            {
                self.wrapping = Some(key.clone());
            }
        }
        // Rings before anything else is known of it.
        for (key, heard) in &self.words {
            match self.stories.contains_key(key) {
                true => {}
                false if heard.is_new(now) => drop(phases.insert(key.clone(), Phase::Ringing)),
                // Taken before it was known what it is: the agent's list will tell.
                false if heard.word == Word::Taken && self.shown.contains_key(key) => {
                    phases.insert(key.clone(), Phase::Open);
                }
                false => {}
            }
        }
        if let Some(key) = &self.wrapping {
            let goes_on =
                wrapping_up != WrappingUp::No && !phases.values().any(|phase| *phase == Phase::Open);
            if goes_on && self.stories.contains_key(key) {
                phases.insert(key.clone(), Phase::WrapUp);
            } else {
                self.wrapping = None;
            }
        }
        let gone: Vec<(Key, Phase)> = self
            .shown
            .iter()
            .filter(|(key, _)| !phases.contains_key(key))
            .map(|(k, p)| (k.clone(), *p))
            .collect();
        let left = gone.iter().map(|(key, was)| (key.name(), self.fate(key, *was, me))).collect();
        // What became of it is known, so the offer is over; only a later line of the log is a new one.
        for (key, _) in gone.iter().filter(|(key, _)| self.stories.contains_key(key)) {
            if let Some(heard) = self.words.get_mut(key) {
                heard.word = heard.word.max(Word::Missed);
            }
        }
        self.shown = phases;
        let shown = &self.shown;
        self.stories
            .retain(|key, story| shown.contains_key(key) || story.stage != Stage::Over && story.is_of(me));
        left
    }

    /// Whether something ended of which it is not told yet whether the agent wraps it up.
    pub(super) fn wraps_up(&self) -> bool {
        self.wrapping.is_some()
    }

    fn fate(&self, key: &Key, was: Phase, me: &Id) -> Fate {
        let missed = self.words.get(key).is_some_and(|heard| heard.word == Word::Missed);
        let Some(story) = self.stories.get(key) else {
            return if missed { Fate::Passed } else { Fate::Gone };
        };
        let talked = was == Phase::Open || was == Phase::WrapUp || story.takes_part(me);
        match story.stage {
            _ if was == Phase::WrapUp => Fate::Handled,
            Stage::Over if talked || (was == Phase::Dialling && story.is_of(me)) => Fate::Handled,
            Stage::Over if !story.is_of(me) && story.agent.is_some() => Fate::Elsewhere,
            Stage::Over => Fate::Abandoned,
            Stage::Talked | Stage::Given if !story.is_of(me) => Fate::Elsewhere,
            _ => Fate::Passed,
        }
    }
}

impl Heard {
    fn is_offer(self) -> bool {
        matches!(self.word, Word::Offered | Word::Attempted)
    }

    /// Offered just now: rings before anything else is known of it.
    fn is_new(self, now: Timestamp) -> bool {
        let new = SignedDuration::try_from(inferred::NEW_OFFER).unwrap_or_default();
        self.is_on_offer(now) && now.duration_since(self.here) < new
    }

    /// Offered, and not so long ago that its end must have been missed.
    fn is_on_offer(self, now: Timestamp) -> bool {
        let age = now.duration_since(self.here);
        self.is_offer() && age < SignedDuration::try_from(inferred::LONGEST_OFFER).unwrap_or_default()
    }
}

fn phase_of(story: &Story, heard: Option<Heard>, me: &Id, now: Timestamp) -> Option<Phase> {
    let offered = heard.is_some_and(|heard| heard.is_on_offer(now));
    let taken = heard.is_some_and(|heard| heard.word == Word::Taken);
    let mine = story.is_of(me);
    match story.stage {
        Stage::Over => None,
        // The log is ahead of what is known of it.
        Stage::Waits if taken && heard.is_some_and(|heard| story.updated.is_none_or(|at| at <= heard.at)) => {
            Some(Phase::Open)
        }
        Stage::Waits => offered.then_some(Phase::Ringing),
        Stage::Given if !mine => None,
        Stage::Given if story.direction == Direction::Out => Some(Phase::Dialling),
        Stage::Given if taken => Some(Phase::Open),
        Stage::Given => Some(Phase::Ringing),
        Stage::Talked if !mine => story.takes_part_now(me).then_some(Phase::Open),
        // A chat is assigned both while it is offered and while it is written in.
        Stage::Talked if offered && !story.takes_part(me) => Some(Phase::Ringing),
        Stage::Talked => Some(Phase::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ccaip::Call;
    use serde_json::{Value, json};

    const ME: u64 = 7;

    fn at(text: &str) -> Timestamp {
        format!("2026-07-10T{text}Z").parse().unwrap()
    }

    fn line(activity: &str, call: u64, when: &str) -> AgentActivityLog {
        let started_at = at(when).to_string();
        serde_json::from_value(
            json!({"id": 1, "agent_id": ME, "activity": activity, "call_id": call, "started_at": started_at}),
        )
        .unwrap()
    }

    fn story(call: Value) -> Story {
        Story::of_call(&serde_json::from_value::<Call>(call).unwrap(), &Id::from(ME), "GB")
    }

    /// The phases of what is shown, and what became of the rest.
    fn stand(live: &mut Live, wrapping: WrappingUp, now: Timestamp) -> (Vec<Phase>, Vec<Fate>) {
        let left = live.stand(&Id::from(ME), wrapping, now);
        (live.shown().map(|(_, phase, _)| phase).collect(), left.into_iter().map(|(_, fate)| fate).collect())
    }

    const OFFERED: &str = "call_notification_offered";

    #[test]
    fn an_offer_rings_at_once_and_one_of_minutes_ago_only_when_it_was_looked_at() {
        let mut live = Live::default();
        live.logged(&[line("login", 1, "08:00:00")], at("09:00:00"));
        live.logged(&[line(OFFERED, 12, "09:10:00")], at("09:10:02"));
        assert_eq!(stand(&mut live, WrappingUp::No, at("09:10:02")).0, [Phase::Ringing]);
        assert!(live.is_news(Kind::Call, at("09:10:02")));
        assert!(!live.is_news(Kind::Call, at("09:10:03")), "it is asked for out of turn once");

        // The next look comes ten minutes later: what was offered long ago has been over since.
        live.logged(&[line(OFFERED, 13, "09:12:00"), line(OFFERED, 14, "09:18:30")], at("09:20:00"));
        assert_eq!(stand(&mut live, WrappingUp::No, at("09:20:00")), (Vec::new(), vec![Fate::Gone]));
        let asked = live.to_look_up(Kind::Call, &Id::from(ME), at("09:20:00"));
        assert_eq!(asked.iter().map(Key::name).collect::<Vec<_>>(), ["call-14"]);
        live.looked_up(&asked, vec![story(json!({"id": 14, "status": "queued"}))]);
        assert_eq!(stand(&mut live, WrappingUp::No, at("09:20:01")).0, [Phase::Ringing]);
    }

    #[test]
    fn a_clock_that_is_apart_neither_hides_a_ring_nor_makes_one() {
        let mut live = Live::default();
        // The platform's clock is an hour behind.
        live.logged(&[line("login", 1, "08:00:00")], at("09:09:57"));
        live.logged(&[line(OFFERED, 12, "08:10:00")], at("09:10:01"));
        assert_eq!(stand(&mut live, WrappingUp::No, at("09:10:01")).0, [Phase::Ringing]);
        // And here it is ahead.
        let mut live = Live::default();
        live.logged(&[line(OFFERED, 12, "09:11:30")], at("09:10:00"));
        assert_eq!(stand(&mut live, WrappingUp::No, at("09:10:00")).0, [Phase::Ringing]);
        assert!(stand(&mut live, WrappingUp::No, at("09:11:00")).0.is_empty());
    }

    #[test]
    fn what_is_said_of_a_call_decides_what_it_is() {
        let mine = json!({"id": ME});
        for (call, word, expected) in [
            (json!({"id": 12, "status": "queued"}), None, None),
            (json!({"id": 12, "status": "assigned", "agent_info": mine}), None, Some(Phase::Ringing)),
            (
                json!({"id": 12, "status": "Assigned", "agent_info": mine}),
                Some("call_picked_up"),
                Some(Phase::Open),
            ),
            (
                json!({"id": 12, "status": "connecting", "agent_info": mine, "call_type": "Voice Outbound (API)"}),
                None,
                Some(Phase::Dialling),
            ),
            (json!({"id": 12, "status": "queued"}), Some("call_picked_up"), Some(Phase::Open)),
            (json!({"id": 12, "status": "connected", "agent_info": mine}), None, Some(Phase::Open)),
            (json!({"id": 12, "status": "connected", "agent_info": {"id": 9}}), Some(OFFERED), None),
            (json!({"id": 12, "status": "teleporting", "agent_info": mine}), None, Some(Phase::Ringing)),
            (json!({"id": 12, "status": "finished", "agent_info": mine}), None, None),
        ] {
            let mut live = Live::default();
            let now = at("09:10:01");
            live.logged(&word.map(|word| line(word, 12, "09:10:00")).into_iter().collect::<Vec<_>>(), now);
            live.told(vec![story(call.clone())]);
            let (phases, _) = stand(&mut live, WrappingUp::No, now);
            assert_eq!(phases.first().copied(), expected, "{call}");
        }
    }

    #[test]
    fn a_call_that_ends_is_wrapped_up_until_the_state_says_that_it_is_not() {
        let now = at("09:10:00");
        let call = |status: &str| {
            story(
                json!({"id": 12, "status": status, "agent_info": {"id": ME}, "connected_at": "2026-07-10T09:00:00Z"}),
            )
        };
        let mut live = Live::default();
        live.mine(Kind::Call, vec![call("connected")]);
        assert_eq!(stand(&mut live, WrappingUp::No, now).0, [Phase::Open]);
        live.mine(Kind::Call, vec![call("finished")]);
        assert_eq!(stand(&mut live, WrappingUp::Untold, now).0, [Phase::WrapUp]);
        assert_eq!(stand(&mut live, WrappingUp::Yes, now).0, [Phase::WrapUp]);
        assert_eq!(stand(&mut live, WrappingUp::No, now), (Vec::new(), vec![Fate::Handled]));
    }

    #[test]
    fn what_left_the_agents_list_is_looked_up_and_told_from_what_was_given_up() {
        let now = at("09:10:00");
        for (found, expected) in [
            (Some(json!({"id": 12, "status": "connected", "agent_info": {"id": 9}})), Fate::Elsewhere),
            (Some(json!({"id": 12, "status": "failed", "fail_reason": "eu_abandoned"})), Fate::Abandoned),
            (Some(json!({"id": 12, "status": "queued"})), Fate::Passed),
            (None, Fate::Gone),
        ] {
            let mut live = Live::default();
            live.mine(
                Kind::Call,
                vec![story(json!({"id": 12, "status": "assigned", "agent_info": {"id": ME}}))],
            );
            assert_eq!(stand(&mut live, WrappingUp::No, now).0, [Phase::Ringing]);
            live.mine(Kind::Call, Vec::new());
            assert_eq!(stand(&mut live, WrappingUp::No, now).0, [Phase::Ringing], "until it is looked up");
            let asked = live.to_look_up(Kind::Call, &Id::from(ME), now);
            live.looked_up(&asked, found.clone().map(story).into_iter().collect());
            assert_eq!(stand(&mut live, WrappingUp::No, now), (Vec::new(), vec![expected]), "{found:?}");
        }
    }
}
