//! One `application/dialog-info+xml` document (RFC 4235): which SIP dialogs a user or a line has.
//!
//! Everything a server may get wrong is taken as it is: a missing namespace, an unknown state or event (kept as its word), no
//! dialogs at all (= idle), white space around URIs, the attribute `notify-state` of the drafts. What makes a document
//! unusable is only what would make the table of dialogs wrong: another root, or not a word about whether it is the whole.

use super::xml::{self, Element, XmlError};

/// The namespace of RFC 4235.
pub const NAMESPACE: &str = "urn:ietf:params:xml:ns:dialog-info";

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogInfo {
    /// Whose dialogs; a URI, kept as it is.
    pub entity: String,
    /// One more with each document of a subscription, if the server counts.
    pub version: Option<u64>,
    /// Whether this is everything or what changed.
    pub extent: Extent,
    /// The dialogs.
    pub dialogs: Vec<Dialog>,
}

/// Whether a document is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is not in it is no more.
    Full,
    /// Only what changed.
    Partial,
}

/// One dialog: a call seen from one end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dialog {
    /// Names it within the subscription.
    pub id: String,
    /// `Call-ID` of SIP.
    pub call_id: Option<String>,
    /// Tag of this end.
    pub local_tag: Option<String>,
    /// Tag of the other end.
    pub remote_tag: Option<String>,
    /// Who called.
    pub direction: Option<Direction>,
    /// How far it is.
    pub state: DialogState,
    /// What brought it there: `cancelled`, `rejected`, `replaced`, `local-bye`, `remote-bye`, `error`, `timeout` or
    /// another word.
    pub event: Option<String>,
    /// The SIP status that came with the event.
    pub code: Option<u16>,
    /// Seconds since the dialog began.
    pub duration: Option<u64>,
    /// The dialog that this one took over.
    pub replaces: Option<Replaced>,
    /// Who referred the caller here.
    pub referred_by: Option<String>,
    /// This end.
    pub local: Party,
    /// The other end.
    pub remote: Party,
}

/// How far a dialog is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DialogState {
    /// Called, nobody has said anything yet.
    Trying,
    /// Somebody has said something.
    Proceeding,
    /// It rings.
    Early,
    /// They talk, or one holds.
    Confirmed,
    /// It is over.
    Terminated,
    /// A word that RFC 4235 does not have.
    Other(String),
    /// The document did not say.
    #[default]
    Unsaid,
}

/// Who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The watched end called.
    Initiator,
    /// The watched end was called.
    Recipient,
}

/// The dialog that another one took over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its `Call-ID`.
    pub call_id: String,
    /// Its local tag.
    pub local_tag: Option<String>,
    /// Its remote tag.
    pub remote_tag: Option<String>,
}

/// One end of a dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Who: a SIP or tel URI.
    pub identity: Option<String>,
    /// The name to show for it.
    pub display: Option<String>,
    /// Where: the device's URI.
    pub target: Option<String>,
    /// What the device is and does, such as `+sip.rendering` = `no` for hold. In the document's order.
    pub params: Vec<(String, String)>,
}

impl Party {
    /// A parameter of the device.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Dialog {
    /// Whether it is over.
    pub fn ended(&self) -> bool {
        self.state == DialogState::Terminated
    }

    /// Whether the watched end holds the other (RFC 4235 section 4.1.3.1).
    pub fn held(&self) -> bool {
        self.state == DialogState::Confirmed
            && self.local.param("+sip.rendering").is_some_and(|value| value.eq_ignore_ascii_case("no"))
    }
}

/// The lamp of a busy-lamp field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lamp {
    /// No call.
    Idle,
    /// A call comes in.
    Ringing,
    /// Calls, all of them held.
    Hold,
    /// On the phone, or about to be.
    Busy,
}

/// What these dialogs light up. A state that nobody knows is never idle.
pub fn lamp<'a>(dialogs: impl IntoIterator<Item = &'a Dialog>) -> Lamp {
    let mut lamp = Lamp::Idle;
    for dialog in dialogs.into_iter().filter(|dialog| !dialog.ended()) {
        if dialog.state == DialogState::Early && dialog.direction == Some(Direction::Recipient) {
            return Lamp::Ringing;
        }
        lamp = match lamp {
            Lamp::Idle | Lamp::Hold if dialog.held() => Lamp::Hold,
            _ => Lamp::Busy,
        };
    }
    lamp
}

