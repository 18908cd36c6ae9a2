//! Phone numbers: from whatever stands in a record, a link or a text field to what can be shown, compared and dialled.
//!
//! The crate `phonenumber` knows the world's numbering plans, but it is made for finding numbers in prose and helps too
//! much: it makes `112` into `+420112`, `*77*100*` into `+42077100` and letters into digits. So the text is taken apart
//! here, the crate sees nothing but digits with at most one leading `+`, and its answer counts only when it calls it
//! valid. Anything else that can be dialled at all is dialled as it was written: service codes, extensions, numbers of
//! private plans.
//!
//! What a number may look like:
//! - separators (spaces of every kind, dashes, dots, slashes, brackets) mean nothing, invisible characters (soft hyphen,
//!   zero-width and direction marks) are dropped;
//! - full-width and Arabic digits, and the full-width plus, are the digits they stand for;
//! - `ext. 17`, `x17`, `;ext=17`, `linka 17` at the end is an extension: shown, not dialled;
//! - `,` and `;` at the end, with digits behind them, are pauses and tones to send after the answer: dialled as written;
//! - letters are never digits: a vanity number is refused rather than guessed;
//! - control characters inside (a line break: two numbers?) refuse the whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::{ParsedNumber, Phone};
use phonenumber::{Mode, PhoneNumber, Type, country, metadata::DATABASE};
use unicode_normalization::UnicodeNormalization;

/// The longest thing that is ever dialled, in characters.
pub const LONGEST_DIAL: usize = 32;
/// A text longer than this is no number.
const LONGEST_TEXT: usize = 256;
/// A link longer than this is no number either.
const LONGEST_LINK: usize = 2048;
/// The longest extension that the numbering plans' own rules know.
const LONGEST_EXTENSION: usize = 20;
/// The longest one behind a mere mark.
const LONGEST_MARKED: usize = 9;

/// Words that announce an extension, in the languages of the product and its neighbours. Compared without their dot.
const EXTENSION_WORDS: &[&str] = &[
    "x",
    "xt",
    "xtn",
    "ext",
    "extn",
    "extension",
    "extensión",
    "xtensio",
    "xtensión",
    "int",
    "linka",
    "klapka",
    "kl",
    "anknytning",
    "ankn",
    "durchwahl",
    "dw",
    "nst",
    "wew",
    "poste",
    "доб",
];

/// Reads a number as the dialler does. `region` is an ISO country code; national forms are understood as numbers of it.
pub fn parse(text: &str, region: &str) -> ParsedNumber {
    let text = text.trim();
    if let Some(rest) = scheme(text) {
        return link_body(rest, region);
    }
    // The body of a link without its scheme: "602111222;ext=17".
    if text.contains(';') && text.contains('=') {
        return link_body(text, region);
    }
    written(text, text, region)
}

/// Loads the numbering plans, which takes a tenth of a second once. Call it early, off the way of the first ringing call.
pub fn warm_up(region: &str) {
    phone("+420602111222", region);
    phone("602111222", region);
}

/// A number as a platform sent it (a caller, a field of a contact), as understood.
///
/// SIP addresses (`sip:602111222@host`) count as the number before the `@`.
pub fn phone(raw: &str, region: &str) -> Phone {
    let text = raw.trim();
    let lower = text.get(..5).unwrap_or_default().to_ascii_lowercase();
    let body = match lower.as_str() {
        "sips:" => &text[5..],
        _ if lower.starts_with("sip:") => &text[4..],
        _ => return parse(raw, region).phone,
    };
    let user = body.split(['@', ';', '?']).next().unwrap_or_default();
    written(user, raw, region).phone
}

/// The number in a `tel:` or `callto:` link; `None` when the link holds nothing that can be dialled.
///
/// As RFC 3966 says: parameters after `;` and anything after `?` go (`ext` is shown, a global `phone-context` completes a
/// local number), then `%xx` is decoded. A control character, however it is written, refuses the link. **Never dial it without
/// asking the agent.**
pub fn from_link(uri: &str, region: &str) -> Option<ParsedNumber> {
    if uri.len() > LONGEST_LINK {
        return None;
    }
    Some(link_body(scheme(uri.trim())?, region)).filter(|number| number.dial.is_some())
}

/// Whether a caller hides: nothing that tells one caller from another.
pub fn is_withheld(raw: &str) -> bool {
    let digits = digits(raw);
    // "anonymous" as a phone's keypad spells it, which gateways send as a number.
    digits.bytes().all(|digit| digit == b'0') || digits == "266696687"
}

