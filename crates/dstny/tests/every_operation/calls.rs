//! The typed call of each operation, by the operation's name.

use offhook_dstny::call_control::TransferKind;
use offhook_dstny::calls::{CallBack, MobileTransferType};
use offhook_dstny::commlog::{LogItemType, LogMarks, LogQuery, LogSelection};
use offhook_dstny::contact_info::ScheduleQuery;
use offhook_dstny::contacts::{ContactQuery, ContactStatus};
use offhook_dstny::device::{DeviceIcon, DeviceType};
use offhook_dstny::diversion::{DiversionType, LineOrder};
use offhook_dstny::groups::{GroupCallType, GroupDetail, GroupLogQuery, Handling};
use offhook_dstny::personal_contacts::AddressBook;
use offhook_dstny::presence::ImageKind;
use offhook_dstny::wire::Secret;
use offhook_dstny::{Client, End, Error, Image, Known, Loose, TicketAnswer, TicketRequest, sip};
use serde_json::{Value, json};

use super::{Read, nothing, read};

/// A typed value with what the document's sample says; made by reading, so that no field is forgotten.
fn typed<T: Loose>(example: &Value) -> T {
    T::read(example).unwrap()
}

fn text<'a>(example: &'a Value, key: &str) -> &'a str {
    example[key].as_str().unwrap_or("x")
}

/// A bare answer, or a value that the typed call hands out by itself.
fn value<T: Into<Value>>(result: Result<T, Error>) -> Result<Read, Error> {
    result.map(|value| Read { written: value.into(), debug: String::new() })
}

fn end(result: Result<Option<End>, Error>) -> Result<Read, Error> {
    value(result.map(|end| end.unwrap().write()))
}

fn image(result: Result<Image, Error>) -> Result<Read, Error> {
    let image = result?;
    assert_eq!((image.media_type.as_deref(), &image.bytes[..]), (Some("image/png"), &b"\x89PNG"[..]));
    nothing(Ok(()))
}

const BO: &str = "bo@acme.example";
const CALL: &str = "call-1";
const DEVICE: &str = "device-1";

