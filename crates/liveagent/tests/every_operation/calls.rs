//! Each operation of the document, called with everything it takes.

use std::pin::Pin;

use offhook_liveagent::conversations::{
    Channel, Conversations, CustomField, Deletion, NewStatus, Status, Transfer,
};
use offhook_liveagent::customersgroups::{CustomersGroupChange, NewCustomersGroup};
use offhook_liveagent::knowledgebase::{
    Access, Articles, Entries, EntryStatus, EntryType, KnowledgeBases, NewArticle, NewCategory, Search,
};
use offhook_liveagent::messages::{MessagesBetween, NewMessage};
use offhook_liveagent::reports::{
    AgentsReport, ChannelsReport, DepartmentsReport, GroupBy, PerformanceReport, Ranking, Rating, TagsReport,
};
use offhook_liveagent::service_reports::{
    AgentsAvailabilityReport, AvailabilityReport, LoadReport, Of, OfLive, SlaComplianceReport, SlaLogReport,
};
use offhook_liveagent::tags::{NewTag, TagChange, TagName};
use offhook_liveagent::widgets::{
    Json, UseCode, WidgetAttribute, WidgetForm, WidgetFormField, WidgetStatus, WidgetType, Widgets,
};
use offhook_liveagent::wire::Url;
use offhook_liveagent::{AccountTime, Client, Error, OpDateTime, Page};

use super::{Read, nothing, one, rows};

