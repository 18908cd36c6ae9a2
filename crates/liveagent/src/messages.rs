//! What was written in a conversation: groups of messages, as the vendor's own screen shows them.
//!
//! A group is one e-mail, one chat, one call, one note or one thing that happened; its messages are the parts: header, body,
//! quoted text, files. Their text may be HTML and is never to be trusted.

use wire::Error;

use crate::call::{Call, params};
use crate::client::Client;
use crate::inferred;
use crate::loose::{letters, record};
use crate::paging::List;
use crate::time::AccountTime;

letters! {
    /// What a group is.
    pub enum GroupType {
        /// A call.
        Call = "P",
        /// An outgoing call.
        OutgoingCall = "V",
        /// An internal call.
        InternalCall = "1",
        /// A chat.
        Chat = "C",
        /// A deletion.
        Delete = "X",
        /// Facebook.
        Facebook = "F",
        /// An internal note.
        Internal = "I",
        /// An internal note that is folded at first.
        InternalCollapsed = "Z",
        /// The knowledge base.
        KnowledgeBase = "K",
        /// The beginning in the knowledge base.
        KnowledgeBaseStart = "A",
        /// An offline message.
        Offline = "5",
        /// An offline message of older versions.
        OfflineLegacy = "M",
        /// An internal offline message.
        InternalOffline = "U",
        /// It was resolved.
        Resolve = "R",
        /// A retweet.
        Retweet = "Y",
        /// Where it began.
        StartInfo = "S",
        /// A tag was put on or taken off.
        Tag = "G",
        /// A transfer.
        Transfer = "T",
        /// Twitter.
        Twitter = "W",
        /// It was forwarded.
        Forwarded = "O",
        /// The answer to what was forwarded.
        ReplyToForward = "Q",
        /// It was put off.
        Postpone = "J",
        /// It was called unwanted.
        Spam = "B",
        /// It was split.
        Split = "L",
        /// It was merged.
        Merged = "2",
        /// An e-mail that came in.
        IncomingEmail = "3",
        /// An e-mail that went out.
        OutgoingEmail = "4",
    }
}

letters! {
    /// Where a group stands.
    pub enum GroupStatus {
        /// Deleted.
        Deleted = "D",
        /// Promoted.
        Promoted = "P",
        /// Visible.
        Visible = "V",
        /// Split off.
        Split = "S",
        /// Merged.
        Merged = "M",
        /// Beginning.
        Initializing = "I",
        /// Calling.
        Calling = "C",
        /// Connecting.
        Connecting = "R",
    }
}

letters! {
    /// What a message is.
    pub enum MessageType {
        /// Somebody left.
        Disconnected = "D",
        /// The end.
        End = "E",
        /// A file.
        File = "F",
        /// A field of a form.
        FormField = "Z",
        /// The head of an e-mail.
        Header = "H",
        /// Internal.
        Internal = "I",
        /// A message.
        Message = "M",
        /// A split.
        Split = "B",
        /// Text and files mixed.
        Mixed = "X",
        /// A note.
        Note = "N",
        /// A file in a note.
        NoteFile = "L",
        /// Quoted text.
        Quoted = "Q",
        /// The customer's words to a rating.
        RatingComment = "C",
        /// A good rating.
        PositiveRating = "P",
        /// A bad rating.
        NegativeRating = "W",
        /// A change of state.
        Status = "J",
        /// Something the system says.
        System = "S",
        /// A tag.
        Tag = "G",
        /// The foot of an e-mail.
        Footer = "O",
        /// The other kind of head.
        HeaderA = "A",
        /// A title.
        Title = "T",
        /// A transfer.
        Transfer = "R",
        /// The customer's browser.
        UserAgent = "U",
        /// A recording.
        Voice = "V",
        /// An internal recording.
        VoiceInternal = "1",
        /// A merge.
        Merged = "2",
        /// An error in the foot.
        ErrorFooter = "0",
        /// A message of older versions.
        MessageLegacy = "Y",
        /// Something the system says to the customer too.
        SystemPublic = "K",
        /// An invitation that went to somebody else.
        InvitationReroute = "3",
    }
}

record! {
    /// A part of a group.
    pub struct Message {
        /// Which one.
        id: Option<String> = "messageid",
        /// Whose (userid).
        user: Option<String> = "userid",
        /// What it is.
        kind: Option<MessageType> = "rtype",
        /// When it was written.
        created: Option<AccountTime> = "datecreated",
        /// The text; may be HTML.
        text: Option<String> = "message",
    }
}

