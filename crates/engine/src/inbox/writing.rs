//! From the first word typed to the outbox, and back. Everything is on the disk before views are told of it, and every step
//! from one place to the next is one transaction, so that nothing is lost or doubled wherever a process dies.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::{
    AccountId, Composing, FieldChoice, FieldConflict, FieldEdit, Message, OutboxItem, OutboxState, Problem,
    ProblemCode, Resolve, StageFile, StagedFile, Work,
};

use super::names::clean_name;
use crate::clock;
use crate::core::Core;
use crate::engine::Engine;
use crate::outbox;
use crate::plan::impossible;
use crate::store::{TakenBack, files_of};

/// The largest file that is taken to be sent, in bytes.
const MOST_BYTES: usize = 10 * 1024 * 1024;

impl Engine {
    /// Keeps what is being written, before anything else happens to it.
    ///
    /// # Errors
    /// `Internal` when the store cannot keep it.
    pub async fn compose(&self, composing: Composing) -> Result<(), Problem> {
        let composing = Composing { at: clock::now(), ..composing };
        self.core.known_account(&composing.work)?;
        self.core.store.put_composing(composing.clone()).await?;
        self.core.hub.board(|board| board.writes(composing));
        Ok(())
    }

    /// Throws away what is being written, on the agent's word.
    ///
    /// # Errors
    /// `Internal` when the store fails.
    pub async fn drop_composing(&self, key: String) -> Result<(), Problem> {
        self.core.store.drop_composing(key.clone()).await?;
        let mut dropped = None;
        self.core.hub.board(|board| dropped = board.written(&key));
        if let Some(dropped) = dropped {
            self.core.unstage(&dropped.work).await;
        }
        Ok(())
    }

    /// Puts what is being written into the outbox, in one step; answers the item's number. What is to follow from it is an
    /// item of its own behind it.
    ///
    /// # Errors
    /// `Gone` when nothing is being written under that key, `NotPossible` when it is empty, `Internal` when the store fails.
    pub async fn send(&self, key: String) -> Result<u64, Problem> {
        let core = &self.core;
        let written = core.hub.read(|state| state.board.one_composing(&key).cloned());
        let written = written.ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        core.known_account(&written.work)?;
        worth_sending(&written.work)?;
        let sent = core.store.send_composing(key.clone(), clock::now()).await?;
        let items = sent.ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        core.hub.board(|board| drop(board.written(&key)));
        core.queued(items)
    }

    /// Puts something into the outbox that was not written in a composer; answers the item's number.
    ///
    /// # Errors
    /// `NotPossible` for what closes an activity (a command does that) and what changes nothing, `Gone` when there is no
    /// such account, `Internal` when the store fails.
    pub async fn queue_work(&self, work: Work) -> Result<u64, Problem> {
        let core = &self.core;
        core.known_account(&work)?;
        worth_sending(&work)?;
        let known = match work.ticket() {
            Some(ticket) => core.store.known_ticket(ticket.clone()).await?,
            None => None,
        };
        let title = known.map(|ticket| ticket.title).unwrap_or_default();
        core.queued(vec![core.store.enqueue(work, title, clock::now()).await?])
    }

    /// Takes an item out of the outbox again, to change it; answers the key under which it is being written now.
    ///
    /// # Errors
    /// `Gone` when it is not there or is nothing that is written, `NotPossible` while it is being sent or may have been, or
    /// while something else is being written in its place. `Internal` when the store fails.
    pub async fn take_back(&self, item: u64) -> Result<String, Problem> {
        let core = &self.core;
        match core.store.take_back(item, clock::now()).await? {
            TakenBack::Writing(composing, out) => {
                let key = composing.key.clone();
                let account = composing.work.account();
                core.hub.board(|board| board.writes(*composing));
                core.removed(&out, account.as_ref());
                core.all_batches_moved().await;
                Ok(key)
            }
            TakenBack::Busy => Err(impossible("writing")),
            TakenBack::Sent => Err(impossible("sending")),
            TakenBack::Gone => Err(Problem::new(ProblemCode::Gone)),
        }
    }