pub(crate) async fn call(id: &str, client: &Client, request: &Value) -> Result<Read, Error> {
    let known = Known { call_id: CALL, state_token: request["stateToken"].as_i64() };
    let target =
        Known { call_id: text(request, "targetCallId"), state_token: request["targetStateToken"].as_i64() };
    let line = &LineOrder::Primary;
    let rule = &DiversionType::OnBusy;
    let date = jiff::civil::date(2023, 11, 25);
    let time = |text: &str| Some(text.parse().unwrap());
    match id.split('.').next().unwrap() {
        "cti" | "rec" => return control(id, client, request, known, target).await,
        "pcontacts" => return personal(id, client, request).await,
        "cinfo1" => return info(id, client, request).await,
        _ => {}
    }
    match id {
        "acd.group.get" => read(client.acd_group(5, "acme.example").await),
        "acd.groups.list" => {
            read(client.acd_groups(GroupDetail { ignore_statistics: true, ignore_agents: true }).await)
        }
        "acd.agent.login" => {
            client.acd_agent_log_in(5, "acme.example", BO).await?;
            nothing(Ok(()))
        }
        "distgroup.calllog.group" => {
            let query = GroupLogQuery {
                caller_number: Some("+15550100".into()),
                item_types: vec![GroupCallType::Missed, GroupCallType::Forwarded],
                since: Some(1),
                older_than: Some(9),
                limit: Some(5),
            };
            read(client.group_call_log(35, Some("acme.example"), &query).await)
        }
        "distgroup.calllog.all" => read(client.group_call_logs(&GroupLogQuery::default()).await),
        "distgroup.list" => read(client.distribution_groups().await),
        "distgroup.assigned.all" => read(client.assigned_group_calls().await),
        "distgroup.assigned.group" => read(client.assigned_calls_of_group(35, Some("acme.example")).await),
        "distgroup.login" => read(client.distribution_group_log_in(35, "acme.example").await),
        "distgroup.logout" => read(client.distribution_group_log_out(35, "acme.example").await),
        "distgroup.calllog.assign" => {
            let state = Handling::from(text(request, "state"));
            read(client.assign_group_call(15, &state, request["note"].as_str()).await)
        }
        "queue.statistics.org" => read(client.queue_statistics_of_organization().await),
        "queue.statistics.queue" => read(client.queue_statistics_of_queue("acme.example", 35).await),
        "queue.statistics.user" => read(client.queue_statistics_with_federation().await),
        "calls.transfer.cancel" => nothing(client.mobile_transfer_cancel("5").await),
        "calls.transfer.status" => read(client.mobile_transfer_status().await.map(Option::unwrap)),
        "calls.transfer.start" => {
            let transfer = client.mobile_transfer(&MobileTransferType::Blind, "+15550100").await?.unwrap();
            assert_eq!((transfer.id.as_deref(), transfer.started), (Some("5"), None));
            nothing(Ok(()))
        }
        "calls.callback" => {
            let how = CallBack { role: Some("PRIVATE".into()), bypass: true, intrude: true, via_gsm: true };
            read(client.call_back("mobile", "+15550100", &how).await)
        }
        "linestate.get" => read(client.line_state("crm").await),
        "linestate.update" => read(client.update_line_state("crm").await),
        "linestate.create" => read(client.create_line_state("crm").await),
        "linestate.delete" => nothing(client.delete_line_state("crm").await),
        "commlog.item.deletiontime" => nothing(client.trash_log_item(1245).await),
        "commlog.item.get" => read(client.log_item(1245).await),
        "commlog.item.mark" => nothing(client.mark_log_item(1245, MARKS).await),
        "commlog.item.delete" => nothing(client.delete_log_item(1245, true).await),
        "commlog.list" => {
            let query = LogQuery {
                since: Some(1),
                older_than: Some(2000),
                since_time: time("2020-10-05T00:00:00Z"),
                until_time: time("2020-10-06T00:00:00Z"),
                limit: Some(50),
                item_types: vec![LogItemType::MissedCall, LogItemType::Voicemail],
                contact_id: Some(BO.into()),
                number: Some("+15550100".into()),
                deleted: Some(false),
                mark_as_delete: Some(false),
            };
            read(client.log(&query).await)
        }
        "commlog.mark" => value(client.mark_log_items(&selection(), MARKS).await)
            .map(|_| Read { written: Value::Null, debug: String::new() }),
        "commlog.delete" => nothing(client.delete_log_items(&selection(), true).await),
        "commlog.groupinbox" => read(client.group_inbox().await),
        "commlog.item.setdeleted" => nothing(client.set_log_item_deleted(1245).await),
        "callstate.webhook.call.delete" => nothing(client.call_webhook_unregister(CALL, "434356").await),
        "callstate.webhook.user.delete" => nothing(client.user_webhook_unregister("434356").await),
        "callstate.call.get" => read(client.call_state(CALL).await),
        "callstate.user.get" => read(client.user_state().await),
        "callstate.webhook.call" => nothing(client.call_webhook_register(CALL, &typed(request)).await),
        "callstate.webhook.user" => read(client.user_webhook_register(&typed(request)).await),
        "event.get" => read(client.event(1).await),
        "event.update" => read(client.update_event(1, &typed(request)).await),
        "event.delete" => read(client.delete_event(1).await),
        "event.occurrence.get" => read(client.event_occurrence(1, date).await),
        "event.occurrence.update" => read(client.update_event_occurrence(1, date, &typed(request)).await),
        "event.occurrence.delete" => read(client.delete_event_occurrence(1, date).await),
        "event.list" => read(client.events().await),
        "event.create" => read(client.create_event(&typed(request)).await),
        "event.stream.get" => read(client.events_of_binder("binder", "unique").await),
        "event.webmeet.get" => read(client.web_meeting(1).await),
        "event.conference.join" => nothing(client.join_event_conference(1, Some(DEVICE)).await),
        "event.conference.leave" => read(client.leave_event_conference(1, Some(DEVICE)).await),
        "buddy.verify" => client.is_favorite(BO).await.and_then(|_| nothing(Ok(()))),
        "buddy.add" => nothing(client.add_favorite(BO).await),
        "buddy.delete" => nothing(client.remove_favorite(BO).await),
        "buddy.templates" => nothing(client.apply_favorite_templates().await),
        "contacts.add" => read(client.add_contact(BO).await),
        "contacts.remove" => read(client.remove_contact(BO).await),
        "contacts.search" => {
            let query = ContactQuery {
                query: Some("al".into()),
                max_results: Some(5),
                no_function_numbers: true,
                include_blocked: true,
                include_fields: true,
            };
            read(client.search_contacts(&query).await)
        }
        "contacts.addmany" => {
            read(client.add_contacts(request["query"].as_str(), &typed(&request["contact"])).await)
        }
        "contacts.status" => {
            read(client.set_contact_status(BO, &ContactStatus::Vip).await.map(Option::unwrap))
        }
        "actdiv.list" => read(client.activity_diversions().await),
        "actdiv.set" => read(client.set_activity_diversions(&typed(&request["diversion-mapping"])).await),
        "actdiv.get" => read(client.activity_diversion("lunch").await),
        "actdiv.setone" => read(client.set_activity_diversion("lunch", text(request, "phoneNumber")).await),
        "actdiv.delete" => nothing(client.delete_activity_diversion("lunch").await),
        "diversion.rules.get" => read(client.diversion_rules().await),
        "diversion.rules.set" => read(client.set_diversion_rules(&typed(request)).await),
        "diversion.rules.delete" => read(client.delete_diversion_rules().await),
        "diversion.line.get" => read(client.line_diversions(line).await),
        "diversion.line.set" => read(client.set_line_diversions(line, &typed(request)).await),
        "diversion.line.delete" => read(client.delete_line_diversions(line).await),
        "diversion.rule.get" => read(client.diversion_rule(line, rule).await),
        "diversion.rule.set" => {
            read(client.set_diversion_rule(line, rule, text(request, "phoneNumber")).await)
        }
        "diversion.rule.delete" => read(client.delete_diversion_rule(line, rule).await),
        "diversion.number.get" => value(client.diversion_number().await),
        "diversion.number.set" => value(client.set_diversion_number_for_activity("+15550100").await),
        "mobile.fullcallerid.get" => read(client.full_caller_id("+15550100").await),
        "mobile.fullcallerid.set" => nothing(client.set_full_caller_id("+15550100", true).await),
        "mobile.presentation.get" => {
            value(client.number_presentation("+15550100").await.map(|n| n.to_string()))
        }
        "mobile.presentation.set" => nothing(client.set_number_presentation("+15550100", 2).await),
        "mobile.pbxintegration.set" => nothing(client.set_pbx_integration("+15550100", true).await),
        "mobile.routetopbx.set" => nothing(client.set_route_to_pbx("+15550100", true).await),
        "shortcuts.get" => read(client.shortcut("s1").await),
        "shortcuts.set" => read(client.set_shortcut("s1", &typed(request)).await),
        "shortcuts.delete" => nothing(client.delete_shortcut("s1").await),
        "shortcuts.list" => read(client.shortcuts().await),
        "shortcuts.setall" => read(client.set_shortcuts(&typed(&request["presenceShortcut"])).await),
        "config.answerplaces" => read(client.answer_places(Some("sv")).await),
        "config.roles" => read(client.roles(Some("sv")).await),
        "config.activities" => read(client.activities(Some("sv")).await),
        "config.all" => read(client.configuration(Some("sv")).await),
        "config.webclient" => client.web_client().await.and_then(|_| nothing(Ok(()))),
        "device.webhook.delete" => nothing(client.device_webhook_unregister("434356").await),
        "device.details" => read(client.device_details(DEVICE).await),
        "device.icon.get" => value(client.device_icon(DEVICE).await),
        "device.icon.set" => nothing(client.set_device_icon(DEVICE, &DeviceIcon::Type1).await),
        "device.list" => read(client.devices(Some(&DeviceType::Softphone)).await),
        "device.name.get" => value(client.device_name(DEVICE).await),
        "device.name.set" => nothing(client.set_device_name(DEVICE, "My desk").await),
        "device.shortlist" => read(client.active_devices().await),
        "device.webhook" => read(client.device_webhook_register(&typed(request)).await),
        "uinfo.image.get" => image(client.user_image(Some(64), Some(64)).await),
        "uinfo.image.set" => nothing(client.set_user_image(ImageKind::Png, &b"\x89PNG"[..]).await),
        "uinfo.presence.get" => read(client.presence().await),
        "uinfo.presence.set" => read(client.set_presence(&typed(request)).await),
        "uinfo.expires.get" => end(client.activity_end().await),
        "uinfo.available.get" => value(client.is_available().await),
        "uinfo.activity.get" => client.activity().await.and_then(|_| nothing(Ok(()))),
        "uinfo.activity.set" => value(client.set_activity("available", Some(true)).await),
        "uinfo.expires.set" => end(client.set_activity_end(End::Never).await),
        "uinfo.note.set" => nothing(client.set_note("Back at 2, call +15550100").await),
        "userline.list" => read(client.lines().await),
        "userline.get" => read(client.line().await),
        "userline.set" => read(client.set_line(&typed(request)).await),
        "voicemail.get" => read(client.voicemail_settings().await),
        "voicemail.set" => read(client.set_voicemail_settings(&typed(request)).await),
        "ticket.create" => {
            let wish = TicketRequest {
                apis: vec!["CALLS".into(), "USER".into()],
                name: "Offhook".into(),
                expires: Some(3600),
                device_display_name: Some("Desk".into()),
            };
            let issued = client.ticket_create(&Secret::new("canary"), None, &wish).await?;
            let TicketAnswer::Issued(ticket) = issued else { panic!() };
            let written = json!({
                "token": ticket.token.expose(),
                "name": ticket.name,
                "expires": ticket.expires.unwrap().to_string(),
                "allowedApis": ticket.apis,
            });
            Ok(Read { written, debug: String::new() })
        }
        "ticket.delete" => nothing(client.ticket_delete("Offhook").await),
        "sms.send" => read(client.send_sms("+15550100", text(request, "smsText")).await),
        other => panic!("{other} has no typed call"),
    }
}

