//! The tray icon: the agent's state at a glance, and the few things done without opening the window.
//!
//! It follows the engine and is redrawn only when what it shows has changed. A desktop may have no place for it, or
//! get one later (a panel restarts); the app never relies on it. On Linux it is a StatusNotifierItem without a C
//! library behind it, so that a missing library cannot take the app down.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::Followed;
use model::{AgentTarget, Command, PauseKey, Phase, Snapshot, UnifiedPresence};
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

use crate::shell::Shell;
use crate::words::Words;

/// How often the tray may be redrawn.
const PACE: Duration = Duration::from_millis(100);
/// How long to wait before a desktop without a tray is asked again.
#[cfg(not(target_os = "linux"))]
const AGAIN: Duration = Duration::from_secs(60);

/// The icon, by what it says. Its outline differs too, not only its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Ready,
    Ringing,
    InCall,
    Paused,
    Offline,
}

impl Face {
    fn png(self) -> &'static [u8] {
        match self {
            Self::Ready => include_bytes!("../icons/tray/ready.png"),
            Self::Ringing => include_bytes!("../icons/tray/ringing.png"),
            Self::InCall => include_bytes!("../icons/tray/in-call.png"),
            Self::Paused => include_bytes!("../icons/tray/paused.png"),
            Self::Offline => include_bytes!("../icons/tray/offline.png"),
        }
    }
}

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct View {
    face: Face,
    state: String,
    tooltip: String,
    presence: UnifiedPresence,
    pauses: Vec<(PauseKey, String, bool)>,
    words: MenuWords,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct MenuWords {
    ready: String,
    not_ready: String,
    show: String,
    quit: String,
}

impl View {
    fn of(snapshot: &Snapshot, words: &Words) -> Self {
        let agent = &snapshot.agent;
        let state = match agent.presence {
            UnifiedPresence::SignedOut => words.say("state.signed_out"),
            UnifiedPresence::Offline => words.say("state.offline"),
            UnifiedPresence::NotReady => words.say("state.not_ready"),
            UnifiedPresence::Ready => words.say("state.ready"),
            UnifiedPresence::Paused => agent.pause.clone().unwrap_or_else(|| words.say("state.paused")),
            UnifiedPresence::Mixed => words.say("state.mixed"),
        };
        let in_call = snapshot
            .activities
            .iter()
            .any(|activity| matches!(activity.phase, Phase::Open | Phase::Dialling));
        let ringing = snapshot.rings.iter().any(|ring| ring.ended.is_none());
        let face = match agent.presence {
            _ if ringing => Face::Ringing,
            _ if in_call => Face::InCall,
            UnifiedPresence::Ready if agent.reachable || agent.busy => Face::Ready,
            // Ready without a device that answers is no state in which a call can come.
            UnifiedPresence::Ready | UnifiedPresence::SignedOut | UnifiedPresence::Offline => Face::Offline,
            UnifiedPresence::NotReady | UnifiedPresence::Paused | UnifiedPresence::Mixed => Face::Paused,
        };
        let unsent = snapshot.outbox.len().to_string();
        let tooltip = match snapshot.outbox.is_empty() {
            true => words.fill("shell.tooltip", &[("state", &state)]),
            false => words.fill("shell.tooltip_unsent", &[("state", &state), ("count", &unsent)]),
        };
        let on =
            |title: &str| agent.presence == UnifiedPresence::Paused && agent.pause.as_deref() == Some(title);
        Self {
            face,
            tooltip,
            state,
            presence: agent.presence,
            pauses: agent.pauses.iter().map(|p| (p.key.clone(), p.title.clone(), on(&p.title))).collect(),
            words: MenuWords {
                ready: words.say("state.ready"),
                not_ready: words.say("state.not_ready"),
                show: words.say("shell.show"),
                quit: words.say("shell.quit"),
            },
        }
    }

    fn menu(&self, app: &AppHandle) -> tauri::Result<Menu<Wry>> {
        let menu = Menu::new(app)?;
        let signed_in = self.presence != UnifiedPresence::SignedOut;
        let check =
            |id: &str, title: &str, on| CheckMenuItem::with_id(app, id, title, signed_in, on, None::<&str>);
        menu.append(&MenuItem::with_id(app, "state", &self.tooltip, false, None::<&str>)?)?;
        menu.append(&PredefinedMenuItem::separator(app)?)?;
        menu.append(&check("ready", &self.words.ready, self.presence == UnifiedPresence::Ready)?)?;
        menu.append(&check("not_ready", &self.words.not_ready, self.presence == UnifiedPresence::NotReady)?)?;
        for (key, title, on) in &self.pauses {
            menu.append(&check(&format!("pause {key}"), title, *on)?)?;
        }
        menu.append(&PredefinedMenuItem::separator(app)?)?;
        menu.append(&MenuItem::with_id(app, "show", &self.words.show, true, None::<&str>)?)?;
        menu.append(&MenuItem::with_id(app, "quit", &self.words.quit, true, None::<&str>)?)?;
        Ok(menu)
    }
}

/// The tray, once the desktop has taken it.
#[derive(Default)]
pub(crate) struct Tray {
    icon: Mutex<Option<TrayIcon>>,
    there: AtomicBool,
}

impl Tray {
    /// Whether the desktop shows it, so that a window may hide behind it.
    pub(crate) fn is_there(&self) -> bool {
        self.there.load(Ordering::SeqCst)
    }
}

/// Follows the engine and keeps the tray right. Ends with the engine.
pub(crate) async fn run(app: AppHandle, shell: Arc<Shell>, tray: Arc<Tray>) {
    #[cfg(target_os = "linux")]
    let mut hosts = Hosts::watch().await;
    let (mut snapshot, mut follower) = shell.engine.follow();
    let mut shown: Option<View> = None;
    loop {
        let view = View::of(&snapshot, &shell.words());
        let missing = tray.icon.lock().unwrap_or_else(PoisonError::into_inner).is_none();
        #[cfg(target_os = "linux")]
        let possible = hosts.any();
        #[cfg(not(target_os = "linux"))]
        let possible = true;
        tray.there.store(possible && !missing, Ordering::SeqCst);
        if possible && (missing || shown.as_ref() != Some(&view)) {
            match draw(&app, &shell, &tray, shown.as_ref(), &view).await {
                Ok(()) => {
                    shell.note("tray", true, "shown");
                    tray.there.store(true, Ordering::SeqCst);
                    shown = Some(view);
                }
                Err(why) => shell.note("tray", false, why),
            }
        } else if !possible {
            shell.note("tray", false, "this desktop has no tray (no StatusNotifierWatcher)");
        }
        tokio::time::sleep(PACE).await;
        #[cfg(target_os = "linux")]
        let news = hosts.changed();
        #[cfg(not(target_os = "linux"))]
        let news = tokio::time::sleep(AGAIN);
        tokio::select! {
            followed = follower.next() => if followed == Followed::End { return },
            () = news => {}
        }
        snapshot = shell.engine.snapshot();
    }
}

/// Makes or changes the icon, on the thread of the window system.
async fn draw(
    app: &AppHandle,
    shell: &Arc<Shell>,
    tray: &Arc<Tray>,
    before: Option<&View>,
    view: &View,
) -> Result<(), String> {
    let (answer, wait) = tokio::sync::oneshot::channel();
    let (app2, shell, tray) = (app.clone(), Arc::clone(shell), Arc::clone(tray));
    let (before, view) = (before.cloned(), view.clone());
    app.run_on_main_thread(move || {
        // A tray library that fails must not take the app with it.
        let done = catch_unwind(AssertUnwindSafe(|| draw_now(&app2, &shell, &tray, before.as_ref(), &view)));
        let _ = answer.send(match done {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err("the tray library failed".to_owned()),
        });
    })
    .map_err(|error| error.to_string())?;
    wait.await.unwrap_or_else(|_| Err("the app is ending".to_owned()))
}

fn draw_now(
    app: &AppHandle,
    shell: &Arc<Shell>,
    tray: &Tray,
    before: Option<&View>,
    view: &View,
) -> tauri::Result<()> {
    let mut icon = tray.icon.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(icon), Some(before)) = (&*icon, before) {
        if before.face != view.face {
            icon.set_icon(Some(Image::from_bytes(view.face.png())?))?;
        }
        if before.tooltip != view.tooltip {
            icon.set_tooltip(Some(&view.tooltip))?;
        }
        return icon.set_menu(Some(view.menu(app)?));
    }
    let (for_menu, for_clicks) = (Arc::clone(shell), Arc::clone(shell));
    *icon = Some(
        TrayIconBuilder::with_id("offhook")
            .title("Offhook")
            .icon(Image::from_bytes(view.face.png())?)
            .tooltip(&view.tooltip)
            .menu(&view.menu(app)?)
            .show_menu_on_left_click(false)
            .on_menu_event(move |_, event| chosen(&for_menu, &event))
            .on_tray_icon_event(move |_, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                {
                    for_clicks.desk.show_main();
                }
            })
            .build(app)?,
    );
    Ok(())
}

