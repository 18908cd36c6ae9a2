//! Links out of the app: from messages of customers, and to the platforms' own pages.
//!
//! What a link says was written by anybody. So only addresses of web pages and of mailboxes leave the app, written anew by
//! the parser that read them, to the program the system has for them, never through a shell. The page has shown the agent
//! the real host before it asks.

use std::io;

use model::{Problem, ProblemCode};
use url::Url;

/// The longest link that is opened, in bytes. Systems cut longer ones, and nobody writes them in good faith.
const LONGEST: usize = 8 * 1024;
/// What a mail link may fill in. Others attach files of this computer in some mail programs.
const OF_A_LETTER: [&str; 5] = ["to", "cc", "bcc", "subject", "body"];

/// Opens a link in the program that the system has for it.
///
/// # Errors
/// [`ProblemCode::NotPossible`] when it is no link that is opened, or no program takes it.
pub(crate) async fn open(text: &str) -> Result<(), Problem> {
    let link = harmless(text).ok_or_else(|| Problem::new(ProblemCode::NotPossible).with("why", "link"))?;
    let launched = tokio::task::spawn_blocking(move || launch(&link)).await;
    let launched = launched.unwrap_or_else(|error| Err(io::Error::other(error)));
    launched.map_err(|error| {
        tracing::warn!(%error, "no program took a link");
        Problem::new(ProblemCode::NotPossible).with("why", "no_program")
    })
}

/// A test must not start the browser of whoever runs it.
#[cfg(test)]
fn launch(_: &Url) -> io::Result<()> {
    Ok(())
}

#[cfg(not(test))]
fn launch(link: &Url) -> io::Result<()> {
    open::that_detached(link.as_str())
}

/// The link as it may be handed to another program; nothing when it may not.
fn harmless(text: &str) -> Option<Url> {
    if text.len() > LONGEST {
        return None;
    }
    let mut link = Url::parse(text).ok()?;
    match link.scheme() {
        // `https://bank.example@elsewhere.example`: a name and a password are there to deceive.
        "http" | "https" if link.username().is_empty() && link.password().is_none() => {}
        // A mailbox, not a place: `mailto://…` is nothing that anybody writes.
        "mailto" if link.cannot_be_a_base() => {
            let filled: Vec<_> = link
                .query_pairs()
                .filter(|(name, _)| OF_A_LETTER.iter().any(|known| name.eq_ignore_ascii_case(known)))
                .map(|(name, value)| format!("{}={}", name.to_lowercase(), encoded(&value)))
                .collect();
            link.set_query((!filled.is_empty()).then(|| filled.join("&")).as_deref());
            link.set_fragment(None);
        }
        _ => return None,
    }
    // The parser keeps spaces in mailboxes and quotation marks in hosts; nothing that is real has them there.
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '`');
    link.as_str().chars().all(plain).then_some(link)
}

/// As mail programs read it: a space is `%20` there, and a plus is a plus.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_and_mailboxes_are_opened_as_the_parser_wrote_them() {
        for (text, opened) in [
            ("https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"),
            ("HTTP://Shop.EXAMPLE:8080", "http://shop.example:8080/"),
            ("https://přehled.example/", "https://xn--pehled-pib.example/"),
            ("https://shop.example/a b\"c'$(id)`id`", "https://shop.example/a%20b%22c'$(id)%60id%60"),
            ("  https://shop.example/\n", "https://shop.example/"),
            ("https:\\\\shop.example\\x", "https://shop.example/x"),
            ("mailto:anna@shop.example", "mailto:anna@shop.example"),
            (
                "mailto:anna@shop.example?subject=An+order%20%26%20more&attach=/etc/passwd&Body=x",
                "mailto:anna@shop.example?subject=An%20order%20%26%20more&body=x",
            ),
            ("mailto:a@shop.example?attachment=~/.ssh/id&insert=x#f", "mailto:a@shop.example"),
        ] {
            assert_eq!(harmless(text).as_ref().map(Url::as_str), Some(opened), "{text}");
        }
    }

    #[test]
    fn nothing_else_leaves_the_app() {
        let long = format!("https://shop.example/{}", "a".repeat(LONGEST));
        for text in [
            "",
            "shop.example",
            "//shop.example/x",
            "/etc/passwd",
            "-h",
            "--version",
            "C:\\Windows\\System32\\calc.exe",
            "\\\\evil.example\\share\\x.exe",
            "file:///etc/passwd",
            "file://evil.example/share/x.exe",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "about:blank",
            "tauri://localhost/index.html",
            "ipc://localhost/call",
            "ms-msdt:/id PCWDiagnostic",
            "ms-officecmd:x",
            "search-ms:query=x&crumb=location:\\\\evil.example",
            "smb://evil.example/share",
            "ssh://evil.example",
            "steam://run/1",
            "tel:+442079460123",
            "view-source:https://shop.example",
            "https://",
            "https://bank.example@evil.example/",
            "https://shop.example\"x/",
            "https://user:word@shop.example/",
            "https://evil.example\u{0}.shop.example/",
            "mailto://evil.example/x",
            "mailto:-attach /etc/passwd",
            "mailto:a@shop.example\" --attach=x",
            long.as_str(),
        ] {
            assert_eq!(harmless(text), None, "{text}");
        }
    }

    proptest! {
        /// Whatever is asked for: what is handed over is one word that no program takes for an option, a path or two.
        #[test]
        fn what_is_handed_over_is_always_one_plain_word(
            text in prop_oneof![
                "\\PC{0,40}",
                "(https?|mailto|file|-)[:/\\\\@ ]{0,3}[a-z.@%\"' \\-]{0,20}([?#]\\PC{0,20})?",
            ],
        ) {
            if let Some(link) = harmless(&text) {
                prop_assert!(["http", "https", "mailto"].contains(&link.scheme()));
                let plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '<' && c != '>';
                prop_assert!(link.as_str().chars().all(plain), "{}", link);
            }
        }
    }
}
