//! Work carried out: messages, notes, changes, new conversations.
//!
//! The platform gives no identifiers for what was written and knows no "only if unchanged". So a change is compared with the
//! conversation right before it is written, only what differs is written, and what needs several requests can be
//! repeated: what is done already is left out then.

use std::collections::BTreeMap;

use liveagent::conversations::{CustomField, Deletion, NewConversation, NewStatus, Transfer};
use liveagent::messages::NewMessage;
use liveagent::tags::{NewTag, TagName};
use model::{
    FieldEdit, FieldKind, FormField, Message, MessageKind, NewTicket, Problem, RecordId, Stage, TicketId,
    Work, field,
};
use wire::Error;

use super::super::super::{OutFile, Sent, edits};
use super::super::book::{self, Names};
use super::super::{LiveAgent, inferred};
use super::{fields, records};
use crate::plan::impossible;
use crate::sight::{Effect, Failure};

impl LiveAgent {
    pub(super) async fn write(&self, work: &Work, files: &[OutFile]) -> Result<Sent, Failure> {
        match work {
            Work::Send { ticket, message } => self.write_message(ticket, message, files).await,
            Work::Edit { ticket, edit } => self.change(name_of(ticket), edit).await,
            Work::EditRecord { record, edit, .. } => self.change_record(record, edit).await,
            Work::Delete { ticket, note } => {
                let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
                let deletion = Deletion { note, by: Some(self.keys.email.clone()) };
                match self.client.conversation_delete(name_of(ticket), &deletion).await {
                    Ok(()) => Ok(Sent::Done { made: None }),
                    // It is as gone as it was to be.
                    Err(error) if liveagent::is_gone(&error) => Ok(Sent::Done { made: None }),
                    Err(error) => Err(self.failure(&error)),
                }
            }
            Work::Create { new, .. } => self.begin(new, files).await,
            Work::Close { .. } => Err(self.refuse(impossible("not_offered"))),
        }
    }

    async fn write_message(
        &self,
        ticket: &TicketId,
        message: &Message,
        files: &[OutFile],
    ) -> Result<Sent, Failure> {
        let by = self.keys.email.clone();
        let new = match message.kind {
            MessageKind::Reply => {
                // A reply goes to the customer and nobody else; the document has no other addressees.
                if !message.cc.is_empty() || !message.bcc.is_empty() {
                    return Err(self.refuse_field("cc", "replies go to the customer only"));
                }
                if !message.to.is_empty() {
                    let conversation = self.client.conversation(name_of(ticket)).await;
                    let customer = conversation.map_err(|error| self.not_begun(&error))?.owner_email;
                    let is_customer = |to: &String| {
                        customer.as_deref().is_some_and(|email| email.trim().eq_ignore_ascii_case(to.trim()))
                    };
                    if !message.to.iter().all(is_customer) {
                        return Err(self.refuse_field("to", "replies go to the customer only"));
                    }
                }
                NewMessage::reply(by, message.text.clone())
            }
            MessageKind::Note => NewMessage::note(Some(by), message.text.clone()),
            MessageKind::Forward | MessageKind::Sms => return Err(self.refuse(impossible("not_offered"))),
        };
        let attachments = self.upload(files).await?;
        let new = NewMessage { attachments, ..new };
        match self.client.conversation_message_add(name_of(ticket), &new).await {
            Ok(()) => Ok(Sent::Done { made: None }),
            Err(error) => Err(self.failure_with_ticket(&error)),
        }
    }

    /// Uploads files. One that nobody names afterwards is deleted by the platform, so this may be repeated.
    async fn upload(&self, files: &[OutFile]) -> Result<Vec<String>, Failure> {
        let mut ids = Vec::new();
        for file in files {
            let uploaded = self.client.file_upload(&file.name, &file.mime, &file.bytes).await;
            ids.push(uploaded.map_err(|error| self.upload_failed(&file.name, &error))?.id);
        }
        Ok(ids)
    }

    fn upload_failed(&self, name: &str, error: &Error) -> Failure {
        let mut failure = self.failure(error);
        if let Error::TooLarge { limit } = error {
            failure = self.refuse_field("files", &format!("{name} is larger than {} MB", limit / 1_048_576));
        } else if failure.effect == Effect::Unknown {
            // Nothing was written yet: only a file lies there that nobody names.
            failure.effect = Effect::NotSent { after_ms: 0 };
        }
        failure.problem = failure.problem.with("file", name);
        failure
    }

