//! Click-to-call through API v3: the agent's phone rings, and the customer is dialled when the agent has picked up.
//!
//! Everything else about calls and chats is done in the platform's own panel: its documents describe no answering or
//! hanging up for anything but its own devices.

use liveagent::v3::StartCall;
use wire::Error;

use super::LiveAgent;
use crate::plan::impossible;
use crate::problem;
use crate::sight::{Done, Effect, Failure, Order};

impl LiveAgent {
    pub(super) async fn carry_out(&self, order: Order) -> Result<Done, Failure> {
        let not_here =
            || Failure { problem: impossible("not_offered").on(&self.account), effect: Effect::Refused };
        let (Order::Dial { number, .. }, Some(calls)) = (&order, &self.calls) else { return Err(not_here()) };
        let start = StartCall { to: number.clone(), ..StartCall::default() };
        match calls.call_start(&start).await {
            // It shows as a conversation of the agent's once the agent has picked up, under a name that is not told here.
            Ok(_) => Ok(Done { unseen: true, ..Done::default() }),
            Err(error) => Err(self.failure(&error)),
        }
    }

    pub(super) fn failure(&self, error: &Error) -> Failure {
        let failure = problem::failure(error, &self.host);
        Failure { problem: failure.problem.on(&self.account), effect: failure.effect }
    }
}
