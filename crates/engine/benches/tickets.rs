//! How long the inbox takes over 100 000 tickets: `cargo bench -p offhook-engine --bench tickets`. As `store`: the median,
//! the 99th percentile and the worst, and what it takes of memory. The tickets are made up from a fixed seed.

use std::time::{Duration, Instant};

use model::{
    AccountId, Channel, ContactId, Customer, Named, Priority, Stage, Ticket, TicketFilter, TicketId,
    TicketSort, Timestamp, Whose,
};
use offhook_engine::store::{Store, TicketPage, TicketStep};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const TICKETS: usize = 100_000;
const PAGE: usize = 250;
const WORDS: &[&str] = &[
    "invoice",
    "delivery",
    "Größe",
    "faktura",
    "reklamace",
    "leverans",
    "boiler",
    "warranty",
    "password",
    "refund",
    "přístup",
    "contract",
    "meter",
    "broken",
    "urgent",
    "kontakt",
    "payment",
    "address",
    "cancel",
    "order",
];

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
    let dir = tempfile::tempdir().expect("a folder can be made");
    let (store, _) = Store::open(dir.path()).expect("the store opens");
    let account = AccountId::from("bench");
    let now = Timestamp(1_800_000_000_000);
    let all: Vec<Ticket> = (0..TICKETS).map(|n| ticket(n, now, &mut dice)).collect();
    let start = Instant::now();
    let mut pages = Vec::new();
    for page in all.chunks(PAGE) {
        let step = TicketStep {
            account: account.clone(),
            mark: Some(page[0].number.clone()),
            complete: false,
            of: None,
            at: now,
        };
        let page = TicketPage { tickets: page.to_vec(), gone: Vec::new(), step: Some(step) };
        let start = Instant::now();
        store.put_tickets(page).await.expect("a page is written");
        pages.push(start.elapsed());
    }
    println!("first reading of {TICKETS} tickets: {:.1?}", start.elapsed());
    report("a page of 250, on the disk", pages.into_iter());
    drop(all);
    println!("database: {} MB", std::fs::metadata(store.path()).map_or(0, |file| file.len()) / 1_000_000);
    let before = memory();

    let whole = || TicketFilter::default();
    let mine = || TicketFilter { whose: Whose::Mine, ..whole() };
    for (what, filter, sort) in [
        ("all open, newest", whole(), TicketSort::Newest),
        ("all open, due first", whole(), TicketSort::Due),
        ("mine, oldest", mine(), TicketSort::Oldest),
        (
            "tagged, by priority",
            TicketFilter { tags: vec!["vip".to_owned()], ..whole() },
            TicketSort::Priority,
        ),
    ] {
        let mut taken = Vec::new();
        let mut length = 0;
        for _ in 0..50 {
            let start = Instant::now();
            let rows = store.ticket_list(filter.clone(), sort, now).await.expect("a list");
            let first = rows.iter().take(60).copied().collect();
            store.ticket_rows(first).await.expect("its first rows");
            length = rows.len();
            taken.push(start.elapsed());
        }
        report(&format!("first screen of {length}: {what}"), taken.into_iter());
    }

    let rows = store.ticket_list(whole(), TicketSort::Newest, now).await.expect("a list");
    let mut taken = Vec::new();
    for _ in 0..500 {
        let from = dice.random_range(0..rows.len() - 200);
        let start = Instant::now();
        store.ticket_rows(rows[from..from + 200].to_vec()).await.expect("a page of rows");
        taken.push(start.elapsed());
    }
    report("200 rows anywhere", taken.into_iter());

    let mut taken = Vec::new();
    for n in 0..400 {
        let word = WORDS[dice.random_range(0..WORDS.len())];
        let text = match n % 4 {
            0 => word.to_owned(),
            1 => word.chars().take(3).collect(),
            2 => format!("{word} {}", WORDS[dice.random_range(0..WORDS.len())]),
            _ => format!("T-{}", dice.random_range(0..TICKETS)),
        };
        let start = Instant::now();
        let found = store.ticket_search(text, whole(), TicketSort::Newest, now).await.expect("a search");
        store.ticket_rows(found.into_iter().take(60).collect()).await.expect("its first rows");
        taken.push(start.elapsed());
    }
    report("search, a word or two, with its first screen", taken.into_iter());

    let filters: Vec<TicketFilter> = (0..5)
        .flat_map(|n| [whole(), mine(), TicketFilter { due_within_min: Some(60 * n), ..whole() }])
        .collect();
    let mut taken = Vec::new();
    for _ in 0..50 {
        let start = Instant::now();
        store.ticket_counts(filters.clone(), now).await.expect("counts");
        taken.push(start.elapsed());
    }
    report(&format!("counts of {} filters", filters.len()), taken.into_iter());

    let contact = ContactId::new(&account, "contact_7");
    report(
        "open tickets of a contact",
        (0..1_000).map(|_| {
            let start = Instant::now();
            std::hint::black_box(offhook_engine::identify::identify(&store, None, Some(person(&contact))))
                .ok();
            start.elapsed()
        }),
    );
    println!("memory: {} MB before the lists, {} MB after", before / 1024, memory() / 1024);
}