    async fn begin(&self, new: &NewTicket, files: &[OutFile]) -> Result<Sent, Failure> {
        let Some(recipient) = recipient(new) else {
            return Err(self.refuse_field(field::EMAIL, "somebody has to be written to"));
        };
        // Without one the platform would choose, and nobody could find it again after a lost answer.
        let Some(subject) = subject(new) else {
            return Err(self.refuse_field(field::TITLE, "it needs a subject"));
        };
        let conversation = NewConversation {
            message: new.message.text.clone(),
            by: self.keys.email.clone(),
            department: value(new, field::CATEGORY),
            subject,
            recipient,
            copies: new.message.cc.clone(),
            attachments: self.upload(files).await?,
            ..NewConversation::default()
        };
        let made = self.client.conversation_create(&conversation).await;
        made.map(|made| Sent::Done { made }).map_err(|error| self.failure(&error))
    }

    async fn change(&self, name: &str, edit: &[FieldEdit]) -> Result<Sent, Failure> {
        let read = async {
            let conversation = self.client.conversation(name).await?;
            let names = self.book.names_with(&self.client, &book::ids(&conversation)).await?;
            Ok::<_, Error>((conversation, names))
        };
        let (conversation, names) = read.await.map_err(|error| self.not_begun(&error))?;
        let theirs = fields::with_empty(fields::of(&conversation, &names), edit);
        let edit = &after_answering(edit, &theirs);
        let wanted = match edits::to_write(edit, &theirs) {
            Ok(wanted) => by_key(&wanted),
            Err(conflicts) => return Ok(Sent::Conflict(conflicts)),
        };
        self.write_fields(name, &wanted, &theirs, &names)
            .await
            .map_err(|error| self.failure_with_ticket(&error))?;
        Ok(Sent::Done { made: None })
    }

    async fn write_fields(
        &self,
        name: &str,
        wanted: &BTreeMap<&str, &[String]>,
        theirs: &[FormField],
        names: &Names,
    ) -> Result<(), Error> {
        let by = Some(self.keys.email.clone());
        let held =
            |key: &str| theirs.iter().find(|field| field.key == key).map(|field| field.values.as_slice());
        if wanted.contains_key(field::OWNER) || wanted.contains_key(field::CATEGORY) {
            let first = |key: &str| {
                wanted.get(key).copied().or_else(|| held(key)).and_then(<[String]>::first).cloned()
            };
            let agent = first(field::OWNER).or(inferred::NOBODY);
            let transfer = Transfer { agent, department: first(field::CATEGORY), note: None, by: by.clone() };
            self.client.conversation_transfer(name, &transfer).await?;
        }
        if let Some(tags) = wanted.get(field::TAGS) {
            let had = held(field::TAGS).unwrap_or_default();
            for tag in tags.iter().filter(|tag| !had.contains(tag)) {
                if !names.tags.values().any(|known| known == tag) {
                    self.client.tag_add(&NewTag { name: tag.clone(), ..NewTag::default() }).await?;
                }
                self.client.conversation_tag_add(name, &TagName::Name(tag.clone())).await?;
            }
            for tag in had.iter().filter(|tag| !tags.contains(tag)) {
                self.client.conversation_tag_remove(name, &TagName::Name(tag.clone())).await?;
            }
        }
        for (key, values) in wanted {
            if let Some(code) = key.strip_prefix(fields::CUSTOM) {
                let had = held(key).unwrap_or_default();
                if !had.is_empty() {
                    self.client.conversation_field_delete(name, code).await?;
                }
                if !values.is_empty()
                    && let Err(error) = self.client.conversation_fields_add(name, &custom(code, values)).await
                {
                    // There is no "replace": what was there must not be lost with what was refused.
                    if matches!(error, Error::Refused { .. }) && !had.is_empty() {
                        self.client.conversation_fields_add(name, &custom(code, had)).await?;
                    }
                    return Err(error);
                }
            }
        }
        // Last, because a resolved conversation that is changed may open again.
        if let Some(stage) = wanted.get(field::STAGE).and_then(|stage| stage.first()) {
            let settable = fields::SETTABLE.iter().find(|(known, _)| known.word() == stage);
            let Some((_, status)) = settable else {
                return Err(Error::invalid(field::STAGE, "only answered, open and resolved can be set"));
            };
            let status = NewStatus { status: status.clone(), note: None, by };
            self.client.conversation_status(name, &status).await?;
        }
        Ok(())
    }

