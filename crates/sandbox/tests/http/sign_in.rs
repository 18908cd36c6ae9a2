//! Tokens in all their forms, login, refresh, logout, whoim.

use crate::lab::{Lab, told};
use reqwest::Method;
use serde_json::json;

const GOOD: &str = r#"{"username":"ida","password":"practice-ida"}"#;

#[tokio::test]
async fn a_token_is_taken_from_every_place_where_clients_put_it() {
    let lab = Lab::open().await;
    let token = lab.token.clone();
    let url = lab.url("statuses.json?take=1");
    let plain = || lab.http.get(&url);
    let forms = [
        ("header", plain().header("x-Auth-Token", &token)),
        ("openapi header", plain().header("X-AUTH-TOKEN-OPENAPI", &token)),
        ("bearer", plain().header("Authorization", format!("Bearer {token}"))),
        ("cookie", plain().header("Cookie", format!("lang=en_US; c_user={token}"))),
        ("query", lab.http.get(format!("{url}&accessToken={token}"))),
        (
            "external",
            lab.http.get(
                lab.url(&format!("statuses?accessToken={token}")).replace("/api/v6", "/external/api/v6"),
            ),
        ),
        (
            "body",
            lab.http
                .post(lab.url("usersSession"))
                .form(&[("accessToken", token.as_str()), ("setReady", "0")]),
        ),
    ];
    for (form, request) in forms {
        assert_eq!(told(request.send().await.unwrap()).await.0, 200, "{form}");
    }
    let (status, body) = told(plain().header("X-AUTH-TOKEN", "nonsense").send().await.unwrap()).await;
    assert_eq!((status, body), (401, json!(null)), "a bad token is 401 with an empty body");
}

