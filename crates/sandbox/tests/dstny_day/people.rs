//! The address book: searching it, the user's own list, private and shared contacts, cards, fields and photos.

use crate::lab::{Lab, told};
use serde_json::{Value, json};

fn names(found: &Value) -> Vec<String> {
    let contacts = found["contact"].as_array().unwrap().iter();
    contacts
        .map(|c| format!("{} {}", c["firstname"].as_str().unwrap(), c["lastname"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_search_finds_colleagues_queues_and_customers_by_the_beginning_of_a_word() {
    let lab = Lab::open().await;
    let found = lab.read("/contacts/list/D?query=vev").await;
    assert_eq!(names(&found), ["Tomáš Veverka"]);
    assert_eq!(found["contact"][0]["type"], "DIRECTORY");
    assert_eq!(names(&lab.read("/contacts/list/D?query=LEFÈ").await), ["Chloé Lefèbvre-Roy"]);
    assert_eq!(names(&lab.read("/contacts/list/D?query=suppo").await), ["Support "]);
    let none = lab.read("/contacts/list/D?query=suppo&dontIncludeFnrs=true").await;
    assert_eq!(none["contact"], json!([]));
    assert_eq!(
        lab.read("/contacts/list/D?query=everka").await["contact"],
        json!([]),
        "not in the middle of a word"
    );
    let number = found["contact"][0]["preferredNumber"].as_str().unwrap().replace('+', "%2B");
    assert_eq!(names(&lab.read(&format!("/contacts/list/D?query={number}")).await), ["Tomáš Veverka"]);
}

#[tokio::test]
async fn a_search_answers_25_contacts_unless_told_otherwise() {
    let lab = Lab::open().await;
    // Every customer has a number with a plus, every colleague an address.
    let all = lab.read("/contacts/list/D?query=o&maxResults=1000").await["contact"].as_array().unwrap().len();
    let usual = lab.read("/contacts/list/D?query=o").await;
    assert_eq!(usual["contact"].as_array().unwrap().len(), all.min(25));
    assert_eq!(
        lab.read("/contacts/list/D?query=o&maxResults=2").await["contact"].as_array().unwrap().len(),
        2
    );
    let mut sorted = names(&usual);
    sorted.sort_by_key(|name| name.to_lowercase());
    assert_eq!(names(&usual), sorted, "in order of their names");
    let bad = lab.ask("GET", "/contacts/list/D?query=o&maxResults=many").await;
    assert_eq!(Lab::refusal(&bad, 400), "maxResults.invalid");
}

#[tokio::test]
async fn without_a_question_the_favourites_are_answered() {
    let lab = Lab::open().await;
    let before = names(&lab.read("/contacts/list/D").await);
    assert!(
        before.contains(&"Amara Obi-Nwosu".to_owned()) && before.contains(&"Support ".to_owned()),
        "{before:?}"
    );
    let priya = "/contacts/list/D/priya@offhook.example";
    assert_eq!(lab.ask("GET", "/buddylist/D/priya@offhook.example").await.0, 404);
    let added = lab.done("POST", priya).await;
    assert_eq!(added["contact"][0]["contactStatus"], "FAVORITE");
    assert_eq!(Lab::refusal(&lab.ask("POST", priya).await, 409), "contact.in.list");
    assert_eq!(lab.ask("GET", "/buddylist/D/priya@offhook.example").await.0, 204);
    assert!(names(&lab.read("/contacts/list/D").await).contains(&"Priya Ramanuj".to_owned()));
    lab.done("DELETE", "/buddylist/D/priya@offhook.example").await;
    assert_eq!(names(&lab.read("/contacts/list/D").await), before);
    assert_eq!(Lab::refusal(&lab.ask("DELETE", priya).await, 404), "contact.not.in.list");
    lab.done("DELETE", "/contacts/list/D/amara@offhook.example").await;
    lab.done("PUT", "/buddylist/D?applyContactTemplates=true").await;
    assert_eq!(names(&lab.read("/contacts/list/D").await), before, "the template is there again");
    let nobody = lab.ask("POST", "/buddylist/D/nobody@offhook.example").await;
    assert_eq!(Lab::refusal(&nobody, 404), "contact.does.not.exist");
}

#[tokio::test]
async fn an_outsider_is_blocked_and_then_only_found_on_request() {
    let lab = Lab::open().await;
    let found = lab.read("/contacts/list/D?query=Harriet").await;
    let contact = &found["contact"][0];
    assert_eq!(contact["type"], "EXTERNAL");
    let id = contact["contactEntryId"].as_str().unwrap();
    let status = lab.done("PUT", &format!("/contacts/list/D/{id}/BLOCKED")).await;
    assert_eq!(status, json!({"contactStatus": "BLOCKED"}));
    assert_eq!(lab.read("/contacts/list/D?query=Harriet").await["contact"], json!([]));
    let found = lab.read("/contacts/list/D?query=Harriet&includeBlocked=true").await;
    assert_eq!(found["contact"][0]["contactStatus"], "BLOCKED");
    let colleague = lab.ask("PUT", "/contacts/list/D/amara@offhook.example/BLOCKED").await;
    assert_eq!(Lab::refusal(&colleague, 400), "contact.not.external");
    let unknown = lab.ask("PUT", &format!("/contacts/list/D/{id}/FRIEND")).await;
    assert_eq!(Lab::refusal(&unknown, 400), "contactStatus.invalid");
}

#[tokio::test]
async fn several_contacts_are_added_all_or_none() {
    let lab = Lab::open().await;
    let known = json!({"email": "priya@offhook.example", "contactStatus": "VIP"});
    let list = json!({"contact": [known, {"id": "nobody@internal"}]});
    assert_eq!(
        Lab::refusal(&lab.send("POST", "/contacts/list/D", list).await, 404),
        "contact.does.not.exist"
    );
    let priya = lab.read("/contacts/info/v1/offhook.example/priya@offhook.example").await;
    assert_eq!((&priya["inlist"], &priya["contactStatus"]), (&json!(false), &json!("CONTACT")));
    let (status, added) = lab.send("POST", "/contacts/list/D", json!({"contact": [known]})).await;
    assert_eq!((status, &added["contact"][0]["contactStatus"]), (200, &json!("VIP")));
}

#[tokio::test]
async fn a_private_contact_lives_and_only_its_owner_sees_it() {
    let lab = Lab::open().await;
    let list = "/contacts/personal/user/D";
    let body = json!({"firstname": "Zdislava", "lastname": "Tichá", "speeddial": 9, "contactStatus": "FAVORITE",
        "phoneNumbers": [{"type": "MOBILE", "phoneNumber": "+420 700 000 088", "preferredNumber": true}]});
    let (status, made) = lab.send("POST", list, body.clone()).await;
    assert_eq!(status, 200, "{made}");
    let cid = made["cid"].as_str().unwrap();
    assert!(cid.ends_with("@internal"));
    assert_eq!(names(&lab.read("/contacts/list/D?query=Tich").await), ["Zdislava Tichá"]);
    assert!(names(&lab.read("/contacts/list/D").await).contains(&"Zdislava Tichá".to_owned()), "a favourite");
    let others = lab.request("tomas", "GET", "/contacts/list/offhook.example/tomas?query=Tich");
    assert_eq!(told(others.send().await.unwrap()).await.1["contact"], json!([]));
    let again = lab.send("POST", list, body).await;
    assert_eq!(Lab::refusal(&again, 409), "speeddial.in.use");
    let (status, answer) = lab.send("PUT", &format!("{list}/{cid}"), json!({"company": "Tiché kino"})).await;
    assert_eq!((status, answer.as_str()), (200, Some(cid)));
    let card = lab.read(&format!("/contacts/info/v1/offhook.example/{cid}/vcard")).await;
    assert_eq!(card["Description"]["ORG"]["Orgname"], "Tiché kino");
    assert_eq!(card["Description"]["TEL"][0]["value"], "+420700000088");
    lab.done("PUT", &format!("/contacts/list/D/{cid}/VIP")).await;
    assert_eq!(lab.read(&format!("{list}/{cid}")).await["contactStatus"], "VIP", "the same state");
    lab.done("DELETE", &format!("{list}/{cid}")).await;
    assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{list}/{cid}")).await, 404), "contact.does.not.exist");
    assert_eq!(lab.read("/contacts/list/D?query=Tich").await["contact"], json!([]));
}

#[tokio::test]
async fn a_private_contact_that_cannot_be_kept_is_refused() {
    let lab = Lab::open().await;
    for (body, status, code) in [
        (json!({"city": "Nowhere"}), 400, "field.required"),
        (json!({"lastname": "A", "speeddial": 11}), 400, "speeddial.out.of.range"),
        (json!({"lastname": "A", "contactStatus": "FRIEND"}), 400, "contactStatus.invalid"),
        (
            json!({"lastname": "A", "phoneNumbers": [{"type": "CAR", "phoneNumber": "+15550100"}]}),
            400,
            "type.invalid",
        ),
        (
            json!({"lastname": "A", "phoneNumbers": [{"type": "WORK", "phoneNumber": "call me"}]}),
            400,
            "number.invalid",
        ),
    ] {
        let answer = lab.send("POST", "/contacts/personal/user/D", body).await;
        assert_eq!(Lab::refusal(&answer, status), code);
    }
}

#[tokio::test]
async fn contacts_of_the_organisation_are_the_worlds() {
    let lab = Lab::open().await;
    let list = "/contacts/personal/organization/offhook.example";
    assert_eq!(Lab::refusal(&lab.ask("GET", list).await, 403), "user.not.administrator");
    let body = json!({"firstname": "Oluwaseun", "lastname": "Bamgboye", "email": "olu@example.org",
        "phoneNumbers": [{"type": "WORK", "phoneNumber": "+442079460555"}]});
    let made = told(lab.request("noah", "POST", list).json(&body).send().await.unwrap()).await.1;
    let cid = made["cid"].as_str().unwrap();
    assert_eq!(names(&lab.read("/contacts/list/D?query=Bamg").await), ["Oluwaseun Bamgboye"], "ida finds it");
    // On the other platform the caller has the name, too.
    let ring = json!({"agent": "ida", "queue": 2000, "number": "+442079460555"});
    lab.control().run("POST", "/agents/ida/ready", Value::Null).unwrap();
    lab.control().run("POST", "/ring", ring).unwrap();
    let state = lab.control().state();
    assert_eq!(state["open"][0]["party"], "Oluwaseun Bamgboye", "{}", state["open"]);
    let gone = lab.request("noah", "DELETE", &format!("{list}/{cid}")).send().await.unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(lab.read("/contacts/list/D?query=Bamg").await["contact"], json!([]));
}

#[tokio::test]
async fn a_groups_contacts_are_for_its_members() {
    let lab = Lab::open().await;
    let list = "/contacts/personal/group/offhook.example";
    let own = lab.read(&format!("{list}/2000")).await;
    assert_eq!(own["personal_contact"][0]["ownerType"], "GROUP");
    assert_eq!(names(&lab.read("/contacts/list/D?query=Ashd").await), ["Wren Ashdown"]);
    assert_eq!(Lab::refusal(&lab.ask("GET", &format!("{list}/1")).await, 404), "group.does.not.exist");
    let outsider = lab.request("oisin", "GET", &format!("{list}/2000")).send().await.unwrap();
    assert_eq!(Lab::refusal(&told(outsider).await, 403), "group.not.member");
}

#[tokio::test]
async fn fields_are_filled_in_by_those_who_may() {
    let lab = Lab::open().await;
    let own = "/contacts/info/v1/offhook.example/ida@offhook.example/fields";
    let value = |fields: &Value, id: &str| {
        let field = fields["fields"].as_array().unwrap().iter().find(|f| f["id"] == id).cloned();
        field.and_then(|f| f.get("value").cloned()).unwrap_or(Value::Null)
    };
    let change = json!({"fields": [{"id": "field5", "requestedValue": "Sailing"}, {"id": "field4"}]});
    assert_eq!(lab.send("PUT", own, change).await.0, 200);
    let fields = lab.read(own).await;
    assert_eq!((value(&fields, "field5"), value(&fields, "field4")), (json!("Sailing"), Value::Null));
    let config = lab.read("/configuration/D").await;
    let field = |f: &&Value| f["id"] == "field5";
    assert_eq!(
        config["fields"]["field"].as_array().unwrap().iter().find(field).unwrap()["currentValue"],
        "Sailing"
    );
    let manager = json!({"fields": [{"id": "field5", "requestedValue": "x"}, {"id": "field1", "requestedValue": "me"}]});
    assert_eq!(Lab::refusal(&lab.send("PUT", own, manager).await, 403), "field.not.editable");
    assert_eq!(value(&lab.read(own).await, "field5"), json!("Sailing"), "nothing of it was done");
    let customer = lab.ask("GET", "/contacts/info/v1/offhook.example/contacts_0001@internal/fields").await;
    assert_eq!(Lab::refusal(&customer, 400), "contact.not.in.directory");
}

#[tokio::test]
async fn a_photo_is_shown_after_it_was_uploaded() {
    let lab = Lab::open().await;
    let image = "/user/info/offhook.example/tomas/image";
    let ask = |method: &str| lab.request("tomas", method, image);
    assert_eq!(ask("GET").send().await.unwrap().status(), 404, "there is none yet");
    let text = ask("PUT").header("Content-Type", "text/plain").body("me").send().await.unwrap();
    assert_eq!(Lab::refusal(&told(text).await, 400), "image.invalid");
    let put =
        ask("PUT").header("Content-Type", "image/png").body(&b"\x89PNG and so on"[..]).send().await.unwrap();
    assert_eq!(put.status(), 204);
    let got = ask("GET").send().await.unwrap();
    assert_eq!(got.headers()["content-type"], "image/png");
    assert_eq!(got.bytes().await.unwrap(), &b"\x89PNG and so on"[..]);
    let tomas = lab.read("/contacts/list/D?query=Veverka").await;
    assert_eq!(tomas["contact"][0]["image"], 13);
    let made = lab.request("ida", "GET", "/user/info/offhook.example/ida/image?prefWidth=10&prefHeight=10");
    assert_eq!(made.send().await.unwrap().bytes().await.unwrap()[..2], b"BM"[..]);
}
