//! What event streams cost: `cargo bench -p offhook-dstny`.
//!
//! First the parts, in microseconds an event: the parser, a dialog-info document, the table. Then the whole: ten accounts with
//! twenty streams each in this process, against the sandbox in a process of its own (this program again), which makes
//! calls change so fast that 2,000 events arrive a second, for a minute. The sandbox writes the microsecond into the id of
//! each event; printed is how much later the event had been read, decoded and put into its table, and what the two
//! processes took. It fails if an event was lost, torn or late by more than the whole run.
//!
//! `EVENTS`, `SECONDS` change the figures.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use offhook_dstny::sip::{DialogTable, Outcome, dialog_info};
use offhook_dstny::{BaseUrl, Client, Identity, StreamItem, Subscription, Ticket};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wire::sse::{
    Budget, BudgetLimits, Event, Handle, Item, Limits, Parser, ParserLimits, Priority, Stream, Subscriber,
    Taken,
};
use wire::{Error, HttpOptions, Opened, Wake};

const ACCOUNTS: usize = 10;
const STREAMS: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    if arguments.iter().any(|argument| argument == "--serve") {
        runtime.block_on(serve());
    } else if arguments.iter().any(|argument| argument == "--bench") {
        // `cargo test --benches` runs this too, without the flag: there is nothing to test.
        parts();
        runtime.block_on(whole());
    }
}

/// The sandbox; a number on standard input is how many calls a second are to change.
async fn serve() {
    let mut options = sandbox::Options { agents: ACCOUNTS, ..sandbox::Options::default() };
    options.switches.set("sse_ids", "time").expect("a switch of the sandbox");
    let centre = sandbox::start(options).await.expect("free ports");
    println!("{}", centre.ready_line());
    let control = centre.control();
    let (lines, mut rates) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let _ = lines.send(line.trim().parse().unwrap_or(0));
        }
    });
    while let Some(rate) = rates.recv().await {
        control.change_calls(rate);
    }
}

fn parts() {
    const TIMES: u32 = 100_000;
    let each = |name: &str, mut work: Box<dyn FnMut(u32)>| {
        (0..1000).for_each(&mut work);
        let begun = Instant::now();
        (0..TIMES).for_each(&mut work);
        println!("{name:<50} {:>7.2} µs", begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES));
    };
    let document = |version: u32| {
        let state = if version.is_multiple_of(2) { "early" } else { "confirmed" };
        format!(
            "<?xml version=\"1.0\"?><dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{version}\" state=\"partial\" \
             entity=\"sip:ida@example.com\"><dialog id=\"a{}\" call-id=\"c1\" local-tag=\"l\" remote-tag=\"r\" direction=\"recipient\">\
             <state>{state}</state><local><identity>sip:ida@example.com</identity><target uri=\"sip:ida@192.0.2.7\">\
             <param pname=\"+sip.rendering\" pval=\"yes\"/></target></local><remote><identity display=\"Zoë Haddad\">\
             sip:+15550142277@example.com</identity></remote></dialog></dialog-info>",
            version % 8
        )
    };
    let text = document(1);
    let wire: Vec<u8> = format!("id: 7\ndata: {text}\n\n").into_bytes();
    println!("one event with a dialog-info document of {} bytes", text.len());
    let (mut parser, mut items) = (Parser::new(ParserLimits::default(), ""), Vec::new());
    each(
        "parse the stream",
        Box::new(move |_| {
            parser.feed(&wire, &mut items);
            assert!(matches!(items.pop(), Some(Item::Event(_))));
        }),
    );
    each(
        "read the document",
        Box::new(move |_| {
            assert!(dialog_info::parse(&text).is_ok());
        }),
    );
    let parsed: Vec<_> =
        (0..8).map(|n| dialog_info::parse(&document(n)).expect("a document of ours")).collect();
    let (mut table, mut version) = (DialogTable::default(), 0);
    table.replace(dialog_info::parse(&document(0)).expect("a document of ours"));
    each(
        "apply it to the table (with a copy of it)",
        Box::new(move |n| {
            version += 1;
            let mut next = parsed[n as usize % 8].clone();
            next.version = Some(version);
            assert!(matches!(table.apply(next), Outcome::Taken(_)));
        }),
    );
}

