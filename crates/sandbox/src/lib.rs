//! A local contact centre: one in-memory world that speaks a vendor's wire protocol over real HTTP, with scenarios,
//! fault injection and a control interface of its own.
//!
//! It is built from the vendors' documents alone and shares no code with the clients that are tested against it. All
//! people in it are invented. `docs/sandbox.md` tells how to use it from a shell.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use offhook_sandbox::{Options, start};
//!
//! let sandbox = start(Options::default()).await.unwrap();
//! assert!(sandbox.daktela_url().starts_with("http://127.0.0.1:"));
//! let ida = &sandbox.users()[0];
//! assert_eq!((ida.username.as_str(), ida.password.as_str()), ("ida", "practice-ida"));
//! sandbox.stop().await;
//! # });
//! ```

mod args;
mod ccaip;
mod control;
mod control_ccaip;
mod control_dstny;
mod control_tickets;
mod daktela;
mod dstny;
mod faults;
mod journal;
mod liveagent;
mod server;
mod switches;
mod tls;
mod world;

pub use args::{SandboxArgs, run};
pub use control::{Control, Forget, Problem, Ring};
pub use switches::Switches;

use journal::Journal;
use serde_json::{Value, json};
use server::{Door, Generation};
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use world::{Millis, Play, World};

/// What happens by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing: everything comes through the control interface.
    #[default]
    Quiet,
    /// A call for whoever goes ready, colleagues at work, somebody in the bell.
    TypicalDay,
    /// About one call a minute and agent.
    Storm,
    /// The lines of a file, as `docs/sandbox.md` tells.
    File(PathBuf),
}

/// How a sandbox is furnished.
#[derive(Debug, Clone)]
pub struct Options {
    /// What happens by itself.
    pub scenario: Scenario,
    /// All chance comes from it: the same seed gives the same people, numbers, tokens and events.
    pub seed: u64,
    /// HTTPS with an authority of its own ([`Sandbox::certificate_pem`]); the control interface stays HTTP.
    pub tls: bool,
    /// Port of the platform's Daktela face; 0 takes a free one.
    pub port: u16,
    /// Port of the platform's Dstny face; 0 takes a free one.
    pub dstny_port: u16,
    /// Port of the platform's LiveAgent face; 0 takes a free one.
    pub liveagent_port: u16,
    /// Port of the platform's CCAI Platform face; 0 takes a free one.
    pub ccaip_port: u16,
    /// Port of the control interface; 0 takes a free one.
    pub control_port: u16,
    /// How many agents there are; more than 40 work in teams of 25 with a queue of their own each.
    pub agents: usize,
    /// How many tickets there are at least; fewer than the ordinary few dozen are no fewer.
    pub tickets: usize,
    /// How the questions that the documents leave open are answered.
    pub switches: Switches,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scenario: Scenario::Quiet,
            seed: 1,
            tls: false,
            port: 0,
            dstny_port: 0,
            liveagent_port: 0,
            ccaip_port: 0,
            control_port: 0,
            agents: 8,
            tickets: 0,
            switches: Switches::default(),
        }
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct User {
    /// Login name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The static token of the user's detail in Daktela.
    pub access_token: String,
    /// Display name.
    pub title: String,
}

/// Somebody who can sign in at the Dstny face; the user name and password are the same on both.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DstnyUser {
    /// Login name.
    pub username: String,
    /// The organisation, which every path names.
    pub domain: String,
    /// Password.
    pub password: String,
    /// A ticket that opens everything, good for a year.
    pub token: String,
    /// Display name.
    pub title: String,
}

/// An agent of the LiveAgent face. Nobody signs in there: the account has a key for v1, each agent one for v3.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LiveAgentUser {
    /// The e-mail address, by which the account knows the agent.
    pub username: String,
    /// The agent's key for v3.
    pub v3_key: String,
    /// Display name.
    pub title: String,
}

/// An agent of the CCAI Platform face. Nobody signs in there by API: the customer has one token.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CcaipUser {
    /// The e-mail address, by which the platform knows the agent.
    pub username: String,
    /// The agent's number in the API.
    pub id: i64,
    /// Display name.
    pub title: String,
}

