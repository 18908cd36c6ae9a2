//! Lists: every form of filter, sort, page and fields.

use crate::lab::Lab;
use serde_json::{Value, json};

async fn total(lab: &Lab, query: &str) -> i64 {
    lab.result(&format!("tickets.json?{query}")).await["total"].as_i64().unwrap()
}

#[tokio::test]
async fn filters_flat_single_grouped_and_nested_agree() {
    let lab = Lab::open().await;
    let open = total(&lab, "filter[0][field]=stage&filter[0][operator]=eq&filter[0][value]=OPEN").await;
    assert!(open > 0 && open < 46);
    for same in [
        "filter[field]=stage&filter[operator]=eq&filter[value]=OPEN",
        "filter[filters][0][field]=stage&filter[filters][0][operator]=eq&filter[filters][0][value]=OPEN&filter[logic]=and",
        "filter%5Blogic%5D=and&filter%5Bfilters%5D%5B0%5D%5Bfield%5D=stage&filter%5Bfilters%5D%5B0%5D%5Bvalue%5D=OPEN",
        "filter[field]=stage&filter[operator]=in&filter[value][0]=OPEN&filter[type]=x&filter[ignoreCase]=true",
        "filter[field]=stage&filter[operator]=like&filter[value]=op%25",
        "filter[field]=stage&filter[operator]=regexp&filter[value]=^OPEN$",
        "filter[field]=stage&filter[operator]=notin&filter[value][0]=WAIT&filter[value][1]=CLOSE&filter[value][2]=ARCHIVE",
    ] {
        assert_eq!(total(&lab, same).await, open, "{same}");
    }
    let either = "filter[logic]=or&filter[filters][0][field]=stage&filter[filters][0][operator]=eq&filter[filters][0][value]=OPEN\
        &filter[filters][1][logic]=and&filter[filters][1][filters][0][field]=stage&filter[filters][1][filters][0][operator]=eq\
        &filter[filters][1][filters][0][value]=WAIT&filter[filters][1][filters][1][field]=priority&filter[filters][1][filters][1][operator]=isnotnull";
    let waiting = total(&lab, "filter[field]=stage&filter[operator]=eq&filter[value]=WAIT").await;
    assert_eq!(total(&lab, either).await, open + waiting);
}

#[tokio::test]
async fn fields_are_walked_through_references_lists_and_custom_fields() {
    let lab = Lab::open().await;
    let by_name = total(&lab, "filter[field]=user&filter[operator]=eq&filter[value]=ida").await;
    assert!(by_name > 0);
    assert_eq!(total(&lab, "filter[field]=user&filter[operator]=eq&filter[value]=_LOGGED").await, by_name);
    assert_eq!(
        total(&lab, "filter[field]=user.title&filter[operator]=startswith&filter[value]=Ida").await,
        by_name
    );
    assert_eq!(
        total(&lab, "filter[field]=category.sla.unit&filter[operator]=eq&filter[value]=MINUTES").await,
        9
    );
    assert!(total(&lab, "filter[field]=statuses&filter[operator]=eq&filter[value]=solved").await > 0);
    assert!(
        total(&lab, "filter[field]=followers.title&filter[operator]=contains&filter[value]=veverka").await
            > 0
    );
    assert!(total(&lab, "filter[field]=_ticketView&filter[operator]=eq&filter[value]=waiting").await > 0);
    let numbers = lab
        .result(
            "contacts?filter[field]=customFields.number&filter[operator]=like&filter[value]=%252079460%25",
        )
        .await;
    assert!(numbers["total"].as_i64().unwrap() >= 3, "three Britons and one with many numbers");
}

#[tokio::test]
async fn numbers_booleans_times_and_nulls_compare_as_what_they_are() {
    let lab = Lab::open().await;
    assert_eq!(
        total(&lab, "filter[field]=name&filter[operator]=between&filter[value][0]=9&filter[value][1]=11")
            .await,
        3
    );
    assert_eq!(total(&lab, "filter[field]=name&filter[operator]=lt&filter[value]=10").await, 9);
    assert_eq!(total(&lab, "filter[field]=isParent&filter[operator]=eq&filter[value]=1").await, 1);
    assert_eq!(total(&lab, "filter[field]=created&filter[operator]=gt&filter[value]=2001-01-01").await, 46);
    assert_eq!(
        total(&lab, "filter[field]=created&filter[operator]=lte&filter[value]=2001-01-01 10:00:00").await,
        0
    );
    let none = total(&lab, "filter[field]=closed&filter[operator]=isnull").await;
    assert_eq!(none + total(&lab, "filter[field]=closed&filter[operator]=isnotnull").await, 46);
    assert!(
        total(&lab, "filter[field]=title&filter[operator]=notlike&filter[value]=%25Reklamace%25").await < 46
    );
}

