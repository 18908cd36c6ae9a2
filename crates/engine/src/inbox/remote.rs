//! Pictures from elsewhere in a message, fetched only on the agent's word, here and never by a window.
//!
//! The other side learns that somebody looked, from where, and nothing else: no cookies, no referrer, no credentials. What is
//! inside this computer or its network is never asked (a letter could make it ask a router or a printer), unless the account
//! itself is there. Only pictures come back, known by their first bytes whatever the server calls them, and never a large
//! one.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::stream::{self, StreamExt};
use wire::{HeaderName, Http, HttpOptions, Method, Origin, Request, Url};

/// The largest picture, in bytes.
const MOST_EACH: u64 = 5 * 1024 * 1024;
/// The most of all pictures of a message together.
const MOST_TOGETHER: usize = 20 * 1024 * 1024;
/// How many pictures of a message are fetched.
const MOST: usize = 100;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long all of them may take.
const PATIENCE_TOGETHER: Duration = Duration::from_secs(30);
/// How many are fetched at once.
const AT_ONCE: usize = 6;
/// How often a server may send us on.
const REDIRECTS: usize = 3;

/// What of the local network may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// Nothing.
    Nothing,
    /// This computer: the practice centre is here.
    ThisComputer,
    /// This host, because the account is on it.
    Host(String),
}

impl Near {
    /// What an account at this address may have asked.
    pub(super) fn of(url: &str) -> Self {
        let Ok(url) = Url::parse(url) else { return Self::Nothing };
        match (Origin::of(&url), url.host_str()) {
            (Ok(origin), _) if origin.is_loopback() => Self::ThisComputer,
            (_, Some(host)) => Self::Host(host.to_owned()),
            _ => Self::Nothing,
        }
    }

    fn allows(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            _ if is_public(address) => true,
            Self::ThisComputer => address.is_loopback(),
            Self::Host(own) => own == host,
            Self::Nothing => false,
        }
    }
}

/// Fetches pictures: from their addresses to `data:` addresses. What cannot be had is left out.
pub(super) async fn fetch(urls: Vec<String>, near: &Near, options: &HttpOptions) -> HashMap<String, String> {
    let mut pictures = HashMap::new();
    let mut room = MOST_TOGETHER;
    let mut coming = stream::iter(urls.into_iter().take(MOST))
        .map(|url| async move {
            let picture = tokio::time::timeout(PATIENCE, one(&url, near, options)).await.ok().flatten();
            (url, picture)
        })
        .buffer_unordered(AT_ONCE);
    let all = async {
        while let Some((url, picture)) = coming.next().await {
            let Some((mime, bytes)) = picture.filter(|(_, bytes)| bytes.len() <= room) else { continue };
            room -= bytes.len();
            pictures.insert(url, data(mime, &bytes));
        }
    };
    // What is here by then is shown.
    let _ = tokio::time::timeout(PATIENCE_TOGETHER, all).await;
    pictures
}

async fn one(url: &str, near: &Near, options: &HttpOptions) -> Option<(&'static str, bytes::Bytes)> {
    let mut url = Url::parse(url).ok()?;
    for _ in 0..=REDIRECTS {
        let addresses = addresses(&url, near).await?;
        let options =
            HttpOptions { max_body: MOST_EACH, timeout: PATIENCE, pinned: addresses, ..options.clone() };
        let http = Http::new(origin(&url)?, options).ok()?;
        let answer = http.send(Request::new(Method::GET, url.clone())).await.ok()?;
        match answer.status {
            200 => {
                let mime = raster(&answer.body)?;
                return Some((mime, answer.body));
            }
            301 | 302 | 303 | 307 | 308 => {
                url = url.join(answer.header(HeaderName::from_static("location"))?).ok()?;
            }
            _ => return None,
        }
    }
    None
}

