//! What lets us in: a key of API v1, perhaps one of API v3, and the agent's own e-mail address, because a key does not say
//! whose it is.

use liveagent::{Agent, KeyCheck};
use model::{Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use wire::{Error, Secret};

use super::LiveAgent;

/// The text that the vault keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    email: String,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v3_key: Option<String>,
}

/// A new credential as the text that the vault keeps. There is no signing in with a password.
pub(crate) fn secret_of(credential: model::Credential) -> SecretString {
    let trimmed = |text: String| text.trim().to_owned();
    text(&match credential {
        model::Credential::Token { token, username, second, .. } => Kept {
            email: trimmed(username.unwrap_or_default()),
            key: trimmed(token),
            v3_key: second.map(trimmed).filter(|key| !key.is_empty()),
        },
        model::Credential::Password { username, .. } => {
            Kept { email: trimmed(username), key: String::new(), v3_key: None }
        }
    })
}

fn text(kept: &Kept) -> SecretString {
    SecretString::from(serde_json::to_string(kept).unwrap_or_default())
}

/// What lets us in.
pub(super) struct Keys {
    /// The agent's own e-mail address, in small letters.
    pub(super) email: String,
    kept: SecretString,
}

impl Keys {
    /// The keys, and those of API v1 and v3 among them.
    pub(super) fn read(secret: &SecretString) -> Result<(Self, Secret, Option<Secret>), Problem> {
        // The error would quote the text.
        let kept: Kept = serde_json::from_str(secret.expose_secret())
            .map_err(|_| Problem::new(ProblemCode::SignInNeeded))?;
        let is_address =
            kept.email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !is_address {
            let mut problem = Problem::new(ProblemCode::WrongCredentials);
            let words = "the key does not say whose it is: give the e-mail address you sign in with";
            problem.fields.insert("username".to_owned(), vec![words.to_owned()]);
            return Err(problem);
        }
        let keys = Self { email: kept.email.to_lowercase(), kept: secret.clone() };
        Ok((keys, Secret::from(kept.key), kept.v3_key.map(Secret::from)))
    }

    pub(super) fn write(&self) -> SecretString {
        self.kept.clone()
    }
}

impl LiveAgent {
    /// Signs in: is this a LiveAgent, is the key one of its API v1, and is there such an agent.
    pub(super) async fn first_sign_in(&self) -> Result<Agent, Problem> {
        let check = self.client.check_key().await.map_err(|error| match error {
            Error::NotFound | Error::Protocol { .. } => self.problem_of(ProblemCode::NotThisPlatform),
            other => self.problem(&other),
        })?;
        match check {
            KeyCheck::Accepted(_) => {}
            KeyCheck::OfVersion3 => {
                return Err(self.wrong(
                    "token",
                    "this is a key of API v3; the key of API v1 stands on another page of the settings",
                ));
            }
            KeyCheck::Unknown => return Err(self.problem_of(ProblemCode::WrongCredentials)),
        }
        self.agent().await.map_err(|error| match error {
            Error::NotFound => self.nobody(),
            other if liveagent_has_nobody(&other) => self.nobody(),
            other => self.problem(&other),
        })
    }

    /// The agent as the platform knows them.
    pub(super) async fn agent(&self) -> Result<Agent, Error> {
        self.client.agent(&self.keys.email).await
    }

    fn nobody(&self) -> Problem {
        self.wrong("username", "the account has no agent with this e-mail address")
    }

    fn wrong(&self, field: &str, words: &str) -> Problem {
        let mut problem = self.problem_of(ProblemCode::WrongCredentials);
        problem.fields.insert(field.to_owned(), vec![words.to_owned()]);
        problem
    }
}

/// A refusal after the key was accepted is about the agent who was asked for.
fn liveagent_has_nobody(error: &Error) -> bool {
    matches!(error, Error::Refused { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(
        username: Option<&str>,
        second: Option<&str>,
    ) -> Result<(Keys, Secret, Option<Secret>), Problem> {
        Keys::read(&secret_of(model::Credential::Token {
            token: " 5ceef ".to_owned(),
            username: username.map(str::to_owned),
            second: second.map(str::to_owned),
            user: None,
        }))
    }

    #[test]
    fn a_key_is_kept_with_whose_it_is() {
        let (keys, key, second) = token(Some(" Ida@acme.example "), Some(" ")).unwrap();
        assert_eq!((keys.email.as_str(), key.expose()), ("ida@acme.example", "5ceef"));
        assert!(second.is_none());
        let (again, _, _) = Keys::read(&keys.write()).unwrap();
        assert_eq!(again.email, keys.email);
        let (_, _, second) = token(Some("ida@acme.example"), Some("v3key")).unwrap();
        assert_eq!(second.unwrap().expose(), "v3key");
        for nobody in [None, Some("ida"), Some("@acme.example")] {
            assert!(token(nobody, None).err().unwrap().fields.contains_key("username"));
        }
    }
}
