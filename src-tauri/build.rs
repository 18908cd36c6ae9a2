//! Generates Tauri's context: the configuration, the access rules of each window, the icons.

fn main() {
    // With a pattern of its own tauri-build does not watch the capability files: say it here.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=icons");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        // Declaring the command puts it under the access rules: a window without the permission cannot call it.
        .app_manifest(tauri_build::AppManifest::new().commands(&["call"]));
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
