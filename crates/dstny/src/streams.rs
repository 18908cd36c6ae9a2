//! The seven event streams: how to ask for one, and what an item in it is.
//!
//! The document says what an item is and nothing about the stream around it: no event names, no identifiers. So an
//! item is told by its own looks: `<` begins an XML document, told by its root; `{` and `[` begin JSON, told by its
//! keys. What nobody can read is [`StreamItem::Unreadable`] and never the end of a stream.
//!
//! The driver (`wire::sse`) connects, reconnects and reads; it gets its requests from [`Client::stream_request`].

use serde_json::{Map, Value};
use wire::{Answer, Error, Request};

use crate::answer;
use crate::call_state::{CallState, UserState};
use crate::client::{Call, Client};
use crate::device::AppConfigChange;
use crate::inferred;
use crate::loose::Loose;
use crate::queue_statistics::QueueStatistics;
use crate::sip::{self, dialog_info, pidf, xml};

/// One stream of one user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subscription {
    operation: &'static str,
    variables: Vec<(&'static str, String)>,
}

impl Subscription {
    /// The state of one call, whenever it changes.
    pub fn call(call_id: &str) -> Self {
        Self::of("callstate.stream").at("callId", call_id)
    }

    /// The user's SIP dialogs (RFC 4235): what finds new calls.
    pub fn dialogs() -> Self {
        Self::of("callstate.dialogs.stream")
    }

    /// The statistics of the queues that the user is a member of.
    pub fn queue_statistics() -> Self {
        Self::of("distgroup.statistics.stream")
    }

    /// Whether a contact (`user@domain`) is on the phone (RFC 4235).
    pub fn contact_line_state(cid: &str) -> Self {
        Self::of("cinfo1.linestate.stream").at("cid", cid)
    }

    /// What a contact (`user@domain`) is doing (RFC 3863).
    pub fn contact_presence(cid: &str) -> Self {
        Self::of("cinfo1.presence.stream").at("cid", cid)
    }

    /// Changes of the user's configuration.
    pub fn configuration() -> Self {
        Self::of("config.stream")
    }

    /// Changes of the user's devices.
    pub fn devices() -> Self {
        Self::of("device.stream")
    }

    /// The operation's name in the table.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    fn of(operation: &'static str) -> Self {
        Self { operation, variables: Vec::new() }
    }

    fn at(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.push((variable, value.to_owned()));
        self
    }

    fn call_of(&self, accept: &'static str) -> Call {
        let call = Call::of(self.operation).accept(accept);
        self.variables.iter().fold(call, |call, (variable, value)| call.at(variable, value))
    }

    /// What is accepted: the stream, and second the type of its items for a server that only has a snapshot.
    fn accept(&self) -> &'static str {
        match self.operation {
            "callstate.dialogs.stream" | "cinfo1.linestate.stream" => {
                "text/event-stream, application/dialog-info+xml;q=0.5"
            }
            "cinfo1.presence.stream" => "text/event-stream, application/pidf+xml;q=0.5",
            "distgroup.statistics.stream" => {
                "text/event-stream, application/telepo-queue-statistics+xml;q=0.5"
            }
            "config.stream" | "device.stream" => "text/event-stream, application/app-config-data;q=0.5",
            _ => "text/event-stream, application/json;q=0.5",
        }
    }

    /// Reads an item of this stream. News about configuration and devices is news in any dress.
    pub fn read(&self, text: &str) -> StreamItem {
        match StreamItem::read(text) {
            StreamItem::Unreadable { text }
                if matches!(self.operation, "config.stream" | "device.stream") =>
            {
                StreamItem::AppConfig(AppConfigChange {
                    changed_field: Some(text),
                    ..AppConfigChange::default()
                })
            }
            item => item,
        }
    }
}

/// What came over a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamItem {
    /// The state of one call.
    Call(Box<CallState>),
    /// The calls of the user.
    User(UserState),
    /// Queues in numbers; only those that changed, perhaps.
    Queues(Vec<QueueStatistics>),
    /// Dialogs of the user or a contact.
    Dialogs(sip::DialogInfo),
    /// What a contact is doing.
    Presence(Box<sip::Presence>),
    /// Something about the user's configuration or devices has changed.
    AppConfig(AppConfigChange),
    /// Nobody knows what this is.
    Unreadable {
        /// As it came.
        text: String,
    },
}

