//! What customers wrote, made safe to show.
//!
//! A letter (a mail, a message, a note) comes from anybody. [`render`] turns it into a sealed page for
//! `<iframe sandbox="allow-same-origin" srcdoc>`: no script, no request, no navigation of its own. The frame, the page's
//! own policy and what is taken out here each suffice alone.
//!
//! The way of a letter: tokens → tree (what may stay, nested well, bounded) → older letters folded → links and numbers
//! made → written → read once more by ammonia, the gate. All steps take time in proportion to the letter.
//!
//! - [`render`]: the page, its text, and what it links to.
//! - [`text`], [`preview`]: readable text for the index, the list and for quoting.
//! - [`to_html`], [`quote`]: the other way, for what an agent writes.
//!
//! Nothing here does I/O. Pictures come from the caller as `data:` addresses, numbers are judged by the caller.

mod compose;
mod dress;
mod gate;
mod links;
mod page;
mod plain;
mod policy;
mod quoted;
mod scan;
mod style;
mod tokens;
mod tree;

pub use compose::{Quote, quote, to_html};

use tree::Tree;

/// A letter as the platform gave it.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// HTML, whole or a part. Where there is no HTML in it, it is read as plain text (with entities).
    Html(&'a str),
    /// Plain text: shown as it stands.
    Text(&'a str),
}

/// What the caller decides and provides.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// From a content id (of a `cid:` address, without angle brackets) to the picture as a `data:` address; also from the
    /// address of a picture that the caller has already, as it stands in the letter.
    /// Only base64 of PNG, JPEG, GIF, WebP, BMP and AVIF is taken, up to 8 MiB of text each.
    pub inline: &'a dyn Fn(&str) -> Option<String>,
    /// What happens with pictures of the web.
    pub remote: Remote<'a>,
    /// Whether digits in a text are a telephone number, and if so the form to dial (it becomes `tel:…`). Asked only
    /// about what stands where a number may stand; dates, amounts, IBANs and order numbers are not asked about.
    pub number: &'a dyn Fn(&str) -> Option<String>,
    /// Words in the page.
    pub words: Words<'a>,
}

/// Pictures that lie on a web server: fetching one tells its owner that the letter was opened.
#[derive(Clone, Copy)]
pub enum Remote<'a> {
    /// A placeholder stands in their place.
    Block,
    /// The caller fetched them: from the address, as in [`RemoteImage::url`], to a `data:` address.
    Inline(&'a dyn Fn(&str) -> Option<String>),
}

/// Words in the page, in the agent's language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Above a folded older letter: "Quoted text".
    pub quoted: &'a str,
    /// In the place of a picture without a description: "Picture".
    pub picture: &'a str,
}

impl Default for Options<'_> {
    /// No pictures, no numbers, an ellipsis for words.
    fn default() -> Self {
        Self {
            inline: &|_| None,
            remote: Remote::Block,
            number: &|_| None,
            words: Words { quoted: "…", picture: "…" },
        }
    }
}

/// A letter made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// A whole HTML document for the `srcdoc` of a frame with `sandbox="allow-same-origin"`. The page that holds the
    /// frame must catch clicks on `a[href]`; a click that is not caught goes nowhere. Numbers found in the text are
    /// links with `data-number`. A letter in its own colours has the class `paper` on `html`.
    pub document: String,
    /// The readable text, older letters included.
    pub text: String,
    /// The start of what is new, about 140 signs on one line.
    pub preview: String,
    /// Where in `text` (in bytes) the first folded older letter begins.
    pub quoted_from: Option<usize>,
    /// Pictures of the web, each once, whether shown or not.
    pub remote: Vec<RemoteImage>,
    /// Links of the web, mail and telephone, in order, up to 1000.
    pub links: Vec<Link>,
    /// Telephone numbers found in the text, each once. Numbers that the writer made links of are in `links`.
    pub numbers: Vec<Number>,
    /// The letter is larger (1 MiB without its pictures) or deeper (200 elements) than what is shown.
    pub cut: bool,
}

/// A picture on a web server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteImage {
    /// Its address, `http` or `https`.
    pub url: String,
    /// The host that would be asked.
    pub host: String,
    /// Too small or hidden: it only tells that the letter was opened. It has no placeholder.
    pub pixel: bool,
}

/// A link as shown and as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `http(s):`, `mailto:` or `tel:`.
    pub href: String,
    /// The text of the link, up to 200 signs.
    pub shown: String,
    /// Where it goes, in short: the host, the mail address or the number. A host with foreign letters is in punycode.
    pub target: String,
    /// Why an agent should look twice.
    pub suspicion: Option<Suspicion>,
}

/// Why a link is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It shows one host, mail address or number and goes to another.
    OtherHost,
    /// A user name stands before the host, which reads like a host: `https://bank.example@evil.example`.
    NameBeforeHost,
    /// The host has letters beyond ASCII, which can look like others.
    ForeignLetters,
    /// The host is a bare network address.
    BareAddress,
}

/// A telephone number in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As it was written.
    pub shown: String,
    /// What [`Options::number`] gave for it.
    pub dial: String,
}

/// Makes a letter safe to show. Never fails: what cannot be read is shown as the text it is.
pub fn render(source: Source<'_>, options: &Options<'_>) -> Rendered {
    let mut tree = read(source, options);
    quoted::fold(&mut tree, options.words.quoted);
    let lines = plain::lines(&tree);
    let (text, quoted_from) = plain::join(&lines);
    let preview = plain::preview(&lines);
    let dress::Dressed { links, numbers } = dress::dress(&mut tree, options);
    let document = page::document(&mut tree);
    Rendered { document, text, preview, quoted_from, remote: tree.remote, links, numbers, cut: tree.cut }
}

/// The readable text of a letter, older letters included: the same as [`Rendered::text`].
pub fn text(source: Source<'_>) -> String {
    plain::join(&lines(source)).0
}

/// The start of what is new in a letter: the same as [`Rendered::preview`].
pub fn preview(source: Source<'_>) -> String {
    plain::preview(&lines(source))
}

fn lines(source: Source<'_>) -> Vec<plain::Line> {
    let mut tree = read(source, &Options::default());
    quoted::fold(&mut tree, "");
    plain::lines(&tree)
}

fn read(source: Source<'_>, options: &Options<'_>) -> Tree {
    match source {
        Source::Html(html) => Tree::from_html(html, options),
        Source::Text(text) => Tree::from_text(text),
    }
}
