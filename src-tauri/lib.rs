//! The desktop shell.
use tauri::WebviewUrl;

/// Runs the app.
pub fn run() {
    tauri::Builder::default()
        .setup(|app| {
            tauri::WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into())).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("run");
}
