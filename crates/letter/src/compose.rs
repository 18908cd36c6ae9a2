//! What an agent writes: plain text turned into HTML for platforms that want it, and older letters quoted below it.

use crate::page::escape;
use crate::scan::{What, addresses};

/// Plain text as HTML that reads the same: line ends, rows of blanks, and addresses as links.
pub fn to_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut from = 0;
    for find in addresses(&text) {
        let What::Address(address) = find.what else { continue };
        words(&text[from..find.range.start], &mut out);
        out.push_str("<a href=\"");
        escape(&address.href, &mut out);
        out.push_str("\">");
        escape(&text[find.range.clone()], &mut out);
        out.push_str("</a>");
        from = find.range.end;
    }
    words(&text[from..], &mut out);
    out
}

fn words(text: &str, out: &mut String) {
    let mut line_start = out.is_empty() || out.ends_with("<br>");
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\n' => out.push_str("<br>"),
            // Browsers show one blank for many, and none at the start of a line.
            ' ' if line_start || signs.peek() == Some(&' ') => out.push_str("&nbsp;"),
            '\t' => out.push_str("&nbsp;&nbsp;&nbsp; "),
            _ => escape(sign.encode_utf8(&mut [0; 4]), out),
        }
        line_start = sign == '\n';
    }
}

/// An older letter below an answer, in both forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The introducing line and the letter with `> ` before each line.
    pub text: String,
    /// The introducing line and the letter in a `blockquote`, as mail programs mark it.
    pub html: String,
}

/// Quotes `text` (see [`crate::text`]) under the line `introduction`, such as "On 3 August Jana wrote:".
pub fn quote(introduction: &str, text: &str) -> Quote {
    let mut quoted = String::with_capacity(text.len() * 9 / 8);
    for line in text.lines() {
        // A line that is quoted already stays one column narrower than with a blank.
        quoted.push_str(if line.starts_with('>') || line.is_empty() { ">" } else { "> " });
        quoted.push_str(line);
        quoted.push('\n');
    }
    Quote {
        text: format!("{introduction}\n{quoted}"),
        html: format!(
            "<div>{}</div><blockquote type=\"cite\">{}</blockquote>",
            to_html(introduction),
            to_html(text)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_reads_the_same_as_html() {
        for (text, html) in [
            ("a < b & \"c\"\r\n\r\nd", "a &lt; b &amp; &quot;c&quot;<br><br>d"),
            ("  x\n  y  z", "&nbsp; x<br>&nbsp; y&nbsp; z"),
            (
                "see https://example.com/?a=1&b=2.",
                "see <a href=\"https://example.com/?a=1&amp;b=2\">https://example.com/?a=1&amp;b=2</a>.",
            ),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ] {
            assert_eq!(to_html(text), html, "{text}");
            let back = crate::text(crate::Source::Html(&html.replace('\n', "")));
            let squeeze = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(squeeze(&back), squeeze(text), "read back");
        }
    }

    #[test]
    fn a_quoted_letter_is_folded_when_it_comes_back() {
        let quote = quote("On 3 August 2026 Jana wrote:", "Hello\n\n> older\nBye");
        assert_eq!(quote.text, "On 3 August 2026 Jana wrote:\n> Hello\n>\n>> older\n> Bye\n");
        let options = crate::Options::default();
        let text = format!("Thanks!\n\n{}", quote.text);
        let html = format!("<p>Thanks!</p>{}", quote.html);
        for source in [crate::Source::Text(&text), crate::Source::Html(&html)] {
            let rendered = crate::render(source, &options);
            assert_eq!(rendered.preview, "Thanks!");
            assert!(rendered.quoted_from.is_some());
        }
    }
}
