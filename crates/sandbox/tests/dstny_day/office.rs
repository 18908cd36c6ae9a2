//! Configuration, diversions, lines, voicemail settings, the mobile and SMS.

use crate::lab::Lab;
use serde_json::{Value, json};

#[tokio::test]
async fn the_configuration_speaks_the_language_that_is_asked_for() {
    let lab = Lab::open().await;
    let name = |told: Value| told["activity"][3]["name"].as_str().unwrap().to_owned();
    assert_eq!(name(lab.read("/configuration/activities/D").await), "Meeting");
    assert_eq!(name(lab.read("/configuration/activities/D?language=sv_SE").await), "Möte");
    let all = lab.read("/configuration/D?language=sv").await;
    assert_eq!(all["activities"], lab.read("/configuration/activities/D?language=sv").await);
    assert_eq!(all["answerplaces"]["answerplace"][0]["id"], "mobile");
    let ids = all["activities"]["activity"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap());
    for id in ids {
        lab.done("PUT", &format!("/user/info/D/activity/{id}")).await;
        assert_eq!(lab.read("/user/info/D/activity").await, *id);
    }
}

#[tokio::test]
async fn the_number_in_force_is_the_set_one_then_the_activitys_then_the_rules() {
    let lab = Lab::open().await;
    let number = "/diversion/number/D";
    assert_eq!(lab.read(number).await, json!({}));
    let all = json!({"phoneNumber": "+442079460901"});
    assert_eq!(lab.send("PUT", "/diversion/rules/D/PRIMARY/CFWD_ALL", all).await.0, 200);
    assert_eq!(lab.read(number).await["diversion-number"], "+442079460901");
    let lunch = json!({"phoneNumber": "+44 20 7946 0902"});
    assert_eq!(lab.send("POST", "/activitydiversion/D/lunch", lunch).await.0, 200);
    lab.done("PUT", "/user/info/D/activity/lunch").await;
    assert_eq!(lab.read(number).await["diversion-number"], "+442079460902");
    lab.done("PUT", &format!("{number}?phoneNumber=%2B442079460903&activityScoped=true")).await;
    assert_eq!(lab.read(number).await["diversion-number"], "+442079460903");
    lab.done("PUT", "/user/info/D/activity/busy").await;
    assert_eq!(lab.read(number).await["diversion-number"], "+442079460901", "it was for the other activity");
    lab.done("PUT", &format!("{number}?phoneNumber=%2B442079460903")).await;
    lab.done("PUT", "/user/info/D/activity/lunch").await;
    assert_eq!(lab.read(number).await["diversion-number"], "+442079460903");
    lab.done("PUT", &format!("{number}?phoneNumber=")).await;
    lab.done("DELETE", "/activitydiversion/D/lunch").await;
    lab.done("DELETE", "/diversion/rules/D").await;
    assert_eq!(lab.read(number).await, json!({}));
}

#[tokio::test]
async fn diversions_that_cannot_be_are_refused() {
    let lab = Lab::open().await;
    let number = json!({"phoneNumber": "+442079460901"});
    for (path, body, status, code) in [
        ("/activitydiversion/D/dancing", number.clone(), 400, "activity.does.not.exist"),
        ("/activitydiversion/D/lunch", json!({"phoneNumber": "home"}), 400, "number.invalid"),
        ("/activitydiversion/D/lunch", json!({}), 400, "field.required"),
        ("/diversion/rules/D/TERTIARY/CFWD_ALL", number.clone(), 400, "lineOrderType.invalid"),
        ("/diversion/rules/D/PRIMARY/CFWD_SOMETIMES", number, 400, "diversionRuleType.invalid"),
        ("/diversion/rules/D", json!({"userDiversionLineRules": []}), 400, "field.required"),
    ] {
        assert_eq!(Lab::refusal(&lab.send("PUT", path, body).await, status), code, "{path}");
    }
    assert_eq!(
        Lab::refusal(&lab.ask("DELETE", "/activitydiversion/D/lunch").await, 404),
        "diversion.does.not.exist"
    );
    assert_eq!(
        Lab::refusal(&lab.ask("DELETE", "/diversion/rules/D/PRIMARY/CFWD_ALL").await, 404),
        "diversion.does.not.exist"
    );
    assert_eq!(Lab::refusal(&lab.ask("PUT", "/diversion/number/D").await, 400), "field.required");
}

