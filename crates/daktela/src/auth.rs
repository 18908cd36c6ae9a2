//! Signing in and out, and what is known about whoever is signed in.
//!
//! A login answers with a text (the token), with `{accessToken, refreshToken, accessTokenExpirationDate}`, with
//! the whole user (`_sys.accessToken`), or only with cookies; all of them are read. The renewal (`PUT login`)
//! is used by Daktela's own clients and documented nowhere.

use serde_json::{Map, Value, json};
use wire::retry::Policy;
use wire::{Answer, Error, HeaderName, Secret};

use crate::client::{Call, Client, Credential, Tokens};
use crate::envelope::{Envelope, log_odd, read_rows};
use crate::inferred;
use crate::loose::{elements, text, timestamp};
use crate::models::{Pause, Queue, SipDevice, User};
use crate::record::{Record, Unreadable};

/// What `whoim` says: static data about the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Whoim {
    /// Who is signed in.
    pub user: User,
    /// Version of Daktela, such as `6.26.1`.
    pub version: Option<String>,
    /// The queues the user has rights to.
    pub queues: Vec<Queue>,
    /// The pauses the user may take.
    pub pauses: Vec<Pause>,
    /// The user's own SIP devices, without their secrets.
    pub devices: Vec<SipDevice>,
    /// Queues, pauses and devices that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// What a server says about itself to anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// It is a Daktela.
    Daktela {
        /// Its version, if it tells.
        version: Option<String>,
        /// Whether a user name and a password are accepted at all; otherwise only a pasted token works.
        password: bool,
        /// Other ways to sign in that are switched on (`google`, `azure`, `genericsso`); none of them can be
        /// used by an application.
        single_sign_on: Vec<String>,
    },
    /// It answers, but not like a Daktela.
    SomethingElse {
        /// What was strange about it.
        why: String,
    },
}

impl Client {
    /// Signs in with a user name and a password; the client uses the session from then on.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if they are wrong; [`Error::Refused`] with the platform's words;
    /// [`Error::Protocol`] if no token is in the answer.
    pub async fn login(&self, username: &str, password: &Secret) -> Result<Tokens, Error> {
        let body = json!({ "username": username, "password": password.expose() });
        self.adopt(Call::post(["api", "v6", "login"], body)).await
    }

    /// Signs in and asks for nothing but a token: no cookie is set and the session cannot be renewed.
    ///
    /// # Errors
    /// As [`Client::login`].
    pub async fn login_for_token(&self, username: &str, password: &Secret) -> Result<Tokens, Error> {
        let body = json!({ "username": username, "password": password.expose(), "only_token": true });
        self.adopt(Call::post(["api", "v6", "login"], body)).await
    }

    /// Renews the session with its refresh token.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if there is no refresh token or the server does not take it (any refusal means
    /// that); then a full login is needed.
    pub async fn refresh(&self) -> Result<Tokens, Error> {
        let Credential::Session(Tokens { refresh: Some(refresh), .. }) = self.credential() else {
            return Err(Error::SignInNeeded);
        };
        let call = Call::put(["api", "v6", "login"], json!({ "refreshToken": refresh.expose() }));
        let mut tokens = self.adopt(call).await.map_err(|error| match error {
            Error::Refused { .. } | Error::Forbidden | Error::NotFound => Error::SignInNeeded,
            other => other,
        })?;
        if tokens.refresh.is_none() {
            tokens.refresh = Some(refresh);
            self.set_credential(Credential::Session(tokens.clone()));
        }
        Ok(tokens)
    }

    async fn adopt(&self, call: Call<'_>) -> Result<Tokens, Error> {
        let envelope = self.call(call.anonymous()).await?;
        let tokens = tokens(&envelope)
            .ok_or_else(|| envelope.unexpected("result", "there is no access token in it"))?;
        self.set_credential(Credential::Session(tokens.clone()));
        Ok(tokens)
    }

