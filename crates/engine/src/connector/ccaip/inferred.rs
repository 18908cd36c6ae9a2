//! What no document says outright, in one place: each rule here may turn out otherwise at some tenant.

use ccaip::{Activity, CallStatus, MenuType, OperationHours};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use model::{Channel, PauseKind, Presence, Reach};
use serde_json::Value;
use std::time::Duration;

use super::live::Word;

/// Inferred: the states that the platform itself has, by their name without case and punctuation. The seed names none; the
/// vendor's pages show these. What is not here is a state of the tenant's own, that is, a pause.
pub(super) fn standing(name: &str) -> Standing {
    let folded: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match folded.as_str() {
        "available" => Standing::Ready,
        "unavailable" => Standing::NotReady,
        // Whoever is busy takes contacts: the platform goes back to what was chosen by itself.
        "incall" => Standing::Busy(Reach::Busy),
        "inchat" | "inemail" => Standing::Busy(Reach::Reachable),
        "wrapup" | "aftercallwork" | "acw" => Standing::Given(PauseKind::WrapUp),
        "unresponsive" | "missedcall" | "missedchat" => Standing::Given(PauseKind::Unanswered),
        "offline" | "loggedout" | "signedout" => Standing::SignedOut,
        _ => Standing::Pause,
    }
}

/// What a state of the platform is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Ready,
    NotReady,
    /// At work with a contact.
    Busy(Reach),
    /// A pause that the platform gives and nobody can choose.
    Given(PauseKind),
    /// A pause that can be chosen.
    Pause,
    SignedOut,
}

impl Standing {
    pub(super) fn presence(self) -> Presence {
        match self {
            Self::Ready | Self::Busy(_) => Presence::Ready,
            Self::NotReady | Self::SignedOut => Presence::NotReady,
            Self::Given(_) | Self::Pause => Presence::Paused,
        }
    }
}

/// Inferred: the words by which the platform's own states are set.
pub(super) const READY: &str = "Available";
pub(super) const NOT_READY: &str = "Unavailable";

/// What a line of the activity log says about a contact. Inferred for `projected` and `bounced`, which the document leaves
/// unexplained: whatever they mean, after them nothing rings at this agent until the next offer.
pub(super) fn word(activity: &Activity) -> Option<Word> {
    use Activity as A;
    Some(match activity {
        A::CallNotificationOffered
        | A::DeltacastCallNotificationOffered
        | A::MulticastCallNotificationOffered
        | A::ChatNotificationOffered => Word::Offered,
        A::CallPickUpAttempt
        | A::DeltacastCallPickUpAttempt
        | A::MulticastCallPickUpAttempt
        | A::ChatPickUpAttempt => Word::Attempted,
        A::CallPickedUp | A::DeltacastCallPickedUp | A::MulticastCallPickedUp | A::ChatPickedUp => {
            Word::Taken
        }
        A::CallOutboundDialing => Word::Dialled,
        A::DeltacastCallMissed | A::DeltacastCallBounced | A::DeltacastCallProjected => Word::Missed,
        A::UserStatusChanged | A::Login | A::Logout | A::StatusAfterInquiriesApplied | A::Other(_) => {
            return None;
        }
    })
}

/// Inferred: nothing rings at one agent for longer than this; an older offer whose end was not told is over.
pub(super) const LONGEST_OFFER: Duration = Duration::from_secs(300);

/// Inferred: an offer as old as this may be over although the log says nothing more of it (the customer gave up, somebody
/// else took it); from here on it rings only once it was looked at.
pub(super) const NEW_OFFER: Duration = Duration::from_secs(45);

/// Inferred: between two looks of the log that are no further apart than this, what is new in it has just been written.
pub(super) const A_MOMENT: Duration = Duration::from_secs(20);

/// Inferred: how much earlier the log may tell of a contact than its list.
pub(super) const LOG_AHEAD: Duration = Duration::from_secs(15);

/// Inferred: how far the platform's clock may be apart from this computer's.
pub(super) const CLOCKS_APART: Duration = Duration::from_secs(120);

/// Inferred: whether a call in this state is still on its way to the agent who is named in it.
pub(super) fn is_on_its_way(status: &CallStatus) -> bool {
    matches!(status, CallStatus::Assigned | CallStatus::Connecting | CallStatus::Switching)
}

/// Inferred: whether nobody has the call yet, so that it may be on offer.
pub(super) fn is_open_to_all(status: &CallStatus) -> bool {
    matches!(status, CallStatus::Queued | CallStatus::Selecting | CallStatus::Scheduled)
}

