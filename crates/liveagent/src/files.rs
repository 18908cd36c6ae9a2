//! Files: up in a form, down from a link.
//!
//! A file is uploaded first and then named by its id in a message; one that nobody names is deleted after two weeks. It is
//! sent as base64 in a form, so it is held in memory as a whole.
//!
//! A download begins at the link of the file, which leaves out the scheme. The account's own server gets the key; any other
//! gets none, and has to speak `https`. Since version 5.25 the link of a ticket's attachment "may be incorrect": then
//! the answer is [`Error::NotFound`], and API v3 is said to have the right one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use wire::retry::Effect;
use wire::{Error, HeaderName, Method, Request, Secret, Url, UrlForLog};

use crate::answer;
use crate::call::Call;
use crate::client::{Client, with_key};
use crate::inferred::LARGEST_UPLOAD;
use crate::loose::record;
use crate::time::AccountTime;

record! {
    /// A file.
    pub struct File {
        /// Which one.
        id: String = "fileid",
        /// When it was uploaded.
        created: Option<AccountTime> = "created",
        /// Its name; anything a stranger wanted, path signs included.
        name: Option<String> = "filename",
        /// Its size in bytes.
        size: Option<i64> = "filesize",
        /// What it says it is (`image/jpeg`).
        media_type: Option<String> = "filetype",
        /// How often it was downloaded.
        downloads: Option<i64> = "downloads",
        /// Where it is; without a scheme.
        link: Option<String> = "downloadUrl",
    }
}

/// What came from a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// What the server says it is.
    pub media_type: Option<String>,
    /// The bytes.
    pub bytes: Bytes,
}

/// How long an upload may take in all.
const UPLOAD_TIME: Duration = Duration::from_secs(180);
/// How long a download may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How often a download may be sent on.
const MOST_REDIRECTS: usize = 3;

impl Client {
    /// What is known about a file.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that id.
    pub async fn file(&self, file: &str) -> Result<File, Error> {
        self.one(Call::get(["files", file])).await
    }

    /// Uploads a file and returns what the platform made of it.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`LARGEST_UPLOAD`], before anything is sent; [`Error::Refused`] in the platform's
    /// words.
    pub async fn file_upload(&self, name: &str, media_type: &str, bytes: &[u8]) -> Result<File, Error> {
        if bytes.len() > LARGEST_UPLOAD {
            return Err(Error::TooLarge { limit: LARGEST_UPLOAD as u64 });
        }
        let call = Call::post(["files"]).field("name", name).field("type", media_type);
        self.open_within(call.field("data", STANDARD.encode(bytes)), UPLOAD_TIME).await?.one()
    }

    /// Has the platform fetch a file from a public address.
    ///
    /// # Errors
    /// [`Error::Refused`] in the platform's words.
    pub async fn file_fetch(&self, link: &Url) -> Result<File, Error> {
        let call = Call::post(["files"]).field("downloadUrl", link.as_str());
        self.open_within(call, UPLOAD_TIME).await?.one()
    }

    /// Downloads what is at a link of the platform ([`File::link`]), `limit` bytes at most. Redirects are followed, and the
    /// key goes to the account's own server only, wherever they lead.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above the limit; [`Error::InvalidInput`] for a link that is neither the account's own nor
    /// `https`; [`Error::Network`] if the server falls silent.
    ///
    /// # Cancel safety
    /// Dropping the future ends the download.
    pub async fn download(&self, link: &str, limit: u64) -> Result<Download, Error> {
        let mut url = self.base().link(link)?;
        for _ in 0..=MOST_REDIRECTS {
            match self.download_step(&url, limit).await? {
                Step::Done(download) => return Ok(download),
                Step::On(next) => url = next,
            }
        }
        Err(answer::protocol(&url, &[], "", "it is sent on and on".to_owned()))
    }

    async fn download_step(&self, url: &Url, limit: u64) -> Result<Step, Error> {
        let key = self.key();
        let (request, own) = self.download_request(url, &key)?;
        // Only the platform's own server counts requests.
        let turn = if own { Some(self.pace().turn(self.class()).await) } else { None };
        let mut opened = within(url, self.line().http.open(request)).await?;
        drop(turn);
        let status = opened.status();
        if (300..400).contains(&status) {
            let next = opened.header(answer::LOCATION).and_then(|to| url.join(to).ok());
            return next
                .map(Step::On)
                .ok_or_else(|| answer::protocol(url, &[], "", "it is sent on to nowhere".to_owned()));
        }
        if !(200..300).contains(&status) {
            let said = within(url, opened.into_answer()).await?;
            if status == 429 && own {
                self.pace().refused(said.retry_after());
            }
            return Err(answer::refusal(status, &said, url, Effect::Read, Vec::new()));
        }
        let media_type = opened.header(CONTENT_TYPE).map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(piece) = within(url, opened.chunk()).await? {
            if (bytes.len() + piece.len()) as u64 > limit {
                return Err(Error::TooLarge { limit });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Step::Done(Download { media_type, bytes: bytes.into() }))
    }

    /// The request for a link, and whether it goes to the account's own server.
    fn download_request(&self, url: &Url, key: &Secret) -> Result<(Request, bool), Error> {
        let origin = self.base().origin();
        if origin.owns(url) {
            return Ok((Request::new(Method::GET, with_key(url.clone(), key)), true));
        }
        if url.scheme() != "https" {
            tracing::warn!(url = %UrlForLog(url), "a link that is not https");
            return Err(Error::invalid("link", "it is not https"));
        }
        Ok((Request::new(Method::GET, url.clone()), false))
    }
}

/// Where a download has come to.
enum Step {
    Done(Download),
    On(Url),
}

async fn within<T>(url: &Url, step: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match tokio::time::timeout(SILENCE, step).await {
        Ok(result) => result,
        Err(_elapsed) => Err(Error::Network {
            kind: wire::NetworkKind::Timeout,
            host: url.host_str().unwrap_or_default().to_owned(),
            detail: "silent for too long".to_owned(),
        }),
    }
}

const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");
