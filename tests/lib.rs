//! Helpers shared by the whole-product tests: an engine signed in to a sandbox in the same process, over real HTTP,
//! and waiting for what ought to come, never for time to pass.

pub mod tickets;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::{Engine, Followed, Follower, Options, SecretString, SessionVault, Vault, VaultError};
use model::{
    AccountId, AccountState, Activity, ActivityId, AgentTarget, Command, CommandStatus, Credential, Event,
    KeepSecret, Link, NewAccount, Outcome, Platform, Presence, Problem, ProblemCode, Ring, RingOutcome,
    Snapshot,
};
use sandbox::{Control, Sandbox, Switches};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A sandbox with these switches, and nothing happening by itself.
pub async fn centre(switches: &[(&str, &str)]) -> Sandbox {
    let mut set = Switches::default();
    for (name, value) in switches {
        set.set(name, value).unwrap_or_else(|error| panic!("{error}"));
    }
    let options = sandbox::Options { switches: set, ..sandbox::Options::default() };
    sandbox::start(options).await.expect("the sandbox starts")
}

/// A keychain that can be locked.
#[derive(Default)]
pub struct Keychain {
    kept: SessionVault,
    locked: AtomicBool,
}

impl Keychain {
    /// Nobody gets anything from now on.
    pub fn lock(&self) {
        self.locked.store(true, Ordering::SeqCst);
    }

    /// It is open again.
    pub fn unlock(&self) {
        self.locked.store(false, Ordering::SeqCst);
    }

    fn open(&self) -> Result<&SessionVault, VaultError> {
        if self.locked.load(Ordering::SeqCst) { Err(VaultError::Locked) } else { Ok(&self.kept) }
    }
}

impl Vault for Keychain {
    fn read(&self, account: &AccountId) -> Result<Option<SecretString>, VaultError> {
        self.open()?.read(account)
    }

    fn write(&self, account: &AccountId, secret: &SecretString) -> Result<(), VaultError> {
        self.open()?.write(account, secret)
    }

    fn delete(&self, account: &AccountId) -> Result<(), VaultError> {
        self.open()?.delete(account)
    }
}

/// What the keychain keeps for an account.
pub fn secret(desk: &Desk, account: &AccountId) -> Option<String> {
    let secret = desk.vault.read(account).expect("the keychain is open");
    secret.map(|secret| secrecy::ExposeSecret::expose_secret(&secret).to_owned())
}

/// An engine with its own folder.
pub struct Desk {
    /// The engine.
    pub engine: Engine,
    /// Where its secrets are.
    pub vault: Arc<Keychain>,
    dir: Arc<tempfile::TempDir>,
    follower: Follower,
    /// Events that came together and are not taken in yet.
    heard: VecDeque<Event>,
    /// The state as the events tell it, held against the engine's own at every step.
    told: Snapshot,
    /// How every ring that was told of ended, in order.
    pub ended: Vec<(ActivityId, RingOutcome)>,
}

impl Desk {
    /// A fresh engine.
    pub async fn new() -> Self {
        let dir = Arc::new(tempfile::tempdir().expect("a folder for the test"));
        Self::open(dir, Arc::new(Keychain::default())).await
    }

    async fn open(dir: Arc<tempfile::TempDir>, vault: Arc<Keychain>) -> Self {
        let engine =
            Engine::start(options(dir.path().to_owned(), vault.clone())).await.expect("the engine starts");
        let (told, follower) = engine.follow();
        Self { engine, vault, dir, follower, heard: VecDeque::new(), told, ended: Vec::new() }
    }

