//! The app: everything together, in the order that matters.
//!
//! A start that finds the app running hands its links over and ends; one that finds a command at work takes over from
//! it. Then: the engine with its sessions, the window system, and what follows the engine (windows, alerts, tray,
//! shortcuts). From there on the windows are guests: closing them, or their processes dying, ends nothing but them.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, PoisonError};

use engine::{Engine, Followed, SessionVault, Vault};
use model::ipc::Window;
use model::{LeaveState, Link, Problem};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::door::{self, Ask, Door, Key, Reached};
use crate::events::Last;
use crate::keychain::Keychain;
use crate::place::Place;
use crate::shell::{self, Desk, Shell};
use crate::tray::Tray;
use crate::windows::Windows;
use crate::{alerts, events, hotkeys, ipc, links, logging, notifier, tray, wake};

/// How the app is started.
#[derive(Default)]
pub(crate) struct Start {
    /// The folder to use instead of the user's own.
    pub config_dir: Option<PathBuf>,
    /// `tel:` and `callto:` links to ask about.
    pub links: Vec<String>,
    /// Start without showing the window.
    pub hidden: bool,
    /// The demo's practice centre, to be signed in to at once.
    pub demo: Option<Demo>,
}

/// A practice centre to sign in to.
pub(crate) struct Demo {
    /// The running centre.
    pub centre: sandbox::Sandbox,
    /// Whether to go ready without being asked.
    pub ready: bool,
}

/// Runs the app until it is quit.
pub(crate) fn run(start: Start) -> ExitCode {
    let place = match Place::new(start.config_dir.as_deref()) {
        Ok(place) => place,
        Err(error) => {
            eprintln!("offhook: the folder for its data cannot be made: {error}");
            return ExitCode::from(1);
        }
    };
    logging::start(&place.logs(), "info,zbus=warn,tracing=warn");
    let key = match tauri::async_runtime::block_on(come_in(&place, &start)) {
        Ok(Some(key)) => key,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the app cannot start");
            eprintln!("offhook: {error}");
            return ExitCode::from(1);
        }
    };
    // Tauri would panic later.
    #[cfg(target_os = "linux")]
    if gtk::init().is_err() {
        eprintln!("offhook: no display answers. The commands (see offhook --help) work without one.");
        return ExitCode::from(1);
    }

    let keychain = start.demo.is_none().then(|| Arc::new(Keychain::new(place.clone())));
    let vault: Arc<dyn Vault> = match &keychain {
        Some(keychain) => Arc::clone(keychain) as Arc<dyn Vault>,
        None => Arc::new(SessionVault::default()),
    };
    let engine = match tauri::async_runtime::block_on(shell::start_engine(&place, vault)) {
        Ok(engine) => engine,
        Err(problem) => {
            tracing::error!(%problem, "the app cannot start");
            eprintln!("offhook: {problem}");
            show_why(&problem);
            return ExitCode::from(1);
        }
    };
    let stage = Stage { place, key, engine, keychain };

    let mut context = tauri::generate_context!();
    // Whatever is shared by this name on a computer (the lock of the single instance, the data of the webview) is then
    // this folder's own.
    context.config_mut().identifier = stage.place.identifier(&context.config().identifier);
    let built = tauri::Builder::default()
        // The first plugin: a second start must end before it does anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            if let Some(shell) = app.try_state::<Arc<Shell>>() {
                shell.desk.show_main();
                arguments
                    .iter()
                    .filter(|argument| links::is_link(argument))
                    .for_each(|link| shell.link(link));
            }
        }))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(tauri::generate_handler![ipc::call])
        .on_window_event(|window, event| {
            if let Some(which) = ipc::window(window.label()) {
                window_event(window.app_handle(), which, event);
            }
        })
        .setup(move |app| set_up(app.handle(), stage, start))
        .build(context);
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(%error, "the app cannot start");
            eprintln!("offhook: the app cannot start: {error}");
            return ExitCode::from(1);
        }
    };
    let code = app.run_return(|app, event| match event {
        // Without windows the sessions go on; only `exit` ends.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => app.state::<Arc<Windows>>().show_main(),
        _ => {
            let _ = app;
        }
    });
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// What is there before there are windows.
struct Stage {
    place: Place,
    key: Key,
    engine: Engine,
    keychain: Option<Arc<Keychain>>,
}

/// Takes the key of the folder; `None` when the app runs there already and has taken over what this start was for.
async fn come_in(place: &Place, start: &Start) -> io::Result<Option<Key>> {
    let latest = tokio::time::Instant::now() + door::LONGEST_WAIT;
    loop {
        let mut visitor = match door::reach(place).await? {
            Reached::Mine(key) => return Ok(Some(key)),
            Reached::Theirs(visitor) => visitor,
        };
        if start.demo.is_some() {
            return Err(io::Error::other(
                "Offhook runs in this folder already: the demo needs one of its own",
            ));
        }
        let open = Ask::Open { links: start.links.clone() };
        match tokio::time::timeout(door::ANSWERS, visitor.ask::<bool>(&open)).await {
            Ok(Ok(true)) => return Ok(None),
            // A command is at work there, or has just ended: its key is free soon.
            Ok(_) if tokio::time::Instant::now() < latest => tokio::time::sleep(door::AGAIN).await,
            _ => return Err(door::no_answer()),
        }
    }
}

/// Who starts the app from a menu sees no terminal.
#[cfg(target_os = "linux")]
fn show_why(problem: &Problem) {
    use gtk::prelude::{DialogExt, GtkWindowExt, MessageDialogExt};
    let parent: Option<&gtk::Window> = None;
    let (flags, buttons) = (gtk::DialogFlags::empty(), gtk::ButtonsType::Close);
    let dialog = gtk::MessageDialog::new(parent, flags, gtk::MessageType::Error, buttons, &problem.message);
    dialog.set_title("Offhook");
    dialog.set_secondary_text(Some(&problem.hint));
    dialog.run();
}

