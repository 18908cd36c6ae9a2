//! A letter as a tree: what may be shown of it, nested as a browser would nest it, and no deeper than a limit.
//!
//! The rules of nesting are those of HTML that matter in letters (a paragraph ends where a block begins, a cell where the
//! next one begins). They are kept because the result is read again, by [`crate::gate`] and by the browser: a tree that
//! is already nested well is read as it stands.

use crate::policy;
use crate::tokens::{Token, Tokens, entities};
use crate::{Options, Remote, RemoteImage};

/// How deep elements may stand in each other; deeper ones are taken away and their content stays.
pub(crate) const DEPTH: usize = 200;

/// Bytes of a letter that are shown, pictures not counted.
pub(crate) const SHOWN: usize = 1 << 20;

/// Bytes of a letter that are read at all: letters carry pictures.
const READ: usize = 32 << 20;

/// Bytes of pictures in one letter.
const PICTURES: usize = 32 << 20;

pub(crate) type Id = usize;

/// The node that holds the others.
pub(crate) const ROOT: Id = 0;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) parent: Id,
    pub(crate) children: Vec<Id>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Text(String),
    Element { tag: &'static str, attributes: Vec<(&'static str, String)>, mark: Mark },
}

/// What a mail program told about a part of its letter by a class or id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    /// An older letter.
    Quote,
    /// From here to the end stands an older letter.
    QuoteFollows,
}

pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) remote: Vec<RemoteImage>,
    /// Something was left out or flattened because of a limit.
    pub(crate) cut: bool,
    /// Line ends are the letter's own: it is a plain text.
    pub(crate) plain: bool,
}

impl Tree {
    fn empty() -> Self {
        let root = Node {
            kind: Kind::Element { tag: "div", attributes: Vec::new(), mark: Mark::None },
            parent: ROOT,
            children: Vec::new(),
        };
        Self { nodes: vec![root], remote: Vec::new(), cut: false, plain: false }
    }

    /// Reads HTML. A text without any HTML in it is read as what it is: a plain text in the wrong field.
    pub(crate) fn from_html(html: &str, options: &Options<'_>) -> Self {
        let read = prefix(html, READ);
        let html_at_all = read.contains("<!")
            || Tokens::new(read).any(|token| match token {
                Token::Open { name, .. } | Token::Close(name) => policy::is_html(&name),
                Token::Text(_) => false,
            });
        if !html_at_all {
            return Self::from_text(&entities(prefix(html, SHOWN * 2)));
        }
        let mut builder = Builder::new(options);
        for token in Tokens::new(read) {
            if builder.shown > SHOWN {
                builder.tree.cut = true;
                break;
            }
            builder.token(token);
        }
        builder.tree.cut |= read.len() < html.len();
        builder.tree
    }

    /// A plain text: a node for each line, with its line end.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut tree = Self::empty();
        tree.plain = true;
        let shown = prefix(text, SHOWN);
        tree.cut = shown.len() < text.len();
        let text = shown.replace("\r\n", "\n").replace(['\r', '\0'], "\n");
        for line in text.split_inclusive('\n') {
            tree.add(ROOT, Kind::Text(line.to_owned()));
        }
        tree
    }

    pub(crate) fn add(&mut self, parent: Id, kind: Kind) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node { kind, parent, children: Vec::new() });
        self.nodes[parent].children.push(id);
        id
    }

    /// A node that stands nowhere yet.
    pub(crate) fn loose(&mut self, kind: Kind) -> Id {
        self.nodes.push(Node { kind, parent: ROOT, children: Vec::new() });
        self.nodes.len() - 1
    }

    pub(crate) fn tag(&self, id: Id) -> Option<&'static str> {
        match &self.nodes[id].kind {
            Kind::Element { tag, .. } => Some(tag),
            Kind::Text(_) => None,
        }
    }

    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element { attributes, .. } => {
                attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
            }
            Kind::Text(_) => None,
        }
    }

    pub(crate) fn is_block(&self, id: Id) -> bool {
        self.tag(id).is_some_and(|tag| policy::BLOCKS.contains(&tag))
    }

    /// Whether nothing of it is seen: blank text, line breaks, and elements around such.
    pub(crate) fn is_blank(&self, id: Id) -> bool {
        match &self.nodes[id].kind {
            Kind::Text(text) => text.chars().all(|c| c.is_whitespace() || policy::is_invisible(c)),
            Kind::Element { tag: "img" | "hr", .. } => false,
            Kind::Element { .. } => self.nodes[id].children.iter().all(|child| self.is_blank(*child)),
        }
    }

    /// Whether the writer hid it, as newsletters hide the line that lists show.
    pub(crate) fn is_hidden(&self, id: Id) -> bool {
        self.attribute(id, "style").is_some_and(|style| {
            crate::style::declarations(style).any(|(p, v)| p == "display" && v.eq_ignore_ascii_case("none"))
        })
    }
}

