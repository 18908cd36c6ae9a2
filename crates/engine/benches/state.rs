//! What one piece of news costs in the core, with ten accounts: `cargo bench -p offhook-engine --bench state`.
//!
//! At 2 000 events a second each may take 500 µs on one core and nothing else would run, so what counts is that the
//! 99th percentile stays far below. Printed are median, 99th percentile and worst, in microseconds.

use std::time::{Duration, Instant};

use offhook_engine::busy::Busy;

const ROUNDS: usize = 20_000;

fn main() {
    // `cargo test --benches` runs this too, without the flag: there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut busy = Busy::new(10, 200);
    let _follower = busy.follow();
    measure("a call changes", &mut busy, Busy::a_call_changes);
    measure("nothing changes", &mut busy, Busy::nothing_changes);
    measure("a contact changes", &mut busy, Busy::a_contact_changes);
    measure("the figures change", &mut busy, Busy::the_figures_change);
}

fn measure(what: &str, busy: &mut Busy, news: fn(&mut Busy)) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            news(busy);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_nanos() as f64 / 1_000.0;
    println!("{what:<20} {:>9.1} {:>9.1} {:>9.1}", at(0.5), at(0.99), at(1.0));
}