    /// Every byte that the engine keeps on the disk.
    pub fn database(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.dir.path()).expect("the folder is there");
        files.flatten().filter_map(|file| std::fs::read(file.path()).ok()).flatten().collect()
    }

    /// The same folder and keychain with a new engine, as after a restart of the program.
    pub async fn restarted(self) -> Self {
        self.engine.stop(model::LeaveState::Stay).await;
        let Self { dir, vault, engine, .. } = self;
        drop(engine);
        Self::open(dir, vault).await
    }

    /// Adds the account of a sandbox's user by password.
    pub async fn sign_in(&mut self, sandbox: &Sandbox, user: usize) -> AccountId {
        self.add(by_password(sandbox, user)).await
    }

    /// Adds an account and waits until it is told of.
    pub async fn add(&mut self, new: NewAccount) -> AccountId {
        let id = self.engine.add_account(new).await.expect("the sign-in works");
        let known = |s: &Snapshot| s.accounts.iter().any(|account| account.account.id == id).then_some(());
        self.until("the account is there", known).await;
        id
    }

    /// A desk that is signed in and ready as the sandbox's first user.
    pub async fn ready(sandbox: &Sandbox) -> (Self, AccountId) {
        let mut desk = Self::new().await;
        let account = desk.sign_in(sandbox, 0).await;
        desk.go_ready(&account).await;
        (desk, account)
    }

    /// Goes ready on an account and waits until the platform says so.
    pub async fn go_ready(&mut self, account: &AccountId) {
        self.until("devices are known", |s| (!state(s, account).devices.is_empty()).then_some(())).await;
        self.confirmed(Command::SetState {
            target: AgentTarget::Ready,
            accounts: Some(vec![account.clone()]),
        })
        .await;
        self.until("the device is reachable", |s| s.agent.reachable.then_some(())).await;
    }

    /// Waits until the state shows something, even if only for a moment; then takes in all else that is told by now,
    /// so that what came together is seen together.
    pub async fn until<T>(&mut self, what: &str, shows: impl Fn(&Snapshot) -> Option<T>) -> T {
        let waiting = async {
            let mut found = None;
            loop {
                if found.is_none() {
                    found = shows(&self.told).map(|found| (found, self.engine.snapshot().seq));
                }
                if let Some((found, _)) = found.take_if(|(_, seq)| self.told.seq >= *seq) {
                    return found;
                }
                // One event at a time: what was only for a moment is seen too, however late this thread gets its turn.
                if let Some(event) = self.heard.pop_front() {
                    self.apply(event);
                    continue;
                }
                match self.follower.next().await {
                    Followed::Events(events) => self.heard.extend(events),
                    Followed::Gap => (self.told, self.follower) = self.engine.follow(),
                    Followed::End => panic!("the engine ended while waiting until {what}"),
                }
            }
        };
        let Ok(found) = tokio::time::timeout(PATIENCE, waiting).await else {
            panic!("waited too long until {what}; the state is {:#?}", self.told)
        };
        found
    }

    /// Takes an event as a view would.
    fn apply(&mut self, event: Event) {
        assert_eq!(event.seq, self.told.seq + 1, "no event is lost");
        if let model::Change::Ring { ring: Ring { activity, ended: Some(how), .. } } = &event.change {
            self.ended.push((activity.clone(), *how));
        }
        fold(&mut self.told, event);
    }

    /// The state as it was last told.
    pub fn told(&self) -> &Snapshot {
        &self.told
    }

    /// Runs a command to its end.
    pub async fn run(&mut self, command: Command) -> CommandStatus {
        let id = self.engine.execute(command);
        let finished = self.engine.finished(id);
        let status = tokio::time::timeout(PATIENCE, finished).await.expect("every command comes to an end");
        // What it did has been told by now: whoever asks next is to see it.
        self.until("it is told", |_| Some(())).await;
        status
    }

    /// Runs a command that must be confirmed.
    pub async fn confirmed(&mut self, command: Command) -> CommandStatus {
        let status = self.run(command).await;
        assert_eq!(status.outcome, Outcome::Confirmed, "{:?}", status.command);
        status
    }

    /// Runs a command that must be refused, and says why it was.
    pub async fn refused(&mut self, command: Command) -> Problem {
        match self.run(command).await.outcome {
            Outcome::Refused { problem } => problem,
            other => panic!("refused, and not {other:?}"),
        }
    }

    /// Lets a call ring at the first user and waits until it does here.
    pub async fn rung(&mut self, control: &Control, account: &AccountId, number: &str) -> Activity {
        let name = ring(control, number);
        let id = ActivityId::new(account, &name);
        self.until("it rings", |s| s.rings.iter().any(|ring| ring.activity == id).then_some(())).await;
        activity(&self.told, &id).cloned().expect("what rings is an activity")
    }

    /// Waits until the ring of an activity has ended, and says how.
    pub async fn ring_ended(&mut self, id: &ActivityId) -> RingOutcome {
        self.until("the ring ends", |s| (!s.rings.iter().any(|ring| ring.activity == *id)).then_some(()))
            .await;
        let mut ended = self.ended.iter().filter(|(ended, _)| ended == id);
        let (_, outcome) = ended.next_back().expect("an end is told");
        *outcome
    }

    /// Takes in all that has been told, and holds it against what the engine says.
    pub async fn is_in_step(&mut self) {
        let real = self.engine.snapshot();
        self.until("all is told", |s| (s.seq == real.seq).then_some(())).await;
        assert_same(&self.told, &real);
    }

    /// Waits until an account's link is this.
    pub async fn link(&mut self, account: &AccountId, link: Link) -> AccountState {
        self.until(&format!("{link:?}"), |s| {
            Some(state(s, account)).filter(|account| account.health.link == link).cloned()
        })
        .await
    }
}

