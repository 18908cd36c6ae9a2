//! A letter as lines of readable text: for the index, for the list, for quoting, and to find older letters in it.

use crate::policy::BLOCKS;
use crate::tree::{Id, Kind, ROOT, Tree};

/// Signs that a preview has at most.
const PREVIEW: usize = 140;

/// One line as it is seen, without the blanks around it.
pub(crate) struct Line {
    pub(crate) text: String,
    /// The text nodes it begins and ends in.
    pub(crate) first: Id,
    pub(crate) last: Id,
    /// An empty line stands before it.
    gap: bool,
    /// It belongs to a folded older letter.
    quoted: bool,
}

/// What is seen of the letter, line by line; lines without text are left out.
pub(crate) fn lines(tree: &Tree) -> Vec<Line> {
    let mut reader =
        Reader { tree, lines: Vec::new(), text: String::new(), nodes: None, gap: false, pre: 0, quoted: 0 };
    reader.node(ROOT);
    reader.end_line();
    reader.lines
}

/// The lines as one text, and where in it the first older letter begins.
pub(crate) fn join(lines: &[Line]) -> (String, Option<usize>) {
    let mut text = String::new();
    let mut quoted_from = None;
    for line in lines {
        if !text.is_empty() {
            text.push_str(if line.gap { "\n\n" } else { "\n" });
        }
        if line.quoted && quoted_from.is_none() {
            quoted_from = Some(text.len());
        }
        text.push_str(&line.text);
    }
    (text, quoted_from)
}

/// The start of what is new in the letter, on one line.
pub(crate) fn preview(lines: &[Line]) -> String {
    let words = lines.iter().filter(|line| !line.quoted).flat_map(|line| line.text.split_whitespace());
    let mut out = String::new();
    let mut signs = 0;
    for word in words {
        let length = word.chars().count();
        if signs + length + 1 > PREVIEW {
            if out.is_empty() {
                out.extend(word.chars().take(PREVIEW));
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
            signs += 1;
        }
        out.push_str(word);
        signs += length;
    }
    out
}

struct Reader<'t> {
    tree: &'t Tree,
    lines: Vec<Line>,
    text: String,
    nodes: Option<(Id, Id)>,
    gap: bool,
    pre: usize,
    quoted: usize,
}

impl Reader<'_> {
    fn end_line(&mut self) {
        let text = self.text.trim_end();
        match self.nodes.take() {
            Some((first, last)) if !text.trim().is_empty() => {
                let gap = std::mem::take(&mut self.gap) && !self.lines.is_empty();
                // Blanks at the start are kept where the writer's own are.
                let text = if self.pre > 0 || self.tree.plain { text } else { text.trim_start() }.to_owned();
                self.lines.push(Line { text, first, last, gap, quoted: self.quoted > 0 });
            }
            _ => {}
        }
        self.text.clear();
    }

    fn node(&mut self, id: Id) {
        let tree = self.tree;
        match &tree.nodes[id].kind {
            Kind::Text(text) => self.words(id, text),
            Kind::Element { tag: "br", .. } => {
                self.gap |= self.text.trim().is_empty();
                self.end_line();
            }
            Kind::Element { tag, .. } => {
                let folded = *tag == "details" && tree.attribute(id, "class") == Some("quoted");
                if tree.is_hidden(id) {
                    return;
                }
                let apart = matches!(
                    *tag,
                    "p" | "pre" | "blockquote" | "table" | "ul" | "ol" | "hr" | "h1" | "h2" | "h3" | "h4"
                );
                let block = BLOCKS.contains(tag) && !matches!(*tag, "td" | "th");
                if block {
                    self.end_line();
                    self.gap |= apart;
                }
                self.pre += usize::from(*tag == "pre");
                self.quoted += usize::from(folded);
                if *tag == "li" {
                    self.item(id);
                }
                let children = &tree.nodes[id].children;
                for child in children.iter().skip(usize::from(folded)) {
                    self.node(*child);
                }
                if block {
                    self.end_line();
                    self.gap |= apart;
                } else if matches!(*tag, "td" | "th") && !self.text.trim().is_empty() {
                    self.text.push('\t');
                }
                self.pre -= usize::from(*tag == "pre");
                self.quoted -= usize::from(folded);
            }
        }
    }

    /// The sign or number of a list item.
    fn item(&mut self, id: Id) {
        let parent = self.tree.nodes[id].parent;
        if self.tree.tag(parent) == Some("ol") {
            let siblings = &self.tree.nodes[parent].children;
            let before = siblings.iter().take_while(|sibling| **sibling != id).take(10_000);
            let number = 1 + before.filter(|sibling| self.tree.tag(**sibling) == Some("li")).count();
            self.text.push_str(&format!("{number}. "));
        } else {
            self.text.push_str("- ");
        }
    }

    fn words(&mut self, id: Id, text: &str) {
        let keep = self.pre > 0 || self.tree.plain;
        for sign in text.chars() {
            match sign {
                '\n' if keep => {
                    self.gap |= self.text.trim().is_empty();
                    self.end_line();
                }
                // Zero-width blanks and marks that turn the direction of what follows.
                '\u{200b}'
                | '\u{ad}'
                | '\u{2060}'
                | '\u{feff}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' => {}
                _ if sign.is_ascii_whitespace() && !keep => {
                    if !self.text.ends_with([' ', '\t']) && !self.text.is_empty() {
                        self.text.push(' ');
                    }
                }
                _ => {
                    let sign = if sign == '\u{a0}' { ' ' } else { sign };
                    self.text.push(sign);
                    let first = self.nodes.map_or(id, |(first, _)| first);
                    self.nodes = Some((first, id));
                }
            }
        }
    }
}
