//! A call on one account keeps the others from ringing: they go on the pause that the agent chose for this, and come off
//! it afterwards. Exactly what was set here is released, and nothing else.
//!
//! ```text
//!             call elsewhere, ready          seen on it              no call elsewhere
//!  (nothing) ──────────────────────► Asked ─────────────► Set ──────────────────────────► Releasing
//!      ▲                               │                   │                                  │
//!      │     never seen, no call       │                   │ seen off it                      │ seen off it
//!      ├───────────────────────────────┘                   ▼                                  │
//!      ├──────────────── no call elsewhere ──────────── Waived ◄── the agent chose, or refused
//!      └──────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Pure, and driven by what the platforms show, not by what they answer: an answer that was lost changes nothing. What
//! stands here is kept in the store before anything is sent, so that a pause outlives neither a crash nor a restart.
//! A choice of the agent, made here or on the platform, ends our claim at once: an account that is seen on anything but
//! exactly the pause that we set is not touched again as long as the calls last.

use std::collections::{BTreeMap, BTreeSet};

use model::{AccountId, ActivityId, Channel, Link, PauseId, Phase, Presence, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ring::same_number;
use crate::state::{State, is_shown, number_of};

/// How long a pause that was asked for may take to be seen; after that it counts as lost.
pub(crate) const ASKED_MS: i64 = 30_000;
/// How long a release may take to be seen before it is sent again.
pub(crate) const AGAIN_MS: i64 = 15_000;
/// How soon something that was certainly not sent is tried again.
const SOON_MS: i64 = 5_000;

/// How far it is with one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
enum Stage {
    Asked { pause: PauseId, until: Timestamp },
    Set { pause: PauseId },
    Releasing { pause: PauseId, again: Timestamp },
    Waived,
}

/// What is to be sent to a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Pause(AccountId, PauseId),
    Release(AccountId),
}

impl Deed {
    /// Where it goes.
    pub(crate) fn account(&self) -> &AccountId {
        match self {
            Self::Pause(account, _) | Self::Release(account) => account,
        }
    }
}

/// An account as it is seen now.
pub(crate) struct Facing<'a> {
    pub(crate) account: &'a AccountId,
    /// What is shown of it is true now.
    pub(crate) is_heard: bool,
    pub(crate) presence: Presence,
    pub(crate) pause: Option<&'a PauseId>,
    /// The pause the agent wants there during calls elsewhere, if the account has it.
    pub(crate) wish: Option<&'a PauseId>,
    /// The agent is in a call there: it cannot ring by itself.
    pub(crate) in_call: bool,
    pub(crate) elsewhere: Elsewhere,
}

/// Whether the agent is in a call on another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elsewhere {
    Calls,
    Quiet,
    /// Another account has not shown itself yet.
    Unknown,
}

/// A call that goes on, or begins to.
pub(crate) struct Call<'a> {
    pub(crate) activity: &'a ActivityId,
    pub(crate) account: &'a AccountId,
    pub(crate) number: Option<String>,
    /// There is a conversation.
    pub(crate) is_open: bool,
}

/// What was set where.
#[derive(Debug, Default)]
pub(crate) struct Borrowed {
    stages: BTreeMap<AccountId, Stage>,
    /// Calls that are, or were, the same physical call as one on the account itself.
    joint: BTreeSet<(AccountId, ActivityId)>,
    deeds: Vec<Deed>,
    is_unsaved: bool,
    version: u64,
}

impl Borrowed {
    /// What the store kept; what cannot be read is nothing.
    pub(crate) fn from_json(text: &str) -> Self {
        let stages = serde_json::from_str(text).unwrap_or_else(|error: serde_json::Error| {
            tracing::warn!(at = error.column(), "pauses set for calls elsewhere cannot be read");
            BTreeMap::new()
        });
        Self { stages, ..Self::default() }
    }