    /// Says what is to become of an item in conflict, field by field; it waits for its turn again then.
    ///
    /// # Errors
    /// `Gone` when it is not in conflict, `NotPossible` when a field is missing, `Internal` when the store fails.
    pub async fn resolve(&self, request: Resolve) -> Result<(), Problem> {
        let core = &self.core;
        let item = core.hub.read(|state| state.outbox.get(&request.item).cloned());
        let Some(OutboxItem { work, state: OutboxState::Conflict { fields }, .. }) = item else {
            return Err(Problem::new(ProblemCode::Gone));
        };
        let mut resolved = work;
        let (Work::Edit { edit, .. } | Work::EditRecord { edit, .. }) = &mut resolved else {
            return Err(Problem::new(ProblemCode::Gone));
        };
        rewrite(edit, &fields, &request.fields)?;
        if edit.is_empty() {
            return outbox::discard(core, request.item).await;
        }
        if let Some(item) = core.store.rewrite(request.item, resolved).await? {
            let account = item.work.account();
            let batch = item.batch;
            core.hub.update(|state, _| state.outbox_changed(item));
            if let Some(batch) = batch {
                core.batch_moved(batch).await;
            }
            outbox::nudge(core, account.as_ref());
        }
        Ok(())
    }

    /// Takes a file, to be sent later.
    ///
    /// # Errors
    /// `NotPossible` when it is too large or its bytes cannot be read, `Internal` when it cannot be kept.
    pub async fn stage_file(&self, request: StageFile) -> Result<StagedFile, Problem> {
        // Four signs of base64 are three bytes: no need to read what is too much.
        let too_large = || impossible("too_large").with("most", (MOST_BYTES / 1024 / 1024).to_string());
        if request.base64.len() / 4 * 3 > MOST_BYTES + 3 {
            return Err(too_large());
        }
        let bytes =
            BASE64_STANDARD.decode(request.base64.as_bytes()).map_err(|_| impossible("unreadable"))?;
        self.stage_bytes(&request.name, &request.mime, bytes).await
    }

    /// Takes the bytes of a file, to be sent later. See [`Engine::stage_file`].
    ///
    /// # Errors
    /// As [`Engine::stage_file`].
    pub async fn stage_bytes(&self, name: &str, mime: &str, bytes: Vec<u8>) -> Result<StagedFile, Problem> {
        if bytes.len() > MOST_BYTES {
            return Err(impossible("too_large").with("most", (MOST_BYTES / 1024 / 1024).to_string()));
        }
        let file = StagedFile {
            id: format!("{:032x}", rand::random::<u128>()),
            name: clean_name(name),
            mime: mime.to_owned(),
            size: bytes.len() as u64,
        };
        self.core.store.stage(file.clone(), bytes).await?;
        Ok(file)
    }
}

impl Core {
    /// Tells of new items and has them sent; answers the number of the first.
    fn queued(&self, items: Vec<OutboxItem>) -> Result<u64, Problem> {
        let first = items.first().map(|item| (item.id, item.work.account()));
        let (id, account) = first.ok_or_else(|| Problem::new(ProblemCode::Internal))?;
        self.hub.update(|state, _| items.into_iter().for_each(|item| state.outbox_changed(item)));
        outbox::nudge(self, account.as_ref());
        Ok(id)
    }

    /// Tells that items have left the outbox, and lets those behind them go on.
    pub(crate) fn removed(&self, items: &[u64], account: Option<&AccountId>) {
        if let Some(account) = account {
            self.hub.update(|state, _| items.iter().for_each(|id| state.outbox_removed(*id, account)));
        }
        outbox::nudge(self, account);
    }

