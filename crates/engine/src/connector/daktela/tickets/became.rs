//! What became of work whose answer was lost: the ticket is read back and compared. Nothing on the platform bears a mark
//! of ours, so what was written is known again by who wrote it, when, to whom and in which words.

use std::sync::PoisonError;

use daktela::Query;
use daktela::models::{Activity, ActivityKind, Item, Ticket};
use model::{Message, MessageKind, Problem, Work};
use wire::Error;

use super::super::super::{Became, Trace, edits};
use super::super::Daktela;
use super::super::activity::is_me;
use super::timeline::header;
use super::writing::is_draft;

/// How many activities are looked through for a message.
const LOOKED_THROUGH: u32 = 200;

/// Whether a message is on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Yes,
    No,
    /// Something by the same agent cannot be told from it, or could not be read.
    Perhaps,
}

impl Daktela {
    pub(super) async fn what_became(&self, work: &Work, trace: &Trace) -> Result<Became, Problem> {
        match self.became_of(work, trace).await {
            Ok(became) => Ok(became),
            Err(Error::NotFound) => Ok(Became::Gone),
            Err(error) => Err(self.problem(&error)),
        }
    }

    async fn became_of(&self, work: &Work, trace: &Trace) -> Result<Became, Error> {
        let name =
            || work.ticket().and_then(|ticket| ticket.parts()).map(|(_, name)| name).ok_or(Error::NotFound);
        let done = || Became::Done { made: None };
        let either = |is_done: bool| if is_done { done() } else { Became::NotDone };
        match work {
            Work::Send { message, .. } => Ok(match self.look_for(name()?, message, trace).await? {
                Found::Yes => done(),
                Found::No => Became::NotDone,
                Found::Perhaps => Became::Unclear,
            }),
            Work::Edit { edit, .. } => {
                let ticket = self.fresh::<Ticket>(name()?).await?;
                Ok(either(edits::stand(edit, &self.fields_to_compare(&ticket).await?)))
            }
            Work::Delete { .. } => match self.fresh::<Ticket>(name()?).await {
                Err(Error::NotFound) => Ok(done()),
                Err(error) => Err(error),
                Ok(_) => Ok(Became::NotDone),
            },
            Work::Create { new, .. } => {
                let Some(made) = self.ticket_made_by(new, trace).await? else { return Ok(Became::NotDone) };
                let nothing_to_say = new.message.text.trim().is_empty() && new.message.files.is_empty();
                if nothing_to_say {
                    return Ok(Became::Done { made: Some(made) });
                }
                Ok(match self.look_for(&made, &new.message, trace).await? {
                    Found::Yes => Became::Done { made: Some(made) },
                    // The ticket is there: sending the work again finds it and adds what is missing.
                    Found::No => Became::NotDone,
                    Found::Perhaps => Became::Unclear,
                })
            }
            Work::EditRecord { record, edit, .. } => {
                let record = self.linked(record).await?;
                Ok(either(edits::stand(edit, &record.fields(&[], true, &self.client.moments()))))
            }
            Work::Close { .. } => Ok(Became::Unclear),
        }
    }

    /// Whether a message of this work is in the ticket.
    pub(super) async fn look_for(
        &self,
        ticket: &str,
        message: &Message,
        trace: &Trace,
    ) -> Result<Found, Error> {
        let me = self.me().await?;
        let f = Activity::FIELDS;
        let since = f.time.gte(self.sent_since(trace));
        let query = Query::new().filter(since).sort(&f.time).take(LOOKED_THROUGH);
        let list = if message.kind == MessageKind::Forward {
            // What is sent on does not say to which ticket it belongs before it is sent.
            let query = query.filter(f.user.eq(&*me.name)).filter(f.kind.eq(ActivityKind::Email.as_str()));
            self.signed(|| self.client.list::<Activity>(&query)).await?
        } else {
            self.signed(|| self.client.related::<Ticket, Activity>(ticket, "activities", &query)).await?
        };
        let made = self.desk.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = |name: &str| {
            made.contains(name) || trace.last_entry.as_deref().is_some_and(|last| is_of(last, name))
        };
        let mut rows = list.rows;
        if message.kind == MessageKind::Sms {
            let mut lines = self.lines_of(&rows).await;
            for row in &mut rows {
                if let (Some(Item::Sms(sms)), Some(lines)) = (&mut row.item, lines.remove(&row.name)) {
                    sms.lines = lines;
                }
            }
        }
        let mine = rows.iter().filter(|activity| !known(&activity.name)).filter(|activity| {
            [activity.user.as_ref(), activity.created_by.as_ref()]
                .into_iter()
                .flatten()
                .any(|user| is_me(user, &me))
        });
        let mut found = if list.unreadable.is_empty() { Found::No } else { Found::Perhaps };
        for activity in mine {
            match is_it(activity, message) {
                Found::Yes => return Ok(Found::Yes),
                Found::Perhaps => found = Found::Perhaps,
                Found::No => {}
            }
        }
        Ok(found)
    }
}

/// Whether an entry's name is one of this activity.
fn is_of(entry: &str, activity: &str) -> bool {
    entry.split(super::timeline::PART).next() == Some(activity)
}

/// Whether an activity of the agent is the message.
fn is_it(activity: &Activity, message: &Message) -> Found {
    match (message.kind, &activity.item, &activity.kind) {
        (MessageKind::Note, _, None | Some(ActivityKind::Comment)) => {
            let said = words(&letter::text(letter::Source::Html(
                activity.description.as_deref().unwrap_or_default(),
            )));
            let has_files = has_files(&activity.attachments, message);
            yes(said == words(&message.text) && has_files)
        }
        (MessageKind::Reply | MessageKind::Forward, Some(Item::Email(email)), _) => {
            let is_out = email.direction == Some(daktela::models::Direction::Out);
            if !is_out || is_draft(activity) {
                return Found::No;
            }
            // A signature, or what was written before, may follow.
            let said = words(&letter::text(letter::Source::Html(email.text.as_deref().unwrap_or_default())));
            let has_files = has_files(&email.attachments, message);
            let mut to: Vec<String> = header(email, "to");
            to.extend(email.address.iter().flat_map(|all| all.split([',', ';'])).map(str::to_owned));
            let to: Vec<String> = to.iter().map(|address| address.trim().to_lowercase()).collect();
            let reached = message.to.iter().all(|address| to.contains(&address.trim().to_lowercase()));
            yes(said.starts_with(&words(&message.text)) && reached && has_files)
        }
        (MessageKind::Sms, Some(Item::Sms(sms)), _) => {
            let text = sms.text.clone().or_else(|| sms.lines.last().and_then(|line| line.text.clone()));
            match text {
                Some(text) => yes(words(&text) == words(&message.text)),
                // Which text it was nobody tells.
                None => Found::Perhaps,
            }
        }
        _ => Found::No,
    }
}

fn yes(is_it: bool) -> Found {
    if is_it { Found::Yes } else { Found::No }
}

/// Where files are told at all, the message's are among them.
fn has_files(files: &[daktela::models::Attachment], message: &Message) -> bool {
    let told = |name: &String| files.iter().any(|file| file.title.as_ref() == Some(name));
    files.is_empty() || message.files.iter().all(|file| told(&file.name))
}

/// A text without regard to blanks and line ends.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "became_tests.rs"]
mod tests;
