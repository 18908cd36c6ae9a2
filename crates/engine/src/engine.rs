//! The engine as others see it: one handle with which the shell and the command line start, follow, ask and command.

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use model::ipc::{ContactQuery, Favourite, SaveDraft};
use model::{
    Account, AgentTarget, Command, CommandId, CommandStatus, ContactDetail, ContactId, ContactPage,
    LeaveState, Link, Outcome, ParsedNumber, Problem, ProblemCode, Settings, Snapshot, Timestamp,
};

use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::elsewhere::{Borrowed, Deed};
use crate::hub::{Followed, Follower, Hub};
use crate::plan::Step;
use crate::session::{Session, signed_out};
use crate::sight::{Effect, Failure, Hearing};
use crate::state::State;
use crate::store::Store;
use crate::{Vault, clock, day, inbox, numbers, outbox, people};

/// How long stopping waits for the confirmation of "not ready".
const FAREWELL: Duration = Duration::from_secs(3);

/// What an engine needs to start.
#[derive(Clone)]
pub struct Options {
    /// The folder of the local store; made if it is not there.
    pub data_dir: PathBuf,
    /// Where secrets are kept.
    pub vault: Arc<dyn Vault>,
    /// How connections are made.
    pub http: wire::HttpOptions,
    /// The system's language tag (`en`, `cs`, `sv`, `de`): in which platforms are asked to answer, unless the settings
    /// name another.
    pub language: String,
}

/// The running engine. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) core: Arc<Core>,
}

