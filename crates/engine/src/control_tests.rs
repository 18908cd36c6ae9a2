use std::collections::BTreeMap;

use model::{
    Account, AccountId, Action, Activity, CallControl, Channel, CommandStatus, Conference, ContactPresence,
    Direction, Draft, Handing, Lamp, LineCall, Outcome, Participant, Party, Phase, Platform,
    PresenceActivity, Problem, Reach, Timestamp, WrapUpRules,
};

use super::*;
use crate::sight::{Done, Hearing, Seen, SeenAgent, Sight};

const T0: Timestamp = Timestamp(1_000_000);

fn account() -> AccountId {
    "exchange".into()
}

fn id(name: &str) -> ActivityId {
    ActivityId::new(&account(), name)
}

/// A call as the platform shows it, with everything on offer.
fn call(name: &str) -> Seen {
    let every = [
        Action::Hold,
        Action::Resume,
        Action::Mute,
        Action::Dtmf,
        Action::Transfer,
        Action::CampOn,
        Action::Consult,
        Action::Join,
        Action::Conference,
        Action::RemoveParticipant,
        Action::LeaveConference,
        Action::Swap,
        Action::Move,
        Action::Park,
        Action::RecordStart,
        Action::RecordPause,
        Action::RecordSave,
    ];
    Seen {
        name: name.to_owned(),
        channel: Channel::Call,
        direction: Direction::In,
        phase: Phase::Open,
        began_at: None,
        answered_at: None,
        ended_at: None,
        title: None,
        party: Party::default(),
        contact: None,
        queue: None,
        ticket: None,
        device: Some("desk".into()),
        on_hold: false,
        web: None,
        facts: Vec::new(),
        actions: every.to_vec(),
        call: Some(CallControl::default()),
        wrap_up: WrapUpRules::default(),
    }
}

fn control(seen: &mut Seen) -> &mut CallControl {
    seen.call.as_mut().expect("every call here has one")
}

fn saw(state: &mut State, activities: Vec<Seen>) {
    let device = |id: &str| model::Device {
        id: id.into(),
        title: id.to_owned(),
        kind: String::new(),
        logged_in: true,
    };
    let sight = Sight {
        agent: SeenAgent {
            username: "anna".to_owned(),
            name: "Anna".to_owned(),
            presence: model::Presence::Ready,
            pause: None,
            since: None,
            reach: Reach::Reachable,
            always_ready: false,
            pauses: Vec::new(),
        },
        queues: Vec::new(),
        devices: vec![device("desk"), device("mobile")],
        lines: Vec::new(),
        presence: Some(model::OwnPresence {
            activities: vec![PresenceActivity {
                id: "lunch".into(),
                title: "Lunch".to_owned(),
                available: false,
            }],
            ..model::OwnPresence::default()
        }),
        capabilities: Vec::new(),
        missed: 0,
        announcements: Vec::new(),
        activities,
        left: Vec::new(),
        unreadable: 0,
    };
    state.saw(&account(), sight, &HashMap::new(), T0);
}

fn exchange(activities: Vec<Seen>) -> State {
    let mut state = State::default();
    let new = Account {
        id: account(),
        platform: Platform::Dstny,
        name: "exchange".to_owned(),
        url: "https://exchange.example/api".to_owned(),
        username: None,
        practice: false,
    };
    state.add_account(new, T0);
    saw(&mut state, activities);
    let live = Hearing::of(model::Link::Live, Some(T0));
    state.hears(&account(), live, T0);
    state
}

fn ask(state: &mut State, name: &str, control: Control) -> (model::CommandId, Option<Order>) {
    let (command, steps) = state.begin(Command::Control { activity: id(name), control }, T0);
    let order = steps.into_iter().find_map(|step| match step {
        Step::Send { order, .. } => Some(order),
        _ => None,
    });
    (command, order)
}

fn answered(state: &mut State, command: model::CommandId, made: Option<&str>) {
    let want = state.commands.pending_on(&account()).map(|(_, want, _)| want.clone()).next();
    let want = want.expect("it is pending");
    let done = Done { made: made.map(str::to_owned), ..Done::default() };
    state.ordered(command, &account(), &want, Ok(done), T0);
}

fn status(state: &State, command: model::CommandId) -> &CommandStatus {
    state.commands.status(command).expect("it is remembered")
}

