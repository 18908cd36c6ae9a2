//! Files: bringing them up, and reading those that hang on activities.
//!
//! Neither is part of the REST reference; Daktela's own web page and terminal client use them. They live beside the API,
//! without `.json`, and take the same token.

use bytes::Bytes;
use rand::RngExt;
use serde_json::{Map, Value, json};
use wire::{Error, HeaderName, Method, Request};

use crate::client::Client;
use crate::envelope::Envelope;
use crate::inferred;

/// A file that was brought up and waits to be hung on something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What the server calls it.
    pub key: String,
    /// File name.
    pub title: String,
    /// Media type.
    pub kind: String,
    /// Bytes.
    pub size: u64,
}

impl Client {
    /// Brings a file up. It belongs to nothing until something that is written names it.
    ///
    /// # Errors
    /// [`Error::Refused`], with status 413 and often without words where it is too large.
    pub async fn upload(&self, title: &str, kind: &str, bytes: &[u8]) -> Result<Uploaded, Error> {
        let (media_type, body) = form(title, kind, bytes);
        let mut url = self.base().endpoint(&["file", "upload.php"], "")?;
        url.query_pairs_mut().append_pair("type", "save");
        let request = Request::new(Method::POST, url.clone()).body(&media_type, body).timeout(PATIENCE);
        let answer = self.http().send(self.sign(request)).await?;
        let envelope = Envelope::open(&answer, &url)?.written(answer.status)?;
        let key = inferred::upload_key(&envelope.result)
            .ok_or_else(|| envelope.unexpected("", "expected the name of the file"))?;
        Ok(Uploaded { key, title: title.to_owned(), kind: kind.to_owned(), size: bytes.len() as u64 })
    }

    /// Reads a file of an activity: `mapper` is the model of what it hangs on (`activitiesEmail`,
    /// `activitiesComment`, …), `file` its identifier. Gives the bytes and their media type as the server says.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond `most` bytes, given up before more is read; [`Error::NotFound`].
    pub async fn download(&self, mapper: &str, file: &str, most: u64) -> Result<(Bytes, String), Error> {
        let mut url = self.base().endpoint(&["file", "download.php"], "")?;
        url.query_pairs_mut().extend_pairs([("mapper", mapper), ("name", file), ("download", "1")]);
        let request = Request::new(Method::GET, url.clone());
        let reading = async {
            let mut opened = self.http().open(self.sign(request)).await?;
            if !(200..300).contains(&opened.status()) {
                let answer = opened.into_answer().await?;
                // Always fails: the status says so.
                return Err(match Envelope::open(&answer, &url) {
                    Err(error) => error,
                    Ok(envelope) => envelope.unexpected("", "expected a file"),
                });
            }
            let kind = opened.header(CONTENT_TYPE).unwrap_or_default().to_owned();
            let mut bytes = Vec::new();
            while let Some(piece) = opened.chunk().await? {
                if bytes.len() as u64 + piece.len() as u64 > most {
                    return Err(Error::TooLarge { limit: most });
                }
                bytes.extend_from_slice(&piece);
            }
            Ok((Bytes::from(bytes), kind))
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(read) => read,
            Err(_) => Err(self.timed_out()),
        }
    }
}

/// How long a file may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

const CONTENT_TYPE: HeaderName = HeaderName::from_static("content-type");

/// The files as the write operations name them: a map by key.
pub(crate) fn named(files: &[Uploaded]) -> Value {
    let row = |file: &Uploaded| {
        let row = json!({ "_uid": file.key, "name": file.key, "title": file.title, "size": file.size,
            "type": file.kind });
        (file.key.clone(), row)
    };
    Value::Object(files.iter().map(row).collect::<Map<_, _>>())
}

/// A form with one file (RFC 7578). Quotes and line breaks in the name are written as browsers do.
fn form(title: &str, kind: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let boundary = format!("----offhook{:032x}", rand::rng().random::<u128>());
    let title: String = title.chars().filter(|c| !c.is_control()).collect::<String>().replace('"', "%22");
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let kind = if !kind.is_empty() && kind.chars().all(plain) { kind } else { "application/octet-stream" };
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{title}\"\r\n\
         Content-Type: {kind}\r\n\r\n",
        inferred::UPLOAD_FIELD
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_one_file_whatever_it_is_called() {
        let (media_type, body) = form("a\"b\r\nX: y.pdf", "application/pdf", b"\0\r\n--x");
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = String::from_utf8(body).unwrap();
        assert_eq!(
            body,
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a%22bX: y.pdf\"\r\n\
                 Content-Type: application/pdf\r\n\r\n\0\r\n--x\r\n--{boundary}--\r\n"
            )
        );
        let (_, odd) = form("x", "text/plain\r\nX-Evil: 1", b"");
        assert!(String::from_utf8(odd).unwrap().contains("Content-Type: application/octet-stream\r\n\r\n"));
    }
}
