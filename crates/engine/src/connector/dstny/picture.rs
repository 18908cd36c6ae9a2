//! The account as Dstny shows it, put together from its calls and from what is read beside them.

use std::collections::{BTreeMap, BTreeSet};

use dstny::Identity;
use dstny::call_state::{ActionName, CallState};
use dstny::config::{Configuration, ConfiguredActivity};
use dstny::device::Device as WireDevice;
use dstny::groups::{DistributionGroup, Group};
use dstny::presence::{Presence as WirePresence, Shortcut as WireShortcut};
use dstny::user_line::Line as WireLine;
use model::{
    Capability, Device, Pause, Presence, Queue, QueueId, QueueJoin, QueueRef, Reach, ShortcutId, Timestamp,
};

use super::book::Book;
use super::call::{Past, Reader, number_in};
use super::memory::Available;
use super::offers::{Offers, Part};
use super::{agent, inferred};
use crate::numbers;
use crate::sight::{SeenAgent, Sight};

/// What is known of the account.
pub(super) struct Picture {
    identity: Identity,
    language: String,
    region: String,
    pub(super) book: Book,
    pub(super) offers: Offers,
    config: Configuration,
    presence: Option<WirePresence>,
    /// How often the presence and the groups were told: what was asked for before is old.
    presence_told: u64,
    groups_told: u64,
    shortcuts: Vec<WireShortcut>,
    groups: Vec<Group>,
    devices: Option<Vec<WireDevice>>,
    lines: Vec<WireLine>,
    /// The calls have been looked at, or cannot be.
    calls_known: bool,
    /// What the account is was read, or could not be.
    statics_known: bool,
    /// The user's own name, where the platform tells it.
    name: Option<String>,
    missed: u32,
    unreadable: u32,
}

/// The moment at which something was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked(u64);

impl Picture {
    pub(super) fn new(identity: &Identity, language: String, region: String) -> Self {
        Self {
            identity: identity.clone(),
            language,
            region,
            book: Book::default(),
            offers: Offers::default(),
            config: Configuration::default(),
            presence: None,
            presence_told: 0,
            groups_told: 0,
            shortcuts: Vec::new(),
            groups: Vec::new(),
            devices: None,
            lines: Vec::new(),
            calls_known: false,
            statics_known: false,
            name: None,
            missed: 0,
            unreadable: 0,
        }
    }

    // What was heard

    pub(super) fn calls_looked_at(&mut self) {
        self.calls_known = true;
    }

    pub(super) fn statics_looked_at(&mut self) {
        self.statics_known = true;
    }

    pub(super) fn config_told(&mut self, config: Configuration) {
        self.config = config;
    }

    /// The presence is asked for.
    pub(super) fn ask_presence(&self) -> Asked {
        Asked(self.presence_told)
    }

    /// The presence as it was read. Answers whether it was taken: it is not if a newer one was told since it was asked for.
    #[must_use]
    pub(super) fn presence_read(&mut self, asked: Asked, presence: WirePresence) -> bool {
        let is_news = asked.0 == self.presence_told;
        if is_news {
            self.presence_told(presence);
        }
        is_news
    }

    /// The presence as the answer to a change shows it.
    pub(super) fn presence_told(&mut self, presence: WirePresence) {
        self.presence_told += 1;
        self.presence = Some(presence);
    }

    pub(super) fn shortcuts_told(&mut self, shortcuts: Vec<WireShortcut>) {
        self.shortcuts = shortcuts;
    }

    pub(super) fn name_told(&mut self, name: Option<String>) {
        self.name = name;
    }

    /// The groups are asked for.
    pub(super) fn ask_groups(&self) -> Asked {
        Asked(self.groups_told)
    }

    /// All groups as they were read. Answers whether they were taken, as for [`Picture::presence_read`].
    #[must_use]
    pub(super) fn groups_read(&mut self, asked: Asked, groups: Vec<Group>) -> bool {
        let is_news = asked.0 == self.groups_told;
        if is_news {
            self.groups_told += 1;
            self.groups = groups;
        }
        is_news
    }

