//! How the figures of queues went: a point a minute for the last hours, and always the newest.

use std::collections::{BTreeMap, VecDeque};

use model::{AccountId, QueueId, QueueOf, QueueStatistics, QueueTrend, Timestamp, TrendPoint};

const MINUTE_MS: i64 = 60_000;
/// How far back they go: four hours, and the minute that goes on.
const POINTS: usize = 241;
/// How many queues are followed: five hundred, and as many again that have come and gone. About 14 kB each.
const QUEUES: usize = 1_000;

/// The trends of all queues.
#[derive(Debug, Default)]
pub(super) struct Trends {
    queues: BTreeMap<(AccountId, QueueId), VecDeque<TrendPoint>>,
}

impl Trends {
    /// Notes how a queue stands.
    pub(super) fn note(&mut self, queue: &QueueStatistics) {
        let key = (queue.account.clone(), queue.queue.clone());
        if !self.queues.contains_key(&key) && self.queues.len() >= QUEUES {
            self.drop_stalest();
        }
        let points = self.queues.entry(key).or_default();
        let point = point(queue);
        let minute = |at: Timestamp| at.0.div_euclid(MINUTE_MS);
        // What is later than now was noted before somebody set the clock back.
        while points.back().is_some_and(|last| minute(last.at) >= minute(point.at)) {
            points.pop_back();
        }
        let oldest = point.at.plus_ms(-(POINTS as i64) * MINUTE_MS);
        while points.front().is_some_and(|first| first.at <= oldest) || points.len() >= POINTS {
            points.pop_front();
        }
        points.push_back(point);
    }

    /// Forgets everything of an account.
    pub(super) fn forget(&mut self, account: &AccountId) {
        self.queues.retain(|(of, _), _| of != account);
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<QueueTrend> {
        let trend = |((account, queue), points): (&(AccountId, QueueId), &VecDeque<TrendPoint>)| QueueTrend {
            queue: QueueOf { account: account.clone(), queue: queue.clone() },
            points: points.iter().cloned().collect(),
        };
        self.queues.iter().map(trend).collect()
    }

    fn drop_stalest(&mut self) {
        let last = |points: &VecDeque<TrendPoint>| points.back().map(|point| point.at);
        let stalest = self.queues.iter().min_by_key(|(_, points)| last(points)).map(|(key, _)| key.clone());
        if let Some(stalest) = stalest {
            self.queues.remove(&stalest);
        }
    }
}

fn point(queue: &QueueStatistics) -> TrendPoint {
    let at = queue.heard_at;
    // Where nobody waits the first of them waits for nothing; where it is not told how many do, nothing is known.
    let nobody = (queue.waiting == Some(0)).then_some(0);
    let longest = queue.longest_since.map(|since| at.ms_since(since).max(0) / 1_000).or(nobody);
    TrendPoint {
        at,
        waiting: queue.waiting,
        longest: longest.and_then(|seconds| u32::try_from(seconds).ok()),
        free: queue.free,
        logged_in: queue.logged_in,
        service_level: queue.service_level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(queue: &str, at: i64, waiting: u32) -> QueueStatistics {
        let untold =
            QueueStatistics::untold("a".into(), queue.into(), String::new(), Timestamp(at), "stream");
        QueueStatistics { waiting: Some(waiting), longest_since: Some(Timestamp(at - 5_500)), ..untold }
    }

    fn points(trends: &Trends) -> Vec<(i64, Option<u32>)> {
        let all = trends.all();
        all[0].points.iter().map(|point| (point.at.0, point.waiting)).collect()
    }

    #[test]
    fn a_minute_has_one_point_and_the_newest_is_always_there() {
        let mut trends = Trends::default();
        for (at, waiting) in [(60_000, 1), (90_000, 2), (119_999, 3), (120_000, 4), (125_000, 5)] {
            trends.note(&told("sales", at, waiting));
        }
        assert_eq!(points(&trends), [(119_999, Some(3)), (125_000, Some(5))]);
        assert_eq!(trends.all()[0].points[0].longest, Some(5));
    }

    #[test]
    fn a_clock_that_is_set_back_takes_the_future_with_it() {
        let mut trends = Trends::default();
        for (at, waiting) in [(0, 0), (60_000, 1), (120_000, 2), (61_000, 7)] {
            trends.note(&told("sales", at, waiting));
        }
        assert_eq!(points(&trends), [(0, Some(0)), (61_000, Some(7))]);
    }

    #[test]
    fn however_long_it_runs_only_the_last_hours_are_kept() {
        let mut trends = Trends::default();
        for minute in 0..1_000 {
            trends.note(&told("sales", minute * MINUTE_MS, 1));
        }
        assert_eq!(
            (points(&trends).len(), points(&trends)[0].0),
            (POINTS, (1_000 - POINTS as i64) * MINUTE_MS)
        );
        trends.note(&told("sales", 100_000 * MINUTE_MS, 9));
        assert_eq!(points(&trends), [(100_000 * MINUTE_MS, Some(9))], "what is hours old is no trend");
        for queue in 0..2_000 {
            trends.note(&told(&queue.to_string(), 200_000 * MINUTE_MS + queue, 1));
        }
        assert_eq!(trends.all().len(), QUEUES);
        trends.forget(&"a".into());
        assert!(trends.all().is_empty());
    }
}
