use std::collections::BTreeSet;

use model::{
    Action, AgentTarget, Capability, Change, Channel, Command, CommandStatus, Direction, Event, Outcome,
    Party, Pause, PauseId, PauseKind, Phone, Platform, Reach, Ring, RingOutcome, Snapshot, UnifiedPresence,
    WrapUpRules,
};
use proptest::prelude::*;

use super::*;
use crate::plan::Step;
use crate::sight::{Done, Effect, Failure};
use crate::view::View;

const T0: Timestamp = Timestamp(1_000_000);

fn id(account: usize) -> AccountId {
    AccountId(format!("acc{account}"))
}

fn activity(account: usize, name: &str) -> ActivityId {
    ActivityId::new(&id(account), name)
}

/// Two accounts that are signed in and heard.
fn two_accounts() -> State {
    let mut state = State::new(Settings::default(), Vec::new(), HashMap::new());
    for account in 0..2 {
        let new = Account {
            id: id(account),
            platform: Platform::Daktela,
            name: format!("centre {account}"),
            url: "https://centre.example".to_owned(),
            username: None,
            practice: false,
        };
        state.add_account(new, T0);
        state.saw(&id(account), sight(Presence::Ready, Vec::new()), &HashMap::new(), T0);
        state.hears(&id(account), live(T0), T0);
    }
    state
}

#[test]
fn asking_again_after_an_outage_is_not_yet_an_answer() {
    for bad in [Link::Offline, Link::Degraded] {
        let mut state = two_accounts();
        let problem = Some(Problem::new(ProblemCode::Network));
        for account in 0..2 {
            let outage = Hearing { link: bad, problem: problem.clone(), ..live(T0) };
            state.hears(&id(account), outage, T0.plus_ms(10));
        }
        let before = state.account(&id(0)).expect("it is there").health.clone();
        let trying = Hearing { link: Link::CatchingUp, ..live(T0) };
        for account in 0..2 {
            state.hears(&id(account), trying.clone(), T0.plus_ms(20));
        }
        let health = &state.account(&id(0)).expect("it is there").health;
        assert_eq!((health.link, health.since), (bad, before.since));
        assert_eq!(health.problem, before.problem);
        assert!(!View::of(&state).snapshot(0, T0.plus_ms(20)).agent.reachable);
        state.hears(&id(0), live(T0.plus_ms(30)), T0.plus_ms(30));
        assert!(View::of(&state).snapshot(0, T0.plus_ms(30)).agent.reachable);
    }
}

fn live(at: Timestamp) -> Hearing {
    Hearing::of(Link::Live, Some(at))
}

fn sight(presence: Presence, activities: Vec<Seen>) -> Sight {
    let lunch = Pause {
        id: PauseId::from("lunch"),
        title: " Lunch  break".to_owned(),
        kind: PauseKind::Custom,
        paid: None,
        max_minutes: None,
    };
    Sight {
        agent: SeenAgent {
            username: "jana".to_owned(),
            name: "Jana".to_owned(),
            presence,
            pause: (presence == Presence::Paused).then(|| lunch.clone()),
            since: None,
            reach: Reach::Reachable,
            always_ready: false,
            pauses: vec![lunch],
        },
        queues: Vec::new(),
        devices: Vec::new(),
        lines: Vec::new(),
        presence: None,
        capabilities: vec![Capability::Ready, Capability::Pauses, Capability::Dial],
        missed: 0,
        announcements: Vec::new(),
        activities,
        left: Vec::new(),
        unreadable: 0,
    }
}

fn seen(name: &str, phase: Phase, number: &str) -> Seen {
    let phone = Phone {
        raw: number.to_owned(),
        e164: Some(number.to_owned()),
        display: number.to_owned(),
        country: None,
    };
    Seen {
        name: name.to_owned(),
        channel: Channel::Call,
        direction: Direction::In,
        phase,
        began_at: None,
        answered_at: None,
        ended_at: None,
        title: None,
        party: Party { phone: Some(phone), ..Party::default() },
        contact: None,
        queue: None,
        ticket: None,
        device: None,
        on_hold: false,
        web: None,
        facts: Vec::new(),
        actions: vec![Action::Answer, Action::Decline, Action::Hangup, Action::Close],
        call: None,
        wrap_up: WrapUpRules::default(),
    }
}

