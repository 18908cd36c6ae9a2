use std::sync::LazyLock;

use model::{
    Channel, Direction, LeaveState, Party, Phase, Phone, Timestamp, UnifiedAgent, UnifiedPresence,
    WrapUpRules,
};
use proptest::prelude::*;

use super::*;

fn snapshot() -> Snapshot {
    Snapshot {
        seq: 0,
        at: Timestamp(0),
        agent: UnifiedAgent {
            presence: UnifiedPresence::Ready,
            pause: None,
            since: None,
            max_minutes: None,
            reachable: true,
            busy: false,
            pauses: Vec::new(),
        },
        accounts: Vec::new(),
        activities: Vec::new(),
        rings: Vec::new(),
        commands: Vec::new(),
        outbox: Vec::new(),
        composing: Vec::new(),
        bulks: Vec::new(),
        inbox: Vec::new(),
        settings: Settings { leave: LeaveState::Stay, ..Settings::default() },
        statistics: Vec::new(),
        presences: Vec::new(),
        notices: Vec::new(),
    }
}

fn call(id: &str, number: &str) -> Activity {
    Activity {
        id: ActivityId::from(id),
        account: "centre".into(),
        channel: Channel::Call,
        direction: Direction::In,
        phase: Phase::Ringing,
        phase_since: Timestamp(0),
        began_at: Timestamp(0),
        answered_at: None,
        ended_at: None,
        title: None,
        party: Party {
            phone: Some(Phone {
                raw: number.to_owned(),
                e164: None,
                display: number.to_owned(),
                country: None,
            }),
            ..Party::default()
        },
        matches: Vec::new(),
        queue: None,
        ticket: None,
        device: None,
        on_hold: false,
        web: None,
        facts: Vec::new(),
        actions: vec![Action::Answer, Action::Decline],
        call: None,
        wrap_up: WrapUpRules::default(),
        draft: model::Draft::default(),
    }
}

fn ring(id: &str) -> Ring {
    Ring { activity: ActivityId::from(id), since: Timestamp(0), ended: None }
}

fn english() -> &'static Words {
    static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Some("en")));
    &ENGLISH
}

#[test]
fn a_ring_shows_everything_and_its_end_takes_everything_back() {
    let (silent, mut ringing) = (snapshot(), snapshot());
    ringing.activities.push(call("a/1", "+44 20 7946 0123"));
    ringing.rings.push(ring("a/1"));
    let nothing = wanted(&silent, &BTreeSet::new(), english());
    let all = wanted(&ringing, &BTreeSet::new(), english());
    assert_eq!(nothing, Wanted::default());

    let steps = difference(&nothing, &all);
    assert!(steps.contains(&Step::Popup(true)) && steps.contains(&Step::Attention(true)), "{steps:?}");
    assert!(steps.iter().any(|step| matches!(step, Step::Sound(Some(_)))), "{steps:?}");
    let note =
        steps.iter().find_map(|step| if let Step::Show(note) = step { Some(note) } else { None }).unwrap();
    assert!(note.title.contains("+44 20 7946 0123"), "{note:?}");
    assert_eq!(
        note.buttons.iter().map(|(press, _)| *press).collect::<Vec<_>>(),
        [Press::Answer, Press::Decline]
    );
    assert!(!steps.contains(&Step::Raise), "nobody asked for the focus to be taken");

    let steps = difference(&all, &nothing);
    assert!(steps.contains(&Step::Withdraw("a/1".into())), "{steps:?}");
    assert!(steps.contains(&Step::Popup(false)) && steps.contains(&Step::Sound(None)), "{steps:?}");
}

#[test]
fn silence_stops_the_sound_of_one_ring_and_leaves_the_rest() {
    let mut state = snapshot();
    state.rings.push(ring("a/1"));
    let silenced = BTreeSet::from([ActivityId::from("a/1")]);
    let quiet = wanted(&state, &silenced, english());
    assert!(quiet.sound.is_none() && quiet.popup && quiet.notes.len() == 1);
    state.rings.push(ring("a/2"));
    assert!(wanted(&state, &silenced, english()).sound.is_some(), "the second one is heard");
}

#[test]
fn only_what_the_platform_offers_is_a_button() {
    let mut state = snapshot();
    let mut activity = call("a/1", "1");
    activity.actions = vec![Action::Answer];
    state.activities.push(activity);
    state.rings.push(ring("a/1"));
    let note = &wanted(&state, &BTreeSet::new(), english()).notes[&ActivityId::from("a/1")];
    assert_eq!(note.buttons.iter().map(|(press, _)| *press).collect::<Vec<_>>(), [Press::Answer]);
}

