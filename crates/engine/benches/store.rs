//! How long identification, search and the outbox take over 100 000 contacts: `cargo bench -p offhook-engine`.
//!
//! A plain program and not a statistics package, because what an agent feels is the slow end: it prints the median, the
//! 99th percentile and the worst of each, in microseconds. The contacts are made up from a fixed seed.

use std::time::{Duration, Instant};

use model::{AccountId, ActivityId, Contact, ContactId, ContactNumber, Draft, Timestamp, Work};
use offhook_engine::identify::identify;
use offhook_engine::numbers;
use offhook_engine::store::Store;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

const CONTACTS: usize = 100_000;
const FIRST: &[&str] = &[
    "Jana", "Petr", "Åsa", "Björn", "Łukasz", "Zoë", "José", "Siobhán", "Jürgen", "Mei", "Omar", "Ines",
    "Dvora", "Noor",
];
const LAST: &[&str] = &[
    "Dvořák",
    "Novák",
    "Lindström",
    "Größe",
    "Żółć",
    "García",
    "O'Neill",
    "Müller",
    "Tanaka",
    "Haddad",
    "Costa",
    "Svoboda",
    "Jansen",
    "Okafor",
    "Kovács",
    "Nguyen",
];
const COMPANIES: &[&str] =
    &["Dílna", "Nordlys", "Brightwater", "Casa Verde", "Hafen", "Blue Kite", "Tři sestry"];

fn main() {
    // `cargo test --benches` runs this too, without the flag: there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(measure());
}

async fn measure() {
    let mut dice = StdRng::seed_from_u64(7);
    let start = Instant::now();
    numbers::phone("+420602111222", "CZ");
    println!("first number after start: {:?}", start.elapsed());

    let written: Vec<_> = (0..20_000).map(|_| number(&mut dice)).collect();
    report("read a number", written.iter().map(|text| timed(|| numbers::phone(text, "CZ")).0));

    let dir = tempfile::tempdir().expect("a folder can be made");
    let (store, _) = Store::open(dir.path()).expect("the store opens");
    let contacts: Vec<_> = (0..CONTACTS).map(|n| contact(n, &mut dice)).collect();
    let account = AccountId::from("bench");

    for what in ["first synchronisation", "synchronisation without news"] {
        let generation = store.begin_sync(account.clone()).await.expect("it begins");
        let start = Instant::now();
        for batch in contacts.chunks(500) {
            store.put_contacts(batch.to_vec()).await.expect("a batch is written");
        }
        store.finish_sync(account.clone(), generation, Timestamp(0)).await.expect("it ends");
        println!("{what} of {CONTACTS} contacts: {:.1?}", start.elapsed());
    }
    let size = std::fs::metadata(store.path()).map_or(0, |file| file.len());
    println!("database: {} MB", size / 1_000_000);

    let known: Vec<_> =
        (0..10_000).map(|_| contacts[dice.random_range(0..CONTACTS)].numbers[0].phone.clone()).collect();
    report(
        "identify a known caller",
        known.iter().map(|phone| timed(|| identify(&store, Some(phone), None)).0),
    );
    let strange: Vec<_> = (0..10_000).map(|_| numbers::phone(&number(&mut dice), "CZ")).collect();
    report(
        "identify a stranger",
        strange.iter().map(|phone| timed(|| identify(&store, Some(phone), None)).0),
    );

    let busy = {
        let (store, contacts) = (store.clone(), contacts.clone());
        tokio::spawn(async move {
            for batch in contacts.chunks(500).cycle() {
                let changed =
                    batch.iter().cloned().map(|contact| Contact { title: contact.title + "!", ..contact });
                store.put_contacts(changed.collect()).await.expect("a batch is written");
                store.put_contacts(batch.to_vec()).await.expect("a batch is written");
            }
        })
    };
    report(
        "identify a known caller while contacts are written",
        known.iter().map(|phone| timed(|| identify(&store, Some(phone), None)).0),
    );
    busy.abort();
    // Behind the last batch, so that the next figures are not its figures.
    store.put_contacts(Vec::new()).await.expect("the writer answers");

    for (what, texts) in [
        ("search, one letter", &["d", "n", "j", "s", "m"][..]),
        ("search, three letters", &["dvo", "nov", "gro", "zol", "asa", "bri", "jan"][..]),
        (
            "search, a whole name",
            &["dvorak jana", "lindstrom asa", "o'neill zoe", "garcia jose", "dilna"][..],
        ),
        ("search, nothing like it", &["xylophone", "qqq", "zzz top"][..]),
        ("search, a part of a number", &["602 11", "+420602", "0207946", "777", "123456", "99"][..]),
        ("search, empty", &[""][..]),
    ] {
        let mut taken = Vec::new();
        for text in texts.iter().cycle().take(1000) {
            let start = Instant::now();
            store.search((*text).to_owned(), 50).await.expect("a search answers");
            taken.push(start.elapsed());
        }
        report(what, taken.into_iter());
    }

    let mut taken = Vec::new();
    for n in 0..1000 {
        let activity = ActivityId::new(&account, &format!("activity_{n}"));
        let draft = Draft { note: "Volal kvůli faktuře, pošleme znovu.".to_owned(), ..Draft::default() };
        let start = Instant::now();
        store
            .enqueue(Work::Close { activity, draft }, "Jana Nováková".to_owned(), Timestamp(n))
            .await
            .expect("it is written");
        taken.push(start.elapsed());
    }
    report("outbox write, on the disk", taken.into_iter());
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    (start.elapsed(), result)
}

fn report(what: &str, taken: impl Iterator<Item = Duration>) {
    let mut taken: Vec<_> = taken.map(|time| time.as_nanos() as f64 / 1000.0).collect();
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
    println!(
        "{what}: p50 {:.1} µs, p99 {:.1} µs, worst {:.1} µs ({} times)",
        at(0.5),
        at(0.99),
        at(1.0),
        taken.len()
    );
}

fn number(dice: &mut impl Rng) -> String {
    match dice.random_range(0..5) {
        0 => format!("602{:06}", dice.random_range(0..1_000_000)),
        1 => format!("+4207{:08}", dice.random_range(0..100_000_000)),
        2 => format!("+44 20 7946 {:04}", dice.random_range(0..10_000)),
        3 => format!("+46 70 {:07}", dice.random_range(0..10_000_000)),
        _ => format!("00491512{:07}", dice.random_range(0..10_000_000)),
    }
}

fn contact(n: usize, dice: &mut impl Rng) -> Contact {
    let account = AccountId::from("bench");
    let (first, last) = (FIRST[dice.random_range(0..FIRST.len())], LAST[dice.random_range(0..LAST.len())]);
    Contact {
        id: ContactId::new(&account, &format!("contact_{n}")),
        account,
        title: format!("{first} {last} {}", n % 977),
        company: Some(format!("{} {}", COMPANIES[dice.random_range(0..COMPANIES.len())], n % 500)),
        numbers: (0..2)
            .map(|_| ContactNumber { label: "Phone".to_owned(), phone: numbers::phone(&number(dice), "CZ") })
            .collect(),
        emails: vec![format!("person{n}@example.com")],
        description: None,
        favourite: false,
        mark: None,
        editable: false,
    }
}
