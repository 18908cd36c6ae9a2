//! Files: put up as base64, as a part of a form, or fetched from an address; told of; and downloaded by their own address.

use super::answer::{Failure, Reply, Told, done};
use super::request::Head;
use super::{Context, Perhaps};
use crate::Centre;
use crate::world::StoredFile;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often each file was downloaded.
#[derive(Debug, Default)]
pub(crate) struct Downloads(BTreeMap<i64, u32>);

pub(super) fn answer(cx: &mut Context<'_>) -> Perhaps {
    Some(match cx.call.route.id.as_str() {
        "files.fileid.get" => find(cx).map(|file| Reply::Document(shown(cx, file))),
        "files.post" => put(cx),
        "files.fileid.delete" => {
            let known = cx.world.files.remove(cx.call.path("fileid"));
            if known { done() } else { Err(missing(cx.call.path("fileid"))) }
        }
        _ => return None,
    })
}

fn missing(id: &str) -> Failure {
    Failure::missing(format!("file {id} not found"))
}

fn find<'a>(cx: &'a Context<'_>) -> Result<&'a StoredFile, Failure> {
    let id = cx.call.path("fileid");
    cx.world.files.by_key(id).ok_or_else(|| missing(id))
}

fn shown(cx: &Context<'_>, file: &StoredFile) -> Value {
    let downloads = cx.store.downloads.0.get(&file.number).copied().unwrap_or(0);
    json!({"fileid": file.key, "created": cx.time(file.created), "filename": file.title,
        "filesize": file.bytes.len().to_string(), "filetype": file.mime, "downloads": downloads.to_string(),
        "downloadUrl": format!("//{}/scripts/file.php?view=Y&file={}", cx.call.head.host, file.key)})
}

fn put(cx: &mut Context<'_>) -> Told {
    let call = cx.call;
    let (name, mime) = (call.param("name"), call.param("type"));
    let (title, mime, bytes) = match (call.param("data"), call.uploads.first(), call.param("downloadUrl")) {
        (Some(data), ..) => {
            let needed = |name: &str| Failure::processing(format!("parameter {name} is missing"));
            let packed: String = data.chars().filter(|c| !c.is_whitespace()).collect();
            let bytes = STANDARD.decode(packed).map_err(|_| Failure::processing("data is no base64"))?;
            (name.ok_or_else(|| needed("name"))?, mime.ok_or_else(|| needed("type"))?, Bytes::from(bytes))
        }
        (None, Some(upload), _) => {
            (name.unwrap_or(&upload.name), mime.unwrap_or(&upload.mime), upload.bytes.clone())
        }
        // This centre fetches nothing from anywhere: what is there is made up.
        (None, None, Some(address)) => {
            let title = address.rsplit('/').next().filter(|t| !t.is_empty()).unwrap_or("download");
            let bytes = Bytes::from(format!("fetched from {address}"));
            (name.unwrap_or(title), mime.unwrap_or("application/octet-stream"), bytes)
        }
        (None, None, None) => return Err(Failure::processing("parameter data or downloadUrl is missing")),
    };
    let most = cx.switches.number("max_file").and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    if bytes.len() > most {
        return Err(Failure::too_large(format!("file is larger than {most} bytes")));
    }
    let now = cx.world.now();
    let file = cx.world.files.put(title, mime, bytes, now).clone();
    Ok(Reply::Document(shown(cx, &file)))
}

/// `/scripts/file.php?view=Y&file=…`: whoever has the address has the file.
pub(super) fn download(centre: &Arc<Centre>, place: &Head) -> Told {
    let id = place.query.iter().find(|(n, _)| n == "file").map_or("", |(_, v)| v);
    let world = centre.world();
    let file = world.files.by_key(id).ok_or_else(|| missing(id))?;
    *centre.liveagent().downloads.0.entry(file.number).or_default() += 1;
    Ok(Reply::File { mime: file.mime.clone(), name: file.title.clone(), bytes: file.bytes.clone() })
}
