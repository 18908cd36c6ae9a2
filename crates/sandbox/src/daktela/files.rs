//! Files: upload answers a bare JSON string, download the bytes, a recording a short silence. The bytes themselves are
//! the world's.

use super::request::{Call, text};
use super::{Content, Context, Failure, Reply};
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::json;

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
    let mut world = cx.centre.world();
    if param(cx.call, "type") == "remove" {
        let known = world.files.remove(&param(cx.call, "name"));
        return if known { Ok(Reply::bare(json!(true))) } else { Err(Failure::NotFound) };
    }
    let Some(file) = cx.call.uploads.first() else { return Err(Failure::words("No file")) };
    if i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)
        > cx.switches.number("max_file").unwrap_or(i64::MAX)
    {
        return Err(Failure::TooLarge);
    }
    let now = world.now();
    let kept = world.files.put(&file.file_name, &file.mime, file.bytes.clone(), now);
    Ok(Reply::bare(json!(kept.key)))
}

/// By the key that an upload answered, or with a mapper by the number of an attachment.
fn download(cx: &Context<'_>) -> Result<Reply, Failure> {
    let name = param(cx.call, "name");
    let world = cx.centre.world();
    let attached =
        || (!param(cx.call, "mapper").is_empty()).then(|| world.files.get(name.parse().ok()?)).flatten();
    let file = world.files.by_key(&name).or_else(attached).ok_or(Failure::NotFound)?;
    Ok(answer(&file.mime, &file.title, file.bytes.clone()))
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
