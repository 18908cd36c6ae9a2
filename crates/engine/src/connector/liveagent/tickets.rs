//! Conversations as tickets.
//!
//! The list of conversations leaves out who a conversation is assigned to, its due date and its custom fields; the detail has
//! them. So whatever changed is read in detail too, as the budget allows; the first fill goes through the agents
//! instead. Nobody may set another state than answered, open and resolved, so only these are offered.

mod became;
mod changes;
mod fields;
mod reader;
mod records;
mod timeline;
mod writing;

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use liveagent::Page;
use liveagent::conversations::{Conversations, Status};
use liveagent::knowledgebase::Search;
use liveagent::messages::MessagesBetween;
use model::{Article, FieldOption, FormField, Insert, Problem, ProblemCode, Template, TicketAction, Work};
use wire::Error;

use super::super::{
    Answer, Became, Changes, Detail, FileBytes, Listed, Mark, OutFile, Pace, Sent, Tickets, Timeline, Trace,
    View,
};
use super::LiveAgent;
use super::book::{self, Names, given};
use crate::sight::Failure;

pub(super) use changes::Owners;
pub(super) use reader::{Reader, reader};

/// How many articles a search brings.
const ARTICLES: u32 = 10;
/// How many conversations a search brings: each is read in detail, because the list does not say whose it is.
const HITS: u32 = 12;

impl Tickets for LiveAgent {
    fn pace(&self) -> Pace {
        Pace { seen: Duration::from_secs(8), hidden: Duration::from_secs(40) }
    }

    fn changed(&self, mark: Option<Mark>) -> Answer<'_, Changes> {
        self.changes(mark).map(|answer| answer.map_err(|error| self.problem(&error))).boxed()
    }

    fn ticket(&self, name: String) -> Answer<'_, Detail> {
        self.conversation(name).map(|answer| answer.map_err(|error| self.problem_with_ticket(&error))).boxed()
    }

    /// All messages come at once.
    fn earlier(&self, _name: String, _before: String) -> Answer<'_, Timeline> {
        async { Ok(Timeline::default()) }.boxed()
    }

    /// The platform keeps no such mark.
    fn mark_read(&self, _name: String) -> Answer<'_, ()> {
        async { Ok(()) }.boxed()
    }

    /// The document has no views.
    fn views(&self) -> Answer<'_, Vec<View>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn in_view(&self, _view: String, _skip: u32) -> Answer<'_, Listed> {
        async { Ok(Listed::default()) }.boxed()
    }

    fn search(&self, text: String) -> Answer<'_, Listed> {
        async move { self.find(text.trim()).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn form(&self, _category: Option<String>) -> Answer<'_, Vec<FormField>> {
        async {
            let names = self.book.names(&self.client).await.map_err(|error| self.problem(&error))?;
            Ok(fields::of_new(self.own_departments(&names).await))
        }
        .boxed()
    }

    fn file(&self, _ticket: String, _entry: String, file: String, most: u64) -> Answer<'_, FileBytes> {
        async move { self.bytes_of(&file, most).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    /// The document has no templates.
    fn templates(&self, _ticket: String) -> Answer<'_, Vec<Template>> {
        async { Ok(Vec::new()) }.boxed()
    }

    fn template(&self, _ticket: String, _template: String) -> Answer<'_, Insert> {
        async { Err(Problem::new(ProblemCode::Gone).on(&self.account)) }.boxed()
    }

    fn knowledge(&self, text: String) -> Answer<'_, Vec<Article>> {
        async move {
            let search = Search { query: text, limit: Some(ARTICLES), ..Search::default() };
            let found = self.client.knowledge_search(&search).await.map_err(|error| self.problem(&error))?;
            Ok(found.rows.into_iter().filter_map(article).collect())
        }
        .boxed()
    }

    fn send<'a>(
        &'a self,
        work: &'a Work,
        files: &'a [OutFile],
        _trace: &'a Trace,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        self.write(work, files).boxed()
    }

    fn became<'a>(&'a self, work: &'a Work, trace: &'a Trace) -> Answer<'a, Became> {
        self.look_up(work, trace).map(|answer| answer.map_err(|error| self.problem(&error))).boxed()
    }
}

