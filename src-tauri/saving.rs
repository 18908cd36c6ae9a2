//! Asking the agent where to save a file: the system's own dialog, opened by the core. The page has no part in it but the
//! wish; it is told where the file went, and nothing is ever opened.

use std::path::{Path, PathBuf};

use tauri::WebviewWindow;
use tokio::sync::oneshot;

/// What became of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// Save it here, in the place of what may be there: the dialog has asked.
    At(PathBuf),
    /// The agent has changed their mind.
    Nowhere,
    /// There is nobody to ask.
    NobodyToAsk,
}

/// The folder to begin in: that of the last time if it is still there, else the one for downloads.
pub(crate) fn beginning(last: Option<PathBuf>) -> PathBuf {
    last.filter(|folder| folder.is_dir()).or_else(downloads).unwrap_or_default()
}

/// The folder for downloads, or else the agent's own.
pub(crate) fn downloads() -> Option<PathBuf> {
    dirs::download_dir().filter(|folder| folder.is_dir()).or_else(dirs::home_dir)
}

/// Asks beside this window, with a proposal.
pub(crate) async fn ask(window: &WebviewWindow, title: String, folder: &Path, name: String) -> Chosen {
    let (answer, chosen) = oneshot::channel();
    let (parent, folder) = (window.clone(), folder.to_owned());
    if window.run_on_main_thread(move || show(&parent, &title, &folder, &name, answer)).is_err() {
        return Chosen::NobodyToAsk;
    }
    // The app ends while the dialog is open: nothing is saved.
    chosen.await.unwrap_or(Chosen::Nowhere)
}

#[cfg(target_os = "linux")]
fn show(parent: &WebviewWindow, title: &str, folder: &Path, name: &str, answer: oneshot::Sender<Chosen>) {
    use std::cell::Cell;

    use gtk::prelude::{FileChooserExt, NativeDialogExt};

    let parent = parent.gtk_window().ok();
    let action = gtk::FileChooserAction::Save;
    let dialog = gtk::FileChooserNative::new(Some(title), parent.as_ref(), action, None, None);
    // Not modal: in GTK a modal dialog takes the clicks of all windows, also of the one that shows what rings.
    dialog.set_modal(false);
    dialog.set_do_overwrite_confirmation(true);
    dialog.set_current_folder(folder);
    dialog.set_current_name(name);
    // Nothing else holds the dialog while it is open.
    let held = Cell::new(Some((dialog.clone(), answer)));
    dialog.connect_response(move |dialog, response| {
        let Some((_held, answer)) = held.take() else { return };
        let chosen = (response == gtk::ResponseType::Accept).then(|| dialog.filename()).flatten();
        // Whoever asked may have gone.
        let _ = answer.send(chosen.map_or(Chosen::Nowhere, Chosen::At));
        dialog.destroy();
    });
    dialog.show();
}

#[cfg(not(target_os = "linux"))]
fn show(parent: &WebviewWindow, title: &str, folder: &Path, name: &str, answer: oneshot::Sender<Chosen>) {
    let dialog = rfd::AsyncFileDialog::new().set_title(title).set_directory(folder).set_file_name(name);
    let asked = dialog.set_parent(parent).save_file();
    tauri::async_runtime::spawn(async move {
        let chosen = asked.await.map(|file| file.path().to_owned());
        // Whoever asked may have gone.
        let _ = answer.send(chosen.map_or(Chosen::Nowhere, Chosen::At));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_where_the_last_file_went_as_long_as_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().to_owned();
        assert_eq!(beginning(Some(there.clone())), there);
        drop(folder);
        assert_ne!(beginning(Some(there.clone())), there);
        assert_eq!(beginning(Some(there)), beginning(None));
    }
}
