//! Which operation a method and a path mean. Documents write some resources in the singular, every client in the plural:
//! the switch `paths` says which are known here.

/// One operation: 20 of the Manager API, 5 of the Apps API, and one that no document tells but clients ask first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Agents,
    CurrentStatus,
    ActivityLogs,
    Calls,
    Chats,
    Emails,
    Menus,
    MenuTree,
    Menu,
    MenuStatus,
    Sla,
    SlaByGroup,
    OperationHours,
    UserStatuses,
    Teams,
    TeamTree,
    Team,
    Campaigns,
    Campaign,
    CampaignContacts,
    StartCall,
    SetStatus,
    ForceLogout,
    WaitTimes,
    QueuesStatus,
    Organization,
}

impl Op {
    /// The operation's name in `wire` data, for faults and counts.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Agents => "agents.list",
            Self::CurrentStatus => "agents.current_status",
            Self::ActivityLogs => "agent_activity_logs.list",
            Self::Calls => "calls.list",
            Self::Chats => "chats.list",
            Self::Emails => "emails.list",
            Self::Menus => "menus.list",
            Self::MenuTree => "menus.tree",
            Self::Menu => "menus.one",
            Self::MenuStatus => "menus.current_status",
            Self::Sla => "menus.sla",
            Self::SlaByGroup => "menus.sla_by_queue_group",
            Self::OperationHours => "menus.operation_hours",
            Self::UserStatuses => "user_statuses.list",
            Self::Teams => "teams.list",
            Self::TeamTree => "teams.tree",
            Self::Team => "teams.one",
            Self::Campaigns => "campaigns.list",
            Self::Campaign => "campaigns.one",
            Self::CampaignContacts => "campaigns.one.contacts",
            Self::StartCall => "apps.calls.create.outbound",
            Self::SetStatus => "apps.agent_statuses.set",
            Self::ForceLogout => "apps.agent_statuses.force_logout",
            Self::WaitTimes => "apps.wait_times",
            Self::QueuesStatus => "apps.queues.status",
            Self::Organization => "settings.organization",
        }
    }
}

/// Which of the two APIs; they word their refusals differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Manager,
    Apps,
}

/// An operation, and the record that its path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub op: Op,
    pub record: Option<String>,
}

const MANAGER: &str = "/manager/api/v1/";
const APPS: &str = "/apps/api/v1/";

const RESOURCES: [(&str, &str); 9] = [
    ("agents", "agent"),
    ("agent_activity_logs", "agent_activity_log"),
    ("calls", "call"),
    ("chats", "chat"),
    ("emails", "email"),
    ("menus", "menu"),
    ("user_statuses", "user_status"),
    ("teams", "team"),
    ("campaigns", "campaign"),
];

/// What follows the prefix of either API.
pub(super) fn below(path: &str) -> &str {
    path.strip_prefix(MANAGER).or_else(|| path.strip_prefix(APPS)).unwrap_or(path)
}

/// Finds the operation; `paths` is `both`, `plural` or `singular`.
pub(super) fn find(method: &str, path: &str, paths: &str) -> Option<Found> {
    let parts: Vec<&str> = below(path).split('/').filter(|p| !p.is_empty()).collect();
    let bare = |op| Some(Found { op, record: None });
    if path.starts_with(APPS) {
        return match (method, parts.as_slice()) {
            ("POST", ["calls"]) => bare(Op::StartCall),
            ("POST", ["agent_statuses"]) => bare(Op::SetStatus),
            ("POST", ["agent_statuses", "force_logout"]) => bare(Op::ForceLogout),
            ("GET", ["wait_times"]) => bare(Op::WaitTimes),
            ("GET", ["queues", "status"]) => bare(Op::QueuesStatus),
            _ => None,
        };
    }
    if !path.starts_with(MANAGER) || method != "GET" {
        return None;
    }
    if parts == ["settings", "organization"] {
        return bare(Op::Organization);
    }
    let (first, rest) = parts.split_first()?;
    let known = |(plural, singular): &&(&str, &str)| {
        (paths != "singular" && first == plural) || (paths != "plural" && first == singular)
    };
    let (resource, _) = RESOURCES.iter().find(known)?;
    let of = |op, record: &str| Some(Found { op, record: Some(record.to_owned()) });
    match (*resource, rest) {
        ("agents", []) => bare(Op::Agents),
        ("agents", ["current_status"]) => bare(Op::CurrentStatus),
        ("agent_activity_logs", []) => bare(Op::ActivityLogs),
        ("calls", []) => bare(Op::Calls),
        ("chats", []) => bare(Op::Chats),
        ("emails", []) => bare(Op::Emails),
        ("menus", []) => bare(Op::Menus),
        ("menus", ["tree"]) => bare(Op::MenuTree),
        ("menus", ["current_status"]) => bare(Op::MenuStatus),
        ("menus", ["sla"]) => bare(Op::Sla),
        ("menus", ["sla_by_queue_group"]) => bare(Op::SlaByGroup),
        ("menus", ["operation_hours"]) => bare(Op::OperationHours),
        ("menus", [id]) => of(Op::Menu, id),
        ("user_statuses", []) => bare(Op::UserStatuses),
        ("teams", []) => bare(Op::Teams),
        ("teams", ["tree"]) => bare(Op::TeamTree),
        ("teams", [id]) => of(Op::Team, id),
        ("campaigns", []) => bare(Op::Campaigns),
        ("campaigns", [id]) => of(Op::Campaign, id),
        ("campaigns", [id, "contacts"]) => of(Op::CampaignContacts, id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Op, find};

    #[test]
    fn plural_and_singular_mean_the_same_unless_the_switch_knows_only_one() {
        let op = |path: &str, paths| find("GET", &format!("/manager/api/v1/{path}"), paths).map(|f| f.op);
        assert_eq!(op("menus/current_status", "both"), Some(Op::MenuStatus));
        assert_eq!(op("menu/current_status", "both"), Some(Op::MenuStatus));
        assert_eq!(op("menu/12", "plural"), None);
        assert_eq!(op("menus/12", "plural"), Some(Op::Menu));
        assert_eq!(op("teams", "singular"), None);
        assert_eq!(op("team/tree", "singular"), Some(Op::TeamTree));
        assert_eq!(find("POST", "/manager/api/v1/calls", "both"), None);
        assert_eq!(find("POST", "/apps/api/v1/calls", "both").map(|f| f.op), Some(Op::StartCall));
    }
}
