//! Letters that a careless reader stumbles over, from the platform to what a window would get.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use model::{FileOf, Platform, ShowRemote, Ticket};
use product_tests::tickets::{all, fresh, in_step, listed, opened};
use product_tests::{Desk, centre};
use sandbox::Sandbox;
use serde_json::json;

use super::BOTH;

/// A picture of one pixel.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// What was fetched from where the letters' traps lead.
fn fetched(sandbox: &Sandbox) -> Vec<String> {
    let state = sandbox.control().state();
    let pixels = state["pixels"].as_array().expect("a list").iter();
    pixels.map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
}

async fn named(desk: &Desk, title: &str) -> Ticket {
    let all = listed(desk, all()).await;
    let found = all.iter().find(|ticket| ticket.title == title).cloned();
    let titles = || all.into_iter().map(|ticket| ticket.title).collect::<Vec<_>>();
    found.unwrap_or_else(|| panic!("no {title} in {:?}", titles()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_ticket_is_read_and_nothing_in_it_runs_or_asks() {
    let sandbox = centre(&[]).await;
    let (desk, _) = in_step(&sandbox, Platform::Daktela).await;
    let mut channels = std::collections::BTreeSet::new();
    for ticket in listed(&desk, all()).await {
        let detail = fresh(&desk, &ticket.id).await;
        assert_eq!((detail.unreadable, &detail.problems[..]), (0, &[][..]), "{}", ticket.title);
        for entry in &detail.entries {
            channels.insert(format!("{:?}", entry.channel));
            let document = entry.body.document.as_deref().unwrap_or_default().to_lowercase();
            for never in [
                "<script",
                "onerror=",
                "onload=",
                "<iframe",
                "<object",
                "<embed",
                "<form",
                "javascript:",
                "http-equiv=\"refresh",
                "/pixel?",
            ] {
                assert!(!document.contains(never), "{never} in {}", ticket.title);
            }
        }
    }
    for channel in ["Email", "Chat", "Comment"] {
        assert!(channels.contains(channel), "{channels:?}");
    }
    assert_eq!(fetched(&sandbox), Vec::<String>::new(), "nobody asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_letters_cost_one_record_at_most() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let (desk, _) = in_step(&sandbox, platform).await;
        for title in [
            "Not HTML at all",
            "Of another time",
            "Every night, in detail",
            "עברית والعربية",
            "A special offer for you",
        ] {
            let detail = fresh(&desk, &named(&desk, title).await.id).await;
            assert!(
                detail.unreadable <= 1 && !detail.entries.is_empty(),
                "{platform:?} {title}: {detail:#?}"
            );
        }
        let detail = fresh(&desk, &named(&desk, "Not HTML at all").await.id).await;
        assert!(detail.entries.iter().any(|entry| entry.body.text.contains("sent from my toaster")));
        let offer = fresh(&desk, &named(&desk, "A special offer for you").await.id).await;
        assert!(offer.entries.iter().any(|entry| entry.body.text.contains("special offer")));
        assert_eq!(fetched(&sandbox), Vec::<String>::new(), "{platform:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_from_elsewhere_come_only_when_the_agent_says_so() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let (desk, _) = in_step(&sandbox, platform).await;
        let ticket = named(&desk, "Summer at Nordljus").await.id;
        let detail = fresh(&desk, &ticket).await;
        let entry = detail.entries.iter().find(|entry| entry.body.blocked > 0).expect("something is blocked");
        assert_eq!(entry.body.blocked, 2);
        assert_eq!(fetched(&sandbox), Vec::<String>::new());
        // The positive control: the trap counts what is really fetched.
        let show = ShowRemote { ticket: ticket.clone(), entry: entry.id.clone(), always: true };
        let shown = desk.engine.show_remote(show).await.expect("it is shown");
        let mut asked = fetched(&sandbox);
        asked.sort();
        assert_eq!(asked, ["banner", "open?who=ida"], "{platform:?}");
        assert_eq!(shown.body.blocked, 0);
        assert!(shown.body.document.expect("a document").contains("data:image/gif"));
        let again = fresh(&desk, &ticket).await;
        let entry = again.entries.iter().find(|one| one.id == shown.id).expect("it is still there");
        assert!(entry.body.trusted, "{platform:?}: always is remembered: {:?}", entry.author);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sent_a_picture_learns_nothing_but_that_it_was_fetched() {
    let sandbox = centre(&[]).await;
    let control = sandbox.control();
    let (mut desk, account) = in_step(&sandbox, Platform::Daktela).await;
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = server.local_addr().expect("an address");
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().expect("somebody asks");
        let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut buffer).expect("a request");
            assert!(read > 0, "a whole request");
            request.extend_from_slice(&buffer[..read]);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: {}\r\nSet-Cookie: seen=1\r\n\r\n",
            GIF.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(GIF)).expect("an answer");
        String::from_utf8_lossy(&request).to_lowercase()
    });
    let html = format!("<p>See</p><img src=\"http://{address}/seen.gif?who=ida\">");
    let (id, _) = opened(&mut desk, &control, &account, json!({"title": "A picture", "html": html})).await;
    let detail = fresh(&desk, &id).await;
    let entry = detail.entries.iter().find(|entry| entry.body.blocked == 1).expect("it is blocked");
    let show = ShowRemote { ticket: id, entry: entry.id.clone(), always: false };
    let shown = desk.engine.show_remote(show).await.expect("it is shown");
    assert!(shown.body.document.expect("a document").contains("data:image/gif"));
    let request = heard.join().expect("it was asked for");
    assert!(request.starts_with("get /seen.gif?who=ida "), "{request}");
    for header in ["cookie:", "referer:", "authorization:", "x-auth", "origin:"] {
        assert!(!request.contains(&format!("\r\n{header}")), "{header} in {request}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_saved_under_their_own_names_and_nowhere_else() {
    for platform in BOTH {
        let sandbox = centre(&[]).await;
        let (desk, _) = in_step(&sandbox, platform).await;
        let ticket = named(&desk, "Fotografie poškození").await.id;
        let detail = fresh(&desk, &ticket).await;
        let entry = detail.entries.iter().find(|entry| entry.files.len() > 1).expect("an entry with files");
        let folder = tempfile::tempdir().expect("a folder");
        for file in &entry.files {
            let of = FileOf { ticket: ticket.clone(), entry: entry.id.clone(), file: file.id.clone() };
            let saved = desk.engine.save_file(of, folder.path()).await.expect("it is saved");
            assert_eq!(saved.parent(), Some(folder.path()), "{saved:?}");
            let name = saved.file_name().and_then(|name| name.to_str()).expect("a name");
            assert!(!name.starts_with('.') && !name.contains('\u{202E}'), "{name}");
        }
        let saved = std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(saved, entry.files.len(), "{platform:?}");
    }
}
