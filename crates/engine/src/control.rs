//! Live call control and presence: what is asked, what is sent, and by what in the platform's state it is confirmed.
//!
//! Nothing is sent that the platform does not offer for the call at this moment, on a device that it does not allow, or
//! with a second call that is not one of the same account. Two things leave no trace in any state: tones that were
//! sent, and what became of a recording that had ended. These, and what happens only when somebody else does something
//! first (a transfer that waits), are confirmed by the platform's answer.

use std::collections::{BTreeSet, HashMap};

use model::{
    AccountId, Activity, ActivityId, CallControl, Channel, Command, Control, DeviceId, Direction, Handing,
    ParticipantId, Phase, PresenceChange, Problem, ProblemCode, Recording, ShortcutId, Until,
};

use crate::commands::{Progress, Want};
use crate::plan::{Step, impossible};
use crate::sight::{Fate, Order};
use crate::state::State;

/// How exactly an end of presence is met: platforms round to minutes.
const UNTIL_GRAIN_MS: i64 = 60_000;

/// What a live call is to turn into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Held(bool),
    Muted(bool),
    /// Recorded, interrupted or neither; since when does not matter.
    Recorded(Recording),
    /// Not this agent's any more.
    Left,
    /// Neither is the other.
    LeftWith(ActivityId),
    /// One conversation with this other call.
    Conference(ActivityId),
    Without(ParticipantId),
    /// On hold, and the other is not.
    SwappedWith(ActivityId),
    On(DeviceId),
}

impl State {
    /// What to do for a control of a live call.
    pub(crate) fn plan_control(&self, id: &ActivityId, control: &Control) -> Result<Vec<Step>, Problem> {
        let action = control.action();
        let (account, name) = self.offered(id, action)?;
        let activity = self.activity(id)?;
        let turn = |turn| Want::Call(id.clone(), turn);
        let (mut control, mut other) = (control.clone(), None);
        let want = match &mut control {
            Control::Hold => turn(Turn::Held(true)),
            Control::Resume => turn(Turn::Held(false)),
            Control::Mute => turn(Turn::Muted(true)),
            Control::Unmute => turn(Turn::Muted(false)),
            Control::Dtmf { digits } => {
                *digits = tones(digits).ok_or_else(|| impossible("digits").on(&account))?;
                Want::Taken
            }
            Control::Transfer { to, handing } => {
                *to = self.dialled(to).map_err(|problem| problem.on(&account))?;
                match handing {
                    Handing::Blind | Handing::Voicemail => turn(Turn::Left),
                    Handing::CampOn => Want::Taken,
                }
            }
            Control::Consult { to, device } => {
                *to = self.dialled(to).map_err(|problem| problem.on(&account))?;
                self.allows(activity, action, device.as_ref())?;
                Want::Begun(self.calls_of(&account))
            }
            Control::Join { with, when_answered } => {
                let second = self.second(activity, with, &mut other)?;
                if *when_answered && second.phase != Phase::Open {
                    Want::Taken
                } else {
                    turn(Turn::LeftWith(with.clone()))
                }
            }
            Control::Conference { with } => {
                self.second(activity, with, &mut other)?;
                turn(Turn::Conference(with.clone()))
            }
            Control::Swap { with } => {
                self.second(activity, with, &mut other)?;
                turn(Turn::SwappedWith(with.clone()))
            }
            Control::RemoveParticipant { participant } => {
                let conference = activity.call.as_ref().and_then(|call| call.conference.as_ref());
                let is_there =
                    conference.is_some_and(|all| all.participants.iter().any(|p| p.id == *participant));
                if !is_there {
                    return Err(Problem::new(ProblemCode::Gone).on(&account));
                }
                turn(Turn::Without(participant.clone()))
            }
            Control::LeaveConference => turn(Turn::Left),
            Control::Move { device } => {
                self.allows(activity, action, Some(device))?;
                turn(Turn::On(device.clone()))
            }
            // A parked call belongs to nobody: it leaves.
            Control::Park => turn(Turn::Left),
            Control::RecordStart | Control::RecordResume => {
                turn(Turn::Recorded(Recording::On { since: None }))
            }
            Control::RecordStop => turn(Turn::Recorded(Recording::Off)),
            Control::RecordPause => turn(Turn::Recorded(Recording::Paused)),
            Control::RecordSave | Control::RecordDiscard => Want::Taken,
        };
        self.once(account, Order::Control { activity: name, control, other }, want)
    }

