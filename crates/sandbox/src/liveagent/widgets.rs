//! Contact widgets: buttons, forms and windows on web pages. They are only kept.

use super::answer::{Failure, Reply, Told, done, rows};
use super::{Context, Perhaps};
use crate::world::records::{Record, text};
use crate::world::{Dice, World};
use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Widgets {
    all: Vec<Record>,
    dice: Dice,
}

/// Fields that a widget may have, in the document's order; the first ones are in the list.
const LISTED: [&str; 14] = [
    "contactwidgetid",
    "name",
    "provide",
    "departmentid",
    "kb_id",
    "rtype",
    "usecode",
    "status",
    "description",
    "impressions",
    "tickets",
    "language",
    "last_display_time",
    "last_display_url",
];
/// The last one has capitals in what is told, and none in what is sent.
const CODES: [&str; 8] = [
    "onlinecode",
    "onlinecode_ieold",
    "offlinecode",
    "offlinecode_ieold",
    "onlinecode_css",
    "onlinecode_ieold_css",
    "offlinecode_css",
    "offlinecode_ieold_css",
];

impl Widgets {
    pub(super) fn new(world: &World) -> Self {
        let department = world.records.list("ticket_categories").next().map_or("", |d| text(d, "id"));
        let seed = |(id, name, kind, status): (&str, &str, &str, &str)| {
            let mut widget = Record::new();
            let fields =
                [("contactwidgetid", id), ("name", name), ("provide", "BFC"), ("departmentid", department)];
            let more = [("rtype", kind), ("usecode", "B"), ("status", status), ("language", "en-US")];
            for (name, value) in fields.into_iter().chain(more) {
                widget.insert(name.to_owned(), json!(value));
            }
            widget.insert("onlinecode".to_owned(), json!("<span>Talk to us</span>"));
            widget
        };
        let all = [
            ("w0000001", "Chat button", "C", "A"),
            ("w0000002", "Contact form", "O", "A"),
            ("w0000003", "Old button", "C", "I"),
        ];
        Self { all: all.into_iter().map(seed).collect(), dice: Dice::new(0x1D6E7) }
    }

    fn find(&self, id: &str) -> Result<usize, Failure> {
        let found = self.all.iter().position(|w| text(w, "contactwidgetid") == id);
        found.ok_or_else(|| Failure::missing(format!("widget {id} not found")))
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    let id = cx.call.path("contactwidgetid");
    Some(match cx.call.route.id.as_str() {
        "widgets.get" => list(cx),
        "widgets.contactwidgetid.get" => cx.store.widgets.find(id).map(|at| Reply::Document(whole(cx, at))),
        "widgets.post" => {
            let mut widget = Record::new();
            widget.insert("contactwidgetid".to_owned(), json!(cx.store.widgets.dice.hex(8)));
            cx.store.widgets.all.push(widget);
            let at = cx.store.widgets.all.len() - 1;
            write(cx, at)
        }
        "widgets.contactwidgetid.put" => match cx.store.widgets.find(id) {
            Ok(at) => write(cx, at),
            Err(missing) => Err(missing),
        },
        "widgets.contactwidgetid.delete" => match cx.store.widgets.find(id) {
            Ok(at) => {
                cx.store.widgets.all.remove(at);
                done()
            }
            Err(missing) => Err(missing),
        },
        _ => return None,
    })
}

/// A field as it is shown: counters are numbers as text, what is empty is text too.
fn field(widget: &Record, name: &str) -> Value {
    let empty = if matches!(name, "impressions" | "tickets") { "0" } else { "" };
    widget.get(name).cloned().unwrap_or_else(|| json!(empty))
}

fn brief(widget: &Record) -> Value {
    Value::Object(LISTED.iter().map(|name| ((*name).to_owned(), field(widget, name))).collect())
}

fn list(cx: &Context<'_>) -> Told {
    let filters = ["provide", "departmentid", "rtype", "usecode", "status"];
    let meant = |w: &&Record| filters.iter().all(|f| cx.call.param(f).is_none_or(|v| text(w, f) == v));
    let all = cx.store.widgets.all.iter().filter(meant).skip(cx.call.number("limitfrom").unwrap_or(0));
    rows("widgets", all.take(cx.call.number("limitcount").unwrap_or(100).min(1_000)).map(brief).collect())
}

fn whole(cx: &Context<'_>, at: usize) -> Value {
    let Some(widget) = cx.store.widgets.all.get(at) else { return Value::Null };
    let mut shown = brief(widget);
    for name in CODES {
        let told = if name == "offlinecode_ieold_css" { "offlinecode_ieold_CSS" } else { name };
        shown[told] = widget.get(name).cloned().unwrap_or(Value::Null);
    }
    let script = format!(
        "<script type=\"text/javascript\">\n(function(d, src, c) {{ /* … */ }})(document,\n'//{}/scripts/track.js',\nfunction(e){{ LiveAgent.createButton('{}', e); }});\n</script>",
        cx.call.head.host,
        text(widget, "contactwidgetid")
    );
    shown["integration_code"] = json!(script);
    for name in ["attributes", "form_fields"] {
        shown[name] = widget.get(name).cloned().unwrap_or_else(|| json!([]));
    }
    shown
}

fn write(cx: &mut Context<'_>, at: usize) -> Told {
    let call = cx.call;
    if let Some(widget) = cx.store.widgets.all.get_mut(at) {
        for name in LISTED.iter().skip(1).chain(&CODES) {
            if let Some(value) = call.sent(name) {
                widget.insert((*name).to_owned(), json!(value));
            }
        }
        for name in ["attributes", "form_fields"] {
            let sent = call.param(name).and_then(|text| serde_json::from_str::<Value>(text).ok());
            if let Some(list) = sent.filter(Value::is_array) {
                widget.insert(name.to_owned(), list);
            }
        }
    }
    Ok(Reply::Document(whole(cx, at)))
}