fn is_confirmed(state: &State, command: model::CommandId) -> bool {
    status(state, command).outcome == Outcome::Confirmed
}

fn refusal(state: &State, command: model::CommandId) -> &Problem {
    match &status(state, command).outcome {
        Outcome::Refused { problem } => problem,
        other => panic!("refused, and not {other:?}"),
    }
}

/// What is asked, and how the calls look once it has happened.
fn turns() -> Vec<(Control, Vec<Seen>)> {
    let with = |change: &dyn Fn(&mut Seen)| {
        let mut seen = call("1");
        change(&mut seen);
        vec![seen, call("2")]
    };
    let recorded = |how: Recording| with(&move |seen| control(seen).recording = how);
    let two = Conference { participants: vec![Participant { id: "p".into(), party: Party::default() }] };
    vec![
        (Control::Hold, with(&|seen| seen.on_hold = true)),
        (Control::Mute, with(&|seen| control(seen).muted = true)),
        (Control::Transfer { to: "+442079460123".to_owned(), handing: Handing::Blind }, vec![call("2")]),
        (Control::Join { with: id("2"), when_answered: false }, Vec::new()),
        (Control::Conference { with: id("2") }, with(&|seen| control(seen).conference = Some(two.clone()))),
        (Control::LeaveConference, vec![call("2")]),
        (Control::Swap { with: id("2") }, with(&|seen| seen.on_hold = true)),
        (Control::Move { device: "mobile".into() }, with(&|seen| seen.device = Some("mobile".into()))),
        (Control::Park, vec![call("2")]),
        (Control::RecordStart, recorded(Recording::On { since: Some(T0) })),
        (Control::RecordPause, recorded(Recording::Paused)),
    ]
}

#[test]
fn a_control_is_confirmed_by_what_the_call_has_become_and_not_by_the_answer() {
    for (what, after) in turns() {
        let mut state = exchange(vec![call("1"), call("2")]);
        let (command, order) = ask(&mut state, "1", what.clone());
        assert!(order.is_some(), "{what:?}: {:?}", status(&state, command));
        answered(&mut state, command, None);
        assert_eq!(status(&state, command).outcome, Outcome::Pending, "{what:?}: only the answer so far");
        saw(&mut state, vec![call("1"), call("2")]);
        assert_eq!(status(&state, command).outcome, Outcome::Pending, "{what:?}: nothing has changed");
        saw(&mut state, after);
        assert!(is_confirmed(&state, command), "{what:?}: {:?}", status(&state, command));
    }
}

#[test]
fn what_leaves_no_trace_is_confirmed_by_the_answer() {
    let camp_on = Control::Transfer { to: "+442079460123".to_owned(), handing: Handing::CampOn };
    for what in [Control::Dtmf { digits: "1 2#".to_owned() }, Control::RecordSave, camp_on] {
        let mut state = exchange(vec![call("1")]);
        let (command, _) = ask(&mut state, "1", what);
        saw(&mut state, vec![call("1")]);
        assert_eq!(status(&state, command).outcome, Outcome::Pending);
        answered(&mut state, command, None);
        assert!(is_confirmed(&state, command));
    }
}

#[test]
fn a_call_that_ends_meanwhile_is_gone_and_nobody_says_it_was_muted() {
    let mut state = exchange(vec![call("1")]);
    let (command, _) = ask(&mut state, "1", Control::Mute);
    answered(&mut state, command, None);
    saw(&mut state, Vec::new());
    assert_eq!(refusal(&state, command).code, ProblemCode::Gone);
}

#[test]
fn an_effect_that_is_never_seen_is_unconfirmed() {
    let mut state = exchange(vec![call("1")]);
    let (command, _) = ask(&mut state, "1", Control::Hold);
    answered(&mut state, command, None);
    state.tick(T0.plus_ms(crate::commands::TIME_OUT_MS));
    let Outcome::TimedOut { problem } = &status(&state, command).outcome else { panic!("timed out") };
    assert_eq!(problem.code, ProblemCode::Unconfirmed);
}

