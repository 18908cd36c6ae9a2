//! From what an agent asks to what is sent: which accounts, which orders, and the effect that will confirm each.
//!
//! Pure. What cannot work is refused here, before anything is sent, with a reason; everything else is left to the
//! platform, which knows better.

use std::collections::HashMap;

use model::{
    AccountId, AccountState, Action, Activity, ActivityId, AgentTarget, Capability, Command, CommandId,
    DeviceId, Draft, Link, Outcome, Pause, PauseKey, Phase, Presence, Problem, ProblemCode, Timestamp,
};

use crate::agent::pause_of;
use crate::commands::{Progress, Want};
use crate::elsewhere::Deed;
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
            Ok(steps) => {
                for step in &steps {
                    if let Step::Send { account, order, .. } = step
                        && order.sets_presence()
                    {
                        self.borrowed.agent_chose(account);
                    }
                }
                (self.register(command, &steps, now), steps)
            }
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
            let met = matches!(self.progress(&account, &want, (None, false), &none), Progress::Met);
            self.commands.supersede(&account, &want);
            if let Want::Declined(activity) = &want {
                self.rings.declined(activity);
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
            Step::Resend { item } => self.outbox.get(item)?.work.activity().and_then(closed),
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
                let choices = self.activity(activity)?.call.as_ref().map(|call| &call.choices);
                if choices.is_some_and(|choices| choices.contains_key(&Action::Answer)) {
                    self.allows(self.activity(activity)?, Action::Answer, device.as_ref())?;
                }
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
                self.once(account.clone(), order, Want::Begun(self.calls_of(account)))
            }
            Command::Control { activity, control } => self.plan_control(activity, control),
            Command::PickUp { contact, handle, device } => {
                self.plan_pick_up(contact, handle, device.as_ref())
            }
            Command::SetPresence { account, change } => self.plan_presence(account, change),
            Command::ApplyShortcut { account, shortcut } => self.plan_shortcut(account, shortcut),
            Command::SetLine { account, line } => {
                let state = self.signed_in(account)?;
                if !state.lines.iter().any(|known| known.id == *line) {
                    return Err(Problem::new(ProblemCode::Gone).on(account));
                }
                self.once(account.clone(), Order::SetLine(line.clone()), Want::Line(line.clone()))
            }
            Command::Resend { item } => {
                let known = self.outbox.get(item).ok_or_else(|| Problem::new(ProblemCode::Gone))?;
                if let Some(account) = known.work.account() {
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
            None => self.accounts.iter().map(|state| &**state).filter(|state| is_signed_in(state)).collect(),
        };
        if let AgentTarget::Pause { pause } = target {
            let has_it = |state: &&AccountState| self.pause_on(state, pause).is_some();
            if !chosen.iter().any(has_it) {
                return Err(impossible("no_account"));
            }
        }
        let mut steps = Vec::new();
        for state in chosen {
            let Some(agent) = &state.agent else { continue };
            let account = &state.account.id;
            let map = self.settings.states.get(account);
            let keep_queues = map.is_some_and(|map| map.keep_queues);
            let not_ready = || match map.and_then(|map| map.not_ready.clone()) {
                Some(pause) if agent.pauses.iter().any(|known| known.id == pause) => {
                    let want = Want::Presence(Presence::Paused, Some(pause.clone()));
                    (Order::Pause { pause, keep_queues }, want)
                }
                _ => (Order::NotReady { keep_queues }, Want::Presence(Presence::NotReady, None)),
            };
            let (order, want) = match target {
                // Where the platform holds the user ready, ready is reached by ending the pause and left only by one.
                AgentTarget::Ready if agent.always_ready && agent.presence != Presence::Paused => continue,
                AgentTarget::NotReady if agent.always_ready => continue,
                AgentTarget::Ready if state.capabilities.contains(&Capability::Ready) => (
                    Order::Ready { device: self.usual_device(account) },
                    Want::Presence(Presence::Ready, None),
                ),
                AgentTarget::NotReady if state.capabilities.contains(&Capability::Ready) => not_ready(),
                AgentTarget::Pause { pause } => match self.pause_on(state, pause) {
                    Some(pause) => {
                        let want = Want::Presence(Presence::Paused, Some(pause.id.clone()));
                        (Order::Pause { pause: pause.id.clone(), keep_queues }, want)
                    }
                    // Without such a pause: not ready, so that nothing rings there meanwhile.
                    None if state.capabilities.contains(&Capability::Ready) && !agent.always_ready => {
                        not_ready()
                    }
                    None => continue,
                },
                AgentTarget::Ready | AgentTarget::NotReady => continue,
            };
            steps.push(Step::Send { account: account.clone(), order, want });
        }
        if steps.is_empty() { Err(impossible("no_account")) } else { Ok(steps) }
    }

    fn pause_on<'a>(&self, state: &'a AccountState, key: &PauseKey) -> Option<&'a Pause> {
        pause_of(state.agent.as_ref()?, key, self.settings.states.get(&state.account.id))
    }

    /// The order for something that a call on another account asks for.
    pub(crate) fn order_for(&self, deed: &Deed) -> Order {
        let account = deed.account();
        match deed {
            Deed::Pause(_, pause) => {
                let map = self.settings.states.get(account);
                let keep_queues = map.is_some_and(|map| map.keep_queues);
                Order::Pause { pause: pause.clone(), keep_queues }
            }
            Deed::Release(_) => Order::Ready { device: self.usual_device(account) },
        }
    }

    fn usual_device(&self, account: &AccountId) -> Option<DeviceId> {
        let device = self.settings.dial.get(account).and_then(|choice| choice.device.clone());
        device.filter(|id| self.account(account).is_some_and(|state| has_device(state, id)))
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
    pub(crate) fn once(&self, account: AccountId, order: Order, want: Want) -> Result<Vec<Step>, Problem> {
        if !matches!(want, Want::Begun(_) | Want::Taken) && self.commands.is_pending(&account, &want) {
            return Err(impossible("already").on(&account));
        }
        Ok(vec![Step::Send { account, order, want }])
    }

    pub(crate) fn signed_in(&self, id: &AccountId) -> Result<&AccountState, Problem> {
        let state = self.account(id).ok_or_else(|| impossible("no_account").on(id))?;
        if is_signed_in(state) { Ok(state) } else { Err(Problem::new(ProblemCode::SignInNeeded).on(id)) }
    }

    pub(crate) fn activity(&self, id: &ActivityId) -> Result<&Activity, Problem> {
        let gone = || {
            let problem = Problem::new(ProblemCode::Gone);
            id.parts().map_or(problem.clone(), |(account, _)| problem.on(&account))
        };
        self.activities.get(id).map(|activity| &**activity).ok_or_else(gone)
    }

    /// The account and the platform's name of an activity that offers the action now.
    pub(crate) fn offered(&self, id: &ActivityId, action: Action) -> Result<(AccountId, String), Problem> {
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
