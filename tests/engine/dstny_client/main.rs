//! The Dstny client alone against the sandbox, over real HTTP: two independent readings of the same document.

mod day;
mod live;
mod readings;
mod streams;

use dstny::{BaseUrl, Client, Identity, Ticket};
use sandbox::Sandbox;
use serde_json::{Value, json};
use wire::{HttpOptions, Secret};

/// A user of the sandbox with the ticket that opens everything.
fn client(sandbox: &Sandbox, user: &str) -> Client {
    let client = without_ticket(sandbox, user);
    let token = sandbox.dstny_users().into_iter().find(|u| u.username == user).expect("a user").token;
    client.set_ticket(Some(Ticket::pasted(Secret::new(token))));
    client
}

fn without_ticket(sandbox: &Sandbox, user: &str) -> Client {
    let known = sandbox.dstny_users().into_iter().find(|u| u.username == user).expect("a user");
    let base = BaseUrl::parse(&sandbox.dstny_url()).expect("the sandbox has an address");
    let identity = Identity { user: known.username, domain: known.domain };
    Client::new(base, HttpOptions::default(), identity, None).expect("a client")
}

/// Does something with the control interface.
fn run(sandbox: &Sandbox, what: &str, body: Value) -> Value {
    sandbox.control().run("POST", what, body).unwrap_or_else(|problem| panic!("{what}: {problem:?}"))
}

/// Somebody calls ida's own number; the identifier of her call.
fn ring(sandbox: &Sandbox) -> String {
    let rung = run(sandbox, "/ring", json!({"agent": "ida", "direct": true, "number": "+442079460123"}));
    rung["call"].as_str().expect("a call").to_owned()
}