impl Message {
    /// The files this message speaks of, by their ids (inferred: see `inferred.rs`).
    pub fn files(&self) -> Vec<&str> {
        match &self.kind {
            Some(MessageType::File | MessageType::NoteFile | MessageType::Mixed | MessageType::Voice) => {
                self.text.as_deref().map(inferred::file_ids).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

record! {
    /// A group of messages.
    pub struct MessageGroup {
        /// Which one. The document promises it and its example leaves it out.
        id: Option<String> = "messagegroupid",
        /// Who made it (userid).
        user: Option<String> = "userid",
        /// What it is.
        kind: Option<GroupType> = "rtype",
        /// Where it stands.
        status: Option<GroupStatus> = "rstatus",
        /// When it began.
        created: Option<AccountTime> = "datecreated",
        /// When the latest message in it was written.
        finished: Option<AccountTime> = "datefinished",
        /// The messages.
        messages: Vec<Message> = "messages",
    }
}

params! {
    /// Which messages to read; all of them if nothing is said. The document is of two minds about the direction of both
    /// (see [`crate::conversations::Conversations`]): look again at what comes.
    #[derive(Default)]
    pub struct MessagesBetween {
        /// One end.
        date_from: Option<AccountTime> = "datefrom",
        /// The other.
        date_to: Option<AccountTime> = "dateto",
    }
}

letters! {
    /// What a new message is.
    pub enum NewMessageType {
        /// A message to the customer.
        Message = "M",
        /// A note that only agents see.
        Note = "N",
    }
}

params! {
    /// A message to write.
    pub struct NewMessage {
        /// The text.
        text: String = "message",
        /// Who writes it (userid or e-mail address).
        by: Option<String> = "useridentifier",
        /// What it is.
        kind: NewMessageType = "type",
        /// Replies to a mail with this `Message-ID` will belong to the conversation. (The parameter is misspelt by the vendor.)
        mail_message_id: Option<String> = "mail_messsage_id",
        /// Keeps the platform from sending the mail.
        do_not_send_mail: Option<bool> = "do_not_send_mail",
        /// Whether the text is HTML; plain text unless said.
        html: Option<bool> = "is_html_message",
        /// Whether the department's template is put around it; yes unless said.
        use_template: Option<bool> = "use_template",
        /// Files that were uploaded before (ids); since version 4.29.
        attachments: Vec<String> = "attachments",
    }
}

impl NewMessage {
    /// A reply to the customer. The platform makes a note of a message that nobody is named for, so somebody must be.
    pub fn reply(by: impl Into<String>, text: impl Into<String>) -> Self {
        Self { by: Some(by.into()), ..Self::of(NewMessageType::Message, text.into()) }
    }

    /// A note for the other agents.
    pub fn note(by: Option<String>, text: impl Into<String>) -> Self {
        Self { by, ..Self::of(NewMessageType::Note, text.into()) }
    }

    fn of(kind: NewMessageType, text: String) -> Self {
        Self {
            text,
            by: None,
            kind,
            mail_message_id: None,
            do_not_send_mail: None,
            html: None,
            use_template: None,
            attachments: Vec::new(),
        }
    }
}

impl Client {
    /// The messages of a conversation.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such conversation.
    pub async fn conversation_messages(
        &self,
        conversation: &str,
        between: &MessagesBetween,
    ) -> Result<List<MessageGroup>, Error> {
        let mut call = Call::get(["conversations", conversation, "messages"]);
        call.query = between.pairs();
        self.rows(call, "groups").await
    }

    /// Writes a message or a note. The platform returns no identifier: whether one with an unknown fate arrived is found by
    /// reading the conversation back.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a message without an author, which the platform would turn into a note;
    /// [`Error::Refused`] in the platform's words.
    pub async fn conversation_message_add(&self, conversation: &str, new: &NewMessage) -> Result<(), Error> {
        let nobody = new.by.as_deref().is_none_or(|by| by.trim().is_empty());
        if nobody && new.kind != NewMessageType::Note {
            return Err(Error::invalid("useridentifier", "without an author it would become a note"));
        }
        self.done(Call::post(["conversations", conversation, "messages"]).fields(new.pairs())).await
    }
}
