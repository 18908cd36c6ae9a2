//! What the documents do not tell and this face settles by itself, in one place.

use crate::world::{Device, DeviceKind, LineEvent, LineState};

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
