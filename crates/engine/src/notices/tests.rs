use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    Account, AccountId, Agent, Change, Level, Link, Measure, Notice, NoticeKind, Pause, PauseKind, Platform,
    Presence, QueueOf, QueueStatistics, Reach, ReminderSettings, Settings, Threshold, Timestamp,
};
use proptest::prelude::*;

use super::queues::{CALM_MS, TRUST_MS};
use crate::state::State;

const MINUTE: i64 = 60_000;

/// A state with one account, driven as the hub drives it, and what a follower knows of its notices.
struct Scene {
    state: State,
    now: Timestamp,
    told: BTreeMap<String, Notice>,
    /// How many changes were told.
    changes: usize,
}

impl Scene {
    fn new(thresholds: Vec<Threshold>) -> Self {
        let mut state = State::default();
        let account = Account {
            id: "a".into(),
            platform: Platform::Dstny,
            name: "Exchange".to_owned(),
            url: "https://exchange.example".to_owned(),
            username: None,
            practice: false,
        };
        state.add_account(account, Timestamp(0));
        let mut scene = Self { state, now: Timestamp(0), told: BTreeMap::new(), changes: 0 };
        scene.set(|settings| settings.thresholds = thresholds);
        scene.link(Link::Live);
        scene
    }

    fn tell(&mut self) {
        for change in self.state.figures.take_changes() {
            self.state.notices.figures_changed(&change, self.now);
        }
        self.state.look_at_notices(self.now);
        for change in self.state.notices.take_changes() {
            self.changes += 1;
            match change {
                Change::Notice { notice } => drop(self.told.insert(notice.key.clone(), notice)),
                Change::NoticeRemoved { key } => {
                    assert!(self.told.remove(&key).is_some(), "{key} was never told");
                }
                other => panic!("{other:?}"),
            }
        }
        let mut told: Vec<Notice> = self.told.values().cloned().collect();
        told.sort_by(|a, b| (a.since, &a.key).cmp(&(b.since, &b.key)));
        assert_eq!(told, self.state.notices.all());
        let due = self.state.next_deadline();
        assert!(due.is_none_or(|due| due > self.now), "what is due is done");
    }

    /// Time passes, and what is due is looked at when it is due.
    fn pass(&mut self, ms: i64) {
        let end = self.now.plus_ms(ms);
        while let Some(due) = self.state.next_deadline().filter(|due| *due <= end) {
            self.now = due;
            self.tell();
        }
        self.now = end;
    }

    fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        change(Arc::make_mut(&mut self.state.settings));
        self.tell();
    }

    fn link(&mut self, link: Link) {
        let now = self.now;
        let health = &mut self.state.account_mut(&"a".into()).unwrap().health;
        (health.link, health.since) = (link, now);
        self.tell();
    }

    fn figures(&mut self, figures: Vec<QueueStatistics>) {
        self.state.figures.counted(&"a".into(), figures);
        self.tell();
    }

    fn waiting(&mut self, waiting: u32) {
        let figures = QueueStatistics { waiting: Some(waiting), ..self.queue("sales") };
        self.figures(vec![figures]);
    }

    fn queue(&self, queue: &str) -> QueueStatistics {
        QueueStatistics::untold("a".into(), queue.into(), queue.to_owned(), self.now, "stream")
    }

    fn agent(&mut self, presence: Presence, pause: Option<Pause>) {
        let now = self.now;
        self.state.account_mut(&"a".into()).unwrap().agent = Some(Agent {
            username: "anna".to_owned(),
            name: "Anna".to_owned(),
            presence,
            pause,
            since: now,
            confirmed_at: now,
            reach: Reach::Reachable,
            always_ready: false,
            pauses: Vec::new(),
        });
        self.tell();
    }

    /// The one notice there is.
    fn one(&self) -> &Notice {
        assert_eq!(self.told.len(), 1, "{:?}", self.told);
        self.told.values().next().unwrap()
    }

    /// Level, value, limit and whether it is told outside the window.
    fn of_queue(&self) -> (Level, u32, u32, bool) {
        match &self.one().kind {
            NoticeKind::Queue { level, value, limit, .. } => (*level, *value, *limit, self.one().notify),
            other => panic!("{other:?}"),
        }
    }
}

fn threshold(measure: Measure, warning: Option<u32>, alarm: Option<u32>) -> Threshold {
    Threshold { queue: None, measure, warning, alarm, notify: true }
}

fn pause(kind: PauseKind, max_minutes: Option<u32>) -> Option<Pause> {
    Some(Pause { id: "lunch".into(), title: "Lunch".to_owned(), kind, paid: None, max_minutes })
}

