//! A call, a chat or an e-mail of the platform in our words: who, through which queue, when, and everything else the
//! platform tells of it as facts. The same for what rings now and for the past.

use ccaip::{
    AgentInfo, Call, CallFailReason, CallStatus, Chat, ChatStatus, ChatType, Email, EmailStatus, EndUser,
    HandleDuration, Id, Menu, MenuPath, Participant, ParticipantType, Photo, Transfer, Video,
};
use jiff::{SignedDuration, Timestamp};
use model::{ActivityFact, Channel, Direction, FactKind, Party, QueueId, QueueRef};

use super::inferred;
use crate::numbers;

/// Which list of the platform a contact is in; each counts for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Call,
    Chat,
    Email,
}

/// Names a contact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) kind: Kind,
    pub(super) id: Id,
}

impl Key {
    pub(super) fn new(kind: Kind, id: &Id) -> Self {
        Self { kind, id: id.clone() }
    }

    /// Our name of it.
    pub(super) fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Call => "call",
            Kind::Chat => "chat",
            Kind::Email => "email",
        };
        format!("{kind}-{}", self.id)
    }
}

/// Where a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody has it.
    Waits,
    /// It was given to the agent in it and is not talked in yet.
    Given,
    /// It is talked in.
    Talked,
    /// Nothing more happens.
    Over,
}

/// How a contact that is over ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// There was a conversation.
    Talk,
    /// Nobody came together.
    Nothing,
    /// The customer left a message.
    Message,
    /// It was sent elsewhere.
    SentOn,
}

/// What one agent had of a contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) began: Option<Timestamp>,
    pub(super) answered: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    pub(super) closed: Option<Timestamp>,
    pub(super) held: SignedDuration,
}

/// A contact.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) key: Key,
    pub(super) channel: Channel,
    pub(super) direction: Direction,
    pub(super) stage: Stage,
    pub(super) end: End,
    /// Who has it, or had it last.
    pub(super) agent: Option<AgentInfo>,
    pub(super) created: Option<Timestamp>,
    pub(super) assigned: Option<Timestamp>,
    pub(super) connected: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    pub(super) talked: Option<SignedDuration>,
    pub(super) party: Party,
    pub(super) title: Option<String>,
    /// The queue's name as the platform gives it here.
    pub(super) queue: Option<QueueRef>,
    pub(super) facts: Vec<ActivityFact>,
    participants: Vec<Participant>,
    handles: Vec<HandleDuration>,
    held: SignedDuration,
}

