//! Where a tenant's APIs live, out of whatever somebody pasted.

use std::fmt;

use wire::{Error, Origin, Url, address};

use crate::inferred::VENDOR;

/// The address of a tenant: `https://customer.uc1.ccaiplatform.com`. Both APIs are at fixed places below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    root: Url,
    origin: Origin,
}

/// One of the two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Manager,
    Apps,
}

impl Api {
    fn path(self) -> &'static str {
        match self {
            Self::Manager => "/manager/api/v1/",
            Self::Apps => "/apps/api/v1/",
        }
    }
}

impl BaseUrl {
    /// Reads an address as people have it at hand: the subdomain alone (`customer`), `customer.uc1.ccaiplatform.com`, any page
    /// of the platform. `https` is assumed; path, query and fragment are dropped.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], with a sentence to show, if it is no web address, carries a user name, or is plain
    /// `http` to another computer.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (mut root, origin) = address::read(&in_full(text), ("customer", VENDOR))?;
        root.set_path("");
        Ok(Self { root, origin })
    }

    /// The origin that owns the credentials.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// "The left most value" of the address, with which the tenant signs in unless told otherwise.
    pub fn subdomain(&self) -> &str {
        let host = self.root.host_str().unwrap_or_default();
        match self.root.domain() {
            Some(domain) => domain.split('.').next().unwrap_or(domain),
            None => host,
        }
    }

    /// The page where agents sign in and have their adapter, for a browser.
    pub fn portal(&self) -> &Url {
        &self.root
    }

    /// The address of an operation; the path is already encoded.
    pub(crate) fn endpoint(&self, api: Api, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", api.path()));
        url
    }

    /// Whether a URL is one of the Manager API's own, that is, may be followed with the credentials.
    pub(crate) fn owns(&self, url: &Url) -> bool {
        self.origin.owns(url)
            && url.username().is_empty()
            && url.password().is_none()
            && url.path().starts_with(Api::Manager.path())
    }
}

/// A bare name is a subdomain of the vendor's.
fn in_full(text: &str) -> String {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let is_name = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !host.eq_ignore_ascii_case("localhost");
    if is_name { format!("{}://{host}.{VENDOR}{path}", scheme.unwrap_or("https")) } else { text.to_owned() }
}

/// The address as it is stored and shown.
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
        for (pasted, shown, subdomain) in [
            ("customer", "https://customer.uc1.ccaiplatform.com", "customer"),
            (" Customer ", "https://customer.uc1.ccaiplatform.com", "customer"),
            ("customer.uc1.ccaiplatform.com", "https://customer.uc1.ccaiplatform.com", "customer"),
            ("https://acme.ujet.co/agent/?type=popup", "https://acme.ujet.co", "acme"),
            (
                "https://acme.eu2.ccaiplatform.com/manager/api/v1/calls?x=1#y",
                "https://acme.eu2.ccaiplatform.com",
                "acme",
            ),
            ("https://calls.acme.example:8443/x", "https://calls.acme.example:8443", "calls"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000", "127.0.0.1"),
            ("http://localhost:4000/apps", "http://localhost:4000", "localhost"),
        ] {
            let base = BaseUrl::parse(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!((base.to_string().as_str(), base.subdomain()), (shown, subdomain), "{pasted}");
            assert_eq!(BaseUrl::parse(&base.to_string()).unwrap(), base, "what is stored reads the same");
        }
        for bad in ["", "http://acme.ujet.co", "http://acme", "jana@acme.ujet.co", "ftp://a.b", "a b c"] {
            assert!(matches!(BaseUrl::parse(bad), Err(Error::InvalidInput { .. })), "{bad}");
        }
    }

    #[test]
    fn only_what_is_below_the_base_is_followed() {
        let base = BaseUrl::parse("acme.ujet.co").unwrap();
        let owns = |url: &str| base.owns(&Url::parse(url).unwrap());
        assert!(owns("https://acme.ujet.co/manager/api/v1/calls?page=2"));
        for strange in [
            "https://other.ujet.co/manager/api/v1/calls?page=2",
            "http://acme.ujet.co/manager/api/v1/calls?page=2",
            "https://acme.ujet.co:8443/manager/api/v1/calls",
            "https://acme.ujet.co/manager/api/v1/../../../apps/api/v1/calls",
            "https://acme.ujet.co/manager/api/v1/%2e%2e/v2/calls",
            "https://acme.ujet.co/manager/api/v10/calls",
            "https://acme.ujet.co@tracker.example/manager/api/v1/calls",
            "https://jana:x@acme.ujet.co/manager/api/v1/calls",
            "javascript:/manager/api/v1/",
        ] {
            assert!(!owns(strange), "{strange}");
        }
    }
}
