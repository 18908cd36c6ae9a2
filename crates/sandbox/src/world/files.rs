//! Files that hang on messages, and files that an agent's app has put up and not yet used: one store for all faces.

use super::{Dice, Millis};
use bytes::Bytes;
use std::collections::BTreeMap;

/// A file as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Attachment {
    /// Number in the store.
    pub file: i64,
    pub title: String,
    pub mime: String,
    /// Bytes.
    pub size: usize,
    /// The Content-ID that the letter's own HTML shows it by; none: an attachment proper.
    pub cid: Option<String>,
}

/// What is kept of a file.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub number: i64,
    /// A name that cannot be guessed: who uploaded the file knows it by this.
    pub key: String,
    pub title: String,
    pub mime: String,
    pub bytes: Bytes,
    pub created: Millis,
}

impl StoredFile {
    /// The file as a message names it.
    pub(crate) fn attachment(&self) -> Attachment {
        let (title, mime) = (self.title.clone(), self.mime.clone());
        Attachment { file: self.number, title, mime, size: self.bytes.len(), cid: None }
    }
}

/// All files by number and by key.
#[derive(Debug)]
pub(crate) struct Files {
    by_number: BTreeMap<i64, StoredFile>,
    by_key: BTreeMap<String, i64>,
    next: i64,
    dice: Dice,
}

impl Files {
    pub(super) fn new(seed: u64) -> Self {
        let (by_number, by_key) = (BTreeMap::new(), BTreeMap::new());
        Self { by_number, by_key, next: 600, dice: Dice::new(seed ^ 0x0F_11_E5) }
    }

    /// Keeps a file.
    pub(crate) fn put(&mut self, title: &str, mime: &str, bytes: Bytes, now: Millis) -> &StoredFile {
        self.next += 1;
        let (number, key) = (self.next, self.dice.hex(32));
        self.by_key.insert(key.clone(), number);
        let (title, mime) = (title.to_owned(), mime.to_owned());
        self.by_number.entry(number).or_insert(StoredFile { number, key, title, mime, bytes, created: now })
    }

    pub(crate) fn get(&self, number: i64) -> Option<&StoredFile> {
        self.by_number.get(&number)
    }

    pub(crate) fn by_key(&self, key: &str) -> Option<&StoredFile> {
        self.by_number.get(self.by_key.get(key)?)
    }

    /// Forgets a file that was put up and is not wanted after all.
    pub(crate) fn remove(&mut self, key: &str) -> bool {
        self.by_key.remove(key).is_some_and(|number| self.by_number.remove(&number).is_some())
    }
}
