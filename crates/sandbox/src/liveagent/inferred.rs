//! What the document does not tell and this face settles by itself, in one place.

use crate::switches::Switches;
use crate::world::{
    Activity, Agent, Author, Channel, Direction, Entry, Event, Phase, Presence, Ticket, TicketState, World,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// An odd number, so that multiplying by it only shuffles the 32-bit numbers; its inverse shuffles them back.
const SHUFFLE: u32 = 0x9E37_79B1;
const UNSHUFFLE: u32 = inverse(SHUFFLE);

const fn inverse(odd: u32) -> u32 {
    // Each round doubles the number of right bits.
    let (mut x, mut round) = (odd, 0);
    while round < 5 {
        x = x.wrapping_mul(2u32.wrapping_sub(odd.wrapping_mul(x)));
        round += 1;
    }
    x
}

fn shuffled(number: i64) -> u32 {
    // Numbers are running ones, far below 2³².
    u32::try_from(number).unwrap_or(0).wrapping_mul(SHUFFLE)
}

/// A conversation's id: eight letters and digits, as in the samples.
pub(crate) fn conversation_id(number: i64) -> String {
    format!("{:08x}", shuffled(number))
}

/// A conversation's code: three letters, five letters, three digits.
pub(super) fn conversation_code(number: i64) -> String {
    let shuffled = shuffled(number);
    let (mut rest, mut letters) = (shuffled / 1_000, String::new());
    for _ in 0..8 {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    format!("{}-{}-{:03}", &letters[..3], &letters[3..], shuffled % 1_000)
}

/// The code of the page where the customer reads the conversation: sixteen letters and digits.
pub(super) fn public_code(number: i64) -> String {
    format!("{:08x}{:08x}", shuffled(number).rotate_left(7), shuffled(number))
}

/// The number that an id, a code or a public code stands for.
pub(crate) fn conversation_number(identifier: &str) -> Option<i64> {
    let number = |hex: &str| u32::from_str_radix(hex, 16).ok().map(|s| i64::from(s.wrapping_mul(UNSHUFFLE)));
    let found = match identifier.len() {
        8 => number(identifier),
        16 => identifier.get(8..).and_then(number),
        13 => {
            let (letters, digits) = identifier.rsplit_once('-')?;
            let value = letters.chars().filter(|c| *c != '-').rev().try_fold(0u32, |value, c| {
                let digit = u32::from(c).checked_sub(u32::from('A')).filter(|d| *d < 26)?;
                value.checked_mul(26)?.checked_add(digit)
            })?;
            let shuffled = value.checked_mul(1_000)?.checked_add(digits.parse().ok()?)?;
            Some(i64::from(shuffled.wrapping_mul(UNSHUFFLE)))
        }
        _ => None,
    };
    let all = |n: &i64| {
        [conversation_id(*n), conversation_code(*n), public_code(*n)].iter().any(|i| i == identifier)
    };
    found.filter(all)
}

/// Eight letters and digits that always stand for the same word (FNV-1a).
pub(super) fn token(of: &str) -> String {
    let hash =
        of.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    let mut text = String::new();
    // Writing into text cannot fail.
    let _ = write!(text, "{hash:016x}");
    text.truncate(8);
    text
}

/// An agent's user id.
pub(super) fn user_id(agent: &str) -> String {
    token(&format!("user {agent}"))
}

/// An agent's contact id.
pub(super) fn contact_id(agent: &str) -> String {
    token(&format!("contact {agent}"))
}

/// A customer's user id; the contact id is the contact's own.
pub(super) fn customer_user_id(contact: &str) -> String {
    token(&format!("customer {contact}"))
}

/// The user "System" that does what nobody is named for.
pub(super) const SYSTEM: &str = "system00";

/// The first letter of a name is the first name, the rest the last.
pub(super) fn names(name: &str) -> (&str, &str) {
    name.split_once(' ').unwrap_or((name, ""))
}

/// Who works in a department: those whom its record names, or all but the back office.
pub(super) fn works_in(world: &World, department: &str, agent: &Agent) -> bool {
    let named = world.records.find("ticket_categories", department).and_then(|d| d.get("agents")?.as_array());
    named.map_or(agent.role != "office", |named| named.iter().any(|id| id.as_str() == Some(&agent.id)))
}

/// A conversation's text for a moment that there is none for, and for one that no calendar has.
pub(super) const ODD_DATES: [&str; 2] = ["0000-00-00 00:00:00", "2026-02-31 24:61:00"];

/// Calls and chats that are going on now, by the ticket that they belong to.
pub(super) fn lives(world: &World) -> BTreeMap<i64, &Activity> {
    let of = |a: &Activity| a.ticket.as_deref().and_then(|t| t.parse().ok());
    world.open_activities().filter(|a| is_live(a)).filter_map(|a| Some((of(a)?, a))).collect()
}

/// Whether a conversation is calling or chatting because of it.
pub(super) fn is_live(activity: &Activity) -> bool {
    match activity.channel {
        Channel::Call => activity.line_is_up() && activity.direction != Direction::Internal,
        Channel::Chat => matches!(activity.phase, Phase::Waiting | Phase::Ringing | Phase::Active),
        _ => false,
    }
}

/// A conversation's letter. Inferred: a ticket that waits for the customer is answered, one with a date postponed; open
/// ones are new until somebody answered or decided on them.
pub(super) fn status(ticket: &Ticket, live: Option<&Activity>, switches: &Switches) -> &'static str {
    let unknown = switches.is("liveagent_letters", "unknown");
    if let Some(activity) = live {
        return if activity.channel == Channel::Call { "P" } else { "T" };
    }
    let spam = || ticket.tags.iter().any(|t| t == "spam");
    let nothing_yet = || !ticket.entries.iter().any(Entry::is_message);
    let decided = || ticket.entries.iter().any(|e| e.event == Some(Event::StateChanged));
    match ticket.state {
        TicketState::Deleted => "X",
        _ if spam() => "B",
        TicketState::Archived if unknown => "L",
        TicketState::Closed | TicketState::Archived => "R",
        TicketState::Waiting if ticket.reopen.is_some() => "W",
        TicketState::Waiting => "A",
        TicketState::Open if ticket.answered.is_some() || decided() => "C",
        TicketState::Open if nothing_yet() => "I",
        TicketState::Open => "N",
    }
}

/// A conversation's channel. Inferred: what the world has no word for is spread over those that come nearest.
pub(super) fn channel(ticket: &Ticket, switches: &Switches) -> &'static str {
    let unknown = switches.is("liveagent_letters", "unknown");
    let variant = ticket.number % 8;
    match ticket.channel {
        Channel::Email | Channel::Comment => match variant {
            1 => "M",
            3 => "S",
            5 => "Q",
            _ => "E",
        },
        Channel::Chat => {
            if variant % 3 == 1 {
                "I"
            } else {
                "B"
            }
        }
        Channel::Call => {
            if variant % 4 == 3 {
                "W"
            } else {
                "C"
            }
        }
        Channel::Facebook => {
            if variant % 2 == 1 {
                "A"
            } else {
                "F"
            }
        }
        Channel::Whatsapp if unknown => "H",
        Channel::Viber if unknown => "V",
        Channel::Instagram if unknown => "G",
        Channel::Sms if unknown => "D",
        Channel::Instagram => "T",
        Channel::Whatsapp | Channel::Viber => "A",
        Channel::Sms => "M",
    }
}

