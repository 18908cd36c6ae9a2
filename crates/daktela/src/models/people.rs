//! Customers and their companies (seed: "Contacts", "Accounts", "CrmRecords").

use jiff::Timestamp;

use crate::loose::{CustomFields, Fk, record};
use crate::models::{Named, Stage, Status, Ticket, User};

record! {
    /// A person in the address book. Phone numbers and e-mail addresses are custom fields.
    pub struct Contact("contacts") ContactFields {
        /// Identifier.
        name: String,
        /// Formatted full name.
        title: Option<String>,
        /// Firstname.
        firstname: Option<String>,
        /// Lastname.
        lastname: Option<String>,
        /// Database.
        database: Option<Fk<Named>>,
        /// Account.
        account: Option<Fk<Account>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// Description.
        description: Option<String>,
        /// Calculated NPS.
        nps_score: Option<f64>,
        /// Created.
        created: Option<Timestamp>,
        /// Edited.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
    }
}

record! {
    /// A company in the address book.
    pub struct Account("accounts") AccountFields {
        /// Identifier.
        name: String,
        /// Display name (required).
        title: Option<String>,
        /// Database.
        database: Option<Fk<Named>>,
        /// Sla.
        sla: Option<Fk<Named>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// Description.
        description: Option<String>,
        /// Created.
        created: Option<Timestamp>,
        /// Edited.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
    }
}

record! {
    /// A record of the CRM: an order, a contract, a meeting.
    pub struct CrmRecord("crmRecords") CrmRecordFields {
        /// Identifier.
        name: String,
        /// Kind.
        kind as "type": Option<Fk<Named>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// Contact.
        contact: Option<Fk<Contact>>,
        /// Account.
        account: Option<Fk<Account>>,
        /// Ticket.
        ticket: Option<Fk<Ticket>>,
        /// Title.
        title: Option<String>,
        /// Description.
        description: Option<String>,
        /// Status.
        status: Option<Fk<Status>>,
        /// Stage.
        stage: Option<Stage>,
        /// Created.
        created: Option<Timestamp>,
        /// Edited.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
    }
}
