//! The connection check: one line for everything that this tenant allows this user, or not.

use daktela::models::{Contact, Ticket};
use daktela::{Query, Whoim};
use model::{CheckLine, ConnectionReport, Problem, ProblemCode};

use super::Daktela;

/// What is checked, in this order.
const LINES: [&str; 10] = [
    "address",
    "sign_in",
    "pull",
    "devices",
    "queues",
    "dial",
    "contacts",
    "tickets",
    "ticket_writing",
    "pauses",
];

impl Daktela {
    pub(super) async fn report(&self) -> ConnectionReport {
        let mut report = ConnectionReport {
            url: self.client.base().to_string(),
            version: None,
            user: None,
            lines: Vec::new(),
        };
        match self.first_sign_in().await {
            Ok(whoim) => self.signed_in_lines(whoim, &mut report).await,
            Err(problem) => {
                // Whoever was told that the credentials are wrong has reached a Daktela.
                let address_is_good = matches!(
                    problem.code,
                    ProblemCode::WrongCredentials | ProblemCode::SingleSignOnOnly | ProblemCode::Forbidden
                );
                if address_is_good {
                    report.lines.push(good("address", None));
                    report.lines.push(bad("sign_in", problem));
                } else {
                    report.lines.push(bad("address", problem));
                }
            }
        }
        for what in LINES.iter().skip(report.lines.len()) {
            let what = (*what).to_owned();
            report.lines.push(CheckLine { what, ok: None, detail: None, problem: None });
        }
        report
    }

    async fn signed_in_lines(&self, whoim: Whoim, report: &mut ConnectionReport) {
        let client = &self.client;
        let one = |sort| Query::new().sort(sort).take(1);
        let (contact, ticket) = (one(&Contact::FIELDS.name), one(&Ticket::FIELDS.name));
        // Two polls at once would disturb a listener that runs: what it hears is the answer then.
        let listening = self.picture().is_heard();
        let pull =
            async { if listening { Ok(()) } else { self.signed(|| client.pull(None)).await.map(|_| ()) } };
        let (pull, devices, contacts, tickets) = tokio::join!(
            pull,
            self.signed(|| client.available_devices()),
            self.signed(|| client.list::<Contact>(&contact)),
            self.signed(|| client.list::<Ticket>(&ticket)),
        );
        let outgoing = whoim.queues.iter().filter(|queue| queue.is_outgoing()).count();
        let line = |what: &str, tried: Result<Option<String>, wire::Error>| match tried {
            Ok(detail) => good(what, detail),
            Err(error) => bad(what, self.problem(&error)),
        };
        report.version.clone_from(&whoim.version);
        report.user = whoim.user.title.clone().or(Some(whoim.user.name.clone()));
        report.lines = vec![
            good("address", whoim.version.clone()),
            good("sign_in", report.user.clone()),
            line("pull", pull.map(|()| None)),
            line("devices", devices.map(|list| Some(list.rows.len().to_string()))),
            good("queues", Some(whoim.queues.len().to_string())),
            if outgoing > 0 {
                good("dial", Some(outgoing.to_string()))
            } else {
                bad("dial", crate::plan::impossible("no_dialling").on(&self.account))
            },
            line("contacts", contacts.map(|list| list.total.map(|total| total.to_string()))),
            line("tickets", tickets.map(|list| list.total.map(|total| total.to_string()))),
            // Nothing is written to find out: the role tells, or the platform does when it is tried.
            if super::tickets::may_write(&whoim.user) {
                good("ticket_writing", None)
            } else {
                bad("ticket_writing", Problem::new(ProblemCode::Forbidden).on(&self.account))
            },
            good(
                "pauses",
                Some(whoim.pauses.iter().filter(|pause| pause.kind.is_none()).count().to_string()),
            ),
        ];
    }
}

fn good(what: &str, detail: Option<String>) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(true), detail, problem: None }
}

fn bad(what: &str, problem: Problem) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(false), detail: None, problem: Some(problem) }
}
