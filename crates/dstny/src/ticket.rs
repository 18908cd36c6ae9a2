//! Group "User Tickets": getting in with a user name and a password, and locking out again.
//!
//! A ticket is a named token with rights and an end. Somebody can also make one in the operator's portal and paste it
//! ([`Ticket::pasted`]). The older way, a token computed from the password's MD5, was removed in version 6 and is not
//! offered here.

use jiff::Timestamp;
use serde_json::json;
use wire::{Answer, Secret};

use crate::Error;
use crate::answer;
use crate::client::{Call, Client, Ticket};
use crate::inferred;
use crate::loose::object;

/// What a ticket shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRequest {
    /// The rights it shall have, by their codes: `CALLS`, `USER`, `CONTACT`, `CALL_CONTROL` …
    pub apis: Vec<String>,
    /// Its name, of at most 64 characters; by it, it is revoked.
    pub name: String,
    /// After how many seconds it ends; the platform's own limit (a year) if not given.
    pub expires: Option<u32>,
    /// What the device is called, in the user's list of devices.
    pub device_display_name: Option<String>,
}

/// What became of the wish for a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketAnswer {
    /// It was issued.
    Issued(Ticket),
    /// User name and password are good; the code of the second factor is wanted too, or was wrong.
    SecondFactorNeeded,
}

object! {
    /// A ticket as it is written.
    struct Issued {
        /// The token.
        token: Option<String> = "token",
        /// Its name.
        name: Option<String> = "name",
        /// Its end.
        expires: Option<Timestamp> = "expires",
        /// Its rights.
        allowed_apis: Vec<String> = "allowedApis",
    }
}

impl Client {
    /// Asks for a ticket with the user's password; the client uses it from then on.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if the password is wrong; [`Error::Refused`] with the platform's words per field;
    /// [`Error::Protocol`] if no token is in the answer.
    pub async fn ticket_create(
        &self,
        password: &Secret,
        second_factor: Option<&Secret>,
        wish: &TicketRequest,
    ) -> Result<TicketAnswer, Error> {
        let mut call = Call::of("ticket.create")
            .basic(inferred::basic(self.identity(), password))
            .each("api", &wish.apis)
            .with("platform", "other")
            .with("name", &wish.name)
            .maybe("expires", wish.expires)
            .maybe("deviceDisplayName", wish.device_display_name.as_ref());
        if let Some(code) = second_factor {
            call = call.json(&json!({ inferred::SECOND_FACTOR: code.expose() }));
        }
        let content = self
            .call(&call, |answer: Answer, url, route| {
                if inferred::wants_second_factor(answer.status, &answer.body) {
                    return Ok(None);
                }
                answer::open(&answer, url, route).map(Some)
            })
            .await?;
        let Some(content) = content else { return Ok(TicketAnswer::SecondFactorNeeded) };
        let issued: Issued = content.one()?;
        let token = issued.token.filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| content.unexpected("there is no token in it".to_owned()))?;
        let ticket = Ticket {
            token: token.into(),
            name: issued.name.or_else(|| Some(wish.name.clone())),
            expires: issued.expires,
            apis: issued.allowed_apis,
        };
        self.set_ticket(Some(ticket.clone()));
        Ok(TicketAnswer::Issued(ticket))
    }

    /// Revokes a ticket by its name. If it is the one this client uses, the client is signed out.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that name.
    pub async fn ticket_delete(&self, name: &str) -> Result<(), Error> {
        self.done(Call::of("ticket.delete").at("ticketName", name)).await?;
        if self.ticket().is_some_and(|ticket| ticket.name.as_deref() == Some(name)) {
            self.set_ticket(None);
        }
        Ok(())
    }
}
