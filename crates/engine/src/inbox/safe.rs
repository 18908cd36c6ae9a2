//! Entries made safe: what a connector read becomes what a window may show. Pure work, for a thread of its own.

use std::collections::HashSet;

use letter::{Options, Remote, Source, Words};
use model::{Body, Entry, EntryId};

use super::pictures::Pictures;
use crate::connector::{RawBody, RawEntry};
use crate::numbers;

/// A single line that is longer gets a page of its own all the same.
const ONE_LINE: usize = 400;

/// What making safe has to know.
pub(super) struct Safe<'a> {
    /// The ticket: pictures are kept by it.
    pub(super) ticket: &'a str,
    pub(super) language: &'a str,
    /// Whose national numbers are understood.
    pub(super) region: &'a str,
    /// Senders whose remote pictures are always shown.
    pub(super) trusted: &'a HashSet<String>,
    pub(super) pictures: &'a Pictures,
}

impl Safe<'_> {
    /// An entry as a window may show it.
    pub(super) fn entry(&self, raw: &RawEntry) -> Entry {
        self.shown(raw, self.is_trusted(raw))
    }

    /// As [`Safe::entry`], with the pictures from elsewhere that are here.
    pub(super) fn entry_with_remote(&self, raw: &RawEntry) -> Entry {
        self.shown(raw, true)
    }

    fn shown(&self, raw: &RawEntry, with_remote: bool) -> Entry {
        let kept = |name: &str| self.pictures.get(&picture_name(self.ticket, &raw.id, name));
        let is_inline = |name: &str| raw.inline.iter().any(|inline| inline.cid == name);
        let inline = |name: &str| kept(name).filter(|_| is_inline(name));
        // A picture that was kept for another reason is not shown in a letter that is blocked.
        let remote = |url: &str| kept(url);
        let rendered = letter::render(
            source(&raw.body),
            &Options {
                inline: &inline,
                remote: if with_remote { Remote::Inline(&remote) } else { Remote::Block },
                number: &|text| {
                    let phone = numbers::phone(text, self.region);
                    phone.e164
                },
                words: words(self.language),
            },
        );
        let is_line = matches!(&raw.body, RawBody::Text(text) if text.len() <= ONE_LINE && !text.trim().contains('\n'))
            && rendered.links.is_empty()
            && rendered.numbers.is_empty();
        let blocked =
            rendered.remote.iter().filter(|picture| !with_remote || kept(&picture.url).is_none()).count();
        Entry {
            id: EntryId(raw.id.clone()),
            kind: raw.kind,
            channel: raw.channel,
            direction: raw.direction,
            author: raw.author.clone(),
            at: raw.at,
            title: raw.title.clone(),
            body: Body {
                document: (!is_line && !rendered.text.is_empty()
                    || blocked > 0
                    || has_pictures(&rendered.document))
                .then_some(rendered.document),
                text: rendered.text,
                blocked: u32::try_from(blocked).unwrap_or(u32::MAX),
                trusted: self.is_trusted(raw),
                cut: rendered.cut,
            },
            files: raw.files.clone(),
            seconds: raw.seconds,
            phone: raw.phone.clone(),
            delivery: raw.delivery,
            facts: raw.facts.clone(),
        }
    }

    /// Whether pictures from elsewhere are always shown for the writer of an entry.
    pub(super) fn is_trusted(&self, raw: &RawEntry) -> bool {
        sender(raw).is_some_and(|sender| self.trusted.contains(&sender))
    }
}

/// Who wrote an entry, as trust is remembered.
pub(super) fn sender(raw: &RawEntry) -> Option<String> {
    let address = raw.author.address.as_ref()?.trim().to_lowercase();
    (!address.is_empty()).then_some(address)
}

/// The addresses of the pictures from elsewhere in an entry.
pub(super) fn remote_pictures(raw: &RawEntry) -> Vec<String> {
    let rendered = letter::render(source(&raw.body), &Options::default());
    rendered.remote.into_iter().map(|picture| picture.url).collect()
}

/// What a search finds an entry by.
pub(super) fn words_of(raw: &RawEntry) -> String {
    let files: Vec<_> = raw.files.iter().map(|file| file.name.as_str()).collect();
    format!("{} {} {} {}", raw.title, raw.author.name, letter::text(source(&raw.body)), files.join(" "))
}

/// Under which name a picture of an entry is kept.
pub(super) fn picture_name(ticket: &str, entry: &str, picture: &str) -> String {
    format!("{ticket}\n{entry}\n{picture}")
}

fn source(body: &RawBody) -> Source<'_> {
    match body {
        RawBody::Html(html) => Source::Html(html),
        RawBody::Text(text) => Source::Text(text),
    }
}

fn has_pictures(document: &str) -> bool {
    document.contains("<img")
}

fn words(language: &str) -> Words<'static> {
    let (quoted, picture) = match language.split(['-', '_']).next().unwrap_or_default() {
        "cs" => ("Citovaný text", "Obrázek"),
        "sv" => ("Citerad text", "Bild"),
        "de" => ("Zitierter Text", "Bild"),
        _ => ("Quoted text", "Picture"),
    };
    Words { quoted, picture }
}