impl Story {
    pub(super) fn of_call(call: &Call, me: &Id, region: &str) -> Self {
        let status = call.status.clone().unwrap_or_else(|| CallStatus::Other(String::new()));
        let stage = match &status {
            status if status.is_over() => Stage::Over,
            status if inferred::is_open_to_all(status) => Stage::Waits,
            status if inferred::is_on_its_way(status) => Stage::Given,
            CallStatus::Connected | CallStatus::ActionOnly => Stage::Talked,
            CallStatus::Voicemail => Stage::Waits,
            _ if call.connected_at.is_some() => Stage::Talked,
            _ if call.agent_info.is_some() => Stage::Given,
            _ => Stage::Waits,
        };
        let end = match &status {
            CallStatus::VoicemailReceived | CallStatus::VoicemailRead => End::Message,
            CallStatus::Deflected => End::SentOn,
            _ if call.connected_at.is_some() => End::Talk,
            _ => End::Nothing,
        };
        let is_outbound = call.call_type.as_ref().is_some_and(ccaip::CallType::is_outbound);
        let facts = Facts::default()
            .verified(call.verified)
            .seconds(FactKind::Waited, call.queue_duration.or(call.wait_duration))
            .text(FactKind::Language, call.lang.as_deref())
            .text(
                FactKind::Line,
                if is_outbound { call.outbound_number.as_deref() } else { call.support_number.as_deref() },
            )
            .participants(&call.participants, me, &people(call.agent_info.as_ref(), &call.transfers))
            .transfers(&call.transfers)
            .link(FactKind::Recording, "", call.recording_url.as_deref())
            .link(
                FactKind::Ticket,
                call.out_ticket_id.as_deref().unwrap_or(""),
                call.out_ticket_url.as_deref(),
            )
            .media(&call.photos, &call.videos)
            .text(FactKind::Failure, failure_of(call).as_deref())
            .text(FactKind::Outcome, outcome_of(call, stage).as_deref())
            .rating(call.rating)
            .seconds(FactKind::Held, call.hold_duration.filter(|held| !held.is_zero()));
        Self {
            key: Key::new(Kind::Call, &call.id),
            channel: Channel::Call,
            direction: if is_outbound { Direction::Out } else { Direction::In },
            stage,
            end,
            agent: call.agent_info.clone(),
            created: call.created_at.or(call.queued_at).or(call.assigned_at),
            assigned: call.assigned_at,
            connected: call.connected_at,
            ended: call.ends_at,
            updated: call.updated_at,
            talked: call.call_duration,
            party: party(call.end_user.as_ref(), region),
            title: None,
            queue: queue(call.selected_menu.as_ref(), call.menu_path.as_ref(), Channel::Call),
            facts: facts.0,
            participants: call.participants.clone(),
            handles: call.handle_durations.clone(),
            held: call.hold_duration.unwrap_or_default(),
        }
    }

    pub(super) fn of_chat(chat: &Chat, me: &Id, region: &str) -> Self {
        let status = chat.status.clone().unwrap_or_else(|| ChatStatus::Other(String::new()));
        let stage = match &status {
            status if status.is_over() => Stage::Over,
            ChatStatus::Assigned => Stage::Talked,
            ChatStatus::Queued => Stage::Waits,
            _ if chat.agent_info.is_some() => Stage::Talked,
            _ => Stage::Waits,
        };
        let had = chat.assigned_at.is_some();
        let facts = Facts::default()
            .verified(chat.verified)
            .seconds(FactKind::Waited, chat.queue_duration.or(chat.wait_duration))
            .text(FactKind::Language, chat.lang.as_deref())
            .participants(&chat.participants, me, &people(chat.agent_info.as_ref(), &chat.transfers))
            .transfers(&chat.transfers)
            .link(
                FactKind::Ticket,
                chat.out_ticket_id.as_deref().unwrap_or(""),
                chat.out_ticket_url.as_deref(),
            )
            .media(&chat.photos, &chat.videos)
            .text(
                FactKind::Failure,
                chat.fail_reason
                    .as_ref()
                    .and_then(|why| why.message().or_else(|| unknown(why.as_str(), "nothing"))),
            )
            .rating(chat.rating);
        let channel = if chat.chat_type == Some(ChatType::Sms) { Channel::Sms } else { Channel::Chat };
        Self {
            key: Key::new(Kind::Chat, &chat.id),
            channel,
            direction: Direction::In,
            stage,
            end: if had { End::Talk } else { End::Nothing },
            agent: chat.agent_info.clone(),
            created: chat.created_at.or(chat.assigned_at),
            assigned: chat.assigned_at,
            connected: chat.assigned_at,
            ended: chat.ends_at,
            updated: chat.updated_at,
            talked: chat.chat_duration,
            party: party(chat.end_user.as_ref(), region),
            title: None,
            queue: queue(chat.selected_menu.as_ref(), chat.menu_path.as_ref(), Channel::Chat),
            facts: facts.0,
            participants: chat.participants.clone(),
            handles: chat.handle_durations.clone(),
            held: SignedDuration::ZERO,
        }
    }

