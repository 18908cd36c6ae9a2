//! One account's door to the network, against a server that misbehaves on purpose.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod support;

use std::sync::Arc;
use std::time::Duration;

use offhook_wire::{
    Error, HeaderName, Http, HttpOptions, Method, NetworkKind, Origin, Proxy, Request, Secret, Url,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use support::{Server, Then, json};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

fn origin(url: &str) -> Origin {
    Origin::of(&Url::parse(url).unwrap()).unwrap()
}

fn http(url: &str, options: HttpOptions) -> Http {
    Http::new(origin(url), options).unwrap()
}

fn get(url: &str) -> Request {
    Request::new(Method::GET, Url::parse(url).unwrap()).credential(TOKEN, Secret::new("canary"))
}

#[tokio::test]
async fn the_token_goes_to_our_own_server() {
    let ours = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let answer = http(&ours.url, HttpOptions::default()).send(get(&ours.url)).await.unwrap();
    assert_eq!(answer.status, 200);
    let seen = ours.seen();
    assert_eq!(seen[0].header("x-auth-token"), Some("canary"));
    assert!(seen[0].header("user-agent").unwrap().starts_with("Offhook/"));
}

#[tokio::test]
async fn an_absolute_url_to_another_server_never_carries_the_token() {
    let ours = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let foreign = Server::start(|_, _| json("200 OK", "", "{}")).await;
    http(&ours.url, HttpOptions::default()).send(get(&foreign.url)).await.unwrap();
    assert_eq!(foreign.seen().len(), 1);
    assert!(!foreign.seen()[0].mentions("canary"));
}

#[tokio::test]
async fn a_redirect_is_returned_and_not_followed() {
    let foreign = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let to = format!("Location: {}/stolen\r\n", foreign.url);
    let ours = Server::start(move |_, _| json("302 Found", &to, "")).await;
    let answer = http(&ours.url, HttpOptions::default()).send(get(&ours.url)).await.unwrap();
    assert_eq!(answer.status, 302);
    assert!(foreign.seen().is_empty());
}

#[tokio::test]
async fn a_body_without_end_is_given_up_at_the_limit() {
    let server = Server::start(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        Then::Endless(head, b"4\r\naaaa\r\n".to_vec())
    })
    .await;
    let options = HttpOptions { max_body: 1000, ..HttpOptions::default() };
    let error = http(&server.url, options).send(get(&server.url)).await.unwrap_err();
    assert_eq!(error, Error::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_read() {
    let server =
        Server::start(|_, _| Then::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec()))
            .await;
    let error = http(&server.url, HttpOptions::default()).send(get(&server.url)).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn every_way_of_not_answering_has_its_kind() {
    let closed = Server::start(|_, _| Then::Close).await;
    let cut =
        Server::start(|_, _| Then::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec())).await;
    let silent = Server::start(|_, _| Then::Stall(Vec::new())).await;
    let stalled =
        Server::start(|_, _| Then::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec())).await;
    let nobody = {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", taken.local_addr().unwrap())
    };
    let options = HttpOptions { timeout: Duration::from_millis(300), ..HttpOptions::default() };
    for (url, expected) in [
        (closed.url.as_str(), NetworkKind::Closed),
        (cut.url.as_str(), NetworkKind::Closed),
        (silent.url.as_str(), NetworkKind::Timeout),
        (stalled.url.as_str(), NetworkKind::Timeout),
        (nobody.as_str(), NetworkKind::Connect),
    ] {
        let error = http(url, options.clone()).send(get(&format!("{url}/x?token=canary"))).await.unwrap_err();
        let Error::Network { kind, ref detail, .. } = error else { panic!("{error:?}") };
        assert_eq!(kind, expected, "{detail}");
        assert!(!detail.contains("canary"), "{detail}");
    }
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_said_to_be_unknown() {
    let url = "https://no-such-host.invalid";
    // Long enough for a name service that answers slowly that it is not there.
    let patience = Duration::from_secs(60);
    let options = HttpOptions {
        proxy: Proxy::None,
        connect_timeout: patience,
        timeout: patience,
        ..HttpOptions::default()
    };
    let error = http(url, options).send(get(url)).await.unwrap_err();
    assert!(matches!(error, Error::Network { kind: NetworkKind::Dns, .. }), "{error:?}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    let proxy = Server::start(|_, _| json("407 Proxy Authentication Required", "", "")).await;
    let options =
        HttpOptions { proxy: Proxy::Url(Url::parse(&proxy.url).unwrap()), ..HttpOptions::default() };
    let error = http("https://acme.example", options).send(get("https://acme.example/")).await.unwrap_err();
    assert!(matches!(error, Error::Network { kind: NetworkKind::Proxy, .. }), "{error:?}");
    assert_eq!(proxy.seen()[0].line, "CONNECT acme.example:443");
    assert!(!proxy.seen()[0].mentions("canary"));
}

#[tokio::test]
async fn this_computer_is_reached_without_the_proxy() {
    let server = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let proxy = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let options =
        HttpOptions { proxy: Proxy::Url(Url::parse(&proxy.url).unwrap()), ..HttpOptions::default() };
    http(&server.url, options).send(get(&server.url)).await.unwrap();
    assert!(proxy.seen().is_empty());
}

#[tokio::test]
async fn a_zipped_answer_is_unzipped() {
    let server = Server::start(|_, seen| {
        assert!(seen.header("accept-encoding").is_some_and(|all| all.contains("gzip")));
        // `{}` with gzip's frame around a stored block.
        let zipped: &[u8] = &[
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xfd, 0xff, b'{', b'}', 0x43, 0xbf, 0xa6, 0xa3, 2,
            0, 0, 0,
        ];
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", zipped.len());
        Then::Bytes([head.as_bytes(), zipped].concat())
    })
    .await;
    let answer = http(&server.url, HttpOptions::default()).send(get(&server.url)).await.unwrap();
    assert_eq!(&answer.body[..], b"{}");
}

/// A server for 127.0.0.1 whose certificate is signed by "Acme Inspection"; and that authority as PEM.
async fn inspected() -> (Server, String) {
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.distinguished_name.push(DnType::CommonName, "Acme Inspection");
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &ca).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    (Server::start_tls(|_, _| json("200 OK", "", "{}"), acceptor).await, ca.pem())
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused_and_its_issuer_named() {
    let (server, _) = inspected().await;
    let error = http(&server.url, HttpOptions::default()).send(get(&server.url)).await.unwrap_err();
    let Error::Network { kind: NetworkKind::Tls { host, issuer }, .. } = error else { panic!("{error:?}") };
    assert_eq!((host.as_str(), issuer.as_deref()), ("127.0.0.1", Some("Acme Inspection")));
    assert!(server.seen().is_empty(), "nothing was sent, above all no token");
}

#[tokio::test]
async fn an_extra_authority_is_trusted_for_this_account() {
    let (server, pem) = inspected().await;
    let options = HttpOptions { extra_ca_pem: vec![pem], ..HttpOptions::default() };
    let http = http(&server.url, options);
    assert_eq!(http.send(get(&server.url)).await.unwrap().status, 200);
    http.reset();
    assert_eq!(http.send(get(&server.url)).await.unwrap().status, 200);
}

/// Asks again in a process of its own, because the environment is read there and may not be changed here.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn what_the_environment_calls_the_systems_authorities_is_trusted() {
    const URL: &str = "OFFHOOK_TEST_TRUST_URL";
    if let Ok(url) = std::env::var(URL) {
        assert_eq!(http(&url, HttpOptions::default()).send(get(&url)).await.unwrap().status, 200);
        return;
    }
    let (server, pem) = inspected().await;
    let file = std::env::temp_dir().join(format!("offhook-trust-{}.pem", std::process::id()));
    std::fs::write(&file, pem).unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "what_the_environment_calls_the_systems_authorities_is_trusted"]);
    let output = child.env(URL, &server.url).env("SSL_CERT_FILE", &file).output().await;
    std::fs::remove_file(&file).unwrap();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(server.seen().len(), 1, "the child has been here");
}

