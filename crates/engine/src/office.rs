//! The rest of the agent's day over all accounts: what the windows watch, the past, diversions, voicemail, texts,
//! conferences, the people of queues, the contacts kept on a platform, and where its operations are found.
//!
//! Questions and their answers: nothing of it is state that views mirror, except what is watched.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use model::{
    AccountId, CalendarConference, Capability, Centre, ContactId, DiversionChange, Diversions, HistoryItem,
    HistoryPage, HistoryQuery, ImportRoutes, MarkContact, MarkHistory, Problem, ProblemCode, QueueAgent,
    QueueOf, Route, RoutesReport, SaveContact, SaveVoicemail, SendSms, SetDiversion, TakePart, TicketId,
    Timestamp, VoicemailSettings, Watch,
};

use crate::connector::{Answer, HistoryPart, Office, Past, Watched};
use crate::core::Core;
use crate::day;
use crate::engine::Engine;
use crate::plan::impossible;

/// How many items of the past an account is asked for at once.
const PAGE: usize = 50;
/// How long a question that goes to all accounts waits for one of them.
const PATIENCE: Duration = Duration::from_secs(12);

impl Engine {
    /// Says what a window shows now, so that only what some window shows is followed live. Replaces what was said of the
    /// same window before; sessions that start later follow it too.
    pub fn watch(&self, watch: Watch) {
        self.core.set_watch(watch);
        let contacts = self.core.watch().contacts;
        self.core.hub.figures(|figures| figures.watch(contacts));
        self.core.follow_what_is_watched();
    }

    /// Campaigns and teams of all accounts that have them.
    pub async fn centre(&self) -> Centre {
        let asked = self.core.offering(Capability::Centre).into_iter().map(|(account, _)| async move {
            let both = async {
                let campaigns = self.core.ask(&account, |office| office.campaigns()).await?;
                Ok((campaigns, self.core.ask(&account, |office| office.teams()).await?))
            };
            in_time(both, &account).await
        });
        let mut centre = Centre::default();
        for part in join_all(asked).await {
            match part {
                Ok((campaigns, teams)) => {
                    centre.campaigns.extend(campaigns);
                    centre.teams.extend(teams);
                }
                Err(problem) => centre.problems.push(problem),
            }
        }
        centre.campaigns.sort_by_key(|campaign| campaign.running != Some(true));
        centre
    }

    /// The people of a queue.
    ///
    /// # Errors
    /// When the account does not offer it or its platform does not answer; so for every question to one account here.
    pub async fn queue_agents(&self, queue: QueueOf) -> Result<Vec<QueueAgent>, Problem> {
        self.core.ask(&queue.account, |office| office.queue_agents(queue.queue)).await
    }

    /// A page of the past, over all accounts or over one of them, newest first. The next page is what is older than its last
    /// item. Of accounts whose platform has none that can be read, what was kept here is their past.
    ///
    /// # Errors
    /// `NotPossible` for a group without its account. An account that cannot be asked is told inside the page.
    pub async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Problem> {
        if query.account.is_none() && query.group.is_some() {
            return Err(impossible("no_account"));
        }
        let asked: Vec<AccountId> = self.core.hub.read(|state| {
            let all = state.accounts.iter().map(|state| state.account.id.clone());
            all.filter(|id| query.account.as_ref().is_none_or(|wanted| wanted == id)).collect()
        });
        let offering: Vec<AccountId> =
            self.core.offering(Capability::History).into_iter().map(|(account, _)| account).collect();
        let is_platforms = |id: &AccountId| query.group.is_some() || offering.contains(id);
        let (remote, local): (Vec<_>, Vec<_>) = asked.into_iter().partition(is_platforms);
        let past = Past { group: query.group, outcomes: query.outcomes, before: query.before, most: PAGE };
        let here = day::local_history(&self.core, local, &past).await;
        let asked = remote.into_iter().map(|account| {
            let past = past.clone();
            async move { in_time(self.core.ask(&account, |office| office.history(past)), &account).await }
        });
        let mut parts = join_all(asked).await;
        parts.push(here);
        Ok(merged(parts))
    }

