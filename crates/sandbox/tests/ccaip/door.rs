//! Who is let in, how often, by which paths, and what goes wrong on the way.

use crate::lab::{Lab, told};
use offhook_sandbox::Options;
use serde_json::{Value, json};

#[tokio::test]
async fn only_the_subdomain_with_the_token_is_let_in() {
    let lab = Lab::open().await;
    let url = format!("{}/manager/api/v1/teams", lab.sandbox.ccaip_url());
    let token = lab.sandbox.ccaip_token();
    for (user, password, wanted) in [
        ("offhook", token.as_str(), 200),
        ("Offhook", token.as_str(), 200),
        ("somebody", token.as_str(), 401),
        ("offhook", "wrong", 401),
        ("", "", 401),
    ] {
        let (status, body) =
            told(lab.http.get(&url).basic_auth(user, Some(password)).send().await.unwrap()).await;
        assert_eq!(status, wanted, "{user}");
        if wanted == 401 {
            assert_eq!(body, json!({"error": "Unauthorized", "message": "Bad credentials", "status": 401}));
        }
    }
    assert_eq!(lab.http.get(&url).send().await.unwrap().status(), 401);
    lab.sandbox.control().switch("ccaip_user", "any").unwrap();
    assert_eq!(lab.http.get(&url).basic_auth("x", Some(&token)).send().await.unwrap().status(), 200);
    let apps = format!("{}/apps/api/v1/queues/status", lab.sandbox.ccaip_url());
    let (status, body) = told(lab.http.get(apps).send().await.unwrap()).await;
    assert_eq!((status, body), (401, json!({"message": "Bad credentials"})));
}

