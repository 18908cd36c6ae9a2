//! Facts about this computer, for support: what Offhook found and what it did not. Without secrets or personal data:
//! the text is meant to be copied into a ticket.

use std::sync::Arc;

use engine::VaultError;
use model::Problem;
use model::ipc::DiagnosticLine;

use crate::shell::Shell;

/// All facts, in a fixed order.
pub(crate) async fn lines(shell: &Shell) -> Vec<DiagnosticLine> {
    let mut lines = vec![
        fact(
            "version",
            format!("{} on {} {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH),
        ),
        keychain(shell).await,
        notifications(shell).await,
        sound(shell).await,
        webview(),
        store(shell),
        proxy(),
    ];
    lines.extend(shell.noted());
    lines
}

fn fact(what: &str, detail: String) -> DiagnosticLine {
    DiagnosticLine { what: what.to_owned(), ok: None, detail }
}

fn checked(what: &str, result: Result<String, String>) -> DiagnosticLine {
    let ok = Some(result.is_ok());
    DiagnosticLine { what: what.to_owned(), ok, detail: result.unwrap_or_else(|why| why) }
}

fn reason(problem: Problem) -> String {
    problem.facts.get("reason").cloned().unwrap_or(problem.message)
}

async fn keychain(shell: &Shell) -> DiagnosticLine {
    let Some(keychain) = &shell.keychain else {
        return fact("keychain", "not used in this run: secrets are kept in memory".to_owned());
    };
    let keychain = Arc::clone(keychain);
    let probed = tokio::task::spawn_blocking(move || keychain.probe()).await;
    let probed = probed.unwrap_or_else(|error| Err(VaultError::Failed(error.to_string())));
    checked("keychain", probed.map(|()| "answers".to_owned()).map_err(|error| error.to_string()))
}

async fn notifications(shell: &Shell) -> DiagnosticLine {
    let described = match shell.notifier.get() {
        Some(notifier) => notifier.describe().await.map_err(reason),
        None => Err("no desktop".to_owned()),
    };
    checked("notifications", described)
}

async fn sound(shell: &Shell) -> DiagnosticLine {
    let outputs = shell.sound.devices().await.len();
    let probed = shell.sound.probe(shell.engine.snapshot().settings.alerts.sound_device).await;
    checked("sound", probed.map(|()| format!("opens; {outputs} outputs by name")).map_err(reason))
}

fn webview() -> DiagnosticLine {
    checked("webview", tauri::webview_version().map_err(|error| error.to_string()))
}

fn proxy() -> DiagnosticLine {
    let set: Vec<_> = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some())
        .collect();
    // The value may hold a password.
    fact(
        "proxy",
        if set.is_empty() { "as the system says".to_owned() } else { format!("set by {}", set.join(", ")) },
    )
}

/// The folder's path may hold the user's name: its size says what support needs.
fn store(shell: &Shell) -> DiagnosticLine {
    let files: Vec<_> = std::fs::read_dir(shell.place.dir()).into_iter().flatten().flatten().collect();
    let sizes = files.iter().filter_map(|file| file.metadata().ok()).filter(std::fs::Metadata::is_file);
    let kilobytes = sizes.map(|file| file.len()).sum::<u64>() / 1024;
    let names = files.iter().map(|file| file.file_name().to_string_lossy().into_owned());
    let damaged: Vec<_> =
        names.filter(|name| name.starts_with("offhook-damaged-") && name.ends_with(".db")).collect();
    checked(
        "store",
        match &damaged[..] {
            [] => Ok(format!("{kilobytes} kB")),
            aside => Err(format!(
                "{kilobytes} kB; was damaged and made anew, unsent work may be in {}",
                aside.join(", ")
            )),
        },
    )
}
