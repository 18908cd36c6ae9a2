//! The rest of the agent's day on a platform that has it: the past, diversions, voicemail, texts, conferences of the
//! calendar, the contacts kept there, and where its operations are found.
//!
//! Which parts an account offers its capabilities say; whoever offers a part writes its functions, and the others answer
//! that it is not possible. Problems name no account: the engine adds it.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::{
    CalendarConference, Campaign, Contact, ContactBlock, ContactFields, ContactMark, DiversionChange,
    Diversions, HistoryItem, HistoryMark, PastOutcome, Problem, QueueAgent, QueueId, Route, RoutesReport,
    SendSms, StateBand, TakePart, Team, Timestamp, VoicemailSettings,
};

use crate::plan::impossible;

/// The answer of one function.
pub(crate) type Answer<'a, T> = BoxFuture<'a, Result<T, Problem>>;

/// What a platform may offer beside calls.
pub(crate) trait Office: Send + Sync {
    /// A page of the past, newest first.
    fn history(&self, _past: Past) -> Answer<'_, HistoryPart> {
        not_here()
    }

    /// Marks an item of the past, by the platform's name.
    fn mark_history(&self, _item: String, _mark: HistoryMark) -> Answer<'_, ()> {
        not_here()
    }

    /// Where calls are diverted to.
    fn diversions(&self) -> Answer<'_, Diversions> {
        not_here()
    }

    /// Changes one diversion and answers all of them as they are then.
    fn set_diversion(&self, _change: DiversionChange) -> Answer<'_, Diversions> {
        not_here()
    }

    /// The voicemail.
    fn voicemail(&self) -> Answer<'_, VoicemailSettings> {
        not_here()
    }

    /// Keeps the voicemail and answers it as it is then.
    fn save_voicemail(&self, _settings: VoicemailSettings) -> Answer<'_, VoicemailSettings> {
        not_here()
    }

    /// Sends a text. Its numbers can be dialled as they stand.
    fn send_sms(&self, _sms: SendSms) -> Answer<'_, ()> {
        not_here()
    }

    /// The conferences of the calendar.
    fn conferences(&self) -> Answer<'_, Vec<CalendarConference>> {
        not_here()
    }

    /// Joins a conference or leaves it.
    fn take_part(&self, _part: TakePart) -> Answer<'_, ()> {
        not_here()
    }

    /// The people of a queue.
    fn queue_agents(&self, _queue: QueueId) -> Answer<'_, Vec<QueueAgent>> {
        not_here()
    }

    /// Marks a contact, by the platform's name, and answers it as it is then.
    fn mark_contact(&self, _contact: String, _mark: Option<ContactMark>) -> Answer<'_, Contact> {
        not_here()
    }

    /// Keeps a personal contact, a new one where no name is given, and answers it as it is then.
    fn save_contact(&self, _contact: Option<String>, _fields: ContactFields) -> Answer<'_, Contact> {
        not_here()
    }

    /// Deletes a personal contact.
    fn delete_contact(&self, _contact: String) -> Answer<'_, ()> {
        not_here()
    }

    /// What the agent did and had between two moments, as the platform tells it afterwards.
    fn past_day(&self, _from: Timestamp, _to: Timestamp) -> Answer<'_, PastDay> {
        not_here()
    }

    /// Campaigns that the agent may see.
    fn campaigns(&self) -> Answer<'_, Vec<Campaign>> {
        not_here()
    }

    /// Teams, a parent before its children.
    fn teams(&self) -> Answer<'_, Vec<Team>> {
        not_here()
    }

    /// Where the operations are found now.
    fn routes(&self) -> Vec<Route> {
        Vec::new()
    }

    /// Reads an operator's file (none: back to the standard routes), and uses it from now on if `keep` says so.
    /// [`super::Connector::memory`] holds it then.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn import_routes(&self, _text: Option<&str>, _keep: bool) -> Result<RoutesReport, Problem> {
        Err(impossible("not_offered"))
    }
}

/// Which part of the past of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// Calls of this group instead of the agent's own.
    pub(crate) group: Option<QueueId>,
    /// Only these outcomes; empty means all.
    pub(crate) outcomes: Vec<PastOutcome>,
    /// Only what is older than this.
    pub(crate) before: Option<Timestamp>,
    /// At most so many.
    pub(crate) most: usize,
}

/// A page of the past of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HistoryPart {
    /// Newest first.
    pub(crate) items: Vec<HistoryItem>,
    /// Whether there is more beyond the last.
    pub(crate) more: bool,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
}

/// What a platform tells of the agent's past. What it does not know it leaves out; nothing in it is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PastDay {
    /// States, oldest first, without overlaps. Only [`model::Witness::Told`].
    pub(crate) bands: Vec<StateBand>,
    /// Contacts, by the names they have in pictures and in the past.
    pub(crate) contacts: Vec<ContactBlock>,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
}

fn not_here<'a, T: Send + 'a>() -> Answer<'a, T> {
    async { Err(impossible("not_offered")) }.boxed()
}