    /// Marks an item of the past on its platform.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn mark_history(&self, request: MarkHistory) -> Result<(), Problem> {
        let (account, item) =
            request.item.0.split_once('/').ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let (account, item) = (AccountId::from(account), item.to_owned());
        self.core.ask(&account, |office| office.mark_history(item, request.mark)).await
    }

    /// Where calls are diverted to on an account.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn diversions(&self, account: AccountId) -> Result<Diversions, Problem> {
        self.core.ask(&account, |office| office.diversions()).await
    }

    /// Changes one diversion and answers all of them as they are then.
    ///
    /// # Errors
    /// `BadNumber` for what cannot be dialled; as [`Engine::queue_agents`].
    pub async fn set_diversion(&self, request: SetDiversion) -> Result<Diversions, Problem> {
        let SetDiversion { account, mut change } = request;
        let (DiversionChange::Active { number, .. }
        | DiversionChange::Rule { number, .. }
        | DiversionChange::Activity { number, .. }) = &mut change;
        if let Some(number) = number {
            *number = self.core.hub.read(|state| state.dialled(number))?;
        }
        self.core.ask(&account, |office| office.set_diversion(change)).await
    }

    /// The voicemail of an account.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn voicemail(&self, account: AccountId) -> Result<VoicemailSettings, Problem> {
        self.core.ask(&account, |office| office.voicemail()).await
    }

    /// Keeps the voicemail of an account and answers it as it is then.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn save_voicemail(&self, request: SaveVoicemail) -> Result<VoicemailSettings, Problem> {
        self.core.ask(&request.account, |office| office.save_voicemail(request.settings)).await
    }

    /// Sends a text.
    ///
    /// # Errors
    /// `BadNumber` for what is no number; as [`Engine::queue_agents`].
    pub async fn send_sms(&self, mut request: SendSms) -> Result<(), Problem> {
        for number in &mut request.to {
            *number = self.core.hub.read(|state| state.dialled(number))?;
        }
        let account = request.account.clone();
        self.core.ask(&account, |office| office.send_sms(request)).await
    }

    /// The conferences of the calendars, soonest first.
    ///
    /// # Errors
    /// Only when none of the accounts that have a calendar can be asked.
    pub async fn conferences(&self) -> Result<Vec<CalendarConference>, Problem> {
        let asked = self.core.offering(Capability::Conferences).into_iter().map(|(account, _)| async move {
            in_time(self.core.ask(&account, |office| office.conferences()), &account).await
        });
        let (mut all, mut problem, mut answered) = (Vec::new(), None, false);
        for part in join_all(asked).await {
            match part {
                Ok(conferences) => {
                    answered = true;
                    all.extend(conferences);
                }
                Err(error) => problem = Some(error),
            }
        }
        all.sort_by_key(|conference| conference.begins);
        match problem.filter(|_| !answered) {
            Some(problem) => Err(problem),
            None => Ok(all),
        }
    }

    /// Joins a conference or leaves it.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn take_part(&self, request: TakePart) -> Result<(), Problem> {
        let account = request.account.clone();
        self.core.ask(&account, |office| office.take_part(request)).await
    }

    /// Marks a contact on its platform.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn mark_contact(&self, request: MarkContact) -> Result<(), Problem> {
        let (account, name) = name_of(&request.contact)?;
        let contact = self.core.ask(&account, |office| office.mark_contact(name, request.mark)).await?;
        self.core.store.put_contacts(vec![contact]).await
    }

    /// Keeps a personal contact on a platform, and answers its name.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn save_contact(&self, request: SaveContact) -> Result<ContactId, Problem> {
        let SaveContact { account, contact, fields } = request;
        let name = contact.as_ref().map(name_of).transpose()?.map(|(_, name)| name);
        let kept = self.core.ask(&account, |office| office.save_contact(name, fields)).await?;
        let id = kept.id.clone();
        self.core.store.put_contacts(vec![kept]).await?;
        Ok(id)
    }

    /// Deletes a personal contact on its platform.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn delete_contact(&self, contact: ContactId) -> Result<(), Problem> {
        let (account, name) = name_of(&contact)?;
        self.core.ask(&account, |office| office.delete_contact(name)).await?;
        self.core.store.remove_contact(contact).await
    }

    /// Where the operations of an account are found.
    ///
    /// # Errors
    /// As [`Engine::queue_agents`].
    pub async fn routes(&self, account: AccountId) -> Result<Vec<Route>, Problem> {
        let session = self.core.session(&account)?;
        Ok(session.connector.office().map(Office::routes).unwrap_or_default())
    }

    /// Reads an operator's file of operations and keeps what it says if asked to.
    ///
    /// # Errors
    /// When the file cannot be read, or what it says not be kept.
    pub async fn import_routes(&self, request: ImportRoutes) -> Result<RoutesReport, Problem> {
        let ImportRoutes { account, text, keep } = request;
        let session = self.core.session(&account)?;
        let office = session.connector.office().ok_or_else(|| impossible("not_offered").on(&account))?;
        let report = office.import_routes(text.as_deref(), keep).map_err(|problem| problem.on(&account))?;
        if keep {
            self.core.keep_memory(&account, &*session.connector).await?;
        }
        Ok(report)
    }
}

