//! System-wide shortcuts, off until the agent sets some.
//!
//! They act in Rust, so that they work whatever the page does: answer takes the oldest ring, hang up ends the only
//! conversation there is, mute turns its microphone off and on, toggle goes between ready and not ready. On Wayland no app may register keys; there the
//! desktop's own settings can bind `offhook answer` and its sisters, and the diagnostics say so.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Followed;
use model::{Action, Activity, AgentTarget, Command, Control, Snapshot, UnifiedPresence};
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{GlobalShortcutExt, Shortcut, ShortcutState};

use crate::shell::Shell;

/// The shortcuts that are registered now, with what they do.
#[derive(Default)]
pub(crate) struct Bound(std::sync::Mutex<Vec<(Shortcut, String)>>);

impl Bound {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Shortcut, String)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Follows the settings and registers what they say. Ends with the engine.
pub(crate) async fn run(app: AppHandle, shell: Arc<Shell>) {
    app.manage(Bound::default());
    let for_keys = Arc::clone(&shell);
    let plugin = tauri_plugin_global_shortcut::Builder::new()
        .with_handler(move |app, shortcut, event| {
            if event.state() != ShortcutState::Pressed {
                return;
            }
            let action = app
                .state::<Bound>()
                .lock()
                .iter()
                .find(|(bound, _)| bound == shortcut)
                .map(|(_, a)| a.clone());
            if let Some(command) = action.and_then(|action| command(&action, &for_keys.engine.snapshot())) {
                for_keys.run(command);
            }
        })
        .build();
    if let Err(error) = app.plugin(plugin) {
        shell.note("hotkeys", false, error.to_string());
        return;
    }
    let (snapshot, mut follower) = shell.engine.follow();
    let mut wanted = snapshot.settings.hotkeys;
    loop {
        bind(&app, &shell, &wanted);
        loop {
            if follower.next().await == Followed::End {
                return;
            }
            let now = shell.engine.snapshot().settings.hotkeys;
            if now != wanted {
                wanted = now;
                break;
            }
        }
    }
}

fn bind(app: &AppHandle, shell: &Shell, wanted: &BTreeMap<String, String>) {
    let keys = app.global_shortcut();
    let mut bound = app.state::<Bound>().lock().drain(..).collect::<Vec<_>>();
    for (old, _) in &bound {
        // One that was taken from us is free already.
        let _ = keys.unregister(*old);
    }
    bound.clear();
    let mut failed = Vec::new();
    for (action, keystroke) in wanted.iter().filter(|(_, keystroke)| !keystroke.trim().is_empty()) {
        let registered =
            keystroke.parse::<Shortcut>().map_err(|error| error.to_string()).and_then(|shortcut| {
                keys.register(shortcut).map_err(|error| error.to_string())?;
                Ok(shortcut)
            });
        match registered {
            Ok(shortcut) => bound.push((shortcut, action.clone())),
            Err(why) => failed.push(format!("{action} ({keystroke}): {why}")),
        }
    }
    if wanted.is_empty() {
        shell.note("hotkeys", true, "none set");
    } else if failed.is_empty() {
        shell.note("hotkeys", true, format!("{} set", bound.len()));
    } else {
        shell.note("hotkeys", false, failed.join("; "));
    }
    *app.state::<Bound>().lock() = bound;
}

/// What a shortcut asks for now; nothing when there is nothing to do it to.
fn command(action: &str, snapshot: &Snapshot) -> Option<Command> {
    match action {
        "answer" => {
            let ring =
                snapshot.rings.iter().filter(|ring| ring.ended.is_none()).min_by_key(|ring| ring.since)?;
            Some(Command::Answer { activity: ring.activity.clone(), device: None })
        }
        "hangup" => {
            let mut talking =
                snapshot.activities.iter().filter(|activity| activity.actions.contains(&Action::Hangup));
            let only = talking.next()?;
            // With two conversations a key cannot know which is meant.
            talking.next().is_none().then(|| Command::Hangup { activity: only.id.clone() })
        }
        "mute" => {
            // Whoever presses it means the microphone: with several calls, the one that is not on hold.
            let mutes = |activity: &&Activity| {
                activity.actions.iter().any(|action| matches!(action, Action::Mute | Action::Unmute))
                    && !activity.on_hold
            };
            let mut talking = snapshot.activities.iter().filter(mutes);
            let only = talking.next().filter(|_| talking.next().is_none())?;
            let muted = only.call.as_ref().is_some_and(|call| call.muted);
            let control = if muted { Control::Unmute } else { Control::Mute };
            Some(Command::Control { activity: only.id.clone(), control })
        }
        "toggle_ready" => {
            let target = match snapshot.agent.presence {
                UnifiedPresence::Ready => AgentTarget::NotReady,
                _ => AgentTarget::Ready,
            };
            Some(Command::SetState { target, accounts: None })
        }
        _ => None,
    }
}
