//! What the desktop shell consists of, in one place: the engine and what stands around it.
//!
//! The shell does not know a window system by itself: whatever shows something goes through [`Desk`]. The app puts
//! real windows behind it, the command line and the tests put nothing there, and everything else is the same.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use engine::{Engine, Options, Vault};
use model::ipc::{DiagnosticLine, ShellEvent, Window};
use model::{LeaveState, Problem, UnifiedPresence};
use tauri::async_runtime::JoinHandle;
use tokio::sync::mpsc;

use crate::door::Door;
use crate::keychain::Keychain;
use crate::links::Inbox;
use crate::notifier::Notifier;
use crate::place::Place;
use crate::practice::Practice;
use crate::saving::Chosen;
use crate::sound::Sound;
use crate::words::{self, Words};

/// How long the parts of the shell may take to end, once the sessions have.
const PARTING: Duration = Duration::from_secs(3);

/// A question to the agent that is open.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = Chosen> + Send + 'a>>;

/// Where things are shown. No method waits but the one that asks the agent.
pub(crate) trait Desk: Send + Sync {
    /// Tells the main window something.
    fn tell(&self, event: ShellEvent);
    /// Brings the main window to the front.
    fn show_main(&self);
    /// The page of a window has painted.
    fn page_ready(&self, window: Window);
    /// Whether this is the app, whose window comes up or will.
    fn is_the_app(&self) -> bool;
    /// Whether the main window's page is there to ask the agent something.
    fn can_ask(&self) -> bool;
    /// Asks the agent where to save a file, with this title and this name as a proposal.
    fn ask_where(&self, title: String, name: String) -> Asking<'_>;
    /// Shows or hides the window of what rings.
    fn popup(&self, visible: bool);
    /// Opens the wallboard, or brings it to the front.
    ///
    /// # Errors
    /// When the window system refuses.
    fn show_wallboard(&self) -> Result<(), Problem>;
    /// Closes the wallboard.
    fn close_wallboard(&self);
    /// Asks for the agent's eyes (a flashing entry in the task bar), or no longer.
    fn attention(&self, wanted: bool);
    /// Ends the program.
    fn exit(&self);
}

/// A desk without a display.
pub(crate) struct NoDesk;

impl Desk for NoDesk {
    fn tell(&self, _: ShellEvent) {}
    fn show_main(&self) {}
    fn page_ready(&self, _: Window) {}
    fn is_the_app(&self) -> bool {
        false
    }
    fn can_ask(&self) -> bool {
        false
    }
    fn ask_where(&self, _: String, _: String) -> Asking<'_> {
        Box::pin(std::future::ready(Chosen::NobodyToAsk))
    }
    fn popup(&self, _: bool) {}
    fn show_wallboard(&self) -> Result<(), Problem> {
        Err(internal("there is no display"))
    }
    fn close_wallboard(&self) {}
    fn attention(&self, _: bool) {}
    fn exit(&self) {}
}

/// Starts the engine of a folder. Whoever does holds the folder's key.
///
/// # Errors
/// When the store, or a file of the folder, cannot be used.
pub(crate) async fn start_engine(place: &Place, vault: Arc<dyn Vault>) -> Result<Engine, Problem> {
    let http = place.http()?;
    let language = words::system_language().to_owned();
    Engine::start(Options { data_dir: place.dir().to_owned(), vault, http, language }).await
}

/// The shell.
pub(crate) struct Shell {
    /// The running engine.
    pub engine: Engine,
    /// Where this copy of Offhook lives.
    pub place: Place,
    /// The keychain, when this run uses one.
    pub keychain: Option<Arc<Keychain>>,
    /// Where things are shown.
    pub desk: Arc<dyn Desk>,
    /// Links that wait for the agent's word.
    pub links: Inbox,
    /// The ring sound.
    pub sound: Sound,
    /// The system's notifications; absent without a desktop.
    pub notifier: OnceLock<Arc<dyn Notifier>>,
    /// The door for commands and second starts, with the key to the folder.
    pub door: Mutex<Option<Door>>,
    /// What rings, while it runs.
    pub alerts: Mutex<Option<JoinHandle<()>>>,
    /// Where to say that a ring shall be silent.
    pub silence: OnceLock<mpsc::UnboundedSender<model::ActivityId>>,
    /// The practice centre.
    pub practice: Practice,
    words: RwLock<Arc<Words>>,
    facts: Mutex<BTreeMap<&'static str, DiagnosticLine>>,
}