#[test]
fn a_figure_that_flutters_around_its_threshold_is_one_notice() {
    let mut scene = Scene::new(vec![threshold(Measure::Waiting, None, Some(5))]);
    scene.waiting(5);
    assert_eq!(scene.of_queue(), (Level::Alarm, 5, 5, true));
    let since = scene.one().since;
    for _ in 0..10 {
        scene.pass(2_000);
        scene.waiting(4);
        scene.pass(2_000);
        scene.waiting(6);
        assert_eq!((scene.of_queue().1, scene.one().since), (6, since));
    }
    scene.waiting(4);
    scene.pass(CALM_MS - 1);
    scene.tell();
    assert_eq!(scene.of_queue(), (Level::Alarm, 4, 5, true), "not calm for long enough");
    scene.pass(1);
    assert!(scene.told.is_empty());
}

#[test]
fn a_level_rises_at_once_and_falls_after_a_calm_while() {
    let mut scene = Scene::new(vec![threshold(Measure::Waiting, Some(3), Some(5))]);
    scene.waiting(2);
    assert!(scene.told.is_empty());
    scene.waiting(3);
    assert_eq!(scene.of_queue(), (Level::Warning, 3, 3, false));
    scene.waiting(9);
    assert_eq!(scene.of_queue(), (Level::Alarm, 9, 5, true));
    scene.waiting(4);
    scene.pass(CALM_MS);
    assert_eq!(scene.of_queue(), (Level::Warning, 4, 3, false));
}

#[test]
fn a_warning_that_was_put_aside_is_told_again_when_it_becomes_an_alarm() {
    let mut scene = Scene::new(vec![threshold(Measure::Waiting, Some(3), Some(5))]);
    scene.waiting(3);
    let key = scene.one().key.clone();
    scene.state.notices.dismiss(&key);
    scene.tell();
    scene.waiting(4);
    assert!(scene.one().dismissed, "it is no worse");
    scene.waiting(5);
    assert_eq!((scene.one().dismissed, scene.one().notify), (false, true));
    scene.state.notices.dismiss(&key);
    scene.tell();
    scene.waiting(4);
    scene.pass(CALM_MS);
    assert_eq!((scene.of_queue().0, scene.one().dismissed), (Level::Warning, true));
    scene.waiting(8);
    assert!(scene.one().dismissed, "the alarm was put aside before");
}

#[test]
fn on_figures_that_are_old_nobodys_wait_grows() {
    let mut scene = Scene::new(vec![threshold(Measure::LongestWait, None, Some(600))]);
    let figures = QueueStatistics { longest_since: Some(scene.now), ..scene.queue("sales") };
    scene.figures(vec![figures.clone()]);
    scene.pass(3_600_000);
    scene.tell();
    assert!(scene.told.is_empty(), "nobody has looked for an hour");
    scene.figures(vec![QueueStatistics { heard_at: scene.now, ..figures }]);
    assert_eq!(scene.told.len(), 1);
}

#[test]
fn a_wait_becomes_too_long_without_any_news() {
    let mut scene = Scene::new(vec![threshold(Measure::LongestWait, Some(60), Some(120))]);
    let begun = scene.now;
    let figures = QueueStatistics { longest_since: Some(begun), ..scene.queue("sales") };
    scene.figures(vec![figures]);
    assert!(scene.told.is_empty());
    scene.pass(59_999);
    assert!(scene.told.is_empty());
    scene.pass(1);
    assert_eq!(scene.of_queue(), (Level::Warning, 60, 60, false));
    assert_eq!(scene.one().since, begun.plus_ms(60_000), "it waited for 60 seconds then");
    scene.pass(60_000);
    assert_eq!(scene.of_queue(), (Level::Alarm, 120, 120, true));
    // The next one has waited for 100 seconds.
    let figures = QueueStatistics { longest_since: Some(begun.plus_ms(20_000)), ..scene.queue("sales") };
    scene.figures(vec![figures]);
    assert_eq!(scene.of_queue(), (Level::Alarm, 0, 120, true));
    assert_eq!(scene.one().since, begun.plus_ms(20_000), "so its age is still told");
}

