//! Lists, and how to get all of them.
//!
//! LiveAgent tells no totals: a list ends with a page that is shorter than what was asked for. A server that gives less
//! than the documented maximum would then look finished too early, so a page of exactly the default size is not taken
//! for a short one; and a server that does not know the offset would give the first page for ever, so the same page
//! twice is the end.
//!
//! Records may change while pages are read, and then come twice or not at all: who follows changes looks for `datechanged`
//! afterwards.

use crate::client::Client;
use crate::loose::Loose;
use wire::Error;

/// A list, and what in it could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T> {
    /// The records that could be read, in the order of the answer.
    pub rows: Vec<T>,
    /// The others.
    pub unreadable: Vec<Unreadable>,
}

/// Why a record could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Position in the list, from 0.
    pub index: usize,
    /// What is wrong, for the log and for "1 record could not be shown"; holds none of its values.
    pub why: String,
}

impl<T> List<T> {
    /// How many records came, readable or not.
    pub fn received(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }
}

/// Part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many records to leave out.
    pub offset: u32,
    /// How many records to give at most; more than the documented maximum is not asked for.
    pub limit: u32,
}

/// How a list is paged.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// The parameter that limits a page.
    pub limit: &'static str,
    /// The parameter that leaves records out.
    pub offset: &'static str,
    /// How many records a page has if nothing is said.
    pub default: u32,
    /// How many records a page may have.
    pub largest: u32,
}

impl Paging {
    /// Conversations: 100 unless told, 1000 at most.
    pub(crate) const CONVERSATIONS: Self =
        Self { limit: "limit", offset: "offset", default: 100, largest: 1000 };
    /// The knowledge base: 50 unless told, 500 at most.
    pub(crate) const KNOWLEDGE: Self = Self { limit: "limit", offset: "offset", default: 50, largest: 500 };
    /// Reports and widgets: 100 unless told, 1000 at most.
    pub(crate) const REPORTS: Self =
        Self { limit: "limitcount", offset: "limitfrom", default: 100, largest: 1000 };
}

/// A question whose answer is a list that can be paged.
pub trait Listing {
    /// What the list is of.
    type Row: Loose + Clone + PartialEq;
    /// The key of the list in the answer.
    const KEY: &'static str;
    /// How it is paged.
    const PAGING: Paging;
    /// Where it is, below `/api`.
    fn path(&self) -> String;
    /// Its parameters.
    fn parameters(&self) -> Vec<(&'static str, String)>;
}

/// The pages of a list, one after the other.
#[derive(Debug)]
pub struct Pages<Q: Listing> {
    client: Client,
    question: Q,
    size: u32,
    next: Option<u32>,
    first_of_last: Option<Q::Row>,
}

impl<Q: Listing> Pages<Q> {
    pub(crate) fn new(client: Client, question: Q, size: u32) -> Self {
        let size = size.clamp(1, Q::PAGING.largest);
        Self { client, question, size, next: Some(0), first_of_last: None }
    }

    /// The next page; `None` at the end. After an error the same page is asked for again.
    ///
    /// # Errors
    /// As every request. Records that cannot be read are in [`List::unreadable`] and are no error.
    pub async fn next(&mut self) -> Result<Option<List<Q::Row>>, Error> {
        let Some(offset) = self.next else { return Ok(None) };
        let page = self.client.list(&self.question, Page { offset, limit: self.size }).await?;
        let received = u32::try_from(page.received()).unwrap_or(u32::MAX);
        let is_same = offset > 0 && !page.rows.is_empty() && page.rows.first() == self.first_of_last.as_ref();
        let is_short = received == 0 || received < self.size && received != Q::PAGING.default;
        self.next = offset.checked_add(received).filter(|_| !is_short && !is_same);
        self.first_of_last = page.rows.first().cloned();
        Ok(Some(page).filter(|page| page.received() > 0 && !is_same))
    }

    /// All records up to `most`, with the index of the unreadable ones counted through all pages.
    ///
    /// # Errors
    /// As [`Pages::next`]; then nothing is returned of the pages before.
    pub async fn all(mut self, most: usize) -> Result<List<Q::Row>, Error> {
        let mut all = List { rows: Vec::new(), unreadable: Vec::new() };
        while let Some(page) = self.next().await? {
            let before = all.received();
            all.rows.extend(page.rows);
            let moved =
                page.unreadable.into_iter().map(|row| Unreadable { index: row.index + before, ..row });
            all.unreadable.extend(moved);
            if all.received() >= most {
                break;
            }
        }
        Ok(all)
    }
}

/// Declares a question whose answer is a list.
macro_rules! listing {
    (
        $(#[$doc:meta])*
        pub struct $name:ident -> $row:ty [$path:literal, $key:literal, $paging:ident] {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $param:literal, )*
        }
    ) => {
        crate::call::params! {
            $(#[$doc])*
            pub struct $name {
                $( $(#[$field_doc])* $field: $type = $param, )*
            }
        }

        impl crate::paging::Listing for $name {
            type Row = $row;
            const KEY: &'static str = $key;
            const PAGING: crate::paging::Paging = crate::paging::Paging::$paging;

            fn path(&self) -> String {
                $path.to_owned()
            }

            fn parameters(&self) -> Vec<(&'static str, String)> {
                self.pairs()
            }
        }
    };
    (
        $(#[$doc:meta])*
        pub struct $name:ident -> $row:ty [$root:literal / $of:ident: $kind:ident / $leaf:literal, $key:literal, $paging:ident] {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $param:literal, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// About what.
            pub $of: $kind,
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        impl crate::paging::Listing for $name {
            type Row = $row;
            const KEY: &'static str = $key;
            const PAGING: crate::paging::Paging = crate::paging::Paging::$paging;

            fn path(&self) -> String {
                [$root, self.$of.name(), $leaf].join("/")
            }

            fn parameters(&self) -> Vec<(&'static str, String)> {
                crate::call::present([$( ($param, crate::call::Param::param(&self.$field)) ),*])
            }
        }
    };
}
pub(crate) use listing;
