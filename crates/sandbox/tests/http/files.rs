//! Upload, download, recordings, and the original of a message.

use crate::lab::{Lab, told};
use reqwest::multipart::{Form, Part};
use serde_json::json;

#[tokio::test]
async fn a_file_is_uploaded_fetched_and_removed() {
    let lab = Lab::open().await;
    let base = lab.sandbox.daktela_url();
    let file = Part::bytes(vec![0u8, 159, 146, 150]).file_name("снимок.png").mime_str("image/png").unwrap();
    let upload = lab.http.post(format!("{base}/file/upload.php?type=save&accessToken={}", lab.token));
    let (status, id) = told(upload.multipart(Form::new().part("files", file)).send().await.unwrap()).await;
    assert_eq!(status, 200);
    let id = id.as_str().expect("a bare JSON string").to_owned();
    let fetch = format!("{base}/file/download.php?mapper=activitiesComment&name={id}&download=1");
    let get = || lab.http.get(&fetch).header("X-AUTH-TOKEN", &lab.token).send();
    let got = get().await.unwrap();
    assert_eq!(got.headers()["content-type"], "image/png");
    assert_eq!(got.bytes().await.unwrap().as_ref(), [0u8, 159, 146, 150]);
    let gone = format!("{base}/file/upload.php?type=remove&name={id}&accessToken={}", lab.token);
    assert_eq!(told(lab.http.post(gone).send().await.unwrap()).await, (200, json!(true)));
    assert_eq!(get().await.unwrap().status(), 404);
    assert_eq!(lab.http.get(&fetch).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn attachments_originals_and_recordings_can_be_fetched() {
    let lab = Lab::open().await;
    let base = lab.sandbox.daktela_url();
    let of = |kind: &str| {
        format!(
            "activities?filter[field]=type&filter[operator]=eq&filter[value]={kind}&filter[type]=x&take=50"
        )
    };
    let emails = lab.rows(&of("EMAIL")).await;
    let email = emails.iter().find(|e| e["item"]["attachments"][0]["title"] == "device.log").unwrap();
    let file = email["item"]["attachments"][0]["file"].as_i64().unwrap();
    let get = |path: String| lab.http.get(format!("{base}/{path}")).header("X-AUTH-TOKEN", &lab.token).send();
    let log = get(format!("file/download.php?mapper=activitiesEmail&name={file}&download=1")).await.unwrap();
    assert!(log.text().await.unwrap().contains("link down"));
    let name = email["name"].as_str().unwrap();
    let (status, original) =
        told(get(format!("internal/activity/{name}/originalMessage")).await.unwrap()).await;
    assert!(status == 200 && original["result"].as_str().unwrap().starts_with("<p>"));

    lab.ready().await;
    let id = lab.ring();
    lab.put(&format!("activities/{id}"), json!({"action": "OPEN"})).await;
    let wav = get(format!("file/recording/{id}?download")).await.unwrap().bytes().await.unwrap();
    assert_eq!((&wav[..4], wav.len()), (&b"RIFF"[..], 844));
}
