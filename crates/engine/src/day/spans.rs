//! Stretches of time as sets: whatever is counted "on at least one account" is a union, and "on none" a difference.

use model::Timestamp;

/// A set of moments: stretches `[from, to)` in order that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<(Timestamp, Timestamp)>);

impl Spans {
    /// The union of any stretches; those that end before they begin are nothing.
    pub(super) fn of(stretches: impl IntoIterator<Item = (Timestamp, Timestamp)>) -> Self {
        Self::joining(stretches, 0)
    }

    /// As [`Spans::of`], and a hole of up to `gap_ms` between two stretches is no hole.
    pub(super) fn joining(stretches: impl IntoIterator<Item = (Timestamp, Timestamp)>, gap_ms: i64) -> Self {
        let mut all: Vec<_> = stretches.into_iter().filter(|(from, to)| from < to).collect();
        all.sort_unstable();
        let mut joined: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, to) in all {
            match joined.last_mut() {
                Some((_, end)) if from.ms_since(*end) <= gap_ms => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }

    /// What is in here and not in `other`.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        let mut others = other.0.iter().peekable();
        for &(mut from, to) in &self.0 {
            while let Some(&&(begins, ends)) = others.peek() {
                if begins >= to {
                    break;
                }
                if from < begins {
                    left.push((from, begins));
                }
                from = from.max(ends);
                if ends >= to {
                    break;
                }
                others.next();
            }
            if from < to {
                left.push((from, to));
            }
        }
        Self(left)
    }

    /// Its stretches, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.0.iter().copied()
    }

    /// How long it is in all, in milliseconds.
    pub(super) fn ms(&self) -> i64 {
        self.iter().map(|(from, to)| to.ms_since(from)).sum()
    }

    /// How long it is in all, in whole seconds.
    pub(super) fn seconds(&self) -> u32 {
        seconds(self.ms())
    }
}

/// Whole seconds, rounded; nothing for what is negative.
pub(super) fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.saturating_add(500).max(0) / 1000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretches() -> impl Strategy<Value = Vec<(Timestamp, Timestamp)>> {
        proptest::collection::vec(
            (0_i64..60, 0_i64..60).prop_map(|(a, b)| (Timestamp(a), Timestamp(b))),
            0..12,
        )
    }

    fn has(stretches: &[(Timestamp, Timestamp)], moment: i64) -> bool {
        stretches.iter().any(|(from, to)| (from.0..to.0).contains(&moment))
    }

    proptest! {
        #[test]
        fn sets_are_what_they_say_at_every_moment(one in stretches(), other in stretches()) {
            let (a, b) = (Spans::of(one.clone()), Spans::of(other.clone()));
            let less = a.without(&b);
            for moment in 0..60 {
                prop_assert_eq!(has(&a.0, moment), has(&one, moment));
                prop_assert_eq!(has(&less.0, moment), has(&one, moment) && !has(&other, moment));
            }
            for set in [&a, &less] {
                prop_assert!(set.0.iter().all(|(from, to)| from < to));
                prop_assert!(set.0.windows(2).all(|two| two[0].1 < two[1].0 || (set == &less && two[0].1 <= two[1].0)));
            }
            let both = Spans::of(one.iter().chain(&other).copied());
            prop_assert_eq!(both.ms(), a.ms() + b.without(&a).ms());
        }
    }

    #[test]
    fn small_holes_are_joined_where_that_is_asked_for() {
        let at = |n| Timestamp(n);
        let spans = Spans::joining([(at(0), at(10)), (at(12), at(20)), (at(30), at(40))], 2);
        assert_eq!(spans.iter().collect::<Vec<_>>(), [(at(0), at(20)), (at(30), at(40))]);
    }

    #[test]
    fn seconds_are_rounded() {
        assert_eq!((seconds(499), seconds(500), seconds(-700), seconds(90_000)), (0, 1, 0, 90));
    }
}
