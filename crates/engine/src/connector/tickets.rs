//! Tickets on a platform that has them: what changed, one of them with everything around it, and what is to be done with them.
//!
//! A connector translates and nothing else. Bodies leave it as the platform sent them: the engine makes them safe before any
//! window sees them. Keeping, searching, ordering, retrying and asking are the engine's. Problems name no account: the
//! engine adds it. Names are the platform's own, without the account.

use std::time::Duration;

use futures_util::future::BoxFuture;
use model::{
    Article, Attachment, Author, Channel, Delivery, Direction, EntryKind, Fact, FieldConflict, FormField,
    Insert, LinkedRecord, Named, Phone, Problem, Template, Ticket, TicketAction, Timestamp, Work,
};

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::sight::Failure;

/// Tickets of one account.
pub(crate) trait Tickets: Send + Sync {
    /// How often to ask [`Tickets::changed`]: while tickets are on the screen, and while they are not. The connector may
    /// take longer to answer when its budget of requests is spent.
    fn pace(&self) -> Pace;

    /// Tickets that changed since `mark`, oldest change first; without a mark all there are, newest first (so that the first
    /// page is worth showing), each page with the mark to go on from. Asking again with the same mark answers the same tickets.
    fn changed(&self, mark: Option<Mark>) -> Answer<'_, Changes>;

    /// A ticket with everything around it. [`ProblemCode::Gone`](model::ProblemCode::Gone) when it is no longer there.
    fn ticket(&self, name: String) -> Answer<'_, Detail>;

    /// Entries of the time line before this one, oldest first.
    fn earlier(&self, name: String, before: String) -> Answer<'_, Timeline>;

    /// Marks a ticket as read, where the platform has that.
    fn mark_read(&self, name: String) -> Answer<'_, ()>;

    /// Views that are kept on the platform.
    fn views(&self) -> Answer<'_, Vec<View>>;

    /// Tickets of a view, in its order; `skip` of them are known already.
    fn in_view(&self, view: String, skip: u32) -> Answer<'_, Listed>;

    /// Tickets in which these words occur, best first.
    fn search(&self, text: String) -> Answer<'_, Listed>;

    /// The fields of a new ticket, in this category once it is chosen.
    fn form(&self, category: Option<String>) -> Answer<'_, Vec<FormField>>;

    /// Reads a file of an entry, up to `most` bytes.
    fn file(&self, ticket: String, entry: String, file: String, most: u64) -> Answer<'_, FileBytes>;

    /// Texts that the platform keeps for answers in this ticket.
    fn templates(&self, ticket: String) -> Answer<'_, Vec<Template>>;

    /// The words of a template, filled in for a ticket. Words in HTML come as plain text.
    fn template(&self, ticket: String, template: String) -> Answer<'_, Insert>;

    /// Searches the knowledge base.
    fn knowledge(&self, text: String) -> Answer<'_, Vec<Article>>;

    /// Carries out one piece of work, never [`Work::Close`]. Edits are compared with the platform first: if a field holds
    /// neither `was` nor `now`, nothing is written and the answer is [`Sent::Conflict`]. `trace` marks what is made, so
    /// that [`Tickets::became`] can find it again.
    fn send<'a>(
        &'a self,
        work: &'a Work,
        files: &'a [OutFile],
        trace: &'a Trace,
    ) -> BoxFuture<'a, Result<Sent, Failure>>;

    /// What became of work whose answer was lost: the ticket is read back and compared.
    fn became<'a>(&'a self, work: &'a Work, trace: &'a Trace) -> Answer<'a, Became>;
}

/// How often to look for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// While tickets are on the screen.
    pub(crate) seen: Duration,
    /// While they are not.
    pub(crate) hidden: Duration,
}

/// Where reading of changes stands, in the connector's own words. Kept over restarts. It never names a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) String);

/// A page of changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The tickets.
    pub(crate) tickets: Vec<Ticket>,
    /// Tickets that are no longer there, by the platform's name.
    pub(crate) gone: Vec<String>,
    /// From where to go on; absent keeps the one before.
    pub(crate) mark: Option<Mark>,
    /// There is more right now.
    pub(crate) more: bool,
    /// How many tickets there are, where the platform says.
    pub(crate) of: Option<u32>,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
}

/// A page of tickets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    /// The tickets.
    pub(crate) tickets: Vec<Ticket>,
    /// How many there are, where the platform says.
    pub(crate) of: Option<u32>,
    /// There is more.
    pub(crate) more: bool,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
}

/// A view that is kept on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The platform's name.
    pub(crate) name: String,
    /// What the agent reads.
    pub(crate) title: String,
    /// How many tickets it shows, where the platform says.
    pub(crate) total: Option<u32>,
}

/// What was written, as the platform sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RawBody {
    /// HTML, hostile until proven otherwise.
    Html(String),
    /// Plain text.
    Text(String),
}

/// A picture that belongs to the text of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inline {
    /// The name the text uses for it (`cid:…`, without the scheme), or the address where the platform rewrote it.
    pub(crate) cid: String,
    /// The file it is, for [`Tickets::file`].
    pub(crate) file: Attachment,
}

/// An entry of the time line before its body is made safe. See [`model::Entry`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawEntry {
    pub(crate) id: String,
    pub(crate) kind: EntryKind,
    pub(crate) channel: Channel,
    pub(crate) direction: Direction,
    pub(crate) author: Author,
    pub(crate) at: Timestamp,
    pub(crate) title: String,
    pub(crate) body: RawBody,
    pub(crate) inline: Vec<Inline>,
    pub(crate) files: Vec<Attachment>,
    pub(crate) seconds: Option<u32>,
    pub(crate) phone: Option<Phone>,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) facts: Vec<Fact>,
}

/// Entries of a time line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timeline {
    /// Oldest first.
    pub(crate) entries: Vec<RawEntry>,
    /// There is more before the first.
    pub(crate) earlier: bool,
    /// Records that could not be read.
    pub(crate) unreadable: u32,
}

/// A ticket with everything around it, before bodies are made safe. See [`model::TicketDetail`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Detail {
    pub(crate) ticket: Ticket,
    pub(crate) timeline: Timeline,
    pub(crate) fields: Vec<FormField>,
    pub(crate) records: Vec<LinkedRecord>,
    pub(crate) related: Vec<Named>,
    pub(crate) actions: Vec<TicketAction>,
    pub(crate) reply_to: Vec<String>,
    pub(crate) reply_cc: Vec<String>,
    pub(crate) web: Option<String>,
    /// Parts that could not be read; the rest is here.
    pub(crate) problems: Vec<Problem>,
}

/// A file on its way to the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileBytes {
    pub(crate) bytes: bytes::Bytes,
    pub(crate) mime: String,
}

/// A file on its way to the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutFile {
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) bytes: bytes::Bytes,
}

/// What is known of a piece of work from before it was first sent, kept with it: enough to find out afterwards whether it
/// took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trace {
    /// When it was first sent, by this computer's clock.
    pub(crate) first_sent: Timestamp,
    /// The newest entry that was known then, by the platform's name.
    pub(crate) last_entry: Option<String>,
}

/// What the platform made of a piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is done. The ticket it made, by the platform's name.
    Done { made: Option<String> },
    /// Somebody else changed the same fields; nothing was written.
    Conflict(Vec<FieldConflict>),
}

/// What became of work whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Became {
    /// The platform has it.
    Done { made: Option<String> },
    /// The platform certainly does not have it.
    NotDone,
    /// Nobody can tell.
    Unclear,
    /// The ticket is gone.
    Gone,
}
