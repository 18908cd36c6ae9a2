//! A tolerant client of CCAI Platform (Google's; UJET's elsewhere), for applications in which an agent works.
//!
//! It speaks the vendor's own words and knows nothing about the rest of Offhook: agents and what they do, calls, chats and
//! e-mails, menus (which are queues), teams, campaigns, and from the Apps API the few operations that an agent needs:
//! start a call, set a status.
//!
//! ```no_run
//! use offhook_ccaip::wire::{HttpOptions, Secret};
//! use offhook_ccaip::{Agents, BaseUrl, CallStarted, Calls, Client, Credentials, Id, NewCall, Page, Range, Walk};
//!
//! # async fn example() -> Result<(), offhook_ccaip::Error> {
//! let base = BaseUrl::parse("customer.uc1.ccaiplatform.com")?;
//! let token = Credentials::new(Secret::new("f81d4fae7dec11d0a76500a0c91e6bf6"));
//! let client = Client::new(base, HttpOptions::default(), token)?;
//!
//! // Who is online? One page, one request.
//! let online = Agents { online: Some(true), ..Agents::default() };
//! for agent in client.page(&online, Page { number: 1, per: 100 }).await?.rows {
//!     println!("{:?} {:?}", agent.email, agent.status.and_then(|status| status.name));
//! }
//!
//! // What changed in the last hour? Page after page, each when you can afford a request.
//! let an_hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
//! let changed = Calls { agent_id: vec![Id::from(7)], updated_at: Range::from(an_hour_ago), ..Calls::default() };
//! let mut walk = Walk::new(changed, 100);
//! while let Some(page) = walk.next(&client).await? {
//!     for call in &page.rows {
//!         println!("{} {:?} {:?}", call.id, call.status, call.fail_reason.as_ref().and_then(|why| why.message()));
//!     }
//!     for row in &page.unreadable {
//!         eprintln!("call {} of the page cannot be shown: {}", row.index, row.why);
//!     }
//! }
//!
//! // Call somebody.
//! match client.start_call(&NewCall::outbound("jana@acme.example", "+1 555 0100")).await? {
//!     CallStarted::Assigned(_) => println!("your adapter rings"),
//!     CallStarted::ChooseNumber => println!("choose your number in the adapter"),
//!     CallStarted::ActInAdapter => println!("go on in the adapter"),
//!     CallStarted::Refused(why) => println!("{}", why.message),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it follows
//!
//! The vendor's document of the Manager API (20 operations) and five operations of the Apps API. The document's samples, repaired,
//! are this crate's tests. Everything that is merely inferred is in one module (`inferred`): the document shows no
//! sample of four of the menus' operations and prints no path for e-mails and campaigns.
//!
//! # What it never does
//!
//! Send a token to another server, follow a redirect or a `link` to one, put a token into a log or an error, repeat a request,
//! send more of them than it was asked for, or panic on what a server sends.

mod agent_activity_logs;
mod agents;
mod answer;
mod apps;
mod base;
mod calls;
mod campaigns;
mod chats;
mod client;
mod codes;
mod contacts;
mod emails;
mod filters;
mod id;
mod inferred;
mod link;
mod loose;
mod menus;
mod paging;
mod spelling;
mod teams;
mod time;
mod user_statuses;

pub use agent_activity_logs::{Activity, AgentActivityLog, AgentActivityLogs};
pub use agents::{
    Agent, AgentChannel, AgentCurrentStatus, AgentInfo, Agents, AvailabilityPreferences, ChatRules,
    FilterRules, OfferRules, VoiceRules,
};
pub use apps::{
    AgentStatus, CallRefusal, CallRefusalReason, CallStarted, CallTo, NewCall, NewStatus, WaitTime, WaitTimes,
};
pub use base::BaseUrl;
pub use calls::{Call, CallStatus, CallType, Calls};
pub use campaigns::{
    Campaign, CampaignContacts, CampaignMode, CampaignStatus, CampaignType, Campaigns, ContactStats,
};
pub use chats::{Chat, ChatStatus, ChatType, Chats};
pub use client::{Client, Credentials, Deleted};
pub use codes::{AdapterFailCode, CallFailReason, ChatFailReason, Deflection};
pub use contacts::{
    DeflectionDetail, EndUser, HandleDuration, OfferEvent, Participant, ParticipantType, Photo,
    QueueDuration, ServiceLevelEvent, Transfer, Video,
};
pub use emails::{ConsumerHandleDuration, Email, EmailAttachment, EmailStatus, EmailThread, Emails};
pub use filters::{Direction, Range, Sort};
pub use id::Id;
pub use inferred::{
    CampaignContact, EstimatedWait, MenuCurrentStatus, MenuSla, OperationHours, QueueGroupSla, QueueStatus,
};
pub use link::{Link, Next};
pub use loose::Loose;
pub use menus::{
    AgentAssignment, Channel, ChannelType, Menu, MenuPath, MenuType, Menus, MenusTree, TeamAssignment,
};
pub use paging::{Listing, Page, Paged, Path, Unreadable, Walk};
pub use spelling::{Spelling, Spellings};
pub use teams::{Team, Teams};
pub use user_statuses::{StatusSetting, UserStatus};
/// The crate below: HTTP options, secrets, the error type.
pub use wire;
pub use wire::Error;