    async fn change_record(&self, record: &RecordId, edit: &[FieldEdit]) -> Result<Sent, Failure> {
        let Some(name) = records::customer_in(record) else {
            return Err(self.refuse(impossible("not_offered")));
        };
        let customer = self.client.customer(name).await.map_err(|error| self.not_begun(&error))?;
        let (groups, _) = self.groups_of(&customer).await.map_err(|error| self.not_begun(&error))?;
        let mut theirs = fields::custom(&customer.custom_fields);
        theirs.push(FormField { kind: FieldKind::Choices, ..fields::text(field::GROUPS, groups) });
        let theirs = fields::with_empty(theirs, edit);
        let wanted = match edits::to_write(edit, &theirs) {
            Ok(wanted) => by_key(&wanted),
            Err(conflicts) => return Ok(Sent::Conflict(conflicts)),
        };
        let written = self.write_customer(name, &wanted, &theirs).await;
        written.map(|()| Sent::Done { made: None }).map_err(|error| self.failure(&error))
    }

    async fn write_customer(
        &self,
        name: &str,
        wanted: &BTreeMap<&str, &[String]>,
        theirs: &[FormField],
    ) -> Result<(), Error> {
        for (key, values) in wanted {
            let had = theirs.iter().find(|field| field.key == *key).map_or(&[][..], |field| &field.values);
            if *key == field::GROUPS {
                for group in values.iter().filter(|group| !had.contains(group)) {
                    self.client.customer_group_add(name, group).await?;
                }
                for group in had.iter().filter(|group| !values.contains(group)) {
                    self.client.customer_group_remove(name, group).await?;
                }
            } else if let Some(code) = key.strip_prefix(fields::CUSTOM) {
                if !had.is_empty() {
                    self.client.customer_field_delete(name, code).await?;
                }
                if !values.is_empty()
                    && let Err(error) = self.client.customer_fields_add(name, &custom(code, values)).await
                {
                    if matches!(error, Error::Refused { .. }) && !had.is_empty() {
                        self.client.customer_fields_add(name, &custom(code, had)).await?;
                    }
                    return Err(error);
                }
            } else {
                return Err(Error::invalid("field", format!("{key} cannot be changed here")));
            }
        }
        Ok(())
    }

    fn refuse(&self, problem: Problem) -> Failure {
        Failure { problem: problem.on(&self.account), effect: Effect::Refused }
    }

    fn refuse_field(&self, key: &str, words: &str) -> Failure {
        let mut problem = impossible("field");
        problem.fields.insert(key.to_owned(), vec![words.to_owned()]);
        self.refuse(problem)
    }

    /// The look before a write failed: nothing was written.
    fn not_begun(&self, error: &Error) -> Failure {
        let mut failure = self.failure_with_ticket(error);
        if failure.effect == Effect::Unknown {
            failure.effect = Effect::NotSent { after_ms: 0 };
        }
        failure
    }

    /// A conversation that is gone is told as such, not in the words of a fault.
    fn failure_with_ticket(&self, error: &Error) -> Failure {
        if liveagent::is_gone(error) { self.failure(&Error::NotFound) } else { self.failure(error) }
    }
}

/// "Send and close": a reply makes a conversation answered by itself. Who closes one that was open means that one too.
fn after_answering(edit: &[FieldEdit], theirs: &[FormField]) -> Vec<FieldEdit> {
    let answered = [Stage::Answered.word().to_owned()];
    let is_answered = theirs.iter().any(|field| field.key == field::STAGE && field.values == answered);
    let closes = |one: &FieldEdit| one.key == field::STAGE && one.now == [Stage::Closed.word().to_owned()];
    let rebased = |one: &FieldEdit| match is_answered && closes(one) {
        true => FieldEdit { was: answered.to_vec(), ..one.clone() },
        false => one.clone(),
    };
    edit.iter().map(rebased).collect()
}

/// What a field of a new conversation is to hold.
pub(super) fn value(new: &NewTicket, key: &str) -> Option<String> {
    let edit = new.fields.iter().find(|edit| edit.key == key)?;
    edit.now.first().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// To whom a new conversation goes.
pub(super) fn recipient(new: &NewTicket) -> Option<String> {
    value(new, field::EMAIL).or_else(|| new.message.to.first().cloned())
}

/// What a new conversation is about.
pub(super) fn subject(new: &NewTicket) -> Option<String> {
    value(new, field::TITLE)
        .or_else(|| Some(new.message.subject.trim().to_owned()).filter(|words| !words.is_empty()))
}

fn by_key<'a>(edits: &[&'a FieldEdit]) -> BTreeMap<&'a str, &'a [String]> {
    edits.iter().map(|edit| (edit.key.as_str(), edit.now.as_slice())).collect()
}

fn custom(code: &str, values: &[String]) -> Vec<CustomField> {
    let field = |value: &String| CustomField {
        code: code.to_owned(),
        value: Some(value.clone()),
        ..CustomField::default()
    };
    values.iter().map(field).collect()
}

pub(super) fn name_of(ticket: &TicketId) -> &str {
    ticket.0.split_once('/').map_or("", |(_, name)| name)
}
