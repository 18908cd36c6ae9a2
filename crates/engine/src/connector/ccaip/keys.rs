//! What lets us in: a token of the tenant, the user name that goes with it, and who of all agents we are, because a token
//! does not say whose it is.

use ccaip::{Agent, Agents, Credentials, Page};
use model::{Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use wire::pace::Class;
use wire::{Error, Secret};

use super::Ccaip;

/// How many agents a page has; the document's own example.
const PAGE: u32 = 200;
/// How many pages are looked through for one agent.
const PAGES: u32 = 50;

/// The text that the vault keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    agent: String,
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

/// A new credential as the text that the vault keeps. There is no signing in with a password.
pub(crate) fn secret_of(credential: model::Credential) -> SecretString {
    let trimmed = |text: String| text.trim().to_owned();
    let kept = match credential {
        model::Credential::Token { token, username, user, .. } => Kept {
            agent: trimmed(username.unwrap_or_default()),
            token: trimmed(token),
            user: user.map(trimmed).filter(|user| !user.is_empty()),
        },
        model::Credential::Password { username, .. } => {
            Kept { agent: trimmed(username), token: String::new(), user: None }
        }
    };
    SecretString::from(serde_json::to_string(&kept).unwrap_or_default())
}

/// What lets us in.
pub(super) struct Keys {
    /// The agent's e-mail address or agent number, as it was typed.
    pub(super) agent: String,
    kept: SecretString,
}

impl Keys {
    /// The keys, and what of them is sent.
    pub(super) fn read(secret: &SecretString) -> Result<(Self, Credentials), Problem> {
        // The error would quote the text.
        let kept: Kept = serde_json::from_str(secret.expose_secret())
            .map_err(|_| Problem::new(ProblemCode::SignInNeeded))?;
        if kept.agent.is_empty() {
            return Err(wrong(
                "username",
                "the token does not say whose it is: give your e-mail address or agent number",
            ));
        }
        if kept.token.is_empty() {
            return Err(wrong("token", "it is empty"));
        }
        let credentials = Credentials { user: kept.user, token: Secret::from(kept.token) };
        Ok((Self { agent: kept.agent, kept: secret.clone() }, credentials))
    }

    pub(super) fn write(&self) -> SecretString {
        self.kept.clone()
    }

    /// Whether this agent is the one who was named.
    pub(super) fn is_me(&self, agent: &Agent) -> bool {
        let same = |text: &Option<String>| {
            text.as_deref().is_some_and(|t| t.trim().eq_ignore_ascii_case(&self.agent))
        };
        same(&agent.email) || same(&agent.agent_number)
    }

    /// An agent number can be asked for, an address has to be looked for.
    fn question(&self) -> Agents {
        let number = (!self.agent.contains('@')).then(|| self.agent.clone());
        Agents { agent_number: number.into_iter().collect(), ..Agents::default() }
    }
}

fn wrong(field: &str, words: &str) -> Problem {
    let mut problem = Problem::new(ProblemCode::WrongCredentials);
    problem.fields.insert(field.to_owned(), vec![words.to_owned()]);
    problem
}

impl Ccaip {
    /// Signs in: is there such a tenant, is the token one of its tokens, and who of its agents are we.
    pub(super) async fn first_sign_in(&self) -> Result<Agent, Problem> {
        let agent = self.become_known().await.map_err(|error| match error {
            Error::SignInNeeded => self.problem_of(ProblemCode::WrongCredentials),
            // "Resource not found, check your subdomain."
            Error::NotFound => {
                let mut problem = self.problem_of(ProblemCode::NotThisPlatform);
                let words = format!("there is no tenant “{}” here", self.client.base().subdomain());
                problem.fields.insert("url".to_owned(), vec![words]);
                problem
            }
            Error::Protocol { .. } => self.problem_of(ProblemCode::NotThisPlatform),
            other => self.problem(&other),
        })?;
        agent.ok_or_else(|| {
            wrong("username", "the tenant has no agent with this e-mail address or agent number")
                .on(&self.account)
                .with("host", self.host.clone())
        })
    }

    /// Finds out who the agent is: by what is remembered with one request, else by looking through everybody.
    pub(super) async fn become_known(&self) -> Result<Option<Agent>, Error> {
        match self.ask(Class::Foreground, self.remembered()).await? {
            Some(agent) => Ok(Some(agent)),
            None => self.search().await,
        }
    }

    /// The agent by the number that is remembered, if that is still the one who was named. At most one request.
    pub(super) async fn remembered(&self) -> Result<Option<Agent>, Error> {
        let Some(me) = self.memory().me.clone() else { return Ok(None) };
        let question = Agents { id: vec![me], ..Agents::default() };
        let found = self.client.page(&question, Page { number: 1, per: 1 }).await?;
        Ok(found.rows.into_iter().find(|agent| self.keys.is_me(agent)))
    }

    /// Looks through everybody.
    pub(super) async fn search(&self) -> Result<Option<Agent>, Error> {
        let question = self.keys.question();
        for number in 1..=PAGES {
            let page = Page { number, per: PAGE };
            let found = self.ask(Class::Foreground, self.client.page(&question, page)).await?;
            let received = found.received();
            let most = found.per_page.unwrap_or(PAGE).min(PAGE);
            let is_last = received == 0
                || found.total.map_or(received < most as usize, |total| u64::from(number * most) >= total);
            if let Some(agent) = found.rows.into_iter().find(|agent| self.keys.is_me(agent)) {
                self.memory().me = Some(agent.id.clone());
                self.learned();
                return Ok(Some(agent));
            }
            if is_last {
                break;
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(username: &str, user: Option<&str>) -> Result<(Keys, Credentials), Problem> {
        Keys::read(&secret_of(model::Credential::Token {
            token: " f81d4 ".to_owned(),
            username: Some(username.to_owned()),
            second: None,
            user: user.map(str::to_owned),
        }))
    }

    #[test]
    fn a_token_is_kept_with_whose_it_is_and_the_name_that_goes_with_it() {
        let (keys, credentials) = token(" Ida@acme.example ", Some(" acme ")).unwrap();
        assert_eq!(keys.agent, "Ida@acme.example");
        assert_eq!((credentials.token.expose(), credentials.user.as_deref()), ("f81d4", Some("acme")));
        let (again, _) = Keys::read(&keys.write()).unwrap();
        assert_eq!(again.agent, keys.agent);
        assert_eq!(token("1001", Some(" ")).unwrap().1.user, None);
        assert!(token(" ", None).err().unwrap().fields.contains_key("username"));
    }

    #[test]
    fn an_agent_is_known_by_address_or_number_in_any_case() {
        let agent = |email: Option<&str>, number: Option<&str>| Agent {
            email: email.map(str::to_owned),
            agent_number: number.map(str::to_owned),
            ..Agent::default()
        };
        let (by_email, _) = token("IDA@acme.example", None).unwrap();
        let (by_number, _) = token("1001", None).unwrap();
        assert!(by_email.is_me(&agent(Some("ida@ACME.example"), None)));
        assert!(!by_email.is_me(&agent(Some("adida@acme.example"), Some("1001"))));
        assert!(by_number.is_me(&agent(None, Some("1001"))));
        assert!(!by_number.is_me(&agent(None, None)));
        assert!(by_email.question().agent_number.is_empty());
        assert_eq!(by_number.question().agent_number, ["1001"]);
    }
}
