//! The customer and the company of a conversation.

use liveagent::conversations::Conversation;
use liveagent::customers::Customer;
use model::{FieldKind, FormField, LinkedRecord, Problem, RecordId, RecordKind, field};
use wire::Error;

use super::super::LiveAgent;
use super::super::book::given;
use super::fields::{custom, option, text};

/// Keys of what a customer or company is, which nobody may change from here.
const EMAIL: &str = "email";
const PHONE: &str = "phone";

impl LiveAgent {
    /// What is linked, and what of it could not be read.
    pub(super) async fn records_of(&self, conversation: &Conversation) -> (Vec<LinkedRecord>, Vec<Problem>) {
        let Some(email) = given(conversation.owner_email.clone()) else { return (Vec::new(), Vec::new()) };
        let customer = match self.client.customer(&email).await {
            Ok(customer) => customer,
            Err(Error::NotFound | Error::Refused { .. }) => return (Vec::new(), Vec::new()),
            Err(error) => return (Vec::new(), vec![self.problem(&error).with("what", "customer")]),
        };
        let mut problems = Vec::new();
        let company = async {
            match given(customer.company.clone()) {
                Some(company) => Some(self.company(&company).await),
                None => None,
            }
        };
        let (groups, company) = tokio::join!(self.groups_of(&customer), company);
        let (has, all) = groups.unwrap_or_else(|error| {
            problems.push(self.problem(&error).with("what", "groups"));
            (Vec::new(), Vec::new())
        });
        let mut records = vec![self.customer_card(&customer, has, &all)];
        match company {
            Some(Ok(company)) => records.push(company),
            Some(Err(error)) => problems.push(self.problem(&error).with("what", "company")),
            None => {}
        }
        (records, problems)
    }

    /// The groups a customer is in, and all there are, by name.
    pub(super) async fn groups_of(&self, customer: &Customer) -> Result<(Vec<String>, Vec<String>), Error> {
        let (has, all) =
            tokio::join!(self.client.customer_groups(&customer.id), self.client.customers_groups());
        let all: Vec<(String, String)> =
            all?.rows.into_iter().filter_map(|group| Some((group.id, given(group.name)?))).collect();
        let name = |id: &str| all.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
        let mut has: Vec<String> = has?
            .rows
            .into_iter()
            .filter_map(|group| given(group.name).or_else(|| name(&group.group)))
            .collect();
        has.sort();
        Ok((has, all.into_iter().map(|(_, name)| name).collect()))
    }

    fn customer_card(&self, customer: &Customer, groups: Vec<String>, all: &[String]) -> LinkedRecord {
        let contact = self.contact(customer);
        let fixed = |key: &str, kind, values| FormField { kind, editable: false, ..text(key, values) };
        let numbers = contact.numbers.iter().map(|number| number.phone.raw.clone()).collect();
        let note = given(customer.note.clone()).into_iter().collect();
        let mut fields = vec![
            fixed(EMAIL, FieldKind::Email, contact.emails),
            fixed(PHONE, FieldKind::Phone, numbers),
            fixed(field::DESCRIPTION, FieldKind::LongText, note),
            FormField {
                kind: FieldKind::Choices,
                options: all.iter().map(|name| option(name, name)).collect(),
                ..text(field::GROUPS, groups)
            },
        ];
        fields.extend(custom(&customer.custom_fields));
        LinkedRecord {
            id: self.record_id(RecordKind::Customer, &customer.id),
            kind: RecordKind::Customer,
            title: contact.title,
            group: String::new(),
            fields,
        }
    }

    async fn company(&self, id: &str) -> Result<LinkedRecord, Error> {
        let company = self.client.company(id).await?;
        let fixed = |key: &str, kind, values| FormField { kind, editable: false, ..text(key, values) };
        let mut fields = vec![
            fixed(EMAIL, FieldKind::Email, company.emails),
            fixed(PHONE, FieldKind::Phone, company.phones),
        ];
        // The document has no operation that would change a company.
        fields.extend(
            custom(&company.custom_fields).into_iter().map(|field| FormField { editable: false, ..field }),
        );
        Ok(LinkedRecord {
            id: self.record_id(RecordKind::Company, &company.id),
            kind: RecordKind::Company,
            title: given(company.name).unwrap_or(company.id),
            group: String::new(),
            fields,
        })
    }

    fn record_id(&self, kind: RecordKind, name: &str) -> RecordId {
        RecordId(format!("{}/{}/{name}", self.account, word(kind)))
    }
}

fn word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Customer => "customer",
        RecordKind::Company => "company",
        RecordKind::Crm => "crm",
        RecordKind::Campaign => "campaign",
    }
}

/// The platform's name of a customer, if a record is one.
pub(super) fn customer_in(record: &RecordId) -> Option<&str> {
    let (_, name) = record.0.split_once('/')?;
    name.strip_prefix(word(RecordKind::Customer))?.strip_prefix('/')
}
