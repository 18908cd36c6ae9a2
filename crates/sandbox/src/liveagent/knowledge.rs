//! Knowledge bases: categories, articles, forums with topics, suggestions; listed, searched, written, removed.

use super::answer::{Failure, Reply, Told, done, rows};
use super::time;
use super::{Context, Perhaps, plain};
use crate::world::{DAY, Millis};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DEFAULT: &str = "kb_defa";

/// One entry of a knowledge base.
#[derive(Debug, Clone)]
struct Page {
    id: u32,
    base: String,
    /// 0: none.
    parent: u32,
    /// C category, A article, Q forum, R topic, G suggestion category, S suggestion.
    kind: String,
    status: String,
    access: String,
    order: String,
    title: String,
    keywords: String,
    content: String,
    department: String,
    description: String,
    views: u32,
    created: Millis,
    changed: Millis,
}

#[derive(Debug)]
pub(crate) struct Base {
    pages: BTreeMap<u32, Page>,
    next: u32,
}

const SEEDS: [(u32, u32, &str, &str, &str, &str); 13] = [
    (7, 0, "C", "General", "", "Everything that is asked often"),
    (16, 7, "C", "Deliveries", "", "Where is it, and when does it come?"),
    (15, 7, "C", "Devices", "", ""),
    (
        38,
        16,
        "A",
        "How to send something back",
        "<p>Within 30 days, free of charge. Print the <b>label</b> and put it on the box.</p><img src=\"label.png\">",
        "",
    ),
    (
        39,
        16,
        "A",
        "Delivery times",
        "<p>Two days within the country, five abroad.</p><ul><li>Islands: ten</li></ul>",
        "",
    ),
    (40, 16, "A", "Jak změnit adresu doručení", "<p>Napište nám číslo objednávky a novou adresu.</p>", ""),
    (
        41,
        15,
        "A",
        "Router restarts at night",
        "<p>Update to version 4.2, then switch the timer off.</p><pre>set timer off</pre>",
        "",
    ),
    (
        42,
        15,
        "A",
        "Two-factor sign-in on a new phone",
        "<p>We reset it after a call-back. Codes look like 482 113.</p>",
        "",
    ),
    (50, 0, "Q", "Forum", "", "Customers help each other"),
    (51, 50, "R", "Which lamp for a terrace?", "<p>Anything from IP44 on.</p>", ""),
    (60, 0, "G", "Ideas", "", "What we should build"),
    (61, 60, "S", "A darker dark theme", "<p>Please.</p>", ""),
    (62, 60, "G", "Ideas for the shop", "", ""),
];

impl Base {
    pub(super) fn new(now: Millis) -> Self {
        let page =
            |(id, parent, kind, title, content, description): (u32, u32, &str, &str, &str, &str)| Page {
                id,
                base: DEFAULT.to_owned(),
                parent,
                kind: kind.to_owned(),
                status: if id == 61 { "L" } else { "P" }.to_owned(),
                access: if id == 42 { "I" } else { "P" }.to_owned(),
                order: (id % 10).to_string(),
                title: title.to_owned(),
                keywords: if kind == "A" { "faq, questions" } else { "" }.to_owned(),
                content: content.to_owned(),
                department: if kind == "G" { "categories_support" } else { "" }.to_owned(),
                description: description.to_owned(),
                views: id * 31,
                created: now - i64::from(200 - id) * DAY,
                changed: now - i64::from(100 - id) * DAY,
            };
        Self { pages: SEEDS.into_iter().map(|seed| (seed.0, page(seed))).collect(), next: 100 }
    }

    /// Entries above it, from the root down.
    fn above(&self, id: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut at = self.pages.get(&id).map_or(0, |p| p.parent);
        while at != 0 && !path.contains(&at) {
            path.insert(0, at);
            at = self.pages.get(&at).map_or(0, |p| p.parent);
        }
        path
    }

    fn tree_path(&self, id: u32) -> String {
        self.above(id).iter().fold("0".to_owned(), |path, id| format!("{path}|{id}"))
    }

