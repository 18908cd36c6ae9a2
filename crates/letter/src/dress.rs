//! Makes links of what can be clicked, and tells each link's true target.

use crate::policy;
use crate::scan::{What, scan};
use crate::tree::{Id, Kind, Mark, ROOT, Tree};
use crate::{Link, Number, Options, links};

/// Links that one letter can have in its list; the rest work, but are not listed.
const LISTED: usize = 1_000;

#[derive(Default)]
pub(crate) struct Dressed {
    pub(crate) links: Vec<Link>,
    pub(crate) numbers: Vec<Number>,
}

/// Goes through the whole letter.
pub(crate) fn dress(tree: &mut Tree, options: &Options<'_>) -> Dressed {
    let mut dressed = Dressed::default();
    below(tree, ROOT, options, &mut dressed);
    dressed
}

fn below(tree: &mut Tree, id: Id, options: &Options<'_>, dressed: &mut Dressed) {
    let mut children = Vec::with_capacity(tree.nodes[id].children.len());
    for child in std::mem::take(&mut tree.nodes[id].children) {
        match &mut tree.nodes[child].kind {
            Kind::Text(text) => {
                let text = std::mem::take(text);
                split(tree, child, text, options, dressed, &mut children);
            }
            Kind::Element { tag: "a", .. } => {
                link(tree, child, dressed);
                children.push(child);
            }
            Kind::Element { .. } => {
                below(tree, child, options, dressed);
                children.push(child);
            }
        }
    }
    tree.nodes[id].children = children;
}

/// Replaces a text by pieces: text, link, text …
fn split(
    tree: &mut Tree,
    id: Id,
    text: String,
    options: &Options<'_>,
    dressed: &mut Dressed,
    children: &mut Vec<Id>,
) {
    let found = scan(&text, options.number);
    if found.is_empty() {
        tree.nodes[id].kind = Kind::Text(text);
        children.push(id);
        return;
    }
    let mut from = 0;
    for find in found {
        if find.range.start > from {
            children.push(tree.loose(Kind::Text(text[from..find.range.start].to_owned())));
        }
        from = find.range.end;
        let shown = &text[find.range];
        let attributes = match find.what {
            What::Address(address) => {
                let attributes = attributes(&address.href, &address.target);
                listed(dressed, address.href, shown, address.target);
                attributes
            }
            What::Number(dial) => {
                let mut attributes = attributes(&format!("tel:{dial}"), &dial);
                attributes.push(("data-number", dial.clone()));
                if dressed.numbers.len() < LISTED && !dressed.numbers.iter().any(|known| known.dial == dial) {
                    dressed.numbers.push(Number { shown: shown.to_owned(), dial });
                }
                attributes
            }
        };
        let link = tree.loose(Kind::Element { tag: "a", attributes, mark: Mark::None });
        tree.add(link, Kind::Text(without_overrides(shown)));
        children.push(link);
    }
    if from < text.len() {
        children.push(tree.loose(Kind::Text(text[from..].to_owned())));
    }
}

/// A link that the writer made.
fn link(tree: &mut Tree, id: Id, dressed: &mut Dressed) {
    let mut shown = String::new();
    take_text(tree, id, &mut shown);
    let Kind::Element { attributes: all, .. } = &mut tree.nodes[id].kind else { return };
    let Some(at) = all.iter().position(|(name, _)| *name == "href") else { return };
    let (_, href) = all.remove(at);
    let Some(address) = policy::href(&href) else { return };
    all.extend(attributes(&address.href, &address.target));
    listed(dressed, address.href, &shown, address.target);
}

/// The text of a link; signs that would turn it around are taken out of it.
fn take_text(tree: &mut Tree, id: Id, shown: &mut String) {
    for child in tree.nodes[id].children.clone() {
        match &mut tree.nodes[child].kind {
            Kind::Text(text) => {
                *text = without_overrides(text);
                if shown.len() < 300 {
                    shown.push_str(text);
                }
            }
            Kind::Element { .. } => take_text(tree, child, shown),
        }
    }
}

fn without_overrides(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}

/// What every link has. The page catches the click; a frame without the right to open windows does nothing with
/// `_blank`, so a click that is not caught goes nowhere.
fn attributes(href: &str, target: &str) -> Vec<(&'static str, String)> {
    vec![("href", href.to_owned()), ("target", "_blank".to_owned()), ("title", target.to_owned())]
}

fn listed(dressed: &mut Dressed, href: String, shown: &str, target: String) {
    if dressed.links.len() < LISTED {
        let suspicion = links::suspicion(&href, shown);
        let shown: String =
            shown.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        dressed.links.push(Link { href, shown, target, suspicion });
    }
}
