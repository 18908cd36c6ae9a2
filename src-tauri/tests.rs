//! What holds for the shell as a whole: the access rules as they were built, and the one command, called through
//! Tauri's own IPC without a display.

use std::sync::Arc;

use engine::SessionVault;
use model::ipc::{COMMANDS, MAX_REQUEST, Window};
use model::{Platform, Problem, ProblemCode, Snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;

use crate::ipc;
use crate::place::Place;
use crate::shell::{self, NoDesk, Shell};

/// A shell without a display, in a folder of its own.
pub(crate) struct Stage {
    pub(crate) shell: Arc<Shell>,
    _folder: tempfile::TempDir,
}

pub(crate) async fn stage() -> Stage {
    stage_in(tempfile::tempdir().unwrap()).await
}

async fn stage_in(folder: tempfile::TempDir) -> Stage {
    let place = Place::new(Some(folder.path())).unwrap();
    let engine = shell::start_engine(&place, Arc::new(SessionVault::default())).await.unwrap();
    Stage { shell: Shell::new(engine, place, None, Arc::new(NoDesk)), _folder: folder }
}

fn invoke(window: &WebviewWindow<MockRuntime>, body: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: "call".to_owned(),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: tauri::ipc::InvokeBody::Json(body),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

#[test]
fn a_window_reaches_the_engine_through_the_one_command() {
    let stage = tauri::async_runtime::block_on(stage());
    let app = mock_builder()
        .manage(Arc::clone(&stage.shell))
        .invoke_handler(tauri::generate_handler![ipc::call])
        .build(mock_context(noop_assets()))
        .unwrap();
    let open =
        |label: &str| tauri::WebviewWindowBuilder::new(&app, label, Default::default()).build().unwrap();
    let (main, popup, stranger) = (open("main"), open("popup"), open("stranger"));

    let snapshot = invoke(&main, json!({ "command": "snapshot" })).unwrap();
    let snapshot: Snapshot = serde_json::from_value(snapshot).unwrap();
    assert!(snapshot.accounts.is_empty());
    assert!(invoke(&popup, json!({ "command": "snapshot", "request": null })).is_ok());
    for (window, command) in [(&popup, "diagnostics"), (&popup, "add_account"), (&stranger, "snapshot")] {
        let refused = invoke(window, json!({ "command": command, "request": null })).unwrap_err();
        let problem: Problem = serde_json::from_value(refused).unwrap();
        assert_eq!(problem.code, ProblemCode::Internal, "{command}");
    }
    let number = invoke(&main, json!({ "command": "parse_number", "request": "+44 20 7946 0123" })).unwrap();
    assert_eq!(number["dial"], "+442079460123");
}

/// A request that fits, or that its handler refuses for its content: never "unknown" and never "does not fit".
fn fitting(command: &str) -> Value {
    let credential = json!({ "kind": "password", "username": "u", "password": "canary" });
    let account = json!({ "platform": "daktela", "url": "not an address", "credential": credential });
    match command {
        "execute" => json!({ "do": "resend", "item": 7 }),
        "save_draft" => json!({ "activity": "a/1", "draft": { "note": "n", "dispositions": [] } }),
        "search_contacts" => json!({ "text": "", "online": false }),
        "contact" => json!("a/1"),
        "set_favourite" => json!({ "contact": "a/1", "on": true }),
        "parse_number" => json!("112"),
        "check_new_account" | "add_account" => account,
        "check_account" | "remove_account" | "diversions" | "voicemail" | "routes" => json!("nobody"),
        "mark_contact" => json!({ "contact": "a/1", "mark": "vip" }),
        "save_contact" => json!({ "account": "nobody", "contact": null, "fields": {} }),
        "delete_contact" => json!("a/1"),
        "watch" | "history" => json!({}),
        "queue_agents" => json!({ "account": "nobody", "queue": "1" }),
        "mark_history" => json!({ "item": "a/1", "mark": { "mark": "seen" } }),
        "set_diversion" => {
            let change = json!({ "divert": "active", "number": null, "until_presence_changes": true });
            json!({ "account": "nobody", "change": change })
        }
        "save_voicemail" => json!({ "account": "nobody", "settings": {} }),
        "send_sms" => json!({ "account": "nobody", "to": ["+442079460123"], "text": "t" }),
        "take_part" => json!({ "account": "nobody", "conference": "c", "join": true, "device": null }),
        "import_routes" => json!({ "account": "nobody", "text": null, "keep": false }),
        "save_filter" => json!({ "id": null, "title": "", "filter": {}, "sort": "newest" }),
        "delete_filter" => json!("own/7"),
        "inbox" => json!({ "view": null, "filter": {}, "text": "", "sort": "newest", "online": false }),
        "inbox_rows" => json!({ "list": 7, "from": 0, "count": 1 }),
        "ticket" => json!({ "ticket": "nobody/1", "fresh": false }),
        "earlier_entries" => json!({ "ticket": "nobody/1", "before": "1" }),
        "mark_read" | "templates" => json!("nobody/1"),
        "show_remote" => json!({ "ticket": "nobody/1", "entry": "1", "always": false }),
        "save_file" => json!({ "ticket": "nobody/1", "entry": "1", "file": "1" }),
        "open_link" => json!("javascript:alert(1)"),
        "ticket_form" => json!({ "account": "nobody", "category": null }),
        "template" => json!({ "ticket": "nobody/1", "template": "1" }),
        "knowledge" => json!({ "account": "nobody", "text": "t" }),
        "compose" => {
            let work = json!({ "kind": "send", "ticket": "nobody/1", "message": {} });
            json!({ "key": "nobody/1#reply", "work": work, "title": "", "at": 0 })
        }
        "drop_composing" | "send" => json!("nobody/1#reply"),
        "queue_work" => json!({ "kind": "delete", "ticket": "nobody/1", "note": "" }),
        "take_back" | "cancel_bulk" => json!(7),
        "resolve" => json!({ "item": 7, "fields": [] }),
        "bulk" => json!({ "tickets": ["nobody/1"], "list": 0, "edit": [] }),
        "stage_file" => json!({ "name": "a.txt", "mime": "text/plain", "base64": "QQ==" }),
        "sign_in" => json!({ "account": "nobody", "credential": credential, "keep": "session" }),
        "save_settings" => serde_json::to_value(model::Settings::default()).unwrap(),
        "silence" => json!("a/1"),
        "dismiss_notice" => json!("pause/nobody"),
        "day" => json!({}),
        // No day: nothing is to be saved.
        "export_days" => json!({ "from": "never", "to": "never" }),
        // `ask` cancels: the stage must outlive the test.
        "quit" => json!({ "leave": "ask", "remember": false }),
        _ => Value::Null,
    }
}

#[tokio::test]
async fn every_command_is_reachable_and_only_from_its_windows() {
    let stage = stage().await;
    for (command, windows) in COMMANDS {
        for window in [Window::Main, Window::Popup, Window::Wallboard] {
            let answer = ipc::answer(&stage.shell, window, command, fitting(command)).await;
            let what = answer
                .as_ref()
                .err()
                .and_then(|problem| problem.facts.get("what"))
                .cloned()
                .unwrap_or_default();
            let unreachable = what.contains("for this window") || what.contains("does not fit");
            assert_eq!(unreachable, !windows.contains(&window), "{command} from {window:?}: {answer:?}");
            assert!(!format!("{answer:?}").contains("canary"), "{command} told the secret");
        }
    }
    stage.shell.practice.stop().await;
}

#[tokio::test]
async fn a_request_without_end_is_refused_before_anything_reads_it() {
    let stage = stage().await;
    let huge = json!({ "text": "x".repeat(MAX_REQUEST), "online": false });
    let problem = ipc::answer(&stage.shell, Window::Main, "search_contacts", huge).await.unwrap_err();
    assert_eq!(problem.facts["what"], "the request is too large");
    let many = Value::Array(vec![Value::Null; MAX_REQUEST]);
    assert!(ipc::answer(&stage.shell, Window::Main, "snapshot", many).await.is_err());
}

#[tokio::test]
async fn the_practice_centre_is_started_once_and_rings() {
    let stage = stage().await;
    let shell = &stage.shell;
    let silent = shell.practice.ring().await.unwrap_err();
    assert_eq!(silent.code, ProblemCode::NotPossible, "nobody calls before it runs");

    let account = shell.practice.start(&shell.engine).await.unwrap();
    assert_eq!(shell.practice.start(&shell.engine).await.unwrap(), account);
    let state = |shell: &Shell| shell.engine.snapshot().accounts;
    let platforms = |shell: &Shell| state(shell).iter().map(|one| one.account.platform).collect::<Vec<_>>();
    assert_eq!(platforms(shell), Platform::ALL, "every door of one centre");
    assert!(state(shell).iter().all(|one| one.account.practice));
    shell.practice.ring().await.unwrap();

    ipc::answer(shell, Window::Main, "remove_account", json!(account)).await.unwrap();
    shell.practice.ring().await.unwrap();
    let again = shell.practice.start(&shell.engine).await.unwrap();
    assert_ne!(again, account, "a removed account is not given back");
    assert_eq!(
        platforms(shell),
        [Platform::Dstny, Platform::LiveAgent, Platform::Ccaip, Platform::Daktela],
        "only what is missing is signed in to"
    );
    for one in state(shell) {
        ipc::answer(shell, Window::Main, "remove_account", json!(one.account.id)).await.unwrap();
    }
    let over = shell.practice.ring().await.unwrap_err();
    assert_eq!(over.code, ProblemCode::NotPossible, "it ends with its last account");
    shell.practice.start(&shell.engine).await.unwrap();
    shell.engine.stop(model::LeaveState::Stay).await;
    shell.practice.stop().await;
}

#[tokio::test]
async fn a_link_that_cannot_be_dialled_is_told_and_not_swallowed() {
    let stage = stage().await;
    assert!(stage.shell.links.put("tel:%00"));
    let told = ipc::answer(&stage.shell, Window::Main, "pending_dial", Value::Null).await.unwrap();
    assert_eq!((&told["text"], &told["number"]["dial"]), (&json!("tel:%00"), &Value::Null));
    let next = ipc::answer(&stage.shell, Window::Main, "pending_dial", Value::Null).await.unwrap();
    assert_eq!(next, Value::Null);
}

#[tokio::test]
async fn an_authority_in_the_folder_is_trusted() {
    let centre = sandbox::start(sandbox::Options { tls: true, ..Default::default() }).await.unwrap();
    let user = centre.users().swap_remove(0);
    let account = json!({ "platform": "daktela", "url": centre.daktela_url(), "name": "", "credential":
        { "kind": "password", "username": user.username, "password": user.password } });
    let stranger = stage().await;
    let refused =
        ipc::answer(&stranger.shell, Window::Main, "add_account", account.clone()).await.unwrap_err();
    assert_eq!(refused.code, ProblemCode::UntrustedCertificate, "{refused}");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("extra-ca.pem"), centre.certificate_pem().unwrap()).unwrap();
    let friend = stage_in(folder).await;
    ipc::answer(&friend.shell, Window::Main, "add_account", account).await.unwrap();
    friend.shell.engine.stop(model::LeaveState::Stay).await;
    centre.stop().await;
}

#[tokio::test]
async fn a_store_that_was_damaged_shows_in_the_diagnostics() {
    let folder = tempfile::tempdir().unwrap();
    let line = async |stage: &Stage| {
        let lines = crate::diagnostics::lines(&stage.shell).await;
        lines.into_iter().find(|line| line.what == "store").unwrap()
    };
    std::fs::write(folder.path().join("offhook.db"), "this is no database ".repeat(500)).unwrap();
    let damaged = line(&stage_in(folder).await).await;
    assert_eq!(damaged.ok, Some(false));
    assert!(damaged.detail.contains("offhook-damaged-"), "{}", damaged.detail);
    assert_eq!(line(&stage().await).await.ok, Some(true));
}

#[tokio::test]
async fn a_file_goes_where_the_agent_says_and_a_link_goes_nowhere_but_out() {
    let stage = stage().await;
    let ask = |command, request| ipc::answer(&stage.shell, Window::Main, command, request);
    let file = json!({ "ticket": "nobody/1", "entry": "1", "file": "1" });
    assert_eq!(ask("save_file", file).await.unwrap_err().code, ProblemCode::Gone);
    for link in ["file:///etc/passwd", "javascript:alert(1)", "https://a@b.example", "tel:112", "--help"] {
        assert_eq!(ask("open_link", json!(link)).await.unwrap_err().facts["why"], "link", "{link}");
    }
    ask("open_link", json!("https://shop.example/order?no=7")).await.unwrap();
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("canary-secret")),
    ];
    let key = prop_oneof![
        "[a-z]{1,8}",
        prop::sample::select(vec![
            "kind", "password", "token", "do", "activity", "account", "to", "target", "text"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Commands that only look or parse. The others would start centres and play sounds a hundred times over.
const HARMLESS: [&str; 8] = [
    "execute",
    "save_draft",
    "search_contacts",
    "set_favourite",
    "parse_number",
    "sign_in",
    "save_settings",
    "no_such_command",
];

#[test]
fn whatever_a_window_sends_nothing_panics_and_no_secret_comes_back() {
    let stage = tauri::async_runtime::block_on(stage());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(200));
    let cases = (prop::sample::select(HARMLESS.to_vec()), any_json());
    runner
        .run(&cases, |(command, request)| {
            let answer =
                tauri::async_runtime::block_on(ipc::answer(&stage.shell, Window::Main, command, request));
            if let Err(problem) = answer {
                let text = format!("{problem:?} {problem}");
                prop_assert!(!text.contains("canary-secret"), "{} told what it was sent: {}", command, text);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_page_may_reach_nothing_but_the_core() {
    let context: tauri::Context<tauri::Wry> = tauri::generate_context!();
    let security = &context.config().app.security;
    let csp = security.csp.as_ref().unwrap().to_string();
    let directives: Vec<&str> = csp.split(';').map(str::trim).collect();
    for held in [
        "default-src 'none'",
        "script-src 'self'",
        // Letters stand in frames that inherit this policy: their one style by its hash, and styles of their elements.
        "style-src-attr 'unsafe-inline'",
        "connect-src ipc: http://ipc.localhost",
        "object-src 'none'",
        "frame-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
    ] {
        assert!(directives.contains(&held), "{held} in {csp}");
    }
    assert!(directives.iter().any(|one| one.starts_with("style-src 'self' 'sha256-")), "{csp}");
    let csp = csp.replace("style-src-attr 'unsafe-inline'", "");
    for forbidden in ["unsafe-", "*", "https:", "ws:", "wss:", "blob:", "asset:"] {
        assert!(!csp.contains(forbidden), "{forbidden} in {csp}");
    }
    assert!(security.freeze_prototype);
    assert!(!context.config().app.with_global_tauri);
    assert!(context.config().app.windows.is_empty(), "windows are made by us, with what they may do");
}

#[test]
fn each_window_may_do_as_little_as_it_can() {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let main = read(include_str!("capabilities/main.json"));
    let popup = read(include_str!("capabilities/popup.json"));
    let wallboard = read(include_str!("capabilities/wallboard.json"));
    let least = ["allow-call", "core:event:allow-listen", "core:event:allow-unlisten"];
    assert_eq!(main["permissions"], json!(least));
    assert_eq!(
        popup["permissions"],
        json!([least[0], least[1], least[2], "core:window:allow-start-dragging"])
    );
    let full_screen = ["core:window:allow-is-fullscreen", "core:window:allow-set-fullscreen"];
    assert_eq!(wallboard["permissions"], json!([&least[..], &full_screen].concat()));
    for (capability, window) in [(&main, "main"), (&popup, "popup"), (&wallboard, "wallboard")] {
        assert_eq!(capability["windows"], json!([window]));
        assert!(capability.get("remote").is_none(), "no remote page has rights");
    }
    let files =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/capabilities")).unwrap().count();
    assert_eq!(files, 3, "one file a window");
}
