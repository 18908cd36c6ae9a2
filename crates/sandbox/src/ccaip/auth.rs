//! Credentials: HTTP Basic with the API token as password. The user name is the subdomain as the vendor's page says; other
//! installations were seen with a credential's name or a company key instead (switch `ccaip_user`).

use super::answer::Failure;
use crate::switches::Switches;
use crate::world::Dice;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

/// The customer's name in front of the domain, and the default user name.
pub(crate) const SUBDOMAIN: &str = "offhook";

#[derive(Debug)]
pub(crate) struct Credentials {
    token: String,
    company_key: String,
}

impl Credentials {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xCC_A1);
        Self { token: dice.hex(40), company_key: dice.hex(16) }
    }

    /// The API token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Which user name goes with the token.
    fn fits(&self, user: &str, how: &str) -> bool {
        match how {
            "any" => true,
            "name" => user == "Offhook desktop",
            "company_key" => user == self.company_key,
            _ => user.eq_ignore_ascii_case(SUBDOMAIN),
        }
    }

    /// Lets a request with good credentials in.
    pub(super) fn admit(&self, headers: &HeaderMap, switches: &Switches) -> Result<(), Failure> {
        let pair = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(decoded);
        let (user, password) = pair.ok_or_else(Failure::credentials)?;
        if password == self.token && self.fits(&user, switches.get("ccaip_user")) {
            Ok(())
        } else {
            Err(Failure::credentials())
        }
    }
}

fn decoded(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}
