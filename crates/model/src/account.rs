//! Accounts: where an agent is signed in, what that place offers, and how well we hear it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Agent, Device, Line, OwnPresence, Problem, Queue, Timestamp};

id_type! {
    /// Names one account on this computer; made by Offhook, never by a platform.
    AccountId
}

/// The platforms Offhook speaks to. The frontend shows a mark for it and asks [`Capability`] for everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Daktela V6.
    Daktela,
    /// Dstny Core, once Telepo.
    Dstny,
    /// LiveAgent, API v1.
    #[serde(rename = "liveagent")]
    LiveAgent,
    /// Google CCAI Platform, by its Manager API; once UJET.
    Ccaip,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 4] = [Self::Daktela, Self::Dstny, Self::LiveAgent, Self::Ccaip];

    /// What it asks for at sign-in.
    pub fn sign_in_form(self) -> SignInForm {
        match self {
            Self::Daktela => SignInForm {
                platform: self,
                second_factor: false,
                password: true,
                token_needs_username: false,
                second_token: false,
                token_user: false,
                address_example: "https://company.daktela.com",
                username_example: "",
            },
            Self::Dstny => SignInForm {
                platform: self,
                second_factor: true,
                password: true,
                token_needs_username: true,
                second_token: false,
                token_user: false,
                address_example: "https://portal.example.com",
                username_example: "name@company.example",
            },
            Self::LiveAgent => SignInForm {
                platform: self,
                second_factor: false,
                password: false,
                token_needs_username: true,
                second_token: true,
                token_user: false,
                address_example: "https://company.ladesk.com",
                username_example: "name@company.example",
            },
            Self::Ccaip => SignInForm {
                platform: self,
                second_factor: false,
                password: false,
                token_needs_username: true,
                second_token: false,
                token_user: true,
                address_example: "https://company.uc1.ccaiplatform.com",
                username_example: "name@company.example",
            },
        }
    }

    /// Its word in identifiers and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Daktela => "daktela",
            Self::Dstny => "dstny",
            Self::LiveAgent => "liveagent",
            Self::Ccaip => "ccaip",
        }
    }

    /// What the practice account on it is called.
    pub fn practice_name(self) -> &'static str {
        match self {
            Self::Daktela => "Practice centre",
            Self::Dstny => "Practice exchange",
            Self::LiveAgent => "Practice help desk",
            Self::Ccaip => "Practice contact cloud",
        }
    }
}

/// What a platform asks for at sign-in, beyond an address and either a password or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SignInForm {
    /// The platform.
    pub platform: Platform,
    /// A password may need a second code.
    pub second_factor: bool,
    /// People sign in with user name and password; else with a token only.
    pub password: bool,
    /// A pasted token does not say whose it is.
    pub token_needs_username: bool,
    /// A second token may be given, which opens more (LiveAgent: the key of API v3).
    pub second_token: bool,
    /// The token goes with a user name of its own, which may be changed (CCAI Platform: the subdomain unless told
    /// otherwise); `username` stays the agent's e-mail address or agent number.
    pub token_user: bool,
    /// How an address looks.
    pub address_example: &'static str,
    /// How a user name looks; empty where it needs no example.
    pub username_example: &'static str,
}

/// An account as configured: everything but its secret, which lives in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Its name inside Offhook.
    pub id: AccountId,
    /// Which platform it is on.
    pub platform: Platform,
    /// What the agent calls it; the host name unless changed.
    pub name: String,
    /// Base address, normalised, without a trailing slash.
    pub url: String,
    /// Login name; absent when signed in with a pasted token until the platform has told it.
    pub username: Option<String>,
    /// Whether this is the built-in practice centre.
    pub practice: bool,
}

/// How an account signs in. Crosses from the window to the core once and is never sent back.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Credential {
    /// User name and password.
    Password {
        /// Login name.
        username: String,
        /// Password.
        password: String,
        /// The second code, where one is asked for.
        #[serde(default)]
        code: Option<String>,
    },
    /// An access token pasted from the platform's user details.
    Token {
        /// The token.
        token: String,
        /// Whose it is, where the token does not say.
        #[serde(default)]
        username: Option<String>,
        /// The second token, where one opens more.
        #[serde(default)]
        second: Option<String>,
        /// The user name that goes with the token, where that is not the usual one.
        #[serde(default)]
        user: Option<String>,
    },
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password { .. } => f.write_str("Credential::Password(…)"),
            Self::Token { .. } => f.write_str("Credential::Token(…)"),
        }
    }
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeepSecret {
    /// In the operating system's keychain.
    #[default]
    Keychain,
    /// In memory until Offhook quits: the agent's explicit choice where no keychain answers.
    Session,
}

/// A new account, as the agent enters it.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct NewAccount {
    /// Which platform.
    pub platform: Platform,
    /// The address as typed.
    pub url: String,
    /// What to call it; empty means the host name.
    #[serde(default)]
    pub name: String,
    /// How to sign in.
    pub credential: Credential,
    /// Where to keep the secret.
    #[serde(default)]
    pub keep: KeepSecret,
}

