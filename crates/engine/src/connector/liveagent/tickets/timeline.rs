//! The time line: a group of messages is one entry.
//!
//! A mail's head becomes facts, its body the body, what it quotes follows it. A chat is one entry with a line for each
//! message. What merely happened (a transfer, a tag, a state) is an event with the platform's words.

use liveagent::messages::{GroupStatus, GroupType, Message, MessageGroup, MessageType};
use liveagent::{BaseUrl, List};
use model::{Attachment, Author, AuthorKind, Channel, Delivery, Direction, EntryKind, Fact};

use super::super::super::{Inline, RawBody, RawEntry, Timeline};
use super::super::book::given;
use super::super::{LiveAgent, inferred};
use super::reader::Reader;

/// A file that is known by its link only.
pub(super) const BY_LINK: &str = "link:";
/// How many files of a conversation are looked up for their names and sizes.
const LOOKED_UP: usize = 30;

impl LiveAgent {
    pub(super) async fn timeline(&self, reader: &Reader, groups: List<MessageGroup>) -> Timeline {
        let mut entries: Vec<RawEntry> = Vec::new();
        for (index, group) in groups.rows.iter().enumerate() {
            if matches!(group.status, Some(GroupStatus::Deleted)) {
                continue;
            }
            let mut entry = entry(reader, index, group);
            entry.inline = own_pictures(&entry.body, self.client.base());
            entries.push(entry);
        }
        self.name_files(&mut entries).await;
        entries.sort_by_key(|entry| entry.at);
        Timeline {
            entries,
            earlier: false,
            unreadable: u32::try_from(groups.unreadable.len()).unwrap_or(u32::MAX),
        }
    }

    /// Messages name their files by ids; names, types and sizes have to be asked for, once.
    async fn name_files(&self, entries: &mut [RawEntry]) {
        let client = self.beside();
        let mut unknown: Vec<String> = {
            let known = self.files();
            let files = entries.iter().flat_map(|entry| &entry.files);
            files.map(|file| file.id.clone()).filter(|id| !known.contains_key(id)).collect()
        };
        unknown.truncate(LOOKED_UP);
        let asked = unknown.iter().map(|id| client.file(id));
        let told = futures_util::future::join_all(asked).await;
        let mut known = self.files();
        for (id, file) in unknown.into_iter().zip(told) {
            if let Ok(file) = file {
                let name = given(file.name).unwrap_or_else(|| id.clone());
                let mime = given(file.media_type).unwrap_or_default();
                let size = file.size.and_then(|size| u64::try_from(size).ok());
                known.insert(id.clone(), Attachment { id, name, mime, size });
            }
        }
        for file in entries.iter_mut().flat_map(|entry| &mut entry.files) {
            if let Some(known) = known.get(&file.id) {
                file.clone_from(known);
            }
        }
    }
}

/// Pictures in a text that the platform keeps itself: no others are read unasked.
fn own_pictures(body: &RawBody, base: &BaseUrl) -> Vec<Inline> {
    let RawBody::Html(html) = body else { return Vec::new() };
    let mut own: Vec<Inline> = Vec::new();
    for quoted in html.split(['"', '\'']) {
        let link = quoted.trim().replace("&amp;", "&");
        if let Some(url) = base.own_file(&link).filter(|_| !own.iter().any(|known| known.cid == link)) {
            own.push(Inline { file: by_link(url.as_str()), cid: link });
        }
    }
    own
}

fn entry(reader: &Reader, index: usize, group: &MessageGroup) -> RawEntry {
    let author = author(reader, group);
    let (kind, channel, direction) = meaning(group.kind.as_ref(), &author);
    let at = group.created.or(group.finished).map(|time| reader.at(time)).unwrap_or_default();
    let seconds = match (group.created, group.finished) {
        (Some(from), Some(to)) if matches!(channel, Channel::Call | Channel::Chat) => {
            u32::try_from(reader.at(to).ms_since(reader.at(from)) / 1000).ok()
        }
        _ => None,
    };
    let body = if channel == Channel::Chat { chat(reader, group, &author) } else { body(&group.messages) };
    RawEntry {
        // The document promises a name and its example leaves it out.
        id: given(group.id.clone()).unwrap_or_else(|| format!("{index} {at:?}", at = at.0)),
        kind,
        channel,
        direction,
        at,
        title: of_kind(&group.messages, &[MessageType::Title]).into_iter().next().unwrap_or_default(),
        inline: Vec::new(),
        body,
        files: files(&group.messages),
        seconds,
        phone: None,
        delivery: (direction == Direction::Out && group.kind == Some(GroupType::OutgoingEmail)).then_some(
            if of_kind(&group.messages, &[MessageType::ErrorFooter]).is_empty() {
                Delivery::Sent
            } else {
                Delivery::Failed
            },
        ),
        facts: facts(&group.messages),
        author,
    }
}

