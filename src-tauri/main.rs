//! The program `offhook`: the app and its command line.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    offhook_lib::cli::main()
}