#[test]
fn while_an_account_is_not_heard_nobodys_wait_grows() {
    let mut scene = Scene::new(vec![threshold(Measure::LongestWait, None, Some(60))]);
    let figures = QueueStatistics { longest_since: Some(scene.now), ..scene.queue("sales") };
    scene.figures(vec![figures]);
    scene.pass(30_000);
    scene.link(Link::Offline);
    scene.pass(3_600_000);
    scene.tell();
    assert!(scene.told.is_empty());
    scene.link(Link::Live);
    assert_eq!(scene.told.len(), 1);
    scene.link(Link::SignedOut);
    assert!(scene.told.is_empty());
}

#[test]
fn the_queues_own_threshold_counts_before_the_general_one() {
    let own = QueueOf { account: "a".into(), queue: "sales".into() };
    let mut scene = Scene::new(vec![
        threshold(Measure::Free, None, Some(1)),
        Threshold { queue: Some(own), alarm: Some(0), ..threshold(Measure::Free, None, None) },
    ]);
    let free = |scene: &Scene, free| {
        ["sales", "support"].map(|queue| QueueStatistics { free: Some(free), ..scene.queue(queue) }).to_vec()
    };
    scene.figures(free(&scene, 1));
    assert!(scene.one().key.contains("support"));
    scene.figures(free(&scene, 0));
    assert_eq!(scene.told.len(), 2);
    let closed = QueueStatistics { free: Some(0), open: Some(false), ..scene.queue("sales") };
    scene.figures(vec![closed]);
    scene.pass(CALM_MS);
    assert!(scene.told.is_empty(), "in a closed queue nobody is missed, and one that is gone has no figures");
}

#[test]
fn a_threshold_that_is_changed_counts_at_once() {
    let mut scene = Scene::new(vec![threshold(Measure::Waiting, None, Some(5))]);
    scene.waiting(7);
    scene.state.notices.dismiss("queue/a/sales/Waiting");
    scene.tell();
    assert!(scene.one().dismissed);
    scene.set(|settings| settings.thresholds[0].alarm = Some(6));
    assert!(scene.one().dismissed, "it is the same reason");
    scene.set(|settings| settings.thresholds[0].alarm = Some(8));
    assert!(scene.told.is_empty());
    scene.set(|settings| settings.thresholds[0].alarm = Some(2));
    assert!(!scene.one().dismissed, "a new one");
}

#[test]
fn a_pause_is_reminded_of_by_its_own_allowance_before_the_general_one() {
    for (kind, allowance, general, minutes) in [
        (PauseKind::Custom, Some(30), 60, Some(30)),
        (PauseKind::Custom, None, 60, Some(60)),
        (PauseKind::Dnd, None, 60, Some(60)),
        (PauseKind::Custom, None, 0, None),
        (PauseKind::Custom, Some(30), 0, Some(30)),
        (PauseKind::WrapUp, None, 60, Some(5)),
    ] {
        let mut scene = Scene::new(Vec::new());
        let reminders = ReminderSettings { pause_minutes: general, ..ReminderSettings::default() };
        scene.set(|settings| settings.reminders = reminders);
        scene.agent(Presence::Paused, pause(kind, allowance));
        let began = scene.now;
        let Some(minutes) = minutes else {
            scene.pass(1_000 * MINUTE);
            assert!(scene.told.is_empty());
            continue;
        };
        scene.pass(i64::from(minutes) * MINUTE - 1);
        assert!(scene.told.is_empty());
        scene.pass(1);
        let notice = scene.one().clone();
        assert_eq!((notice.since, notice.notify), (began.plus_ms(i64::from(minutes) * MINUTE), true));
        match notice.kind {
            NoticeKind::LongPause { minutes: told, .. } => {
                assert_eq!((told, kind == PauseKind::WrapUp), (minutes, false));
            }
            NoticeKind::LongWrapUp { minutes: told, activity: None, .. } => {
                assert_eq!((told, kind), (minutes, PauseKind::WrapUp));
            }
            other => panic!("{other:?}"),
        }
        scene.state.notices.dismiss(&notice.key);
        scene.tell();
        scene.pass(MINUTE);
        assert!(scene.one().dismissed, "as long as the pause lasts");
        scene.agent(Presence::Ready, None);
        assert!(scene.told.is_empty());
        scene.agent(Presence::Paused, pause(kind, allowance));
        scene.pass(i64::from(minutes) * MINUTE);
        assert!(!scene.one().dismissed, "another pause is another reason");
    }
}

#[test]
fn a_session_that_ends_is_told_some_minutes_before() {
    let mut scene = Scene::new(Vec::new());
    let end = scene.now.plus_ms(60 * MINUTE);
    scene.state.account_mut(&"a".into()).unwrap().health.session_ends = Some(end);
    scene.tell();
    scene.pass(50 * MINUTE - 1);
    assert!(scene.told.is_empty());
    scene.pass(1);
    assert!(matches!(scene.one().kind, NoticeKind::SessionEnds { at, .. } if at == end));
    scene.link(Link::SignedOut);
    assert!(scene.told.is_empty(), "now the account itself says so");
}

