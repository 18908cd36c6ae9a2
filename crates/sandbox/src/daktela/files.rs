//! Files: upload answers a bare JSON string, download the bytes, a recording a short silence.

use super::request::{Call, text};
use super::{Content, Context, Failure, Reply};
use crate::world::Dice;
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::json;
use std::collections::BTreeMap;

/// What was uploaded in this run.
#[derive(Debug)]
pub(crate) struct Uploads {
    files: BTreeMap<String, (String, String, Bytes)>,
    dice: Dice,
}

impl Uploads {
    pub(crate) fn new(seed: u64) -> Self {
        Self { files: BTreeMap::new(), dice: Dice::new(seed ^ 0x0F_11_E5) }
    }
}

/// Everything under `/file/`.
pub(super) fn file(cx: &Context<'_>, who: Option<(String, String)>) -> Result<Reply, Failure> {
    let call = cx.call;
    let parts: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    if parts.first() != Some(&"file") {
        return Err(Failure::NotFound);
    }
    who.ok_or(Failure::Unauthorized)?;
    match parts.as_slice() {
        ["file", "upload.php"] if call.method == "POST" => upload(cx),
        ["file", "download.php"] => download(cx),
        ["file", "recording", name] => {
            let world = cx.centre.world();
            let recorded =
                world.activities.get(*name).is_some_and(|a| a.talk_since.is_some() && !a.legs.is_empty());
            if recorded {
                Ok(answer("audio/wav", "recording.wav", silence()))
            } else {
                Err(Failure::NotFound)
            }
        }
        _ => Err(Failure::NotFound),
    }
}

fn answer(mime: &str, name: &str, bytes: Bytes) -> Reply {
    let body = Content::File { mime: mime.to_owned(), name: name.to_owned(), bytes };
    Reply { status: StatusCode::OK, body, cookies: Vec::new() }
}

fn param(call: &Call, name: &str) -> String {
    call.params.get(name).and_then(text).unwrap_or_default()
}

fn upload(cx: &Context<'_>) -> Result<Reply, Failure> {
    let mut uploads = cx.centre.uploads();
    if param(cx.call, "type") == "remove" {
        let known = uploads.files.remove(&param(cx.call, "name")).is_some();
        return if known { Ok(Reply::bare(json!(true))) } else { Err(Failure::NotFound) };
    }
    let Some(file) = cx.call.uploads.first() else { return Err(Failure::words("No file")) };
    let id = uploads.dice.hex(32);
    uploads.files.insert(id.clone(), (file.file_name.clone(), file.mime.clone(), file.bytes.clone()));
    Ok(Reply::bare(json!(id)))
}

fn download(cx: &Context<'_>) -> Result<Reply, Failure> {
    let name = param(cx.call, "name");
    if let Some((title, mime, bytes)) = cx.centre.uploads().files.get(&name) {
        return Ok(answer(mime, title, bytes.clone()));
    }
    if param(cx.call, "mapper").is_empty() {
        return Err(Failure::NotFound);
    }
    let world = cx.centre.world();
    let mut attachments = world.activities.values().flat_map(|a| &a.attachments);
    let found = attachments.find(|f| f.file.to_string() == name).ok_or(Failure::NotFound)?;
    Ok(answer(&found.mime, &found.title, Bytes::from(found.bytes.clone())))
}

/// A tenth of a second of nothing: 8 kHz, 8 bit, mono.
fn silence() -> Bytes {
    const SAMPLES: u32 = 800;
    let mut wav = Vec::with_capacity(44 + SAMPLES as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + SAMPLES).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    for (value, width) in [(16u32, 4), (1, 2), (1, 2), (8_000, 4), (8_000, 4), (1, 2), (8, 2)] {
        wav.extend_from_slice(&value.to_le_bytes()[..width]);
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&SAMPLES.to_le_bytes());
    wav.resize(44 + SAMPLES as usize, 0x80);
    Bytes::from(wav)
}
