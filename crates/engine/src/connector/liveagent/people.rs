//! Customers as contacts, and what is around them.
//!
//! The document has no list of customers and no search; other clients read the list, and where it is not to be had the
//! address book is simply empty. Numbers of callers are found in the local index then.

use liveagent::conversations::Conversations;
use liveagent::customers::{Customer, Customers};
use liveagent::{List, Page};
use model::{Contact, ContactDetail, ContactId, ContactNumber, PastActivity, Problem, TicketRef};
use wire::Error;

use super::super::Found;
use super::LiveAgent;
use super::book::given;
use super::tickets::{Reader, reader};
use crate::numbers;

/// How many customers a page has.
const PAGE: u32 = 500;
/// How many of a customer's conversations are shown.
const AROUND: u32 = 25;
/// How many open tickets of a caller are shown.
const OPEN: usize = 5;

impl LiveAgent {
    pub(super) async fn page_of_contacts(&self, skip: u32) -> Result<Found, Problem> {
        let page = Page { offset: skip, limit: PAGE };
        match self.beside().list(&Customers::default(), page).await {
            Ok(list) => {
                let received = u32::try_from(list.received()).unwrap_or(u32::MAX);
                let next = (received >= PAGE).then(|| skip.saturating_add(received));
                Ok(Found { next, ..self.found(&list) })
            }
            Err(error) if is_not_there(&error) => Ok(Found::default()),
            Err(error) => Err(self.problem(&error)),
        }
    }

    /// Only a whole e-mail address can be asked for.
    pub(super) async fn search_contacts(&self, text: String) -> Result<Found, Problem> {
        let text = text.trim();
        if !text.contains('@') {
            return Ok(Found::default());
        }
        match self.client.customer(text).await {
            Ok(customer) => Ok(self.found(&List { rows: vec![customer], unreadable: Vec::new() })),
            Err(error) if is_not_there(&error) => Ok(Found::default()),
            Err(error) => Err(self.problem(&error)),
        }
    }

    pub(super) async fn tickets_of(&self, contact: String) -> Result<Vec<TicketRef>, Problem> {
        let tickets = self.conversations_of(&contact).await.map_err(|error| self.problem(&error))?;
        let open = tickets.iter().filter(|ticket| ticket.stage.is_open());
        Ok(open.take(OPEN).map(in_passing).collect())
    }

    pub(super) async fn contact_detail(&self, name: String) -> Result<ContactDetail, Problem> {
        let (customer, tickets) = tokio::join!(self.client.customer(&name), self.conversations_of(&name));
        let customer = customer.map_err(|error| self.problem(&error))?;
        let contact = self.contact(&customer);
        let (tickets, problems) = match tickets {
            Ok(tickets) => (tickets, Vec::new()),
            Err(error) => (Vec::new(), vec![self.problem(&error).with("what", "tickets")]),
        };
        let past = |ticket: &model::Ticket| PastActivity {
            channel: ticket.channel,
            direction: model::Direction::In,
            title: ticket.title.clone(),
            at: ticket.created_at,
            seconds: None,
            agent: ticket.owner.as_ref().map(|owner| owner.title.clone()),
        };
        Ok(ContactDetail {
            contact,
            activities: tickets.iter().map(past).collect(),
            tickets: tickets.iter().map(in_passing).collect(),
            problems,
            unreadable: 0,
        })
    }

    async fn conversations_of(&self, customer: &str) -> Result<Vec<model::Ticket>, Error> {
        let names = self.book.names(&self.client).await?;
        let reader: Reader = reader(self, names);
        let of = Conversations { owner: Some(customer.to_owned()), ..Conversations::default() };
        let list = self.client.list(&of, Page { offset: 0, limit: AROUND }).await?;
        let mut tickets: Vec<_> = list.rows.iter().map(|row| reader.ticket(row)).collect();
        tickets.sort_by_key(|ticket| std::cmp::Reverse(ticket.changed_at));
        Ok(tickets)
    }

    fn found(&self, list: &List<Customer>) -> Found {
        Found {
            contacts: list.rows.iter().map(|customer| self.contact(customer)).collect(),
            unreadable: u32::try_from(list.unreadable.len()).unwrap_or(u32::MAX),
            next: None,
        }
    }

    pub(super) fn contact(&self, customer: &Customer) -> Contact {
        let region = self.picture().region();
        let unique = |code: &'static str| {
            customer.unique_fields.iter().filter(move |field| field.code.to_ascii_lowercase().contains(code))
        };
        let mut emails: Vec<String> = given(customer.email.clone()).into_iter().collect();
        for email in unique("email").filter_map(|field| given(field.value.clone())) {
            if !emails.iter().any(|known| known.eq_ignore_ascii_case(&email)) {
                emails.push(email);
            }
        }
        let numbers = unique("phone").filter_map(|field| {
            let value = given(field.value.clone())?;
            Some(ContactNumber { label: field.code.clone(), phone: numbers::parse(&value, &region).phone })
        });
        let name = [given(customer.first_name.clone()), given(customer.last_name.clone())];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let title =
            Some(name).filter(|name| !name.is_empty()).or_else(|| given(customer.system_name.clone()));
        Contact {
            id: ContactId::new(&self.account, &customer.id),
            account: self.account.clone(),
            title: title.or_else(|| emails.first().cloned()).unwrap_or_else(|| customer.id.clone()),
            company: None,
            numbers: numbers.collect(),
            emails,
            description: given(customer.note.clone()),
            favourite: false,
            mark: None,
            editable: false,
        }
    }
}

fn in_passing(ticket: &model::Ticket) -> TicketRef {
    TicketRef {
        account: ticket.account.clone(),
        id: ticket.id.clone(),
        number: ticket.number.clone(),
        title: ticket.title.clone(),
        stage: Some(ticket.stage_said.clone()).filter(|said| !said.is_empty()),
    }
}

/// There is no such customer, or the account's server does not have the undocumented list.
fn is_not_there(error: &Error) -> bool {
    matches!(error, Error::NotFound | Error::Forbidden | Error::Refused { .. })
}
