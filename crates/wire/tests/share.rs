//! A desktop's part of a budget that others eat from: never too much, orders first, apart from the others, back after a
//! storm; and which piece it looks at.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::collections::BTreeMap;
use std::time::Duration;

use offhook_wire::pace::{Class, Pace};
use offhook_wire::share::{Learned, Looks, Moment, Plan, Rounds, Share};
use proptest::prelude::*;
use tokio::time::{Instant, timeout};

const START: Duration = Duration::from_secs(1_780_300_800);
const DESKTOPS: u64 = 500;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn class(n: u8) -> Class {
    [Class::Live, Class::Foreground, Class::State, Class::Background, Class::Prefetch][usize::from(n % 5)]
}

/// Places that a desktop has, as it would keep them.
fn places(share: &Share) -> usize {
    serde_json::to_value(share.learned()).unwrap()["places"].as_array().unwrap().len()
}

/// When the next look goes.
fn next_look(share: &mut Share, now: Moment) -> Moment {
    share.spend(Class::Live, now).expect_err("it was asked before its moment")
}

/// Looks for so long on a platform that takes everything.
fn look_in_peace(share: &mut Share, from: Moment, long: Duration) -> Vec<Moment> {
    let mut now = from;
    let mut sent = Vec::new();
    while now < from + long {
        match share.spend(Class::Live, now) {
            Ok(ticket) => {
                share.taken(ticket, now);
                sent.push(now);
            }
            Err(at) => now = at,
        }
    }
    sent
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn in_no_stretch_of_time_is_more_sent_than_the_part_and_six(
        limit in 0.1..20.0_f64,
        part in 0.005..=1.0_f64,
        seed: u64,
        events in proptest::collection::vec((0..40_000_u64, any::<u8>(), 0..4_u8), 1..400),
    ) {
        let mut share = Share::new(Plan { limit, part }, Some(&Learned::evenly(seconds(1))), START, seed);
        let mut now = START;
        let mut sent = Vec::new();
        for (pause, of, answer) in events {
            now += Duration::from_millis(pause);
            // As often as it lets us.
            while let Ok(ticket) = share.spend(class(of), now) {
                sent.push(now);
                match answer {
                    0 => share.refused(Some(ticket), None, now),
                    1 => share.refused(Some(ticket), Some(seconds(u64::from(of))), now),
                    2 => share.crowd(usize::from(of), now),
                    _ => share.taken(ticket, now),
                }
            }
        }
        for (i, first) in sent.iter().enumerate() {
            for (j, last) in sent.iter().enumerate().skip(i) {
                let most = 6.0 + (*last - *first).as_secs_f64() * limit * part;
                prop_assert!((j - i + 1) as f64 <= most + 1e-6, "{} in {:?}", j - i + 1, *last - *first);
            }
        }
    }

    #[test]
    fn after_a_refusal_nothing_is_sent_before_the_platform_said(
        asked in proptest::option::of(0..60_u64), row in 1..12_usize, seed: u64, of: u8,
    ) {
        let mut share = Share::new(Plan::default(), None, START, seed);
        let mut now = START;
        for refusal in 0..row {
            while let Err(at) = share.spend(Class::Foreground, now) {
                now = at;
            }
            share.refused(None, asked.map(seconds), now);
            let named = asked.map_or(seconds(2), seconds);
            let longest = named + seconds(2) * 2_u32.pow(refusal.min(4) as u32);
            let waits = share.paused_until().unwrap() - now;
            prop_assert!(waits >= named && waits <= longest, "{waits:?} after {named:?} to {longest:?}");
            prop_assert!(share.spend(class(of), now + named - Duration::from_nanos(1)).is_err());
        }
    }

    #[test]
    fn after_a_storm_of_refusals_everything_comes_back(seed: u64, storm in 1..60_usize, retry_after: bool) {
        let retry_after = retry_after.then_some(seconds(1));
        let mut share = Share::new(Plan::default(), None, START, seed);
        share.crowd(20, START);
        look_in_peace(&mut share, START, seconds(4 * 3_600));
        let before = places(&share);
        prop_assert!(before >= 15, "{before} places in peace");
        let mut now = START + seconds(4 * 3_600);
        for _ in 0..storm {
            let ticket = loop {
                match share.spend(Class::Live, now) {
                    Ok(ticket) => break ticket,
                    Err(at) => now = at,
                }
            };
            share.refused(Some(ticket), retry_after, now);
        }
        prop_assert!(places(&share) <= before);
        let sent = look_in_peace(&mut share, now, seconds(8 * 3_600));
        prop_assert!(!sent.is_empty());
        prop_assert!(places(&share) + 3 >= before, "{} places of {before}", places(&share));
    }

    #[test]
    fn what_was_learned_holds_after_a_restart(seed: u64, other: u64) {
        let mut share = Share::new(Plan::default(), None, START, seed);
        share.crowd(40, START);
        let later = START + seconds(3 * 3_600);
        look_in_peace(&mut share, START, later - START);
        let text = serde_json::to_string(&share.learned()).unwrap();
        let learned: Learned = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&learned, &share.learned());
        let again = Share::new(Plan::default(), Some(&learned), later, other);
        // (Its lot may be one place less.)
        prop_assert!(places(&again) + 1 >= places(&share));
    }

    #[test]
    fn nothing_that_is_configured_or_was_kept_makes_it_panic(
        limit: f64, part: f64, kept in proptest::collection::vec(any::<u32>(), 0..20), agents: u32, piece: u32,
        told: usize, asked: u64, seed: u64,
    ) {
        let kept = serde_json::json!({ "places": kept, "agents": agents, "piece": piece });
        let learned = serde_json::from_value(kept).unwrap();
        let mut share = Share::new(Plan { limit, part }, Some(&learned), START, seed);
        share.crowd(told, START);
        let mut now = START;
        for n in 0..20_u8 {
            match share.spend(class(n), now) {
                Ok(ticket) if n % 2 == 0 => share.refused(Some(ticket), Some(seconds(asked)), now),
                Ok(ticket) => share.taken(ticket, now),
                Err(at) => now = at,
            }
        }
    }

    #[test]
    fn among_many_pieces_none_waits_longer_than_its_rank_allows(
        pieces in proptest::collection::vec((any::<u8>(), 0..600_u64), 1..12),
        choices in proptest::collection::vec(0..100_u64, 200..400),
    ) {
        let pieces: Vec<_> = (0_usize..)
            .zip(&pieces)
            .map(|(name, (of, wish))| (name, class(*of), seconds(*wish)))
            .collect();
        let mut rounds = Rounds::new(pieces.clone());
        let mut now = START;
        let mut waited = vec![0_u32; pieces.len()];
        for pause in choices {
            now += seconds(pause);
            let due = rounds.due(now);
            let Some(chosen) = rounds.choose(now) else {
                prop_assert!(due.is_empty());
                continue;
            };
            prop_assert_eq!(due.first(), Some(&chosen));
            rounds.fetched(chosen, now);
            for (name, of, _) in &pieces {
                waited[*name] = if *name == chosen || !due.contains(name) { 0 } else { waited[*name] + 1 };
                prop_assert!(waited[*name] <= rounds.longest_wait(*of), "{name} {of:?} {}", waited[*name]);
            }
        }
    }
}

