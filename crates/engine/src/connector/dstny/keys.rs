//! What lets us in: a pasted token, or a ticket that we made with the agent's password.
//!
//! A password is used once, to make a ticket of our own ("Offhook" and the computer's name), and forgotten: a ticket is
//! good for a year, and can be revoked without touching the password. Signing out revokes the ticket that we made; a
//! pasted token belongs to the agent and is never touched.

use std::sync::{Mutex, PoisonError};

use dstny::contacts::ContactQuery;
use dstny::{Client, Identity, Ticket, TicketAnswer, TicketRequest};
use model::{Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use wire::{Error, Secret};

use super::{Dstny, inferred};

/// Longest ticket name that the platform takes.
const LONGEST_NAME: usize = 64;

/// The text that the vault keeps.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    username: String,
    domain: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The name of a ticket that we made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    /// Only until the ticket is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// A new credential as the text that the vault keeps.
pub(crate) fn secret_of(credential: model::Credential) -> SecretString {
    let empty = |who: String| {
        // Who cannot be read is refused when the connector is opened, with words.
        let (username, domain) = match Identity::parse(&who) {
            Ok(identity) => (identity.user, identity.domain),
            Err(_) => (who.trim().to_owned(), String::new()),
        };
        Kept { username, domain, token: None, name: None, expires: None, password: None, code: None }
    };
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    text(&match credential {
        model::Credential::Token { token, username, .. } => {
            Kept { token: given(token), ..empty(username.unwrap_or_default()) }
        }
        model::Credential::Password { username, password, code } => {
            Kept { password: Some(password), code: code.and_then(given), ..empty(username) }
        }
    })
}

fn text(kept: &Kept) -> SecretString {
    SecretString::from(serde_json::to_string(kept).unwrap_or_default())
}

/// What a ticket can be made with, until there is one.
pub(super) struct Keys {
    password: Mutex<Option<(Secret, Option<Secret>)>>,
}

impl Keys {
    pub(super) fn read(secret: &SecretString) -> Result<(Self, Identity, Option<Ticket>), Problem> {
        // The error would quote the text.
        let kept: Kept = serde_json::from_str(secret.expose_secret())
            .map_err(|_| Problem::new(ProblemCode::SignInNeeded))?;
        let identity = Identity::parse(&format!("{}@{}", kept.username, kept.domain)).map_err(|error| {
            let mut problem = Problem::new(ProblemCode::WrongCredentials);
            if let Error::InvalidInput { reason, .. } = error {
                problem.fields.insert("username".to_owned(), vec![reason]);
            }
            problem
        })?;
        let ticket = kept.token.map(|token| Ticket {
            token: Secret::from(token),
            name: kept.name,
            expires: kept.expires.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()),
            apis: Vec::new(),
        });
        let password = kept.password.map(|password| (Secret::from(password), kept.code.map(Secret::from)));
        Ok((Self { password: Mutex::new(password) }, identity, ticket))
    }

    pub(super) fn write(&self, client: &Client) -> SecretString {
        let (identity, ticket) = (client.identity(), client.ticket());
        let password = ticket.is_none().then(|| self.password()).flatten();
        text(&Kept {
            username: identity.user.clone(),
            domain: identity.domain.clone(),
            token: ticket.as_ref().map(|ticket| ticket.token.expose().to_owned()),
            name: ticket.as_ref().and_then(|ticket| ticket.name.clone()),
            expires: ticket.and_then(|ticket| ticket.expires).map(jiff::Timestamp::as_millisecond),
            code: password.as_ref().and_then(|(_, code)| code.as_ref()).map(|code| code.expose().to_owned()),
            password: password.map(|(password, _)| password.expose().to_owned()),
        })
    }

    fn password(&self) -> Option<(Secret, Option<Secret>)> {
        self.password.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget(&self) {
        *self.password.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Dstny {
    /// Signs in for the first time: makes the ticket if there is none yet, and sees whether it opens anything.
    pub(super) async fn first_sign_in(&self) -> Result<(), Problem> {
        if let (None, Some((password, code))) = (self.client.ticket(), self.keys.password()) {
            self.make_ticket(&password, code.as_ref()).await?;
        }
        self.knock().await.map_err(|error| match error {
            Error::SignInNeeded => self.problem_of(ProblemCode::WrongCredentials),
            Error::NotFound | Error::Protocol { .. } => self.problem_of(ProblemCode::NotThisPlatform),
            other => self.problem(&other),
        })
    }

    async fn make_ticket(&self, password: &Secret, code: Option<&Secret>) -> Result<(), Problem> {
        let name = ticket_name();
        let mut scopes: &[&str] = &inferred::SCOPES;
        loop {
            let wish = TicketRequest {
                apis: scopes.iter().map(|&scope| scope.to_owned()).collect(),
                name: name.clone(),
                expires: None,
                device_display_name: None,
            };
            match self.client.ticket_create(password, code, &wish).await {
                Ok(TicketAnswer::Issued(_)) => {
                    self.keys.forget();
                    return Ok(());
                }
                Ok(TicketAnswer::SecondFactorNeeded) => {
                    return Err(self.problem_of(ProblemCode::WrongCredentials).with("why", "second_factor"));
                }
                // This tenant spells some of the scopes otherwise, or does not have them.
                Err(error)
                    if scopes.len() > inferred::CERTAIN_SCOPES.len() && inferred::is_about_scopes(&error) =>
                {
                    scopes = &inferred::CERTAIN_SCOPES;
                }
                Err(Error::SignInNeeded | Error::Forbidden) => {
                    return Err(self.problem_of(ProblemCode::WrongCredentials));
                }
                Err(Error::NotFound | Error::Protocol { .. }) => {
                    return Err(self.problem_of(ProblemCode::NotThisPlatform));
                }
                Err(error) => return Err(self.problem(&error)),
            }
        }
    }

    /// Whether the ticket opens anything: the first answer that says so is enough.
    async fn knock(&self) -> Result<(), Error> {
        let mut refused = None;
        // The first is wanted anyway, the others only where the ticket lacks the scope or the tenant the operation.
        for door in [Door::Presence, Door::Calls, Door::Devices, Door::Contacts] {
            let knocked = match door {
                Door::Presence => self.client.presence().await.map(drop),
                Door::Calls => self.client.user_state().await.map(drop),
                Door::Devices => self.client.active_devices().await.map(drop),
                Door::Contacts => self.client.search_contacts(&ContactQuery::default()).await.map(drop),
            };
            match knocked {
                Ok(()) => return Ok(()),
                Err(error @ (Error::Forbidden | Error::MissingRight { .. } | Error::NotFound)) => {
                    // A missing scope says more than a path that is not there.
                    if !matches!(error, Error::NotFound) || refused.is_none() {
                        refused.get_or_insert(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or(Error::Forbidden))
    }

    /// Revokes the ticket that we made. Best effort: the account is being forgotten.
    pub(super) async fn revoke(&self) {
        let Some(name) = self.client.ticket().and_then(|ticket| ticket.name) else { return };
        let revoked = tokio::time::timeout(super::LEAVING, self.client.ticket_delete(&name)).await;
        if !matches!(revoked, Ok(Ok(()))) {
            tracing::info!(account = %self.account, "the ticket could not be revoked");
        }
    }
}

/// What may be asked to see whether a ticket is good.
#[derive(Clone, Copy)]
enum Door {
    Presence,
    Calls,
    Devices,
    Contacts,
}

/// A name under which the agent recognises the ticket among others, and no other computer's is replaced.
fn ticket_name() -> String {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    let name = format!("Offhook {host} {:04x}", rand::random::<u16>());
    name.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(secret: &SecretString) -> serde_json::Value {
        serde_json::from_str(secret.expose_secret()).unwrap()
    }

    #[test]
    fn a_user_is_split_from_the_domain_and_a_password_is_kept_only_until_there_is_a_ticket() {
        let secret = secret_of(model::Credential::Password {
            username: " anna@acme.example ".to_owned(),
            password: "s3cret".to_owned(),
            code: Some("123456".to_owned()),
        });
        assert_eq!(
            (&kept(&secret)["username"], &kept(&secret)["domain"]),
            (&"anna".into(), &"acme.example".into())
        );
        let (keys, identity, ticket) = Keys::read(&secret).unwrap();
        assert!(ticket.is_none());
        let base = dstny::BaseUrl::parse("pbx.acme.example").unwrap();
        let client = Client::new(base, wire::HttpOptions::default(), identity, None).unwrap();
        assert_eq!(kept(&keys.write(&client)), kept(&secret));
        client.set_ticket(Some(Ticket::pasted("2343.abc")));
        let after = keys.write(&client);
        assert!(!after.expose_secret().contains("s3cret") && after.expose_secret().contains("2343.abc"));
    }

    #[test]
    fn a_pasted_token_has_no_name_and_needs_its_user() {
        let token = |username: Option<&str>| {
            Keys::read(&secret_of(model::Credential::Token {
                second: None,
                user: None,
                token: " 2343.abc\n".to_owned(),
                username: username.map(str::to_owned),
            }))
        };
        let (_, identity, ticket) = token(Some("anna@acme.example")).unwrap();
        let ticket = ticket.unwrap();
        assert_eq!((identity.cid().as_str(), ticket.token.expose()), ("anna@acme.example", "2343.abc"));
        assert!(ticket.name.is_none(), "so it is never revoked");
        for nobody in [None, Some("anna")] {
            let problem = token(nobody).err().unwrap();
            assert_eq!(problem.code, ProblemCode::WrongCredentials);
            assert!(problem.fields.contains_key("username"));
        }
    }
}
