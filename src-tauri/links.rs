//! `tel:` and `callto:` links: from the command line that started us, from a second start, from the system.
//!
//! Whatever the way in, links wait in one inbox until the agent has been asked. Anything on this computer, and any web
//! page, can throw links at us, so the inbox is small, takes one link at a time, and never dials: the main window
//! fetches the oldest (`pending_dial`), shows the number, and dials on the agent's word only.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many may wait. The newest is dropped when more come.
const CAPACITY: usize = 5;
/// The least time between two links. What comes quicker is the same click told twice, or a page that fires at will.
const PACE: Duration = Duration::from_secs(1);
/// How much of a link is kept, in characters. The longest number has far fewer.
const LONGEST: usize = 200;

/// Links that wait for the agent's word.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    texts: VecDeque<String>,
    last: Option<Instant>,
}

impl Inbox {
    /// Takes a link in, if it is one and there is room. Returns whether the agent should be asked.
    pub(crate) fn put(&self, text: &str) -> bool {
        self.put_at(text, Instant::now())
    }

    fn put_at(&self, text: &str, now: Instant) -> bool {
        if !is_link(text) {
            return false;
        }
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let too_soon = waiting.last.is_some_and(|last| now.saturating_duration_since(last) < PACE);
        if too_soon || waiting.texts.len() >= CAPACITY {
            tracing::info!("a link to dial was dropped: too many at once");
            return false;
        }
        waiting.last = Some(now);
        waiting.texts.push_back(text.chars().take(LONGEST).collect());
        true
    }

    /// The oldest link that waits.
    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).texts.pop_front()
    }
}

/// Whether an argument is a link for us.
pub(crate) fn is_link(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel") || scheme.eq_ignore_ascii_case("callto"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_links_quickly_ask_once() {
        let (inbox, now) = (Inbox::default(), Instant::now());
        assert!(inbox.put_at("tel:+442079460123", now));
        assert!(!inbox.put_at("tel:+442079460123", now + PACE / 2));
        assert!(!inbox.put_at("tel:+442079460124", now + PACE / 2));
        assert_eq!(inbox.take().as_deref(), Some("tel:+442079460123"));
        assert_eq!(inbox.take(), None);
    }

    #[test]
    fn a_flood_of_links_stays_small() {
        let (inbox, now) = (Inbox::default(), Instant::now());
        let long = format!("tel:{}", "1".repeat(10_000));
        let taken = (0..100_u32).filter(|n| inbox.put_at(&long, now + PACE * *n)).count();
        assert_eq!(taken, CAPACITY);
        assert_eq!(inbox.take().map(|text| text.chars().count()), Some(LONGEST));
    }

    #[test]
    fn only_our_own_schemes_are_links() {
        for text in ["tel:112", "TEL:+44", "callto:someone", "CallTo:+1"] {
            assert!(is_link(text), "{text}");
        }
        for text in
            ["", "https://x.example", "javascript:alert(1)", "--tel:1", "file:///etc/passwd", "telx:1"]
        {
            assert!(!is_link(text), "{text}");
        }
    }
}
