//! Writing on tickets: comments, e-mails, text messages. Tickets and records themselves are made and changed with
//! [`Client::create`] and [`Client::update`].
//!
//! The requests are those of Daktela's own terminal client. Every one of them is sent once: nothing tells the server
//! that a repeated one is the same.

use serde_json::{Value, json};
use wire::Error;

use crate::client::{Call, Client};
use crate::files::{Uploaded, named};
use crate::inferred;
use crate::models::{Activity, ActivityEmail, Ticket};
use crate::record::Record;

/// An e-mail on its way out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutgoingEmail {
    /// The queue it goes out through.
    pub queue: String,
    /// Addressees.
    pub to: Vec<String>,
    /// Copies.
    pub cc: Vec<String>,
    /// Hidden copies.
    pub bcc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// What is said, as HTML.
    pub html: String,
    /// Files.
    pub files: Vec<Uploaded>,
}

impl OutgoingEmail {
    fn body(&self) -> Value {
        let mut body = json!({ "subject": self.subject, "message": self.html,
            "to": inferred::addresses(&self.to), "queue": self.queue, "sendMail": true });
        for (key, addresses) in [("cc", &self.cc), ("bcc", &self.bcc)] {
            if !addresses.is_empty() {
                body[key] = json!(inferred::addresses(addresses));
            }
        }
        if !self.files.is_empty() {
            body[inferred::EMAIL_FILES] = named(&self.files);
        }
        body
    }
}

impl Client {
    /// Writes a comment on a ticket, which customers do not see.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words.
    pub async fn comment(&self, ticket: &str, html: &str) -> Result<Option<Activity>, Error> {
        let body = json!({ "ticket": inferred::ticket_number(ticket), "type": "", "description": html });
        self.post_activity(body).await
    }

    /// The same with files. The answer is the ticket: which activity was made is not told.
    ///
    /// # Errors
    /// As [`Client::comment`].
    pub async fn comment_with_files(
        &self,
        ticket: &str,
        html: &str,
        files: &[Uploaded],
    ) -> Result<(), Error> {
        let body = json!({ "comment": html, "comment_add_files": named(files) });
        self.call(Call::put(["api", "v6", Ticket::MODEL, ticket], body)).await.map(|_| ())
    }

    /// Sends an e-mail in a ticket.
    ///
    /// # Errors
    /// As [`Client::comment`].
    pub async fn send_email(&self, ticket: &str, email: &OutgoingEmail) -> Result<Option<Activity>, Error> {
        let mut body = email.body();
        body["type"] = json!("EMAIL");
        body["ticket"] = inferred::ticket_number(ticket);
        body["duration"] = json!(0);
        self.post_activity(body).await
    }

    /// Begins to send an e-mail on to somebody else: makes an activity that holds it, and sends nothing yet. `email`
    /// is the name of the item, not of its activity.
    ///
    /// # Errors
    /// As [`Client::comment`]; [`Error::Protocol`] if the answer does not name the activity.
    pub async fn begin_forward(&self, email: &str) -> Result<Activity, Error> {
        let item = json!({ "model": ActivityEmail::MODEL, "name": email });
        let body = json!({ "action": "OPEN", "type": "EMAIL",
            "options": { "item": item, "replyAction": "forward" } });
        self.call(Call::post(["api", "v6", Activity::MODEL], body)).await?.record()
    }

    /// Sends what [`Client::begin_forward`] made.
    ///
    /// # Errors
    /// As [`Client::comment`].
    pub async fn finish_forward(&self, activity: &str, email: &OutgoingEmail) -> Result<(), Error> {
        let mut body = email.body();
        body["action"] = json!("CLOSE");
        self.call(Call::put(["api", "v6", Activity::MODEL, activity], body)).await.map(|_| ())
    }

    /// Sends a text message in a ticket.
    ///
    /// # Errors
    /// As [`Client::comment`].
    pub async fn send_sms(
        &self,
        ticket: &str,
        queue: &str,
        number: &str,
        text: &str,
    ) -> Result<Option<Activity>, Error> {
        let body = json!({ "ticket": inferred::ticket_number(ticket), "queue": queue, "type": "SMS",
            "action": "CLOSE", "number": number, "text": text });
        self.post_activity(body).await
    }

    /// The answer is a confirmation; should it not be readable, the message was sent all the same.
    async fn post_activity(&self, body: Value) -> Result<Option<Activity>, Error> {
        let envelope = self.call(Call::post(["api", "v6", Activity::MODEL], body)).await?;
        Ok(envelope.record().ok())
    }
}