impl Core {
    /// Asks the platform of an account something that only some platforms know.
    pub(crate) async fn ask<T, F>(&self, account: &AccountId, question: F) -> Result<T, Problem>
    where
        F: for<'a> FnOnce(&'a dyn Office) -> Answer<'a, T>,
    {
        let session = self.session(account)?;
        let connector = Arc::clone(&session.connector);
        let office = connector.office().ok_or_else(|| impossible("not_offered").on(account))?;
        question(office).await.map_err(|problem| problem.on(account))
    }

    /// Tells every session what is watched of its account.
    pub(crate) fn follow_what_is_watched(&self) {
        for session in self.sessions() {
            session.connector.watch(self.watched(&session.account));
        }
    }

    /// What the windows show of an account, and what an alert depends on.
    pub(crate) fn watched(&self, account: &AccountId) -> Watched {
        let watch = self.watch();
        let names = watch.contacts.iter().filter_map(ContactId::parts);
        let contacts = names.filter(|(of, _)| of == account).map(|(_, name)| name.to_owned()).collect();
        let ticket = watch.ticket.as_ref().and_then(TicketId::parts).filter(|(of, _)| of == account);
        Watched {
            contacts,
            queues: watch.queues.contains(account) || self.alerts_on(account),
            shows_queues: watch.queues.contains(account),
            inbox: watch.inbox,
            ticket: ticket.map(|(_, name)| name.to_owned()),
        }
    }
}

pub(crate) async fn in_time<T>(
    answer: impl Future<Output = Result<T, Problem>>,
    account: &AccountId,
) -> Result<T, Problem> {
    let slow = || Err(Problem::new(ProblemCode::Network).on(account));
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| slow())
}

fn name_of(contact: &ContactId) -> Result<(AccountId, String), Problem> {
    let (account, name) = contact.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
    Ok((account, name.to_owned()))
}

/// One page out of those of several accounts. An account that has more says nothing about what is older than its last
/// item: nothing older than that is shown before it is asked again.
fn merged(parts: Vec<Result<HistoryPart, Problem>>) -> HistoryPage {
    let mut page = HistoryPage { items: Vec::new(), more: false, problems: Vec::new(), unreadable: 0 };
    let mut edge: Option<Timestamp> = None;
    for part in parts {
        match part {
            Ok(part) => {
                if let Some(last) = part.items.iter().map(|item| item.at).min().filter(|_| part.more) {
                    page.more = true;
                    edge = edge.max(Some(last));
                }
                page.unreadable += part.unreadable;
                page.items.extend(part.items);
            }
            Err(problem) => page.problems.push(problem),
        }
    }
    page.items.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    if let Some(edge) = edge {
        // More of the edge's own moment may follow, so it is left to the next page, unless nothing else is here.
        let newer = |item: &HistoryItem| item.at > edge;
        let whole = page.items.iter().any(newer);
        page.items.retain(|item| if whole { newer(item) } else { item.at >= edge });
    }
    page
}

#[cfg(test)]
mod tests {
    use model::{Channel, Direction, HistoryId, Party, PastOutcome};
    use proptest::prelude::*;

    use super::*;

    fn item(account: usize, at: i64, n: usize) -> HistoryItem {
        HistoryItem {
            id: HistoryId(format!("a{account}/{n:03}")),
            account: AccountId(format!("a{account}")),
            channel: Channel::Call,
            direction: Direction::In,
            outcome: PastOutcome::Missed,
            other_outcome: None,
            party: Party::default(),
            queue: None,
            at: Timestamp(at),
            seconds: None,
            count: 1,
            seen: None,
            played: None,
            handled: None,
            agent: None,
            facts: Vec::new(),
            web: None,
        }
    }

    proptest! {
        #[test]
        fn page_by_page_every_item_comes_once_and_newest_first(
            pasts in proptest::collection::vec(proptest::collection::btree_set(0_i64..300, 0..40), 1..4),
            size in 2_usize..9,
        ) {
            let all: Vec<Vec<HistoryItem>> = pasts.iter().enumerate().map(|(account, moments)| {
                moments.iter().rev().enumerate().map(|(n, at)| item(account, *at, n)).collect()
            }).collect();
            let (mut shown, mut before) = (Vec::new(), None);
            loop {
                let parts = all.iter().map(|items| {
                    let older: Vec<_> =
                        items.iter().filter(|item| before.is_none_or(|before| item.at < before)).cloned().collect();
                    Ok(HistoryPart { more: older.len() > size, items: older.into_iter().take(size).collect(), unreadable: 0 })
                }).collect();
                let page = merged(parts);
                shown.extend(page.items.iter().map(|item| (item.at, item.id.clone())));
                prop_assert!(!page.more || !page.items.is_empty(), "a page with more behind it is never empty");
                if !page.more {
                    break;
                }
                before = page.items.last().map(|item| item.at);
            }
            let mut wanted: Vec<_> = all.iter().flatten().map(|item| (item.at, item.id.clone())).collect();
            wanted.sort_by(|a, b| b.cmp(a));
            prop_assert_eq!(shown, wanted);
        }
    }

    #[test]
    fn an_account_that_cannot_be_asked_hides_no_other() {
        let there = HistoryPart { items: vec![item(0, 5, 0)], more: false, unreadable: 2 };
        let page = merged(vec![Err(Problem::new(ProblemCode::Network)), Ok(there)]);
        assert_eq!((page.items.len(), page.problems.len(), page.unreadable, page.more), (1, 1, 2, false));
    }
}
