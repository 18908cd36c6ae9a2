//! Shifts whose numbers are known beforehand, played through the state, the recorder and a real store.

use std::collections::{BTreeSet, HashMap};

use model::{
    ActivityId, BandState, Channel, ContactBlock, ContactOutcome, Direction, Event, Link, Party, Pause,
    PauseKind, Phase, Phone, Platform, Presence, Reach, Settings, StateBand, Witness, WrapUpRules,
};
use proptest::prelude::*;

use super::kept::Was;
use super::lay::{Laid, lay};
use super::recorder::Recorder;
use super::*;
use crate::sight::{Hearing, Seen, SeenAgent, Sight};
use crate::state::State;
use crate::store::Store;
use crate::view::View;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// 2026-03-02 08:00 UTC, a Monday.
const EIGHT: Timestamp = Timestamp(1_772_438_400_000);
const SOMEBODY: &str = "+442079460123";

fn at(minutes: i64) -> Timestamp {
    EIGHT.plus_ms(minutes * MINUTE)
}

fn account(name: &str) -> AccountId {
    AccountId::from(name)
}

fn pause(title: &str, kind: PauseKind, max_minutes: Option<u32>) -> Pause {
    Pause { id: title.into(), title: title.to_owned(), kind, paid: Some(false), max_minutes }
}

/// The world of one agent, minute by minute.
struct Shift {
    _dir: tempfile::TempDir,
    store: Store,
    state: State,
    told: View,
    recorder: Recorder,
    agents: HashMap<AccountId, (Presence, Option<Pause>, Option<Timestamp>)>,
    activities: HashMap<AccountId, Vec<Seen>>,
    awake: Timestamp,
}

impl Shift {
    fn new(accounts: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(dir.path()).unwrap();
        let state = State::new(Settings::default(), Vec::new(), HashMap::new());
        let told = View::of(&state);
        let mut shift = Self {
            _dir: dir,
            store,
            state,
            told,
            recorder: Recorder::default(),
            agents: HashMap::new(),
            activities: HashMap::new(),
            awake: EIGHT.plus_ms(-HOUR),
        };
        for name in accounts {
            shift.adds(name, EIGHT.plus_ms(-HOUR));
        }
        shift
    }

    fn adds(&mut self, name: &str, now: Timestamp) {
        let new = Account {
            id: account(name),
            platform: Platform::Daktela,
            name: name.to_owned(),
            url: "https://centre.example".to_owned(),
            username: None,
            practice: false,
        };
        self.state.add_account(new, now);
        self.tell(now);
    }

    /// Tells the recorder what has changed.
    fn tell(&mut self, now: Timestamp) {
        // It beats meanwhile.
        while now.ms_since(self.awake) > recorder::BEAT_MS {
            self.awake = self.awake.plus_ms(recorder::BEAT_MS);
            self.recorder.wakes(self.awake);
        }
        self.awake = now.max(self.awake);
        let ended = self.state.rings.take_ended();
        let view = self.told.next(&self.state);
        for change in view.changes_since(&self.told, ended) {
            self.recorder.takes(&Event { seq: 0, at: now, change }, |_| false);
        }
        self.told = view;
        let there: BTreeSet<ActivityId> = self.state.activities.keys().cloned().collect();
        for arrived in self.recorder.take_arrived() {
            self.recorder.arrived(&arrived, &there);
        }
    }

    /// The platform shows itself.
    fn shows(&mut self, name: &str, now: Timestamp) {
        let (presence, pause, since) =
            self.agents.get(&account(name)).cloned().unwrap_or((Presence::NotReady, None, None));
        let sight = Sight {
            agent: SeenAgent {
                username: "ida".to_owned(),
                name: "Ida".to_owned(),
                presence,
                pause,
                since,
                reach: Reach::Reachable,
                always_ready: false,
                pauses: Vec::new(),
            },
            queues: Vec::new(),
            devices: Vec::new(),
            lines: Vec::new(),
            presence: None,
            capabilities: Vec::new(),
            missed: 0,
            announcements: Vec::new(),
            activities: self.activities.get(&account(name)).cloned().unwrap_or_default(),
            left: Vec::new(),
            unreadable: 0,
        };
        self.state.saw(&account(name), sight, &HashMap::new(), now);
        self.state.hears(&account(name), Hearing::of(Link::Live, Some(now)), now);
        self.tell(now);
    }

