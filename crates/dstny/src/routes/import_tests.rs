use super::*;
use crate::routes::{Provenance, Routes};
use serde_json::json;

fn place(method: &str, path: &str) -> Place {
    Place { method: method.to_owned(), path: path.to_owned() }
}

fn change<'a>(import: &'a Import, operation: &str) -> Option<&'a Place> {
    import.changes.iter().find(|change| change.operation == operation).map(|change| &change.to)
}

/// Our own table, written as an operator would write it.
fn whole_table() -> Value {
    let mut paths = Map::new();
    for route in Routes::standard().all() {
        let item = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        let parameters: Vec<Value> =
            route.params.iter().map(|name| json!({"name": name, "in": "query"})).collect();
        let mut operation =
            json!({"description": route.says, "parameters": parameters, "deprecated": route.deprecated});
        if route.stream.is_some() {
            operation["produces"] = json!(["text/event-stream"]);
        }
        item[route.method.to_lowercase()] = operation;
    }
    json!({"swagger": "2.0", "basePath": "/api", "paths": paths})
}

#[test]
fn a_file_that_agrees_changes_nothing_and_confirms_everything() {
    let import = Routes::standard().import(&whole_table().to_string()).unwrap();
    assert_eq!(import.changes, []);
    assert_eq!(import.unknown, [""; 0]);
    assert_eq!(import.missing, [""; 0]);
    assert_eq!(import.confirmed.len(), 208);
    let routes = Routes::with(&import.overrides);
    assert!(routes.all().all(|route| route.provenance == Provenance::Imported));
}

#[test]
fn a_whole_api_that_moved_is_found_by_what_its_operations_do() {
    let mut table = whole_table();
    let paths = table["paths"].as_object_mut().unwrap();
    let moved = std::mem::take(paths);
    for (path, item) in moved {
        let path =
            path.replace("/v1", "/v3").replace("{userId}", "{username}").replace("{cid}", "{contact-id}");
        paths.insert(format!("/enduser{path}"), item);
    }
    let import = Routes::standard().import(&table.to_string()).unwrap();
    assert_eq!(
        change(&import, "cti.hold"),
        Some(&place("POST", "/enduser/call/control/v3/hold/{domain}/{userId}/{callId}"))
    );
    assert_eq!(
        change(&import, "cinfo1.get"),
        Some(&place("GET", "/enduser/contacts/info/v3/{domain}/{cid}"))
    );
    // Whatever was matched was matched to itself.
    for change in &import.changes {
        let expected = format!("/enduser{}", change.from.path.replace("/v1", "/v3"));
        assert_eq!(
            (&change.to.path, &change.to.method),
            (&expected, &change.from.method),
            "{}",
            change.operation
        );
    }
    assert!(import.changes.len() >= 200, "{} of 208, without {:?}", import.changes.len(), import.missing);
}

fn made_up() -> Value {
    json!({
        "openapi": "3.0.1",
        "servers": [{"url": "https://connect.example.dk/api/"}],
        "paths": {
            "/cti/v2/{domain}/{user}/calls/{call-id}/hold": {"put": {
                "summary": "Hold",
                "description": "Put the call on hold. Music may be played to the other party.",
                "requestBody": {"$ref": "#/components/requestBodies/Token"}
            }},
            "/call/control/v1/park/{domain}/{userId}/{callId}": {"put": {"operationId": "doPark"}},
            "/anything/{domain}": {"get": {"operationId": "userline_list", "description": "Lines"}},
            "/contacts/list/{domain}/{user}": {"get": {"description": "Get a list of matching contacts for a user."}},
            "/mute/{tenant}/{person}/{x}/{y}/{z}": {"post": {"operationId": "cti.mute"}},
            "/unmute/{user}@{domain}/{callId}": {"post": {"operationId": "cti.unmute"}},
            "/coffee/{domain}": {"post": {"description": "Makes coffee for everybody in the organization."}},
        },
        "components": {"requestBodies": {"Token": {"content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Token"}}}}},
            "schemas": {"Token": {"properties": {"stateToken": {"type": "integer"}}}}}
    })
}

#[test]
fn a_moved_path_a_changed_method_and_unknown_operations_are_told_apart() {
    let import = Routes::standard().import(&made_up().to_string()).unwrap();
    assert_eq!(
        change(&import, "cti.hold"),
        Some(&place("PUT", "/cti/v2/{domain}/{userId}/calls/{callId}/hold"))
    );
    assert_eq!(
        change(&import, "cti.park"),
        Some(&place("PUT", "/call/control/v1/park/{domain}/{userId}/{callId}")),
        "the same path with the other plausible method"
    );
    assert_eq!(
        change(&import, "userline.list"),
        Some(&place("GET", "/anything/{domain}")),
        "by its identifier"
    );
    assert_eq!(import.confirmed, ["contacts.search"]);
    assert_eq!(import.unknown, ["POST /coffee/{domain}"]);
    // More variables than anybody could fill, and two in one segment.
    assert!(
        import.missing.contains(&"cti.mute".to_owned()) && import.missing.contains(&"cti.unmute".to_owned())
    );
    assert_eq!(import.overrides.0.len(), 4);
    assert_eq!(import, Routes::standard().import(&made_up().to_string()).unwrap());
}

#[test]
fn yaml_is_understood_as_well() {
    let yaml = "swagger: '2.0'\nbasePath: /api\npaths:\n  /lines/{domain}/{user}:\n    get:\n      \
        description: Get the list of all available lines that user can use\n";
    let import = Routes::standard().import(yaml).unwrap();
    assert_eq!(change(&import, "userline.list"), Some(&place("GET", "/lines/{domain}/{user}")));
}

#[test]
fn what_cannot_be_told_apart_is_left_alone() {
    let same = json!({"description": "Resume a call that previously was put on hold."});
    let file = json!({"swagger": "2.0", "paths": {
        "/a/{domain}/{userId}/{callId}": {"post": same},
        "/b/{domain}/{userId}/{callId}": {"post": same},
    }});
    let import = Routes::standard().import(&file.to_string()).unwrap();
    assert_eq!((import.changes.len(), import.overrides.0.len(), import.unknown.len()), (0, 0, 2));
}

#[test]
fn another_file_is_refused_with_a_sentence() {
    for file in
        ["", "{", "{}", "[]", "hello", "a: b", r#"{"swagger":"2.0"}"#, r#"{"openapi":"3.0.0","paths":{}}"#]
    {
        let error = Routes::standard().import(file).unwrap_err();
        assert!(matches!(error, Error::InvalidInput { field: "file", .. }), "{file}: {error:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_panic(path in "[/{}a-z@-]{0,20}", text: String, any: String) {
        let file = json!({"swagger": "2.0", "basePath": any, "paths": {path: {"get": {"description": text, "parameters": [{"$ref": any}]}}}});
        let _ = Routes::standard().import(&file.to_string());
        let _ = Routes::standard().import(&text);
    }
}
