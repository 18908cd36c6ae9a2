//! Keys: one of v1 for the account, one of v3 for each agent; and how often a key may be used.

use super::answer::Failure;
use super::request::Call;
use crate::switches::Switches;
use crate::world::{Dice, MINUTE, Millis, SECOND};
use std::collections::{BTreeMap, VecDeque};

#[derive(Debug)]
pub(crate) struct Keys {
    v1: String,
    /// Agents in the order of the roster with their keys.
    v3: Vec<(String, String)>,
    /// When each key was used in the last minute.
    used: BTreeMap<String, VecDeque<Millis>>,
}

impl Keys {
    pub(super) fn new(seed: u64, roster: &[String]) -> Self {
        let mut dice = Dice::new(seed ^ 0x11_7E_A6);
        let v1 = dice.hex(32);
        let v3 = roster.iter().map(|agent| (agent.clone(), dice.hex(32))).collect();
        Self { v1, v3, used: BTreeMap::new() }
    }

    /// The account's key for v1.
    pub(crate) fn v1(&self) -> &str {
        &self.v1
    }

    /// An agent's key for v3.
    pub(crate) fn v3_of(&self, agent: &str) -> Option<&str> {
        self.v3.iter().find(|(owner, _)| owner == agent).map(|(_, key)| key.as_str())
    }

    fn owner_of(&self, key: &str) -> Option<&str> {
        self.v3.iter().find(|(_, k)| k == key).map(|(owner, _)| owner.as_str())
    }

    /// Lets a request with a good key in, and counts it. Says whose key it is; a v1 key is nobody's.
    pub(super) fn admit(
        &mut self,
        call: &Call,
        method: &str,
        switches: &Switches,
        now: Millis,
    ) -> Result<Option<String>, Failure> {
        let only_query = method == "PUT" && switches.is("liveagent_put_key", "query");
        let key = call.key(only_query).ok_or_else(Failure::no_key)?.to_owned();
        let owner = self.owner_of(&key).map(str::to_owned);
        let (known, fits) = match call.head.is_v3() {
            true => (owner.is_some() || key == self.v1, owner.is_some()),
            false => (owner.is_some() || key == self.v1, key == self.v1),
        };
        match (known, fits) {
            (false, _) => return Err(Failure::wrong_key()),
            (true, false) => return Err(Failure::key_of_other_version()),
            (true, true) => {}
        }
        self.spend(key, switches.number("rate_limit").unwrap_or(0), now)?;
        Ok(owner)
    }

    /// Inferred: the minute is the last sixty seconds, and what is refused does not count.
    fn spend(&mut self, key: String, limit: i64, now: Millis) -> Result<(), Failure> {
        let used = self.used.entry(key).or_default();
        while used.front().is_some_and(|at| now - at >= MINUTE) {
            used.pop_front();
        }
        if limit > 0 && i64::try_from(used.len()).is_ok_and(|used| used >= limit) {
            let first = used.front().copied().unwrap_or(now);
            return Err(Failure::too_many((first + MINUTE - now + SECOND - 1) / SECOND));
        }
        used.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, MINUTE};

    #[test]
    fn a_key_is_good_for_so_many_requests_in_any_minute() {
        let mut keys = Keys::new(1, &["ida".into()]);
        let mut try_at = |now| keys.spend("k".into(), 3, now).map_err(|f| f.retry_after);
        assert_eq!([try_at(0), try_at(10), try_at(20)], [Ok(()), Ok(()), Ok(())]);
        assert_eq!(try_at(30_000), Err(Some(30)));
        assert_eq!(try_at(MINUTE), Ok(()));
        assert_eq!(try_at(MINUTE + 9), Err(Some(1)));
        assert_eq!(try_at(MINUTE + 10), Ok(()));
        assert_eq!(keys.spend("other".into(), 3, 30_000), Ok(()));
    }
}
