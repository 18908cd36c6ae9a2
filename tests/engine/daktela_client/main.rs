//! The Daktela client alone against the sandbox, over real HTTP: two independent readings of the same documents.

mod faults;
mod records;
mod shift;
mod signing_in;
mod tickets;

use daktela::{BaseUrl, Client, Credential};
use sandbox::Sandbox;
use wire::{HttpOptions, Secret};

fn client(sandbox: &Sandbox, credential: Credential) -> Client {
    let base = BaseUrl::parse(&sandbox.daktela_url()).expect("the sandbox has an address");
    let extra_ca_pem = sandbox.certificate_pem().map(str::to_owned).into_iter().collect();
    let options = HttpOptions { extra_ca_pem, ..HttpOptions::default() };
    Client::new(base, options, credential).expect("a client")
}

/// The sandbox's first user with the static token.
fn with_token(sandbox: &Sandbox) -> Client {
    client(sandbox, Credential::Token(Secret::new(sandbox.users()[0].access_token.clone())))
}

/// The sandbox's first user, signed in with the password.
async fn signed_in(sandbox: &Sandbox) -> Client {
    let ida = &sandbox.users()[0];
    let client = client(sandbox, Credential::None);
    client.login(&ida.username, &Secret::new(ida.password.clone())).await.expect("the password is right");
    client
}
