//! What the documents do not tell and this face settles by itself, in one place.

use super::request::Call;
use crate::world::{Deed, Device, DeviceKind, HOUR, Line, LineEvent, LineState, LogKind, Millis, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Status words. Seen are all five; Inferred: that TERMINATED is what an ended call shows in its stream.
pub(super) fn status(state: LineState) -> &'static str {
    match state {
        LineState::Initiated => "INITIATED",
        LineState::Ringing => "RINGING",
        LineState::Talking => "ACTIVE",
        LineState::Held => "HELD",
        LineState::Ended => "TERMINATED",
    }
}

/// Event words, all of them seen in samples.
pub(super) fn event(event: LineEvent) -> &'static str {
    match event {
        LineEvent::Muted => "MUTED",
        LineEvent::Unmuted => "UNMUTED",
        LineEvent::Joined => "PARTICIPANT_ADDED",
        LineEvent::Left => "PARTICIPANT_LEFT",
        LineEvent::LeftConference => "LEFT_CONFERENCE",
        LineEvent::Failed => "FAILED",
    }
}

/// Inferred: a device's id. Operators show `2.<uuid>` for a softphone and `0.<number>` for a mobile.
pub(super) fn device_id(device: &Device) -> String {
    match device.kind {
        DeviceKind::Sip => format!("2.5f0d0a00-0000-4000-8000-{:0>12}", device.id),
        DeviceKind::External => format!("0.{}", device.id),
    }
}

pub(super) fn device_type(device: &Device) -> &'static str {
    match device.kind {
        DeviceKind::Sip => "DESKPHONE",
        DeviceKind::External => "MOBILE",
    }
}

/// Inferred: the SIP dialog of a line has the line's id, as dialog id and as Call-ID, and tags made from it.
pub(super) fn tags(line: &str) -> (String, String) {
    let half = line.len() / 2;
    (line.get(..half).unwrap_or(line).to_owned(), line.get(half..).unwrap_or(line).to_owned())
}

/// Inferred: the type of a party outside; seen are USER_ID, SERVICE_ID and FUNCTION_NUMBER_ID.
pub(super) const OUTSIDE: &str = "PHONE_NUMBER";

/// Inferred: how long a webhook or a line state lives, in seconds.
pub(super) const WEBHOOK_SECONDS: i64 = 3_600;

/// Which devices an action names, by their ids. Seen are those of ANSWER; Inferred: a move names its own too.
pub(super) fn devices_of(world: &World, line: Line<'_>, deed: Deed) -> Option<Vec<String>> {
    let usable = world.usable_devices(line.leg.agent.as_deref().unwrap_or(""));
    let ids: Vec<String> = match deed {
        Deed::Answer => usable,
        Deed::Move => usable.into_iter().filter(|id| Some(id) != line.leg.device.as_ref()).collect(),
        _ => return None,
    };
    Some(ids.iter().filter_map(|id| world.devices.get(id)).map(device_id).collect())
}

/// Every external API that a ticket can open. Known are CALLS, USER, CONTACT and CALL_CONTROL; Inferred: how the others
/// are spelled.
pub(crate) const SCOPES: [&str; 14] = [
    "CALLS",
    "USER",
    "CONTACT",
    "CALL_CONTROL",
    "CALL_RECORDING",
    "QUEUE_STATISTICS",
    "EVENT_CHANNEL",
    "SMS",
    "ACD",
    "REPORTS",
    "COMMUNICATION_LOG",
    "PERSONAL_CONTACTS",
    "LINE_STATE",
    "VOICEMAIL_SETTINGS",
];

/// Inferred: a ticket is made with user name and password as HTTP Basic.
pub(super) fn basic(call: &Call) -> Option<(String, String)> {
    let (scheme, text) = call.header("authorization").split_once(' ')?;
    let pair = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (name, password) = pair.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (name.to_owned(), password.to_owned()))
}

/// Inferred: where the second factor is, in the query or the body.
pub(super) const SECOND_FACTOR_KEY: &str = "code";

/// Inferred: how long the "period" of the queues' statistics is.
pub(super) const STATISTICS_PERIOD: i64 = 8 * HOUR;

/// Inferred: the root of the statistics' stream, whose elements are named as the members of the JSON; the documents only
/// name the media type.
pub(super) const STATISTICS_ROOT: &str = "queueStatistics";

/// The news that something changed: what the devices' webhook is documented to get. Inferred: the two streams of
/// `application/app-config-data` carry the same document.
pub(super) fn change(at: Millis, field: &str) -> Value {
    let stamp = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    json!({"timeStamp": stamp.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(), "changedField": field})
}

/// Which root an operation's document has in XML. Inferred: no sample of the XML form exists but for contacts.
pub(super) fn xml_root(op: &str) -> &str {
    match op.split('.').next().unwrap_or("") {
        "acd" | "distgroup" => "groups",
        "queue" => "queues",
        "contacts" | "cinfo" | "cinfo1" | "pcontacts" | "buddy" => "contacts",
        "callstate" | "cti" | "rec" => "call",
        "commlog" => "communicationLog",
        "config" => "configuration",
        "device" => "devices",
        other => other,
    }
}

// What the office's groups of operations answer. Inferred: everything from here on. Seen are only `.CallDTO`,
// `.GroupInboxVoiceMailDTO`, the contact types DIRECTORY and SHORTCUT, the answer place `mobile`, and the code
// `user.does.not.exist`, after whose pattern the other codes are made.

/// The class that wraps an item of the communication log.
pub(super) fn log_class(kind: LogKind) -> &'static str {
    match kind {
        LogKind::Incoming | LogKind::Outgoing | LogKind::Missed => ".CallDTO",
        LogKind::Voicemail => ".VoiceMailDTO",
        LogKind::Recording => ".RecordingDTO",
        LogKind::Fax => ".FaxDTO",
    }
}

/// The type of a contact outside the directory.
pub(super) const EXTERNAL_CONTACT: &str = "EXTERNAL";
/// The type of a queue's own number.
pub(super) const FUNCTION_NUMBER: &str = "FUNCTION_NUMBER";

/// Domains of contact ids: the documents show `167271@internal` for personal ones.
pub(super) const PERSONAL_DOMAIN: &str = "internal";
/// What follows the last `@` in a contact entry id; `directory` was decoded from a sample.
pub(super) const DIRECTORY_ENTRY: &str = "directory";

/// The member that holds the web client's address: the sample lost the line.
pub(super) const WEB_CLIENT: &str = "url";

/// The four values of a mobile subscriber's number presentation are not told.
pub(super) const PRESENTATIONS: [&str; 4] = ["0", "1", "2", "3"];

/// How a number that starts with one zero is completed (`sms.send` tells that it is, not with what).
pub(super) const COUNTRY: &str = "+44";

/// RPID's words for activities (RFC 4480); the first word of an activity is the one that is written.
pub(super) const RPID_WORDS: [(&str, &str); 7] = [
    ("busy", "busy"),
    ("lunch", "meal"),
    ("meeting", "meeting"),
    ("meeting", "appointment"),
    ("out_of_office", "away"),
    ("working", "working"),
    ("1231141551161", "vacation"),
];

/// Which items of the log a limit keeps: those that come first after `since`, or else the newest. Items go out from the
/// oldest to the newest, as in the document's example.
pub(super) fn limit_log<T>(items: &mut Vec<T>, limit: usize, since: Option<i64>) {
    if since.is_some() {
        items.truncate(limit);
    } else {
        items.drain(..items.len().saturating_sub(limit));
    }
}