fn chosen(shell: &Arc<Shell>, event: &MenuEvent) {
    let target = match event.id().as_ref() {
        "ready" => AgentTarget::Ready,
        "not_ready" => AgentTarget::NotReady,
        "show" => return shell.desk.show_main(),
        "quit" => return shell.ask_quit(),
        other => match other.strip_prefix("pause ") {
            Some(key) => AgentTarget::Pause { pause: PauseKey::from(key) },
            None => return,
        },
    };
    shell.run(Command::SetState { target, accounts: None });
}

/// Whether this desktop has a place for tray icons: the owner of a name on the session bus.
#[cfg(target_os = "linux")]
struct Hosts {
    owners: Option<zbus::proxy::OwnerChangedStream<'static>>,
    any: bool,
}

#[cfg(target_os = "linux")]
impl Hosts {
    async fn watch() -> Self {
        const NAME: &str = "org.kde.StatusNotifierWatcher";
        let watch = async {
            let session = zbus::Connection::session().await?;
            let watcher = zbus::Proxy::new(&session, NAME, "/StatusNotifierWatcher", NAME).await?;
            let owners = watcher.receive_owner_changed().await?;
            let any = zbus::fdo::DBusProxy::new(&session).await?.name_has_owner(NAME.try_into()?).await?;
            zbus::Result::Ok(Self { owners: Some(owners), any })
        };
        watch.await.unwrap_or_else(|error| {
            tracing::info!(%error, "no session bus: no tray");
            Self { owners: None, any: false }
        })
    }

    fn any(&self) -> bool {
        self.any
    }

    async fn changed(&mut self) {
        use futures_util::StreamExt;
        let next = match &mut self.owners {
            Some(owners) => owners.next().await,
            None => None,
        };
        match next {
            Some(owner) => self.any = owner.is_some(),
            // Nothing will ever change any more.
            None => {
                self.owners = None;
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_an_image_that_can_be_drawn() {
        for face in [Face::Ready, Face::Ringing, Face::InCall, Face::Paused, Face::Offline] {
            let image = Image::from_bytes(face.png()).unwrap();
            assert!(image.width() >= 22 && image.height() >= 22, "{face:?}");
        }
    }
}