    fn is(&mut self, name: &str, presence: Presence, pause: Option<Pause>, now: Timestamp) {
        self.agents.insert(account(name), (presence, pause, Some(now)));
        self.shows(name, now);
    }

    fn has(&mut self, name: &str, seen: Seen, now: Timestamp) {
        let there = self.activities.entry(account(name)).or_default();
        there.retain(|one| one.name != seen.name);
        there.push(seen);
        self.shows(name, now);
    }

    fn has_no_more(&mut self, name: &str, activity: &str, now: Timestamp) {
        self.activities.entry(account(name)).or_default().retain(|one| one.name != activity);
        self.shows(name, now);
    }

    fn link(&mut self, name: &str, link: Link, heard: Timestamp, now: Timestamp) {
        self.state.hears(&account(name), Hearing::of(link, Some(heard)), now);
        self.tell(now);
    }

    async fn keeps(&mut self) {
        let entries = self.recorder.take_entries();
        self.store.keep_day(entries, self.awake).await.unwrap();
    }

    /// The process dies at its last heartbeat; another starts later and knows nothing but the store.
    async fn dies_and_starts_again(&mut self, accounts: &[&str], now: Timestamp) {
        self.keeps().await;
        // Another name in the store, as another process has.
        let (store, _) = Store::open(self._dir.path()).unwrap();
        self.store = store;
        self.state = State::new(Settings::default(), Vec::new(), HashMap::new());
        self.told = View::of(&self.state);
        self.recorder = Recorder::new(self.store.open_contacts().await.unwrap());
        self.awake = now;
        for name in accounts {
            self.adds(name, now);
        }
    }

    async fn day(&mut self, now: Timestamp) -> Day {
        self.keeps().await;
        let (begins, ends) = calendar::bounds(calendar::day_of(now, &TimeZone::UTC), &TimeZone::UTC).unwrap();
        let kept = self.store.day(begins, ends).await.unwrap();
        let day = read(&kept, calendar::date_of(now, &TimeZone::UTC), (begins, ends), now);
        assert_whole(&day.bands);
        day
    }
}

/// Bands neither overlap nor leave a hole.
fn assert_whole(bands: &[StateBand]) {
    for two in bands.windows(2).filter(|two| two[0].account == two[1].account) {
        assert_eq!(two[0].to, two[1].from, "{two:?}");
    }
    assert!(bands.iter().all(|band| band.from < band.to));
}

fn call(name: &str, phase: Phase, direction: Direction) -> Seen {
    Seen {
        name: name.to_owned(),
        channel: Channel::Call,
        direction,
        phase,
        began_at: None,
        answered_at: None,
        ended_at: None,
        title: None,
        party: Party {
            phone: Some(Phone {
                raw: SOMEBODY.to_owned(),
                e164: Some(SOMEBODY.to_owned()),
                display: SOMEBODY.to_owned(),
                country: None,
            }),
            ..Party::default()
        },
        contact: None,
        queue: None,
        ticket: None,
        device: None,
        on_hold: false,
        actions: Vec::new(),
        web: None,
        facts: Vec::new(),
        call: None,
        wrap_up: WrapUpRules::default(),
    }
}

fn minutes(of: u32) -> f64 {
    f64::from(of) / 60.0
}

fn outcomes(day: &Day) -> Vec<ContactOutcome> {
    day.contacts.iter().map(|contact| contact.outcome).collect()
}

