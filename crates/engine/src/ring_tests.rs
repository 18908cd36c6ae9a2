use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn account(name: &str) -> AccountId {
    AccountId::from(name)
}

fn activity(account: &str, name: &str) -> ActivityId {
    ActivityId::new(&self::account(account), name)
}

fn live(rings: &Rings) -> Vec<ActivityId> {
    rings.live().into_iter().map(|ring| ring.activity).collect()
}

fn outcomes(rings: &mut Rings) -> Vec<Option<RingOutcome>> {
    rings.take_ended().into_iter().map(|ring| ring.ended).collect()
}

#[test]
fn the_agents_refusal_names_the_end_unless_somebody_answered() {
    for (why, outcome) in [
        (Stop::Mine, RingOutcome::AnsweredHere),
        (Stop::Elsewhere, RingOutcome::AnsweredElsewhere),
        (Stop::Passed, RingOutcome::Rejected),
        (Stop::Abandoned, RingOutcome::Rejected),
        (Stop::Gone, RingOutcome::Rejected),
    ] {
        let (mut rings, call) = (Rings::default(), activity("a", "1"));
        rings.rings(&call, &account("a"), None, Timestamp(0));
        rings.declined(&call);
        rings.stops(&call, why);
        rings.stops(&call, why);
        assert_eq!(outcomes(&mut rings), [Some(outcome)], "{why:?}");
    }
}

#[test]
fn the_alert_of_one_physical_call_moves_to_the_account_where_it_still_rings() {
    let mut rings = Rings::default();
    let (one, other) = (activity("a", "1"), activity("b", "9"));
    rings.rings(&one, &account("a"), Some("+442079460555"), Timestamp(0));
    rings.rings(&other, &account("b"), Some("+442079460555"), Timestamp(2_000));
    assert_eq!(live(&rings), std::slice::from_ref(&one));
    rings.stops(&one, Stop::Passed);
    assert_eq!(live(&rings), std::slice::from_ref(&other));
    rings.stops(&other, Stop::Abandoned);
    assert_eq!(outcomes(&mut rings), [Some(RingOutcome::TimedOut), Some(RingOutcome::Abandoned)]);
}

#[test]
fn the_other_account_stays_quiet_while_the_agent_talks() {
    let mut rings = Rings::default();
    let (one, other) = (activity("a", "1"), activity("b", "9"));
    rings.rings(&one, &account("a"), Some("+1"), Timestamp(0));
    rings.rings(&other, &account("b"), Some("+1"), Timestamp(1));
    rings.stops(&one, Stop::Mine);
    assert!(live(&rings).is_empty());
    rings.conversation_over(&one);
    assert_eq!(live(&rings), [other]);
}

#[test]
fn a_copy_that_a_slower_platform_tells_of_after_the_answer_does_not_ring() {
    let mut rings = Rings::default();
    let (one, copy, next) = (activity("a", "1"), activity("b", "9"), activity("b", "10"));
    rings.rings(&one, &account("a"), Some("+442079460555"), Timestamp(0));
    rings.stops(&one, Stop::Mine);
    rings.rings(&copy, &account("b"), Some("+442079460555"), Timestamp(3_000));
    assert!(live(&rings).is_empty());
    rings.stops(&copy, Stop::Gone);
    rings.rings(&next, &account("b"), Some("+442079460555"), Timestamp(60_000));
    assert_eq!(live(&rings), [next], "a minute later it is another call");
}

#[test]
fn a_caller_who_is_named_a_look_later_rings_once_from_then_on() {
    let mut rings = Rings::default();
    let (one, other) = (activity("a", "1"), activity("b", "9"));
    rings.rings(&one, &account("a"), Some("+442079460555"), Timestamp(0));
    rings.rings(&other, &account("b"), None, Timestamp(500));
    assert_eq!(live(&rings), [one.clone(), other.clone()], "nobody knows yet that it is the same");
    rings.rings(&other, &account("b"), Some("+44 20 7946 0555"), Timestamp(1_500));
    assert_eq!(live(&rings), std::slice::from_ref(&one));
    assert_eq!(outcomes(&mut rings), [Some(RingOutcome::Unknown)]);
    rings.stops(&one, Stop::Passed);
    assert_eq!(live(&rings), [other], "and on when the first is over");

    let (call, unlike) = (activity("a", "2"), activity("c", "3"));
    rings.rings(&call, &account("a"), Some("+442079460777"), Timestamp(9_000));
    rings.rings(&unlike, &account("c"), None, Timestamp(9_000));
    rings.rings(&unlike, &account("c"), Some("+442079460778"), Timestamp(9_100));
    assert!(live(&rings).contains(&unlike), "somebody else rings on");
}

