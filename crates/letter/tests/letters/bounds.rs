//! Letters made to keep the reader busy: what comes out is bounded, and so is the work.
//!
//! Work is told by what is made and not by a clock, which says nothing on a busy machine. A reading in the square of the
//! letter would not end within the patience of any test runner.

use offhook_letter::{Options, Source, render, text};

use crate::inspect::{elements, faults};

/// Attacks on readers of HTML, each as a piece to repeat.
const PIECES: &[&str] = &[
    "<b x=1>",
    "<p><b>",
    "<p><font color=red>x",
    "<a href=https://example.com>x",
    "<table>",
    "<table><tr><td>",
    "<td>x",
    "<li>",
    "<blockquote>x",
    "<blockquote>x</blockquote>y",
    "<!--",
    "<!-->",
    "<![CDATA[",
    "</",
    "<x@",
    "<script>",
    "<style",
    "<div a='",
    " a=1",
    "&",
    "&#x",
    "&amp",
    "> x\n",
    "x<br>&gt; y<br>",
    "From: a\nTo: b\n",
    "On 1 x:\n",
    "+1 ",
    "1 ",
    "a@",
    "a@b.c ",
    "https://",
    "www.a.b ",
    "((((",
    "<svg><p>",
    "<form><div>",
    "</p>",
    "<img src=https://e.example/",
    "<img src=https://e.example/>",
    "<span>",
    "</b><b>",
    "\u{202e}",
    "\u{a0}",
    "<nobr>",
    "<pre>\n",
];

#[test]
fn five_megabytes_of_anything_are_bounded() {
    for piece in ["<p><font color=red>x", "<a href=https://example.com>x", "&", "\u{a0}", "> x\n", "www.a.b "]
    {
        let letter = piece.repeat((5 << 20) / piece.len());
        let options = Options { number: &|n| Some(n.to_owned()), ..Options::default() };
        for source in [Source::Html(&letter), Source::Text(&letter)] {
            let rendered = render(source, &options);
            // A link is the shortest piece that grows the most: its attributes are some 200 bytes.
            assert!(rendered.document.len() < 64 << 20, "{piece}: {} bytes", rendered.document.len());
            assert!(rendered.text.len() <= 4 << 20, "{piece}");
            assert!(rendered.links.len() <= 1_000 && rendered.remote.len() <= 500);
        }
    }
}

#[test]
fn what_is_made_grows_with_the_letter_and_not_with_its_square() {
    for piece in PIECES {
        let made = |bytes: usize| {
            let letter = format!("<p>start{}", piece.repeat(bytes / piece.len()));
            render(Source::Html(&letter), &Options::default()).document.len() as f64
        };
        let (small, large) = (made(10_000), made(40_000));
        assert!(large < small * 6.0 + 10_000.0, "{piece}: {small} then {large}");
    }
}

#[test]
fn a_tag_with_a_million_attributes_is_one_tag() {
    let attributes: String = (0..200_000).map(|n| format!(" a{n}")).collect();
    let letter = format!("<p{attributes} style='color:red'>text");
    let rendered = render(Source::Html(&letter), &Options::default());
    assert_eq!(rendered.text, "text");
}

#[test]
fn what_is_too_long_is_cut_and_says_so() {
    let letter = format!("<p>{}</p><p>the end</p>", "word ".repeat(400_000));
    let rendered = render(Source::Html(&letter), &Options::default());
    assert!(rendered.cut);
    assert!(rendered.text.len() <= (1 << 20) + 2);
    assert!(!rendered.text.contains("the end"));
    let rendered = render(Source::Text(&"ž\n".repeat(600_000)), &Options::default());
    assert!(rendered.cut);
}

#[test]
fn what_is_too_deep_is_flattened_and_keeps_its_text() {
    let letter = format!("{}deep{}<p>after</p>", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let rendered = render(Source::Html(&letter), &Options::default());
    assert!(rendered.cut);
    assert_eq!(rendered.text, "deep\n\nafter");
    assert_eq!(faults(&rendered.document), Vec::<String>::new());
    let deepest = elements(&rendered.document).iter().map(|e| e.path.len()).max().unwrap_or(0);
    assert!(deepest <= 210, "{deepest}");
    assert_eq!(text(Source::Html(&"<b>x".repeat(100_000))).len(), 100_000);
}