#[tokio::test]
async fn a_line_is_chosen_among_those_that_the_user_has() {
    let lab = Lab::open().await;
    let lines = lab.read("/user/line/list/D").await;
    let lines = lines["line"].as_array().unwrap();
    assert_eq!(lines.iter().filter(|l| l["active"] == true).count(), 1);
    let support = json!({"type": "ACD", "groupId": 2000});
    assert_eq!(lab.send("PUT", "/user/line/D", support).await.0, 200);
    let active = lab.read("/user/line/D").await;
    assert_eq!((&active["name"], &active["number"]), (&json!("Support"), &json!("+442079460100")));
    let other = lab.send("PUT", "/user/line/D", json!({"type": "ACD", "groupId": 7})).await;
    assert_eq!(Lab::refusal(&other, 400), "line.does.not.exist");
    let unknown = lab.send("PUT", "/user/line/D", json!({"type": "SATELLITE", "groupId": 0})).await;
    assert_eq!(Lab::refusal(&unknown, 400), "type.invalid");
    assert_eq!(lab.read("/user/line/D").await, active);
}

#[tokio::test]
async fn voicemail_settings_change_where_they_are_named_and_stay_elsewhere() {
    let lab = Lab::open().await;
    let path = "/voicemail/settings/D";
    let before = lab.read(path).await;
    let alone = lab.send("PUT", path, json!({"playHumanAssistance": true})).await;
    assert_eq!(Lab::refusal(&alone, 400), "field.required", "assistance needs a number");
    let wrong = lab.send("PUT", path, json!({"smsNotification": "perhaps"})).await;
    assert_eq!(Lab::refusal(&wrong, 400), "smsNotification.invalid");
    assert_eq!(lab.read(path).await, before);
    let change = json!({"playHumanAssistance": true, "humanAssistanceNumber": "+44 20 7946 0000"});
    let (_, after) = lab.send("PUT", path, change).await;
    assert_eq!(after["humanAssistanceNumber"], "+442079460000");
    assert_eq!(after["emailNotification"], before["emailNotification"]);
    assert_eq!(lab.read(path).await, after);
}

#[tokio::test]
async fn a_mobile_is_set_by_its_number_and_answers_in_bare_text() {
    let lab = Lab::open().await;
    let mobile = "/mobilesubscriber/offhook.example/%2B420721322400";
    assert_eq!(lab.read(&format!("{mobile}/fullcallerid")).await, "true");
    lab.done("PUT", &format!("{mobile}/fullcallerid?enable=false")).await;
    assert_eq!(lab.read(&format!("{mobile}/fullcallerid")).await, "false");
    lab.done("PUT", &format!("{mobile}/numberpresentation?value=1")).await;
    assert_eq!(lab.read(&format!("{mobile}/numberpresentation")).await, "1");
    let beyond = lab.ask("PUT", &format!("{mobile}/numberpresentation?value=4")).await;
    assert_eq!(Lab::refusal(&beyond, 400), "value.invalid");
    let unsaid = lab.ask("PUT", &format!("{mobile}/routetopbx")).await;
    assert_eq!(Lab::refusal(&unsaid, 400), "field.required");
    let other = lab.ask("GET", "/mobilesubscriber/offhook.example/%2B15550100/fullcallerid").await;
    assert_eq!(Lab::refusal(&other, 404), "subscriber.does.not.exist");
}

#[tokio::test]
async fn an_sms_goes_to_the_completed_number() {
    let lab = Lab::open().await;
    let (status, sent) =
        lab.send("POST", "/sms", json!({"to": "020 7946 0123", "smsText": "Přijdu v 5 🙂"})).await;
    assert_eq!((status, &sent["field"]), (200, &json!([])));
    let events = lab.control().events(0);
    let sent = events.iter().find(|e| e["event"] == "sms.sent").unwrap();
    assert_eq!((&sent["agent"], &sent["detail"]), (&json!("ida"), &json!("+442079460123: Přijdu v 5 🙂")));
    let empty = lab.send("POST", "/sms", json!({"to": "+15550100", "smsText": ""})).await;
    assert_eq!(Lab::refusal(&empty, 400), "field.required");
}

#[tokio::test]
async fn without_json_asked_for_the_answer_is_xml() {
    let lab = Lab::open().await;
    let request = lab.accepting("*/*", "ida", "GET", "/contacts/list/offhook.example/ida?query=Veverka");
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with("<?xml") && text.contains("<lastname>Veverka</lastname>"), "{text}");
}