    /// What to do to take a call that rings at a colleague.
    pub(crate) fn plan_pick_up(
        &self,
        contact: &model::ContactId,
        handle: &str,
        device: Option<&DeviceId>,
    ) -> Result<Vec<Step>, Problem> {
        let (account, name) = contact.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let state = self.signed_in(&account)?;
        let known = self.figures.presence(contact);
        let rings =
            known.is_some_and(|one| one.calls.iter().any(|call| call.handle == handle && call.can_pick_up));
        if !rings {
            return Err(Problem::new(ProblemCode::Gone).on(&account));
        }
        if let Some(device) = device.filter(|id| !state.devices.iter().any(|known| known.id == **id)) {
            return Err(impossible("no_device").on(&account).with("device", device.as_str()));
        }
        let want = Want::Begun(self.calls_of(&account));
        let (contact, handle) = (name.to_owned(), handle.to_owned());
        self.once(account, Order::PickUp { contact, handle, device: device.cloned() }, want)
    }

    /// What to do to change the own presence.
    pub(crate) fn plan_presence(
        &self,
        account: &AccountId,
        change: &PresenceChange,
    ) -> Result<Vec<Step>, Problem> {
        let own = self.signed_in(account)?.presence.as_ref();
        let own = own.ok_or_else(|| impossible("not_offered").on(account))?;
        let knows_activity =
            |id: &model::PresenceId| own.activities.iter().any(|activity| activity.id == *id);
        let knows_role = |id: &model::RoleId| own.roles.iter().any(|role| role.id == *id);
        if !change.activity.as_ref().is_none_or(knows_activity)
            || !change.role.as_ref().is_none_or(knows_role)
        {
            return Err(Problem::new(ProblemCode::Gone).on(account));
        }
        self.once(account.clone(), Order::SetPresence(change.clone()), Want::Own(change.clone()))
    }

    /// What to do to set a presence with everything around it.
    pub(crate) fn plan_shortcut(&self, account: &AccountId, id: &ShortcutId) -> Result<Vec<Step>, Problem> {
        let own = self.signed_in(account)?.presence.as_ref();
        let shortcut = own.and_then(|own| own.shortcuts.iter().find(|shortcut| shortcut.id == *id));
        let shortcut = shortcut.ok_or_else(|| Problem::new(ProblemCode::Gone).on(account))?;
        let change =
            PresenceChange { activity: Some(shortcut.activity.clone()), ..PresenceChange::default() };
        self.once(account.clone(), Order::ApplyShortcut(id.clone()), Want::Own(change))
    }

