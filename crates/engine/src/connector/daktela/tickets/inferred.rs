//! What about tickets is only inferred, in one place. The client's own open questions are in its `inferred` module.

use daktela::Field;
use daktela::models::{ActivityKind, QueueKind, Stage as Wire};
use model::Stage;

/// Inferred: a ticket that waits is one that was put aside. Daktela's WAIT is set by hand, for whatever reason, and goes
/// with the date on which the ticket opens again by itself; whether the customer or the agent spoke last is told by
/// other fields. One word for one word also means that a stage that is read can be written back.
pub(super) fn stage(wire: &Wire) -> Stage {
    match wire {
        Wire::Wait => Stage::Postponed,
        Wire::Close => Stage::Closed,
        Wire::Archive => Stage::Archived,
        // A word of a later release: it is shown beside the stage.
        Wire::Open | Wire::Other(_) => Stage::Open,
    }
}

/// The word for a stage, where there is one.
pub(super) fn stage_word(stage: &str) -> Option<&'static str> {
    Some(match stage {
        "open" => "OPEN",
        "postponed" => "WAIT",
        "closed" => "CLOSE",
        "archived" => "ARCHIVE",
        _ => return None,
    })
}

/// Stages that can be set.
pub(super) const STAGES: [Stage; 4] = [Stage::Open, Stage::Postponed, Stage::Closed, Stage::Archived];

/// What the files of an activity are fetched as. The list of mappers that were seen has no Instagram and no text
/// messages; inferred: they are called like their items.
pub(super) fn mapper(kind: Option<&ActivityKind>) -> &'static str {
    match kind {
        Some(ActivityKind::Email) => "activitiesEmail",
        Some(ActivityKind::Chat) => "activitiesWeb",
        Some(ActivityKind::Sms) => "activitiesSms",
        Some(ActivityKind::Fbm) => "activitiesFbm",
        Some(ActivityKind::Igdm) => "activitiesIgdm",
        Some(ActivityKind::Wap) => "activitiesWap",
        Some(ActivityKind::Vbr) => "activitiesVbr",
        Some(ActivityKind::Call) => "activitiesCall",
        Some(
            ActivityKind::Custom
            | ActivityKind::FbComment
            | ActivityKind::IgComment
            | ActivityKind::Comment
            | ActivityKind::Other(_),
        )
        | None => "activitiesComment",
    }
}

/// The mappers that a file may be asked for with.
pub(super) const MAPPERS: [&str; 9] = [
    "activitiesEmail",
    "activitiesWeb",
    "activitiesSms",
    "activitiesFbm",
    "activitiesIgdm",
    "activitiesWap",
    "activitiesVbr",
    "activitiesCall",
    "activitiesComment",
];

/// Inferred: where an address of a picture in a text is one of the server's own files, this stands in it.
pub(super) const DOWNLOAD: &str = "file/download.php";

/// Inferred: a check box without items, or with one, is a yes or no.
pub(super) fn is_flag(field: &daktela::CustomField) -> bool {
    field.items.len() <= 1
}

/// Inferred: custom fields that are not sent stay as they are, like every other field of a record.
pub(super) const CUSTOM_FIELDS: &str = "customFields";

/// Inferred: a queue whose type is one of these sends what it is named after.
pub(super) fn sends(queue: &daktela::models::Queue, kind: &QueueKind) -> bool {
    queue.kind.as_ref().is_none_or(|have| have == kind)
}

/// The filter that finds children; `children` of a ticket is a list of Daktela's own client only.
pub(super) fn parent() -> Field {
    daktela::models::Ticket::FIELDS.parent_ticket
}

/// Modules of a role, as rights are kept by. `tickets` was seen; inferred: the others are called like their models. A
/// role that does not name a module takes nothing away: the platform refuses with words.
pub(super) mod module {
    pub(in super::super) const TICKETS: &str = "tickets";
    pub(in super::super) const CONTACTS: &str = "contacts";
    pub(in super::super) const ACCOUNTS: &str = "accounts";
    pub(in super::super) const CRM: &str = "crmRecords";
    pub(in super::super) const CAMPAIGNS: &str = "campaignsRecords";
}
