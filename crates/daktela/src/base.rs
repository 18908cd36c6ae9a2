//! Where an instance lives, out of whatever somebody pasted.

use std::fmt;

use wire::{Error, Origin, Url, address};

/// The address of an instance: `https://acme.daktela.com/`, possibly with a path in front of `api/v6`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    root: Url,
    origin: Origin,
}

impl BaseUrl {
    /// Reads an address as people have it at hand: `acme.daktela.com`, a link to the API
    /// (`https://acme.daktela.com/api/v6/whoim.json?accessToken=…`) or to a page of the web application.
    /// `https` is assumed; a query and a fragment are dropped.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], with a sentence to show, if it is no web address, has no full host name,
    /// carries a user name, or is plain `http` to another computer.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (mut root, origin) = address::read(text, ("acme", "daktela.com"))?;
        let prefix = root.path().split_once("/api/v6").map(|(prefix, _)| prefix).unwrap_or_default();
        // The old integrations' prefix leads to the same API but wants its token elsewhere.
        let prefix = prefix.trim_end_matches('/').trim_end_matches("/external");
        let path = format!("{prefix}/");
        root.set_path(&path);
        Ok(Self { root, origin })
    }

    /// The origin that owns the credentials.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address of a web page of the instance, such as `tickets/update/10361`, to open in a browser.
    pub fn page(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{}", self.root.path(), path.trim_start_matches('/')));
        url
    }

    /// The address of an endpoint; each segment is encoded by itself.
    pub(crate) fn endpoint(&self, segments: &[&str], suffix: &str) -> Result<Url, Error> {
        let mut path = self.root.path().to_owned();
        for (index, segment) in segments.iter().enumerate() {
            // Two dots would lead out of the API, wherever the name came from.
            if segment.is_empty() || segment.chars().all(|c| c == '.') {
                return Err(Error::invalid("name", "it is empty or consists of dots"));
            }
            if index > 0 {
                path.push('/');
            }
            path.push_str(&address::encoded(segment));
        }
        path.push_str(suffix);
        let mut url = self.root.clone();
        url.set_path(&path);
        Ok(url)
    }
}

/// The address as it is stored and shown, without a trailing slash.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_one_address() {
        for (pasted, shown) in [
            ("acme.daktela.com", "https://acme.daktela.com"),
            (" acme.daktela.com/ ", "https://acme.daktela.com"),
            ("HTTPS://ACME.daktela.com//", "https://acme.daktela.com"),
            ("https://acme.daktela.com/api/v6", "https://acme.daktela.com"),
            ("https://acme.daktela.com/api/v6/whoim.json?accessToken=canary", "https://acme.daktela.com"),
            ("https://acme.daktela.com/tickets/update/5#x", "https://acme.daktela.com"),
            ("https://acme.daktela.com/external/api/v6/", "https://acme.daktela.com"),
            ("https://pbx.example:8443/daktela/api/v6/", "https://pbx.example:8443/daktela"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("http://localhost:4000/api/v6/", "http://localhost:4000"),
            ("https://10.1.2.3", "https://10.1.2.3"),
            ("příklad.example", "https://xn--pklad-zsa96e.example"),
        ] {
            let base = BaseUrl::parse(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!(base.to_string(), shown, "{pasted}");
        }
    }

    #[test]
    fn what_cannot_be_an_instance_is_refused_with_a_sentence() {
        for bad in [
            "",
            "  ",
            "acme",
            "http://acme.daktela.com",
            "http://10.1.2.3",
            "ftp://acme.daktela.com",
            "jana@acme.daktela.com",
            "https://jana:pw@acme.daktela.com",
            "https://",
            "mailto:jana@acme.example",
            "acme daktela com",
            "file:///etc/passwd",
        ] {
            assert!(matches!(BaseUrl::parse(bad), Err(Error::InvalidInput { .. })), "{bad}");
        }
    }

    #[test]
    fn names_are_encoded_by_segment_and_cannot_leave_the_api() {
        let base = BaseUrl::parse("pbx.example/daktela/api/v6").unwrap();
        let url = base.endpoint(&["api", "v6", "contacts", "john doe#x+y/ž?.json"], ".json").unwrap();
        assert_eq!(
            url.as_str(),
            "https://pbx.example/daktela/api/v6/contacts/john%20doe%23x%2By%2F%C5%BE%3F.json.json"
        );
        for bad in ["", ".", ".."] {
            assert!(base.endpoint(&["api", bad, "x"], ".json").is_err());
        }
    }
}
