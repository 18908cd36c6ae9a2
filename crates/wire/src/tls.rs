//! TLS as the operating system wants it.
//!
//! Certificates are judged by the system's own verifier (which knows a company's inspecting proxy), plus the
//! extra authorities of an account; `SSL_CERT_FILE` and `SSL_CERT_DIR` are honoured where the system has no
//! verifier of its own. There is no switch to ignore errors. The crypto provider is handed over explicitly and
//! never installed for the whole process, so it does not matter who else uses rustls, or who does so first.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use crate::{Error, certificate};

/// Client settings that trust the system and the authorities in `extra_ca_pem`.
pub(crate) fn client_config(extra_ca_pem: &[String]) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let inner = verifier(&authorities(extra_ca_pem)?, &provider);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous() // not weaker than the system's: the wrapper only adds a name to a refusal
        .with_custom_certificate_verifier(Arc::new(Naming(inner)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn authorities(pems: &[String]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut all = Vec::new();
    for pem in pems {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            all.push(certificate.map_err(|error| unusable(&error))?);
        }
        if all.len() == before {
            return Err(unusable(&"there is no certificate in it"));
        }
    }
    // A broken authority is the administrator's mistake and has to be said, not skipped.
    let mut probe = RootCertStore::empty();
    for certificate in &all {
        probe.add(certificate.clone()).map_err(|error| unusable(&error))?;
    }
    Ok(all)
}

fn verifier(
    extra: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    match Verifier::new_with_extra_roots(extra.iter().cloned(), provider.clone()) {
        Ok(verifier) => Some(Arc::new(verifier)),
        Err(error) => {
            // A bare machine without certificates must still reach the sandbox over plain HTTP.
            tracing::warn!(%error, "the system trusts no certificate authority: no HTTPS server will be trusted");
            None
        }
    }
}

fn unusable(error: &dyn fmt::Display) -> Error {
    Error::invalid("extra certificate authority", error.to_string())
}

/// A refusal with the name of the issuer; found again in the error chain by [`issuer_of`].
#[derive(Debug)]
struct Untrusted {
    reason: String,
    issuer: Option<String>,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Untrusted {}

/// The issuer named in a TLS error: `None` if the error is not one about a certificate.
pub(crate) fn issuer_of(error: &rustls::Error) -> Option<Option<String>> {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => {
            Some(inner.downcast_ref::<Untrusted>().and_then(|untrusted| untrusted.issuer.clone()))
        }
        rustls::Error::InvalidCertificate(_) => Some(None),
        _ => None,
    }
}

/// The system's verdict, with the issuer's name on a refusal.
#[derive(Debug)]
struct Naming(Option<Arc<dyn ServerCertVerifier>>);

impl ServerCertVerifier for Naming {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let reason = match &self.0 {
            None => "the system trusts no certificate authority at all".to_owned(),
            Some(inner) => {
                match inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
                    Ok(verified) => return Ok(verified),
                    Err(error) => error.to_string(),
                }
            }
        };
        let untrusted = Untrusted { reason, issuer: certificate::issuer(end_entity) };
        Err(CertificateError::Other(OtherError(Arc::new(untrusted))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        match &self.0 {
            Some(inner) => inner.supported_verify_schemes(),
            None => ring::default_provider().signature_verification_algorithms.supported_schemes(),
        }
    }
}

impl Naming {
    fn inner(&self) -> Result<&Arc<dyn ServerCertVerifier>, rustls::Error> {
        self.0.as_ref().ok_or(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }
}