/// What a group is. An unknown letter is shown as a message: what somebody wrote must not be hidden.
fn meaning(kind: Option<&GroupType>, author: &Author) -> (EntryKind, Channel, Direction) {
    let by_author = if author.kind == AuthorKind::Agent { Direction::Out } else { Direction::In };
    let message = |channel, direction| (EntryKind::Message, channel, direction);
    match kind {
        Some(GroupType::IncomingEmail | GroupType::ReplyToForward) => message(Channel::Email, Direction::In),
        Some(GroupType::OutgoingEmail | GroupType::Forwarded) => message(Channel::Email, Direction::Out),
        Some(GroupType::Offline | GroupType::OfflineLegacy) => message(Channel::Form, by_author),
        Some(GroupType::Chat) => message(Channel::Chat, Direction::In),
        Some(GroupType::Facebook | GroupType::Twitter | GroupType::Retweet) => {
            message(Channel::Social, by_author)
        }
        Some(GroupType::KnowledgeBase | GroupType::KnowledgeBaseStart) => message(Channel::Social, by_author),
        Some(GroupType::Call) => (EntryKind::Call, Channel::Call, Direction::In),
        Some(GroupType::OutgoingCall) => (EntryKind::Call, Channel::Call, Direction::Out),
        Some(GroupType::InternalCall) => (EntryKind::Call, Channel::Call, Direction::Internal),
        Some(GroupType::Internal | GroupType::InternalCollapsed | GroupType::InternalOffline) => {
            (EntryKind::Note, Channel::Comment, Direction::Internal)
        }
        Some(
            GroupType::Delete
            | GroupType::Resolve
            | GroupType::StartInfo
            | GroupType::Tag
            | GroupType::Transfer
            | GroupType::Postpone
            | GroupType::Spam
            | GroupType::Split
            | GroupType::Merged,
        ) => (EntryKind::Event, Channel::Other, Direction::Internal),
        Some(GroupType::Other(_)) | None => message(Channel::Other, by_author),
    }
}

fn author(reader: &Reader, group: &MessageGroup) -> Author {
    let user = given(group.user.clone())
        .or_else(|| group.messages.iter().find_map(|message| given(message.user.clone())));
    person(reader, user.as_deref(), group.kind.as_ref())
}

/// Who a user is. Nobody is the platform; whoever is in no list of agents (one who left, or one we may not see) is still a
/// colleague where only colleagues write, and else the customer.
fn person(reader: &Reader, user: Option<&str>, kind: Option<&GroupType>) -> Author {
    let Some(user) = user else {
        return Author { kind: AuthorKind::System, name: String::new(), address: None, me: false };
    };
    if let Some(agent) = reader.names.agents.get(user) {
        return Author {
            kind: AuthorKind::Agent,
            name: agent.name.clone(),
            address: Some(agent.email.clone()).filter(|email| !email.is_empty()),
            me: reader.is_me(user),
        };
    }
    let is_colleagues = matches!(
        kind,
        Some(
            GroupType::OutgoingEmail
                | GroupType::OutgoingCall
                | GroupType::Forwarded
                | GroupType::Internal
                | GroupType::InternalCollapsed
                | GroupType::InternalOffline
                | GroupType::InternalCall
        )
    );
    if is_colleagues {
        return Author {
            kind: AuthorKind::Agent,
            name: String::new(),
            address: None,
            me: reader.is_me(user),
        };
    }
    let (name, address) = reader.customer.clone();
    Author { kind: AuthorKind::Customer, name, address, me: false }
}

