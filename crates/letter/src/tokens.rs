//! Cuts HTML into tags and text, the way browsers do but without their slow corners.
//!
//! The tokenizer of html5ever compares each attribute of a tag with all before it, and its tree builder may copy open
//! formatting elements for each paragraph: a mail of 1 MiB can keep either busy for minutes. What is read here is read
//! in one pass, whatever it holds. A wrong reading does no harm: what is made from it passes [`crate::gate`] last.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// More attributes than any real tag has; what follows is left out.
const ATTRIBUTES: usize = 40;

/// What is inside these is no markup: it is passed over up to the closing tag, as in a browser.
const RAW: &[&str] = &["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xml"];

/// What is inside these is text, not markup.
const VERBATIM: &[&str] = &["listing", "plaintext", "xmp"];

#[derive(Debug)]
pub(crate) enum Token<'a> {
    Text(Cow<'a, str>),
    /// Names in lower case, values with their entities read.
    Open {
        name: String,
        attributes: Vec<(String, Cow<'a, str>)>,
    },
    Close(String),
}

/// Reads `html` from its start to its end.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(html: &'a str) -> Self {
        Self { html, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    /// Text up to the next thing that a browser takes for markup.
    fn text(&mut self) -> Token<'a> {
        let start = self.at;
        let bytes = self.html.as_bytes();
        // The first byte was already found to be no markup.
        let mut end = start + 1;
        while end < bytes.len() && !(bytes[end] == b'<' && is_markup(&bytes[end..])) {
            end += 1;
        }
        self.at = end;
        Token::Text(decode(&self.html[start..end], Place::Text))
    }

    /// Comments, processing instructions and doctypes; nothing of them is shown.
    fn pass_over_declaration(&mut self) {
        let rest = self.rest();
        let length = if let Some(body) = rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            if body.starts_with('>') {
                Some(5)
            } else if body.starts_with("->") {
                Some(6)
            } else {
                let normal = body.find("-->").map(|n| n + 7);
                let until = normal.map_or(body.len(), |n| n - 7);
                body[..until].find("--!>").map(|n| n + 8).or(normal)
            }
        } else {
            rest.find('>').map(|n| n + 1)
        };
        self.at += length.unwrap_or(rest.len());
    }

    /// One tag; `None` where the text ends inside it.
    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = self.html.as_bytes();
        let closing = bytes[self.at + 1] == b'/';
        let start = self.at + 1 + usize::from(closing);
        let mut at = start;
        while at < bytes.len() && !matches!(bytes[at], b'>' | b'/') && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let name = self.html[start..at].to_ascii_lowercase();
        if is_address(&name)
            && let Some(length) = bytes[start..].iter().take(2_048).position(|byte| *byte == b'>')
        {
            // `<jane@example.com>` and `<https://example.com>`: people write these, and no browser shows them.
            let whole = &self.html[self.at..=start + length];
            self.at = start + length + 1;
            return Some(Token::Text(decode(whole, Place::Text)));
        }
        let mut attributes: Vec<(String, Cow<'a, str>)> = Vec::new();
        loop {
            while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
                at += 1;
            }
            if at >= bytes.len() {
                self.at = bytes.len();
                return None;
            }
            if bytes[at] == b'>' {
                self.at = at + 1;
                break;
            }
            let (attribute, end) = self.attribute(at);
            at = end;
            if attributes.len() < ATTRIBUTES && !attributes.iter().any(|(name, _)| *name == attribute.0) {
                attributes.push(attribute);
            }
        }
        if closing {
            return Some(Token::Close(name));
        }
        if RAW.contains(&name.as_str()) {
            self.pass_over_content(&name);
        }
        Some(Token::Open { name, attributes })
    }

    /// One attribute that starts at `start`, and where it ends.
    fn attribute(&self, start: usize) -> ((String, Cow<'a, str>), usize) {
        let bytes = self.html.as_bytes();
        let mut at = start + 1; // a leading `=` belongs to the name
        while at < bytes.len() && !matches!(bytes[at], b'=' | b'>' | b'/') && !bytes[at].is_ascii_whitespace()
        {
            at += 1;
        }
        let name = self.html[start..at].to_ascii_lowercase();
        let after_name = at;
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        if bytes.get(at) != Some(&b'=') {
            return ((name, Cow::Borrowed("")), after_name);
        }
        at += 1;
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let (value, end) = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let from = at + 1;
                let to = self.html[from..].find(char::from(quote)).map_or(bytes.len(), |n| from + n);
                (&self.html[from..to], (to + 1).min(bytes.len()))
            }
            _ => {
                let from = at;
                while at < bytes.len() && bytes[at] != b'>' && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                (&self.html[from..at], at)
            }
        };
        ((name, decode(value, Place::Attribute)), end)
    }

    /// Moves behind the closing tag of an element whose content is no markup, or to the end where there is none.
    fn pass_over_content(&mut self, name: &str) {
        self.at = find_close(self.html, self.at, name).map_or(self.html.len(), |(_, after)| after);
    }

    /// The text of an element whose content is shown as it is written.
    fn verbatim(&mut self, name: &str) -> Token<'a> {
        let start = self.at;
        let (end, after) = if name == "plaintext" { None } else { find_close(self.html, start, name) }
            .unwrap_or((self.html.len(), self.html.len()));
        self.at = after;
        Token::Text(Cow::Borrowed(&self.html[start..end]))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.html.len() {
            let bytes = &self.html.as_bytes()[self.at..];
            if bytes[0] != b'<' || !is_markup(bytes) {
                return Some(self.text());
            }
            let named =
                bytes[1].is_ascii_alphabetic() || (bytes[1] == b'/' && bytes[2].is_ascii_alphabetic());
            if !named {
                self.pass_over_declaration();
                continue;
            }
            let token = self.tag()?;
            if let Token::Open { name, .. } = &token
                && VERBATIM.contains(&name.as_str())
            {
                return Some(self.verbatim(&name.clone()));
            }
            return Some(token);
        }
        None
    }
}