#[tokio::test]
async fn a_shift_whose_numbers_are_known_comes_to_these_numbers() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    // A call: rings for one minute, six minutes of talk, two of them on hold, three of wrap-up.
    shift.has("a", call("1", Phase::Ringing, Direction::In), at(10));
    shift.has("a", call("1", Phase::Open, Direction::In), at(11));
    shift.has("a", Seen { on_hold: true, ..call("1", Phase::Open, Direction::In) }, at(12));
    shift.has("a", call("1", Phase::Open, Direction::In), at(14));
    shift.has("a", call("1", Phase::WrapUp, Direction::In), at(17));
    shift.has_no_more("a", "1", at(20));
    // One is missed, one called back without an answer.
    shift.has("a", call("2", Phase::Ringing, Direction::In), at(30));
    shift.has_no_more("a", "2", at(31));
    shift.has("a", call("3", Phase::Dialling, Direction::Out), at(40));
    shift.has_no_more("a", "3", at(41));
    // Lunch of 40 minutes where 30 are allowed, a coffee of 5, and a second call of 10 minutes with wrap-up by the platform.
    shift.is("a", Presence::Paused, Some(pause("Lunch", PauseKind::Custom, Some(30))), at(60));
    shift.is("a", Presence::Ready, None, at(100));
    shift.is("a", Presence::Paused, Some(pause("Coffee", PauseKind::Custom, None)), at(110));
    shift.is("a", Presence::Ready, None, at(115));
    shift.has("a", call("4", Phase::Ringing, Direction::In), at(120));
    shift.has("a", call("4", Phase::Open, Direction::In), at(120));
    shift.has_no_more("a", "4", at(130));
    shift.is("a", Presence::Paused, Some(pause("Wrap-up", PauseKind::WrapUp, None)), at(130));
    shift.is("a", Presence::Ready, None, at(131));
    let day = shift.day(at(180)).await;
    use ContactOutcome::{Handled, Missed, NoAnswer};
    assert_eq!(outcomes(&day), [Handled, Missed, NoAnswer, Handled]);
    let sums = &day.sums;
    assert_eq!((sums.handled, sums.calls, sums.missed, sums.declined), (2, 2, 1, 0));
    assert_eq!((minutes(sums.talk), minutes(sums.hold), minutes(sums.wrap_up)), (16.0, 2.0, 4.0));
    assert_eq!((minutes(sums.ready), minutes(sums.paused), minutes(sums.signed_in)), (134.0, 45.0, 180.0));
    assert_eq!(sums.average_handle.map(minutes), Some(10.0));
    assert!(day.contacts[1].returned, "it was called back");
    let pauses: Vec<_> =
        day.pauses.iter().map(|one| (&*one.title, one.times, one.seconds, one.over)).collect();
    assert_eq!(pauses, [("Lunch", 1, 2400, 600), ("Coffee", 1, 300, 0)]);
    let last = day.bands.last().unwrap();
    assert!(last.open && last.to == at(180) && day.bands.iter().filter(|band| band.open).count() == 1);
}

#[tokio::test]
async fn a_process_that_dies_leaves_what_it_knew_and_the_rest_is_told_or_unheard() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.has("a", call("1", Phase::Ringing, Direction::In), at(10));
    shift.has("a", call("1", Phase::Open, Direction::In), at(11));
    shift.tell(at(12));
    shift.dies_and_starts_again(&["a"], at(15)).await;
    // It has been ready all the time, as the platform says; the call still goes on.
    shift.agents.insert(account("a"), (Presence::Ready, None, Some(at(0))));
    shift.shows("a", at(15));
    let day = shift.day(at(16)).await;
    let sums = &day.sums;
    assert_eq!((minutes(sums.ready), minutes(sums.talk), sums.handled), (16.0, 5.0, 0));
    let witnesses: Vec<_> = day.bands.iter().map(|band| band.witness).collect();
    assert_eq!(witnesses, [Witness::Seen, Witness::Told, Witness::Seen]);
    // The next time the call is over when somebody looks again, and the platform does not say since when it is paused.
    shift.tell(at(20));
    shift.dies_and_starts_again(&["a"], at(40)).await;
    shift.activities.clear();
    shift
        .agents
        .insert(account("a"), (Presence::Paused, Some(pause("Lunch", PauseKind::Custom, None)), None));
    shift.shows("a", at(40));
    let day = shift.day(at(45)).await;
    assert_eq!((day.sums.handled, minutes(day.sums.paused)), (1, 5.0));
    let unheard: i64 = (day.bands.iter())
        .filter(|band| band.state == BandState::Unheard)
        .map(|band| band.to.ms_since(band.from))
        .sum();
    assert!((19 * MINUTE..=21 * MINUTE).contains(&unheard), "{unheard}");
    assert!((8.0..=9.0).contains(&minutes(day.sums.talk)), "up to the last heartbeat: {}", day.sums.talk);
    // Then the platform tells how it really was.
    let told = ContactBlock {
        ended: Some(at(30)),
        closed: Some(at(33)),
        outcome: ContactOutcome::Handled,
        answered: Some(at(11)),
        ..day.contacts[0].clone()
    };
    let told = ContactBlock { witness: Witness::Told, ..told };
    let stretch = (day.begins, at(45));
    assert!(shift.store.keep_told(account("a"), stretch, Vec::new(), vec![told.clone()]).await.unwrap());
    let day = shift.day(at(45)).await;
    assert_eq!((minutes(day.sums.talk), minutes(day.sums.wrap_up)), (19.0, 3.0));
    assert_eq!(day.contacts.len(), 1, "and it is one contact still");
    assert!(
        !shift.store.keep_told(account("a"), stretch, Vec::new(), vec![told]).await.unwrap(),
        "nothing is new"
    );
}