    /// Ends the session and forgets its tokens. A pasted token is kept and the server is not told: whether it
    /// would end such a token for good is not known.
    ///
    /// # Errors
    /// As every request; the tokens are forgotten anyway.
    pub async fn logout(&self) -> Result<(), Error> {
        let Credential::Session(_) = self.credential() else { return Ok(()) };
        let told = self.call(Call::get(["api", "v6", "logout"]).policy(Policy::COMMAND)).await;
        self.set_credential(Credential::None);
        match told {
            Ok(_) | Err(Error::SignInNeeded) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Who is signed in. This is also the check whether somebody is: the server answers 200 without a user
    /// when the token is missing or bad.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if nobody is.
    pub async fn whoim(&self) -> Result<Whoim, Error> {
        let envelope = self.call(Call::get(["api", "v6", "whoim"])).await?;
        let result = envelope.result.as_object();
        let part = |key: &str| result.and_then(|result| result.get(key)).unwrap_or(&Value::Null);
        let Value::Object(user) = part("user") else { return Err(Error::SignInNeeded) };
        if user.is_empty() {
            return Err(Error::SignInNeeded);
        }
        let reading = envelope.reading();
        let mut unreadable = Vec::new();
        let whoim = Whoim {
            version: version(part("version")),
            queues: rows(part("queues"), &reading, &mut unreadable),
            pauses: rows(part("pauses"), &reading, &mut unreadable),
            devices: rows(user.get("extensions").unwrap_or(&Value::Null), &reading, &mut unreadable),
            user: User::read(user, &reading).map_err(|why| envelope.unexpected("result.user", why))?,
            unreadable,
        };
        log_odd(reading);
        Ok(whoim)
    }

    /// Looks, without signing in, whether this is a Daktela at all and how one can sign in to it.
    ///
    /// # Errors
    /// [`Error::Network`] and [`Error::Transient`]: nothing can be said.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let whoim = self.call(Call::get(["api", "v6", "whoim"]).anonymous().policy(Policy::COMMAND)).await;
        let version = match whoim {
            Ok(envelope) => match envelope.result.as_object().filter(|result| result.contains_key("version"))
            {
                Some(result) => version(result.get("version").unwrap_or(&Value::Null)),
                None => return Ok(Probe::SomethingElse { why: "it does not tell its version".to_owned() }),
            },
            // Some instances may ask for a token even here; the public settings decide then.
            Err(Error::SignInNeeded | Error::Forbidden) => None,
            Err(error @ (Error::Network { .. } | Error::Transient { .. })) => return Err(error),
            Err(error) => return Ok(Probe::SomethingElse { why: error.to_string() }),
        };
        let settings = Call::get(["internal", "globalsettings"]).anonymous().policy(Policy::COMMAND);
        let ways = match self.call(settings).await {
            Ok(envelope) => {
                inferred::ways_to_sign_in(envelope.result.get("authentications").unwrap_or(&Value::Null))
            }
            Err(error) if version.is_none() => return Ok(Probe::SomethingElse { why: error.to_string() }),
            // It is a Daktela that keeps its settings to itself.
            Err(_) => inferred::ways_to_sign_in(&Value::Null),
        };
        Ok(Probe::Daktela { version, password: ways.password, single_sign_on: ways.single_sign_on })
    }
}

fn version(value: &Value) -> Option<String> {
    text(value).or_else(|| value.get("current").and_then(text))
}

fn rows<T: Record>(
    value: &Value,
    reading: &crate::loose::Reading,
    unreadable: &mut Vec<Unreadable>,
) -> Vec<T> {
    let list = read_rows(&elements(value).unwrap_or_default(), reading);
    unreadable.extend(list.unreadable);
    list.rows
}

/// The tokens of a login, from wherever they are.
fn tokens(envelope: &Envelope) -> Option<Tokens> {
    let (cookie, refresh_cookie) = envelope.cookies.clone();
    let result = &envelope.result;
    let of = |map: Option<&Map<String, Value>>, key: &str| map.and_then(|map| map.get(key)).and_then(text);
    let map = result.as_object();
    let access = text(result)
        .or_else(|| of(map, "accessToken"))
        .or_else(|| of(sys(result), "accessToken"))
        .or_else(|| of(result.get("user").and_then(sys), "accessToken"))
        .map(Secret::from)
        .or(cookie)?;
    Some(Tokens {
        access,
        refresh: of(map, "refreshToken").map(Secret::from).or(refresh_cookie),
        expires: of(map, "accessTokenExpirationDate").and_then(|text| timestamp(&text, &envelope.zone)),
    })
}

fn sys(record: &Value) -> Option<&Map<String, Value>> {
    record.get("_sys")?.as_object()
}

/// The access and the refresh token in the cookies of an answer, unless they are being deleted.
pub(crate) fn cookies(answer: &Answer) -> (Option<Secret>, Option<Secret>) {
    let (mut access, mut refresh) = (None, None);
    for cookie in answer.headers.get_all(SET_COOKIE) {
        let mut parts = cookie.to_str().unwrap_or_default().split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
        let deleted =
            value.is_empty() || value == "deleted" || parts.any(|p| p.eq_ignore_ascii_case("max-age=0"));
        if deleted {
            continue;
        }
        match name.trim() {
            "c_user" => access = Some(Secret::from(value.trim())),
            "c_refresh_token" => refresh = Some(Secret::from(value.trim())),
            _ => {}
        }
    }
    (access, refresh)
}

const SET_COOKIE: HeaderName = HeaderName::from_static("set-cookie");
