//! What is particular to an activity: its `item`.
//!
//! In lists and in the pull data the item is the whole record and says in `_sys.model` what it is; inside other
//! records it is only its number. Where the model is not said, the activity's type decides.

use serde_json::{Map, Value};

use crate::loose::{FieldValue, nested, text};
use crate::models::{
    ActivityCall, ActivityEmail, ActivityFbm, ActivityIgdm, ActivityKind, ActivitySms, ActivityVbr,
    ActivityWap, ActivityWeb,
};
use crate::record::{Record, Row};

/// The item of an activity.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Only its identifier is known.
    Id(String),
    /// A call.
    Call(Box<ActivityCall>),
    /// An e-mail.
    Email(Box<ActivityEmail>),
    /// A chat on a web page.
    Web(Box<ActivityWeb>),
    /// A text message.
    Sms(Box<ActivitySms>),
    /// Facebook Messenger.
    Fbm(Box<ActivityFbm>),
    /// Instagram.
    Igdm(Box<ActivityIgdm>),
    /// WhatsApp.
    Wap(Box<ActivityWap>),
    /// Viber.
    Vbr(Box<ActivityVbr>),
    /// Something this crate does not know, as it came.
    Other(Map<String, Value>),
}

impl Item {
    /// The call, if it is one.
    pub fn call(&self) -> Option<&ActivityCall> {
        match self {
            Self::Call(call) => Some(call),
            _ => None,
        }
    }
}

impl FieldValue for Option<Item> {
    fn read(value: &Value, _: &str, row: &Row<'_>) -> Result<Self, String> {
        let map = match value {
            Value::Object(map) if map.is_empty() => return Ok(None),
            Value::Object(map) => map,
            other => return Ok(text(other).map(Item::Id)),
        };
        let said = map.get("_sys").and_then(|sys| sys.get("model")).and_then(text);
        let model =
            said.or_else(|| row.map.get("type").and_then(text).map(|kind| model_of(&kind).to_owned()));
        let reading = row.reading;
        let item = match model.as_deref().unwrap_or_default() {
            ActivityCall::MODEL => nested(map, reading).map(|call| Item::Call(Box::new(call))),
            ActivityEmail::MODEL => nested(map, reading).map(|email| Item::Email(Box::new(email))),
            ActivityWeb::MODEL | "activitiesChat" => nested(map, reading).map(|web| Item::Web(Box::new(web))),
            ActivitySms::MODEL => nested(map, reading).map(|sms| Item::Sms(Box::new(sms))),
            ActivityFbm::MODEL => nested(map, reading).map(|fbm| Item::Fbm(Box::new(fbm))),
            ActivityIgdm::MODEL => nested(map, reading).map(|igdm| Item::Igdm(Box::new(igdm))),
            ActivityWap::MODEL => nested(map, reading).map(|wap| Item::Wap(Box::new(wap))),
            ActivityVbr::MODEL => nested(map, reading).map(|vbr| Item::Vbr(Box::new(vbr))),
            _ => None,
        };
        Ok(Some(item.unwrap_or_else(|| Item::Other(map.clone()))))
    }
}

fn model_of(kind: &str) -> &'static str {
    match ActivityKind::from(kind) {
        ActivityKind::Call => ActivityCall::MODEL,
        ActivityKind::Email => ActivityEmail::MODEL,
        ActivityKind::Chat => ActivityWeb::MODEL,
        ActivityKind::Sms => ActivitySms::MODEL,
        ActivityKind::Fbm => ActivityFbm::MODEL,
        ActivityKind::Igdm => ActivityIgdm::MODEL,
        ActivityKind::Wap => ActivityWap::MODEL,
        ActivityKind::Vbr => ActivityVbr::MODEL,
        ActivityKind::Custom
        | ActivityKind::FbComment
        | ActivityKind::IgComment
        | ActivityKind::Comment
        | ActivityKind::Other(_) => "",
    }
}
