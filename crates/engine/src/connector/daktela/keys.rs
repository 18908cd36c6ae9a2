//! What lets us in: a pasted token, or a user name and password with the tokens they gave.
//!
//! Tokens of a login end; then the refresh token is tried, then the password. A pasted token is shown and nothing
//! else is done with it. Only one renewal runs at a time, and whoever waited for it uses what it brought.

use daktela::{Credential, Probe, Tokens, Whoim};
use model::{Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use wire::{Error, Secret};

use super::Daktela;

/// The text that the vault keeps.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum Kept {
    Token {
        token: String,
    },
    Password {
        username: String,
        password: String,
        #[serde(default)]
        access: Option<String>,
        #[serde(default)]
        refresh: Option<String>,
        /// Milliseconds since the epoch.
        #[serde(default)]
        expires: Option<i64>,
    },
}

/// What new tokens can be had with.
pub(super) struct Keys {
    password: Option<(String, Secret)>,
    renewing: Mutex<()>,
}

/// A new credential as the text that the vault keeps.
pub(crate) fn secret_of(credential: model::Credential) -> SecretString {
    let kept = match credential {
        model::Credential::Token { token, .. } => Kept::Token { token: token.trim().to_owned() },
        model::Credential::Password { username, password, .. } => Kept::Password {
            username: username.trim().to_owned(),
            password,
            access: None,
            refresh: None,
            expires: None,
        },
    };
    text(&kept)
}

fn text(kept: &Kept) -> SecretString {
    SecretString::from(serde_json::to_string(kept).unwrap_or_default())
}

impl Keys {
    pub(super) fn read(secret: &SecretString) -> Result<(Self, Credential), Problem> {
        // The error would quote the text.
        let kept: Kept = serde_json::from_str(secret.expose_secret())
            .map_err(|_| Problem::new(ProblemCode::SignInNeeded))?;
        let renewing = Mutex::default();
        Ok(match kept {
            Kept::Token { token } => {
                (Self { password: None, renewing }, Credential::Token(Secret::from(token)))
            }
            Kept::Password { username, password, access, refresh, expires } => {
                let credential = access.map_or(Credential::None, |access| {
                    Credential::Session(Tokens {
                        access: Secret::from(access),
                        refresh: refresh.map(Secret::from),
                        expires: expires.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()),
                    })
                });
                (Self { password: Some((username, Secret::from(password))), renewing }, credential)
            }
        })
    }

    pub(super) fn write(&self, credential: &Credential) -> SecretString {
        let tokens = match credential {
            Credential::Token(token) => {
                return text(&Kept::Token { token: token.expose().to_owned() });
            }
            Credential::Session(tokens) => Some(tokens),
            Credential::None => None,
        };
        let (username, password) = self.password.as_ref().map_or(("", ""), |(u, p)| (u.as_str(), p.expose()));
        text(&Kept::Password {
            username: username.to_owned(),
            password: password.to_owned(),
            access: tokens.map(|tokens| tokens.access.expose().to_owned()),
            refresh: tokens.and_then(|tokens| tokens.refresh.as_ref()).map(|t| t.expose().to_owned()),
            expires: tokens.and_then(|tokens| tokens.expires).map(jiff::Timestamp::as_millisecond),
        })
    }

    pub(super) fn is_password(&self) -> bool {
        self.password.is_some()
    }
}

impl Daktela {
    /// Signs in for the first time: is this a Daktela, does it take what we have, and who are we then.
    pub(super) async fn first_sign_in(&self) -> Result<Whoim, Problem> {
        let probe = self.client.probe().await.map_err(|error| self.problem(&error))?;
        match probe {
            Probe::SomethingElse { why } => {
                tracing::info!(account = %self.account, why, "this is no Daktela");
                return Err(Problem::new(ProblemCode::NotThisPlatform).with("host", self.host.clone()));
            }
            Probe::Daktela { password: false, .. } if self.keys.is_password() => {
                return Err(Problem::new(ProblemCode::SingleSignOnOnly).with("host", self.host.clone()));
            }
            Probe::Daktela { .. } => {}
        }
        let refused = |error: Error| match error {
            Error::SignInNeeded => {
                Problem::new(ProblemCode::WrongCredentials).with("host", self.host.clone())
            }
            other => self.problem(&other),
        };
        if let (Some((username, password)), Credential::None) =
            (&self.keys.password, self.client.credential())
        {
            self.client.login(username, password).await.map_err(refused)?;
        }
        self.signed(|| self.client.whoim()).await.map_err(refused)
    }

    /// Gets new tokens in place of those that were `shown` and refused; at once if somebody else has just done so.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] when only the agent can help.
    pub(super) async fn renew(&self, shown: &Credential) -> Result<(), Error> {
        let _one_at_a_time = self.keys.renewing.lock().await;
        if self.client.credential() != *shown {
            return Ok(());
        }
        let Some((username, password)) = &self.keys.password else { return Err(Error::SignInNeeded) };
        match self.client.refresh().await {
            Ok(_) => {}
            Err(Error::SignInNeeded) => {
                // Whatever a sign-in is refused for (a locked user, single sign-on from now on), sending the same
                // password again can only lock the agent out.
                self.client.login(username, password).await.map_err(|error| match error {
                    Error::Refused { .. } | Error::Forbidden => Error::SignInNeeded,
                    other => other,
                })?;
            }
            Err(error) => return Err(error),
        }
        tracing::info!(account = %self.account, "the session was renewed");
        let ear = self.ear.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(ear) = ear {
            ear.secret(self.keys.write(&self.client.credential()));
        }
        Ok(())
    }

    /// Renews the tokens shortly before they end, so that no request meets the end.
    pub(super) async fn renew_in_time(&self) -> Result<(), Error> {
        let shown = self.client.credential();
        let soon = jiff::Timestamp::now().as_second() + RENEW_BEFORE_S;
        match &shown {
            Credential::Session(Tokens { expires: Some(expires), .. }) if expires.as_second() < soon => {
                self.renew(&shown).await
            }
            // Kept without tokens: the first request of a new account's session.
            Credential::None => self.renew(&shown).await,
            Credential::Session(_) | Credential::Token(_) => Ok(()),
        }
    }
}

/// How long before its end a token is renewed, in seconds.
const RENEW_BEFORE_S: i64 = 60;
