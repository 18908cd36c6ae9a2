//! Lists whose order stays as it was when the window asked: the numbers of the rows in memory (four bytes each), their
//! contents read when they come into sight. The last few lists are kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use model::{
    AccountId, Capability, InboxList, InboxPart, InboxQuery, Problem, ProblemCode, Ticket, TicketId,
};

use crate::clock;
use crate::core::Core;
use crate::engine::Engine;
use crate::plan::impossible;
use crate::store::TicketPage;

/// How many rows come with a list.
const FIRST: usize = 60;
/// How many rows may be asked for at once.
const MOST: u32 = 200;
/// How many lists are kept.
const KEPT: usize = 16;
/// How long a search waits for a platform.
const PATIENCE: Duration = Duration::from_secs(8);

/// The lists that windows look at.
#[derive(Debug, Default)]
pub(crate) struct Lists(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: u32,
    lists: VecDeque<(u32, Arc<List>)>,
}

/// A list. Behind an async lock, because the views of platforms come page by page.
type List = tokio::sync::Mutex<Frozen>;

#[derive(Debug, Default)]
struct Frozen {
    rows: Vec<u32>,
    rest: Option<Rest>,
}

/// What of a platform's view has not been read yet.
#[derive(Debug)]
struct Rest {
    account: AccountId,
    view: String,
    skip: u32,
}

impl Lists {
    fn keep(&self, list: Frozen) -> u32 {
        let mut kept = self.lock();
        kept.last = kept.last.wrapping_add(1);
        let number = kept.last;
        kept.lists.push_front((number, Arc::new(List::new(list))));
        kept.lists.truncate(KEPT);
        number
    }

    /// A list, which is the last to be thrown away from now on.
    fn get(&self, number: u32) -> Result<Arc<List>, Problem> {
        let mut kept = self.lock();
        let at = kept.lists.iter().position(|(known, _)| *known == number);
        let found = at.and_then(|at| kept.lists.remove(at)).ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let list = found.1.clone();
        kept.lists.push_front(found);
        Ok(list)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Makes a list of tickets.
    ///
    /// # Errors
    /// `Internal` when the store cannot be read; of a platform's view also what the platform says. A platform that cannot
    /// be searched is told inside the list.
    pub async fn inbox(&self, query: InboxQuery) -> Result<InboxList, Problem> {
        let core = &self.core;
        let mut list =
            InboxList { list: 0, total: 0, first: Vec::new(), problems: Vec::new(), unreadable: 0 };
        let frozen = if let Some(view) = &query.view {
            let (account, name) = view
                .as_str()
                .strip_prefix("view/")
                .and_then(|rest| rest.split_once('/'))
                .ok_or_else(|| impossible("no_view"))?;
            let (account, view) = (AccountId::from(account), name.to_owned());
            let mut frozen = Frozen { rows: Vec::new(), rest: Some(Rest { account, view, skip: 0 }) };
            let (of, unreadable) = core.read_on(&mut frozen).await?;
            list.unreadable = unreadable;
            list.total = match of {
                Some(of) => of,
                // How far to scroll must be known.
                None => {
                    list.unreadable += core.read_to(&mut frozen, usize::MAX).await?;
                    length(&frozen.rows)
                }
            };
            frozen
        } else if query.text.trim().is_empty() {
            if query.online {
                core.sessions().iter().for_each(|session| session.stirred.notify_one());
            }
            let rows = core.store.ticket_list(query.filter, query.sort, clock::now()).await?;
            list.total = length(&rows);
            Frozen { rows, rest: None }
        } else {
            let rows = core.search_tickets(query, &mut list).await?;
            list.total = length(&rows);
            Frozen { rows, rest: None }
        };
        list.first = core.store.ticket_rows(frozen.rows.iter().take(FIRST).copied().collect()).await?;
        list.list = core.inbox.lists.keep(frozen);
        Ok(list)
    }

    /// A part of a list, each ticket as it is now.
    ///
    /// # Errors
    /// `Gone` when the list is not kept any more: ask for it anew. `Internal` when the store cannot be read; of a
    /// platform's view also what the platform says.
    pub async fn inbox_rows(&self, part: InboxPart) -> Result<Vec<Ticket>, Problem> {
        let list = self.core.inbox.lists.get(part.list)?;
        let mut list = list.lock().await;
        let from = part.from as usize;
        let end = from.saturating_add(part.count.min(MOST) as usize);
        self.core.read_to(&mut list, end).await?;
        let rows = list.rows.get(from..end.min(list.rows.len())).unwrap_or_default().to_vec();
        drop(list);
        self.core.store.ticket_rows(rows).await
    }
}

impl Core {
    /// The tickets of a list that are still there.
    pub(super) async fn tickets_of_list(&self, number: u32) -> Result<Vec<TicketId>, Problem> {
        let list = self.inbox.lists.get(number)?;
        let mut list = list.lock().await;
        self.read_to(&mut list, usize::MAX).await?;
        self.store.ticket_ids(list.rows.clone()).await
    }

