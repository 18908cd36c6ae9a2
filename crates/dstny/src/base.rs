//! Where a tenant's API lives, and who uses it, out of whatever somebody pasted.

use std::fmt;

use wire::address::{self, encoded};
use wire::{Error, Origin, Url};

/// The address of the API: `https://connect.example.dk/api`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    root: Url,
    origin: Origin,
}

impl BaseUrl {
    /// Reads an address as people have it at hand: `connect.example.dk`, `https://connect.example.dk/api/`, a link
    /// to the documentation (`…/api/public/docs/…`). `https` and the path `/api` are assumed; a query (tokens
    /// travel there) and a fragment are dropped.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], with a sentence to show, if it is no web address, has no full host name,
    /// carries a user name, or is plain `http` to another computer.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (mut root, origin) = address::read(text, ("connect", "your-operator.com"))?;
        let segments: Vec<&str> = root.path().split('/').collect();
        let prefix = segments.iter().position(|segment| *segment == "api").map(|at| segments[..at].join("/"));
        let path = format!("{}/api", prefix.unwrap_or_default().trim_end_matches('/'));
        root.set_path(&path);
        Ok(Self { root, origin })
    }

    /// The origin that owns the credentials.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address of an operation: `path` is below `/api` and already encoded.
    pub(crate) fn endpoint(&self, path: &str, query: &[(&str, String)]) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", self.root.path()));
        if !query.is_empty() {
            let pairs = query.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value)));
            url.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
        }
        url
    }
}

/// The address as it is stored and shown.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root.as_str())
    }
}

/// A user and the organization (domain) the user belongs to; most paths name both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user name without the domain.
    pub user: String,
    /// The domain of the organization.
    pub domain: String,
}

impl Identity {
    /// Reads `user@domain`. A user name may hold an `@` itself: the last one counts.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if one of both is missing.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text.trim().rsplit_once('@') {
            Some((user, domain)) if !user.is_empty() && domain.contains(|c: char| c.is_alphanumeric()) => {
                Ok(Self { user: user.to_owned(), domain: domain.to_owned() })
            }
            _ => Err(Error::invalid("user", "write it with the domain, for example anna@your-company.com")),
        }
    }

    /// The identifier of this user as a contact: `user@domain`.
    pub fn cid(&self) -> String {
        format!("{}@{}", self.user, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_one_address() {
        for (pasted, shown) in [
            ("connect.example.dk", "https://connect.example.dk/api"),
            (" https://CONNECT.example.dk/api/ ", "https://connect.example.dk/api"),
            ("https://connect.example.dk/api?t=canary#x", "https://connect.example.dk/api"),
            ("https://api.example.dk/api/public/docs/enduser.json", "https://api.example.dk/api"),
            ("https://pbx.example:8443/telepo/api/user", "https://pbx.example:8443/telepo/api"),
            ("https://pbx.example/portal", "https://pbx.example/api"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/api"),
        ] {
            let base = BaseUrl::parse(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!(base.to_string(), shown, "{pasted}");
        }
        for bad in ["", "acme", "http://connect.example.dk", "anna@connect.example.dk", "ftp://a.b", "a b c"]
        {
            assert!(matches!(BaseUrl::parse(bad), Err(Error::InvalidInput { .. })), "{bad}");
        }
    }

    #[test]
    fn a_query_is_percent_encoded_and_may_repeat_a_key() {
        let base = BaseUrl::parse("connect.example.dk").unwrap();
        let query = [("itemId", "1".to_owned()), ("itemId", "2".to_owned()), ("n", "+1 555/ž&".to_owned())];
        let url = base.endpoint("/communicationlog/a/b", &query);
        assert_eq!(
            url.as_str(),
            "https://connect.example.dk/api/communicationlog/a/b?itemId=1&itemId=2&n=%2B1%20555%2F%C5%BE%26"
        );
    }

    #[test]
    fn a_user_is_written_with_the_domain() {
        let identity = Identity::parse(" anna@acme.example ").unwrap();
        assert_eq!((identity.user.as_str(), identity.domain.as_str()), ("anna", "acme.example"));
        assert_eq!(Identity::parse("a@b@acme.example").unwrap().user, "a@b");
        for bad in ["anna", "@acme.example", "anna@", "", "anna@ "] {
            assert!(Identity::parse(bad).is_err(), "{bad}");
        }
    }
}