fn saw(state: &mut State, account: usize, activities: Vec<Seen>, left: &[(&str, Fate)], now: Timestamp) {
    let left = left.iter().map(|(name, fate)| ((*name).to_owned(), *fate)).collect();
    let sight = Sight { left, ..sight(Presence::Ready, activities) };
    state.saw(&id(account), sight, &HashMap::new(), now);
}

fn ended(state: &mut State) -> Vec<RingOutcome> {
    state.rings.take_ended().into_iter().filter_map(|ring| ring.ended).collect()
}

fn status(state: &State, command: CommandId) -> CommandStatus {
    state.commands.status(command).cloned().unwrap()
}

fn set(target: AgentTarget) -> Command {
    Command::SetState { target, accounts: None }
}

#[test]
fn nothing_rings_any_more_when_nothing_is_heard_and_rings_again_when_it_is() {
    let mut state = two_accounts();
    saw(&mut state, 0, vec![seen("1", Phase::Ringing, "+1")], &[], T0);
    assert_eq!(state.rings.live().len(), 1);
    assert_eq!(state.next_deadline(), Some(T0.plus_ms(RING_TRUST_MS)));
    state.tick(T0.plus_ms(RING_TRUST_MS - 1));
    assert_eq!(state.rings.live().len(), 1);
    state.tick(T0.plus_ms(RING_TRUST_MS));
    assert_eq!(ended(&mut state), [RingOutcome::Unknown]);
    state.tick(T0.plus_ms(HEARING_MS));
    let health = |state: &State| state.account(&id(0)).unwrap().health.clone();
    assert_eq!(health(&state).link, Link::Offline);
    assert_eq!(health(&state).problem.unwrap().code, ProblemCode::Network);
    // A quiet answer is enough: the platform has not said that it stopped.
    let later = T0.plus_ms(HEARING_MS + 1);
    state.hears(&id(0), live(later), later);
    assert_eq!((state.rings.live().len(), health(&state).link), (1, Link::Live));
}

#[test]
fn the_way_an_activity_left_is_the_way_its_ring_ended() {
    for (fate, outcome) in [
        (Fate::Handled, RingOutcome::AnsweredHere),
        (Fate::Elsewhere, RingOutcome::AnsweredElsewhere),
        (Fate::Abandoned, RingOutcome::Abandoned),
        (Fate::Passed, RingOutcome::TimedOut),
        (Fate::Gone, RingOutcome::Unknown),
    ] {
        let mut state = two_accounts();
        saw(&mut state, 0, vec![seen("1", Phase::Ringing, "+1")], &[], T0);
        saw(&mut state, 0, Vec::new(), &[("1", fate)], T0);
        assert_eq!((ended(&mut state), state.activities.len()), (vec![outcome], 0));
    }
}

#[test]
fn a_state_is_confirmed_on_each_account_by_itself_and_told_as_partly() {
    let mut state = two_accounts();
    let (command, steps) = state.begin(set(AgentTarget::NotReady), T0);
    assert_eq!(steps.len(), 2);
    let Step::Send { want, .. } = &steps[0] else { panic!("an order") };
    state.saw(&id(0), sight(Presence::NotReady, Vec::new()), &HashMap::new(), T0);
    assert_eq!(status(&state, command).accounts[0].outcome, Outcome::Confirmed);
    assert_eq!(status(&state, command).outcome, Outcome::Pending);
    let failure = Failure { problem: Problem::new(ProblemCode::Forbidden), effect: Effect::Refused };
    state.ordered(command, &id(1), want, Err(failure), T0);
    assert_eq!(status(&state, command).outcome, Outcome::Partly);
    let View { .. } = View::of(&state);
    assert_eq!(crate::agent::join(&state).presence, UnifiedPresence::Mixed);
}

