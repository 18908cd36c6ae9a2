//! `offhook accounts`: the accounts of this computer. Secrets come from a prompt that shows nothing, or from standard
//! input, never from the arguments, which every process on the computer can read.

use std::io::{IsTerminal, Read};

use clap::{Subcommand, ValueEnum};
use model::{AccountId, AccountState, ConnectionReport, Platform, Problem, ProblemCode, Snapshot};
use serde_json::json;

use super::End;
use super::core::Core;
use super::routes::Routes;

/// A secret is a line; nobody's is longer.
const LONGEST_SECRET: u64 = 8 * 1024;

/// The commands of `accounts`.
#[derive(Subcommand)]
pub(super) enum Accounts {
    /// Sign in and keep the account; the password or token is asked for, or read from standard input
    Add {
        /// Which platform it is on
        #[arg(long, value_enum, default_value = "daktela")]
        platform: On,
        /// The address the platform has in the browser
        #[arg(long)]
        url: String,
        /// Login name; for Dstny user@domain, for LiveAgent the agent's e-mail address
        #[arg(long, required_unless_present = "token")]
        user: Option<String>,
        /// Sign in with an access token or key instead of a password
        #[arg(long)]
        token: bool,
        /// Ask for the second key too, which opens more (LiveAgent: of API v3, for calls): the second line of standard input
        #[arg(long, requires = "token")]
        second_token: bool,
        /// The user name that goes with the token, where it is not the usual one (CCAI Platform: the subdomain)
        #[arg(long, requires = "token")]
        token_user: Option<String>,
        /// Ask for a second factor's code too: on standard input it is the second line
        #[arg(long, conflicts_with = "token")]
        second_factor: bool,
        /// What to call it; the host name unless given
        #[arg(long, default_value = "")]
        name: String,
    },
    /// List the accounts
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Check what an account allows
    Check {
        /// Its id or name; all when absent
        account: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Where the operations of an account are found
    Routes {
        #[command(subcommand)]
        what: Routes,
    },
    /// Forget an account, its secret and its unsent work
    Remove {
        /// Its id or name
        account: String,
    },
}

/// The platforms, as they are named here.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum On {
    /// Daktela V6
    Daktela,
    /// Dstny Core, once Telepo
    Dstny,
    /// LiveAgent
    #[value(name = "liveagent")]
    LiveAgent,
    /// CCAI Platform, once UJET
    Ccaip,
}

impl From<On> for Platform {
    fn from(on: On) -> Self {
        match on {
            On::Daktela => Self::Daktela,
            On::Dstny => Self::Dstny,
            On::LiveAgent => Self::LiveAgent,
            On::Ccaip => Self::Ccaip,
        }
    }
}

/// Runs one of them.
pub(super) async fn run(core: &Core, what: Accounts) -> Result<End, End> {
    match what {
        Accounts::Add { platform, url, user, token, second_token, token_user, second_factor, name } => {
            let platform = platform.into();
            let sign_in = SignIn { platform, user, token, second_token, token_user, second_factor };
            add(core, url, name, sign_in).await
        }
        Accounts::Routes { what } => what.run(core).await,
        Accounts::List { json } => list(&core.snapshot().await?, json),
        Accounts::Check { account, json } => check(core, account.as_deref(), json).await,
        Accounts::Remove { account } => {
            let id = find(&core.snapshot().await?, &account)?;
            let (): () = core.call("remove_account", json!(id)).await?;
            Ok(End::Done)
        }
    }
}

/// How to sign in.
struct SignIn {
    platform: Platform,
    user: Option<String>,
    token: bool,
    second_token: bool,
    token_user: Option<String>,
    second_factor: bool,
}

async fn add(core: &Core, url: String, name: String, how: SignIn) -> Result<End, End> {
    let form = how.platform.sign_in_form();
    match (how.token, &how.user) {
        (true, Some(_)) if !form.token_needs_username => {
            return Err(End::Usage("the token says whose it is: leave --user out".to_owned()));
        }
        (true, None) if form.token_needs_username => {
            return Err(End::Usage("the token does not say whose it is: add --user".to_owned()));
        }
        (false, _) if !form.password => {
            return Err(End::Usage("this platform lets people in with a key only: add --token".to_owned()));
        }
        _ if how.second_token && !form.second_token => {
            return Err(End::Usage("this platform knows no second key".to_owned()));
        }
        _ if how.token_user.is_some() && !form.token_user => {
            return Err(End::Usage("this platform knows no user name for a token".to_owned()));
        }
        _ if how.second_factor && !form.second_factor => {
            return Err(End::Usage("this platform knows no second factor".to_owned()));
        }
        _ => {}
    }
    let mut prompts = vec![if how.token { "Access token: " } else { "Password: " }];
    if how.second_factor {
        prompts.push("Code: ");
    }
    if how.second_token {
        prompts.push("Second key: ");
    }
    let secrets =
        secrets(&prompts).map_err(|error| End::Usage(format!("no secret could be read: {error}")))?;
    let mut secrets = secrets.into_iter();
    let (secret, second) = (secrets.next().unwrap_or_default(), secrets.next());
    if secret.is_empty() {
        return Err(End::Usage("the secret is empty".to_owned()));
    }
    let credential = match how.token {
        false => json!({ "kind": "password", "username": how.user, "password": secret, "code": second }),
        true => {
            let (username, user) = (how.user, how.token_user);
            json!({ "kind": "token", "token": secret, "username": username, "second": second, "user": user })
        }
    };
    let request = json!({ "platform": how.platform, "url": url, "name": name, "credential": credential });
    let id: AccountId = core.call("add_account", request).await?;
    println!("{id}");
    Ok(End::Done)
}

