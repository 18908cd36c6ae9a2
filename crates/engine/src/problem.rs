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
        Error::Forbidden => ProblemCode::Forbidden,
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
        Error::InvalidInput { field, reason } => {
            problem.fields.insert((*field).to_owned(), vec![reason.clone()]);
        }
        _ => {}
    }
    problem
}

/// The same for a write: whether it may have been carried out all the same.
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
