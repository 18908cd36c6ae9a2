//! Group "Personal Contacts": address books of a user, a user group and the organization. Those of the organization
//! are for its administrators.

use crate::Error;
use crate::client::{Call, Client};
use crate::contacts::ContactStatus;
use crate::loose::{Loose, object, words};

words! {
    /// Whose a contact is.
    pub enum OwnerType {
        /// A user's.
        User = "USER",
        /// A user group's.
        Group = "GROUP",
        /// The organization's.
        Organization = "ORG",
    }
}

object! {
    /// A number of a personal contact.
    pub struct PersonalNumber {
        /// What kind: one of [`Client::phone_labels`].
        kind: Option<String> = "type",
        /// The number.
        phone_number: Option<String> = "phoneNumber",
        /// Whether it is the one to call.
        preferred_number: Option<bool> = "preferredNumber",
        /// A short number for it.
        abbreviated_number: Option<String> = "abbreviatednumber",
    }
}

object! {
    /// An entry of an address book.
    pub struct PersonalContact {
        /// Its identifier; required when it is changed.
        cid: Option<String> = "cid",
        /// Company.
        company: Option<String> = "company",
        /// Department.
        department: Option<String> = "department",
        /// First name; with spaces in it, it is not found together with the last name.
        first_name: Option<String> = "firstname",
        /// Last name.
        last_name: Option<String> = "lastname",
        /// Short name.
        short_name: Option<String> = "shortname",
        /// E-mail.
        email: Option<String> = "email",
        /// Street and number.
        street: Option<String> = "street",
        /// City.
        city: Option<String> = "city",
        /// Postal code.
        postal_code: Option<String> = "postalcode",
        /// Country.
        country: Option<String> = "country",
        /// Speed dial, 1 to 10.
        speed_dial: Option<i64> = "speeddial",
        /// Whether it is in the list that everybody sees first.
        show_in_default_contact_list: Option<bool> = "showInDefaultContactList",
        /// What it is to the user.
        contact_status: Option<ContactStatus> = "contactStatus",
        /// Whose it is.
        owner_type: Option<OwnerType> = "ownerType",
        /// Its numbers.
        phone_numbers: Vec<PersonalNumber> = "phoneNumbers",
    }
}

object! {
    /// A kind of number, in the user's language.
    pub struct PhoneLabel {
        /// The kind.
        value: Option<String> = "labelValue",
        /// What it is called.
        name: Option<String> = "labelName",
    }
}

/// One of the address books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressBook {
    /// The user's own.
    Own,
    /// A user group's, by its name.
    Group(String),
    /// The organization's.
    Organization,
}

/// What is done to an address book; the three books have an operation each.
struct Operations {
    list: &'static str,
    create: &'static str,
    get: &'static str,
    update: &'static str,
    delete: &'static str,
}

impl AddressBook {
    fn operations(&self) -> Operations {
        match self {
            Self::Own => Operations {
                list: "pcontacts.user.list",
                create: "pcontacts.user.create",
                get: "pcontacts.user.get",
                update: "pcontacts.user.update",
                delete: "pcontacts.user.delete",
            },
            Self::Group(_) => Operations {
                list: "pcontacts.group.list",
                create: "pcontacts.group.create",
                get: "pcontacts.group.get",
                update: "pcontacts.group.update",
                delete: "pcontacts.group.delete",
            },
            Self::Organization => Operations {
                list: "pcontacts.org.list",
                create: "pcontacts.org.create",
                get: "pcontacts.org.get",
                update: "pcontacts.org.update",
                delete: "pcontacts.org.delete",
            },
        }
    }

    fn call(&self, operation: &'static str) -> Call {
        match self {
            Self::Group(group) => Call::of(operation).at("groupId", group),
            Self::Own | Self::Organization => Call::of(operation),
        }
    }
}

impl Client {
    /// All entries of an address book.
    ///
    /// # Errors
    /// As every request.
    pub async fn personal_contacts(&self, book: &AddressBook) -> Result<Vec<PersonalContact>, Error> {
        self.list(book.call(book.operations().list), "personal_contact").await
    }

    /// Makes a new entry; the answer has its identifier.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn create_personal_contact(
        &self,
        book: &AddressBook,
        contact: &PersonalContact,
    ) -> Result<PersonalContact, Error> {
        self.one(book.call(book.operations().create).json(&contact.write())).await
    }

    /// One entry.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn personal_contact(&self, book: &AddressBook, cid: &str) -> Result<PersonalContact, Error> {
        self.one(book.call(book.operations().get).at("cid", cid)).await
    }

    /// Changes an entry.
    ///
    /// # Errors
    /// [`Error::Refused`] with the platform's words per field.
    pub async fn update_personal_contact(
        &self,
        book: &AddressBook,
        cid: &str,
        contact: &PersonalContact,
    ) -> Result<(), Error> {
        self.done(book.call(book.operations().update).at("cid", cid).json(&contact.write())).await
    }

    /// Deletes an entry.
    ///
    /// # Errors
    /// As every request.
    pub async fn delete_personal_contact(&self, book: &AddressBook, cid: &str) -> Result<(), Error> {
        self.done(book.call(book.operations().delete).at("cid", cid)).await
    }

    /// The kinds of numbers, in a language (`sv`, `en_US`).
    ///
    /// # Errors
    /// As every request.
    pub async fn phone_labels(&self, locale: &str) -> Result<Vec<PhoneLabel>, Error> {
        self.list(Call::of("pcontacts.phonelabels").at("locale", locale), "phoneLabels").await
    }
}
