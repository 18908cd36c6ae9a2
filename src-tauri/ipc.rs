//! The one Tauri command, through which a window reaches the table of [`model::ipc`].
//!
//! Which window asks is read from the webview Tauri hands us, never from the request. A request is bounded in size
//! before anything looks at it. What comes back is the answer or a [`Problem`]; neither ever holds a secret.

use std::sync::Arc;

use model::ipc::{self, Window};
use model::{Problem, ProblemCode};
use serde_json::Value;
use tauri::{Runtime, State, WebviewWindow};

use crate::shell::{Shell, internal};

/// The window's label in Tauri.
pub(crate) fn label(window: Window) -> &'static str {
    match window {
        Window::Main => "main",
        Window::Popup => "popup",
        Window::Wallboard => "wallboard",
    }
}

/// The window with this label.
pub(crate) fn window(label: &str) -> Option<Window> {
    match label {
        "main" => Some(Window::Main),
        "popup" => Some(Window::Popup),
        "wallboard" => Some(Window::Wallboard),
        _ => None,
    }
}

/// Runs one command of the table.
///
/// # Errors
/// What the command answers; [`ProblemCode::Internal`] for a request that is none.
#[tauri::command]
pub(crate) async fn call<R: Runtime>(
    webview: WebviewWindow<R>,
    shell: State<'_, Arc<Shell>>,
    command: String,
    request: Option<Value>,
) -> Result<Value, Problem> {
    let from = window(webview.label()).ok_or_else(|| internal("unknown window"))?;
    answer(&shell, from, &command, request.unwrap_or(Value::Null)).await
}

/// Runs one command for this window.
///
/// # Errors
/// As [`call`].
pub(crate) async fn answer(
    shell: &Shell,
    from: Window,
    command: &str,
    request: Value,
) -> Result<Value, Problem> {
    if weight(&request) > ipc::MAX_REQUEST {
        return Err(Problem::new(ProblemCode::Internal).with("what", "the request is too large"));
    }
    if command == "page_ready" {
        shell.desk.page_ready(from);
    }
    ipc::dispatch(shell, from, command, request).await
}

/// At least as many bytes as this value has as JSON without spaces, found without writing it.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(|item| weight(item) + 1).sum::<usize>(),
        Value::Object(map) => 2 + map.iter().map(|(key, item)| key.len() + 4 + weight(item)).sum::<usize>(),
    }
}
