//! The filter pane: built-in filters, the agent's own, and the views that platforms keep, each with its count. Counts are
//! one pass over the index and stay good until it changes.

use model::{
    AccountId, FilterId, Problem, ProblemCode, SaveFilter, SavedFilter, TicketFilter, TicketSort, Whose,
};

use super::Counts;
use crate::clock;
use crate::engine::Engine;
use crate::plan::impossible;
use crate::store::own_filter_id;

/// What "due" means: a deadline within so many minutes, or past it.
const SOON_MIN: u32 = 8 * 60;
/// How long counts stay good that depend on the clock.
const COUNTS_FRESH_MS: i64 = 30_000;

impl Engine {
    /// The filters: built-in ones, the agent's own, and the views of the platforms, with counts.
    ///
    /// # Errors
    /// `Internal` when the store cannot be read.
    pub async fn filters(&self) -> Result<Vec<SavedFilter>, Problem> {
        let accounts = self.core.hub.read(|state| state.board.accounts());
        let own = self.core.store.own_filters().await?;
        let own = own.into_iter().map(|(number, kept)| SavedFilter {
            id: own_filter_id(number),
            title: kept.title,
            account: None,
            filter: Some(kept.filter),
            sort: kept.sort,
            total: None,
            unread: 0,
        });
        let mut filters: Vec<SavedFilter> = built_in(&accounts).into_iter().chain(own).collect();
        let counts = self.counts(filters.iter().filter_map(|one| one.filter.clone()).collect()).await?;
        for (filter, (total, unread)) in filters.iter_mut().zip(counts) {
            (filter.total, filter.unread) = (Some(total), unread);
        }
        for (account, views) in self.core.inbox.views() {
            filters.extend(views.into_iter().map(|view| SavedFilter {
                id: FilterId(format!("view/{account}/{}", view.name)),
                title: view.title,
                account: Some(account.clone()),
                filter: None,
                sort: TicketSort::default(),
                total: view.total,
                unread: 0,
            }));
        }
        Ok(filters)
    }

    /// Keeps a filter of the agent's own.
    ///
    /// # Errors
    /// `Gone` when the one to replace is not there, `NotPossible` when it is not the agent's own or has no title,
    /// `Internal` when the store cannot keep it.
    pub async fn save_filter(&self, request: SaveFilter) -> Result<FilterId, Problem> {
        let title = request.title.trim().to_owned();
        if title.is_empty() {
            return Err(impossible("no_title"));
        }
        let place = request.id.as_ref().map(own).transpose()?;
        let kept = SaveFilter { id: None, title, ..request };
        let number = self.core.store.put_filter(place, kept).await?;
        number.map(own_filter_id).ok_or_else(|| Problem::new(ProblemCode::Gone))
    }

    /// Throws a filter of the agent's own away.
    ///
    /// # Errors
    /// `Gone` when it is not there, `NotPossible` when it is not the agent's own.
    pub async fn delete_filter(&self, id: FilterId) -> Result<(), Problem> {
        if self.core.store.drop_filter(own(&id)?).await? {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::Gone))
    }

    async fn counts(&self, filters: Vec<TicketFilter>) -> Result<Vec<(u32, u32)>, Problem> {
        let (now, revision) = (clock::now(), self.core.inbox.revision());
        if let Some(kept) = self.core.inbox.counts().filter(|kept| {
            kept.revision == revision && kept.filters == filters && now.ms_since(kept.at) < COUNTS_FRESH_MS
        }) {
            return Ok(kept.counts);
        }
        let counts = self.core.store.ticket_counts(filters.clone(), now).await?;
        self.core.inbox.set_counts(Counts { revision, at: now, filters, counts: counts.clone() });
        Ok(counts)
    }
}

fn built_in(accounts: &[AccountId]) -> Vec<SavedFilter> {
    let all = TicketFilter::default;
    let mine = || TicketFilter { whose: Whose::Mine, ..all() };
    let filter =
        |id: String, account: Option<&AccountId>, filter: TicketFilter, sort: TicketSort| SavedFilter {
            id: FilterId(id),
            title: String::new(),
            account: account.cloned(),
            filter: Some(filter),
            sort,
            total: None,
            unread: 0,
        };
    let whole = |id: &str, shows: TicketFilter, sort| filter(id.to_owned(), None, shows, sort);
    let mut filters = vec![
        whole("mine", mine(), TicketSort::Newest),
        whole("unassigned", TicketFilter { whose: Whose::Unassigned, ..all() }, TicketSort::Oldest),
        whole("waiting", TicketFilter { awaits_answer: true, ..mine() }, TicketSort::Oldest),
        whole("due", TicketFilter { due_within_min: Some(SOON_MIN), ..all() }, TicketSort::Due),
        whole("all", all(), TicketSort::Newest),
    ];
    filters.extend(accounts.iter().map(|account| {
        let of_it = TicketFilter { accounts: vec![account.clone()], ..all() };
        filter(format!("account/{account}"), Some(account), of_it, TicketSort::Newest)
    }));
    filters
}

/// The number of one of the agent's own filters.
fn own(id: &FilterId) -> Result<u32, Problem> {
    let number = id.as_str().strip_prefix("own/").and_then(|number| number.parse().ok());
    number.ok_or_else(|| impossible("not_own"))
}
