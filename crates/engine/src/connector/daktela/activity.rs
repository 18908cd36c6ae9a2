//! One activity: where it stands for this agent, and what can be done with it.

use daktela::Fk;
use daktela::models::{
    Activity, ActivityAction, ActivityCall, ActivityKind, CallChannel, ChannelState, Contact,
    Direction as Way, Item, NotAnswered, Queue, Ticket, User,
};
use model::{
    AccountId, Action, Channel, ContactId, DeviceId, Direction, Party, Phase, Phone, QueueId, QueueRef,
    TicketId, TicketRef, WrapUpRules,
};

use super::agent::moment;
use super::people;
use crate::numbers;
use crate::sight::{Fate, Seen};

/// Reads activities for one agent.
pub(super) struct Reader<'a> {
    pub(super) account: &'a AccountId,
    pub(super) region: &'a str,
    pub(super) me: &'a User,
    pub(super) rules: &'a dyn Fn(&Fk<Queue>) -> WrapUpRules,
}

/// Where an activity of the pull stands for the agent.
pub(super) enum Stands {
    Here(Box<Seen>),
    Left(Fate),
}

/// What became of an activity that the agent does not have (any more).
pub(super) fn fate_of(activity: &Activity, me: &User) -> Fate {
    let call = activity.item.as_ref().and_then(Item::call);
    let given_up = call.is_some_and(|call| call.disconnection_cause == Some(NotAnswered::Abandon));
    let never_answered =
        call.is_some_and(|call| call.answered == Some(false)) || activity.time_open.is_none();
    let mine = activity.user.as_ref().is_some_and(|user| is_me(user, me));
    match &activity.action {
        Some(ActivityAction::Close) if given_up || (call.is_some() && never_answered) => Fate::Abandoned,
        Some(ActivityAction::Open | ActivityAction::Postpone | ActivityAction::Close) => {
            match (&activity.user, mine) {
                (_, true) => Fate::Handled,
                (Some(_), false) => Fate::Elsewhere,
                (None, false) => Fate::Gone,
            }
        }
        Some(ActivityAction::Wait | ActivityAction::Other(_)) | None => Fate::Passed,
    }
}

/// Inferred: where rights hide the user's name, the same display name is the same user.
pub(super) fn is_me(user: &Fk<User>, me: &User) -> bool {
    match &user.name {
        Some(name) => *name == me.name,
        None => user.title.is_some() && user.title == me.title,
    }
}

