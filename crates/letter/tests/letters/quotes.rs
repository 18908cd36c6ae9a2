//! Older letters are folded, whatever mail program and language, and the new part stays in sight.

use offhook_letter::{Options, Source, preview, render};

use crate::inspect::{elements, faults};

/// The text of each folded part.
fn folded(page: &str) -> Vec<String> {
    elements(page)
        .into_iter()
        .filter(|e| e.name == "details" && !e.path.iter().any(|p| p == "details"))
        .map(|e| e.text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn older_letters_of_mail_programs_are_folded() {
    for (what, html, new, old) in [
        (
            "Gmail",
            "<div dir=ltr>Thanks!</div><br><div class=gmail_quote><div class=gmail_attr>On Tue, 4 Aug 2026 at 10:02, Support wrote:<br></div><blockquote class=gmail_quote>Old</blockquote></div>",
            "Thanks!",
            &["On Tue, 4 Aug 2026 at 10:02, Support wrote: Old"][..],
        ),
        (
            "Thunderbird",
            "<p>Souhlasím.</p><div class='moz-cite-prefix'>Dne 05. 08. 26 v 14:22 Podpora napsal(a):<br></div><blockquote type=cite>Old</blockquote>",
            "Souhlasím.",
            &["Dne 05. 08. 26 v 14:22 Podpora napsal(a): Old"],
        ),
        (
            "Apple Mail",
            "<div>Hej</div><div><br><blockquote type=cite><div>4 aug. 2026 kl. 10:02 skrev Support &lt;s@shop.example&gt;:</div><br><div>Old</div></blockquote></div>",
            "Hej",
            &["4 aug. 2026 kl. 10:02 skrev Support <s@shop.example>: Old"],
        ),
        (
            "Outlook on the desktop",
            "<div class=WordSection1><p class=MsoNormal>Ahoj</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> S &lt;s@shop.example&gt;<br><b>Sent:</b> Monday<br><b>Subject:</b> RE</p></div></div><p>Old</p></div>",
            "Ahoj",
            &["From: S <s@shop.example> Sent: Monday Subject: RE Old"],
        ),
        (
            "Outlook on the web",
            "<div>Danke</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>Von:</b> S<br><b>Gesendet:</b> Montag<br><b>An:</b> K<br></div><div>Alt</div>",
            "Danke",
            &["Von: S Gesendet: Montag An: K Alt"],
        ),
        (
            "a head without marks, in Swedish",
            "<div>Tack<br><br>Från: S<br>Skickat: den 4 augusti<br>Till: K<br>Ämne: x<br><br>Gammalt</div>",
            "Tack",
            &["Från: S Skickat: den 4 augusti Till: K Ämne: x Gammalt"],
        ),
        (
            "answers between quotes",
            "<blockquote type=cite>Question one?</blockquote><p>Yes.</p><blockquote type=cite>Question two?</blockquote><p>No.</p>",
            "Yes. No.",
            &["Question one?", "Question two?"],
        ),
        (
            "marked lines in HTML",
            "Hello<br>On 4 Aug 2026, S wrote:<br>&gt; one<br>&gt; two<br><br>Bye",
            "Hello Bye",
            &["On 4 Aug 2026, S wrote: > one > two"],
        ),
    ] {
        let options = Options::default();
        let rendered = render(Source::Html(html), &options);
        assert_eq!(faults(&rendered.document), Vec::<String>::new(), "{what}");
        let parts: Vec<String> = folded(&rendered.document)
            .iter()
            .map(|part| part.trim_start_matches('…').trim().replace("<br>", " "))
            .collect();
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(
            parts.iter().map(|p| squeeze(p)).collect::<Vec<_>>(),
            old.iter().map(|p| squeeze(p)).collect::<Vec<_>>(),
            "{what}\n{}",
            rendered.document
        );
        assert_eq!(rendered.preview, new, "{what}");
        let from = rendered.quoted_from.expect("quoted");
        assert_eq!(
            squeeze(&rendered.text[from..][..8]),
            squeeze(&old[0].chars().take(8).collect::<String>()),
            "{what}"
        );
    }
}

#[test]
fn older_letters_in_plain_text_are_folded() {
    for (text, new) in [
        ("Yes\n\nOn 4 Aug 2026, S <s@shop.example> wrote:\n> Old\n> older\n", "Yes"),
        ("Ja\n\nAm 04.08.26 um 10:02 schrieb S:\n> Alt\n", "Ja"),
        ("Ano\n\n---------- Původní zpráva ----------\nOd: S\nKomu: K\n\nstaré\n", "Ano"),
        ("Ja\n\n-----Ursprungligt meddelande-----\nFrån: S\n\ngammalt", "Ja"),
        ("Ok\n\n________________________________\nFrom: S\nSent: Monday\nTo: K\nSubject: x\n\nold", "Ok"),
        (
            "Ok\n\nOn Tuesday, 4 August 2026 at 10:02, Support of the Shop\n<s@shop.example> wrote:\n\nold without marks",
            "Ok",
        ),
        ("> Question one?\n> really\nYes.\n> Question two?\n> again\nNo.", "Yes. No."),
    ] {
        assert_eq!(preview(Source::Text(text)), new, "{text}");
        let rendered = render(Source::Text(text), &Options::default());
        assert_eq!(faults(&rendered.document), Vec::<String>::new());
        assert!(!folded(&rendered.document).is_empty());
    }
}

#[test]
fn what_is_no_older_letter_is_not_folded() {
    for html in [
        "<p>Hello</p><blockquote style='margin:0 0 0 40px;border:none;padding:0px'>indented</blockquote>",
        "<p>From: Prague to Brno</p><p>Weight &gt; 3 kg</p>",
        "<p>The answer at 10:30:</p><p>42</p>",
        "&gt; 500 kg",
        "<blockquote>all there is</blockquote>",
        "<div class=gmail_quote>On 4 Aug 2026 at 10:02 S wrote:<blockquote>a forwarded letter only</blockquote></div>",
        "<p>Od: 1. 8. 2026<br>Do: 5. 8. 2026</p>",
    ] {
        let rendered = render(Source::Html(html), &Options::default());
        assert_eq!(folded(&rendered.document), Vec::<String>::new(), "{html}");
        assert_eq!(rendered.quoted_from, None);
    }
}

#[test]
fn a_preview_is_short_and_on_one_line() {
    let text = format!("First line\nsecond {}", "word ".repeat(100));
    let preview = preview(Source::Text(&text));
    assert!(preview.starts_with("First line second word word"));
    assert!(preview.ends_with('…') && preview.chars().count() <= 141, "{preview}");
    let long = offhook_letter::preview(Source::Text(&"x".repeat(500)));
    assert_eq!(long.chars().count(), 141);
}
