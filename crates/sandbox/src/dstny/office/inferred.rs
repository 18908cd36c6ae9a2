//! What these groups of operations answer although no document says so, in one place.
//!
//! Inferred: everything here. Seen are only `.CallDTO`, `.GroupInboxVoiceMailDTO`, the contact types DIRECTORY and SHORTCUT,
//! the answer place `mobile`, and the code `user.does.not.exist`, after whose pattern the other codes are made.

use crate::world::LogKind;

/// The class that wraps an item of the communication log.
pub(in crate::dstny) fn log_class(kind: LogKind) -> &'static str {
    match kind {
        LogKind::Incoming | LogKind::Outgoing | LogKind::Missed => ".CallDTO",
        LogKind::Voicemail => ".VoiceMailDTO",
        LogKind::Recording => ".RecordingDTO",
        LogKind::Fax => ".FaxDTO",
    }
}

/// The type of a contact outside the directory.
pub(in crate::dstny) const EXTERNAL_CONTACT: &str = "EXTERNAL";
/// The type of a queue's own number.
pub(in crate::dstny) const FUNCTION_NUMBER: &str = "FUNCTION_NUMBER";

/// Domains of contact ids: the documents show `167271@internal` for personal ones.
pub(in crate::dstny) const PERSONAL_DOMAIN: &str = "internal";
/// What follows the last `@` in a contact entry id; `directory` was decoded from a sample.
pub(in crate::dstny) const DIRECTORY_ENTRY: &str = "directory";

/// The member that holds the web client's address: the sample lost the line.
pub(in crate::dstny) const WEB_CLIENT: &str = "url";

/// The four values of a mobile subscriber's number presentation are not told.
pub(in crate::dstny) const PRESENTATIONS: [&str; 4] = ["0", "1", "2", "3"];

/// How a number that starts with one zero is completed (`sms.send` tells that it is, not with what).
pub(in crate::dstny) const COUNTRY: &str = "+44";

/// RPID's words for activities (RFC 4480); the first word of an activity is the one that is written.
pub(in crate::dstny) const RPID_WORDS: [(&str, &str); 7] = [
    ("busy", "busy"),
    ("lunch", "meal"),
    ("meeting", "meeting"),
    ("meeting", "appointment"),
    ("out_of_office", "away"),
    ("working", "working"),
    ("1231141551161", "vacation"),
];

/// Which items of the log a limit keeps: those that come first after `since`, or else the newest. Items go out from the
/// oldest to the newest, as in the document's example.
pub(in crate::dstny) fn limit_log<T>(items: &mut Vec<T>, limit: usize, since: Option<i64>) {
    if since.is_some() {
        items.truncate(limit);
    } else {
        items.drain(..items.len().saturating_sub(limit));
    }
}
