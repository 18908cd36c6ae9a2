//! The connection check: one line for every operation that can be tried without changing anything.

use dstny::wire::Error;
use dstny::{Availability, Route};
use futures_util::StreamExt;
use model::{CheckLine, ConnectionReport, Problem, ProblemCode};

use super::Dstny;

/// How many operations are tried at once.
const AT_ONCE: usize = 4;

impl Dstny {
    pub(super) async fn report(&self) -> ConnectionReport {
        let mut report = ConnectionReport {
            url: self.client.base().to_string(),
            version: None,
            user: None,
            lines: Vec::new(),
        };
        let probes = self.client.probes();
        if let Err(problem) = self.first_sign_in().await {
            // Whoever was told that the credentials are wrong has reached the platform.
            let is_reached = matches!(
                problem.code,
                ProblemCode::WrongCredentials | ProblemCode::Forbidden | ProblemCode::NotLicensed
            );
            if is_reached {
                report.lines.extend([good("address"), bad("sign_in", problem)]);
            } else {
                report.lines.extend([bad("address", problem), untried("sign_in")]);
            }
            report.lines.extend(probes.iter().map(|route| untried(&route.id)));
            return report;
        }
        report.user = Some(self.client.identity().cid());
        report.lines.extend([good("address"), good("sign_in")]);
        let tried =
            futures_util::stream::iter(probes).map(|route| self.try_operation(route)).buffered(AT_ONCE);
        report.lines.extend(tried.collect::<Vec<_>>().await);
        // What a licence or a moved operation has changed shows at once.
        self.find_out_what_works().await;
        report
    }

    async fn try_operation(&self, route: Route) -> CheckLine {
        let problem = |code| Problem::new(code).on(&self.account).with("operation", route.id.clone());
        let problem = match self.client.probe(&route).await {
            Ok(Availability::Works) => return good(&route.id),
            Ok(Availability::NotLicensed { words }) => problem(ProblemCode::NotLicensed).saying(words),
            Ok(Availability::NotPermitted { scope }) => {
                let forbidden = problem(ProblemCode::Forbidden);
                match scope {
                    Some(scope) => forbidden.with("scope", scope),
                    None => forbidden,
                }
            }
            Ok(Availability::NotFound) => {
                problem(ProblemCode::NoSuchOperation).with("path", route.path.clone())
            }
            Ok(Availability::Unknown { error }) => self.problem(&error).with("operation", route.id.clone()),
            Err(error @ Error::SignInNeeded) => self.problem(&error),
            Err(error) => self.problem(&error).with("operation", route.id.clone()),
        };
        bad(&route.id, problem)
    }
}

fn good(what: &str) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(true), detail: None, problem: None }
}

fn bad(what: &str, problem: Problem) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: Some(false), detail: None, problem: Some(problem) }
}

fn untried(what: &str) -> CheckLine {
    CheckLine { what: what.to_owned(), ok: None, detail: None, problem: None }
}
