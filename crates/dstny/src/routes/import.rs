//! Learning from an operator's own description of the API (Swagger 2 or OpenAPI 3, as JSON or YAML).
//!
//! The operations in such a file are matched to those of the table, pair by pair, best first. A pair is only considered
//! if one of three is true: the identifiers are the same; path (variables aside) and method are the same; or the
//! sentences that say what they do are mostly the same words. Among those, a pair scores by
//!
//! | points | for |
//! | --- | --- |
//! | 100 | the same identifier, letters and digits only |
//! | 100 | the same path and a method that is plausible |
//! | 0–60 | words in common in the first sentence of summary or description |
//! | 0–20 | names of parameters in common |
//! | 0–15 | words in the fixed parts of the path in common |
//! | 0–10 | names of variables in common |
//! | 10, 6, −20 | the method: the first, another plausible one, an implausible one |
//! | −25 | only one of both is going to be removed |
//! | −50 | only one of both is an event stream |
//!
//! What is not sure is left alone and listed: two pairs with the same points that exclude each other, and a path with a
//! variable that this crate could not fill. The same file always gives the same result.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use wire::{Error, Url};

use super::{Overrides, Place, Route, Routes, variable};

/// The largest file that is read, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;
/// The most operations that are looked at.
const MOST: usize = 5_000;
/// Words in common, in hundredths, from which two sentences say the same.
const SAME_SENTENCE: u32 = 75;

/// An operation that is elsewhere at this operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The operation.
    pub operation: String,
    /// Where the table has it.
    pub from: Place,
    /// Where the operator has it.
    pub to: Place,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// Operations that are elsewhere.
    pub changes: Vec<Change>,
    /// Operations that are where the table has them.
    pub confirmed: Vec<String>,
    /// Operations of the table that are not in the file, or not surely.
    pub missing: Vec<String>,
    /// Operations of the file that nobody knows, as `GET /path`.
    pub unknown: Vec<String>,
    /// What to keep for the account.
    pub overrides: Overrides,
}

impl Routes {
    /// Compares the table with an operator's file. Nothing is changed by that: [`Routes::with`] takes the result.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], with a sentence to show, if the file is no such description.
    pub fn import(&self, file: &str) -> Result<Import, Error> {
        let theirs = operations(&document(file)?)?;
        let ours: Vec<&Route> = self.all().collect();
        let mut import = Import::default();
        let matched = matches(&ours, &theirs);
        for (route, found) in ours.iter().zip(&matched) {
            let Some(place) = found.and_then(|index| theirs[index].as_place_of(route)) else {
                import.missing.push(route.id.clone());
                continue;
            };
            let from = Place { method: route.method.clone(), path: route.path.clone() };
            if from == place {
                import.confirmed.push(route.id.clone());
            } else {
                import.changes.push(Change { operation: route.id.clone(), from, to: place.clone() });
            }
            import.overrides.0.insert(route.id.clone(), place);
        }
        let known: BTreeSet<usize> = matched.into_iter().flatten().collect();
        let unknown = theirs.iter().enumerate().filter(|(index, _)| !known.contains(index));
        import.unknown = unknown.map(|(_, theirs)| format!("{} {}", theirs.method, theirs.path)).collect();
        Ok(import)
    }
}

/// An operation in the operator's file.
#[derive(Debug, Default)]
struct Theirs {
    id: String,
    method: String,
    /// Below `/api`.
    path: String,
    sentences: Vec<BTreeSet<String>>,
    params: BTreeSet<String>,
    stream: bool,
    deprecated: bool,
}

impl Theirs {
    /// The place in this crate's words, if every variable can be given one of the route's.
    fn as_place_of(&self, route: &Route) -> Option<Place> {
        let mut ours: Vec<&str> = route.variables().collect();
        let mut renamed: BTreeMap<&str, &str> = BTreeMap::new();
        let theirs: Vec<&str> = self.path.split('/').filter_map(variable).collect();
        for name in &theirs {
            if let Some(at) = ours.iter().position(|our| plain_variable(our) == plain_variable(name)) {
                renamed.insert(name, ours.remove(at));
            }
        }
        let left: Vec<&str> = theirs.iter().copied().filter(|name| !renamed.contains_key(name)).collect();
        if left.len() > ours.len() {
            return None;
        }
        renamed.extend(left.into_iter().zip(ours));
        let segments = self.path.split('/').map(|segment| match variable(segment) {
            Some(name) => Some(format!("{{{}}}", renamed.get(name)?)),
            None => (!segment.contains(['{', '}'])).then(|| segment.to_owned()),
        });
        let path = segments.collect::<Option<Vec<_>>>()?.join("/");
        Some(Place { method: self.method.clone(), path })
    }
}