/// Inferred: a platform on this computer is the practice centre, where nobody else spends the customer's requests.
pub(super) fn is_alone(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Inferred: what arrives through a kind of menu: calls through a telephone's, both through the others.
pub(super) fn channels(kind: Option<&MenuType>) -> &'static [Channel] {
    match kind {
        Some(MenuType::Ivr) => &[Channel::Call],
        Some(MenuType::Email) => &[],
        _ => &[Channel::Call, Channel::Chat],
    }
}

/// The hours of a menu today, in words, and whether it is open now, where it is told by which clock. Inferred: no document shows their shape. Whatever holds
/// the name of a day and two times of day is read as opening hours of that day.
pub(super) fn hours(of: &OperationHours, now: Timestamp) -> Option<(String, Option<bool>)> {
    let zone = ["timezone", "time_zone", "tz"].iter().find_map(|key| of.extra.get(*key)?.as_str());
    let zone = zone.and_then(|name| TimeZone::get(name).ok());
    let here = now.to_zoned(zone.clone().unwrap_or(TimeZone::UTC));
    let mut days = Vec::new();
    of.extra.values().for_each(|value| collect(value, &mut days));
    if days.is_empty() {
        return None;
    }
    let today: Vec<(Time, Time)> =
        days.into_iter().filter(|(day, ..)| *day == here.weekday()).map(|(_, from, to)| (from, to)).collect();
    let is_open = zone.map(|_| today.iter().any(|(from, to)| (*from..*to).contains(&here.time())));
    let words: Vec<String> = today
        .iter()
        .map(|(from, to)| format!("{}–{}", from.strftime("%H:%M"), to.strftime("%H:%M")))
        .collect();
    Some((if words.is_empty() { "–".to_owned() } else { words.join(", ") }, is_open))
}

fn collect(value: &Value, days: &mut Vec<(Weekday, Time, Time)>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, days)),
        Value::Object(map) => {
            let texts = || map.values().filter_map(Value::as_str);
            let times: Vec<Time> = texts().filter_map(|text| text.parse().ok()).collect();
            match (texts().find_map(day), times.as_slice()) {
                (Some(day), [one, other]) => days.push((day, *one.min(other), *one.max(other))),
                _ => map.values().for_each(|value| collect(value, days)),
            }
        }
        _ => {}
    }
}

fn day(text: &str) -> Option<Weekday> {
    use Weekday as W;
    let days = [
        ("mon", W::Monday),
        ("tue", W::Tuesday),
        ("wed", W::Wednesday),
        ("thu", W::Thursday),
        ("fri", W::Friday),
        ("sat", W::Saturday),
        ("sun", W::Sunday),
    ];
    let text = text.trim().to_ascii_lowercase();
    days.into_iter().find(|(name, _)| text.starts_with(name)).map(|(_, day)| day)
}

/// Inferred: a service level is asked for the last hour.
pub(super) const LEVEL_MINUTES: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_are_known_in_any_spelling_and_others_are_pauses() {
        for (name, expected) in [
            ("Available", Standing::Ready),
            ("in-call", Standing::Busy(Reach::Busy)),
            ("In Call", Standing::Busy(Reach::Busy)),
            ("WRAP-UP", Standing::Given(PauseKind::WrapUp)),
            ("Unavailable", Standing::NotReady),
            ("Lunch", Standing::Pause),
            ("Breakthrough", Standing::Pause),
        ] {
            assert_eq!(standing(name), expected, "{name}");
        }
    }

    #[test]
    fn hours_are_found_wherever_a_day_stands_beside_two_times() {
        let read = |value: serde_json::Value| -> OperationHours { serde_json::from_value(value).unwrap() };
        // A Friday, half past eight in London.
        let now: Timestamp = "2026-07-10T07:30:00Z".parse().unwrap();
        let week = json!([{"day": "thursday", "from": "10:00", "to": "12:00"},
            {"day": "Friday", "from": "08:00", "to": "18:00"}]);
        let london = read(json!({"id": 7, "timezone": "Europe/London", "operation_hours": week}));
        assert_eq!(hours(&london, now), Some(("08:00–18:00".to_owned(), Some(true))));
        let utc = read(json!({"id": 7, "week": {"days": week}}));
        assert_eq!(hours(&utc, now), Some(("08:00–18:00".to_owned(), None)));
        let closed = read(json!({"id": 7, "hours": [{"day": "mon", "from": "08:00", "to": "09:00"}]}));
        assert_eq!(hours(&closed, now), Some(("–".to_owned(), None)));
        assert_eq!(hours(&read(json!({"id": 7, "name": "Always"})), now), None);
    }
}