    /// Reads a view on until it is long enough or over. Answers how many records could not be read.
    async fn read_to(&self, list: &mut Frozen, length: usize) -> Result<u32, Problem> {
        let mut unreadable = 0;
        while list.rest.is_some() && list.rows.len() < length {
            unreadable += self.read_on(list).await?.1;
        }
        Ok(unreadable)
    }

    /// Reads the next page of a view. Answers how many tickets it has, where the platform says, and how many of the page
    /// could not be read.
    async fn read_on(&self, list: &mut Frozen) -> Result<(Option<u32>, u32), Problem> {
        let Some(rest) = &mut list.rest else { return Ok((None, 0)) };
        let (view, skip) = (rest.view.clone(), rest.skip);
        let page = self.ask_tickets(&rest.account, |tickets| tickets.in_view(view, skip)).await?;
        let read = length(&page.tickets) + page.unreadable;
        rest.skip = skip.saturating_add(read);
        if !page.more || read == 0 {
            list.rest = None;
        }
        for row in self.found(page.tickets).await? {
            // A ticket that moved down while pages were read comes twice.
            if !list.rows.contains(&row) {
                list.rows.push(row);
            }
        }
        Ok((page.of, page.unreadable))
    }

    /// Words in the index, and behind them what only the platforms find.
    async fn search_tickets(&self, query: InboxQuery, list: &mut InboxList) -> Result<Vec<u32>, Problem> {
        let InboxQuery { filter, text, sort, online, .. } = query;
        let now = clock::now();
        let local = || self.store.ticket_search(text.clone(), filter.clone(), sort, now);
        if !online {
            return local().await;
        }
        let wanted = |account: &AccountId| filter.accounts.is_empty() || filter.accounts.contains(account);
        let asked = self.offering(Capability::Tickets).into_iter().filter(|(account, _)| wanted(account));
        let asked = asked.map(|(account, connector)| {
            let text = text.clone();
            async move {
                let found = match connector.tickets() {
                    Some(tickets) => tokio::time::timeout(PATIENCE, tickets.search(text))
                        .await
                        .unwrap_or_else(|_| Err(Problem::new(ProblemCode::Network))),
                    None => Ok(crate::connector::Listed::default()),
                };
                (account, found)
            }
        });
        let mut online = Vec::new();
        for (account, found) in join_all(asked).await {
            match found {
                Ok(found) => {
                    list.unreadable += found.unreadable;
                    online.extend(self.found(found.tickets).await?);
                }
                Err(problem) => list.problems.push(problem.on(&account)),
            }
        }
        let mut rows = local().await?;
        let online = self.store.tickets_fitting(online, filter.clone(), now).await?;
        let new: Vec<u32> = online.into_iter().filter(|row| !rows.contains(row)).collect();
        rows.extend(new);
        Ok(rows)
    }

    /// Takes tickets into the index that a platform answered with; answers their rows.
    async fn found(&self, tickets: Vec<Ticket>) -> Result<Vec<u32>, Problem> {
        let taken = self.store.put_tickets(TicketPage { tickets, ..TicketPage::default() }).await?;
        self.tell_tickets(taken.changed, taken.gone);
        Ok(taken.rows)
    }
}

fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