#[test]
fn what_is_so_already_is_confirmed_only_when_the_platform_has_taken_the_order() {
    let mut state = two_accounts();
    let (command, steps) = state.begin(set(AgentTarget::Ready), T0);
    let Step::Send { want, .. } = &steps[0] else { panic!("an order") };
    state.saw(&id(0), sight(Presence::Ready, Vec::new()), &HashMap::new(), T0);
    assert_eq!(status(&state, command).outcome, Outcome::Pending);
    for account in 0..2 {
        state.ordered(command, &id(account), want, Ok(Done::default()), T0);
    }
    assert_eq!(status(&state, command).outcome, Outcome::Confirmed);
}

#[test]
fn an_order_without_an_effect_times_out_and_a_newer_wish_replaces_an_older() {
    let mut state = two_accounts();
    let (older, _) = state.begin(set(AgentTarget::NotReady), T0);
    let lunch = AgentTarget::Pause { pause: "lunch break".into() };
    let (newer, _) = state.begin(set(lunch), T0.plus_ms(1));
    let Outcome::Refused { problem } = status(&state, older).outcome else { panic!("superseded") };
    assert_eq!(problem.facts["why"], "superseded");
    assert_eq!(state.commands.next_deadline(), Some(T0.plus_ms(1 + crate::commands::TIME_OUT_MS)));
    state.tick(T0.plus_ms(1 + crate::commands::TIME_OUT_MS));
    let Outcome::TimedOut { problem } = status(&state, newer).outcome else { panic!("timed out") };
    assert_eq!(problem.code, ProblemCode::Unconfirmed);
}

#[test]
fn a_refused_answer_waits_for_the_state_to_say_who_was_quicker() {
    let ring = |state: &mut State| {
        saw(state, 0, vec![seen("1", Phase::Ringing, "+1")], &[], T0);
        let answer = Command::Answer { activity: activity(0, "1"), device: None };
        let (command, _) = state.begin(answer, T0);
        let failure = Failure { problem: Problem::new(ProblemCode::Refused), effect: Effect::Refused };
        state.ordered(command, &id(0), &Want::Answered(activity(0, "1")), Err(failure), T0);
        command
    };
    let code = |state: &State, command| match status(state, command).outcome {
        Outcome::Refused { problem } => problem.code,
        other => panic!("refused, and not {other:?}"),
    };
    let mut state = two_accounts();
    let command = ring(&mut state);
    assert_eq!(status(&state, command).outcome, Outcome::Pending);
    saw(&mut state, 0, Vec::new(), &[("1", Fate::Elsewhere)], T0);
    assert_eq!(code(&state, command), ProblemCode::Gone);

    let mut state = two_accounts();
    let command = ring(&mut state);
    state.tick(T0.plus_ms(5_000));
    assert_eq!(code(&state, command), ProblemCode::Refused);
}

#[test]
fn a_dialled_call_confirms_whichever_comes_first_its_name_or_itself() {
    for name_first in [true, false] {
        let mut state = two_accounts();
        let dial = Command::Dial {
            account: id(0),
            number: "+44 20 7946 0555".to_owned(),
            queue: None,
            device: None,
            line: None,
            contact: None,
        };
        let (command, steps) = state.begin(dial, T0);
        assert!(
            matches!(&steps[..], [Step::Send { order: crate::sight::Order::Dial { number, .. }, .. }] if number == "+442079460555")
        );
        let named = |state: &mut State| {
            let done = Done { made: Some("7".to_owned()), ..Done::default() };
            state.ordered(command, &id(0), &Want::Begun(std::collections::BTreeSet::new()), Ok(done), T0);
        };
        let shown = |state: &mut State| {
            saw(state, 0, vec![seen("7", Phase::Dialling, "+442079460555")], &[], T0);
        };
        if name_first {
            named(&mut state);
            shown(&mut state);
        } else {
            shown(&mut state);
            named(&mut state);
        }
        assert_eq!(status(&state, command).outcome, Outcome::Confirmed);
        assert_eq!(status(&state, command).made, Some(activity(0, "7")));
    }
}