    pub(super) fn of_email(email: &Email, region: &str) -> Self {
        let status = email.status.clone().unwrap_or_else(|| EmailStatus::Other(String::new()));
        let stage = match status {
            status if status.is_over() => Stage::Over,
            EmailStatus::Unopened => Stage::Waits,
            _ => Stage::Talked,
        };
        let facts = Facts::default()
            .seconds(FactKind::Waited, email.queue_duration)
            .text(FactKind::Language, email.lang.as_deref())
            .transfers(&email.transfers)
            .link(
                FactKind::Ticket,
                email.out_ticket_id.as_deref().unwrap_or(""),
                email.out_ticket_url.as_deref(),
            );
        Self {
            key: Key::new(Kind::Email, &email.id),
            channel: Channel::Email,
            direction: Direction::In,
            stage,
            end: if email.assigned_at.is_some() { End::Talk } else { End::Nothing },
            agent: email.agent_info.clone(),
            created: email.created_at.or(email.assigned_at),
            assigned: email.assigned_at,
            connected: email.assigned_at,
            ended: email.finished_at,
            updated: email.updated_at,
            talked: email.email_duration,
            party: party(email.end_user.as_ref(), region),
            title: email.threads.iter().find_map(|thread| given(thread.subject.as_deref())),
            queue: queue(email.selected_menu.as_ref(), email.menu_path.as_ref(), Channel::Email),
            facts: facts.0,
            participants: Vec::new(),
            handles: email.handle_durations.clone(),
            held: SignedDuration::ZERO,
        }
    }

    /// It was made for this agent, whether or not the record says so yet.
    pub(super) fn is_given_to(&mut self, agent: &Id) {
        let info = self.agent.get_or_insert_default();
        info.id.get_or_insert_with(|| agent.clone());
    }

    /// Whether it is this agent's now.
    pub(super) fn is_of(&self, agent: &Id) -> bool {
        self.agent.as_ref().and_then(|info| info.id.as_ref()) == Some(agent)
    }

    /// Whether this agent ever had it.
    pub(super) fn was_of(&self, agent: &Id) -> bool {
        self.is_of(agent)
            || self.handles.iter().any(|handle| handle.agent_id.as_ref() == Some(agent))
            || self.takes_part(agent)
    }

    /// Whether this agent is in the conversation, or was.
    pub(super) fn takes_part(&self, agent: &Id) -> bool {
        self.of(agent).any(|part| part.connected_at.is_some())
    }

    /// Whether this agent is in the conversation although another one has it (a consultation, a conference).
    pub(super) fn takes_part_now(&self, agent: &Id) -> bool {
        self.of(agent).any(|part| part.connected_at.is_some() && part.ended_at.is_none())
    }

    fn of<'a>(&'a self, agent: &'a Id) -> impl Iterator<Item = &'a Participant> {
        self.participants.iter().filter(move |part| part.user_id.as_ref() == Some(agent))
    }

    /// What this agent had of it.
    pub(super) fn part(&self, agent: &Id) -> Part {
        let handles: Vec<_> = self.handles.iter().filter(|h| h.agent_id.as_ref() == Some(agent)).collect();
        let alone = handles.len() == self.handles.len();
        let first = |times: &mut dyn Iterator<Item = Timestamp>| times.min();
        let answered = first(&mut self.of(agent).filter_map(|part| part.connected_at));
        let began = first(&mut handles.iter().filter_map(|handle| handle.started_at));
        let ended = handles.iter().filter_map(|handle| handle.ended_at).max();
        let ended = ended.or_else(|| self.of(agent).filter_map(|part| part.ended_at).max());
        let ended = ended
            .or(self.ended.filter(|_| alone))
            .filter(|_| self.stage == Stage::Over || !self.is_of(agent));
        let after = total(handles.iter().filter_map(|handle| handle.acw_duration));
        let held = total(self.of(agent).filter_map(|part| part.hold_duration));
        Part {
            began: began.into_iter().chain(self.assigned.filter(|_| alone)).min().or(answered),
            answered: answered.or(self.connected.filter(|_| alone)),
            ended,
            closed: ended.and_then(|ended| ended.checked_add(after).ok()),
            held: if held.is_zero() && alone { self.held } else { held },
        }
    }
}

