//! Campaigns of the outbound dialler: their progress moves with the clock, one of them goes through all its states.

use super::answer::{Failure, Reply, Told};
use super::filter::{Filters, rows};
use super::routes::Op;
use super::{Context, menus, written};
use crate::world::{DAY, HOUR, MINUTE, Millis, SECOND, records::text};
use serde_json::{Value, json};

#[derive(Debug)]
struct Campaign {
    id: i64,
    name: &'static str,
    mode: &'static str,
    campaign_type: &'static str,
    contacts: i64,
    /// Processed when the sandbox started, and how many milliseconds one more takes.
    done: i64,
    pace: Millis,
    /// From when after the start on it has which state; it goes round after `ROUND`.
    states: &'static [(Millis, &'static str)],
}

/// How long it takes the restless campaign until it begins anew.
const ROUND: Millis = 2 * HOUR;

const ALL: [Campaign; 6] = [
    Campaign {
        id: 61,
        name: "Renewals",
        mode: "preview",
        campaign_type: "default",
        contacts: 1_000,
        done: 50,
        pace: 30 * SECOND,
        states: &[(0, "dialing")],
    },
    Campaign {
        id: 62,
        name: "How did we do?",
        mode: "predictive",
        campaign_type: "external_list",
        contacts: 12_000,
        done: 4_310,
        pace: 2 * SECOND,
        states: &[(0, "dialing")],
    },
    Campaign {
        id: 63,
        name: "Win-back",
        mode: "progressive",
        campaign_type: "default",
        contacts: 240,
        done: 0,
        pace: 15 * SECOND,
        states: &[
            (0, "created"),
            (5 * MINUTE, "started"),
            (6 * MINUTE, "dialing"),
            (30 * MINUTE, "pause"),
            (40 * MINUTE, "dialing"),
            (90 * MINUTE, "finished"),
        ],
    },
    Campaign {
        id: 64,
        name: "Spring check-up",
        mode: "preview",
        campaign_type: "default",
        contacts: 480,
        done: 480,
        pace: 0,
        states: &[(0, "finished")],
    },
    Campaign {
        id: 65,
        name: "Autumn offers",
        mode: "predictive",
        campaign_type: "external_list",
        contacts: 3_500,
        done: 0,
        pace: 0,
        states: &[(0, "created")],
    },
    Campaign {
        id: 66,
        name: "Holiday hours",
        mode: "progressive",
        campaign_type: "default",
        contacts: 90,
        done: 33,
        pace: 0,
        states: &[(0, "pause")],
    },
];

#[derive(Debug)]
pub(super) struct Campaigns {
    started: Millis,
}

impl Campaigns {
    pub(super) fn new(now: Millis) -> Self {
        Self { started: now }
    }
}

impl Campaign {
    /// Milliseconds since it began, within its round.
    fn age(&self, since: Millis) -> Millis {
        if self.states.len() > 1 { since % ROUND } else { since }
    }

    fn state(&self, since: Millis) -> (Millis, &'static str) {
        let age = self.age(since);
        self.states.iter().rev().find(|(at, _)| *at <= age).copied().unwrap_or((0, "created"))
    }