impl LiveAgent {
    async fn conversation(&self, name: String) -> Result<Detail, Error> {
        let between = MessagesBetween::default();
        let (conversation, groups) =
            tokio::join!(self.client.conversation(&name), self.client.conversation_messages(&name, &between));
        let conversation = conversation?;
        if conversation.status == Some(Status::Deleted) {
            return Err(Error::NotFound);
        }
        let names = self.book.names_with(&self.client, &book::ids(&conversation)).await?;
        let mut problems = Vec::new();
        let groups = groups.unwrap_or_else(|error| {
            problems.push(self.problem(&error).with("what", "entries"));
            liveagent::List { rows: Vec::new(), unreadable: Vec::new() }
        });
        let reader = reader(self, names.clone()).of(&conversation);
        let (records, related_problems) = self.records_of(&conversation).await;
        problems.extend(related_problems);
        let reply_to: Vec<String> = given(conversation.owner_email.clone()).into_iter().collect();
        let mut actions = vec![TicketAction::Note, TicketAction::Delete];
        if !reply_to.is_empty() {
            actions.extend([TicketAction::Reply, TicketAction::Attach]);
        }
        actions.sort_unstable();
        Ok(Detail {
            ticket: reader.ticket(&conversation),
            timeline: self.timeline(&reader, groups).await,
            fields: fields::of(&conversation, &names),
            records,
            related: Vec::new(),
            actions,
            reply_to,
            reply_cc: Vec::new(),
            web: Some(self.client.base().panel_of(&conversation.id).to_string()),
            problems,
        })
    }

    /// Departments in which this agent works: in others nothing can be begun. Where the platform does not tell, all.
    async fn own_departments(&self, names: &Names) -> Vec<FieldOption> {
        let me = self.picture().me().unwrap_or_default();
        let asked = names.departments.iter().map(async |(id, name)| {
            let agents = self.client.department_agents(id).await;
            let works = agents.map_or(true, |list| list.rows.iter().any(|agent| agent.id == me));
            works.then(|| fields::option(id, name))
        });
        futures_util::future::join_all(asked).await.into_iter().flatten().collect()
    }

    /// A conversation by its code, a customer's by the address, or one of exactly this subject: the document has no full-text
    /// search.
    async fn find(&self, text: &str) -> Result<Listed, Error> {
        let looks_like_a_name = !text.contains(char::is_whitespace) && !text.contains('@');
        if looks_like_a_name && let Ok(conversation) = self.client.conversation(text).await {
            let names = self.book.names_with(&self.client, &book::ids(&conversation)).await?;
            let reader = reader(self, names);
            return Ok(Listed { tickets: vec![reader.ticket(&conversation)], ..Listed::default() });
        }
        let question = if text.contains('@') {
            Conversations { owner: Some(text.to_owned()), ..Conversations::default() }
        } else {
            Conversations { subject: Some(text.to_owned()), ..Conversations::default() }
        };
        let list = match self.client.list(&question, Page { offset: 0, limit: HITS }).await {
            // A customer whom nobody knows has no conversations.
            Err(Error::NotFound | Error::Refused { .. }) => return Ok(Listed::default()),
            other => other?,
        };
        let read = list.rows.iter().map(|row| self.client.conversation(&row.id));
        let read = futures_util::future::join_all(read).await;
        let missed = list.unreadable.len() + read.iter().filter(|read| read.is_err()).count();
        let found: Vec<_> = read.into_iter().flatten().collect();
        let ids: Vec<&str> = found.iter().flat_map(book::ids).collect();
        let reader = reader(self, self.book.names_with(&self.client, &ids).await?);
        Ok(Listed {
            tickets: found.iter().map(|conversation| reader.ticket(conversation)).collect(),
            unreadable: u32::try_from(missed).unwrap_or(u32::MAX),
            ..Listed::default()
        })
    }

    /// A file by its id, or by the link under which a text names it.
    async fn bytes_of(&self, file: &str, most: u64) -> Result<FileBytes, Error> {
        let link = match file.strip_prefix(timeline::BY_LINK) {
            // Such a link came out of a customer's text once: it is looked at again before the key goes there.
            Some(link) => self.client.base().own_file(link).ok_or(Error::NotFound)?.to_string(),
            None => given(self.client.file(file).await?.link).ok_or(Error::NotFound)?,
        };
        let download = self.client.download(&link, most).await?;
        Ok(FileBytes { bytes: download.bytes, mime: download.media_type.unwrap_or_default() })
    }

    fn problem_with_ticket(&self, error: &Error) -> Problem {
        if liveagent::is_gone(error) { self.problem(&Error::NotFound) } else { self.problem(error) }
    }
}

fn article(entry: liveagent::knowledgebase::Entry) -> Option<Article> {
    let title = given(entry.title_clear)
        .or_else(|| given(entry.title).map(|title| letter::text(letter::Source::Html(&title))))?;
    let text = given(entry.content_text).or_else(|| {
        given(entry.content)
            .or(given(entry.content_simple_html))
            .map(|html| letter::text(letter::Source::Html(&html)))
    });
    let web = given(entry.url).map(|url| if url.starts_with("//") { format!("https:{url}") } else { url });
    Some(Article { id: entry.id, title, text: text.unwrap_or_default(), web })
}
