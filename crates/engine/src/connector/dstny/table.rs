//! Where this account's operations are found, and what an operator's own file says of it.

use dstny::{Change, Place, Provenance as WireProvenance, Route as WireRoute, Routes};
use model::{Problem, ProblemCode, Provenance, Route, RouteChange, RoutesReport};
use wire::Error;

use super::Dstny;

impl Dstny {
    pub(super) fn table(&self) -> Vec<Route> {
        self.client.routes().all().filter(|route| !route.deprecated).map(ours).collect()
    }

    pub(super) fn read_routes(&self, text: Option<&str>, keep: bool) -> Result<RoutesReport, Problem> {
        let now = self.client.routes();
        let Some(text) = text else { return Ok(self.back_to_standard(&now, keep)) };
        let import = Routes::standard().import(text).map_err(|error| {
            let mut problem = Problem::new(ProblemCode::Unreadable).on(&self.account);
            match error {
                Error::InvalidInput { reason, .. } => problem.said.push(reason),
                other => problem.said.push(other.to_string()),
            }
            problem
        })?;
        let as_used = |change: &Change| now.get(&change.operation).map(|route| changed(route, &change.to));
        let report = RoutesReport {
            confirmed: u32::try_from(import.confirmed.len()).unwrap_or(u32::MAX),
            changes: import.changes.iter().filter_map(as_used).collect(),
            missing: (import.missing.iter())
                .filter_map(|id| now.get(id))
                .filter(|route| !route.deprecated)
                .map(ours)
                .collect(),
            unknown: import.unknown,
            kept: keep,
        };
        if keep {
            self.client.set_routes(Routes::with(&import.overrides));
            self.remember(|memory| memory.overrides = Some(import.overrides));
            self.learn();
        }
        Ok(report)
    }

    fn back_to_standard(&self, now: &Routes, keep: bool) -> RoutesReport {
        let standard = Routes::standard();
        let change = |route: &WireRoute| {
            let used = now.get(&route.id)?;
            let is_same = used.path == route.path && used.method == route.method;
            (!is_same).then(|| RouteChange { from: ours(used), to: ours(route) })
        };
        let changes: Vec<RouteChange> = standard.all().filter_map(change).collect();
        let confirmed = standard.all().count().saturating_sub(changes.len());
        if keep {
            self.client.set_routes(Routes::standard());
            self.remember(|memory| memory.overrides = None);
            self.learn();
        }
        RoutesReport {
            confirmed: u32::try_from(confirmed).unwrap_or(u32::MAX),
            changes,
            missing: Vec::new(),
            unknown: Vec::new(),
            kept: keep,
        }
    }
}

fn changed(from: &WireRoute, to: &Place) -> RouteChange {
    let from = ours(from);
    let to = Route {
        method: to.method.clone(),
        path: to.path.clone(),
        provenance: Provenance::Imported,
        ..from.clone()
    };
    RouteChange { from, to }
}

fn ours(route: &WireRoute) -> Route {
    Route {
        operation: route.id.clone(),
        group: route.group.clone(),
        method: route.method.clone(),
        path: route.path.clone(),
        provenance: match route.provenance {
            WireProvenance::Documented => Provenance::Documented,
            WireProvenance::Seen => Provenance::Seen,
            WireProvenance::Inferred => Provenance::Inferred,
            WireProvenance::Imported => Provenance::Imported,
        },
    }
}
