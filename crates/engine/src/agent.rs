//! Joins the agent's states on all accounts into one.
//!
//! Only accounts that are heard count: what was last known of a silent one says nothing about now. `reachable` is
//! honest rather than hopeful: ready, heard, and the device is known to answer.
//!
//! What the one state means on an account the agent may set ([`StateMap`]): another pause for a pause, a pause for not
//! ready. By default a pause is the account's own of the same title, and an account that has none goes not ready with
//! it. All of this is read backwards here, and a pause that was only set because of a call elsewhere counts as the
//! ready that it covers.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    AccountId, AccountState, Agent, Capability, Link, Pause, PauseChoice, PauseKey, PauseKind, Presence,
    Reach, StateMap,
};
use model::{UnifiedAgent, UnifiedPresence};

use crate::elsewhere::Borrowed;
use crate::state::State;

/// The one state over all accounts.
pub(crate) fn join(state: &State) -> UnifiedAgent {
    let (accounts, maps) = (&state.accounts[..], &state.settings.states);
    let choices = choices(accounts, maps);
    // Where the platform lets nobody set the state from here, it says nothing about what the agent chose, unless
    // there is no other account.
    let settable = accounts.iter().any(|account| heard(account).is_some() && is_settable(account));
    let heard: Vec<Stand<'_>> = accounts
        .iter()
        .filter(|account| !settable || is_settable(account))
        .filter_map(|account| Some(stand(&account.account.id, heard(account)?, maps, &state.borrowed)))
        .collect();
    let paused = || heard.iter().filter(|stand| stand.presence == Presence::Paused);
    let title = |stand: &Stand<'_>| {
        let choice = choices.iter().find(|choice| stand.key.as_ref() == Some(&choice.key));
        choice.map(|choice| choice.title.clone()).or(stand
            .agent
            .pause
            .as_ref()
            .map(|pause| pause.title.clone()))
    };
    let first = paused().next();
    let same = first.is_some_and(|first| paused().all(|stand| stand.key == first.key));
    UnifiedAgent {
        presence: joined_presence(accounts, &heard),
        pause: first.filter(|_| same).and_then(title),
        since: heard.iter().map(|stand| stand.agent.since).max(),
        max_minutes: paused().filter_map(|stand| stand.agent.pause.as_ref()?.max_minutes).min(),
        reachable: accounts.iter().any(|account| reachable(account)),
        busy: accounts
            .iter()
            .filter_map(|account| hears_calls(account))
            .any(|agent| agent.reach == Reach::Busy),
        pauses: choices,
    }
}

/// Pauses of the same title are the same choice, however they are spaced or capitalised.
pub(crate) fn pause_key(title: &str) -> PauseKey {
    let words: Vec<String> = title.split_whitespace().map(str::to_lowercase).collect();
    PauseKey(words.join(" "))
}

/// The pause of an account that a choice stands for: the one that was mapped to it, else the one of the same title.
pub(crate) fn pause_of<'a>(agent: &'a Agent, key: &PauseKey, map: Option<&StateMap>) -> Option<&'a Pause> {
    let mapped = map.and_then(|map| map.pauses.get(key));
    let mapped = mapped.and_then(|id| agent.pauses.iter().find(|pause| pause.id == *id));
    let is_same = |pause: &&Pause| pause.kind == PauseKind::Custom && pause_key(&pause.title) == *key;
    mapped.or_else(|| agent.pauses.iter().find(is_same))
}

/// Where the agent stands on one account, in the words of the one state.
struct Stand<'a> {
    agent: &'a Agent,
    presence: Presence,
    key: Option<PauseKey>,
    map: Option<&'a StateMap>,
}

fn stand<'a>(
    account: &AccountId,
    agent: &'a Agent,
    maps: &'a BTreeMap<AccountId, StateMap>,
    borrowed: &Borrowed,
) -> Stand<'a> {
    let map = maps.get(account);
    let stand = |presence, key| Stand { agent, presence, key, map };
    let Some(pause) = agent.pause.as_ref().filter(|_| agent.presence == Presence::Paused) else {
        return stand(agent.presence, None);
    };
    if borrowed.is_ours(account, &pause.id) {
        return stand(Presence::Ready, None);
    }
    let mapped = map.and_then(|map| map.pauses.iter().find(|(_, id)| **id == pause.id));
    match mapped {
        Some((key, _)) => stand(Presence::Paused, Some(key.clone())),
        None if map.is_some_and(|map| map.not_ready.as_ref() == Some(&pause.id)) => {
            stand(Presence::NotReady, None)
        }
        None => stand(Presence::Paused, Some(pause_key(&pause.title))),
    }
}