#[test]
fn desktops_that_start_together_or_are_refused_together_do_not_march_in_step() {
    let plan = Plan { limit: 10.0, ..Plan::default() };
    let mut shares: Vec<Share> = (0..DESKTOPS).map(|seed| Share::new(plan, None, START, seed)).collect();
    let mut in_second: BTreeMap<u64, usize> = BTreeMap::new();
    for share in &mut shares {
        *in_second.entry(next_look(share, START).as_secs()).or_default() += 1;
    }
    // Drawn from two minutes: four in each second if it were perfectly even.
    let most = in_second.values().max().unwrap();
    assert!(*most <= 20 && in_second.len() > 90, "{most} in one second, {} seconds", in_second.len());

    let mut resume: BTreeMap<u128, usize> = BTreeMap::new();
    for share in &mut shares {
        share.refused(None, Some(seconds(1)), START);
        let until = share.paused_until().unwrap() - START;
        *resume.entry(until.as_millis() / 100).or_default() += 1;
    }
    let most = resume.values().max().unwrap();
    assert!(*most <= 60 && resume.len() >= 20, "{most} in a tenth of a second");
}

#[test]
fn looks_leave_the_third_second_to_orders_and_orders_wait_for_it() {
    let mut share = Share::new(Plan::default(), None, START, 1);
    share.crowd(20, START);
    let sent = look_in_peace(&mut share, START, seconds(3_600));
    assert!(sent.len() > 30);
    assert!(sent.iter().all(|at| at.as_secs() % 3 != 2), "a look in a second of orders");
    let later = START + seconds(4_000);
    let order = share.free_at(Class::Foreground, later);
    assert!(order.as_secs() % 3 == 2 && order - later <= seconds(3), "{:?}", order - later);

    let roomy = Share::new(Plan { limit: 10.0, ..Plan::default() }, None, START, 1);
    assert_eq!(roomy.free_at(Class::Foreground, later), later, "where there is room it goes at once");
}