/// The longest start of `text` that is no longer than `most` bytes.
fn prefix(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

struct Builder<'o, 'a> {
    tree: Tree,
    options: &'o Options<'a>,
    /// Open elements, the root first.
    open: Vec<Id>,
    /// Names of elements that were too deep to open: their ends must not close others.
    flattened: Vec<&'static str>,
    shown: usize,
    pictures: usize,
    pre: usize,
}

/// Elements around which no paragraph, list item or link is closed from inside.
const SCOPES: &[&str] = &["caption", "table", "td", "th"];

impl<'o, 'a> Builder<'o, 'a> {
    fn new(options: &'o Options<'a>) -> Self {
        Self {
            tree: Tree::empty(),
            options,
            open: vec![ROOT],
            flattened: Vec::new(),
            shown: 0,
            pictures: 0,
            pre: 0,
        }
    }

    fn current(&self) -> Id {
        self.open.last().copied().unwrap_or(ROOT)
    }

    fn current_tag(&self) -> &'static str {
        self.tree.tag(self.current()).unwrap_or("div")
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => self.text(&text),
            Token::Close(name) => self.close(&name),
            Token::Open { name, attributes } => {
                self.shown += name.len() + 2;
                if name == "img" {
                    self.image(&attributes);
                } else if let Some(tag) = policy::element(&name) {
                    self.start(tag, &name, &attributes);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        let in_table = matches!(self.current_tag(), "table" | "thead" | "tbody" | "tfoot" | "tr");
        if in_table && text.chars().all(char::is_whitespace) {
            return;
        }
        let room = (SHOWN + 1).saturating_sub(self.shown);
        let text = prefix(text, room.max(1));
        self.shown += text.len();
        if in_table {
            self.cell();
        }
        let parent = self.current();
        if self.pre > 0 {
            for line in text.split_inclusive('\n') {
                self.tree.add(parent, Kind::Text(line.to_owned()));
            }
            return;
        }
        let last = self.tree.nodes[parent].children.last().copied();
        if let Some(Kind::Text(before)) = last.map(|last| &mut self.tree.nodes[last].kind) {
            before.push_str(text);
        } else {
            self.tree.add(parent, Kind::Text(text.to_owned()));
        }
    }

    /// Something stands in a table but in no cell: it gets one.
    fn cell(&mut self) {
        if self.current_tag() != "tr" {
            self.push("tr", Vec::new(), Mark::None);
        }
        self.push("td", Vec::new(), Mark::None);
    }

    fn push(&mut self, tag: &'static str, attributes: Vec<(&'static str, String)>, mark: Mark) {
        let parent = self.current();
        let id = self.tree.add(parent, Kind::Element { tag, attributes, mark });
        self.open.push(id);
        self.pre += usize::from(tag == "pre");
    }

    fn pop(&mut self) {
        if self.open.len() > 1
            && let Some(id) = self.open.pop()
        {
            self.pre -= usize::from(self.tree.tag(id) == Some("pre"));
        }
    }

    /// Closes the nearest open one of `tags` and all in it, unless one of `walls` stands before it.
    fn close_nearest(&mut self, tags: &[&str], walls: &[&str]) -> bool {
        let found = self.open.iter().rposition(|id| {
            self.tree.tag(*id).is_some_and(|tag| tags.contains(&tag) || walls.contains(&tag))
        });
        let Some(at) = found.filter(|at| *at > 0) else { return false };
        if !self.tree.tag(self.open[at]).is_some_and(|tag| tags.contains(&tag)) {
            return false;
        }
        while self.open.len() > at {
            self.pop();
        }
        true
    }

    fn start(&mut self, tag: &'static str, name: &str, attributes: &[(String, std::borrow::Cow<'_, str>)]) {
        let kept = self.attributes(tag, name, attributes);
        if tag == "a" && !kept.iter().any(|(name, _)| *name == "href") {
            return; // an anchor, or a link that leads nowhere good
        }
        if !self.make_room(tag) {
            return;
        }
        if self.open.len() + 2 > DEPTH && !policy::VOID.contains(&tag) {
            self.tree.cut = true;
            if self.flattened.len() < DEPTH {
                self.flattened.push(tag);
            }
            return;
        }
        if policy::VOID.contains(&tag) {
            let parent = self.current();
            self.tree.add(parent, Kind::Element { tag, attributes: kept, mark: Mark::None });
        } else {
            self.push(tag, kept, mark(tag, attributes));
        }
    }

    /// Ends what cannot hold an element of this name, and adds what it must stand in. `false`: it has no place here.
    fn make_room(&mut self, tag: &'static str) -> bool {
        match tag {
            "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" | "caption" => {
                return self.make_room_in_table(tag);
            }
            "a" => {
                self.close_nearest(&["a"], SCOPES);
                // A link around a table holds the links in it: nested ones would lead to two places.
                return !self.open.iter().any(|id| self.tree.tag(*id) == Some("a"));
            }
            "li" => {
                self.close_nearest(&["p"], &["caption", "table", "td", "th", "li"]);
                self.close_nearest(&["li"], &["caption", "table", "td", "th", "ul", "ol"]);
            }
            "dd" | "dt" => {
                self.close_nearest(&["p"], &["caption", "table", "td", "th", "dd", "dt"]);
                self.close_nearest(&["dd", "dt"], &["caption", "table", "td", "th", "dl"]);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close_nearest(&["p"], SCOPES);
                if matches!(self.current_tag(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
                    self.pop();
                }
            }
            _ if policy::BLOCKS.contains(&tag) => {
                self.close_nearest(&["p"], SCOPES);
            }
            _ => {}
        }
        if matches!(self.current_tag(), "table" | "thead" | "tbody" | "tfoot" | "tr") {
            self.cell();
        }
        true
    }

    fn make_room_in_table(&mut self, tag: &'static str) -> bool {
        let table = self.open.iter().rposition(|id| self.tree.tag(*id) == Some("table"));
        let Some(table) = table else { return false };
        let wall = ["table"];
        match tag {
            "td" | "th" => {
                self.close_nearest(&["td", "th", "caption"], &wall);
                if self.current_tag() != "tr" {
                    self.push("tr", Vec::new(), Mark::None);
                }
            }
            "tr" => {
                self.close_nearest(&["tr", "caption"], &wall);
            }
            _ => {
                while self.open.len() > table + 1 {
                    self.pop();
                }
            }
        }
        true
    }

    fn close(&mut self, name: &str) {
        let Some(tag) = policy::element(name).filter(|_| name != "body") else { return };
        if self.flattened.last() == Some(&tag) {
            self.flattened.pop();
            return;
        }
        match tag {
            "table" => self.close_nearest(&["table"], &[]),
            "tr" | "thead" | "tbody" | "tfoot" | "td" | "th" | "caption" => {
                self.close_nearest(&[tag], &["table"])
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close_nearest(&["h1", "h2", "h3", "h4", "h5", "h6"], SCOPES)
            }
            "li" => self.close_nearest(&["li"], &["caption", "table", "td", "th", "ul", "ol"]),
            _ if policy::BLOCKS.contains(&tag) => self.close_nearest(&[tag], SCOPES),
            // The end of a word's look closes no block that began inside it.
            _ => {
                let found = self.open.iter().rposition(|id| {
                    self.tree.tag(*id).is_some_and(|open| open == tag || SCOPES.contains(&open))
                });
                let Some(at) = found.filter(|at| *at > 0 && self.tree.tag(self.open[*at]) == Some(tag))
                else {
                    return;
                };
                let blocks_inside = self.open[at + 1..].iter().any(|id| self.tree.is_block(*id));
                if !blocks_inside || tag == "a" || tag == "span" {
                    while self.open.len() > at {
                        self.pop();
                    }
                }
                true
            }
        };
    }

    fn attributes(
        &mut self,
        tag: &'static str,
        name: &str,
        attributes: &[(String, std::borrow::Cow<'_, str>)],
    ) -> Vec<(&'static str, String)> {
        let mut kept: Vec<(&'static str, String)> = attributes
            .iter()
            .filter_map(|(attribute, value)| policy::attribute(tag, attribute, value))
            .collect();
        if name == "body"
            && let Some((_, text)) = attributes.iter().find(|(attribute, _)| attribute == "text")
            && crate::style::colour(text).is_some()
        {
            let text = format!("color:{}", text.trim());
            match kept.iter_mut().find(|(name, _)| *name == "style") {
                Some((_, style)) => *style = format!("{text};{style}"),
                None => kept.push(("style", text)),
            }
        }
        // `bgcolor` works on tables only; a body has become a block.
        if !matches!(tag, "table" | "tr" | "td" | "th" | "thead" | "tbody" | "tfoot")
            && let Some(at) = kept.iter().position(|(name, _)| *name == "bgcolor")
        {
            let (_, colour) = kept.remove(at);
            if tag == "div" && !kept.iter().any(|(name, _)| *name == "style") {
                kept.push(("style", format!("background-color:{colour}")));
            }
        }
        self.shown += kept.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>();
        kept
    }

    fn image(&mut self, attributes: &[(String, std::borrow::Cow<'_, str>)]) {
        if matches!(self.current_tag(), "table" | "thead" | "tbody" | "tfoot" | "tr") {
            self.cell();
        }
        let of =
            |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        let mut kept = self.attributes("img", "img", attributes);
        let source = of("src").unwrap_or("");
        let inline = |name: &str| (self.options.inline)(name).and_then(|data| policy::picture(&data));
        let shown = match scheme(source) {
            "data" => policy::picture(source),
            "cid" => inline(source[4..].trim_matches(['<', '>'])),
            "http" | "https" | "//" if let Some(own) = inline(source) => Some(own),
            "http" | "https" | "//" => {
                let Some(address) = policy::href(source) else { return };
                let pixel =
                    is_pixel(of("width"), of("height"), kept.iter().find(|(name, _)| *name == "style"));
                if !self.tree.remote.iter().any(|known| known.url == address.href)
                    && self.tree.remote.len() < 500
                {
                    self.tree.remote.push(RemoteImage {
                        url: address.href.clone(),
                        host: address.target,
                        pixel,
                    });
                }
                let fetched = match self.options.remote {
                    Remote::Block => None,
                    Remote::Inline(fetched) => fetched(&address.href).and_then(|data| policy::picture(&data)),
                };
                if fetched.is_none() && !pixel {
                    let alt = of("alt").filter(|alt| !alt.is_empty()).unwrap_or(self.options.words.picture);
                    self.stand_in("remote", alt);
                }
                if fetched.is_none() {
                    return;
                }
                fetched
            }
            _ => None,
        };
        match shown.filter(|data| self.pictures + data.len() <= PICTURES) {
            Some(data) => {
                self.pictures += data.len();
                kept.push(("src", data));
                let parent = self.current();
                self.tree.add(parent, Kind::Element { tag: "img", attributes: kept, mark: Mark::None });
            }
            None => {
                if let Some(alt) = of("alt").filter(|alt| !alt.is_empty()) {
                    self.stand_in("gone", alt);
                }
            }
        }
    }

    /// Words in the place of a picture.
    fn stand_in(&mut self, class: &str, words: &str) {
        let parent = self.current();
        let words = prefix(words, 300);
        self.shown += words.len() + 30;
        let attributes = vec![("class", class.to_owned())];
        let span = self.tree.add(parent, Kind::Element { tag: "span", attributes, mark: Mark::None });
        self.tree.add(span, Kind::Text(words.to_owned()));
    }
}

/// The scheme of a picture's address as far as it matters, in lower case.
fn scheme(address: &str) -> &'static str {
    let starts = |with: &str| address.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    ["data", "cid", "http", "https"]
        .into_iter()
        .find(|scheme| starts(scheme) && address[scheme.len()..].starts_with(':'))
        .unwrap_or(if address.starts_with("//") { "//" } else { "" })
}

/// Whether a picture is too small to be looked at: it is there to tell that the letter was opened.
fn is_pixel(width: Option<&str>, height: Option<&str>, style: Option<&(&'static str, String)>) -> bool {
    let small =
        |length: Option<&str>| length.is_some_and(|l| matches!(l.trim_end_matches("px"), "0" | "1" | "2"));
    let hidden = style.is_some_and(|(_, style)| {
        crate::style::declarations(style).any(|(property, value)| {
            (property == "display" && value == "none")
                || (matches!(property, "width" | "height") && small(Some(value)))
        })
    });
    hidden || small(width) || small(height)
}

/// Classes and ids by which mail programs mark older letters.
fn mark(tag: &str, attributes: &[(String, std::borrow::Cow<'_, str>)]) -> Mark {
    let of = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value);
    let (class, id) = (of("class").to_ascii_lowercase(), of("id").to_ascii_lowercase());
    let classes =
        ["gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-forward-container", "zmail_extra", "quoted"];
    if class.split_whitespace().any(|c| classes.contains(&c)) || id.starts_with("yahoo_quoted") {
        return Mark::Quote;
    }
    if matches!(id.as_str(), "divrplyfwdmsg" | "appendonsend" | "mail-editor-reference-message-container") {
        return Mark::QuoteFollows;
    }
    // Gmail indents what the writer says with a quote that has no border.
    let style = of("style").to_ascii_lowercase().replace(' ', "");
    if tag == "blockquote" && !style.contains("border:none") && !style.contains("border:0") {
        return Mark::Quote;
    }
    Mark::None
}
