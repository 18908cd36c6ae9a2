//! Carrying out work: messages, edits, new tickets.
//!
//! Nothing on the platform says "only if it is still so" or "only once". So edits are compared before they are written,
//! and what makes something looks first whether it was made already, where an earlier attempt may have got that far.

use std::sync::PoisonError;

use daktela::models::{Activity, Item, Ticket, TicketCategory};
use daktela::{OutgoingEmail, Query, Uploaded};
use model::{
    FieldConflict, FieldEdit, FormField, Message, MessageKind, NewTicket, Problem, ProblemCode, Work, field,
};
use serde_json::json;
use wire::Error;

use super::super::super::{OutFile, Sent, Trace, edits};
use super::super::{Daktela, people};
use super::became::Found;
use super::detail::Answering;
use super::fields::{self, Around};
use super::timeline::PART;
use crate::problem;
use crate::sight::{Effect, Failure};

/// Why work was not done.
pub(super) enum Refused {
    /// It cannot be.
    Problem(Problem),
    /// The platform was asked.
    Error(Error),
    /// The platform was asked for something that shows nobody anything: it may be asked again.
    Harmless(Error),
    /// Somebody else changed the same fields.
    Conflict(Vec<FieldConflict>),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// After how long something harmless is asked for again, in milliseconds.
const AGAIN_MS: u64 = 2_000;

impl Daktela {
    pub(super) async fn carry_out_work(
        &self,
        work: &Work,
        files: &[OutFile],
        trace: &Trace,
    ) -> Result<Sent, Failure> {
        let failure = |error: &Error| {
            let mut failure = problem::failure(error, &self.host);
            failure.problem.fields = fields::translated(failure.problem.fields);
            failure
        };
        match self.work(work, files, trace).await {
            Ok(made) => Ok(Sent::Done { made }),
            Err(Refused::Conflict(conflicts)) => Ok(Sent::Conflict(conflicts)),
            Err(Refused::Problem(problem)) => Err(Failure { problem, effect: Effect::Refused }),
            Err(Refused::Error(error)) => Err(failure(&error)),
            Err(Refused::Harmless(error)) => {
                let mut failure = failure(&error);
                if failure.effect == Effect::Unknown {
                    failure.effect = Effect::NotSent { after_ms: AGAIN_MS };
                }
                Err(failure)
            }
        }
    }

    async fn work(&self, work: &Work, files: &[OutFile], trace: &Trace) -> Result<Option<String>, Refused> {
        let gone = || Refused::Problem(Problem::new(ProblemCode::Gone));
        let name = || work.ticket().and_then(|ticket| ticket.parts()).map(|(_, name)| name).ok_or_else(gone);
        match work {
            Work::Send { message, .. } => self.send_message(name()?, message, files).await.map(|()| None),
            Work::Edit { edit, .. } => self.edit_ticket(name()?, edit).await.map(|()| None),
            Work::Delete { note, .. } => self.delete_ticket(name()?, note, trace).await.map(|()| None),
            Work::Create { new, .. } => self.create_ticket(new, files, trace).await.map(Some),
            Work::EditRecord { record, edit, .. } => {
                let record = self.linked(record).await.map_err(Refused::Harmless)?;
                let theirs = record.fields(&[], true, &self.client.moments());
                let write = edits::to_write(edit, &theirs).map_err(Refused::Conflict)?;
                if !write.is_empty() {
                    self.write_record(&record, &write).await?;
                }
                Ok(None)
            }
            Work::Close { .. } => Err(Problem::new(ProblemCode::NotPossible).into()),
        }
    }

    async fn edit_ticket(&self, name: &str, edit: &[FieldEdit]) -> Result<(), Refused> {
        let ticket = self.fresh::<Ticket>(name).await.map_err(Refused::Harmless)?;
        let theirs = self.fields_to_compare(&ticket).await.map_err(Refused::Harmless)?;
        let write = edits::to_write(edit, &theirs).map_err(Refused::Conflict)?;
        if write.is_empty() {
            return Ok(());
        }
        let body = fields::body(&write, &ticket.scheme, &self.client.moments())?;
        Ok(self.put::<Ticket>(name, &body).await?)
    }

