//! The `link` header (RFC 8288): `<url>; rel="next", <url>; rel="last"`.
//!
//! It comes from the server and is followed with the credentials, so it may only lead to where they belong: to our own
//! origin, below the Manager API. Anything else is not followed, and said.

use std::fmt;

use wire::{Url, UrlForLog};

use crate::base::BaseUrl;

/// What the `link` header says about the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Nothing: there is none, or none that can be read.
    Absent,
    /// There are links, and none to a next page: this is the last.
    Last,
    /// Here.
    Next(Next),
    /// It leads elsewhere and is not followed; why.
    Refused(String),
}

/// A next page as the platform itself names it, with all filters in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Next(Url);

impl Next {
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Without its query: filters may hold numbers of customers.
impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Next({})", UrlForLog(&self.0))
    }
}

/// Reads the headers `link` of an answer to this request.
pub(crate) fn next_of<'a>(headers: impl Iterator<Item = &'a str>, request: &Url, base: &BaseUrl) -> Link {
    let mut found = Link::Absent;
    for (target, parameters) in headers.flat_map(links) {
        found = Link::Last;
        if !is_next(parameters) {
            continue;
        }
        let Ok(mut url) = request.join(target.trim()) else {
            return Link::Refused("it is no address".to_owned());
        };
        url.set_fragment(None);
        return if base.owns(&url) {
            Link::Next(Next(url))
        } else {
            let host = url.host_str().unwrap_or("nowhere");
            Link::Refused(format!("it leads to {}://{host}", url.scheme()))
        };
    }
    found
}

/// Each target with its parameters. A comma may stand in either, a `<` in neither.
fn links(header: &str) -> Vec<(&str, &str)> {
    let pieces = header.split('<').skip(1);
    pieces.filter_map(|piece| piece.split_once('>')).collect()
}

/// Whether one of the relations is `next`.
fn is_next(parameters: &str) -> bool {
    parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
        let value = value.trim().trim_end_matches(',').trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("rel")
            && value.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Link {
        let base = BaseUrl::parse("acme.ujet.co").unwrap();
        let request = Url::parse("https://acme.ujet.co/manager/api/v1/calls?page=1").unwrap();
        next_of([header].into_iter(), &request, &base)
    }

    #[test]
    fn the_next_page_is_found_in_every_spelling() {
        let page = "https://acme.ujet.co/manager/api/v1/calls?page=2&call_status[]=queued";
        for header in [
            format!(r#"<{page}>; rel="next""#),
            format!(
                r#"<{page}>; rel="next", <https://acme.ujet.co/manager/api/v1/calls?page=9>; rel="last""#
            ),
            format!(r#"<https://acme.ujet.co/manager/api/v1/calls?page=9>; rel="last",<{page}>;rel=next"#),
            format!("<{page}#x>; title=\"a, b\"; Rel='last Next'"),
            "</manager/api/v1/calls?page=2&call_status[]=queued>; rel=\"next\"".to_owned(),
            "<?page=2&call_status[]=queued>; rel=\"next\"".to_owned(),
        ] {
            let Link::Next(next) = read(&header) else { panic!("{header}: {:?}", read(&header)) };
            assert_eq!(next.url().as_str(), page, "{header}");
            assert!(!format!("{next:?}").contains("queued"));
        }
    }

    #[test]
    fn the_end_and_nothing_are_told_apart() {
        assert_eq!(read(r#"</manager/api/v1/calls?page=1>; rel="prev""#), Link::Last);
        for nothing in ["", "rel=\"next\"", "<no end; rel=\"next\"", "page 2"] {
            assert_eq!(read(nothing), Link::Absent, "{nothing}");
        }
    }

    #[test]
    fn a_link_to_elsewhere_is_refused_and_says_where_to() {
        for (target, why) in [
            ("https://tracker.example/manager/api/v1/calls?page=2", "it leads to https://tracker.example"),
            ("//tracker.example/manager/api/v1/calls?page=2", "it leads to https://tracker.example"),
            ("http://acme.ujet.co/manager/api/v1/calls?page=2", "it leads to http://acme.ujet.co"),
            ("/apps/api/v1/calls", "it leads to https://acme.ujet.co"),
            ("../../../login", "it leads to https://acme.ujet.co"),
            ("file:///etc/passwd", "it leads to file://nowhere"),
            ("https://[", "it is no address"),
        ] {
            assert_eq!(read(&format!("<{target}>; rel=\"next\"")), Link::Refused(why.to_owned()), "{target}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_leads_elsewhere(any in "\\PC{0,80}", near in "[<>;=\", a-z:/?#@.]{0,80}") {
            let base = BaseUrl::parse("acme.ujet.co").unwrap();
            for header in [any.clone(), near.clone(), format!("<{any}>; rel=next"), format!("<{near}>; rel=next")] {
                if let Link::Next(next) = read(&header) {
                    proptest::prop_assert!(base.owns(next.url()), "{}", header);
                }
            }
        }
    }
}
