//! Group "Communication Log": the user's calls, voicemails, recordings and faxes.
//!
//! Items are numbered; `since` and `olderThan` page by number, which no new call can shift. Each item comes wrapped in
//! one key that names its class (`.CallDTO`, `.GroupInboxVoiceMailDTO`); any such key is unwrapped, and kept in
//! [`LogItem::class`].

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::Error;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, serde_of, words};

words! {
    /// What an item is.
    pub enum LogItemType {
        /// The user called.
        OutgoingCall = "OUTGOING_CALL",
        /// Somebody called in vain.
        MissedCall = "MISSED_CALL",
        /// Somebody called.
        IncomingCall = "INCOMING_CALL",
        /// A message.
        Voicemail = "VOICEMAIL",
        /// A recorded call.
        Recording = "RECORDING",
        /// A fax.
        Fax = "FAX",
    }
}

object! {
    /// Who was at the other end.
    pub struct LogParty {
        /// The number.
        number: Option<String> = "number",
        /// The name.
        display_name: Option<String> = "displayName",
        /// Who it is in the directory.
        contact_id: Option<String> = "contactId",
    }
}

object! {
    /// The inside of an item.
    pub struct LogEntry {
        /// Its number; larger is newer.
        item_id: Option<i64> = "itemId",
        /// When it began.
        start_time: Option<Timestamp> = "startTime",
        /// Who was at the other end.
        remote_party: Option<LogParty> = "remoteParty",
        /// What it is.
        item_type: Option<LogItemType> = "itemType",
        /// Whether the user has seen it.
        is_seen: Option<bool> = "isSeen" | "seen",
        /// Whether the user has listened to it.
        is_played: Option<bool> = "isPlayed" | "played",
        /// How long, in seconds.
        duration: Option<i64> = "duration",
        /// The call that a voicemail or recording belongs to; 0 if none.
        call_item_id: Option<i64> = "callItemId",
        /// The group's inbox it is in.
        inbox_name: Option<String> = "inboxName",
    }
}

/// One item of the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogItem {
    /// The class it came as, without a leading dot; empty if it came without wrapping.
    pub class: String,
    /// What it says.
    pub entry: LogEntry,
}

impl Loose for LogItem {
    fn read(value: &Value) -> Option<Self> {
        let map = value.as_object()?;
        match map.iter().next() {
            Some((class, inside @ Value::Object(_))) if map.len() == 1 => {
                let class = class.trim_start_matches('.').to_owned();
                Some(Self { class, entry: LogEntry::read(inside)? })
            }
            _ => Some(Self { class: String::new(), entry: LogEntry::read(value)? }),
        }
    }

    fn write(&self) -> Value {
        match self.class.as_str() {
            "" => self.entry.write(),
            class => Value::Object(Map::from_iter([(format!(".{class}"), self.entry.write())])),
        }
    }
}

serde_of!(LogItem);

object! {
    /// A piece of the log.
    pub struct Log {
        /// The items.
        items: Vec<LogItem> = "historyItems",
        /// Whether what was fetched before is to be forgotten.
        flush_cache: Option<bool> = "flushCache",
        /// When it was made.
        generated_at: Option<Timestamp> = "generatedAt",
        /// How many items there may be in all.
        hint_count: Option<i64> = "hintCount",
    }
}

/// Which part of the log to fetch: an interval of numbers, or of times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Only items with a larger number.
    pub since: Option<i64>,
    /// Only items with a smaller number.
    pub older_than: Option<i64>,
    /// Only items that began after this.
    pub since_time: Option<Timestamp>,
    /// Only items that began before this.
    pub until_time: Option<Timestamp>,
    /// At most so many.
    pub limit: Option<u32>,
    /// Only these kinds; all if empty.
    pub item_types: Vec<LogItemType>,
    /// Only with this contact.
    pub contact_id: Option<String>,
    /// Only with this number.
    pub number: Option<String>,
    /// Only deleted ones, or only those that are not.
    pub deleted: Option<bool>,
    /// Only those in the trash, or only those that are not.
    pub mark_as_delete: Option<bool>,
}

impl LogQuery {
    fn on(&self, call: Call) -> Call {
        call.maybe("since", self.since)
            .maybe("olderThan", self.older_than)
            .maybe("sinceTime", self.since_time)
            .maybe("untilTime", self.until_time)
            .maybe("limit", self.limit)
            .each("itemType", &self.item_types)
            .maybe("contactId", self.contact_id.as_ref())
            .maybe("number", self.number.as_ref())
            .maybe("deleted", self.deleted)
            .maybe("markAsDelete", self.mark_as_delete)
    }
}