    /// What it inherits: internal if anything above it is.
    fn access(&self, page: &Page) -> &'static str {
        let mut all = self.above(page.id).into_iter().chain([page.id]);
        if all.any(|id| self.pages.get(&id).is_some_and(|p| p.access == "I")) { "I" } else { "P" }
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "knowledgebase.knowledgebases.get" => {
            let all = [(DEFAULT, "Help centre"), ("kb_staff", "For agents")];
            let (from, count) = (cx.call.number("offset").unwrap_or(0), limit(cx, 10));
            let page = all.iter().skip(from).take(count);
            rows("knowledgebases", page.map(|(id, name)| json!({"kb_id": id, "name": name})).collect())
        }
        "knowledgebase.articles.get" => list(cx, "articles", 10),
        "knowledgebase.entries.get" => list(cx, "entries", 50),
        "knowledgebase.search.get" => search(cx),
        "knowledgebase.articles.post" => write(cx, "A"),
        "knowledgebase.categories.post" => {
            let kind = cx.call.param("rtype").unwrap_or("C").to_owned();
            write(cx, &kind)
        }
        "knowledgebase.articles.id.put" | "knowledgebase.categories.id.put" => rewrite(cx),
        "knowledgebase.entries.entry_id.delete" => remove(cx),
        "suggestioncategories.get" => suggestions(cx),
        _ => return None,
    })
}

fn limit(cx: &Context<'_>, default: usize) -> usize {
    cx.call.number("limit").unwrap_or(default).min(500)
}

/// Columns that every view of an entry has.
fn common(cx: &Context<'_>, page: &Page) -> Value {
    let base = &cx.store.knowledge;
    json!({"kb_id": page.base, "kb_entry_id": page.id.to_string(), "urlcode": (376_000 + page.id).to_string(),
        "title": page.title, "treepath": base.tree_path(page.id), "rtype": page.kind, "rstatus": page.status,
        "access": page.access, "access_inherited": base.access(page), "datechanged": cx.time(page.changed)})
}

fn with(mut row: Value, more: Value) -> Value {
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.extend(more);
    }
    row
}

fn parent(page: &Page) -> String {
    if page.parent == 0 { String::new() } else { page.parent.to_string() }
}

/// An entry as the lists show it.
fn shown(cx: &Context<'_>, page: &Page) -> Value {
    let more = json!({"parent_entry_id": parent(page), "rorder": page.order, "metadescription": page.description,
        "keywords": page.keywords, "content": page.content, "conversationid": "", "departmentid": page.department,
        "views": page.views.to_string(), "votes": "0", "datecreated": cx.time(page.created), "deleted": "N",
        "description": page.description});
    with(common(cx, page), more)
}

fn list(cx: &Context<'_>, name: &str, default: usize) -> Told {
    let call = cx.call;
    let number = |names: [&str; 2]| {
        names.iter().find_map(|n| call.param(n)).map(|v| v.parse::<u32>().unwrap_or(u32::MAX))
    };
    let (parent, own) = (number(["parent_entry_id", "parent_id"]), number(["entry_id", "article_id"]));
    let since = call.param("date_changed");
    let since = since
        .map(|text| {
            time::read(text, &cx.zone)
                .ok_or_else(|| Failure::processing(format!("{text} is no valid datetime")))
        })
        .transpose()?;
    let base = &cx.store.knowledge;
    let meant = |p: &&Page| {
        call.param("kb_id").is_none_or(|kb| kb == p.base)
            && parent.is_none_or(|id| id == p.parent)
            && own.is_none_or(|id| id == p.id)
            && since.is_none_or(|at| p.changed > at)
            && call.param("tree_path").is_none_or(|t| format!("{}|", base.tree_path(p.id)).starts_with(t))
    };
    let page = base.pages.values().filter(meant).skip(call.number("offset").unwrap_or(0));
    rows(name, page.take(limit(cx, default)).map(|p| shown(cx, p)).collect())
}

/// Entries in which every word stands somewhere, those with it in the title first.
fn search(cx: &Context<'_>) -> Told {
    let query = cx.call.required("query")?.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let top = cx.call.param("top_article_id").and_then(|id| id.parse::<u32>().ok());
    let base = &cx.store.knowledge;
    let meant = |p: &&Page| {
        let text = format!("{} {} {}", p.title, plain::words(&p.content), p.keywords).to_lowercase();
        words.iter().all(|w| text.contains(w))
            && cx.call.param("kb_id").is_none_or(|kb| kb == p.base)
            && top.is_none_or(|top| top == p.id || base.above(p.id).contains(&top))
    };
    let mut found: Vec<&Page> = base.pages.values().filter(meant).collect();
    found.sort_by_key(|p| !words.iter().any(|w| p.title.to_lowercase().contains(w)));
    let row = |p: &&Page| {
        let url: String = p.title.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let more = json!({"title_clear": p.title, "content_text": plain::words(&p.content),
            "content_simple_html": plain::without_pictures(&p.content), "conversationid": "", "votesCount": "0",
            "url": format!("//{}/{}-{url}", cx.call.head.host, 376_000 + p.id)});
        with(common(cx, p), more)
    };
    rows("entries", found.iter().take(limit(cx, 10)).map(row).collect())
}