/// For each of our operations the one of theirs that is the same.
fn matches(ours: &[&Route], theirs: &[Theirs]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (our, route) in ours.iter().enumerate() {
        let own = Own::of(route);
        for (their, operation) in theirs.iter().enumerate() {
            if let Some(points) = own.points(operation) {
                pairs.push((points, our, their));
            }
        }
    }
    pairs.sort_by_key(|(points, our, their)| (std::cmp::Reverse(*points), *our, *their));
    let mut matched = vec![None; ours.len()];
    let (mut our_done, mut their_done) = (vec![false; ours.len()], vec![false; theirs.len()]);
    for group in pairs.chunk_by(|a, b| a.0 == b.0) {
        let open: Vec<_> =
            group.iter().filter(|(_, our, their)| !our_done[*our] && !their_done[*their]).collect();
        for (_, our, their) in &open {
            let rivals = open.iter().filter(|(_, o, t)| o == our || t == their).count();
            if rivals == 1 {
                matched[*our] = Some(*their);
            }
            // Not sure which: then none, and nothing weaker either.
            our_done[*our] = true;
            their_done[*their] = true;
        }
    }
    matched
}

/// One of our operations, taken apart once for all comparisons.
struct Own<'a> {
    route: &'a Route,
    id: String,
    sentence: BTreeSet<String>,
    params: BTreeSet<String>,
    fixed: BTreeSet<String>,
    variables: BTreeSet<String>,
    shape: String,
}

impl<'a> Own<'a> {
    fn of(route: &'a Route) -> Self {
        Self {
            route,
            id: plain(&route.id),
            sentence: words(first_sentence(&route.says)),
            params: route.params.iter().map(|name| plain(name)).collect(),
            fixed: fixed(&route.path),
            variables: variables(&route.path),
            shape: shape(&route.path),
        }
    }

    fn points(&self, theirs: &Theirs) -> Option<i32> {
        let plausible = theirs.method == self.route.method || self.route.also_accept.contains(&theirs.method);
        let same_id = !theirs.id.is_empty() && plain(&theirs.id) == self.id;
        let same_place = plausible && shape(&theirs.path) == self.shape;
        let sentence =
            theirs.sentences.iter().map(|theirs| common(&self.sentence, theirs)).max().unwrap_or(0);
        if !same_id && !same_place && sentence < SAME_SENTENCE {
            return None;
        }
        let share = |points: u32, hundredths: u32| (points * hundredths / 100) as i32;
        let mut points = share(60, sentence);
        points += share(20, common(&self.params, &theirs.params));
        points += share(15, common(&self.fixed, &fixed(&theirs.path)));
        points += share(10, common(&self.variables, &variables(&theirs.path)));
        points += if same_id { 100 } else { 0 };
        points += if same_place { 100 } else { 0 };
        points += match (theirs.method == self.route.method, plausible) {
            (true, _) => 10,
            (false, true) => 6,
            (false, false) => -20,
        };
        points -= if theirs.deprecated == self.route.deprecated { 0 } else { 25 };
        points -= if theirs.stream == self.route.stream.is_some() { 0 } else { 50 };
        Some(points)
    }
}

fn document(file: &str) -> Result<Value, Error> {
    if file.len() > LARGEST {
        return Err(Error::invalid("file", "it is too large for a description of an API"));
    }
    let text = file.trim_start_matches('\u{feff}').trim_start();
    let read = if text.starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    };
    read.map_err(|why| {
        let why = why.lines().next().unwrap_or_default().to_owned();
        Error::invalid("file", format!("it is neither JSON nor YAML: {why}"))
    })
}

fn operations(document: &Value) -> Result<Vec<Theirs>, Error> {
    let is_description = document.get("swagger").is_some() || document.get("openapi").is_some();
    let Some(paths) = document.get("paths").and_then(Value::as_object).filter(|_| is_description) else {
        return Err(Error::invalid("file", "it is not a Swagger or OpenAPI description: it has no paths"));
    };
    let base = base(document);
    let mut operations = Vec::new();
    for (path, item) in paths {
        let full = format!("{base}/{}", path.trim_start_matches('/'));
        let below = full.split_once("/api/").map_or(full.as_str(), |(_, below)| below);
        let path = format!("/{}", below.trim_matches('/'));
        for (method, operation) in item.as_object().into_iter().flatten() {
            let method = method.to_ascii_uppercase();
            if matches!(method.as_str(), "GET" | "POST" | "PUT" | "DELETE" | "PATCH") {
                operations.push(theirs(document, item, method, &path, operation));
            }
        }
    }
    if operations.is_empty() || operations.len() > MOST {
        return Err(Error::invalid("file", "it describes no operations, or far too many"));
    }
    Ok(operations)
}

