//! Conversations: what other versions of LiveAgent call tickets.
//!
//! A conversation is named by its id (`12ab34cd`), its code (`ABC-DEFGH-123`) or its public URL code; every operation takes
//! any of the three.

use wire::Error;

use crate::call::{Call, params};
use crate::client::Client;
use crate::inferred;
use crate::loose::{letters, record};
use crate::paging::listing;
use crate::tags::{Tag, TagName};
use crate::time::{AccountTime, OpDateTime};

letters! {
    /// Where a conversation stands.
    pub enum Status {
        /// Being made.
        Init = "I",
        /// Nobody answered yet.
        New = "N",
        /// A chat goes on.
        Chatting = "T",
        /// A call goes on or rings.
        Calling = "P",
        /// Done.
        Resolved = "R",
        /// Deleted.
        Deleted = "X",
        /// Unwanted.
        Spam = "B",
        /// Answered; the customer is next.
        Answered = "A",
        /// The customer wrote again.
        Open = "C",
        /// Put off until later.
        Postponed = "W",
        /// Closed for good; only API v3 speaks of it.
        Closed = "L",
    }
}

letters! {
    /// The way a conversation began.
    pub enum Channel {
        /// E-mail.
        Email = "E",
        /// A contact button.
        ContactButton = "B",
        /// A contact form.
        ContactForm = "M",
        /// An invitation to chat.
        Invitation = "I",
        /// A call.
        Call = "C",
        /// A call button.
        CallButton = "W",
        /// Facebook.
        Facebook = "F",
        /// A Facebook message.
        FacebookMessage = "A",
        /// Twitter.
        Twitter = "T",
        /// A forum.
        Forum = "Q",
        /// A suggestion.
        Suggestion = "S",
    }
}

record! {
    /// One value of a custom field. A field may have several.
    pub struct CustomField {
        /// Which field.
        code: String = "code",
        /// The value.
        value: Option<String> = "value",
    }
}

record! {
    /// A conversation.
    pub struct Conversation {
        /// Which one.
        id: String = "conversationid",
        /// The code that people read out: `ABC-DEFGH-123`.
        code: Option<String> = "code",
        /// When it began.
        created: Option<AccountTime> = "datecreated",
        /// When anything about it changed last.
        changed: Option<AccountTime> = "datechanged",
        /// When it is due, if a service level is agreed. Only in the detail.
        due: Option<AccountTime> = "datedue",
        /// The name of its department.
        department_name: Option<String> = "departmentname",
        /// Its department.
        department: Option<String> = "departmentid",
        /// Where it stands.
        status: Option<Status> = "status",
        /// The customer's name.
        owner_name: Option<String> = "ownername",
        /// The customer's e-mail address.
        owner_email: Option<String> = "owneremail",
        /// What it is about.
        subject: Option<String> = "subject",
        /// A note about the customer. Only in the detail.
        owner_note: Option<String> = "ownernote",
        /// The beginning of the last message.
        preview: Option<String> = "preview",
        /// Names it in public URLs.
        public_url_code: Option<String> = "publicurlcode",
        /// The agent it is assigned to (userid). Only in the detail.
        assigned_to: Option<String> = "assignedto",
        /// The ids of its tags.
        tags: Vec<String> = "tags",
        /// The way it began.
        channel: Option<Channel> = "channel_type",
        /// How many message groups came in.
        groups_in: Option<i64> = "messagegroupsin",
        /// How many message groups went out.
        groups_out: Option<i64> = "messagegroupsout",
        /// Values of custom fields. Only in the detail.
        custom_fields: Vec<CustomField> = "customfields",
    }
}

listing! {
    /// Which conversations to list; all of them if nothing is said.
    #[derive(Default)]
    pub struct Conversations -> Conversation ["conversations", "conversations", CONVERSATIONS] {
        /// Of this customer (e-mail address).
        owner: Option<String> = "owneridentifier",
        /// Of this department (id).
        department: Option<String> = "department",
        /// Of this agent (userid or e-mail address).
        agent: Option<String> = "agent",
        /// In one of these states.
        status: Vec<Status> = "status",
        /// The document says "older than this" and calls it *from*: one of both is wrong, and it is not known which. Better
        /// use `changed` and look again at what comes.
        date_from: Option<AccountTime> = "datefrom",
        /// The same the other way round.
        date_to: Option<AccountTime> = "dateto",
        /// When anything about it changed last.
        changed: Option<OpDateTime> = "datechanged",
        /// About exactly this.
        subject: Option<String> = "subject",
        /// By one of these ways.
        channel: Vec<Channel> = "channel_type",
    }
}

impl Conversations {
    /// Those that changed after this moment: how to look for news.
    pub fn changed_after(time: AccountTime) -> Self {
        Self { changed: Some(OpDateTime::GreaterThan(time)), ..Self::default() }
    }
}

params! {
    /// A transfer. At least one of `agent` and `department` should be there.
    #[derive(Default)]
    pub struct Transfer {
        /// To this agent (userid or e-mail address).
        agent: Option<String> = "agentidentifier",
        /// To this department (id).
        department: Option<String> = "department",
        /// Why.
        note: Option<String> = "note",
        /// Who transfers (userid or e-mail address); "System" if nobody is named.
        by: Option<String> = "useridentifier",
    }
}

