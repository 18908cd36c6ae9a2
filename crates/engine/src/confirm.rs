//! What becomes of commands: the platform's answers, and the state's word that confirms them.

use std::collections::HashMap;
use std::sync::Arc;

use model::{AccountId, ActivityId, CommandId, OutboxItem, Phase, Problem, ProblemCode, Timestamp, Work};

use crate::commands::{Progress, Want};
use crate::sight::{Done, Effect, Failure, Fate};
use crate::state::State;

impl State {
    /// The platform has answered an order.
    pub(crate) fn ordered(
        &mut self,
        id: CommandId,
        account: &AccountId,
        want: &Want,
        result: Result<Done, Failure>,
        now: Timestamp,
    ) {
        if let Ok(Done { next: Some(next), .. }) = &result {
            self.commands.left_to_do(id, next.clone());
        }
        match result {
            Ok(Done { unseen: true, .. }) => self.commands.taken_unseen(id, account),
            Ok(done) => {
                let made = done.made.map(|name| ActivityId::new(account, &name));
                self.commands.taken(id, account, made);
                self.check_commands(account, &HashMap::new());
            }
            Err(Failure { problem, effect }) => {
                let problem = problem.on(account);
                if let Want::Declined(activity) = want {
                    self.rings.not_declined(activity);
                }
                match (effect, want) {
                    // The state decides, until the command's time is up.
                    (Effect::Unknown, _) => {}
                    (Effect::Refused, Want::Answered(_)) => {
                        self.commands.refused_in_a_race(id, account, &problem, now);
                        self.check_commands(account, &HashMap::new());
                    }
                    (Effect::Refused | Effect::NotSent { .. }, _) => {
                        self.commands.refused(id, account, &problem);
                    }
                }
            }
        }
    }

    pub(crate) fn check_commands(&mut self, account: &AccountId, fates: &HashMap<ActivityId, Fate>) {
        self.pair_consultations(account);
        let mut commands = std::mem::take(&mut self.commands);
        commands.check(account, |want, made, taken| self.progress(account, want, (made, taken), fates));
        self.commands = commands;
    }

    /// Whether the state shows an effect; of an order that may have made an activity, and may have been taken.
    pub(crate) fn progress(
        &self,
        account: &AccountId,
        want: &Want,
        (made, taken): (Option<&ActivityId>, bool),
        fates: &HashMap<ActivityId, Fate>,
    ) -> Progress {
        let met = |met| if met { Progress::Met } else { Progress::NotYet };
        let lost = |code| Progress::Lost(Problem::new(code).on(account));
        let phase = |id: &ActivityId| self.activities.get(id).map(|activity| activity.phase);
        let Some(state) = self.account(account) else { return Progress::NotYet };
        match want {
            Want::Presence(presence, pause) => met(state.agent.as_ref().is_some_and(|agent| {
                agent.presence == *presence
                    && (pause.is_none() || agent.pause.as_ref().map(|pause| &pause.id) == pause.as_ref())
            })),
            Want::Device(id, logged_in) => {
                met(state.devices.iter().any(|device| device.id == *id && device.logged_in == *logged_in))
            }
            Want::Queue(id, logged_in) => {
                met(state.queues.iter().any(|queue| queue.id == *id && queue.logged_in == *logged_in))
            }
            Want::Answered(id) => match (phase(id), fates.get(id)) {
                (Some(Phase::Open | Phase::WrapUp | Phase::Dialling), _) | (None, Some(Fate::Handled)) => {
                    Progress::Met
                }
                (Some(Phase::Ringing | Phase::Waiting | Phase::Postponed), _) => Progress::NotYet,
                (None, _) => lost(ProblemCode::Gone),
            },
            Want::Declined(id) => match phase(id) {
                Some(Phase::Ringing) => Progress::NotYet,
                Some(Phase::Open | Phase::Dialling) => lost(ProblemCode::NotPossible),
                Some(Phase::Waiting | Phase::WrapUp | Phase::Postponed) | None => Progress::Met,
            },
            Want::HungUp(id) => met(!matches!(phase(id), Some(Phase::Open | Phase::Dialling))),
            Want::Begun(known) => met(self.begun(account, known, made, taken, fates)),
            Want::Call(id, turn) => self.turned(account, id, turn),
            Want::Own(change) => met(self.is_present(account, change)),
            Want::Line(id) => met(state.lines.iter().any(|line| line.id == *id && line.active)),
            // Counts as shown before, so that only the answer confirms it.
            Want::Taken => Progress::Met,
            Want::Closed(id) => {
                let unsent = self.outbox.values().any(|item| item.work.activity() == Some(id));
                met(!unsent && !self.activities.contains_key(id))
            }
        }
    }

    // The outbox

    /// An item of the outbox is new or changed.
    pub(crate) fn outbox_changed(&mut self, item: OutboxItem) {
        Arc::make_mut(&mut self.outbox).insert(item.id, item);
    }

    /// Which command waits for an item of the outbox.
    pub(crate) fn closes(&mut self, item: u64, command: CommandId) {
        self.closing.insert(item, command);
    }

    /// The platform refused to close, or nobody knows whether it did.
    pub(crate) fn close_failed(&mut self, item: u64, account: &AccountId, problem: &Problem, effect: Effect) {
        let Some(command) = self.closing.get(&item).copied() else { return };
        match effect {
            Effect::Refused => self.commands.refused(command, account, problem),
            Effect::Unknown => self.commands.unconfirmed(command, account, problem),
            Effect::NotSent { .. } => {}
        }
    }

    /// An item left the outbox: confirmed, or thrown away.
    pub(crate) fn outbox_removed(&mut self, item: u64, account: &AccountId) {
        let Some(removed) = Arc::make_mut(&mut self.outbox).remove(&item) else { return };
        // Something else that was typed meanwhile stays.
        if let Work::Close { activity, draft } = &removed.work
            && self.drafts.get(activity) == Some(draft)
        {
            self.drafts.remove(activity);
        }
        if let Some(command) = self.closing.remove(&item) {
            self.commands.taken(command, account, None);
        }
        self.check_commands(account, &HashMap::new());
    }
}