impl Reader<'_> {
    pub(super) fn read(&self, activity: &Activity) -> Stands {
        let mine = activity.user.as_ref().map(|user| is_me(user, self.me));
        let phase = match (&activity.action, mine) {
            (Some(ActivityAction::Wait), Some(true)) => Phase::Ringing,
            (Some(ActivityAction::Wait | ActivityAction::Other(_)) | None, None) => Phase::Waiting,
            // Being handed out: rings nowhere yet.
            (Some(ActivityAction::Other(_)) | None, Some(true)) => Phase::Waiting,
            (Some(ActivityAction::Open), Some(true) | None) => self.open_phase(activity),
            (Some(ActivityAction::Postpone), Some(true) | None) => Phase::Postponed,
            (Some(ActivityAction::Close), _) | (_, Some(false)) => {
                return Stands::Left(fate_of(activity, self.me));
            }
        };
        Stands::Here(Box::new(self.seen(activity, phase)))
    }

    fn open_phase(&self, activity: &Activity) -> Phase {
        let Some(call) = activity.item.as_ref().and_then(Item::call) else { return Phase::Open };
        // `channels` is nullable: without any nothing is known, and the call counts as going on. Inferred: where no
        // leg says whose it is (rights may hide users), the call goes on as long as any leg does.
        let told = call.channels.iter().any(|channel| self.is_mine(channel));
        let goes_on = |channel: &CallChannel| channel.is_live() && (!told || self.is_mine(channel));
        if !call.channels.is_empty() && !call.channels.iter().any(goes_on) {
            return Phase::WrapUp;
        }
        let others = || call.channels.iter().filter(|channel| !self.is_mine(channel));
        let answered = others().any(|channel| {
            matches!(channel.state, Some(ChannelState::Speaking | ChannelState::OnHold))
                || channel.time_speaking.is_some()
        });
        if call.direction == Some(Way::Out) && !answered && !call.channels.is_empty() {
            Phase::Dialling
        } else {
            Phase::Open
        }
    }

    pub(super) fn is_mine(&self, channel: &CallChannel) -> bool {
        channel.user.as_ref().is_some_and(|user| is_me(user, self.me))
    }

    fn is_my_live(&self, channel: &CallChannel) -> bool {
        self.is_mine(channel) && channel.is_live()
    }

    fn seen(&self, activity: &Activity, phase: Phase) -> Seen {
        let call = activity.item.as_ref().and_then(Item::call);
        let contact = self.linked(activity, call);
        let party = self.named_after(contact.as_ref(), self.party(activity, call));
        let is_call = call.is_some() || activity.kind == Some(ActivityKind::Call);
        Seen {
            name: activity.name.clone(),
            channel: channel(activity.kind.as_ref()),
            direction: direction(activity.item.as_ref()),
            phase,
            began_at: activity.time.map(moment),
            answered_at: self.answered_at(activity, call, phase),
            ended_at: call.and_then(|call| self.ended_at(call, phase)),
            title: activity.title.clone().filter(|title| !title.trim().is_empty()),
            party,
            contact,
            queue: activity.queue.as_ref().map(|queue| QueueRef {
                id: queue.name.clone().map(QueueId),
                title: queue.label().to_owned(),
            }),
            ticket: activity.ticket.as_ref().and_then(|ticket| self.ticket(ticket)),
            device: call.and_then(|call| self.device(call)),
            on_hold: call.is_some_and(|call| {
                let live = call.channels.iter().filter(|channel| channel.is_live());
                live.into_iter().any(|channel| channel.state == Some(ChannelState::OnHold))
            }),
            web: None,
            facts: Vec::new(),
            actions: actions(phase, is_call, call.is_some_and(|call| call.channels.is_empty())),
            call: None,
            wrap_up: activity.queue.as_ref().map(|queue| (self.rules)(queue)).unwrap_or_default(),
        }
    }

    /// Who the other side is, as far as the activity tells.
    pub(super) fn known_party(&self, activity: &Activity) -> Party {
        let call = activity.item.as_ref().and_then(Item::call);
        self.named_after(self.linked(activity, call).as_ref(), self.party(activity, call))
    }

    fn linked(&self, activity: &Activity, call: Option<&ActivityCall>) -> Option<model::Contact> {
        let contact = activity.contact.as_ref().or_else(|| call.and_then(|call| call.contact.as_ref()));
        contact.and_then(|contact| self.contact(contact))
    }

    fn named_after(&self, contact: Option<&model::Contact>, mut party: Party) -> Party {
        if let Some(contact) = contact {
            party.name = Some(contact.title.clone()).filter(|title| !title.is_empty()).or(party.name);
            party.company = contact.company.clone().or(party.company);
        }
        party
    }

    /// Who the other side is, by the address that stands in the item.
    fn party(&self, activity: &Activity, call: Option<&ActivityCall>) -> Party {
        let (number, address) = match &activity.item {
            Some(Item::Call(call)) => (call.clid.as_deref(), None),
            Some(Item::Sms(sms)) => (sms.sender.as_deref(), None),
            Some(Item::Email(email)) => (None, email.address.as_deref()),
            Some(Item::Web(web)) => (web.phone.as_deref(), web.email.as_deref()),
            Some(Item::Fbm(message)) => (None, message.sender.as_deref()),
            Some(Item::Igdm(message)) => (None, message.sender.as_deref()),
            // WhatsApp and Viber name their senders by number.
            Some(Item::Wap(message)) => (message.sender.as_deref(), None),
            Some(Item::Vbr(message)) => (message.sender.as_deref(), None),
            Some(Item::Id(_) | Item::Other(_)) | None => (None, None),
        };
        let full = |text: &&str| !text.trim().is_empty();
        Party {
            name: call.and_then(|call| call.prefix_clid_name.clone()).filter(|name| !name.trim().is_empty()),
            company: None,
            phone: number.filter(full).map(|number| self.phone(number)),
            address: address.filter(full).map(str::to_owned),
        }
    }

    fn phone(&self, number: &str) -> Phone {
        numbers::phone(number, self.region)
    }

    fn contact(&self, contact: &Fk<Contact>) -> Option<model::Contact> {
        match &contact.full {
            Some(full) => Some(people::contact(self.account, self.region, full)),
            None => Some(model::Contact {
                id: ContactId::new(self.account, contact.name.as_deref()?),
                account: self.account.clone(),
                title: contact.label().to_owned(),
                company: None,
                numbers: Vec::new(),
                emails: Vec::new(),
                description: None,
                favourite: false,
                mark: None,
                editable: false,
            }),
        }
    }

    fn ticket(&self, ticket: &Fk<Ticket>) -> Option<TicketRef> {
        let stage = ticket.full.as_ref().and_then(|ticket| ticket.stage.as_ref());
        Some(TicketRef {
            account: self.account.clone(),
            id: TicketId::new(self.account, ticket.name.as_deref()?),
            number: ticket.name.clone()?,
            title: ticket.label().to_owned(),
            stage: stage.map(|stage| stage.as_str().to_owned()),
        })
    }

    /// Inferred: the endpoint of a leg ends in the device's number (`SIP/305`).
    fn device(&self, call: &ActivityCall) -> Option<DeviceId> {
        let mine = call.channels.iter().find(|channel| self.is_my_live(channel))?;
        let endpoint = mine.endpoint.as_deref().filter(|endpoint| !endpoint.is_empty())?;
        endpoint.rsplit('/').next().map(DeviceId::from)
    }

    fn answered_at(
        &self,
        activity: &Activity,
        call: Option<&ActivityCall>,
        phase: Phase,
    ) -> Option<model::Timestamp> {
        if !matches!(phase, Phase::Open | Phase::WrapUp) {
            return None;
        }
        let spoken = call.and_then(|call| {
            let others = call.channels.iter().filter(|channel| !self.is_mine(channel));
            others.filter_map(|channel| channel.time_speaking).min()
        });
        spoken
            .or(activity.time_open.filter(|_| call.is_none_or(|c| c.direction != Some(Way::Out))))
            .map(moment)
    }

    fn ended_at(&self, call: &ActivityCall, phase: Phase) -> Option<model::Timestamp> {
        let mine = call.channels.iter().filter(|channel| self.is_mine(channel));
        mine.filter_map(|channel| channel.time_closed).max().filter(|_| phase == Phase::WrapUp).map(moment)
    }
}

