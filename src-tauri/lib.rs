//! The desktop shell: windows, tray, notifications, sound, shortcuts, links, keychain, the door for the windows, and
//! the command line. What an agent's work means is the engine's business; here stands what belongs to this computer.
//!
//! The window system is started by [`app`] alone. Everything else, the command line above all, needs no display.

mod alerts;
mod app;
mod browse;
pub mod cli;
mod diagnostics;
mod door;
mod events;
mod handlers;
mod hotkeys;
mod ipc;
mod keychain;
mod links;
mod logging;
mod notices;
mod notifier;
mod place;
mod placement;
mod practice;
mod saving;
mod shell;
mod sound;
mod tray;
mod wake;
mod webview;
mod windows;
mod words;

#[cfg(test)]
mod tests;
