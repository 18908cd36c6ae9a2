//! A program that is killed at any moment loses no word and sends nothing twice: the engine runs in a process of its own,
//! which writes and sends as fast as it can until SIGKILL strikes. What it said to have kept must be there afterwards.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, SecretString, Vault, VaultError};
use model::{
    AccountId, Capability, Composing, LeaveState, Message, MessageKind, OutboxState, Platform, TicketId,
    Timestamp, Watch, Work,
};
use product_tests::tickets::{first_user, post, truth};
use product_tests::{becomes, centre, options, state};
use serde_json::{Value, json};

use super::BOTH;

/// Names the folder of the process that is to be killed.
const FOLDER: &str = "OFFHOOK_TEST_KILLED_FOLDER";
/// Names the ticket it writes to.
const TICKET: &str = "OFFHOOK_TEST_KILLED_TICKET";
/// What its words begin with.
const ROUND: &str = "OFFHOOK_TEST_KILLED_ROUND";

/// A keychain that outlives the process.
struct Chest(PathBuf);

impl Chest {
    fn file(&self, account: &AccountId) -> PathBuf {
        self.0.join(format!("{account}.secret"))
    }
}

impl Vault for Chest {
    fn read(&self, account: &AccountId) -> Result<Option<SecretString>, VaultError> {
        Ok(std::fs::read_to_string(self.file(account)).ok().map(SecretString::from))
    }

    fn write(&self, account: &AccountId, secret: &SecretString) -> Result<(), VaultError> {
        let secret = secrecy::ExposeSecret::expose_secret(secret);
        // The old or the new one, whenever the process dies.
        let beside = self.file(account).with_extension("new");
        let kept =
            std::fs::write(&beside, secret).and_then(|()| std::fs::rename(&beside, self.file(account)));
        kept.map_err(|error| VaultError::Failed(error.to_string()))
    }

    fn delete(&self, account: &AccountId) -> Result<(), VaultError> {
        let _ = std::fs::remove_file(self.file(account));
        Ok(())
    }
}

async fn engine(folder: &Path) -> Engine {
    let chest = Arc::new(Chest(folder.join("chest")));
    Engine::start(options(folder.join("data"), chest)).await.expect("the engine starts")
}

/// Ends a process for good when the test is over, however it is.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL on Unix: nothing is written to the end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the next test starts and kills"]
async fn writes_and_sends_until_it_is_killed() {
    let set =
        |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is set by the test that kills"));
    let (folder, ticket, round) = (PathBuf::from(set(FOLDER)), TicketId::from(set(TICKET)), set(ROUND));
    let engine = engine(&folder).await;
    let say = |what: &str, word: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{what} {word}").and_then(|()| out.flush()).expect("somebody listens");
    };
    for n in 1..=200 {
        let word = format!("word-{round}-{n}.");
        let kind = if n % 3 == 0 { MessageKind::Note } else { MessageKind::Reply };
        let message = Message { kind, text: word.clone(), ..Message::default() };
        let key = format!("{ticket}#{round}-{n}");
        let work = Work::Send { ticket: ticket.clone(), message };
        let composing = Composing { key: key.clone(), work, title: "A word".to_owned(), at: Timestamp(1) };
        engine.compose(composing).await.expect("it is kept");
        say("kept", &word);
        let item = engine.send(key).await.expect("it is put into the outbox");
        say("sent", &word);
        if n % 2 == 0 {
            // Some are killed while they wait, some while they are being sent, some afterwards.
            becomes("it has left", || !engine.snapshot().outbox.iter().any(|one| one.id == item)).await;
        }
    }
}