/// Everything that the doors and the control interface share.
#[derive(Debug)]
pub(crate) struct Centre {
    world: Mutex<World>,
    /// What was fetched from the traps in letters.
    pixels: Mutex<Vec<String>>,
    tokens: Mutex<daktela::Tokens>,
    dstny: Mutex<dstny::Store>,
    liveagent: Mutex<liveagent::Store>,
    ccaip: Mutex<ccaip::Store>,
    faults: Mutex<faults::Faults>,
    streams: dstny::Streams,
    switches: Mutex<Arc<Switches>>,
    journal: Arc<Journal>,
    /// Which life of the server this is: hashes of earlier ones are unknown.
    epoch: AtomicU64,
    agenda_changed: Notify,
    generation: watch::Sender<Generation>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A request that panicked must not take the whole centre with it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Centre {
    pub(crate) fn world(&self) -> WorldGuard<'_> {
        let world = lock(&self.world);
        let next = world.next_due();
        WorldGuard { world, next, agenda_changed: &self.agenda_changed }
    }

    pub(crate) fn pixels(&self) -> MutexGuard<'_, Vec<String>> {
        lock(&self.pixels)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, daktela::Tokens> {
        lock(&self.tokens)
    }

    /// What the Dstny face keeps. Locked after the world, never before it.
    pub(crate) fn dstny(&self) -> MutexGuard<'_, dstny::Store> {
        lock(&self.dstny)
    }

    /// What the LiveAgent face keeps. Locked after the world, never before it.
    pub(crate) fn liveagent(&self) -> MutexGuard<'_, liveagent::Store> {
        lock(&self.liveagent)
    }

    /// What the CCAI Platform face keeps. Locked after the world, never before it.
    pub(crate) fn ccaip(&self) -> MutexGuard<'_, ccaip::Store> {
        lock(&self.ccaip)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, faults::Faults> {
        lock(&self.faults)
    }

    pub(crate) fn switches(&self) -> Arc<Switches> {
        lock(&self.switches).clone()
    }

    pub(crate) fn set_switches(&self, switches: Switches) {
        self.world().rules = switches.rules();
        self.dstny().tickets.set_longest(switches.number("token_expiry").unwrap_or(0));
        *lock(&self.switches) = Arc::new(switches);
    }
}

/// The world while it is being looked at; tells the driver if something was put on the agenda.
pub(crate) struct WorldGuard<'a> {
    world: MutexGuard<'a, World>,
    next: Option<Millis>,
    agenda_changed: &'a Notify,
}

impl Deref for WorldGuard<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for WorldGuard<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Drop for WorldGuard<'_> {
    fn drop(&mut self) {
        if self.world.next_due() != self.next {
            self.agenda_changed.notify_one();
        }
    }
}

/// Lets the agenda happen.
async fn drive(centre: Arc<Centre>) {
    loop {
        let wait = {
            let mut world = centre.world();
            world.run_due();
            // What the driver itself did is no news to it.
            world.next = world.world.next_due();
            world.next.map(|due| world.clock.until(due))
        };
        match wait {
            Some(wait) => {
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = centre.agenda_changed.notified() => {}
                }
            }
            None => centre.agenda_changed.notified().await,
        }
    }
}

/// A running contact centre. It ends with [`stop`](Sandbox::stop) or when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    centre: Arc<Centre>,
    tasks: Vec<JoinHandle<()>>,
    daktela_url: String,
    dstny_url: String,
    liveagent_url: String,
    ccaip_url: String,
    control_url: String,
    certificate_pem: Option<String>,
    users: Vec<User>,
    dstny_users: Vec<DstnyUser>,
    liveagent_key: String,
    liveagent_users: Vec<LiveAgentUser>,
    ccaip_token: String,
    ccaip_users: Vec<CcaipUser>,
}