impl StreamItem {
    /// Reads an item by its own looks. Works on any text.
    pub fn read(text: &str) -> Self {
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        let item = match trimmed.as_bytes().first() {
            Some(b'<') => of_xml(trimmed),
            Some(b'{' | b'[') => serde_json::from_str(trimmed).ok().and_then(|value| of_json(&value)),
            _ => None,
        };
        item.unwrap_or_else(|| Self::Unreadable { text: text.to_owned() })
    }
}

fn of_xml(text: &str) -> Option<StreamItem> {
    let root = xml::read(text).ok()?;
    match root.name.as_str() {
        "dialog-info" => dialog_info::from_element(&root).ok().map(StreamItem::Dialogs),
        "presence" => pidf::from_element(&root).ok().map(|presence| StreamItem::Presence(Box::new(presence))),
        _ => {
            let value = inferred::xml_as_json(&root);
            // The wrapping of a single queue may be the root itself, and then its name is what tells.
            of_json(&value)
                .or_else(|| of_json(&Value::Object(Map::from_iter([(root.name.clone(), value)]))))
                .or_else(|| inferred::is_no_queue(&root).then(|| StreamItem::Queues(Vec::new())))
        }
    }
}

fn of_json(value: &Value) -> Option<StreamItem> {
    let map = match value {
        Value::Array(list) => {
            let all = |key: &str| !list.is_empty() && list.iter().all(|element| element.get(key).is_some());
            return if all("callId") {
                Some(StreamItem::User(UserState { calls: Vec::read(value)?, ..UserState::default() }))
            } else if all("queueLength") {
                Vec::read(value).map(StreamItem::Queues)
            } else {
                None
            };
        }
        value => value.as_object()?,
    };
    let has = |key: &str| map.contains_key(key);
    if has("callId") || has("stateToken") {
        CallState::read(value).map(|call| StreamItem::Call(Box::new(call)))
    } else if has("calls") || has("fullState") {
        UserState::read(value).map(StreamItem::User)
    } else if has("queueLength") {
        QueueStatistics::read(value).map(|queue| StreamItem::Queues(vec![queue]))
    } else if let Some(queues) = map.get("queue") {
        Vec::read(queues).map(StreamItem::Queues)
    } else if has("changedField") || has("timeStamp") {
        AppConfigChange::read(value).map(StreamItem::AppConfig)
    } else {
        // One key around the whole, as the communication log does it.
        let mut values = map.values();
        match (values.next(), values.next()) {
            (Some(inside @ Value::Object(_)), None) => of_json(inside),
            _ => None,
        }
    }
}

impl Client {
    /// The request that opens a stream; `last_event_id` is where the one before it ended.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a value in it cannot be a part of a path.
    pub fn stream_request(
        &self,
        subscription: &Subscription,
        last_event_id: Option<&str>,
    ) -> Result<Request, Error> {
        let request = self.request(&subscription.call_of(subscription.accept()))?;
        Ok(request.event_stream(last_event_id))
    }

