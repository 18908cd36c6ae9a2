//! What must be said to WebKitGTK before it starts, on Linux.
//!
//! Without a GPU its DMA-BUF renderer costs five seconds of CPU at each start and 80 MiB a window; with NVIDIA's own
//! driver it shows a white window. There it is switched off, unless the user has decided otherwise. The switch is an
//! environment variable, and setting one is the only thing in this program that Rust calls unsafe.

/// Decides about the renderer. Must run before any thread is started and before the window system is.
#[cfg(target_os = "linux")]
pub(crate) fn prepare() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_gpu = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"));
    let has_nvidia = std::path::Path::new("/proc/driver/nvidia").exists();
    if std::env::var_os(SWITCH).is_none() && (!has_gpu || has_nvidia) {
        set(SWITCH, "1");
    }
}

/// Other systems' webviews need nothing.
#[cfg(not(target_os = "linux"))]
pub fn prepare() {}

#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn set(name: &str, value: &str) {
    // SAFETY: changing the environment is only unsound while another thread reads or changes it, and `cli::main` calls
    // this before it starts any.
    unsafe { std::env::set_var(name, value) }
}
