//! Writes the tree down as the page that the frame shows.
//!
//! Light or dark: most letters say nothing about colours, or only "black on white", and these take the colours of the
//! app. A letter that chooses a colour is shown on white paper as it was written, because its colours were picked to
//! be seen together.

use crate::gate;
use crate::policy::VOID;
use crate::style::{self, Colour};
use crate::tree::{Id, Kind, ROOT, Tree};

/// What the page may do: draw pictures that it carries, and style its text. Nothing else, whatever stands in it.
const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = "\
:root{color-scheme:light dark}\
html.paper{color-scheme:only light;background:#fff;color:#000}\
body{margin:0;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
html.paper body{padding:12px}\
.plain,pre{white-space:pre-wrap}\
img{max-width:100%;height:auto}\
table{max-width:100%}\
p,div,li,td,th,dd,dt,h1,h2,h3,h4,h5,h6{unicode-bidi:plaintext}\
[dir]{unicode-bidi:isolate}\
blockquote{margin:0 0 0 4px;padding:0 0 0 10px;border-left:2px solid GrayText}\
details.quoted{margin:8px 0}\
summary{cursor:pointer;color:GrayText}\
.remote,.gone{display:inline-block;padding:0 6px;border:1px dashed GrayText;border-radius:4px;font-size:12px}";

/// The whole document for the frame.
pub(crate) fn document(tree: &mut Tree) -> String {
    let painted = tree.nodes.iter().any(|node| paints(&node.kind));
    if !painted {
        for node in &mut tree.nodes {
            take_colours_off(&mut node.kind);
        }
    }
    let mut inner = String::new();
    for child in &tree.nodes[ROOT].children {
        write(tree, *child, &mut inner);
    }
    let inner = gate::pass(&inner);
    let class = if painted { " class=\"paper\"" } else { "" };
    let kind = if tree.plain { " class=\"plain\"" } else { "" };
    format!(
        "<!doctype html><html{class}><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"referrer\" content=\"no-referrer\"><style>{STYLE}</style></head>\
         <body dir=\"auto\"><div{kind}>{inner}</div></body></html>"
    )
}

fn write(tree: &Tree, id: Id, out: &mut String) {
    match &tree.nodes[id].kind {
        Kind::Text(text) => write_text(text, out),
        Kind::Element { tag, attributes, .. } => {
            out.push('<');
            out.push_str(tag);
            for (name, value) in attributes {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                escape(value, out);
                out.push('"');
            }
            out.push('>');
            if VOID.contains(tag) {
                return;
            }
            for child in &tree.nodes[id].children {
                write(tree, *child, out);
            }
            out.push_str("</");
            out.push_str(tag);
            out.push('>');
        }
    }
}

/// Signs in one text after which a comment stands. For each of them the serializer of html5ever 0.40 looks for the next
/// `<` to the end of the text, which takes seconds for a letter of nothing but no-break spaces. (It stops at the first
/// byte of all signs from U+0080 to U+00BF.) A comment ends the text in the gate, and is gone behind it.
const SLOW_SIGNS: usize = 64;

fn write_text(text: &str, out: &mut String) {
    let slow = |sign: char| matches!(sign, '&' | '<' | '>' | '"' | '\u{80}'..='\u{bf}');
    let mut rest = text;
    while let Some((at, _)) = rest.match_indices(slow).nth(SLOW_SIGNS) {
        escape(&rest[..at], out);
        out.push_str("<!---->");
        rest = &rest[at..];
    }
    escape(rest, out);
}

/// Writes text so that it stands in HTML, also inside quotation marks, as what it is.
pub(crate) fn escape(text: &str, out: &mut String) {
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(sign),
        }
    }
}

/// Whether an element chooses a colour.
fn paints(kind: &Kind) -> bool {
    let Kind::Element { attributes, .. } = kind else { return false };
    attributes.iter().any(|(name, value)| match *name {
        "bgcolor" => style::colour(value) != Some(Colour::Paper),
        "color" => style::colour(value) != Some(Colour::Ink),
        "style" => style::declarations(value).any(|(property, value)| match property {
            "background" | "background-color" => style::colour(value) != Some(Colour::Paper),
            "color" => style::colour(value) != Some(Colour::Ink),
            _ => false,
        }),
        _ => false,
    })
}

/// Takes "black on white" off an element: the page has its own ink and paper.
fn take_colours_off(kind: &mut Kind) {
    let Kind::Element { attributes, .. } = kind else { return };
    attributes.retain(|(name, _)| !matches!(*name, "bgcolor" | "color"));
    for (_, style) in attributes.iter_mut().filter(|(name, _)| *name == "style") {
        let kept: Vec<String> = style::declarations(style)
            .filter(|(property, _)| !matches!(*property, "background" | "background-color" | "color"))
            .map(|(property, value)| format!("{property}:{value}"))
            .collect();
        *style = kept.join(";");
    }
}