/// A message group's letter and whether it is visible (`V`), calling (`C`), connecting (`R`) or another thing.
pub(super) fn group(
    entry: &Entry,
    activity: Option<&Activity>,
    switches: &Switches,
) -> (&'static str, &'static str) {
    let variant = entry.number % 8;
    let status = match activity {
        Some(a) if is_live(a) && a.phase == Phase::Active && a.talk_since.is_some() => "C",
        Some(a) if is_live(a) && a.phase == Phase::Waiting => "I",
        Some(a) if is_live(a) => "R",
        _ if entry.event.is_none() && variant == 7 && entry.number % 5 == 0 => "P",
        _ if entry.event == Some(Event::Merged) => "M",
        _ if entry.event == Some(Event::Deleted) => "D",
        _ => "V",
    };
    if switches.is("liveagent_letters", "unknown") && entry.event.is_none() && variant == 6 {
        return ("7", "0");
    }
    let letter = match (entry.event, entry.channel, entry.direction) {
        (Some(Event::Created), ..) => {
            if variant == 1 {
                "A"
            } else {
                "S"
            }
        }
        (Some(Event::Transferred | Event::Assigned), ..) => "T",
        (Some(Event::StateChanged), ..) => match &*entry.body.text {
            "closed" | "archived" => "R",
            "spam" => "B",
            _ => "I",
        },
        (Some(Event::Postponed), ..) => "J",
        (Some(Event::Tagged), ..) if &*entry.body.text == "spam" => "B",
        (Some(Event::Tagged | Event::Untagged), ..) => "G",
        (Some(Event::Merged), ..) => {
            if variant % 2 == 1 {
                "L"
            } else {
                "2"
            }
        }
        (Some(Event::Deleted), ..) => "X",
        (None, Channel::Comment, _) => match variant {
            2 => "Z",
            5 => "U",
            _ => "I",
        },
        (None, Channel::Call, Direction::In) => "P",
        (None, Channel::Call, Direction::Out) => "V",
        (None, Channel::Call, Direction::Internal) => "1",
        (None, Channel::Chat, _) => "C",
        (None, Channel::Facebook, _) => "F",
        (None, Channel::Instagram, Direction::In) => {
            if variant == 3 {
                "Y"
            } else {
                "W"
            }
        }
        (None, Channel::Instagram, _) => "W",
        (None, Channel::Email, _) if entry.forwarded => "O",
        (None, Channel::Email, Direction::In) => match variant {
            1 => "Q",
            3 => "5",
            5 => "K",
            _ => "3",
        },
        (None, Channel::Email, _) => "4",
        (None, Channel::Sms | Channel::Whatsapp | Channel::Viber, _) => "M",
    };
    (letter, status)
}

