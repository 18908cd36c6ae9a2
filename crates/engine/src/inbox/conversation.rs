//! One ticket with everything around it: from the platform or as it was last read, its bodies made safe on the way to the
//! window, its words found by searches from then on.
//!
//! What is kept is what the platform sent: bodies are made safe anew whenever they are shown, with the pictures and the trust
//! of that moment.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt};
use model::{
    AccountId, Article, EntriesBefore, Entry, FormField, FormOf, Insert, KnowledgeQuery, Problem,
    ProblemCode, ShowRemote, Template, TemplateOf, TicketDetail, TicketId, TicketQuery, Timestamp, Work,
};

use super::remote::{self, Near};
use super::safe::{self, Safe, picture_name, words_of};
use crate::clock;
use crate::connector::{Detail, RawEntry, Timeline, Trace};
use crate::core::Core;
use crate::engine::Engine;

/// How many pictures that came with messages are fetched for one ticket, the newest first.
const PICTURES: usize = 40;
/// The largest of them, in bytes.
const MOST_PICTURE: u64 = 3 * 1024 * 1024;
/// How long a ticket waits for its pictures.
const PATIENCE: Duration = Duration::from_secs(6);
/// How many are fetched at once.
const AT_ONCE: usize = 4;

impl Engine {
    /// A ticket with everything around it: as it was last read, or anew from its platform. If the platform cannot be asked,
    /// what was last read, with the reason.
    ///
    /// # Errors
    /// `Gone` when it is no longer there; what the platform says when nothing of it is kept here.
    pub async fn ticket(&self, query: TicketQuery) -> Result<TicketDetail, Problem> {
        let (core, id) = (&self.core, query.ticket);
        let (account, name) = id.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let name = name.to_owned();
        let kept = core.kept(&id).await?;
        if !query.fresh {
            return match kept {
                Some((detail, read_at)) => core.detail(&id, detail, read_at).await,
                None => core.listed_only(&id).await,
            };
        }
        match core.ask_tickets(&account, |tickets| tickets.ticket(name)).await {
            Ok(mut detail) => {
                if let Some((before, _)) = kept {
                    go_back(&mut detail.timeline, before.timeline);
                }
                let read_at = clock::now();
                core.keep(&id, &detail, read_at).await?;
                core.fetch_pictures(&id, &detail).await;
                core.detail(&id, detail, read_at).await
            }
            Err(problem) if problem.code == ProblemCode::Gone => {
                if core.store.bury_ticket(id.clone()).await? {
                    core.tell_tickets(Vec::new(), vec![id]);
                }
                Err(problem)
            }
            Err(problem) => match kept {
                Some((detail, read_at)) => {
                    let mut shown = core.detail(&id, detail, read_at).await?;
                    shown.problems.push(problem);
                    Ok(shown)
                }
                None => Err(problem),
            },
        }
    }

    /// Entries of the time line before those that are shown.
    ///
    /// # Errors
    /// What the platform says.
    pub async fn earlier_entries(&self, request: EntriesBefore) -> Result<Vec<Entry>, Problem> {
        let (core, id, before) = (&self.core, request.ticket, request.before.0);
        let (account, name) = id.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let name = name.to_owned();
        let asked = before.clone();
        let mut earlier = core.ask_tickets(&account, |tickets| tickets.earlier(name, asked)).await?;
        if let Some((mut detail, read_at)) = core.kept(&id).await?
            && detail.timeline.entries.first().is_some_and(|first| first.id == before)
        {
            let mut all = earlier.entries.clone();
            all.append(&mut detail.timeline.entries);
            detail.timeline = Timeline { entries: all, earlier: earlier.earlier, ..detail.timeline };
            core.keep(&id, &detail, read_at).await?;
            core.fetch_pictures(&id, &detail).await;
        }
        core.safe_entries(&id, std::mem::take(&mut earlier.entries)).await
    }

    /// Marks a ticket as read, on this computer and on its platform where it has that.
    ///
    /// # Errors
    /// What the platform says; here it is read all the same.
    pub async fn mark_read(&self, ticket: TicketId) -> Result<(), Problem> {
        let core = &self.core;
        let (account, name) = ticket.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let name = name.to_owned();
        let Some(read) = core.store.read_ticket(ticket).await? else { return Ok(()) };
        core.tell_tickets(vec![read], Vec::new());
        core.ask_tickets(&account, |tickets| tickets.mark_read(name)).await
    }

    /// Shows the pictures from elsewhere in one message.
    ///
    /// # Errors
    /// `Gone` when the message is not known here.
    pub async fn show_remote(&self, request: ShowRemote) -> Result<Entry, Problem> {
        let (core, id) = (&self.core, request.ticket);
        let gone = || Problem::new(ProblemCode::Gone);
        let (detail, _) = core.kept(&id).await?.ok_or_else(gone)?;
        let entry = request.entry.as_str();
        let raw = detail.timeline.entries.into_iter().find(|raw| raw.id == entry).ok_or_else(gone)?;
        if request.always
            && let Some(sender) = safe::sender(&raw)
        {
            core.store.trust_sender(sender).await?;
        }
        core.fetch_remote(&id, &raw).await;
        core.made_safe(&id, move |safe| safe.entry_with_remote(&raw)).await
    }

