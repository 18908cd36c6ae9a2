//! What a day comes to.
//!
//! Times on "at least one account" are unions; times of contacts are added up one by one. E-mails and forms are handled, but
//! there is no conversation in them that could be measured: they may lie open for days.

use std::collections::BTreeMap;

use model::{
    BandState, Channel, ContactBlock, ContactOutcome, DaySums, Direction, PauseKind, PauseUse, Presence,
    Timestamp, Witness,
};

use super::kept::same_party;
use super::lay::Laid;
use super::spans::{Spans, seconds};
use crate::agent::pause_key;
use crate::ring::SAME_CALL_MS;

/// A platform's wrap-up that begins so long after a conversation belongs to it.
const WRAP_UP_AFTER_MS: i64 = 5_000;
/// Parts of one pause: what a restart or a slow platform leaves between them.
const PAUSE_GAP_MS: i64 = 3_000;

/// One physical call that two accounts show is one contact: the other copies say so, and which those are is answered.
pub(super) fn join_copies(contacts: &mut [ContactBlock]) -> Vec<bool> {
    let mut is_copy = vec![false; contacts.len()];
    for one in 0..contacts.len() {
        for two in one + 1..contacts.len() {
            if is_copy[one] || is_copy[two] || !is_same_call(&contacts[one], &contacts[two]) {
                continue;
            }
            let (main, copy) =
                if weight(&contacts[one]) >= weight(&contacts[two]) { (one, two) } else { (two, one) };
            is_copy[copy] = true;
            if contacts[copy].outcome == ContactOutcome::Missed
                && contacts[main].outcome != ContactOutcome::Missed
            {
                contacts[copy].outcome = ContactOutcome::Elsewhere;
            }
        }
    }
    is_copy
}

fn is_same_call(one: &ContactBlock, two: &ContactBlock) -> bool {
    one.channel == Channel::Call
        && two.channel == Channel::Call
        && one.account != two.account
        && one.direction == two.direction
        && one.began.ms_since(two.began).abs() <= SAME_CALL_MS
        && same_party(&one.party, &two.party)
}

/// Which of two copies tells more.
fn weight(block: &ContactBlock) -> (u8, bool) {
    let outcome = match block.outcome {
        ContactOutcome::Handled => 3,
        ContactOutcome::Open => 2,
        ContactOutcome::Declined | ContactOutcome::Elsewhere | ContactOutcome::NoAnswer => 1,
        ContactOutcome::Missed => 0,
    };
    (outcome, block.closed != block.ended)
}

/// Marks the missed ones to whose other side somebody has called or spoken since, in the same day.
pub(super) fn mark_returned(contacts: &mut [ContactBlock]) {
    let speaks = |later: &ContactBlock| later.direction == Direction::Out || later.answered.is_some();
    let returned: Vec<bool> = (contacts.iter())
        .map(|missed| {
            missed.outcome == ContactOutcome::Missed
                && contacts.iter().any(|later| {
                    later.began > missed.began && speaks(later) && same_party(&later.party, &missed.party)
                })
        })
        .collect();
    for (contact, returned) in contacts.iter_mut().zip(returned) {
        contact.returned |= returned;
    }
}

/// The sums of a day from `begins` up to `until`.
pub(super) fn sums(
    bands: &[Laid],
    contacts: &[ContactBlock],
    is_copy: &[bool],
    (begins, until): (Timestamp, Timestamp),
) -> DaySums {
    let mut sums = DaySums::default();
    let (mut talk, mut wrap_up, mut of_calls) = (0, 0, 0);
    let wraps: Vec<&Laid> = bands.iter().filter(|band| is_wrap_up(band)).collect();
    let mut used = vec![false; wraps.len()];
    for contact in contacts.iter().zip(is_copy).filter(|(_, is_copy)| !**is_copy).map(|(contact, _)| contact)
    {
        let is_call = contact.channel == Channel::Call;
        match contact.outcome {
            ContactOutcome::Handled => {
                sums.handled += 1;
                sums.calls += u32::from(is_call);
            }
            ContactOutcome::Missed => sums.missed += 1,
            ContactOutcome::Declined => sums.declined += 1,
            ContactOutcome::Open | ContactOutcome::Elsewhere | ContactOutcome::NoAnswer => {}
        }
        // Nobody sees that it goes on, and so nobody knows for how long it has.
        if contact.outcome == ContactOutcome::Open && contact.witness == Witness::Told {
            continue;
        }
        let Some(answered) = contact.answered.filter(|_| has_conversation(contact.channel)) else { continue };
        let talked = contact.ended.unwrap_or(until).ms_since(answered).max(0);
        talk += talked;
        sums.hold = sums.hold.saturating_add(contact.hold_seconds);
        let wrapped = contact.ended.map_or(0, |ended| {
            let record = (ended, contact.closed.unwrap_or(until));
            let platform = wraps.iter().zip(&mut used).filter(|(band, _)| {
                let after = band.from.ms_since(ended);
                band.account == contact.account && (-WRAP_UP_AFTER_MS..=WRAP_UP_AFTER_MS).contains(&after)
            });
            let platform = platform.map(|(band, used)| {
                *used = true;
                (ended.max(band.from), band.to)
            });
            Spans::joining(platform.chain([record]), WRAP_UP_AFTER_MS).ms()
        });
        wrap_up += wrapped;
        if is_call && contact.outcome == ContactOutcome::Handled {
            of_calls += talked + wrapped;
        }
    }
    // What begins with the day belongs to a call of the day before, which has it.
    let alone = wraps
        .iter()
        .zip(&used)
        .filter(|(band, used)| !**used && band.from > begins)
        .map(|(band, _)| (band.from, band.to));
    wrap_up += Spans::of(alone).ms();
    let on = |is: fn(&Laid) -> bool| Spans::of(bands.iter().filter(|band| is(band)).map(|b| (b.from, b.to)));
    let ready = on(|band| is_present(band, Presence::Ready));
    (sums.talk, sums.wrap_up) = (seconds(talk), seconds(wrap_up));
    sums.ready = ready.seconds();
    sums.paused = on(is_own_pause).without(&ready).seconds();
    sums.signed_in = on(|band| matches!(band.was.state, BandState::Present { .. })).seconds();
    sums.average_handle = (sums.calls > 0).then(|| seconds(of_calls / i64::from(sums.calls)));
    sums
}