/// Runs the process above until it has said so many things, and kills it a moment later. What it said, in order.
fn killed_after(
    folder: &Path,
    ticket: &TicketId,
    round: usize,
    said: usize,
    moment: Duration,
) -> Vec<(String, String)> {
    let mut command = Command::new(std::env::current_exe().expect("the test knows itself"));
    command.args(["--ignored", "--exact", "killed::writes_and_sends_until_it_is_killed", "--nocapture"]);
    command.env(FOLDER, folder).env(TICKET, ticket.as_str()).env(ROUND, round.to_string());
    let mut child = Killed(command.stdout(Stdio::piped()).spawn().expect("the process starts"));
    let lines = BufReader::new(child.0.stdout.take().expect("its words")).lines();
    let understood = |line: String| {
        let (what, word) = line.split_once(' ')?;
        (matches!(what, "kept" | "sent") && word.starts_with("word-"))
            .then(|| (what.to_owned(), word.to_owned()))
    };
    let mut told: Vec<_> = Vec::new();
    let mut lines = lines.map_while(Result::ok).filter_map(understood);
    while told.len() < said {
        told.push(lines.next().expect("it says so much"));
    }
    // The moment of death is what is tried, not what is waited for.
    std::thread::sleep(moment);
    child.0.kill().expect("it is killed");
    told.extend(lines);
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_killed_at_any_moment_loses_no_word_and_sends_nothing_twice() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let control = sandbox.control();
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("chest")).expect("a chest");
        let made = post(&control, "tickets", json!({"title": "Many words", "text": "Well?"}));
        let number = made["ticket"].to_string();
        let first = engine(folder.path()).await;
        let account = first.add_account(first_user(&sandbox, platform)).await.expect("signed in");
        becomes("tickets are offered", || {
            state(&first.snapshot(), &account).capabilities.contains(&Capability::Tickets)
        })
        .await;
        let name = match platform {
            Platform::LiveAgent => made["conversation"].as_str().expect("a name").to_owned(),
            _ => number.clone(),
        };
        let ticket = TicketId::new(&account, &name);
        first.stop(LeaveState::Stay).await;
        drop(first);

        // Answers that take a moment: most deaths strike between the deed and its answer.
        control.fault(json!({"kind": "latency", "ms": 25})).expect("a fault");
        let mut told = BTreeMap::new();
        for (round, (said, moment)) in
            [(1, 0), (2, 30), (3, 55), (6, 15), (5, 80), (8, 5)].into_iter().enumerate()
        {
            let (folder, ticket) = (folder.path().to_owned(), ticket.clone());
            let moment = Duration::from_millis(moment);
            let said =
                tokio::task::spawn_blocking(move || killed_after(&folder, &ticket, round, said, moment));
            told.extend(said.await.expect("it was killed").into_iter().map(|(what, word)| (word, what)));
        }
        control.clear_faults();

        let last = engine(folder.path()).await;
        last.watch(Watch { ticket: Some(ticket), ..Watch::default() });
        becomes("everything is settled", || {
            let outbox = last.snapshot().outbox;
            let stuck = |one: &&model::OutboxItem| {
                !matches!(
                    one.state,
                    OutboxState::Waiting | OutboxState::Sending | OutboxState::Unknown { .. }
                )
            };
            assert_eq!(
                outbox.iter().find(stuck),
                None,
                "{platform:?}: the platform can be asked, so nobody need be"
            );
            outbox.is_empty()
        })
        .await;
        let truth = truth(&control, &number);
        let bodies: Vec<String> = truth["entries"]
            .as_array()
            .expect("entries")
            .iter()
            .map(|entry| entry["body"].to_string())
            .collect();
        let composing: Vec<String> = (last.snapshot().composing.into_iter())
            .filter_map(|one| match one.work {
                Work::Send { message, .. } => Some(message.text),
                _ => None,
            })
            .collect();
        assert!(told.len() >= 12, "{told:?}");
        for (word, what) in &told {
            let there = bodies.iter().filter(|body| body.contains(word.as_str())).count();
            let here = composing.iter().filter(|text| *text == word).count();
            match what.as_str() {
                "sent" => assert_eq!((there, here), (1, 0), "{platform:?} {word} sent"),
                _ => assert_eq!(there + here, 1, "{platform:?} {word} kept"),
            }
        }
        let twice = |body: &String| {
            body.contains("word-") && bodies.iter().filter(|other| *other == body).count() > 1
        };
        assert_eq!(
            bodies.iter().find(|body| twice(body)),
            None::<&String>,
            "{}",
            Value::from(bodies.clone())
        );
        last.stop(LeaveState::Stay).await;
    }
}
