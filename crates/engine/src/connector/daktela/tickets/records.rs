//! Records that are linked with a ticket: the customer, the company, CRM and campaign records.

use daktela::models::{
    Account, Activity, CampaignRecord, CampaignType, Contact, CrmDatabase, CrmRecord, Ticket, User,
};
use daktela::{CustomFields, Fk, Query, Record, Scheme};
use model::{
    FieldEdit, FieldKind, FieldOption, FormField, LinkedRecord, Problem, RecordId, RecordKind, field,
};
use serde_json::{Map, Value, json};
use wire::Error;

use super::super::Daktela;
use super::super::people;
use super::fields::{Said, chosen, names};
use super::inferred::{self, module};
use super::{custom, detail, fields};

/// How many records of a kind are shown.
const SHOWN: u32 = 10;

/// A record of one of the kinds.
pub(super) enum Linked {
    Customer(Contact),
    Company(Account),
    Crm(CrmRecord),
    Campaign(CampaignRecord),
}

impl Linked {
    fn kind(&self) -> RecordKind {
        match self {
            Self::Customer(_) => RecordKind::Customer,
            Self::Company(_) => RecordKind::Company,
            Self::Crm(_) => RecordKind::Crm,
            Self::Campaign(_) => RecordKind::Campaign,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Customer(contact) => &contact.name,
            Self::Company(account) => &account.name,
            Self::Crm(record) => &record.name,
            Self::Campaign(record) => &record.name,
        }
    }

    fn custom(&self) -> (&Scheme, &CustomFields) {
        match self {
            Self::Customer(contact) => (&contact.scheme, &contact.custom_fields),
            Self::Company(account) => (&account.scheme, &account.custom_fields),
            Self::Crm(record) => (&record.scheme, &record.custom_fields),
            Self::Campaign(record) => (&record.scheme, &record.custom_fields),
        }
    }

    fn title_and_group(&self) -> (String, String) {
        fn label<T>(fk: Option<&Fk<T>>) -> String {
            fk.map(Fk::label).unwrap_or_default().to_owned()
        }
        match self {
            Self::Customer(contact) => {
                (contact.title.clone().unwrap_or_default(), label(contact.database.as_ref()))
            }
            Self::Company(account) => {
                (account.title.clone().unwrap_or_default(), label(account.database.as_ref()))
            }
            Self::Crm(record) => (record.title.clone().unwrap_or_default(), label(record.kind.as_ref())),
            Self::Campaign(record) => (label(record.contact.as_ref()), label(record.record_type.as_ref())),
        }
    }

    /// The module of a role that decides about it.
    fn module(&self) -> &'static str {
        match self {
            Self::Customer(_) => module::CONTACTS,
            Self::Company(_) => module::ACCOUNTS,
            Self::Crm(_) => module::CRM,
            Self::Campaign(_) => module::CAMPAIGNS,
        }
    }
}

/// A kind of record as it stands in [`RecordId`].
fn word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Customer => "customer",
        RecordKind::Company => "company",
        RecordKind::Crm => "crm",
        RecordKind::Campaign => "campaign",
    }
}

impl Daktela {
    /// Everything that is linked with a ticket, and its contact in our words.
    pub(super) async fn records_of(
        &self,
        me: &User,
        ticket: &Ticket,
        activities: &[Activity],
        problems: &mut Vec<Problem>,
    ) -> (Vec<LinkedRecord>, Option<model::Contact>) {
        let crm = Query::new()
            .filter(CrmRecord::FIELDS.ticket.eq(&*ticket.name))
            .sort_descending(&CrmRecord::FIELDS.created)
            .take(SHOWN);
        let (contact, crm, campaigns) = tokio::join!(
            detail::contact_of(self, ticket),
            self.signed(|| self.client.list::<CrmRecord>(&crm)),
            self.campaigns_of(ticket, activities),
        );
        let mut note = |what: &str, error: &Error| {
            // What the user has no right to, or the tenant has not bought, is simply not there.
            if !matches!(error, Error::Forbidden | Error::NotFound) {
                problems.push(self.problem(error).with("what", what));
            }
        };
        let mut linked = Vec::new();
        let mut card = None;
        match contact {
            Some(Ok(contact)) => {
                card = Some(people::contact(&self.account, &self.picture().region(), &contact));
                let company = contact.account.as_ref().and_then(|account| account.name.clone());
                linked.push(Linked::Customer(contact));
                if let Some(company) = company {
                    match self.fresh::<Account>(&company).await {
                        Ok(company) => linked.push(Linked::Company(company)),
                        Err(error) => note("company", &error),
                    }
                }
            }
            Some(Err(error)) => note("contact", &error),
            None => {}
        }
        match crm {
            Ok(list) => linked.extend(list.rows.into_iter().map(Linked::Crm)),
            Err(error) => note("crm", &error),
        }
        match campaigns {
            Ok(rows) => linked.extend(rows.into_iter().map(Linked::Campaign)),
            Err(error) => note("campaigns", &error),
        }
        let mut shown = Vec::new();
        for record in &linked {
            shown.push(self.shown(me, record).await);
        }
        (shown, card)
    }

