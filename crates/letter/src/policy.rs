//! What may be shown: elements, attributes and addresses. One list, asked twice: when a letter is read, and by the
//! [`crate::gate`] when it is written.

use url::Url;

use crate::style;

/// Elements that stay. What is not named here is taken away and its content stays.
///
/// None of them belongs to another language (SVG, MathML), holds raw text, loads anything or sends a form: that is what
/// makes it impossible for a second reading of the result to find other elements than the first.
pub(crate) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that have no content.
pub(crate) const VOID: &[&str] = &["br", "hr", "img", "wbr"];

/// Elements that stand on lines of their own.
pub(crate) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that only a page of HTML has: where one occurs the text is HTML, not a plain text with `<` in it.
const ALSO_HTML: &[&str] = &[
    "acronym",
    "applet",
    "area",
    "audio",
    "base",
    "basefont",
    "bgsound",
    "blink",
    "body",
    "button",
    "canvas",
    "col",
    "colgroup",
    "datalist",
    "dialog",
    "embed",
    "fieldset",
    "form",
    "frame",
    "frameset",
    "head",
    "hgroup",
    "html",
    "iframe",
    "image",
    "input",
    "isindex",
    "keygen",
    "label",
    "layer",
    "legend",
    "link",
    "listing",
    "map",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "param",
    "picture",
    "plaintext",
    "portal",
    "progress",
    "rp",
    "rt",
    "ruby",
    "script",
    "select",
    "slot",
    "source",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "track",
    "video",
    "xml",
    "xmp",
];

/// The element of that name that stays, if any. The body of a mail is a block like others: its colours must stay.
pub(crate) fn element(name: &str) -> Option<&'static str> {
    if name == "body" {
        return Some("div");
    }
    ELEMENTS.iter().find(|element| **element == name).copied()
}

pub(crate) fn is_html(name: &str) -> bool {
    ELEMENTS.contains(&name) || ALSO_HTML.contains(&name)
}

/// Attributes that any element may keep, when [`attribute`] finds their value harmless.
pub(crate) const EVERYWHERE: &[&str] =
    &["align", "bgcolor", "dir", "height", "lang", "style", "valign", "width"];

/// Attributes that single elements may keep beside those.
pub(crate) const OF_ELEMENT: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("font", &["color", "face", "size"]),
    ("img", &["alt"]),
    ("li", &["value"]),
    ("ol", &["start", "type"]),
    ("table", &["border", "cellpadding", "cellspacing"]),
    ("td", &["colspan", "nowrap", "rowspan"]),
    ("th", &["colspan", "nowrap", "rowspan"]),
];

/// The name and value under which an attribute of a mail stays, or `None` where it goes.
pub(crate) fn attribute(element: &str, name: &str, value: &str) -> Option<(&'static str, String)> {
    let own = OF_ELEMENT.iter().find(|(of, _)| *of == element).map_or(&[][..], |(_, names)| names);
    let name: &'static str = EVERYWHERE.iter().chain(own).find(|known| **known == name)?;
    let value = value.trim();
    let number = |most: usize| value.parse::<usize>().ok().filter(|n| *n <= most).map(|n| n.to_string());
    let kept = match name {
        "align" | "valign" => {
            one_of(value, &["left", "right", "center", "justify", "top", "middle", "bottom"])
        }
        "alt" => Some(value.chars().take(1_000).collect()),
        "bgcolor" | "color" => style::colour(value).map(|_| value.to_owned()),
        "border" | "cellpadding" | "cellspacing" => number(100),
        "colspan" | "rowspan" => number(100),
        "dir" => one_of(value, &["ltr", "rtl", "auto"]),
        "face" => (value.len() <= 100 && value.chars().all(|c| c.is_alphanumeric() || " ,-_".contains(c)))
            .then(|| value.to_owned()),
        "height" | "width" => length(value),
        "href" => href(value).map(|address| address.href),
        "lang" => (value.len() <= 35 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
            .then(|| value.to_owned()),
        "nowrap" => Some(String::new()),
        "size" => (value.len() <= 2 && value.bytes().all(|b| b.is_ascii_digit() || b == b'+' || b == b'-'))
            .then(|| value.to_owned()),
        "start" | "value" => number(1_000_000),
        "style" => style::filter(value),
        "type" => ["1", "a", "A", "i", "I"].contains(&value).then(|| value.to_owned()),
        _ => None,
    };
    kept.map(|value| (name, value))
}

fn one_of(value: &str, words: &[&str]) -> Option<String> {
    words.iter().find(|word| value.eq_ignore_ascii_case(word)).map(|word| (*word).to_owned())
}

/// A number of pixels or a percentage.
fn length(value: &str) -> Option<String> {
    let (digits, unit) = value.strip_suffix('%').map_or((value, ""), |digits| (digits, "%"));
    let digits = digits.strip_suffix("px").unwrap_or(digits);
    let number: u16 = digits.parse().ok().filter(|n| *n <= 4_000)?;
    Some(format!("{number}{unit}"))
}

/// An address that a link may have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) href: String,
    /// What the agent is told about where the link goes: a host, a mail address or a number.
    pub(crate) target: String,
}

