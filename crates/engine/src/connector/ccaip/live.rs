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
    /// Whether the log was read before: what comes from now on comes as it happens.
    follows: bool,
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
    /// Takes in lines of the agent's log.
    pub(super) fn logged(&mut self, lines: &[AgentActivityLog], now: Timestamp) {
        for line in lines {
            let Some((word, at)) = line.activity.as_ref().and_then(inferred::word).zip(line.started_at)
            else {
                continue;
            };
            let call = line.call_id.as_ref().map(|id| Key::new(Kind::Call, id));
            let chat = line.chat_id.as_ref().map(|id| Key::new(Kind::Chat, id));
            for key in call.into_iter().chain(chat) {
                let heard = Heard { at, word, here: if self.follows { now } else { at } };
                let known = self.words.entry(key).or_insert(heard);
                if (known.at, known.word) < (at, word) {
                    *known = heard;
                }
            }
        }
        self.follows = true;
        let oldest = now.checked_sub(inferred::LONGEST_OFFER * 4).unwrap_or(now);
        self.words.retain(|key, heard| heard.here >= oldest || self.stories.contains_key(key));
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
                && !self.stories.contains_key(key)
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
            if heard.is_on_offer(now) && !self.stories.contains_key(key) {
                phases.insert(key.clone(), Phase::Ringing);
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
        for (key, _) in gone {
            if self.stories.get(&key).is_some_and(|story| story.stage == Stage::Over) {
                self.words.remove(&key);
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
