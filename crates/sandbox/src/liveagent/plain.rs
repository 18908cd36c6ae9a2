//! Text without its markup, as previews and the search show it.

/// The words of an HTML text; not a parser, only good enough for texts that the centre itself shows.
pub(super) fn words(html: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                plain.push(' ');
            }
            _ if inside => {}
            c => plain.push(c),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTML without its pictures.
pub(super) fn without_pictures(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<img") {
        kept.push_str(&rest[..at]);
        rest = rest[at..].split_once('>').map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::{without_pictures, words};

    #[test]
    fn markup_goes_and_words_stay() {
        assert_eq!(words("<p>Hello,</p>\n<p>a <b>b</b> 2 > 1</p>"), "Hello, a b 2 > 1");
        assert_eq!(without_pictures("a <b>b</b><img src=\"pix.gif\"> c<img"), "a <b>b</b> c");
    }
}
