//! The practice centre: the sandbox inside the app, for training and for trying Offhook without an account. Its one world
//! has two doors, so its agent has two accounts: a contact centre, and the telephone exchange that carries its calls.

use engine::Engine;
use model::{AccountId, Credential, Platform, Problem, ProblemCode};
use tokio::sync::Mutex;

/// The practice centre, if it runs.
#[derive(Default)]
pub(crate) struct Practice(Mutex<Option<Running>>);

struct Running {
    centre: sandbox::Sandbox,
    /// The accounts of it that are signed in; the first is the centre itself.
    accounts: Vec<AccountId>,
}

impl Practice {
    /// Starts the centre and signs in to it; a centre that runs already is used again.
    ///
    /// # Errors
    /// When no port is free, or the centre does not let us in.
    pub(crate) async fn start(&self, engine: &Engine) -> Result<AccountId, Problem> {
        let mut running = self.0.lock().await;
        if let Some(account) = running.as_ref().and_then(|practice| practice.accounts.first()) {
            return Ok(account.clone());
        }
        let options =
            sandbox::Options { scenario: sandbox::Scenario::TypicalDay, ..sandbox::Options::default() };
        let centre = sandbox::start(options).await.map_err(|error| {
            tracing::error!(%error, "the practice centre did not start");
            Problem::new(ProblemCode::Internal).with("what", "practice")
        })?;
        sign_in(&mut running, engine, centre).await
    }

    /// Signs in to a centre that was started elsewhere, and takes care of it from now on.
    ///
    /// # Errors
    /// When it does not let us in.
    pub(crate) async fn adopt(
        &self,
        engine: &Engine,
        centre: sandbox::Sandbox,
    ) -> Result<AccountId, Problem> {
        sign_in(&mut *self.0.lock().await, engine, centre).await
    }

    /// Makes somebody call.
    ///
    /// # Errors
    /// [`ProblemCode::NotPossible`] when the centre does not run or nobody can be called.
    pub(crate) async fn ring(&self) -> Result<(), Problem> {
        let running = self.0.lock().await;
        let practice = running
            .as_ref()
            .ok_or_else(|| Problem::new(ProblemCode::NotPossible).with("what", "practice"))?;
        let user = practice.centre.users().into_iter().next().map(|user| user.username);
        practice.centre.control().ring(sandbox::Ring { agent: user, ..sandbox::Ring::default() }).map_err(
            |error| {
                Problem::new(ProblemCode::NotPossible)
                    .with("what", "practice")
                    .with("reason", error.to_string())
            },
        )?;
        Ok(())
    }

    /// An account was removed: the centre ends with the last of its own.
    pub(crate) async fn removed(&self, account: &AccountId) {
        let mut running = self.0.lock().await;
        let Some(practice) = running.as_mut() else { return };
        practice.accounts.retain(|own| own != account);
        if practice.accounts.is_empty()
            && let Some(practice) = running.take()
        {
            practice.centre.stop().await;
        }
    }

    /// Stops the centre, if it runs.
    pub(crate) async fn stop(&self) {
        if let Some(practice) = self.0.lock().await.take() {
            practice.centre.stop().await;
        }
    }
}

async fn sign_in(
    running: &mut Option<Running>,
    engine: &Engine,
    centre: sandbox::Sandbox,
) -> Result<AccountId, Problem> {
    let missing = || Problem::new(ProblemCode::Internal).with("what", "practice");
    let user = centre.users().into_iter().next().ok_or_else(missing)?;
    let credential = Credential::Password { username: user.username, password: user.password, code: None };
    let account = engine.add_practice_account(Platform::Daktela, &centre.daktela_url(), credential).await?;
    // From here on the centre is taken care of, also when its second door stays shut.
    let practice = running.insert(Running { centre, accounts: vec![account.clone()] });
    if let Some(user) = practice.centre.dstny_users().into_iter().next() {
        let username = Some(format!("{}@{}", user.username, user.domain));
        let credential = Credential::Token { token: user.token, username };
        let url = practice.centre.dstny_url();
        match engine.add_practice_account(Platform::Dstny, &url, credential).await {
            Ok(exchange) => practice.accounts.push(exchange),
            Err(problem) => tracing::error!(%problem, "the practice exchange does not let us in"),
        }
    }
    Ok(account)
}