/// A sum of whatever came, however large.
fn total(all: impl Iterator<Item = SignedDuration>) -> SignedDuration {
    all.fold(SignedDuration::ZERO, SignedDuration::saturating_add)
}

/// Names of agents that a record mentions, by their numbers.
fn people<'a>(agent: Option<&'a AgentInfo>, transfers: &'a [Transfer]) -> Vec<(&'a Id, String)> {
    let mentioned = transfers.iter().flat_map(|t| [t.from_agent.as_ref(), t.to_agent.as_ref()]).flatten();
    agent.into_iter().chain(mentioned).filter_map(|info| Some((info.id.as_ref()?, name_of(info)?))).collect()
}

/// What an agent is called.
pub(super) fn name_of(info: &AgentInfo) -> Option<String> {
    let parts = [given(info.first_name.as_deref()), given(info.last_name.as_deref())];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    given(info.name.as_deref()).or_else(|| given(Some(&parts)))
}

/// What is there and not empty.
pub(super) fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The other side: a number, an address, or whatever else the tenant knows the customer by.
fn party(end_user: Option<&EndUser>, region: &str) -> Party {
    let Some(identifier) = end_user.and_then(|user| given(user.identifier.as_deref())) else {
        return Party::default();
    };
    if identifier.contains('@') {
        return Party { address: Some(identifier), ..Party::default() };
    }
    let phone = numbers::parse(&identifier, region).phone;
    match phone.e164 {
        Some(_) => Party { phone: Some(phone), ..Party::default() },
        None => Party { name: Some(identifier), ..Party::default() },
    }
}

/// The name of a queue: a menu counts for each channel by itself.
pub(super) fn queue_id(menu: &Id, channel: Channel) -> QueueId {
    let channel = match channel {
        Channel::Call => "call",
        Channel::Email => "email",
        _ => "chat",
    };
    QueueId(format!("{menu}/{channel}"))
}

fn queue(menu: Option<&Menu>, path: Option<&MenuPath>, channel: Channel) -> Option<QueueRef> {
    let named = path.and_then(|path| given(path.name.as_deref())).map(|name| steps(&name));
    let title = named.or_else(|| menu.and_then(|menu| given(menu.name.as_deref())))?;
    Some(QueueRef { id: menu.map(|menu| queue_id(&menu.id, channel)), title })
}

/// A way through the menus, for reading.
pub(super) fn steps(path: &str) -> String {
    path.split(['/', '>']).map(str::trim).filter(|step| !step.is_empty()).collect::<Vec<_>>().join(" › ")
}

/// The documented words for a failure; the platform's own where its code is not documented.
fn failure_of(call: &Call) -> Option<String> {
    let by_code = call.adapter_fail_code.and_then(ccaip::AdapterFailCode::message).map(str::to_owned);
    let reason = call.fail_reason.as_ref();
    by_code
        .or_else(|| given(call.adapter_fail_message.as_deref()))
        .or_else(|| reason.and_then(CallFailReason::message).map(str::to_owned))
        .or_else(|| reason.and_then(|why| unknown(why.as_str(), "nothing")).map(str::to_owned))
        .or_else(|| given(call.fail_details.as_deref()))
}

/// A word that is not the one for "none".
fn unknown<'a>(word: &'a str, none: &str) -> Option<&'a str> {
    Some(word.trim()).filter(|word| !word.is_empty() && *word != none && *word != "0")
}

fn outcome_of(call: &Call, stage: Stage) -> Option<String> {
    let sent_on = call.deflection.as_ref().filter(|deflection| deflection.is_some());
    let sent_on = sent_on.map(|deflection| deflection.as_str().replace('_', " "));
    sent_on.or_else(|| given(call.sub_status.as_deref()).filter(|_| stage == Stage::Over))
}