/// Whether a `<` begins a tag, a comment or a declaration; else it is text, as in `x<3`.
fn is_markup(bytes: &[u8]) -> bool {
    match bytes.get(1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => bytes.len() > 2,
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    }
}

fn is_address(name: &str) -> bool {
    name.contains('@') || ["http:", "https:", "mailto:", "www."].iter().any(|start| name.starts_with(start))
}

/// Where `</name` begins after `from`, and where the text goes on behind it.
fn find_close(html: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(found) = html[at..].find("</") {
        let start = at + found;
        let end = start + 2 + name.len();
        let same = bytes.get(start + 2..end).is_some_and(|part| part.eq_ignore_ascii_case(name.as_bytes()));
        if same && bytes.get(end).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')) {
            let after = html[end..].find('>').map_or(html.len(), |n| end + n + 1);
            return Some((start, after));
        }
        at = start + 2;
    }
    None
}

/// Entities are read a little more strictly in attributes: `?a=1&copy=2` is an address, not a sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

/// The text with its entities read, and without NUL.
pub(crate) fn entities(text: &str) -> Cow<'_, str> {
    decode(text, Place::Text)
}

fn decode(text: &str, place: Place) -> Cow<'_, str> {
    if !text.contains(['&', '\0']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '\0']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest, place) {
            Some((first, second, length)) => {
                out.push(first);
                out.extend(second);
                rest = &rest[length..];
            }
            None => {
                if rest.starts_with('&') {
                    out.push('&');
                }
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The characters that an entity at the start of `text` stands for, and its length in bytes.
fn entity(text: &str, place: Place) -> Option<(char, Option<char>, usize)> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        return numeric(number).map(|(sign, length)| (sign, None, length + 2));
    }
    let word = body.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let named = |name: &str| {
        let (first, second) = NAMED_ENTITIES.get(name).copied().filter(|(first, _)| *first != 0)?;
        let second = (second != 0).then(|| char::from_u32(second)).flatten();
        Some((char::from_u32(first)?, second, 1 + name.len()))
    };
    if body[word..].starts_with(';')
        && let Some(found) = named(&body[..=word])
    {
        return Some(found);
    }
    let (length, found) = (2..=word).rev().find_map(|length| Some((length, named(&body[..length])?)))?;
    let next = body.as_bytes().get(length);
    let glued = next.is_some_and(|b| *b == b'=' || b.is_ascii_alphanumeric());
    (place == Place::Text || !glued).then_some(found)
}

/// `38;` or `x26;`: the sign and the length.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (digits, radix, prefix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let sign = match number {
        0x80..=0x9f => C1_REPLACEMENTS[(number - 0x80) as usize].unwrap_or(char::REPLACEMENT_CHARACTER),
        0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((sign, prefix + length + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> String {
        Tokens::new(html)
            .map(|token| match token {
                Token::Text(text) => format!("[{text}]"),
                Token::Open { name, attributes } => {
                    let attributes: String = attributes.iter().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{name}{attributes}>")
                }
                Token::Close(name) => format!("</{name}>"),
            })
            .collect()
    }

    #[test]
    fn tags_and_text_are_told_apart_as_browsers_do() {
        for (html, expected) in [
            ("a < b <3 c", "[a < b <3 c]"),
            ("<P Class=x ID='y z' =a>t</P >", "<p class=x id=y z =a=>[t]</p>"),
            ("<a href=x onclick=y/>", "<a href=x onclick=y/>"),
            ("x<!-- <b> -->y<!-->z<!--->w<!--a--!>v", "[x][y][z][w][v]"),
            ("<!doctype html><?xml ?></ x>t", "[t]"),
            ("<style>p{}</style ><script>'</b>'</script>t", "<style><script>[t]"),
            ("<title>a<b>", "<title>"),
            ("<xmp><b>x</b></xmp>y", "[<b>x</b>][y]"),
            (
                "write <Jane@example.com> or <https://example.com/a>",
                "[write ][<Jane@example.com>][ or ][<https://example.com/a>]",
            ),
            ("<b", ""),
            ("<b a=\"x", ""),
            ("t<", "[t<]"),
            ("é<ü>", "[é<ü>]"),
        ] {
            assert_eq!(read(html), expected, "{html}");
        }
    }

    #[test]
    fn entities_are_read_as_browsers_do() {
        for (text, place, expected) in [
            ("&lt;A-17&gt; &amp;amp;", Place::Text, "<A-17> &amp;"),
            ("&#74;&#x61;&#0000110 &#x80;&#0;", Place::Text, "Jan €\u{fffd}"),
            ("R&D &unknown; &", Place::Text, "R&D &unknown; &"),
            ("&copy2 &notin;", Place::Text, "©2 ∉"),
            ("?a=1&copy=2&lang=en&amp;x", Place::Attribute, "?a=1&copy=2&lang=en&x"),
            ("a\0b", Place::Text, "ab"),
            ("&#99999999999;", Place::Text, "\u{fffd}"),
        ] {
            assert_eq!(decode(text, place), expected, "{text}");
        }
    }
}