    /// The fields of a ticket as they stand, without all that may be chosen.
    pub(super) async fn fields_to_compare(&self, ticket: &Ticket) -> Result<Vec<FormField>, Error> {
        let (me, setup) = tokio::join!(self.me(), self.setup());
        let around = Around {
            me: &me?,
            setup: &setup,
            category: ticket.category.as_ref().and_then(|category| category.full.as_deref()),
            statuses: &[],
            scheme: &ticket.scheme,
            moments: &self.client.moments(),
            may_write: true,
        };
        Ok(around.fields(ticket))
    }

    /// The reason stays with the ticket wherever deleted ones are kept. An earlier attempt may have written it already.
    async fn delete_ticket(&self, name: &str, note: &str, trace: &Trace) -> Result<(), Refused> {
        if !note.trim().is_empty() {
            let reason =
                Message { kind: MessageKind::Note, text: note.trim().to_owned(), ..Message::default() };
            let found = self.look_for(name, &reason, trace).await.map_err(Refused::Harmless)?;
            if found != Found::Yes {
                let html = letter::to_html(&reason.text);
                self.signed(|| self.client.comment(name, &html)).await.map_err(Refused::Harmless)?;
            }
        }
        Ok(self.signed(|| self.client.delete::<Ticket>(name)).await?)
    }

    async fn create_ticket(
        &self,
        new: &NewTicket,
        files: &[OutFile],
        trace: &Trace,
    ) -> Result<String, Refused> {
        let mut message = new.message.clone();
        if message.to.is_empty() {
            message.to = value_of(new, field::EMAIL).into_iter().collect();
        }
        let is_empty = message.text.trim().is_empty() && files.is_empty();
        let made = self.ticket_made_by(new, trace).await.map_err(Refused::Harmless)?;
        let (name, found) = match made {
            Some(made) if is_empty => return Ok(made),
            Some(made) => {
                let found = self.look_for(&made, &message, trace).await.map_err(Refused::Harmless)?;
                (made, found)
            }
            None => (self.open_ticket(new, trace).await?, Found::No),
        };
        match found {
            Found::No if !is_empty => self.send_message(&name, &message, files).await?,
            Found::No | Found::Yes => {}
            // Neither sent twice nor taken for sent: the agent looks.
            Found::Perhaps => return Err(Problem::new(ProblemCode::Unconfirmed).into()),
        }
        Ok(name)
    }

    async fn open_ticket(&self, new: &NewTicket, trace: &Trace) -> Result<String, Refused> {
        let scheme = self.ticket_scheme().await;
        let fields: Vec<&FieldEdit> =
            new.fields.iter().filter(|edit| edit.now.iter().any(|value| !value.trim().is_empty())).collect();
        let mut body = fields::body(&fields, &scheme, &self.client.moments())?;
        for (key, value) in [("title", subject_of(new)), ("stage", "OPEN".into()), ("priority", "LOW".into())]
        {
            body.entry(key).or_insert_with(|| json!(value));
        }
        let made = self.signed(|| self.client.create::<Ticket>(body.clone())).await?;
        let mut opened = self.desk.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.insert((trace.first_sent.0, subject_of(new)), made.name.clone());
        Ok(made.name)
    }

    /// The ticket that an earlier attempt at the same work made.
    pub(super) async fn ticket_made_by(
        &self,
        new: &NewTicket,
        trace: &Trace,
    ) -> Result<Option<String>, Error> {
        let subject = subject_of(new);
        let opened = self.desk.opened.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(made) = opened.get(&(trace.first_sent.0, subject.clone())) {
            return Ok(Some(made.clone()));
        }
        let me = self.me().await?;
        let f = Ticket::FIELDS;
        let query = Query::new()
            .filter(f.created.gte(self.sent_since(trace)))
            .filter(f.created_by.eq(&*me.name))
            .filter(f.title.eq(&*subject))
            .sort(&f.created)
            .take(10);
        let list = self.signed(|| self.client.list::<Ticket>(&query)).await?;
        // What other work made is not what this one did.
        let others = |name: &String| opened.values().any(|other| other == name);
        Ok(list.rows.into_iter().map(|ticket| ticket.name).find(|name| !others(name)))
    }

    /// A date from which on everything stands that this work can have made.
    pub(super) fn sent_since(&self, trace: &Trace) -> String {
        let moments = self.client.moments();
        let now = jiff::Timestamp::now();
        let first = jiff::Timestamp::from_millisecond(trace.first_sent.0).unwrap_or(now);
        let first = moments.theirs(first);
        let since = first.checked_sub(CLOCK_ERROR).unwrap_or(first);
        moments.written_since(since, moments.theirs(now))
    }