/// What all streams write down.
#[derive(Default)]
struct Seen {
    /// Microseconds from the sandbox to the table, since the last look.
    lags: Mutex<Vec<u64>>,
    malformed: Mutex<u64>,
}

/// One stream as the app has it: decode, keep the table.
struct Follow {
    client: Client,
    subscription: Subscription,
    table: DialogTable,
    /// The calls that are alive, for who opens a stream for each.
    calls: Option<watch::Sender<Vec<String>>>,
    seen: Arc<Seen>,
}

impl Subscriber for Follow {
    type Body = Opened;
    type Whole = ();

    async fn open(&self, last_event_id: Option<&str>) -> Result<Stream<Opened>, Error> {
        let request = self.client.stream_request(&self.subscription, last_event_id)?;
        Ok(self.client.http().open(request).await?.into())
    }

    /// The sandbox begins each stream with everything.
    async fn snapshot(&self) -> Result<(), Error> {
        Ok(())
    }

    async fn replace(&mut self, (): ()) -> Result<(), Error> {
        self.table = DialogTable::default();
        Ok(())
    }

    async fn apply(&mut self, event: Event) -> Taken {
        let taken = match self.subscription.read(&event.data) {
            StreamItem::Unreadable { .. } => Taken::Malformed("unreadable".to_owned()),
            StreamItem::Dialogs(document) => match self.table.apply(document) {
                Outcome::Refetch(_) => Taken::Malformed("a gap".to_owned()),
                Outcome::Taken(_) | Outcome::Ignored => Taken::Applied,
            },
            _ => Taken::Applied,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_micros() as u64);
        let written: u64 = event.id.parse().unwrap_or(0);
        self.seen.lags.lock().expect("no panic").push(now.saturating_sub(written));
        *self.seen.malformed.lock().expect("no panic") += u64::from(matches!(taken, Taken::Malformed(_)));
        if let Some(calls) = &self.calls {
            let alive: Vec<String> = self.table.dialogs().map(|dialog| dialog.id.clone()).collect();
            calls.send_if_modified(|known| std::mem::replace(known, alive.clone()) != alive);
        }
        taken
    }

    fn poll_every(&self) -> Option<Duration> {
        None
    }
}

async fn whole() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let (events, seconds) = (number("EVENTS", 2000), number("SECONDS", 60));
    let mut server = Command::new(std::env::current_exe().expect("this program"))
        .arg("--serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts once more");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut line).expect("the ready line");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("the ready line");
    let memory_before = memory(std::process::id(), "VmRSS:");

    let (seen, cancel) = (Arc::new(Seen::default()), CancellationToken::new());
    let dstny = &ready["platforms"]["dstny"];
    let users: Vec<_> = dstny["users"].as_array().expect("users").clone();
    let handles: Vec<Vec<Handle>> = users
        .iter()
        .map(|user| account(dstny["url"].as_str().expect("a url"), user, &users, &seen, &cancel))
        .collect();

    // Everybody gets a call and a stream for it; then as many changes as make the wanted events. Changes that follow each
    // other too fast are told in one event, so that is measured and corrected.
    let mut changes = 20.0;
    for _ in 0..4 {
        rate(&mut server, changes as u64);
        tokio::time::sleep(Duration::from_secs(2)).await;
        seen.lags.lock().expect("no panic").clear();
        tokio::time::sleep(Duration::from_secs(3)).await;
        let arrived = seen.lags.lock().expect("no panic").len() as f64 / 3.0;
        changes *= events as f64 / arrived.max(1.0);
    }

    seen.lags.lock().expect("no panic").clear();
    let (begun, own, sandbox) = (Instant::now(), cpu(std::process::id()), cpu(server.id()));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let lasted = begun.elapsed().as_secs_f64();
    let (own, sandbox) = (cpu(std::process::id()) - own, cpu(server.id()) - sandbox);
    let mut lags = std::mem::take(&mut *seen.lags.lock().expect("no panic"));
    let open: usize =
        handles.iter().flatten().map(|handle| usize::from(handle.figures().borrow().opened == 1)).sum();
    let opened_again = handles.iter().flatten().count() - open;
    lags.sort_unstable();
    let at = |part: f64| lags[((lags.len() - 1) as f64 * part) as usize] as f64 / 1000.0;
    println!(
        "\n{ACCOUNTS} accounts, {} streams and one for each call, {:.0} events a second for {lasted:.0} s",
        handles.iter().flatten().count(),
        lags.len() as f64 / lasted
    );
    println!(
        "written by the sandbox → in its table, ms: median {:.2}, p95 {:.2}, p99 {:.2}, worst {:.1}",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
    println!(
        "this process: {:.1} MiB (before: {memory_before:.1}, peak: {:.1}), {:.0} % of one core; the sandbox: {:.0} %",
        memory(std::process::id(), "VmRSS:"),
        memory(std::process::id(), "VmHWM:"),
        100.0 * own / lasted,
        100.0 * sandbox / lasted
    );
    cancel.cancel();
    let _ = server.kill();
    let _ = server.wait();
    assert_eq!(*seen.malformed.lock().expect("no panic"), 0, "events were lost or torn");
    assert_eq!(opened_again, 0, "streams broke");
}

