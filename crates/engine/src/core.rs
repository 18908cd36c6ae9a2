//! What every part of a running engine shares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::{AccountId, Capability, Platform, Problem, ProblemCode, TicketId, Watch};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::connector::{Connector, Setting};
use crate::day::Book;
use crate::hub::Hub;
use crate::inbox::Inbox;
use crate::session::Session;
use crate::store::Store;
use crate::{Options, SessionVault, Vault, VaultError};

pub(crate) struct Core {
    pub(crate) hub: Hub,
    pub(crate) store: Store,
    pub(crate) options: Options,
    /// Secrets that the agent chose not to keep beyond this session.
    unkept: SessionVault,
    sessions: Mutex<HashMap<AccountId, Arc<Session>>>,
    /// What each window shows.
    watch: Mutex<Vec<Watch>>,
    pub(crate) inbox: Inbox,
    pub(crate) day: Book,
    learning: tokio::sync::Mutex<()>,
    pub(crate) wake: wire::Wake,
    pub(crate) stopped: CancellationToken,
}

/// Where a secret was found, and so where changes of it go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    InVault,
    InMemory,
}

impl Core {
    pub(crate) fn new(hub: Hub, store: Store, options: Options) -> Self {
        Self {
            hub,
            store,
            options,
            unkept: SessionVault::default(),
            sessions: Mutex::default(),
            watch: Mutex::default(),
            inbox: Inbox::default(),
            day: Book::default(),
            learning: tokio::sync::Mutex::default(),
            wake: wire::Wake::new(),
            stopped: CancellationToken::new(),
        }
    }

    /// What a connector for the account is made with.
    fn setting(&self, account: &AccountId, url: &str, memory: Option<String>) -> Setting {
        let (language, region) = self.locale();
        Setting {
            memory,
            account: account.clone(),
            url: url.to_owned(),
            http: self.options.http.clone(),
            language,
            region,
            wake: self.wake.clone(),
        }
    }

    /// The language in which platforms are to answer, and the country whose national numbers are understood.
    pub(crate) fn locale(&self) -> (String, String) {
        let (language, region) =
            self.hub.read(|state| (state.settings.language.clone(), state.settings.region.clone()));
        (language.unwrap_or_else(|| self.options.language.clone()), region)
    }

    /// Which part of a request limit that is shared with others this computer may use on an account, in per cent, where
    /// the agent has said so.
    pub(crate) fn share(&self, account: &AccountId) -> Option<u32> {
        self.hub.read(|state| state.settings.request_share.get(account).copied())
    }

    /// The running session of an account.
    ///
    /// # Errors
    /// `SignInNeeded` when the account is there but has none, `Gone` when there is no such account.
    pub(crate) fn session(&self, id: &AccountId) -> Result<Arc<Session>, Problem> {
        if let Some(session) = self.lock().get(id) {
            return Ok(session.clone());
        }
        let known = self.hub.read(|state| state.account(id).is_some());
        let code = if known { ProblemCode::SignInNeeded } else { ProblemCode::Gone };
        Err(Problem::new(code).on(id))
    }

    /// The connectors of all accounts that offer something now.
    pub(crate) fn offering(&self, capability: Capability) -> Vec<(AccountId, Arc<dyn Connector>)> {
        let offering: Vec<AccountId> = self.hub.read(|state| {
            let offers = state.accounts.iter().filter(|state| state.capabilities.contains(&capability));
            offers.map(|state| state.account.id.clone()).collect()
        });
        let sessions = self.lock();
        let connector = |id: AccountId| sessions.get(&id).map(|session| (id, session.connector.clone()));
        offering.into_iter().filter_map(connector).collect()
    }

    /// Puts a session in its place; the one before it, if any, is told to end and given back.
    pub(crate) fn put_session(&self, id: &AccountId, session: Arc<Session>) -> Option<Arc<Session>> {
        let before = self.lock().insert(id.clone(), session);
        if let Some(before) = &before {
            before.end();
        }
        before
    }

    /// Ends the session of an account.
    pub(crate) fn end_session(&self, id: &AccountId) -> Option<Arc<Session>> {
        let session = self.lock().remove(id);
        if let Some(session) = &session {
            session.end();
        }
        session
    }