    /// The fields of a new ticket.
    ///
    /// # Errors
    /// What the platform says.
    pub async fn ticket_form(&self, request: FormOf) -> Result<Vec<FormField>, Problem> {
        let category = request.category;
        self.core.ask_tickets(&request.account, |tickets| tickets.form(category)).await
    }

    /// Texts that the platform keeps for answers.
    ///
    /// # Errors
    /// What the platform says.
    pub async fn templates(&self, ticket: TicketId) -> Result<Vec<Template>, Problem> {
        let (account, name) = ticket.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let name = name.to_owned();
        self.core.ask_tickets(&account, |tickets| tickets.templates(name)).await
    }

    /// The words of a template, filled in for a ticket.
    ///
    /// # Errors
    /// What the platform says.
    pub async fn template(&self, request: TemplateOf) -> Result<Insert, Problem> {
        let (account, name) = request.ticket.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let (name, template) = (name.to_owned(), request.template);
        self.core.ask_tickets(&account, |tickets| tickets.template(name, template)).await
    }

    /// Searches a knowledge base.
    ///
    /// # Errors
    /// What the platform says.
    pub async fn knowledge(&self, query: KnowledgeQuery) -> Result<Vec<Article>, Problem> {
        let text = query.text;
        self.core.ask_tickets(&query.account, |tickets| tickets.knowledge(text)).await
    }
}

impl Core {
    /// A ticket as it was last read in full, and when.
    pub(super) async fn kept(&self, id: &TicketId) -> Result<Option<(Detail, Timestamp)>, Problem> {
        let Some(kept) = self.store.detail(id.clone()).await? else { return Ok(None) };
        // One that another version wrote is read anew.
        Ok(serde_json::from_str(&kept.json).ok().map(|detail| (detail, kept.read_at)))
    }

    /// What is known of a ticket before work for it is sent for the first time.
    pub(crate) async fn trace_of(&self, work: &Work) -> Result<Trace, Problem> {
        let kept = match work.ticket() {
            Some(ticket) => self.kept(ticket).await?,
            None => None,
        };
        let last = kept.and_then(|(detail, _)| detail.timeline.entries.last().map(|entry| entry.id.clone()));
        Ok(Trace { first_sent: clock::now(), last_entry: last })
    }

    async fn keep(&self, id: &TicketId, detail: &Detail, read_at: Timestamp) -> Result<(), Problem> {
        let kept = detail.clone();
        let written = tokio::task::spawn_blocking(move || {
            let texts: Vec<_> = kept.timeline.entries.iter().rev().map(words_of).collect();
            Ok((serde_json::to_string(&kept)?, texts.join("\n")))
        });
        let (json, texts) = written.await.unwrap_or_else(|_| Ok(Default::default())).map_err(
            |error: serde_json::Error| Problem::new(ProblemCode::Internal).with("what", error.to_string()),
        )?;
        let taken = self.store.put_detail(detail.ticket.clone(), json, texts, read_at).await?;
        debug_assert_eq!(detail.ticket.id, *id, "a connector answers with the ticket it was asked for");
        self.tell_tickets(taken.changed, taken.gone);
        Ok(())
    }

    /// A ticket as a window may show it.
    async fn detail(
        &self,
        id: &TicketId,
        detail: Detail,
        read_at: Timestamp,
    ) -> Result<TicketDetail, Problem> {
        // Whether it is unread is known best by the index.
        let ticket = self.store.known_ticket(id.clone()).await?.unwrap_or(detail.ticket);
        let account = ticket.account.clone();
        Ok(TicketDetail {
            ticket,
            entries: self.safe_entries(id, detail.timeline.entries).await?,
            earlier: detail.timeline.earlier,
            fields: detail.fields,
            records: detail.records,
            related: detail.related,
            actions: detail.actions,
            reply_to: detail.reply_to,
            reply_cc: detail.reply_cc,
            web: detail.web,
            read_at,
            problems: detail.problems.into_iter().map(|problem| problem.on(&account)).collect(),
            unreadable: detail.timeline.unreadable,
        })
    }

    /// What the list knows, for a ticket that was never read in full.
    async fn listed_only(&self, id: &TicketId) -> Result<TicketDetail, Problem> {
        let ticket = self.store.known_ticket(id.clone()).await?;
        Ok(TicketDetail {
            ticket: ticket.ok_or_else(|| Problem::new(ProblemCode::Gone))?,
            entries: Vec::new(),
            earlier: false,
            fields: Vec::new(),
            records: Vec::new(),
            related: Vec::new(),
            actions: Vec::new(),
            reply_to: Vec::new(),
            reply_cc: Vec::new(),
            web: None,
            read_at: Timestamp::default(),
            problems: Vec::new(),
            unreadable: 0,
        })
    }

