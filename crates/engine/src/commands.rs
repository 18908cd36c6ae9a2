//! Commands on their way: asked, sent, and confirmed only when the platform's own state shows their effect.
//!
//! A command becomes one *goal* for each account it goes to. A goal is confirmed when the state shows it, and, if the
//! state showed it before anything was sent, when the platform has also taken the order. It is refused with the
//! platform's words; after [`TIME_OUT_MS`] without either it has timed out, and nobody claims to know what happened.
//! A refused answer waits [`RACE_MS`] for the state first: most often somebody else was quicker, and then the state
//! says so.

use std::collections::{BTreeSet, VecDeque};

use model::{
    AccountId, AccountOutcome, ActivityId, Command, CommandId, CommandStatus, DeviceId, LineId, NextStep,
    Outcome, PauseId, Presence, PresenceChange, Problem, ProblemCode, QueueId, Timestamp,
};

use crate::control::Turn;

/// How long a command may stay without confirmation.
pub(crate) const TIME_OUT_MS: i64 = 10_000;
/// How long a refused answer waits for the state to say why.
const RACE_MS: i64 = 5_000;
/// How many finished commands are remembered.
const REMEMBERED: usize = 20;

/// The effect that confirms a command on one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Presence(Presence, Option<PauseId>),
    Device(DeviceId, bool),
    Queue(QueueId, bool),
    /// The agent has it.
    Answered(ActivityId),
    /// It does not ring here any more.
    Declined(ActivityId),
    /// The conversation is over.
    HungUp(ActivityId),
    /// A call is there that was not: the activities that were are named.
    Begun(BTreeSet<ActivityId>),
    /// A live call is what it was to become.
    Call(ActivityId, Turn),
    /// The own presence is this.
    Own(PresenceChange),
    /// Calls go out with this line.
    Line(LineId),
    /// The platform has taken the order; no state will show anything of it.
    Taken,
    /// The record is closed: gone from the state, and nothing is left to send.
    Closed(ActivityId),
}

/// How the state stands to a wanted effect.
pub(crate) enum Progress {
    Met,
    NotYet,
    Lost(Problem),
}

/// All commands that are pending, and the last that are not.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    last: u64,
    pending: Vec<Pending>,
    finished: VecDeque<CommandStatus>,
}

#[derive(Debug)]
struct Pending {
    status: CommandStatus,
    goals: Vec<Goal>,
}

/// One account's part of a command.
#[derive(Debug)]
struct Goal {
    want: Want,
    /// The state showed the effect before anything was sent.
    met_before: bool,
    taken: bool,
    /// Refused, but the state may still say something better until then.
    refused: Option<(Problem, Timestamp)>,
}

impl Commands {
    /// Registers a command with its goals, all pending.
    pub(crate) fn begin(
        &mut self,
        command: Command,
        goals: impl IntoIterator<Item = (AccountId, Want, bool)>,
        now: Timestamp,
    ) -> CommandId {
        let (accounts, goals) = (goals.into_iter())
            .map(|(account, want, met_before)| {
                let goal = Goal { want, met_before, taken: false, refused: None };
                (AccountOutcome { account, outcome: Outcome::Pending }, goal)
            })
            .unzip();
        let id = self.number();
        let status = CommandStatus {
            id,
            command,
            asked_at: now,
            outcome: Outcome::Pending,
            accounts,
            made: None,
            next: None,
        };
        self.pending.push(Pending { status, goals });
        id
    }

    /// Registers a command that is over at once.
    pub(crate) fn settle_at_once(&mut self, command: Command, outcome: Outcome, now: Timestamp) -> CommandId {
        let id = self.number();
        let accounts = Vec::new();
        self.remember(CommandStatus {
            id,
            command,
            asked_at: now,
            outcome,
            accounts,
            made: None,
            next: None,
        });
        id
    }

