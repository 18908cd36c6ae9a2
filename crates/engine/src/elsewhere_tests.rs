use proptest::prelude::*;

use super::*;

const T0: Timestamp = Timestamp(1_000_000);

fn quiet_pause() -> PauseId {
    "quiet".into()
}

fn b() -> AccountId {
    "b".into()
}

/// How account `b` looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Ready,
    /// On the pause that is meant for calls elsewhere.
    Quiet,
    /// On a pause of the agent's own.
    Lunch,
}

fn look(borrowed: &mut Borrowed, seen: Seen, elsewhere: Elsewhere, now: Timestamp) -> Vec<Deed> {
    let (account, quiet, lunch) = (b(), quiet_pause(), PauseId::from("lunch"));
    let facing = Facing {
        account: &account,
        is_heard: true,
        presence: if seen == Seen::Ready { Presence::Ready } else { Presence::Paused },
        pause: match seen {
            Seen::Ready => None,
            Seen::Quiet => Some(&quiet),
            Seen::Lunch => Some(&lunch),
        },
        wish: Some(&quiet),
        in_call: false,
        elsewhere,
    };
    borrowed.look(&facing, now);
    borrowed.take_work().1
}

fn pause() -> Vec<Deed> {
    vec![Deed::Pause(b(), quiet_pause())]
}

fn release() -> Vec<Deed> {
    vec![Deed::Release(b())]
}

#[test]
fn a_call_elsewhere_sets_the_pause_once_and_its_end_releases_it_once() {
    let mut borrowed = Borrowed::default();
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Quiet, T0), []);
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0), pause());
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0), [], "it is on its way");
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Calls, T0), []);
    assert!(borrowed.is_ours(&b(), &quiet_pause()));
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, T0), release());
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, T0), []);
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Quiet, T0), []);
    assert!(borrowed.is_empty());
}

#[test]
fn a_call_that_is_over_before_the_pause_shows_is_followed_by_the_release_all_the_same() {
    let mut borrowed = Borrowed::default();
    look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0);
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Quiet, T0), []);
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, T0), release());
}

#[test]
fn a_pause_of_the_agents_own_is_neither_set_over_nor_released() {
    let mut borrowed = Borrowed::default();
    assert_eq!(look(&mut borrowed, Seen::Lunch, Elsewhere::Calls, T0), []);
    assert_eq!(look(&mut borrowed, Seen::Lunch, Elsewhere::Quiet, T0), []);
    assert_eq!(
        look(&mut borrowed, Seen::Quiet, Elsewhere::Calls, T0),
        [],
        "chosen by the agent, the same pause too"
    );
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, T0), []);
}

#[test]
fn a_choice_of_the_agent_ends_the_claim_and_is_not_paused_over_again_by_the_same_calls() {
    for (chosen, seen) in
        [(true, Seen::Quiet), (true, Seen::Ready), (false, Seen::Lunch), (false, Seen::Ready)]
    {
        let mut borrowed = Borrowed::default();
        look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0);
        look(&mut borrowed, Seen::Quiet, Elsewhere::Calls, T0);
        if chosen {
            borrowed.agent_chose(&b());
        }
        assert_eq!(look(&mut borrowed, seen, Elsewhere::Calls, T0), [], "{chosen} {seen:?}");
        assert!(!borrowed.is_ours(&b(), &quiet_pause()));
        assert_eq!(look(&mut borrowed, seen, Elsewhere::Quiet, T0), [], "{chosen} {seen:?}");
        let next = if seen == Seen::Ready { pause() } else { Vec::new() };
        assert_eq!(look(&mut borrowed, seen, Elsewhere::Calls, T0), next, "the next call is another matter");
    }
}

#[test]
fn an_order_that_was_lost_is_sent_again_while_it_matters() {
    let mut borrowed = Borrowed::default();
    look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0);
    let late = T0.plus_ms(ASKED_MS);
    assert_eq!(borrowed.next_deadline(|_| true), Some(late));
    assert_eq!(borrowed.next_deadline(|_| false), None, "who is not heard is not waited for");
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Calls, late), pause());
    look(&mut borrowed, Seen::Quiet, Elsewhere::Calls, late);
    look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, late);
    let later = late.plus_ms(AGAIN_MS);
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, later), release());
    borrowed.not_sent(&Deed::Release(b()), later);
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, later.plus_ms(SOON_MS)), release());
}

