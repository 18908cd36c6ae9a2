//! What an agent does with an activity: accept, reject, dial, hang up, close.
//!
//! Every one of them answers with the activity as it is right after; what becomes of it arrives with the pull
//! data. A call that another agent took in the meantime is refused or not found.

use serde_json::{Map, Value, json};
use wire::Error;

use crate::client::{Call, Client};
use crate::inferred;
use crate::models::Activity;
use crate::record::Record;

/// How an activity is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// The statuses (wrap-up codes) by name; needed in some queues, several allowed in some.
    pub statuses: Vec<String>,
    /// The agent's note; `None` leaves it as it is.
    pub description: Option<String>,
}

impl Client {
    /// Accepts an incoming activity. `device` says which device takes a call; it may be left out by whoever
    /// has exactly one, and for everything that is not a call.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Refused`] if it is gone or somebody else took it.
    pub async fn accept(&self, activity: &str, device: Option<&str>) -> Result<Option<Activity>, Error> {
        let mut body = Map::from_iter([("action".to_owned(), json!("OPEN"))]);
        if let Some(device) = device {
            body.insert("_exten".to_owned(), json!(device));
        }
        self.put_activity(activity, Value::Object(body)).await
    }

    /// Rejects an activity that rings.
    ///
    /// # Errors
    /// As [`Client::accept`].
    pub async fn reject(&self, activity: &str) -> Result<Option<Activity>, Error> {
        self.put_activity(activity, json!({ "reject": true })).await
    }

    /// Calls a number: digits, `*`, `#`, with a leading `+` or not, at most 32. The user must be logged in to
    /// an outgoing queue; `queue` chooses one of several.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if this is no number to dial; [`Error::Refused`] with the platform's words.
    pub async fn dial(&self, number: &str, queue: Option<&str>) -> Result<Option<Activity>, Error> {
        let digits = number.strip_prefix('+').unwrap_or(number);
        let can_be_dialled = |c: char| c.is_ascii_digit() || c == '*' || c == '#';
        if digits.is_empty() || digits.len() > 32 || !digits.chars().all(can_be_dialled) {
            return Err(Error::invalid("number", "a number has digits, * and #, with a + in front or not"));
        }
        let mut body = json!({ "type": "CALL", "number": number });
        if let Some(queue) = queue {
            body["queue"] = inferred::queue_to_dial_from(queue);
        }
        let envelope = self.call(Call::post(["api", "v6", Activity::MODEL], body)).await?;
        Ok(envelope.record().ok())
    }

    /// Ends a call: the user's own channel, or the given one.
    ///
    /// # Errors
    /// [`Error::Refused`] if the channel is dead already.
    pub async fn hang_up(&self, activity: &str, channel: Option<&str>) -> Result<Option<Activity>, Error> {
        self.put_activity(activity, json!({ "hangup": { "channel": channel } })).await
    }

    /// Closes an activity of any type.
    ///
    /// # Errors
    /// [`Error::Refused`] with words about `statuses` if the queue wants some and none were given.
    pub async fn close(&self, activity: &str, closing: &Closing) -> Result<Option<Activity>, Error> {
        let mut body = json!({ "action": "CLOSE" });
        if !closing.statuses.is_empty() {
            body["statuses"] = json!(closing.statuses);
        }
        if let Some(description) = &closing.description {
            body["description"] = json!(description);
        }
        self.put_activity(activity, body).await
    }

    /// The answer is a confirmation; should it not be readable, the change was made all the same.
    async fn put_activity(&self, activity: &str, body: Value) -> Result<Option<Activity>, Error> {
        let envelope = self.call(Call::put(["api", "v6", Activity::MODEL, activity], body)).await?;
        Ok(envelope.record().ok())
    }
}