#[test]
fn nothing_is_sent_that_is_not_offered_or_makes_no_sense() {
    let mut limited = call("1");
    control(&mut limited).choices = BTreeMap::from([(Action::Move, vec!["mobile".into()])]);
    for (what, code, why) in [
        (Control::Unmute, ProblemCode::NotPossible, Some("not_offered")),
        (Control::Dtmf { digits: "12x".to_owned() }, ProblemCode::NotPossible, Some("digits")),
        (Control::Dtmf { digits: " ".to_owned() }, ProblemCode::NotPossible, Some("digits")),
        (
            Control::Transfer { to: "nobody".to_owned(), handing: Handing::Blind },
            ProblemCode::BadNumber,
            None,
        ),
        (Control::Move { device: "desk".into() }, ProblemCode::NotPossible, Some("no_device")),
        (
            Control::Consult { to: "101".to_owned(), device: Some("fax".into()) },
            ProblemCode::NotPossible,
            Some("no_device"),
        ),
        (Control::Join { with: id("9"), when_answered: false }, ProblemCode::Gone, None),
        (Control::Swap { with: id("1") }, ProblemCode::Gone, None),
        (Control::RemoveParticipant { participant: "p".into() }, ProblemCode::Gone, None),
    ] {
        let mut state = exchange(vec![limited.clone(), call("2")]);
        let (command, order) = ask(&mut state, "1", what.clone());
        assert_eq!(order, None, "{what:?}");
        let problem = refusal(&state, command);
        assert_eq!((problem.code, problem.facts.get("why").map(String::as_str)), (code, why), "{what:?}");
    }
}

#[test]
fn numbers_and_tones_go_out_as_they_are_dialled() {
    let mut state = exchange(vec![call("1")]);
    std::sync::Arc::make_mut(&mut state.settings).region = "GB".to_owned();
    let (_, order) =
        ask(&mut state, "1", Control::Transfer { to: "020 7946 0123".to_owned(), handing: Handing::Blind });
    let Some(Order::Control { control: Control::Transfer { to, .. }, activity, .. }) = order else {
        panic!("sent")
    };
    assert_eq!((to.as_str(), activity.as_str()), ("+442079460123", "1"));
    let (_, order) = ask(&mut state, "1", Control::Dtmf { digits: "1 a#".to_owned() });
    let Some(Order::Control { control: Control::Dtmf { digits }, .. }) = order else { panic!("sent") };
    assert_eq!(digits, "1A#");
}

#[test]
fn a_consultation_knows_whom_it_is_for_whichever_way_its_call_is_known() {
    for named in [true, false] {
        let mut state = exchange(vec![call("1"), call("2")]);
        let consult = Control::Consult { to: "+442079460123".to_owned(), device: None };
        let (command, _) = ask(&mut state, "1", consult);
        let out = |name| Seen { direction: Direction::Out, ..call(name) };
        let made = Seen { phase: Phase::Dialling, ..out("3") };
        if named {
            answered(&mut state, command, Some("3"));
            saw(&mut state, vec![call("1"), call("2"), made.clone()]);
        } else {
            saw(&mut state, vec![call("1"), call("2"), made.clone()]);
            assert_eq!(status(&state, command).outcome, Outcome::Pending, "it may be a call from elsewhere");
            answered(&mut state, command, None);
        }
        assert!(is_confirmed(&state, command), "{named}");
        let pair = |state: &State| {
            state.activities.get(&id("3")).and_then(|made| made.call.as_ref()?.consults_for.clone())
        };
        assert_eq!(pair(&state), Some(id("1")), "{named}");
        saw(&mut state, vec![call("1"), call("2"), out("3")]);
        assert_eq!(pair(&state), Some(id("1")), "in every later picture too");
        saw(&mut state, vec![call("2"), out("3")]);
        assert_eq!(pair(&state), None, "nobody is there to be joined with");
    }
}

#[test]
fn whoever_calls_in_while_a_consultation_begins_is_not_taken_for_it() {
    let mut state = exchange(vec![call("1")]);
    let consult = Control::Consult { to: "+442079460123".to_owned(), device: None };
    let (command, _) = ask(&mut state, "1", consult);
    answered(&mut state, command, None);
    let stranger = |phase| Seen { phase, ..call("0") };
    let made = Seen { phase: Phase::Dialling, direction: Direction::Out, ..call("3") };
    saw(&mut state, vec![call("1"), stranger(Phase::Ringing)]);
    assert_eq!(status(&state, command).outcome, Outcome::Pending);
    saw(&mut state, vec![call("1"), stranger(Phase::Open), made]);
    let pair = |name| state.activities.get(&id(name)).and_then(|one| one.call.as_ref()?.consults_for.clone());
    assert_eq!((pair("0"), pair("3")), (None, Some(id("1"))));
}

