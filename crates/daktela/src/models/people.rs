//! Customers and their companies (seed: "Contacts", "Accounts", "CrmRecords").

use jiff::Timestamp;

use crate::loose::{CustomFields, Fk};
use crate::models::{Named, Stage, Status, Ticket, User};
use crate::record::record;
use crate::scheme::Scheme;

record! {
    /// A person in the address book. Phone numbers and e-mail addresses are custom fields.
    pub struct Contact("contacts") ContactFields {
        /// Identifier.
        name: String,
        /// Formatted full name.
        title: Option<String>,
        /// First name.
        firstname: Option<String>,
        /// Last name; required.
        lastname: Option<String>,
        /// The database it is kept in.
        database: Option<Fk<Named>>,
        /// The company.
        account: Option<Fk<Account>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// Explanation for people.
        description: Option<String>,
        /// Calculated NPS.
        nps_score: Option<f64>,
        /// When it was created.
        created: Option<Timestamp>,
        /// When it was last changed.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
        /// What those fields are.
        scheme as "_sys": Scheme,
    }
}

record! {
    /// A company in the address book.
    pub struct Account("accounts") AccountFields {
        /// Identifier.
        name: String,
        /// Display name (required).
        title: Option<String>,
        /// The database it is kept in.
        database: Option<Fk<Named>>,
        /// The agreement that sets its deadlines.
        sla: Option<Fk<Named>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// Explanation for people.
        description: Option<String>,
        /// When it was created.
        created: Option<Timestamp>,
        /// When it was last changed.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
        /// What those fields are.
        scheme as "_sys": Scheme,
    }
}

record! {
    /// A database of the CRM: a kind of records.
    pub struct CrmDatabase("crmDatabases") CrmDatabaseFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
    }
}

record! {
    /// A record of the CRM: an order, a contract, a meeting.
    pub struct CrmRecord("crmRecords") CrmRecordFields {
        /// Identifier.
        name: String,
        /// What kind it is.
        kind as "type": Option<Fk<CrmDatabase>>,
        /// Owner.
        user: Option<Fk<User>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// The company.
        account: Option<Fk<Account>>,
        /// The ticket it belongs to.
        ticket: Option<Fk<Ticket>>,
        /// What to show.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// The status given to it.
        status: Option<Fk<Status>>,
        /// Where it stands.
        stage: Option<Stage>,
        /// When it was created.
        created: Option<Timestamp>,
        /// When it was last changed.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
        /// What those fields are.
        scheme as "_sys": Scheme,
    }
}
