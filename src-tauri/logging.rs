//! The log: standard error and one file in Offhook's folder, both without personal data.
//!
//! Our own code logs no number, name or secret. What libraries and platforms put into their error texts is not in our
//! hands, so every line goes through [`scrub`] on its way out: runs of digits that could be a phone number, URL queries
//! and anything long enough to be a token are cut. The file holds at most [`LIMIT`] bytes; then it becomes
//! `offhook.1.log` and a new one begins.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Size at which the file is put aside.
const LIMIT: u64 = 1024 * 1024;
/// A phone number has at least so many digits.
const NUMBER: usize = 7;
/// A word of letters and digits this long is taken for a token.
const TOKEN: usize = 24;

/// Starts logging: to standard error, and to the folder `dir` where it can be written. `OFFHOOK_LOG` sets the level in
/// the syntax of `tracing_subscriber::EnvFilter`; the default is `info` for our own code.
pub(crate) fn start(dir: &Path, default_level: &str) {
    let filter = EnvFilter::try_from_env("OFFHOOK_LOG").unwrap_or_else(|_| EnvFilter::new(default_level));
    let file = Rotating::open(dir).inspect_err(|error| eprintln!("offhook: no log file: {error}")).ok();
    let outputs = Outputs { file: file.map(|file| Arc::new(Mutex::new(file))) };
    // A second call (tests) keeps the first subscriber.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(outputs).try_init();
}

#[derive(Clone)]
struct Outputs {
    file: Option<Arc<Mutex<Rotating>>>,
}

impl<'a> MakeWriter<'a> for Outputs {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { file: self.file.clone(), text: Vec::new() }
    }
}

/// Collects one event and writes it when it is complete, so that nothing can be split around the scrubbing.
struct Line {
    file: Option<Arc<Mutex<Rotating>>>,
    text: Vec<u8>,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.text);
        // The time stamp, up to its Z, is digits too.
        let (stamp, rest) = text.split_at(text.find('Z').map_or(0, |at| at + 1));
        let line = format!("{stamp}{}", scrub(rest));
        // A log that cannot be written is no reason to stop ringing.
        let _ = io::stderr().write_all(line.as_bytes());
        if let Some(file) = &self.file {
            let _ = file.lock().unwrap_or_else(PoisonError::into_inner).write(line.as_bytes());
        }
    }
}

struct Rotating {
    path: PathBuf,
    file: File,
    size: u64,
}

impl Rotating {
    fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join("offhook.log");
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let size = file.metadata()?.len();
        Ok(Self { path, file, size })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        if self.size > LIMIT {
            std::fs::rename(&self.path, self.path.with_file_name("offhook.1.log"))?;
            self.file = OpenOptions::new().create(true).append(true).open(&self.path)?;
            self.size = 0;
        }
        self.file.write_all(line)?;
        self.size += line.len() as u64;
        Ok(())
    }
}

/// Cuts out what could be a phone number, a URL's query or a token.
pub(crate) fn scrub(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(first) = rest.chars().next() {
        let (length, secret) = match first {
            '?' => {
                let end = rest.find([' ', '"', '\n', ')']).unwrap_or(rest.len());
                (end, end > 1 && rest[..end].contains('='))
            }
            _ if first.is_ascii_digit() || first == '+' => number(rest),
            _ if first.is_ascii_alphanumeric() => word(rest),
            _ => (first.len_utf8(), false),
        };
        if secret {
            changed = true;
            out.push('…');
        } else {
            out.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    if changed { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

/// The length of what begins like a number, and whether it could be one to call.
fn number(text: &str) -> (usize, bool) {
    let whole = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '/')))
        .unwrap_or(text.len());
    let run = text[..whole].trim_end_matches(|c: char| !c.is_ascii_digit()).len().max(1);
    let digits = text[..run].chars().filter(char::is_ascii_digit).count();
    let (word, token) = word(text);
    if digits >= NUMBER { (run, true) } else { (word.max(1), token) }
}

/// The length of a word, and whether it could be a token. Words of letters alone are not.
fn word(text: &str) -> (usize, bool) {
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len());
    let mixed = text[..end].chars().any(|c| c.is_ascii_digit());
    (end.max(1), end >= TOKEN && mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_queries_and_tokens_never_reach_the_log() {
        for (line, secret) in [
            ("dialled +44 20 7946 0123 for you", "7946"),
            ("dialled 00420601000111", "601"),
            ("call from (020) 7946-0123.", "0123"),
            ("GET https://x.example/api?accessToken=abc&q=1 failed", "abc"),
            ("token 0123456789abcdef0123456789abcdef01234567 refused", "abcdef"),
            ("Bearer a1b2c3d4e5f6a7b8c9d0e1f2a3b4 refused", "c9d0"),
        ] {
            let clean = scrub(line);
            assert!(!clean.contains(secret), "{clean}");
            assert!(clean.contains('…'), "{clean}");
        }
    }

    #[test]
    fn ordinary_lines_stay_as_they_are() {
        for line in [
            "poll answered in 15 ms status=200",
            "engine: offline for 3 s, next try in 8.25 s",
            "really? yes",
            "žluť",
        ] {
            assert_eq!(scrub(line), line);
        }
    }

    #[test]
    fn the_file_is_put_aside_when_it_is_full() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(dir.path()).unwrap();
        let block = vec![b'x'; LIMIT as usize + 1];
        log.write(&block).unwrap();
        log.write(b"after\n").unwrap();
        assert_eq!(std::fs::read(dir.path().join("offhook.log")).unwrap(), b"after\n");
        assert_eq!(std::fs::read(dir.path().join("offhook.1.log")).unwrap().len(), block.len());
    }
}
