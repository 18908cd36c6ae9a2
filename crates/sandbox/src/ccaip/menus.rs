//! Queues as menus: a tree whose groups stand above the leaf menus where customers wait. Every queue of the world is a leaf;
//! a few leaves are this platform's own, for calls out of an app and out of a web page.

use super::answer::{Failure, Reply, Told};
use super::filter::{Filters, rows};
use super::routes::Op;
use super::{Context, agents};
use crate::world::{Channel, World};
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(super) struct Menu {
    pub id: u32,
    pub name: String,
    pub parent: Option<u32>,
    pub position: usize,
    pub deleted: bool,
    pub hidden: bool,
    /// `ivr_menu`, `mobile_menu`, `web_menu`, and `email_menu` as the e-mail sample has it.
    pub kind: &'static str,
    pub said: String,
    /// Work waits here; else it is a group.
    pub leaf: bool,
    /// `voice_call`, `chat` or `email`.
    pub channel: &'static str,
}

/// The groups: main telephone line, app, web page, post.
const IVR: u32 = 10;
const APP: u32 = 20;
const WEB: u32 = 30;
const POST: u32 = 40;
/// Leaves of this platform alone.
pub(super) const APP_CALL: u32 = 21;
pub(super) const WEB_CALLBACK: u32 = 31;
/// Where incoming calls of the typical day wait.
pub(super) const SUPPORT: u32 = 2000;
pub(super) const WEB_CHAT: u32 = 3002;
pub(super) const MAIL: u32 = 3001;

#[derive(Debug)]
pub(super) struct Menus(Vec<Menu>);

impl Menus {
    pub(super) fn new(world: &World) -> Self {
        let group = |id, name: &str, kind, position| Menu {
            id,
            name: name.to_owned(),
            parent: None,
            position,
            deleted: false,
            hidden: false,
            kind,
            said: String::new(),
            leaf: false,
            channel: "voice_call",
        };
        let leaf = |id, name: &str, kind, parent, channel| Menu {
            leaf: true,
            parent: Some(parent),
            channel,
            ..group(id, name, kind, 0)
        };
        let mut all = vec![
            Menu {
                said: "Welcome to the practice centre.".to_owned(),
                ..group(IVR, "Main line", "ivr_menu", 1)
            },
            group(APP, "Practice app", "mobile_menu", 2),
            group(WEB, "Web page", "web_menu", 3),
            group(POST, "Post", "email_menu", 4),
            leaf(APP_CALL, "Call from the app", "mobile_menu", APP, "voice_call"),
            leaf(WEB_CALLBACK, "Call me back", "web_menu", WEB, "voice_call"),
        ];
        for queue in world.queues.values() {
            let (kind, parent, channel) = match queue.channel {
                Channel::Call => ("ivr_menu", IVR, "voice_call"),
                Channel::Email => ("email_menu", POST, "email"),
                Channel::Chat | Channel::Comment => ("web_menu", WEB, "chat"),
                _ => ("mobile_menu", APP, "chat"),
            };
            let said =
                if queue.description.is_empty() { queue.name.clone() } else { queue.description.clone() };
            all.push(Menu {
                said,
                deleted: queue.deactivated,
                hidden: queue.takes_outgoing_calls(),
                ..leaf(queue.id, &queue.name, kind, parent, channel)
            });
        }
        for at in 0..all.len() {
            let parent = all[at].parent;
            if parent.is_some() {
                all[at].position = 1 + all[..at].iter().filter(|m| m.parent == parent).count();
            }
        }
        all.sort_by_key(|m| m.id);
        Self(all)
    }

    pub(super) fn get(&self, id: u32) -> Option<&Menu> {
        self.0.binary_search_by_key(&id, |m| m.id).ok().and_then(|at| self.0.get(at))
    }

