//! Groups of customers.

use wire::Error;

use crate::call::{Call, params};
use crate::client::Client;
use crate::loose::record;
use crate::paging::List;

record! {
    /// A group.
    pub struct CustomersGroup {
        /// Which one.
        id: String = "id",
        /// What it is called.
        name: Option<String> = "name",
        /// The colour of its text, six hexadecimal digits. Only in the detail.
        color: Option<String> = "color",
        /// The colour behind it. Only in the detail.
        background: Option<String> = "bg_color",
    }
}

params! {
    /// A group to add.
    #[derive(Default)]
    pub struct NewCustomersGroup {
        /// What it is called.
        name: String = "name",
        /// The colour of its text, six hexadecimal digits.
        color: Option<String> = "color",
        /// The colour behind it.
        background: Option<String> = "bg_color",
    }
}

params! {
    /// What to change of a group.
    #[derive(Default)]
    pub struct CustomersGroupChange {
        /// What it is called.
        name: Option<String> = "name",
        /// The colour of its text, six hexadecimal digits.
        color: Option<String> = "color",
        /// The colour behind it.
        background: Option<String> = "bg_color",
    }
}

impl Client {
    /// All groups.
    ///
    /// # Errors
    /// As every request.
    pub async fn customers_groups(&self) -> Result<List<CustomersGroup>, Error> {
        self.rows(Call::get(["customersgroups"]), "groups").await
    }

    /// One group, with its colours.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn customers_group(&self, group: &str) -> Result<CustomersGroup, Error> {
        self.one(Call::get(["customersgroups", group])).await
    }

    /// Adds a group and returns it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customers_group_add(&self, new: &NewCustomersGroup) -> Result<CustomersGroup, Error> {
        self.one(Call::post(["customersgroups"]).fields(new.pairs())).await
    }

    /// Changes a group.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customers_group_change(
        &self,
        group: &str,
        change: &CustomersGroupChange,
    ) -> Result<(), Error> {
        self.done(Call::put(["customersgroups", group]).fields(change.pairs())).await
    }

    /// Deletes a group.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customers_group_delete(&self, group: &str) -> Result<(), Error> {
        self.done(Call::delete(["customersgroups", group])).await
    }
}