/// Reads secrets: at a terminal without showing them, else a line of standard input each.
fn secrets(prompts: &[&str]) -> std::io::Result<Vec<String>> {
    if std::io::stdin().is_terminal() {
        return prompts.iter().map(rpassword::prompt_password).collect();
    }
    let mut text = String::new();
    std::io::stdin().take(LONGEST_SECRET).read_to_string(&mut text)?;
    Ok(text.lines().take(prompts.len()).map(str::to_owned).collect())
}

fn list(snapshot: &Snapshot, json: bool) -> Result<End, End> {
    if json {
        let accounts: Vec<&model::Account> = snapshot.accounts.iter().map(|state| &state.account).collect();
        println!("{}", json!(accounts));
    } else {
        for AccountState { account, .. } in &snapshot.accounts {
            println!(
                "{}\t{}\t{}\t{}",
                account.id,
                account.name,
                account.url,
                account.username.as_deref().unwrap_or("")
            );
        }
    }
    Ok(End::Done)
}

async fn check(core: &Core, account: Option<&str>, json: bool) -> Result<End, End> {
    let snapshot = core.settled().await?;
    let ids = match account {
        Some(account) => vec![find(&snapshot, account)?],
        None => snapshot.accounts.iter().map(|state| state.account.id.clone()).collect(),
    };
    let mut first_problem = None;
    for id in ids {
        let report: ConnectionReport = core.call("check_account", json!(id)).await?;
        if json {
            println!("{}", json!({ "account": id, "report": report }));
        } else {
            print(&id, &report);
        }
        let problem = report.lines.into_iter().find_map(|line| line.problem);
        first_problem = first_problem.or(problem);
    }
    first_problem.map_or(Ok(End::Done), |problem| Err(End::Refused(problem)))
}

fn print(id: &AccountId, report: &ConnectionReport) {
    println!("{id}\t{}\t{}", report.url, report.version.as_deref().unwrap_or(""));
    for line in &report.lines {
        let mark = match line.ok {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not tried",
        };
        let problem = line.problem.as_ref().map(ToString::to_string);
        println!("  {}\t{mark}\t{}", line.what, line.detail.clone().or(problem).unwrap_or_default());
    }
}

/// The account of this id or name.
pub(super) fn find(snapshot: &Snapshot, wanted: &str) -> Result<AccountId, End> {
    let mut fitting = snapshot.accounts.iter().map(|state| &state.account).filter(|account| {
        account.id.as_str() == wanted || account.name.eq_ignore_ascii_case(wanted) || account.url == wanted
    });
    match (fitting.next(), fitting.next()) {
        (Some(account), None) => Ok(account.id.clone()),
        (None, _) => Err(End::Refused(
            Problem::new(ProblemCode::NotPossible).saying([format!("no account {wanted:?}")]),
        )),
        (Some(_), Some(_)) => Err(End::Usage(format!("several accounts are called {wanted:?}: give the id"))),
    }
}

/// Requests are built as JSON because secrets have no way back into text once they are parsed.
#[cfg(test)]
mod tests {
    use model::{Credential, NewAccount};

    use super::*;

    #[test]
    fn what_is_sent_is_what_the_engine_reads() {
        let credential = json!({ "kind": "password", "username": "u", "password": "p" });
        let request = json!({ "platform": "daktela", "url": "x", "name": "", "credential": credential });
        let account: NewAccount = serde_json::from_value(request).unwrap();
        assert!(
            matches!(account.credential, Credential::Password { username, password, .. } if username == "u" && password == "p")
        );
        let token = json!({ "kind": "token", "token": "t", "username": null, "second": "s" });
        assert!(
            matches!(serde_json::from_value(token).unwrap(), Credential::Token { token, second, .. } if token == "t" && second.as_deref() == Some("s"))
        );
    }
}
