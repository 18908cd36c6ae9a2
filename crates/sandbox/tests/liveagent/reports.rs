//! Reports, the knowledge base and widgets: what their parameters do.

use crate::lab::Lab;
use serde_json::{Value, json};

const EVER: &str = "date_from=2020-01-01&date_to=2099-12-31";

#[tokio::test]
async fn reports_have_the_columns_and_the_page_that_are_asked_for() {
    let lab = Lab::open().await;
    let rows = lab
        .rows(&format!("reports/agents?{EVER}&columns=id,answers,notes&limitcount=3&limitfrom=1"), "agents")
        .await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|r| r.as_object().unwrap().keys().eq(["answers", "id", "notes"])), "{rows:?}");
    assert_eq!(lab.get("reports/agents?date_from=2020-01-01").await.0, 500, "date_to is missing");
    assert_eq!(lab.get("reports/agents?date_from=soon&date_to=later").await.0, 500);
}

#[tokio::test]
async fn the_cap_is_exactly_a_thousand_rows() {
    let lab = Lab::open().await;
    let path = "reports/tickets/load?date_from=2026-01-01&date_to=2026-06-01&limitcount=5000";
    assert_eq!(lab.rows(path, "loads").await.len(), 1_000);
    assert_eq!(lab.rows(&path.replace("&limitcount=5000", ""), "loads").await.len(), 100);
    let rest = lab.rows(&format!("{path}&limitfrom=3000"), "loads").await;
    assert!(rest.len() < 1_000 && !rest.is_empty());
}

#[tokio::test]
async fn figures_of_agents_and_departments_agree() {
    let lab = Lab::with(&[("rate_limit", "0")]).await;
    let before = lab.rows(&format!("reports/departments?{EVER}"), "departments").await;
    let sum = |rows: &[Value], column: &str| -> i64 {
        rows.iter().map(|r| r[column].as_str().unwrap().parse::<i64>().unwrap()).sum()
    };
    let id = lab.opened();
    let reply = [("message", "x"), ("useridentifier", "ida@offhook.example")];
    lab.done("POST", &format!("conversations/{id}/messages"), &reply).await;
    let after = lab.rows(&format!("reports/departments?{EVER}"), "departments").await;
    assert_eq!(sum(&after, "answers"), sum(&before, "answers") + 1);
    assert_eq!(sum(&after, "i_messages"), sum(&before, "i_messages") + 1);
    for (path, name) in [("reports/channels", "channels"), ("reports/performance", "performance")] {
        let rows = lab.rows(&format!("{path}?{EVER}&group_by=month&limitcount=1000"), name).await;
        assert!(sum(&rows, "answers") > 0, "{path}");
    }
    let months =
        lab.rows(&format!("reports/performance?{EVER}&group_by=month&limitcount=1000"), "performance").await;
    assert_eq!(sum(&months, "answers"), sum(&after, "answers"));
}

#[tokio::test]
async fn articles_are_listed_searched_written_and_removed_with_what_is_below() {
    let lab = Lab::open().await;
    let found = lab.rows("knowledgebase/search?query=delivery", "entries").await;
    assert_eq!(found[0]["title"], "Delivery times");
    let category = lab
        .done("POST", "knowledgebase/categories", &[("title", "Spare parts"), ("parent_entry_id", "7")])
        .await;
    let parent = category["kb_entry_id"].as_str().unwrap().to_owned();
    assert_eq!((&category["treepath"], &category["rtype"]), (&json!("0|7"), &json!("C")));
    let content = "Take <b>part</b> X-20<img src=\"pix.gif\">";
    let form =
        [("title", "Which part?"), ("content", content), ("parent_entry_id", &parent), ("access", "I")];
    let article = lab.done("POST", "knowledgebase/articles", &form).await;
    assert_eq!(article["content_simple_html"], "Take <b>part</b> X-20");
    let below = lab.rows(&format!("knowledgebase/entries?tree_path=0%7C7%7C{parent}%7C"), "entries").await;
    assert_eq!(below.len(), 1);
    let own = format!("knowledgebase/articles/{}", article["kb_entry_id"].as_str().unwrap());
    assert_eq!(lab.done("PUT", &own, &[("title", "Which part fits?")]).await["title"], "Which part fits?");
    lab.done("DELETE", &format!("knowledgebase/entries/{parent}"), &[]).await;
    assert!(lab.rows("knowledgebase/search?query=which%20part", "entries").await.is_empty());
    assert_eq!(lab.get("knowledgebase/search").await.0, 500);
}

#[tokio::test]
async fn widgets_are_kept_as_they_were_written() {
    let lab = Lab::open().await;
    let attributes = r#"[{"name":"color","section":"look","value":"red"}]"#;
    let form = [
        ("name", "New"),
        ("provide", "B"),
        ("departmentid", "categories_support"),
        ("rtype", "C"),
        ("usecode", "N"),
        ("status", "A"),
        ("attributes", attributes),
        ("onlinecode", "<b>x</b>"),
    ];
    let made = lab.done("POST", "widgets", &form).await;
    let id = made["contactwidgetid"].as_str().unwrap().to_owned();
    let shown = lab.read(&format!("widgets/{id}")).await;
    assert_eq!((&shown["onlinecode"], &shown["attributes"][0]["value"]), (&json!("<b>x</b>"), &json!("red")));
    let wrong = form.map(|(name, value)| if name == "rtype" { (name, "Ü") } else { (name, value) });
    assert_eq!(lab.send("POST", "widgets", &wrong).await.0, 500);
    assert_eq!(lab.rows("widgets?status=I", "widgets").await.len(), 1);
    lab.done("DELETE", &format!("widgets/{id}"), &[]).await;
    assert_eq!(lab.get(&format!("widgets/{id}")).await.0, 404);
}