    /// What the store is to keep.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.stages).unwrap_or_default()
    }

    /// Notes which of these calls are one. The same number on two accounts at once is the same physical call, and so
    /// keeps neither of them from anything.
    pub(crate) fn join(&mut self, calls: &[Call<'_>]) {
        self.joint.retain(|(_, activity)| calls.iter().any(|call| call.activity == activity));
        for one in calls {
            let same = |other: &&Call<'_>| {
                other.account != one.account
                    && one.number.as_deref().zip(other.number.as_deref()).is_some_and(same_number)
            };
            for other in calls.iter().filter(same) {
                self.joint.insert((one.account.clone(), other.activity.clone()));
            }
        }
    }

    /// Whether one of these calls keeps the agent from the account.
    pub(crate) fn has_call_elsewhere(&self, account: &AccountId, calls: &[Call<'_>]) -> bool {
        calls.iter().any(|call| {
            call.is_open
                && call.account != account
                && !self.joint.contains(&(account.clone(), call.activity.clone()))
        })
    }

    /// Takes in how an account is seen now.
    pub(crate) fn look(&mut self, facing: &Facing<'_>, now: Timestamp) {
        if !facing.is_heard {
            return;
        }
        let before = self.stages.get(facing.account).cloned();
        let mut stage = before.clone();
        // Each step may open the way to the next; no way is longer than this.
        for _ in 0..4 {
            let next = self.step(stage.clone(), facing, now);
            if next == stage {
                break;
            }
            stage = next;
        }
        if stage != before {
            self.changed();
            match stage {
                Some(stage) => drop(self.stages.insert(facing.account.clone(), stage)),
                None => drop(self.stages.remove(facing.account)),
            }
        }
    }

    fn step(&mut self, stage: Option<Stage>, facing: &Facing<'_>, now: Timestamp) -> Option<Stage> {
        let on = facing.pause.filter(|_| facing.presence == Presence::Paused);
        let is_quiet = facing.elsewhere == Elsewhere::Quiet;
        match stage {
            None if facing.elsewhere == Elsewhere::Calls
                && facing.presence == Presence::Ready
                && !facing.in_call =>
            {
                let pause = facing.wish?.clone();
                self.deeds.push(Deed::Pause(facing.account.clone(), pause.clone()));
                Some(Stage::Asked { pause, until: now.plus_ms(ASKED_MS) })
            }
            None => None,
            Some(Stage::Asked { pause, .. }) if on == Some(&pause) => Some(Stage::Set { pause }),
            // Lost: asked again if it still matters, unless somebody has chosen meanwhile.
            Some(Stage::Asked { until, .. }) if now >= until => {
                (!is_quiet && facing.presence != Presence::Ready).then_some(Stage::Waived)
            }
            Some(Stage::Set { pause }) if on != Some(&pause) => Some(Stage::Waived),
            Some(Stage::Set { pause }) if is_quiet => Some(self.release(facing, pause, now)),
            Some(Stage::Releasing { pause, .. }) if on != Some(&pause) => None,
            Some(Stage::Releasing { pause, again }) if now >= again => {
                Some(if is_quiet { self.release(facing, pause, now) } else { Stage::Set { pause } })
            }
            Some(Stage::Waived) if is_quiet => None,
            same => same,
        }
    }

    fn release(&mut self, facing: &Facing<'_>, pause: PauseId, now: Timestamp) -> Stage {
        self.deeds.push(Deed::Release(facing.account.clone()));
        Stage::Releasing { pause, again: now.plus_ms(AGAIN_MS) }
    }

    /// The agent has chosen a state for the account: what stands there from now on is the agent's.
    pub(crate) fn agent_chose(&mut self, account: &AccountId) {
        self.deeds.retain(|deed| deed.account() != account);
        if self.stages.insert(account.clone(), Stage::Waived) != Some(Stage::Waived) {
            self.changed();
        }
    }

    /// The platform refused it: a pause is not asked for again while these calls last. A release that was refused says
    /// nothing about the pause that may have been asked for since; it is sent again in its time.
    pub(crate) fn refused(&mut self, deed: &Deed) {
        let stage = self.stages.get_mut(deed.account());
        if let (Deed::Pause(..), Some(stage @ Stage::Asked { .. })) = (deed, stage) {
            *stage = Stage::Waived;
            self.changed();
        }
    }

    /// It certainly never reached the platform.
    pub(crate) fn not_sent(&mut self, deed: &Deed, now: Timestamp) {
        match (deed, self.stages.get_mut(deed.account())) {
            (Deed::Pause(..), Some(Stage::Asked { until: at, .. }))
            | (Deed::Release(_), Some(Stage::Releasing { again: at, .. })) => *at = now.plus_ms(SOON_MS),
            _ => {}
        }
    }

    /// The account is forgotten.
    pub(crate) fn forget(&mut self, account: &AccountId) {
        if self.stages.remove(account).is_some() {
            self.changed();
        }
        self.joint.retain(|(of, _)| of != account);
        self.deeds.retain(|deed| deed.account() != account);
    }

    /// Whether an account that is on this pause is there because of us.
    pub(crate) fn is_ours(&self, account: &AccountId, on: &PauseId) -> bool {
        match self.stages.get(account) {
            Some(Stage::Asked { pause, .. } | Stage::Set { pause } | Stage::Releasing { pause, .. }) => {
                pause == on
            }
            Some(Stage::Waived) | None => false,
        }
    }

    /// Another number whenever another answer of [`Borrowed::is_ours`] may have become true.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    fn changed(&mut self) {
        self.is_unsaved = true;
        self.version += 1;
    }

    /// Whether there is nothing to look after.
    pub(crate) fn is_empty(&self) -> bool {
        self.stages.is_empty()
    }

    /// Whether there is something to keep or to send.
    pub(crate) fn has_work(&self) -> bool {
        self.is_unsaved || !self.deeds.is_empty()
    }

    /// What is to be kept first, if anything, and then sent.
    pub(crate) fn take_work(&mut self) -> (Option<String>, Vec<Deed>) {
        let unsaved = std::mem::take(&mut self.is_unsaved);
        (unsaved.then(|| self.to_json()), std::mem::take(&mut self.deeds))
    }

    /// When [`Borrowed::look`] has something to do although nothing is heard; what is not heard at all waits.
    pub(crate) fn next_deadline(&self, is_heard: impl Fn(&AccountId) -> bool) -> Option<Timestamp> {
        let heard = self.stages.iter().filter(|(account, _)| is_heard(account));
        let waits = heard.filter_map(|(_, stage)| match stage {
            Stage::Asked { until: at, .. } | Stage::Releasing { again: at, .. } => Some(*at),
            Stage::Set { .. } | Stage::Waived => None,
        });
        waits.min()
    }
}

