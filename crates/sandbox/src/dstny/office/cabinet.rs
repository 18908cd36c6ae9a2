//! The filing cabinet of this face: documents in the vendor's own words that are only kept and shown again, in drawers by
//! owner and name; and the photos.

use crate::dstny::people::Photos;
use serde_json::Value;
use std::collections::BTreeMap;

/// All papers. A drawer is one kind of paper; the owner a user, a group or the organisation.
#[derive(Debug, Default)]
pub(crate) struct Cabinet {
    drawers: BTreeMap<(&'static str, String), BTreeMap<String, Value>>,
    last_number: i64,
    pub(in crate::dstny) photos: Photos,
}

impl Cabinet {
    pub(in crate::dstny) fn get(&self, drawer: &'static str, owner: &str, name: &str) -> Option<&Value> {
        self.drawers.get(&(drawer, owner.to_owned()))?.get(name)
    }

    /// Papers of one owner by name.
    pub(in crate::dstny) fn list(
        &self,
        drawer: &'static str,
        owner: &str,
    ) -> impl DoubleEndedIterator<Item = (&String, &Value)> {
        self.drawers.get(&(drawer, owner.to_owned())).into_iter().flatten()
    }

    /// Papers of everybody: owner, name, paper.
    pub(in crate::dstny) fn everybody(
        &self,
        drawer: &'static str,
    ) -> impl Iterator<Item = (&str, &str, &Value)> {
        self.drawers
            .iter()
            .filter(move |((d, _), _)| *d == drawer)
            .flat_map(|((_, owner), papers)| papers.iter().map(move |(n, p)| (owner.as_str(), n.as_str(), p)))
    }

    pub(in crate::dstny) fn put(&mut self, drawer: &'static str, owner: &str, name: &str, paper: Value) {
        self.drawers.entry((drawer, owner.to_owned())).or_default().insert(name.to_owned(), paper);
    }

    /// Whether there was one.
    pub(in crate::dstny) fn remove(&mut self, drawer: &'static str, owner: &str, name: &str) -> bool {
        self.drawers.get_mut(&(drawer, owner.to_owned())).is_some_and(|papers| papers.remove(name).is_some())
    }

    pub(in crate::dstny) fn empty(&mut self, drawer: &'static str, owner: &str) {
        self.drawers.remove(&(drawer, owner.to_owned()));
    }

    /// The next number that no other paper has.
    pub(in crate::dstny) fn draw_number(&mut self) -> i64 {
        self.last_number += 1;
        self.last_number
    }
}