/// The digits of a text, in ASCII.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// What somebody looks for who types nothing but digits and their dress: the digits, without zeros of a trunk or
/// international prefix. `None` for any other text.
pub(crate) fn typed_digits(text: &str) -> Option<String> {
    let text = text.replace("(0)", "");
    if !text.chars().all(|c| digit(c).is_some() || is_plus(c) || is_dress(c) || is_invisible(c)) {
        return None;
    }
    let digits = digits(&text);
    let significant = digits.trim_start_matches('0');
    match (digits.is_empty(), significant.is_empty()) {
        (true, _) => None,
        (false, true) => Some(digits),
        (false, false) => Some(significant.to_owned()),
    }
}

/// What stands behind `tel:` or `callto:`, with or without `//`.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let known = ["tel", "callto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then(|| rest.strip_prefix("//").unwrap_or(rest))
}

fn link_body(rest: &str, region: &str) -> ParsedNumber {
    let rest = rest.split('?').next().unwrap_or_default();
    let mut parts = rest.split(';');
    let number = decode(parts.next().unwrap_or_default());
    let (mut extension, mut context) = (None, None);
    for part in parts {
        match part.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("ext") => extension = decode(value),
            Some((name, value)) if name.eq_ignore_ascii_case("phone-context") => context = decode(value),
            _ => {}
        }
    }
    let Some(number) = number.filter(|number| !number.contains(char::is_control)) else {
        return refused(rest);
    };
    let number = match extension {
        Some(extension) => format!("{number} ext {extension}"),
        None => number,
    };
    // A context that is a number completes a local one; a domain means a private plan, where the number stands as it is.
    if let Some(context) = context.filter(|context| context.starts_with('+'))
        && !number.trim_start().starts_with('+')
    {
        let whole = written(&format!("{context}{number}"), rest, region);
        if whole.phone.e164.is_some() {
            return whole;
        }
    }
    written(&number, rest, region)
}

fn decode(text: &str) -> Option<String> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// A number taken apart.
struct Parts {
    /// Digits, `*`, `#`, and `+` at the beginning only.
    head: String,
    /// What is sent after the answer: empty, or `,` or `;` and what follows.
    tail: String,
    extension: Option<String>,
}

fn written(text: &str, raw: &str, region: &str) -> ParsedNumber {
    let Some(parts) = take_apart(text) else { return refused(raw) };
    let raw = readable(raw);
    let is_service = parts.head.contains(['*', '#']);
    let known = if is_service { None } else { plan(&parts.head, region) };
    let extension = parts.extension.map(|extension| format!(" ext. {extension}")).unwrap_or_default();
    let (phone, head, unusual) = match known {
        Some(known) => {
            let display = format!("{}{extension}", known.display);
            let phone = Phone { raw, e164: Some(known.e164.clone()), display, country: known.country };
            (phone, known.e164, known.unusual)
        }
        None => {
            let display = format!("{}{extension}", parts.head);
            (Phone { raw, e164: None, display, country: None }, parts.head, true)
        }
    };
    let dial = head + &parts.tail;
    let dialable = dial.len() <= LONGEST_DIAL && dial.bytes().any(|byte| byte.is_ascii_digit());
    ParsedNumber { phone, dial: dialable.then_some(dial), unusual }
}

/// A text that is no number.
fn refused(raw: &str) -> ParsedNumber {
    let raw = readable(raw);
    ParsedNumber {
        phone: Phone { display: raw.clone(), raw, e164: None, country: None },
        dial: None,
        unusual: true,
    }
}

/// The text without what could mislead the eye: control and direction characters; cut where no number goes on.
fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(LONGEST_TEXT).collect()
}

fn take_apart(text: &str) -> Option<Parts> {
    if text.len() > LONGEST_TEXT * 4 {
        return None;
    }
    let mut plain = String::new();
    for c in text.trim().nfc() {
        match c {
            '\t' => {}
            c if c.is_control() => return None,
            c if is_invisible(c) => {}
            c if is_plus(c) => plain.push('+'),
            // Full-width letters, for "ｅｘｔ".
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' => plain.extend(std::iter::once(c).nfkc()),
            c => plain.push(digit(c).unwrap_or(c)),
        }
    }
    let (main, extension) = split_extension(&plain);
    let (head, tail) = match main.find([',', ';']) {
        Some(at) => main.split_at(at),
        None => (main, ""),
    };
    let mut parts = Parts { head: squeeze(head)?, tail: squeeze(tail)?, extension };
    // "(800) 901-3355 ;" and the like: a pause before nothing.
    if !parts.tail.contains(|c: char| c.is_ascii_digit()) {
        parts.tail.clear();
    }
    let pluses = parts.head.len() - parts.head.trim_start_matches('+').len();
    if pluses > 1 {
        parts.head.drain(..pluses - 1);
    }
    let inner_plus = parts.head.get(1..).is_some_and(|rest| rest.contains('+')) || parts.tail.contains('+');
    let pause_in_head = parts.head.contains([',', ';']);
    let any = parts.head.contains(|c: char| c.is_ascii_digit());
    (any && !inner_plus && !pause_in_head).then_some(parts)
}

