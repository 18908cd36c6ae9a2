//! Addresses and telephone numbers that stand in a text without being links.

use std::ops::Range;

use crate::policy::{self, Address};

/// Something in a text that an agent wants to click.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Find {
    pub(crate) range: Range<usize>,
    pub(crate) what: What,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum What {
    Address(Address),
    /// In the form that is dialled.
    Number(String),
}

/// All addresses and numbers in `text`, in order. `number` decides what is a number and gives the form to dial.
pub(crate) fn scan(text: &str, number: &dyn Fn(&str) -> Option<String>) -> Vec<Find> {
    let mut found = addresses(text);
    let mut numbers = Vec::new();
    let mut from = 0;
    for taken in found.iter().map(|find| find.range.clone()).chain(std::iter::once(text.len()..text.len())) {
        numbers_in(text, from..taken.start, number, &mut numbers);
        from = taken.end;
    }
    found.append(&mut numbers);
    found.sort_by_key(|find| find.range.start);
    found
}

/// Addresses of the web and of mail. Each word is looked at once.
pub(crate) fn addresses(text: &str) -> Vec<Find> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        let start = at;
        at += word.len();
        // The separator is one sign.
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        if word.len() > 2_048 || !(word.contains("://") || word.contains('@') || word.contains("www.")) {
            continue;
        }
        match web(word) {
            Some((range, address)) => found
                .push(Find { range: start + range.start..start + range.end, what: What::Address(address) }),
            None => mails(word, start, &mut found),
        }
    }
    found
}

fn web(word: &str) -> Option<(Range<usize>, Address)> {
    let lower = word.to_ascii_lowercase();
    let begin = ["https://", "http://"].iter().filter_map(|scheme| lower.find(scheme)).min();
    let begin = begin.or_else(|| {
        let at = lower.find("www.")?;
        (at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric()).then_some(at)
    })?;
    let mut end = word.len();
    // What follows a link in a sentence is not part of it; a bracket is, if it was opened inside.
    while let Some(last) = word[begin..end].chars().next_back() {
        let opened = |open: char, close: char| {
            let part = &word[begin..end];
            part.matches(open).count() >= part.matches(close).count()
        };
        let part_of_it = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '”' | '“' | '’' | '»' | '…' => false,
            ')' => opened('(', ')'),
            ']' => opened('[', ']'),
            '}' => opened('{', '}'),
            _ => true,
        };
        if part_of_it {
            break;
        }
        end -= last.len_utf8();
    }
    let written = &word[begin..end];
    let address = if lower[begin..].starts_with("www.") {
        policy::href(&format!("https://{written}"))
    } else {
        policy::href(written)
    }?;
    address.target.contains(['.', ':']).then_some((begin..end, address))
}

fn mails(word: &str, start: usize, found: &mut Vec<Find>) {
    let bytes = word.as_bytes();
    let mut from = 0;
    while let Some(sign) = word[from..].find('@').map(|n| from + n) {
        let local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
        let host = |b: &u8| b.is_ascii_alphanumeric() || b".-".contains(b);
        let before = bytes[from..sign].iter().rev().take(64).take_while(|b| local(b)).count();
        let after = bytes[sign + 1..].iter().take(253).take_while(|b| host(b)).count();
        let mut end = sign + 1 + after;
        while end > sign + 1 && !bytes[end - 1].is_ascii_alphanumeric() {
            end -= 1;
        }
        let domain = &word[sign + 1..end];
        let top = domain.rsplit('.').next().unwrap_or("");
        let good = domain.contains('.') && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
        if before > 0
            && good
            && let Some(address) = policy::href(&format!("mailto:{}", &word[sign - before..end]))
        {
            found.push(Find { range: start + sign - before..start + end, what: What::Address(address) });
        }
        from = end.max(sign + 1);
    }
}

/// Words before a group of digits that say it is no telephone number.
const OTHER_NUMBERS: &[&str] = &[
    "account",
    "article",
    "artikel",
    "bestell",
    "case",
    "customer",
    "dič",
    "faktur",
    "iban",
    "ičo",
    "id",
    "invoice",
    "konto",
    "kontonummer",
    "kund",
    "kundennummer",
    "kundnummer",
    "nr.",
    "no.",
    "objedn",
    "order",
    "ordernummer",
    "organisationsnummer",
    "ref",
    "rechnung",
    "reklamac",
    "smlouv",
    "ticket",
    "tiket",
    "ust-id",
    "variabiln",
    "vat",
    "vs",
    "zakázk",
    "účet",
    "účtu",
    "č.",
    "číslo",
];