fn of_kind(messages: &[Message], kinds: &[MessageType]) -> Vec<String> {
    let of = messages.iter().filter(|message| message.kind.as_ref().is_some_and(|kind| kinds.contains(kind)));
    of.filter_map(|message| given(message.text.clone())).collect()
}

/// Everything somebody wrote, in order: as HTML if any of it is.
fn body(messages: &[Message]) -> RawBody {
    let hidden = [
        MessageType::Header,
        MessageType::HeaderA,
        MessageType::Title,
        MessageType::File,
        MessageType::NoteFile,
        MessageType::UserAgent,
        MessageType::ErrorFooter,
        MessageType::Voice,
        MessageType::VoiceInternal,
    ];
    let written =
        messages.iter().filter(|message| message.kind.as_ref().is_none_or(|kind| !hidden.contains(kind)));
    let parts: Vec<(bool, &str)> = written
        .filter_map(|message| {
            let text = message.text.as_deref().filter(|text| !text.trim().is_empty())?;
            Some((message.kind == Some(MessageType::Quoted), text))
        })
        .collect();
    if parts.iter().any(|(_, text)| inferred::is_html(text)) {
        let html = parts.into_iter().map(|(quoted, text)| {
            let html = if inferred::is_html(text) { text.to_owned() } else { letter::to_html(text) };
            if quoted { format!("<blockquote>{html}</blockquote>") } else { format!("<div>{html}</div>") }
        });
        return RawBody::Html(html.collect());
    }
    let text = parts.into_iter().map(|(quoted, text)| {
        if !quoted {
            return text.to_owned();
        }
        text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
    });
    RawBody::Text(text.collect::<Vec<_>>().join("\n\n"))
}

/// A chat: a line for each message, with who wrote it where that changes.
fn chat(reader: &Reader, group: &MessageGroup, first: &Author) -> RawBody {
    let mut lines = Vec::new();
    let mut speaker: Option<String> = None;
    for message in &group.messages {
        let Some(text) = given(message.text.clone()) else { continue };
        if matches!(message.kind, Some(MessageType::UserAgent | MessageType::File | MessageType::NoteFile)) {
            continue;
        }
        let by = given(message.user.clone())
            .map_or_else(|| first.clone(), |user| person(reader, Some(&user), group.kind.as_ref()));
        let name = match by.kind {
            AuthorKind::Agent => by.name,
            AuthorKind::Customer if by.name.is_empty() => "»".to_owned(),
            AuthorKind::Customer => by.name,
            AuthorKind::System => "·".to_owned(),
        };
        let text = if inferred::is_html(&text) { letter::text(letter::Source::Html(&text)) } else { text };
        if speaker.as_deref() == Some(name.as_str()) {
            lines.push(text);
        } else {
            lines.push(format!("{name}: {text}"));
            speaker = Some(name);
        }
    }
    RawBody::Text(lines.join("\n"))
}

fn files(messages: &[Message]) -> Vec<Attachment> {
    let ids = messages.iter().flat_map(Message::files);
    ids.map(|id| Attachment { id: id.to_owned(), name: id.to_owned(), mime: String::new(), size: None })
        .collect()
}

fn by_link(link: &str) -> Attachment {
    Attachment { id: format!("{BY_LINK}{link}"), name: "picture".to_owned(), mime: String::new(), size: None }
}

/// The head of a mail, line by line: `To: …`.
fn facts(messages: &[Message]) -> Vec<Fact> {
    let heads = of_kind(messages, &[MessageType::Header, MessageType::HeaderA]);
    let heads = heads.iter().map(|head| {
        if inferred::is_html(head) { letter::text(letter::Source::Html(head)) } else { head.clone() }
    });
    let lines = heads.flat_map(|head| head.lines().map(str::to_owned).collect::<Vec<_>>());
    let mut facts: Vec<Fact> = Vec::new();
    for line in lines {
        let Some((label, value)) = line.split_once(':') else { continue };
        let label = match label.trim().to_ascii_lowercase().as_str() {
            "to" => "to",
            "cc" => "cc",
            "from" => "from",
            _ => continue,
        };
        facts.push(Fact { label: label.to_owned(), value: value.trim().to_owned() });
    }
    facts
}