#[test]
fn what_the_platform_says_of_a_consultation_counts_more_than_what_we_remember() {
    let mut state = exchange(vec![call("1"), call("2")]);
    let consult = Control::Consult { to: "+442079460123".to_owned(), device: None };
    let (command, _) = ask(&mut state, "1", consult);
    answered(&mut state, command, Some("3"));
    let mut made = call("3");
    control(&mut made).consults_for = Some(id("2"));
    saw(&mut state, vec![call("1"), call("2"), made]);
    let told = state.activities.get(&id("3")).and_then(|made| made.call.as_ref()?.consults_for.clone());
    assert_eq!(told, Some(id("2")));
}

#[test]
fn only_a_call_that_rings_at_a_watched_colleague_is_picked_up() {
    let contact = model::ContactId::new(&account(), "bob");
    let mut state = exchange(Vec::new());
    let presence = ContactPresence {
        contact: contact.clone(),
        activity: None,
        available: None,
        note: None,
        until: None,
        lamp: Lamp::Ringing,
        calls: vec![LineCall { handle: "h".to_owned(), other: None, can_pick_up: true }],
        heard_at: T0,
        live: true,
    };
    let pick_up =
        |handle: &str| Command::PickUp { contact: contact.clone(), handle: handle.to_owned(), device: None };
    let (command, steps) = state.begin(pick_up("h"), T0);
    assert_eq!((refusal(&state, command).code, steps.len()), (ProblemCode::Gone, 0));
    state.figures.watch([contact.clone()]);
    state.figures.present(vec![presence]);
    let (command, _) = state.begin(pick_up("other"), T0);
    assert_eq!(refusal(&state, command).code, ProblemCode::Gone);
    let (command, steps) = state.begin(pick_up("h"), T0);
    assert_eq!(steps.len(), 1);
    answered(&mut state, command, None);
    saw(&mut state, vec![call("7")]);
    assert!(is_confirmed(&state, command));
}

#[test]
fn a_presence_is_confirmed_part_by_part() {
    let change = PresenceChange {
        activity: Some("lunch".into()),
        note: Some("back soon ".to_owned()),
        until: Some(Until::At { at: T0.plus_ms(600_000) }),
        ..PresenceChange::default()
    };
    let mut state = exchange(Vec::new());
    let set = Command::SetPresence { account: account(), change: change.clone() };
    let (command, steps) = state.begin(set, T0);
    assert_eq!(steps.len(), 1);
    answered(&mut state, command, None);
    assert!(!is_confirmed(&state, command));
    let own = |state: &mut State, change: &dyn Fn(&mut model::OwnPresence)| {
        let account = state.account_mut(&account()).expect("it is there");
        change(account.presence.as_mut().expect("it keeps one"));
    };
    own(&mut state, &|own| own.activity = Some("lunch".into()));
    own(&mut state, &|own| own.note = "back soon".to_owned());
    assert!(!state.is_present(&account(), &change));
    own(&mut state, &|own| own.until = Some(T0.plus_ms(599_000)));
    assert!(state.is_present(&account(), &change), "to the minute");
    let unknown = PresenceChange { activity: Some("golf".into()), ..PresenceChange::default() };
    let (command, _) = state.begin(Command::SetPresence { account: account(), change: unknown }, T0);
    assert_eq!(refusal(&state, command).code, ProblemCode::Gone);
}

#[test]
fn an_activity_of_another_account_is_never_joined() {
    let mut state = exchange(vec![call("1")]);
    let other = AccountId::from("centre");
    let foreign = ActivityId::new(&other, "8");
    let activity: Activity = Activity {
        id: foreign.clone(),
        account: other,
        draft: Draft::default(),
        ..{ (**state.activities.get(&id("1")).expect("it is there")).clone() }
    };
    std::sync::Arc::make_mut(&mut state.activities).insert(foreign.clone(), std::sync::Arc::new(activity));
    let (command, order) = ask(&mut state, "1", Control::Join { with: foreign, when_answered: false });
    assert_eq!(order, None);
    assert_eq!(refusal(&state, command).facts["why"], "other_account");
}
