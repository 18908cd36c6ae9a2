//! The rest of the agent's day: each part of [`Office`] is in the file of its subject.

use dstny::personal_contacts::AddressBook;
use dstny::wire::Error;
use futures_util::FutureExt;
use model::{
    CalendarConference, Contact, ContactFields, ContactMark, DiversionChange, Diversions, HistoryMark,
    Problem, QueueAgent, QueueId, Route, RoutesReport, SendSms, TakePart, Timestamp, VoicemailSettings,
};

use super::super::{Answer, HistoryPart, Office, Past, PastDay};
use super::offers::Part;
use super::{Dstny, agent};

impl Office for Dstny {
    fn history(&self, past: Past) -> Answer<'_, HistoryPart> {
        async move {
            match past.group.clone() {
                Some(group) => self.group_history(&group, &past).await,
                None => self.own_history(&past).await,
            }
        }
        .boxed()
    }

    fn mark_history(&self, item: String, mark: HistoryMark) -> Answer<'_, ()> {
        async move { self.mark_past(&item, mark).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn diversions(&self) -> Answer<'_, Diversions> {
        self.all_diversions().boxed()
    }

    fn set_diversion(&self, change: DiversionChange) -> Answer<'_, Diversions> {
        async move {
            self.change_diversion(change).await.map_err(|error| self.problem(&error))?;
            self.learn();
            self.all_diversions().await
        }
        .boxed()
    }

    fn voicemail(&self) -> Answer<'_, VoicemailSettings> {
        self.voicemail_settings().boxed()
    }

    fn save_voicemail(&self, settings: VoicemailSettings) -> Answer<'_, VoicemailSettings> {
        self.keep_voicemail(settings).boxed()
    }

    fn send_sms(&self, sms: SendSms) -> Answer<'_, ()> {
        async move {
            for to in &sms.to {
                let sent = self.client.send_sms(to, &sms.text).await;
                if !matches!(sent, Err(Error::NotFound)) {
                    self.note(Part::Sms, &sent);
                }
                // Who has it already must not get it twice: the agent is told where it stopped.
                sent.map_err(|error| self.problem(&error).with("number", to.clone()))?;
            }
            Ok(())
        }
        .boxed()
    }

    fn conferences(&self) -> Answer<'_, Vec<CalendarConference>> {
        self.calendar().boxed()
    }

    fn take_part(&self, part: TakePart) -> Answer<'_, ()> {
        async move { self.join_or_leave(part).await.map_err(|error| self.problem(&error)) }.boxed()
    }

    fn queue_agents(&self, queue: QueueId) -> Answer<'_, Vec<QueueAgent>> {
        async move {
            let found = async {
                let (group, domain) =
                    agent::group_of(&queue, self.client.identity()).ok_or(Error::NotFound)?;
                self.client.acd_group(group, &domain).await
            };
            let group = found.await.map_err(|error| self.problem(&error))?;
            Ok(group.agents.iter().map(agent::queue_agent).collect())
        }
        .boxed()
    }

    fn mark_contact(&self, contact: String, mark: Option<ContactMark>) -> Answer<'_, Contact> {
        self.mark(contact, mark).boxed()
    }

    fn save_contact(&self, contact: Option<String>, fields: ContactFields) -> Answer<'_, Contact> {
        self.keep_contact(contact, fields).boxed()
    }

    fn delete_contact(&self, contact: String) -> Answer<'_, ()> {
        async move {
            let deleted = self.client.delete_personal_contact(&AddressBook::Own, &contact).await;
            deleted.map_err(|error| self.problem(&error))
        }
        .boxed()
    }

    fn past_day(&self, from: Timestamp, to: Timestamp) -> Answer<'_, PastDay> {
        self.calls_between(from, to).boxed()
    }

    fn routes(&self) -> Vec<Route> {
        self.table()
    }

    fn import_routes(&self, text: Option<&str>, keep: bool) -> Result<RoutesReport, Problem> {
        self.read_routes(text, keep)
    }
}
