//! What a link shows and where it goes, and whether the two are meant to be mistaken for each other.

use url::{Host, Url};

use crate::Suspicion;
use crate::policy::is_invisible;

/// What is wrong with a link to `href` whose text is `shown`, if anything is.
pub(crate) fn suspicion(href: &str, shown: &str) -> Option<Suspicion> {
    let url = Url::parse(href).ok()?;
    let shown: String = shown.trim().chars().filter(|c| !is_invisible(*c)).collect();
    match url.scheme() {
        "http" | "https" => {
            if !url.username().is_empty() || url.password().is_some() {
                return Some(Suspicion::NameBeforeHost);
            }
            let host = url.host_str()?;
            if promised_host(&shown).is_some_and(|promised| !same_house(&promised, host)) {
                return Some(Suspicion::OtherHost);
            }
            if host.split('.').any(|label| label.starts_with("xn--")) {
                return Some(Suspicion::ForeignLetters);
            }
            matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))).then_some(Suspicion::BareAddress)
        }
        "mailto" => {
            let looks_like_mail = shown.contains('@') && !shown.contains(char::is_whitespace);
            (looks_like_mail && !shown.trim_start_matches("mailto:").eq_ignore_ascii_case(url.path()))
                .then_some(Suspicion::OtherHost)
        }
        "tel" => {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let (promised, dialled) = (digits(&shown), digits(url.path()));
            let tail = promised.trim_start_matches('0');
            (promised.len() >= 6 && !dialled.ends_with(tail.get(1..).unwrap_or(tail)))
                .then_some(Suspicion::OtherHost)
        }
        _ => None,
    }
}

/// The host that a text promises, if it reads like an address at all.
fn promised_host(shown: &str) -> Option<String> {
    let lower = shown.to_lowercase();
    if lower.is_empty() || lower.len() > 300 || lower.contains(char::is_whitespace) || lower.contains('@') {
        return None;
    }
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next()?.trim_end_matches('.');
    let (_, top) = host.rsplit_once('.')?;
    let has_scheme = bare.len() < lower.len();
    let looks_like_host = host
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && top.chars().all(char::is_alphabetic)
        && top.chars().count() >= 2;
    // `invoice.pdf` and `Node.js` promise nothing.
    let file =
        ["pdf", "docx", "doc", "xlsx", "xls", "csv", "txt", "png", "jpg", "jpeg", "zip", "js", "html", "htm"];
    let promised = looks_like_host && (has_scheme || !file.contains(&top));
    promised.then(|| Url::parse(&format!("https://{host}")).ok()?.host_str().map(str::to_owned)).flatten()
}

/// One of the two hosts lies inside the other: `example.com` and `mail.example.com`.
fn same_house(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_start_matches("www."), b.trim_start_matches("www."));
    let inside =
        |part: &str, whole: &str| part == whole || part.strip_suffix(whole).is_some_and(|p| p.ends_with('.'));
    inside(a, b) || inside(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_pretend_are_told_from_honest_ones() {
        for (href, shown, expected) in [
            ("https://shop.example/orders", "View your order", None),
            ("https://shop.example/orders", "shop.example", None),
            ("https://www.shop.example/", "https://shop.example/x", None),
            ("https://click.shop.example/", "www.shop.example", None),
            ("https://evil.example/", "https://bank.example", Some(Suspicion::OtherHost)),
            ("https://evil.example/", "bank.example/login", Some(Suspicion::OtherHost)),
            ("https://evil.example/", "ba\u{202e}nk.example", Some(Suspicion::OtherHost)),
            ("https://notshop.example/", "shop.example", Some(Suspicion::OtherHost)),
            ("https://cdn.example/1", "invoice.pdf", None),
            ("https://bank.example@evil.example/", "Log in", Some(Suspicion::NameBeforeHost)),
            ("https://xn--bnk-hoa.example/", "Log in", Some(Suspicion::ForeignLetters)),
            ("http://192.0.2.1/x", "Log in", Some(Suspicion::BareAddress)),
            ("http://3221225985/x", "Log in", Some(Suspicion::BareAddress)),
            ("mailto:a@b.example", "a@b.example", None),
            ("mailto:a@b.example", "Write to us", None),
            ("mailto:x@evil.example", "a@b.example", Some(Suspicion::OtherHost)),
            ("tel:+420602123456", "602 123 456", None),
            ("tel:+4681234567", "08-123 45 67", None),
            ("tel:+15550100", "+44 20 7946 0123", Some(Suspicion::OtherHost)),
            ("tel:+15550100", "Call us", None),
        ] {
            assert_eq!(suspicion(href, shown), expected, "{href} {shown}");
        }
    }
}
