//! One session for each account: the listener, the outbox and the contacts, each a task of its own, so that none waits
//! for another.
//!
//! The listener's path is short: the connector's picture, the callers looked up in the local index (microseconds, a
//! read-only connection of SQLite that never waits for a writer), the state. Everything slower is a task behind it:
//! asking the platforms who the caller is, keeping a changed secret, reading all contacts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use model::{
    AccountId, ActivityId, Capability, ContactMatch, ContactPresence, Link, Phase, Phone, Problem,
    QueueStatistics,
};
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::connector::{Connector, Ear};
use crate::core::{Core, Kept};
use crate::figures::Figures;
use crate::sight::{Done, Failure, Hearing, Order, Seen, Sight};
use crate::{identify, inbox, outbox, people};

/// How long an order that changes what the agent is waits for the one before it.
const TURN: Duration = Duration::from_secs(3);

/// The running session of one account.
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) connector: Arc<dyn Connector>,
    /// There is something for the outbox to do, or it may work now where it did not before.
    pub(crate) outbox: Notify,
    /// Something about tickets may have changed.
    pub(crate) stirred: Notify,
    sending: Mutex<Option<JoinHandle<()>>>,
    /// Held while an order is under way that changes what the agent is: of two the later one must win.
    presence: tokio::sync::Mutex<()>,
    cancel: CancellationToken,
}

impl Session {
    /// Starts the session of an account in place of any before it.
    pub(crate) fn start(core: &Arc<Core>, account: &AccountId, connector: Arc<dyn Connector>, kept: Kept) {
        let session = Arc::new(Self {
            account: account.clone(),
            connector,
            outbox: Notify::new(),
            stirred: Notify::new(),
            sending: Mutex::default(),
            presence: tokio::sync::Mutex::default(),
            cancel: core.stopped.child_token(),
        });
        session.connector.watch(core.watched(account));
        let before = core.put_session(account, session.clone());
        tokio::spawn(listen(core.clone(), session.clone(), kept));
        let (cancel, work) = (session.cancel.clone(), outbox::run(core.clone(), session.clone(), before));
        let sending = tokio::spawn(async move {
            cancel.run_until_cancelled(work).await;
        });
        *lock(&session.sending) = Some(sending);
        let (cancel, work) = (session.cancel.clone(), people::keep_in_step(core.clone(), session.clone()));
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
        let (cancel, work) = (session.cancel.clone(), inbox::keep_in_step(core.clone(), session));
        tokio::spawn(async move { cancel.run_until_cancelled(work).await });
    }

    /// Waits until the outbox of an ended session does nothing any more.
    pub(crate) async fn outbox_ended(&self) {
        let sending = lock(&self.sending).take();
        if let Some(sending) = sending {
            // A panic has been reported by itself; it has ended all the same.
            let _ = sending.await;
        }
    }

    /// Has an order carried out.
    pub(crate) async fn run(&self, order: Order) -> Result<Done, Failure> {
        let _in_turn = match order.sets_presence() {
            // An answer that does not come must not keep the agent from choosing anew.
            true => tokio::time::timeout(TURN, self.presence.lock()).await.ok(),
            false => None,
        };
        self.connector.run(order).await
    }

    /// Ends every task of the session.
    pub(crate) fn end(&self) {
        self.cancel.cancel();
    }
}

async fn listen(core: Arc<Core>, session: Arc<Session>, kept: Kept) {
    let ear = Arc::new(SessionEar {
        core: Arc::downgrade(&core),
        session: Arc::downgrade(&session),
        account: session.account.clone(),
        kept,
        known: Mutex::default(),
        was: Mutex::new(Link::Connecting),
    });
    core.hub.update(|state, _| state.set_source(&session.account, session.connector.source()));
    let ended = session.connector.clone().listen(ear, session.cancel.clone()).await;
    if session.cancel.is_cancelled() {
        return;
    }
    tracing::info!(account = %session.account, "the session has ended");
    signed_out(&core, &session.account, ended);
    session.end();
}

/// Says that an account needs its agent.
pub(crate) fn signed_out(core: &Core, account: &AccountId, problem: Option<Problem>) {
    let hearing = Hearing { problem, ..Hearing::of(Link::SignedOut, None) };
    core.hub.update(|state, now| state.hears(account, hearing, now));
}

/// The ear of one session.
struct SessionEar {
    core: Weak<Core>,
    session: Weak<Session>,
    account: AccountId,
    kept: Kept,
    /// Who the callers of the present activities are, so that each is looked up once.
    known: Mutex<HashMap<String, Known>>,
    was: Mutex<Link>,
}

/// What an activity's caller was looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    phone: Option<Phone>,
    linked: Option<model::ContactId>,
    /// The platforms have been asked too.
    asked: bool,
}