impl Engine {
    /// Opens the store, loads the accounts and starts a session task for each; does not wait for the network or the
    /// keychain. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// `NotPossible` when a newer Offhook made the store, `Internal` when it cannot be used.
    pub async fn start(options: Options) -> Result<Self, Problem> {
        let dir = options.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(&dir)).await;
        let (store, opened) = opened.map_err(|_| Problem::new(ProblemCode::Internal))??;
        if let Some(moved) = opened.moved_aside {
            tracing::error!(file = ?moved.file_name(), "the store was damaged; unsent work may be in the old file");
        }
        let drafts = store.drafts().await?.into_iter().collect();
        let settings = store.settings().await?;
        let region = settings.region.clone();
        tokio::task::spawn_blocking(move || numbers::warm_up(&region));
        let mut state = State::new(settings, store.outbox().await?, drafts);
        state.borrowed = store.elsewhere().await?.map(|json| Borrowed::from_json(&json)).unwrap_or_default();
        let accounts = store.accounts().await?;
        let now = clock::now();
        for account in &accounts {
            state.add_account(account.clone(), now);
        }
        let mut syncs = Vec::new();
        for account in &accounts {
            let kept = store.ticket_sync(account.id.clone()).await?;
            syncs.extend(kept.mark.is_some().then(|| inbox::told(&account.id, &kept, None)));
        }
        state.board.begin(store.composing().await?, store.batches().await?, syncs);
        let core = Arc::new(Core::new(Hub::new(state), store, options));
        day::begin(&core);
        tokio::spawn(inbox::tidy_up(Arc::downgrade(&core)));
        let stopped = core.stopped.clone();
        let keeper = Arc::downgrade(&core);
        tokio::spawn(async move {
            let Some(core) = keeper.upgrade() else { return };
            stopped.run_until_cancelled(core.hub.keep_time()).await;
        });
        tokio::spawn(keep_elsewhere(Arc::downgrade(&core), core.stopped.clone()));
        tokio::spawn(wire::watch_for_sleep(
            core.wake.clone(),
            std::time::SystemTime::now,
            core.stopped.clone(),
        ));
        for account in accounts {
            tokio::spawn(open_session(core.clone(), account));
        }
        Ok(Self { core })
    }

    /// Everything as it stands.
    pub fn snapshot(&self) -> Snapshot {
        self.core.hub.snapshot()
    }

    /// Everything as it stands, and what happens from there on.
    pub fn follow(&self) -> (Snapshot, Follower) {
        self.core.hub.follow()
    }

    /// Starts a command and returns at once; what becomes of it is told by events. Must be called inside a tokio
    /// runtime.
    pub fn execute(&self, command: Command) -> CommandId {
        let remembered = dial_choice(&command);
        let (id, steps) = self.core.hub.update(|state, now| state.begin(command, now));
        if let Some(remember) = remembered.filter(|_| !steps.is_empty()) {
            let core = self.core.clone();
            tokio::spawn(async move {
                let settings = core.hub.update(|state, _| {
                    remember(Arc::make_mut(&mut state.settings));
                    (*state.settings).clone()
                });
                if let Err(problem) = core.store.put_settings(settings).await {
                    tracing::warn!(code = ?problem.code, "the choice for dialling could not be kept");
                }
            });
        }
        for step in steps {
            tokio::spawn(carry_out(self.core.clone(), id, step));
        }
        id
    }

    /// Waits until a command is no longer pending.
    pub async fn finished(&self, id: CommandId) -> CommandStatus {
        let (snapshot, mut follower) = self.core.hub.follow();
        let mut status = snapshot.commands.into_iter().find(|status| status.id == id);
        loop {
            match status {
                Some(status) if status.outcome != Outcome::Pending => return status,
                None => return forgotten(id),
                Some(_) => {}
            }
            let followed = follower.next().await;
            status = self.core.hub.read(|state| state.commands.status(id).cloned());
            if followed == Followed::End {
                return status.unwrap_or_else(|| forgotten(id));
            }
        }
    }

    /// Keeps what the agent has typed so far.
    ///
    /// # Errors
    /// `Internal` when the store cannot keep it.
    pub async fn save_draft(&self, request: SaveDraft) -> Result<(), Problem> {
        let SaveDraft { activity, draft } = request;
        self.core.store.put_draft(activity.clone(), draft.clone()).await?;
        self.core.hub.update(|state, _| state.drafted(&activity, draft));
        // The activity may have ended while the last words were typed.
        if let Some((account, _)) = activity.parts() {
            outbox::keep_stranded(self.core.clone(), account).await;
        }
        Ok(())
    }

    /// Searches contacts: in the local index, and on the platforms too where that is asked for.
    ///
    /// # Errors
    /// `Internal` when the store cannot be read. A platform that cannot be asked is told inside the page.
    pub async fn search_contacts(&self, query: ContactQuery) -> Result<ContactPage, Problem> {
        people::search(&self.core, query).await
    }

    /// A contact with its tickets and past activities.
    ///
    /// # Errors
    /// When it is not known here and its platform does not answer with it either.
    pub async fn contact(&self, id: ContactId) -> Result<ContactDetail, Problem> {
        people::contact(&self.core, id).await
    }

    /// Marks a contact, or takes the mark away.
    ///
    /// # Errors
    /// `Internal` when the store cannot keep it.
    pub async fn set_favourite(&self, request: Favourite) -> Result<(), Problem> {
        self.core.store.set_favourite(request.contact, request.on).await
    }

    /// Reads a number as the dialler would.
    pub fn parse_number(&self, text: &str) -> ParsedNumber {
        let region = self.core.hub.read(|state| state.settings.region.clone());
        numbers::parse(text, &region)
    }

    /// Keeps settings.
    ///
    /// # Errors
    /// `Internal` when the store cannot keep them.
    pub async fn save_settings(&self, settings: Settings) -> Result<(), Problem> {
        self.core.store.put_settings(settings.clone()).await?;
        self.core.hub.update(|state, _| state.settings = Arc::new(settings));
        let (language, region) = self.core.locale();
        for session in self.core.sessions() {
            session.connector.set_locale(&language, &region);
            session.connector.set_share(self.core.share(&session.account));
        }
        self.core.follow_what_is_watched();
        Ok(())
    }

    /// The computer slept or changed its network: every listener starts over at once. The engine notices sleep by the
    /// clock within two seconds of waking; whoever hears of it sooner from the system calls this.
    pub fn wake(&self) {
        self.core.wake.now();
        for session in self.core.sessions() {
            session.outbox.notify_one();
            session.stirred.notify_one();
        }
    }

    /// Tries the keychain again for the accounts that could not read their secret. Must be called inside a tokio
    /// runtime.
    pub fn retry_vault(&self) {
        let locked: Vec<Account> = self.core.hub.read(|state| {
            let waits = state.accounts.iter().filter(|state| {
                let code = state.health.problem.as_ref().map(|problem| problem.code);
                matches!(code, Some(ProblemCode::KeychainLocked | ProblemCode::KeychainMissing))
            });
            waits.map(|state| state.account.clone()).collect()
        });
        for account in locked {
            tokio::spawn(open_session(self.core.clone(), account));
        }
    }

    /// Stops: sends "not ready" first if asked to and waits shortly for the confirmation, then ends every session.
    /// Nobody is signed out: what is kept here stays valid. `Ask` is `Stay` here: whoever calls has asked.
    pub async fn stop(&self, leave: LeaveState) {
        if leave == LeaveState::NotReady {
            let id = self.execute(Command::SetState { target: AgentTarget::NotReady, accounts: None });
            let _ = tokio::time::timeout(FAREWELL, self.finished(id)).await;
        }
        self.core.stopped.cancel();
        for session in self.core.sessions() {
            outbox::give_up(&self.core, &session).await;
        }
        day::end(&self.core).await;
        let practice: Vec<_> = self.core.hub.read(|state| {
            let practice = state.accounts.iter().filter(|state| state.account.practice);
            practice.map(|state| state.account.id.clone()).collect()
        });
        for account in practice {
            if let Err(problem) = self.core.store.forget_account(account).await {
                tracing::warn!(code = ?problem.code, "the practice centre's contacts could not be forgotten");
            }
        }
        self.core.hub.close();
    }
}

