//! Files of messages on their way to the agent: fetched whole, written beside their place and moved there, so that half a
//! file never stands under its name. Nothing is opened.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use model::{FileOf, Problem, ProblemCode};

use super::names::{clean_name, numbered};
use crate::engine::Engine;

/// The largest file that is fetched, in bytes.
const MOST: u64 = 100 * 1024 * 1024;

impl Engine {
    /// The name under which a file of an entry is offered to be saved: cleaned, never empty.
    ///
    /// # Errors
    /// `Gone` when no such file is known, `Internal` when the store fails.
    pub async fn file_name(&self, file: &FileOf) -> Result<String, Problem> {
        let kept = self.core.kept(&file.ticket).await?;
        let name = kept.and_then(|(detail, _)| {
            let entry = detail.timeline.entries.into_iter().find(|entry| entry.id == file.entry.as_str())?;
            entry.files.into_iter().find(|known| known.id == file.file).map(|known| known.name)
        });
        name.map(|name| clean_name(&name)).ok_or_else(|| Problem::new(ProblemCode::Gone))
    }

    /// Fetches a file of an entry and saves it in this folder, under a name that is free; answers where that is.
    ///
    /// # Errors
    /// What the platform says; `NotPossible` when it cannot be written there.
    pub async fn save_file(&self, file: FileOf, folder: &Path) -> Result<PathBuf, Problem> {
        let name = self.file_name(&file).await?;
        let (bytes, folder) = (self.fetch(file).await?, folder.to_owned());
        written(move || {
            let temporary = beside(&folder.join(&name), &bytes)?;
            for number in 1..1_000 {
                let to = folder.join(if number == 1 { name.clone() } else { numbered(&name, number) });
                match temporary.persist_noclobber(&to) {
                    Ok(()) => return Ok(to),
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            }
            Err(io::ErrorKind::AlreadyExists.into())
        })
        .await
    }

    /// Fetches a file of an entry and saves it exactly here, in the place of what may be there: the agent has chosen.
    ///
    /// # Errors
    /// As [`Engine::save_file`].
    pub async fn save_file_as(&self, file: FileOf, to: &Path) -> Result<(), Problem> {
        let (bytes, to) = (self.fetch(file).await?, to.to_owned());
        written(move || beside(&to, &bytes)?.persist(&to)).await
    }

    async fn fetch(&self, file: FileOf) -> Result<bytes::Bytes, Problem> {
        let FileOf { ticket, entry, file } = file;
        let (account, name) = ticket.parts().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let (name, entry) = (name.to_owned(), entry.0);
        let read = self.core.ask_tickets(&account, |tickets| tickets.file(name, entry, file, MOST)).await?;
        Ok(read.bytes)
    }
}

/// A file that is complete and on the disk, but not under its name yet. Removed when dropped.
struct Temporary(PathBuf);

fn beside(to: &Path, bytes: &[u8]) -> io::Result<Temporary> {
    let path = to.with_file_name(format!(".offhook-{:016x}.part", rand::random::<u64>()));
    let mut file = fs::File::create_new(&path)?;
    let temporary = Temporary(path);
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(temporary)
}

impl Temporary {
    /// Puts it under a name, unless that is taken.
    fn persist_noclobber(&self, to: &Path) -> io::Result<()> {
        match fs::hard_link(&self.0, to) {
            // Not every file system has links (FAT): there the name is taken first.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) =>
            {
                fs::File::create_new(to)?;
                self.persist(to)
            }
            done => done,
        }
    }

    fn persist(&self, to: &Path) -> io::Result<()> {
        fs::rename(&self.0, to)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename it is not there any more.
        let _ = fs::remove_file(&self.0);
    }
}

async fn written<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| Problem::new(ProblemCode::Internal))?;
    done.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk_full",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "no_rights",
            io::ErrorKind::NotFound => "no_folder",
            _ => "not_written",
        };
        let mut problem =
            Problem::new(ProblemCode::NotPossible).with("why", why).with("what", error.to_string());
        problem.message = "The file could not be saved there.".to_owned();
        problem.hint = "Choose another folder, or make room.".to_owned();
        problem
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_is_there_is_not_overwritten_and_nothing_else_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.txt");
        fs::write(&to, "mine").unwrap();
        let taken = beside(&to, b"theirs").unwrap().persist_noclobber(&to).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["a.txt"]);
        let other = folder.path().join("a (2).txt");
        beside(&to, b"theirs").unwrap().persist_noclobber(&other).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"mine");
        assert_eq!(fs::read(&other).unwrap(), b"theirs");
        beside(&to, b"chosen").unwrap().persist(&to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"chosen");
        assert_eq!(names(folder.path()), ["a (2).txt", "a.txt"]);
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("no/such/a.txt");
        let problem = written(move || beside(&to, b"x").map(drop)).await.unwrap_err();
        assert_eq!(problem.facts.get("why").map(String::as_str), Some("no_folder"));
    }
}
