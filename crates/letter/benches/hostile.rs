//! What a hostile mail of 311 KiB and an ordinary one cost: `cargo bench -p offhook-letter`.
//!
//! Printed are median, 99th percentile and worst, in milliseconds. A letter is rendered once, when it is opened.

use std::hint::black_box;
use std::time::{Duration, Instant};

use offhook_letter::{Options, Source, preview, render};
use serde::Deserialize;

const ROUNDS: usize = 200;

#[derive(Deserialize)]
struct Case {
    html: String,
}

fn main() {
    // `cargo test --benches` runs this too, without the flag: there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let hostile: Vec<Case> =
        serde_json::from_str(include_str!("../tests/data/xss-cases.json")).unwrap_or_default();
    let benign: Vec<Case> =
        serde_json::from_str(include_str!("../tests/data/benign-mails.json")).unwrap_or_default();
    // Cases that end in an open tag would swallow the others; each in a cell of its own is like a digest mail.
    let all: String = hostile.iter().map(|case| format!("<p>{}</p>\n", case.html)).collect();
    let mut large = all.repeat((311 << 10) / all.len() + 1);
    large.truncate(large.floor_char_boundary(311 << 10));
    let paragraph =
        "<p>Call +44 20 7946 0123 or see <a href=https://shop.example/x>our page</a>.<br>Thanks!</p>";
    let ordinary = paragraph.repeat((311 << 10) / paragraph.len());
    measure("hostile, 311 KiB", &large);
    measure("ordinary, 311 KiB", &ordinary);
    measure("one short mail", &benign.first().map(|case| case.html.clone()).unwrap_or_default());
}

fn measure(what: &str, html: &str) {
    time(&format!("{what}: render"), || {
        black_box(render(Source::Html(black_box(html)), &Options::default()));
    });
    time(&format!("{what}: preview"), || {
        black_box(preview(Source::Html(black_box(html))));
    });
}

fn time(what: &str, work: impl Fn()) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_micros() as f64 / 1_000.0;
    println!("{what:<30} {:>9.2} {:>9.2} {:>9.2}", at(0.5), at(0.99), at(1.0));
}
