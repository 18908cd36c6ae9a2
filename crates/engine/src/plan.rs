//! From what an agent asks to what is sent: which accounts, which orders, and the effect that will confirm each.
//!
//! Pure. What cannot work is refused here, before anything is sent, with a reason; everything else is left to the
//! platform, which knows better.

use std::collections::HashMap;

use model::{
    AccountId, AccountState, Action, Activity, ActivityId, AgentTarget, Capability, Command, CommandId,
    DeviceId, Draft, Link, Outcome, Phase, Presence, Problem, ProblemCode, Timestamp,
};

use crate::agent::pause_of;
use crate::commands::{Progress, Want};
use crate::numbers;
use crate::sight::Order;
use crate::state::State;

/// Something to do for a command, outside the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send this to the platform of the account.
    Send { account: AccountId, order: Order, want: Want },
    /// Keep this in the outbox, then send it.
    Keep { activity: ActivityId, title: String, draft: Draft },
    /// Send an item of the outbox again.
    Resend { item: u64 },
    /// Throw an item of the outbox away.
    Discard { item: u64 },
}

impl State {
    /// Registers a command and says what is to be done for it; nothing, if it is refused at once.
    pub(crate) fn begin(&mut self, command: Command, now: Timestamp) -> (CommandId, Vec<Step>) {
        match self.plan(&command) {
            Ok(steps) => (self.register(command, &steps, now), steps),
            Err(problem) => {
                (self.commands.settle_at_once(command, Outcome::Refused { problem }, now), Vec::new())
            }
        }
    }

    fn register(&mut self, command: Command, steps: &[Step], now: Timestamp) -> CommandId {
        let none = HashMap::new();
        let mut goals = Vec::new();
        for step in steps {
            let Some((account, want)) = self.goal(step) else { continue };
            let met = matches!(self.progress(&account, &want, None, &none), Progress::Met);
            match &want {
                Want::Presence(..) => self.commands.supersede_presence(&account),
                Want::Declined(activity) => self.rings.declined(activity),
                _ => {}
            }
            goals.push((account, want, met));
        }
        if goals.is_empty() {
            return self.commands.settle_at_once(command, Outcome::Confirmed, now);
        }
        self.commands.begin(command, goals, now)
    }

    /// The effect that confirms a step, and the account it shows on.
    fn goal(&self, step: &Step) -> Option<(AccountId, Want)> {
        let closed = |activity: &ActivityId| {
            activity.parts().map(|(account, _)| (account, Want::Closed(activity.clone())))
        };
        match step {
            Step::Send { account, want, .. } => Some((account.clone(), want.clone())),
            Step::Keep { activity, .. } => closed(activity),
            Step::Resend { item } => self.outbox.get(item).and_then(|item| closed(&item.activity)),
            Step::Discard { .. } => None,
        }
    }

