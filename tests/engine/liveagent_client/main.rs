//! The LiveAgent client alone against the sandbox, over real HTTP: two independent readings of the same document.

mod account;
mod conversation;
mod every_operation;

use liveagent::conversations::Conversations;
use liveagent::{BaseUrl, Client, v3};
use sandbox::{Sandbox, Switches};
use wire::{HttpOptions, Secret};

/// The agent who practises, as the account knows her.
fn ida(sandbox: &Sandbox) -> sandbox::LiveAgentUser {
    sandbox.liveagent_users().into_iter().next().expect("somebody practises")
}

fn base(sandbox: &Sandbox) -> BaseUrl {
    BaseUrl::parse(&sandbox.liveagent_url()).expect("the sandbox has an address")
}

fn client(sandbox: &Sandbox) -> Client {
    with_key(sandbox, &sandbox.liveagent_key())
}

fn with_key(sandbox: &Sandbox, key: &str) -> Client {
    Client::new(base(sandbox), HttpOptions::default(), Secret::new(key)).expect("a client")
}

fn client_v3(sandbox: &Sandbox) -> v3::Client {
    v3::Client::new(base(sandbox), HttpOptions::default(), Secret::new(ida(sandbox).v3_key))
        .expect("a client")
}

/// A sandbox with so many tickets.
async fn large(tickets: usize, switches: &[(&str, &str)]) -> Sandbox {
    let mut set = Switches::default();
    for (name, value) in switches {
        set.set(name, value).unwrap_or_else(|error| panic!("{error}"));
    }
    let options = sandbox::Options { tickets, switches: set, ..sandbox::Options::default() };
    sandbox::start(options).await.expect("the sandbox starts")
}

/// A conversation in which ida works, by its id.
async fn hers(client: &Client, sandbox: &Sandbox) -> String {
    let agent = Some(ida(sandbox).username);
    let list =
        client.pages(Conversations { agent, ..Conversations::default() }).all(1000).await.expect("hers");
    list.rows.into_iter().next().expect("she has one").id
}
