//! What went wrong, told so that an agent can act on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AccountId;

/// The kinds of trouble an agent can meet. The frontend branches and translates on this, never on text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The address is not one that could belong to a platform.
    BadAddress,
    /// The host name does not exist or nothing answers there.
    Unreachable,
    /// The connection broke or timed out; it is tried again by itself.
    Network,
    /// The server's certificate is not trusted by this computer.
    UntrustedCertificate,
    /// Something answered, but it is not the platform that was expected.
    NotThisPlatform,
    /// User name, password or token were refused.
    WrongCredentials,
    /// The tenant lets people in through single sign-on only.
    SingleSignOnOnly,
    /// The session ended (token expired or revoked): the agent must sign in again.
    SignInNeeded,
    /// The user lacks a right on the platform.
    Forbidden,
    /// The user lacks a licence on the platform.
    NotLicensed,
    /// The operation is not where it is looked for; the operator may have moved it.
    NoSuchOperation,
    /// The thing is no longer there (answered elsewhere, deleted).
    Gone,
    /// The platform refused, usually with words of its own.
    Refused,
    /// The platform asks for fewer requests.
    RateLimited,
    /// The platform has a fault of its own (5xx).
    ServerFault,
    /// The platform answered something that cannot be read.
    Unreadable,
    /// The platform took the command but its effect was never seen.
    Unconfirmed,
    /// The text is not a number that can be dialled.
    BadNumber,
    /// What was asked for needs something that is not there (no account offers it, no device, no queue).
    NotPossible,
    /// The keychain exists but is locked.
    KeychainLocked,
    /// There is no keychain on this computer or it does not answer.
    KeychainMissing,
    /// A fault of Offhook itself.
    Internal,
}

impl ProblemCode {
    /// Every code, for tests that must not miss one.
    pub const ALL: [Self; 22] = [
        Self::BadAddress,
        Self::Unreachable,
        Self::Network,
        Self::UntrustedCertificate,
        Self::NotThisPlatform,
        Self::WrongCredentials,
        Self::SingleSignOnOnly,
        Self::SignInNeeded,
        Self::Forbidden,
        Self::NotLicensed,
        Self::NoSuchOperation,
        Self::Gone,
        Self::Refused,
        Self::RateLimited,
        Self::ServerFault,
        Self::Unreadable,
        Self::Unconfirmed,
        Self::BadNumber,
        Self::NotPossible,
        Self::KeychainLocked,
        Self::KeychainMissing,
        Self::Internal,
    ];

    /// What happened and what to do about it, in English: for the command line, the log, and as the text the
    /// frontend falls back to.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::BadAddress => (
                "This is not an address of a platform.",
                "Copy the address from the browser in which you work with the platform.",
            ),
            Self::Unreachable => (
                "Nothing answers at this address.",
                "Check the address, and whether this computer is online or needs a VPN.",
            ),
            Self::Network => ("The connection was lost.", "Offhook tries again by itself."),
            Self::UntrustedCertificate => (
                "This computer does not trust the server's certificate.",
                "Ask your administrator to install your company's certificate authority.",
            ),
            Self::NotThisPlatform => (
                "The server at this address is not the expected platform.",
                "Check the address, or choose another platform.",
            ),
            Self::WrongCredentials => (
                "The user name, password or token was refused.",
                "Check them and try again. A token is found in the user's details on the platform.",
            ),
            Self::SingleSignOnOnly => (
                "This tenant lets people in through single sign-on only.",
                "Use an access token from your user's details instead of a password.",
            ),
            Self::SignInNeeded => ("Your session on the platform has ended.", "Sign in again."),
            Self::Forbidden => {
                ("Your user may not do this on the platform.", "Ask your administrator for the right.")
            }
            Self::NotLicensed => (
                "Your user has no licence for this on the platform.",
                "Ask your administrator for the licence.",
            ),
            Self::NoSuchOperation => (
                "The platform does not have this operation where Offhook looks for it.",
                "Import your operator's API file in the settings of the account.",
            ),
            Self::Gone => ("It is no longer there.", "Somebody else may have taken it."),
            Self::Refused => ("The platform refused.", "Read its answer and change what it complains about."),
            Self::RateLimited => {
                ("The platform asks for fewer requests.", "Offhook waits and goes on by itself.")
            }
            Self::ServerFault => (
                "The platform has a fault.",
                "Offhook tries again by itself. If it lasts, tell your administrator.",
            ),
            Self::Unreadable => (
                "The platform answered something that could not be read.",
                "If it lasts, report it with the diagnostics from Settings.",
            ),
            Self::Unconfirmed => (
                "The platform took the command but did not show its effect.",
                "Look at the state that is shown before you try again.",
            ),
            Self::BadNumber => ("This is not a number that can be dialled.", "Check the number."),
            Self::NotPossible => ("This is not possible now.", "See what the account offers."),
            Self::KeychainLocked => {
                ("The keychain is locked.", "Unlock it and try again, or sign in for this session only.")
            }
            Self::KeychainMissing => (
                "No keychain answers on this computer.",
                "Start one (GNOME Keyring, KWallet), or sign in for this session only.",
            ),
            Self::Internal => {
                ("Offhook made a mistake.", "Please report it with the diagnostics from Settings.")
            }
        }
    }
}

/// One trouble, on one account, with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// What kind of trouble it is.
    pub code: ProblemCode,
    /// What happened, in English.
    pub message: String,
    /// What to do, in English.
    pub hint: String,
    /// The account it happened on, if it is one account's trouble.
    pub account: Option<AccountId>,
    /// The platform's own words, already in the agent's language where the platform speaks it.
    pub said: Vec<String>,
    /// The platform's words beside single fields, by the platform's field name.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Facts that the translated sentence may use: `host`, `number`, `issuer`, `scope`, `licence`,
    /// `operation`.
    pub facts: BTreeMap<String, String>,
}

impl Problem {
    /// A problem with the standard words of its code.
    pub fn new(code: ProblemCode) -> Self {
        let (message, hint) = code.words();
        Self {
            code,
            message: message.to_owned(),
            hint: hint.to_owned(),
            account: None,
            said: Vec::new(),
            fields: BTreeMap::new(),
            facts: BTreeMap::new(),
        }
    }

    /// The same problem, on this account.
    #[must_use]
    pub fn on(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    /// The same problem with the platform's words.
    #[must_use]
    pub fn saying(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.said.extend(words);
        self
    }

    /// The same problem with a fact the sentence may use.
    #[must_use]
    pub fn with(mut self, fact: &str, value: impl Into<String>) -> Self {
        self.facts.insert(fact.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(account) = &self.account {
            write!(f, "{account}: ")?;
        }
        f.write_str(&self.message)?;
        for words in &self.said {
            write!(f, " “{words}”")?;
        }
        for (field, words) in &self.fields {
            write!(f, " {field}: {}", words.join(", "))?;
        }
        write!(f, " {}", self.hint)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_happened_and_what_to_do() {
        for code in ProblemCode::ALL {
            let (message, hint) = code.words();
            assert!(message.ends_with('.') && hint.ends_with('.'), "{code:?}");
        }
    }
}
