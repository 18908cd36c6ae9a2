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

fn reachable(account: &AccountState) -> bool {
    heard(account).is_some_and(|agent| agent.presence == Presence::Ready && agent.reach == Reach::Reachable)
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
