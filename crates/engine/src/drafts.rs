//! What the agent has typed: kept with the activity while it is there, and not lost when it ends before it was closed.

use model::{AccountId, ActivityId, Draft, OutboxItem, OutboxState, Work};

use crate::state::State;

impl State {
    /// What the agent has typed.
    pub(crate) fn drafted(&mut self, id: &ActivityId, draft: Draft) {
        self.change_activity(id, |activity| activity.draft = draft.clone());
        self.drafts.insert(id.clone(), draft);
    }

    /// Whether something was typed for an activity of this account that is no longer there, and stands nowhere else.
    pub(crate) fn has_stranded(&self, account: &AccountId) -> bool {
        self.drafts.iter().any(|(activity, draft)| self.is_stranded(account, activity, draft))
    }

    /// Hands over what [`State::has_stranded`] speaks of: the activity, whom it was about as far as known, the words.
    pub(crate) fn take_stranded(&mut self, account: &AccountId) -> Vec<(ActivityId, String, Draft)> {
        let stranded: Vec<ActivityId> = (self.drafts.iter())
            .filter(|(activity, draft)| self.is_stranded(account, activity, draft))
            .map(|(activity, _)| activity.clone())
            .collect();
        let take = |activity: ActivityId| {
            let draft = self.drafts.remove(&activity)?;
            let title = self.titles.remove(&activity).unwrap_or_default();
            Some((activity, title, draft))
        };
        stranded.into_iter().filter_map(take).collect()
    }

    fn is_stranded(&self, account: &AccountId, activity: &ActivityId, draft: &Draft) -> bool {
        let is_on = activity.parts().is_some_and(|(on, _)| on == *account);
        let is_seen = self.account(account).is_some_and(|account| account.agent.is_some());
        let is_kept = |item: &OutboxItem| {
            let Work::Close { activity: closed, draft: sent } = &item.work else { return false };
            closed == activity && (sent == draft || !matches!(item.state, OutboxState::Refused { .. }))
        };
        is_on
            && is_seen
            && !is_empty(draft)
            && !self.activities.contains_key(activity)
            && !self.outbox.values().any(is_kept)
    }
}

/// Whether nothing was typed.
pub(crate) fn is_empty(draft: &Draft) -> bool {
    draft.note.trim().is_empty() && draft.dispositions.is_empty()
}
