//! A floor of desktops under one customer's limit, in virtual time and without a network: how fresh everybody's data are,
//! how often the platform refuses, how evenly it is divided, and how long an agent's order waits.
//!
//! `cargo test -p offhook-wire --test share_simulation -- --nocapture` prints the table of docs/performance.md. Luck has a
//! fixed seed: the figures come out the same each time.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod floor;
mod platform;

use std::thread;
use std::time::Duration;

use floor::{Outcome, PIECES, Scenario, simulate};
use platform::Limiter;

const ONE: Scenario = Scenario {
    name: "200 desktops, 1/s",
    desktops: 200,
    limit: 1.0,
    limiter: Limiter::Seconds(1),
    retry_after: Some(Duration::from_secs(1)),
    other: 0.0,
    crowd: true,
    hours: 8,
};

const TEN: Scenario = Scenario {
    name: "500 desktops, 10/s",
    desktops: 500,
    limit: 10.0,
    limiter: Limiter::Seconds(10),
    hours: 2,
    ..ONE
};

/// What is promised of a scenario.
struct Promise {
    scenario: Scenario,
    /// At most so much of what desktops send is refused.
    refused: f64,
    /// Jain's index of the requests taken by each is at least this.
    fair: f64,
    /// Seconds that live data are old at most in 99 of 100 cases.
    live: f64,
    /// Seconds that an order waits at most in nine of ten cases.
    order: f64,
}

const PROMISES: [Promise; 8] = [
    Promise { scenario: ONE, refused: 0.05, fair: 0.85, live: 3_000.0, order: 4.0 },
    Promise {
        scenario: Scenario { name: "– no `Retry-After`", retry_after: None, ..ONE },
        refused: 0.05,
        fair: 0.85,
        live: 3_000.0,
        order: 4.0,
    },
    Promise {
        scenario: Scenario { name: "– a bucket of five", limiter: Limiter::Bucket(1.0, 5.0), ..ONE },
        refused: 0.02,
        fair: 0.85,
        live: 3_000.0,
        order: 4.0,
    },
    Promise {
        scenario: Scenario { name: "– not told how many", crowd: false, ..ONE },
        refused: 0.05,
        fair: 0.85,
        live: 3_000.0,
        order: 4.0,
    },
    // What comes at any time and takes half of all seconds cannot be avoided, only be met less often.
    Promise {
        scenario: Scenario { name: "– another eats half", other: 0.5, ..ONE },
        refused: 0.45,
        fair: 0.9,
        live: 9_000.0,
        order: 10.0,
    },
    Promise {
        scenario: Scenario { name: "20 desktops, 1/s", desktops: 20, ..ONE },
        refused: 0.05,
        fair: 0.85,
        live: 600.0,
        order: 4.0,
    },
    Promise { scenario: TEN, refused: 0.02, fair: 0.95, live: 500.0, order: 2.0 },
    Promise {
        scenario: Scenario { name: "– another eats half", other: 5.0, ..TEN },
        refused: 0.1,
        fair: 0.85,
        live: 2_500.0,
        order: 5.0,
    },
];

#[test]
fn a_floor_of_desktops_divides_what_there_is_and_is_hardly_ever_refused() {
    let figures: Vec<Figures> = thread::scope(|scope| {
        let run = |promise: &Promise| {
            let scenario = promise.scenario;
            scope.spawn(move || Figures::of(simulate(scenario, 1)))
        };
        let running: Vec<_> = PROMISES.iter().map(run).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    print(&figures);
    for (promise, figures) in PROMISES.iter().zip(&figures) {
        let name = promise.scenario.name;
        assert!(figures.refused <= promise.refused, "{name}: {} refused", figures.refused);
        assert!(figures.jain >= promise.fair, "{name}: Jain's index {}", figures.jain);
        assert!(figures.ages[0][2] <= promise.live, "{name}: live data of {} s", figures.ages[0][2]);
        assert!(figures.orders[1] <= promise.order, "{name}: orders wait {} s", figures.orders[1]);
        assert!(figures.least > 0, "{name}: a desktop got nothing");
        let medians: Vec<f64> = figures.ages.iter().map(|ages| ages[0]).collect();
        assert!(medians.is_sorted(), "{name}: a lesser rank is fresher: {medians:?}");
    }
}

#[test]
fn the_same_seed_makes_the_same_day() {
    let short = Scenario { desktops: 40, hours: 1, ..ONE };
    let day = |seed| {
        let outcome = simulate(short, seed);
        (outcome.asked, outcome.refused, outcome.taken)
    };
    assert_eq!(day(7), day(7));
    assert_ne!(day(7), day(8));
}

/// Percentiles: 50, 90 and 99 in a hundred.
struct Figures {
    /// Seconds, by rank.
    ages: Vec<[f64; 3]>,
    orders: [f64; 3],
    sign_ins: [f64; 3],
    refused: f64,
    other_refused: Option<f64>,
    jain: f64,
    least: usize,
}

impl Figures {
    fn of(outcome: Outcome) -> Self {
        let mut ages: Vec<(&str, Vec<f64>)> = Vec::new();
        for ((rank, ..), of_piece) in PIECES.into_iter().zip(outcome.ages) {
            match ages.last_mut() {
                Some((last, all)) if *last == rank => all.extend(of_piece),
                _ => ages.push((rank, of_piece)),
            }
        }
        let taken = outcome.taken.iter().map(|taken| *taken as f64);
        let (sum, squares) =
            taken.fold((0.0, 0.0), |(sum, squares), taken| (sum + taken, squares + taken * taken));
        Self {
            ages: ages.into_iter().map(|(_, ages)| percentiles(ages)).collect(),
            orders: percentiles(outcome.orders),
            sign_ins: percentiles(outcome.sign_ins),
            refused: outcome.refused as f64 / outcome.asked as f64,
            other_refused: (outcome.other_asked > 0)
                .then(|| outcome.other_refused as f64 / outcome.other_asked as f64),
            jain: sum * sum / (squares * outcome.taken.len() as f64),
            least: outcome.taken.into_iter().min().unwrap(),
        }
    }
}

fn percentiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.5, 0.9, 0.99].map(|part| values[((values.len() - 1) as f64 * part) as usize])
}

fn print(figures: &[Figures]) {
    println!(
        "| | live | state | queues | rest | an order | refused | Jain | signed in | the other's refused |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (promise, figures) in PROMISES.iter().zip(figures) {
        let cells: Vec<String> = figures
            .ages
            .iter()
            .chain([&figures.orders, &figures.sign_ins])
            .map(|[p50, p90, p99]| {
                let digits = usize::from(*p90 < 20.0);
                format!("{p50:.digits$} / {p90:.digits$} / {p99:.digits$}")
            })
            .collect();
        let [live, state, queues, rest, order, sign_in] = &cells[..] else { unreachable!() };
        let other = figures.other_refused.map_or("–".to_owned(), |part| format!("{:.0} %", part * 100.0));
        println!(
            "| {} | {live} | {state} | {queues} | {rest} | {order} | {:.1} % | {:.2} | {sign_in} | {other} |",
            promise.scenario.name,
            figures.refused * 100.0,
            figures.jain,
        );
    }
}