    /// Where work waits, except what was deleted.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Menu> {
        self.0.iter().filter(|m| m.leaf && !m.deleted)
    }

    /// The menu itself and what stands above it, from the top.
    fn path(&self, id: u32) -> Vec<&Menu> {
        let mut path: Vec<&Menu> = self.get(id).into_iter().collect();
        while let Some(parent) = path.last().and_then(|m| self.get(m.parent?)) {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// Names from the top, as an IVR would say them.
    pub(super) fn named_path(&self, id: u32) -> String {
        let names: Vec<&str> = self.path(id).iter().map(|m| m.name.as_str()).collect();
        names.join("/")
    }

    /// Ids from the top.
    pub(super) fn materialized_path(&self, id: u32) -> String {
        let ids: Vec<String> = self.path(id).iter().map(|m| m.id.to_string()).collect();
        ids.join("/")
    }

    /// `menu_path` of a record: null when it has no menu.
    pub(super) fn menu_path(&self, id: Option<u32>) -> Value {
        let Some(id) = id else { return Value::Null };
        json!({"items_count": self.path(id).len(), "name": self.named_path(id),
            "materialized_path": self.materialized_path(id)})
    }

    /// `selected_menu` of a record.
    pub(super) fn selected(&self, id: Option<u32>) -> Value {
        id.and_then(|id| self.get(id)).map_or(Value::Null, short)
    }

    /// Whether a menu is that one or stands below it.
    pub(super) fn is_below(&self, id: u32, top: u32) -> bool {
        self.path(id).iter().any(|m| m.id == top)
    }

    /// What an agent may be given: leaves of the queues to which the agent's profile opens.
    pub(super) fn of_agent<'a>(&'a self, world: &'a World, agent: &str) -> impl Iterator<Item = &'a Menu> {
        let profile = world.agents.get(agent).map_or("", |a| a.profile.as_str());
        self.leaves().filter(move |m| !world.queue_login(profile, m.id).is_empty())
    }
}

/// A menu without its assignments.
pub(super) fn short(menu: &Menu) -> Value {
    json!({"id": menu.id, "name": menu.name, "parent_id": menu.parent, "position": menu.position,
        "deleted": menu.deleted, "hidden": menu.hidden, "menu_type": menu.kind, "output_msg": menu.said})
}

/// A menu with who works there.
fn whole(cx: &Context<'_>, menu: &Menu, teams: &[agents::Team]) -> Value {
    let mut row = short(menu);
    let may = |profile: &str| !cx.world.queue_login(profile, menu.id).is_empty();
    let here = |agent: &&String| cx.world.agents.get(*agent).is_some_and(|a| may(&a.profile));
    let agents: Vec<Value> = cx
        .world
        .roster
        .iter()
        .filter(here)
        .map(|agent| {
            json!({"lang": "en", "queue_level": "primary", "channel_type": menu.channel,
                "assignee": agents::info(cx, agent)})
        })
        .collect();
    let teams: Vec<Value> = teams
        .iter()
        .filter(|team| team.profile.as_deref().is_some_and(may))
        .map(|team| {
            json!({"lang": "en", "queue_level": "secondary", "channel_type": menu.channel,
                "team": agents::team(cx, team)})
        })
        .collect();
    row["agent_assignments"] = json!(agents);
    row["team_assignments"] = json!(teams);
    row
}

const FILTERS: Filters =
    Filters { arrays: &["id", "name", "parent_id", "position", "menu_type", "hidden"], ranges: &[] };

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    let deleted = cx.call.param("with_deleted").is_some_and(|v| matches!(v, "true" | "True" | "1"));
    let all: Vec<&Menu> = cx.store.menus.0.iter().filter(|m| deleted || !m.deleted).collect();
    let teams = agents::teams(cx);
    match cx.call.op {
        Op::Menu => {
            let id = cx.call.record().unwrap_or(-1);
            let menu = all.into_iter().find(|m| i64::from(m.id) == id);
            menu.map(|m| Reply::Document(whole(cx, m, &teams)))
                .ok_or_else(|| Failure::missing("Menu not found"))
        }
        Op::MenuTree => {
            let kind = cx.call.param("menu_type");
            // Everything is said in English here; another language has no menus.
            let spoken = cx.call.param("lang").is_none_or(|lang| lang.eq_ignore_ascii_case("en"));
            let shown: Vec<&Menu> =
                all.into_iter().filter(|m| spoken && kind.is_none_or(|k| k == m.kind)).collect();
            Ok(Reply::Document(Value::Array(branch(cx, &shown, &teams, None))))
        }
        _ => {
            let written = all.into_iter().map(|m| whole(cx, m, &teams)).collect();
            rows(cx.call, cx.switches, &FILTERS, written)
        }
    }
}

fn branch(cx: &Context<'_>, all: &[&Menu], teams: &[agents::Team], below: Option<u32>) -> Vec<Value> {
    let children = all.iter().filter(|m| m.parent == below);
    children
        .map(|menu| {
            let mut row = whole(cx, menu, teams);
            row["children"] = Value::Array(branch(cx, all, teams, Some(menu.id)));
            row
        })
        .collect()
}

/// Menus of this platform for which no queue of the world stands.
pub(super) fn is_own(id: u32) -> bool {
    matches!(id, APP_CALL | WEB_CALLBACK)
}

/// Inferred values of a menu's service level: target in percent, target and abandon threshold in seconds.
pub(super) fn promise(id: u32) -> (i64, i64, i64) {
    if id == SUPPORT { (80, 20, 5) } else { (90, 60, 10) }
}

/// The number of a menu's path in durations and service levels: Inferred, the leaf's own.
pub(super) fn path_id(id: Option<u32>) -> Option<i64> {
    id.map(i64::from)
}

#[cfg(test)]
mod tests {
    use super::{Menus, SUPPORT};
    use crate::journal::Journal;
    use crate::world::{Play, World};
    use std::sync::Arc;

    #[test]
    fn every_queue_is_a_leaf_with_a_path_from_a_group() {
        let world = World::new(1, 8, Play::Quiet, Arc::new(Journal::default()));
        let menus = Menus::new(&world);
        assert_eq!(menus.named_path(SUPPORT), "Main line/Support");
        assert_eq!(menus.materialized_path(SUPPORT), "10/2000");
        for queue in world.queues.keys() {
            assert_eq!(menus.path(*queue).len(), 2, "{queue}");
        }
        assert!(menus.leaves().all(|m| m.id != 2999), "what was deactivated is deleted");
    }
}