const MARKS: LogMarks = LogMarks { is_seen: true, is_played: false, update_call_item: true };

fn selection() -> LogSelection {
    LogSelection {
        item_ids: vec![1, 2, 3],
        until_item_id: Some(9),
        item_types: vec![LogItemType::Voicemail, LogItemType::Fax],
    }
}

async fn control(
    id: &str,
    client: &Client,
    request: &Value,
    known: Known<'_>,
    target: Known<'_>,
) -> Result<Read, Error> {
    match id {
        "cti.conference" => read(client.conference(known, target).await),
        "cti.alternate" => read(client.alternate(known, target).await),
        "cti.answer" => read(client.answer(CALL, DEVICE, &typed(request)).await),
        "cti.clear" => nothing(client.clear(CALL).await),
        "cti.hold" => read(client.hold(known).await),
        "cti.leaveconference" => read(client.leave_conference(CALL).await),
        "cti.makecall" => read(client.make_call(DEVICE, &typed(request)).await),
        "cti.consultation" => read(client.consultation_call(CALL, &typed(request)).await),
        "cti.move" => read(client.move_call(known, DEVICE).await),
        "cti.mute" => read(client.mute(known).await),
        "cti.park" => read(client.park(known).await),
        "cti.pickup" => read(client.pickup(DEVICE, CALL, &typed(request)).await),
        "cti.pickupsip" => read(client.pickup_sip(DEVICE, &typed(request)).await),
        "cti.removeparticipant" => read(client.remove_participant(known, "xxx222yyy").await),
        "cti.resume" => read(client.resume(known).await),
        "cti.dtmf" => read(client.dtmf(known, text(request, "digits")).await),
        "cti.transfer" => {
            let kind = TransferKind::from(text(request, "type"));
            read(client.transfer_blind(known, text(request, "destination"), &kind).await)
        }
        "cti.transfercalls" => read(client.transfer_calls(known, target).await),
        "cti.unmute" => read(client.unmute(known).await),
        "rec.discard" => read(client.recording_discard(known).await),
        "rec.pause" => read(client.recording_pause(known).await),
        "rec.resume" => read(client.recording_resume(known).await),
        "rec.save" => read(client.recording_save(known).await),
        "rec.start" => read(client.recording_start(known).await),
        "rec.stop" => read(client.recording_stop(known).await),
        other => panic!("{other} has no typed call"),
    }
}