params! {
    /// A new state. The platform takes [`Status::Answered`], [`Status::Resolved`] and [`Status::Open`] here.
    pub struct NewStatus {
        /// The state.
        status: Status = "status",
        /// Why.
        note: Option<String> = "note",
        /// Who changes it (userid or e-mail address); "System" if nobody is named.
        by: Option<String> = "useridentifier",
    }
}

params! {
    /// A deletion.
    #[derive(Default)]
    pub struct Deletion {
        /// Why.
        note: Option<String> = "note",
        /// Who deletes (userid or e-mail address); "System" if nobody is named.
        by: Option<String> = "useridentifier",
    }
}

params! {
    /// A conversation to begin (see [`Client::conversation_create`]).
    #[derive(Default)]
    pub struct NewConversation {
        /// The first message.
        message: String = "message",
        /// Who writes it: an agent or, for a message that came in, the customer (userid or e-mail address).
        by: String = "useridentifier",
        /// In this department (id).
        department: Option<String> = "department",
        /// What it is about.
        subject: String = "subject",
        /// To whom (e-mail address).
        recipient: String = "recipient",
        /// The recipient's name.
        recipient_name: Option<String> = "recipient_name",
        /// Who gets a copy (e-mail addresses).
        copies: Vec<String> = "carbon_copy",
        /// Where it stands at first.
        status: Option<Status> = "status",
        /// Whether the message is HTML; plain text unless said.
        html: Option<bool> = "is_html_message",
        /// Whether the department's template is put around it; yes unless said.
        use_template: Option<bool> = "use_template",
        /// Keeps the platform from sending the mail.
        do_not_send_mail: Option<bool> = "do_not_send_mail",
        /// Files that were uploaded before (ids).
        attachments: Vec<String> = "attachments",
    }
}

impl Client {
    /// One conversation, with what the list leaves out: due date, assignment, custom fields.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that name.
    pub async fn conversation(&self, conversation: &str) -> Result<Conversation, Error> {
        self.one(Call::get(["conversations", conversation])).await
    }

    /// Begins a conversation, and returns its id where the platform tells it. The document does not have this
    /// operation; other clients use it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_create(&self, new: &NewConversation) -> Result<Option<String>, Error> {
        let content = self.open(Call::post(["conversations"]).fields(new.pairs())).await?;
        Ok(inferred::created(content.value(), "conversationid"))
    }

    /// Hands a conversation to another agent, department or both.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_transfer(&self, conversation: &str, transfer: &Transfer) -> Result<(), Error> {
        self.done(Call::put(["conversations", conversation, "attendants"]).fields(transfer.pairs())).await
    }

    /// Changes the state of a conversation.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_status(&self, conversation: &str, status: &NewStatus) -> Result<(), Error> {
        self.done(Call::put(["conversations", conversation, "status"]).fields(status.pairs())).await
    }

    /// Deletes a conversation.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_delete(&self, conversation: &str, deletion: &Deletion) -> Result<(), Error> {
        self.done(Call::delete(["conversations", conversation]).fields(deletion.pairs())).await
    }

    /// Adds values of custom fields. A field that has a value gets a second one: to change it, delete it first.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_fields_add(
        &self,
        conversation: &str,
        fields: &[CustomField],
    ) -> Result<(), Error> {
        let call = Call::post(["conversations", conversation, "fields"]).field("customfields", json(fields));
        self.done(call).await
    }

    /// Deletes all values of one custom field.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without a code; [`Error::Refused`] in the platform's words.
    pub async fn conversation_field_delete(&self, conversation: &str, code: &str) -> Result<(), Error> {
        let call = Call::delete(["conversations", conversation, "fields"]).field("code", field_code(code)?);
        self.done(call).await
    }

    /// Deletes all values of all custom fields.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_fields_delete_all(&self, conversation: &str) -> Result<(), Error> {
        self.done(Call::delete(["conversations", conversation, "fields"])).await
    }

    /// The tags of a conversation.
    ///
    /// # Errors
    /// As every request.
    pub async fn conversation_tags(&self, conversation: &str) -> Result<crate::List<Tag>, Error> {
        self.rows(Call::get(["conversations", conversation, "tags"]), "tags").await
    }

    /// Puts a tag on a conversation.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_tag_add(&self, conversation: &str, tag: &TagName) -> Result<(), Error> {
        self.done(tag.name_in(Call::post(["conversations", conversation, "tags"]))).await
    }

    /// Takes a tag off a conversation.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_tag_remove(&self, conversation: &str, tag: &TagName) -> Result<(), Error> {
        self.done(tag.name_in(Call::delete(["conversations", conversation, "tags"]))).await
    }
}

/// Custom fields as a form takes them.
pub(crate) fn json(fields: &[CustomField]) -> String {
    use crate::loose::Loose;
    serde_json::Value::Array(fields.iter().map(Loose::write).collect()).to_string()
}

/// Without a code the platform would delete all fields.
pub(crate) fn field_code(code: &str) -> Result<&str, Error> {
    if code.trim().is_empty() { Err(Error::invalid("field", "it has no code")) } else { Ok(code) }
}
