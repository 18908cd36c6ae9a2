//! Pictures that a letter carries are shown; pictures of the web are not, until the caller brings them.

use offhook_letter::{Options, Remote, Source, render};

use crate::inspect::{elements, faults};

const DOT: &str = "data:image/png;base64,iVBORw0KGgo=";

#[test]
fn pictures_of_the_web_are_counted_and_not_shown() {
    let html = "<p><img src='https://cdn.example/a.png' alt='Logo'><img src='//cdn.example/b.png'>\
        <img src='https://cdn.example/a.png'><img src='http://track.example/o.gif' width=1 height=1>\
        <img src='https://cdn.example/c.png' srcset='https://cdn.example/c2.png 2x' style='background:url(https://x.example/)'>\
        <img src='relative.png' alt='gone'></p>";
    let rendered = render(Source::Html(html), &Options::default());
    let urls: Vec<(&str, &str, bool)> =
        rendered.remote.iter().map(|r| (r.url.as_str(), r.host.as_str(), r.pixel)).collect();
    assert_eq!(
        urls,
        [
            ("https://cdn.example/a.png", "cdn.example", false),
            ("https://cdn.example/b.png", "cdn.example", false),
            ("http://track.example/o.gif", "track.example", true),
            ("https://cdn.example/c.png", "cdn.example", false),
        ]
    );
    assert_eq!(faults(&rendered.document), Vec::<String>::new());
    assert!(!rendered.document.contains("example"), "no address is left: {}", rendered.document);
    let placeholders: Vec<String> = elements(&rendered.document)
        .into_iter()
        .filter(|e| e.attribute("class").is_some_and(|c| c == "remote"))
        .map(|e| e.text)
        .collect();
    assert_eq!(placeholders, ["Logo", "…", "…", "…"]);
}

#[test]
fn fetched_and_carried_pictures_are_shown() {
    let fetched = |url: &str| (url == "https://cdn.example/a.png").then(|| DOT.to_owned());
    let inline = |id: &str| (id == "part1@mail").then(|| DOT.to_owned());
    let options = Options { inline: &inline, remote: Remote::Inline(&fetched), ..Options::default() };
    let html = format!(
        "<img src='https://cdn.example/a.png'><img src='https://cdn.example/b.png'><img src='CID:<part1@mail>'>\
         <img src='cid:unknown' alt='chart'><img src='{DOT}' width=10>"
    );
    let rendered = render(Source::Html(&html), &options);
    assert_eq!(faults(&rendered.document), Vec::<String>::new());
    let shown = elements(&rendered.document)
        .iter()
        .filter(|e| e.name == "img" && e.attribute("src") == Some(DOT))
        .count();
    assert_eq!(shown, 3);
    assert!(rendered.document.contains(">chart<"));
    assert_eq!(rendered.remote.len(), 2);
}

#[test]
fn a_large_picture_does_not_cut_the_letter() {
    let html =
        format!("<p>before</p><img src=\"data:image/png;base64,{}\"><p>after</p>", "A".repeat(3 << 20));
    let rendered = render(Source::Html(&html), &Options::default());
    assert!(!rendered.cut);
    assert_eq!(rendered.text, "before\n\nafter");
    assert!(rendered.document.len() > 3 << 20);
}
