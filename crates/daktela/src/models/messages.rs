//! What is particular to written activities (seed: "ActivitiesEmail", "ActivitiesWeb", "ActivitiesSms" and the
//! messengers).

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::Fk;
use crate::models::{Activity, Contact, Named, Queue, User};
use crate::record::{record, words};

words! {
    /// Which way something goes. Calls and e-mails write it small, messages large.
    pub enum Direction {
        /// From the customer.
        In = "in",
        /// To the customer.
        Out = "out",
        /// Between colleagues.
        Internal = "internal",
    }
}

words! {
    /// Where an e-mail stands.
    pub enum EmailState {
        /// Sent.
        Sent = "SENT",
        /// Could not be sent.
        Failed = "FAILED",
        /// Waiting to be sent.
        Wait = "WAIT",
        /// Being worked on by the server.
        PostProcessing = "POSTPROCESSING",
        /// Not sent yet.
        Draft = "DRAFT",
    }
}

words! {
    /// Where a conversation stands besides its activity.
    pub enum ChatState {
        /// An agent is being looked for.
        Routing = "ROUTING",
    }
}

words! {
    /// Who or what ended a conversation.
    pub enum Disconnection {
        /// The agent.
        User = "USER",
        /// The customer.
        Client = "CLIENT",
        /// Silence.
        Timeout = "TIMEOUT",
        /// Nobody was there.
        NotAvailable = "NOT_AVAIL",
        /// It came outside working hours.
        OutOfTime = "OUT_OF_TIME",
        /// The decision tree.
        DecisionTree = "DECISION_TREE",
        /// The customer is blocked.
        Ban = "BAN",
    }
}

words! {
    /// What a conversation on Instagram began with.
    pub enum IgdmKind {
        /// A message.
        Dm = "DM",
        /// A reply to a story.
        StoryReply = "STORY_REPLY",
        /// A mention in a story.
        StoryMention = "STORY_MENTION",
    }
}

record! {
    /// A file that came with an e-mail or hangs on something else that was written.
    pub struct Attachment("activitiesEmailFiles") AttachmentFields {
        /// Identifier, for the download.
        name as "file" | "name": String,
        /// File name.
        title: Option<String>,
        /// Media type.
        kind as "type": Option<String>,
        /// Size in bytes.
        size: Option<i64>,
        /// Whether it is shown inside the text.
        inline: Option<bool>,
        /// Its identifier inside the text.
        cid: Option<String>,
    }
}

words! {
    /// Who is meant to read a line of a conversation.
    pub enum LineKind {
        /// Everybody.
        Public = "PUBLIC",
        /// Colleagues.
        Private = "PRIVATE",
        /// The programs.
        Command = "COMMAND",
    }
}

record! {
    /// A line of a chat or of a conversation on a messenger.
    pub struct ChatLine("") ChatLineFields {
        /// Identifier.
        name: String,
        /// The agent who wrote it.
        user: Option<Fk<User>>,
        /// Which way it went; `BOT` is the decision tree.
        direction: Option<Direction>,
        /// What was written.
        text: Option<String>,
        /// When.
        time as "time_created" | "time": Option<Timestamp>,
        /// Who is meant to read it.
        kind as "type": Option<LineKind>,
        /// Files.
        attachments as "attachments" | "files": Vec<Attachment>,
    }
}