/// What an engine in this folder starts with.
pub fn options(data_dir: std::path::PathBuf, vault: Arc<dyn Vault>) -> Options {
    let http = wire::HttpOptions { proxy: wire::Proxy::None, ..wire::HttpOptions::default() };
    Options { data_dir, vault, http, language: "en".to_owned() }
}

/// A user of the sandbox as a new account.
pub fn by_password(sandbox: &Sandbox, user: usize) -> NewAccount {
    let user = sandbox.users().swap_remove(user);
    new_account(
        &sandbox.daktela_url(),
        Credential::Password { username: user.username, password: user.password, code: None },
    )
}

/// A user of the sandbox as a new account with the static token.
pub fn by_token(sandbox: &Sandbox, user: usize) -> NewAccount {
    let user = sandbox.users().swap_remove(user);
    new_account(
        &sandbox.daktela_url(),
        Credential::Token { token: user.access_token, username: None, second: None, user: None },
    )
}

/// A new account.
pub fn new_account(url: &str, credential: Credential) -> NewAccount {
    NewAccount {
        platform: Platform::Daktela,
        url: url.to_owned(),
        name: String::new(),
        credential,
        keep: KeepSecret::Keychain,
    }
}

/// Lets a call come in for the sandbox's first user; answers the platform's name of it.
pub fn ring(control: &Control, number: &str) -> String {
    let first = sandbox::Ring {
        agent: Some("ida".to_owned()),
        number: Some(number.to_owned()),
        ..sandbox::Ring::default()
    };
    control.ring(first).expect("somebody calls")
}

/// Waits until something holds that nobody tells of.
pub async fn becomes(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited too long until {what}"));
}

/// An account in a snapshot.
pub fn state<'a>(snapshot: &'a Snapshot, id: &AccountId) -> &'a AccountState {
    snapshot.accounts.iter().find(|account| account.account.id == *id).expect("the account is there")
}

/// An activity in a snapshot.
pub fn activity<'a>(snapshot: &'a Snapshot, id: &ActivityId) -> Option<&'a Activity> {
    snapshot.activities.iter().find(|activity| activity.id == *id)
}

/// The presence of the agent on an account.
pub fn presence(snapshot: &Snapshot, id: &AccountId) -> Option<Presence> {
    state(snapshot, id).agent.as_ref().map(|agent| agent.presence)
}