/// What an account offers now. Buttons are drawn from these and from the actions of each activity, never from the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Can go ready and not ready.
    Ready,
    /// Has named pauses.
    Pauses,
    /// Devices can be chosen.
    Devices,
    /// Queues can be logged in to and out of.
    QueueLogin,
    /// Can dial out.
    Dial,
    /// Contacts can be searched.
    Contacts,
    /// Tickets can be read.
    Tickets,
    /// Tickets can be made.
    CreateTickets,
    /// There is a knowledge base to search.
    Knowledge,
    /// The own presence has more than ready and paused.
    Presence,
    /// The number the other side sees can be chosen.
    Lines,
    /// Calls on colleagues' lines can be picked up.
    PickUp,
    /// Presence and line state of contacts are told.
    ContactPresence,
    /// Queues have figures.
    QueueStatistics,
    /// The past can be read.
    History,
    /// Groups keep a common list of past calls.
    GroupHistory,
    /// Calls can be diverted.
    Diversions,
    /// The voicemail can be set up.
    Voicemail,
    /// Texts can be sent.
    Sms,
    /// Conferences of the calendar can be joined.
    Conferences,
    /// Contacts can be marked on the platform.
    ContactMarks,
    /// Contacts can be made, changed and deleted.
    PersonalContacts,
    /// The operator may have moved its operations: routes can be imported.
    Routes,
    /// Past days of the agent can be asked for.
    PastDays,
    /// Campaigns and teams can be seen.
    Centre,
}

/// How well an account is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Signing in, or the first answer is still awaited.
    Connecting,
    /// Events arrive.
    Live,
    /// Connected again; the state is being read afresh.
    CatchingUp,
    /// Answers come, but with faults; what is shown may be old.
    Degraded,
    /// Nothing is heard. What is shown is what was last known.
    Offline,
    /// The platform wants a new sign-in.
    SignedOut,
}

/// The health of an account, with its age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Health {
    /// How well it is heard.
    pub link: Link,
    /// Since when the link is what it is.
    pub since: Timestamp,
    /// When the platform was last heard, in any way.
    pub heard_at: Option<Timestamp>,
    /// Where the state comes from, in the platform's words (`appPullData`).
    pub source: String,
    /// What is wrong, if something is.
    pub problem: Option<Problem>,
    /// When the next try comes, if one is waited for.
    pub retry_at: Option<Timestamp>,
    /// Records the platform sent that could not be read, since sign-in. The rest went on.
    pub unreadable: u32,
    /// How old each piece of what is shown is, where pieces are asked for one by one; oldest wish first.
    pub ages: Vec<DataAge>,
    /// When the platform ends the session by itself, where it tells.
    pub session_ends: Option<Timestamp>,
}

/// A piece of what an account shows that is asked for on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DataPiece {
    /// What rings and what the agent has open.
    Contacts,
    /// The agent's state.
    State,
    /// Figures of queues.
    Queues,
    /// The past.
    Past,
    /// Everything that seldom changes: teams, hours, who is who.
    Directory,
}

/// How old a piece of what an account shows is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DataAge {
    /// Which piece.
    pub piece: DataPiece,
    /// When the platform last told it; absent when never yet.
    pub heard_at: Option<Timestamp>,
    /// How often it is wished for, in seconds.
    pub every: u32,
}

/// A message of the platform's administrators to its users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Announcement {
    /// The platform's name of it, or its text where it has none.
    pub id: String,
    /// Plain text.
    pub text: String,
}

/// All that is known of one account now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountState {
    /// The account.
    pub account: Account,
    /// How well it is heard.
    pub health: Health,
    /// The agent there; absent until the first sign-in.
    pub agent: Option<Agent>,
    /// Queues the agent has rights to.
    pub queues: Vec<Queue>,
    /// Devices the agent may use.
    pub devices: Vec<Device>,
    /// Lines the agent may call with; empty where there is no choice.
    pub lines: Vec<Line>,
    /// The agent's own presence, where the platform keeps one.
    pub presence: Option<OwnPresence>,
    /// What it offers now.
    pub capabilities: Vec<Capability>,
    /// Missed activities as the platform counts them.
    pub missed: u32,
    /// Messages of its administrators.
    pub announcements: Vec<Announcement>,
}

/// One line of a connection check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckLine {
    /// What was checked: `address`, `sign_in`, `pull`, `devices`, `queues`, `dial`, `contacts`, `tickets`, `pauses`, or the
    /// name of a platform's operation (`contacts.search`).
    pub what: String,
    /// Whether it works; absent when it was not tried because an earlier step failed.
    pub ok: Option<bool>,
    /// A count or a version, where there is one.
    pub detail: Option<String>,
    /// What is wrong, if it does not work.
    pub problem: Option<Problem>,
}

/// What a connection check found: what this tenant allows this user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionReport {
    /// The address as it will be used.
    pub url: String,
    /// The platform's version, if told.
    pub version: Option<String>,
    /// The user's display name, if signed in.
    pub user: Option<String>,
    /// The checks, in the order they were made.
    pub lines: Vec<CheckLine>,
}