    /// How many contacts are processed: only while it dials.
    fn processed(&self, since: Millis) -> i64 {
        if self.pace == 0 {
            return self.done;
        }
        let age = self.age(since);
        let spans = self.states.iter().enumerate().filter(|(_, (_, state))| *state == "dialing");
        let dialled: Millis = spans
            .map(|(index, (from, _))| {
                let to = self.states.get(index + 1).map_or(age, |(at, _)| *at);
                (age.min(to) - from).max(0)
            })
            .sum();
        (self.done + dialled / self.pace).min(self.contacts)
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let cx = &*cx;
    let found = || {
        let id = cx.call.record();
        ALL.iter().find(|c| Some(c.id) == id).ok_or_else(|| Failure::missing("Campaign not found"))
    };
    match cx.call.op {
        Op::Campaign => Ok(Reply::Document(campaign(cx, found()?))),
        Op::CampaignContacts => {
            let contacts = contacts(cx, found()?);
            rows(cx.call, cx.switches, &Filters::NONE, contacts)
        }
        _ => rows(cx.call, cx.switches, &Filters::NONE, ALL.iter().map(|c| campaign(cx, c)).collect()),
    }
}

fn campaign(cx: &Context<'_>, campaign: &Campaign) -> Value {
    let since = cx.now - cx.store.campaigns.started;
    let (changed, status) = campaign.state(since);
    let begun = cx.store.campaigns.started - campaign.done * campaign.pace.max(SECOND);
    let queue = cx.store.menus.get(2_100).map_or(Value::Null, menus::short);
    let updated = cx.now - (campaign.age(since) - changed).min(if status == "dialing" { 0 } else { DAY });
    json!({"campaign_type": campaign.campaign_type, "id": campaign.id,
        "external_campaign_id": (campaign.campaign_type == "external_list").then(|| format!("ext-{}", campaign.id)),
        "max_abandonment_percent": 3, "max_redial_count": 3, "mode": campaign.mode, "name": campaign.name,
        "overdial_adjustment_multiplier": 1, "queue": queue, "redial_interval_minutes": 120, "status": status,
        "target_number_to_process": campaign.contacts, "created_at": written::time(begun - DAY),
        "starts_at": written::time(begun),
        "ends_at": (status == "finished").then(|| written::time(updated)),
        "updated_at": written::time(updated), "contact_stats": stats(campaign, since)})
}

/// Every key of the vendor's sample; they add up.
fn stats(campaign: &Campaign, since: Millis) -> Value {
    let done = campaign.processed(since);
    let dialing = campaign.state(since).1 == "dialing" && done < campaign.contacts;
    let (skipped, missed, busy) = (done / 5, done / 10, done / 25);
    let carrier = done / 50;
    let reached = done - skipped - missed - busy - carrier;
    let running = i64::from(dialing);
    let left = campaign.contacts - done;
    json!({"Abandoned by Contact": busy, "Abandoned by Dialer": 0,
        "Average Redials per Number": if done > 0 { 0.4 } else { 0.0 }, "Carrier Error": carrier, "Completed": done,
        "Connected": running, "Contacts": campaign.contacts, "Dialer General Error": 0, "Dialing": running,
        "Do Not Call": 0, "Finished": reached, "Invalid Number or Name": 0, "Invalid outbound number": 0,
        "Not Picked Up": missed, "Not Reached to Contact": missed, "Not reached": missed, "Not yet reached": left,
        "Queued": 0, "Reached": reached, "Redial Scheduled": 0, "Redials": done * 2 / 5, "Remaining": left,
        "Running": running, "Skipped": 0, "Skipped & Closed": skipped, "Transferred": 0,
        "Transferred and Finished": 0, "Upcoming": left - running, "Voicemail Hung Up": 0})
}

/// Inferred: no sample of a campaign's contact exists.
fn contacts(cx: &Context<'_>, campaign: &Campaign) -> Vec<Value> {
    let done = campaign.processed(cx.now - cx.store.campaigns.started);
    let known = cx.world.records.list("contacts").take(usize::try_from(campaign.contacts).unwrap_or(0));
    (0..)
        .zip(known)
        .map(|(index, contact)| {
            let custom = contact.get("custom");
            let number = custom.and_then(|c| c.get("number")?.get(0)?.as_str());
            let status = match index {
                n if n >= done => "Not yet reached",
                n if n % 10 == 4 => "Not Picked Up",
                n if n % 5 == 3 => "Skipped & Closed",
                _ => "Finished",
            };
            json!({"id": campaign.id * 100_000 + index, "campaign_id": campaign.id, "name": text(contact, "title"),
                "phone_number": number, "status": status, "redial_count": if status == "Not Picked Up" { 3 } else { 0 }})
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ALL, HOUR, MINUTE};

    #[test]
    fn the_restless_campaign_goes_through_every_state_and_counts_only_while_it_dials() {
        let campaign = ALL.iter().find(|c| c.id == 63).unwrap();
        let at = |minutes| (campaign.state(minutes * MINUTE).1, campaign.processed(minutes * MINUTE));
        assert_eq!(at(0), ("created", 0));
        assert_eq!(at(5), ("started", 0));
        assert_eq!(at(16), ("dialing", 40));
        assert_eq!(at(30), ("pause", 96));
        assert_eq!(at(39), ("pause", 96));
        assert_eq!(at(45), ("dialing", 116));
        assert_eq!(at(91), ("finished", 240));
        assert_eq!(campaign.state(2 * HOUR).1, "created");
    }
}
