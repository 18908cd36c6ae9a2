//! Inline styles: a list of harmless properties, and values made of plain words, numbers and colours only.
//!
//! Nothing that loads (`url()`, `image-set()`), computes (`expression`, `calc`, `var`), places something over something
//! else (`position`, `transform`, negative margins) or hides behind escapes and comments comes through.

/// What may be set. `background` passes only as a colour.
const PROPERTIES: &[&str] = &[
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-decoration-line",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
];

const COLOUR_FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// The declarations of an inline style that may stay, written anew; `None` where none may.
pub(crate) fn filter(style: &str) -> Option<String> {
    let mut out = String::new();
    for (property, value) in declarations(style).take(60) {
        let property = property.to_ascii_lowercase();
        if PROPERTIES.contains(&property.as_str()) && is_plain(value) && suits(&property, value) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(&property);
            out.push(':');
            out.push_str(value);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The declarations of a style, trimmed and without `!important`, which would win over our own rules.
pub(crate) fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style.split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.trim();
        let value = value.split_once('!').map_or(value, |(value, _)| value.trim_end());
        Some((property.trim(), value))
    })
}

/// Words, numbers, quoted names and colour functions, balanced, and no number that is absurd.
fn is_plain(value: &str) -> bool {
    if value.is_empty() || value.len() > 200 {
        return false;
    }
    let mut quote = None;
    let mut open = false;
    let mut word = String::new();
    let mut digits = 0;
    for sign in value.chars() {
        digits = if sign.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > 4 && !word.starts_with('#') {
            return false;
        }
        match (quote, sign) {
            (Some(q), s) if q == s => quote = None,
            (_, '\\' | '<' | '>' | '{' | '}' | '@' | '&' | ':' | '*') => return false,
            (Some(_), s) if s.is_control() => return false,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(sign),
            (None, '(') => {
                if open || !COLOUR_FUNCTIONS.contains(&word.to_ascii_lowercase().as_str()) {
                    return false;
                }
                open = true;
            }
            (None, ')') => {
                if !open {
                    return false;
                }
                open = false;
            }
            (None, ' ' | ',' | '/' | '.' | '%' | '+' | '-' | '#' | '_') => {}
            (None, s) if s.is_alphanumeric() => {}
            _ => return false,
        }
        if sign.is_alphanumeric() || sign == '#' {
            word.push(sign);
        } else {
            word.clear();
        }
    }
    quote.is_none() && !open
}

/// The few properties whose harmless values must be told from harmful ones.
fn suits(property: &str, value: &str) -> bool {
    let negative = value.split([' ', ',', '/']).any(|part| part.starts_with('-'));
    match property {
        "background" | "background-color" => colour(value).is_some(),
        "display" => {
            ["block", "inline", "inline-block", "none", "table", "table-row", "table-cell", "list-item"]
                .contains(&value.to_ascii_lowercase().as_str())
        }
        "font" | "font-family" => true,
        // Above this a letter is wider than the pane.
        "font-size" => !negative && leading_number(value).is_none_or(|n| n <= 200.0),
        _ => !negative,
    }
}

fn leading_number(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    value[..end].parse().ok()
}

/// What a colour says about the mail that uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colour {
    /// (Nearly) black, or whatever is used already: what text has anyway.
    Ink,
    /// (Nearly) white or nothing: what paper has anyway.
    Paper,
    /// A choice of the writer.
    Chosen,
}

/// Reads a single colour value; `None` when it is none.
pub(crate) fn colour(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    match value.as_str() {
        "black" | "windowtext" | "inherit" | "initial" | "currentcolor" | "unset" => {
            return Some(Colour::Ink);
        }
        "white" | "window" | "transparent" | "none" => return Some(Colour::Paper),
        _ => {}
    }
    let channels: Vec<f32> = if let Some(hex) = value.strip_prefix('#') {
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let wide = match hex.len() {
            3 | 4 => 1,
            6 | 8 => 2,
            _ => return None,
        };
        let channel = |n: usize| u8::from_str_radix(&hex[n * wide..(n + 1) * wide], 16).ok();
        let scale = if wide == 1 { 17.0 } else { 1.0 };
        (0..3).filter_map(channel).map(|c| f32::from(c) * scale).collect()
    } else if let Some(inner) = value.strip_prefix("rgb").and_then(|v| v.strip_suffix(')')) {
        let inner = inner.trim_start_matches('a').strip_prefix('(')?;
        inner.split([',', ' ', '/']).filter(|p| !p.is_empty()).filter_map(|p| p.parse().ok()).collect()
    } else if value.starts_with("hsl") && value.ends_with(')') {
        return Some(Colour::Chosen);
    } else {
        return value.bytes().all(|b| b.is_ascii_alphabetic()).then_some(Colour::Chosen);
    };
    if channels.len() == 4 && channels[3] == 0.0 {
        return Some(Colour::Paper);
    }
    Some(match channels.get(..3)? {
        c if c.iter().all(|c| *c <= 64.0) => Colour::Ink,
        c if c.iter().all(|c| *c >= 240.0) => Colour::Paper,
        _ => Colour::Chosen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_declarations_stay_and_others_go() {
        for (style, expected) in [
            ("color:#06c;padding:8px 16px", Some("color:#06c;padding:8px 16px")),
            ("Font-Family: \"Segoe UI\", Arial ; x:y", Some("font-family:\"Segoe UI\", Arial")),
            ("border-left:1px solid rgb(204,204,204)", Some("border-left:1px solid rgb(204,204,204)")),
            ("color:red !important", Some("color:red")),
            ("background:url(https://example.com/x.png)", None),
            ("background:#fff url(//example.com/x)", None),
            ("background-image:url(x)", None),
            ("width:expression(alert(1))", None),
            ("color:\\65xpression(1)", None),
            ("color:r/**/ed", None),
            ("position:fixed;top:0", None),
            ("margin:-100px", None),
            ("margin:0 0 0 -9px", None),
            ("font-family:'a;color:red", Some("color:red")),
            ("font-size:9000px", None),
            ("width:99999px", None),
            ("behavior:url(x)", None),
            ("-moz-binding:url(x)", None),
            ("color:var(--x)", None),
            ("display:none", Some("display:none")),
            ("display:grid", None),
        ] {
            assert_eq!(filter(style).as_deref(), expected, "{style}");
        }
    }

    #[test]
    fn a_writer_who_only_says_black_on_white_chose_nothing() {
        for (value, expected) in [
            ("black", Some(Colour::Ink)),
            ("#222", Some(Colour::Ink)),
            ("rgb(51, 51, 51)", Some(Colour::Ink)),
            ("#FFFFFF", Some(Colour::Paper)),
            ("rgba(0,0,0,0)", Some(Colour::Paper)),
            ("#1F497D", Some(Colour::Chosen)),
            ("navy", Some(Colour::Chosen)),
            ("hsl(10 10% 10%)", Some(Colour::Chosen)),
            ("#12", None),
            ("1px solid red", None),
        ] {
            assert_eq!(colour(value), expected, "{value}");
        }
    }
}