    /// Why an answer that is no success is none, with the right that is missing where that is the reason; for the
    /// driver's verdict.
    pub fn stream_refusal(&self, subscription: &Subscription, answer: &Answer) -> Option<Error> {
        let route = self.route(subscription.operation).ok()?;
        let url = self.url(&subscription.call_of(""), &route).ok()?;
        answer::check(answer, &url, &route).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(item: StreamItem) -> CallState {
        match item {
            StreamItem::Call(call) => *call,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_call_is_told_in_json_and_in_xml() {
        let json = r#"{"stateToken": 7, "callId": "a1", "status": "RINGING", "actions": [{"action": "ANSWER", "deviceIds": ["d1", "d2"]}]}"#;
        let xml = "<?xml version='1.0'?><callState><stateToken>7</stateToken><callId>a1</callId><status>RINGING</status>\
            <actions><action>ANSWER</action><deviceIds>d1</deviceIds><deviceIds>d2</deviceIds></actions></callState>";
        assert_eq!(call(StreamItem::read(json)), call(StreamItem::read(xml)));
        assert_eq!(call(StreamItem::read(&format!("\u{feff}\n {json}"))).state_token, Some(7));
        let wrapped = json!({".CallStateDTO": {"callId": "a1"}}).to_string();
        assert_eq!(call(StreamItem::read(&wrapped)).call_id.as_deref(), Some("a1"));
    }

    #[test]
    fn queues_are_told_in_json_and_in_xml_one_or_many() {
        let lengths = |text: &str| match StreamItem::read(text) {
            StreamItem::Queues(queues) => queues.iter().map(|q| (q.id, q.queue_length)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        for text in [
            r#"{"queue":[{"id":1,"queueLength":3},{"id":2,"queueLength":0}]}"#,
            r#"[{"id":1,"queueLength":3},{"id":2,"queueLength":"0"}]"#,
            "<queue-statistics xmlns='urn:x'><queue id='1'><queueLength>3</queueLength></queue>\
                <queue id='2'><queueLength>0</queueLength></queue></queue-statistics>",
            "<q:queues xmlns:q='urn:x'><q:queue id='1' queueLength='3'/><q:queue id='2' queueLength='0'/></q:queues>",
        ] {
            assert_eq!(lengths(text), [(Some(1), Some(3)), (Some(2), Some(0))], "{text}");
        }
        for text in [
            r#"{"id":1,"queueLength":3}"#,
            "<queue><id>1</id><queueLength>3</queueLength></queue>",
            "<queueStatistics><queue><id>1</id><queueLength>3</queueLength></queue></queueStatistics>",
        ] {
            assert_eq!(lengths(text), [(Some(1), Some(3))], "{text}");
        }
        for text in [r#"{"queue":[]}"#, "<?xml version='1.0'?><queueStatistics></queueStatistics>"] {
            assert_eq!(lengths(text), [], "{text}");
        }
        assert!(matches!(
            StreamItem::read("<queueStatistics>?</queueStatistics>"),
            StreamItem::Unreadable { .. }
        ));
    }

    #[test]
    fn dialogs_and_presence_are_told_by_their_root() {
        let dialogs = "<dialog-info xmlns='urn:ietf:params:xml:ns:dialog-info' version='3' state='full' entity='sip:a@b'/>";
        assert!(matches!(StreamItem::read(dialogs), StreamItem::Dialogs(info) if info.version == Some(3)));
        let presence = "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='pres:a@b'/>";
        assert!(matches!(StreamItem::read(presence), StreamItem::Presence(_)));
        assert!(matches!(StreamItem::read(r#"{"fullState":true,"calls":[]}"#), StreamItem::User(_)));
    }

    #[test]
    fn news_of_the_configuration_is_news_in_any_dress() {
        let changed = |text: &str| match Subscription::devices().read(text) {
            StreamItem::AppConfig(change) => change.changed_field,
            other => panic!("{other:?}"),
        };
        let webhook = r#"{"timeStamp":"2025-03-10 20:28:32.213","changedField":"DEVICE_INFO"}"#;
        assert_eq!(changed(webhook).as_deref(), Some("DEVICE_INFO"));
        assert_eq!(changed("DEVICE_INFO").as_deref(), Some("DEVICE_INFO"));
        let xml = "<app-config-data><changedField>DEVICE_INFO</changedField></app-config-data>";
        assert_eq!(changed(xml).as_deref(), Some("DEVICE_INFO"));
    }

    #[test]
    fn what_nobody_can_read_is_kept_as_text() {
        for text in
            ["", "ping", "{", "[]", "{}", "<a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<dialog-info/>"]
        {
            assert_eq!(StreamItem::read(text), StreamItem::Unreadable { text: text.to_owned() });
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(any: String, xmlish in "<[a-z]{1,9}( [a-z]+='[^']{0,9}')?>[<>a-z/&;]{0,40}") {
            StreamItem::read(&any);
            StreamItem::read(&xmlish);
            StreamItem::read(&format!("{{\"calls\":{any:?},\"queue\":[{any:?}]}}"));
        }
    }
}