fn is_settable(account: &AccountState) -> bool {
    account.capabilities.contains(&Capability::Ready)
        || account.agent.as_ref().is_some_and(|agent| agent.always_ready || !agent.pauses.is_empty())
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

fn joined_presence(accounts: &[Arc<AccountState>], heard: &[Stand<'_>]) -> UnifiedPresence {
    if accounts.iter().all(|account| account.health.link == Link::SignedOut) {
        return UnifiedPresence::SignedOut;
    }
    let Some(first) = heard.first() else { return UnifiedPresence::Offline };
    // An account without such a pause is as paused as it can be when it is not ready.
    if let Some(key) = heard.iter().find_map(|stand| stand.key.as_ref()) {
        let agrees = |stand: &Stand<'_>| match stand.presence {
            Presence::Paused => true,
            Presence::NotReady => pause_of(stand.agent, key, stand.map).is_none(),
            Presence::Ready | Presence::Unknown => false,
        };
        return if heard.iter().all(agrees) { UnifiedPresence::Paused } else { UnifiedPresence::Mixed };
    }
    if heard.iter().any(|stand| stand.presence != first.presence) {
        return UnifiedPresence::Mixed;
    }
    match first.presence {
        Presence::Ready => UnifiedPresence::Ready,
        Presence::NotReady => UnifiedPresence::NotReady,
        Presence::Paused => UnifiedPresence::Paused,
        Presence::Unknown => UnifiedPresence::Offline,
    }
}

fn choices(accounts: &[Arc<AccountState>], maps: &BTreeMap<AccountId, StateMap>) -> Vec<PauseChoice> {
    let mut choices: Vec<PauseChoice> = Vec::new();
    let signed_in = || accounts.iter().filter(|account| account.health.link != Link::SignedOut);
    let agents = || signed_in().filter_map(|account| Some((&account.account.id, account.agent.as_ref()?)));
    for pause in agents().flat_map(|(_, agent)| &agent.pauses).filter(|pause| pause.kind == PauseKind::Custom)
    {
        let key = pause_key(&pause.title);
        if choices.iter().any(|choice| choice.key == key) {
            continue;
        }
        let having: Vec<(&AccountId, &Pause)> = agents()
            .filter_map(|(account, agent)| Some((account, pause_of(agent, &key, maps.get(account))?)))
            .collect();
        let paid = having.first().and_then(|(_, pause)| pause.paid);
        choices.push(PauseChoice {
            key,
            title: pause.title.clone(),
            paid: paid.filter(|_| having.iter().all(|(_, pause)| pause.paid == paid)),
            max_minutes: having.iter().filter_map(|(_, pause)| pause.max_minutes).min(),
            accounts: having.into_iter().map(|(account, _)| account.clone()).collect(),
        });
    }
    choices
}

#[cfg(test)]
mod tests {
    use model::{Account, Health, PauseId, Platform, Timestamp};

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
                ages: Vec::new(),
                session_ends: None,
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

    fn state(accounts: Vec<AccountState>) -> State {
        let mut state = State::default();
        state.accounts = accounts.into_iter().map(Arc::new).collect();
        state
    }

    fn join(accounts: Vec<AccountState>) -> UnifiedAgent {
        super::join(&state(accounts))
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
            assert_eq!(join(states).presence, joined, "{accounts:?}");
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
            assert_eq!(join(vec![account("a", link, presence, reach, &[])]).reachable, reachable, "{link:?}");
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
        let joined = join(vec![one, other]);
        let titles: Vec<&str> = joined.pauses.iter().map(|choice| choice.title.as_str()).collect();
        assert_eq!(titles, ["Lunch  break", "Training"]);
        assert_eq!((joined.pauses[0].accounts.len(), joined.pauses[0].max_minutes), (2, Some(20)));
        assert_eq!((joined.pause.as_deref(), joined.max_minutes), (Some("Lunch  break"), Some(20)));
        assert_eq!(joined.since, Some(Timestamp(2)), "the later of the two");
    }

    #[test]
    fn a_state_means_on_an_account_what_the_agent_set_and_is_read_back_as_such() {
        use Presence::{NotReady, Paused, Ready};
        let centre = |presence| account("a", Link::Live, presence, Reach::Reachable, &[("Lunch", None)]);
        let exchange = |presence, pause: &str| {
            let mut state =
                account("bb", Link::Live, presence, Reach::Reachable, &[("Meal", None), ("Away", None)]);
            let agent = state.agent.as_mut().unwrap();
            agent.pause = agent.pauses.iter().find(|known| known.title == pause).cloned();
            state
        };
        let map = StateMap {
            pauses: BTreeMap::from([(pause_key("Lunch"), PauseId::from("bb-Meal"))]),
            not_ready: Some("bb-Away".into()),
            ..StateMap::default()
        };
        for (one, other, joined, pause) in [
            (centre(Paused), exchange(Paused, "Meal"), UnifiedPresence::Paused, Some("Lunch")),
            (centre(NotReady), exchange(Paused, "Away"), UnifiedPresence::NotReady, None),
            (centre(Ready), exchange(Paused, "Away"), UnifiedPresence::Mixed, None),
            (centre(Ready), exchange(Ready, ""), UnifiedPresence::Ready, None),
        ] {
            let mut state = state(vec![one, other]);
            Arc::make_mut(&mut state.settings).states.insert("bb".into(), map.clone());
            let agent = super::join(&state);
            assert_eq!((agent.presence, agent.pause.as_deref()), (joined, pause));
            let lunch = agent.pauses.iter().find(|choice| choice.title == "Lunch").unwrap();
            assert_eq!(lunch.accounts, ["a".into(), "bb".into()], "mapped, so both have it");
        }
    }

    #[test]
    fn an_account_without_the_pause_agrees_with_it_by_being_not_ready() {
        let centre = account("a", Link::Live, Presence::Paused, Reach::Reachable, &[("Lunch", None)]);
        let exchange = |presence| account("bb", Link::Live, presence, Reach::Reachable, &[("Away", None)]);
        assert_eq!(
            join(vec![centre.clone(), exchange(Presence::NotReady)]).presence,
            UnifiedPresence::Paused
        );
        assert_eq!(join(vec![centre, exchange(Presence::Ready)]).presence, UnifiedPresence::Mixed);
    }
}