    async fn send_message(&self, ticket: &str, message: &Message, files: &[OutFile]) -> Result<(), Refused> {
        match message.kind {
            MessageKind::Note => {
                let files = self.brought_up(files).await?;
                let html = letter::to_html(message.text.trim());
                if files.is_empty() {
                    let made = self.signed(|| self.client.comment(ticket, &html)).await?;
                    self.made(made);
                    return Ok(());
                }
                Ok(self.signed(|| self.client.comment_with_files(ticket, &html, &files)).await?)
            }
            MessageKind::Reply => self.reply(ticket, message, files).await,
            MessageKind::Forward => self.forward(ticket, message, files).await,
            MessageKind::Sms => self.text_message(ticket, message).await,
        }
    }

    async fn reply(&self, ticket: &str, message: &Message, files: &[OutFile]) -> Result<(), Refused> {
        let about = self.about(ticket, message).await.map_err(Refused::Harmless)?;
        let mut email = about.email(message, files, self).await?;
        if email.to.is_empty() {
            email.to = about.to;
        }
        if email.to.is_empty() {
            return Err(impossible("no_address").into());
        }
        email.html = letter::to_html(message.text.trim());
        let made = self.signed(|| self.client.send_email(ticket, &email)).await?;
        self.made(made);
        Ok(())
    }

    /// In two steps: the first makes an activity that holds the e-mail, the second sends it. Only the second shows
    /// anybody anything, and what the first made is used again.
    async fn forward(&self, ticket: &str, message: &Message, files: &[OutFile]) -> Result<(), Refused> {
        let about = self.about(ticket, message).await.map_err(Refused::Harmless)?;
        let Some(Item::Email(original)) = about.activity.as_ref().and_then(|activity| activity.item.clone())
        else {
            return Err(impossible("no_email").into());
        };
        let mut email = about.email(message, files, self).await?;
        let key = (ticket.to_owned(), original.name.clone());
        let begun = self.desk.begun.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let begun = match begun {
            // Somebody may have sent or closed it meanwhile; then another is begun.
            Some(name) => self.fresh::<Activity>(&name).await.ok().filter(is_draft),
            None => None,
        };
        let begun = match begun {
            Some(begun) => begun,
            None => {
                let begin = || self.client.begin_forward(&original.name);
                let begun = self.signed(begin).await.map_err(Refused::Harmless)?;
                let mut kept = self.desk.begun.lock().unwrap_or_else(PoisonError::into_inner);
                kept.insert(key.clone(), begun.name.clone());
                begun
            }
        };
        // Where the platform has quoted the original, its own form is the better one.
        let quoted = match &begun.item {
            Some(Item::Email(draft)) => draft.text.clone().filter(|text| !text.trim().is_empty()),
            _ => None,
        };
        let quoted = quoted.unwrap_or_else(|| {
            let text = letter::text(letter::Source::Html(original.text.as_deref().unwrap_or_default()));
            letter::quote(original.address.as_deref().unwrap_or_default(), &text).html
        });
        email.html = format!("{}<br><br>{quoted}", letter::to_html(message.text.trim()));
        self.signed(|| self.client.finish_forward(&begun.name, &email)).await?;
        self.desk.begun.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        self.made(Some(begun));
        Ok(())
    }

    async fn text_message(&self, ticket: &str, message: &Message) -> Result<(), Refused> {
        let about = self.about(ticket, message).await.map_err(Refused::Harmless)?;
        let queue = about.category.as_ref().and_then(|category| category.sms_queue.as_ref()?.name.clone());
        let queue = queue.ok_or_else(|| impossible("no_sms_queue"))?;
        let number = message.to.first().cloned().or(about.number).ok_or_else(|| impossible("no_number"))?;
        let text = message.text.trim();
        let made = self.signed(|| self.client.send_sms(ticket, &queue, &number, text)).await?;
        self.made(made);
        Ok(())
    }