/// The code of an account's problem.
pub fn problem_of(snapshot: &Snapshot, id: &AccountId) -> Option<ProblemCode> {
    state(snapshot, id).health.problem.as_ref().map(|problem| problem.code)
}

/// Takes an event into a snapshot, as every view does.
pub fn fold(told: &mut Snapshot, event: Event) {
    use model::Change;
    (told.seq, told.at) = (event.seq, event.at);
    match event.change {
        Change::Agent { agent } => told.agent = agent,
        Change::Account { account } => put(&mut told.accounts, *account, |a| a.account.id.clone()),
        Change::AccountRemoved { id } => told.accounts.retain(|account| account.account.id != id),
        Change::Activity { activity } => put(&mut told.activities, *activity, |a| a.id.clone()),
        Change::ActivityRemoved { id } => told.activities.retain(|activity| activity.id != id),
        Change::Ring { ring } if ring.ended.is_some() => {
            told.rings.retain(|known| known.activity != ring.activity);
        }
        Change::Ring { ring } => put(&mut told.rings, ring, |ring| ring.activity.clone()),
        Change::Command { status } => put(&mut told.commands, *status, |status| status.id),
        Change::Outbox { item } => put(&mut told.outbox, *item, |item| item.id),
        Change::OutboxRemoved { id } => told.outbox.retain(|item| item.id != id),
        Change::Settings { settings } => told.settings = settings,
        Change::Statistics { statistics } => {
            put(&mut told.statistics, *statistics, |one| (one.account.clone(), one.queue.clone()));
        }
        Change::StatisticsRemoved { queue } => {
            told.statistics.retain(|one| (&one.account, &one.queue) != (&queue.account, &queue.queue));
        }
        Change::Presence { presence } => put(&mut told.presences, *presence, |one| one.contact.clone()),
        Change::PresenceRemoved { contact } => told.presences.retain(|one| one.contact != contact),
        Change::Composing { composing } => put(&mut told.composing, *composing, |one| one.key.clone()),
        Change::ComposingRemoved { key } => told.composing.retain(|one| one.key != key),
        Change::Bulk { bulk } => put(&mut told.bulks, bulk, |bulk| bulk.id),
        Change::Notice { notice } => put(&mut told.notices, notice, |notice| notice.key.clone()),
        Change::NoticeRemoved { key } => told.notices.retain(|notice| notice.key != key),
        // Days are asked for.
        Change::Day { .. } => {}
        Change::Inbox { sync } => put(&mut told.inbox, sync, |sync| sync.account.clone()),
        // Lists ask for their rows themselves.
        Change::Tickets { .. } => {}
    }
}

fn put<T, K: PartialEq>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    match list.iter_mut().find(|old| key(old) == key(&new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

/// Holds what the events told against what the engine says: they must be the same state.
pub fn assert_same(told: &Snapshot, real: &Snapshot) {
    let by_id = |snapshot: &Snapshot| {
        let activities: BTreeMap<_, _> =
            snapshot.activities.iter().map(|a| (a.id.clone(), a.clone())).collect();
        let accounts: BTreeMap<_, _> =
            snapshot.accounts.iter().map(|a| (a.account.id.clone(), a.clone())).collect();
        let pending: Vec<_> =
            snapshot.commands.iter().filter(|c| c.outcome == Outcome::Pending).cloned().collect();
        let statistics: BTreeMap<_, _> = (snapshot.statistics.iter())
            .map(|one| ((one.account.clone(), one.queue.clone()), one.clone()))
            .collect();
        let presences: BTreeMap<_, _> =
            snapshot.presences.iter().map(|one| (one.contact.clone(), one.clone())).collect();
        let notices: BTreeMap<_, _> =
            snapshot.notices.iter().map(|one| (one.key.clone(), one.clone())).collect();
        let live = (snapshot.rings.clone(), pending, statistics, presences, notices);
        (snapshot.seq, snapshot.agent.clone(), activities, accounts, live)
    };
    assert_eq!(by_id(told), by_id(real));
}