    fn plan(&self, command: &Command) -> Result<Vec<Step>, Problem> {
        // The same once more while the first is under way: a second click, not a second wish.
        if self.commands.is_command_pending(command) {
            return Err(impossible("already"));
        }
        match command {
            Command::SetState { target, accounts } => self.plan_state(target, accounts.as_deref()),
            Command::SetDevice { account, device, logged_in } => {
                let state = self.signed_in(account)?;
                if !state.devices.iter().any(|known| known.id == *device) {
                    return Err(impossible("no_device").on(account));
                }
                Ok(vec![Step::Send {
                    account: account.clone(),
                    order: Order::Device { device: device.clone(), logged_in: *logged_in },
                    want: Want::Device(device.clone(), *logged_in),
                }])
            }
            Command::SetQueue { account, queue, logged_in } => {
                let state = self.signed_in(account)?;
                if !state.queues.iter().any(|known| known.id == *queue) {
                    return Err(impossible("no_queue").on(account));
                }
                Ok(vec![Step::Send {
                    account: account.clone(),
                    order: Order::Queue { queue: queue.clone(), logged_in: *logged_in },
                    want: Want::Queue(queue.clone(), *logged_in),
                }])
            }
            Command::Answer { activity, device } => {
                let (account, name) = self.offered(activity, Action::Answer)?;
                let order = Order::Answer { activity: name, device: device.clone() };
                self.once(account, order, Want::Answered(activity.clone()))
            }
            Command::Decline { activity } => {
                // One physical call that rings on several accounts is one call for the agent.
                let decline = |activity: &ActivityId| {
                    let (account, name) = self.offered(activity, Action::Decline)?;
                    let order = Order::Decline { activity: name };
                    self.once(account, order, Want::Declined(activity.clone()))
                };
                let mut steps = decline(activity)?;
                let copies = self.rings.same_call_as(activity).into_iter().skip(1);
                steps.extend(copies.filter_map(|copy| decline(&copy).ok()).flatten());
                Ok(steps)
            }
            Command::Hangup { activity } => {
                let (account, name) = self.offered(activity, Action::Hangup)?;
                self.once(account, Order::Hangup { activity: name }, Want::HungUp(activity.clone()))
            }
            Command::Close { activity, draft } => self.plan_close(activity, draft),
            Command::Dial { account, number, queue, device, line, contact: _ } => {
                let number = self.dialled(number)?;
                let state = self.signed_in(account)?;
                if !state.capabilities.contains(&Capability::Dial) {
                    return Err(impossible("no_dialling").on(account));
                }
                if let Some(device) = device.as_ref().filter(|id| !has_device(state, id)) {
                    return Err(impossible("no_device").on(account).with("device", device.as_str()));
                }
                let order =
                    Order::Dial { number, queue: queue.clone(), device: device.clone(), line: line.clone() };
                self.once(account.clone(), order, Want::Dialled)
            }
            Command::Control { activity, control } => {
                let (account, name) = self.offered(activity, control.action())?;
                let order = Order::Control { activity: name, control: control.clone(), other: None };
                self.once(account, order, Want::Taken)
            }
            Command::PickUp { contact, handle, device } => {
                let (account, name) = contact.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
                self.signed_in(&account)?;
                let order = Order::PickUp {
                    contact: name.to_owned(),
                    handle: handle.clone(),
                    device: device.clone(),
                };
                self.once(account, order, Want::Taken)
            }
            Command::SetPresence { account, change } => {
                self.signed_in(account)?;
                self.once(account.clone(), Order::SetPresence(change.clone()), Want::Taken)
            }
            Command::ApplyShortcut { account, shortcut } => {
                self.signed_in(account)?;
                self.once(account.clone(), Order::ApplyShortcut(shortcut.clone()), Want::Taken)
            }
            Command::SetLine { account, line } => {
                self.signed_in(account)?;
                self.once(account.clone(), Order::SetLine(line.clone()), Want::Taken)
            }
            Command::Resend { item } => {
                let known = self.outbox.get(item).ok_or_else(|| Problem::new(ProblemCode::Gone))?;
                if let Some((account, _)) = known.activity.parts() {
                    self.signed_in(&account)?;
                }
                Ok(vec![Step::Resend { item: *item }])
            }
            Command::Discard { item } => {
                self.outbox.get(item).ok_or_else(|| Problem::new(ProblemCode::Gone))?;
                Ok(vec![Step::Discard { item: *item }])
            }
        }
    }

    fn plan_state(&self, target: &AgentTarget, accounts: Option<&[AccountId]>) -> Result<Vec<Step>, Problem> {
        let chosen: Vec<&AccountState> = match accounts {
            Some(ids) => ids.iter().map(|id| self.signed_in(id)).collect::<Result<_, _>>()?,
            None => self.accounts.iter().filter(|state| is_signed_in(state)).collect(),
        };
        let mut steps = Vec::new();
        for state in chosen {
            let Some(agent) = &state.agent else { continue };
            let account = &state.account.id;
            let (order, want) = match target {
                // Where the platform holds the user ready, ready is reached by ending the pause and left only by one.
                AgentTarget::Ready if agent.always_ready && agent.presence != Presence::Paused => continue,
                AgentTarget::NotReady if agent.always_ready => continue,
                AgentTarget::Ready if state.capabilities.contains(&Capability::Ready) => {
                    let device = self.settings.dial.get(account).and_then(|choice| choice.device.clone());
                    let device = device.filter(|id| has_device(state, id));
                    (Order::Ready { device }, Want::Presence(Presence::Ready, None))
                }
                AgentTarget::NotReady if state.capabilities.contains(&Capability::Ready) => {
                    (Order::NotReady { keep_queues: false }, Want::Presence(Presence::NotReady, None))
                }
                AgentTarget::Pause { pause } => {
                    let Some(pause) = pause_of(agent, pause) else { continue };
                    let want = Want::Presence(Presence::Paused, Some(pause.id.clone()));
                    (Order::Pause { pause: pause.id.clone(), keep_queues: false }, want)
                }
                AgentTarget::Ready | AgentTarget::NotReady => continue,
            };
            steps.push(Step::Send { account: account.clone(), order, want });
        }
        if steps.is_empty() { Err(impossible("no_account")) } else { Ok(steps) }
    }

