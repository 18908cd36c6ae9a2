use serde_json::json;

use super::*;
use crate::models::{Queue, Ticket};

fn url() -> Url {
    Url::parse("https://acme.example/api/v6/tickets.json?accessToken=canary").unwrap()
}

fn open(status: u16, body: impl Into<Vec<u8>>) -> Result<Envelope, Error> {
    let answer = Answer { status, headers: Default::default(), body: body.into().into() };
    Envelope::open(&answer, &url())
}

fn complaint(error: Value) -> (Vec<String>, Vec<(String, String)>) {
    let complaint = Complaint::read(&error);
    let fields = complaint.fields.into_iter().map(|(field, words)| (field, words.join("|"))).collect();
    (complaint.words, fields)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn about(field: &str, words: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), words.to_owned())]
}

#[test]
fn success_comes_in_every_dress() {
    for error in
        ["[]", "null", r#""""#, "{}", "false", r#"{"form":[],"primary":[]}"#, r#"{"form":{"title":null}}"#]
    {
        let body = format!(r#"{{"error":{error},"result":{{"name":1}},"_time":"2022-05-04 14:39:13"}}"#);
        assert!(open(200, body).unwrap().written(200).is_ok(), "{error}");
    }
    assert!(open(200, r#"{"result":true}"#).unwrap().written(200).is_ok());
    assert!(open(204, "").unwrap().written(204).is_ok());
}

#[test]
fn complaints_come_in_every_dress() {
    let none = Vec::new;
    for (error, expected) in [
        (json!(["Object not exist"]), (words(&["Object not exist"]), none())),
        (json!("Object not exist"), (words(&["Object not exist"]), none())),
        (
            json!({"primary": ["User have not available devices", "error"]}),
            (words(&["User have not available devices", "error"]), none()),
        ),
        (json!({"form": {"title": "Entry is required"}}), (vec![], about("title", "Entry is required"))),
        (json!({"form": {"user": "Chyba cizího klíče"}}), (vec![], about("user", "Chyba cizího klíče"))),
        (
            json!({"form": {"customFields": {"email": ["E-mail není ve správném formátu", "podruhé"]}}}),
            (vec![], about("customFields.email", "E-mail není ve správném formátu|podruhé")),
        ),
        (json!({"form": {"title": "Required"}, "primary": []}), (vec![], about("title", "Required"))),
        (json!({"title": "Required"}), (vec![], about("title", "Required"))),
        (json!({"1": "later element of a list"}), (words(&["later element of a list"]), none())),
        (json!({"form": {"take": [true, 5, false]}}), (vec![], about("take", "true|5"))),
    ] {
        assert_eq!(complaint(error.clone()), expected, "{error}");
    }
}

#[test]
fn a_refusal_carries_the_words_and_never_the_record_that_was_not_saved() {
    let body = json!({"error": {"form": {"title": "Entry is required"}}, "result": {"name": 10361, "title": "canary"}});
    let error = open(400, body.to_string()).unwrap_err();
    let Error::Refused { status: 400, words, fields } = &error else { panic!("{error:?}") };
    assert!(words.is_empty());
    assert_eq!(fields["title"], ["Entry is required"]);
    assert!(!format!("{error:?}").contains("canary"));
}

#[test]
fn a_refusal_may_come_as_violations_or_without_a_word() {
    let body = r#"{"status":422,"violations":[{"propertyPath":"title","message":"Blank"}],"detail":"x","title":"y"}"#;
    let Err(Error::Refused { fields, words, .. }) = open(422, body) else { panic!() };
    assert_eq!((fields["title"].as_slice(), words.len()), (["Blank".to_owned()].as_slice(), 0));
    let Err(Error::Refused { words, .. }) = open(422, r#"{"violations":[],"detail":"Too old"}"#) else {
        panic!()
    };
    assert_eq!(words, ["Too old"]);
    for body in ["", r#"{"error":null,"result":null}"#, "<html>no</html>", "{"] {
        assert_eq!(open(400, body).unwrap_err(), Error::refused(400, []), "{body}");
    }
}

#[test]
fn a_success_with_a_complaint_is_a_failure_for_writes_and_a_warning_for_reads() {
    let body = r#"{"error":["Not quite"],"result":{"data":[],"total":0}}"#;
    let error = open(200, body).unwrap().written(200).unwrap_err();
    assert_eq!(error, Error::refused(200, ["Not quite".to_owned()]));
    assert_eq!(open(200, body).unwrap().list::<Ticket>().unwrap().warnings.words, ["Not quite"]);
}

#[test]
fn every_status_has_its_meaning_with_an_empty_body() {
    for (status, expected) in [
        (401, Error::SignInNeeded),
        (403, Error::Forbidden),
        (404, Error::NotFound),
        (405, Error::refused(405, [])),
        (429, Error::Transient { status: 429, retry_after: None }),
        (500, Error::Transient { status: 500, retry_after: None }),
        (502, Error::Transient { status: 502, retry_after: None }),
    ] {
        assert_eq!(open(status, "").unwrap_err(), expected);
        assert_eq!(open(status, "<html><h1>no</h1></html>").unwrap_err(), expected);
    }
}

#[test]
fn what_is_no_answer_is_said_with_its_beginning_and_without_its_values() {
    for (body, problem) in [
        ("<!DOCTYPE html><html>Log in to the hotel's network", "a web page instead of data"),
        (r#"{"error":[],"result":{"data":[{"name":"canary"#, "the answer is cut off"),
        ("{]", "not JSON: line 1 column 2"),
    ] {
        let error = open(200, body).unwrap_err();
        let Error::Protocol { problem: said, url, .. } = &error else { panic!("{error:?}") };
        assert_eq!(said, problem);
        assert_eq!(url, "https://acme.example/api/v6/tickets.json");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[test]
fn an_answer_without_an_envelope_is_the_result_itself() {
    for (body, result) in [(r#""upload-id""#, json!("upload-id")), ("true", json!(true)), ("[1]", json!([1]))]
    {
        assert_eq!(open(200, body).unwrap().written(200).unwrap().result, result);
    }
}

#[test]
fn a_redirect_says_where_to() {
    let headers =
        [("location".parse().unwrap(), "/login?next=canary".parse().unwrap())].into_iter().collect();
    let answer = Answer { status: 302, headers, body: Default::default() };
    let error = Envelope::open(&answer, &url()).unwrap_err().to_string();
    assert!(error.contains("redirected to https://acme.example/login"), "{error}");
    assert!(!error.contains("canary"));
}

#[test]
fn lists_come_in_every_dress() {
    let row = json!({"name": 3001, "title": "Support"});
    for (result, total) in [
        (json!({"data": [row], "total": 12}), Some(12)),
        (json!({"data": [row], "total": "7"}), Some(7)),
        (json!({"data": [row], "total": 7.0}), None),
        (json!({"data": {"3001": row}, "total": 1}), Some(1)),
        (json!({"data": [row]}), None),
        (json!([row]), None),
    ] {
        let list =
            open(200, json!({"error": [], "result": result}).to_string()).unwrap().list::<Queue>().unwrap();
        assert_eq!(list.rows[0].name, "3001", "{result}");
        assert_eq!((list.rows.len(), list.total), (1, total), "{result}");
    }
    for result in
        [json!({"data": [], "total": 0}), json!({"data": null}), json!([]), json!(null), json!(false)]
    {
        let list =
            open(200, json!({"error": [], "result": result}).to_string()).unwrap().list::<Queue>().unwrap();
        assert_eq!(list.received(), 0, "{result}");
    }
    let bad = open(200, json!({"result": {"data": "nonsense"}}).to_string()).unwrap().list::<Queue>();
    assert!(matches!(bad, Err(Error::Protocol { ref path, .. }) if path == "result.data"));
}

#[test]
fn a_record_that_cannot_be_read_does_not_cost_the_others() {
    let rows =
        json!([{"name": 1}, "nonsense", {"title": "canary, no name"}, null, {"name": "4", "title": ["odd"]}]);
    let body = json!({"error": [], "result": {"data": rows, "total": 5}}).to_string();
    let list = open(200, body).unwrap().list::<Ticket>().unwrap();
    let names: Vec<&str> = list.rows.iter().map(|ticket| ticket.name.as_str()).collect();
    assert_eq!(names, ["1", "4"]);
    assert_eq!(list.rows[1].title, None);
    let why: Vec<(usize, &str)> = list.unreadable.iter().map(|bad| (bad.index, bad.why.as_str())).collect();
    assert_eq!(
        why,
        [
            (1, "expected a record, found text"),
            (2, "it has no usable `name`"),
            (3, "expected a record, found null"),
        ]
    );
    assert_eq!(list.received(), 5);
}

#[test]
fn a_record_with_a_field_called_data_is_no_list() {
    let body = json!({"error": [], "result": {"name": 5, "data": [1, 2]}}).to_string();
    assert_eq!(open(200, body).unwrap().record::<Ticket>().unwrap().name, "5");
}

#[test]
fn dates_are_read_in_the_zone_of_the_envelope() {
    let read = |zone: &str| {
        let result = json!({"name": 5, "created": "2022-06-07 15:18:24"});
        let body = json!({"error": [], "result": result, "_timezone": zone}).to_string();
        open(200, body).unwrap().record::<Ticket>().unwrap().created.unwrap().to_string()
    };
    assert_eq!(read("Europe/London"), "2022-06-07T14:18:24Z");
    assert_eq!(read("America/New_York"), "2022-06-07T19:18:24Z");
    assert_eq!(read("Nowhere/Land"), "2022-06-07T13:18:24Z", "Daktela's own zone if it is unknown");
}

proptest::proptest! {
    #[test]
    fn no_body_makes_it_panic(status in 100_u16..600, body: Vec<u8>) {
        let _ = open(status, body);
    }
}