#[tokio::test]
async fn resources_are_known_in_the_number_that_the_switch_says() {
    let lab = Lab::open().await;
    let tries = |lab: &Lab| {
        let requests = ["menus", "menu/2000", "teams/tree", "team", "campaign/61/contacts", "user_status"]
            .map(|path| lab.request("GET", &format!("/manager/api/v1/{path}")));
        async move {
            let mut statuses = Vec::new();
            for request in requests {
                statuses.push(request.send().await.unwrap().status().as_u16());
            }
            statuses
        }
    };
    assert_eq!(tries(&lab).await, [200; 6]);
    lab.sandbox.control().switch("paths", "plural").unwrap();
    assert_eq!(tries(&lab).await, [200, 404, 200, 404, 404, 404]);
    lab.sandbox.control().switch("paths", "singular").unwrap();
    assert_eq!(tries(&lab).await, [404, 200, 404, 200, 200, 200]);
    let (status, body) = lab.get("menus").await;
    assert_eq!((status, &body["status"], &body["error"]), (404, &json!(404), &json!("Not Found")));
    assert_eq!(lab.get("settings/organization").await.0, 200);
    lab.sandbox.control().switch("paths", "both").unwrap();
    for (path, status) in [("menus/77", 404), ("teams/x", 404), ("campaigns/1", 404), ("unheard_of", 404)] {
        assert_eq!(lab.get(path).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn the_budget_is_the_customers_and_others_eat_of_it() {
    // What others ask fills the budget, so that a slow machine is refused as a fast one is.
    let lab = Lab::with(&[("rate_per_second", "4"), ("others_per_second", "4")]).await;
    let refused = lab.request("GET", "/manager/api/v1/teams").send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    let (status, body) = told(refused).await;
    let wanted = json!({"error": "Too Many Requests", "message": "Too many requests", "status": 429});
    assert_eq!((status, body), (429, wanted));
    lab.sandbox.control().switch("others_per_second", "0").unwrap();
    assert_eq!(lab.get("teams").await.0, 200, "what was refused did not count");
    // Another client of the same customer has none of its own, and no address helps.
    lab.sandbox.control().switch("others_per_second", "4").unwrap();
    lab.pass(5);
    let (status, body) = lab.app("agent_statuses", json!({"status": "Available", "agent_ids": [101]})).await;
    assert_eq!((status, body), (429, json!({"message": "Too many requests"})));
    lab.sandbox.control().switch("retry_after", "absent").unwrap();
    let answer = lab.request("GET", "/manager/api/v1/teams").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("retry-after")), (429, None));
    lab.sandbox.control().switch("rate_per_second", "0").unwrap();
    assert_eq!(lab.get("teams").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_are_all_answered_alike() {
    let lab = Lab::open().await;
    lab.on_page("ida", "available");
    let asks = (0..60).map(|n| {
        let path = ["agents", "calls?per=5", "agents/current_status", "menus/tree"][n % 4];
        let request = lab.request("GET", &format!("/manager/api/v1/{path}"));
        tokio::spawn(async move { (n % 4, told(request.send().await.unwrap()).await) })
    });
    let mut first: [Option<Value>; 4] = Default::default();
    for ask in asks.collect::<Vec<_>>() {
        let (which, (status, body)) = ask.await.unwrap();
        assert_eq!(status, 200);
        // Times of day apart, everybody is told the same.
        let seen = json!(body.as_array().unwrap().iter().map(|r| r["id"].clone()).collect::<Vec<_>>());
        assert_eq!(*first[which].get_or_insert_with(|| seen.clone()), seen);
    }
}

#[tokio::test]
async fn faults_strike_this_face_too() {
    let lab = Lab::open().await;
    let control = lab.sandbox.control();
    control
        .fault(json!({"kind": "status", "status": 429, "retry_after": "7", "platform": "ccaip", "count": 1}))
        .unwrap();
    let answer = lab.request("GET", "/manager/api/v1/teams").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"] == "7"), (429, true));
    control.fault(json!({"kind": "status", "status": 502, "route": "calls.list", "count": 1})).unwrap();
    assert_eq!(lab.rows("teams").await.len(), 4);
    let answer = lab.request("GET", "/manager/api/v1/calls").send().await.unwrap();
    assert_eq!(answer.status(), 502);
    control.fault(json!({"kind": "malformed", "route": "menus", "count": 1})).unwrap();
    let text = lab.request("GET", "/manager/api/v1/menus").send().await.unwrap().text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_err());
    for kind in ["drop", "truncate"] {
        control.fault(json!({"kind": kind, "platform": "ccaip", "count": 1})).unwrap();
        let sent = lab.request("GET", "/manager/api/v1/menus").send().await;
        assert!(match sent {
            Err(_) => true,
            Ok(answer) => answer.text().await.is_err(),
        });
    }
    control.fault(json!({"kind": "lost_answer", "route": "apps.agent_statuses", "count": 1})).unwrap();
    let body = json!({"status": "Available", "agent_ids": [101]});
    assert!(lab.request("POST", "/apps/api/v1/agent_statuses").json(&body).send().await.is_err());
    assert_eq!(lab.shown(101).await.as_deref(), Some("Available"), "it was done all the same");
}

#[tokio::test]
async fn it_speaks_https_with_the_runs_own_authority() {
    let lab = Lab::from(Options { tls: true, ..Options::default() }, &[]).await;
    let pem = lab.sandbox.certificate_pem().unwrap();
    let line = lab.sandbox.ready_line();
    let ccaip = &line["platforms"]["ccaip"];
    assert_eq!((ccaip["certificate_pem"].as_str(), ccaip["user"].as_str()), (Some(pem), Some("offhook")));
    assert_eq!(
        ccaip["users"][0],
        json!({"username": "ida@offhook.example", "id": 101, "title": "Ida Lindqvist"})
    );
    let url = ccaip["url"].as_str().unwrap();
    assert!(url.starts_with("https://"));
    assert!(lab.request("GET", "/manager/api/v1/teams").send().await.is_err(), "nobody trusts it unasked");
    let authority = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
    let request = client.get(format!("{url}/manager/api/v1/agents?per=1"));
    let (status, body) =
        told(request.basic_auth("offhook", ccaip["token"].as_str()).send().await.unwrap()).await;
    assert_eq!(status, 200);
    assert!(body[0]["avatar_url"].as_str().unwrap().starts_with(url));
}