/// What an agent can be reached by, as letters: M messages, P phone, R read, T chat; `F` for none.
///
/// Inferred: who is signed in but not ready only reads; telephone needs a reachable device, chat its queue.
pub(super) fn online(world: &World, agent: &Agent, chosen: bool) -> String {
    let works = match agent.presence {
        Presence::SignedOut => return "F".to_owned(),
        Presence::Ready => true,
        Presence::NotReady | Presence::Paused => chosen,
    };
    if !works {
        return "R".to_owned();
    }
    let chats = |q: &u32| world.queues.get(q).is_some_and(|q| q.channel == Channel::Chat);
    let phone = if world.usable_devices(&agent.id).is_empty() { "" } else { "P" };
    let chat = if agent.queues.keys().any(chats) { "T" } else { "" };
    format!("M{phone}R{chat}")
}

/// How the customer rated it, once it was solved: `W` well, `P` badly. The world keeps no ratings.
pub(super) fn rating(ticket: &Ticket) -> Option<&'static str> {
    match ticket.closed {
        Some(_) if ticket.number % 7 == 0 => Some("W"),
        Some(_) if ticket.number % 11 == 0 => Some("P"),
        _ => None,
    }
}

/// Who did it, as a user id.
pub(super) fn author_id(author: &Author, contact: Option<&str>) -> String {
    match author {
        Author::Agent(id) if !id.is_empty() => user_id(id),
        Author::Customer => contact.map_or_else(|| token("stranger"), customer_user_id),
        Author::Agent(_) | Author::System => SYSTEM.to_owned(),
    }
}

/// Inferred: the text of a message of type "file" is the file's id, whose details `GET /files/{id}` tells.
pub(super) fn file_message(key: &str) -> String {
    key.to_owned()
}

/// Inferred: a picture that a letter shows inside (`cid:`) is shown by the address of the uploaded file.
pub(super) fn inline_picture(host: &str, key: &str) -> String {
    format!("//{host}/scripts/file.php?view=Y&file={key}")
}

#[cfg(test)]
mod tests {
    use super::{conversation_code, conversation_id, conversation_number, public_code};

    #[test]
    fn a_conversation_is_found_by_each_of_its_names() {
        for number in [1, 2, 36, 99_999, 100_000, 4_000_000] {
            for name in [conversation_id(number), conversation_code(number), public_code(number)] {
                assert_eq!(conversation_number(&name), Some(number), "{name}");
            }
        }
        assert_eq!(conversation_code(1).len(), 13);
        for none in ["", "nonsense", "ABC-DEFGH-123", "zzzzzzzz", "ÄÖÜ-ÄÖÜÄÖ-1", "0000000000000000"] {
            assert_eq!(conversation_number(none).filter(|n| *n > 0), None, "{none}");
        }
    }
}