/// What S1 describes for each phase.
fn actions(phase: Phase, is_call: bool, channels_unknown: bool) -> Vec<Action> {
    match phase {
        Phase::Ringing => vec![Action::Answer, Action::Decline],
        Phase::Waiting => vec![Action::Answer],
        Phase::Dialling => vec![Action::Hangup],
        Phase::Open if is_call && channels_unknown => vec![Action::Hangup, Action::Close],
        Phase::Open if is_call => vec![Action::Hangup],
        Phase::Open | Phase::WrapUp | Phase::Postponed => vec![Action::Close],
    }
}

pub(super) fn channel(kind: Option<&ActivityKind>) -> Channel {
    match kind {
        Some(ActivityKind::Call) => Channel::Call,
        Some(ActivityKind::Email) => Channel::Email,
        Some(ActivityKind::Chat) => Channel::Chat,
        Some(ActivityKind::Sms) => Channel::Sms,
        Some(ActivityKind::Fbm) => Channel::Messenger,
        Some(ActivityKind::Igdm) => Channel::Instagram,
        Some(ActivityKind::Wap) => Channel::Whatsapp,
        Some(ActivityKind::Vbr) => Channel::Viber,
        Some(ActivityKind::FbComment | ActivityKind::IgComment) => Channel::Social,
        Some(ActivityKind::Comment) | None => Channel::Comment,
        Some(ActivityKind::Custom | ActivityKind::Other(_)) => Channel::Other,
    }
}

pub(super) fn direction(item: Option<&Item>) -> Direction {
    let way = match item {
        Some(Item::Call(call)) => call.direction.as_ref(),
        Some(Item::Email(email)) => email.direction.as_ref(),
        Some(Item::Sms(sms)) => sms.direction.as_ref(),
        Some(Item::Fbm(message)) => message.direction.as_ref(),
        Some(Item::Igdm(message)) => message.direction.as_ref(),
        Some(Item::Wap(message)) => message.direction.as_ref(),
        Some(Item::Vbr(message)) => message.direction.as_ref(),
        Some(Item::Web(_) | Item::Id(_) | Item::Other(_)) | None => None,
    };
    match way {
        Some(Way::Out) => Direction::Out,
        Some(Way::Internal) => Direction::Internal,
        Some(Way::In | Way::Other(_)) | None => Direction::In,
    }
}

/// A past activity for a contact's history.
pub(super) fn past(activity: &Activity) -> model::PastActivity {
    let seconds = activity.duration.and_then(|seconds| u32::try_from(seconds).ok());
    model::PastActivity {
        channel: channel(activity.kind.as_ref()),
        direction: direction(activity.item.as_ref()),
        title: activity.title.clone().unwrap_or_default(),
        at: activity.time.map(moment).unwrap_or_default(),
        seconds,
        agent: activity.user.as_ref().map(|user| user.label().to_owned()).filter(|label| !label.is_empty()),
    }
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