#[test]
fn a_missed_caller_has_a_name_even_when_the_call_is_gone_already() {
    let mut before = snapshot();
    before.activities.push(call("a/1", "+46 8 1234"));
    let events = [
        Event { seq: 1, at: Timestamp(0), change: Change::ActivityRemoved { id: "a/1".into() } },
        Event {
            seq: 2,
            at: Timestamp(0),
            change: Change::Ring { ring: Ring { ended: Some(RingOutcome::TimedOut), ..ring("a/1") } },
        },
    ];
    let notes = missed(&events, &before, english());
    assert!(notes[0].title.contains("+46 8 1234"), "{notes:?}");
}

#[test]
fn a_caller_who_gave_up_is_told_of_once() {
    let mut over = ring("a/1");
    over.ended = Some(RingOutcome::Abandoned);
    let event = |seq, change| Event { seq, at: Timestamp(0), change };
    let events = [
        event(1, Change::Activity { activity: Box::new(call("a/1", "+46 8 1234")) }),
        event(2, Change::Ring { ring: over }),
        event(3, Change::Ring { ring: Ring { ended: Some(RingOutcome::AnsweredElsewhere), ..ring("a/2") } }),
    ];
    let notes = missed(&events, &snapshot(), english());
    assert_eq!(notes.len(), 1);
    assert!(notes[0].body.contains("+46 8 1234"));
    assert_eq!(notes[0].weight, Weight::Plain);
}

#[test]
fn a_notice_is_told_once_follows_its_reason_and_goes_when_it_is_put_aside() {
    let mut state = snapshot();
    let kind = model::NoticeKind::LongPause {
        account: "centre".into(),
        title: "Lunch".to_owned(),
        paused_at: Timestamp(0),
        minutes: 30,
    };
    let notice =
        Notice { key: "pause/centre".to_owned(), kind, since: Timestamp(0), notify: true, dismissed: false };
    state.notices.push(notice);
    let told = wanted(&state, &BTreeSet::new(), english());
    let [Step::Show(note)] = &difference(&Wanted::default(), &told)[..] else { panic!("{told:?}") };
    assert!(note.title.contains("Lunch") && note.weight == Weight::Plain, "{note:?}");
    assert_eq!(difference(&told, &told), []);
    state.notices[0].dismissed = true;
    let gone = wanted(&state, &BTreeSet::new(), english());
    assert_eq!(difference(&told, &gone), [Step::Withdraw(note.tag.clone())]);
    state.notices[0] = Notice { notify: false, dismissed: false, ..state.notices[0].clone() };
    assert!(wanted(&state, &BTreeSet::new(), english()).notices.is_empty(), "in the window only");
}

proptest! {
    /// Whatever happens in whatever order: what is shown afterwards is what rings.
    #[test]
    fn alerts_are_always_what_rings(moves in prop::collection::vec((0_u8..5, 0_u8..4), 0..60)) {
        let mut state = snapshot();
        let mut silenced = BTreeSet::new();
        let (mut notes, mut popup, mut sound) = (BTreeSet::new(), false, false);
        let mut shown = Wanted::default();
        for (what, which) in moves {
            let id = ActivityId(format!("a/{which}"));
            match what {
                0 => {
                    state.rings.retain(|ring| ring.activity != id);
                    state.rings.push(ring(id.as_str()));
                }
                1 => state.rings.retain(|ring| ring.activity != id),
                2 => state.rings.iter_mut().filter(|ring| ring.activity == id)
                    .for_each(|ring| ring.ended = Some(RingOutcome::Unknown)),
                3 => { silenced.insert(id); }
                _ => state.settings.alerts.volume = which,
            }
            let next = wanted(&state, &silenced, english());
            for step in difference(&shown, &next) {
                match step {
                    Step::Show(note) => { notes.insert(ActivityId(note.tag)); }
                    Step::Withdraw(tag) => { prop_assert!(notes.remove(&ActivityId(tag)), "withdrawn and never shown"); }
                    Step::Popup(visible) => popup = visible,
                    Step::Sound(ringing) => sound = ringing.is_some(),
                    Step::Attention(_) | Step::Raise => {}
                }
            }
            shown = next;
            let rings: BTreeSet<_> = live(&state).map(|ring| ring.activity.clone()).collect();
            prop_assert_eq!(&notes, &rings);
            prop_assert_eq!(popup, !rings.is_empty());
            prop_assert_eq!(sound, rings.iter().any(|id| !silenced.contains(id)));
        }
    }
}