#[test]
fn a_record_that_stays_open_is_reminded_of_until_it_is_closed() {
    let mut scene = Scene::new(Vec::new());
    let ended_at = scene.now;
    let activity = model::Activity {
        id: model::ActivityId::new(&"a".into(), "call"),
        account: "a".into(),
        channel: model::Channel::Call,
        direction: model::Direction::In,
        phase: model::Phase::WrapUp,
        phase_since: ended_at.plus_ms(4_000),
        began_at: ended_at,
        answered_at: None,
        ended_at: Some(ended_at),
        title: None,
        party: model::Party::default(),
        matches: Vec::new(),
        queue: None,
        ticket: None,
        device: None,
        on_hold: false,
        actions: Vec::new(),
        web: None,
        facts: Vec::new(),
        call: None,
        wrap_up: model::WrapUpRules::default(),
        draft: model::Draft::default(),
    };
    let id = activity.id.clone();
    Arc::make_mut(&mut scene.state.activities).insert(id.clone(), Arc::new(activity));
    scene.tell();
    scene.pass(5 * MINUTE - 1);
    assert!(scene.told.is_empty());
    scene.pass(1);
    let NoticeKind::LongWrapUp { activity, ended_at: since, minutes: 5, .. } = &scene.one().kind else {
        panic!("{:?}", scene.told)
    };
    assert_eq!((activity.as_ref(), *since), (Some(&id), ended_at));
    scene.state.change_activity(&id, |activity| activity.phase = model::Phase::Postponed);
    scene.tell();
    assert!(scene.told.is_empty());
}

#[test]
fn fifty_queues_without_a_threshold_in_reach_tell_nothing() {
    let mut scene = Scene::new(vec![threshold(Measure::Waiting, None, Some(100))]);
    for turn in 0..20 {
        let figures = (0..50)
            .map(|n| QueueStatistics { waiting: Some(turn), ..scene.queue(&format!("queue-{n}")) })
            .collect();
        scene.pass(1_000);
        scene.figures(figures);
    }
    assert_eq!((scene.changes, scene.state.notices.next_deadline()), (0, None));
}

// What the rules say, worked out second by second from everything there is, without any deadline.

/// Of which queue, which measure, warning and alarm.
type Limits = (Option<u8>, u8, Option<u8>, Option<u8>);

#[derive(Clone, Debug)]
enum Happens {
    Seconds(u8),
    Told { queue: u8, waiting: Option<u8>, waits: Option<u8>, free: Option<u8>, open: Option<bool> },
    Gone(u8),
    Heard(Link),
    Thresholds(Vec<Limits>),
}

fn happens() -> impl Strategy<Value = Happens> {
    let small = || proptest::option::of(0_u8..6);
    let waits = proptest::option::of(0_u8..90);
    let links = [Link::Live, Link::Degraded, Link::Offline, Link::SignedOut, Link::CatchingUp];
    let one = (proptest::option::of(0_u8..2), 0_u8..3, small(), small());
    prop_oneof![
        4 => (0_u8..50).prop_map(Happens::Seconds),
        6 => (0_u8..2, small(), waits, small(), any::<Option<bool>>()).prop_map(
            |(queue, waiting, waits, free, open)| Happens::Told { queue, waiting, waits, free, open }
        ),
        1 => (0_u8..2).prop_map(Happens::Gone),
        2 => proptest::sample::select(links.to_vec()).prop_map(Happens::Heard),
        1 => proptest::collection::vec(one, 0..4).prop_map(Happens::Thresholds),
    ]
}

const TRIED: [Measure; 3] = [Measure::Waiting, Measure::LongestWait, Measure::Free];

fn thresholds(of: &[Limits]) -> Vec<Threshold> {
    let one = |(queue, measure, warning, alarm): &Limits| {
        let measure = TRIED[usize::from(*measure)];
        let scale = |limit: &Option<u8>| {
            limit.map(|limit| u32::from(limit) * if measure == Measure::LongestWait { 20 } else { 1 })
        };
        let queue = queue.map(|n| QueueOf { account: "a".into(), queue: name(n).into() });
        Threshold { queue, measure, warning: scale(warning), alarm: scale(alarm), notify: true }
    };
    of.iter().map(one).collect()
}

