//! Groups "Contacts" and "Buddy List": finding people, and the user's own list of them. Needs the right "Contact
//! search". What a single contact can tell is in [`crate::contact_info`].

use serde_json::{Map, Value, json};

use crate::Error;
use crate::answer::Written;
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};
use crate::presence::{Access, Presence};

words! {
    /// What a contact is to the user.
    pub enum ContactStatus {
        /// In the list of favourites.
        Favorite = "FAVORITE",
        /// One of many.
        Contact = "CONTACT",
        /// Important.
        Vip = "VIP",
        /// Unwanted.
        Blocked = "BLOCKED",
    }
}

object! {
    /// A number of a contact.
    pub struct ContactNumber {
        /// The number.
        number: Option<String> = "number",
        /// What kind: `mobile` …
        kind: Option<String> = "type",
    }
}

object! {
    /// Somebody in the directory, a function number, or an entry that somebody made.
    pub struct Contact {
        /// The identifier with domain, `user@domain`.
        id: Option<String> = "id" | "cid",
        /// First name.
        first_name: Option<String> = "firstname" | "firstName",
        /// Last name.
        last_name: Option<String> = "lastname" | "lastName",
        /// Company.
        company: Option<String> = "company",
        /// What the contact is doing.
        presence: Option<Presence> = "presence",
        /// Whether in a call.
        in_call: Option<bool> = "incall",
        /// Whether in the user's list.
        in_list: Option<bool> = "inlist",
        /// What may be done with the contact's diversions.
        diversion_access: Option<Access> = "diversionAccess",
        /// What kind of contact: `DIRECTORY`, `SHORTCUT` …
        kind: Option<String> = "type",
        /// Version of the picture; changes with it.
        image: Option<i64> = "image",
        /// Version of the vCard; changes with it.
        vcard: Option<i64> = "vcard",
        /// What the contact is to the user.
        contact_status: Option<ContactStatus> = "contactStatus",
        /// The number to call.
        preferred_number: Option<String> = "preferredNumber",
        /// All numbers.
        phone_numbers: Vec<ContactNumber> = "phonenumbers" | "phoneNumbers",
        /// Fax.
        fax_number: Option<String> = "faxNumber",
        /// Whether documents can be shared.
        collaboration: Option<bool> = "collaboration",
        /// E-mail.
        email: Option<String> = "email",
        /// The entry in other lists: base64 of `contactId@domain@directory`.
        contact_entry_id: Option<String> = "contactEntryId",
        /// Fields of the directory, where asked for.
        fields: Option<Map<String, Value>> = "fields",
    }
}

/// How to search for contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactQuery {
    /// The beginning of any word of a contact; without it the user's favourites are found.
    pub query: Option<String>,
    /// At most so many; 25 if not given.
    pub max_results: Option<u32>,
    /// Leave out the numbers of groups.
    pub no_function_numbers: bool,
    /// With those the user has blocked.
    pub include_blocked: bool,
    /// With the fields of the directory.
    pub include_fields: bool,
}

impl Client {
    /// Finds contacts.
    ///
    /// # Errors
    /// As every request.
    pub async fn search_contacts(&self, query: &ContactQuery) -> Result<Vec<Contact>, Error> {
        let call = Call::of("contacts.search")
            .maybe("query", query.query.as_ref())
            .maybe("maxResults", query.max_results)
            .maybe("dontIncludeFnrs", query.no_function_numbers.then_some(true))
            .maybe("includeBlocked", query.include_blocked.then_some(true))
            .maybe("includeFields", query.include_fields.then_some(true));
        self.list(call, "contact").await
    }

    /// Adds a contact to the user's list; the answer is the contact.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn add_contact(&self, cid: &str) -> Result<Vec<Contact>, Error> {
        self.list(Call::of("contacts.add").at("cid", cid), "contact").await
    }

    /// Adds several contacts to the user's list.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn add_contacts(
        &self,
        query: Option<&str>,
        contacts: &Vec<Contact>,
    ) -> Result<Vec<Contact>, Error> {
        let mut body = json!({ "contact": contacts.write() });
        if let Some(query) = query {
            body["query"] = query.into();
        }
        self.list(Call::of("contacts.addmany").json(&body), "contact").await
    }

    /// Removes a contact from the user's list.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn remove_contact(&self, cid: &str) -> Result<Written, Error> {
        self.one(Call::of("contacts.remove").at("cid", cid)).await
    }

    /// Says what a contact is to the user.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_contact_status(
        &self,
        cid: &str,
        status: &ContactStatus,
    ) -> Result<Option<ContactStatus>, Error> {
        let call = Call::of("contacts.status").at("cid", cid).at("contactStatus", status);
        self.one::<StatusNow>(call).await.map(|now| now.contact_status)
    }

    /// Whether a contact is one of the user's favourites.
    ///
    /// # Errors
    /// As every request; "not found" is the answer no.
    pub async fn is_favorite(&self, cid: &str) -> Result<bool, Error> {
        match self.open(&Call::of("buddy.verify").at("cid", cid)).await {
            Ok(content) => Ok(bool::read(&content.value).unwrap_or(true)),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Adds a contact to the user's favourites.
    ///
    /// # Errors
    /// As every request.
    pub async fn add_favorite(&self, cid: &str) -> Result<(), Error> {
        self.done(Call::of("buddy.add").at("cid", cid)).await
    }

    /// Removes a contact from the user's favourites.
    ///
    /// # Errors
    /// As every request.
    pub async fn remove_favorite(&self, cid: &str) -> Result<(), Error> {
        self.done(Call::of("buddy.delete").at("cid", cid)).await
    }

    /// Fills the user's favourites from the templates of the organization and its groups.
    ///
    /// # Errors
    /// As every request.
    pub async fn apply_favorite_templates(&self) -> Result<(), Error> {
        self.done(Call::of("buddy.templates").with("applyContactTemplates", true)).await
    }
}

object! {
    /// What a contact is to the user now.
    pub struct StatusNow {
        /// What.
        contact_status: Option<ContactStatus> = "contactStatus",
    }
}
