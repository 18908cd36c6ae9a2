//! Plural or singular: the vendor's pages print `/menu` and every client asks for `/menus`.
//!
//! The plural is asked for first. Where that is not found, the singular is, once, and what answered is remembered, so that the
//! question costs one request in the life of an account. It can be carried over a restart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::inferred::SINGULAR;

/// How a path is spelled at a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Spelling {
    /// `/menus`.
    Plural,
    /// `/menu`.
    Singular,
}

impl Spelling {
    fn other(self) -> Self {
        match self {
            Self::Plural => Self::Singular,
            Self::Singular => Self::Plural,
        }
    }
}

/// What is known of a tenant's spelling, path by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spellings(BTreeMap<String, Spelling>);

/// How to ask for a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) first: Spelling,
    /// What to try when that is not found.
    pub(crate) second: Option<Spelling>,
}

impl Spellings {
    pub(crate) fn plan(&self, pattern: &str) -> Plan {
        let exact = self.0.get(pattern).copied();
        let family = self.0.get(family(pattern)).copied();
        // A record may be missing under its right name; its list never is.
        let known = exact.or(family.filter(|_| pattern.contains("{id}")));
        let first = known.or(family).unwrap_or(Spelling::Plural);
        let has_two = known.is_none() && singular(pattern).is_some();
        Plan { first, second: has_two.then(|| first.other()) }
    }

    /// It answered.
    pub(crate) fn learn(&mut self, pattern: &str, spelling: Spelling) {
        if singular(pattern).is_some() {
            self.0.insert(pattern.to_owned(), spelling);
            self.0.entry(family(pattern).to_owned()).or_insert(spelling);
        }
    }

    /// It is not there (any more): the next time both are tried again.
    pub(crate) fn forget(&mut self, pattern: &str) {
        if !pattern.contains("{id}") {
            self.0.remove(pattern);
        }
    }
}

fn family(pattern: &str) -> &str {
    pattern.split('/').next().unwrap_or(pattern)
}

/// The pattern in the singular, if that may exist.
fn singular(pattern: &str) -> Option<String> {
    let name = family(pattern);
    let (_, singular) = SINGULAR.into_iter().find(|(plural, _)| *plural == name)?;
    Some(format!("{singular}{}", &pattern[name.len()..]))
}

/// The pattern as it is spelled.
pub(crate) fn spelled(pattern: &str, spelling: Spelling) -> String {
    match spelling {
        Spelling::Plural => pattern.to_owned(),
        Spelling::Singular => singular(pattern).unwrap_or_else(|| pattern.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Spelling::{Plural, Singular};

    fn plan(first: Spelling, second: impl Into<Option<Spelling>>) -> Plan {
        Plan { first, second: second.into() }
    }

    #[test]
    fn what_answered_is_asked_for_alone_from_then_on() {
        let mut known = Spellings::default();
        assert_eq!(known.plan("menus/sla"), plan(Plural, Singular));
        assert_eq!(known.plan("calls"), plan(Plural, None), "nobody prints it in the singular");
        known.learn("menus/sla", Singular);
        known.learn("calls", Plural);
        assert_eq!(known.plan("menus/sla"), plan(Singular, None));
        assert_eq!(known.plan("menus/operation_hours"), plan(Singular, Plural), "a guess only");
        assert_eq!(known.plan("menus/{id}"), plan(Singular, None));
        assert_eq!(known.plan("teams"), plan(Plural, Singular));
        let carried: Spellings = serde_json::from_value(serde_json::to_value(&known).unwrap()).unwrap();
        assert_eq!(carried, known);
        known.forget("menus/sla");
        assert_eq!(known.plan("menus/sla"), plan(Singular, Plural));
    }

    #[test]
    fn only_the_first_name_is_spelled_otherwise() {
        assert_eq!(spelled("menus/{id}", Singular), "menu/{id}");
        assert_eq!(spelled("campaigns/{id}/contacts", Singular), "campaign/{id}/contacts");
        assert_eq!(spelled("calls", Singular), "calls");
    }
}
