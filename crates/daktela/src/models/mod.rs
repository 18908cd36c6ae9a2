//! The models of the REST reference, typed.
//!
//! Field names follow Rust's way; where the API's differ, the model's `FIELDS` hold the API's. Fields that may
//! be absent are `Option`, and all may be: a query can ask for some only, and rights cut others. The S0 of the
//! comments is the REST reference of 2025.2. Comments say what is known beyond it.

mod activities;
mod calls;
mod campaigns;
mod item;
mod messages;
mod people;
mod setup;
mod tickets;
mod users;

pub use activities::*;
pub use calls::*;
pub use campaigns::*;
pub use item::Item;
pub use messages::*;
pub use people::*;
pub use setup::*;
pub use tickets::*;
pub use users::*;

use crate::record::record;

record! {
    /// A record of a model that is only referred to: a role, an SLA, a connector, a database.
    pub struct Named("") NamedFields {
        /// Identifier.
        name: String,
        /// Display name.
        title: Option<String>,
    }
}
