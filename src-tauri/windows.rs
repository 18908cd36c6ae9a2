//! The windows: the main one, the pop-up of what rings, and the wallboard while somebody wants it.
//!
//! The first two are made hidden at start: a window that is visible while its page loads stalls, and a pop-up that must first be
//! made comes late. The main window shows itself when its page has painted. A page is a guest: when its process dies
//! it is loaded again, and everything else rings on without it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::Problem;
use model::ipc::{SHELL_EVENTS, ShellEvent, Window};
use tauri::{
    AppHandle, Emitter, LogicalSize, Manager, Monitor, PhysicalPosition, PhysicalSize, UserAttentionType,
    WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};

use crate::ipc::label;
use crate::place::Place;
use crate::placement::{self, Area, Memory};
use crate::saving::{self, Chosen};
use crate::shell::{Asking, Desk, internal};

/// Size of the pop-up, in logical pixels.
const POPUP: (f64, f64) = (440.0, 230.0);
/// Size of the main window, in logical pixels, until the agent changes it.
const MAIN: (f64, f64) = (1120.0, 760.0);
/// If the page has not painted after this long, its window is shown all the same: something is wrong, and an app that
/// does not appear is worse than one that appears late.
const LATEST_SHOW: Duration = Duration::from_secs(8);
/// A page that dies more often than this in a minute is left alone.
const RELOADS: usize = 3;

/// The windows of the app.
pub(crate) struct Windows {
    app: AppHandle,
    place: Place,
    memory: Mutex<Memory>,
    main: State,
    popup: State,
    wallboard: State,
    /// Whether the main window shall come up when its page has painted for the first time.
    show_first: AtomicBool,
}

/// What is known of one window without asking the window system.
#[derive(Default)]
struct State {
    visible: AtomicBool,
    ready: AtomicBool,
    deaths: Mutex<Vec<Instant>>,
}

impl Windows {
    /// Makes no window yet: see [`Self::open`].
    pub(crate) fn new(app: &AppHandle, place: &Place, hidden: bool) -> Self {
        Self {
            app: app.clone(),
            place: place.clone(),
            memory: Mutex::new(Memory::load(place.dir())),
            main: State::default(),
            popup: State::default(),
            wallboard: State::default(),
            show_first: AtomicBool::new(!hidden),
        }
    }

