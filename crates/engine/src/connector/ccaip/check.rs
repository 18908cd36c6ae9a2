//! The connection check: what this token opens.

use ccaip::{AgentActivityLogs, Calls, Campaigns, Chats, Emails, Page, Teams};
use model::{CheckLine, ConnectionReport, Problem, ProblemCode};
use wire::Error;
use wire::pace::Class;

use super::Ccaip;

/// What is checked, in this order; names with a dot are operations of the platform.
const LINES: [&str; 11] = [
    "address",
    "sign_in",
    "pull",
    "pauses",
    "queues",
    "calls.list",
    "chats.list",
    "emails.list",
    "teams.list",
    "campaigns.list",
    "wait_times.list",
];
/// Enough to see whether it is answered.
const ONE: Page = Page { number: 1, per: 1 };

impl Ccaip {
    pub(super) async fn report(&self) -> ConnectionReport {
        let mut report = ConnectionReport {
            url: self.client.base().to_string(),
            version: None,
            user: None,
            lines: Vec::new(),
        };
        match self.first_sign_in().await {
            Ok(agent) => {
                report.user = agent.email.or(Some(self.keys.agent.clone()));
                report.lines = vec![good("address", None), good("sign_in", report.user.clone())];
                self.signed_in_lines(&mut report.lines).await;
            }
            // Whoever was told that the token is wrong has reached a tenant.
            Err(problem) if problem.code == ProblemCode::WrongCredentials => {
                report.lines = vec![good("address", None), bad("sign_in", problem)];
            }
            Err(problem) => report.lines.push(bad("address", problem)),
        }
        for what in LINES.iter().skip(report.lines.len()) {
            report.lines.push(CheckLine { what: (*what).to_owned(), ok: None, detail: None, problem: None });
        }
        report
    }

    /// One after the other: the requests are the whole customer's.
    async fn signed_in_lines(&self, lines: &mut Vec<CheckLine>) {
        let (client, rest) = (&self.client, LINES.iter().skip(lines.len()));
        for what in rest {
            let tried: Result<Option<usize>, Error> = match *what {
                "pull" => self.tried(client.page(&AgentActivityLogs::default(), ONE)).await.map(|_| None),
                "pauses" => self.tried(client.user_statuses()).await.map(|list| Some(list.received())),
                "queues" => self.tried(client.menus_current_status()).await.map(|list| Some(list.received())),
                "calls.list" => self.tried(client.page(&Calls::default(), ONE)).await.map(|_| None),
                "chats.list" => self.tried(client.page(&Chats::default(), ONE)).await.map(|_| None),
                "emails.list" => self.tried(client.page(&Emails::default(), ONE)).await.map(|_| None),
                "teams.list" => self.tried(client.page(&Teams::default(), ONE)).await.map(|_| None),
                "campaigns.list" => self.tried(client.page(&Campaigns::default(), ONE)).await.map(|_| None),
                _ => self.tried(client.wait_times(&ccaip::WaitTimes::of("en"))).await.map(|_| None),
            };
            lines.push(match tried {
                Ok(many) => good(what, many.map(|many| many.to_string())),
                Err(Error::NotFound) => bad(what, self.problem_of(ProblemCode::NoSuchOperation)),
                Err(error) => bad(what, self.problem(&error)),
            });
        }
    }

    async fn tried<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.ask(Class::Foreground, request).await
    }
}

fn good(what: &str, detail: Option<String>) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(true), detail, problem: None }
}

fn bad(what: &str, problem: Problem) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(false), detail: None, problem: Some(problem) }
}
