//! Contacts and what is around them.
//!
//! The directory can be searched and not listed, so the local index holds what the agent has chosen: the favourites and
//! the personal contacts. Everybody else is found while typing, or by number.

use std::collections::BTreeMap;

use dstny::commlog::LogQuery;
use dstny::contacts::{Contact as WireContact, ContactQuery, ContactStatus};
use dstny::personal_contacts::{AddressBook, PersonalContact, PersonalNumber};
use dstny::wire::Error;
use model::{Contact, ContactDetail, ContactFields, ContactId, ContactMark, ContactNumber, Phone, Problem};

use super::super::Found;
use super::Dstny;
use super::offers::{Part, is_a_clear_no};
use crate::numbers;

/// How many contacts a search brings.
const HITS: u32 = 50;
/// How many favourites there may be.
const FAVOURITES: u32 = 500;
/// How many past calls around a contact are shown.
const AROUND: u32 = 25;
/// The end of a number that is the same in every dress.
const TAIL: usize = 9;

impl Dstny {
    pub(super) async fn page_of_contacts(&self, skip: u32) -> Result<Found, Problem> {
        if skip > 0 {
            return Ok(Found::default());
        }
        let favourites = ContactQuery { max_results: Some(FAVOURITES), ..ContactQuery::default() };
        let (favourites, own) = tokio::join!(
            self.client.search_contacts(&favourites),
            self.client.personal_contacts(&AddressBook::Own)
        );
        self.note(Part::Contacts, &favourites);
        self.note(Part::PersonalContacts, &own);
        let own = match own {
            Err(error) if is_a_clear_no(&error) => Ok(Vec::new()),
            own => own,
        };
        let (favourites, own) =
            favourites.and_then(|favourites| Ok((favourites, own?))).map_err(|error| self.problem(&error))?;
        let mut found = self.found(&favourites);
        let region = self.picture().region();
        // A personal contact among the favourites is one contact, and the personal entry says more.
        let mut contacts: BTreeMap<ContactId, Contact> =
            found.contacts.into_iter().map(|contact| (contact.id.clone(), contact)).collect();
        for contact in &own {
            match personal(&self.account, &region, contact) {
                Some(contact) => drop(contacts.insert(contact.id.clone(), contact)),
                None => found.unreadable += 1,
            }
        }
        Ok(Found { contacts: contacts.into_values().collect(), ..found })
    }

    pub(super) async fn search_contacts(&self, text: String) -> Result<Found, Problem> {
        let query = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let query =
            ContactQuery { query, max_results: Some(HITS), include_blocked: true, ..ContactQuery::default() };
        let found = self.client.search_contacts(&query).await;
        self.note(Part::Contacts, &found);
        found.map(|found| self.found(&found)).map_err(|error| self.problem(&error))
    }

    pub(super) async fn contacts_behind(&self, phone: Phone) -> Result<Found, Problem> {
        let number = phone.e164.as_ref().unwrap_or(&phone.raw).clone();
        let tail = tail_of(&number);
        if tail.is_empty() {
            return Ok(Found::default());
        }
        let mut found = self.search_contacts(number).await?;
        let is_behind = |contact: &Contact| {
            contact
                .numbers
                .iter()
                .any(|number| tail_of(number.phone.e164.as_ref().unwrap_or(&number.phone.raw)) == tail)
        };
        // The search looks at words: what merely begins alike is somebody else.
        found.contacts.retain(is_behind);
        Ok(found)
    }

