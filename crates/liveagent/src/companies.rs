//! Companies that customers belong to.

use wire::Error;

use crate::call::Call;
use crate::client::Client;
use crate::conversations::CustomField;
use crate::customers::{Membership, UniqueField};
use crate::loose::record;
use crate::paging::List;
use crate::time::AccountTime;

record! {
    /// A company.
    pub struct Company {
        /// Which one.
        id: String = "id",
        /// What it is called.
        name: Option<String> = "name",
        /// Its e-mail addresses.
        emails: Vec<String> = "emails",
        /// Since when it is known.
        created: Option<AccountTime> = "datecreated",
        /// Its last address in the net.
        ip: Option<String> = "ip",
        /// Its language. Only in the detail, as all that follows.
        language: Option<String> = "language",
        /// Its phone numbers.
        phones: Vec<String> = "phones",
        /// The groups it belongs to.
        groups: Vec<Membership> = "groups",
        /// Values of custom fields.
        custom_fields: Vec<CustomField> = "custom_fields",
        /// E-mail addresses and phone numbers that are its alone.
        unique_fields: Vec<UniqueField> = "unique_fields",
    }
}

impl Client {
    /// All companies.
    ///
    /// # Errors
    /// As every request.
    pub async fn companies(&self) -> Result<List<Company>, Error> {
        self.rows(Call::get(["companies"]), "companies").await
    }

    /// One company.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn company(&self, company: &str) -> Result<Company, Error> {
        self.one(Call::get(["companies", company])).await
    }
}
