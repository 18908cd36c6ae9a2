//! Finds older letters inside a letter and folds them, so that an agent reads what is new.
//!
//! Mail programs mark them by an element, by a line that introduces them ("On … wrote:"), by the head of the older letter
//! ("From: … Sent: …"), by a divider, or by `>` before each line. All are looked for in the same [`Line`]s, so a mail in
//! HTML and one in plain text are folded by the same rules. A letter that would be folded as a whole is left as it is.

use crate::plain::{Line, lines};
use crate::tree::{Id, Kind, Mark, ROOT, Tree};

/// Labels of the sender in the head of an older letter, in the languages of the app and of its neighbours.
const FROM: &[&str] = &[
    "from",
    "od",
    "von",
    "från",
    "fra",
    "de",
    "da",
    "van",
    "feladó",
    "lähettäjä",
    "expéditeur",
    "odesílatel",
    "absender",
    "remitente",
    "mittente",
    "avsändare",
    "nadawca",
];

/// Labels of what follows the sender there.
const THEN: &[&str] = &[
    "sent",
    "date",
    "to",
    "cc",
    "subject",
    "reply-to",
    "odesláno",
    "odoslané",
    "datum",
    "dátum",
    "komu",
    "kopie",
    "předmět",
    "predmet",
    "gesendet",
    "an",
    "betreff",
    "skickat",
    "till",
    "kopia",
    "ämne",
    "sendt",
    "til",
    "emne",
    "envoyé",
    "à",
    "objet",
    "enviado",
    "enviado el",
    "para",
    "asunto",
    "assunto",
    "inviato",
    "a",
    "oggetto",
    "data",
    "verzonden",
    "aan",
    "onderwerp",
    "wysłano",
    "do",
    "temat",
    "elküldve",
    "címzett",
    "tárgy",
    "lähetetty",
    "vastaanottaja",
    "aihe",
];

/// "wrote", in the same languages.
const WROTE: &[&str] = &[
    "wrote",
    "napsal",
    "skrev",
    "schrieb",
    "a écrit",
    "escribió",
    "ha scritto",
    "napísal",
    "napisał",
    "schreef",
    "kirjoitti",
    "írta",
    "escreveu",
];

/// What stands between dashes above an older letter.
const DIVIDERS: &[&str] = &[
    "original message",
    "forwarded message",
    "forwarded by",
    "původní zpráva",
    "přeposlaná zpráva",
    "předaná zpráva",
    "ursprungligt meddelande",
    "vidarebefordrat",
    "ursprüngliche nachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message d’origine",
    "message transféré",
    "mensaje original",
    "mensaje reenviado",
    "messaggio originale",
    "messaggio inoltrato",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "wiadomość oryginalna",
    "pôvodná správa",
    "oprindelig meddelelse",
    "alkuperäinen viesti",
    "mensagem original",
];

/// Folds every older letter into a `details` element under `summary`. Says whether there was one.
pub(crate) fn fold(tree: &mut Tree, summary: &str) -> bool {
    let groups = Finder::new(tree).groups();
    for group in &groups {
        wrap(tree, group, summary);
    }
    !groups.is_empty()
}

/// Puts neighbours into a folded part of their own.
fn wrap(tree: &mut Tree, group: &[Id], summary: &str) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let parent = tree.nodes[*first].parent;
    let details = tree.loose(Kind::Element {
        tag: "details",
        attributes: vec![("class", "quoted".to_owned())],
        mark: Mark::None,
    });
    let head = tree.add(details, Kind::Element { tag: "summary", attributes: Vec::new(), mark: Mark::None });
    tree.add(head, Kind::Text(summary.to_owned()));
    let siblings = &tree.nodes[parent].children;
    let at = |id: &Id| siblings.iter().position(|sibling| sibling == id);
    let (Some(start), Some(end)) = (at(first), at(last)) else { return };
    let moved: Vec<Id> = tree.nodes[parent].children.splice(start..=end, [details]).collect();
    for id in &moved {
        tree.nodes[*id].parent = details;
    }
    tree.nodes[details].children.extend(moved);
    tree.nodes[details].parent = parent;
}

/// Nodes are numbered in the order of the letter, parents before their children: most questions are comparisons.
struct Finder<'t> {
    tree: &'t Tree,
    lines: Vec<Line>,
    /// The last node inside each node.
    end: Vec<Id>,
    /// The place of each node among its siblings.
    place: Vec<usize>,
    /// Whether nothing is seen of the node.
    blank: Vec<bool>,
    /// The place of the first seen child.
    first_seen: Vec<usize>,
    groups: Vec<Vec<Id>>,
}