    /// Whether a call has turned into what was asked for.
    pub(crate) fn turned(&self, account: &AccountId, id: &ActivityId, turn: &Turn) -> Progress {
        let met = |met| if met { Progress::Met } else { Progress::NotYet };
        let is_live = |id: &ActivityId| self.live(id).is_some();
        let Some(activity) = self.live(id) else {
            // Two that became one conversation may go on under the name of the other.
            return match turn {
                Turn::Left => Progress::Met,
                Turn::LeftWith(other) => met(!is_live(other)),
                Turn::Conference(other) if is_live(other) => met(self.is_conference(other)),
                _ => Progress::Lost(Problem::new(ProblemCode::Gone).on(account)),
            };
        };
        let call = activity.call.as_ref();
        match turn {
            Turn::Held(on) => met(activity.on_hold == *on),
            Turn::Muted(on) => met(call.is_some_and(|call| call.muted == *on)),
            Turn::Recorded(how) => met(call
                .is_some_and(|call| std::mem::discriminant(&call.recording) == std::mem::discriminant(how))),
            Turn::Left | Turn::LeftWith(_) => Progress::NotYet,
            Turn::Conference(other) => met(self.is_conference(id) || self.is_conference(other)),
            Turn::Without(participant) => {
                met(call.and_then(|call| call.conference.as_ref()).is_none_or(|conference| {
                    !conference.participants.iter().any(|other| other.id == *participant)
                }))
            }
            Turn::SwappedWith(other) => {
                met(activity.on_hold && self.live(other).is_some_and(|other| !other.on_hold))
            }
            Turn::On(device) => met(activity.device.as_ref() == Some(device)),
        }
    }

    /// Whether the own presence is what was asked for.
    pub(crate) fn is_present(&self, account: &AccountId, change: &PresenceChange) -> bool {
        let Some(own) = self.account(account).and_then(|state| state.presence.as_ref()) else { return false };
        let until = match change.until {
            None => true,
            Some(Until::Never) => own.until.is_none(),
            Some(Until::At { at }) => {
                own.until.is_some_and(|until| until.ms_since(at).abs() < UNTIL_GRAIN_MS)
            }
        };
        let asked = |asked: &Option<_>, is: &Option<_>| asked.is_none() || asked == is;
        until
            && asked(&change.activity, &own.activity)
            && change.note.as_ref().is_none_or(|note| note.trim() == own.note.trim())
            && change.role.as_ref().is_none_or(|role| own.role.as_ref() == Some(role))
            && change.available.is_none_or(|available| own.available == Some(available))
    }

    /// Whether a call has begun that was not there: the one that the platform named, or, where it took the order and
    /// named none, any new one.
    pub(crate) fn begun(
        &self,
        account: &AccountId,
        known: &BTreeSet<ActivityId>,
        made: Option<&ActivityId>,
        taken: bool,
        fates: &HashMap<ActivityId, Fate>,
    ) -> bool {
        match made {
            Some(made) => self.activities.contains_key(made) || fates.contains_key(made),
            None => taken && self.new_calls(account, known).next().is_some(),
        }
    }

    /// Remembers which call a consultation is for, where its platform does not say.
    pub(crate) fn pair_consultations(&mut self, account: &AccountId) {
        let begun: Vec<_> = (self.commands.pending_on(account))
            .filter_map(|(status, want, taken)| match (&status.command, want) {
                (Command::Control { activity, control: Control::Consult { .. } }, Want::Begun(known)) => {
                    let paired = |(one, first): (&ActivityId, _)| first == activity && !known.contains(one);
                    if self.consultations.iter().any(paired) {
                        return None;
                    }
                    // Whoever calls in at this moment is nobody's consultation.
                    let is_ours = |new: &&Activity| taken && new.direction != Direction::In;
                    let new = || self.new_calls(account, known).find(is_ours).map(|new| new.id.clone());
                    Some((status.made.clone().or_else(new)?, activity.clone()))
                }
                _ => None,
            })
            .collect();
        self.consultations.extend(begun);
        let told: Vec<_> = (self.consultations.iter())
            .filter(|(consulting, first)| {
                self.live(first).is_some()
                    && self.live(consulting).is_some_and(|activity| {
                        activity.call.as_ref().is_some_and(|call| call.consults_for.is_none())
                    })
            })
            .map(|(consulting, first)| (consulting.clone(), first.clone()))
            .collect();
        for (consulting, first) in told {
            self.change_activity(&consulting, |activity| {
                if let Some(call) = &mut activity.call {
                    call.consults_for = Some(first);
                }
            });
        }
    }

