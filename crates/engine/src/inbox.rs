//! Tickets of all accounts: kept in step, listed, read, written to. One method for each command of the page.

use model::{
    Article, Bulk, BulkProgress, Composing, EntriesBefore, Entry, FileOf, FilterId, FormField, FormOf,
    InboxList, InboxPart, InboxQuery, Insert, KnowledgeQuery, Problem, Resolve, SaveFilter, SavedFilter,
    ShowRemote, StageFile, StagedFile, Template, TemplateOf, Ticket, TicketDetail, TicketId, TicketQuery,
    Work,
};

use crate::engine::Engine;
use crate::plan::impossible;

impl Engine {
    /// As its command says.
    pub async fn filters(&self) -> Result<Vec<SavedFilter>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn save_filter(&self, _request: SaveFilter) -> Result<FilterId, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn delete_filter(&self, _request: FilterId) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn inbox(&self, _request: InboxQuery) -> Result<InboxList, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn inbox_rows(&self, _request: InboxPart) -> Result<Vec<Ticket>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn ticket(&self, _request: TicketQuery) -> Result<TicketDetail, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn earlier_entries(&self, _request: EntriesBefore) -> Result<Vec<Entry>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn mark_read(&self, _request: TicketId) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn show_remote(&self, _request: ShowRemote) -> Result<Entry, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn ticket_form(&self, _request: FormOf) -> Result<Vec<FormField>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn templates(&self, _request: TicketId) -> Result<Vec<Template>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn template(&self, _request: TemplateOf) -> Result<Insert, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn knowledge(&self, _request: KnowledgeQuery) -> Result<Vec<Article>, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn compose(&self, _request: Composing) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn drop_composing(&self, _request: String) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn send(&self, _request: String) -> Result<u64, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn queue_work(&self, _request: Work) -> Result<u64, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn take_back(&self, _request: u64) -> Result<String, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn resolve(&self, _request: Resolve) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn bulk(&self, _request: Bulk) -> Result<BulkProgress, Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn cancel_bulk(&self, _request: u64) -> Result<(), Problem> {
        Err(impossible("not_offered"))
    }

    /// As its command says.
    pub async fn stage_file(&self, _request: StageFile) -> Result<StagedFile, Problem> {
        Err(impossible("not_offered"))
    }

    /// Saves a file of an entry in this folder, under a name that is free.
    pub async fn save_file(
        &self,
        _request: FileOf,
        _folder: &std::path::Path,
    ) -> Result<std::path::PathBuf, Problem> {
        Err(impossible("not_offered"))
    }
}