    pub(super) async fn contact_detail(&self, name: String) -> Result<ContactDetail, Problem> {
        let around = LogQuery { limit: Some(AROUND), contact_id: Some(name.clone()), ..LogQuery::default() };
        let (contact, past) = tokio::join!(self.one_contact(&name), self.past_with(around));
        let contact = contact.map_err(|error| self.problem(&error))?;
        let past = match past {
            // The log may know the number only.
            Ok((past, unreadable)) if past.is_empty() => {
                let number = contact.numbers.first().map(|number| &number.phone);
                match number.map(|phone| phone.e164.clone().unwrap_or_else(|| phone.raw.clone())) {
                    Some(number) => {
                        let by_number =
                            LogQuery { limit: Some(AROUND), number: Some(number), ..LogQuery::default() };
                        self.past_with(by_number).await
                    }
                    None => Ok((past, unreadable)),
                }
            }
            past => past,
        };
        let mut detail = ContactDetail {
            contact,
            tickets: Vec::new(),
            activities: Vec::new(),
            problems: Vec::new(),
            unreadable: 0,
        };
        match past {
            Ok((activities, unreadable)) => (detail.activities, detail.unreadable) = (activities, unreadable),
            Err(error) => detail.problems.push(self.problem(&error).with("what", "activities")),
        }
        Ok(detail)
    }

    /// A contact of the directory or, where it has none of this name, the agent's own.
    async fn one_contact(&self, name: &str) -> Result<Contact, Error> {
        let region = self.picture().region();
        let own = async {
            let own = self.client.personal_contact(&AddressBook::Own, name).await?;
            let own = PersonalContact { cid: own.cid.or_else(|| Some(name.to_owned())), ..own };
            personal(&self.account, &region, &own).ok_or(Error::NotFound)
        };
        match own.await {
            Ok(own) => Ok(own),
            Err(_) => {
                let contact = self.client.contact(name).await?;
                let contact = WireContact { id: contact.id.or_else(|| Some(name.to_owned())), ..contact };
                self::contact(&self.account, &region, &contact).ok_or(Error::NotFound)
            }
        }
    }

    fn found(&self, found: &[WireContact]) -> Found {
        let region = self.picture().region();
        let contacts: Vec<Contact> =
            found.iter().filter_map(|one| contact(&self.account, &region, one)).collect();
        let unreadable = u32::try_from(found.len() - contacts.len()).unwrap_or(u32::MAX);
        Found { contacts, unreadable, next: None }
    }

    pub(super) async fn mark(&self, contact: String, mark: Option<ContactMark>) -> Result<Contact, Problem> {
        let status = match mark {
            Some(ContactMark::Favourite) => ContactStatus::Favorite,
            Some(ContactMark::Vip) => ContactStatus::Vip,
            Some(ContactMark::Blocked) => ContactStatus::Blocked,
            None => ContactStatus::Contact,
        };
        let marked = async {
            let marked = self.client.set_contact_status(&contact, &status).await?;
            self.learn();
            let read = self.one_contact(&contact).await?;
            // What the platform has just answered is newer than what it may still show.
            Ok(Contact { mark: marked.as_ref().map_or(read.mark, mark_of), ..read })
        };
        marked.await.map_err(|error: Error| self.problem(&error))
    }

    pub(super) async fn keep_contact(
        &self,
        name: Option<String>,
        fields: ContactFields,
    ) -> Result<Contact, Problem> {
        let kept = async {
            let client = &self.client;
            let cid = match name {
                Some(cid) => {
                    let before = client.personal_contact(&AddressBook::Own, &cid).await?;
                    client
                        .update_personal_contact(&AddressBook::Own, &cid, &with_fields(before, fields))
                        .await?;
                    cid
                }
                None => {
                    let new = with_fields(PersonalContact::default(), fields);
                    let made = client.create_personal_contact(&AddressBook::Own, &new).await?;
                    made.cid.ok_or(Error::NotFound)?
                }
            };
            self.learn();
            self.one_contact(&cid).await
        };
        kept.await.map_err(|error: Error| self.problem(&error))
    }
}

/// The end of a number, by which its dresses are compared.
fn tail_of(number: &str) -> String {
    let digits = numbers::digits(number);
    digits.get(digits.len().saturating_sub(TAIL)..).unwrap_or_default().to_owned()
}

fn mark_of(status: &ContactStatus) -> Option<ContactMark> {
    match status {
        ContactStatus::Favorite => Some(ContactMark::Favourite),
        ContactStatus::Vip => Some(ContactMark::Vip),
        ContactStatus::Blocked => Some(ContactMark::Blocked),
        ContactStatus::Contact | ContactStatus::Other(_) => None,
    }
}

