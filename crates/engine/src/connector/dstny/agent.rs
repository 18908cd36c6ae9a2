//! The agent, the queues, devices and lines in our words.
//!
//! | the platform says | presence |
//! |---|---|
//! | an activity that is not available | paused, on that activity |
//! | an available activity, but the agent said not available | not ready |
//! | an available activity, logged in to none of the groups there are | not ready |
//! | an available activity otherwise | ready |
//!
//! Activities that are not available are the pauses. Roles, notes and ends are the [`OwnPresence`]'s.

use dstny::Identity;
use dstny::config::{Configuration, ConfiguredActivity};
use dstny::device::Device as WireDevice;
use dstny::groups::{Group, GroupAgent};
use dstny::presence::{DurationType, Presence as WirePresence, Shortcut as WireShortcut};
use dstny::user_line::{Line as WireLine, LineChoice, LineType};
use model::{
    Device, DeviceId, Line, LineId, OwnPresence, Pause, PauseId, PauseKind, Presence, PresenceActivity,
    PresenceId, Queue, QueueAgent, QueueId, QueueJoin, Role, RoleId, Shortcut, ShortcutId,
};

use super::history::moment;
use crate::numbers;

/// The name of a group as a queue: its number, and its domain where that is not the user's own.
pub(super) fn queue_id(group: i64, domain: Option<&str>, own: &Identity) -> QueueId {
    match domain.filter(|domain| !domain.eq_ignore_ascii_case(&own.domain)) {
        Some(domain) => QueueId(format!("{group}@{domain}")),
        None => QueueId(group.to_string()),
    }
}

/// The number and the domain of a queue's group.
pub(super) fn group_of(queue: &QueueId, own: &Identity) -> Option<(i64, String)> {
    match queue.as_str().split_once('@') {
        Some((group, domain)) => Some((group.parse().ok()?, domain.to_owned())),
        None => Some((queue.as_str().parse().ok()?, own.domain.clone())),
    }
}

pub(super) fn queue(group: &Group, own: &Identity) -> Option<Queue> {
    let id = queue_id(group.id?, group.domain.as_deref(), own);
    Some(Queue {
        title: group.name.clone().unwrap_or_else(|| id.0.clone()),
        kind: group.kind.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        outgoing: false,
        // A group that does not say whether the user is logged in has none to log in.
        join: if group.logged_in.is_some() { QueueJoin::Manual } else { QueueJoin::Never },
        logged_in: group.logged_in == Some(true),
        id,
    })
}

pub(super) fn queue_agent(agent: &GroupAgent) -> QueueAgent {
    let name = [agent.first_name.as_deref(), agent.last_name.as_deref()];
    let name = name.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    QueueAgent {
        name: if name.is_empty() { agent.id.clone().unwrap_or_default() } else { name },
        logged_in: agent.is_logged_in,
        available: agent.is_available,
        presence: agent.activity.clone().filter(|activity| !activity.is_empty()),
    }
}

pub(super) fn device(device: &WireDevice) -> Option<Device> {
    let id = device.device_id.clone()?;
    let kind = device.device_type.as_ref().map(|kind| kind.as_str().to_owned());
    let title = [&device.device_name, &device.device_type_name, &kind];
    let title = title.into_iter().flatten().find(|title| !title.trim().is_empty());
    Some(Device {
        title: title.unwrap_or(&id).clone(),
        kind: kind.clone().unwrap_or_default(),
        logged_in: device.device_status.is_none() || is_active(device),
        id: DeviceId(id),
    })
}

pub(super) fn is_active(device: &WireDevice) -> bool {
    !super::inferred::is_out_of_reach(device.device_status.as_ref().map(dstny::device::DeviceStatus::as_str))
}

pub(super) fn line(line: &WireLine, region: &str) -> Option<Line> {
    let kind = line.kind.as_ref()?;
    let id = LineId(format!("{}/{}", kind.as_str(), line.group_id.unwrap_or_default()));
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let number = given(&line.number);
    Some(Line {
        title: given(&line.name).or(number.clone()).unwrap_or_else(|| kind.as_str().to_owned()),
        phone: number.map(|number| numbers::phone(&number, region)),
        active: line.active == Some(true),
        id,
    })
}

/// What the platform takes for a line.
pub(super) fn line_choice(line: &LineId) -> Option<LineChoice> {
    let (kind, group) = line.as_str().rsplit_once('/')?;
    Some(LineChoice {
        kind: Some(LineType::from(kind)),
        group_id: Some(group.parse().ok()?),
        ..LineChoice::default()
    })
}

