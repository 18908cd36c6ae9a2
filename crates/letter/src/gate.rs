//! The last reading before a letter is shown: by ammonia, which reads as browsers read.
//!
//! What comes here was made by this crate and should pass as it stands. If the crate ever misread a letter, this is
//! where the difference ends: nothing leaves that is not on the list of [`crate::policy`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::policy;

static GATE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut of_element: HashMap<&str, HashSet<&str>> = policy::OF_ELEMENT
        .iter()
        .map(|(element, names)| (*element, names.iter().copied().collect()))
        .collect();
    of_element.entry("a").or_default().extend(["data-number", "target", "title"]);
    of_element.entry("img").or_default().insert("src");
    let classes = [("details", "quoted"), ("div", "plain"), ("span", "gone"), ("span", "remote")];
    let mut allowed: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (element, class) in classes {
        allowed.entry(element).or_default().insert(class);
    }
    let mut gate = Builder::empty();
    gate.tags(policy::ELEMENTS.iter().copied().collect())
        .clean_content_tags(["script", "style"].into())
        .tag_attributes(of_element)
        .generic_attributes(policy::EVERYWHERE.iter().copied().collect())
        .allowed_classes(allowed)
        .url_schemes(["data", "http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .attribute_filter(check);
    gate
});

/// The HTML that may be shown of `html`, which must be a fragment.
pub(crate) fn pass(html: &str) -> String {
    GATE.clean(html).to_string()
}

/// Attributes that this crate writes itself must look as it writes them; all others obey the policy.
fn check<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match (element, attribute) {
        ("img", "src") => policy::picture(value).map(Cow::Owned),
        ("a", "target") => (value == "_blank").then_some(Cow::Borrowed(value)),
        ("a", "data-number" | "title") | (_, "class" | "rel") => Some(Cow::Borrowed(value)),
        _ => policy::attribute(element, attribute, value).map(|(_, value)| Cow::Owned(value)),
    }
}
