//! What an agent can do here from outside: set the own status, and have a call started. Both by the Apps API.
//!
//! The answer to a status says what the status is now, so that it is shown without another request.

use ccaip::{CallRefusal, CallRefusalReason as Why, CallStarted, NewCall, NewStatus};
use model::{NextStep, NextStepKind, Problem, ProblemCode};
use std::time::Duration;
use wire::Error;
use wire::pace::Class;

use super::budget::Piece;
use super::inferred::{self, Standing};
use super::story::{Key, Kind, Story};
use super::{Ccaip, now};
use crate::plan::impossible;
use crate::problem;
use crate::sight::{Done, Effect, Failure, Order};

/// How long an order may be put off by the platform before the agent had better be told.
const SOON: Duration = Duration::from_secs(6);

impl Ccaip {
    pub(super) async fn carry_out(&self, order: Order) -> Result<Done, Failure> {
        match order {
            Order::Ready { .. } => self.set_status(inferred::READY).await,
            Order::NotReady { .. } => self.set_status(inferred::NOT_READY).await,
            Order::Pause { pause, .. } => {
                let status = self.picture().status_of(&pause);
                self.set_status(&status.ok_or_else(|| self.refused(impossible("no_such_pause")))?).await
            }
            Order::Dial { number, .. } => self.dial(&number).await,
            _ => Err(self.refused(impossible("not_offered"))),
        }
    }

    async fn set_status(&self, status: &str) -> Result<Done, Failure> {
        let me = self.picture().me().ok_or_else(|| self.refused(impossible("not_heard")))?;
        let new = NewStatus::of(&me, status);
        let answer = self.order(|| self.client.set_status(&new)).await;
        let answer = answer.map_err(|error| self.failure(&error))?;
        let mine = answer.rows.into_iter().find(|row| row.agent_id.as_ref() == Some(&me));
        // Whoever is not told of was not among those it was done for.
        let mine = mine.ok_or_else(|| self.refused(Problem::new(ProblemCode::Refused)))?;
        if let Some(current) = &mine.current_status {
            let mut picture = self.picture();
            picture.orders += 1;
            picture.became(current, now());
        }
        self.show();
        let is_set =
            mine.current_status.as_deref().is_some_and(|now| now.trim().eq_ignore_ascii_case(status));
        match mine.message.filter(|said| !said.trim().is_empty()) {
            Some(said) if !is_set => Err(self.refused(Problem::new(ProblemCode::Refused).saying([said]))),
            // It follows the contact that is under way.
            _ if !is_set && matches!(self.picture().standing(), Some(Standing::Busy(_))) => {
                Ok(Done { unseen: true, ..Done::default() })
            }
            _ => Ok(Done::default()),
        }
    }

    async fn dial(&self, number: &str) -> Result<Done, Failure> {
        let (me, email) = {
            let picture = self.picture();
            let email = picture.agent.as_ref().and_then(|agent| agent.email.clone());
            (picture.me(), email.unwrap_or_else(|| self.keys.agent.clone()))
        };
        let me = me.ok_or_else(|| self.refused(impossible("not_heard")))?;
        let call = NewCall::outbound(&email, number);
        let started = self.order(|| self.client.start_call(&call)).await;
        let next = |what| NextStep { what, web: Some(self.portal()) };
        match started.map_err(|error| self.failure(&error))? {
            CallStarted::Assigned(Some(call)) => {
                let mut picture = self.picture();
                let mut story = Story::of_call(&call, &me, &picture.region);
                story.is_given_to(&me);
                picture.live.told(vec![story]);
                drop(picture);
                self.show();
                Ok(Done { made: Some(Key::new(Kind::Call, &call.id).name()), ..Done::default() })
            }
            CallStarted::Assigned(None) => {
                self.looks().want(Piece::Calls);
                Ok(Done { unseen: true, ..Done::default() })
            }
            CallStarted::ChooseNumber => {
                Ok(Done { unseen: true, next: Some(next(NextStepKind::ChooseNumber)), ..Done::default() })
            }
            CallStarted::ActInAdapter => {
                Ok(Done { unseen: true, next: Some(next(NextStepKind::GoOnThere)), ..Done::default() })
            }
            CallStarted::Refused(why) => Err(self.refused(refusal(why))),
        }
    }

    /// An agent waits for it: what was too much just now certainly was not done, and is tried once more as soon as may be.
    async fn order<T, F: Future<Output = Result<T, Error>>>(
        &self,
        request: impl Fn() -> F,
    ) -> Result<T, Error> {
        match self.ask(Class::Foreground, request()).await {
            Err(Error::Transient { status: 429, .. }) if self.looks().pace().paused() < SOON => {
                self.ask(Class::Foreground, request()).await
            }
            other => other,
        }
    }

    fn refused(&self, problem: Problem) -> Failure {
        Failure { problem: problem.on(&self.account), effect: Effect::Refused }
    }

    fn failure(&self, error: &Error) -> Failure {
        match error {
            // Whoever may ask the one API and not the other is not at a wrong address.
            Error::NotFound => self.refused(impossible("not_offered")),
            error => {
                let failure = problem::failure(error, &self.host);
                Failure { problem: failure.problem.on(&self.account), effect: failure.effect }
            }
        }
    }
}

/// Why a call was not started, in the platform's words and with what an agent can do about it.
fn refusal(CallRefusal { reason, message }: CallRefusal) -> Problem {
    let problem = match reason {
        Why::AgentNotAvailable => impossible("not_ready"),
        Why::NumberNotWellFormed | Why::NobodyToCall => Problem::new(ProblemCode::BadNumber),
        Why::AgentMayNotCall => Problem::new(ProblemCode::Forbidden),
        Why::ContactNotFound => Problem::new(ProblemCode::Gone),
        Why::AgentEmailRequired | Why::NotAnAgentEmail | Why::InvalidCallType | Why::Other(_) => {
            Problem::new(ProblemCode::Refused)
        }
    };
    problem.saying(Some(message).filter(|message| !message.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_refusal_keeps_the_platforms_words() {
        let code = |why: &str| {
            let problem = refusal(CallRefusal { reason: why.into(), message: why.to_owned() });
            assert_eq!(problem.said, [why]);
            problem.code
        };
        assert_eq!(Why::ALL.len(), 8);
        for why in Why::ALL {
            code(why.as_str());
        }
        assert_eq!(code("Agent is not available to take this call"), ProblemCode::NotPossible);
        assert_eq!(code("end_user_number is not well-formed"), ProblemCode::BadNumber);
        assert_eq!(code("Agent does not have access to make calls"), ProblemCode::Forbidden);
        assert_eq!(code("On strike"), ProblemCode::Refused);
    }
}
