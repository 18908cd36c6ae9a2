//! Routes: where a platform's operations are found, for platforms whose operators move them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AccountId;

/// How sure a route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// A vendor document says so.
    Documented,
    /// Seen in other clients.
    Seen,
    /// Worked out from the vendor's rules; a tenant may disagree.
    Inferred,
    /// From a file the agent imported for this account.
    Imported,
}

/// Where one operation is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Route {
    /// Our name of the operation (`cti.answer`).
    pub operation: String,
    /// The vendor's chapter.
    pub group: String,
    /// HTTP method.
    pub method: String,
    /// Path below the account's address, with `{variables}`.
    pub path: String,
    /// How sure.
    pub provenance: Provenance,
}

/// One operation that a file would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RouteChange {
    /// As it is used now.
    pub from: Route,
    /// As the file says.
    pub to: Route,
}

/// What an operator's file says about an account's routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoutesReport {
    /// Operations found in the file as they are used now.
    pub confirmed: u32,
    /// Operations that it moves.
    pub changes: Vec<RouteChange>,
    /// Our operations that the file does not have.
    pub missing: Vec<Route>,
    /// Operations of the file that are none of ours: method and path.
    pub unknown: Vec<String>,
    /// Whether the changes are kept for the account now.
    pub kept: bool,
}

/// Reads an operator's Swagger or OpenAPI file for an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ImportRoutes {
    /// The account.
    pub account: AccountId,
    /// The file's text; absent goes back to the standard routes.
    pub text: Option<String>,
    /// Whether to keep what it says, or only to show it.
    pub keep: bool,
}