impl<'t> Finder<'t> {
    fn new(tree: &'t Tree) -> Self {
        let count = tree.nodes.len();
        let mut end: Vec<Id> = (0..count).collect();
        let mut place = vec![0; count];
        let mut blank = vec![false; count];
        let mut first_seen = vec![usize::MAX; count];
        for id in (0..count).rev() {
            let children = &tree.nodes[id].children;
            for (at, child) in children.iter().enumerate() {
                place[*child] = at;
            }
            end[id] = children.last().map_or(id, |last| end[*last]);
            let seen = children.iter().position(|child| !blank[*child]);
            first_seen[id] = seen.unwrap_or(usize::MAX);
            blank[id] = if children.is_empty() { tree.is_blank(id) } else { seen.is_none() };
        }
        Self { tree, lines: lines(tree), end, place, blank, first_seen, groups: Vec::new() }
    }

    /// The groups of neighbours to fold; none of them lies in another, and something is left outside.
    fn groups(mut self) -> Vec<Vec<Id>> {
        self.elements();
        self.marked_lines();
        self.introduced();
        let outside = |line: &Line| !self.is_taken(line.first);
        let something_new = self.lines.iter().any(|line| outside(line) && !only_introduces(&line.text));
        if something_new { self.groups } else { Vec::new() }
    }

    fn inside(&self, id: Id, of: Id) -> bool {
        of <= id && id <= self.end[of]
    }

    /// Whether it already lies in a group: groups hold neighbours, so their first and last node tell.
    fn is_taken(&self, id: Id) -> bool {
        self.groups.iter().any(|group| match (group.first(), group.last()) {
            (Some(first), Some(last)) => *first <= id && id <= self.end[*last],
            _ => false,
        })
    }

    /// The largest element that begins with this node.
    fn whole(&self, id: Id) -> Id {
        let mut id = id;
        loop {
            let parent = self.tree.nodes[id].parent;
            let first = self.first_seen[parent] >= self.place[id];
            if id == ROOT || parent == ROOT || !first || is_part_of_table(self.tree, parent) {
                return id;
            }
            id = parent;
        }
    }

    /// The child of `parent` that `id` lies in.
    fn child_of(&self, parent: Id, id: Id) -> Option<Id> {
        let mut id = id;
        while id != ROOT {
            if self.tree.nodes[id].parent == parent {
                return Some(id);
            }
            id = self.tree.nodes[id].parent;
        }
        None
    }

    /// Elements that a mail program marked.
    fn elements(&mut self) {
        let mut id = 1;
        while id < self.tree.nodes.len() {
            let Kind::Element { mark, .. } = &self.tree.nodes[id].kind else {
                id += 1;
                continue;
            };
            match mark {
                Mark::Quote if !self.blank[id] && !is_part_of_table(self.tree, id) => {
                    let start = self.introduction(id).unwrap_or(id);
                    let parent = self.tree.nodes[id].parent;
                    self.groups
                        .push(self.tree.nodes[parent].children[self.place[start]..=self.place[id]].to_vec());
                    id = self.end[id] + 1;
                }
                Mark::QuoteFollows => {
                    self.fold_rest(id);
                    return;
                }
                _ => id += 1,
            }
            if self.groups.len() > 500 {
                return;
            }
        }
    }

    /// The sibling that holds the line which introduces the quoted element, such as "On … wrote:".
    fn introduction(&self, quote: Id) -> Option<Id> {
        let first = self.lines.partition_point(|line| line.first < quote);
        let line = self.lines[..first].last().filter(|line| introduces(&line.text))?;
        let parent = self.tree.nodes[quote].parent;
        let start = self.child_of(parent, line.first)?;
        (self.whole_within(line.first, parent) == start && !self.is_taken(start)).then_some(start)
    }

    /// The largest element below `parent` that begins with this node.
    fn whole_within(&self, id: Id, parent: Id) -> Id {
        let mut id = id;
        loop {
            let above = self.tree.nodes[id].parent;
            if above == parent || id == ROOT || self.first_seen[above] < self.place[id] {
                return id;
            }
            id = above;
        }
    }

    /// The first head, divider or introducing line, after which all is older.
    fn introduced(&mut self) {
        let open = (0..self.lines.len()).find(|at| {
            !self.is_taken(self.lines[*at].first)
                && (self.is_head(*at) || self.is_divider(*at) || self.is_wrote(*at))
        });
        if let Some(mut at) = open {
            let rule = |text: &str| text.len() >= 5 && text.chars().all(|c| matches!(c, '_' | '-' | '—'));
            if at > 0 && rule(self.lines[at - 1].text.trim()) {
                at -= 1;
            }
            let id = self.lines[at].first;
            // Only a line at its start tells where to begin: text of the same element may stand before it.
            let id = if self.tree.plain { id } else { self.whole(id) };
            self.fold_rest(id);
        }
    }