    /// The groups as the answer to a log-in shows them: some, or all.
    pub(super) fn groups_told(&mut self, told: Vec<DistributionGroup>) {
        self.groups_told += 1;
        for group in told {
            let known =
                self.groups.iter_mut().find(|known| known.id == group.id && known.domain == group.domain);
            match known {
                Some(known) => known.logged_in = group.logged_in,
                None => self.groups.push(Group {
                    id: group.id,
                    domain: group.domain,
                    name: group.name,
                    kind: group.kind,
                    logged_in: group.logged_in,
                    night_mode: group.night_mode,
                    ..Group::default()
                }),
            }
        }
    }

    pub(super) fn devices_told(&mut self, devices: Vec<WireDevice>) {
        self.devices = Some(devices);
    }

    pub(super) fn lines_told(&mut self, lines: Vec<WireLine>) {
        self.lines = lines;
    }

    pub(super) fn missed_told(&mut self, missed: u32) {
        self.missed = missed;
    }

    /// A record or an event could not be read.
    pub(super) fn unreadable(&mut self) {
        self.unreadable = self.unreadable.saturating_add(1);
    }

    pub(super) fn set_locale(&mut self, language: &str, region: &str) {
        language.clone_into(&mut self.language);
        region.clone_into(&mut self.region);
    }

    // What it means

    pub(super) fn language(&self) -> String {
        self.language.clone()
    }

    pub(super) fn region(&self) -> String {
        self.region.clone()
    }

    /// The id of the activity that is on.
    pub(super) fn activity(&self) -> Option<String> {
        self.presence.as_ref()?.activity.as_ref()?.id.clone()
    }

    pub(super) fn activity_title(&self, id: &str) -> Option<String> {
        let known = agent::activities(&self.config).find(|activity| activity.id.as_deref() == Some(id));
        known.and_then(agent::title_of)
    }

    pub(super) fn ready_activity(&self) -> Option<String> {
        agent::ready_activity(&self.config)
    }

    /// Whether the activity that is on makes the agent ready, whatever the queues say.
    pub(super) fn is_available(&self) -> bool {
        let own = self.presence.clone().unwrap_or_default();
        agent::presence(&self.config, &own, &[]).0 == Presence::Ready
    }

    /// The activity that is on, if it is one in which the agent is available.
    pub(super) fn available_activity(&self) -> Option<Available> {
        let activity = self.presence.as_ref()?.activity.as_ref()?;
        let known = |known: &&ConfiguredActivity| known.id == activity.id && known.available == Some(true);
        let id = agent::activities(&self.config).find(known)?.id.clone()?;
        let until = activity.expiration.and_then(dstny::End::moment).map(jiff::Timestamp::as_millisecond);
        Some(Available { activity: id, until })
    }

    /// The activity to be available in: the one that is on; the one `before` a pause, if it has not ended since; else
    /// the organisation's.
    pub(super) fn activity_to_be_available(
        &self,
        before: Option<Available>,
        now: Timestamp,
    ) -> Option<Available> {
        let goes_on = |before: &Available| {
            before.until.is_none_or(|until| until > now.0)
                && agent::activities(&self.config).any(|known| known.id.as_ref() == Some(&before.activity))
        };
        let usual = || self.ready_activity().map(|activity| Available { activity, until: None });
        self.available_activity().or(before.filter(goes_on)).or_else(usual)
    }

    pub(super) fn presence(&self) -> Presence {
        self.agent_state(&self.queues()).0
    }

    pub(super) fn shortcut(&self, id: &ShortcutId) -> Option<WireShortcut> {
        self.shortcuts.iter().find(|shortcut| shortcut.id.as_deref() == Some(id.as_str())).cloned()
    }

