//! The connection check: what these keys open.

use liveagent::conversations::Conversations;
use liveagent::customers::Customers;
use liveagent::knowledgebase::Search;
use liveagent::{Page, v3};
use model::{CheckLine, ConnectionReport, Problem, ProblemCode};
use wire::Error;

use super::LiveAgent;
use crate::plan::impossible;

/// What is checked, in this order.
const LINES: [&str; 7] = ["address", "sign_in", "tickets", "contacts", "queues", "knowledge", "dial"];

impl LiveAgent {
    pub(super) async fn report(&self) -> ConnectionReport {
        let mut report = ConnectionReport {
            url: self.client.base().to_string(),
            version: None,
            user: None,
            lines: Vec::new(),
        };
        match self.first_sign_in().await {
            Ok(agent) => {
                report.user = agent.email.or(Some(self.keys.email.clone()));
                self.signed_in_lines(&mut report).await;
            }
            // Whoever was told that the key is wrong has reached a LiveAgent.
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

    async fn signed_in_lines(&self, report: &mut ConnectionReport) {
        let one = Page { offset: 0, limit: 1 };
        let (conversations, customers) = (Conversations::default(), Customers::default());
        let search = Search { query: "offhook".to_owned(), ..Search::default() };
        let (status, tickets, contacts, queues, knowledge, calls) = tokio::join!(
            self.client.application_status(),
            self.client.list(&conversations, one),
            self.client.list(&customers, one),
            self.client.departments(),
            self.client.knowledge_search(&search),
            async {
                match &self.calls {
                    Some(calls) => Some(v3::Client::check_key(calls).await),
                    None => None,
                }
            },
        );
        report.version = status.ok().and_then(|status| status.version);
        let line = |what: &str, tried: Result<Option<String>, Error>| match tried {
            Ok(detail) => good(what, detail),
            Err(error) => bad(what, self.problem(&error)),
        };
        report.lines = vec![
            good("address", report.version.clone()),
            good("sign_in", report.user.clone()),
            line("tickets", tickets.map(|_| None)),
            line("contacts", contacts.map(|_| None)),
            line("queues", queues.map(|list| Some(list.rows.len().to_string()))),
            line("knowledge", knowledge.map(|_| None)),
            match calls {
                Some(Ok(())) => good("dial", None),
                Some(Err(Error::SignInNeeded)) => bad("dial", self.problem_of(ProblemCode::WrongCredentials)),
                Some(Err(error)) => bad("dial", self.problem(&error)),
                None => bad("dial", impossible("no_v3_key").on(&self.account)),
            },
        ];
    }
}

fn good(what: &str, detail: Option<String>) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(true), detail, problem: None }
}

fn bad(what: &str, problem: Problem) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(false), detail: None, problem: Some(problem) }
}
