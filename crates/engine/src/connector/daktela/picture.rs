//! The account as Daktela shows it, put together from the pull, from `whoim` and from what was read beside them.

use std::collections::{HashMap, HashSet};

use daktela::models::{Activity, ActivityAction, Queue as WireQueue, Status, User};
use daktela::pull::{Doubt, PullAnswer, PullState};
use daktela::{Device as WireDevice, DeviceKind, List, Unreadable, Whoim, devices_of};
use model::{
    AccountId, Capability, Device, DeviceId, Disposition, DispositionId, Presence, Queue, QueueJoin,
    WrapUpRules,
};
use wire::poll::Part;

use super::activity::{Reader, Stands, fate_of};
use super::agent::{agent, announcement, presence, queue};
use super::tickets;
use crate::sight::{Fate, Sight};

/// What is known of the account.
pub(super) struct Picture {
    account: AccountId,
    region: String,
    whoim: Option<Whoim>,
    statics: Statics,
    pull: Option<PullState>,
    /// The pull has answered at least once.
    is_heard: bool,
    /// What closing, or being read, told of activities that left the picture since it was last shown.
    left: HashMap<String, Fate>,
    /// Doubts that are being looked into, and those that could not be: not shown until seen again.
    asked: HashSet<String>,
    hidden: HashSet<String>,
    codes: HashMap<String, Codes>,
    /// The user may not list activities: nothing is told of queues and of the past.
    no_activities: bool,
    /// Records that could not be read: where they stood and why. A record that is sent again is not another one.
    unreadable: HashSet<(String, usize, String)>,
}

/// What was read beside `whoim`.
#[derive(Default)]
pub(super) struct Statics {
    pub(super) devices: Option<List<WireDevice>>,
    /// The queues of the profile, which say how each may be joined.
    pub(super) queues: Option<List<WireQueue>>,
    pub(super) rights: Rights,
}

/// What the user may read.
#[derive(Clone, Copy, Default)]
pub(super) struct Rights {
    pub(super) contacts: bool,
    pub(super) tickets: bool,
}

/// The wrap-up codes of a queue.
enum Codes {
    Asked,
    Known(Vec<Disposition>),
}

impl Picture {
    pub(super) fn new(account: AccountId, region: String) -> Self {
        Self {
            account,
            region,
            whoim: None,
            statics: Statics::default(),
            pull: None,
            is_heard: false,
            left: HashMap::new(),
            asked: HashSet::new(),
            hidden: HashSet::new(),
            codes: HashMap::new(),
            no_activities: false,
            unreadable: HashSet::new(),
        }
    }

    pub(super) fn signed_in(&mut self, whoim: Whoim) {
        self.count("whoim", &whoim.unreadable);
        if self.pull.is_none() {
            self.pull = Some(PullState::new(whoim.user.name.clone()));
        }
        self.whoim = Some(whoim);
    }

    pub(super) fn learned(&mut self, statics: Statics) {
        self.count("devices", statics.devices.iter().flat_map(|list| &list.unreadable));
        self.count("queues", statics.queues.iter().flat_map(|list| &list.unreadable));
        self.statics = Statics {
            devices: statics.devices.or(self.statics.devices.take()),
            queues: statics.queues.or(self.statics.queues.take()),
            rights: statics.rights,
        };
    }

    /// Whether the devices have been read.
    pub(super) fn knows_devices(&self) -> bool {
        self.statics.devices.is_some()
    }

    /// The devices were read alone.
    pub(super) fn learned_devices(&mut self, devices: List<WireDevice>) {
        self.statics.devices = Some(devices);
    }

    /// The profile whose queues have to be asked for, because `whoim` does not say how they may be joined.
    pub(super) fn profile_to_ask(&self) -> Option<String> {
        let whoim = self.whoim.as_ref()?;
        let told = !whoim.queues.is_empty() && whoim.queues.iter().all(|queue| queue.can_log_in().is_some());
        if told { None } else { whoim.user.profile.as_ref().and_then(|profile| profile.name.clone()) }
    }

