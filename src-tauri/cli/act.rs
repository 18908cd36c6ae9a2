//! What an agent does, as commands: state, dialling, answering, closing. Each waits until the platform's own state shows
//! it. An activity need not be named where only one can be meant.

use model::{
    AccountId, Action, Activity, ActivityId, AgentTarget, Capability, Command, DeviceId, Disposition,
    DispositionId, LineId, PauseChoice, Phase, Problem, ProblemCode, QueueId, Snapshot,
};
use serde_json::json;

use super::End;
use super::accounts::find;
use super::core::Core;

/// Which account a change of state is for.
#[derive(clap::Args)]
pub(super) struct State {
    /// Only on this account (id or name); may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    account: Vec<String>,
}

impl State {
    pub(super) async fn ready(self, core: &Core) -> Result<End, End> {
        self.go(core, AgentTarget::Ready).await
    }

    pub(super) async fn unready(self, core: &Core) -> Result<End, End> {
        self.go(core, AgentTarget::NotReady).await
    }

    pub(super) async fn pause(self, core: &Core, name: Option<String>) -> Result<End, End> {
        let pauses = core.settled().await?.agent.pauses;
        let Some(name) = name else {
            pauses.iter().for_each(|pause| println!("{}", pause.title));
            return Ok(End::Done);
        };
        let pause = pause(&pauses, &name)?;
        self.go(core, AgentTarget::Pause { pause: pause.key.clone() }).await
    }

    async fn go(self, core: &Core, target: AgentTarget) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let accounts =
            self.account.iter().map(|name| find(&snapshot, name)).collect::<Result<Vec<_>, _>>()?;
        let accounts = (!accounts.is_empty()).then_some(accounts);
        core.execute(&Command::SetState { target, accounts }).await?;
        Ok(End::Done)
    }
}

fn pause<'a>(pauses: &'a [PauseChoice], name: &str) -> Result<&'a PauseChoice, End> {
    pauses.iter().find(|pause| pause.title.to_lowercase() == name.to_lowercase()).ok_or_else(|| {
        let titles: Vec<_> = pauses.iter().map(|pause| pause.title.as_str()).collect();
        End::Usage(format!("no pause {name:?}; there are: {}", titles.join(", ")))
    })
}

/// What to dial, and through what.
#[derive(clap::Args)]
pub(super) struct Dial {
    /// The number, as a person would write it, or a tel: link
    number: String,
    /// Through this account (id or name); needed when several can dial
    #[arg(long)]
    account: Option<String>,
    /// Through this queue (its name on the platform)
    #[arg(long)]
    queue: Option<String>,
    /// On this device (its name on the platform)
    #[arg(long)]
    device: Option<String>,
    /// With this line (its name on the platform): which number the other side sees
    #[arg(long)]
    line: Option<String>,
}

impl Dial {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let account = match &self.account {
            Some(name) => find(&snapshot, name)?,
            None => {
                let mut able = snapshot
                    .accounts
                    .iter()
                    .filter(|state| state.capabilities.contains(&Capability::Dial))
                    .map(|state| &state.account.id);
                match (able.next(), able.next(), &snapshot.settings.dial_account) {
                    (Some(only), None, _) => only.clone(),
                    (Some(_), Some(_), Some(last)) => last.clone(),
                    (Some(_), Some(_), None) => {
                        return Err(End::Usage(
                            "several accounts can dial: name one with --account".to_owned(),
                        ));
                    }
                    (None, ..) => return Err(nothing("No account can dial now.")),
                }
            }
        };
        let number = match crate::links::is_link(&self.number) {
            true => engine::numbers::from_link(&self.number, &snapshot.settings.region)
                .and_then(|number| number.dial)
                .ok_or_else(|| Problem::new(ProblemCode::BadNumber))?,
            false => self.number,
        };
        let dial = Command::Dial {
            account,
            number,
            queue: self.queue.map(QueueId),
            device: self.device.map(DeviceId),
            line: self.line.map(LineId),
            contact: None,
        };
        if let Command::Dial { account, device: Some(device), .. } = &dial {
            core.once(|snapshot| has_device(snapshot, account, device)).await?;
        }
        let status = core.execute(&dial).await?;
        if let Some(made) = status.made {
            println!("{made}");
        }
        Ok(End::Done)
    }
}

/// Whether an account is known to have a device: the one in use is known at once, the others are read later.
fn has_device(snapshot: &Snapshot, account: &AccountId, device: &DeviceId) -> bool {
    let state = snapshot.accounts.iter().find(|state| state.account.id == *account);
    state.is_some_and(|state| state.devices.iter().any(|known| known.id == *device))
}

/// Which activity is meant.
#[derive(clap::Args)]
pub(super) struct Which {
    /// The activity, as `watch` names it; not needed where only one can be meant
    pub(super) activity: Option<String>,
}

