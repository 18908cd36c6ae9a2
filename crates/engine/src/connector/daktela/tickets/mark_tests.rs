use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::super::made::{moments, record};
use super::*;

/// A platform that answers as the query says: rows by name with the second of their last change.
struct Platform {
    rows: BTreeMap<u32, i64>,
}

impl Platform {
    /// Answers by the meaning of each place. The date in the question is read back as the server does.
    fn answer(&self, place: &Place, now: i64) -> (Vec<Ticket>, usize) {
        let mut rows: Vec<(i64, u32)> = self.rows.iter().map(|(name, at)| (*at, *name)).collect();
        rows.sort_unstable();
        let key = |(at, name): &(i64, String)| (*at, name.parse::<u32>().unwrap());
        let page: Vec<(i64, u32)> = match place {
            Place::Start => rows.iter().rev().take(place.page()).copied().collect(),
            Place::Fill { below, .. } => {
                rows.iter().rev().filter(|row| **row < key(below)).take(place.page()).copied().collect()
            }
            Place::Undated { .. } => Vec::new(),
            Place::News { newest, after: None, .. } => {
                let since = moments().written_since(second(newest - LOOK_BACK), second(now));
                let written = |at: i64| moments().written(second(at));
                let mut rows: Vec<_> = rows.iter().filter(|(at, _)| written(*at) >= since).copied().collect();
                rows.sort_by_key(|(at, name)| (written(*at), *name));
                rows.into_iter().take(place.page()).collect()
            }
            Place::News { after: Some(after), .. } => {
                rows.iter().filter(|row| **row > key(after)).take(place.page()).copied().collect()
            }
        };
        let tickets = page.iter().map(|(at, name)| ticket(*name, *at)).collect();
        (tickets, page.len())
    }
}

fn second(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

fn ticket(name: u32, at: i64) -> Ticket {
    record(json!({"name": name, "edited": moments().written(second(at))}))
}

/// Asks until there is nothing more, through the text that is kept.
fn look(platform: &Platform, mut place: Place, now: i64, told: &mut BTreeMap<u32, i64>) -> Place {
    for _ in 0..10_000 {
        let (rows, received) = platform.answer(&place, now);
        let (rows, next, more) = place.read(rows, received, &moments(), second(now));
        for row in rows {
            told.insert(row.name.parse().unwrap(), edited(&row).unwrap().0);
        }
        let kept = serde_json::to_string(&next).unwrap();
        place = serde_json::from_str(&kept).unwrap();
        if !more {
            return place;
        }
    }
    panic!("it never ends");
}

/// 2026-10-25 00:30 UTC: half an hour before the clocks of Prague go back.
const BEFORE_THE_CLOCKS_GO_BACK: i64 = 1_792_888_200;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_changes_between_two_looks_is_told(
        rows in prop::collection::btree_map(0..900_u32, 0..4_000_i64, 0..900),
        changes in prop::collection::vec((0..50_i64, prop::collection::vec(0..1_000_u32, 0..30)), 1..8),
    ) {
        let start = 1_790_000_000;
        let rows = rows.into_iter().map(|(name, ago)| (name, start - ago)).collect();
        let mut platform = Platform { rows };
        let mut told = BTreeMap::new();
        let mut place = look(&platform, Place::Start, start, &mut told);
        prop_assert_eq!(&told, &platform.rows);
        let mut now = start;
        for (pause, changed) in changes {
            // The first half changes right after the look, in the same second perhaps.
            for name in &changed {
                platform.rows.insert(*name, now + i64::from(*name % 2) * pause);
            }
            now += pause;
            place = look(&platform, place, now, &mut told);
            prop_assert_eq!(&told, &platform.rows);
        }
    }
}

#[test]
fn a_change_in_the_second_of_the_look_is_told_again_and_a_settled_one_is_not() {
    let now = 1_790_000_000;
    let mut platform = Platform { rows: BTreeMap::from([(1, now - 100), (2, now)]) };
    let place = look(&platform, Place::Start, now, &mut BTreeMap::new());
    let mut told = BTreeMap::new();
    let place = look(&platform, place, now, &mut told);
    assert_eq!(told, BTreeMap::from([(2, now)]), "the second is not over: it may change once more");
    let place = look(&platform, place, now + 10, &mut told);
    told.clear();
    let place = look(&platform, place, now + 20, &mut told);
    assert!(told.is_empty(), "told once and for all: {told:?}");
    platform.rows.insert(1, now + 20);
    look(&platform, place, now + 30, &mut told);
    assert_eq!(told, BTreeMap::from([(1, now + 20)]));
}

#[test]
fn a_change_that_becomes_visible_long_after_the_date_it_bears_is_told() {
    let now = 1_790_000_000;
    let mut platform = Platform { rows: BTreeMap::from([(1, now - 100), (2, now - 2)]) };
    let place = look(&platform, Place::Start, now, &mut BTreeMap::new());
    let place = look(&platform, place, now, &mut BTreeMap::new());
    platform.rows.insert(3, now - 30);
    let mut told = BTreeMap::new();
    let place = look(&platform, place, now + 15, &mut told);
    assert_eq!(told, BTreeMap::from([(3, now - 30)]), "and what was told is not told again");
    told.clear();
    look(&platform, place, now + 30, &mut told);
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn the_hour_that_is_repeated_hides_nothing() {
    let begin = BEFORE_THE_CLOCKS_GO_BACK;
    let mut platform = Platform { rows: BTreeMap::from([(1, begin - 50)]) };
    let mut told = BTreeMap::new();
    let mut place = look(&platform, Place::Start, begin, &mut told);
    // 02:59 for the first time, then 02:10 for the second: a smaller date.
    let first = begin + 29 * 60;
    platform.rows.insert(2, first);
    place = look(&platform, place, first + 10, &mut told);
    assert!(told.contains_key(&2));
    let second_time = begin + 40 * 60;
    platform.rows.insert(3, second_time);
    look(&platform, place, second_time + 10, &mut told);
    assert!(told.contains_key(&3), "{told:?}");
}

#[test]
fn a_mark_of_another_release_begins_anew() {
    assert!(serde_json::from_str::<Place>("{\"changes\":{\"since\":1}}").is_err());
}