    /// What a window shows now.
    pub(crate) fn set_watch(&self, watch: Watch) {
        let before = self.watch();
        {
            let mut shown = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
            shown.retain(|one| one.window != watch.window);
            shown.push(watch);
        }
        let hidden = |watch: &Watch, account: &AccountId| !sees_tickets(watch, account);
        for session in self.sessions().iter().filter(|session| hidden(&before, &session.account)) {
            if self.sees_tickets(&session.account) {
                session.stirred.notify_one();
            }
        }
    }

    /// Whether a window shows tickets of an account.
    pub(crate) fn sees_tickets(&self, account: &AccountId) -> bool {
        sees_tickets(&self.watch(), account)
    }

    /// What the windows show together.
    pub(crate) fn watch(&self) -> Watch {
        let shown = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = Watch::default();
        for one in shown.iter() {
            all.contacts.extend(one.contacts.iter().cloned());
            all.queues.extend(one.queues.iter().cloned());
            all.inbox |= one.inbox;
            all.ticket = one.ticket.clone().or(all.ticket);
        }
        all
    }

    /// All sessions that run.
    pub(crate) fn sessions(&self) -> Vec<Arc<Session>> {
        self.lock().values().cloned().collect()
    }

    /// Opens a connector for an account of a platform, with what the one before it had learned.
    pub(crate) async fn connector(
        &self,
        platform: Platform,
        account: &AccountId,
        url: &str,
        secret: &SecretString,
    ) -> Result<Arc<dyn Connector>, Problem> {
        let memory = self.store.memory(account.clone()).await?;
        let connector = crate::connector::open(platform, self.setting(account, url, memory), secret)?;
        connector.set_share(self.share(account));
        Ok(connector)
    }

    /// Keeps what a connector has learned.
    pub(crate) async fn keep_memory(
        &self,
        account: &AccountId,
        connector: &dyn Connector,
    ) -> Result<(), Problem> {
        // Read under the lock, so that of two that keep at once the later one has the newer.
        let _one_at_a_time = self.learning.lock().await;
        self.store.put_memory(account.clone(), connector.memory()).await
    }

    /// The secret of an account, and where it is kept.
    pub(crate) async fn read_secret(
        &self,
        id: &AccountId,
    ) -> Result<Option<(SecretString, Kept)>, VaultError> {
        if let Some(secret) = self.unkept.read(id)? {
            return Ok(Some((secret, Kept::InMemory)));
        }
        let secret = self.with_vault(id, |vault, id| vault.read(&id)).await?;
        Ok(secret.map(|secret| (secret, Kept::InVault)))
    }

    /// Keeps a secret.
    pub(crate) async fn keep_secret(
        &self,
        id: &AccountId,
        secret: SecretString,
        kept: Kept,
    ) -> Result<(), VaultError> {
        match kept {
            Kept::InMemory => self.unkept.write(id, &secret),
            Kept::InVault => {
                self.unkept.delete(id)?;
                self.with_vault(id, move |vault, id| vault.write(&id, &secret)).await
            }
        }
    }

    /// Forgets a secret wherever it is.
    pub(crate) async fn forget_secret(&self, id: &AccountId) -> Result<(), VaultError> {
        self.unkept.delete(id)?;
        self.with_vault(id, |vault, id| vault.delete(&id)).await
    }

    /// Keychains block, some for as long as a person needs to type a password: never on an async thread.
    async fn with_vault<T: Send + 'static>(
        &self,
        id: &AccountId,
        work: impl FnOnce(&dyn Vault, AccountId) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (vault, id) = (self.options.vault.clone(), id.clone());
        let done = tokio::task::spawn_blocking(move || work(&*vault, id)).await;
        done.unwrap_or_else(|_| Err(VaultError::Failed("the keychain's code panicked".to_owned())))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sees_tickets(watch: &Watch, account: &AccountId) -> bool {
    let open = watch.ticket.as_ref().and_then(TicketId::parts);
    watch.inbox || open.is_some_and(|(of, _)| of == *account)
}