/// The messengers have the same fields.
macro_rules! messenger {
    ($(#[$doc:meta])* $name:ident($model:literal) $fields:ident { $($more:tt)* }) => {
        record! {
            $(#[$doc])*
            pub struct $name($model) $fields {
                /// Identifier.
                name: String,
                /// Customer name.
                title: Option<String>,
                /// Where it stands besides its activity.
                state: Option<ChatState>,
                /// The agent who has it.
                user: Option<Fk<User>>,
                /// The queue it came through or belongs to.
                queue: Option<Fk<Queue>>,
                /// The customer, if known.
                contact: Option<Fk<Contact>>,
                /// The connection it came through.
                connector: Option<Fk<Named>>,
                /// External contact.
                external_contact: Option<Fk<Named>>,
                /// Sender ID.
                sender: Option<String>,
                /// Whether an agent answered.
                answered: Option<bool>,
                /// Duration, in seconds.
                duration: Option<i64>,
                /// When it began.
                time: Option<Timestamp>,
                /// Wait time, in seconds.
                wait_time: Option<i64>,
                /// Which way it went.
                direction: Option<Direction>,
                /// Who or what ended it.
                disconnection: Option<Disconnection>,
                /// Whether it was missed; unset if it is not over.
                missed: Option<bool>,
                /// When it was missed or answered late.
                missed_time: Option<Timestamp>,
                /// Additional parameters.
                options: Map<String, Value>,
                /// What was written, where it is told with the conversation, see [`crate::Client::lines`].
                lines as "messages": Vec<ChatLine>,
                /// Files.
                attachments as "attachments" | "files": Vec<Attachment>,
                $($more)*
            }
        }
    };
}

messenger! {
    /// What is particular to a conversation on Facebook Messenger.
    ActivityFbm("activitiesFbm") ActivityFbmFields {}
}

messenger! {
    /// What is particular to a conversation on Instagram.
    ActivityIgdm("activitiesIgdm") ActivityIgdmFields {
        /// What it began with.
        kind as "type": Option<IgdmKind>,
    }
}

messenger! {
    /// What is particular to a conversation on WhatsApp.
    ActivityWap("activitiesWap") ActivityWapFields {}
}

messenger! {
    /// What is particular to a conversation on Viber.
    ActivityVbr("activitiesVbr") ActivityVbrFields {}
}

record! {
    /// What is particular to an e-mail.
    pub struct ActivityEmail("activitiesEmail") ActivityEmailFields {
        /// Identifier.
        name: String,
        /// The queue it came through or belongs to.
        queue: Option<Fk<Queue>>,
        /// The agent who has it.
        user: Option<Fk<User>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// Subject.
        title: Option<String>,
        /// Sender/recipient address.
        address: Option<String>,
        /// Which way it went.
        direction: Option<Direction>,
        /// Wait time, in seconds.
        wait_time: Option<i64>,
        /// Duration, in seconds.
        duration: Option<i64>,
        /// Whether an agent answered.
        answered: Option<bool>,
        /// Body.
        text: Option<String>,
        /// Email time.
        time: Option<Timestamp>,
        /// Where it stands besides its activity.
        state: Option<EmailState>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// The activities in which it was worked on.
        activities: Vec<Fk<Activity>>,
        /// Attachments; older servers call them files.
        attachments as "attachments" | "files": Vec<Attachment>,
    }
}

record! {
    /// What is particular to a chat on a web page.
    pub struct ActivityWeb("activitiesWeb") ActivityWebFields {
        /// Identifier.
        name: String,
        /// Customer name.
        title: Option<String>,
        /// Where it stands besides its activity.
        state: Option<ChatState>,
        /// The agent who has it.
        user: Option<Fk<User>>,
        /// The queue it came through or belongs to.
        queue: Option<Fk<Queue>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// The connection it came through.
        connector: Option<Fk<Named>>,
        /// Whether an agent answered.
        answered: Option<bool>,
        /// Duration, in seconds.
        duration: Option<i64>,
        /// When it began.
        time: Option<Timestamp>,
        /// Wait time, in seconds.
        wait_time: Option<i64>,
        /// Routing duration, in seconds.
        routing_duration: Option<i64>,
        /// Who or what ended it.
        disconnection: Option<Disconnection>,
        /// Whether it was missed; unset if it is not over.
        missed: Option<bool>,
        /// When it was missed or answered late.
        missed_time: Option<Timestamp>,
        /// The customer's e-mail address.
        email: Option<String>,
        /// The customer's telephone number.
        phone: Option<String>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// Context data.
        context: Map<String, Value>,
        /// The web site it came from.
        host: Option<String>,
        /// Referrer URL.
        referer: Option<String>,
        /// Last referrer URL.
        referer_last as "refererLast": Option<String>,
        /// The browser it came from.
        browser: Option<String>,
        /// Whether it came from a mobile device.
        mobile_device as "mobileDevice": Option<bool>,
        /// Private/incognito mode.
        private_mode as "privateMode": Option<bool>,
        /// The agents who took part, as they came.
        users: Map<String, Value>,
        /// Customer data.
        customer: Map<String, Value>,
        /// What the customer filled in, as it came.
        custom_fields as "customFields": Map<String, Value>,
        /// Active tab has focus.
        has_focus as "hasFocus": Option<bool>,
        /// Tab is visible.
        is_visible as "isVisible": Option<bool>,
        /// GDPR confirmed.
        gdpr: Option<bool>,
        /// Browser language.
        language: Option<String>,
        /// IP address.
        ipaddress: Option<String>,
        /// Last heartbeat.
        heartbeat: Option<Timestamp>,
        /// What was written, where it is told with the conversation, see [`crate::Client::lines`].
        lines as "messages": Vec<ChatLine>,
        /// Files.
        attachments as "attachments" | "files": Vec<Attachment>,
    }
}

record! {
    /// What is particular to a text message.
    pub struct ActivitySms("activitiesSms") ActivitySmsFields {
        /// Identifier.
        name: String,
        /// Where it stands besides its activity.
        state: Option<ChatState>,
        /// The agent who has it.
        user: Option<Fk<User>>,
        /// The queue it came through or belongs to.
        queue: Option<Fk<Queue>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// The connection it came through.
        connector: Option<Fk<Named>>,
        /// Phone number.
        sender: Option<String>,
        /// Whether an agent answered.
        answered: Option<bool>,
        /// Duration, in seconds.
        duration: Option<i64>,
        /// When it began.
        time: Option<Timestamp>,
        /// Wait time, in seconds.
        wait_time: Option<i64>,
        /// Which way it went.
        direction: Option<Direction>,
        /// Who or what ended it.
        disconnection: Option<Disconnection>,
        /// Whether it was missed; unset if it is not over.
        missed: Option<bool>,
        /// When it was missed or answered late.
        missed_time: Option<Timestamp>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// What was written, where the item tells it.
        text as "text" | "message": Option<String>,
        /// What was written, where it is told line by line.
        lines as "messages": Vec<ChatLine>,
    }
}
