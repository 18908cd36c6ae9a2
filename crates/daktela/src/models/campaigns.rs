//! Campaigns (seed: "CampaignsRecords", "CampaignsTypes").

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::loose::{CustomFields, Fk, record, words};
use crate::models::{Contact, Named, Queue, Status, User};

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
        /// User.
        user: Option<Fk<User>>,
        /// Call script (required).
        record_type: Option<Fk<CampaignType>>,
        /// Database.
        database: Option<Fk<Named>>,
        /// Contact.
        contact: Option<Fk<Contact>>,
        /// Next call date.
        nextcall: Option<Timestamp>,
        /// Action.
        action: Option<CampaignAction>,
        /// ID of the call.
        call_id: Option<String>,
        /// Name of the activity.
        activity: Option<String>,
        /// Additional parameters.
        options: Map<String, Value>,
        /// Statuses.
        statuses: Vec<Fk<Status>>,
        /// Created.
        created: Option<Timestamp>,
        /// Edited.
        edited: Option<Timestamp>,
        /// Fields that this instance defines by itself.
        custom_fields as "customFields": CustomFields,
    }
}

record! {
    /// A kind of campaign with its form and script.
    pub struct CampaignType("campaignsTypes") CampaignTypeFields {
        /// Identifier.
        name: String,
        /// Title.
        title: Option<String>,
        /// Description.
        description: Option<String>,
        /// Queue.
        queue: Option<Fk<Queue>>,
        /// Color.
        color: Option<String>,
        /// Icon.
        icon: Option<String>,
        /// Autofocused tab.
        autofocused_tab: Option<String>,
        /// Options (required).
        config: Map<String, Value>,
        /// Is custom form type.
        custom: Option<bool>,
        /// Created.
        created: Option<Timestamp>,
    }
}