/// Who is asked. There is no credential to protect here, so plain HTTP is as good.
fn origin(url: &Url) -> Option<Origin> {
    let mut safe = url.clone();
    if url.scheme() == "http" && !Origin::of(url).is_ok_and(|origin| origin.is_loopback()) {
        safe.set_scheme("https").ok()?;
    }
    Origin::of(&safe).ok()
}

/// Where a host is, if all of it may be asked. The connection is made to these addresses: a name server must not give others
/// the second time.
async fn addresses(url: &Url, near: &Near) -> Option<Vec<SocketAddr>> {
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let found: Vec<SocketAddr> = tokio::net::lookup_host((bare, port)).await.ok()?.collect();
    let is_allowed = !found.is_empty() && found.iter().all(|address| near.allows(host, address.ip()));
    is_allowed.then_some(found)
}

/// Whether an address is one of the open internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = a == 192 && b == 0 && c == 0;
    let is_benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 224
        || is_shared
        || is_protocol
        || is_benchmark
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Ways to reach an address of IPv4 through one of IPv6: judged by what is inside.
    let inside = match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = inside {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Only 2000::/3 is given out; of it, not Teredo and not what is for documents.
    (first & 0xe000) == 0x2000
        && !(first == 0x2001 && (second == 0 || second == 0xdb8))
        && (first & 0xfff0) != 0x3ff0
}

/// The type of a picture by its first bytes; `None` for anything else, a drawing that may run scripts (SVG) first of all.
pub(super) fn raster(bytes: &[u8]) -> Option<&'static str> {
    let is = |magic: &[u8]| bytes.starts_with(magic);
    let at = |place: usize, magic: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(magic));
    if is(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if is(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if is(b"GIF87a") || is(b"GIF89a") {
        Some("image/gif")
    } else if is(b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(4, b"ftypavif") {
        Some("image/avif")
    } else if is(b"BM") && bytes.len() > 26 {
        Some("image/bmp")
    } else {
        None
    }
}

/// A picture as an address that needs no request.
pub(super) fn data(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_not_asked() {
        for near in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:0:1::",
            "2001:db8::1",
            "192.0.2.1",
            "198.18.0.1",
        ] {
            let address: IpAddr = near.parse().unwrap();
            assert!(!Near::Nothing.allows("x.example", address), "{near}");
        }
        for far in ["9.9.9.9", "2620:fe::fe", "64:ff9b::909:909"] {
            assert!(Near::Nothing.allows("x.example", far.parse().unwrap()), "{far}");
        }
    }

    #[test]
    fn an_account_on_this_computer_or_on_the_local_network_may_have_its_own_pictures() {
        let here: IpAddr = "127.0.0.1".parse().unwrap();
        let inside: IpAddr = "10.0.0.5".parse().unwrap();
        assert!(Near::of("http://127.0.0.1:8080").allows("localhost", here));
        assert!(!Near::of("http://127.0.0.1:8080").allows("localhost", inside));
        let desk = Near::of("https://desk.intern.example");
        assert!(desk.allows("desk.intern.example", inside));
        assert!(!desk.allows("printer.intern.example", inside));
        assert!(!Near::of("no address").allows("localhost", here));
    }

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        assert_eq!(raster(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(raster(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(raster(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(raster(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(raster(b"<html>"), None);
        assert_eq!(raster(b""), None);
    }

    #[tokio::test]
    async fn addresses_that_are_no_pictures_on_the_web_are_not_asked() {
        for url in [
            "file:///etc/passwd",
            "ftp://files.example/a.png",
            "http://user:pass@127.0.0.1/",
            "http://[::1]/",
        ] {
            assert_eq!(addresses(&Url::parse(url).unwrap(), &Near::Nothing).await, None, "{url}");
        }
        let here = Url::parse("http://127.0.0.1:9/p.png").unwrap();
        assert!(
            addresses(&here, &Near::ThisComputer).await.is_some(),
            "the check lets through what it should"
        );
    }
}