#[test]
fn what_the_platform_refuses_is_not_asked_again_for_the_same_calls() {
    let mut borrowed = Borrowed::default();
    look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0);
    borrowed.refused(&Deed::Pause(b(), quiet_pause()));
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0.plus_ms(2 * ASKED_MS)), []);
    look(&mut borrowed, Seen::Ready, Elsewhere::Quiet, T0);
    assert_eq!(look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0), pause());
}

#[test]
fn after_a_restart_nothing_is_released_before_the_other_accounts_have_shown_their_calls() {
    let mut borrowed = Borrowed::default();
    look(&mut borrowed, Seen::Ready, Elsewhere::Calls, T0);
    look(&mut borrowed, Seen::Quiet, Elsewhere::Calls, T0);
    let mut borrowed = Borrowed::from_json(&borrowed.to_json());
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Unknown, T0), []);
    assert_eq!(look(&mut borrowed, Seen::Quiet, Elsewhere::Quiet, T0), release());
    assert!(Borrowed::from_json("no JSON").is_empty());
}

#[test]
fn the_same_call_seen_through_both_accounts_keeps_neither_from_anything() {
    let (a, b) = (AccountId::from("a"), b());
    let (one, copy, other) = (ActivityId::from("a/1"), ActivityId::from("b/1"), ActivityId::from("a/2"));
    let call = |activity, account, number: &str, is_open| Call {
        activity,
        account,
        number: Some(number.to_owned()),
        is_open,
    };
    let mut borrowed = Borrowed::default();
    let both = [call(&one, &a, "+442079460555", true), call(&copy, &b, "02079460555", true)];
    borrowed.join(&both);
    assert!(!borrowed.has_call_elsewhere(&b, &both) && !borrowed.has_call_elsewhere(&a, &both));
    // It ends on one account a moment before the other.
    let rest = [call(&one, &a, "+442079460555", true)];
    borrowed.join(&rest);
    assert!(!borrowed.has_call_elsewhere(&b, &rest));
    let another = [call(&other, &a, "+442079460123", true)];
    borrowed.join(&another);
    assert!(borrowed.has_call_elsewhere(&b, &another) && !borrowed.has_call_elsewhere(&a, &another));
}

/// Who put a platform's agent on the pause that is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Ours,
    Agents,
}

/// What happens next in the world around.
#[derive(Clone, Debug)]
enum Step {
    CallOpens,
    CallEnds,
    /// The agent chooses in Offhook.
    Chooses(Seen),
    /// The agent, or the platform, changes the state behind our back; never to exactly the pause that is ours.
    Behind(Seen),
    /// The oldest order reaches the platform, or is lost, with or without a word.
    Delivered,
    Lost,
    Refused,
    /// The platform shows itself.
    Shows,
    Passes(i64),
    Restarts,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seen = prop_oneof![Just(Seen::Ready), Just(Seen::Quiet), Just(Seen::Lunch)];
    let behind = prop_oneof![Just(Seen::Ready), Just(Seen::Lunch)];
    let step = prop_oneof![
        3 => Just(Step::CallOpens),
        3 => Just(Step::CallEnds),
        1 => seen.prop_map(Step::Chooses),
        1 => behind.prop_map(Step::Behind),
        4 => Just(Step::Delivered),
        1 => Just(Step::Lost),
        1 => Just(Step::Refused),
        6 => Just(Step::Shows),
        2 => (0_i64..40_000).prop_map(Step::Passes),
        1 => Just(Step::Restarts),
    ];
    proptest::collection::vec(step, 0..60)
}

/// The platform of account `b`, and what is on the way to it.
struct World {
    borrowed: Borrowed,
    calls: usize,
    state: Seen,
    whose: Whose,
    on_the_way: std::collections::VecDeque<(Deed, Timestamp)>,
    shown: (Seen, Whose),
    now: Timestamp,
}

impl World {
    fn elsewhere(&self) -> Elsewhere {
        if self.calls > 0 { Elsewhere::Calls } else { Elsewhere::Quiet }
    }

