//! A small XML document as a tree, for documents of a few kilobytes that strangers send.
//!
//! - Names are compared as namespace + local name; prefixes mean nothing. An element without any namespace counts as one
//!   of the namespace that is looked for, because some servers forget the declaration.
//! - A DOCTYPE is refused: no entity can be declared, so none can expand; the five entities of XML and character
//!   references are all there is.
//! - Size, depth, and the number of elements and attributes are bounded; see [`LARGEST`], [`DEEPEST`], [`MOST`]
//!   and [`MOST_ATTRIBUTES`].
//! - The encoding in the declaration is not looked at: what arrives over the event stream is UTF-8 whatever it claims.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

/// The largest document that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How deep elements may be nested.
pub const DEEPEST: usize = 32;
/// How many elements and attributes a document may have in all.
pub const MOST: usize = 20_000;
/// How many attributes one element may have: looking for a double one costs the square of it.
pub const MOST_ATTRIBUTES: usize = 64;

/// Why a document was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// Not well-formed, with the parser's words.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// It has a DOCTYPE.
    #[error("a DOCTYPE is not accepted")]
    Doctype,
    /// It refers to an entity that XML itself does not have.
    #[error("unknown entity &{0};")]
    Entity(String),
    /// Larger, deeper or with more elements than is accepted.
    #[error("the document is too large")]
    TooLarge,
    /// Well-formed, but not the document that was expected.
    #[error("not a {expected} document: {problem}")]
    Unexpected {
        /// What was expected.
        expected: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// One element with everything below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// The namespace; `None` if the name is in none.
    pub namespace: Option<String>,
    /// The name without prefix.
    pub name: String,
    /// Child elements in order.
    pub children: Vec<Element>,
    attributes: Vec<Attribute>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    namespace: Option<String>,
    name: String,
    value: String,
}

impl Element {
    /// Whether this is the element of that name; one without a namespace is taken for it.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace.as_deref().is_none_or(|own| own == namespace)
    }

    /// The first child of that name.
    pub fn child<'a>(&'a self, namespace: &str, name: &str) -> Option<&'a Element> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// All children of that name, in order.
    pub fn all<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    /// An attribute without prefix, white space around it cut off.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.namespace.is_none() && a.name == name).map(|a| a.value.trim())
    }

    /// All attributes without prefix, in order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().filter(|a| a.namespace.is_none()).map(|a| (a.name.as_str(), a.value.trim()))
    }

    /// An attribute with a prefix.
    pub fn attribute_of(&self, namespace: &str, name: &str) -> Option<&str> {
        let own = |a: &&Attribute| a.namespace.as_deref() == Some(namespace) && a.name == name;
        self.attributes.iter().find(own).map(|a| a.value.trim())
    }

    /// The text directly in this element, white space around it cut off.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// The text of the first child of that name, if there is one with text.
    pub fn text_of(&self, namespace: &str, name: &str) -> Option<&str> {
        self.child(namespace, name).map(Element::text).filter(|text| !text.is_empty())
    }
}

/// Reads a document and returns its root.
///
/// # Errors
/// See [`XmlError`]; never [`XmlError::Unexpected`].
pub fn read(document: &str) -> Result<Element, XmlError> {
    if document.len() > LARGEST {
        return Err(XmlError::TooLarge);
    }
    let mut reader = NsReader::from_str(document);
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut left = MOST;
    loop {
        match reader.read_event().map_err(malformed)? {
            Event::Start(start) => {
                if open.len() == DEEPEST {
                    return Err(XmlError::TooLarge);
                }
                open.push(element(&reader, &start, &mut left)?);
            }
            Event::Empty(start) => close(element(&reader, &start, &mut left)?, &mut open, &mut root)?,
            Event::End(_) => {
                let done = open.pop().ok_or_else(|| malformed("an end without a start"))?;
                close(done, &mut open, &mut root)?;
            }
            Event::Text(text) => say(&text.xml10_content(), &mut open)?,
            Event::CData(text) => say(&text.xml10_content(), &mut open)?,
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(malformed)? {
                Some(character) => say(character.encode_utf8(&mut [0; 4]), &mut open)?,
                None => say(
                    resolve_xml_entity(&reference)
                        .ok_or_else(|| XmlError::Entity(reference.chars().take(40).collect()))?,
                    &mut open,
                )?,
            },
            Event::DocType(_) => return Err(XmlError::Doctype),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof if open.is_empty() => return root.ok_or_else(|| malformed("it has no root")),
            Event::Eof => return Err(malformed("it ends in the middle")),
        }
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>, left: &mut usize) -> Result<Element, XmlError> {
    let count = |left: &mut usize| {
        *left = left.checked_sub(1).ok_or(XmlError::TooLarge)?;
        Ok(())
    };
    count(left)?;
    let (namespace, name) = reader.resolver().resolve_element(start.name());
    let mut element =
        Element { namespace: owned(namespace), name: name.as_ref().to_owned(), ..Element::default() };
    for (number, attribute) in start.attributes().enumerate() {
        if number == MOST_ATTRIBUTES {
            return Err(XmlError::TooLarge);
        }
        count(left)?;
        let attribute = attribute.map_err(malformed)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        element.attributes.push(Attribute {
            namespace: owned(namespace),
            name: name.as_ref().to_owned(),
            value: attribute.normalized_value(XmlVersion::Implicit1_0).map_err(malformed)?.into_owned(),
        });
    }
    Ok(element)
}

/// A prefix that nobody declared stands for a namespace that nobody knows.
fn owned(namespace: ResolveResult<'_>) -> Option<String> {
    match namespace {
        ResolveResult::Unbound => None,
        ResolveResult::Bound(namespace) => Some(namespace.as_ref().to_owned()),
        ResolveResult::Unknown(prefix) => Some(format!("undeclared:{prefix}")),
    }
}

fn close(done: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), XmlError> {
    match open.last_mut() {
        Some(parent) => parent.children.push(done),
        None if root.is_some() => return Err(malformed("it has more than one root")),
        None => *root = Some(done),
    }
    Ok(())
}

fn say(text: &str, open: &mut [Element]) -> Result<(), XmlError> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().trim_start_matches('\u{feff}').is_empty() => {}
        None => return Err(malformed("text outside of the root")),
    }
    Ok(())
}

#[allow(clippy::needless_pass_by_value)] // it is handed to `map_err`
fn malformed(problem: impl ToString) -> XmlError {
    XmlError::Malformed(problem.to_string())
}