    /// Files, brought up before anything names them.
    async fn brought_up(&self, files: &[OutFile]) -> Result<Vec<Uploaded>, Refused> {
        let mut up = Vec::new();
        for file in files {
            match self.signed(|| self.client.upload(&file.name, &file.mime, &file.bytes)).await {
                Ok(file) => up.push(file),
                Err(error @ Error::Refused { .. }) => {
                    let too_large = matches!(error, Error::Refused { status: 413, .. });
                    let mut problem = problem::problem(&error, &self.host).with("file", file.name.clone());
                    if too_large {
                        problem = problem.with("why", "too_large");
                    }
                    return Err(problem.into());
                }
                Err(error) => return Err(Refused::Harmless(error)),
            }
        }
        Ok(up)
    }

    fn made(&self, activity: Option<Activity>) {
        if let Some(activity) = activity {
            self.desk.made.lock().unwrap_or_else(PoisonError::into_inner).insert(activity.name);
        }
    }

    /// What a message needs to know of its ticket.
    async fn about(&self, name: &str, message: &Message) -> Result<About, Error> {
        let wanted = message.about.as_ref().and_then(|about| about.as_str().split(PART).next());
        let (ticket, activities, wanted, setup) = tokio::join!(
            self.fresh::<Ticket>(name),
            self.activities_of(name, None),
            async {
                match wanted {
                    Some(wanted) => self.fresh::<Activity>(wanted).await.map(Some),
                    None => Ok(None),
                }
            },
            self.setup(),
        );
        let (ticket, activities, wanted) = (ticket?, activities?, wanted?);
        let contact = match super::detail::contact_of(self, &ticket).await {
            Some(Ok(contact)) => Some(people::contact(&self.account, &self.picture().region(), &contact)),
            Some(Err(_)) | None => None,
        };
        let answer = Answering::of(&ticket, contact.as_ref(), &activities.rows);
        let is_email = |activity: &&Activity| matches!(activity.item, Some(Item::Email(_)));
        let last = activities.rows.iter().find(is_email).cloned();
        let activity = wanted.filter(|activity| is_email(&activity)).or(last);
        let number =
            contact.and_then(|contact| contact.numbers.into_iter().next()).map(|number| number.phone);
        Ok(About {
            category: self.category_of(&ticket, &setup),
            queue: activity.as_ref().and_then(|activity| activity.queue.as_ref()?.name.clone()),
            subject: ticket.title.clone().unwrap_or_default(),
            to: answer.to,
            number: number.map(|phone| phone.e164.unwrap_or(phone.raw)),
            activity,
        })
    }
}

/// By how much the two clocks may seem to differ although the difference is known: answers tell whole seconds.
const CLOCK_ERROR: jiff::SignedDuration = jiff::SignedDuration::from_secs(2);

/// What a message needs to know of its ticket.
struct About {
    category: Option<TicketCategory>,
    /// The e-mail that is meant.
    activity: Option<Activity>,
    /// The queue through which it came.
    queue: Option<String>,
    subject: String,
    to: Vec<String>,
    number: Option<String>,
}

impl About {
    /// An e-mail without its text, its files brought up.
    async fn email(
        &self,
        message: &Message,
        files: &[OutFile],
        daktela: &Daktela,
    ) -> Result<OutgoingEmail, Refused> {
        let of_category =
            self.category.as_ref().and_then(|category| category.email_queue.as_ref()?.name.clone());
        let queue = of_category.or(self.queue.clone()).ok_or_else(|| impossible("no_email_queue"))?;
        let subject = message.subject.trim();
        Ok(OutgoingEmail {
            queue,
            to: message.to.clone(),
            cc: message.cc.clone(),
            bcc: message.bcc.clone(),
            subject: if subject.is_empty() { self.subject.clone() } else { subject.to_owned() },
            html: String::new(),
            files: daktela.brought_up(files).await?,
        })
    }
}

fn impossible(why: &str) -> Problem {
    Problem::new(ProblemCode::NotPossible).with("why", why)
}

/// Whether an activity holds something that was not sent yet.
pub(super) fn is_draft(activity: &Activity) -> bool {
    activity.action == Some(daktela::models::ActivityAction::Open)
}

fn value_of(new: &NewTicket, key: &str) -> Option<String> {
    let edit = new.fields.iter().find(|edit| edit.key == key)?;
    edit.now.first().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The subject of a new ticket: its title, else that of its first message.
pub(super) fn subject_of(new: &NewTicket) -> String {
    value_of(new, field::TITLE).unwrap_or_else(|| new.message.subject.trim().to_owned())
}