#[tokio::test]
async fn login_answers_an_object_a_bare_token_or_an_empty_401() {
    let lab = Lab::open().await;
    let login = |body: &'static str| {
        lab.http.post(lab.url("login")).header("content-type", "application/json").body(body)
    };
    let whole = login(GOOD).send().await.unwrap();
    let cookies: Vec<_> =
        whole.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).collect();
    assert!(
        cookies.iter().any(|c| c.starts_with("c_user="))
            && cookies.iter().any(|c| c.starts_with("c_refresh_token="))
    );
    let (status, body) = told(whole).await;
    assert_eq!((status, &body["error"]), (200, &json!([])));
    let expires = body["result"]["accessTokenExpirationDate"].as_str().unwrap();
    assert!(expires.len() == 19 && body["result"]["refreshToken"].is_string(), "{body}");
    assert!(
        ["_time", "_serverTime", "_timezone", "error", "result"].iter().all(|key| body.get(key).is_some()),
        "{body}"
    );

    let bare = login(r#"{"username":"ida","password":"practice-ida","only_token":1}"#).send().await.unwrap();
    assert!(bare.headers().get("set-cookie").is_none());
    assert!(told(bare).await.1["result"].is_string());

    let wrong = login(r#"{"username":"ida","password":"guess"}"#).send().await.unwrap();
    assert_eq!(told(wrong).await, (401, json!(null)));
    let unknown = login(r#"{"username":"nobody","password":"x"}"#).send().await.unwrap();
    assert_eq!(told(unknown).await, (401, json!(null)));
}

#[tokio::test]
async fn login_takes_json_form_multipart_and_a_bare_query() {
    let lab = Lab::open().await;
    let url = lab.url("login.json");
    let pairs = [("username", "ida"), ("password", "practice-ida"), ("only_token", "1")];
    let parts = pairs.iter().fold(reqwest::multipart::Form::new(), |form, (k, v)| form.text(*k, *v));
    let requests = [
        lab.http.post(&url).form(&pairs),
        lab.http.post(&url).multipart(parts),
        lab.http.post(format!("{url}?username=ida&password=practice-ida&only_token=true")),
    ];
    for request in requests {
        let (status, body) = told(request.send().await.unwrap()).await;
        assert!(status == 200 && body["result"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn an_expired_token_is_refreshed_once_and_revoked_ones_are_gone() {
    let mut lab = Lab::open().await;
    let (_, first) = lab.post("login", serde_json::from_str(GOOD).unwrap()).await;
    let fixed = std::mem::replace(&mut lab.token, first["result"]["accessToken"].as_str().unwrap().into());
    assert_eq!(lab.get("statuses").await.0, 200);
    lab.control().run("POST", "/tokens/expire", json!({"user": "ida"})).unwrap();
    assert_eq!(lab.get("statuses").await, (401, json!(null)));
    let refresh = json!({"refreshToken": first["result"]["refreshToken"]});
    let (status, second) = lab.put("login.json", refresh.clone()).await;
    assert_eq!(status, 200);
    lab.token = second["result"]["accessToken"].as_str().unwrap().into();
    assert_eq!(lab.get("statuses").await.0, 200);
    assert_eq!(lab.put("login", refresh).await.0, 401, "a refresh token is good once");

    lab.control().run("POST", "/tokens/revoke", json!({"user": "ida"})).unwrap();
    assert_eq!(lab.get("statuses").await.0, 401);
    lab.token = fixed;
    assert_eq!(lab.get("statuses").await.0, 401, "the static token was revoked too");
}

#[tokio::test]
async fn a_token_from_login_runs_out_on_the_scenario_clock() {
    let mut lab = Lab::with(&[("token_ttl", "60")]).await;
    let (_, body) = lab.post("login", serde_json::from_str(GOOD).unwrap()).await;
    lab.token = body["result"]["accessToken"].as_str().unwrap().into();
    lab.control().advance(50);
    assert_eq!(lab.get("statuses").await.0, 200);
    lab.control().advance(15);
    assert_eq!(lab.get("statuses").await.0, 401);
}

#[tokio::test]
async fn whoim_tells_who_it_is_or_the_version_only() {
    let mut lab = Lab::open().await;
    let who = lab.result("whoim").await;
    assert_eq!(
        (&who["user"]["name"], &who["user"]["_sys"]["accessToken"]),
        (&json!("ida"), &json!(lab.token))
    );
    assert_eq!(who["version"]["current"].as_str().unwrap().split('.').count(), 3);
    assert_eq!(who["user"]["profile"]["options"]["extensionRequired"], true);
    let devices: Vec<_> =
        who["user"]["extensions"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
    assert_eq!(devices, ["290", "291", "301"]);
    assert!(who["user"]["extensions"][0].get("password").is_none(), "the secret is not told here");
    let support = who["queues"].as_array().unwrap().iter().find(|q| q["name"] == 2000).unwrap();
    assert_eq!(support["_rdata"]["login"], "auto");
    assert!(
        who["pauses"].as_array().unwrap().iter().all(|p| p["type"] == ""),
        "only pauses that an agent may choose"
    );

    lab.token = "gone".into();
    let nobody = lab.result("whoim").await;
    assert!(nobody["user"].is_null() && nobody["version"].is_object() && nobody.get("queues").is_none());
}

#[tokio::test]
async fn logout_ends_a_login_token_and_keeps_a_static_one() {
    let mut lab = Lab::open().await;
    let fixed = lab.token.clone();
    let (_, body) = lab.post("login", serde_json::from_str(GOOD).unwrap()).await;
    lab.token = body["result"]["accessToken"].as_str().unwrap().into();
    lab.ready().await;
    assert_eq!(lab.get("logout").await.0, 200);
    assert_eq!(lab.get("statuses").await.0, 401);
    assert_eq!(lab.control().state()["agents"]["ida"]["presence"], "signed_out");
    lab.token = fixed;
    assert_eq!(lab.get("logout").await.0, 200);
    assert_eq!(lab.get("statuses").await.0, 200);
}

#[tokio::test]
async fn global_settings_need_no_token_and_show_a_tenant_without_passwords() {
    let lab = Lab::with(&[("sso_only", "on")]).await;
    let url = format!("{}/internal/globalsettings.json", lab.sandbox.daktela_url());
    let (status, body) = told(lab.http.get(url).send().await.unwrap()).await;
    let ways = &body["result"]["authentications"];
    assert_eq!(
        (status, ways["google_auth"].as_array().unwrap().len(), &ways["daktela_auth"]),
        (200, 1, &json!([]))
    );
    let (status, body) = lab.post("login", serde_json::from_str(GOOD).unwrap()).await;
    assert_eq!((status, body["error"]["primary"].as_array().unwrap().len()), (400, 1));
}

#[tokio::test]
async fn language_and_time_zone_follow_the_client() {
    let lab = Lab::open().await;
    let request =
        lab.request(Method::PUT, "activities/nonsense").header("Accept-Language", "cs_CZ").json(&json!({}));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["set-cookie"].to_str().unwrap(), "lang=cs_CZ; Path=/");
    let wrong =
        lab.request(Method::POST, "tickets").header("Accept-Language", "cs").json(&json!({"title": ""}));
    let (_, body) = told(wrong.send().await.unwrap()).await;
    assert_eq!(body["error"]["form"]["title"], "Položka je povinná");

    let tokyo = |token: &str| {
        let request = lab.http.get(lab.url("whoim")).header("x-timezone-client", "Asia/Tokyo");
        request.header("X-AUTH-TOKEN", token)
    };
    assert_eq!(told(tokyo(&lab.token).send().await.unwrap()).await.1["_timezone"], "Asia/Tokyo");
    let stranger = told(tokyo("nobody").send().await.unwrap()).await.1;
    assert_eq!(stranger["_timezone"], "Europe/Prague", "only who is known may choose");
}

#[tokio::test]
async fn jsonp_wraps_the_answer_into_the_named_function() {
    let lab = Lab::open().await;
    let url = lab.url(&format!("whoim?callback=jQuery_1&accessToken={}", lab.token));
    let answer = lab.http.get(url).send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/javascript"));
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("jQuery_1({") && text.ends_with("});"), "{text}");
}

#[tokio::test]
async fn cookie_clients_get_new_tokens_with_any_answer_when_they_rotate() {
    let lab = Lab::with(&[("rotate_cookies", "on")]).await;
    let cookie = format!("c_user={}", lab.token);
    let answer = lab.http.get(lab.url("statuses")).header("Cookie", cookie).send().await.unwrap();
    let fresh = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert!(fresh.starts_with("c_user=") && !fresh.ends_with(&lab.token));
    let again = lab.http.get(lab.url("statuses")).header("Cookie", fresh).send().await.unwrap();
    assert_eq!(again.status(), 200);
}