    /// Folds from `id` to the end of the letter.
    fn fold_rest(&mut self, id: Id) {
        let mut id = self.whole(id);
        let mut start = self.place[id];
        loop {
            let parent = self.tree.nodes[id].parent;
            if is_part_of_table(self.tree, parent) {
                // A cell cannot be folded together with the next one.
                id = parent;
                start = self.place[id] + 1;
                if id == ROOT {
                    return;
                }
                continue;
            }
            let group = self.tree.nodes[parent].children[start.min(self.tree.nodes[parent].children.len())..]
                .to_vec();
            if let (Some(first), Some(last)) = (group.first(), group.last())
                && !group.iter().all(|id| self.blank[*id])
            {
                let (first, last) = (*first, self.end[*last]);
                self.groups.retain(|inner| !inner.first().is_some_and(|id| first <= *id && *id <= last));
                self.groups.push(group);
            }
            if parent == ROOT {
                return;
            }
            id = parent;
            start = self.place[id] + 1;
        }
    }

    fn is_head(&self, at: usize) -> bool {
        let label = |line: &Line| {
            let (label, _) = line.text.split_once(':')?;
            let label = label.trim_matches([' ', '*', '\t', '>']);
            (label.len() <= 24).then(|| label.to_lowercase())
        };
        if !label(&self.lines[at]).is_some_and(|label| FROM.contains(&label.as_str())) {
            return false;
        }
        let following = self.lines[at + 1..].iter().take(4);
        following.filter(|line| label(line).is_some_and(|label| THEN.contains(&label.as_str()))).count() >= 2
    }

    fn is_divider(&self, at: usize) -> bool {
        let text = self.lines[at].text.trim();
        if !text.starts_with("--") && !text.starts_with("__") || text.len() > 120 {
            return false;
        }
        let lower = text.to_lowercase();
        DIVIDERS.iter().any(|divider| lower.contains(divider))
    }

    /// "On … wrote:", on one line or broken into two.
    fn is_wrote(&self, at: usize) -> bool {
        let text = &self.lines[at].text;
        let says = |text: &str| {
            let lower = text.to_lowercase();
            introduces(text) && WROTE.iter().any(|verb| lower.contains(verb))
        };
        if says(text) {
            return true;
        }
        let begins = ["On ", "Dne ", "Am ", "Den ", "Le ", "El ", "Il ", "Op ", "Dňa "];
        begins.iter().any(|begin| text.starts_with(begin))
            && !text.ends_with(['.', '!', '?'])
            && self
                .lines
                .get(at + 1)
                .is_some_and(|next| next.text.len() < 120 && says(&format!("{text} {}", next.text)))
    }

    /// Rows of lines with `>` before them.
    fn marked_lines(&mut self) {
        let marked = |line: &Line| line.text.trim_start().starts_with('>');
        let mut at = 0;
        while at < self.lines.len() && self.groups.len() <= 500 {
            if !marked(&self.lines[at]) || self.is_taken(self.lines[at].first) {
                at += 1;
                continue;
            }
            let count = self.lines[at..].iter().take_while(|line| marked(line)).count();
            let introduced = at > 0 && introduces(&self.lines[at - 1].text);
            let in_two_lines =
                introduced && at > 1 && !introduces(&self.lines[at - 2].text) && self.is_wrote(at - 2);
            let start = at - usize::from(introduced) - usize::from(in_two_lines);
            let next = at + count;
            if introduced || count > 1 {
                self.group_of_lines(start, next);
            }
            at = next;
        }
    }

    /// Folds the lines `start..next`, where they are neighbours and nothing else stands among them.
    fn group_of_lines(&mut self, start: usize, next: usize) {
        let first = self.whole(self.lines[start].first);
        let parent = self.tree.nodes[first].parent;
        let Some(last) = self.child_of(parent, self.lines[next - 1].last) else { return };
        let goes_on = self.lines.get(next).is_some_and(|line| self.inside(line.first, last));
        if goes_on || is_part_of_table(self.tree, parent) {
            return;
        }
        self.groups.push(self.tree.nodes[parent].children[self.place[first]..=self.place[last]].to_vec());
    }
}

/// A line that ends with a colon and tells a time or a name: it introduces what stands below.
fn introduces(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 300 && text.ends_with(':') && text.contains(|c: char| c.is_ascii_digit() || c == '@')
}

fn only_introduces(text: &str) -> bool {
    introduces(text) || text.trim().chars().all(|c| !c.is_alphanumeric())
}

/// Whether its children are rows or cells, or it is one itself: they cannot stand in a folded part without their table.
fn is_part_of_table(tree: &Tree, id: Id) -> bool {
    matches!(tree.tag(id), Some("table" | "thead" | "tbody" | "tfoot" | "tr"))
}