fn name(queue: u8) -> String {
    format!("queue-{queue}")
}

/// Since when each level of each figure is not bad any more; `None` as long as it is.
#[derive(Default)]
struct Oracle {
    good: BTreeMap<(String, Measure, Level), Option<Timestamp>>,
}

impl Oracle {
    fn look(&mut self, figures: &BTreeMap<u8, QueueStatistics>, scene: &Scene) {
        let health = &scene.state.account(&"a".into()).unwrap().health;
        let clock = match health.link {
            Link::Live | Link::Degraded | Link::CatchingUp => scene.now,
            _ => health.since,
        };
        let shows = health.link != Link::SignedOut;
        self.good.retain(|(queue, ..), _| shows && figures.values().any(|one| one.queue.as_str() == queue));
        for one in figures.values().filter(|_| shows) {
            for measure in TRIED {
                let of_measure = || scene.state.settings.thresholds.iter().filter(|t| t.measure == measure);
                let own = of_measure().find(|t| t.queue.as_ref().is_some_and(|q| q.queue == one.queue));
                let threshold = own.or_else(|| of_measure().find(|t| t.queue.is_none()));
                for level in [Level::Warning, Level::Alarm] {
                    let limit =
                        threshold.and_then(|t| if level == Level::Alarm { t.alarm } else { t.warning });
                    let bad = limit.is_some_and(|limit| match measure {
                        Measure::Waiting => one.waiting.is_some_and(|n| n >= limit),
                        Measure::Free => one.open != Some(false) && one.free.is_some_and(|n| n <= limit),
                        _ => one.longest_since.is_some_and(|since| {
                            let time = clock.min(one.heard_at.plus_ms(TRUST_MS));
                            time.ms_since(since) >= i64::from(limit) * 1_000
                        }),
                    });
                    let key = (one.queue.0.clone(), measure, level);
                    if bad {
                        self.good.insert(key, None);
                    } else if let Some(good) = self.good.get_mut(&key) {
                        good.get_or_insert(scene.now);
                    }
                }
            }
        }
        self.good.retain(|_, good| good.is_none_or(|good| scene.now.ms_since(good) < CALM_MS));
    }

    fn standing(&self) -> BTreeMap<(String, Measure), Level> {
        let mut standing = BTreeMap::new();
        for (queue, measure, level) in self.good.keys() {
            let at = standing.entry((queue.clone(), *measure)).or_insert(*level);
            *at = (*at).max(*level);
        }
        standing
    }
}

fn standing(scene: &Scene) -> BTreeMap<(String, Measure), Level> {
    let of = |notice: &Notice| match &notice.kind {
        NoticeKind::Queue { queue, measure, level, .. } => Some(((queue.queue.0.clone(), *measure), *level)),
        _ => None,
    };
    scene.told.values().filter_map(of).collect()
}

proptest! {
    #[test]
    fn notices_are_always_what_the_rules_say_of_all_that_happened(
        story in proptest::collection::vec(happens(), 1..60),
    ) {
        let account: AccountId = "a".into();
        let (mut scene, mut oracle) = (Scene::new(Vec::new()), Oracle::default());
        let mut figures: BTreeMap<u8, QueueStatistics> = BTreeMap::new();
        for step in story {
            match step {
                Happens::Seconds(seconds) => {
                    for _ in 0..seconds {
                        scene.pass(1_000);
                        oracle.look(&figures, &scene);
                    }
                }
                Happens::Told { queue, waiting, waits, free, open } => {
                    let told = QueueStatistics {
                        waiting: waiting.map(u32::from),
                        longest_since: waits.map(|seconds| scene.now.plus_ms(-i64::from(seconds) * 1_000)),
                        free: free.map(u32::from),
                        open,
                        ..scene.queue(&name(queue))
                    };
                    figures.insert(queue, told);
                    scene.figures(figures.values().cloned().collect());
                }
                Happens::Gone(queue) => {
                    figures.remove(&queue);
                    scene.figures(figures.values().cloned().collect());
                }
                Happens::Heard(link) => {
                    if link == Link::SignedOut {
                        figures.clear();
                        scene.state.figures.forget(&account);
                    }
                    scene.link(link);
                }
                Happens::Thresholds(of) => {
                    let new = thresholds(&of);
                    if new != scene.state.settings.thresholds {
                        oracle.good.clear();
                    }
                    scene.set(|settings| settings.thresholds = new);
                }
            }
            oracle.look(&figures, &scene);
            prop_assert_eq!(standing(&scene), oracle.standing());
        }
    }
}
