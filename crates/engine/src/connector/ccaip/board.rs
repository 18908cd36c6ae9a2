//! The figures of queues, put together from five looks: what waits (`menus/current_status`), who is there and how long one
//! waits (`wait_times`), how many were answered in time (`menus/sla`, calls and chats), when menus are open
//! (`menus/operation_hours`), and what they are called (`menus/tree`).
//!
//! A menu is a queue for each channel by itself. Only leaves of the tree are queues. The first look names only menus in
//! which something waits: in the others nothing does.

use std::collections::BTreeMap;

use ccaip::{AgentChannel, Id, Menu, MenuCurrentStatus, MenuSla, MenuType, OperationHours, WaitTime};
use jiff::{SignedDuration, Timestamp as Moment};
use model::{AccountId, Channel, QueueStatistics, Timestamp};

use super::picture::channel_of;
use super::story::{given, queue_id, steps};
use super::{inferred, moment};

const SOURCE: &str = "menus/current_status";

/// A menu that is a queue.
#[derive(Debug)]
struct Leaf {
    title: String,
    kind: Option<MenuType>,
}

/// What is known of the queues.
#[derive(Debug, Default)]
pub(super) struct Board {
    leaves: BTreeMap<Id, Leaf>,
    /// What waits in a menu, and when that was told; absent until told at all.
    waiting: Option<(BTreeMap<Id, MenuCurrentStatus>, Moment)>,
    waits: BTreeMap<Id, Vec<WaitTime>>,
    levels: BTreeMap<(Channel, String), u32>,
    hours: BTreeMap<Id, OperationHours>,
}

impl Board {
    /// The way to a menu, for reading.
    pub(super) fn title(&self, menu: &Id) -> Option<String> {
        self.leaves.get(menu).map(|leaf| leaf.title.clone())
    }

    pub(super) fn tree(&mut self, menus: &[Menu]) {
        self.leaves.clear();
        grow(menus, "", &mut self.leaves);
    }

    pub(super) fn waiting(&mut self, rows: Vec<MenuCurrentStatus>, now: Moment) {
        let rows = rows.into_iter().filter_map(|row| Some((row.id.clone()?, row)));
        self.waiting = Some((rows.collect(), now));
    }

    pub(super) fn waits(&mut self, rows: Vec<WaitTime>) {
        self.waits.clear();
        for row in rows {
            let Some(menu) = row.menu_id.clone() else { continue };
            self.waits.entry(menu).or_default().push(row);
        }
    }

    pub(super) fn levels(&mut self, channel: Channel, rows: &[MenuSla]) {
        self.levels.retain(|(of, _), _| *of != channel);
        for row in rows {
            let Some(percent) = row.percent().and_then(whole) else { continue };
            let id = row.menu_path_id.as_ref().map(Id::to_string);
            let path = row.materialized_path.as_deref().map(steps);
            for key in id.into_iter().chain(path) {
                self.levels.insert((channel, key), percent);
            }
        }
    }

    pub(super) fn open_at(&mut self, rows: Vec<OperationHours>) {
        self.hours = rows.into_iter().filter_map(|row| Some((row.id.clone()?, row))).collect();
    }

    /// The figures of all queues; nothing before it is known what waits.
    pub(super) fn figures(
        &self,
        account: &AccountId,
        mine: &[AgentChannel],
        now: Moment,
    ) -> Vec<QueueStatistics> {
        let Some((waiting, heard)) = &self.waiting else { return Vec::new() };
        let mut menus: BTreeMap<Id, (String, Option<MenuType>)> = self
            .leaves
            .iter()
            .map(|(id, leaf)| (id.clone(), (leaf.title.clone(), leaf.kind.clone())))
            .collect();
        for (id, rows) in &self.waits {
            let row = rows.first();
            let title = row.and_then(|row| given(row.materialized_path.as_deref()));
            let title = title.map_or_else(|| id.to_string(), |path| steps(&path));
            menus.entry(id.clone()).or_insert((title, row.and_then(|row| row.menu_type.clone())));
        }
        for (id, row) in waiting {
            let title = given(row.name.as_deref()).unwrap_or_else(|| id.to_string());
            menus.entry(id.clone()).or_insert((title, row.menu_type.clone()));
        }
        let mut figures = Vec::new();
        for (menu, (title, kind)) in &menus {
            for channel in self.channels(menu, kind.as_ref(), mine, waiting.get(menu)) {
                let untold = QueueStatistics::untold(
                    account.clone(),
                    queue_id(menu, channel),
                    title.clone(),
                    moment(*heard),
                    SOURCE,
                );
                figures.push(self.told(untold, menu, channel, mine, (waiting.get(menu), *heard), now));
            }
        }
        figures
    }

    fn told(
        &self,
        untold: QueueStatistics,
        menu: &Id,
        channel: Channel,
        mine: &[AgentChannel],
        (waiting, heard): (Option<&MenuCurrentStatus>, Moment),
        now: Moment,
    ) -> QueueStatistics {
        let wait = self.waits.get(menu).and_then(|rows| {
            rows.iter()
                .find(|row| wait_of(row, channel).is_some())
                .or(rows.first().filter(|_| rows.len() == 1))
        });
        let queued = waiting.map_or(Some(0), |row| {
            count(if channel == Channel::Call { row.queued_calls } else { row.queued_chats })
        });
        let longest = waiting.and_then(|row| longest(row, channel)).filter(|_| queued != Some(0));
        let hours = self.hours.get(menu).and_then(|hours| inferred::hours(hours, now));
        let level = self.levels.get(&(channel, menu.to_string()));
        QueueStatistics {
            channel: Some(channel),
            mine: Some(mine.iter().any(|of| is_of(of, menu, channel))),
            open: hours.as_ref().and_then(|(_, is_open)| *is_open),
            hours: hours.map(|(words, _)| words),
            waiting: queued,
            longest_since: longest.and_then(|longest| since(heard, longest)),
            logged_in: wait.and_then(|row| count(row.logged_in_agents)),
            free: wait.and_then(|row| count(row.available_agents)),
            expected_wait: wait
                .and_then(|row| wait_of(row, channel))
                .and_then(|wait| u32::try_from(wait.as_secs()).ok()),
            service_level: level.or_else(|| self.levels.get(&(channel, untold.title.clone()))).copied(),
            ..untold
        }
    }

