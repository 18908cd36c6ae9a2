//! From a client's error to what the agent is told: the one place where the two meet.

use model::{Problem, ProblemCode};
use wire::{Error, NetworkKind};

use crate::VaultError;
use crate::sight::{Effect, Failure};

/// What an error means to the agent. `host` is where the request went.
pub(crate) fn problem(error: &Error, host: &str) -> Problem {
    let code = match error {
        Error::Network { kind: NetworkKind::Dns | NetworkKind::Connect, .. } => ProblemCode::Unreachable,
        Error::Network { kind: NetworkKind::Tls { .. }, .. } => ProblemCode::UntrustedCertificate,
        Error::Network { .. } => ProblemCode::Network,
        Error::Transient { status: 429, .. } => ProblemCode::RateLimited,
        Error::Transient { .. } => ProblemCode::ServerFault,
        Error::SignInNeeded => ProblemCode::SignInNeeded,
        Error::Forbidden | Error::MissingRight { .. } => ProblemCode::Forbidden,
        Error::NotFound => ProblemCode::Gone,
        Error::Refused { .. } => ProblemCode::Refused,
        Error::Protocol { .. } | Error::TooLarge { .. } => ProblemCode::Unreadable,
        Error::InvalidInput { .. } => ProblemCode::NotPossible,
        _ => ProblemCode::Internal,
    };
    let mut problem = Problem::new(code).with("host", host);
    match error {
        Error::Network { kind: NetworkKind::Tls { issuer: Some(issuer), .. }, .. } => {
            problem = problem.with("issuer", issuer);
        }
        Error::Refused { words, fields, .. } => {
            problem.said.clone_from(words);
            problem.fields.clone_from(fields);
        }
        Error::MissingRight { right, words } => {
            problem = problem.with("right", right);
            problem.said.clone_from(words);
        }
        Error::InvalidInput { field, reason } => {
            problem.fields.insert((*field).to_owned(), vec![reason.clone()]);
        }
        _ => {}
    }
    problem
}

/// An address that cannot be one of the platform's, as it was typed.
pub(crate) fn bad_address(text: &str, error: Error) -> Problem {
    let mut problem = Problem::new(ProblemCode::BadAddress).with("host", text.trim());
    if let Error::InvalidInput { reason, .. } = error {
        problem.said.push(reason);
    }
    problem
}

/// The same as [`problem`] for a write: whether it may have been carried out all the same.
pub(crate) fn failure(error: &Error, host: &str) -> Failure {
    let effect = match error {
        Error::Network { kind: NetworkKind::Timeout | NetworkKind::Closed, .. } => Effect::Unknown,
        Error::Network { .. } | Error::SignInNeeded => Effect::NotSent { after_ms: 0 },
        Error::Transient { status: 429, retry_after } => {
            let after = retry_after.map_or(1_000, |after| after.as_millis());
            Effect::NotSent { after_ms: u64::try_from(after).unwrap_or(u64::MAX) }
        }
        // A gateway may have given up after the platform had begun; a cut answer says nothing about the deed.
        Error::Transient { .. } | Error::Protocol { .. } | Error::TooLarge { .. } => Effect::Unknown,
        _ => Effect::Refused,
    };
    Failure { problem: problem(error, host), effect }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => Self::new(ProblemCode::KeychainLocked),
            VaultError::Missing => Self::new(ProblemCode::KeychainMissing),
            VaultError::Failed(why) => Self::new(ProblemCode::KeychainMissing).with("what", why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn network(kind: NetworkKind) -> Error {
        Error::Network { kind, host: "acme.example".to_owned(), detail: String::new() }
    }

    #[test]
    fn every_error_has_a_code_and_says_whether_the_deed_may_be_done() {
        let tls = NetworkKind::Tls { host: "acme.example".to_owned(), issuer: Some("Acme Proxy".to_owned()) };
        let busy = |status| Error::Transient { status, retry_after: Some(Duration::from_secs(7)) };
        let strange = || Error::Protocol {
            url: String::new(),
            path: String::new(),
            problem: String::new(),
            snippet: String::new(),
        };
        let not_sent = Effect::NotSent { after_ms: 0 };
        for (error, code, effect) in [
            (network(NetworkKind::Dns), ProblemCode::Unreachable, not_sent),
            (network(NetworkKind::Connect), ProblemCode::Unreachable, not_sent),
            (network(NetworkKind::Proxy), ProblemCode::Network, not_sent),
            (network(NetworkKind::Timeout), ProblemCode::Network, Effect::Unknown),
            (network(NetworkKind::Closed), ProblemCode::Network, Effect::Unknown),
            (network(tls), ProblemCode::UntrustedCertificate, not_sent),
            (busy(429), ProblemCode::RateLimited, Effect::NotSent { after_ms: 7_000 }),
            (busy(503), ProblemCode::ServerFault, Effect::Unknown),
            (strange(), ProblemCode::Unreadable, Effect::Unknown),
            (Error::SignInNeeded, ProblemCode::SignInNeeded, not_sent),
            (Error::Forbidden, ProblemCode::Forbidden, Effect::Refused),
            (Error::NotFound, ProblemCode::Gone, Effect::Refused),
            (Error::refused(400, ["no".to_owned()]), ProblemCode::Refused, Effect::Refused),
            (Error::invalid("number", "no digits"), ProblemCode::NotPossible, Effect::Refused),
        ] {
            let failure = failure(&error, "acme.example");
            assert_eq!((failure.problem.code, failure.effect), (code, effect), "{error:?}");
            assert_eq!(failure.problem.facts["host"], "acme.example");
        }
    }

    #[test]
    fn the_platforms_words_and_the_issuer_are_kept() {
        let refused = problem(&Error::refused(400, ["No device".to_owned()]), "h");
        assert_eq!(refused.said, ["No device"]);
        let tls = NetworkKind::Tls { host: "h".to_owned(), issuer: Some("Acme Proxy".to_owned()) };
        assert_eq!(problem(&network(tls), "h").facts["issuer"], "Acme Proxy");
    }
}