/// Addresses of the web, mail and telephone; everything else has no place in a letter.
pub(crate) fn href(value: &str) -> Option<Address> {
    let value: String = value.trim().chars().filter(|c| !is_invisible(*c)).collect();
    if value.len() > 4_096 {
        return None;
    }
    let value = if value.starts_with("//") { format!("https:{value}") } else { value };
    let url = Url::parse(&value).ok()?;
    match url.scheme() {
        "http" | "https" => {
            let target = url.host_str().filter(|host| !host.is_empty())?.to_owned();
            Some(Address { href: url.into(), target })
        }
        "mailto" => {
            let target = url.path().to_owned();
            // A mail program may take other fields (`attach`) as orders.
            let fields: Vec<(String, String)> = url
                .query_pairs()
                .filter(|(name, _)| {
                    ["body", "cc", "subject"].iter().any(|known| name.eq_ignore_ascii_case(known))
                })
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            let mut kept = url;
            kept.set_fragment(None);
            kept.set_query(None);
            if !fields.is_empty() {
                kept.query_pairs_mut().extend_pairs(fields);
            }
            // `+` means a blank in forms, but not in mail addresses (RFC 6068).
            let href = match kept.query().map(|query| query.replace('+', "%20")) {
                Some(query) => format!("mailto:{target}?{query}"),
                None => kept.into(),
            };
            (!target.is_empty()).then_some(Address { href, target })
        }
        "tel" => {
            let number = url.path().replace("%20", " ").split(';').next().unwrap_or("").to_owned();
            let dialable = |c: char| c.is_ascii_digit() || "+*#-.() ".contains(c);
            let fits = number.len() <= 32
                && number.chars().all(dialable)
                && number.contains(|c: char| c.is_ascii_digit());
            fits.then(|| Address { href: format!("tel:{}", number.replace(' ', "")), target: number })
        }
        _ => None,
    }
}

/// Picture formats that browsers draw without running anything; not SVG.
const RASTER: &[&str] = &["png", "jpeg", "jpg", "gif", "webp", "bmp", "avif"];

/// Bytes of text that one picture may be.
pub(crate) const PICTURE: usize = 8 << 20;

/// The same picture, if this is a `data:` address of one, without blanks.
pub(crate) fn picture(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() > PICTURE || !value.get(..5)?.eq_ignore_ascii_case("data:") {
        return None;
    }
    let (kind, data) = value[5..].split_once(',')?;
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    let kind = parts.next()?;
    let format = kind.strip_prefix("image/").filter(|format| RASTER.contains(format))?;
    parts.any(|part| part == "base64").then_some(())?;
    let data: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    (!data.is_empty() && data.bytes().all(base64)).then(|| format!("data:image/{format};base64,{data}"))
}

/// Signs that are not seen but change how the text around them reads: an address could show another one with them.
pub(crate) fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
        || sign.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_web_mail_and_telephone_are_links() {
        for (value, expected) in [
            (" https://Shop.example/a?b=1&c=2 ", Some("https://shop.example/a?b=1&c=2")),
            ("//shop.example/x", Some("https://shop.example/x")),
            ("mailto:jan@firma.example", Some("mailto:jan@firma.example")),
            (
                "mailto:a@b.example?subject=Re%3A%20x&attach=/etc/passwd",
                Some("mailto:a@b.example?subject=Re%3A%20x"),
            ),
            ("tel:+46-8-123-456", Some("tel:+46-8-123-456")),
            ("tel:+15550100?x=1", Some("tel:+15550100")),
            ("tel:+15550100;phone-context=x", Some("tel:+15550100")),
            ("javascript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("\u{1}javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("file:///etc/passwd", None),
            ("sms:+15550100", None),
            ("tel:javascript", None),
            ("relative/path", None),
            ("#top", None),
            ("https://", None),
        ] {
            assert_eq!(href(value).map(|a| a.href).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn only_raster_pictures_are_pictures() {
        assert_eq!(
            picture("data:image/PNG;base64,iVBO\r\n Rw==").as_deref(),
            Some("data:image/png;base64,iVBORw==")
        );
        for bad in [
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:text/html;base64,AAAA",
            "data:image/png,raw",
            "data:image/png;base64,<b>",
            "https://example.com/x.png",
            "",
        ] {
            assert_eq!(picture(bad), None, "{bad}");
        }
    }
}
