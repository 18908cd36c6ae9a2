//! The public suites of hostile HTML: DOMPurify's own cases. Nothing of them may be left, in any way of reading it.

use offhook_letter::{Options, Remote, Source, render};
use regex_lite::Regex;
use serde::Deserialize;

use crate::inspect::{body, faults, normalised};

#[derive(Deserialize)]
struct Case {
    name: String,
    html: String,
    must_not_contain_regex: Vec<String>,
    must_not_match_normalised: Vec<String>,
    must_keep_text: Vec<String>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../data/xss-cases.json")).expect("the case file is JSON")
}

/// The patterns look ahead in one place only: "any element but a picture".
fn forbidden(lines: &[String], pattern: &str) -> Option<String> {
    let but_pictures = pattern.contains("(?!img )");
    let pattern = Regex::new(&pattern.replace("(?!img )", "")).expect("a pattern of the case file");
    lines.iter().find(|line| !(but_pictures && line.starts_with("@img ")) && pattern.is_match(line)).cloned()
}

fn left_of(case: &Case, page: &str) -> Vec<String> {
    let mut left = faults(page);
    let lines = normalised(page);
    left.extend(case.must_not_match_normalised.iter().filter_map(|pattern| forbidden(&lines, pattern)));
    for pattern in &case.must_not_contain_regex {
        let regex = Regex::new(&format!("(?i){pattern}")).expect("a pattern of the case file");
        left.extend(regex.find(body(page)).map(|found| found.as_str().to_owned()));
    }
    left
}

#[test]
fn nothing_of_the_known_attacks_is_left() {
    let picture = |_: &str| Some("data:image/png;base64,iVBORw0KGgo=".to_owned());
    let options = [
        Options::default(),
        Options {
            inline: &picture,
            remote: Remote::Inline(&picture),
            number: &|n| Some(n.replace(' ', "")),
            ..Options::default()
        },
    ];
    let cases = cases();
    assert!(cases.len() > 200);
    for case in &cases {
        for options in &options {
            let rendered = render(Source::Html(&case.html), options);
            assert_eq!(
                left_of(case, &rendered.document),
                Vec::<String>::new(),
                "{}\n{}",
                case.name,
                rendered.document
            );
            for text in &case.must_keep_text {
                assert!(rendered.text.contains(text), "{}: {text}", case.name);
            }
            let plain = render(Source::Text(&case.html), options);
            assert_eq!(faults(&plain.document), Vec::<String>::new(), "{} as text", case.name);
        }
    }
}

#[test]
fn the_inspection_finds_the_attacks_where_nobody_took_them_out() {
    let empty = render(Source::Html(""), &Options::default()).document;
    let found = cases()
        .iter()
        .filter(|case| {
            let page = empty.replace("</div></body>", &format!("{}</div></body>", case.html));
            left_of(case, &page) != Vec::<String>::new()
        })
        .count();
    assert!(found > 190, "{found} of the cases are seen as they are");
}

#[test]
fn a_provider_cannot_bring_in_what_the_letter_could_not() {
    for bad in [
        "data:image/svg+xml;base64,PHN2Zz4=",
        "javascript:alert(1)",
        "https://example.com/x.png",
        "\"><script>",
        "",
    ] {
        let answer = |_: &str| Some(bad.to_owned());
        let options = Options { inline: &answer, remote: Remote::Inline(&answer), ..Options::default() };
        let html = "<p><img src=cid:a@b><img src=https://example.com/a.png></p>";
        let page = render(Source::Html(html), &options).document;
        assert_eq!(faults(&page), Vec::<String>::new());
        assert!(!page.contains("<img"), "{page}");
    }
    let options =
        Options { number: &|_| Some("\"><script>alert(1)</script>".to_owned()), ..Options::default() };
    let page = render(Source::Html("<p>+44 20 7946 0123"), &options).document;
    assert_eq!(faults(&page), Vec::<String>::new());
}

#[test]
fn words_of_the_page_are_words() {
    let words =
        offhook_letter::Words { quoted: "<script>q</script>", picture: "<img src=x onerror=alert(1)>" };
    let options = Options { words, ..Options::default() };
    let html = "<p>new</p><img src=https://example.com/x.png><blockquote>old</blockquote>";
    let page = render(Source::Html(html), &options).document;
    assert_eq!(faults(&page), Vec::<String>::new());
    assert!(page.contains("&lt;script&gt;q"), "{page}");
}
