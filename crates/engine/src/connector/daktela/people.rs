//! Contacts and what is around them.

use daktela::models::{Activity, Contact, Stage, Ticket};
use daktela::{Field, List, Query};
use model::{AccountId, ContactDetail, ContactId, ContactNumber, Phone, Problem, TicketId, TicketRef};
use wire::Error;

use super::super::Found;
use super::{Daktela, activity};
use crate::numbers;

/// How many contacts a page of all of them has.
const PAGE: u32 = 500;
/// How many contacts a search brings.
const HITS: u32 = 50;
/// How many records around a contact are shown.
const AROUND: u32 = 25;
/// How many open tickets stand beside a caller.
const OPEN_TICKETS: u32 = 5;
/// Inferred: the field in which contacts keep their numbers, unless an instance has renamed it.
const NUMBER_FIELD: &str = "number";
/// The end of a number that is the same in every dress.
const TAIL: usize = 9;

impl Daktela {
    pub(super) async fn page_of_contacts(&self, skip: u32) -> Result<Found, Problem> {
        let query = Query::new().sort(&Contact::FIELDS.name).take(PAGE).skip(skip.into());
        let list = self.list_contacts(&query).await.map_err(|error| self.problem(&error))?;
        let received = u32::try_from(list.received()).unwrap_or(u32::MAX);
        let seen = skip.saturating_add(received);
        let told_end = list.total.is_some_and(|total| u64::from(seen) >= total);
        let is_last = received < PAGE || told_end;
        Ok(Found { next: (!is_last).then_some(seen), ..self.found(&list) })
    }

    pub(super) async fn search_contacts(&self, text: String) -> Result<Found, Problem> {
        let query = Query::new().search(text.trim()).sort(&Contact::FIELDS.title).take(HITS);
        let list = self.list_contacts(&query).await.map_err(|error| self.problem(&error))?;
        Ok(self.found(&list))
    }

    pub(super) async fn contacts_behind(&self, phone: Phone) -> Result<Found, Problem> {
        let digits: String =
            phone.e164.as_ref().unwrap_or(&phone.raw).chars().filter(char::is_ascii_digit).collect();
        // Inside a record a number may be spaced in any way; its platform's own search knows that better than a pattern.
        let tail = digits.get(digits.len().saturating_sub(TAIL)..).unwrap_or_default().to_owned();
        if tail.is_empty() {
            return Ok(Found::default());
        }
        let by_field = Query::new()
            .filter(Field::custom(NUMBER_FIELD).contains(&*tail))
            .sort(&Contact::FIELDS.name)
            .take(HITS);
        let list = match self.list_contacts(&by_field).await {
            // This instance calls its fields otherwise.
            Err(Error::Refused { .. }) => {
                let anywhere = Query::new().search(tail).sort(&Contact::FIELDS.name).take(HITS);
                self.list_contacts(&anywhere).await
            }
            other => other,
        };
        list.map(|list| self.found(&list)).map_err(|error| self.problem(&error))
    }

    pub(super) async fn tickets_of(&self, contact: String) -> Result<Vec<TicketRef>, Problem> {
        let fields = &Ticket::FIELDS;
        let open = fields.stage.is_in([Stage::Open.as_str(), Stage::Wait.as_str()]);
        let query = Query::new()
            .filter(fields.contact.eq(&*contact))
            .filter(open)
            .sort_descending(&fields.created)
            .take(OPEN_TICKETS);
        let list = self.signed(|| self.client.list::<Ticket>(&query)).await;
        list.map(|list| list.rows.iter().map(|ticket| self.ticket(ticket)).collect())
            .map_err(|error| self.problem(&error))
    }

