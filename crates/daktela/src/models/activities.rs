//! Activities (seed: "Activities") and what is particular to each type.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::{CustomFields, Fk};
use crate::models::{Attachment, CampaignRecord, Contact, Item, Named, Queue, Status, Ticket, User};
use crate::record::{record, words};

words! {
    /// Where an activity stands. None at all: it is still being distributed.
    pub enum ActivityAction {
        /// It rings, or waits in the bell if it has no user.
        Wait = "WAIT",
        /// Being worked on.
        Open = "OPEN",
        /// Put off.
        Postpone = "POSTPONE",
        /// Done.
        Close = "CLOSE",
    }
}

words! {
    /// What an activity is.
    pub enum ActivityKind {
        /// A call.
        Call = "CALL",
        /// An e-mail.
        Email = "EMAIL",
        /// A chat on a web page.
        Chat = "CHAT",
        /// A text message.
        Sms = "SMS",
        /// Facebook Messenger.
        Fbm = "FBM",
        /// An Instagram message.
        Igdm = "IGDM",
        /// WhatsApp.
        Wap = "WAP",
        /// Viber.
        Vbr = "VBR",
        /// A type of the instance.
        Custom = "CUSTOM",
        /// A comment on Facebook.
        FbComment = "FBCOMMENT",
        /// A comment on Instagram.
        IgComment = "IGCOMMENT",
        /// A comment on a ticket.
        Comment = "COMMENT",
    }
}

record! {
    /// Anything an agent works on: a call, an e-mail, a chat, a comment.
    ///
    /// It rings at the user it names while its action is [`ActivityAction::Wait`]; without a user it waits in the
    /// bell.
    pub struct Activity("activities") ActivityFields {
        /// Identifier.
        name: String,
        /// The ticket it belongs to.
        ticket: Option<Fk<Ticket>>,
        /// What to show.
        title: Option<String>,
        /// Whether somebody marked it as important.
        important: Option<bool>,
        /// Where it stands.
        action: Option<ActivityAction>,
        /// What it is; none is a comment.
        kind as "type": Option<ActivityKind>,
        /// What is particular to the type: the call, the e-mail, the chat.
        item: Option<Item>,
        /// The queue it came through or belongs to.
        queue: Option<Fk<Queue>>,
        /// At whom it rings, or who has it.
        user: Option<Fk<User>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// NPS survey.
        survey: Option<Fk<Named>>,
        /// Campaign record.
        record: Option<Fk<CampaignRecord>>,
        /// How urgent it is; more is more.
        priority: Option<i64>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// The agent's note, as HTML.
        description: Option<String>,
        /// When it began.
        time: Option<Timestamp>,
        /// When it began to ring or wait.
        time_wait: Option<Timestamp>,
        /// When it was accepted.
        time_open: Option<Timestamp>,
        /// When it was closed.
        time_close: Option<Timestamp>,
        /// Work before the activity, in seconds.
        baw: Option<i64>,
        /// Work after the activity, in seconds.
        aaw: Option<i64>,
        /// Duration, in seconds.
        duration: Option<i64>,
        /// Active tab focus time, in seconds.
        focus_time: Option<i64>,
        /// Active tab focus disruptions.
        focus_disruptions: Option<i64>,
        /// Ringing time, in seconds.
        ringing_time: Option<i64>,
        /// Who created it.
        created_by: Option<Fk<User>>,
        /// The statuses given to it.
        statuses: Vec<Fk<Status>>,
        /// Flag indicating if the activity has been anonymized.
        anonymized: Option<bool>,
        /// The files of a comment, see [`crate::Client::download`].
        attachments as "attachments" | "files": Vec<Attachment>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
    }
}
