//! The agent's own state: ready or not, devices, pauses, queues (`usersSession`).
//!
//! A success only says that the request was taken. The new state arrives with the pull data and from nowhere
//! else; the server may also change it by itself (a wrap-up pause, a missed call).

use serde_json::{Map, Value, json};
use wire::Error;

use crate::client::{Call, Client};
use crate::envelope::{List, log_odd};
use crate::inferred;
use crate::models::{Profile, Queue};
use crate::query::{LARGEST_PAGE, Query};
use crate::record::{record, words};

words! {
    /// What kind of device somebody answers with.
    pub enum DeviceKind {
        /// A SIP device of the exchange.
        SipDevice = "sipDevices",
        /// A telephone number outside.
        ExternalNumber = "externalNumbers",
    }
}

record! {
    /// A device that can be logged in to.
    pub struct Device("getAvailableExtensions") DeviceFields {
        /// Its number; this is what is sent.
        name: String,
        /// What to show.
        title: Option<String>,
        /// What kind of device it is.
        kind as "model": Option<DeviceKind>,
        /// Whether it is meant for contact-centre calls.
        cc_device: Option<bool>,
    }
}

/// A change of the agent's session; the parts combine into one request.
///
/// ```
/// use offhook_daktela::{DeviceKind, SessionChange};
///
/// let ready = SessionChange::ready_on("305", &DeviceKind::SipDevice).log_in_to_queue("1234", 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionChange {
    body: Map<String, Value>,
}

impl SessionChange {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Go ready, with the device that is logged in (or a static one).
    pub fn ready() -> Self {
        Self::new().with("setReady", json!(true))
    }

    /// Go ready on this device.
    pub fn ready_on(device: &str, kind: &DeviceKind) -> Self {
        Self::ready().with("extension", json!(device)).with("model", json!(kind.as_str()))
    }

    /// Go unready.
    pub fn unready() -> Self {
        Self::new().with("setReady", json!(false))
    }

    /// Log in to a device.
    pub fn add_device(self, device: &str) -> Self {
        self.with("extension", json!(device))
    }

    /// Log out of a device.
    pub fn remove_device(self, device: &str) -> Self {
        self.with("extension", json!({ "name": device, "logout": true }))
    }

    /// Begin this pause.
    pub fn pause(self, pause: &str) -> Self {
        self.with("pause", json!(pause))
    }

    /// End the pause.
    pub fn end_pause(self) -> Self {
        self.with("pause", Value::Null)
    }

    /// Log in to a queue; a smaller penalty gets calls earlier.
    pub fn log_in_to_queue(self, queue: &str, penalty: u32) -> Self {
        self.queue(json!({ "name": queue, "login": true, "penalty": penalty.to_string() }))
    }

    /// Log out of a queue.
    pub fn log_out_of_queue(self, queue: &str) -> Self {
        self.queue(json!({ "name": queue, "login": false }))
    }

    /// What is sent.
    pub fn body(&self) -> Value {
        Value::Object(self.body.clone())
    }

    fn queue(mut self, queue: Value) -> Self {
        match self.body.entry("queues").or_insert_with(|| json!([])) {
            Value::Array(queues) => queues.push(queue),
            other => *other = json!([queue]),
        }
        self
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.body.insert(key.to_owned(), value);
        self
    }
}

impl Client {
    /// Asks for a change of the agent's session. `Ok` means that it was taken; see the pull for the state.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words, for example that queues need a device.
    pub async fn change_session(&self, change: &SessionChange) -> Result<(), Error> {
        if change.body.is_empty() {
            return Err(Error::invalid("session", "nothing is to be changed"));
        }
        self.call(Call::post(["api", "v6", "usersSession"], change.body())).await.map(|_| ())
    }

    /// The devices that the user can log in to; contact-centre devices only.
    ///
    /// # Errors
    /// As every request.
    pub async fn available_devices(&self) -> Result<List<Device>, Error> {
        let only_cc = vec![("onlyCC".to_owned(), "true".to_owned())];
        let call = Call::get(["api", "v6", "getAvailableExtensions"]).query(only_cc);
        let envelope = self.call(call).await?;
        let (rows, total) = envelope.rows()?;
        let rows: Vec<Value> = rows.into_iter().map(with_kind).collect();
        let reading = envelope.reading();
        let mut list = crate::envelope::read_rows(&rows.iter().collect::<Vec<_>>(), &reading);
        list.total = total;
        log_odd(reading);
        Ok(list)
    }

    /// The queues of a profile, each with what its relation to the profile allows, see
    /// [`Queue::can_log_in`].
    ///
    /// # Errors
    /// As every request.
    pub async fn profile_queues(&self, profile: &str) -> Result<List<Queue>, Error> {
        let query = Query::new().sort(&Queue::FIELDS.name).take(LARGEST_PAGE);
        self.related::<Profile, Queue>(profile, "queues", &query).await
    }
}

fn with_kind(row: &Value) -> Value {
    let mut row = row.clone();
    if let Value::Object(map) = &mut row
        && let Some(model) = inferred::device_model(map)
    {
        map.insert("model".to_owned(), model.into());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_as_the_document_shows_them() {
        for (change, body) in [
            (SessionChange::ready(), json!({"setReady": true})),
            (
                SessionChange::ready_on("305", &DeviceKind::SipDevice),
                json!({"setReady": true, "extension": "305", "model": "sipDevices"}),
            ),
            (
                SessionChange::ready_on("721322422", &DeviceKind::ExternalNumber),
                json!({"setReady": true, "extension": "721322422", "model": "externalNumbers"}),
            ),
            (SessionChange::unready(), json!({"setReady": false})),
            (SessionChange::new().add_device("310"), json!({"extension": "310"})),
            (
                SessionChange::new().remove_device("310"),
                json!({"extension": {"name": "310", "logout": true}}),
            ),
            (SessionChange::new().pause("mypause"), json!({"pause": "mypause"})),
            (SessionChange::new().end_pause(), json!({"pause": null})),
            (
                SessionChange::new().log_in_to_queue("1234", 0).log_out_of_queue("1235"),
                json!({"queues": [
                    {"name": "1234", "login": true, "penalty": "0"},
                    {"name": "1235", "login": false},
                ]}),
            ),
        ] {
            assert_eq!(change.body(), body);
        }
    }
}
