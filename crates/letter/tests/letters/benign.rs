//! Honest letters lose neither text nor links.

use offhook_letter::{Options, Source, render, text};
use serde::Deserialize;

use crate::inspect::{elements, faults};

#[derive(Deserialize)]
struct Case {
    name: String,
    html: String,
    must_keep_text: Vec<String>,
    must_keep_links: Vec<String>,
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that a browser would show.
fn shown(page: &str) -> String {
    elements(page).iter().find(|e| e.name == "body").map(|e| e.text.clone()).unwrap_or_default()
}

#[test]
fn benign_mails_keep_their_text_and_links() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/benign-mails.json")).expect("JSON");
    assert!(cases.len() >= 10);
    for case in &cases {
        let rendered = render(Source::Html(&case.html), &Options::default());
        assert_eq!(faults(&rendered.document), Vec::<String>::new(), "{}", case.name);
        for kept in &case.must_keep_text {
            let kept = squeeze(kept);
            assert!(
                squeeze(&shown(&rendered.document)).contains(&kept),
                "{}: shown {kept}\n{}",
                case.name,
                rendered.document
            );
            assert!(squeeze(&rendered.text).contains(&kept), "{}: text {kept}\n{}", case.name, rendered.text);
        }
        let links: Vec<String> = elements(&rendered.document)
            .iter()
            .filter(|e| e.name == "a")
            .filter_map(|e| e.attribute("href").map(str::to_owned))
            .collect();
        for kept in &case.must_keep_links {
            assert!(links.contains(kept), "{}: {kept} in {links:?}", case.name);
            assert!(
                rendered.links.iter().any(|link| link.href == *kept && link.suspicion.is_none()),
                "{}",
                case.name
            );
        }
        assert!(!rendered.cut, "{}", case.name);
    }
}

#[test]
fn text_is_laid_out_as_it_is_read() {
    for (html, expected) in [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
        ("<ul><li>a<li>b</ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n\n1. c\n2. d"),
        ("<table><tr><td>Item<td>Price<tr><td>Pen<td>2 €</table>", "Item\tPrice\nPen\t2 €"),
        ("<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc"),
        ("a  \n b&nbsp;c", "a\n b c"),
        ("<b>a  \n b</b>&nbsp;c", "a b c"),
        ("<div style='display:none'>Preheader</div><p>Hello", "Hello"),
        ("<p>x<style>p{}</style><script>1</script><title>t</title>y", "xy"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("mail <jan@firma.example> & Söhne", "mail <jan@firma.example> & Söhne"),
        ("<p>mail <jan@firma.example>", "mail <jan@firma.example>"),
        ("<svg><text>in a picture</text></svg> out", "in a picture out"),
        ("", ""),
    ] {
        assert_eq!(text(Source::Html(html)), expected, "{html}");
    }
}

#[test]
fn plain_text_is_shown_as_it_stands() {
    let source = "Dear all,\n\n  indented & <b>not bold</b> &amp; so on\nsee https://example.com/?a=1&b=2\n";
    let rendered = render(Source::Text(source), &Options::default());
    assert_eq!(shown(&rendered.document), source);
    assert_eq!(rendered.text, source.trim_end());
    assert_eq!(rendered.links.len(), 1);
    assert_eq!(rendered.links[0].href, "https://example.com/?a=1&b=2");
}

#[test]
fn numbers_become_links_outside_of_links_only() {
    let options = Options {
        number: &|n| {
            n.starts_with('+').then(|| n.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect())
        },
        ..Options::default()
    };
    let html = "<p>Call +44 20 7946 0123 or <a href='https://example.com'>+44 20 7946 0124</a>.</p>";
    let rendered = render(Source::Html(html), &options);
    assert_eq!(rendered.numbers.len(), 1);
    assert_eq!(rendered.numbers[0].dial, "+442079460123");
    let links: Vec<_> = elements(&rendered.document).into_iter().filter(|e| e.name == "a").collect();
    assert_eq!(links.len(), 2);
    assert_eq!(links[0].attribute("href"), Some("tel:+442079460123"));
    assert_eq!(links[0].attribute("data-number"), Some("+442079460123"));
    assert_eq!(links[0].text, "+44 20 7946 0123");
    assert_eq!(links[1].attribute("href"), Some("https://example.com/"));
    assert_eq!(links[1].attribute("title"), Some("example.com"));
}

#[test]
fn a_letter_in_its_own_colours_gets_paper_and_others_take_the_colours_of_the_app() {
    let page = |html: &str| render(Source::Html(html), &Options::default()).document;
    for own in [
        "<p style='color:#1F497D'>x",
        "<table bgcolor=#eeccaa><tr><td>x</table>",
        "<font color=red>x</font>",
        "<body bgcolor=navy text=white>x",
        "<div style='background:#222'><p style='color:white'>x</div>",
    ] {
        assert!(page(own).starts_with("<!doctype html><html class=\"paper\">"), "{own}");
    }
    for plain in
        ["<p style='color:black;margin:0'>x", "<body bgcolor=#ffffff><font color=#000000>x</font>", "<p>x"]
    {
        let page = page(plain);
        assert!(page.starts_with("<!doctype html><html>"), "{plain}");
        assert!(!page.contains("style=\"color") && !page.contains("color=\""), "{page}");
    }
    assert!(page("<p style='color:black;margin:0'>x").contains("style=\"margin:0\""));
}

#[test]
fn signs_that_turn_text_around_do_not_stand_in_links() {
    let html = "<a href='https://evil.example/'>https://\u{202e}elpmaxe.knab\u{202c}</a> \u{202a}text";
    let rendered = render(Source::Html(html), &Options::default());
    let link = elements(&rendered.document).into_iter().find(|e| e.name == "a").expect("a link");
    assert_eq!(link.text, "https://elpmaxe.knab");
    assert!(rendered.links[0].suspicion.is_some());
    assert_eq!(rendered.text, "https://elpmaxe.knab text");
}