#[tokio::test]
async fn neither_a_request_nor_an_answer_can_be_logged_with_its_secrets() {
    let server = Server::start(|_, _| json("200 OK", "Set-Cookie: c_user=canary\r\n", "\"canary\"")).await;
    let request = get(&format!("{}/x?token=canary", server.url)).json("canary");
    assert!(!format!("{request:?}").contains("canary"));
    let answer = http(&server.url, HttpOptions::default()).send(request).await.unwrap();
    assert!(!format!("{answer:?}").contains("canary"));
}

#[tokio::test]
async fn a_broken_authority_or_proxy_is_said_before_anything_is_sent() {
    for pem in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let options = HttpOptions { extra_ca_pem: vec![pem.to_owned()], ..HttpOptions::default() };
        let refused = Http::new(origin("https://acme.example"), options);
        assert!(matches!(refused, Err(Error::InvalidInput { .. })), "{pem:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_header_is_refused() {
    let server = Server::start(|_, _| json("200 OK", "", "{}")).await;
    let request = Request::new(Method::GET, Url::parse(&server.url).unwrap())
        .credential(TOKEN, Secret::new("two\r\nlines: canary"));
    let error = http(&server.url, HttpOptions::default()).send(request).await.unwrap_err();
    assert!(matches!(error, Error::InvalidInput { .. }));
    assert!(!error.to_string().contains("canary"));
}
