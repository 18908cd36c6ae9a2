//! What a connection check may call, and what it learns from the answers.
//!
//! Only operations that read, that are not streams, and whose path needs nothing but the user: calling them costs
//! nothing and changes nothing.

use wire::Error;

use crate::client::{Call, Client};
use crate::inferred;
use crate::routes::Route;

/// How an operation is at this tenant, for this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// It works.
    Works,
    /// The user (or the organization) has no licence for it.
    NotLicensed {
        /// What the platform said.
        words: Vec<String>,
    },
    /// The ticket does not have the right.
    NotPermitted {
        /// Which right, where known.
        scope: Option<String>,
    },
    /// It is not at this path: an operator's own description may know better.
    NotFound,
    /// Nobody can say: the platform was not reached, or answered something strange.
    Unknown {
        /// Why.
        error: Error,
    },
}

impl Client {
    /// The operations that [`Client::probe`] may call, in the order of their names.
    pub fn probes(&self) -> Vec<Route> {
        let routes = self.routes();
        let harmless = |route: &&Route| {
            route.is_read()
                && !route.deprecated
                && route.stream.is_none()
                && !inferred::MAY_BE_MISSING.contains(&route.id.as_str())
                && route.variables().all(|name| match name {
                    "domain" | "user" | "userId" => true,
                    // The user is a contact too, but no entry of an address book.
                    "cid" => route.id.starts_with("cinfo1."),
                    _ => false,
                })
        };
        routes.all().filter(harmless).cloned().collect()
    }

    /// Calls an operation that only reads and says how it is. The ticket must be good.
    ///
    /// # Errors
    /// [`Error::SignInNeeded`] if the ticket is not accepted: then nothing can be said about anything.
    pub async fn probe(&self, route: &Route) -> Result<Availability, Error> {
        let mut call = Call::named(route.id.clone());
        if route.variables().any(|name| name == "cid") {
            call = call.at("cid", self.identity().cid());
        }
        match self.open(&call).await {
            Err(Error::SignInNeeded) => Err(Error::SignInNeeded),
            result => Ok(judged(result.map(drop))),
        }
    }
}

fn judged(result: Result<(), Error>) -> Availability {
    match result {
        // A refusal comes from the operation itself: it is there, and wants something else from us.
        Ok(()) | Err(Error::Refused { status: 200..=402 | 406..=499, .. }) => Availability::Works,
        Err(Error::MissingRight { right, words }) if right == inferred::LICENCE => {
            Availability::NotLicensed { words }
        }
        Err(Error::MissingRight { right, .. }) => Availability::NotPermitted { scope: Some(right) },
        Err(Error::Forbidden | Error::Refused { status: 403, .. }) => {
            Availability::NotPermitted { scope: None }
        }
        Err(Error::NotFound) => Availability::NotFound,
        Err(error) => Availability::Unknown { error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_judged() {
        let missing =
            |right: &str| Error::MissingRight { right: right.to_owned(), words: vec!["no".to_owned()] };
        for (result, judgement) in [
            (Ok(()), Availability::Works),
            (Err(Error::refused(400, [])), Availability::Works),
            (Err(missing(inferred::LICENCE)), Availability::NotLicensed { words: vec!["no".to_owned()] }),
            (
                Err(missing("Call control")),
                Availability::NotPermitted { scope: Some("Call control".to_owned()) },
            ),
            (Err(Error::Forbidden), Availability::NotPermitted { scope: None }),
            (Err(Error::NotFound), Availability::NotFound),
        ] {
            assert_eq!(judged(result), judgement);
        }
        let busy = Error::Transient { status: 503, retry_after: None };
        assert_eq!(judged(Err(busy.clone())), Availability::Unknown { error: busy });
    }
}