/// The path that all paths are below.
fn base(document: &Value) -> String {
    let of_swagger = document.get("basePath").and_then(Value::as_str).map(str::to_owned);
    let of_openapi = || {
        let server = document.get("servers")?.get(0)?.get("url")?.as_str()?;
        Some(Url::parse(server).map_or_else(|_| server.to_owned(), |url| url.path().to_owned()))
    };
    let base = of_swagger.or_else(of_openapi).unwrap_or_default();
    format!("/{}", base.trim_matches('/')).trim_end_matches('/').to_owned()
}

fn theirs(document: &Value, item: &Value, method: String, path: &str, operation: &Value) -> Theirs {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut params = BTreeSet::new();
    for source in [item, operation] {
        for parameter in source.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let parameter = followed(document, parameter);
            match parameter.get("in").and_then(Value::as_str) {
                Some("query" | "formData") => {
                    params.extend(parameter.get("name").and_then(Value::as_str).map(plain));
                }
                Some("body") => params.extend(properties(document, parameter.get("schema"))),
                _ => {}
            }
        }
    }
    let body = operation.get("requestBody").map(|body| followed(document, body));
    for media in contents(body) {
        params.extend(properties(document, media.get("schema")));
    }
    let sentences = [text("summary"), text("description")].map(|text| words(first_sentence(text)));
    Theirs {
        id: text("operationId").to_owned(),
        path: path.to_owned(),
        sentences: sentences.into_iter().filter(|words| !words.is_empty()).collect(),
        params,
        stream: is_stream(operation),
        deprecated: operation.get("deprecated") == Some(&Value::Bool(true))
            || text("summary").contains("DEPRECATED")
            || text("description").contains("DEPRECATED"),
        method,
    }
}

/// The object that a reference within the document stands for; followed once.
fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn properties(document: &Value, schema: Option<&Value>) -> Vec<String> {
    let schema = schema.map(|schema| followed(document, schema));
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    properties.into_iter().flat_map(Map::keys).map(|name| plain(name)).collect()
}

fn contents(of: Option<&Value>) -> impl Iterator<Item = &Value> {
    of.and_then(|of| of.get("content")).and_then(Value::as_object).into_iter().flat_map(Map::values)
}

fn is_stream(operation: &Value) -> bool {
    const STREAM: &str = "text/event-stream";
    let produces = operation.get("produces").and_then(Value::as_array).into_iter().flatten();
    let mut answers = operation.get("responses").and_then(Value::as_object).into_iter().flat_map(Map::values);
    produces.into_iter().any(|media| media == STREAM)
        || answers.any(|answer| answer.get("content").is_some_and(|content| content.get(STREAM).is_some()))
}

/// Up to the first full stop that is not too early.
fn first_sentence(text: &str) -> &str {
    let end = text.char_indices().find(|(at, c)| {
        *c == '.' && *at >= 20 && text[at + 1..].chars().next().is_none_or(char::is_whitespace)
    });
    end.map_or(text, |(at, _)| &text[..at])
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Letters and digits only, lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The same for the name of a variable, where several names are usual for one thing.
fn plain_variable(name: &str) -> String {
    let plain = plain(name);
    match plain.as_str() {
        "userid" | "username" | "userpart" => "user".to_owned(),
        "organization" | "org" | "orgdomain" | "userdomain" => "domain".to_owned(),
        "contactid" | "contact" => "cid".to_owned(),
        "groupid" | "grpid" => "group".to_owned(),
        "groupdomain" | "grpiddomain" => "groupdomain".to_owned(),
        _ => plain,
    }
}

fn variables(path: &str) -> BTreeSet<String> {
    path.split('/').filter_map(variable).map(plain_variable).collect()
}

fn fixed(path: &str) -> BTreeSet<String> {
    path.split('/').filter(|segment| variable(segment).is_none()).flat_map(words).collect()
}

fn shape(path: &str) -> String {
    let segments = path.split('/').map(|segment| if variable(segment).is_some() { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// How much two sets have in common, in hundredths; two empty ones are the same.
fn common(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> u32 {
    let shared = ours.intersection(theirs).count() * 100;
    shared.checked_div(ours.union(theirs).count()).unwrap_or(100) as u32
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