/// Reads a document.
///
/// # Errors
/// [`XmlError`] if it cannot be read, is something else, or does not say whether it is the whole.
pub fn parse(document: &str) -> Result<DialogInfo, XmlError> {
    from_element(&xml::read(document)?)
}

/// Reads a document that was parsed already.
///
/// # Errors
/// [`XmlError::Unexpected`] if it is something else or does not say whether it is the whole.
pub fn from_element(root: &Element) -> Result<DialogInfo, XmlError> {
    let not = |problem: String| XmlError::Unexpected { expected: "dialog-info", problem };
    if !root.is(NAMESPACE, "dialog-info") {
        return Err(not(format!("its root is {}", root.name)));
    }
    let extent = match root.attribute("state").or_else(|| root.attribute("notify-state")) {
        Some("full") => Extent::Full,
        Some("partial") => Extent::Partial,
        other => return Err(not(format!("its state is {other:?}"))),
    };
    Ok(DialogInfo {
        entity: root.attribute("entity").unwrap_or_default().to_owned(),
        version: root.attribute("version").and_then(|version| version.parse().ok()),
        extent,
        dialogs: root.all(NAMESPACE, "dialog").map(dialog).collect(),
    })
}

fn dialog(element: &Element) -> Dialog {
    let state = element.child(NAMESPACE, "state");
    let said = |name| element.attribute(name).map(str::to_owned);
    let end = |name| element.child(NAMESPACE, name).map(party).unwrap_or_default();
    Dialog {
        id: said("id").unwrap_or_default(),
        call_id: said("call-id"),
        local_tag: said("local-tag"),
        remote_tag: said("remote-tag"),
        direction: match element.attribute("direction") {
            Some("initiator") => Some(Direction::Initiator),
            Some("recipient") => Some(Direction::Recipient),
            _ => None,
        },
        state: state.map(|state| DialogState::of(state.text())).unwrap_or_default(),
        event: state.and_then(|state| state.attribute("event")).map(str::to_owned),
        code: state.and_then(|state| state.attribute("code")).and_then(|code| code.parse().ok()),
        duration: element.text_of(NAMESPACE, "duration").and_then(|seconds| seconds.parse().ok()),
        replaces: element.child(NAMESPACE, "replaces").and_then(replaced),
        referred_by: element.text_of(NAMESPACE, "referred-by").map(str::to_owned),
        local: end("local"),
        remote: end("remote"),
    }
}

impl DialogState {
    fn of(word: &str) -> Self {
        match word {
            "trying" => Self::Trying,
            "proceeding" => Self::Proceeding,
            "early" => Self::Early,
            "confirmed" => Self::Confirmed,
            "terminated" => Self::Terminated,
            "" => Self::Unsaid,
            other => Self::Other(other.to_owned()),
        }
    }
}

fn replaced(element: &Element) -> Option<Replaced> {
    Some(Replaced {
        call_id: element.attribute("call-id")?.to_owned(),
        local_tag: element.attribute("local-tag").map(str::to_owned),
        remote_tag: element.attribute("remote-tag").map(str::to_owned),
    })
}

fn party(element: &Element) -> Party {
    let identity = element.child(NAMESPACE, "identity");
    let target = element.child(NAMESPACE, "target");
    // `display-name` is not in the standard but in the field.
    let display =
        |e: &Element| e.attribute("display").or_else(|| e.attribute("display-name")).map(str::to_owned);
    let param = |p: &Element| {
        Some((p.attribute("pname")?.to_owned(), p.attribute("pval").unwrap_or_default().to_owned()))
    };
    Party {
        identity: identity.map(Element::text).filter(|uri| !uri.is_empty()).map(str::to_owned),
        display: identity.and_then(display).filter(|name| !name.is_empty()),
        target: target.and_then(|target| target.attribute("uri")).map(str::to_owned),
        params: target
            .map(|target| target.all(NAMESPACE, "param").filter_map(param).collect())
            .unwrap_or_default(),
    }
}
