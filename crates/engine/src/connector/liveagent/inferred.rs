//! What no document says outright, in one place: each rule here may turn out otherwise at some account.

use liveagent::AccountTime;
use liveagent::conversations::{Conversation, Status};
use liveagent::departments::DepartmentAgent;
use liveagent::messages::{GroupStatus, GroupType, MessageGroup, MessageType};
use liveagent::onlinestatus::OnlineStatus;
use model::{Channel, Phase, Presence, Reach};

use crate::sight::Fate;

/// Inferred: a conversation in these states that is assigned to an agent rings at that agent or is talked in.
pub(super) const LIVE: [Status; 2] = [Status::Chatting, Status::Calling];

/// Whether a conversation in a live state rings or is talked in.
///
/// Inferred: the state of its last group of the kind says it. While nobody has taken it, the group is initializing or
/// connecting; "calling" is said of a call that goes on, as in API v3. Where the groups say nothing it rings: a ring too
/// many is seen, a ring too few is lost.
pub(super) fn phase(groups: &[MessageGroup]) -> Phase {
    let is_talk = |group: &&MessageGroup| {
        matches!(
            group.kind,
            Some(GroupType::Call | GroupType::OutgoingCall | GroupType::InternalCall | GroupType::Chat)
        )
    };
    match groups.iter().rev().find(is_talk).and_then(|group| group.status.as_ref()) {
        None | Some(GroupStatus::Initializing | GroupStatus::Connecting) => Phase::Ringing,
        Some(_) => Phase::Open,
    }
}

/// Inferred: an outgoing group means that the agent called.
pub(super) fn is_outgoing(groups: &[MessageGroup]) -> bool {
    let is_call =
        |group: &&MessageGroup| matches!(group.kind, Some(GroupType::Call | GroupType::OutgoingCall));
    groups.iter().rev().find(is_call).is_some_and(|group| group.kind == Some(GroupType::OutgoingCall))
}

/// What a conversation that was live at this agent came to. Inferred from where it stands now and in which phase.
pub(super) fn fate(now: &Conversation, phase: Phase, me: &str, was: Phase) -> Fate {
    let agent = now.assigned_to.as_deref().filter(|agent| !agent.is_empty());
    let is_live = now.status.as_ref().is_some_and(|status| LIVE.contains(status));
    match (agent == Some(me), was) {
        (true, Phase::Open) => Fate::Handled,
        (true, _) => Fate::Abandoned,
        (false, _) if is_live && phase == Phase::Ringing => Fate::Passed,
        (false, _) if agent.is_some() => Fate::Elsewhere,
        (false, _) => Fate::Abandoned,
    }
}

/// Inferred: who is on for calls, chats or messages takes contacts; who only reads does not.
pub(super) fn presence(online: Option<&OnlineStatus>) -> Presence {
    match online {
        None => Presence::Unknown,
        Some(online) if online.offline() => Presence::NotReady,
        Some(online) if online.phone() || online.chat() || online.messages() => Presence::Ready,
        Some(_) => Presence::NotReady,
    }
}

/// Inferred: `P` in the effective state means that the phone of the agent is on ("phone on" in the field).
pub(super) fn reach(online: Option<&OnlineStatus>) -> Reach {
    match online {
        Some(online) if online.phone() => Reach::Reachable,
        Some(_) => Reach::Unreachable,
        None => Reach::Unknown,
    }
}

/// The channel of a conversation. Inferred for those whose names the document does not explain: buttons and invitations
/// lead to chats, and letters of newer versions are unknown.
pub(super) fn channel(of: Option<&liveagent::conversations::Channel>) -> Channel {
    use liveagent::conversations::Channel as Wire;
    match of {
        Some(Wire::Email) => Channel::Email,
        Some(Wire::ContactForm) => Channel::Form,
        Some(Wire::ContactButton | Wire::Invitation) => Channel::Chat,
        Some(Wire::Call | Wire::CallButton) => Channel::Call,
        Some(Wire::FacebookMessage) => Channel::Messenger,
        Some(Wire::Facebook | Wire::Twitter | Wire::Forum | Wire::Suggestion) => Channel::Social,
        Some(Wire::Other(_)) | None => Channel::Other,
    }
}

/// Whether the text of a message is HTML. Inferred: a message does not say what it is, and only mails and what was pasted
/// from pages have tags in it. What only looks like a tag (`<your name>`) stands in plain words.
pub(super) fn is_html(text: &str) -> bool {
    const TAGS: [&str; 40] = [
        "a",
        "b",
        "big",
        "blockquote",
        "body",
        "br",
        "center",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "head",
        "hr",
        "html",
        "i",
        "img",
        "li",
        "meta",
        "ol",
        "p",
        "pre",
        "s",
        "script",
        "small",
        "span",
        "strong",
        "style",
        "sub",
        "sup",
        "table",
        "td",
        "u",
        "ul",
    ];
    text.split('<').skip(1).any(|rest| {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_tag = TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag)) || rest.starts_with('!');
        is_tag && rest.contains('>')
    })
}

/// Inferred: a conversation is given back to nobody by transferring it to its department without an agent.
pub(super) const NOBODY: Option<String> = None;

/// Inferred: how far the server's clock may be behind this computer's when a message of ours is looked for afterwards,
/// in milliseconds.
pub(super) const CLOCKS_APART_MS: i64 = 120_000;

/// When an agent's part in a group of messages began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Talk {
    pub(super) answered: Option<AccountTime>,
    pub(super) ended: Option<AccountTime>,
}

/// The part of an agent in a past group; none where it was another's, or still goes on. Inferred: whoever wrote in a chat, is
/// named by a part of a call, or began the group, had it; the first of these parts is when it was answered, and the end is
/// told by a part that says so. A call that one began and in which nothing of oneself stands was not answered.
pub(super) fn talk(group: &MessageGroup, me: &str) -> Option<Talk> {
    if matches!(
        group.status,
        Some(GroupStatus::Initializing | GroupStatus::Calling | GroupStatus::Connecting)
    ) {
        return None;
    }
    let began_it = group.user.as_deref() == Some(me);
    if group.kind == Some(GroupType::OutgoingEmail) {
        return began_it.then_some(Talk { answered: group.created, ended: group.created });
    }
    let mine = |kind: &Option<MessageType>| {
        matches!(
            kind,
            Some(MessageType::Message | MessageType::Voice | MessageType::VoiceInternal | MessageType::Mixed)
        )
    };
    let parts = group.messages.iter().filter(|one| one.user.as_deref() == Some(me) && mine(&one.kind));
    let answered = parts.filter_map(|one| one.created).min();
    let over =
        |kind: &Option<MessageType>| matches!(kind, Some(MessageType::End | MessageType::Disconnected));
    let ended = group.messages.iter().filter(|one| over(&one.kind)).filter_map(|one| one.created).max();
    (began_it || answered.is_some()).then(|| Talk { answered, ended: ended.or(group.finished) })
}

/// How many agents of a department are there, and how many could take a contact. Inferred: whoever can be reached in any way
/// is there; whoever can be reached by phone or chat takes contacts, also while in one: nobody tells who is.
pub(super) fn staff(agents: &[DepartmentAgent], of: impl Fn(&str) -> Option<OnlineStatus>) -> (u32, u32) {
    let (mut there, mut free) = (0, 0);
    for online in agents.iter().filter_map(|agent| of(&agent.id).or(agent.online.clone())) {
        there += u32::from(!online.offline());
        free += u32::from(!online.offline() && (online.phone() || online.chat()));
    }
    (there, free)
}
