//! Where Offhook keeps its things, and what makes one copy of it different from another.
//!
//! Everything lies in one folder: the store, the log, the place of the windows. `--config-dir` names another folder,
//! and then everything that is shared by name on a computer (single instance, keychain entries, the door for the
//! command line) carries that folder's mark too, so that two copies never meet.

use std::io;
use std::path::{Path, PathBuf};

use model::{Problem, ProblemCode};
use wire::HttpOptions;

/// Name under which secrets stand in the keychain.
pub(crate) const SERVICE: &str = "offhook";

/// Certificates of authorities to trust beside the system's, PEM, one after the other: an administrator's file.
const EXTRA_CA: &str = "extra-ca.pem";

/// The folder of one copy of Offhook, with its mark.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    dir: PathBuf,
    mark: Option<String>,
}

impl Place {
    /// The folder `config_dir`, or the user's own when none is named. Makes it, readable by the user alone.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn new(config_dir: Option<&Path>) -> io::Result<Self> {
        let own = dirs::data_local_dir().map(|data| data.join("offhook"));
        let dir = match (config_dir, &own) {
            (Some(dir), _) => dir.to_owned(),
            (None, Some(own)) => own.clone(),
            (None, None) => {
                return Err(io::Error::new(
                    io::ErrorKind::NotFound,
                    "no home folder; name one with --config-dir",
                ));
            }
        };
        make_private(&dir)?;
        let dir = dir.canonicalize()?;
        let is_own = own.is_some_and(|own| own.canonicalize().is_ok_and(|own| own == dir));
        let mark = (!is_own).then(|| format!("{:016x}", fnv1a(dir.as_os_str().as_encoded_bytes())));
        Ok(Self { dir, mark })
    }

    /// The folder itself; the store lies here.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of the log.
    pub(crate) fn logs(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// The app's identifier for this folder: `base`, followed by the mark if there is one.
    pub(crate) fn identifier(&self, base: &str) -> String {
        match &self.mark {
            Some(mark) => format!("{base}.p{mark}"),
            None => base.to_owned(),
        }
    }

    /// The name of an account's entry in the keychain.
    pub(crate) fn keychain_user(&self, account: &str) -> String {
        match &self.mark {
            Some(mark) => format!("{account}@{mark}"),
            None => account.to_owned(),
        }
    }

    /// The file that whoever runs the engine of this folder keeps locked.
    pub(crate) fn key(&self) -> PathBuf {
        self.dir.join("engine.lock")
    }

    /// How connections are made from here: as the system says, trusting also the authorities of [`EXTRA_CA`] if that
    /// file lies in the folder.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub(crate) fn http(&self) -> Result<HttpOptions, Problem> {
        let extra_ca_pem = match std::fs::read_to_string(self.dir.join(EXTRA_CA)) {
            Ok(pem) => vec![pem],
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let problem = Problem::new(ProblemCode::NotPossible).with("what", EXTRA_CA);
                return Err(problem.saying([format!("{EXTRA_CA} cannot be read: {error}")]));
            }
        };
        Ok(HttpOptions { extra_ca_pem, ..HttpOptions::default() })
    }

    /// The socket on which a running Offhook answers the command line. In the user's runtime folder where there is
    /// one: a path there is short enough for a socket, whatever folder was named. On Windows the name of a pipe.
    pub(crate) fn door(&self) -> PathBuf {
        let mark = self.mark.as_deref().unwrap_or("own");
        if cfg!(windows) {
            let user = std::env::var("USERNAME").unwrap_or_default();
            return PathBuf::from(format!(r"\\.\pipe\offhook-{mark}-{user}"));
        }
        let name = format!("offhook-{mark}.sock");
        match dirs::runtime_dir() {
            Some(runtime) => runtime.join(name),
            None => self.dir.join("door.sock"),
        }
    }
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn make_private(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}

/// FNV-1a, 64 bits: the same on every run and every computer, which the standard hasher does not promise.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_never_share_a_name() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (a, b) = (Place::new(Some(one.path())).unwrap(), Place::new(Some(two.path())).unwrap());
        assert_ne!(a.identifier("org.offhook.desktop"), b.identifier("org.offhook.desktop"));
        assert_ne!(a.keychain_user("x"), b.keychain_user("x"));
        assert_ne!(a.door(), b.door());
        let again = Place::new(Some(one.path())).unwrap();
        assert_eq!(a.keychain_user("x"), again.keychain_user("x"));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_the_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let place = Place::new(Some(&root.path().join("new/one"))).unwrap();
        assert_eq!(place.dir().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