    /// What arrives through a menu: what is told of it, else what its kind says.
    fn channels(
        &self,
        menu: &Id,
        kind: Option<&MenuType>,
        mine: &[AgentChannel],
        waiting: Option<&MenuCurrentStatus>,
    ) -> Vec<Channel> {
        let told = |channel: &Channel| {
            let waits = self
                .waits
                .get(menu)
                .is_some_and(|rows| rows.iter().any(|row| wait_of(row, *channel).is_some()));
            let queued = waiting
                .and_then(|row| if *channel == Channel::Call { row.queued_calls } else { row.queued_chats });
            waits
                || queued.is_some_and(|queued| queued > 0)
                || mine.iter().any(|of| is_of(of, menu, *channel))
        };
        let told: Vec<Channel> = [Channel::Call, Channel::Chat].into_iter().filter(told).collect();
        if told.is_empty() { inferred::channels(kind).to_vec() } else { told }
    }
}

fn grow(menus: &[Menu], above: &str, leaves: &mut BTreeMap<Id, Leaf>) {
    for menu in menus.iter().filter(|menu| menu.deleted != Some(true)) {
        let name = given(menu.name.as_deref()).unwrap_or_else(|| menu.id.to_string());
        let title = if above.is_empty() { name } else { format!("{above} › {name}") };
        if menu.children.is_empty() {
            leaves.insert(menu.id.clone(), Leaf { title, kind: menu.menu_type.clone() });
        } else {
            grow(&menu.children, &title, leaves);
        }
    }
}

fn is_of(of: &AgentChannel, menu: &Id, channel: Channel) -> bool {
    channel_of(of) == channel && of.menu.as_ref().is_some_and(|known| known.id == *menu)
}

fn wait_of(row: &WaitTime, channel: Channel) -> Option<SignedDuration> {
    if channel == Channel::Call { row.voice_call } else { row.chat }
}

/// The longest wait of a channel: durations whose name speaks of it, else of any.
fn longest(row: &MenuCurrentStatus, channel: Channel) -> Option<SignedDuration> {
    let word = if channel == Channel::Call { "call" } else { "chat" };
    let of_channel = row.durations().into_iter().filter(|(key, _)| key.to_ascii_lowercase().contains(word));
    of_channel.map(|(_, duration)| duration).max().or_else(|| row.longest_wait())
}

fn since(heard: Moment, longest: SignedDuration) -> Option<Timestamp> {
    heard.checked_sub(longest).ok().map(moment)
}

fn count(figure: Option<i64>) -> Option<u32> {
    figure.and_then(|figure| u32::try_from(figure).ok())
}

fn whole(percent: f64) -> Option<u32> {
    (0.0..=100.0).contains(&percent).then(|| percent.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Vec<T> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn five_looks_make_one_line_for_each_queue_and_channel() {
        let mut board = Board::default();
        let now: Moment = "2026-07-10T09:30:00Z".parse().unwrap();
        let account = AccountId::from("acme");
        assert!(
            board.figures(&account, &[], now).is_empty(),
            "nothing is told before it is known what waits"
        );
        board.tree(&rows(json!([{"id": 1, "name": "Main", "menu_type": "ivr_menu", "children": [
            {"id": 12, "name": "New", "menu_type": "ivr_menu"},
            {"id": 13, "name": "Old", "menu_type": "ivr_menu", "deleted": true}]},
            {"id": 30, "name": "Web", "menu_type": "web_menu"}])));
        board.waiting(rows(json!([{"id": 12, "queued_calls": 2, "longest_queued_call_duration": 90}])), now);
        board.waits(rows(
            json!([{"menu_id": 12, "voice_call": 120, "logged_in_agents": 3, "available_agents": 0}]),
        ));
        board.levels(Channel::Call, &rows(json!([{"materialized_path": "Main/New", "sla": 0.875}])));
        let mine: Vec<AgentChannel> = rows(json!([{"channel_type": "voice_call", "menu": {"id": 12}}]));
        let figures = board.figures(&account, &mine, now);
        let names: Vec<_> = figures.iter().map(|f| (f.queue.as_str(), f.title.as_str())).collect();
        assert_eq!(names, [("12/call", "Main › New"), ("30/call", "Web"), ("30/chat", "Web")]);
        let new = &figures[0];
        assert_eq!(
            (new.waiting, new.logged_in, new.free, new.expected_wait),
            (Some(2), Some(3), Some(0), Some(120))
        );
        assert_eq!(new.longest_since, Some(moment("2026-07-10T09:28:30Z".parse().unwrap())));
        assert_eq!((new.service_level, new.mine), (Some(88), Some(true)));
        assert_eq!((figures[1].waiting, figures[1].mine, figures[1].free), (Some(0), Some(false), None));
    }
}