    /// Campaign records: those the ticket's activities were made for, and those of its contact.
    async fn campaigns_of(
        &self,
        ticket: &Ticket,
        activities: &[Activity],
    ) -> Result<Vec<CampaignRecord>, Error> {
        let f = CampaignRecord::FIELDS;
        let mut named: Vec<&str> =
            activities.iter().filter_map(|activity| activity.record.as_ref()?.name.as_deref()).collect();
        named.sort_unstable();
        named.dedup();
        let contact = ticket.contact.as_ref().and_then(|contact| contact.name.as_deref());
        let by_name = (!named.is_empty()).then(|| f.name.is_in(named));
        let by_contact = contact.map(|contact| f.contact.eq(contact));
        let either: Vec<daktela::Filter> = by_name.into_iter().chain(by_contact).collect();
        if either.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::new().filter(daktela::Filter::any(either)).sort_descending(&f.created).take(SHOWN);
        self.signed(|| self.client.list::<CampaignRecord>(&query)).await.map(|list| list.rows)
    }

    /// A record as the agent sees it.
    pub(super) async fn shown(&self, me: &User, record: &Linked) -> LinkedRecord {
        let statuses = match record {
            Linked::Crm(CrmRecord { kind: Some(Fk { name: Some(name), .. }), .. }) => {
                self.statuses_of::<CrmDatabase>(name).await
            }
            Linked::Campaign(CampaignRecord { record_type: Some(Fk { name: Some(name), .. }), .. }) => {
                self.statuses_of::<CampaignType>(name).await
            }
            _ => Vec::new(),
        };
        let may_write = fields::rights(me, record.module()).write;
        let (title, group) = record.title_and_group();
        LinkedRecord {
            id: RecordId(format!("{}/{}/{}", self.account, word(record.kind()), record.name())),
            kind: record.kind(),
            title: if title.is_empty() { record.name().to_owned() } else { title },
            group,
            fields: record.fields(&statuses, may_write, &self.client.moments()),
        }
    }

    /// The record of this id, as it stands on the platform.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is gone, or no id of ours.
    pub(super) async fn linked(&self, id: &RecordId) -> Result<Linked, Error> {
        let mut parts = id.as_str().splitn(3, '/').skip(1);
        let (Some(kind), Some(name)) = (parts.next(), parts.next()) else { return Err(Error::NotFound) };
        Ok(match kind {
            "customer" => Linked::Customer(self.fresh(name).await?),
            "company" => Linked::Company(self.fresh(name).await?),
            "crm" => Linked::Crm(self.fresh(name).await?),
            "campaign" => Linked::Campaign(self.fresh(name).await?),
            _ => return Err(Error::NotFound),
        })
    }

    /// Writes edits of a record.
    pub(super) async fn write_record(
        &self,
        record: &Linked,
        edits: &[&FieldEdit],
    ) -> Result<(), super::writing::Refused> {
        let (scheme, _) = record.custom();
        let mut body = fields::body(edits, scheme, &self.client.moments())?;
        if let (Linked::Crm(_), Some(Value::Array(statuses))) = (record, body.remove("statuses")) {
            // A CRM record has one status, under another name.
            body.insert("status".to_owned(), statuses.into_iter().next().unwrap_or_else(|| json!("")));
        }
        match record {
            Linked::Customer(record) => self.put::<Contact>(&record.name, &body).await,
            Linked::Company(record) => self.put::<Account>(&record.name, &body).await,
            Linked::Crm(record) => self.put::<CrmRecord>(&record.name, &body).await,
            Linked::Campaign(record) => self.put::<CampaignRecord>(&record.name, &body).await,
        }
        .map_err(Into::into)
    }

    pub(super) async fn put<T: Record>(&self, name: &str, body: &Map<String, Value>) -> Result<(), Error> {
        self.signed(|| self.client.update::<T>(name, body.clone())).await.map(|_| ())
    }
}

impl Linked {
    /// The fields that agents work with. Names and owners of people are kept elsewhere.
    pub(super) fn fields(
        &self,
        statuses: &[FieldOption],
        may_write: bool,
        moments: &daktela::Moments,
    ) -> Vec<FormField> {
        let (scheme, values) = self.custom();
        let plain = |key: &str, kind, values: Vec<String>| FormField {
            key: key.to_owned(),
            title: String::new(),
            kind,
            values: values.into_iter().filter(|value| !value.is_empty()).collect(),
            options: Vec::new(),
            required: false,
            editable: may_write,
        };
        let text = |text: &Option<String>| text.iter().cloned().collect();
        let mut fields = match self {
            Self::Customer(contact) => {
                vec![plain(field::DESCRIPTION, FieldKind::LongText, text(&contact.description))]
            }
            Self::Company(account) => {
                vec![plain(field::DESCRIPTION, FieldKind::LongText, text(&account.description))]
            }
            Self::Crm(record) => {
                let stage = record.stage.as_ref().map(|stage| inferred::stage(stage).word().to_owned());
                let word = |value: &str| FieldOption { value: value.to_owned(), title: String::new() };
                vec![
                    plain(field::TITLE, FieldKind::Text, text(&record.title)),
                    plain(field::STAGE, FieldKind::Choice, stage.into_iter().collect())
                        .of(inferred::STAGES.map(|stage| word(stage.word()))),
                    plain(field::STATUSES, FieldKind::Choice, names([record.status.as_ref()]))
                        .of(statuses.to_vec())
                        .with(record.status.as_ref().and_then(chosen)),
                    plain(field::DESCRIPTION, FieldKind::LongText, text(&record.description)),
                ]
            }
            Self::Campaign(record) => {
                vec![
                    plain(field::STATUSES, FieldKind::Choices, names(record.statuses.iter().map(Some)))
                        .of(statuses.to_vec())
                        .with(record.statuses.iter().filter_map(chosen)),
                ]
            }
        };
        fields.extend(custom::fields(scheme, values, moments, may_write));
        fields
    }
}
