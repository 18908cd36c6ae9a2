//! Tags of conversations and groups of customers: names with two colours.

use super::answer::{Failure, Reply, Told, done, rows};
use super::{Context, Perhaps};
use crate::world::{Dice, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One tag or group.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub id: String,
    pub name: String,
    /// What the world calls it: its first name, which stays when it is renamed.
    pub word: String,
    color: String,
    background: String,
}

impl Label {
    fn shown(&self) -> Value {
        json!({"id": self.id, "name": self.name, "color": self.color, "bg_color": self.background})
    }
}

#[derive(Debug)]
pub(crate) struct Labels {
    all: Vec<Label>,
    dice: Dice,
    what: &'static str,
}

impl Labels {
    pub(super) fn of_tags(seed: u64, world: &World) -> Self {
        let mut labels = Self { all: Vec::new(), dice: Dice::new(seed ^ 0x7A6), what: "tag" };
        labels.learn(["vip", "spam"]);
        let words: BTreeSet<&str> = world.tickets.iter().flat_map(|t| &t.tags).map(String::as_str).collect();
        labels.learn(words);
        labels
    }

    pub(super) fn of_groups(seed: u64) -> Self {
        let mut labels = Self { all: Vec::new(), dice: Dice::new(seed ^ 0x96_09), what: "customers group" };
        labels.learn(["VIP", "Premium", "Needs patience"]);
        labels
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Label> {
        self.all.iter()
    }

    /// Words of the world that are new here become labels.
    pub(super) fn learn<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) {
        for word in words {
            if self.by_word(word).is_none() {
                self.named_or_new(word);
            }
        }
    }

    pub(super) fn find(&self, id: &str) -> Result<&Label, Failure> {
        self.all.iter().find(|l| l.id == id).ok_or_else(|| self.missing(id))
    }

    pub(super) fn by_name(&self, name: &str) -> Result<&Label, Failure> {
        self.all.iter().find(|l| l.name == name).ok_or_else(|| self.missing(name))
    }

    pub(super) fn by_word(&self, word: &str) -> Option<&Label> {
        self.all.iter().find(|l| l.word == word)
    }

    /// The id of what the world calls so.
    pub(super) fn id_of(&self, word: &str) -> Option<&str> {
        self.by_word(word).map(|l| l.id.as_str())
    }

    fn missing(&self, named: &str) -> Failure {
        Failure::missing(format!("{} {named} not found", self.what))
    }

    /// The label of that name, which is made if there is none.
    pub(super) fn named_or_new(&mut self, name: &str) -> &Label {
        let at = self.all.iter().position(|l| l.name == name).unwrap_or_else(|| {
            let (id, color) = (self.dice.hex(4), "FFFFFF".to_owned());
            let background = self.dice.hex(6).to_uppercase();
            self.all.push(Label { id, name: name.to_owned(), word: name.to_owned(), color, background });
            self.all.len() - 1
        });
        &self.all[at]
    }
}

fn labels<'a>(cx: &'a mut Context<'_>, kind: &str) -> &'a mut Labels {
    if kind == "tags" { &mut cx.store.tags } else { &mut cx.store.groups }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    let (kind, rest) = cx.call.route.id.split_once('.')?;
    if !matches!(kind, "tags" | "customersgroups") {
        return None;
    }
    let id = ["tagid", "groupid"].into_iter().map(|v| cx.call.path(v)).find(|v| !v.is_empty()).unwrap_or("");
    Some(match rest {
        "get" => {
            let all = labels(cx, kind).all.iter().map(|l| json!({"id": l.id, "name": l.name})).collect();
            rows(if kind == "tags" { "tags" } else { "groups" }, all)
        }
        "post" => add(cx, kind),
        "tagid.get" | "groupid.get" => labels(cx, kind).find(id).map(|l| Reply::Document(l.shown())),
        "tagid.put" | "groupid.put" => change(cx, kind, id),
        "tagid.delete" | "groupid.delete" => remove(cx, kind, id),
        _ => return None,
    })
}

/// Inferred: a name that exists already is refused.
fn add(cx: &mut Context<'_>, kind: &str) -> Told {
    let call = cx.call;
    let name = call.required("name")?;
    let labels = labels(cx, kind);
    if labels.by_name(name).is_ok() {
        return Err(Failure::processing(format!("{} {name} exists already", labels.what)));
    }
    let id = labels.named_or_new(name).id.clone();
    paint(call, labels, &id);
    let mut shown = labels.find(&id)?.shown();
    (shown["status"], shown["statuscode"]) = (json!("OK"), json!("0"));
    Ok(Reply::Document(shown))
}

/// Sets the colours and the name that were sent.
fn paint(call: &super::Call, labels: &mut Labels, id: &str) {
    if let Some(label) = labels.all.iter_mut().find(|l| l.id == id) {
        let places =
            [("name", &mut label.name), ("color", &mut label.color), ("bg_color", &mut label.background)];
        for (parameter, place) in places {
            if let Some(value) = call.param(parameter) {
                value.clone_into(place);
            }
        }
    }
}

fn change(cx: &mut Context<'_>, kind: &str, id: &str) -> Told {
    let call = cx.call;
    let labels = labels(cx, kind);
    labels.find(id)?;
    paint(call, labels, id);
    done()
}

fn remove(cx: &mut Context<'_>, kind: &str, id: &str) -> Told {
    let labels = labels(cx, kind);
    let word = labels.find(id)?.word.clone();
    labels.all.retain(|l| l.id != id);
    if kind == "tags" {
        let tagged: Vec<i64> =
            cx.world.tickets.iter().filter(|t| t.tags.contains(&word)).map(|t| t.number).collect();
        for number in tagged {
            cx.world.edit_ticket(number, None, |t| t.tags.retain(|tag| *tag != word))?;
        }
    } else {
        cx.store.customers.forget_group(id);
    }
    done()
}