/// Furnishes a contact centre and opens its doors on this machine's loopback address.
///
/// # Errors
/// When a port is taken, or the scenario's file cannot be read or understood.
pub async fn start(options: Options) -> io::Result<Sandbox> {
    let play = match &options.scenario {
        Scenario::Quiet => Play::Quiet,
        Scenario::TypicalDay => Play::TypicalDay { next_is_planned: false },
        Scenario::Storm => Play::Storm,
        Scenario::File(path) => {
            let told = |e: serde_json::Error| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{}: {e}", path.display()))
            };
            let lines = serde_json::from_slice(&fs::read(path)?).map_err(told)?;
            Play::Script { lines, started_by_ready: false, labels: Default::default() }
        }
    };
    let journal = Arc::new(Journal::default());
    let mut world = World::new(options.seed, options.agents, play, journal.clone());
    world.rules = options.switches.rules();
    let roster = world.roster.clone();
    let tokens = daktela::Tokens::new(options.seed, &roster);
    let people = roster.iter().filter_map(|id| world.agents.get(id));
    let users = people
        .map(|agent| User {
            username: agent.id.clone(),
            password: agent.password.clone(),
            access_token: tokens.static_of(&agent.id).unwrap_or_default().to_owned(),
            title: agent.name.clone(),
        })
        .collect();
    let mut store = dstny::Store::new(options.seed, &world);
    store.tickets.set_longest(options.switches.number("token_expiry").unwrap_or(0));
    let people = roster.iter().filter_map(|id| world.agents.get(id));
    let dstny_users = people
        .map(|agent| DstnyUser {
            username: agent.id.clone(),
            domain: dstny::DOMAIN.to_owned(),
            password: agent.password.clone(),
            token: store.tickets.practice_of(&agent.id).unwrap_or_default().to_owned(),
            title: agent.name.clone(),
        })
        .collect();
    let identity = if options.tls { Some(tls::identity()?) } else { None };
    let (acceptor, certificate_pem) = identity.map(|i| (i.acceptor, i.authority_pem)).unzip();
    let platform = Door::open(options.port, acceptor.clone()).await?;
    let exchange = Door::open(options.dstny_port, acceptor.clone()).await?;
    let helpdesk = Door::open(options.liveagent_port, acceptor.clone()).await?;
    let cloud = Door::open(options.ccaip_port, acceptor).await?;
    let control = Door::open(options.control_port, None).await?;
    let scheme = if options.tls { "https" } else { "http" };
    let daktela_url = format!("{scheme}://{}", platform.address);
    let dstny_url = format!("{scheme}://{}", exchange.address);
    let liveagent_url = format!("{scheme}://{}", helpdesk.address);
    let ccaip_url = format!("{scheme}://{}", cloud.address);
    let control_url = format!("http://{}", control.address);
    world.furnish_letters(&control_url, options.tickets);
    // After the last ticket: their tags are known from the start.
    let desk = liveagent::Store::new(options.seed, &world);
    let people = roster.iter().filter_map(|id| world.agents.get(id));
    let liveagent_users = people
        .map(|agent| LiveAgentUser {
            username: agent.email.clone(),
            v3_key: desk.keys.v3_of(&agent.id).unwrap_or_default().to_owned(),
            title: agent.name.clone(),
        })
        .collect();
    let liveagent_key = desk.keys.v1().to_owned();
    let book = ccaip::Store::new(options.seed, &world);
    let ccaip_token = book.keys.token().to_owned();
    let people = roster.iter().filter_map(|id| world.agents.get(id));
    let ccaip_users = people
        .map(|agent| CcaipUser {
            username: agent.email.clone(),
            id: ccaip::agent_number_of(&world, &agent.id),
            title: agent.name.clone(),
        })
        .collect();
    let centre = Arc::new(Centre {
        world: Mutex::new(world),
        pixels: Mutex::default(),
        tokens: Mutex::new(tokens),
        dstny: Mutex::new(store),
        liveagent: Mutex::new(desk),
        ccaip: Mutex::new(book),
        faults: Mutex::new(faults::Faults::new(options.seed)),
        streams: dstny::Streams::default(),
        switches: Mutex::new(Arc::new(options.switches)),
        journal: journal.clone(),
        epoch: AtomicU64::new(1),
        agenda_changed: Notify::new(),
        generation: watch::Sender::new(Generation::default()),
    });
    let (lives, exchange_lives) = (centre.generation.subscribe(), centre.generation.subscribe());
    let (helpdesk_lives, cloud_lives) = (centre.generation.subscribe(), centre.generation.subscribe());
    // The control interface has one life: it must answer while the platform restarts.
    let one_life = watch::Sender::new(Generation::default());
    let once = one_life.subscribe();
    let desk = Arc::new(control::Desk { control: Control(centre.clone()), _life: one_life });
    let tasks = vec![
        tokio::spawn(drive(centre.clone())),
        tokio::spawn(platform.serve(Arc::new(daktela::Face(centre.clone())), journal.clone(), lives)),
        tokio::spawn(exchange.serve(Arc::new(dstny::Face(centre.clone())), journal.clone(), exchange_lives)),
        tokio::spawn(helpdesk.serve(
            Arc::new(liveagent::Face(centre.clone())),
            journal.clone(),
            helpdesk_lives,
        )),
        tokio::spawn(cloud.serve(
            Arc::new(ccaip::Face { centre: centre.clone(), scheme }),
            journal.clone(),
            cloud_lives,
        )),
        tokio::spawn(control.serve(desk, journal, once)),
    ];
    Ok(Sandbox {
        centre,
        tasks,
        daktela_url,
        dstny_url,
        liveagent_url,
        ccaip_url,
        control_url,
        certificate_pem,
        users,
        dstny_users,
        liveagent_key,
        liveagent_users,
        ccaip_token,
        ccaip_users,
    })
}