    /// What the platform tells of a call, with the call it consults for where only we know that.
    pub(crate) fn paired(&self, id: &ActivityId, call: Option<CallControl>) -> Option<CallControl> {
        let first = self.consultations.get(id).filter(|first| self.activities.contains_key(first));
        let (Some(call), Some(first)) = (&call, first) else { return call };
        let consults_for = call.consults_for.clone().or(Some(first.clone()));
        Some(CallControl { consults_for, ..call.clone() })
    }

    /// One of a consultation's two calls is over: there is nobody to be joined with.
    pub(crate) fn unpair(&mut self, over: &ActivityId) {
        self.consultations.remove(over);
        let alone: Vec<ActivityId> = self
            .consultations
            .extract_if(|_, first| first == over)
            .map(|(consulting, _)| consulting)
            .collect();
        for consulting in alone {
            self.change_activity(&consulting, |activity| {
                if let Some(call) =
                    activity.call.as_mut().filter(|call| call.consults_for.as_ref() == Some(over))
                {
                    call.consults_for = None;
                }
            });
        }
    }

    /// The calls of an account that go on.
    pub(crate) fn calls_of(&self, account: &AccountId) -> BTreeSet<ActivityId> {
        let calls = self.activities.values().filter(|activity| activity.account == *account);
        calls.map(|activity| activity.id.clone()).collect()
    }

    /// Calls that were begun or taken here, and were not there before.
    fn new_calls<'a>(
        &'a self,
        account: &'a AccountId,
        known: &'a BTreeSet<ActivityId>,
    ) -> impl Iterator<Item = &'a Activity> {
        let calls = self.activities.values().map(|activity| &**activity);
        calls.filter(move |activity| {
            activity.account == *account
                && activity.channel == Channel::Call
                && matches!(activity.phase, Phase::Dialling | Phase::Open)
                && !known.contains(&activity.id)
        })
    }

    fn live(&self, id: &ActivityId) -> Option<&Activity> {
        let activity = self.activities.get(id)?;
        matches!(activity.phase, Phase::Ringing | Phase::Dialling | Phase::Open).then_some(activity)
    }

    fn is_conference(&self, id: &ActivityId) -> bool {
        let call = self.live(id).and_then(|activity| activity.call.as_ref());
        call.is_some_and(|call| call.conference.is_some())
    }

    /// The second call of a control, and its name on the platform.
    fn second(
        &self,
        first: &Activity,
        with: &ActivityId,
        name: &mut Option<String>,
    ) -> Result<&Activity, Problem> {
        let second = self.live(with).filter(|_| *with != first.id);
        let second = second.ok_or_else(|| Problem::new(ProblemCode::Gone).on(&first.account))?;
        if second.account != first.account {
            return Err(impossible("other_account").on(&first.account));
        }
        *name = with.parts().map(|(_, name)| name.to_owned());
        Ok(second)
    }

    /// Whether an action on a call may name this device.
    pub(crate) fn allows(
        &self,
        activity: &Activity,
        action: model::Action,
        device: Option<&DeviceId>,
    ) -> Result<(), Problem> {
        let Some(device) = device else { return Ok(()) };
        let choices = activity.call.as_ref().and_then(|call| call.choices.get(&action));
        let allowed = match choices {
            Some(choices) => choices.contains(device),
            None => {
                let state = self.account(&activity.account);
                state.is_some_and(|state| state.devices.iter().any(|known| known.id == *device))
            }
        };
        let problem = || impossible("no_device").on(&activity.account).with("device", device.as_str());
        if allowed { Ok(()) } else { Err(problem()) }
    }
}

/// The tones of a text; `None` if something in it is no tone.
fn tones(text: &str) -> Option<String> {
    let digits: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let is_tone = |c: char| c.is_ascii_digit() || matches!(c, '*' | '#' | 'A'..='D');
    (!digits.is_empty() && digits.chars().all(is_tone)).then_some(digits)
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
