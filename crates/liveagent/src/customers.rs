//! Customers: the people who write and call.
//!
//! A customer is named by an e-mail address or by the contact id.

use wire::{Error, Secret};

use crate::call::{Call, params};
use crate::client::Client;
use crate::conversations::{CustomField, field_code, json};
use crate::inferred;
use crate::loose::{letters, record};
use crate::paging::{List, listing};
use crate::time::AccountTime;

letters! {
    /// How well a customer is known.
    pub enum CustomerRole {
        /// A visitor.
        Visitor = "V",
        /// A visitor who registered.
        Registered = "R",
    }
}

letters! {
    /// A person's gender.
    pub enum Gender {
        /// Male.
        Male = "M",
        /// Female.
        Female = "F",
        /// Other.
        OtherGender = "O",
    }
}

record! {
    /// Something that names a customer or company and nobody else: an e-mail address, a phone number.
    pub struct UniqueField {
        /// What it is (`email`, `phone`).
        code: String = "code",
        /// The value.
        value: Option<String> = "value",
    }
}

record! {
    /// A customer.
    pub struct Customer {
        /// Which one.
        id: String = "contactid",
        /// E-mail address.
        email: Option<String> = "email",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// A name that the system made up.
        system_name: Option<String> = "systemname",
        /// By this the customer's browser is known; whoever has it is the customer.
        auth_token: Option<Secret> = "authtoken",
        /// How well the customer is known.
        role: Option<CustomerRole> = "role",
        /// Gender.
        gender: Option<Gender> = "gender",
        /// The company (id).
        company: Option<String> = "companyid",
        /// The user (id), if the customer may sign in.
        user: Option<String> = "userid",
        /// Since when the customer is known.
        created: Option<AccountTime> = "datecreated",
        /// A note about the customer.
        note: Option<String> = "note",
        /// The last address in the net.
        ip: Option<String> = "ip",
        /// The name of the browser cookie.
        browser_cookie: Option<String> = "browsercookiename",
        /// Values of custom fields.
        custom_fields: Vec<CustomField> = "customfields",
        /// E-mail addresses and phone numbers.
        unique_fields: Vec<UniqueField> = "uniquefields",
    }
}

record! {
    /// A group that a customer or a company belongs to.
    pub struct Membership {
        /// The group (id).
        group: String = "groupid",
        /// Its name.
        name: Option<String> = "groupname",
    }
}

listing! {
    /// All customers. The document does not have this list; other clients use it.
    #[derive(Default)]
    pub struct Customers -> Customer ["customers", "customers", CONVERSATIONS] {
        /// With this e-mail address.
        email: Option<String> = "email",
    }
}

params! {
    /// A customer to make (see [`Client::customer_create`]).
    #[derive(Default)]
    pub struct NewCustomer {
        /// E-mail address.
        email: Option<String> = "email",
        /// First name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// Phone number.
        phone: Option<String> = "phone",
        /// A note about the customer.
        note: Option<String> = "note",
    }
}

impl Client {
    /// One customer.
    ///
    /// # Errors
    /// [`Error::NotFound`] if nobody has that id or address.
    pub async fn customer(&self, customer: &str) -> Result<Customer, Error> {
        self.one(Call::get(["customers", customer])).await
    }

    /// Makes a customer, and returns the contact id where the platform tells it. The document does not have this operation;
    /// other clients use it.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customer_create(&self, new: &NewCustomer) -> Result<Option<String>, Error> {
        let content = self.open(Call::post(["customers"]).fields(new.pairs())).await?;
        Ok(inferred::created(content.value(), "contactid"))
    }

    /// Adds values of custom fields. A field that has a value gets a second one: to change it, delete it first.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customer_fields_add(&self, customer: &str, fields: &[CustomField]) -> Result<(), Error> {
        self.done(Call::post(["customers", customer, "fields"]).field("customfields", json(fields))).await
    }

    /// Deletes all values of one custom field.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without a code; [`Error::Refused`] in the platform's words.
    pub async fn customer_field_delete(&self, customer: &str, code: &str) -> Result<(), Error> {
        self.done(Call::delete(["customers", customer, "fields"]).field("code", field_code(code)?)).await
    }

    /// Deletes all values of all custom fields.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customer_fields_delete_all(&self, customer: &str) -> Result<(), Error> {
        self.done(Call::delete(["customers", customer, "fields"])).await
    }

    /// The groups a customer belongs to.
    ///
    /// # Errors
    /// As every request.
    pub async fn customer_groups(&self, customer: &str) -> Result<List<Membership>, Error> {
        self.rows(Call::get(["customers", customer, "groups"]), "groups").await
    }

    /// Puts a customer into a group, by the group's name.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customer_group_add(&self, customer: &str, group: &str) -> Result<(), Error> {
        self.done(Call::post(["customers", customer, "groups"]).field("name", group)).await
    }

    /// Takes a customer out of a group, by the group's name.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn customer_group_remove(&self, customer: &str, group: &str) -> Result<(), Error> {
        self.done(Call::delete(["customers", customer, "groups"]).field("name", group)).await
    }
}
