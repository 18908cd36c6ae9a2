//! User Voicemail Settings, Mobile Subscriber and SMS: switches that are set and read again, and a message sent.

use super::{Office, digits, lines, one_of, owner, telephone};
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told, required};
use crate::dstny::inferred::{COUNTRY, PRESENTATIONS};
use crate::world::World;
use serde_json::{Value, json};

const VOICEMAIL: &str = "voicemail settings";
const MOBILE: &str = "mobile subscriber";
const LONGEST_SMS: usize = 1_600;

pub(super) fn furnish(office: &mut Office, world: &World) {
    // The one who practises hears of a voicemail by e-mail already.
    if let Some(user) = world.roster.first() {
        let mut settings = usual_voicemail();
        settings["emailNotification"] = json!(true);
        office.put(VOICEMAIL, user, "settings", settings);
    }
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    Some(match cx.call.op {
        "voicemail.get" => Ok(Reply::ok(voicemail(cx, &owner(cx)))),
        "voicemail.set" => set_voicemail(cx, &owner(cx)),
        "mobile.fullcallerid.get" => subscriber(cx).map(|s| Reply::text(s["fullcallerid"].to_string())),
        "mobile.fullcallerid.set" => set_subscriber(cx, "fullcallerid", "enable"),
        "mobile.presentation.get" => subscriber(cx).map(|s| Reply::ok(s["presentation"].clone())),
        "mobile.presentation.set" => set_subscriber(cx, "presentation", "value"),
        "mobile.pbxintegration.set" => set_subscriber(cx, "pbxintegration", "enable"),
        "mobile.routetopbx.set" => set_subscriber(cx, "routetopbx", "enable"),
        "sms.send" => send(cx),
        _ => return None,
    })
}

fn usual_voicemail() -> Value {
    json!({"playActivity": true, "playMergedUnavailableEndTime": false, "playHumanAssistance": false,
        "humanAssistanceNumber": "", "smsNotification": false, "emailNotification": false, "fileAttached": false,
        "voicemailInboxFullSmsNotification": false, "voicemailInboxFullEmailNotification": true,
        "allowDownload": true, "allowVoicemail": true, "bypassVoicemail": false, "voicemailCallbackEnabled": false})
}

fn voicemail(cx: &Context<'_>, user: &str) -> Value {
    cx.store.office.get(VOICEMAIL, user, "settings").cloned().unwrap_or_else(usual_voicemail)
}

/// Only what the body names changes.
fn set_voicemail(cx: &mut Context<'_>, user: &str) -> Result<Reply, Failure> {
    let mut settings = voicemail(cx, user);
    if let Value::Object(settings) = &mut settings {
        for (name, value) in settings.iter_mut() {
            let Some(told) = cx.call.field(name) else { continue };
            *value = match (told.as_str(), value.is_boolean()) {
                ("true", true) => json!(true),
                ("false", true) => json!(false),
                (_, true) => {
                    return Err(Failure::bad(name, &format!("{name}.invalid"), "It is either true or false"));
                }
                ("", false) => json!(""),
                (number, false) => json!(telephone(name, number)?),
            };
        }
    }
    if settings["playHumanAssistance"] == json!(true) && settings["humanAssistanceNumber"] == json!("") {
        return Err(Failure::bad(
            "humanAssistanceNumber",
            "field.required",
            "Human assistance needs a number",
        ));
    }
    cx.store.office.put(VOICEMAIL, user, "settings", settings.clone());
    Ok(Reply::ok(settings))
}

/// The mobile that the path names, as it is set.
fn subscriber(cx: &Context<'_>) -> Result<Value, Failure> {
    let number = digits(cx.call.path("number"));
    let mobiles = cx.world.roster.iter().filter_map(|user| lines::mobile_of(&cx.world, user));
    if !mobiles.into_iter().any(|mobile| digits(&mobile) == number) {
        return Err(Failure::missing("number", "subscriber.does.not.exist", cx.call.path("number")));
    }
    let usual =
        || json!({"fullcallerid": true, "presentation": "2", "pbxintegration": true, "routetopbx": false});
    Ok(cx.store.office.get(MOBILE, &number, "settings").cloned().unwrap_or_else(usual))
}

fn set_subscriber(cx: &mut Context<'_>, setting: &str, parameter: &str) -> Result<Reply, Failure> {
    let mut settings = subscriber(cx)?;
    let told = required(cx, parameter)?;
    settings[setting] = match parameter {
        "value" => json!(one_of(parameter, &told, &PRESENTATIONS)?),
        _ => json!(one_of(parameter, &told, &["true", "false"])? == "true"),
    };
    cx.store.office.put(MOBILE, &digits(cx.call.path("number")), "settings", settings);
    Ok(Reply::done())
}

/// Completes the number after the organisation's number plan and hands the text to the network.
fn send(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let to = telephone("to", &required(cx, "to")?)?;
    let words = required(cx, "smsText")?;
    if words.chars().count() > LONGEST_SMS {
        return Err(Failure::bad("smsText", "text.too.long", format!("At most {LONGEST_SMS} characters")));
    }
    let to = match to.strip_prefix("00").or_else(|| to.strip_prefix('+')) {
        Some(abroad) => format!("+{abroad}"),
        None => to.strip_prefix('0').map_or(to.clone(), |rest| format!("{COUNTRY}{rest}")),
    };
    let id = cx.store.office.draw_number().to_string();
    cx.world.note("sms.sent", cx.user, &format!("{to}: {words}"));
    Ok(Reply::created(&id))
}