    /// Makes both windows, hidden.
    ///
    /// # Errors
    /// When the window system refuses.
    pub(crate) fn open(&self) -> tauri::Result<()> {
        // Both share one folder, and with it one web process context; it goes where everything else is.
        let data = self.place.dir().join("webview");
        let main =
            WebviewWindowBuilder::new(&self.app, label(Window::Main), WebviewUrl::App("index.html".into()))
                .title("Offhook")
                .inner_size(MAIN.0, MAIN.1)
                .min_inner_size(720.0, 480.0)
                .data_directory(data.clone())
                .on_navigation(is_ours)
                // The page takes files that are dropped on a composer; a file dropped elsewhere navigates nowhere.
                .disable_drag_drop_handler()
                .visible(false)
                .build()?;
        let popup =
            WebviewWindowBuilder::new(&self.app, label(Window::Popup), WebviewUrl::App("popup.html".into()))
                .title("Offhook: ringing")
                .inner_size(POPUP.0, POPUP.1)
                .data_directory(data)
                .on_navigation(is_ours)
                .decorations(false)
                .resizable(false)
                .always_on_top(true)
                .visible_on_all_workspaces(true)
                .skip_taskbar(true)
                // It must never take a key the agent is typing elsewhere.
                .focused(false)
                .focusable(false)
                .visible(false)
                .build()?;
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner).main;
        if let Some(area) = placement::main(memory, &work_areas(&main)) {
            // A window manager may have its own mind; then it stands where that puts it.
            let _ = main.set_size(PhysicalSize::new(area.width.unsigned_abs(), area.height.unsigned_abs()));
            let _ = main.set_position(PhysicalPosition::new(area.x, area.y));
        }
        for (webview, window) in [(main, Window::Main), (popup, Window::Popup)] {
            watch_page(&webview, window);
        }
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(LATEST_SHOW).await;
            let windows = app.state::<std::sync::Arc<Windows>>();
            if windows.show_first.swap(false, Ordering::SeqCst) {
                tracing::warn!("the page has not painted: its window is shown all the same");
                windows.show_main();
            }
        });
        Ok(())
    }

    /// Whether events reach somebody in this window.
    pub(crate) fn is_watched(&self, window: Window) -> bool {
        let state = self.state(window);
        state.visible.load(Ordering::SeqCst) && state.ready.load(Ordering::SeqCst)
    }

    /// Whether a pop-up is shown.
    fn state(&self, window: Window) -> &State {
        match window {
            Window::Main => &self.main,
            Window::Popup => &self.popup,
            Window::Wallboard => &self.wallboard,
        }
    }

    fn webview(&self, window: Window) -> Option<WebviewWindow> {
        self.app.get_webview_window(label(window))
    }

    /// Hides the main window; the sessions go on.
    pub(crate) fn hide_main(&self) {
        self.remember_main();
        if let Some(main) = self.webview(Window::Main) {
            self.main.visible.store(false, Ordering::SeqCst);
            let _ = main.hide();
        }
    }

    /// Keeps where the main window is.
    pub(crate) fn remember_main(&self) {
        let Some(main) = self.webview(Window::Main) else { return };
        if !self.main.visible.load(Ordering::SeqCst) || main.is_minimized().unwrap_or(true) {
            return;
        }
        if let (Ok(at), Ok(size)) = (main.outer_position(), main.inner_size()) {
            let (width, height) = (size.width.cast_signed(), size.height.cast_signed());
            self.remember(|memory| memory.main = Some(Area { x: at.x, y: at.y, width, height }));
        }
    }

    /// The pop-up stands somewhere else. Ours to remember only if the agent's pointer is on it: window managers move
    /// windows too.
    pub(crate) fn popup_moved(&self, to: PhysicalPosition<i32>) {
        let Some(popup) = self.webview(Window::Popup) else { return };
        if !self.popup.visible.load(Ordering::SeqCst) {
            return;
        }
        let (Ok(pointer), Ok(size)) = (self.app.cursor_position(), popup.outer_size()) else { return };
        let area =
            Area { x: to.x, y: to.y, width: size.width.cast_signed(), height: size.height.cast_signed() };
        if area.holds((pointer.x as i32, pointer.y as i32)) {
            self.remember(|memory| memory.popup = Some((to.x, to.y)));
        }
    }

    fn remember(&self, change: impl FnOnce(&mut Memory)) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let before = memory.clone();
        change(&mut memory);
        if *memory != before
            && let Err(error) = memory.save(self.place.dir())
        {
            tracing::warn!(%error, "the place of a window was not kept");
        }
    }

    fn show_popup(&self) {
        let Some(popup) = self.webview(Window::Popup) else { return };
        let areas = work_areas(&popup);
        let scale = popup.scale_factor().unwrap_or(1.0);
        let size = LogicalSize::new(POPUP.0, POPUP.1).to_physical::<i32>(scale);
        let pointer = self.app.cursor_position().ok().map(|at| (at.x as i32, at.y as i32));
        let dragged_to = self.memory.lock().unwrap_or_else(PoisonError::into_inner).popup;
        if let Some((x, y)) = placement::popup(dragged_to, (size.width, size.height), &areas, pointer) {
            // On Wayland nobody may place a window; then the notification is what is seen first.
            let _ = popup.set_position(PhysicalPosition::new(x, y));
        }
        self.popup.visible.store(true, Ordering::SeqCst);
        let _ = popup.show();
        let _ = popup.set_always_on_top(true);
        crate::events::catch_up(&self.app, Window::Popup);
    }

    /// Makes the wallboard. It shows itself when its page has painted.
    fn open_wallboard(&self) -> tauri::Result<()> {
        let url = WebviewUrl::App("wallboard.html".into());
        let wallboard = WebviewWindowBuilder::new(&self.app, label(Window::Wallboard), url)
            .title("Offhook: wallboard")
            .inner_size(MAIN.0, MAIN.1)
            .min_inner_size(480.0, 320.0)
            .data_directory(self.place.dir().join("webview"))
            .on_navigation(is_ours)
            .visible(false)
            .build()?;
        watch_page(&wallboard, Window::Wallboard);
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(LATEST_SHOW).await;
            app.state::<std::sync::Arc<Windows>>().bring_up_wallboard();
        });
        Ok(())
    }

    /// Shows the wallboard, if it is there and not shown yet, on the whole screen it is on.
    fn bring_up_wallboard(&self) {
        let Some(wallboard) = self.webview(Window::Wallboard) else { return };
        if self.wallboard.visible.swap(true, Ordering::SeqCst) {
            return;
        }
        let _ = wallboard.show();
        let _ = wallboard.set_fullscreen(true);
        let _ = wallboard.set_focus();
        crate::events::catch_up(&self.app, Window::Wallboard);
    }

    /// The wallboard is gone.
    pub(crate) fn wallboard_gone(&self) {
        self.wallboard.visible.store(false, Ordering::SeqCst);
        self.wallboard.ready.store(false, Ordering::SeqCst);
    }

    /// Loads the page of a window again after its process died.
    fn page_died(&self, window: Window) -> bool {
        let state = self.state(window);
        state.ready.store(false, Ordering::SeqCst);
        let mut deaths = state.deaths.lock().unwrap_or_else(PoisonError::into_inner);
        deaths.retain(|death| death.elapsed() < Duration::from_secs(60));
        deaths.push(Instant::now());
        deaths.len() <= RELOADS
    }
}

