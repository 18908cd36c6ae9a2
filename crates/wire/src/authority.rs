//! Whose server is this? Credentials go to the account's own origin and nowhere else.

use std::fmt;

use url::{Host, Url};

use crate::Error;

/// Scheme, host and port of an account's own server, as browsers compare them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// The origin of a URL.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the URL is not `http` or `https`, has no host, carries a user name or a
    /// password, or is plain `http` to anything but this computer.
    pub fn of(url: &Url) -> Result<Self, Error> {
        let field = "address";
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Error::invalid(field, "it has no host name"));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::invalid(field, "a user name or password does not belong in the address"));
        }
        let origin = Self { scheme: url.scheme().to_owned(), host: host.to_owned(), port };
        match url.scheme() {
            "https" => Ok(origin),
            "http" if origin.is_loopback() => Ok(origin),
            "http" => Err(Error::invalid(field, "it must begin with https://")),
            other => Err(Error::invalid(field, format!("{other}: is not a web address"))),
        }
    }

    /// Whether this origin owns the URL, that is, may be shown its credentials.
    pub fn owns(&self, url: &Url) -> bool {
        self.scheme == url.scheme()
            && url.host().is_some_and(|host| host.to_owned() == self.host)
            && url.port_or_known_default() == Some(self.port)
    }

    /// Whether this is the same computer (`localhost`, 127.0.0.0/8, `::1`).
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        }
    }

    /// The host as it is shown to people.
    pub fn host(&self) -> String {
        self.host.to_string()
    }
}

/// `https://acme.example` or `http://127.0.0.1:8080`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<Origin, Error> {
        Origin::of(&Url::parse(text).unwrap())
    }

    #[test]
    fn only_the_same_scheme_host_and_port_are_ours() {
        let ours = origin("https://acme.example/api/v6/").unwrap();
        let owned = |text: &str| ours.owns(&Url::parse(text).unwrap());
        assert!(owned("https://acme.example:443/elsewhere?x=1"));
        assert!(owned("https://ACME.example/"));
        for foreign in [
            "http://acme.example/",
            "https://acme.example:8443/",
            "https://acme.example.evil.example/",
            "https://evil.example/acme.example",
            "https://acme.example@evil.example/",
        ] {
            assert!(!owned(foreign), "{foreign}");
        }
    }

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in ["http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost/", "https://10.0.0.1/"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in ["http://acme.example/", "http://10.0.0.1/", "http://localhost.evil.example/", "ftp://a/"]
        {
            assert!(matches!(origin(bad), Err(Error::InvalidInput { .. })), "{bad}");
        }
        assert!(origin("https://jana:pw@acme.example/").is_err());
    }
}