impl Ear for SessionEar {
    fn hearing(&self, hearing: Hearing) {
        let Some((core, session)) = self.core.upgrade().zip(self.session.upgrade()) else { return };
        if session.cancel.is_cancelled() {
            return;
        }
        let before = std::mem::replace(&mut *lock(&self.was), hearing.link);
        if hearing.link == Link::Live && before != Link::Live {
            session.outbox.notify_one();
            session.stirred.notify_one();
        }
        core.hub.update(|state, now| state.hears(&self.account, hearing, now));
    }

    fn sight(&self, sight: Sight) {
        let Some((core, session)) = self.core.upgrade().zip(self.session.upgrade()) else { return };
        if session.cancel.is_cancelled() {
            return;
        }
        let (matches, ask) = self.look_up(&core, &sight);
        let stranded = core.hub.update(|state, now| {
            state.saw(&self.account, sight, &matches, now);
            state.has_stranded(&self.account)
        });
        if stranded {
            tokio::spawn(outbox::keep_stranded(core.clone(), self.account.clone()));
        }
        for (activity, phone, linked) in ask {
            tokio::spawn(people::find_out(core.clone(), activity, phone, linked));
        }
    }

    fn secret(&self, secret: SecretString) {
        let Some(core) = self.core.upgrade() else { return };
        let (account, kept) = (self.account.clone(), self.kept);
        tokio::spawn(async move {
            if let Err(error) = core.keep_secret(&account, secret, kept).await {
                // It goes on working until the end of this run; the agent signs in again after that.
                tracing::warn!(%account, %error, "a renewed secret could not be kept");
            }
        });
    }

    fn statistics(&self, statistics: Vec<QueueStatistics>) {
        self.figures(|figures| figures.counted(&self.account, statistics));
    }

    fn presences(&self, presences: Vec<ContactPresence>) {
        self.figures(|figures| figures.present(presences));
    }

    fn stirred(&self) {
        if let Some(session) = self.session.upgrade() {
            session.stirred.notify_one();
        }
    }

    fn learned(&self) {
        let Some((core, session)) = self.core.upgrade().zip(self.session.upgrade()) else { return };
        tokio::spawn(async move {
            if let Err(problem) = core.keep_memory(&session.account, &*session.connector).await {
                // It is found out again after the next start.
                tracing::warn!(code = ?problem.code, "what was learned of a platform could not be kept");
            }
        });
    }
}

impl SessionEar {
    fn figures(&self, change: impl FnOnce(&mut Figures)) {
        let Some((core, session)) = self.core.upgrade().zip(self.session.upgrade()) else { return };
        if !session.cancel.is_cancelled() {
            core.hub.figures(change);
        }
    }
}

type Ask = (ActivityId, Option<Phone>, Option<model::Contact>);

impl SessionEar {
    /// Who the callers of new activities may be, from the local index; and which of them to ask the platforms about.
    fn look_up(&self, core: &Core, sight: &Sight) -> (HashMap<String, Vec<ContactMatch>>, Vec<Ask>) {
        let mut known = lock(&self.known);
        let mut matches = HashMap::new();
        let mut ask = Vec::new();
        known.retain(|name, _| sight.activities.iter().any(|seen| seen.name == *name));
        for seen in &sight.activities {
            let linked = seen.contact.as_ref().map(|contact| contact.id.clone());
            let before = known.get(&seen.name);
            let is_new =
                before.is_none_or(|before| before.phone != seen.party.phone || before.linked != linked);
            if is_new {
                match identify::identify(&core.store, seen.party.phone.as_ref(), seen.contact.clone()) {
                    Ok(found) => drop(matches.insert(seen.name.clone(), found)),
                    Err(problem) => tracing::warn!(code = ?problem.code, "a caller could not be looked up"),
                }
            }
            let asked = !is_new && before.is_some_and(|before| before.asked);
            let asks = !asked && worth_asking(seen);
            if asks {
                let id = ActivityId::new(&self.account, &seen.name);
                ask.push((id, seen.party.phone.clone(), seen.contact.clone()));
            }
            let entry = Known { phone: seen.party.phone.clone(), linked, asked: asked || asks };
            known.insert(seen.name.clone(), entry);
        }
        (matches, ask)
    }
}

/// What merely waits may be a long list: the platforms are asked about what concerns the agent.
fn worth_asking(seen: &Seen) -> bool {
    seen.phase != Phase::Waiting && (seen.party.phone.is_some() || seen.contact.is_some())
}

/// Whether an account offers something now.
pub(crate) fn offers(core: &Core, account: &AccountId, capability: Capability) -> bool {
    core.hub
        .read(|state| state.account(account).is_some_and(|state| state.capabilities.contains(&capability)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