#[tokio::test]
async fn what_cannot_be_understood_is_400() {
    let lab = Lab::open().await;
    for wrong in [
        "filter[field]=nonsense&filter[operator]=eq&filter[value]=1",
        "filter[field]=stage&filter[operator]=nin&filter[value]=1",
        "filter[field]=stage&filter[operator]=in",
        "filter[field]=stage&filter[operator]=between&filter[value]=1",
        "filter[or][0][field]=stage",
        "filter[logic]=xor&filter[filters][0][field]=stage",
        "filter[field]=title&filter[operator]=regexp&filter[value]=(",
        "sort[0][field]=nonsense",
        "take=-1",
    ] {
        assert_eq!(lab.get(&format!("tickets?{wrong}")).await.0, 400, "{wrong}");
    }
    let (status, body) = lab.get("tickets?take=1001").await;
    assert_eq!((status, &body["error"]), (400, &json!(["Max defined take is 1000"])));
}

#[tokio::test]
async fn pages_and_orders_hold_together() {
    let lab = Lab::open().await;
    let names = |rows: &[Value]| rows.iter().map(|r| r["name"].as_i64().unwrap()).collect::<Vec<_>>();
    let up = lab.rows("tickets?sort[0][field]=name&sort[0][dir]=asc&take=5&skip=10").await;
    assert_eq!(names(&up), [11, 12, 13, 14, 15]);
    let page = lab.rows("tickets?sort[field]=name&sort[dir]=asc&page=3&pageSize=5").await;
    assert_eq!(names(&page), names(&up));
    let down = lab
        .rows("tickets?sort[0][field]=stage&sort[0][dir]=desc&sort[1][field]=name&sort[1][dir]=desc&take=2")
        .await;
    assert_eq!(
        (&down[0]["stage"], down[0]["name"].as_i64() > down[1]["name"].as_i64()),
        (&json!("WAIT"), true)
    );
    assert_eq!(lab.rows("tickets?take=10&skip=1000").await.len(), 0);
    assert_eq!(names(&lab.rows("tickets?take=1").await), [46], "the newest first when nothing is said");
    lab.control().switch("default_take", "7").unwrap();
    assert_eq!(lab.rows("tickets").await.len(), 7);
}

#[tokio::test]
async fn only_the_asked_fields_come() {
    let lab = Lab::open().await;
    for form in ["fields[0]=name&fields[1]=title", "fields[]=name&fields[]=title", "fields=name,title"] {
        let row = &lab.rows(&format!("contacts?take=1&{form}")).await[0];
        let mut keys: Vec<_> = row.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["name", "title"], "{form}");
    }
}

#[tokio::test]
async fn full_text_finds_in_any_script() {
    let lab = Lab::open().await;
    for (words, title) in
        [("藤ノ木", "さくら 藤ノ木"), ("криворученко", "Олена Криворученко"), ("weißmü", "Jürgen Weißmüller")]
    {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        let rows = lab.rows(&format!("contacts?{query}")).await;
        assert!(rows.iter().any(|r| r["title"] == title), "{words}");
    }
}

#[tokio::test]
async fn lists_come_in_each_dress() {
    let lab = Lab::with(&[("total", "string"), ("data", "map")]).await;
    let list = lab.result("statuses").await;
    assert_eq!((&list["total"], &list["data"]["solved"]["title"]), (&json!("9"), &json!("Solved")));
    lab.control().switch("total", "absent").unwrap();
    assert!(lab.result("statuses").await.get("total").is_none());
    lab.control().switch("empty_maps", "object").unwrap();
    assert_eq!(lab.result("queues/2002").await["options"], json!({}));
}