/// Words before a group of digits that say it is one, whatever else stands there.
const PHONE_WORDS: &[&str] = &[
    "call",
    "cell",
    "fax",
    "fon",
    "gsm",
    "handy",
    "mob",
    "phone",
    "ring",
    "tel",
    "tfn",
    "volejte",
    "zavolejte",
    "whatsapp",
    "☎",
    "📞",
    "📱",
];

const CURRENCIES: &[&str] =
    &["kč", "czk", "eur", "€", "$", "usd", "£", "gbp", "kr", "sek", ":-", ",-", "chf", "zł", "%"];

fn numbers_in(
    text: &str,
    range: Range<usize>,
    number: &dyn Fn(&str) -> Option<String>,
    found: &mut Vec<Find>,
) {
    let mut at = range.start;
    while at < range.end {
        let rest = &text[at..range.end];
        let Some(begin) = rest.find(|c: char| c.is_ascii_digit() || c == '+').map(|n| at + n) else { return };
        let mut length = run(&text[begin..range.end]);
        if length == 0 {
            at = begin + 1;
            continue;
        }
        // An opening bracket before the first digit belongs to the number: (0)20 …
        let bracket =
            text[..begin].ends_with('(') && begin > range.start && text[begin..begin + length].contains(')');
        let begin = begin - usize::from(bracket);
        length += usize::from(bracket);
        at = begin + length;
        let candidate = &text[begin..begin + length];
        let tail = text.floor_char_boundary(begin.saturating_sub(40));
        if let Some(dial) =
            judge(&text[tail..begin], candidate, &text[begin + length..]).then(|| number(candidate)).flatten()
        {
            found.push(Find { range: begin..begin + length, what: What::Number(dial) });
        }
    }
}

/// How long the group of digits at the start of `text` is, with what may stand inside a number.
fn run(text: &str) -> usize {
    let mut end = 0;
    let mut gap = 0;
    let mut digits = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            '0'..='9' => {
                digits += 1;
                gap = 0;
                end = at + 1;
            }
            '+' if at == 0 => {}
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '‑' | '–' | '.' | '/' | '(' | ')' if gap < 3 => gap += 1,
            _ => break,
        }
        // Longer than any number with all its separators: one group, and not a telephone number.
        if digits > 40 {
            break;
        }
    }
    end
}

/// Whether a group of digits could be a telephone number where it stands.
fn judge(before: &str, candidate: &str, after: &str) -> bool {
    let digits = candidate.bytes().filter(u8::is_ascii_digit).count();
    let international =
        candidate.starts_with('+') || candidate.starts_with("00") || candidate.starts_with("(+");
    // E.164 has 15 digits at most, after a prefix such as 00.
    if !(6..=if international { 17 } else { 15 }).contains(&digits) {
        return false;
    }
    if before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "#№/-.@=&_+*,$€£".contains(c)) {
        return false;
    }
    let mut following = after.chars();
    let (first, second) = (following.next(), following.next());
    let goes_on = match first {
        Some(c) if c.is_alphanumeric() => true,
        Some('%' | '€' | '$' | '£' | '@' | '=' | '_' | '#' | '*' | '+') => true,
        Some(',' | '.' | ':' | '-' | '/') => second.is_some_and(char::is_alphanumeric) || second == Some('-'),
        _ => false,
    };
    if goes_on {
        return false;
    }
    if international {
        return true;
    }
    // Words stand on the same line, nearby.
    let line = before.rsplit('\n').next().unwrap_or("").to_lowercase();
    let words = || {
        line.split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | ','))
            .filter(|w| !w.is_empty())
    };
    let says =
        |list: &[&str]| words().rev().take(4).any(|word| list.iter().any(|start| word.starts_with(start)));
    let announced = says(PHONE_WORDS);
    let tail = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']).to_lowercase_start(4);
    if CURRENCIES.iter().any(|currency| tail.starts_with(currency))
        || is_date(candidate)
        || is_network_address(candidate)
    {
        return false;
    }
    if !announced && says(OTHER_NUMBERS) {
        return false;
    }
    // A bare row of digits is an order number as often as not.
    announced
        || candidate.starts_with(['0', '('])
        || candidate.contains([' ', '\u{a0}', '\u{202f}', '-', '‑'])
}

