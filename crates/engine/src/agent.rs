//! Joins the agent's states on all accounts into one.
//!
//! Only accounts that are heard count: what was last known of a silent one says nothing about now. `reachable` is
//! honest rather than hopeful: ready, heard, and the device is known to answer.

use std::collections::BTreeMap;

use model::{AccountState, Agent, Link, Pause, PauseChoice, PauseKey, PauseKind, Presence, Reach};
use model::{UnifiedAgent, UnifiedPresence};

/// The one state over all accounts.
pub(crate) fn join(accounts: &[AccountState]) -> UnifiedAgent {
    let heard: Vec<&Agent> = accounts.iter().filter_map(heard).collect();
    let presence = joined_presence(accounts, &heard);
    let paused: Vec<&Pause> = heard.iter().filter_map(|agent| agent.pause.as_ref()).collect();
    let same_title = paused.windows(2).all(|pair| pause_key(&pair[0].title) == pause_key(&pair[1].title));
    UnifiedAgent {
        presence,
        pause: paused.first().filter(|_| same_title).map(|pause| pause.title.clone()),
        since: heard.iter().map(|agent| agent.since).max(),
        max_minutes: paused.iter().filter_map(|pause| pause.max_minutes).min(),
        reachable: accounts.iter().any(reachable),
        busy: accounts.iter().filter_map(hears_calls).any(|agent| agent.reach == Reach::Busy),
        pauses: choices(accounts),
    }
}

/// Pauses of the same title are the same choice, however they are spaced or capitalised.
pub(crate) fn pause_key(title: &str) -> PauseKey {
    let words: Vec<String> = title.split_whitespace().map(str::to_lowercase).collect();
    PauseKey(words.join(" "))
}

/// The pause of an account that a choice stands for.
pub(crate) fn pause_of<'a>(agent: &'a Agent, key: &PauseKey) -> Option<&'a Pause> {
    agent.pauses.iter().find(|pause| pause.kind == PauseKind::Custom && pause_key(&pause.title) == *key)
}

fn heard(account: &AccountState) -> Option<&Agent> {
    match account.health.link {
        Link::Live | Link::CatchingUp | Link::Degraded => account.agent.as_ref(),
        Link::Connecting | Link::Offline | Link::SignedOut => None,
    }
}

/// The agent, where events arrive.
fn hears_calls(account: &AccountState) -> Option<&Agent> {
    account.agent.as_ref().filter(|_| matches!(account.health.link, Link::Live | Link::CatchingUp))
}

fn reachable(account: &AccountState) -> bool {
    hears_calls(account)
        .is_some_and(|agent| agent.presence == Presence::Ready && agent.reach == Reach::Reachable)
}

fn joined_presence(accounts: &[AccountState], heard: &[&Agent]) -> UnifiedPresence {
    if accounts.iter().all(|account| account.health.link == Link::SignedOut) {
        return UnifiedPresence::SignedOut;
    }
    let Some(first) = heard.first() else { return UnifiedPresence::Offline };
    if heard.iter().any(|agent| agent.presence != first.presence) {
        return UnifiedPresence::Mixed;
    }
    match first.presence {
        Presence::Ready => UnifiedPresence::Ready,
        Presence::NotReady => UnifiedPresence::NotReady,
        Presence::Paused => UnifiedPresence::Paused,
        Presence::Unknown => UnifiedPresence::Offline,
    }
}

