//! The task that keeps the record: a follower that writes down what it is told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use jiff::tz::TimeZone;
use model::{AccountId, AccountState, ActivityId, Change, DayDate, DaySums, Problem, Snapshot, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use super::recorder::{BEAT_MS, Entry, Recorder};
use super::{KEPT_DAYS, calendar};
use crate::clock;
use crate::core::Core;
use crate::hub::{Followed, Follower};
use crate::store::Store;

/// How often at most a change of a day is told.
const TELL: Duration = Duration::from_secs(1);
/// For how long a platform that could not tell of a day is left alone about it, by how often it could not.
const REST_MS: [i64; 3] = [5 * 60_000, 15 * 60_000, 60 * 60_000];
/// How long stopping waits for the last words.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// What of the record is not in the store.
#[derive(Default)]
pub(crate) struct Book {
    recorder: Mutex<Option<JoinHandle<()>>>,
    asks: Mutex<Option<mpsc::UnboundedSender<oneshot::Sender<()>>>>,
    /// Sums of past days.
    sums: Mutex<HashMap<DayDate, DaySums>>,
    /// Why a platform could not tell of a day when it was last asked.
    problems: Mutex<BTreeMap<(DayDate, AccountId), Problem>>,
    /// Until when a platform that could not tell of a day is left alone, and how often it could not.
    resting: Mutex<BTreeMap<(DayDate, AccountId), (Timestamp, usize)>>,
    /// Held while a platform is asked.
    turns: Mutex<BTreeMap<AccountId, Arc<tokio::sync::Mutex<()>>>>,
}

impl Book {
    /// Waits until everything that was told by now is written down.
    pub(super) async fn catch_up(&self) {
        let (done, is_done) = oneshot::channel();
        let asked = lock(&self.asks).as_ref().is_some_and(|asks| asks.send(done).is_ok());
        if asked {
            // A recorder that has ended writes nothing any more.
            let _ = is_done.await;
        }
    }

    pub(super) fn sums_of(&self, date: &DayDate) -> Option<DaySums> {
        lock(&self.sums).get(date).cloned()
    }

    pub(super) fn remember(&self, date: DayDate, sums: DaySums) {
        lock(&self.sums).insert(date, sums);
    }

    pub(super) fn forget_sums(&self, dates: &BTreeSet<DayDate>) {
        lock(&self.sums).retain(|date, _| !dates.contains(date));
    }

    /// The turn in which the platform of an account is asked.
    pub(super) fn turn_of(&self, account: &AccountId) -> Arc<tokio::sync::Mutex<()>> {
        lock(&self.turns).entry(account.clone()).or_default().clone()
    }

    /// A platform could not tell of a day: it is left alone about it, longer each time.
    pub(super) fn rests(&self, date: &DayDate, account: &AccountId, now: Timestamp) {
        let mut resting = lock(&self.resting);
        let (until, times) = resting.entry((date.clone(), account.clone())).or_default();
        *until = now.plus_ms(REST_MS[(*times).min(REST_MS.len() - 1)]);
        *times += 1;
    }

    /// Whether a platform is left alone about a day.
    pub(super) fn is_resting(&self, date: &DayDate, account: &AccountId, now: Timestamp) -> bool {
        let key = (date.clone(), account.clone());
        lock(&self.resting).get(&key).is_some_and(|(until, _)| now < *until)
    }

    pub(super) fn problems_of(&self, date: &DayDate) -> Vec<Problem> {
        lock(&self.problems)
            .iter()
            .filter(|((of, _), _)| of == date)
            .map(|(_, problem)| problem.clone())
            .collect()
    }

    pub(super) fn asked(&self, date: &DayDate, account: &AccountId, problem: Option<Problem>) {
        let key = (date.clone(), account.clone());
        match problem {
            Some(problem) => drop(lock(&self.problems).insert(key, problem)),
            None => {
                lock(&self.resting).remove(&key);
                lock(&self.problems).remove(&key);
            }
        }
    }
}

/// Starts to keep the record.
pub(crate) fn begin(core: &Arc<Core>) {
    let (snapshot, follower) = core.hub.follow();
    let (asks, wanted) = mpsc::unbounded_channel();
    let keeper = Keeper {
        core: Arc::downgrade(core),
        store: core.store.clone(),
        follower,
        recorder: Recorder::default(),
        changed: BTreeSet::new(),
    };
    let stopped = core.stopped.clone();
    let task = tokio::spawn(keeper.keep(snapshot, wanted, stopped));
    *lock(&core.day.asks) = Some(asks);
    *lock(&core.day.recorder) = Some(task);
}

/// Waits until the record of a stopped engine is closed.
pub(crate) async fn end(core: &Core) {
    let recorder = lock(&core.day.recorder).take();
    if let Some(recorder) = recorder
        && tokio::time::timeout(LAST_WORDS, recorder).await.is_err()
    {
        tracing::warn!("the record of the day could not be closed in time");
    }
}

struct Keeper {
    core: Weak<Core>,
    store: Store,
    follower: Follower,
    recorder: Recorder,
    /// Days of which followers are not told yet that they have changed.
    changed: BTreeSet<DayDate>,
}

impl Keeper {
    async fn keep(
        mut self,
        first: Snapshot,
        mut wanted: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
        stopped: tokio_util::sync::CancellationToken,
    ) {
        let open = self.store.open_contacts().await.unwrap_or_else(|problem| {
            tracing::warn!(code = ?problem.code, "contacts that went on could not be read");
            Vec::new()
        });
        self.recorder = Recorder::new(open);
        let oldest = clock::now().plus_ms(-i64::from(KEPT_DAYS) * 86_400_000);
        if let Err(problem) = self.store.tidy_days(oldest).await {
            tracing::warn!(code = ?problem.code, "old days could not be tidied up");
        }
        self.sees(&first, first.at);
        self.write().await;
        let mut beat = tokio::time::interval(Duration::from_millis(BEAT_MS.unsigned_abs()));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = Instant::now();
        loop {
            let is_news = !self.changed.is_empty();
            tokio::select! {
                biased;
                () = stopped.cancelled() => break,
                done = wanted.recv() => {
                    let Some(done) = done else { break };
                    self.drain();
                    // Whoever asks in the morning is not told that the night went on as the evening was.
                    self.recorder.wakes(clock::now());
                    self.write().await;
                    // Whoever asked may have left.
                    let _ = done.send(());
                }
                followed = self.follower.next() => {
                    let goes_on = self.takes(followed);
                    self.write().await;
                    if !goes_on {
                        break;
                    }
                }
                () = tokio::time::sleep_until(told + TELL), if is_news => {
                    told = Instant::now();
                    self.tell();
                }
                _ = beat.tick() => {
                    self.recorder.wakes(clock::now());
                    let entries = self.recorder.take_entries();
                    self.keep_entries(entries).await;
                }
            }
        }
        self.drain();
        self.recorder.ends(clock::now());
        self.write().await;
    }

    /// Takes in everything that has been told.
    fn drain(&mut self) {
        while let Some(followed) = self.follower.next().now_or_never() {
            if !self.takes(followed) {
                return;
            }
        }
    }

    /// Takes in what was told. Answers whether more can follow.
    fn takes(&mut self, followed: Followed) -> bool {
        let core = self.core.upgrade();
        match followed {
            Followed::Events(events) => {
                let is_borrowed =
                    |account: &AccountState| core.as_ref().is_some_and(|core| is_borrowed(core, account));
                for event in &events {
                    self.recorder.takes(event, is_borrowed);
                }
            }
            Followed::Gap => {
                let Some(core) = &core else { return false };
                let (snapshot, follower) = core.hub.follow();
                self.follower = follower;
                self.sees(&snapshot, snapshot.at);
            }
            Followed::End => return false,
        }
        let arrived = self.recorder.take_arrived();
        if let Some(core) = core.filter(|_| !arrived.is_empty()) {
            let there: BTreeSet<ActivityId> =
                core.hub.read(|state| state.activities.keys().cloned().collect());
            arrived.iter().for_each(|account| self.recorder.arrived(account, &there));
        }
        true
    }

    fn sees(&mut self, snapshot: &Snapshot, at: Timestamp) {
        let core = self.core.upgrade();
        let is_borrowed =
            |account: &AccountState| core.as_ref().is_some_and(|core| is_borrowed(core, account));
        self.recorder.sees(&snapshot.accounts, &snapshot.activities, at, is_borrowed);
    }

    /// Keeps what there is to keep; most of what is told is nothing of the kind.
    async fn write(&mut self) {
        let entries = self.recorder.take_entries();
        if !entries.is_empty() {
            self.keep_entries(entries).await;
        }
    }

    async fn keep_entries(&mut self, entries: Vec<Entry>) {
        let days = dates(&entries, &TimeZone::system());
        if let Err(problem) = self.store.keep_day(entries, clock::now()).await {
            tracing::warn!(code = ?problem.code, "the record of the day could not be kept");
        }
        if let Some(core) = self.core.upgrade() {
            core.day.forget_sums(&days);
        }
        self.changed.extend(days);
    }

    fn tell(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        if let Some(core) = self.core.upgrade() {
            changed.into_iter().for_each(|date| core.hub.tell(Change::Day { date }));
        }
    }
}

/// The days that entries touch.
fn dates(entries: &[Entry], zone: &TimeZone) -> BTreeSet<DayDate> {
    let mut dates = BTreeSet::new();
    for entry in entries {
        match entry {
            Entry::Band(band) => {
                dates.extend([band.from, band.to].map(|at| calendar::date_of(at, zone)));
            }
            Entry::Contact(kept) => drop(dates.insert(calendar::date_of(kept.block.began, zone))),
            Entry::Forget(_) => drop(dates.insert(calendar::date_of(clock::now(), zone))),
        }
    }
    dates
}

fn is_borrowed(core: &Core, account: &AccountState) -> bool {
    let pause = account.agent.as_ref().and_then(|agent| agent.pause.as_ref());
    pause.is_some_and(|pause| core.hub.read(|state| state.borrowed.is_ours(&account.account.id, &pause.id)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
