//! Which operation a method and a path mean, and which parameters it cannot do without: this crate's own table, as data.
//!
//! `routes.json` has one line per operation of the vendor's document (72), then those that other people's clients use
//! though the document does not tell them (8), then the part of v3 that is needed for telephone calls (7). Literal parts of
//! a path win over variables.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One operation.
#[derive(Debug, Deserialize)]
pub(super) struct Route {
    pub id: String,
    method: String,
    /// Below `/api`, with variables in braces.
    path: String,
    /// Parameters without which it is refused.
    #[serde(default)]
    pub must: Vec<String>,
    /// Parameter → the letters that it may be.
    #[serde(default)]
    pub letters: BTreeMap<String, String>,
    /// Columns of a report's rows that are shown unless others are asked for.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Further columns, shown when they are asked for.
    #[serde(default)]
    pub more: Vec<String>,
}

/// Values of a path's variables by name.
pub(super) type Variables = Vec<(&'static str, String)>;

pub(super) fn all() -> &'static [Route] {
    static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
        // The table is compiled in and a test reads it.
        serde_json::from_str(include_str!("routes.json")).unwrap_or_default()
    });
    &TABLE
}

impl Route {
    /// The variables when the path fits, and which of its parts are literal.
    fn fits(&'static self, parts: &[String]) -> Option<(Vec<bool>, Variables)> {
        let template: Vec<&'static str> = self.path.split('/').filter(|p| !p.is_empty()).collect();
        if template.len() != parts.len() {
            return None;
        }
        let mut literal = Vec::with_capacity(parts.len());
        let mut variables = Variables::new();
        for (wanted, part) in template.into_iter().zip(parts) {
            match wanted.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                Some(name) => variables.push((name, part.clone())),
                None if wanted == part => {}
                None => return None,
            }
            literal.push(!wanted.starts_with('{'));
        }
        Some((literal, variables))
    }
}

/// Finds the operation. `path` is what follows `/api`; none if there is no such path, or not with that method.
pub(super) fn find(method: &str, path: &str) -> Option<(&'static Route, Variables)> {
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let fitting = all().iter().filter(|r| r.method == method);
    let fitting = fitting.filter_map(|r| r.fits(&parts).map(|(literal, vars)| (literal, r, vars)));
    fitting.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, route, variables)| (route, variables))
}

#[cfg(test)]
mod tests {
    use super::{all, find};

    #[test]
    fn the_table_is_whole_and_every_line_of_it_is_found() {
        assert_eq!(all().len(), 72 + 8 + 7);
        for route in all() {
            let path = route.path.replace(['{', '}'], "");
            assert_eq!(
                find(&route.method, &path).map(|(found, _)| found.id.as_str()),
                Some(route.id.as_str())
            );
        }
        assert!(find("PATCH", "/tags").is_none());
        assert!(find("GET", "/nothing").is_none());
    }

    #[test]
    fn a_variable_is_decoded() {
        let (route, variables) = find("GET", "/agents/ida%40offhook.example").unwrap();
        assert_eq!(route.id, "agents.agentidentifier.get");
        assert_eq!(variables, [("agentidentifier", "ida@offhook.example".to_owned())]);
    }
}