trait LowercaseStart {
    /// The first few signs in lower case.
    fn to_lowercase_start(&self, signs: usize) -> String;
}

impl LowercaseStart for str {
    fn to_lowercase_start(&self, signs: usize) -> String {
        self.chars().take(signs).flat_map(char::to_lowercase).collect()
    }
}

/// 3. 8. 2026, 2026-08-03, 05/08/26, also with a time behind.
fn is_date(candidate: &str) -> bool {
    let groups: Vec<&str> =
        candidate.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let [first, second, third, ..] = groups[..] else { return false };
    let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let day = |text: &str| text.len() <= 2 && (1..=31).contains(&number(text));
    let year = |text: &str| text.len() == 4 && (1900..2100).contains(&number(text));
    let separated = candidate.contains(['.', '/']) && third.len() == 2;
    (day(first) && day(second) && (year(third) || separated && groups.len() == 3))
        || (year(first) && day(second) && day(third))
}

fn is_network_address(candidate: &str) -> bool {
    let parts: Vec<&str> = candidate.split('.').collect();
    parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let digits = |candidate: &str| {
            let digits: String = candidate.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            (digits.len() >= 7).then_some(digits)
        };
        scan(text, &digits)
            .into_iter()
            .map(|find| match find.what {
                What::Address(address) => format!("{} -> {}", &text[find.range], address.href),
                What::Number(dial) => format!("{} -> {dial}", &text[find.range]),
            })
            .collect()
    }

    #[test]
    fn numbers_are_found_and_other_digits_are_not() {
        for (text, expected) in [
            ("Call +44 20 7946 0123 now.", &["+44 20 7946 0123 -> +442079460123"][..]),
            ("Call +1 (555) 010-0123, please", &["+1 (555) 010-0123 -> +15550100123"]),
            ("Tel: 555-0100-12", &["555-0100-12 -> 555010012"]),
            ("ring 08-123 456", &["08-123 456 -> 08123456"]),
            ("(020) 7946 0123", &["(020) 7946 0123 -> 02079460123"]),
            ("mobil 602123456", &["602123456 -> 602123456"]),
            (
                "0044 20 7946 0123 a 020 7946 0124",
                &["0044 20 7946 0123 -> 00442079460123", "020 7946 0124 -> 02079460124"],
            ),
            ("602123456", &[]),
            ("order 602 123 456", &[]),
            ("objednávka č. 602 123 456", &[]),
            ("dne 3. 8. 2026 v 14:22", &[]),
            ("2026-08-03 14:22", &[]),
            ("05. 08. 26", &[]),
            ("05/08/2026", &[]),
            ("CZ65 0800 0000 1920 0014 5399", &[]),
            ("IBAN: DE89 3704 0044 0532 0130 00", &[]),
            ("12 490 000,00 Kč", &[]),
            ("1 234 567 Kč", &[]),
            ("4111 1111 1111 1111", &[]),
            ("192.168.10.200", &[]),
            ("SE-2044180", &[]),
            ("#10045678", &[]),
            (
                "https://example.com/602-123-456",
                &["https://example.com/602-123-456 -> https://example.com/602-123-456"],
            ),
            ("a@555.example.com", &["a@555.example.com -> mailto:a@555.example.com"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, expected) in [
            (
                "See https://example.com/a_(b), or",
                &["https://example.com/a_(b) -> https://example.com/a_(b)"][..],
            ),
            ("(https://example.com/x).", &["https://example.com/x -> https://example.com/x"]),
            ("www.example.com!", &["www.example.com -> https://www.example.com/"]),
            (
                "<jan@firma.example>,eva@firma.example.",
                &[
                    "jan@firma.example -> mailto:jan@firma.example",
                    "eva@firma.example -> mailto:eva@firma.example",
                ],
            ),
            ("HTTPS://EXAMPLE.COM", &["HTTPS://EXAMPLE.COM -> https://example.com/"]),
            ("javascript://example.com @ x@y a@b.1", &[]),
            ("http://", &[]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
