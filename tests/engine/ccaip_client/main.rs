//! The CCAI Platform client alone against the sandbox, over real HTTP: two independent readings of the same document.

mod contacts;
mod every_operation;
mod tenant;

use ccaip::{BaseUrl, Client, Credentials, Id, Listing, Unreadable, Walk};
use sandbox::{CcaipUser, Sandbox};
use wire::{HttpOptions, Secret};

/// A sandbox with these switches, which allows any number of requests.
async fn centre(switches: &[(&str, &str)]) -> Sandbox {
    product_tests::centre(&[&[("rate_per_second", "0")], switches].concat()).await
}

/// The agent who practises, as the tenant knows her.
fn ida(sandbox: &Sandbox) -> CcaipUser {
    sandbox.ccaip_users().into_iter().next().expect("somebody practises")
}

fn client(sandbox: &Sandbox) -> Client {
    as_user(sandbox, Some(sandbox.ccaip_user()), &sandbox.ccaip_token())
}

fn as_user(sandbox: &Sandbox, user: Option<&str>, token: &str) -> Client {
    let base = BaseUrl::parse(&sandbox.ccaip_url()).expect("the sandbox has an address");
    let credentials = Credentials { user: user.map(str::to_owned), token: Secret::new(token) };
    let extra_ca_pem = sandbox.certificate_pem().map(str::to_owned).into_iter().collect();
    Client::new(base, HttpOptions { extra_ca_pem, ..HttpOptions::default() }, credentials).expect("a client")
}

/// A whole list, by pages of this size.
async fn all_of<Q: Listing>(client: &Client, question: Q, per: u32) -> (Vec<Q::Row>, Vec<Unreadable>) {
    let path = question.path().pattern;
    let mut walk = Walk::new(question, per);
    let (mut rows, mut unreadable) = (Vec::new(), Vec::new());
    while let Some(page) = walk.next(client).await.unwrap_or_else(|error| panic!("{path}: {error}")) {
        rows.extend(page.rows);
        unreadable.extend(page.unreadable);
    }
    assert!(!walk.is_cut(), "{path}");
    (rows, unreadable)
}

/// A whole list, of which all can be read.
async fn all<Q: Listing>(client: &Client, question: Q) -> Vec<Q::Row> {
    let path = question.path().pattern;
    let (rows, unreadable) = all_of(client, question, 100).await;
    assert_eq!(unreadable, [], "{path}");
    rows
}

/// Does on the platform's own page what no API does.
fn adapter(sandbox: &Sandbox, deed: &str) {
    let path = format!("/ccaip/ida/{deed}");
    sandbox
        .control()
        .run("POST", &path, serde_json::json!({}))
        .unwrap_or_else(|error| panic!("{path}: {error:?}"));
}

/// Who somebody is, as other records mention it.
fn id_of(user: &CcaipUser) -> Id {
    Id::from(user.id.to_string())
}
