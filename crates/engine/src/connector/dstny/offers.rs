//! What works here for this user. Licences and scopes are given per user, and operators move operations: what is not
//! there hides what depends on it, and the reason is kept for the connection check.
//!
//! Only a clear no is a no: a passing failure takes nothing away, and only answers that speak of the operation, not of
//! one record, are noted.

use std::collections::BTreeMap;

use wire::Error;

/// A part of the platform that works or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Calls,
    Presence,
    Config,
    Shortcuts,
    Groups,
    GroupLog,
    Statistics,
    Contacts,
    ContactPresence,
    PersonalContacts,
    Lines,
    Devices,
    Log,
    Diversions,
    Voicemail,
    Sms,
    Events,
}

/// What has been found out.
#[derive(Debug, Default)]
pub(super) struct Offers {
    answers: BTreeMap<Part, Option<Error>>,
}

impl Offers {
    /// Notes what an answer says of a part, and whether that is new.
    pub(super) fn note<T>(&mut self, part: Part, answer: &Result<T, Error>) -> bool {
        let answer = match answer {
            Ok(_) => None,
            Err(error) if is_a_clear_no(error) => Some(error.clone()),
            Err(_) => return false,
        };
        let works = answer.is_none();
        self.answers.insert(part, answer).is_none_or(|before| before.is_none() != works)
    }

    /// Whether a part is known to work.
    pub(super) fn works(&self, part: Part) -> bool {
        matches!(self.answers.get(&part), Some(None))
    }

    /// Why a part does not work.
    pub(super) fn refused(&self, part: Part) -> Option<&Error> {
        self.answers.get(&part).and_then(Option::as_ref)
    }
}

/// Whether an answer says that there is no such thing here for this user.
pub(super) fn is_a_clear_no(error: &Error) -> bool {
    matches!(error, Error::Forbidden | Error::MissingRight { .. } | Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_no_takes_something_away_and_a_yes_brings_it_back() {
        let mut offers = Offers::default();
        assert!(!offers.works(Part::Log), "nothing is known to work before it did");
        assert!(offers.note(Part::Log, &Ok(())));
        assert!(!offers.note::<()>(Part::Log, &Err(Error::Transient { status: 503, retry_after: None })));
        assert!(offers.works(Part::Log));
        let missing = Error::MissingRight { right: "Communication Log".to_owned(), words: Vec::new() };
        assert!(offers.note::<()>(Part::Log, &Err(missing.clone())));
        assert_eq!((offers.works(Part::Log), offers.refused(Part::Log)), (false, Some(&missing)));
        assert!(offers.note(Part::Log, &Ok(())) && offers.refused(Part::Log).is_none());
    }
}
