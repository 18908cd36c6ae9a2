//! One `application/pidf+xml` document: who can be reached where (RFC 3863), what the person is doing (RFC 4479 data model,
//! RFC 4480 RPID), what will be (RFC 4481), and where their card is (RFC 4482 CIPID).
//!
//! Prefixes mean nothing, unknown namespaces are skipped, unknown activities are kept as words. A tuple that demands
//! (`mustUnderstand`) an element we do not know is left out, as RFC 3863 wants it. Icons and sounds are addresses a
//! stranger wrote: nothing here loads them, `status-icon` is not even read, and the addresses of CIPID are kept apart in
//! [`Presence::links`], to be shown when somebody asks and opened in a browser.
//!
//! [`Presence::to_xml`] writes what is read, except the links: Dstny takes a document to set a contact's presence.

mod write;

use jiff::Timestamp;

use super::xml::{self, Element, XmlError};

/// Namespace of RFC 3863.
pub const PIDF: &str = "urn:ietf:params:xml:ns:pidf";
/// Namespace of RFC 4479.
pub const DATA_MODEL: &str = "urn:ietf:params:xml:ns:pidf:data-model";
/// Namespace of RFC 4480.
pub const RPID: &str = "urn:ietf:params:xml:ns:pidf:rpid";
/// Namespace of RFC 4481.
pub const TIMED_STATUS: &str = "urn:ietf:params:xml:ns:pidf:timed-status";
/// Namespace of RFC 4482.
pub const CIPID: &str = "urn:ietf:params:xml:ns:pidf:cipid";

const KNOWN: [&str; 5] = [PIDF, DATA_MODEL, RPID, TIMED_STATUS, CIPID];

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// Whose presence; a `pres:` or `sip:` URI, if the document names it.
    pub entity: Option<String>,
    /// The ways to reach the person, in order.
    pub tuples: Vec<Tuple>,
    /// What the person is doing; usually one element, several if several sources report.
    pub persons: Vec<Person>,
    /// The person's devices.
    pub devices: Vec<Device>,
    /// Notes about the whole.
    pub notes: Vec<Note>,
    /// Addresses that the document names. Show them when somebody asks; never load them.
    pub links: Vec<Link>,
}

/// One way to reach somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuple {
    /// Names it within the document.
    pub id: String,
    /// Whether it is open.
    pub basic: Option<Basic>,
    /// The address.
    pub contact: Option<String>,
    /// How much it is preferred, in thousandths: 0 to 1000.
    pub priority: Option<u16>,
    /// What it is to the person, as a word of RPID: `self`, `assistant`, `family` …
    pub relationship: Option<String>,
    /// Notes.
    pub notes: Vec<Note>,
    /// When this was true.
    pub timestamp: Option<Timestamp>,
    /// What was or will be.
    pub timed: Vec<Timed>,
}

/// Whether somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basic {
    /// Yes.
    Open,
    /// No.
    Closed,
}

/// A status of another time (RFC 4481).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// From when on.
    pub from: Timestamp,
    /// Until when; open if it is not known.
    pub until: Option<Timestamp>,
    /// Whether it is open then.
    pub basic: Option<Basic>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Names it within the document.
    pub id: String,
    /// What they are doing, if it says.
    pub activities: Option<Activities>,
    /// Moods, as words of RPID.
    pub moods: Vec<String>,
    /// What kind of place they are at, as words.
    pub place_type: Vec<String>,
    /// What of theirs others can perceive, as words.
    pub privacy: Vec<String>,
    /// The part of their life they are in.
    pub sphere: Option<String>,
    /// Minutes east of UTC where they are.
    pub time_offset: Option<i32>,
    /// Whether they use something of theirs.
    pub user_input: Option<UserInput>,
    /// Notes.
    pub notes: Vec<Note>,
    /// When this was true.
    pub timestamp: Option<Timestamp>,
}

/// What somebody is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activities {
    /// Words of RPID (`away`, `busy`, `meeting`, `on-the-phone` …) or others; may be none.
    pub kinds: Vec<String>,
    /// A note.
    pub note: Option<String>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// A device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// Names it within the document.
    pub id: String,
    /// What it is called among all devices.
    pub device_id: Option<String>,
    /// Whether it is used.
    pub user_input: Option<UserInput>,
    /// Notes.
    pub notes: Vec<Note>,
    /// When this was true.
    pub timestamp: Option<Timestamp>,
}

/// Whether something is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInput {
    /// `active` or `idle`, or another word.
    pub word: String,
    /// When it was used last.
    pub last_input: Option<Timestamp>,
}

/// A text for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Its language, as a BCP 47 tag.
    pub lang: Option<String>,
    /// The text.
    pub text: String,
}

/// An address of RFC 4482.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is there.
    pub kind: LinkKind,
    /// An `http` or `https` address.
    pub url: String,
}

/// What is at a [`Link`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A vCard.
    Card,
    /// A home page.
    Homepage,
    /// A picture.
    Icon,
    /// A map.
    Map,
    /// A sound.
    Sound,
}

/// Reads a document.
///
/// # Errors
/// [`XmlError`] if it cannot be read or is something else.
pub fn parse(document: &str) -> Result<Presence, XmlError> {
    from_element(&xml::read(document)?)
}

/// Reads a document that was parsed already.
///
/// # Errors
/// [`XmlError::Unexpected`] if it is something else.
pub fn from_element(root: &Element) -> Result<Presence, XmlError> {
    if !root.is(PIDF, "presence") {
        return Err(XmlError::Unexpected { expected: "PIDF", problem: format!("its root is {}", root.name) });
    }
    Ok(Presence {
        entity: root.attribute("entity").filter(|entity| !entity.is_empty()).map(str::to_owned),
        tuples: root.all(PIDF, "tuple").filter(|tuple| !demands_more(tuple)).map(tuple).collect(),
        persons: root.all(DATA_MODEL, "person").map(person).collect(),
        devices: root.all(DATA_MODEL, "device").map(device).collect(),
        notes: notes(root, PIDF),
        links: links(root),
    })
}