impl Which {
    pub(super) async fn answer(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        // What rings goes before what waits.
        let rings = |activity: &Activity| activity.phase == Phase::Ringing;
        let activity =
            match self.find(&snapshot, |activity| offers(activity, Action::Answer) && rings(activity)) {
                Ok(ringing) => ringing,
                Err(_) => self.find(&snapshot, |activity| offers(activity, Action::Answer))?,
            };
        core.execute(&Command::Answer { activity, device: None }).await?;
        Ok(End::Done)
    }

    pub(super) async fn decline(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let activity = self.find(&snapshot, |activity| offers(activity, Action::Decline))?;
        core.execute(&Command::Decline { activity }).await?;
        Ok(End::Done)
    }

    pub(super) async fn hangup(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let activity = self.find(&snapshot, |activity| offers(activity, Action::Hangup))?;
        core.execute(&Command::Hangup { activity }).await?;
        Ok(End::Done)
    }

    /// The named one, or the only one that fits.
    pub(super) fn find(
        &self,
        snapshot: &Snapshot,
        fits: impl Fn(&Activity) -> bool,
    ) -> Result<ActivityId, End> {
        if let Some(name) = &self.activity {
            let named = snapshot.activities.iter().find(|activity| {
                activity.id.as_str() == name || activity.id.parts().is_some_and(|(_, own)| own == name)
            });
            return named
                .map(|activity| activity.id.clone())
                .ok_or_else(|| nothing("There is no such activity."));
        }
        let mut fitting = snapshot.activities.iter().filter(|activity| fits(activity));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only.id.clone()),
            (None, _) => Err(nothing("There is nothing to do this to.")),
            (Some(one), Some(other)) => {
                Err(End::Usage(format!("several can be meant, name one: {}, {} …", one.id, other.id)))
            }
        }
    }
}

pub(super) fn offers(activity: &Activity, action: Action) -> bool {
    activity.actions.contains(&action)
}

pub(super) fn nothing(said: &str) -> End {
    End::Refused(Problem::new(ProblemCode::NotPossible).saying([said.to_owned()]))
}

/// How to close.
#[derive(clap::Args)]
pub(super) struct Close {
    #[command(flatten)]
    which: Which,
    /// A disposition, by title or the platform's name; may be repeated
    #[arg(long)]
    disposition: Vec<String>,
    /// A note
    #[arg(long)]
    note: Option<String>,
}

impl Close {
    pub(super) async fn run(self, core: &Core) -> Result<End, End> {
        let snapshot = core.settled().await?;
        let id = self.which.find(&snapshot, |activity| offers(activity, Action::Close))?;
        let now =
            |snapshot: &Snapshot| snapshot.activities.iter().find(|activity| activity.id == id).cloned();
        // Where there are some, all have been read.
        let are_read =
            |activity: Activity| self.disposition.is_empty() || !activity.wrap_up.dispositions.is_empty();
        let snapshot = core.once(|snapshot| now(snapshot).is_none_or(are_read)).await?;
        let activity = now(&snapshot).ok_or_else(|| nothing("There is no such activity."))?;
        let known = &activity.wrap_up.dispositions;
        let mut draft = activity.draft;
        if let Some(note) = self.note {
            draft.note = note;
        }
        if !self.disposition.is_empty() {
            draft.dispositions =
                self.disposition.iter().map(|name| disposition(known, name)).collect::<Result<_, _>>()?;
        }
        // As the window does: what was typed is kept before anything is sent.
        let (): () = core.call("save_draft", json!({ "activity": id, "draft": draft })).await?;
        core.execute(&Command::Close { activity: id, draft }).await?;
        Ok(End::Done)
    }
}

fn disposition(known: &[Disposition], name: &str) -> Result<DispositionId, End> {
    let found = known.iter().find(|disposition| {
        disposition.id.as_str() == name || disposition.title.to_lowercase() == name.to_lowercase()
    });
    found.map(|disposition| disposition.id.clone()).ok_or_else(|| {
        let titles: Vec<_> = known.iter().map(|disposition| disposition.title.as_str()).collect();
        End::Usage(format!("no disposition {name:?}; there are: {}", titles.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_found_by_its_title_and_a_wrong_one_lists_them() {
        let pauses = [PauseChoice {
            key: "Oběd".into(),
            title: "Oběd".to_owned(),
            paid: None,
            max_minutes: None,
            accounts: Vec::new(),
        }];
        assert_eq!(pause(&pauses, "oběd").unwrap().title, "Oběd");
        let End::Usage(text) = pause(&pauses, "lunch").unwrap_err() else { panic!("not a usage error") };
        assert!(text.contains("Oběd"), "{text}");
    }
}
