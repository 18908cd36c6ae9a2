//! What an administrator sets up (seed: "Pauses", "Queues", "Statuses", "Templates"; SIP devices beyond it).

use serde_json::{Map, Value};

use crate::loose::Fk;
use crate::models::{Direction, User};
use crate::record::{record, words};

words! {
    /// Pauses that the server knows by itself; none is one of the instance.
    pub enum PauseKind {
        /// Wrap-up after an activity, begun by the server.
        Wrap = "wrap",
        /// Do not disturb, begun on the telephone.
        Dnd = "dnd",
        /// Missed or rejected something, begun by the server.
        Lajdak = "lajdak",
    }
}

words! {
    /// What a queue serves.
    pub enum QueueKind {
        /// Incoming calls.
        In = "in",
        /// Calls from a web page.
        ClickToCall = "ctc",
        /// Outgoing calls.
        Out = "out",
        /// Campaign with preview.
        Outbounder = "outbounder",
        /// Progressive campaign.
        Progressive = "progressive",
        /// Predictive campaign.
        Dialer = "dialer",
        /// Robot calls.
        Interviewer = "interviewer",
        /// E-mail.
        Email = "email",
        /// Text messages.
        Sms = "sms",
        /// Chat on a web page.
        Chat = "chat",
        /// Facebook Messenger.
        Fbm = "fbm",
        /// Instagram messages.
        Igdm = "igdm",
        /// Comments on social media.
        SocialMedia = "socialmedia",
        /// WhatsApp.
        Wap = "wap",
        /// Viber.
        Vbr = "vbr",
        /// A type of the instance.
        Custom = "custom",
    }
}

words! {
    /// How a template is written.
    pub enum TemplateFormat {
        /// HTML.
        Rich = "RICH",
        /// Plain text.
        Plain = "PLAIN",
    }
}

words! {
    /// What a template is for.
    pub enum TemplateUse {
        /// E-mail.
        Email = "EMAIL",
        /// Text messages.
        Sms = "SMS",
        /// Facebook Messenger.
        Fbm = "FBM",
        /// Instagram messages.
        Igdm = "IGDM",
        /// WhatsApp.
        Wap = "WAP",
        /// Beginning a conversation on WhatsApp.
        WapOutgoing = "WAP_OUTGOING",
        /// Viber.
        Vbr = "VBR",
        /// Chat.
        Chat = "CHAT",
        /// Survey after a chat.
        ChatNps = "CHAT_NPS",
        /// Signature of an e-mail.
        EmailSign = "EMAIL_SIGN",
        /// Survey after an e-mail.
        EmailNps = "EMAIL_NPS",
        /// Social media.
        SocialMedia = "SOCIALMEDIA",
        /// Signature of a user.
        UserSign = "USERSIGN",
    }
}

record! {
    /// A SIP device. Its secret is not read: calls stay on the device.
    pub struct SipDevice("sipDevices") SipDeviceFields {
        /// Identifier: its number.
        name: String,
        /// Display name.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// Whether it is meant for contact-centre calls.
        cc_device: Option<bool>,
        /// How it speaks to the exchange (`udp`, `tcp`, `tls`).
        transport: Option<String>,
    }
}

impl Queue {
    /// Whether the user may log in to it and out of it: `None` where the server does not say. Only queues
    /// listed for a profile or in whoim tell.
    pub fn can_log_in(&self) -> Option<bool> {
        if self.deactivated == Some(true) {
            return Some(false);
        }
        let login = crate::inferred::login_relation(&self.relation)?;
        Some(!login.is_empty())
    }

    /// Whether calls can be made from it.
    pub fn is_outgoing(&self) -> bool {
        match &self.kind {
            Some(QueueKind::Out | QueueKind::Outbounder | QueueKind::Progressive) => true,
            Some(QueueKind::Other(_)) | None => self.direction == Some(crate::models::Direction::Out),
            Some(_) => false,
        }
    }
}

record! {
    /// A pause that agents take or are put on.
    pub struct Pause("pauses") PauseFields {
        /// Identifier.
        name: String,
        /// Display name (required).
        title: Option<String>,
        /// What kind it is.
        kind as "type": Option<PauseKind>,
        /// Whether it counts as working time.
        paid: Option<bool>,
        /// Minutes (0=no limit).
        max_duration: Option<i64>,
        /// Whether it may be taken more than once a day.
        repeatable: Option<bool>,
        /// Max uses per day.
        max_amount: Option<i64>,
        /// Minutes between uses.
        min_timeout: Option<i64>,
        /// Whether the server begins it by itself.
        auto_pause: Option<bool>,
        /// Whether direct calls are kept away meanwhile.
        prevent_direct_calls: Option<bool>,
        /// From when its duration is counted: empty, or `- 1 day`.
        calculated_from: Option<String>,
    }
}

record! {
    /// A queue, incoming or outgoing, for one kind of activity.
    pub struct Queue("queues") QueueFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// What kind it is.
        kind as "type": Option<QueueKind>,
        /// Short name.
        alias: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// What to tell the caller, for the agent.
        call_steering_description: Option<String>,
        /// Whether it serves incoming or outgoing activities.
        direction: Option<Direction>,
        /// Settings that depend on the type.
        options: Map<String, Value>,
        /// Whether it is switched off.
        deactivated: Option<bool>,
        /// Penalty of the user in it, where the pull tells; a smaller one gets calls earlier.
        penalty: Option<i64>,
        /// The relation to the record it was listed for, see [`Queue::can_log_in`].
        relation as "_rdata": Map<String, Value>,
    }
}

record! {
    /// A status: the wrap-up code of an activity, the disposition of a ticket or a campaign record.
    pub struct Status("statuses") StatusFields {
        /// Identifier.
        name: String,
        /// What to show.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// Colour in which it is shown, as the server writes it.
        color: Option<String>,
        /// Whether a form has to be filled in correctly before it can be given.
        validation: Option<bool>,
        /// Whether it asks for the time of a further call.
        nextcall: Option<bool>,
        /// Which database of blocked numbers it puts the caller into.
        blacklist_database: Value,
        /// For how long, in seconds.
        blacklist_expiration_time: Option<i64>,
    }
}

record! {
    /// A text to begin a message with.
    pub struct Template("templates") TemplateFields {
        /// Identifier.
        name: String,
        /// What to show.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// How it is written.
        format: Option<TemplateFormat>,
        /// What it is for.
        usingtype: Option<TemplateUse>,
        /// Owner (null=visible to all).
        user: Option<Fk<User>>,
        /// Email subject.
        subject: Option<String>,
        /// The text.
        content: Option<String>,
        /// Where the text comes from, if not from here.
        external_data_url as "externalDataUrl": Option<String>,
    }
}