impl Sandbox {
    /// What is printed when the doors are open:
    /// `{"ready":true,"control":…,"platforms":{"daktela":{"url":…,"users":[…]},"dstny":{"url":…,"users":[…]},
    /// "liveagent":{"url":…,"key":…,"v3_key":…,"users":[…]},"ccaip":{"url":…,"user":…,"token":…,"users":[…]}}}`.
    #[must_use]
    pub fn ready_line(&self) -> Value {
        let mut daktela = json!({"url": self.daktela_url, "users": self.users});
        let mut dstny = json!({"url": self.dstny_url, "users": self.dstny_users});
        let mut liveagent = json!({"url": self.liveagent_url, "key": self.liveagent_key,
            "v3_key": self.liveagent_users.first().map(|u| &u.v3_key), "users": self.liveagent_users});
        let mut ccaip = json!({"url": self.ccaip_url, "user": ccaip::SUBDOMAIN, "token": self.ccaip_token,
            "users": self.ccaip_users});
        if let Some(pem) = &self.certificate_pem {
            for face in [&mut daktela, &mut dstny, &mut liveagent, &mut ccaip] {
                face["certificate_pem"] = json!(pem);
            }
        }
        json!({"ready": true, "control": self.control_url, "platforms": {"daktela": daktela, "dstny": dstny,
            "liveagent": liveagent, "ccaip": ccaip}})
    }

    /// Base URL of the control interface, without a slash at the end.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.control_url.clone()
    }

    /// Base URL of the Daktela face, without a slash at the end.
    #[must_use]
    pub fn daktela_url(&self) -> String {
        self.daktela_url.clone()
    }

    /// Base URL of the Dstny face, without `/api` and without a slash at the end.
    #[must_use]
    pub fn dstny_url(&self) -> String {
        self.dstny_url.clone()
    }

    /// Base URL of the LiveAgent face, without `/api` and without a slash at the end.
    #[must_use]
    pub fn liveagent_url(&self) -> String {
        self.liveagent_url.clone()
    }

    /// The account's key for LiveAgent v1; it opens everything and is nobody's.
    #[must_use]
    pub fn liveagent_key(&self) -> String {
        self.liveagent_key.clone()
    }

    /// The key for LiveAgent v3 of the first agent, who practises.
    #[must_use]
    pub fn liveagent_v3_key(&self) -> String {
        self.liveagent_users.first().map(|user| user.v3_key.clone()).unwrap_or_default()
    }

    /// The agents of the LiveAgent face, each with a key for v3; the first one practises.
    #[must_use]
    pub fn liveagent_users(&self) -> Vec<LiveAgentUser> {
        self.liveagent_users.clone()
    }

    /// Base URL of the CCAI Platform face, without `/manager` or `/apps` and without a slash at the end.
    #[must_use]
    pub fn ccaip_url(&self) -> String {
        self.ccaip_url.clone()
    }

    /// The user name that goes with the token of CCAI Platform: the customer's subdomain.
    #[must_use]
    pub fn ccaip_user(&self) -> &'static str {
        ccaip::SUBDOMAIN
    }

    /// The customer's API token for CCAI Platform; it opens everything and is nobody's.
    #[must_use]
    pub fn ccaip_token(&self) -> String {
        self.ccaip_token.clone()
    }

    /// The agents of the CCAI Platform face; the first one practises.
    #[must_use]
    pub fn ccaip_users(&self) -> Vec<CcaipUser> {
        self.ccaip_users.clone()
    }

    /// Everybody who can sign in at the Dstny face; the first one practises.
    #[must_use]
    pub fn dstny_users(&self) -> Vec<DstnyUser> {
        self.dstny_users.clone()
    }

    /// Everybody who can sign in; the first one practises.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.users.clone()
    }

    /// The authority to trust, when the sandbox speaks TLS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// The control interface's operations without HTTP.
    #[must_use]
    pub fn control(&self) -> Control {
        Control(self.centre.clone())
    }

    /// Closes the doors and cuts every connection.
    pub async fn stop(mut self) {
        let tasks = std::mem::take(&mut self.tasks);
        for task in &tasks {
            task.abort();
        }
        for task in tasks {
            // It was aborted a moment ago; there is nothing else to learn from it.
            let _ = task.await;
        }
        self.cut();
    }

    fn cut(&self) {
        self.centre.generation.send_modify(|_| {});
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.cut();
    }
}
