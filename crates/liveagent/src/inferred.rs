//! The open questions, each with the reading this crate builds on, in one place.
//!
//! Nothing in this module is in the vendor's document of API v1: everything is inferred from how its parts fit together, from what
//! other clients send, or from what the vendor says elsewhere. When a real server proves one of them wrong, this is where to change it.

use std::time::Duration;

use serde_json::Value;
use wire::Error;
use wire::pace::Pace;

use crate::loose::Loose;

/// The vendor's help pages say 180 requests a minute for a key. Inferred: the minute is a sliding one, and the refusal is a 429.
/// A quarter is kept for what rings; of the rest two thirds are enough for looking after what is shown.
pub(crate) fn pace() -> Pace {
    Pace::new(180, Duration::from_secs(60), 90).reserving(45)
}

/// Inferred: a refusal with 400 or 403 is about the key if it says so or says nothing. (The document has 400 for "a problem with
/// API key in application"; the field knows 403 "ApiKey not found".)
pub(crate) fn is_about_key(words: &[String]) -> bool {
    words.iter().all(|words| {
        let letters: String =
            words.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        letters.contains("apikey") || letters.contains("unauthorized")
    })
}

/// Inferred: these words of a 500 mean that what was asked for is not there ("unable to load conversation" is the
/// document's own example of a 500).
pub(crate) fn is_vanished(words: &[String]) -> bool {
    words.iter().any(|words| {
        let words = words.to_ascii_lowercase();
        ["unable to load", "not found", "does not exist", "doesn't exist", "failed to load"]
            .iter()
            .any(|sign| words.contains(sign))
    })
}

/// Whether an error says that what it was about is not there (any more). A write to a vanished conversation is refused in words,
/// and only these tell it from other refusals.
pub fn is_gone(error: &Error) -> bool {
    match error {
        Error::NotFound => true,
        Error::Refused { words, .. } => {
            is_vanished(words)
                && words.iter().any(|words| words.to_ascii_lowercase().contains("conversation"))
        }
        _ => false,
    }
}

/// Inferred: the undocumented `POST conversations` and `POST customers` answer with the identifier of what was made, under the
/// same name as the record has it.
pub(crate) fn created(response: &Value, key: &str) -> Option<String> {
    response.get(key).and_then(|id| String::read(id).ok()).filter(|id| !id.trim().is_empty())
}

/// Inferred: a message about files names them by their ids, the 32 hexadecimal digits of `GET files/{fileid}`, somewhere in
/// its text.
pub(crate) fn file_ids(text: &str) -> Vec<&str> {
    let mut ids: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect();
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    ids
}

/// Inferred: the fragment under which the agent's panel shows a conversation, before the id.
pub(crate) const CONVERSATION_PAGE: &str = "Conversation;id=";

/// Inferred: where the platform's own server gives out files, below the place of installation.
pub(crate) const FILE_SCRIPT: &str = "scripts/file.php";

/// Inferred: the largest file that is sent, in bytes. The document names no limit; an upload is base64 in one form, which
/// PHP holds in memory as a whole.
pub const LARGEST_UPLOAD: usize = 20 * 1024 * 1024;

/// Inferred: the zones of the world differ by quarters of an hour, so what is left over after rounding an offset to
/// one is the time that the answer took and the inaccuracy of clocks.
pub(crate) const OFFSET_STEP: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_about_keys_are_told_from_others() {
        let about = |words: &str| is_about_key(&[words.to_owned()]);
        assert!(about("ApiKey not found") && about("Api key is not found in request") && is_about_key(&[]));
        assert!(!about("parameter status is not valid") && !about("No access to department"));
    }

    #[test]
    fn gone_is_told_from_other_refusals() {
        let refused = |words: &str| Error::refused(500, [words.to_owned()]);
        assert!(is_gone(&Error::NotFound) && is_gone(&refused("Unable to load conversation")));
        assert!(!is_gone(&refused("agent with email x@acme.example not found")));
        assert!(!is_gone(&refused("parameter message is missing")));
    }

    #[test]
    fn file_ids_are_found_in_any_text() {
        let id = "1234567890abcdef1234567890abcdef";
        assert_eq!(file_ids(&format!("{{\"fileid\":\"{id}\"}}, {id}")), [id]);
        assert!(file_ids("order 123456789012345678901234567890123, no file").is_empty());
    }
}