/// Elsewhere the log has it.
#[cfg(not(target_os = "linux"))]
fn show_why(_: &Problem) {}

fn set_up(app: &AppHandle, stage: Stage, start: Start) -> Result<(), Box<dyn std::error::Error>> {
    let Stage { place, key, engine, keychain } = stage;
    let windows = Arc::new(Windows::new(app, &place, start.hidden));
    let shell = Shell::new(engine, place, keychain, Arc::clone(&windows) as Arc<dyn Desk>);
    let tray = Arc::new(Tray::default());
    app.manage(Last::default());
    app.manage(Arc::clone(&windows));
    app.manage(Arc::clone(&tray));
    app.manage(Arc::clone(&shell));

    let for_presses = Arc::clone(&shell);
    let on_press = Arc::new(move |tag: &str, press| alerts::pressed(&for_presses, tag, press));
    let notifier = tauri::async_runtime::block_on(async { notifier::start(app, on_press) });
    let _ = shell.notifier.set(notifier);

    // Alerts stand before the windows do: a call may ring while the first page still loads.
    let ringing = tauri::async_runtime::spawn(alerts::run(Arc::clone(&shell)));
    *shell.alerts.lock().unwrap_or_else(PoisonError::into_inner) = Some(ringing);
    windows.open()?;
    tauri::async_runtime::spawn(events::run(app.clone(), Arc::clone(&shell)));
    tauri::async_runtime::spawn(tray::run(app.clone(), Arc::clone(&shell), tray));
    tauri::async_runtime::spawn(hotkeys::run(app.clone(), Arc::clone(&shell)));
    tauri::async_runtime::spawn(wake::watch(shell.engine.clone()));
    tauri::async_runtime::spawn(leave_when_told(Arc::clone(&shell)));
    let for_door = Arc::clone(&shell);
    tauri::async_runtime::spawn(async move {
        let door = Door::open(Arc::clone(&for_door), key).await;
        *for_door.door.lock().unwrap_or_else(PoisonError::into_inner) = Some(door);
    });

    follow_links(app, &shell, &start.links);
    if let Some(demo) = start.demo {
        tauri::async_runtime::spawn(play_demo(Arc::clone(&shell), demo));
    }
    Ok(())
}

/// Links come from our own arguments, from a second start, and from the system; all go into one inbox.
fn follow_links(app: &AppHandle, shell: &Arc<Shell>, ours: &[String]) {
    let current = app.deep_link().get_current().ok().flatten().unwrap_or_default();
    for link in ours.iter().cloned().chain(current.iter().map(ToString::to_string)) {
        shell.links.put(&link);
    }
    let for_links = Arc::clone(shell);
    app.deep_link().on_open_url(move |event| {
        event.urls().iter().for_each(|link| for_links.link(link.as_str()));
    });
    let shell = Arc::clone(shell);
    let app = app.clone();
    // Asking the system what opens `tel:` starts a program.
    tauri::async_runtime::spawn_blocking(move || match app.deep_link().is_registered("tel") {
        Ok(true) => shell.note("links", true, "opens tel: links"),
        Ok(false) => shell.note("links", false, "another program opens tel: links, or none"),
        Err(error) => shell.note("links", false, error.to_string()),
    });
}

fn window_event(app: &AppHandle, which: Window, event: &WindowEvent) {
    let windows = app.state::<Arc<Windows>>();
    match (which, event) {
        (Window::Main, WindowEvent::CloseRequested { api, .. }) => {
            api.prevent_close();
            let shell = app.state::<Arc<Shell>>();
            let to_tray = shell.engine.snapshot().settings.close_to_tray;
            if to_tray && app.state::<Arc<Tray>>().is_there() {
                windows.hide_main();
            } else {
                // Hidden without a tray there would be no way back.
                shell.ask_quit();
            }
        }
        (Window::Main, WindowEvent::Focused(false)) => windows.remember_main(),
        (Window::Popup, WindowEvent::CloseRequested { api, .. }) => {
            api.prevent_close();
            windows.popup(false);
        }
        (Window::Popup, WindowEvent::Moved(to)) => windows.popup_moved(*to),
        (Window::Wallboard, WindowEvent::Destroyed) => {
            windows.wallboard_gone();
            // Nobody looks at its queues any more.
            let nothing = model::Watch { window: Window::Wallboard, ..model::Watch::default() };
            app.state::<Arc<Shell>>().engine.watch(nothing);
        }
        _ => {}
    }
}

/// The session manager, or somebody with `kill`, wants us to end: there is nobody to ask.
async fn leave_when_told(shell: Arc<Shell>) {
    shell::told_to_end().await;
    let leave = match shell.engine.snapshot().settings.leave {
        LeaveState::Ask => LeaveState::Stay,
        decided => decided,
    };
    shell.leave(leave).await;
}

async fn play_demo(shell: Arc<Shell>, demo: Demo) {
    if let Err(problem) = shell.practice.adopt(&shell.engine, demo.centre).await {
        tracing::error!(%problem, "the demo cannot sign in");
        eprintln!("offhook demo: {problem}");
        return;
    }
    if demo.ready {
        let (snapshot, mut follower) = shell.engine.follow();
        let mut accounts = snapshot.accounts;
        while accounts.iter().any(|state| state.health.link != Link::Live) {
            if follower.next().await == Followed::End {
                return;
            }
            accounts = shell.engine.snapshot().accounts;
        }
        shell.run(model::Command::SetState { target: model::AgentTarget::Ready, accounts: None });
    }
}