    fn look(&mut self) {
        let elsewhere = self.elsewhere();
        let deeds = look(&mut self.borrowed, self.shown.0, elsewhere, self.now);
        for deed in deeds {
            if matches!(deed, Deed::Release(_)) {
                assert_eq!(self.shown, (Seen::Quiet, Whose::Ours), "only what we set is released");
                assert_eq!(self.calls, 0, "and not while a call goes on");
            } else {
                assert_eq!(self.shown.0, Seen::Ready, "only who is ready is paused");
            }
            self.on_the_way.push_back((deed, self.now));
        }
    }

    fn arrives(&mut self, deed: &Deed) {
        match deed {
            Deed::Pause(..) => (self.state, self.whose) = (Seen::Quiet, Whose::Ours),
            Deed::Release(_) => (self.state, self.whose) = (Seen::Ready, Whose::Agents),
        }
    }

    fn shows(&mut self) {
        self.shown = (self.state, self.whose);
        self.look();
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::CallOpens => self.calls += 1,
            Step::CallEnds => self.calls = self.calls.saturating_sub(1),
            Step::Chooses(seen) => {
                self.borrowed.agent_chose(&b());
                // Orders that change the state are sent one after the other: those before have arrived.
                while let Some((deed, _)) = self.on_the_way.pop_front() {
                    self.arrives(&deed);
                }
                (self.state, self.whose) = (*seen, Whose::Agents);
                self.shown = (self.state, self.whose);
            }
            Step::Behind(seen) => (self.state, self.whose) = (*seen, Whose::Agents),
            Step::Delivered => {
                if let Some((deed, _)) = self.on_the_way.pop_front() {
                    self.arrives(&deed);
                }
            }
            Step::Lost => drop(self.on_the_way.pop_front()),
            Step::Refused => {
                if let Some((deed, _)) = self.on_the_way.pop_front() {
                    self.borrowed.refused(&deed);
                }
            }
            Step::Shows => self.shows(),
            Step::Passes(ms) => {
                self.now = self.now.plus_ms(*ms);
                // Nothing stays on the way for longer than an order may take, and a platform that is heard shows itself
                // within seconds.
                while self.on_the_way.front().is_some_and(|(_, at)| self.now.ms_since(*at) >= 10_000) {
                    let (deed, _) = self.on_the_way.pop_front().expect("there is one");
                    self.arrives(&deed);
                }
                if *ms >= 10_000 {
                    self.shows();
                }
            }
            Step::Restarts => self.borrowed = Borrowed::from_json(&self.borrowed.to_json()),
        }
        self.look();
    }
}

/// Lets all of it happen to an account that is ready, and then ends every call. Answers what is wrong in the end.
fn goes_wrong(steps: &[Step]) -> Option<String> {
    let mut world = World {
        borrowed: Borrowed::default(),
        calls: 0,
        state: Seen::Ready,
        whose: Whose::Agents,
        on_the_way: std::collections::VecDeque::new(),
        shown: (Seen::Ready, Whose::Agents),
        now: T0,
    };
    for step in steps {
        world.take(step);
    }
    world.calls = 0;
    for _ in 0..8 {
        world.take(&Step::Shows);
        world.take(&Step::Passes(ASKED_MS));
        world.take(&Step::Shows);
    }
    if (world.state, world.whose) == (Seen::Quiet, Whose::Ours) {
        return Some("left on a pause that we set".to_owned());
    }
    if !world.borrowed.is_empty() {
        return Some(format!("something is left to look after: {:?}", world.borrowed));
    }
    (!world.on_the_way.is_empty()).then(|| "something is still on the way".to_owned())
}

#[test]
fn a_release_that_is_refused_late_says_nothing_of_the_pause_for_the_next_call() {
    use Step::{Behind, CallEnds, CallOpens, Delivered, Refused, Shows};
    let ready = || Behind(Seen::Ready);
    let steps = [CallOpens, Delivered, CallEnds, Shows, ready(), Shows, CallOpens, Refused, ready()];
    assert_eq!(goes_wrong(&steps), None);
}

proptest! {
    #[test]
    fn whatever_happens_only_what_we_set_is_released_and_all_of_it_is(steps in steps()) {
        prop_assert_eq!(goes_wrong(&steps), None);
    }
}