#[tokio::test]
async fn sleep_and_silence_are_known_by_nobody() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.tell(at(10));
    // The computer sleeps for an hour, and what was known before is still on the screen when it wakes.
    shift.awake = at(70);
    shift.recorder.wakes(at(70));
    let day = shift.day(at(71)).await;
    assert!((9.0..=10.0).contains(&minutes(day.sums.ready)), "{}", day.sums.ready);
    assert!(matches!(day.bands.last(), Some(StateBand { state: BandState::Unheard, open: true, .. })));
    shift.shows("a", at(72));
    // Then the line is cut: nothing is known from when it was last heard.
    shift.link("a", Link::Live, at(80), at(80));
    shift.link("a", Link::Offline, at(80), at(81));
    shift.shows("a", at(90));
    let day = shift.day(at(100)).await;
    assert!((27.0..=28.0).contains(&minutes(day.sums.ready)), "10, 8 and 10: {}", minutes(day.sums.ready));
}

#[tokio::test]
async fn one_call_on_two_accounts_counts_once_and_so_does_one_pause() {
    let mut shift = Shift::new(&["a", "b"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.is("b", Presence::Ready, None, at(0));
    shift.has("a", call("1", Phase::Ringing, Direction::In), at(10));
    shift.has("b", call("x", Phase::Ringing, Direction::In), at(10));
    shift.has("a", call("1", Phase::Open, Direction::In), at(11));
    shift.has_no_more("b", "x", at(11));
    shift.has_no_more("a", "1", at(15));
    for name in ["a", "b"] {
        shift.is(name, Presence::Paused, Some(pause("Lunch", PauseKind::Custom, Some(60))), at(20));
    }
    shift.is("a", Presence::Ready, None, at(40));
    shift.is("b", Presence::Ready, None, at(50));
    let day = shift.day(at(60)).await;
    assert_eq!((day.sums.handled, day.sums.missed, minutes(day.sums.talk)), (1, 0, 4.0));
    assert_eq!((minutes(day.sums.ready), minutes(day.sums.paused)), (40.0, 20.0));
    assert_eq!((day.pauses.len(), day.pauses[0].times, minutes(day.pauses[0].seconds)), (1, 1, 30.0));
}

#[tokio::test]
async fn midnight_cuts_a_band_only_when_it_is_read() {
    let mut shift = Shift::new(&["a"]);
    let (night, morning) = (EIGHT.plus_ms(15 * HOUR), EIGHT.plus_ms(17 * HOUR));
    shift.is("a", Presence::Ready, None, night);
    let day = shift.day(morning).await;
    assert_eq!((day.bands.len(), minutes(day.sums.ready)), (1, 60.0), "the second hour");
    let (begins, ends) = calendar::bounds(calendar::day_of(night, &TimeZone::UTC), &TimeZone::UTC).unwrap();
    let kept = shift.store.day(begins, ends).await.unwrap();
    let day = read(&kept, "2026-03-02".to_owned(), (begins, ends), morning);
    assert_eq!((minutes(day.sums.ready), day.until, day.bands[0].open), (60.0, ends, true));
}

#[tokio::test]
async fn an_account_that_is_forgotten_leaves_nothing() {
    let mut shift = Shift::new(&["a", "b"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.is("b", Presence::Ready, None, at(0));
    shift.has("b", call("1", Phase::Ringing, Direction::In), at(10));
    shift.keeps().await;
    shift.state.remove_account(&account("b"));
    shift.tell(at(11));
    let day = shift.day(at(12)).await;
    assert!(day.contacts.is_empty() && day.bands.iter().all(|band| band.account == account("a")));
}

#[tokio::test]
async fn what_a_platform_names_otherwise_in_its_past_is_the_same_contact() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.has("a", call("live", Phase::Ringing, Direction::In), at(10));
    shift.has("a", call("live", Phase::Open, Direction::In), at(11));
    shift.has_no_more("a", "live", at(15));
    let day = shift.day(at(20)).await;
    let told = |name: &str, began| ContactBlock {
        id: ActivityId::new(&account("a"), name),
        witness: Witness::Told,
        began,
        answered: None,
        ended: None,
        closed: None,
        ..day.contacts[0].clone()
    };
    // The same, a moment off, and one that nobody saw.
    let past = vec![told("log-1", at(10).plus_ms(900)), told("log-2", at(2))];
    let stretch = (day.begins, at(20));
    shift.store.keep_told(account("a"), stretch, Vec::new(), past.clone()).await.unwrap();
    let day = shift.day(at(20)).await;
    assert_eq!(day.contacts.len(), 2);
    assert_eq!(day.contacts[1].answered, Some(at(11)), "what was seen stays");
    assert!(!shift.store.keep_told(account("a"), stretch, Vec::new(), past).await.unwrap());
}

#[tokio::test]
async fn past_days_are_compared_with_and_old_ones_go() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.has("a", call("1", Phase::Open, Direction::In), at(1));
    shift.has_no_more("a", "1", at(2));
    shift.keeps().await;
    assert_eq!(shift.store.first_of_days().await.unwrap(), Some(at(0)));
    let wanted =
        |before| shift.store.contacts_before(vec![account("a")], vec![ContactOutcome::Handled], before, 10);
    assert_eq!(wanted(None).await.unwrap().len(), 1);
    assert_eq!(wanted(Some(at(1))).await.unwrap().len(), 0, "only what is older");
    shift.store.tidy_days(at(600)).await.unwrap();
    let kept = shift.store.day(at(0), at(600)).await.unwrap();
    assert_eq!((kept.bands.len(), kept.contacts.len()), (1, 0), "what goes on is not old");
}

#[test]
fn the_average_is_of_days_and_calls_weigh_their_time() {
    let day = |calls, handle, ready| DaySums {
        handled: calls,
        calls,
        average_handle: Some(handle),
        ready,
        ..DaySums::default()
    };
    let usual = sums::average(&[day(10, 100, 7), day(30, 200, 8)]).unwrap();
    assert_eq!((usual.handled, usual.average_handle, usual.ready), (20, Some(175), 8));
    assert_eq!(sums::average(&[]), None);
}

#[test]
fn a_day_is_a_table_that_a_spreadsheet_reads() {
    let bands = vec![KeptBand {
        account: account("a"),
        from: at(0),
        to: at(30),
        is_open: false,
        witness: Witness::Seen,
        was: Was { state: BandState::SignedOut, borrowed: false },
    }];
    let kept = KeptDay { bands, contacts: Vec::new() };
    let day =
        read(&kept, "2026-03-02".to_owned(), (EIGHT.plus_ms(-8 * HOUR), EIGHT.plus_ms(16 * HOUR)), at(60));
    let zone = TimeZone::get("Europe/Prague").unwrap();
    let text = csv(&[day], |_| "=cmd, \"x\"".to_owned(), &zone);
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 2);
    assert!(text.starts_with('\u{feff}') && lines[0].starts_with("date,what,account,from,to,seconds,state"));
    let row = "2026-03-02,state,\"'=cmd, \"\"x\"\"\",2026-03-02T09:00:00+01:00,2026-03-02T09:30:00+01:00,1800,signed_out,";
    assert!(lines[1].starts_with(row), "{}", lines[1]);
}

#[tokio::test]
async fn a_conversation_that_is_taken_up_again_does_not_take_the_first_one_away() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    for begins in [10, 30] {
        shift.has("a", call("1", Phase::Open, Direction::In), at(begins));
        shift.keeps().await;
        shift.has_no_more("a", "1", at(begins + 5));
        shift.keeps().await;
    }
    let day = shift.day(at(60)).await;
    assert_eq!((day.sums.handled, minutes(day.sums.talk)), (2, 10.0), "{:#?}", day.contacts);
    // One that flickers is one.
    shift.has("a", call("1", Phase::Open, Direction::In), at(35).plus_ms(900));
    shift.has_no_more("a", "1", at(40));
    let day = shift.day(at(60)).await;
    assert_eq!((day.sums.handled, minutes(day.sums.talk)), (2, 15.0));
}