impl Shell {
    /// A shell around a running engine.
    pub(crate) fn new(
        engine: Engine,
        place: Place,
        keychain: Option<Arc<Keychain>>,
        desk: Arc<dyn Desk>,
    ) -> Arc<Self> {
        let words = Words::new(engine.snapshot().settings.language.as_deref());
        Arc::new(Self {
            engine,
            place,
            keychain,
            desk,
            links: Inbox::default(),
            sound: Sound::start(),
            notifier: OnceLock::new(),
            door: Mutex::default(),
            alerts: Mutex::default(),
            silence: OnceLock::new(),
            practice: Practice::default(),
            words: RwLock::new(Arc::new(words)),
            facts: Mutex::default(),
        })
    }

    /// The words of the agent's language.
    pub(crate) fn words(&self) -> Arc<Words> {
        Arc::clone(&self.words.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Speaks `language` from now on, if it does not already.
    pub(crate) fn speak(&self, language: Option<&str>) {
        let words = Words::new(language);
        let mut current = self.words.write().unwrap_or_else(PoisonError::into_inner);
        if current.language() != words.language() {
            *current = Arc::new(words);
        }
    }

    /// Keeps a fact about this computer for the diagnostics.
    pub(crate) fn note(&self, what: &'static str, ok: bool, detail: impl Into<String>) {
        let line = DiagnosticLine { what: what.to_owned(), ok: Some(ok), detail: detail.into() };
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).insert(what, line);
    }

    /// The facts kept so far.
    pub(crate) fn noted(&self) -> Vec<DiagnosticLine> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Takes a link in and has the agent asked.
    pub(crate) fn link(&self, text: &str) {
        if self.links.put(text) {
            self.desk.show_main();
            self.desk.tell(ShellEvent::DialWaiting);
        }
    }

    /// The agent wants to quit: asks what state to leave, where there is a state to leave and a window to ask in. When
    /// something is not sent yet it always asks, and the window says so.
    pub(crate) fn ask_quit(self: &Arc<Self>) {
        let snapshot = self.engine.snapshot();
        let undecided = snapshot.settings.leave == LeaveState::Ask;
        let reachable = !matches!(
            snapshot.agent.presence,
            UnifiedPresence::SignedOut | UnifiedPresence::NotReady | UnifiedPresence::Offline
        );
        let to_ask = undecided && (reachable || !snapshot.activities.is_empty());
        if (to_ask || !snapshot.outbox.is_empty()) && self.desk.can_ask() {
            self.desk.show_main();
            self.desk.tell(ShellEvent::AskQuit);
            return;
        }
        let leave = if undecided { LeaveState::Stay } else { snapshot.settings.leave };
        let shell = Arc::clone(self);
        tauri::async_runtime::spawn(async move { shell.leave(leave).await });
    }

    /// Leaves this state, ends the sessions, and ends the program.
    pub(crate) async fn leave(&self, leave: LeaveState) {
        self.engine.stop(leave).await;
        let parting = async {
            self.practice.stop().await;
            // The alerts end with the engine, and take back what still shows.
            let alerts = self.alerts.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(alerts) = alerts {
                let _ = alerts.await;
            }
            if let Some(notifier) = self.notifier.get() {
                notifier.settled().await;
            }
        };
        if tokio::time::timeout(PARTING, parting).await.is_err() {
            tracing::warn!("something did not end in time and is left behind");
        }
        // The key is kept to the very end: who starts next must not meet what is still here by name.
        if let Some(door) = &*self.door.lock().unwrap_or_else(PoisonError::into_inner) {
            door.hide();
        }
        self.desk.exit();
    }

    /// Sends "the agent pressed this" to the engine and says in the log what became of it.
    pub(crate) fn run(&self, command: model::Command) {
        let engine = self.engine.clone();
        tauri::async_runtime::spawn(async move {
            let id = engine.execute(command);
            let outcome = engine.finished(id).await.outcome;
            if let model::Outcome::Refused { problem } | model::Outcome::TimedOut { problem } = outcome {
                tracing::warn!(code = ?problem.code, "what was pressed did not happen");
            }
        });
    }
}

/// A problem of the shell itself.
pub(crate) fn internal(what: &str) -> Problem {
    Problem::new(model::ProblemCode::Internal).with("what", what)
}

/// Waits until the system or the user tells the program to end.
pub(crate) async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut end), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        {
            tokio::select! {
                _ = end.recv() => {}
                _ = interrupt.recv() => {}
            }
            return;
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_ok() {
        return;
    }
    // Nobody can tell us: the system ends us without asking.
    std::future::pending::<()>().await;
}
