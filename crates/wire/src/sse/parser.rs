//! The parser of `text/event-stream` (WHATWG HTML, section 9.2.6), without I/O: bytes in as they come, items out.
//!
//! As the standard wants it: UTF-8 always, with replacement characters; one byte-order mark at the very beginning is skipped;
//! lines end in CR, LF or CRLF, also where these are torn apart; an `id` with a NUL is ignored; a `retry` counts only if it is
//! all digits; the block that the end of the stream cuts off is dropped, and its id with it.
//!
//! Beyond the standard: a comment is an item too, because it proves that the other side lives; and nobody can fill our
//! memory. A line or an event over its [limit](ParserLimits) is thrown away up to its end and reported as
//! [`Item::TooLarge`]; the stream goes on after it.

use std::time::Duration;

/// How much is held at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParserLimits {
    /// The longest line, in bytes.
    pub line: usize,
    /// The largest event: all its data, in bytes.
    pub event: usize,
}

impl Default for ParserLimits {
    fn default() -> Self {
        Self { line: 1024 * 1024, event: 2 * 1024 * 1024 }
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its type; `message` if the server gave none.
    pub name: String,
    /// Its data lines, joined with LF.
    pub data: String,
    /// The id that was valid with it; may be one of an earlier event, and empty.
    pub id: String,
}

/// What the stream said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An event.
    Event(Event),
    /// A comment: a sign of life.
    Comment,
    /// How long to wait before connecting again.
    Retry(Duration),
    /// An event was larger than the limits and was thrown away.
    TooLarge,
}

/// The state between two pieces.
#[derive(Debug, Clone)]
pub struct Parser {
    limits: ParserLimits,
    /// The line so far, if it was torn apart; without its end when it is too long.
    line: Vec<u8>,
    line_too_long: bool,
    /// A CR ended the last line: an LF right after it belongs to it.
    after_cr: bool,
    at_beginning: bool,
    name: String,
    data: String,
    has_data: bool,
    too_large: bool,
    /// The id as the block under way has it, and as the last whole block left it.
    id: String,
    last_id: String,
}

impl Parser {
    /// Begins a stream that goes on after this id; empty for none.
    pub fn new(limits: ParserLimits, last_event_id: &str) -> Self {
        Self {
            limits,
            line: Vec::new(),
            line_too_long: false,
            after_cr: false,
            at_beginning: true,
            name: String::new(),
            data: String::new(),
            has_data: false,
            too_large: false,
            id: last_event_id.to_owned(),
            last_id: last_event_id.to_owned(),
        }
    }

    /// The id to name when connecting again; empty if there is none.
    pub fn last_event_id(&self) -> &str {
        &self.last_id
    }

    /// Takes a piece in and adds what it completes.
    pub fn feed(&mut self, mut bytes: &[u8], items: &mut impl Extend<Item>) {
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            let (line, rest) = bytes.split_at(end);
            bytes = match rest {
                [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
                [] => &[],
            };
            self.after_cr = rest == b"\r";
            self.keep(line);
            let line = std::mem::take(&mut self.line);
            items.extend(self.line(&line));
            self.line = line;
            self.line.clear();
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.limits.line.saturating_sub(self.line.len());
        self.line_too_long |= bytes.len() > room;
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn line(&mut self, line: &[u8]) -> Option<Item> {
        let line = match std::mem::take(&mut self.at_beginning) {
            true => line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line),
            false => line,
        };
        let too_long = std::mem::take(&mut self.line_too_long);
        if line.is_empty() && !too_long {
            return self.dispatch();
        }
        if line.first() == Some(&b':') {
            return Some(Item::Comment);
        }
        if too_long {
            self.too_large = true;
            return None;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => self.data(&String::from_utf8_lossy(value)),
            b"event" => String::from_utf8_lossy(value).as_ref().clone_into(&mut self.name),
            b"id" if !value.contains(&0) => String::from_utf8_lossy(value).as_ref().clone_into(&mut self.id),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                // More digits than fit are a very long time.
                let milliseconds = str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
                return Some(Item::Retry(Duration::from_millis(milliseconds.unwrap_or(u64::MAX))));
            }
            _ => {}
        }
        None
    }

    fn data(&mut self, value: &str) {
        if self.data.len() + value.len() > self.limits.event {
            self.too_large = true;
        }
        if self.too_large {
            self.data.clear();
            return;
        }
        if std::mem::replace(&mut self.has_data, true) {
            self.data.push('\n');
        }
        self.data.push_str(value);
    }

    /// The end of a block. Its id is good from now on, even if its data was thrown away: else the server would send
    /// it again and again.
    fn dispatch(&mut self) -> Option<Item> {
        self.id.clone_into(&mut self.last_id);
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        let has_data = std::mem::take(&mut self.has_data);
        if std::mem::take(&mut self.too_large) {
            return Some(Item::TooLarge);
        }
        has_data.then(|| {
            let name = if name.is_empty() { "message".to_owned() } else { name };
            Item::Event(Event { name, data, id: self.last_id.clone() })
        })
    }
}