    fn plan_close(&self, id: &ActivityId, draft: &Draft) -> Result<Vec<Step>, Problem> {
        let (account, _) = self.offered(id, Action::Close)?;
        if self.commands.is_pending(&account, &Want::Closed(id.clone())) {
            return Err(impossible("already").on(&account));
        }
        let activity = self.activity(id)?;
        let rules = &activity.wrap_up;
        let chosen = draft.dispositions.len();
        if rules.required && chosen == 0 {
            return Err(impossible("disposition_required").on(&account));
        }
        if !rules.multiple && chosen > 1 {
            return Err(impossible("one_disposition_only").on(&account));
        }
        Ok(vec![Step::Keep { activity: id.clone(), title: title_of(activity), draft: draft.clone() }])
    }

    /// One order, unless the same effect is already on its way.
    fn once(&self, account: AccountId, order: Order, want: Want) -> Result<Vec<Step>, Problem> {
        if !matches!(want, Want::Dialled | Want::Taken) && self.commands.is_pending(&account, &want) {
            return Err(impossible("already").on(&account));
        }
        Ok(vec![Step::Send { account, order, want }])
    }

    fn signed_in(&self, id: &AccountId) -> Result<&AccountState, Problem> {
        let state = self.account(id).ok_or_else(|| impossible("no_account").on(id))?;
        if is_signed_in(state) { Ok(state) } else { Err(Problem::new(ProblemCode::SignInNeeded).on(id)) }
    }

    fn activity(&self, id: &ActivityId) -> Result<&Activity, Problem> {
        let gone = || {
            let problem = Problem::new(ProblemCode::Gone);
            id.parts().map_or(problem.clone(), |(account, _)| problem.on(&account))
        };
        self.activities.get(id).map(|activity| &**activity).ok_or_else(gone)
    }

    /// The account and the platform's name of an activity that offers the action now.
    fn offered(&self, id: &ActivityId, action: Action) -> Result<(AccountId, String), Problem> {
        let activity = self.activity(id)?;
        self.signed_in(&activity.account)?;
        if !activity.actions.contains(&action) {
            // Somebody was quicker: it rang, and does not any more.
            let late = matches!(action, Action::Answer | Action::Decline)
                && !matches!(activity.phase, Phase::Ringing | Phase::Waiting);
            let problem = if late { Problem::new(ProblemCode::Gone) } else { impossible("not_offered") };
            return Err(problem.on(&activity.account));
        }
        let (_, name) = id.parts().ok_or_else(|| Problem::new(ProblemCode::Internal))?;
        Ok((activity.account.clone(), name.to_owned()))
    }

    /// A number as it will be dialled.
    ///
    /// # Errors
    /// `BadNumber`, with what was typed.
    pub(crate) fn dialled(&self, number: &str) -> Result<String, Problem> {
        let parsed = numbers::parse(number, &self.settings.region);
        let shown: String = number.chars().take(40).collect();
        parsed.dial.ok_or_else(|| Problem::new(ProblemCode::BadNumber).with("number", shown))
    }
}

fn is_signed_in(state: &AccountState) -> bool {
    state.agent.is_some() && state.health.link != Link::SignedOut
}

fn has_device(state: &AccountState, id: &DeviceId) -> bool {
    state.devices.iter().any(|device| device.id == *id)
}

/// Whom an activity is about, for reading.
pub(crate) fn title_of(activity: &Activity) -> String {
    let contact = activity.matches.first().map(|found| found.contact.title.clone());
    let phone = activity.party.phone.as_ref().map(|phone| phone.display.clone());
    let party = activity.party.name.clone().or(contact).or(phone).or(activity.party.address.clone());
    party.or(activity.title.clone()).unwrap_or_default()
}

/// It cannot work now; `why` is a fact that the sentence may use.
pub(crate) fn impossible(why: &str) -> Problem {
    Problem::new(ProblemCode::NotPossible).with("why", why)
}