#[test]
fn an_account_that_is_removed_takes_everything_with_it() {
    let mut state = two_accounts();
    saw(&mut state, 0, vec![seen("1", Phase::Ringing, "+1")], &[], T0);
    let (command, _) = state.begin(Command::Answer { activity: activity(0, "1"), device: None }, T0);
    state.remove_account(&id(0));
    assert!(state.activities.is_empty() && state.rings.live().is_empty() && state.accounts.len() == 1);
    assert!(matches!(status(&state, command).outcome, Outcome::Refused { .. }));
}

/// What can happen between a platform, the network, the clock and the agent.
#[derive(Clone, Copy, Debug)]
enum Happens {
    /// On the platform: an activity is in this phase from now on, or is gone.
    Moves(usize, u8, Option<Phase>),
    /// The picture of an account arrives; perhaps twice.
    Told(usize, bool),
    /// The picture of an account arrives late: as it was some changes ago.
    ToldLate(usize),
    /// Seconds pass.
    Passes(i64),
    /// The agent asks.
    Asks(usize, u8, u8),
    /// The listener is signed out, or heard again.
    Signed(usize, bool),
}

fn happens() -> impl Strategy<Value = Happens> {
    let phase = prop_oneof![
        4 => Just(Some(Phase::Ringing)),
        1 => Just(Some(Phase::Waiting)),
        2 => Just(Some(Phase::Open)),
        1 => Just(Some(Phase::WrapUp)),
        2 => Just(None),
    ];
    prop_oneof![
        6 => (0..2usize, 0..4u8, phase).prop_map(|(a, n, p)| Happens::Moves(a, n, p)),
        6 => (0..2usize, any::<bool>()).prop_map(|(a, twice)| Happens::Told(a, twice)),
        2 => (0..2usize).prop_map(Happens::ToldLate),
        2 => (0..25i64).prop_map(Happens::Passes),
        3 => (0..2usize, 0..4u8, 0..4u8).prop_map(|(a, n, what)| Happens::Asks(a, n, what)),
        1 => (0..2usize, any::<bool>()).prop_map(|(a, on)| Happens::Signed(a, on)),
    ]
}

/// Adds an event to a snapshot, as every view does.
fn fold(told: &mut Snapshot, change: Change) {
    match change {
        Change::Agent { agent } => told.agent = agent,
        Change::Account { account } => {
            told.accounts.retain(|known| known.account.id != account.account.id);
            told.accounts.push(*account);
        }
        Change::AccountRemoved { id } => told.accounts.retain(|known| known.account.id != id),
        Change::Activity { activity } => {
            told.activities.retain(|known| known.id != activity.id);
            told.activities.push(*activity);
        }
        Change::ActivityRemoved { id } => told.activities.retain(|known| known.id != id),
        Change::Ring { ring } => {
            let before = told.rings.len();
            told.rings.retain(|known| known.activity != ring.activity);
            assert!(ring.ended.is_none() || told.rings.len() < before, "ended without having begun");
            if ring.ended.is_none() {
                told.rings.push(ring);
            }
        }
        Change::Command { .. } | Change::Settings { .. } => {}
        Change::Outbox { .. }
        | Change::OutboxRemoved { .. }
        | Change::Composing { .. }
        | Change::ComposingRemoved { .. }
        | Change::Bulk { .. }
        | Change::Inbox { .. }
        | Change::Tickets { .. }
        | Change::Statistics { .. }
        | Change::StatisticsRemoved { .. }
        | Change::Presence { .. }
        | Change::PresenceRemoved { .. }
        | Change::Notice { .. }
        | Change::NoticeRemoved { .. }
        | Change::Day { .. } => {}
    }
}

fn sorted(mut snapshot: Snapshot) -> (Vec<AccountState>, Vec<Activity>, Vec<Ring>) {
    snapshot.accounts.sort_by(|a, b| a.account.id.cmp(&b.account.id));
    snapshot.activities.sort_by(|a, b| a.id.cmp(&b.id));
    snapshot.rings.sort_by(|a, b| a.activity.cmp(&b.activity));
    (snapshot.accounts, snapshot.activities, snapshot.rings)
}