/// Reads the secret of an account and starts its session; says what is missing if it cannot.
pub(crate) async fn open_session(core: Arc<Core>, account: Account) {
    let connecting = Hearing::of(Link::Connecting, None);
    core.hub.update(|state, now| state.hears(&account.id, connecting, now));
    let opened = match core.read_secret(&account.id).await {
        Ok(Some((secret, kept))) => core
            .connector(account.platform, &account.id, &account.url, &secret)
            .await
            .map(|connector| (connector, kept)),
        Ok(None) => Err(Problem::new(ProblemCode::SignInNeeded)),
        Err(error) => Err(error.into()),
    };
    match opened {
        Ok((connector, kept)) => Session::start(&core, &account.id, connector, kept),
        Err(problem) => signed_out(&core, &account.id, Some(problem)),
    }
}

/// Sends what calls on other accounts ask for, after it was kept, until stopped.
async fn keep_elsewhere(core: Weak<Core>, stopped: CancellationToken) {
    while let Some(core) = core.upgrade() {
        let waits = core.hub.elsewhere.notified();
        if stopped.run_until_cancelled(waits).await.is_none() {
            return;
        }
        let (json, deeds) = core.hub.update(|state, _| state.borrowed.take_work());
        if let Some(json) = json
            && let Err(problem) = core.store.put_elsewhere(json).await
        {
            // It is set all the same: only a crash during this very call would leave it behind.
            tracing::warn!(code = ?problem.code, "pauses for calls elsewhere could not be kept");
        }
        for deed in deeds {
            tokio::spawn(do_deed(core.clone(), deed));
        }
    }
}

async fn do_deed(core: Arc<Core>, deed: Deed) {
    let account = deed.account().clone();
    let Ok(session) = core.session(&account) else { return };
    let order = core.hub.read(|state| state.order_for(&deed));
    let Err(Failure { problem, effect }) = session.run(order).await else { return };
    tracing::info!(%account, code = ?problem.code, ?effect, "a pause for a call elsewhere failed");
    core.hub.update(|state, now| match effect {
        Effect::Refused => state.borrowed.refused(&deed),
        Effect::NotSent { .. } => state.borrowed.not_sent(&deed, now),
        // What is seen decides.
        Effect::Unknown => {}
    });
}

async fn carry_out(core: Arc<Core>, id: CommandId, step: Step) {
    let Step::Send { account, order, want } = step else {
        return outbox::step(core, id, step).await;
    };
    let result = match core.session(&account) {
        Ok(session) => session.run(order).await,
        Err(problem) => Err(Failure { problem, effect: Effect::Refused }),
    };
    if let Err(failure) = &result {
        tracing::info!(%account, code = ?failure.problem.code, effect = ?failure.effect, "an order failed");
    }
    core.hub.update(|state, now| state.ordered(id, &account, &want, result, now));
}

/// How the settings remember a dial.
fn dial_choice(command: &Command) -> Option<impl FnOnce(&mut Settings) + Send + use<>> {
    let Command::Dial { account, queue, device, line, .. } = command else { return None };
    let (account, choice) = (
        account.clone(),
        model::DialChoice { queue: queue.clone(), device: device.clone(), line: line.clone() },
    );
    Some(move |settings: &mut Settings| {
        settings.dial_account = Some(account.clone());
        settings.dial.insert(account, choice);
    })
}

/// A command that nobody remembers any more.
fn forgotten(id: CommandId) -> CommandStatus {
    CommandStatus {
        id,
        command: Command::Discard { item: 0 },
        asked_at: Timestamp::default(),
        outcome: Outcome::Refused { problem: Problem::new(ProblemCode::Gone) },
        accounts: Vec::new(),
        made: None,
        next: None,
    }
}
