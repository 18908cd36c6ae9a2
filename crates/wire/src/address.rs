//! Addresses of platforms, as people have them at hand, and the names that stand in their paths.

use url::Url;

use crate::{Error, Origin};

/// Reads an address that somebody typed or pasted. `https` is assumed; a query (tokens travel there) and a fragment are
/// dropped; the path is left to the platform. `example` is a host and the domain behind it, for the sentences:
/// `("acme", "daktela.com")`.
///
/// # Errors
/// [`Error::InvalidInput`], with a sentence to show, if it is no web address, has no full host name, carries a user
/// name, or is plain `http` to another computer.
pub fn read(text: &str, example: (&str, &str)) -> Result<(Url, Origin), Error> {
    let invalid = |reason: String| Error::invalid("address", reason);
    let (text, (name, domain)) = (text.trim(), example);
    if text.is_empty() {
        return Err(invalid(format!("it is empty; it looks like {name}.{domain}")));
    }
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let mut url =
        Url::parse(&with_scheme).map_err(|error| invalid(format!("it is not a web address: {error}")))?;
    let origin = Origin::of(&url)?;
    let host = url.host_str().unwrap_or_default();
    if url.domain().is_some() && !host.trim_end_matches('.').contains('.') && !origin.is_loopback() {
        return Err(invalid(format!("write it in full, for example {host}.{domain}")));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok((url, origin))
}

/// Percent-encoded UTF-8, everything but the unreserved signs: `+` is `%2B`, `@` is `%40`, `/` is `%2F`.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