impl Desk for Windows {
    fn tell(&self, event: ShellEvent) {
        if let Err(error) = self.app.emit_to(label(Window::Main), SHELL_EVENTS, event) {
            tracing::warn!(%error, "the main window was not told");
        }
    }

    fn show_main(&self) {
        self.show_first.store(false, Ordering::SeqCst);
        let Some(main) = self.webview(Window::Main) else { return };
        self.main.visible.store(true, Ordering::SeqCst);
        let _ = main.show();
        let _ = main.unminimize();
        let _ = main.set_focus();
        crate::events::catch_up(&self.app, Window::Main);
    }

    fn page_ready(&self, window: Window) {
        self.state(window).ready.store(true, Ordering::SeqCst);
        match window {
            Window::Main if self.show_first.load(Ordering::SeqCst) => self.show_main(),
            Window::Wallboard => self.bring_up_wallboard(),
            Window::Main | Window::Popup => {}
        }
    }

    fn is_the_app(&self) -> bool {
        true
    }

    fn can_ask(&self) -> bool {
        self.main.ready.load(Ordering::SeqCst)
    }

    fn ask_where(&self, title: String, name: String) -> Asking<'_> {
        Box::pin(async move {
            let Some(main) = self.webview(Window::Main) else { return Chosen::NobodyToAsk };
            let last = self.memory.lock().unwrap_or_else(PoisonError::into_inner).saved_in.clone();
            let chosen = saving::ask(&main, title, &saving::beginning(last), name).await;
            if let Chosen::At(path) = &chosen {
                self.remember(|memory| memory.saved_in = path.parent().map(Path::to_owned));
            }
            chosen
        })
    }

    fn show_wallboard(&self) -> Result<(), Problem> {
        if let Some(wallboard) = self.webview(Window::Wallboard) {
            self.bring_up_wallboard();
            let _ = wallboard.unminimize();
            let _ = wallboard.set_focus();
            return Ok(());
        }
        self.open_wallboard().map_err(|error| internal(&error.to_string()))
    }

    fn close_wallboard(&self) {
        // What it leaves behind is tidied when it is gone, however it went.
        if let Some(wallboard) = self.webview(Window::Wallboard) {
            let _ = wallboard.close();
        }
    }

    fn popup(&self, visible: bool) {
        if visible {
            self.show_popup();
        } else if let Some(popup) = self.webview(Window::Popup) {
            self.popup.visible.store(false, Ordering::SeqCst);
            let _ = popup.hide();
        }
    }

    fn attention(&self, wanted: bool) {
        if let Some(main) = self.webview(Window::Main) {
            let _ = main.request_user_attention(wanted.then_some(UserAttentionType::Critical));
        }
    }

    fn exit(&self) {
        self.remember_main();
        self.app.exit(0);
    }
}

/// Only pages that are inside the program are ever loaded; asked for frames too, where a letter is a document that its page
/// holds itself.
fn is_ours(url: &tauri::Url) -> bool {
    let dev = cfg!(dev) && url.host_str() == Some("localhost");
    url.scheme() == "tauri"
        || url.host_str() == Some("tauri.localhost")
        || matches!(url.as_str(), "about:blank" | "about:srcdoc")
        || dev
}

fn work_areas(window: &WebviewWindow) -> Vec<Area> {
    let area = |monitor: &Monitor| {
        let work = monitor.work_area();
        Area {
            x: work.position.x,
            y: work.position.y,
            width: work.size.width.cast_signed(),
            height: work.size.height.cast_signed(),
        }
    };
    let primary = window.primary_monitor().ok().flatten();
    let all = window.available_monitors().unwrap_or_default();
    primary.iter().chain(&all).map(area).collect()
}

#[cfg(target_os = "linux")]
fn watch_page(webview: &WebviewWindow, window: Window) {
    use webkit2gtk::WebViewExt;

    let app = webview.app_handle().clone();
    let watched = webview.with_webview(move |page| {
        page.inner().connect_web_process_terminated(move |page, reason| {
            tracing::error!(?reason, ?window, "the process of a page has died");
            if app.state::<std::sync::Arc<Windows>>().page_died(window) {
                page.reload();
            }
        });
    });
    if let Err(error) = watched {
        tracing::warn!(%error, "a page that dies will not come back");
    }
}

/// WebView2 and WKWebView bring a dead page back by themselves.
#[cfg(not(target_os = "linux"))]
fn watch_page(_: &WebviewWindow, _: Window) {}