#[tokio::test]
async fn a_platform_that_answers_with_faults_for_long_is_not_heard() {
    let mut shift = Shift::new(&["a"]);
    shift.is("a", Presence::Ready, None, at(0));
    shift.link("a", Link::Degraded, at(10), at(11));
    shift.tell(at(60));
    let day = shift.day(at(60)).await;
    assert_eq!(minutes(day.sums.ready), 10.0);
    shift.shows("a", at(61));
    let day = shift.day(at(70)).await;
    assert_eq!(minutes(day.sums.ready), 19.0);
}

#[tokio::test]
async fn what_was_told_of_the_days_around_stays_when_a_day_is_told() {
    let shift = Shift::new(&["a"]);
    let band = |from, to| StateBand {
        account: account("a"),
        state: present(Presence::Ready),
        from,
        to,
        open: false,
        witness: Witness::Told,
    };
    let told = |stretch, bands| shift.store.keep_told(account("a"), stretch, bands, Vec::new());
    assert!(told((at(0), at(100)), vec![band(at(0), at(100))]).await.unwrap());
    assert!(told((at(40), at(60)), vec![band(at(45), at(50))]).await.unwrap());
    let kept = shift.store.day(at(0), at(100)).await.unwrap();
    let spans: Vec<_> = kept.bands.iter().map(|band| (band.from, band.to)).collect();
    assert_eq!(spans, [(at(0), at(40)), (at(45), at(50)), (at(60), at(100))]);
}

