//! Pictures of messages, kept in memory for as long as there is room: those that came with a message, and those from
//! elsewhere that the agent asked for.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much is kept, in bytes of `data:` addresses.
const ROOM: usize = 64 * 1024 * 1024;

/// Pictures by what they are called for: `ticket/entry/cid` or `ticket/entry/address`.
#[derive(Debug, Default)]
pub(super) struct Pictures(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_name: HashMap<String, String>,
    /// Oldest first.
    order: VecDeque<String>,
    size: usize,
}

impl Pictures {
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.lock().by_name.get(name).cloned()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.lock().by_name.contains_key(name)
    }

    pub(super) fn put(&self, name: String, picture: String) {
        let mut kept = self.lock();
        kept.size += picture.len();
        if let Some(before) = kept.by_name.insert(name.clone(), picture) {
            kept.size -= before.len();
        } else {
            kept.order.push_back(name);
        }
        while kept.size > ROOM
            && let Some(oldest) = kept.order.pop_front()
        {
            let gone = kept.by_name.remove(&oldest).map_or(0, |picture| picture.len());
            kept.size -= gone;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let pictures = Pictures::default();
        let large = "x".repeat(ROOM / 2);
        pictures.put("a".to_owned(), large.clone());
        pictures.put("b".to_owned(), large.clone());
        pictures.put("b".to_owned(), large.clone());
        assert!(pictures.has("a") && pictures.has("b"), "the same again takes no more room");
        pictures.put("c".to_owned(), large);
        assert!(!pictures.has("a") && pictures.has("b") && pictures.has("c"));
    }
}
