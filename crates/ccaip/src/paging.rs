//! Lists, a page at a time.
//!
//! The limit of requests is the whole customer's, so every page is one call that somebody decides to spend: [`crate::Client::page`]
//! asks for one, and [`Walk`] remembers where the next one is. Where that is, the platform says in a `link` header, or
//! with the number of all records in a header `total`; some tenants say neither, and a page that is not full is the
//! last one.
//!
//! Records may move from page to page while they are read: a walk gives each once.

use std::collections::HashSet;

use wire::Error;

use crate::client::Client;
use crate::id::Id;
use crate::inferred::{MOST_PAGES, USUAL_PAGE};
use crate::link::{Link, Next};
use crate::loose::Loose;

/// A question whose answer is a list that can be paged.
pub trait Listing {
    /// What the list is of.
    type Row: Loose;
    /// Where it is.
    fn path(&self) -> Path<'_>;
    /// Its parameters.
    fn parameters(&self) -> Vec<(String, String)>;
    /// What tells its records from each other.
    fn id_of(row: &Self::Row) -> Option<&Id>;
}

/// Where an operation is, below the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<'a> {
    /// Plain names, and `{id}` in the place of an identifier.
    pub pattern: &'static str,
    /// The identifier.
    pub id: Option<&'a Id>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// How many records to give at most. Neither a default nor a maximum is documented; other clients ask for 100.
    pub per: u32,
}

/// Part of a list, and what is known of the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// The records that could be read, in the order of the answer.
    pub rows: Vec<T>,
    /// The others.
    pub unreadable: Vec<Unreadable>,
    /// How many records the whole list has, if the platform says so.
    pub total: Option<u64>,
    /// How many records a page really has at most, if the platform says so.
    pub per_page: Option<u32>,
    /// What the platform says about the next page.
    pub link: Link,
}

/// Why a record could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Position in the page, from 0.
    pub index: usize,
    /// What is wrong, for the log and for "1 record could not be shown"; holds none of its values.
    pub why: String,
}

impl<T> Paged<T> {
    /// How many records came, readable or not.
    pub fn received(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }

    /// Why the next page was not followed, if the platform named one that is not its own.
    pub fn link_refused(&self) -> Option<&str> {
        match &self.link {
            Link::Refused(why) => Some(why),
            Link::Absent | Link::Last | Link::Next(_) => None,
        }
    }
}

/// The pages of a list, one after the other, each for one call and one request.
#[derive(Debug)]
pub struct Walk<Q> {
    question: Q,
    per: u32,
    next: Option<Place>,
    pages: u32,
    received: u64,
    known: HashSet<Id>,
    is_cut: bool,
}

#[derive(Debug, Clone)]
enum Place {
    Number(u32),
    Link(Next),
}

impl<Q: Listing> Walk<Q> {
    /// Before the first page; nothing is sent.
    pub fn new(question: Q, per: u32) -> Self {
        let (pages, received) = (0, 0);
        let next = Some(Place::Number(1));
        Self { question, per: per.max(1), next, pages, received, known: HashSet::new(), is_cut: false }
    }

    /// Whether there is nothing more to ask for.
    pub fn is_done(&self) -> bool {
        self.next.is_none()
    }

    /// Whether it ended because of its limit and not of the list's end.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The next page, without the records that came before; `None` at the end, which costs no request. After an error the same
    /// page is asked for again.
    ///
    /// # Errors
    /// As every request. Records that cannot be read are in [`Paged::unreadable`] and are no error.
    pub async fn next(&mut self, client: &Client) -> Result<Option<Paged<Q::Row>>, Error> {
        let mut page = match &self.next {
            None => return Ok(None),
            Some(Place::Number(number)) => {
                client.page(&self.question, Page { number: *number, per: self.per }).await?
            }
            Some(Place::Link(next)) => client.follow(next).await?,
        };
        let received = page.received();
        self.pages += 1;
        self.received += received as u64;
        page.rows.retain(|row| Q::id_of(row).is_none_or(|id| self.known.insert(id.clone())));
        // A server that does not know pages gives the first one for ever.
        let is_news = page.received() > 0;
        self.next = self.after(&page, received).filter(|_| is_news);
        if self.next.is_some() && self.pages >= MOST_PAGES {
            (self.next, self.is_cut) = (None, true);
        }
        Ok(Some(page))
    }

    fn after(&self, page: &Paged<Q::Row>, received: usize) -> Option<Place> {
        let number = Place::Number(self.pages + 1);
        match (&page.link, page.total) {
            (Link::Next(next), _) => Some(Place::Link(next.clone())),
            (Link::Last, _) => None,
            (Link::Absent | Link::Refused(_), Some(total)) => (self.received < total).then_some(number),
            (Link::Absent | Link::Refused(_), None) => {
                let is_short = received < page.per_page.unwrap_or(self.per) as usize;
                (!is_short || page.per_page.is_none() && received == USUAL_PAGE as usize).then_some(number)
            }
        }
    }
}