impl State {
    /// Makes the pauses for calls elsewhere what the state asks for. To be called after every change.
    pub(crate) fn look_elsewhere(&mut self, now: Timestamp) {
        let wished = self.settings.states.values().any(|map| map.during_calls_elsewhere.is_some());
        if !wished && self.borrowed.is_empty() {
            return;
        }
        // What was shown of an account that is signed out is over for us: nothing will ever end it.
        let is_signed_in =
            |id: &AccountId| self.account(id).is_some_and(|state| state.health.link != Link::SignedOut);
        let calls: Vec<Call<'_>> = (self.activities.values())
            .filter(|activity| activity.channel == Channel::Call && is_signed_in(&activity.account))
            .filter(|activity| matches!(activity.phase, Phase::Ringing | Phase::Dialling | Phase::Open))
            .map(|activity| Call {
                activity: &activity.id,
                account: &activity.account,
                number: number_of(&activity.party),
                is_open: activity.phase == Phase::Open,
            })
            .collect();
        self.borrowed.join(&calls);
        for state in &self.accounts {
            let id = &state.account.id;
            let Some(agent) = &state.agent else { continue };
            let wish = self.settings.states.get(id).and_then(|map| map.during_calls_elsewhere.as_ref());
            let others = || self.accounts.iter().filter(|other| other.account.id != *id);
            let elsewhere = if self.borrowed.has_call_elsewhere(id, &calls) {
                Elsewhere::Calls
            } else if others().any(|other| other.agent.is_none() && is_starting(other.health.link)) {
                Elsewhere::Unknown
            } else {
                Elsewhere::Quiet
            };
            let facing = Facing {
                account: id,
                is_heard: is_shown(state),
                presence: agent.presence,
                pause: agent.pause.as_ref().map(|pause| &pause.id),
                wish: wish.filter(|wish| agent.pauses.iter().any(|pause| pause.id == **wish)),
                in_call: calls.iter().any(|call| call.account == id && call.is_open),
                elsewhere,
            };
            self.borrowed.look(&facing, now);
        }
    }
}

fn is_starting(link: Link) -> bool {
    matches!(link, Link::Connecting | Link::CatchingUp)
}

#[cfg(test)]
#[path = "elsewhere_tests.rs"]
mod tests;