    /// Takes an answer of the pull in.
    pub(super) fn pulled(&mut self, answer: PullAnswer, part: Part) {
        let me = self.whoim.as_ref().map(|whoim| whoim.user.clone()).unwrap_or_default();
        for activity in answer.activities.iter().flatten() {
            self.hidden.remove(&activity.name);
            self.asked.remove(&activity.name);
            if activity.action == Some(ActivityAction::Close) {
                self.left.insert(activity.name.clone(), fate_of(activity, &me));
            }
        }
        let Some(pull) = &mut self.pull else { return };
        self.is_heard = true;
        let changes = pull.apply(answer, part);
        self.count("pull", &changes.unreadable);
    }

    /// What has to be read now: activities in doubt, and queues whose codes are not known.
    pub(super) fn take_unread(&mut self) -> (Vec<Doubt>, Vec<String>) {
        let Some(pull) = &self.pull else { return (Vec::new(), Vec::new()) };
        let doubts: Vec<Doubt> =
            pull.doubts().into_iter().filter(|doubt| self.asked.insert(doubt.name.clone())).collect();
        let mut queues = Vec::new();
        for activity in pull.activities() {
            let name = activity.queue.as_ref().and_then(|queue| queue.name.clone());
            if let Some(name) = name.filter(|name| !self.codes.contains_key(name)) {
                self.codes.insert(name.clone(), Codes::Asked);
                queues.push(name);
            }
        }
        (doubts, queues)
    }

    /// An activity in doubt was read; `None`: it is not there.
    pub(super) fn settled(&mut self, doubt: &Doubt, found: Option<Activity>) {
        let me = self.whoim.as_ref().map(|whoim| whoim.user.clone()).unwrap_or_default();
        let fate = found.as_ref().map_or(Fate::Gone, |activity| fate_of(activity, &me));
        let Some(pull) = &mut self.pull else { return };
        self.asked.remove(&doubt.name);
        self.hidden.remove(&doubt.name);
        pull.resolve(doubt, found);
        if pull.activity(&doubt.name).is_none() {
            self.left.insert(doubt.name.clone(), fate);
        }
    }

    /// An activity in doubt could not be read. One that rang must not be said to ring on; one that is being worked
    /// on stays, because the agent may need its buttons.
    pub(super) fn unsettled(&mut self, doubt: &Doubt) {
        let activity = self.pull.as_ref().and_then(|pull| pull.activity(&doubt.name));
        if activity.is_some_and(|activity| activity.action == Some(ActivityAction::Wait)) {
            self.hidden.insert(doubt.name.clone());
        }
    }

    /// Whether an activity is still in doubt, and still to be looked into.
    pub(super) fn is_in_doubt(&self, doubt: &Doubt) -> bool {
        let doubts = self.pull.as_ref().map(PullState::doubts).unwrap_or_default();
        self.asked.contains(&doubt.name) && doubts.contains(doubt)
    }

    /// The wrap-up codes of a queue were read, or could not be.
    pub(super) fn codes_of(&mut self, queue: String, codes: Option<List<Status>>) {
        self.count(&queue, codes.iter().flat_map(|list| &list.unreadable));
        let codes = codes.map(|list| list.rows).unwrap_or_default();
        self.codes.insert(queue, Codes::Known(codes.into_iter().map(disposition).collect()));
    }

    /// Whether the pull has answered yet.
    pub(super) fn is_heard(&self) -> bool {
        self.is_heard
    }

    /// The user may not list activities.
    pub(super) fn lists_no_activities(&mut self) {
        self.no_activities = true;
    }

    /// The queues that are known without asking for all.
    pub(super) fn wire_queues(&self) -> Vec<WireQueue> {
        let told = self.whoim.iter().flat_map(|whoim| &whoim.queues);
        self.statics.queues.iter().flat_map(|list| &list.rows).chain(told).cloned().collect()
    }

    /// Whether the agent is in a queue; the pull tells of those in which the agent is.
    pub(super) fn is_in(&self, queue: &str) -> Option<bool> {
        let pull = self.pull.as_ref().filter(|_| self.is_heard)?;
        Some(pull.queues().iter().any(|one| one.name == queue))
    }

