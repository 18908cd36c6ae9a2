//! Adding, checking, signing in to and forgetting accounts.

use model::ipc::SignIn;
use model::{
    Account, AccountId, CheckLine, ConnectionReport, Credential, KeepSecret, NewAccount, Platform, Problem,
    ProblemCode, Work,
};

use crate::connector;
use crate::core::Kept;
use crate::engine::Engine;
use crate::plan::impossible;
use crate::session::Session;

impl Engine {
    /// Tries an address and a sign-in without keeping them.
    pub async fn check_new_account(&self, new: NewAccount) -> ConnectionReport {
        let id = new_id(new.platform);
        let address = match connector::address(new.platform, &new.url) {
            Ok(address) => address,
            Err(problem) => return bad_address(new.url, problem),
        };
        let secret = connector::secret_of(new.platform, new.credential);
        match self.core.connector(new.platform, &id, &address, &secret).await {
            Ok(connector) => {
                let report = connector.check().await;
                connector.sign_out().await;
                report
            }
            Err(problem) => bad_address(address, problem),
        }
    }

    /// Checks an account that is there.
    ///
    /// # Errors
    /// When there is no such account, or nobody is signed in to it.
    pub async fn check_account(&self, id: AccountId) -> Result<ConnectionReport, Problem> {
        Ok(self.core.session(&id)?.connector.check().await)
    }

    /// Signs in, keeps the account and starts its session.
    ///
    /// # Errors
    /// When the address or the credentials are refused, the account is here already, or the secret cannot be kept
    /// where it was asked for. Nothing is kept then.
    pub async fn add_account(&self, new: NewAccount) -> Result<AccountId, Problem> {
        let kept = match new.keep {
            KeepSecret::Keychain => Kept::InVault,
            KeepSecret::Session => Kept::InMemory,
        };
        let account = Account {
            id: new_id(new.platform),
            platform: new.platform,
            name: new.name.trim().to_owned(),
            url: connector::address(new.platform, &new.url)?,
            username: None,
            practice: false,
        };
        self.add(account, new.credential, kept).await
    }

    /// Adds an account of the practice centre: kept in memory only and gone when the engine stops.
    ///
    /// # Errors
    /// When it does not let us in.
    pub async fn add_practice_account(
        &self,
        platform: Platform,
        url: &str,
        credential: Credential,
    ) -> Result<AccountId, Problem> {
        let account = Account {
            id: new_id(platform),
            platform,
            // Not the address: "127.0.0.1" tells an agent nothing.
            name: platform.practice_name().to_owned(),
            url: connector::address(platform, url)?,
            username: None,
            practice: true,
        };
        self.add(account, credential, Kept::InMemory).await
    }

    async fn add(
        &self,
        mut account: Account,
        credential: Credential,
        kept: Kept,
    ) -> Result<AccountId, Problem> {
        let (core, id) = (&self.core, account.id.clone());
        let secret = connector::secret_of(account.platform, credential);
        let connector = core.connector(account.platform, &id, &account.url, &secret).await?;
        let who = connector.sign_in().await?;
        let already = core.hub.read(|state| {
            state.accounts.iter().any(|known| {
                known.account.url == account.url
                    && known.account.username.as_deref() == Some(who.username.as_str())
            })
        });
        if already {
            return Err(impossible("already_added").with("host", host_of(&account.url)));
        }
        if account.name.is_empty() {
            account.name = host_of(&account.url);
        }
        account.username = Some(who.username);
        core.keep_secret(&id, connector.secret(), kept).await?;
        if !account.practice {
            core.store.put_account(account.clone()).await?;
            core.keep_memory(&id, &*connector).await?;
        }
        core.hub.update(|state, now| state.add_account(account, now));
        Session::start(core, &id, connector, kept);
        Ok(id)
    }

    /// Signs in again on an account whose session ended.
    ///
    /// # Errors
    /// When the credentials are refused, belong to somebody else, or cannot be kept where that was asked for.
    pub async fn sign_in(&self, request: SignIn) -> Result<(), Problem> {
        let (core, id) = (&self.core, request.account);
        let account = core.hub.read(|state| state.account(&id).map(|state| state.account.clone()));
        let account = account.ok_or_else(|| Problem::new(ProblemCode::Gone).on(&id))?;
        let secret = connector::secret_of(account.platform, request.credential);
        let connector = core.connector(account.platform, &id, &account.url, &secret).await?;
        let who = connector.sign_in().await.map_err(|problem| problem.on(&id))?;
        if account.username.as_ref().is_some_and(|username| *username != who.username) {
            return Err(impossible("somebody_else").on(&id).with("user", who.username));
        }
        let kept = match request.keep {
            KeepSecret::Keychain => Kept::InVault,
            KeepSecret::Session => Kept::InMemory,
        };
        core.keep_secret(&id, connector.secret(), kept)
            .await
            .map_err(|error| Problem::from(error).on(&id))?;
        let account = Account { username: Some(who.username), ..account };
        if !account.practice {
            core.store.put_account(account).await?;
        }
        Session::start(core, &id, connector, kept);
        Ok(())
    }

    /// Signs out and forgets an account, its secret, its contacts and its unsent work.
    ///
    /// # Errors
    /// When there is no such account, or the store cannot forget it. A keychain that does not answer is not in the
    /// way: without the account nobody reads the secret.
    pub async fn remove_account(&self, id: AccountId) -> Result<(), Problem> {
        let core = &self.core;
        if core.hub.read(|state| state.account(&id).is_none()) {
            return Err(Problem::new(ProblemCode::Gone).on(&id));
        }
        if let Some(session) = core.end_session(&id) {
            session.connector.sign_out().await;
        }
        let unsent: Vec<Work> = core.hub.read(|state| {
            let written = state.board.composing().into_iter().map(|composing| composing.work);
            let all = state.outbox.values().map(|item| item.work.clone()).chain(written);
            all.filter(|work| work.account().as_ref() == Some(&id)).collect()
        });
        core.store.forget_account(id.clone()).await?;
        if let Err(error) = core.forget_secret(&id).await {
            tracing::warn!(account = %id, %error, "a secret could not be forgotten");
        }
        core.hub.update(|state, _| state.remove_account(&id));
        core.inbox.forget(&id);
        for work in &unsent {
            core.unstage(work).await;
        }
        Ok(())
    }
}

/// A name that says nothing about whose account it is: it stands in logs.
fn new_id(platform: Platform) -> AccountId {
    AccountId(format!("{}-{:08x}", platform.word(), rand::random::<u32>()))
}

fn host_of(url: &str) -> String {
    wire::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| url.to_owned())
}

fn bad_address(url: String, problem: Problem) -> ConnectionReport {
    let line =
        CheckLine { what: "address".to_owned(), ok: Some(false), detail: None, problem: Some(problem) };
    ConnectionReport { url, version: None, user: None, lines: vec![line] }
}