/// Whether something below demands to be understood and is not.
fn demands_more(element: &Element) -> bool {
    element.children.iter().any(|child| {
        let demanded =
            child.attribute_of(PIDF, "mustUnderstand").or_else(|| child.attribute("mustUnderstand"));
        let known = child.namespace.as_deref().is_none_or(|namespace| KNOWN.contains(&namespace));
        (matches!(demanded, Some("true" | "1")) && !known) || demands_more(child)
    })
}

fn tuple(element: &Element) -> Tuple {
    let contact = element.child(PIDF, "contact");
    Tuple {
        id: id(element),
        basic: element.child(PIDF, "status").and_then(|status| basic(status, PIDF)),
        contact: contact.map(Element::text).filter(|uri| !uri.is_empty()).map(str::to_owned),
        priority: contact.and_then(|contact| contact.attribute("priority")).and_then(thousandths),
        relationship: element.child(RPID, "relationship").and_then(|kinds| words(kinds).into_iter().next()),
        notes: notes(element, PIDF),
        timestamp: element.text_of(PIDF, "timestamp").and_then(time),
        timed: element.all(TIMED_STATUS, "timed-status").filter_map(timed).collect(),
    }
}

fn timed(element: &Element) -> Option<Timed> {
    Some(Timed {
        from: element.attribute("from").and_then(time)?,
        until: element.attribute("until").and_then(time),
        basic: basic(element, TIMED_STATUS),
    })
}

fn person(element: &Element) -> Person {
    let list = |name| element.child(RPID, name).map(words).unwrap_or_default();
    Person {
        id: id(element),
        activities: element.child(RPID, "activities").map(activities),
        moods: list("mood"),
        place_type: list("place-type"),
        privacy: list("privacy"),
        sphere: element.child(RPID, "sphere").and_then(word),
        time_offset: element.text_of(RPID, "time-offset").and_then(|minutes| minutes.parse().ok()),
        user_input: element.child(RPID, "user-input").map(user_input),
        notes: notes(element, DATA_MODEL),
        timestamp: element.text_of(DATA_MODEL, "timestamp").and_then(time),
    }
}

fn activities(element: &Element) -> Activities {
    Activities {
        kinds: words(element),
        note: element.text_of(RPID, "note").map(str::to_owned),
        from: element.attribute("from").and_then(time),
        until: element.attribute("until").and_then(time),
    }
}

fn device(element: &Element) -> Device {
    Device {
        id: id(element),
        device_id: element.text_of(DATA_MODEL, "deviceID").map(str::to_owned),
        user_input: element.child(RPID, "user-input").map(user_input),
        notes: notes(element, DATA_MODEL),
        timestamp: element.text_of(DATA_MODEL, "timestamp").and_then(time),
    }
}

fn user_input(element: &Element) -> UserInput {
    UserInput { word: element.text().to_owned(), last_input: element.attribute("last-input").and_then(time) }
}

fn id(element: &Element) -> String {
    element.attribute("id").unwrap_or_default().to_owned()
}

fn basic(element: &Element, namespace: &str) -> Option<Basic> {
    match element.text_of(namespace, "basic")?.to_ascii_lowercase().as_str() {
        "open" => Some(Basic::Open),
        "closed" => Some(Basic::Closed),
        _ => None,
    }
}

/// RPID says things with empty elements; `other` says it with its text.
fn words(element: &Element) -> Vec<String> {
    let namespaces = ["urn:ietf:params:xml:ns:location-type", RPID];
    let known = |e: &&Element| e.namespace.as_deref().is_none_or(|own| namespaces.contains(&own));
    let said =
        |e: &Element| if e.name == "other" && !e.text().is_empty() { e.text() } else { &e.name }.to_owned();
    element.children.iter().filter(known).filter(|e| e.name != "note").map(said).collect()
}

fn word(element: &Element) -> Option<String> {
    words(element)
        .into_iter()
        .next()
        .or_else(|| Some(element.text().to_owned()).filter(|text| !text.is_empty()))
}

fn notes(element: &Element, namespace: &str) -> Vec<Note> {
    let note = |e: &Element| Note {
        lang: e.attribute_of("http://www.w3.org/XML/1998/namespace", "lang").map(str::to_owned),
        text: e.text().to_owned(),
    };
    element.all(namespace, "note").map(note).filter(|note| !note.text.is_empty()).collect()
}

fn links(root: &Element) -> Vec<Link> {
    let own = root.all(DATA_MODEL, "person").chain(root.all(PIDF, "tuple")).flat_map(|part| &part.children);
    own.filter_map(|e| {
        let kind = match e.name.as_str() {
            "card" => LinkKind::Card,
            "homepage" => LinkKind::Homepage,
            "icon" => LinkKind::Icon,
            "map" => LinkKind::Map,
            "sound" => LinkKind::Sound,
            _ => return None,
        };
        let web = e.text().starts_with("https://") || e.text().starts_with("http://");
        (e.namespace.as_deref() == Some(CIPID) && web).then(|| Link { kind, url: e.text().to_owned() })
    })
    .collect()
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// `0.8` → 800; more than three digits are cut.
fn thousandths(text: &str) -> Option<u16> {
    let value: f64 = text.parse().ok()?;
    (0.0..=1.0).contains(&value).then(|| (value * 1000.0).round() as u16)
}