#[test]
fn an_extension_an_address_and_a_national_form_name_the_same_caller_on_both_accounts() {
    for (one, other, same) in [
        ("101", "101", true),
        ("101", "1101", false),
        ("anna@acme.example", "anna@acme.example", true),
        ("anna@acme.example", "bob@acme.example", false),
        ("+442079460555", "020 7946 0555", true),
        ("+442079460555", "+442079460556", false),
        ("20794605551@acme.example", "20794605551@other.example", false),
    ] {
        assert_eq!(same_number((one, other)), same, "{one} {other}");
    }
}

#[test]
fn different_calls_each_have_their_alert() {
    let mut rings = Rings::default();
    rings.rings(&activity("a", "1"), &account("a"), Some("+1"), Timestamp(0));
    rings.rings(&activity("a", "2"), &account("a"), Some("+1"), Timestamp(1));
    rings.rings(&activity("b", "3"), &account("b"), Some("+2"), Timestamp(2));
    rings.rings(&activity("b", "4"), &account("b"), Some("+1"), Timestamp(SAME_CALL_MS + 2));
    rings.rings(&activity("b", "5"), &account("b"), None, Timestamp(3));
    assert_eq!(rings.live().len(), 5);
}

#[test]
fn a_refusal_that_had_no_effect_alerts_again() {
    let mut rings = Rings::default();
    let (one, other) = (activity("a", "1"), activity("b", "9"));
    rings.rings(&one, &account("a"), Some("+1"), Timestamp(0));
    rings.rings(&other, &account("b"), Some("+1"), Timestamp(1));
    for id in rings.same_call_as(&one) {
        rings.declined(&id);
    }
    rings.stops(&one, Stop::Passed);
    assert!(live(&rings).is_empty());
    rings.not_declined(&other);
    assert_eq!(live(&rings), [other]);
}

/// Whatever a platform, a network and an agent can do to one activity.
#[derive(Clone, Copy, Debug)]
enum Step {
    Rings(u8),
    Stops(u8, u8),
    Lost(u8),
    Declined(u8),
    NotDeclined(u8),
    Over(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8u8).prop_map(Step::Rings),
        3 => (0..8u8, 0..5u8).prop_map(|(id, why)| Step::Stops(id, why)),
        1 => (0..3u8).prop_map(Step::Lost),
        1 => (0..8u8).prop_map(Step::Declined),
        1 => (0..8u8).prop_map(Step::NotDeclined),
        1 => (0..8u8).prop_map(Step::Over),
    ]
}

fn id_of(id: u8) -> (ActivityId, AccountId) {
    let name = format!("acc{}", id % 3);
    (activity(&name, &id.to_string()), account(&name))
}

proptest! {
    /// Every alert begins, ends exactly once, and only then may begin anew; when all is told again, the alerts and what
    /// they stand for are what rings.
    #[test]
    fn alerts_are_what_rings(steps in proptest::collection::vec(step(), 0..80), same_number: bool) {
        const WHY: [Stop; 5] = [Stop::Mine, Stop::Elsewhere, Stop::Abandoned, Stop::Passed, Stop::Gone];
        let mut rings = Rings::default();
        let mut ringing: BTreeSet<ActivityId> = BTreeSet::new();
        let mut alerts: BTreeMap<ActivityId, bool> = BTreeMap::new();
        for (at, step) in steps.into_iter().enumerate() {
            let now = Timestamp(at as i64 * 700);
            match step {
                Step::Rings(id) => {
                    let number = if same_number { "+1".to_owned() } else { format!("+{id}") };
                    let (activity, account) = id_of(id);
                    rings.rings(&activity, &account, Some(&number), now);
                    ringing.insert(activity);
                }
                Step::Stops(id, why) => {
                    let (activity, _) = id_of(id);
                    rings.stops(&activity, WHY[why as usize]);
                    ringing.remove(&activity);
                }
                Step::Lost(number) => {
                    let account = account(&format!("acc{number}"));
                    rings.lost(&account);
                    ringing.retain(|activity| activity.parts().unwrap().0 != account);
                }
                Step::Declined(id) => rings.declined(&id_of(id).0),
                Step::NotDeclined(id) => rings.not_declined(&id_of(id).0),
                Step::Over(id) => rings.conversation_over(&id_of(id).0),
            }
            for ended in rings.take_ended() {
                prop_assert_eq!(alerts.insert(ended.activity, false), Some(true), "ended without having begun");
            }
            let live: BTreeSet<ActivityId> = live(&rings).into_iter().collect();
            prop_assert!(live.is_subset(&ringing), "an alert for what does not ring");
            for (activity, is_live) in &alerts {
                prop_assert_eq!(*is_live, live.contains(activity) && alerts[activity], "left without a word");
            }
            alerts.extend(live.into_iter().map(|activity| (activity, true)));
        }
        if !same_number {
            prop_assert_eq!(live(&rings).into_iter().collect::<BTreeSet<_>>(), ringing);
        }
    }
}