#[test]
fn who_is_alone_is_not_held_back_by_a_crowd() {
    let plan = Plan { limit: 10.0, part: 1.0 };
    let mut share = Share::new(plan, Some(&Learned::evenly(seconds(1))), START, 1);
    share.crowd(200, START);
    let sent = look_in_peace(&mut share, START, seconds(600));
    assert!(sent.len() >= 590, "{} looks in 600 s", sent.len());

    // Nothing learned: it finds its places by and by, and is not one of three hundred.
    let mut fresh = Share::new(Plan { limit: 1.0, part: 1.0 }, None, START, 1);
    look_in_peace(&mut fresh, START, seconds(4 * 3_600));
    assert!(places(&fresh) > 60, "{} places", places(&fresh));
}

fn rounds() -> Rounds<&'static str> {
    Rounds::new([
        ("live", Class::Live, seconds(5)),
        ("state", Class::State, seconds(15)),
        ("queues", Class::Background, seconds(30)),
        ("teams", Class::Prefetch, seconds(300)),
    ])
}

#[test]
fn the_better_rank_goes_first_and_when_there_is_enough_everything_is_as_fresh_as_wished() {
    let mut rounds = rounds();
    let mut now = START;
    assert_eq!(rounds.due(now), ["live", "state", "queues", "teams"]);
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..600 {
        if let Some(piece) = rounds.choose(now) {
            rounds.fetched(piece, now);
            *asked.entry(piece).or_default() += 1;
        }
        now += seconds(1);
    }
    // Six hundred seconds, at most one a second: each as often as its wish, or hardly less.
    assert!(asked["live"] >= 98 && asked["state"] >= 37 && asked["queues"] >= 19 && asked["teams"] == 2);
}

#[test]
fn when_there_is_little_the_better_ranks_get_most_of_it() {
    let mut rounds = rounds();
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for turn in 0..960 {
        let now = START + seconds(350) * turn;
        let piece = rounds.choose(now).unwrap();
        rounds.fetched(piece, now);
        *asked.entry(piece).or_default() += 1;
    }
    assert!(asked["live"] > 600 && asked["state"] > 120 && asked["queues"] > 60 && asked["teams"] > 20);
}

#[test]
fn a_piece_is_wanted_put_aside_stretched_and_refused() {
    let mut rounds = rounds();
    for piece in ["live", "state", "queues"] {
        rounds.fetched(piece, START);
    }
    rounds.put_aside("teams");
    assert_eq!(rounds.due_class(START), Err(Some(START + seconds(5))));
    rounds.wish("live", seconds(60));
    assert_eq!(rounds.due_class(START), Err(Some(START + seconds(15))));

    rounds.want("teams", START);
    assert_eq!(rounds.due_class(START), Ok(Class::Foreground), "though it is put aside");
    assert_eq!(rounds.choose(START), Some("teams"));
    assert_eq!(rounds.choose(START), None);
    rounds.refused("teams");
    assert_eq!(rounds.choose(START), Some("teams"), "the refused one is still wanted");
    rounds.fetched("teams", START);
    assert_eq!(rounds.due_class(START), Err(Some(START + seconds(15))), "and put aside again");

    rounds.watch("teams");
    let later = START + seconds(15);
    assert_eq!(rounds.due(later), ["state"]);
    rounds.fetched("state", later);
    assert_eq!(rounds.ages(later)[0], ("live", Some(seconds(15))));
    assert_eq!(Rounds::new([("live", Class::Live, seconds(1))]).ages(later), [("live", None)]);
}