proptest! {
    /// Whatever happened before: once every account has told its picture again, the alerts are what the platforms say
    /// rings, and a view that only followed the events shows exactly the state.
    #[test]
    fn alerts_and_views_end_as_the_platforms_say(history in proptest::collection::vec(happens(), 0..120)) {
        type Platform = BTreeMap<u8, Phase>;
        let mut state = two_accounts();
        let mut told = View::of(&state).snapshot(0, T0);
        let mut view = View::of(&state);
        let mut platforms: [Vec<Platform>; 2] = [vec![Platform::new()], vec![Platform::new()]];
        let mut now = T0;
        let picture = |platform: &Platform, account: usize| -> Vec<Seen> {
            // The same number never rings on both, so that every ring has its own alert.
            platform.iter().map(|(n, phase)| seen(&n.to_string(), *phase, &format!("+{account}{n}"))).collect()
        };
        let closing = [Happens::Signed(0, true), Happens::Signed(1, true), Happens::Told(0, false), Happens::Told(1, false)];
        for step in history.into_iter().chain(closing) {
            now = now.plus_ms(10);
            match step {
                Happens::Moves(account, n, phase) => {
                    let mut next = platforms[account].last().unwrap().clone();
                    match phase {
                        Some(phase) => next.insert(n, phase),
                        None => next.remove(&n),
                    };
                    platforms[account].push(next);
                }
                Happens::Told(account, twice) => {
                    for _ in 0..=usize::from(twice) {
                        let seen = picture(platforms[account].last().unwrap(), account);
                        state.saw(&id(account), sight(Presence::Ready, seen), &HashMap::new(), now);
                    }
                }
                Happens::ToldLate(account) => {
                    let platform = &platforms[account];
                    let seen = picture(&platform[platform.len().saturating_sub(3)], account);
                    state.saw(&id(account), sight(Presence::Ready, seen), &HashMap::new(), now);
                }
                Happens::Passes(seconds) => {
                    now = now.plus_ms(seconds * 1_000);
                    state.tick(now);
                }
                Happens::Asks(account, n, what) => {
                    let activity = activity(account, &n.to_string());
                    let (want, command) = match what {
                        0 => (Want::Answered(activity.clone()), Command::Answer { activity, device: None }),
                        1 => (Want::HungUp(activity.clone()), Command::Hangup { activity }),
                        _ => (Want::Declined(activity.clone()), Command::Decline { activity }),
                    };
                    let (command, steps) = state.begin(command, now);
                    if what == 3 && !steps.is_empty() {
                        let failure = Failure { problem: Problem::new(ProblemCode::Refused), effect: Effect::Refused };
                        state.ordered(command, &id(account), &want, Err(failure), now);
                    }
                }
                Happens::Signed(account, on) => {
                    let link = if on { Link::Live } else { Link::SignedOut };
                    let hearing = Hearing::of(link, on.then_some(now));
                    state.hears(&id(account), hearing, now);
                }
            }
            let next = View::of(&state).to_owned();
            let ended = state.rings.take_ended();
            for change in next.changes_since(&view, ended) {
                fold(&mut told, Event { seq: 0, at: now, change }.change);
            }
            view = next;
            prop_assert_eq!(sorted(told.clone()), sorted(view.snapshot(0, now)));
        }
        let alerts: BTreeSet<ActivityId> = told.rings.iter().map(|ring| ring.activity.clone()).collect();
        let rings: BTreeSet<ActivityId> = (0..2)
            .flat_map(|account| {
                let platform = platforms[account].last().unwrap();
                let ringing = platform.iter().filter(|(_, phase)| **phase == Phase::Ringing);
                ringing.map(move |(n, _)| activity(account, &n.to_string())).collect::<Vec<_>>()
            })
            .collect();
        prop_assert_eq!(alerts, rings);
    }
}