/// Facts in the making.
#[derive(Default)]
struct Facts(Vec<ActivityFact>);

impl Facts {
    fn add(mut self, kind: FactKind, value: String, link: Option<String>) -> Self {
        if !value.is_empty() || link.is_some() {
            self.0.push(ActivityFact { kind, value, link });
        }
        self
    }

    fn text(self, kind: FactKind, text: Option<&str>) -> Self {
        self.add(kind, given(text).unwrap_or_default(), None)
    }

    fn verified(self, verified: Option<bool>) -> Self {
        self.text(FactKind::Verified, verified.map(|yes| if yes { "yes" } else { "no" }))
    }

    fn seconds(self, kind: FactKind, of: Option<SignedDuration>) -> Self {
        let seconds = of.map(|of| of.as_secs()).filter(|seconds| *seconds >= 0);
        self.add(kind, seconds.map(|seconds| seconds.to_string()).unwrap_or_default(), None)
    }

    fn rating(self, rating: Option<f64>) -> Self {
        let rating = rating.filter(|rating| *rating > 0.0);
        self.add(FactKind::Rating, rating.map(|rating| rating.to_string()).unwrap_or_default(), None)
    }

    fn link(self, kind: FactKind, value: &str, link: Option<&str>) -> Self {
        self.add(kind, value.to_owned(), web(link))
    }

    fn media(self, photos: &[Photo], videos: &[Video]) -> Self {
        let photos =
            photos.iter().map(|photo| (photo.photo_type.as_deref().unwrap_or("photo"), photo.url.as_deref()));
        let videos = videos.iter().map(|video| ("video", video.url.as_deref()));
        photos.chain(videos).fold(self, |facts, (what, link)| match web(link) {
            Some(link) => facts.add(FactKind::Media, what.to_owned(), Some(link)),
            None => facts,
        })
    }

    fn participants(self, all: &[Participant], me: &Id, people: &[(&Id, String)]) -> Self {
        let others = all.iter().filter(|part| {
            part.kind != Some(ParticipantType::EndUser)
                && part.user_id.as_ref().is_some_and(|agent| agent != me)
        });
        others.fold(self, |facts, part| {
            let named = people.iter().find(|(id, _)| Some(*id) == part.user_id.as_ref());
            let number = || part.user_id.as_ref().map(|id| format!("agent {id}"));
            let who = named.map(|(_, name)| name.clone()).or_else(number).unwrap_or_default();
            let how = part.status.as_deref().map(|status| format!(" ({status})")).unwrap_or_default();
            facts.add(FactKind::Participant, format!("{who}{how}"), None)
        })
    }

    fn transfers(self, all: &[Transfer]) -> Self {
        all.iter().fold(self, |facts, transfer| {
            let end = |agent: Option<&AgentInfo>, menu: Option<&MenuPath>| {
                let menu = menu
                    .and_then(|m| given(m.name.as_deref()).or_else(|| given(m.materialized_path.as_deref())));
                agent.and_then(name_of).or(menu.map(|menu| steps(&menu))).unwrap_or_else(|| "…".to_owned())
            };
            let from = end(transfer.from_agent.as_ref(), transfer.from_menu.as_ref());
            let to = end(transfer.to_agent.as_ref(), transfer.to_menu.as_ref());
            let why = transfer.fail_reason.as_ref().and_then(CallFailReason::message);
            let how = why.or(transfer.status.as_deref()).map(|how| format!(" ({how})")).unwrap_or_default();
            facts.add(FactKind::Transfer, format!("{from} → {to}{how}"), None)
        })
    }
}

/// An address that a browser may be sent to.
fn web(link: Option<&str>) -> Option<String> {
    let link = given(link)?;
    let url = wire::Url::parse(&link).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(link)
}
