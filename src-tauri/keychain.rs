//! Secrets in the operating system's keychain: the Secret Service on Linux, the Keychain on macOS, the Credential
//! Manager on Windows.
//!
//! A keychain can be missing, locked, or waiting for somebody to type a password into its prompt. Nothing here waits
//! longer than [`PATIENCE`]: the caller is told `Locked`, the prompt stays open, and the next try finds the keychain
//! unlocked. The store is opened again after it failed, because the daemon may have been restarted. Never is anything
//! written elsewhere instead: that choice is the agent's.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use engine::{SecretString, Vault, VaultError};
use keyring_core::{CredentialStore, Entry, Error};
use model::AccountId;
use secrecy::ExposeSecret;

use crate::place::{Place, SERVICE};

/// How long one call may take before the keychain counts as locked. Only the account it is for waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(20);

/// The operating system's keychain, for one copy of Offhook.
pub(crate) struct Keychain {
    place: Place,
    store: Arc<Mutex<Option<Arc<CredentialStore>>>>,
}

impl Keychain {
    /// The keychain as `place` names its entries. Opens nothing yet.
    pub(crate) fn new(place: Place) -> Self {
        Self { place, store: Arc::default() }
    }

    /// Whether a keychain answers. Does not unlock it.
    ///
    /// # Errors
    /// [`VaultError::Missing`] when none does.
    pub(crate) fn probe(&self) -> Result<(), VaultError> {
        let store = Arc::clone(&self.store);
        patiently(move || open(&store).map(|_| ()))
    }

    /// Runs one call on this account's entry, once more with a fresh store if the old one broke.
    fn with_entry<T: Send + 'static>(
        &self,
        account: &AccountId,
        call: impl Fn(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<Option<T>, VaultError> {
        let user = self.place.keychain_user(account.as_str());
        let store = Arc::clone(&self.store);
        patiently(move || {
            let once = || {
                open(&store)?.build(SERVICE, &user, None).and_then(|entry| call(&entry)).map_err(translate)
            };
            match once() {
                Err(Failure::Broken(_)) => {
                    *store.lock().unwrap_or_else(PoisonError::into_inner) = None;
                    once()
                }
                other => other,
            }
            .map(Some)
            .or_else(|failure| if matches!(failure, Failure::NoEntry) { Ok(None) } else { Err(failure) })
        })
    }
}

impl Vault for Keychain {
    fn read(&self, account: &AccountId) -> Result<Option<SecretString>, VaultError> {
        self.with_entry(account, |entry| entry.get_password().map(SecretString::from))
    }

    fn write(&self, account: &AccountId, secret: &SecretString) -> Result<(), VaultError> {
        let secret = secret.clone();
        self.with_entry(account, move |entry| entry.set_password(secret.expose_secret())).map(|_| ())
    }

    fn delete(&self, account: &AccountId) -> Result<(), VaultError> {
        self.with_entry(account, Entry::delete_credential).map(|_| ())
    }
}

/// What can go wrong, before it is told to the engine.
enum Failure {
    Missing,
    Locked,
    NoEntry,
    Broken(String),
}

fn translate(error: Error) -> Failure {
    match error {
        Error::NoEntry => Failure::NoEntry,
        // The Secret Service store reports a locked collection and a dismissed prompt this way.
        Error::NoStorageAccess(_) => Failure::Locked,
        Error::NoDefaultStore => Failure::Missing,
        // `BadEncoding` and `BadDataFormat` carry the secret's bytes: their text must not travel.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            Failure::Broken("the entry is not a text".to_owned())
        }
        Error::Ambiguous(_) => Failure::Broken("several entries of the same name".to_owned()),
        other => Failure::Broken(other.to_string()),
    }
}

fn open(store: &Mutex<Option<Arc<CredentialStore>>>) -> Result<Arc<CredentialStore>, Failure> {
    let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(store) = &*store {
        return Ok(Arc::clone(store));
    }
    let fresh = native().map_err(|error| {
        tracing::info!(%error, "no keychain");
        Failure::Missing
    })?;
    Ok(Arc::clone(store.insert(fresh)))
}

fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    #[cfg(target_os = "macos")]
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(target_os = "windows")]
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

/// Runs `call` on a thread of its own and gives up waiting after [`PATIENCE`]. The thread ends with the prompt that
/// holds it.
fn patiently<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, VaultError> {
    let (done, wait) = mpsc::channel();
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody waits any more when the patience was over.
            let _ = done.send(call());
        })
        .map_err(|error| VaultError::Failed(error.to_string()))?;
    match wait.recv_timeout(PATIENCE) {
        Ok(result) => result.map_err(|failure| match failure {
            Failure::Missing => VaultError::Missing,
            Failure::Locked => VaultError::Locked,
            Failure::NoEntry => VaultError::Failed("no such entry".to_owned()),
            Failure::Broken(text) => VaultError::Failed(text),
        }),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(VaultError::Locked),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(VaultError::Failed("the keychain's library failed".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_never_quotes_the_secret() {
        for error in [
            Error::BadEncoding(b"canary".to_vec()),
            Error::BadDataFormat(b"canary".to_vec(), "canary".into()),
        ] {
            let Failure::Broken(text) = translate(error) else { panic!("not a broken entry") };
            assert!(!text.contains("canary"), "{text}");
        }
    }

    #[test]
    fn a_locked_keychain_is_told_apart_from_a_missing_one() {
        assert!(matches!(translate(Error::NoStorageAccess("locked".into())), Failure::Locked));
        assert!(matches!(translate(Error::NoDefaultStore), Failure::Missing));
        assert!(matches!(translate(Error::NoEntry), Failure::NoEntry));
    }
}
