//! Whatever the markup: nothing forbidden comes out, nothing panics, and a second reading changes nothing.

use offhook_letter::{Options, Remote, Source, preview, render, text};
use proptest::prelude::*;

use crate::inspect::{elements, faults};

/// Pieces of markup that have broken sanitisers, and ordinary ones for them to stand among.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<a href='https://example.com/x'>",
        "</a>",
        "<a href=javascript:alert(1)>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<caption>",
        "<ul>",
        "<li>",
        "<dl><dt>",
        "<h1>",
        "</h2>",
        "<br>",
        "<img src=x onerror=alert(1)>",
        "<img src=https://example.com/a.png alt='\"><script>'>",
        "<svg>",
        "</svg>",
        "<math><mi>",
        "<mglyph>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<noscript>",
        "</noscript>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<template>",
        "<select><option>",
        "<iframe srcdoc='<script>'>",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?x",
        "<form action=x>",
        "<input onfocus=x autofocus>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<link rel=stylesheet href=//evil.example>",
        "<p style='background:url(//evil.example)'>",
        "<p style=\"color:red;width:expression(1)\">",
        "<details class=quoted open ontoggle=x><summary>",
        "<blockquote>",
        "</blockquote>",
        "<pre>\n",
        "</pre>",
        "<plaintext>",
        "<xmp>",
        "<body onload=x>",
        "<html>",
        "</body>",
        "<frameset>",
        "<x@y>",
        "<a name=x id=y>",
        "&lt;script&gt;",
        "&#106;",
        "\0",
        "\"",
        "'",
        ">",
        "<",
        "=",
        "/",
        "On 4 Aug 2026 S wrote:",
        "> quoted\n",
        "+44 20 7946 0123",
        "https://example.com/<b>",
        "From: a<br>",
        "Sent: b<br>",
        "To: c<br>",
        "<video poster=x><source src=y>",
        "<font color=red>",
        "<center>",
    ]);
    prop_oneof![6 => fixed.prop_map(str::to_owned), 2 => "[a-zěšč ]{1,8}", 1 => "\\PC{0,6}", 1 => "<[a-z]{1,6}( [a-z]{1,8}=[\"']?[a-z:;/(]{0,10}[\"']?)?>?"]
}

fn letter() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn nothing_forbidden_comes_out_of_any_markup(html in letter()) {
        let picture = |_: &str| Some("data:image/png;base64,iVBORw0KGgo=".to_owned());
        for remote in [Remote::Block, Remote::Inline(&picture)] {
            let options = Options { inline: &picture, remote, number: &|n| Some(n.replace(' ', "")), ..Options::default() };
            for source in [Source::Html(&html), Source::Text(&html)] {
                let rendered = render(source, &options);
                prop_assert_eq!(faults(&rendered.document), Vec::<String>::new());
                prop_assert_eq!(&text(source), &render(source, &Options::default()).text);
                if let Some(from) = rendered.quoted_from {
                    prop_assert!(rendered.text.is_char_boundary(from));
                }
                prop_assert!(preview(source).chars().count() <= 141);
            }
        }
    }

    #[test]
    fn the_browser_shows_the_text_that_is_indexed(html in letter()) {
        let rendered = render(Source::Html(&html), &Options::default());
        let shown: String = elements(&rendered.document).iter().find(|e| e.name == "body").map(|e| e.text.clone()).unwrap_or_default();
        // The page has words of its own, the text has list signs, and neither matters here.
        let only_letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic()).collect() };
        let stand_ins: usize = elements(&rendered.document).iter().filter(|e| e.attribute("class").is_some_and(|c| c != "plain")).count();
        if stand_ins == 0 {
            prop_assert_eq!(only_letters(&shown), only_letters(&rendered.text));
        }
    }

    #[test]
    fn a_second_reading_changes_nothing(html in letter()) {
        let first = render(Source::Html(&html), &Options::default());
        let inner = |page: &str| page.split_once("<body dir=\"auto\"><div").map(|(_, rest)| format!("<div{}", rest.trim_end_matches("</body></html>"))).unwrap_or_default();
        let second = render(Source::Html(&inner(&first.document)), &Options::default());
        prop_assert_eq!(faults(&second.document), Vec::<String>::new());
        let words = |text: &str| squeeze(text).replace('…', "");
        let signs = |text: &str| words(text).chars().filter(|c| c.is_alphabetic()).collect::<String>();
        prop_assert_eq!(signs(&second.text), signs(&first.text));
        let hrefs = |links: &[offhook_letter::Link]| links.iter().map(|link| link.href.clone()).collect::<Vec<_>>();
        prop_assert_eq!(hrefs(&second.links), hrefs(&first.links));
    }

    #[test]
    fn typed_text_survives_its_way_through_html(typed in "\\PC{0,80}") {
        let html = format!("<p>{}</p>", offhook_letter::to_html(&typed));
        let invisible = |c: &char| matches!(c, '\u{200b}' | '\u{ad}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let typed: String = typed.chars().filter(|c| !invisible(c)).collect();
        prop_assert_eq!(squeeze(&text(Source::Html(&html))), squeeze(&typed));
    }
}
