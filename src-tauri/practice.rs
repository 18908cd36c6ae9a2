//! The practice centre: the sandbox inside the app, for training and for trying Offhook without an account. Its one world
//! has a door for each platform, so its agent has as many accounts: a contact centre, the telephone exchange that carries its
//! calls, a help desk and a contact cloud.

use engine::Engine;
use model::{AccountId, Credential, Platform, Problem, ProblemCode};
use tokio::sync::Mutex;

/// The practice centre, if it runs.
#[derive(Default)]
pub(crate) struct Practice(Mutex<Option<Running>>);

struct Running {
    centre: sandbox::Sandbox,
    /// The account at each door that is signed in to.
    accounts: Vec<(Platform, AccountId)>,
}

impl Practice {
    /// Starts the centre and signs in to it; a centre that runs already is used again.
    ///
    /// # Errors
    /// When no port is free, or the centre does not let us in.
    pub(crate) async fn start(&self, engine: &Engine) -> Result<AccountId, Problem> {
        let mut running = self.0.lock().await;
        let centre = match running.take() {
            Some(known) => known,
            None => {
                let options = sandbox::Options {
                    scenario: sandbox::Scenario::TypicalDay,
                    ..sandbox::Options::default()
                };
                let centre = sandbox::start(options).await.map_err(|error| {
                    tracing::error!(%error, "the practice centre did not start");
                    Problem::new(ProblemCode::Internal).with("what", "practice")
                })?;
                Running { centre, accounts: Vec::new() }
            }
        };
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
        sign_in(&mut *self.0.lock().await, engine, Running { centre, accounts: Vec::new() }).await
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
        practice.accounts.retain(|(_, own)| own != account);
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

/// Signs in at both doors where that is not done yet, and answers the account of the contact centre.
async fn sign_in(
    running: &mut Option<Running>,
    engine: &Engine,
    mut practice: Running,
) -> Result<AccountId, Problem> {
    let mut refused = None;
    for platform in Platform::ALL {
        if practice.accounts.iter().any(|(door, _)| *door == platform) {
            continue;
        }
        match through(platform, &practice.centre, engine).await {
            Ok(account) => practice.accounts.push((platform, account)),
            Err(problem) => {
                tracing::error!(%problem, ?platform, "the practice centre does not let us in");
                refused = Some(problem);
            }
        }
    }
    let account = practice.accounts.iter().find(|(door, _)| *door == Platform::Daktela);
    let answer = account.map(|(_, account)| account.clone());
    // As long as somebody is signed in, it is taken care of.
    if practice.accounts.is_empty() {
        practice.centre.stop().await;
    } else {
        *running = Some(practice);
    }
    answer.ok_or_else(|| refused.unwrap_or_else(missing))
}

/// Signs the first agent in at one door.
async fn through(
    platform: Platform,
    centre: &sandbox::Sandbox,
    engine: &Engine,
) -> Result<AccountId, Problem> {
    let (url, credential) = match platform {
        Platform::Daktela => {
            let user = centre.users().into_iter().next().ok_or_else(missing)?;
            let (username, password) = (user.username, user.password);
            (centre.daktela_url(), Credential::Password { username, password, code: None })
        }
        Platform::Dstny => {
            let user = centre.dstny_users().into_iter().next().ok_or_else(missing)?;
            let username = Some(format!("{}@{}", user.username, user.domain));
            (centre.dstny_url(), Credential::Token { token: user.token, username, second: None, user: None })
        }
        Platform::LiveAgent => {
            let user = centre.liveagent_users().into_iter().next().ok_or_else(missing)?;
            let (token, second) = (centre.liveagent_key(), Some(user.v3_key));
            (
                centre.liveagent_url(),
                Credential::Token { token, username: Some(user.username), second, user: None },
            )
        }
        Platform::Ccaip => {
            let agent = centre.ccaip_users().into_iter().next().ok_or_else(missing)?;
            let (token, user) = (centre.ccaip_token(), Some(centre.ccaip_user().to_owned()));
            let credential = Credential::Token { token, username: Some(agent.username), second: None, user };
            (centre.ccaip_url(), credential)
        }
    };
    engine.add_practice_account(platform, &url, credential).await
}

fn missing() -> Problem {
    Problem::new(ProblemCode::Internal).with("what", "practice")
}