    /// Whether there are queues to log in to.
    pub(super) fn has_queues(&self) -> bool {
        self.queues().iter().any(|queue| queue.join == QueueJoin::Manual)
    }

    pub(super) fn joined_queues(&self) -> Vec<QueueId> {
        self.queues().into_iter().filter(|queue| queue.logged_in).map(|queue| queue.id).collect()
    }

    /// Those of `left`; all where there are none of them and none is joined.
    pub(super) fn queues_to_join(&self, left: &BTreeSet<String>) -> Vec<QueueId> {
        let queues = self.queues();
        let apart = |queue: &&Queue| queue.join == QueueJoin::Manual && !queue.logged_in;
        let again: Vec<QueueId> = queues
            .iter()
            .filter(apart)
            .filter(|q| left.contains(q.id.as_str()))
            .map(|q| q.id.clone())
            .collect();
        let is_in_one = queues.iter().any(|queue| queue.logged_in);
        if again.is_empty() && !is_in_one {
            queues.iter().filter(apart).map(|queue| queue.id.clone()).collect()
        } else {
            again
        }
    }

    /// The queues of the agent, and in which of them the agent is.
    pub(super) fn memberships(&self) -> BTreeMap<QueueId, bool> {
        self.queues().into_iter().map(|queue| (queue.id, queue.logged_in)).collect()
    }

    /// A queue in passing.
    pub(super) fn queue(&self, id: &QueueId) -> Option<QueueRef> {
        let queue = self.queues().into_iter().find(|queue| queue.id == *id)?;
        Some(QueueRef { id: Some(queue.id), title: queue.title })
    }

