//! Every operation that reads, and every one that writes beside a conversation, against the sandbox's own reading of the
//! document: nothing is unreadable and nothing is left without a type.

use std::fmt::Debug;

use liveagent::conversations::CustomField;
use liveagent::customers::{Customers, NewCustomer};
use liveagent::customersgroups::{CustomersGroupChange, NewCustomersGroup};
use liveagent::knowledgebase::{Articles, Entries, KnowledgeBases, NewArticle, NewCategory, Search};
use liveagent::reports::{
    AgentsReport, ChannelsReport, DepartmentsReport, GroupBy, PerformanceReport, Ranking, TagsReport,
};
use liveagent::service_reports::{
    AgentsAvailabilityReport, AvailabilityReport, LoadReport, Of, OfLive, SlaComplianceReport, SlaLogReport,
};
use liveagent::tags::{NewTag, TagChange};
use liveagent::widgets::{Json, UseCode, WidgetForm, WidgetStatus, WidgetType, Widgets};
use liveagent::{AccountTime, Client, Error, List, Listing};
use product_tests::centre;

use super::{client, ida};

/// Reads a list, all of it, with a type for everything.
async fn read<Q: Listing>(client: &Client, question: Q) -> Vec<Q::Row>
where
    Q::Row: Debug,
{
    let path = question.path();
    let list = client.pages(question).all(5000).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    whole(&path, list)
}

fn whole<T: Debug>(what: &str, list: List<T>) -> Vec<T> {
    assert_eq!(list.unreadable, [], "{what}");
    for row in &list.rows {
        let shown = format!("{row:?}");
        let strange: Vec<&str> =
            shown.split("other: ").skip(1).filter(|rest| !rest.starts_with("{}")).collect();
        assert!(strange.is_empty(), "{what}: {strange:?}");
    }
    list.rows
}

#[tokio::test]
async fn every_list_is_read_whole() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let agent = client.agent(&ida(&sandbox).username).await.expect("ida");
    assert_eq!(client.agent(&agent.id).await.expect("by her id").email, agent.email);
    assert!(client.application_status().await.expect("a status").version.is_some());

    let companies = whole("companies", client.companies().await.expect("companies"));
    client.company(&companies[0].id).await.expect("a company");
    let departments = whole("departments", client.departments().await.expect("departments"));
    assert_eq!(client.department(&departments[0].id).await.expect("one").name, departments[0].name);
    whole("agents", client.department_agents(&departments[0].id).await.expect("its agents"));
    assert!(
        whole("online", client.online_agents().await.expect("agents")).iter().any(|row| row.id == agent.id)
    );
    whole("online", client.online_departments().await.expect("departments"));
    whole("suggestions", client.suggestion_categories().await.expect("categories"));
    client.chats_overview(None).await.expect("chats");
    client.calls_overview(Some(&departments[0].id)).await.expect("calls");

    assert!(!read(&client, KnowledgeBases {}).await.is_empty());
    let entries = read(&client, Entries::default()).await;
    assert!(entries.iter().any(|entry| entry.content.is_some()));
    read(&client, Articles::default()).await;
    let word = entries.iter().find_map(|entry| entry.title.as_deref()?.split(' ').next()).expect("a title");
    let found = client.knowledge_search(&Search { query: word.to_owned(), ..Search::default() }).await;
    assert!(!whole("search", found.expect("a search")).is_empty());
    let widgets = read(&client, Widgets::default()).await;
    client.widget(&widgets[0].id).await.expect("a widget");
}

#[tokio::test]
async fn every_report_is_read_whole() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let status = client.application_status().await.expect("a status");
    let to = status.current_server_time.expect("a clock");
    let from = AccountTime(to.0.checked_sub(jiff::Span::new().days(7)).expect("a week ago"));
    let columns = Vec::new;
    assert!(!read(&client, AgentsReport { from, to, columns: columns() }).await.is_empty());
    read(&client, ChannelsReport { from, to, columns: columns() }).await;
    read(&client, DepartmentsReport { from, to, columns: columns() }).await;
    read(&client, TagsReport { from, to, columns: columns() }).await;
    let group_by = Some(GroupBy::Day);
    let days = read(&client, PerformanceReport { from, to, columns: columns(), group_by }).await;
    assert!(days.iter().all(|day| day.from.is_some()));
    read(
        &client,
        Ranking { from, to, columns: columns(), agent: None, requester: None, ratings: Vec::new() },
    )
    .await;
    let (from_, to_) = (Some(from), Some(to));
    for of in [Of::Tickets, Of::Chats, Of::Calls] {
        let (department, agent, user, level) = (None, None, None, None);
        read(&client, LoadReport { of, from: from_, to: to_, department, agent }).await;
        let report =
            SlaComplianceReport { of, from: from_, to: to_, period: None, department: None, user, level };
        read(&client, report).await;
        let (department, agent, requester, level) = (None, None, None, None);
        read(&client, SlaLogReport { of, from, to, columns: columns(), department, agent, requester, level })
            .await;
        let (department, agent) = (None, None);
        read(
            &client,
            AgentsAvailabilityReport { of, from: from_, to: to_, columns: columns(), department, agent },
        )
        .await;
    }
    for of in [OfLive::Chats, OfLive::Calls] {
        read(&client, AvailabilityReport { of, from: from_, to: to_, department: None, agent: None }).await;
    }
    let two = AgentsReport { from, to, columns: vec!["id".into(), "answers".into()] };
    let rows = read(&client, two).await;
    assert!(rows.iter().all(|row| row.answers.is_some() && row.first_name.is_none()));
}

