//! Engine events on their way to the windows.
//!
//! What is ready goes out as one batch; while nothing rings, batches wait a moment for more, because a page draws once
//! for a batch and not once for an event. A window nobody looks at is told nothing. When it is shown it gets the last
//! event again: its number tells the page that it has missed some, and the page takes a snapshot.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::Followed;
use model::ipc::{ENGINE_EVENTS, Window};
use model::{Change, Event, Snapshot};
use tauri::{AppHandle, Emitter, Manager};
use tokio::time::Instant;

use crate::ipc::label;
use crate::shell::Shell;
use crate::windows::Windows;

/// The least time between two batches when nothing rings.
const PACE: Duration = Duration::from_millis(50);

/// The last event that was published.
#[derive(Default)]
pub(crate) struct Last(Mutex<Option<Event>>);

/// Follows the engine and tells the windows. Ends with the engine.
pub(crate) async fn run(app: AppHandle, shell: Arc<Shell>) {
    let (_, mut follower) = shell.engine.follow();
    let mut waiting: Vec<Event> = Vec::new();
    let mut sent = Instant::now() - PACE;
    loop {
        let due = sent + PACE;
        let followed = tokio::select! {
            followed = follower.next() => followed,
            () = tokio::time::sleep_until(due), if !waiting.is_empty() => Followed::Events(Vec::new()),
        };
        match followed {
            Followed::Events(events) => waiting.extend(events),
            // The pages must notice the gap even if nothing more happens: the newest number, with what cannot harm.
            Followed::Gap => {
                let Snapshot { seq, at, settings, .. } = shell.engine.snapshot();
                waiting = vec![Event { seq, at, change: Change::Settings { settings } }];
            }
            Followed::End => return,
        }
        let urgent = waiting.iter().any(|event| matches!(event.change, Change::Ring { .. }));
        if !waiting.is_empty() && (urgent || Instant::now() >= due) {
            publish(&app, &std::mem::take(&mut waiting));
            sent = Instant::now();
        }
    }
}

fn publish(app: &AppHandle, events: &[Event]) {
    *app.state::<Last>().0.lock().unwrap_or_else(PoisonError::into_inner) = events.last().cloned();
    for window in [Window::Popup, Window::Main, Window::Wallboard] {
        if app.state::<Arc<Windows>>().is_watched(window) {
            emit(app, window, events);
        }
    }
}

/// Lets a window that was hidden notice what it has missed.
pub(crate) fn catch_up(app: &AppHandle, window: Window) {
    let last = app.state::<Last>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(last) = last {
        emit(app, window, &[last]);
    }
}

fn emit(app: &AppHandle, window: Window, events: &[Event]) {
    if let Err(error) = app.emit_to(label(window), ENGINE_EVENTS, events) {
        tracing::warn!(%error, ?window, "a window was not told");
    }
}