/// The activities of the organisation, and what is on.
pub(super) fn own_presence(
    config: &Configuration,
    presence: &WirePresence,
    shortcuts: &[WireShortcut],
) -> OwnPresence {
    let activity = presence.activity.as_ref();
    let id = activity.and_then(|activity| activity.id.clone());
    let activities: Vec<PresenceActivity> = activities(config).filter_map(presence_activity).collect();
    let roles = || config.roles.iter().flat_map(|roles| &roles.role);
    let role = |said: &String| {
        let known = roles().find(|role| super::inferred::is_role(role, said));
        known.and_then(|role| role.id.clone()).unwrap_or_else(|| said.clone())
    };
    let mut shortcuts: Vec<&WireShortcut> = shortcuts.iter().collect();
    shortcuts.sort_by_key(|shortcut| shortcut.order);
    OwnPresence {
        activity: id.map(PresenceId).filter(|id| activities.iter().any(|known| known.id == *id)),
        activities,
        available: presence.available.or(activity.and_then(|activity| activity.available)),
        note: presence.note.clone().unwrap_or_default(),
        until: activity.and_then(|activity| activity.expiration).and_then(dstny::End::moment).map(moment),
        roles: roles()
            .filter_map(|role| {
                let id = role.id.clone()?;
                Some(Role { title: role.name.clone().unwrap_or_else(|| id.clone()), id: RoleId(id) })
            })
            .collect(),
        role: presence.role.as_ref().filter(|said| !said.is_empty()).map(role).map(RoleId),
        shortcuts: shortcuts.into_iter().filter_map(shortcut).collect(),
    }
}

pub(super) fn activities(config: &Configuration) -> impl Iterator<Item = &ConfiguredActivity> {
    config.activities.iter().flat_map(|activities| &activities.activity)
}

fn presence_activity(activity: &ConfiguredActivity) -> Option<PresenceActivity> {
    let id = activity.id.clone()?;
    Some(PresenceActivity {
        title: title_of(activity).unwrap_or_else(|| id.clone()),
        available: activity.available == Some(true),
        id: PresenceId(id),
    })
}

pub(super) fn title_of(activity: &ConfiguredActivity) -> Option<String> {
    activity.name.clone().or(activity.state_name.clone()).filter(|name| !name.trim().is_empty())
}

fn shortcut(shortcut: &WireShortcut) -> Option<Shortcut> {
    let lasts = shortcut.duration_type == Some(DurationType::Minutes);
    let activity = shortcut.activity_id.clone()?;
    Some(Shortcut {
        id: ShortcutId(shortcut.id.clone()?),
        title: shortcut.name.clone().unwrap_or_else(|| activity.clone()),
        activity: PresenceId(activity),
        minutes: shortcut.duration_minutes.filter(|_| lasts).and_then(|minutes| u32::try_from(minutes).ok()),
    })
}

/// The pauses: activities in which the agent is not available.
pub(super) fn pauses(config: &Configuration) -> Vec<Pause> {
    activities(config).filter(|activity| activity.available != Some(true)).filter_map(pause).collect()
}

fn pause(activity: &ConfiguredActivity) -> Option<Pause> {
    let id = activity.id.clone()?;
    Some(Pause {
        title: title_of(activity).unwrap_or_else(|| id.clone()),
        id: PauseId(id),
        kind: PauseKind::Custom,
        paid: None,
        max_minutes: None,
    })
}

/// Whether contacts are taken, and the pause that is on; see the table above.
pub(super) fn presence(
    config: &Configuration,
    own: &WirePresence,
    queues: &[Queue],
) -> (Presence, Option<Pause>) {
    let activity = own.activity.as_ref();
    let said = own.available.or(activity.and_then(|activity| activity.available));
    let id = activity.and_then(|activity| activity.id.as_deref());
    let known = id.and_then(|id| activities(config).find(|known| known.id.as_deref() == Some(id)));
    let means_available = known.and_then(|known| known.available).or(said);
    let is_in_a_queue = queues.iter().any(|queue| queue.logged_in);
    let has_queues = queues.iter().any(|queue| queue.join == QueueJoin::Manual);
    match (means_available, said) {
        (None, _) => (Presence::Unknown, None),
        (Some(true), Some(false)) => (Presence::NotReady, None),
        (Some(true), _) if has_queues && !is_in_a_queue => (Presence::NotReady, None),
        (Some(true), _) => (Presence::Ready, None),
        (Some(false), _) => {
            let unknown = || {
                let id = id?.to_owned();
                Some(Pause {
                    title: id.clone(),
                    id: PauseId(id),
                    kind: PauseKind::Custom,
                    paid: None,
                    max_minutes: None,
                })
            };
            (Presence::Paused, known.and_then(pause).or_else(unknown))
        }
    }
}

/// The activity that means ready: the organisation's default if it is one that is available, else the first that is.
pub(super) fn ready_activity(config: &Configuration) -> Option<String> {
    let available = || activities(config).filter(|activity| activity.available == Some(true));
    let default = available().find(|activity| activity.default == Some(true));
    default.or_else(|| available().next()).and_then(|activity| activity.id.clone())
}

#[cfg(test)]
#[path = "agent_tests.rs"]
mod tests;
