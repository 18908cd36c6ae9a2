//! Which operation is where: a table, not code.
//!
//! The document names operations and parameters but (but for a handful) no paths. `routes.json` therefore says of
//! every operation where its path and method come from ([`Provenance`]), and everything can be overridden for one
//! account: by the operator's own API description ([`Routes::import`]), which gives [`Overrides`] that the
//! application keeps. Where two methods are plausible the client tries the first and then the other, and
//! remembers in [`Learned`] what worked.

mod import;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use wire::{Error, Method};

pub use import::{Change, Import};

/// How it is known where an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Path and method are in the vendor's or an operator's documents.
    Documented,
    /// Seen in the code of somebody's client.
    Seen,
    /// Inferred by analogy; the next operator's file may say otherwise.
    Inferred,
    /// From the operator's own file, imported for this account.
    Imported,
}

/// Where one operation is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Route {
    /// The operation's name in this crate, such as `cti.answer`.
    pub id: String,
    /// The group it is in, as in the vendor's document.
    pub group: String,
    /// The HTTP method that is tried first.
    pub method: String,
    /// The path below `/api`, with `{variables}`.
    pub path: String,
    /// Methods that are as plausible, in the order they are tried.
    #[serde(default)]
    pub also_accept: Vec<String>,
    /// How that is known.
    pub provenance: Provenance,
    /// Whether the vendor is going to remove it.
    #[serde(default)]
    pub deprecated: bool,
    /// The type of the items, if this is an event stream.
    #[serde(default)]
    pub stream: Option<String>,
    /// The right ("external API" of a ticket) that the operation needs, where known.
    #[serde(default)]
    pub scope: Option<String>,
    /// The names of its parameters beside those in the path.
    #[serde(default)]
    params: Vec<String>,
    /// What it does, in the vendor's first sentence; by this an operator's file is matched.
    says: String,
}

impl Route {
    /// Whether it only reads.
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }

    /// What the operation does, in the vendor's words.
    pub fn says(&self) -> &str {
        &self.says
    }

    /// The names of its parameters in the query and in the body.
    pub fn params(&self) -> &[String] {
        &self.params
    }

    /// The names of the variables in the path, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(variable)
    }

    /// The path with its variables filled in and encoded.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a variable has no value, or one that would lead to another operation.
    pub(crate) fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Result<String, Error> {
        let mut path = String::new();
        for segment in self.path.split('/').skip(1) {
            path.push('/');
            let Some(name) = variable(segment) else {
                path.push_str(segment);
                continue;
            };
            let value = value(name).unwrap_or_default();
            // Dots would lead out of the path, wherever the value came from.
            if value.chars().all(|c| c == '.') {
                return Err(Error::invalid("path", format!("{} needs a value for {name}", self.id)));
            }
            path.push_str(&wire::address::encoded(&value));
        }
        Ok(path)
    }

    /// The methods that are tried, in order.
    pub(crate) fn methods(&self) -> Vec<Method> {
        let all = std::iter::once(&self.method).chain(&self.also_accept);
        all.filter_map(|method| method.parse().ok()).collect()
    }
}

fn variable(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

/// The table of all operations, as one account sees it.
#[derive(Debug, Clone)]
pub struct Routes {
    routes: Arc<BTreeMap<String, Route>>,
}

/// Where an operator has an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The HTTP method.
    pub method: String,
    /// The path below `/api`, with this crate's names of the variables.
    pub path: String,
}

/// What an account knows better than the table; the application keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overrides(pub BTreeMap<String, Place>);

/// Which of several plausible methods worked, by operation; the application keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Learned(pub BTreeMap<String, String>);

static STANDARD: LazyLock<Arc<BTreeMap<String, Route>>> = LazyLock::new(|| {
    let routes: Vec<Route> = serde_json::from_str(include_str!("routes.json")).unwrap_or_default();
    Arc::new(routes.into_iter().map(|route| (route.id.clone(), route)).collect())
});

impl Routes {
    /// The table of this crate.
    pub fn standard() -> Self {
        Self { routes: STANDARD.clone() }
    }

    /// The table with what this account knows better. Overrides of unknown operations are left out.
    pub fn with(overrides: &Overrides) -> Self {
        let mut routes = BTreeMap::clone(&STANDARD);
        for (id, place) in &overrides.0 {
            if let Some(route) = routes.get_mut(id) {
                route.method.clone_from(&place.method);
                route.path.clone_from(&place.path);
                route.also_accept.clear();
                route.provenance = Provenance::Imported;
            }
        }
        Self { routes: Arc::new(routes) }
    }

    /// One operation.
    pub fn get(&self, operation: &str) -> Option<&Route> {
        self.routes.get(operation)
    }

    /// All operations, by name.
    pub fn all(&self) -> impl Iterator<Item = &Route> {
        self.routes.values()
    }
}

impl Default for Routes {
    fn default() -> Self {
        Self::standard()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_operation_of_the_document() {
        let routes = Routes::standard();
        assert_eq!(routes.all().count(), 206 + 2);
        assert_eq!(routes.all().filter(|route| route.deprecated).count(), 25);
        assert_eq!(routes.all().filter(|route| route.stream.is_some()).count(), 7);
        for route in routes.all() {
            assert!(route.path.starts_with('/'), "{}", route.id);
            assert!(!route.methods().is_empty(), "{}", route.id);
            assert_eq!(route.methods().len(), 1 + route.also_accept.len(), "{}", route.id);
        }
    }

    #[test]
    fn no_two_operations_share_a_place() {
        let shape = |route: &Route| {
            let segments = route.path.split('/').map(|s| if variable(s).is_some() { "{}" } else { s });
            (route.method.clone(), segments.collect::<Vec<_>>().join("/"))
        };
        let mut places: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        let routes = Routes::standard();
        for route in routes.all().filter(|route| !route.deprecated) {
            places.entry(shape(route)).or_default().push(&route.id);
        }
        let shared: Vec<_> = places.values().filter(|ids| ids.len() > 1).collect();
        // Which of the two is meant is told by the literal segment, which wins over a variable.
        assert!(shared.is_empty(), "{shared:?}");
    }

    #[test]
    fn values_are_encoded_and_cannot_leave_their_segment() {
        let routes = Routes::standard();
        let route = routes.get("calls.callback").unwrap();
        let path = |cid: &str| {
            route.filled(|name| Some(if name == "cid" { cid.to_owned() } else { name.to_owned() }))
        };
        assert_eq!(path("+15550100").unwrap(), "/calls/current/domain/user/aptype/%2B15550100");
        assert_eq!(path("a@b/../c").unwrap(), "/calls/current/domain/user/aptype/a%40b%2F..%2Fc");
        for bad in ["", ".", ".."] {
            assert!(path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_override_replaces_place_and_alternatives() {
        let place = Place { method: "PUT".into(), path: "/cti/{callId}/hold".into() };
        let overrides =
            Overrides(BTreeMap::from([("cti.hold".to_owned(), place.clone()), ("x".into(), place)]));
        let routes = Routes::with(&overrides);
        let hold = routes.get("cti.hold").unwrap();
        assert_eq!((hold.path.as_str(), hold.provenance), ("/cti/{callId}/hold", Provenance::Imported));
        assert_eq!(hold.methods(), [Method::PUT]);
        assert!(routes.get("x").is_none());
        let kept: Overrides = serde_json::from_str(&serde_json::to_string(&overrides).unwrap()).unwrap();
        assert_eq!(kept, overrides);
    }
}
