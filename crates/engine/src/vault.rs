//! Where secrets are kept: the operating system's keychain behind a small trait that the shell implements, or this
//! process's memory where the agent chose that.
//!
//! One account has one secret, a text that only its connector reads. The engine calls a vault on a blocking thread
//! and never waits for it on the way to a ring.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::AccountId;
use secrecy::SecretString;

/// Keeps one secret text for each account. The methods may block; the engine calls them on a blocking thread.
pub trait Vault: Send + Sync + 'static {
    /// The secret, if one is kept.
    ///
    /// # Errors
    /// When the keychain is locked, is not there, or fails.
    fn read(&self, account: &AccountId) -> Result<Option<SecretString>, VaultError>;

    /// Keeps the secret in place of any before it.
    ///
    /// # Errors
    /// When the keychain is locked, is not there, or fails.
    fn write(&self, account: &AccountId, secret: &SecretString) -> Result<(), VaultError>;

    /// Forgets the secret; fine if there is none.
    ///
    /// # Errors
    /// When the keychain is locked, is not there, or fails.
    fn delete(&self, account: &AccountId) -> Result<(), VaultError>;
}

/// Why a secret could not be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The keychain exists and is locked.
    #[error("the keychain is locked")]
    Locked,
    /// There is no keychain, or it does not answer.
    #[error("no keychain answers")]
    Missing,
    /// It failed for another reason, told without any secret.
    #[error("the keychain failed: {0}")]
    Failed(String),
}

/// Secrets in memory, gone when the process ends: the agent's explicit choice, the practice centre, and tests.
#[derive(Default)]
pub struct SessionVault(Mutex<HashMap<AccountId, SecretString>>);

impl Vault for SessionVault {
    fn read(&self, account: &AccountId) -> Result<Option<SecretString>, VaultError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned())
    }

    fn write(&self, account: &AccountId, secret: &SecretString) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(account.clone(), secret.clone());
        Ok(())
    }

    fn delete(&self, account: &AccountId) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        Ok(())
    }
}