    /// Removes the files of a piece of work, unless something else needs them.
    pub(crate) async fn unstage(&self, work: &Work) {
        let files: Vec<_> = files_of(work).iter().map(|file| file.id.clone()).collect();
        if !files.is_empty()
            && let Err(problem) = self.store.unstage(Some(files)).await
        {
            // The next start removes them.
            tracing::warn!(code = ?problem.code, "files that were sent could not be removed");
        }
    }

    fn known_account(&self, work: &Work) -> Result<(), Problem> {
        let account = work.account().ok_or_else(|| Problem::new(ProblemCode::Gone))?;
        let known = self.hub.read(|state| state.account(&account).is_some());
        known.then_some(()).ok_or_else(|| Problem::new(ProblemCode::Gone).on(&account))
    }
}

/// An empty message is a slip of the finger.
fn worth_sending(work: &Work) -> Result<(), Problem> {
    let says_something = |message: &Message| !message.text.trim().is_empty() || !message.files.is_empty();
    let is_worth = match work {
        Work::Send { message, .. } => says_something(message),
        Work::Edit { edit, .. } | Work::EditRecord { edit, .. } => !edit.is_empty(),
        Work::Create { new, .. } => says_something(&new.message) || !new.fields.is_empty(),
        Work::Delete { .. } => true,
        Work::Close { .. } => return Err(impossible("not_offered")),
    };
    is_worth.then_some(()).ok_or_else(|| impossible("empty"))
}

/// Writes the agent's choices into the edits: what is chosen is compared with what the platform has now.
fn rewrite(
    edit: &mut Vec<FieldEdit>,
    conflicts: &[FieldConflict],
    choices: &[FieldChoice],
) -> Result<(), Problem> {
    for conflict in conflicts {
        let key = &conflict.theirs.key;
        let choice = choices.iter().find(|choice| choice.key == *key);
        let choice = choice.ok_or_else(|| impossible("not_chosen").with("field", key.as_str()))?;
        match &choice.now {
            Some(now) if *now != conflict.theirs.values => {
                for field in edit.iter_mut().filter(|field| field.key == *key) {
                    field.was.clone_from(&conflict.theirs.values);
                    field.now.clone_from(now);
                }
            }
            _ => edit.retain(|field| field.key != *key),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::{FieldKind, FormField};

    use super::*;

    fn texts(one: &str) -> Vec<String> {
        vec![one.to_owned()]
    }

    fn conflict(key: &str, was: &str, theirs: &str, mine: &str) -> FieldConflict {
        let theirs = FormField {
            key: key.to_owned(),
            title: String::new(),
            kind: FieldKind::Text,
            values: texts(theirs),
            options: Vec::new(),
            required: false,
            editable: true,
        };
        FieldConflict { theirs, was: texts(was), mine: texts(mine) }
    }

    fn edit(key: &str, was: &str, now: &str) -> FieldEdit {
        FieldEdit { key: key.to_owned(), was: texts(was), now: texts(now) }
    }

    #[test]
    fn choices_are_compared_with_what_the_platform_has_now_and_other_fields_stay() {
        let mut edits =
            vec![edit("title", "A", "B"), edit("stage", "open", "closed"), edit("email", "x", "y")];
        let conflicts = [conflict("title", "A", "C", "B"), conflict("stage", "open", "answered", "closed")];
        let choice = |key: &str, now: Option<&str>| FieldChoice { key: key.to_owned(), now: now.map(texts) };
        rewrite(&mut edits, &conflicts, &[choice("title", Some("B")), choice("stage", None)]).unwrap();
        assert_eq!(edits, [edit("title", "C", "B"), edit("email", "x", "y")]);
        let mut edits = vec![edit("title", "A", "B")];
        assert!(rewrite(&mut edits, &conflicts[..1], &[]).is_err(), "every field must be chosen");
        rewrite(&mut edits, &conflicts[..1], &[choice("title", Some("C"))]).unwrap();
        assert!(edits.is_empty(), "what the platform has need not be written");
    }
}