/// An entry as its writer sees it.
fn written(cx: &Context<'_>, id: u32) -> Told {
    let page = cx.store.knowledge.pages.get(&id);
    let page = page.ok_or_else(|| Failure::missing(format!("entry {id} not found")))?;
    let own = match page.kind.as_str() {
        "A" => json!({"content": page.content, "content_text": plain::words(&page.content),
            "content_simple_html": plain::without_pictures(&page.content)}),
        _ => json!({"departmentid": page.department, "description": page.description}),
    };
    let more = json!({"parent_entry_id": parent(page), "rorder": page.order, "keywords": page.keywords,
        "datecreated": cx.time(page.created), "views": page.views.to_string()});
    Ok(Reply::Document(with(with(common(cx, page), own), more)))
}

fn write(cx: &mut Context<'_>, kind: &str) -> Told {
    let call = cx.call;
    let parent = call.param("parent_entry_id").map_or(Ok(0), str::parse);
    let parent: u32 = parent.map_err(|_| Failure::processing("parent_entry_id is no entry"))?;
    let now = cx.world.now();
    let base = &mut cx.store.knowledge;
    if parent != 0 && !base.pages.contains_key(&parent) {
        return Err(Failure::processing(format!("entry {parent} not found")));
    }
    base.next += 1;
    let id = base.next;
    let given = |name: &str, otherwise: &str| call.param(name).unwrap_or(otherwise).to_owned();
    let page = Page {
        id,
        base: given("kb_id", DEFAULT),
        parent,
        kind: kind.to_owned(),
        status: given("rstatus", "P"),
        access: given("access", "P"),
        order: given("rorder", "0"),
        title: given("title", ""),
        keywords: given("keywords", ""),
        content: given("content", ""),
        department: given("departmentid", if kind == "C" { "" } else { "default" }),
        description: given("description", ""),
        views: 0,
        created: now,
        changed: now,
    };
    base.pages.insert(id, page);
    written(cx, id)
}

/// Inferred: what is sent is changed, and the entry is shown.
fn rewrite(cx: &mut Context<'_>) -> Told {
    let (call, now) = (cx.call, cx.world.now());
    let id = call.path("id").parse().unwrap_or(0);
    if let Some(page) = cx.store.knowledge.pages.get_mut(&id) {
        page.changed = now;
        let places = [
            ("title", &mut page.title),
            ("content", &mut page.content),
            ("keywords", &mut page.keywords),
            ("rstatus", &mut page.status),
            ("access", &mut page.access),
            ("rorder", &mut page.order),
            ("description", &mut page.description),
        ];
        for (name, place) in places {
            if let Some(value) = call.sent(name) {
                value.clone_into(place);
            }
        }
    }
    written(cx, id)
}

/// With everything below it.
fn remove(cx: &mut Context<'_>) -> Told {
    let named = cx.call.path("entry_id");
    let id = named.parse().unwrap_or(0);
    let base = &mut cx.store.knowledge;
    if !base.pages.contains_key(&id) {
        return Err(Failure::missing(format!("entry {named} not found")));
    }
    let gone: Vec<u32> =
        base.pages.keys().copied().filter(|p| *p == id || base.above(*p).contains(&id)).collect();
    base.pages.retain(|page, _| !gone.contains(page));
    done()
}

fn suggestions(cx: &Context<'_>) -> Told {
    let base = &cx.store.knowledge;
    let row = |p: &Page| {
        let titles = base.above(p.id).into_iter().chain([p.id]).filter_map(|id| base.pages.get(&id));
        let path: Vec<&str> = titles.map(|p| p.title.as_str()).collect();
        json!({"id": p.id.to_string(), "title": p.title, "path": path.join(" / ")})
    };
    rows("suggestioncategories", base.pages.values().filter(|p| p.kind == "G").map(row).collect())
}