type Called<'a> = Pin<Box<dyn Future<Output = Result<Read, Error>> + 'a>>;
pub(crate) type Operation = (&'static str, for<'a> fn(&'a Client) -> Called<'a>);

fn time() -> AccountTime {
    AccountTime::parse("2022-06-13 14:41:41").unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const PAGE: Page = Page { offset: 20, limit: 10 };

fn fields() -> Vec<CustomField> {
    vec![CustomField { code: "varsymbol".into(), value: some("43894209"), ..Default::default() }]
}

fn widget() -> WidgetForm {
    WidgetForm {
        name: "widget1".into(),
        provide: "BFC".into(),
        department: "dep1".into(),
        kind: WidgetType::ChatButton,
        use_code: UseCode::Both,
        status: WidgetStatus::Active,
        attributes: Json(vec![WidgetAttribute { name: "a".into(), ..Default::default() }]),
        form_fields: Json(vec![WidgetFormField { code: "c".into(), ..Default::default() }]),
        knowledge_base: some("kb1"),
        description: some("x"),
        language: some("en-US"),
        last_display_time: Some(time()),
        last_display_url: some("https://acme.example"),
        online_code: some("<b>"),
        online_code_ie: some("<b>"),
        offline_code: some("<b>"),
        offline_code_ie: some("<b>"),
        online_css: some("b"),
        online_css_ie: some("b"),
        offline_css: some("b"),
        offline_css_ie: some("b"),
    }
}

fn load(of: Of) -> LoadReport {
    LoadReport { of, from: Some(time()), to: Some(time()), department: some("d"), agent: some("a") }
}

fn availability(of: OfLive) -> AvailabilityReport {
    AvailabilityReport { of, from: Some(time()), to: Some(time()), department: some("d"), agent: some("a") }
}

fn agents_availability(of: Of) -> AgentsAvailabilityReport {
    AgentsAvailabilityReport {
        of,
        from: Some(time()),
        to: Some(time()),
        columns: vec!["id".into(), "userid".into()],
        department: some("d"),
        agent: some("a"),
    }
}

fn sla_compliance(of: Of) -> SlaComplianceReport {
    SlaComplianceReport {
        of,
        from: Some(time()),
        to: Some(time()),
        period: some("L30D"),
        department: some("d"),
        user: some("u"),
        level: some("l"),
    }
}

fn sla_log(of: Of) -> SlaLogReport {
    SlaLogReport {
        of,
        from: time(),
        to: time(),
        columns: vec!["id".into()],
        department: some("d"),
        agent: some("a"),
        requester: some("r"),
        level: some("l"),
    }
}

macro_rules! op {
    ($id:literal, $read:ident, |$client:ident| $call:expr) => {
        ($id, |$client: &Client| Box::pin(async move { $read($call) }))
    };
}

pub(crate) const OPERATIONS: &[Operation] = &[
    op!("agents.agentidentifier.get", one, |c| c.agent("jana@acme.example").await),
    op!("application.status.get", one, |c| c.application_status().await),
    op!("companies.get", rows, |c| c.companies().await),
    op!("companies.companyid.get", one, |c| c.company("d8f6ba6d").await),
    op!("conversations.conversationid.attendants.put", nothing, |c| {
        let (agent, department, note, by) = (some("uid1"), some("dep1"), some("why"), some("uid2"));
        c.conversation_transfer("a1b2c3d4", &Transfer { agent, department, note, by }).await
    }),
    op!("conversations.conversationid.delete", nothing, |c| {
        c.conversation_delete("a1b2c3d4", &Deletion { note: some("why"), by: some("uid2") }).await
    }),
    op!("conversations.conversationid.fields.delete", nothing, |c| {
        c.conversation_field_delete("a1b2c3d4", "varsymbol").await
    }),
    op!("conversations.conversationid.fields.post", nothing, |c| {
        c.conversation_fields_add("a1b2c3d4", &fields()).await
    }),
    op!("conversations.get", rows, |c| {
        let question = Conversations {
            owner: some("john@acme.example"),
            department: some("dep1"),
            agent: some("uid1"),
            status: vec![Status::Resolved, Status::Chatting, Status::Open],
            date_from: Some(time()),
            date_to: Some(time()),
            changed: Some(OpDateTime::GreaterThan(time())),
            subject: some("x & y"),
            channel: vec![Channel::Email],
        };
        c.list(&question, PAGE).await
    }),
    op!("conversations.conversationid.get", one, |c| c.conversation("ABC-DEFGH-123").await),
    op!("conversations.conversationid.messages.get", rows, |c| {
        c.conversation_messages(
            "a1b2c3d4",
            &MessagesBetween { date_from: Some(time()), date_to: Some(time()) },
        )
        .await
    }),
    op!("conversations.conversationid.messages.post", nothing, |c| {
        let new = NewMessage {
            mail_message_id: some("<1@acme.example>"),
            do_not_send_mail: Some(true),
            html: Some(false),
            use_template: Some(false),
            attachments: vec!["f1".into(), "f2".into()],
            ..NewMessage::reply("uid1", "Hello,\r\nžluťoučký kůň")
        };
        c.conversation_message_add("a1b2c3d4", &new).await
    }),
    op!("conversations.conversationid.status.put", nothing, |c| {
        let status = NewStatus { status: Status::Resolved, note: some("done"), by: some("uid1") };
        c.conversation_status("a1b2c3d4", &status).await
    }),
    op!("conversations.conversationid.tags.delete", nothing, |c| {
        c.conversation_tag_remove("a1b2c3d4", &TagName::Id("sh3j".into())).await
    }),
    op!("conversations.conversationid.tags.get", rows, |c| c.conversation_tags("a1b2c3d4").await),
    op!("conversations.conversationid.tags.post", nothing, |c| {
        c.conversation_tag_add("a1b2c3d4", &TagName::Name("VIP".into())).await
    }),
    op!("customers.customeridentifier.fields.delete", nothing, |c| {
        c.customer_field_delete("john@acme.example", "varsymbol").await
    }),
    op!("customers.customeridentifier.fields.post", nothing, |c| {
        c.customer_fields_add("cid00001", &fields()).await
    }),
    op!("customers.customeridentifier.get", one, |c| c.customer("john@acme.example").await),
    op!("customers.customeridentifier.groups.delete", nothing, |c| c
        .customer_group_remove("cid1", "VIP")
        .await),
    op!("customers.customeridentifier.groups.get", rows, |c| c.customer_groups("cid1").await),
    op!("customers.customeridentifier.groups.post", nothing, |c| c.customer_group_add("cid1", "VIP").await),
    op!("customersgroups.groupid.delete", nothing, |c| c.customers_group_delete("ag0h").await),
    op!("customersgroups.groupid.get", one, |c| c.customers_group("ag0h").await),
    op!("customersgroups.get", rows, |c| c.customers_groups().await),
    op!("customersgroups.post", one, |c| {
        let (color, background) = (some("FFFFFF"), some("0000FF"));
        c.customers_group_add(&NewCustomersGroup { name: "VIP".into(), color, background }).await
    }),
    op!("customersgroups.groupid.put", nothing, |c| {
        let (color, background) = (some("FFFFFF"), some("0000FF"));
        c.customers_group_change("ag0h", &CustomersGroupChange { name: some("VIP"), color, background }).await
    }),
    op!("departments.get", rows, |c| c.departments().await),
    op!("departments.departmentid.get", one, |c| c.department("e4y7g8s8").await),
    op!("files.fileid.get", one, |c| c.file("1234567890abcdef1234567890abcdef").await),
    op!("files.post", one, |c| c.file_upload("image1.jpg", "image/jpg", b"\xff\xd8\x00").await),
    op!("knowledgebase.articles.get", rows, |c| {
        let (knowledge_base, tree_path) = (some("kb1"), some("0|23|"));
        c.list(&Articles { knowledge_base, tree_path, parent: some("7"), article: some("15") }, PAGE).await
    }),
    op!("knowledgebase.articles.post", one, |c| {
        let new = NewArticle {
            title: "General Questions".into(),
            content: "<p>x</p>".into(),
            knowledge_base: some("kb1"),
            parent: some("16"),
            status: Some(EntryStatus::Published),
            access: Some(Access::Public),
            order: Some(3),
            keywords: some("faq"),
            full_preview: Some(true),
        };
        c.article_add(&new).await
    }),
    op!("knowledgebase.categories.post", one, |c| {
        let new = NewCategory {
            title: "General Questions".into(),
            knowledge_base: some("kb1"),
            parent: some("7"),
            kind: Some(EntryType::Category),
            access: Some(Access::Internal),
            order: Some(3),
            keywords: some("faq"),
            department: some("default"),
            description: some("x"),
        };
        c.category_add(&new).await
    }),
    op!("knowledgebase.entries.entry_id.delete", nothing, |c| c.entry_delete("38").await),
    op!("knowledgebase.entries.get", rows, |c| {
        let question = Entries {
            knowledge_base: some("kb1"),
            tree_path: some("0|23|"),
            parent: some("7"),
            entry: some("38"),
            changed_after: Some(time()),
        };
        c.list(&question, PAGE).await
    }),
    op!("knowledgebase.knowledgebases.get", rows, |c| c.list(&KnowledgeBases {}, PAGE).await),
    op!("knowledgebase.search.get", rows, |c| {
        let (knowledge_base, top) = (some("kb1"), some("16"));
        c.knowledge_search(&Search { query: "how + why".into(), knowledge_base, top, limit: Some(5) }).await
    }),
    op!("onlinestatus.agents.get", rows, |c| c.online_agents().await),
    op!("onlinestatus.departments.get", rows, |c| c.online_departments().await),
    op!("reports.agents.get", rows, |c| {
        c.list(&AgentsReport { from: time(), to: time(), columns: vec!["id".into()] }, PAGE).await
    }),
    op!("reports.channels.get", rows, |c| {
        c.list(&ChannelsReport { from: time(), to: time(), columns: vec!["id".into()] }, PAGE).await
    }),
    op!("reports.departments.get", rows, |c| {
        c.list(&DepartmentsReport { from: time(), to: time(), columns: vec!["id".into()] }, PAGE).await
    }),
    op!("reports.performance.get", rows, |c| {
        let (columns, group_by) = (vec!["id".into()], Some(GroupBy::Day));
        c.list(&PerformanceReport { from: time(), to: time(), columns, group_by }, PAGE).await
    }),
    op!("reports.tags.get", rows, |c| {
        c.list(&TagsReport { from: time(), to: time(), columns: vec!["id".into()] }, PAGE).await
    }),
    op!("reports.tickets.agentsavailability.get", rows, |c| c
        .list(&agents_availability(Of::Tickets), PAGE)
        .await),
    op!("reports.tickets.load.get", rows, |c| c.list(&load(Of::Tickets), PAGE).await),
    op!("reports.tickets.slacompliance.get", rows, |c| c.list(&sla_compliance(Of::Tickets), PAGE).await),
    op!("reports.tickets.slalog.get", rows, |c| c.list(&sla_log(Of::Tickets), PAGE).await),
    op!("reports.chats.agentsavailability.get", rows, |c| c
        .list(&agents_availability(Of::Chats), PAGE)
        .await),
    op!("reports.chats.availability.get", rows, |c| c.list(&availability(OfLive::Chats), PAGE).await),
    op!("reports.chats.load.get", rows, |c| c.list(&load(Of::Chats), PAGE).await),
    op!("reports.chats.slacompliance.get", rows, |c| c.list(&sla_compliance(Of::Chats), PAGE).await),
    op!("reports.chats.slalog.get", rows, |c| c.list(&sla_log(Of::Chats), PAGE).await),
    op!("reports.calls.agentsavailability.get", rows, |c| c
        .list(&agents_availability(Of::Calls), PAGE)
        .await),
    op!("reports.calls.availability.get", rows, |c| c.list(&availability(OfLive::Calls), PAGE).await),
    op!("reports.calls.load.get", rows, |c| c.list(&load(Of::Calls), PAGE).await),
    op!("reports.calls.slacompliance.get", rows, |c| c.list(&sla_compliance(Of::Calls), PAGE).await),
    op!("reports.calls.slalog.get", rows, |c| c.list(&sla_log(Of::Calls), PAGE).await),
    op!("reports.ranking.get", rows, |c| {
        let question = Ranking {
            from: time(),
            to: time(),
            columns: vec!["id".into()],
            agent: some("a"),
            requester: some("r"),
            ratings: vec![Rating::Positive, Rating::Negative],
        };
        c.list(&question, PAGE).await
    }),
    op!("suggestioncategories.get", rows, |c| c.suggestion_categories().await),
    op!("tags.tagid.delete", nothing, |c| c.tag_delete("sh3j").await),
    op!("tags.get", rows, |c| c.tags().await),
    op!("tags.tagid.get", one, |c| c.tag("sh3j").await),
    op!("tags.post", one, |c| {
        let (color, background) = (some("FFFFFF"), some("0000FF"));
        c.tag_add(&NewTag { name: "VIP".into(), color, background }).await
    }),
    op!("tags.tagid.put", nothing, |c| {
        let (color, background) = (some("FFFFFF"), some("0000FF"));
        c.tag_change("sh3j", &TagChange { name: some("VIP"), color, background }).await
    }),
    op!("widgets.get", rows, |c| {
        let question = Widgets {
            provide: some("F"),
            department: some("dep1"),
            kind: Some(WidgetType::ChatButton),
            use_code: Some(UseCode::Online),
            status: Some(WidgetStatus::Active),
        };
        c.list(&question, PAGE).await
    }),
    op!("widgets.contactwidgetid.get", one, |c| c.widget("widget1").await),
    op!("widgets.post", one, |c| c.widget_add(&widget()).await),
    op!("widgets.contactwidgetid.put", one, |c| c.widget_change("widget1", &widget()).await),
    op!("chats.overview.get", one, |c| c.chats_overview(Some("dep1")).await),
    op!("calls.overview.get", one, |c| c.calls_overview(Some("dep1")).await),
];

/// The operations that the document does not have.
pub(crate) const OTHERS: &[Operation] = &[
    op!("conversations.post", nothing, |c| {
        let new = offhook_liveagent::conversations::NewConversation {
            message: "x".into(),
            by: "jana@acme.example".into(),
            ..Default::default()
        };
        c.conversation_create(&new).await.map(drop)
    }),
    op!("customers.post", nothing, |c| {
        let new =
            offhook_liveagent::customers::NewCustomer { email: some("a@acme.example"), ..Default::default() };
        c.customer_create(&new).await.map(drop)
    }),
    op!("customers.get", rows, |c| {
        c.list(&offhook_liveagent::customers::Customers { email: some("a@acme.example") }, PAGE).await
    }),
    op!("departments.agents.get", rows, |c| c.department_agents("dep1").await),
    op!("files.fetch", one, |c| {
        c.file_fetch(&Url::parse("https://acme.example/logo.png").unwrap()).await
    }),
    op!("key", nothing, |c| c.check_key().await.map(drop)),
    op!("clock", nothing, |c| c.observe_offset().await.map(drop)),
    op!("download", nothing, |c| c.download("/scripts/file.php?file=1", 10).await.map(drop)),
];
