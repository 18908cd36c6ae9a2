//! Reads a page with html5ever and names everything in it that could run, load or navigate.

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// One element as the browser would have it.
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) html: bool,
    pub(crate) attributes: Vec<(String, String)>,
    /// Names of the elements it stands in, the nearest last.
    pub(crate) path: Vec<String>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// All elements of a page, in order. Scripting is off in the frame, and off here: `noscript` would be markup.
pub(crate) fn elements(page: &str) -> Vec<Element> {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let dom = parse_document(RcDom::default(), options).one(page);
    let mut found = Vec::new();
    walk(&dom.document, &[], &mut found);
    found
}

fn walk(node: &Handle, path: &[String], found: &mut Vec<Element>) {
    let mut path = path.to_vec();
    if let NodeData::Element { name, attrs, template_contents, .. } = &node.data {
        found.push(Element {
            name: name.local.to_string(),
            html: &*name.ns == "http://www.w3.org/1999/xhtml",
            attributes: attrs.borrow().iter().map(|a| (qualified(&a.name), a.value.to_string())).collect(),
            path: path.clone(),
            text: text_of(node),
        });
        path.push(name.local.to_string());
        if let Some(contents) = &*template_contents.borrow() {
            walk(contents, &path, found);
        }
    }
    for child in node.children.borrow().iter() {
        walk(child, &path, found);
    }
}

fn qualified(name: &html5ever::QualName) -> String {
    match &name.prefix {
        Some(prefix) => format!("{prefix}:{}", name.local),
        None => name.local.to_string(),
    }
}

fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
        open.extend(node.children.borrow().iter().rev().cloned());
    }
    text
}

/// The part of a page that the letter fills.
pub(crate) fn body(page: &str) -> &str {
    page.split_once("<body").expect("a page has a body").1
}

const DENIED: &[&str] = &[
    "applet",
    "area",
    "audio",
    "base",
    "bgsound",
    "button",
    "canvas",
    "dialog",
    "embed",
    "fencedframe",
    "form",
    "frame",
    "frameset",
    "iframe",
    "image",
    "input",
    "isindex",
    "keygen",
    "link",
    "map",
    "marquee",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "option",
    "param",
    "picture",
    "plaintext",
    "portal",
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

const LOADING: &[&str] = &[
    "action",
    "archive",
    "background",
    "cite",
    "classid",
    "code",
    "codebase",
    "data",
    "dynsrc",
    "formaction",
    "icon",
    "longdesc",
    "lowsrc",
    "manifest",
    "ping",
    "poster",
    "profile",
    "srcdoc",
    "srcset",
    "usemap",
    "xlink:href",
];

/// Everything in a page that has no place there; an empty list is what is hoped for.
pub(crate) fn faults(page: &str) -> Vec<String> {
    let elements = elements(page);
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(what);
    let heads: Vec<&Element> =
        elements.iter().filter(|e| e.path.last().is_some_and(|p| p == "head")).collect();
    let expected = ["meta", "meta", "meta", "style"];
    if heads.iter().map(|e| e.name.as_str()).ne(expected) {
        fault(format!("the head holds {:?}", heads.iter().map(|e| &e.name).collect::<Vec<_>>()));
    } else if heads[1].attribute("http-equiv") != Some("Content-Security-Policy")
        || !heads[1]
            .attribute("content")
            .is_some_and(|c| c.starts_with("default-src 'none'; img-src data:; style-src 'unsafe-inline'"))
    {
        fault("the page has not its policy first".to_owned());
    }
    for element in elements.iter().filter(|e| !e.path.iter().any(|p| p == "head")) {
        let name = &element.name;
        if !element.html || DENIED.contains(&name.as_str()) || (name == "meta") {
            fault(format!("<{name}>"));
        }
        for (attribute, value) in &element.attributes {
            let at = || format!("<{name} {attribute}={value:.60}>");
            let lower = value.to_ascii_lowercase();
            if attribute.starts_with("on")
                || LOADING.contains(&attribute.as_str())
                || matches!(attribute.as_str(), "id" | "name")
            {
                fault(at());
            }
            match attribute.as_str() {
                "src" => {
                    let kinds = ["png", "jpeg", "jpg", "gif", "webp", "bmp", "avif"];
                    let raster =
                        kinds.iter().any(|kind| lower.starts_with(&format!("data:image/{kind};base64,")));
                    if name != "img" || !raster {
                        fault(at());
                    }
                }
                "href" => {
                    let known = ["http://", "https://", "mailto:", "tel:"]
                        .iter()
                        .any(|scheme| lower.starts_with(scheme));
                    let sealed = element
                        .attribute("rel")
                        .is_some_and(|rel| rel.contains("noopener") && rel.contains("noreferrer"))
                        && element.attribute("target") == Some("_blank");
                    if name != "a" || !known || !sealed {
                        fault(at());
                    }
                }
                "style" => {
                    let bad = [
                        "url",
                        "expression",
                        "import",
                        "position",
                        "behavio",
                        "binding",
                        "image-set",
                        "\\",
                        "/*",
                        "var(",
                        "calc(",
                        "script",
                    ];
                    if bad.iter().any(|word| lower.contains(word)) {
                        fault(at());
                    }
                }
                _ => {}
            }
        }
    }
    faults
}

/// One line for each element, attribute and style, as the case file's patterns want them.
pub(crate) fn normalised(page: &str) -> Vec<String> {
    let mut out = Vec::new();
    for element in elements(page).iter().filter(|e| !e.path.iter().any(|p| p == "head")) {
        out.push(format!("<{}", element.name));
        for (name, value) in &element.attributes {
            let value: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            let value = value.to_lowercase();
            out.push(format!("@{} {name}={value}", element.name));
            if name == "style" {
                out.push(format!("#style {value}"));
            }
        }
    }
    out
}
