//! The small things: accounts, what their connectors have learned, settings, drafts.

use model::{Account, AccountId, ActivityId, Draft, Problem, Settings};
use rusqlite::{OptionalExtension, params};

use super::{Store, from_json, readable, to_json};

impl Store {
    /// The accounts, in the agent's order.
    ///
    /// # Errors
    /// [`model::ProblemCode::Internal`] when the database fails; so for every function of the store.
    pub async fn accounts(&self) -> Result<Vec<Account>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT json FROM accounts ORDER BY position, id")?;
            query.query_map([], |row| from_json(row, 0))?.filter_map(readable).collect()
        })
        .await
    }

    /// Keeps an account: at the end if it is new, in its place if it is known.
    pub async fn put_account(&self, account: Account) -> Result<(), Problem> {
        self.write(move |db| {
            db.execute(
                "INSERT INTO accounts (id, position, json)
                 VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM accounts), ?2)
                 ON CONFLICT (id) DO UPDATE SET json = excluded.json",
                params![account.id.as_str(), to_json(&account)?],
            )
            .map(drop)
        })
        .await
    }

    /// Forgets an account and all that belongs to it: contacts, tickets, favourites, drafts,
    /// unsent work, its part of the agent's days.
    pub async fn forget_account(&self, account: AccountId) -> Result<(), Problem> {
        self.write(move |db| {
            // Ids of its things are `account/…`, and '0' is the character after '/'.
            let (first, end) = (format!("{account}/"), format!("{account}0"));
            db.execute("DELETE FROM drafts WHERE activity >= ?1 AND activity < ?2", [&first, &end])?;
            db.execute("DELETE FROM outbox WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM favourites WHERE contact >= ?1 AND contact < ?2", [&first, &end])?;
            db.execute("DELETE FROM composing WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM tickets WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM ticket_syncs WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM contacts WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM syncs WHERE account = ?1", [account.as_str()])?;
            super::day::forget(db, account.as_str())?;
            db.execute("DELETE FROM memories WHERE account = ?1", [account.as_str()])?;
            db.execute("DELETE FROM accounts WHERE id = ?1", [account.as_str()]).map(drop)
        })
        .await
    }

    /// What the connector of an account wanted to have again: its own JSON.
    pub async fn memory(&self, account: AccountId) -> Result<Option<String>, Problem> {
        self.read(move |db| {
            let sql = "SELECT json FROM memories WHERE account = ?1";
            db.query_row(sql, [account.as_str()], |row| row.get(0)).optional()
        })
        .await
    }

    /// Keeps what the connector of an account wants to have again; nothing takes it away.
    pub async fn put_memory(&self, account: AccountId, memory: Option<String>) -> Result<(), Problem> {
        self.write(move |db| match memory {
            Some(memory) => {
                let sql = "INSERT OR REPLACE INTO memories (account, json) VALUES (?1, ?2)";
                db.execute(sql, [account.as_str(), &memory]).map(drop)
            }
            None => db.execute("DELETE FROM memories WHERE account = ?1", [account.as_str()]).map(drop),
        })
        .await
    }

    /// The pauses that were set because of calls on other accounts, as JSON.
    pub async fn elsewhere(&self) -> Result<Option<String>, Problem> {
        self.read(|db| db.query_row("SELECT json FROM elsewhere", [], |row| row.get(0)).optional()).await
    }

    /// Keeps the pauses that were set because of calls on other accounts.
    pub async fn put_elsewhere(&self, json: String) -> Result<(), Problem> {
        self.write(move |db| {
            db.execute("INSERT OR REPLACE INTO elsewhere (one, json) VALUES (1, ?1)", [&json]).map(drop)
        })
        .await
    }

    /// The settings. Keys that are missing or cannot be read have their defaults.
    pub async fn settings(&self) -> Result<Settings, Problem> {
        let text: Option<String> = self
            .read(|db| db.query_row("SELECT json FROM settings", [], |row| row.get(0)).optional())
            .await?;
        Ok(text.map(|text| lenient(&text)).unwrap_or_default())
    }

    /// Keeps the settings.
    pub async fn put_settings(&self, settings: Settings) -> Result<(), Problem> {
        self.write(move |db| {
            let sql = "INSERT OR REPLACE INTO settings (one, json) VALUES (1, ?1)";
            db.execute(sql, [to_json(&settings)?]).map(drop)
        })
        .await
    }

    /// Everything typed and not closed yet.
    pub async fn drafts(&self) -> Result<Vec<(ActivityId, Draft)>, Problem> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT activity, json FROM drafts ORDER BY activity")?;
            query
                .query_map([], |row| Ok((ActivityId(row.get(0)?), from_json(row, 1)?)))?
                .filter_map(readable)
                .collect()
        })
        .await
    }

    /// Keeps what was typed; an empty draft leaves nothing behind.
    pub async fn put_draft(&self, activity: ActivityId, draft: Draft) -> Result<(), Problem> {
        self.write(move |db| {
            if draft == Draft::default() {
                db.execute("DELETE FROM drafts WHERE activity = ?1", [activity.as_str()]).map(drop)
            } else {
                let sql = "INSERT OR REPLACE INTO drafts (activity, json) VALUES (?1, ?2)";
                db.execute(sql, params![activity.as_str(), to_json(&draft)?]).map(drop)
            }
        })
        .await
    }
}

/// One setting of a wrong type (another version's, an edit by hand) costs that one, not all of them.
fn lenient(text: &str) -> Settings {
    if let Ok(settings) = serde_json::from_str(text) {
        return settings;
    }
    let mut good = serde_json::Map::new();
    if let Ok(serde_json::Value::Object(kept)) = serde_json::from_str(text) {
        for (key, value) in kept {
            let before = good.insert(key.clone(), value);
            debug_assert!(before.is_none(), "a JSON object has each key once");
            if serde_json::from_value::<Settings>(good.clone().into()).is_err() {
                tracing::warn!(key, "a setting cannot be read: it has its default");
                good.remove(&key);
            }
        }
    }
    serde_json::from_value(good.into()).unwrap_or_default()
}
