//! Campaigns (seed: "CampaignsRecords", "CampaignsTypes").

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::{CustomFields, Fk};
use crate::models::{Contact, Named, Queue, Status, User};
use crate::record::{record, words};
use crate::scheme::Scheme;

words! {
    /// Where a campaign record stands.
    pub enum CampaignAction {
        /// Nobody has it.
        NotAssigned = "0",
        /// Ready to be called.
        Ready = "1",
        /// The dialler put it off.
        RescheduledByDialer = "2",
        /// Being called.
        InProgress = "3",
        /// Hung up.
        Hangup = "4",
        /// Done.
        Done = "5",
        /// Put off.
        Rescheduled = "6",
    }
}

record! {
    /// A line of a campaign: somebody to be called.
    pub struct CampaignRecord("campaignsRecords") CampaignRecordFields {
        /// Identifier.
        name: String,
        /// The agent who has it.
        user: Option<Fk<User>>,
        /// Call script (required).
        record_type: Option<Fk<CampaignType>>,
        /// The database it is kept in.
        database: Option<Fk<Named>>,
        /// The customer, if known.
        contact: Option<Fk<Contact>>,
        /// Next call date.
        nextcall: Option<Timestamp>,
        /// Where it stands.
        action: Option<CampaignAction>,
        /// ID of the call.
        call_id: Option<String>,
        /// Name of the activity.
        activity: Option<String>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// The statuses given to it.
        statuses: Vec<Fk<Status>>,
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
    /// A kind of campaign with its form and script.
    pub struct CampaignType("campaignsTypes") CampaignTypeFields {
        /// Identifier.
        name: String,
        /// What to show.
        title: Option<String>,
        /// Explanation for people.
        description: Option<String>,
        /// The queue it came through or belongs to.
        queue: Option<Fk<Queue>>,
        /// Colour in which it is shown, as the server writes it.
        color: Option<String>,
        /// Name of the icon it is shown with.
        icon: Option<String>,
        /// Name of the tab that is open at first.
        autofocused_tab: Option<String>,
        /// Options (required).
        config: Map<String, Value>,
        /// Is custom form type.
        custom: Option<bool>,
        /// When it was created.
        created: Option<Timestamp>,
    }
}
