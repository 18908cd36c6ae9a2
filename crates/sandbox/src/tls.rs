//! A certificate authority for one run, and a certificate of it for this machine's own names.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;
use std::sync::Arc;

/// The server's half of TLS, and the authority that a client has to trust.
pub(crate) struct Identity {
    pub acceptor: tokio_rustls::TlsAcceptor,
    pub authority_pem: String,
}

/// Makes an authority and a certificate for `localhost`, `127.0.0.1` and `::1`.
pub(crate) fn identity() -> io::Result<Identity> {
    let broken = |e: rcgen::Error| io::Error::other(e);
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Offhook sandbox authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate().map_err(broken)?;
    let authority_certificate = authority.self_signed(&authority_key).map_err(broken)?;

    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut leaf = CertificateParams::new(names).map_err(broken)?;
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    let leaf_key = KeyPair::generate().map_err(broken)?;
    let issuer = Issuer::from_params(&authority, &authority_key);
    let certificate = leaf.signed_by(&leaf_key, &issuer).map_err(broken)?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der())),
        )
        .map_err(io::Error::other)?;
    Ok(Identity { acceptor: Arc::new(config).into(), authority_pem: authority_certificate.pem() })
}