fn choices(accounts: &[AccountState]) -> Vec<PauseChoice> {
    let mut choices: Vec<PauseChoice> = Vec::new();
    let mut places: BTreeMap<PauseKey, usize> = BTreeMap::new();
    for account in accounts.iter().filter(|account| account.health.link != Link::SignedOut) {
        let pauses = account.agent.iter().flat_map(|agent| &agent.pauses);
        for pause in pauses.filter(|pause| pause.kind == PauseKind::Custom) {
            let key = pause_key(&pause.title);
            let place = *places.entry(key.clone()).or_insert(choices.len());
            match choices.get_mut(place) {
                Some(choice) => {
                    choice.paid = choice.paid.filter(|paid| pause.paid == Some(*paid));
                    choice.max_minutes = match (choice.max_minutes, pause.max_minutes) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    };
                    if !choice.accounts.contains(&account.account.id) {
                        choice.accounts.push(account.account.id.clone());
                    }
                }
                None => choices.push(PauseChoice {
                    key,
                    title: pause.title.clone(),
                    paid: pause.paid,
                    max_minutes: pause.max_minutes,
                    accounts: vec![account.account.id.clone()],
                }),
            }
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use model::{Account, Health, Platform, Timestamp};

    use super::*;

    fn account(
        id: &str,
        link: Link,
        presence: Presence,
        reach: Reach,
        pauses: &[(&str, Option<u32>)],
    ) -> AccountState {
        let pause = |(title, max_minutes): &(&str, Option<u32>)| Pause {
            id: format!("{id}-{title}").into(),
            title: (*title).to_owned(),
            kind: PauseKind::Custom,
            paid: Some(true),
            max_minutes: *max_minutes,
        };
        let pauses: Vec<Pause> = pauses.iter().map(pause).collect();
        let agent = Agent {
            username: "jana".to_owned(),
            name: "Jana".to_owned(),
            presence,
            pause: pauses.first().filter(|_| presence == Presence::Paused).cloned(),
            since: Timestamp(i64::try_from(id.len()).unwrap()),
            confirmed_at: Timestamp(0),
            reach,
            always_ready: false,
            pauses,
        };
        AccountState {
            account: Account {
                id: id.into(),
                platform: Platform::Daktela,
                name: id.to_owned(),
                url: String::new(),
                username: None,
                practice: false,
            },
            health: Health {
                link,
                since: Timestamp(0),
                heard_at: None,
                source: String::new(),
                problem: None,
                retry_at: None,
                unreadable: 0,
            },
            agent: Some(agent),
            queues: Vec::new(),
            devices: Vec::new(),
            lines: Vec::new(),
            presence: None,
            capabilities: Vec::new(),
            missed: 0,
            announcements: Vec::new(),
        }
    }

    #[test]
    fn only_accounts_that_are_heard_make_the_state() {
        use Link::{Connecting, Degraded, Live, Offline, SignedOut};
        use Presence::{NotReady, Paused, Ready, Unknown};
        for (accounts, joined) in [
            (vec![], UnifiedPresence::SignedOut),
            (vec![(SignedOut, Ready), (SignedOut, Ready)], UnifiedPresence::SignedOut),
            (vec![(Offline, Ready), (SignedOut, Ready)], UnifiedPresence::Offline),
            (vec![(Connecting, Ready)], UnifiedPresence::Offline),
            (vec![(Live, Unknown)], UnifiedPresence::Offline),
            (vec![(Live, Ready), (Offline, Paused)], UnifiedPresence::Ready),
            (vec![(Live, Ready), (Degraded, Ready)], UnifiedPresence::Ready),
            (vec![(Live, Paused), (Live, Paused)], UnifiedPresence::Paused),
            (vec![(Live, NotReady), (SignedOut, Ready)], UnifiedPresence::NotReady),
            (vec![(Live, NotReady), (Live, Ready)], UnifiedPresence::Mixed),
        ] {
            let states: Vec<AccountState> = accounts
                .iter()
                .map(|(link, presence)| account("a", *link, *presence, Reach::Reachable, &[("x", None)]))
                .collect();
            assert_eq!(join(&states).presence, joined, "{accounts:?}");
        }
    }

    #[test]
    fn reachable_means_ready_heard_and_with_a_device_that_answers() {
        for (link, presence, reach, reachable) in [
            (Link::Live, Presence::Ready, Reach::Reachable, true),
            (Link::Live, Presence::Ready, Reach::Unknown, false),
            (Link::Live, Presence::Ready, Reach::Unreachable, false),
            (Link::Live, Presence::Paused, Reach::Reachable, false),
            (Link::Degraded, Presence::Ready, Reach::Reachable, false),
            (Link::Offline, Presence::Ready, Reach::Reachable, false),
        ] {
            assert_eq!(join(&[account("a", link, presence, reach, &[])]).reachable, reachable, "{link:?}");
        }
    }

    #[test]
    fn pauses_of_the_same_title_are_one_choice_with_the_smaller_allowance() {
        let one = account("a", Link::Live, Presence::Paused, Reach::Reachable, &[("Lunch  break", Some(30))]);
        let other = account(
            "bb",
            Link::Live,
            Presence::Paused,
            Reach::Reachable,
            &[("lunch break", Some(20)), ("Training", None)],
        );
        let joined = join(&[one, other]);
        let titles: Vec<&str> = joined.pauses.iter().map(|choice| choice.title.as_str()).collect();
        assert_eq!(titles, ["Lunch  break", "Training"]);
        assert_eq!((joined.pauses[0].accounts.len(), joined.pauses[0].max_minutes), (2, Some(20)));
        assert_eq!((joined.pause.as_deref(), joined.max_minutes), (Some("Lunch  break"), Some(20)));
        assert_eq!(joined.since, Some(Timestamp(2)), "the later of the two");
    }
}