    /// Reads activities for whoever is signed in.
    pub(super) fn read(&self, work: impl FnOnce(&Reader<'_>)) {
        let me = self.whoim.as_ref().map(|whoim| whoim.user.clone()).unwrap_or_default();
        let reader =
            Reader { account: &self.account, region: &self.region, me: &me, rules: &|q| self.rules(q) };
        work(&reader);
    }

    /// Who is signed in.
    pub(super) fn user(&self) -> Option<User> {
        self.whoim.as_ref().map(|whoim| whoim.user.clone())
    }

    /// The country whose national numbers are understood.
    pub(super) fn region(&self) -> String {
        self.region.clone()
    }

    /// Understands the national numbers of another country from now on.
    pub(super) fn set_region(&mut self, region: &str) {
        region.clone_into(&mut self.region);
    }

    /// The devices the agent is on now.
    pub(super) fn devices_on(&self) -> Vec<String> {
        let exten = self.pull.as_ref().and_then(|pull| pull.session().exten.as_deref()).unwrap_or_default();
        devices_of(exten).into_iter().map(str::to_owned).collect()
    }

    /// A device to go ready on, where the agent is on none: this one if it is there, else the first.
    pub(super) fn device_to_take(&self, wanted: Option<&DeviceId>) -> Option<(String, DeviceKind)> {
        let devices = self.statics.devices.as_ref()?;
        let is_wanted = |device: &&WireDevice| wanted.is_some_and(|wanted| device.name == wanted.as_str());
        let device = devices.rows.iter().find(is_wanted).or(devices.rows.first())?;
        Some((device.name.clone(), device.kind.clone().unwrap_or(DeviceKind::SipDevice)))
    }

    /// What the agent is doing.
    pub(super) fn presence(&self) -> Presence {
        self.pull.as_ref().map_or(Presence::Unknown, |pull| presence(pull.session()))
    }

    /// Whether an activity is a call.
    pub(super) fn is_call(&self, name: &str) -> bool {
        let activity = self.pull.as_ref().and_then(|pull| pull.activity(name));
        activity.is_none_or(|activity| activity.kind == Some(daktela::models::ActivityKind::Call))
    }

    /// The whole as it stands; `None` before the pull has told anything: a half picture would end what goes on.
    pub(super) fn sight(&mut self) -> Option<Sight> {
        let whoim = self.whoim.as_ref()?;
        let pull = self.pull.as_ref().filter(|_| self.is_heard)?;
        let reader = Reader {
            account: &self.account,
            region: &self.region,
            me: &whoim.user,
            rules: &|q| self.rules(q),
        };
        let mut activities = Vec::new();
        let mut left: Vec<(String, Fate)> = Vec::new();
        for activity in pull.activities() {
            match reader.read(activity) {
                _ if self.hidden.contains(&activity.name) => {}
                Stands::Here(seen) => activities.push(*seen),
                Stands::Left(fate) => left.push((activity.name.clone(), fate)),
            }
        }
        let queues = self.queues(pull);
        let sight = Sight {
            agent: agent(whoim, pull.session()),
            devices: self.devices(),
            lines: Vec::new(),
            presence: None,
            capabilities: self.capabilities(whoim, &queues),
            queues,
            missed: u32::try_from(pull.missed()).unwrap_or(u32::MAX),
            announcements: pull.announcements().iter().filter_map(announcement).collect(),
            activities,
            left: left.into_iter().chain(self.left.clone()).collect(),
            unreadable: u32::try_from(self.unreadable.len()).unwrap_or(u32::MAX),
        };
        self.left.clear();
        Some(sight)
    }

    fn queues(&self, pull: &PullState) -> Vec<Queue> {
        let joined = |name: &str| pull.queues().iter().any(|queue| queue.name == name);
        let told = self.whoim.iter().flat_map(|whoim| &whoim.queues);
        let of_profile = self.statics.queues.iter().flat_map(|list| &list.rows);
        let mut queues: Vec<Queue> = Vec::new();
        // The profile's rows say more, so they come first; what only the pull knows comes last.
        for queue in of_profile.chain(told).chain(pull.queues()) {
            let known = queues.iter().any(|known| known.id.as_str() == queue.name);
            if !known && queue.deactivated != Some(true) {
                queues.push(self::queue(queue, joined(&queue.name)));
            }
        }
        queues
    }

    fn devices(&self) -> Vec<Device> {
        let on = self.devices_on();
        let known = self.statics.devices.iter().flat_map(|list| &list.rows);
        let mut devices: Vec<Device> = known
            .map(|device| Device {
                id: DeviceId(device.name.clone()),
                title: device.title.clone().unwrap_or_else(|| device.name.clone()),
                kind: device.kind.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
                logged_in: on.contains(&device.name),
            })
            .collect();
        for name in on {
            if !devices.iter().any(|device| device.id.as_str() == name) {
                let id = DeviceId(name.clone());
                devices.push(Device { id, title: name, kind: String::new(), logged_in: true });
            }
        }
        devices
    }

    fn capabilities(&self, whoim: &Whoim, queues: &[Queue]) -> Vec<Capability> {
        let profile = whoim.user.profile.as_ref().and_then(|profile| profile.full.as_ref());
        let without_queue = profile.is_some_and(|profile| profile.no_queue_calls_allowed == Some(true));
        let is_static = whoim.user.is_static == Some(true);
        let by_hand = |queue: &Queue| matches!(queue.join, QueueJoin::Manual | QueueJoin::Automatic);
        let offered = [
            (Capability::Ready, !is_static),
            (Capability::Pauses, whoim.pauses.iter().any(|pause| pause.kind.is_none())),
            (Capability::Devices, self.statics.devices.as_ref().is_some_and(|list| !list.rows.is_empty())),
            (Capability::QueueLogin, queues.iter().any(by_hand)),
            (Capability::Dial, without_queue || queues.iter().any(|queue| queue.outgoing)),
            (Capability::Contacts, self.statics.rights.contacts),
            (Capability::Tickets, self.statics.rights.tickets),
            (Capability::QueueStatistics, !self.no_activities),
            (Capability::PastDays, !self.no_activities),
            (Capability::CreateTickets, self.statics.rights.tickets && tickets::may_write(&whoim.user)),
        ];
        offered.into_iter().filter_map(|(capability, offered)| offered.then_some(capability)).collect()
    }

    /// What closing asks for in a queue.
    fn rules(&self, queue: &daktela::Fk<WireQueue>) -> WrapUpRules {
        let name = queue.name.as_deref().unwrap_or_default();
        let dispositions = match self.codes.get(name) {
            Some(Codes::Known(codes)) => codes.clone(),
            Some(Codes::Asked) | None => Vec::new(),
        };
        // Rows inside activities are cut; those of whoim and of the profile have the options.
        let told = self.whoim.iter().flat_map(|whoim| &whoim.queues);
        let of_profile = self.statics.queues.iter().flat_map(|list| &list.rows);
        let full = queue.full.as_deref();
        let option = |key: &str| {
            let rows = full.into_iter().chain(told.clone()).chain(of_profile.clone());
            let values = rows.filter(|row| row.name == name).filter_map(|row| row.options.get(key));
            values.map(is_on).next()
        };
        WrapUpRules {
            // S1: a queue that has statuses wants some. Where the option says otherwise, it is right.
            required: option("status_required")
                .or_else(|| option("_has_statuses"))
                .unwrap_or(!dispositions.is_empty())
                && !dispositions.is_empty(),
            // Inferred: where the option is missing, several are possible: the platform refuses with words if not.
            multiple: option("multiple_statuses").unwrap_or(true),
            dispositions,
        }
    }

    fn count<'a>(&mut self, list: &str, unreadable: impl IntoIterator<Item = &'a Unreadable>) {
        let records = unreadable.into_iter().map(|one| (list.to_owned(), one.index, one.why.clone()));
        self.unreadable.extend(records);
    }
}

/// Inferred: options are switched on by true, 1 or "1".
fn is_on(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Bool(on) => *on,
        serde_json::Value::Number(number) => number.as_i64() != Some(0),
        serde_json::Value::String(text) => !matches!(text.as_str(), "" | "0" | "false" | "never"),
        _ => false,
    }
}

fn disposition(status: Status) -> Disposition {
    let title = status.title.unwrap_or_else(|| status.name.clone());
    let description = status.description.filter(|text| !text.trim().is_empty());
    Disposition { id: DispositionId(status.name), title, description }
}