    /// The queue of a name or a number.
    pub(super) fn queue_called(&self, name: &str) -> Option<QueueRef> {
        let same_number = |group: &Group| {
            let number = group.phone_number.as_deref().and_then(number_in);
            number
                .zip(number_in(name))
                .is_some_and(|(own, said)| numbers::digits(own) == numbers::digits(said))
        };
        let is_called = |group: &&Group| {
            group.name.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(name.trim()))
                || same_number(group)
        };
        let group = self.groups.iter().find(is_called)?;
        let queue = agent::queue(group, &self.identity)?;
        Some(QueueRef { id: Some(queue.id), title: queue.title })
    }

    /// The device a call is answered on where the agent has not said: one that rings for it, if that can answer.
    pub(super) fn device_to_answer(&self, call: &str) -> Option<String> {
        let call = self.book.call(call)?;
        let can =
            call.action(&ActionName::Answer).map(|answer| answer.device_ids.as_slice()).unwrap_or_default();
        let rings = |id: &&String| call.device_ids.contains(id);
        let chosen = can.iter().find(rings).or(can.first()).or(call.device_ids.first()).cloned();
        chosen.or_else(|| self.device_to_dial())
    }

    /// The device to call with where the agent has not said: the first that can be reached.
    pub(super) fn device_to_dial(&self) -> Option<String> {
        let devices = self.devices.iter().flatten();
        let reached = devices.clone().find(|device| agent::is_active(device));
        reached.or(devices.clone().next()).and_then(|device| device.device_id.clone())
    }

    /// Where the platform calls the agent for a call-back.
    pub(super) fn answer_place(&self) -> Option<String> {
        let places = self.config.answer_places.iter().flat_map(|places| &places.place);
        places.filter_map(|place| place.id.clone()).next()
    }

    /// The whole as it stands; `None` before everything was asked once: a half picture would end what goes on.
    pub(super) fn sight(&mut self) -> Option<Sight> {
        if !self.calls_known || !self.statics_known {
            return None;
        }
        let queues = self.queues();
        let left = self.book.take_left();
        let activities = {
            let queue = |name: &str| self.queue_called(name);
            let reader = Reader { region: &self.region, queue: &queue };
            let calls: Vec<_> = self.book.calls().collect();
            let one = |(id, call, past): &(&str, &CallState, &Past)| {
                let others: Vec<&CallState> =
                    calls.iter().filter(|(other, ..)| other != id).map(|(_, call, _)| *call).collect();
                reader.seen(id, call, past, &others)
            };
            calls.iter().map(one).collect()
        };
        Some(Sight {
            agent: self.agent(&queues),
            devices: self.devices(),
            lines: self.lines.iter().filter_map(|line| agent::line(line, &self.region)).collect(),
            presence: self
                .presence
                .as_ref()
                .map(|own| agent::own_presence(&self.config, own, &self.shortcuts)),
            capabilities: self.capabilities(&queues),
            queues,
            missed: self.missed,
            announcements: Vec::new(),
            activities,
            left,
            unreadable: self.unreadable,
        })
    }

    fn queues(&self) -> Vec<Queue> {
        self.groups.iter().filter_map(|group| agent::queue(group, &self.identity)).collect()
    }

    fn devices(&self) -> Vec<Device> {
        self.devices.iter().flatten().filter_map(agent::device).collect()
    }

    fn agent_state(&self, queues: &[Queue]) -> (Presence, Option<Pause>) {
        match &self.presence {
            Some(own) => agent::presence(&self.config, own, queues),
            None => (Presence::Unknown, None),
        }
    }

    fn agent(&self, queues: &[Queue]) -> SeenAgent {
        let (presence, pause) = self.agent_state(queues);
        SeenAgent {
            username: self.identity.cid(),
            name: self.name.clone().unwrap_or_else(|| self.identity.user.clone()),
            presence,
            pause,
            since: None,
            reach: self.reach(),
            always_ready: false,
            pauses: agent::pauses(&self.config),
        }
    }

    fn reach(&self) -> Reach {
        let talks = self.book.calls().any(|(_, call, _)| inferred::is_established(call));
        match &self.devices {
            _ if talks => Reach::Busy,
            None => Reach::Unknown,
            Some(devices) if devices.iter().any(agent::is_active) => Reach::Reachable,
            Some(_) => Reach::Unreachable,
        }
    }

    fn capabilities(&self, queues: &[Queue]) -> Vec<Capability> {
        let works = |part| self.offers.works(part);
        let has_devices = self.devices.as_ref().is_some_and(|devices| !devices.is_empty());
        let has_queues = queues.iter().any(|queue| queue.join == QueueJoin::Manual);
        let can_call_back = self.answer_place().is_some();
        let knows_presence = works(Part::Presence) && self.presence.is_some();
        let offered = [
            (Capability::Ready, has_queues || (knows_presence && self.ready_activity().is_some())),
            (Capability::Pauses, knows_presence && !agent::pauses(&self.config).is_empty()),
            (Capability::QueueLogin, has_queues),
            (Capability::Dial, (works(Part::Calls) && has_devices) || can_call_back),
            (Capability::Contacts, works(Part::Contacts)),
            (Capability::Presence, knows_presence),
            (Capability::Lines, self.lines.len() > 1),
            (Capability::PickUp, works(Part::Calls) && works(Part::ContactPresence) && has_devices),
            (Capability::ContactPresence, works(Part::ContactPresence)),
            (Capability::QueueStatistics, works(Part::Statistics)),
            (Capability::History, works(Part::Log)),
            (Capability::PastDays, works(Part::Log)),
            (Capability::GroupHistory, works(Part::GroupLog)),
            (Capability::Diversions, works(Part::Diversions)),
            (Capability::Voicemail, works(Part::Voicemail)),
            (
                Capability::Sms,
                self.offers.refused(Part::Sms).is_none() && self.config.sms_allowed == Some(true),
            ),
            (Capability::Conferences, works(Part::Events)),
            (Capability::ContactMarks, works(Part::Contacts)),
            (Capability::PersonalContacts, works(Part::PersonalContacts)),
            (Capability::Routes, true),
        ];
        offered.into_iter().filter_map(|(capability, offered)| offered.then_some(capability)).collect()
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