    /// The platform has taken the order.
    pub(crate) fn taken(&mut self, id: CommandId, account: &AccountId, made: Option<ActivityId>) {
        self.on_goal(id, account, |goal, _| goal.taken = true);
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.status.id == id) {
            pending.status.made = made.or(pending.status.made.take());
        }
    }

    /// Something is left to do on the platform's own page.
    pub(crate) fn left_to_do(&mut self, id: CommandId, next: NextStep) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.status.id == id) {
            pending.status.next = Some(next);
        }
    }

    /// The platform has taken the order, and its state will never show what came of it.
    pub(crate) fn taken_unseen(&mut self, id: CommandId, account: &AccountId) {
        self.on_goal(id, account, |_, outcome| *outcome = Outcome::Confirmed);
        self.sweep();
    }

    /// The order failed, and that is the end of it.
    pub(crate) fn refused(&mut self, id: CommandId, account: &AccountId, problem: &Problem) {
        self.on_goal(id, account, |_, outcome| *outcome = Outcome::Refused { problem: problem.clone() });
        self.sweep();
    }

    /// The command cannot be carried out on any account.
    pub(crate) fn refused_everywhere(&mut self, id: CommandId, problem: &Problem) {
        let pending = self.pending.iter().find(|pending| pending.status.id == id);
        let accounts: Vec<AccountId> = pending
            .iter()
            .flat_map(|pending| &pending.status.accounts)
            .map(|part| part.account.clone())
            .collect();
        for account in accounts {
            self.refused(id, &account, problem);
        }
    }

    /// Nobody knows whether the order was carried out, and nobody will.
    pub(crate) fn unconfirmed(&mut self, id: CommandId, account: &AccountId, problem: &Problem) {
        self.on_goal(id, account, |_, outcome| *outcome = Outcome::TimedOut { problem: problem.clone() });
        self.sweep();
    }

    /// The order was refused, but the state may soon say something better.
    pub(crate) fn refused_in_a_race(
        &mut self,
        id: CommandId,
        account: &AccountId,
        problem: &Problem,
        now: Timestamp,
    ) {
        self.on_goal(id, account, |goal, _| goal.refused = Some((problem.clone(), now.plus_ms(RACE_MS))));
    }

    /// A newer command asks the same account for something else: the older one will never be seen.
    pub(crate) fn supersede(&mut self, account: &AccountId, want: &Want) {
        let same_kind = |older: &Want| match want {
            Want::Presence(..) => matches!(older, Want::Presence(..)),
            Want::Own(_) => matches!(older, Want::Own(_)),
            Want::Line(_) => matches!(older, Want::Line(_)),
            _ => false,
        };
        for pending in &mut self.pending {
            for (goal, part) in pending.goals.iter().zip(&mut pending.status.accounts) {
                let is_older = part.account == *account && same_kind(&goal.want);
                if is_older && part.outcome == Outcome::Pending {
                    let problem =
                        Problem::new(ProblemCode::NotPossible).on(account).with("why", "superseded");
                    part.outcome = Outcome::Refused { problem };
                }
            }
        }
        self.sweep();
    }

    /// Compares every pending goal of an account with the state.
    pub(crate) fn check(
        &mut self,
        account: &AccountId,
        progress: impl Fn(&Want, Option<&ActivityId>, bool) -> Progress,
    ) {
        for pending in &mut self.pending {
            let made = pending.status.made.clone();
            for (goal, part) in pending.goals.iter().zip(&mut pending.status.accounts) {
                if part.account != *account || part.outcome != Outcome::Pending {
                    continue;
                }
                match progress(&goal.want, made.as_ref(), goal.taken) {
                    Progress::Met if goal.taken || !goal.met_before => part.outcome = Outcome::Confirmed,
                    Progress::Met | Progress::NotYet => {}
                    Progress::Lost(problem) => part.outcome = Outcome::Refused { problem },
                }
            }
        }
        self.sweep();
    }

    /// Ends what has waited too long.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        for pending in &mut self.pending {
            let late = now >= pending.status.asked_at.plus_ms(TIME_OUT_MS);
            for (goal, part) in pending.goals.iter_mut().zip(&mut pending.status.accounts) {
                if part.outcome != Outcome::Pending {
                    continue;
                }
                if let Some((problem, _)) = goal.refused.take_if(|(_, until)| late || now >= *until) {
                    part.outcome = Outcome::Refused { problem };
                } else if late {
                    let problem = Problem::new(ProblemCode::Unconfirmed).on(&part.account);
                    part.outcome = Outcome::TimedOut { problem };
                }
            }
        }
        self.sweep();
    }

    /// When [`Commands::tick`] has something to do next.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        let waits = self.pending.iter().flat_map(|pending| {
            let races =
                pending.goals.iter().filter_map(|goal| goal.refused.as_ref().map(|(_, until)| *until));
            races.chain([pending.status.asked_at.plus_ms(TIME_OUT_MS)])
        });
        waits.min()
    }

    /// Whether a goal like this is already pending on the account.
    pub(crate) fn is_pending(&self, account: &AccountId, want: &Want) -> bool {
        self.pending.iter().any(|pending| {
            pending.goals.iter().zip(&pending.status.accounts).any(|(goal, part)| {
                goal.want == *want && part.account == *account && part.outcome == Outcome::Pending
            })
        })
    }

    /// Whether the same command is already pending.
    pub(crate) fn is_command_pending(&self, command: &Command) -> bool {
        self.pending.iter().any(|pending| pending.status.command == *command)
    }

    /// What is pending on an account: the command, the effect it waits for, and whether the platform has taken it.
    pub(crate) fn pending_on(
        &self,
        account: &AccountId,
    ) -> impl Iterator<Item = (&CommandStatus, &Want, bool)> {
        self.pending.iter().flat_map(move |pending| {
            let parts = pending.goals.iter().zip(&pending.status.accounts);
            let on =
                parts.filter(move |(_, part)| part.account == *account && part.outcome == Outcome::Pending);
            on.map(move |(goal, _)| (&pending.status, &goal.want, goal.taken))
        })
    }

    /// Where a command stands.
    pub(crate) fn status(&self, id: CommandId) -> Option<&CommandStatus> {
        self.all().find(|status| status.id == id)
    }

    /// Pending ones and the last finished, in the order in which they were asked.
    pub(crate) fn snapshot(&self) -> Vec<CommandStatus> {
        let mut all: Vec<CommandStatus> = self.all().cloned().collect();
        all.sort_by_key(|status| status.id);
        all
    }

    /// The number of the last command, while none is pending: as long as that answers the same, nothing has changed.
    pub(crate) fn quiet_since(&self) -> Option<u64> {
        self.pending.is_empty().then_some(self.last)
    }

    fn all(&self) -> impl Iterator<Item = &CommandStatus> {
        self.finished.iter().chain(self.pending.iter().map(|pending| &pending.status))
    }

    fn number(&mut self) -> CommandId {
        self.last += 1;
        CommandId(self.last)
    }

    fn on_goal(&mut self, id: CommandId, account: &AccountId, change: impl Fn(&mut Goal, &mut Outcome)) {
        for pending in self.pending.iter_mut().filter(|pending| pending.status.id == id) {
            for (goal, part) in pending.goals.iter_mut().zip(&mut pending.status.accounts) {
                if part.account == *account && part.outcome == Outcome::Pending {
                    change(goal, &mut part.outcome);
                }
            }
        }
    }

    /// Moves what is no longer pending to the finished ones.
    fn sweep(&mut self) {
        for pending in &mut self.pending {
            pending.status.outcome = joined(&pending.status.accounts);
        }
        let over = self.pending.extract_if(.., |pending| pending.status.outcome != Outcome::Pending);
        for pending in over.collect::<Vec<_>>() {
            self.remember(pending.status);
        }
    }

    fn remember(&mut self, status: CommandStatus) {
        self.finished.push_back(status);
        if self.finished.len() > REMEMBERED {
            self.finished.pop_front();
        }
    }
}

/// The outcome of a command as a whole.
fn joined(parts: &[AccountOutcome]) -> Outcome {
    let outcomes = || parts.iter().map(|part| &part.outcome);
    if outcomes().any(|outcome| *outcome == Outcome::Pending) {
        return Outcome::Pending;
    }
    let confirmed = outcomes().filter(|outcome| **outcome == Outcome::Confirmed).count();
    if confirmed == parts.len() {
        return Outcome::Confirmed;
    }
    if confirmed > 0 {
        return Outcome::Partly;
    }
    outcomes().next().cloned().unwrap_or(Outcome::Confirmed)
}
