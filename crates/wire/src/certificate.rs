//! The issuer's name out of a certificate that was refused.
//!
//! "Not trusted" helps nobody; "not trusted, issued by ACME Inspection Proxy" tells an agent whom to call. The
//! certificate is hostile here (it has just been refused), so this walks the few DER elements in front of the
//! issuer, gives up at the first surprise, and is never used to decide anything.

/// Common name, else organisation, of the issuer; cut to 100 characters, without control characters.
pub(crate) fn issuer(der: &[u8]) -> Option<String> {
    let (certificate, _) = element(der, 0x30)?;
    let (tbs, _) = element(certificate, 0x30)?;
    let tbs = element(tbs, 0xa0).map_or(tbs, |(_, rest)| rest); // version, optional
    let (_serial, rest) = element(tbs, 0x02)?;
    let (_algorithm, rest) = element(rest, 0x30)?;
    let (name, _) = element(rest, 0x30)?;
    part(name, &[0x55, 0x04, 0x03]).or_else(|| part(name, &[0x55, 0x04, 0x0a]))
}

fn part(mut name: &[u8], oid: &[u8]) -> Option<String> {
    while let Some((set, rest)) = element(name, 0x31) {
        name = rest;
        let (pair, _) = element(set, 0x30)?;
        let (key, value) = element(pair, 0x06)?;
        if key == oid {
            let bytes = any(value)?.1;
            let text = String::from_utf8_lossy(bytes);
            return Some(text.chars().filter(|c| !c.is_control()).take(100).collect());
        }
    }
    None
}

/// Contents of the next element if it has this tag, and what follows it.
fn element(input: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, contents, rest) = any(input)?;
    (found == tag).then_some((contents, rest))
}

fn any(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, input) = input.split_first()?;
    let (&first, input) = input.split_first()?;
    let (length, input) = match first {
        0..=0x7f => (usize::from(first), input),
        0x81..=0x83 => {
            let (bytes, input) = input.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), input)
        }
        _ => return None,
    };
    let (contents, rest) = input.split_at_checked(length)?;
    Some((tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    #[test]
    fn the_issuer_is_named() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["acme.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::OrganizationName, "Acme");
        params.distinguished_name.push(DnType::CommonName, "Acme Inspection Proxy");
        let certificate = params.self_signed(&key).unwrap();
        assert_eq!(issuer(certificate.der()).as_deref(), Some("Acme Inspection Proxy"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            issuer(&bytes);
        }
    }
}
