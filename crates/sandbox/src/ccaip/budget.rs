//! How often may be asked: so many requests in any second, for the whole customer. What other integrations of the same
//! customer ask (switch `others_per_second`) comes out of the same budget.

use super::answer::Failure;
use crate::switches::Switches;
use crate::world::{Millis, SECOND};
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub(super) struct Budget {
    /// When requests were let in, within the last second.
    used: VecDeque<Millis>,
}

impl Budget {
    /// Counts one request, or says how many seconds to wait. What is refused does not count.
    pub(super) fn spend(&mut self, switches: &Switches, now: Millis) -> Result<(), Failure> {
        let limit = switches.number("rate_per_second").unwrap_or(0);
        let others = switches.number("others_per_second").unwrap_or(0);
        self.take(limit, others, now)
    }

    fn take(&mut self, limit: i64, others: i64, now: Millis) -> Result<(), Failure> {
        while self.used.front().is_some_and(|at| now - at >= SECOND) {
            self.used.pop_front();
        }
        let left = limit - others - i64::try_from(self.used.len()).unwrap_or(i64::MAX);
        if limit > 0 && left <= 0 {
            return Err(Failure::too_many(1));
        }
        self.used.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn any_second_holds_so_many_requests_and_others_eat_of_the_same() {
        let mut budget = Budget::default();
        let mut ask = |others, now| budget.take(3, others, now).is_ok();
        assert_eq!([0, 10, 20, 30].map(|now| ask(0, now)), [true, true, true, false]);
        assert!(ask(0, 1_000), "the first is a second ago");
        assert!(!ask(2, 1_500), "two of three are taken by others, one was used at 1000");
        assert!(ask(2, 2_100));
        assert!(!ask(3, 9_000), "others leave nothing");
    }
}