    async fn safe_entries(&self, id: &TicketId, raw: Vec<RawEntry>) -> Result<Vec<Entry>, Problem> {
        self.made_safe(id, move |safe| raw.iter().map(|raw| safe.entry(raw)).collect()).await
    }

    /// Runs the work of making safe on a thread of its own: a long letter takes milliseconds.
    async fn made_safe<T: Send + 'static>(
        &self,
        id: &TicketId,
        work: impl FnOnce(&Safe<'_>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let trusted: HashSet<String> = self.store.trusted_senders().await?.into_iter().collect();
        let ((language, region), ticket) = (self.locale(), id.0.clone());
        let pictures = Arc::clone(&self.inbox.pictures);
        let done = tokio::task::spawn_blocking(move || {
            work(&Safe {
                ticket: &ticket,
                language: &language,
                region: &region,
                trusted: &trusted,
                pictures: &pictures,
            })
        });
        done.await.map_err(|_| Problem::new(ProblemCode::Internal).with("what", "a letter could not be read"))
    }

    /// Fetches the pictures that came with the messages of a ticket, and those from elsewhere of senders who are trusted, as
    /// far as they are not here. The ticket is shown without what does not come in time.
    async fn fetch_pictures(&self, id: &TicketId, detail: &Detail) {
        let Some((account, name)) = id.parts() else { return };
        let pictures = &self.inbox.pictures;
        let entries = detail.timeline.entries.iter().rev();
        let wanted = entries.flat_map(|entry| entry.inline.iter().map(move |inline| (entry, inline)));
        let fetched: Vec<_> = wanted
            .map(|(entry, inline)| (picture_name(id.as_str(), &entry.id, &inline.cid), entry, inline))
            .filter(|(kept_as, ..)| !pictures.has(kept_as))
            .take(PICTURES)
            .map(|(kept_as, entry, inline)| {
                let (entry, file) = (entry.id.clone(), inline.file.id.clone());
                self.fetch_picture(&account, name.to_owned(), entry, file, kept_as).boxed()
            })
            .collect();
        let came_with = stream::iter(fetched).buffer_unordered(AT_ONCE).collect::<Vec<()>>();
        let trusted: HashSet<String> =
            self.store.trusted_senders().await.unwrap_or_default().into_iter().collect();
        let of_trusted = async {
            for raw in detail.timeline.entries.iter().rev() {
                if safe::sender(raw).is_some_and(|sender| trusted.contains(&sender)) {
                    self.fetch_remote(id, raw).await;
                }
            }
        };
        let both = futures_util::future::join(came_with, of_trusted);
        // What comes later is fetched again the next time.
        let _ = tokio::time::timeout(PATIENCE, both).await;
    }

    /// Fetches a picture that came with a message. Without it its place stays empty, and the file is among the attachments all
    /// the same.
    async fn fetch_picture(
        &self,
        account: &AccountId,
        ticket: String,
        entry: String,
        file: String,
        kept_as: String,
    ) {
        let read = self.ask_tickets(account, |tickets| tickets.file(ticket, entry, file, MOST_PICTURE)).await;
        if let Ok(file) = read
            && let Some(mime) = remote::raster(&file.bytes)
        {
            self.inbox.pictures.put(kept_as, remote::data(mime, &file.bytes));
        }
    }

    /// Fetches the pictures from elsewhere of one message, as far as they are not here.
    async fn fetch_remote(&self, id: &TicketId, raw: &RawEntry) {
        let Some((account, _)) = id.parts() else { return };
        let address = self.hub.read(|state| state.account(&account).map(|state| state.account.url.clone()));
        let near = address.map_or(Near::Nothing, |address| Near::of(&address));
        let kept_as = |url: &str| picture_name(id.as_str(), &raw.id, url);
        let mut urls = safe::remote_pictures(raw);
        urls.retain(|url| !self.inbox.pictures.has(&kept_as(url)));
        for (url, picture) in remote::fetch(urls, &near, &self.options.http).await {
            self.inbox.pictures.put(kept_as(&url), picture);
        }
    }
}

/// Puts entries before the first that were read earlier, where the two join.
fn go_back(fresh: &mut Timeline, before: Timeline) {
    let Some(first) = fresh.entries.first() else { return };
    let Some(join) = before.entries.iter().position(|entry| entry.id == first.id) else { return };
    if join > 0 {
        let mut all: Vec<_> = before.entries.into_iter().take(join).collect();
        all.append(&mut fresh.entries);
        fresh.entries = all;
        fresh.earlier = before.earlier;
    }
}