    pub(super) async fn contact_detail(&self, name: String) -> Result<ContactDetail, Problem> {
        let tickets = Query::new()
            .filter(Ticket::FIELDS.contact.eq(&*name))
            .sort_descending(&Ticket::FIELDS.created)
            .take(AROUND);
        let activities = Query::new()
            .filter(Activity::FIELDS.contact.eq(&*name))
            .sort_descending(&Activity::FIELDS.time)
            .take(AROUND);
        let (contact, tickets, activities) = tokio::join!(
            self.signed(|| self.client.get::<Contact>(&name)),
            self.signed(|| self.client.list::<Ticket>(&tickets)),
            self.signed(|| self.client.list::<Activity>(&activities)),
        );
        let contact = contact.map_err(|error| self.problem(&error))?;
        let mut detail = ContactDetail {
            contact: self::contact(&self.account, &self.picture().region(), &contact),
            tickets: Vec::new(),
            activities: Vec::new(),
            problems: Vec::new(),
            unreadable: 0,
        };
        match tickets {
            Ok(list) => {
                detail.unreadable += count(&list);
                detail.tickets = list.rows.iter().map(|ticket| self.ticket(ticket)).collect();
            }
            Err(error) => detail.problems.push(self.problem(&error).with("what", "tickets")),
        }
        match activities {
            Ok(list) => {
                detail.unreadable += count(&list);
                detail.activities = list.rows.iter().map(activity::past).collect();
            }
            Err(error) => detail.problems.push(self.problem(&error).with("what", "activities")),
        }
        Ok(detail)
    }

    async fn list_contacts(&self, query: &Query) -> Result<List<Contact>, Error> {
        self.signed(|| self.client.list::<Contact>(query)).await
    }

    fn found(&self, list: &List<Contact>) -> Found {
        let region = self.picture().region();
        let contacts = list.rows.iter().map(|row| contact(&self.account, &region, row)).collect();
        Found { contacts, unreadable: count(list), next: None }
    }

    fn ticket(&self, ticket: &Ticket) -> TicketRef {
        TicketRef {
            account: self.account.clone(),
            id: TicketId::new(&self.account, &ticket.name),
            number: ticket.name.clone(),
            title: ticket.title.clone().unwrap_or_else(|| ticket.name.clone()),
            stage: ticket.stage.as_ref().map(|stage| stage.as_str().to_owned()),
        }
    }
}

pub(super) fn count<T>(list: &List<T>) -> u32 {
    u32::try_from(list.unreadable.len()).unwrap_or(u32::MAX)
}

/// A contact in our words.
///
/// Inferred: numbers and addresses are custom fields whose keys every instance may choose, so they are known by their
/// look: whatever stands in a field that is named like one, or reads as a valid number written internationally, is a
/// number; whatever has an `@` is an address.
pub(super) fn contact(account: &AccountId, region: &str, contact: &Contact) -> model::Contact {
    let mut numbers = Vec::new();
    let mut emails = Vec::new();
    for (key, values) in &contact.custom_fields.0 {
        for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            if value.contains('@') && !value.contains(char::is_whitespace) {
                emails.push(value.to_owned());
            } else if is_number(key, value, region) {
                numbers.push(ContactNumber { label: key.clone(), phone: numbers::phone(value, region) });
            }
        }
    }
    let full_name = [contact.firstname.as_deref(), contact.lastname.as_deref()];
    let full_name = full_name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let title = contact.title.clone().filter(|title| !title.trim().is_empty());
    let company = contact.account.as_ref().map(|company| company.label().to_owned());
    let description = contact.description.as_deref().map(plain).filter(|text| !text.is_empty());
    model::Contact {
        id: ContactId::new(account, &contact.name),
        account: account.clone(),
        title: title.unwrap_or_else(|| if full_name.is_empty() { contact.name.clone() } else { full_name }),
        company: company.filter(|company| !company.is_empty()),
        numbers,
        emails,
        description,
        favourite: false,
        mark: None,
        editable: false,
    }
}

fn is_number(key: &str, value: &str, region: &str) -> bool {
    let key = key.to_lowercase();
    let named = ["number", "phone", "mobil", "tel", "cell", "fax"].iter().any(|word| key.contains(word));
    let parsed = numbers::parse(value, region);
    let international = value.starts_with('+') || value.starts_with("00");
    if named { parsed.dial.is_some() } else { international && parsed.phone.e164.is_some() }
}

/// Plain text as HTML, for fields that Daktela shows as HTML.
pub(super) fn as_html(text: &str) -> String {
    let escaped = text.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace("\r\n", "\n").replace('\n', "<br>")
}

/// The text of a field that may hold HTML. Not a sanitiser: what comes out is shown as text only.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let Some(end) = tag.find('>') else {
            text.push_str(tag);
            rest = "";
            break;
        };
        let name = tag[1..end].trim_start_matches('/').to_ascii_lowercase();
        if ["br", "p", "div", "li", "tr"].iter().any(|block| name.split([' ', '/']).next() == Some(block)) {
            text.push('\n');
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&#39;", "'").replace("&amp;", "&");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