#[test]
fn what_cannot_be_had_is_asked_for_again_only_when_it_is_due_again() {
    let mut rounds = rounds();
    assert_eq!(rounds.choose(START), Some("live"));
    assert_eq!(rounds.choose(START), Some("state"), "the answer of live was of no use, but it was asked for");
    assert_eq!(rounds.ages(START)[0], ("live", None));
    assert_eq!(rounds.choose(START + seconds(5)), Some("live"));
}

#[tokio::test(start_paused = true)]
async fn an_order_goes_before_every_look_that_waits() {
    let pace = Pace::sharing(Plan::default(), None);
    let looking = pace.turn(Class::Live);
    tokio::pin!(looking);
    assert!(timeout(seconds(1), &mut looking).await.is_err(), "a look waits for its moment");
    let begin = Instant::now();
    for _ in 0..3 {
        drop(pace.turn(Class::Foreground).await);
    }
    assert!(begin.elapsed() < seconds(3), "{:?}", begin.elapsed());
    drop(looking.await);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_pauses_everybody_and_is_told_to_who_asks() {
    let pace = Pace::sharing(Plan { limit: 10.0, part: 0.5 }, None);
    assert_eq!((pace.wait(Class::Foreground), pace.used()), (Duration::ZERO, (0, 300)));
    pace.turn(Class::Foreground).await.refused(Some(seconds(20)));
    assert_eq!(pace.used(), (1, 300));
    let paused = pace.paused();
    assert!(paused >= seconds(20) && paused <= seconds(22), "{paused:?}");
    assert!(timeout(seconds(19), pace.turn(Class::Foreground)).await.is_err());
    drop(timeout(seconds(4), pace.turn(Class::Foreground)).await.expect("the pause is over"));
    assert_eq!(pace.paused(), Duration::ZERO);
    assert!(pace.learned().is_some());
    // It has slept, so to speak, for no time at all.
    pace.woke();
    assert_eq!((pace.paused(), pace.looks_every()), (Duration::ZERO, Some(seconds(600))));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_was_not_used_is_as_if_it_had_never_been_given() {
    for pace in [Pace::sharing(Plan { limit: 10.0, part: 0.5 }, None), Pace::new(2, seconds(60), 1)] {
        for _ in 0..20 {
            timeout(Duration::ZERO, pace.turn(Class::Foreground)).await.expect("a turn").unused();
        }
        assert_eq!(pace.used().0, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn looks_come_in_their_turn_and_what_is_wanted_at_once() {
    let pace = Pace::sharing(Plan { limit: 10.0, part: 1.0 }, Some(&Learned::evenly(seconds(1))));
    let looks = Looks::new(pace, rounds());
    looks.put_aside("queues");
    for expected in ["live", "state", "teams"] {
        let look = timeout(seconds(3), looks.next()).await.expect("a look");
        assert_eq!(look.piece, expected);
        looks.fetched(expected);
    }
    let quiet = Instant::now();
    let look = looks.next().await;
    assert_eq!(look.piece, "live");
    assert!(quiet.elapsed() >= seconds(2), "nothing was due");
    look.refused(None);
    assert_eq!(looks.due(), ["live"]);
    looks.fetched("live");

    // Somebody opens the view of queues while the pace is at rest.
    tokio::time::sleep(looks.pace().paused()).await;
    looks.fetched("live");
    looks.want("queues");
    let look = timeout(Duration::ZERO, looks.next()).await.expect("what is wanted goes at once");
    assert_eq!(look.piece, "queues");
    looks.fetched("queues");
    drop(look);
    assert!(looks.ages().iter().all(|(_, age)| age.is_some()));
}
