//! User statuses: the states in which an agent can be, built in or made by the tenant.

use crate::id::Id;
use crate::loose::record;

record! {
    /// A state in which an agent can be. `/agents/current_status` has its name only.
    pub struct UserStatus [text is name] {
        /// Which one.
        id: Option<Id> = "id",
        /// Its number at the workforce management.
        wfm_id: Option<Id> = "wfm_id",
        /// What it is called.
        name: Option<String> = "name",
        /// Its colour.
        color: Option<String> = "color",
        /// Who may use it, and what it means for calls.
        setting: Option<StatusSetting> = "setting",
        /// The roles that may use it.
        custom_roles: Vec<Id> = "custom_roles",
    }
}

record! {
    /// How a status is used.
    pub struct StatusSetting {
        /// Whether only some roles may use it.
        restricted: Option<bool> = "restricted",
        /// Whether no role may use it.
        all_roles_restricted: Option<bool> = "all_roles_restricted",
        /// Whether calls that may break through reach an agent in it.
        breakthrough_enabled: Option<bool> = "breakthrough_enabled",
    }
}