async fn personal(id: &str, client: &Client, request: &Value) -> Result<Read, Error> {
    let (group, what) = id.trim_start_matches("pcontacts.").split_once('.').unwrap_or((id, ""));
    let book = &match group {
        "user" => AddressBook::Own,
        "group" => AddressBook::Group("sales".into()),
        "org" => AddressBook::Organization,
        _ => return read(client.phone_labels("en_US").await),
    };
    let cid = "167271@internal";
    match what {
        "list" => read(client.personal_contacts(book).await),
        "create" => read(client.create_personal_contact(book, &typed(request)).await),
        "get" => read(client.personal_contact(book, cid).await),
        "update" => nothing(client.update_personal_contact(book, cid, &typed(request)).await),
        "delete" => nothing(client.delete_personal_contact(book, cid).await),
        other => panic!("{other} has no typed call"),
    }
}

async fn info(id: &str, client: &Client, request: &Value) -> Result<Read, Error> {
    let time = |text: &str| Some(text.parse().unwrap());
    match id {
        "cinfo1.presence.get" => {
            let query = ScheduleQuery {
                start: time("2021-02-01T00:00:00Z"),
                end: time("2021-02-03T00:00:00Z"),
                expand_recurrence: true,
                event_type: Some("all".into()),
                cached_calendar: true,
            };
            read(client.contact_schedule(BO, &query).await)
        }
        "cinfo1.presence.pidf" => read(client.set_contact_presence(BO, &sip::Presence::default()).await),
        "cinfo1.scheduled.create" => read(client.schedule_presence(BO, &typed(request)).await),
        "cinfo1.scheduled.get" => read(client.scheduled_presence(BO, "3").await),
        "cinfo1.scheduled.update" => read(client.update_scheduled_presence(BO, "3", &typed(request)).await),
        "cinfo1.scheduled.delete" => {
            let until = time("2021-03-01T00:00:00Z");
            read(client.delete_scheduled_presence(BO, "3", time("2021-02-01T00:00:00Z"), until).await)
        }
        "cinfo1.get" => read(client.contact_with_fields(BO).await),
        "cinfo1.fields.get" => read(client.contact_fields(BO).await),
        "cinfo1.fields.update" => read(client.set_contact_fields(BO, &typed(&request["fields"])).await),
        "cinfo1.image" => image(client.contact_image(BO, Some(64), Some(64)).await),
        "cinfo1.linestate" => client.contact_in_call(BO).await.and_then(|_| nothing(Ok(()))),
        "cinfo1.note.update" => nothing(client.set_contact_note(BO, "").await),
        "cinfo1.vcard.get" => read(client.contact_vcard(BO).await),
        "cinfo1.vcard.update" => read(client.set_contact_vcard(BO, &typed(&request["Description"])).await),
        "cinfo1.timezones" => {
            read(client.time_zones(time("2021-01-01T09:00:00Z"), Some("Europe/Stockholm")).await)
        }
        "cinfo1.activity.update" => nothing(client.set_contact_activity(BO, "lunch", Some(false)).await),
        "cinfo1.expires.update" => nothing(client.set_contact_activity_end(BO, End::Never).await),
        "cinfo1.role.update" => nothing(client.set_contact_role(BO, "business").await),
        other => panic!("{other} has no typed call"),
    }
}