/// The pauses of the agent's own, longest first. One that was set on several accounts at once is one.
pub(super) fn pauses(bands: &[Laid]) -> Vec<PauseUse> {
    let mut by_title: BTreeMap<model::PauseKey, Vec<&Laid>> = BTreeMap::new();
    for band in bands.iter().filter(|band| is_own_pause(band)) {
        if let BandState::Present { pause: Some(title), .. } = &band.was.state {
            by_title.entry(pause_key(title)).or_default().push(band);
        }
    }
    let mut uses: Vec<PauseUse> = by_title.into_values().filter_map(|bands| pause_use(&bands)).collect();
    uses.sort_by(|a, b| b.seconds.cmp(&a.seconds).then_with(|| a.title.cmp(&b.title)));
    uses
}

fn pause_use(bands: &[&Laid]) -> Option<PauseUse> {
    let states = || {
        bands.iter().filter_map(|band| match &band.was.state {
            BandState::Present { pause: Some(title), paid, max_minutes, .. } => {
                Some((title, *paid, *max_minutes))
            }
            _ => None,
        })
    };
    let (title, paid, _) = states().next()?;
    let spans = Spans::joining(bands.iter().map(|band| (band.from, band.to)), PAUSE_GAP_MS);
    let max_minutes = states().filter_map(|(_, _, max)| max).min();
    let over = max_minutes.map_or(0, |max| {
        spans.iter().map(|(from, to)| (to.ms_since(from) - i64::from(max) * 60_000).max(0)).sum()
    });
    Some(PauseUse {
        title: title.clone(),
        times: u32::try_from(spans.iter().count()).unwrap_or(u32::MAX),
        seconds: spans.seconds(),
        max_minutes,
        over: seconds(over),
        paid: paid.filter(|_| states().all(|(_, other, _)| other == paid)),
    })
}

/// The average of days, each field for itself; calls weigh their handle time.
pub(super) fn average(days: &[DaySums]) -> Option<DaySums> {
    let count = u64::try_from(days.len()).ok().filter(|count| *count > 0)?;
    let of = |field: fn(&DaySums) -> u32| {
        let sum: u64 = days.iter().map(|day| u64::from(field(day))).sum();
        u32::try_from((sum + count / 2) / count).unwrap_or(u32::MAX)
    };
    let calls: u64 = days.iter().map(|day| u64::from(day.calls)).sum();
    let handle: u64 =
        days.iter().map(|day| u64::from(day.calls) * u64::from(day.average_handle.unwrap_or(0))).sum();
    Some(DaySums {
        handled: of(|day| day.handled),
        calls: of(|day| day.calls),
        missed: of(|day| day.missed),
        declined: of(|day| day.declined),
        talk: of(|day| day.talk),
        hold: of(|day| day.hold),
        wrap_up: of(|day| day.wrap_up),
        ready: of(|day| day.ready),
        paused: of(|day| day.paused),
        signed_in: of(|day| day.signed_in),
        average_handle: handle.checked_div(calls).and_then(|seconds| u32::try_from(seconds).ok()),
    })
}

fn has_conversation(channel: Channel) -> bool {
    match channel {
        Channel::Call
        | Channel::Chat
        | Channel::Sms
        | Channel::Messenger
        | Channel::Instagram
        | Channel::Whatsapp
        | Channel::Viber => true,
        Channel::Email | Channel::Form | Channel::Social | Channel::Comment | Channel::Other => false,
    }
}

fn is_present(band: &Laid, wanted: Presence) -> bool {
    matches!(band.was.state, BandState::Present { presence, .. } if presence == wanted)
}

fn is_own_pause(band: &Laid) -> bool {
    let kind = match &band.was.state {
        BandState::Present { presence: Presence::Paused, kind, .. } => *kind,
        _ => return false,
    };
    !band.was.borrowed && !matches!(kind, Some(PauseKind::WrapUp | PauseKind::Unanswered))
}

fn is_wrap_up(band: &Laid) -> bool {
    matches!(band.was.state, BandState::Present { kind: Some(PauseKind::WrapUp), .. })
}
