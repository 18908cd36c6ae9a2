//! What the control interface does for agents on CCAI Platform's own page ("adapter"), which no API of it does.

use crate::ccaip::{Deed, act, activity_of, agent_of};
use crate::control::{Control, Problem};
use crate::world::Refusal;
use serde_json::{Value, json};

impl Control {
    /// `POST /ccaip/{agent}/{deed}`: an agent by user name, e-mail address or number, and what is done; `call` in the body
    /// names a call or chat by its number when there are several. Nothing when something else is meant.
    pub(crate) fn run_ccaip(
        &self,
        method: &str,
        parts: &[&str],
        body: &Value,
    ) -> Option<Result<Value, Problem>> {
        match (method, parts) {
            ("POST", ["ccaip", agent, deed]) => Some(self.adapter(agent, deed, body)),
            ("GET", ["ccaip", number]) => Some(self.activity_of_number(number)),
            _ => None,
        }
    }

    fn adapter(&self, agent: &str, deed: &str, body: &Value) -> Result<Value, Problem> {
        let deed = Deed::named(deed)
            .ok_or_else(|| Problem { status: 404, message: format!("an agent does not {deed} there") })?;
        let number = body.get("call").map(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok()));
        if number == Some(None) {
            return Err(Problem::bad("call is no number"));
        }
        let mut world = self.0.world();
        let agent = agent_of(&world, agent).ok_or(Refusal::NoSuchAgent)?;
        let mut store = self.0.ccaip();
        let contact = act(&mut world, &mut store, &agent, deed, number.flatten())?;
        Ok(json!({"ok": true, "call": contact}))
    }

    fn activity_of_number(&self, number: &str) -> Result<Value, Problem> {
        let found = activity_of(&self.0.world(), number).ok_or(Refusal::NoSuchActivity)?;
        Ok(json!({"activity": found}))
    }
}