// Whatever is kept

fn some_band() -> impl Strategy<Value = KeptBand> {
    let state = prop_oneof![
        Just(Presence::Ready).prop_map(present),
        Just(Presence::NotReady).prop_map(present),
        Just(BandState::SignedOut),
        Just(BandState::Unheard),
        Just(BandState::Present {
            presence: Presence::Paused,
            pause: Some("Lunch".to_owned()),
            kind: Some(PauseKind::Custom),
            paid: None,
            max_minutes: Some(1),
        }),
    ];
    let witness = prop_oneof![Just(Witness::Seen), Just(Witness::Told)];
    (0_usize..2, -20_i64..60, -5_i64..50, any::<bool>(), witness, state).prop_map(
        |(name, from, length, is_open, witness, state)| KeptBand {
            account: account(["a", "b"][name]),
            from: at(from),
            to: at(from + length),
            is_open,
            witness,
            was: Was { state, borrowed: false },
        },
    )
}

fn present(presence: Presence) -> BandState {
    BandState::Present { presence, pause: None, kind: None, paid: None, max_minutes: None }
}

/// As the store keeps them: one of a beginning and a witness.
fn some_bands() -> impl Strategy<Value = Vec<KeptBand>> {
    proptest::collection::vec(some_band(), 0..14).prop_map(|bands| {
        let mut kept: Vec<KeptBand> = Vec::new();
        for band in bands {
            if !kept
                .iter()
                .any(|one| (&one.account, one.from, one.witness) == (&band.account, band.from, band.witness))
            {
                kept.push(band);
            }
        }
        kept
    })
}

fn ms(laid: &[Laid], is: impl Fn(&Laid) -> bool) -> i64 {
    laid.iter().filter(|band| is(band)).map(|band| band.to.ms_since(band.from)).sum()
}

