//! Campaigns: lists of contacts that the platform dials one after the other for the agents.

use jiff::Timestamp;

use crate::filters::question;
use crate::id::Id;
use crate::inferred::CampaignContact;
use crate::loose::{record, words};
use crate::menus::Menu;
use crate::paging::{Listing, Path};

words! {
    /// Where a campaign stands.
    pub enum CampaignStatus {
        /// It has not started.
        Created = "created",
        /// It has just started.
        Started = "started",
        /// It dials.
        Dialing = "dialing",
        /// It is paused.
        Pause = "pause",
        /// All were called.
        Finished = "finished",
    }
}

impl CampaignStatus {
    /// The document's words for it.
    pub fn description(&self) -> Option<&'static str> {
        Some(match self {
            Self::Created => {
                "State that occurs when a campaign is created but not started to do outbound calls."
            }
            Self::Started => {
                "State that occurs when a campaign has just started to do outbound calls but the first dialing out is not yet happening."
            }
            Self::Dialing => "State that occurs when a campaign is in middle of dialing outbound calls.",
            Self::Pause => "State that occurs after a campaign has been paused by agent or manager.",
            Self::Finished => "State that occurs after a campaign has completed all the calls.",
            Self::Other(_) => return None,
        })
    }
}

words! {
    /// How a campaign dials.
    pub enum CampaignMode {
        /// The agent sees the contact first and decides.
        Preview = "preview",
        /// Contacts are dialled ahead; an agent gets who answers and is no machine.
        Predictive = "predictive",
        /// An agent is connected first, then the contact is dialled.
        Progressive = "progressive",
    }
}

words! {
    /// Where the contacts of a campaign come from.
    pub enum CampaignType {
        /// From an uploaded file.
        Default = "default",
        /// From another service.
        ExternalList = "external_list",
    }
}

record! {
    /// A campaign.
    pub struct Campaign {
        /// Which one.
        id: Id = "id",
        /// Its identifier elsewhere.
        external_campaign_id: Option<String> = "external_campaign_id",
        /// Where its contacts come from.
        campaign_type: Option<CampaignType> = "campaign_type",
        /// What it is called.
        name: Option<String> = "name",
        /// How it dials.
        mode: Option<CampaignMode> = "mode",
        /// Where it stands.
        status: Option<CampaignStatus> = "status",
        /// The queue of its calls.
        queue: Option<Menu> = "queue",
        /// How many of a hundred may be dropped.
        max_abandonment_percent: Option<f64> = "max_abandonment_percent",
        /// How often a number is dialled again at most.
        max_redial_count: Option<i64> = "max_redial_count",
        /// Minutes between two tries.
        redial_interval_minutes: Option<i64> = "redial_interval_minutes",
        /// How much more is dialled than there are agents.
        overdial_adjustment_multiplier: Option<f64> = "overdial_adjustment_multiplier",
        /// How many numbers it is to process.
        target_number_to_process: Option<i64> = "target_number_to_process",
        /// When it was made.
        created_at: Option<Timestamp> = "created_at",
        /// When it began.
        starts_at: Option<Timestamp> = "starts_at",
        /// When it ended.
        ends_at: Option<Timestamp> = "ends_at",
        /// When it last changed.
        updated_at: Option<Timestamp> = "updated_at",
        /// What became of its contacts.
        contact_stats: Option<ContactStats> = "contact_stats",
    }
}

record! {
    /// How many contacts of a campaign have come how far; the names are the document's.
    pub struct ContactStats {
        /// "Abandoned by Contact".
        abandoned_by_contact: Option<i64> = "Abandoned by Contact",
        /// "Abandoned by Dialer".
        abandoned_by_dialer: Option<i64> = "Abandoned by Dialer",
        /// "Average Redials per Number".
        average_redials_per_number: Option<f64> = "Average Redials per Number",
        /// "Carrier Error".
        carrier_error: Option<i64> = "Carrier Error",
        /// "Completed".
        completed: Option<i64> = "Completed",
        /// "Connected".
        connected: Option<i64> = "Connected",
        /// "Contacts".
        contacts: Option<i64> = "Contacts",
        /// "Dialer General Error".
        dialer_general_error: Option<i64> = "Dialer General Error",
        /// "Dialing".
        dialing: Option<i64> = "Dialing",
        /// "Do Not Call".
        do_not_call: Option<i64> = "Do Not Call",
        /// "Finished".
        finished: Option<i64> = "Finished",
        /// "Invalid Number or Name".
        invalid_number_or_name: Option<i64> = "Invalid Number or Name",
        /// "Invalid outbound number".
        invalid_outbound_number: Option<i64> = "Invalid outbound number",
        /// "Not Picked Up".
        not_picked_up: Option<i64> = "Not Picked Up",
        /// "Not Reached to Contact".
        not_reached_to_contact: Option<i64> = "Not Reached to Contact",
        /// "Not reached".
        not_reached: Option<i64> = "Not reached",
        /// "Not yet reached".
        not_yet_reached: Option<i64> = "Not yet reached",
        /// "Queued".
        queued: Option<i64> = "Queued",
        /// "Reached".
        reached: Option<i64> = "Reached",
        /// "Redial Scheduled".
        redial_scheduled: Option<i64> = "Redial Scheduled",
        /// "Redials".
        redials: Option<i64> = "Redials",
        /// "Remaining".
        remaining: Option<i64> = "Remaining",
        /// "Running".
        running: Option<i64> = "Running",
        /// "Skipped".
        skipped: Option<i64> = "Skipped",
        /// "Skipped & Closed".
        skipped_closed: Option<i64> = "Skipped & Closed",
        /// "Transferred".
        transferred: Option<i64> = "Transferred",
        /// "Transferred and Finished".
        transferred_and_finished: Option<i64> = "Transferred and Finished",
        /// "Upcoming".
        upcoming: Option<i64> = "Upcoming",
        /// "Voicemail Hung Up".
        voicemail_hung_up: Option<i64> = "Voicemail Hung Up",
    }
}

question! {
    /// Campaigns. The document has no filters for them.
    pub struct Campaigns -> Campaign ["campaigns"] {}
}

/// The contacts of a campaign. Neither their path nor their fields are documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignContacts {
    /// Of which campaign.
    pub campaign: Id,
}

impl Listing for CampaignContacts {
    type Row = CampaignContact;

    fn path(&self) -> Path<'_> {
        Path { pattern: "campaigns/{id}/contacts", id: Some(&self.campaign) }
    }

    fn parameters(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn id_of(row: &CampaignContact) -> Option<&Id> {
        row.id.as_ref()
    }
}