/// One account with its streams: its own dialogs and calls, its queues, the lines and presence of the others.
fn account(
    url: &str,
    user: &serde_json::Value,
    users: &[serde_json::Value],
    seen: &Arc<Seen>,
    cancel: &CancellationToken,
) -> Vec<Handle> {
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().expect("a text").to_owned();
    let name = |value: &serde_json::Value| format!("{}@{}", text(value, "username"), text(value, "domain"));
    let identity = Identity::parse(&name(user)).expect("a user of the sandbox");
    let base = BaseUrl::parse(url).expect("the sandbox's address");
    let ticket = Some(Ticket::pasted(text(user, "token")));
    let client = Client::new(base, HttpOptions::default(), identity, ticket).expect("options of ours");
    let limits = BudgetLimits { places: STREAMS, ..BudgetLimits::default() };
    let budget = Budget::new(limits, Limits::default(), &Wake::new(), cancel.clone());
    let follow = {
        let seen = seen.clone();
        move |subscription, calls| Follow {
            client: client.clone(),
            subscription,
            table: DialogTable::default(),
            calls,
            seen: seen.clone(),
        }
    };
    let (calls, mut alive) = watch::channel(Vec::new());
    let mut handles = vec![
        budget.open("dialogs", Priority::Own, follow(Subscription::dialogs(), Some(calls))),
        budget.open("queues", Priority::Queues, follow(Subscription::queue_statistics(), None)),
    ];
    for other in users.iter().map(name).filter(|other| *other != name(user)) {
        let line = follow(Subscription::contact_line_state(&other), None);
        handles.push(budget.open(&format!("line {other}"), Priority::Visible, line));
        if handles.len() < STREAMS - 1 {
            let presence = follow(Subscription::contact_presence(&other), None);
            handles.push(budget.open(&format!("presence {other}"), Priority::Visible, presence));
        }
    }
    tokio::spawn(async move {
        let mut streams: BTreeMap<String, Handle> = BTreeMap::new();
        while alive.changed().await.is_ok() {
            let ids = alive.borrow_and_update().clone();
            streams.retain(|id, _| ids.contains(id));
            for id in ids {
                streams.entry(id.clone()).or_insert_with(|| {
                    budget.open(&id, Priority::Own, follow(Subscription::call(&id), None))
                });
            }
        }
    });
    handles
}

fn rate(server: &mut Child, changes: u64) {
    let pipe = server.stdin.as_mut().expect("a pipe");
    writeln!(pipe, "{changes}").and_then(|()| pipe.flush()).expect("the sandbox listens");
}

/// A line of `/proc/PID/status`, MiB.
fn memory(pid: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

/// Seconds of processor time so far.
fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