/// What a contact is called.
pub(super) fn title_of(contact: &WireContact) -> Option<String> {
    joined(&[&contact.first_name, &contact.last_name]).or_else(|| given(&contact.company))
}

fn given(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn joined(parts: &[&Option<String>]) -> Option<String> {
    let parts: Vec<String> = parts.iter().filter_map(|part| given(part)).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A contact in our words; `None` without a name.
pub(super) fn contact(account: &model::AccountId, region: &str, contact: &WireContact) -> Option<Contact> {
    let id = given(&contact.id)?;
    let mut numbers: Vec<ContactNumber> = Vec::new();
    let preferred = given(&contact.preferred_number);
    let all = contact.phone_numbers.iter().map(|one| (given(&one.number), given(&one.kind)));
    // The number to call comes first, with the kind that it has among the others.
    let kind = |number: &String| {
        let same = contact.phone_numbers.iter().find(|one| given(&one.number).as_ref() == Some(number));
        same.and_then(|one| given(&one.kind))
    };
    let first = preferred.map(|number| (Some(number.clone()), kind(&number)));
    for (number, kind) in first.into_iter().chain(all) {
        let Some(phone) = number.map(|number| numbers::phone(&number, region)) else { continue };
        if !numbers.iter().any(|known| known.phone == phone) {
            numbers.push(ContactNumber { label: kind.unwrap_or_default(), phone });
        }
    }
    let note = contact.presence.as_ref().and_then(|presence| given(&presence.note));
    Some(Contact {
        title: title_of(contact)
            .or_else(|| numbers.first().map(|number| number.phone.display.clone()))
            .unwrap_or_else(|| id.clone()),
        id: ContactId::new(account, &id),
        account: account.clone(),
        company: given(&contact.company),
        numbers,
        emails: given(&contact.email).into_iter().collect(),
        description: note,
        favourite: false,
        mark: contact.contact_status.as_ref().and_then(mark_of),
        editable: false,
    })
}

/// A personal contact in our words; `None` without a name.
fn personal(account: &model::AccountId, region: &str, contact: &PersonalContact) -> Option<Contact> {
    let id = given(&contact.cid)?;
    let mut sorted: Vec<&PersonalNumber> = contact.phone_numbers.iter().collect();
    sorted.sort_by_key(|number| number.preferred_number != Some(true));
    let number = |number: &PersonalNumber| {
        let phone = numbers::phone(&given(&number.phone_number)?, region);
        Some(ContactNumber { label: given(&number.kind).unwrap_or_default(), phone })
    };
    let numbers: Vec<ContactNumber> = sorted.into_iter().filter_map(number).collect();
    let company = given(&contact.company);
    let title = joined(&[&contact.first_name, &contact.last_name]).or_else(|| given(&contact.short_name));
    Some(Contact {
        title: title
            .or_else(|| company.clone())
            .or_else(|| numbers.first().map(|number| number.phone.display.clone()))
            .unwrap_or_else(|| id.clone()),
        id: ContactId::new(account, &id),
        account: account.clone(),
        company,
        numbers,
        emails: given(&contact.email).into_iter().collect(),
        description: given(&contact.department),
        favourite: false,
        mark: contact.contact_status.as_ref().and_then(mark_of),
        editable: true,
    })
}

/// A personal contact with what the agent has changed; the rest stays as it came.
fn with_fields(before: PersonalContact, fields: ContactFields) -> PersonalContact {
    let numbers = fields.numbers.into_iter().enumerate().map(|(place, number)| {
        let known =
            before.phone_numbers.iter().find(|known| known.phone_number.as_ref() == Some(&number.number));
        PersonalNumber {
            kind: Some(number.label).filter(|label| !label.trim().is_empty()),
            phone_number: Some(number.number.clone()),
            preferred_number: Some(place == 0),
            ..known.cloned().unwrap_or_default()
        }
    });
    PersonalContact {
        phone_numbers: numbers.collect(),
        first_name: Some(fields.first_name),
        last_name: Some(fields.last_name),
        company: Some(fields.company),
        email: Some(fields.email),
        ..before
    }
}