/// Without separators; `None` when anything but the characters of a number remains.
fn squeeze(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !is_dress(*c)).collect();
    kept.chars().all(|c| c.is_ascii_digit() || "+*#,;".contains(c)).then_some(kept)
}

/// Cuts "ext. 17" off the end.
fn split_extension(text: &str) -> (&str, Option<String>) {
    let whole = (text, None);
    let body = text.trim_end().trim_end_matches('#');
    let digits_at = body.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let extension = &body[digits_at..];
    if extension.is_empty() || extension.len() > LONGEST_EXTENSION {
        return whole;
    }
    let before = body[..digits_at].trim_end_matches([' ', '\u{a0}', '.', ':', ',', '=']);
    let head = if let Some(head) = before.strip_suffix(['#', '~']) {
        // `*21*602111222#` and `#31#602111222` are service codes; `033316005 #3456` is an extension.
        if head.contains(['*', '#']) || digits(head).len() < 5 || extension.len() > LONGEST_MARKED {
            return whole;
        }
        head
    } else {
        let word_at = before.trim_end_matches(char::is_alphabetic).len();
        let word = before[word_at..].to_lowercase();
        if !EXTENSION_WORDS.contains(&word.as_str()) {
            return whole;
        }
        &before[..word_at]
    };
    // An extension belongs to a number: "x 5" alone is none.
    if digits(head).len() < 3 {
        return whole;
    }
    (head.trim_end_matches([' ', ',', ';', '\u{a0}']), Some(extension.to_owned()))
}

/// A number that the world's plans know.
struct Known {
    e164: String,
    display: String,
    country: Option<String>,
    unusual: bool,
}

/// Asks the crate, and believes it only when it says "valid".
///
/// A number with its country is asked for without the region: the crate would strip the region's own trunk prefix from it
/// (`+39 02 …`, asked for in Germany, would lose its zero).
fn plan(head: &str, region: &str) -> Option<Known> {
    let region: Option<country::Id> = region.to_ascii_uppercase().parse().ok();
    // What is dialled here before a country code, `00` or another.
    let prefix = region.and_then(|region| DATABASE.by_id(region.as_ref())?.international_prefix());
    let after_prefix = |text: &str| {
        let found = prefix?.find(text).filter(|found| found.start() == 0)?;
        Some(format!("+{}", &text[found.end()..]))
    };
    // The crate has panicked on strange input before; a caller's number must not end the session.
    let ask = |country: Option<country::Id>, text: &str| {
        let parsed = || phonenumber::parse(country, text).ok().filter(PhoneNumber::is_valid);
        catch_unwind(AssertUnwindSafe(|| parsed().map(|number| known(&number, region)))).ok().flatten()
    };
    if let Some(rest) = head.strip_prefix('+') {
        return ask(None, head).or_else(|| ask(None, &after_prefix(rest)?));
    }
    let abroad = after_prefix(head).and_then(|text| ask(None, &text));
    let at_home = || ask(Some(region?), head);
    // Private exchanges write 00 for + even where something else is dialled.
    let exchange = || ask(None, &format!("+{}", head.strip_prefix("00")?));
    abroad.or_else(at_home).or_else(exchange)
}

fn known(number: &PhoneNumber, region: Option<country::Id>) -> Known {
    let country = number.country().id();
    let mode = if country.is_some() && country == region { Mode::National } else { Mode::International };
    let dear = matches!(
        number.number_type(&DATABASE),
        Type::PremiumRate | Type::SharedCost | Type::PersonalNumber | Type::Pager
    );
    // 870-883: satellites and international networks; 979: international premium rate.
    let unusual = dear || matches!(number.country().code(), 870..=883 | 979);
    Known {
        e164: number.format().mode(Mode::E164).to_string(),
        display: number.format().mode(mode).to_string(),
        country: country.map(|id| id.as_ref().to_owned()),
        unusual,
    }
}

/// ASCII, full-width, Arabic-Indic and Persian digits.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '０'..='９' => c as u32 - '０' as u32,
        '٠'..='٩' => c as u32 - '٠' as u32,
        '۰'..='۹' => c as u32 - '۰' as u32,
        _ => return None,
    };
    char::from_digit(value, 10)
}

fn is_plus(c: char) -> bool {
    matches!(c, '+' | '＋' | '﹢')
}

/// Characters that people write between digits and that mean nothing.
fn is_dress(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.'
                | '/'
                | '\\'
                | '('
                | ')'
                | '['
                | ']'
                | '~'
                | '·'
                | '•'
                | '∙'
                | '−'
                | 'ー'
                | '／'
                | '．'
                | '（'
                | '）'
                | '～'
                | '－'
        )
        || ('\u{2010}'..='\u{2015}').contains(&c)
}

/// Characters that are not seen: soft hyphen, zero-width and direction marks, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
