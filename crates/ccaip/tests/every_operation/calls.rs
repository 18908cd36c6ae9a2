//! Each operation of the two documents, called with everything it takes.

use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};
use offhook_ccaip::{
    Activity, AgentActivityLogs, Agents, CallFailReason, CallStatus, CallType, Calls, CampaignContacts,
    Campaigns, Channel, ChannelType, ChatFailReason, ChatStatus, ChatType, Chats, Client, Deleted,
    EmailStatus, Emails, Error, Id, Listing, MenuType, Menus, MenusTree, NewCall, NewStatus, Page, Range,
    Sort, Teams, WaitTimes,
};

use super::{Read, nothing, one, outcome, rows};

type Called<'a> = Pin<Box<dyn Future<Output = Result<Read, Error>> + 'a>>;
pub(crate) type Operation = (&'static str, for<'a> fn(&'a Client) -> Called<'a>);

const PAGE: Page = Page { number: 2, per: 50 };

fn list<'a, Q: Listing + 'a>(client: &'a Client, question: Q) -> Called<'a>
where
    Q::Row: std::fmt::Debug,
{
    Box::pin(async move { rows(client.page(&question, PAGE).await) })
}

fn times() -> Range<Timestamp> {
    Range::between("2019-01-01T00:00:00Z".parse().unwrap(), "2019-01-02T00:00:00Z".parse().unwrap())
}

fn spans() -> Range<SignedDuration> {
    Range::between(SignedDuration::from_secs(10), SignedDuration::from_secs(20))
}

fn numbers() -> Range<i64> {
    Range::between(1, 5)
}

fn ids() -> Vec<Id> {
    vec![Id::from(1), Id::from("x/2")]
}

fn texts() -> Vec<String> {
    vec!["a b".to_owned(), "+1 555 0100".to_owned()]
}

fn sort() -> Option<Sort> {
    Some(Sort::descending("updated_at"))
}

pub(crate) const MANAGER: &[Operation] = &[
    ("agents.list", |client| {
        list(
            client,
            Agents {
                id: ids(),
                agent_number: texts(),
                status_id: ids(),
                online: Some(true),
                wrap_up: Some(false),
                location: texts(),
                last_login_time: times(),
                status_updated_at: times(),
                sort: sort(),
            },
        )
    }),
    ("agents.current_status", |client| Box::pin(async { rows(client.agents_current_status().await) })),
    ("agent_activity_logs.list", |client| {
        list(
            client,
            AgentActivityLogs {
                id: ids(),
                agent_id: ids(),
                activity: Activity::ALL.to_vec(),
                whodunnit_id: ids(),
                call_id: ids(),
                chat_id: ids(),
                started_at: times(),
                ended_at: times(),
                duration: spans(),
                call_count: numbers(),
                chat_count: numbers(),
                changed_columns: Some("status".into()),
                sort: sort(),
            },
        )
    }),
    ("calls.list", |client| {
        list(
            client,
            Calls {
                agent_id: ids(),
                end_user_id: ids(),
                call_status: CallStatus::ALL.to_vec(),
                call_fail_reason: CallFailReason::ALL.to_vec(),
                verified: Some(true),
                call_type: CallType::ALL.to_vec(),
                support_number: texts(),
                connected_at: times(),
                updated_at: times(),
                queued_at: times(),
                rating: numbers(),
                call_duration: spans(),
                hold_duration: spans(),
                id: ids(),
                created_at: times(),
                assigned_at: times(),
                ends_at: times(),
                scheduled_at: times(),
                lang: texts(),
                sort: sort(),
            },
        )
    }),
    ("chats.list", |client| {
        list(
            client,
            Chats {
                id: ids(),
                agent_id: ids(),
                end_user_id: ids(),
                chat_type: ChatType::ALL.to_vec(),
                chat_status: ChatStatus::ALL.to_vec(),
                chat_fail_reason: ChatFailReason::ALL.to_vec(),
                verified: Some(false),
                assigned_at: times(),
                ends_at: times(),
                updated_at: times(),
                created_at: times(),
                rating: numbers(),
                first_msg_sent_at: times(),
                last_msg_sent_at: times(),
                chat_duration: spans(),
                message_count: numbers(),
                average_response_time: spans(),
                longest_response_time: spans(),
                wait_duration: spans(),
                sort: sort(),
            },
        )
    }),
    ("emails.list", |client| {
        list(
            client,
            Emails {
                id: ids(),
                agent_id: ids(),
                end_user_id: ids(),
                email_status: EmailStatus::ALL.to_vec(),
                assigned_at: times(),
                finished_at: times(),
                updated_at: times(),
                created_at: times(),
                total_thread_numbers: numbers(),
                sort: sort(),
            },
        )
    }),
    ("menus.list", |client| {
        list(
            client,
            Menus {
                id: ids(),
                name: texts(),
                parent_id: ids(),
                position: vec![1, 2],
                menu_type: MenuType::ALL.to_vec(),
                hidden: Some(true),
                with_deleted: Some(true),
                sort: sort(),
            },
        )
    }),
    ("menus.tree", |client| {
        let which = MenusTree { menu_type: Some(MenuType::Ivr), lang: Some("en".into()) };
        Box::pin(async move { rows(client.menus_tree(&which).await) })
    }),
    ("menus.one", |client| Box::pin(async { one(client.menu(&"a/1".into(), Deleted::Included).await) })),
    ("menus.current_status", |client| Box::pin(async { rows(client.menus_current_status().await) })),
    ("menus.sla", |client| Box::pin(async { rows(client.menus_sla(Channel::Call, 15).await) })),
    ("menus.sla_by_queue_group", |client| {
        Box::pin(async { rows(client.menus_sla_by_queue_group(Channel::Chat, 15).await) })
    }),
    ("menus.operation_hours", |client| Box::pin(async { rows(client.menus_operation_hours().await) })),
    ("user_statuses.list", |client| Box::pin(async { rows(client.user_statuses().await) })),
    ("teams.list", |client| {
        list(
            client,
            Teams {
                id: ids(),
                name: texts(),
                parent_id: ids(),
                position: vec![1],
                agents_count: numbers(),
                with_deleted: Some(false),
                sort: sort(),
            },
        )
    }),
    ("teams.tree", |client| Box::pin(async { rows(client.teams_tree().await) })),
    ("teams.one", |client| Box::pin(async { one(client.team(&Id::from(7), Deleted::Included).await) })),
    ("campaigns.list", |client| list(client, Campaigns {})),
    ("campaigns.one", |client| Box::pin(async { one(client.campaign(&Id::from(7)).await) })),
    ("campaigns.one.contacts", |client| list(client, CampaignContacts { campaign: Id::from(7) })),
];

pub(crate) const APPS: &[Operation] = &[
    ("apps.calls.create.outbound", |client| {
        let call = NewCall {
            outbound_number: Some("+1 339-219-5276".into()),
            lang: Some("en".into()),
            ..NewCall::outbound("admin@somedomain.com", "+1 859-657-9625")
        };
        Box::pin(async move { outcome(client.start_call(&call).await) })
    }),
    ("apps.agent_statuses.set", |client| {
        Box::pin(async { rows(client.set_status(&NewStatus::of(&Id::from(11), "Available")).await) })
    }),
    ("apps.agent_statuses.force_logout", |client| {
        Box::pin(async { nothing(client.force_logout(&[Id::from(11)]).await) })
    }),
    ("apps.wait_times", |client| {
        let which = WaitTimes {
            menu_id: Some(Id::from(10)),
            menu_type: Some(MenuType::Ivr),
            channel_type: Some(ChannelType::VoiceCall),
            wait: numbers(),
            ..WaitTimes::of("en")
        };
        Box::pin(async move { rows(client.wait_times(&which).await) })
    }),
    ("apps.queues.status", |client| Box::pin(async { rows(client.queues_status().await) })),
];
