//! Which running Offhook is sending what.
//!
//! Every process that has the store open holds a lock on a file of its own in `running/`; the operating system lets go of
//! it when the process ends, however it ends. So the next one to open the store can tell an item that is being sent from
//! one whose sender died half way.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The lock of this process, kept for as long as the store is open.
pub(super) struct Owner {
    pub(super) name: String,
    path: PathBuf,
    _lock: File,
}

/// Who else has the store open.
pub(super) struct Others {
    pub(super) living: BTreeSet<String>,
    /// Whether somebody ended without closing the store.
    pub(super) died: bool,
}

/// Only one process opens the store at a time: the guard of that. Held until dropped.
pub(super) fn one_at_a_time(dir: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("offhook.lock"))?;
    file.lock()?;
    Ok(file)
}

/// Looks who is there and clears the files of the dead. Call under [`one_at_a_time`].
pub(super) fn others(dir: &Path) -> io::Result<Others> {
    let mut others = Others { living: BTreeSet::new(), died: false };
    let folder = dir.join("running");
    if !folder.exists() {
        return Ok(others);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let file = match File::open(&path) {
            Ok(file) => file,
            // Its process has just left.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {
                others.died = true;
                match fs::remove_file(&path) {
                    // It was just leaving.
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Err(TryLockError::WouldBlock) => {
                others.living.insert(name.to_owned());
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(others)
}

/// Leaves what looks like somebody who died, so that whoever opens the store next looks through the whole file.
pub(super) fn ask_for_a_check(dir: &Path) {
    // If this fails too, the agent has been told already that the database cannot be used.
    let _ = File::create(dir.join("running").join("damaged"));
}

impl Owner {
    /// Enters this process. Call under [`one_at_a_time`].
    pub(super) fn enter(dir: &Path) -> io::Result<Self> {
        let folder = dir.join("running");
        fs::create_dir_all(&folder)?;
        let name = format!("{:016x}", rand::random::<u64>());
        let path = folder.join(&name);
        let file = OpenOptions::new().create_new(true).read(true).write(true).open(&path)?;
        file.lock()?;
        Ok(Self { name, path, _lock: file })
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // If it stays, the next one to open the store takes this for a death and looks through the file once.
        let _ = fs::remove_file(&self.path);
    }
}
