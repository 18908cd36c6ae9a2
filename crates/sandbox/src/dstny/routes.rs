//! Which operation a method and a path mean: this crate's own table, as data.
//!
//! `routes.json` has one line per operation of the vendor's document (206) and two more that other documents tell. Its
//! `provenance` is two letters, path and method: D documented, C seen in client code, P prefix documented, B both POST and
//! PUT documented, R the documented rule (GET read, POST create, PUT update, DELETE remove), U and I inferred.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::sync::LazyLock;

/// One operation.
#[derive(Debug, Deserialize)]
pub(super) struct Route {
    pub id: String,
    method: String,
    /// Other methods that are taken as well.
    #[serde(default)]
    also: Vec<String>,
    /// Below `/api`, with variables in braces.
    path: String,
    provenance: String,
}

/// Values of a path's variables by name.
pub(super) type Variables = Vec<(&'static str, String)>;

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found {
    Operation(&'static Route, Variables),
    /// The path exists; these methods may be used.
    OtherMethods(Vec<&'static str>),
    Nothing,
}

/// Which methods a write takes whose method the documents leave open (switch `methods`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Methods {
    Documented,
    PostOnly,
    PutOnly,
}

pub(super) fn all() -> &'static [Route] {
    static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
        // The table is compiled in and a test reads it.
        serde_json::from_str(include_str!("routes.json")).unwrap_or_default()
    });
    &TABLE
}

impl Route {
    fn allowed(&'static self, methods: Methods) -> Vec<&'static str> {
        let open = self.provenance.ends_with(['I', 'B']) && matches!(self.method.as_str(), "POST" | "PUT");
        match methods {
            Methods::PostOnly if open => vec!["POST"],
            Methods::PutOnly if open => vec!["PUT"],
            _ => std::iter::once(&self.method).chain(&self.also).map(String::as_str).collect(),
        }
    }

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

/// Finds the operation: literal parts before variables, from left to right. `path` is what follows `/api`.
pub(super) fn find(method: &str, path: &str, methods: Methods) -> Found {
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let mut fitting: Vec<_> =
        all().iter().filter_map(|r| r.fits(&parts).map(|(literal, vars)| (literal, r, vars))).collect();
    fitting.sort_by(|a, b| b.0.cmp(&a.0));
    let Some(best) = fitting.first().map(|(literal, ..)| literal.clone()) else { return Found::Nothing };
    let mut others = Vec::new();
    for (literal, route, variables) in fitting {
        let allowed = route.allowed(methods);
        if allowed.contains(&method) {
            return Found::Operation(route, variables);
        }
        if literal == best {
            others.extend(allowed);
        }
    }
    others.sort_unstable();
    others.dedup();
    Found::OtherMethods(others)
}

#[cfg(test)]
mod tests {
    use super::{Found, Methods, all, find};
    use std::collections::BTreeSet;

    fn id(method: &str, path: &str) -> String {
        match find(method, path, Methods::Documented) {
            Found::Operation(route, variables) => format!("{} {variables:?}", route.id),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(all().len(), 208);
        let ids: BTreeSet<_> = all().iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids.len(), 208);
    }

    #[test]
    fn literal_parts_win_and_values_are_decoded() {
        assert_eq!(
            id("GET", "/queue/statistics/x.example/queue/7"),
            r#"queue.statistics.queue [("domain", "x.example"), ("queueId", "7")]"#
        );
        assert_eq!(
            id("GET", "/contacts/info/v1/timezones"),
            "cinfo1.timezones []",
            "and not the contact `timezones`"
        );
        assert_eq!(
            id("POST", "/calls/current/x.example/ida/mobile/%2B1%20555"),
            r#"calls.callback [("domain", "x.example"), ("user", "ida"), ("aptype", "mobile"), ("cid", "+1 555")]"#
        );
        assert_eq!(id("PATCH", "/sms"), r#"OtherMethods(["POST"])"#);
        assert_eq!(id("GET", "/no/such"), "Nothing");
    }

    #[test]
    fn the_switch_narrows_what_the_documents_leave_open() {
        let hold = "/call/control/v1/hold/d/u/c";
        assert!(matches!(find("PUT", hold, Methods::PostOnly), Found::OtherMethods(_)));
        assert!(matches!(find("PUT", hold, Methods::PutOnly), Found::Operation(..)));
        assert!(matches!(find("POST", hold, Methods::PutOnly), Found::OtherMethods(_)));
        // A method that follows from the documented rule stays.
        assert!(matches!(find("POST", "/event/d/u", Methods::PutOnly), Found::Operation(..)));
    }
}