/// Which items a change is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogSelection {
    /// These.
    pub item_ids: Vec<i64>,
    /// And all up to this number.
    pub until_item_id: Option<i64>,
    /// Of these only these kinds; all if empty.
    pub item_types: Vec<LogItemType>,
}

impl LogSelection {
    fn on(&self, call: Call) -> Call {
        call.each("itemId", &self.item_ids)
            .maybe("untilItemId", self.until_item_id)
            .each("itemType", &self.item_types)
    }
}

/// What to note about items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogMarks {
    /// Whether the user has seen them.
    pub is_seen: bool,
    /// Whether the user has listened to them.
    pub is_played: bool,
    /// Whether the calls they belong to get the same marks.
    pub update_call_item: bool,
}

impl LogMarks {
    fn on(self, call: Call) -> Call {
        call.with("isSeen", self.is_seen)
            .with("isPlayed", self.is_played)
            .with("updateCallItem", self.update_call_item)
    }
}

impl Client {
    /// A piece of the log.
    ///
    /// # Errors
    /// As every request.
    pub async fn log(&self, query: &LogQuery) -> Result<Log, Error> {
        self.one(query.on(Call::of("commlog.list"))).await
    }

    /// How many items a query would find.
    ///
    /// # Errors
    /// [`Error::Protocol`] if the answer is no number.
    pub async fn log_count(&self, query: &LogQuery) -> Result<i64, Error> {
        self.one(query.on(Call::of("commlog.list").with("count", true))).await
    }

    /// One item.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn log_item(&self, item_id: i64) -> Result<Log, Error> {
        self.one(Call::of("commlog.item.get").at("itemId", item_id)).await
    }

    /// Marks an item as seen or played.
    ///
    /// # Errors
    /// As every request.
    pub async fn mark_log_item(&self, item_id: i64, marks: LogMarks) -> Result<(), Error> {
        self.done(marks.on(Call::of("commlog.item.mark").at("itemId", item_id))).await
    }

    /// Marks several items; the answer says which of them do not exist, and is empty if all do.
    ///
    /// # Errors
    /// As every request.
    pub async fn mark_log_items(&self, which: &LogSelection, marks: LogMarks) -> Result<String, Error> {
        self.one(marks.on(which.on(Call::of("commlog.mark")))).await
    }

    /// Deletes an item, and the call it belongs to if wanted.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_log_item(&self, item_id: i64, update_call_item: bool) -> Result<(), Error> {
        self.done(
            Call::of("commlog.item.delete").at("itemId", item_id).with("updateCallItem", update_call_item),
        )
        .await
    }

    /// Deletes several items, and the calls they belong to if wanted.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if nothing is selected: the server might take that for everything.
    pub async fn delete_log_items(&self, which: &LogSelection, update_call_item: bool) -> Result<(), Error> {
        if which.item_ids.is_empty() && which.until_item_id.is_none() {
            return Err(Error::invalid("items", "nothing is selected"));
        }
        self.done(which.on(Call::of("commlog.delete")).with("updateCallItem", update_call_item)).await
    }

    /// Moves an item to the trash.
    ///
    /// # Errors
    /// As every request.
    pub async fn trash_log_item(&self, item_id: i64) -> Result<(), Error> {
        self.done(Call::of("commlog.item.deletiontime").at("itemId", item_id).with("delete", true)).await
    }

    /// Moves an item from the trash back to the inbox.
    ///
    /// # Errors
    /// As every request.
    pub async fn restore_log_item(&self, item_id: i64) -> Result<(), Error> {
        self.done(Call::of("commlog.item.deletiontime").at("itemId", item_id).with("delete", false)).await
    }

    /// Marks a voicemail as deleted, to be removed for good later.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_log_item_deleted(&self, item_id: i64) -> Result<(), Error> {
        self.done(Call::of("commlog.item.setdeleted").at("itemId", item_id)).await
    }

    /// The messages in the inboxes of the user's groups.
    ///
    /// # Errors
    /// As every request.
    pub async fn group_inbox(&self) -> Result<Log, Error> {
        self.one(Call::of("commlog.groupinbox")).await
    }
}