proptest! {
    #[test]
    fn bands_never_overlap_leave_no_hole_and_the_order_in_which_they_were_kept_does_not_matter(
        bands in some_bands(),
        turn in 0_usize..14,
    ) {
        let (begins, until) = (at(0), at(50));
        let laid = lay(&bands, begins, until);
        let shown: Vec<StateBand> = laid.iter().cloned().map(Laid::shown).collect();
        assert_whole(&shown);
        prop_assert!(laid.iter().all(|band| band.from >= begins && band.to <= until));
        prop_assert!(laid.iter().all(|band| !band.is_open || band.to == until));
        let mut turned = bands.clone();
        turned.rotate_left(turn.min(bands.len()));
        prop_assert_eq!(&lay(&turned, begins, until), &laid);
        // At every moment what is seen is shown, else what was told.
        for minute in 0..50 {
            let moment = at(minute).plus_ms(1);
            for name in ["a", "b"] {
                let covers = |from: Timestamp, to: Timestamp| from <= moment && moment < to;
                let mut there = bands.iter().filter(|band| {
                    band.account == account(name) && covers(band.from, if band.is_open { until } else { band.to })
                }).filter(|band| band.was.state != BandState::Unheard).peekable();
                let shown = laid.iter().find(|band| band.account == account(name) && covers(band.from, band.to));
                let known = there.peek().is_some();
                let is_seen = there.any(|band| band.witness == Witness::Seen);
                prop_assert_eq!(shown.is_some_and(|band| band.was.state != BandState::Unheard), known);
                prop_assert!(!is_seen || shown.is_some_and(|band| band.witness == Witness::Seen));
            }
        }
    }

    #[test]
    fn the_sums_add_up_to_the_day(bands in some_bands()) {
        let (begins, until) = (at(0), at(50));
        let of_one: Vec<KeptBand> = bands.iter().filter(|band| band.account == account("a")).cloned().collect();
        let laid = lay(&of_one, begins, until);
        let sums = sums::sums(&laid, &[], &[], (begins, until));
        let of = |presence| ms(&laid, move |band| matches!(band.was.state, BandState::Present { presence: p, .. } if p == presence));
        let (ready, paused, other) = (of(Presence::Ready), of(Presence::Paused), of(Presence::NotReady));
        prop_assert_eq!(i64::from(sums.ready) * 1000, ready);
        prop_assert_eq!(i64::from(sums.paused) * 1000, paused, "on one account nobody is both");
        prop_assert_eq!(i64::from(sums.signed_in) * 1000, ready + paused + other);
        let away = ms(&laid, |band| matches!(band.was.state, BandState::SignedOut | BandState::Unheard));
        let whole = laid.first().zip(laid.last()).map_or(0, |(first, last)| last.to.ms_since(first.from));
        prop_assert_eq!(ready + paused + other + away, whole);
        // Over both accounts nothing is counted twice.
        let both = lay(&bands, begins, until);
        let sums = sums::sums(&both, &[], &[], (begins, until));
        prop_assert!(sums.ready + sums.paused <= sums.signed_in);
        prop_assert!(i64::from(sums.signed_in) * 1000 <= until.ms_since(begins));
        let pauses: u32 = sums::pauses(&both).iter().map(|one| one.seconds).sum();
        prop_assert!(pauses >= sums.paused && i64::from(pauses) * 1000 <= until.ms_since(begins));
    }
}

proptest! {
    // Each opens a store on the disk.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn it_does_not_matter_whether_a_contact_is_told_before_or_after_it_is_seen(
        answered in proptest::option::of(1_i64..5),
        told_answered in proptest::option::of(1_i64..5),
        closes in 6_i64..9,
        is_over in any::<bool>(),
    ) {
        let block = |witness, answered: Option<i64>, end: Option<i64>| ContactBlock {
            id: ActivityId::from("a/1"),
            account: account("a"),
            channel: Channel::Call,
            direction: Direction::In,
            outcome: if end.is_some() { ContactOutcome::Handled } else { ContactOutcome::Open },
            party: Party::default(),
            queue: None,
            began: at(0),
            answered: answered.map(at),
            ended: end.map(at),
            closed: end.map(at),
            hold_seconds: 0,
            returned: false,
            witness,
        };
        let seen = KeptContact { block: block(Witness::Seen, answered, is_over.then_some(closes)), ..KeptContact::told(block(Witness::Seen, answered, is_over.then_some(closes))) };
        let told = block(Witness::Told, told_answered, Some(9));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = |told_first: bool| runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let (store, _) = Store::open(dir.path()).unwrap();
            for step in [told_first, !told_first] {
                if step {
                    store.keep_told(account("a"), (at(0), at(20)), Vec::new(), vec![told.clone()]).await.unwrap();
                } else {
                    store.keep_day(vec![Entry::Contact(Box::new(seen.clone()))], at(0)).await.unwrap();
                }
            }
            store.day(at(0), at(20)).await.unwrap().contacts
        });
        let (one, other) = (read(true), read(false));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one[0].block.answered, answered.or(told_answered).map(at));
        prop_assert_eq!(one[0].block.witness, Witness::Seen);
    }
}
