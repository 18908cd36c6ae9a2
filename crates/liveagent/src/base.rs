//! Where an account's API lives, out of whatever somebody pasted.

use std::fmt;

use wire::{Error, Origin, Url, address};

use crate::inferred;

/// Where the vendor keeps the accounts that have no domain of their own.
const VENDOR: &str = "ladesk.com";

/// The address of an account: `https://acme.ladesk.com`, with a path if it is installed below one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    root: Url,
    origin: Origin,
}

impl BaseUrl {
    /// Reads an address as people have it at hand: the name of the account alone (`acme`), `acme.ladesk.com`, a page out of the
    /// agent's panel (`https://help.acme.example/agent/…`), the address of the API. `https` is assumed; what follows the
    /// installation's own path is dropped, and so are a query (tokens travel there) and a fragment.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], with a sentence to show, if it is no web address, carries a user name, or is plain
    /// `http` to another computer.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (mut root, origin) = address::read(&in_full(text), ("acme", VENDOR))?;
        let segments: Vec<&str> = root.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let own = segments.iter().take_while(|segment| !is_of_the_product(segment));
        let path = own.map(|segment| format!("/{segment}")).collect::<String>();
        root.set_path(&path);
        Ok(Self { root, origin })
    }

    /// The origin that owns the credentials.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address of an operation of API v1: `path` is below `/api` and already encoded.
    pub(crate) fn endpoint(&self, path: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}/api{path}", self.root.path().trim_end_matches('/')));
        url
    }

    /// A link of the platform in full: it leaves out the scheme (`//acme.ladesk.com/scripts/file.php?…`), or scheme and host.
    pub(crate) fn link(&self, link: &str) -> Result<Url, Error> {
        self.root.join(link).map_err(|error| Error::invalid("link", error.to_string()))
    }

    /// The address of a file that the platform itself keeps, if a link out of a text is one: on the account's own server, and
    /// at no other place of it, because whoever follows it may show the key there.
    pub fn own_file(&self, link: &str) -> Option<Url> {
        let url = self.link(link).ok()?;
        let place = format!("{}/{}", self.root.path().trim_end_matches('/'), inferred::FILE_SCRIPT);
        (self.origin.owns(&url) && url.path() == place).then_some(url)
    }

    /// The page of a conversation in the agent's panel, for a browser.
    pub fn panel_of(&self, conversation: &str) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("{}/agent/", self.root.path().trim_end_matches('/')));
        url.set_fragment(Some(&format!("{}{}", inferred::CONVERSATION_PAGE, address::encoded(conversation))));
        url
    }
}

/// A bare name is an account of the vendor's.
fn in_full(text: &str) -> String {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let is_name = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !host.eq_ignore_ascii_case("localhost");
    match (is_name, scheme) {
        (true, scheme) => format!("{}://{host}.{VENDOR}{path}", scheme.unwrap_or("https")),
        (false, _) => text.to_owned(),
    }
}

/// Whether a segment of a path belongs to the product and not to the place it is installed at. Articles of the knowledge
/// base are named `376829-Article`.
fn is_of_the_product(segment: &str) -> bool {
    let is_article = segment
        .split('-')
        .next()
        .is_some_and(|code| code.len() > 3 && code.bytes().all(|b| b.is_ascii_digit()));
    is_article || matches!(segment, "agent" | "api" | "scripts" | "index.php" | "login")
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
        for (pasted, shown) in [
            ("acme", "https://acme.ladesk.com"),
            (" Acme ", "https://acme.ladesk.com"),
            ("https://acme/agent", "https://acme.ladesk.com"),
            ("acme.ladesk.com", "https://acme.ladesk.com"),
            ("https://acme.ladesk.com/agent/index.php#Conversation;id=1", "https://acme.ladesk.com"),
            ("https://acme.ladesk.com/agent/index.php?LoginKey=canary", "https://acme.ladesk.com"),
            ("https://acme.ladesk.com/api/v3/", "https://acme.ladesk.com"),
            ("https://help.acme.example/376829-Article-1", "https://help.acme.example"),
            ("https://acme.example/support/agent/", "https://acme.example/support"),
            (
                "https://acme.example/LiveAgent/server/scripts/track.js",
                "https://acme.example/LiveAgent/server",
            ),
            ("https://acme.example:8443", "https://acme.example:8443"),
            ("http://127.0.0.1:4000/api", "http://127.0.0.1:4000"),
            ("http://localhost:4000", "http://localhost:4000"),
        ] {
            let base = BaseUrl::parse(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!(base.to_string(), shown, "{pasted}");
            assert_eq!(BaseUrl::parse(&base.to_string()).unwrap(), base, "what is stored reads the same");
        }
        for bad in ["", "http://acme.ladesk.com", "http://acme", "jana@acme.ladesk.com", "ftp://a.b", "a b c"]
        {
            assert!(matches!(BaseUrl::parse(bad), Err(Error::InvalidInput { .. })), "{bad}");
        }
    }

    #[test]
    fn only_the_accounts_own_files_are_its_own() {
        let base = BaseUrl::parse("https://acme.example/support").unwrap();
        assert!(base.own_file("//acme.example/support/scripts/file.php?view=Y&file=1").is_some());
        for strange in [
            "//tracker.example/support/scripts/file.php?ida",
            "https://192.168.1.1/scripts/file.php",
            "//acme.example/support/api/conversations?x=scripts/file.php",
            "//acme.example/support/scripts/file.php/../../api/tags",
            "https://acme.example@tracker.example/support/scripts/file.php",
            "javascript:scripts/file.php",
        ] {
            assert!(base.own_file(strange).is_none(), "{strange}");
        }
    }

    #[test]
    fn operations_and_links_stand_below_the_place_of_installation() {
        let base = BaseUrl::parse("https://acme.example/support").unwrap();
        assert_eq!(base.endpoint("/tags/a%2Fb").as_str(), "https://acme.example/support/api/tags/a%2Fb");
        let link = |link| base.link(link).unwrap().to_string();
        assert_eq!(link("//acme.example/scripts/file.php?f=1"), "https://acme.example/scripts/file.php?f=1");
        let page = base.panel_of("ab/1").to_string();
        assert_eq!(page, "https://acme.example/support/agent/#Conversation;id=ab%2F1");
        assert_eq!(link("/scripts/file.php"), "https://acme.example/scripts/file.php");
    }
}