fn person(id: &ContactId) -> model::Contact {
    model::Contact {
        id: id.clone(),
        account: "bench".into(),
        title: "Noor Haddad".to_owned(),
        company: None,
        numbers: Vec::new(),
        emails: Vec::new(),
        description: None,
        favourite: false,
        mark: None,
        editable: false,
    }
}

fn ticket(n: usize, now: Timestamp, dice: &mut StdRng) -> Ticket {
    let account = AccountId::from("bench");
    let mut words = |count: usize| {
        let words: Vec<_> = (0..count).map(|_| WORDS[dice.random_range(0..WORDS.len())]).collect();
        words.join(" ")
    };
    let (title, preview) = (words(5), words(20));
    let named = |id: &str, title: &str| Named { id: id.to_owned(), title: title.to_owned() };
    let owner = dice.random_range(0..40);
    let changed = now.plus_ms(-dice.random_range(0..60 * 86_400_000));
    Ticket {
        id: TicketId::new(&account, &format!("ticket_{n}")),
        account: account.clone(),
        number: format!("T-{n}"),
        title: format!("{title} {}", n % 977),
        preview,
        channel: [Channel::Email, Channel::Chat, Channel::Call, Channel::Whatsapp][n % 4],
        stage: [Stage::New, Stage::Open, Stage::Answered, Stage::Closed][n % 4],
        stage_said: String::new(),
        priority: [None, Some(Priority::Low), Some(Priority::High)][n % 3],
        customer: Customer {
            contact: Some(ContactId::new(&account, &format!("contact_{}", n % 20_000))),
            name: format!("Noor Haddad {}", n % 20_000),
            address: Some(format!("noor{}@customer.example", n % 20_000)),
        },
        owner: (owner > 3).then(|| named(&format!("agent_{owner}"), "Somebody")),
        mine: owner == 5,
        category: Some(named("c", "Support")),
        statuses: Vec::new(),
        tags: if n.is_multiple_of(17) { vec![named("t", "VIP")] } else { Vec::new() },
        unread: n.is_multiple_of(5),
        awaits_answer: n.is_multiple_of(3),
        has_files: n.is_multiple_of(7),
        due: None,
        created_at: changed,
        changed_at: changed,
        last_message_at: Some(changed),
    }
}

/// What the process has in memory, in KiB; 0 where that is not told.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

fn report(what: &str, taken: impl Iterator<Item = Duration>) {
    let mut taken: Vec<_> = taken.map(|time| time.as_nanos() as f64 / 1000.0).collect();
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
    println!(
        "{what}: p50 {:.0} µs, p99 {:.0} µs, worst {:.0} µs ({} times)",
        at(0.5),
        at(0.99),
        at(1.0),
        taken.len()
    );
}