#[tokio::test]
async fn what_is_made_is_there_and_what_is_deleted_is_gone() {
    let sandbox = centre(&[]).await;
    let client = client(&sandbox);
    let some = |text: &str| Some(text.to_owned());

    let new = NewTag { name: "Odd & new".into(), color: some("FFFFFF"), background: some("0000FF") };
    let tag = client.tag_add(&new).await.expect("a tag");
    client
        .tag_change(&tag.id, &TagChange { name: some("Newer"), ..TagChange::default() })
        .await
        .expect("changed");
    assert_eq!(client.tag(&tag.id).await.expect("it").name.as_deref(), Some("Newer"));
    client.tag_delete(&tag.id).await.expect("deleted");
    assert!(client.tag(&tag.id).await.is_err());

    let new = NewCustomersGroup { name: "Patient".into(), ..NewCustomersGroup::default() };
    let group = client.customers_group_add(&new).await.expect("a group");
    let change = CustomersGroupChange { name: some("Very patient"), ..CustomersGroupChange::default() };
    client.customers_group_change(&group.id, &change).await.expect("changed");
    let groups = whole("groups", client.customers_groups().await.expect("groups"));
    assert!(groups.iter().any(|known| known.name.as_deref() == Some("Very patient")));

    let new =
        NewCustomer { email: some("patient@example.org"), first_name: some("Pat"), ..NewCustomer::default() };
    client.customer_create(&new).await.expect("a customer");
    let customer = client.customer("patient@example.org").await.expect("the customer");
    assert_eq!(customer.first_name.as_deref(), Some("Pat"));
    client.customer_group_add(&customer.id, "Very patient").await.expect("a member");
    let member = client.customer_groups(&customer.id).await.expect("groups").rows;
    assert_eq!(member.iter().map(|group| group.group.as_str()).collect::<Vec<_>>(), [group.id.as_str()]);
    client.customer_group_remove(&customer.id, "Very patient").await.expect("no member");
    let field = CustomField { code: "order".into(), value: some("1"), ..CustomField::default() };
    client.customer_fields_add(&customer.id, std::slice::from_ref(&field)).await.expect("described");
    assert!(client.customer(&customer.id).await.expect("the customer").custom_fields.contains(&field));
    client.customer_field_delete(&customer.id, "order").await.expect("no more");
    client.customer_fields_delete_all(&customer.id).await.expect("nothing left");
    assert_eq!(client.customer(&customer.id).await.expect("the customer").custom_fields, []);
    assert!(read(&client, Customers::default()).await.iter().any(|known| known.id == customer.id));
    client.customers_group_delete(&group.id).await.expect("deleted");
    assert!(client.customers_group(&group.id).await.is_err());

    let category =
        client.category_add(&NewCategory { title: "How to".into(), ..NewCategory::default() }).await;
    let category = category.expect("a category");
    let new = NewArticle {
        title: "Unhook".into(),
        content: "<p>Lift the <b>receiver</b>.</p>".into(),
        parent: Some(category.id.clone()),
        ..NewArticle::default()
    };
    let article = client.article_add(&new).await.expect("an article");
    assert_eq!(article.parent.as_deref(), Some(category.id.as_str()));
    client.entry_delete(&category.id).await.expect("deleted");
    let left = read(&client, Entries::default()).await;
    assert!(!left.iter().any(|entry| [&category.id, &article.id].contains(&&entry.id)), "the whole branch");

    let department = client.departments().await.expect("departments").rows.remove(0).id;
    let form = WidgetForm {
        name: "Chat".into(),
        provide: "BFC".into(),
        department,
        kind: WidgetType::ChatButton,
        use_code: UseCode::Both,
        status: WidgetStatus::Active,
        attributes: Json(Vec::new()),
        form_fields: Json(Vec::new()),
        knowledge_base: None,
        description: some("on every page"),
        language: some("en-US"),
        last_display_time: None,
        last_display_url: None,
        online_code: some("<b>here</b>"),
        online_code_ie: None,
        offline_code: None,
        offline_code_ie: None,
        online_css: None,
        online_css_ie: None,
        offline_css: None,
        offline_css_ie: None,
    };
    let widget = client.widget_add(&form).await.expect("a widget");
    let renamed = WidgetForm { name: "Talk".into(), ..form };
    assert_eq!(
        client.widget_change(&widget.id, &renamed).await.expect("changed").name.as_deref(),
        Some("Talk")
    );
    let fetched = client.file_fetch(&wire::Url::parse("https://example.org/logo.png").expect("a URL")).await;
    assert!(client.file(&fetched.expect("a file").id).await.is_ok());
    assert!(matches!(client.widget("nothing").await, Err(Error::NotFound | Error::Refused { .. })));
}
