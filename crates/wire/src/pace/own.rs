//! A budget that is all our own: N requests in a period.
//!
//! In no stretch of time as long as the period are more than N given: a turn counts from the moment it is given until the
//! period after it was dropped, so the promise also holds for a server that sees some requests later than others. (Who
//! wants to count from the beginning drops the turn at once.)
//!
//! Background and prefetch together get a share of N only, and prefetch half of that: what is left over always waits for
//! the foreground, except for what [`Own::reserving`] keeps for what is live.

use std::time::Duration;

use tokio::time::Instant;

use super::{CLASSES, Class};

/// The shortest pause after a refusal that names none is a period divided by this; every further one doubles it.
const FIRST_PAUSE: u32 = 12;

#[derive(Debug)]
pub(super) struct Own {
    period: Duration,
    /// How many of this class and all lesser ones are given in a period.
    limits: [usize; CLASSES],
    /// What counts: whose class, and when it stops to count; `None` while the turn is held.
    spent: Vec<(Class, Option<Instant>)>,
    paused_until: Option<Instant>,
    /// Refusals in a row, and when the last came.
    refusals: (u32, Option<Instant>),
}

impl Own {
    pub(super) fn new(requests: u32, period: Duration, background: u32) -> Self {
        let all = requests.max(1) as usize;
        let background = (background.max(1) as usize).min(all);
        Self::with(period, [all, all, all, background, background.div_ceil(2)])
    }

    pub(super) fn reserving(&self, live: u32) -> Self {
        let [all, .., background, prefetch] = self.limits;
        let others = all.saturating_sub(live as usize).max(1);
        Self::with(self.period, [all, others, others, background.min(others), prefetch.min(others)])
    }

    fn with(period: Duration, limits: [usize; CLASSES]) -> Self {
        Self { period, limits, spent: Vec::new(), paused_until: None, refusals: (0, None) }
    }

    /// Spends one, or tells when that can be possible; `None` if it depends on a turn that is held.
    pub(super) fn spend(&mut self, class: Class, now: Instant) -> Result<(), Option<Instant>> {
        self.spent.retain(|(_, end)| end.is_none_or(|end| end > now));
        for level in 0..=class as usize {
            if self.counted(level, now).count() >= self.limits[level] {
                return Err(self.counted(level, now).flatten().min());
            }
        }
        self.spent.push((class, None));
        Ok(())
    }

    /// A turn of this class was dropped.
    pub(super) fn ended(&mut self, class: Class, now: Instant) {
        let end = now + self.period;
        if let Some((_, held)) = self.spent.iter_mut().find(|(of, end)| *of == class && end.is_none()) {
            *held = Some(end);
        }
    }

    /// A turn of this class was not used.
    pub(super) fn unused(&mut self, class: Class) {
        if let Some(held) = self.spent.iter().position(|(of, end)| *of == class && end.is_none()) {
            self.spent.remove(held);
        }
    }

    /// Pauses for as long as was asked; where nothing was asked, for a twelfth of the period, doubled with every refusal
    /// in a row up to a whole period.
    pub(super) fn refused(&mut self, retry_after: Option<Duration>, now: Instant) {
        let (row, last) = self.refusals;
        let fresh = last.is_none_or(|last| now.duration_since(last) > self.period * 2);
        // Requests that were under way together are refused together: that is one refusal.
        let counted = self.paused_until.is_none_or(|until| until <= now);
        let row = if fresh { 0 } else { row + u32::from(counted) };
        self.refusals = (row, Some(now));
        let own = self.period / FIRST_PAUSE * 2_u32.saturating_pow(row.min(10));
        let until = now + retry_after.unwrap_or_else(|| own.min(self.period));
        self.paused_until = Some(self.paused_until.map_or(until, |paused| paused.max(until)));
    }

    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.paused_until
    }

    /// When a request of this class could go if it came now; `ahead` counts who waits in the classes from a level up to
    /// it.
    pub(super) fn free_at(&self, class: Class, ahead: impl Fn(usize) -> usize, now: Instant) -> Instant {
        let mut free_at = self.paused_until.unwrap_or(now).max(now);
        for level in 0..=class as usize {
            let mut ends: Vec<Instant> =
                self.counted(level, now).map(|end| end.unwrap_or(now + self.period)).collect();
            ends.sort_unstable();
            let surplus = (ends.len() + ahead(level) + 1).saturating_sub(self.limits[level]);
            if let Some(end) = surplus.checked_sub(1).and_then(|at| ends.get(at).or(ends.last())) {
                free_at = free_at.max(*end);
            }
        }
        free_at
    }

    pub(super) fn used(&self, now: Instant) -> (usize, usize) {
        (self.counted(0, now).count(), self.limits[0])
    }

    /// The turns of this class and the lesser ones that count.
    fn counted(&self, level: usize, now: Instant) -> impl Iterator<Item = Option<Instant>> + '_ {
        let counts = move |end: &Option<Instant>| end.is_none_or(|end| end > now);
        self.spent
            .iter()
            .filter(move |(class, end)| *class as usize >= level && counts(end))
            .map(|(_, end)| *end)
    }
}
