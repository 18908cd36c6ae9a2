//! The models and their fields, in the order of the REST reference; where the vendor's own OpenAPI corrects it
//! (types of users and queues, integer queue names), that is followed. The first field of a model is its name.

use super::Kind::{
    Bool, Custom, Email, Enum, Float, Int, Item, Many, Map, Name, Nested, Number, Plain, Ref, Text, Time,
};
use super::{Field, Kind, Model, Source, live};
use crate::world::{Activity, Channel, Record, World};
use serde_json::{Value, json};

const fn f(wire: &'static str, kind: Kind) -> Field {
    Field::new(wire, kind)
}

const fn name() -> Field {
    f("name", Name).at("id").create()
}

fn no() -> Value {
    json!(false)
}

fn zero() -> Value {
    json!(0)
}

fn nothing() -> Value {
    json!("")
}

const ACTIONS: &[&str] = &["", "OPEN", "WAIT", "POSTPONE", "CLOSE"];
const TYPES: &[&str] = &[
    "",
    "CALL",
    "EMAIL",
    "CHAT",
    "SMS",
    "FBM",
    "IGDM",
    "WAP",
    "VBR",
    "CUSTOM",
    "FBCOMMENT",
    "IGCOMMENT",
    "COMMENT",
];
const QUEUE_TYPES: &[&str] = &[
    "in",
    "ctc",
    "out",
    "outbounder",
    "progressive",
    "dialer",
    "interviewer",
    "email",
    "sms",
    "chat",
    "fbm",
    "igdm",
    "socialmedia",
    "wap",
    "vbr",
    "custom",
];
const IN_OUT: &[&str] = &["", "IN", "OUT"];
const YES_NO: &[&str] = &["", "YES", "NO"];
const DISCONNECTION: &[&str] =
    &["", "USER", "CLIENT", "TIMEOUT", "NOT_AVAIL", "OUT_OF_TIME", "DECISION_TREE", "BAN"];
const USAGE: &[&str] = &[
    "EMAIL",
    "SMS",
    "FBM",
    "IGDM",
    "WAP",
    "WAP_OUTGOING",
    "VBR",
    "CHAT",
    "CHAT_NPS",
    "EMAIL_SIGN",
    "EMAIL_NPS",
    "SOCIALMEDIA",
    "USERSIGN",
];

const TICKETS: &[Field] = &[
    f("name", Number).at("id").create(),
    f("title", Text).required(),
    f("category", Ref("ticketsCategories")).required(),
    f("user", Ref("users")).at("owner"),
    f("contact", Ref("contacts")),
    f("email", Email).create(),
    f("parentTicket", Ref("tickets")).at("parent"),
    f("stage", Enum(&["OPEN", "WAIT", "CLOSE", "ARCHIVE"])).at("state").required().or(|| json!("OPEN")),
    f("priority", Enum(&["LOW", "MEDIUM", "HIGH"])).required().or(|| json!("LOW")),
    f("description", Text).or(nothing),
    f("sla_deadtime", Time).at("due"),
    f("sla_close_deadline", Time).at("solve_until").read(),
    f("sla_overdue", Int).at("overdue_seconds").read().or(zero),
    f("sla_duration", Int).at("due_in_seconds").read(),
    f("reopen", Time),
    f("created", Time).read(),
    f("edited", Time).read(),
    f("last_activity", Time).read(),
    f("last_activity_operator", Time).at("last_by_agent").read(),
    f("last_activity_client", Time).at("last_by_customer").read(),
    f("first_answer", Time).at("answered").read(),
    f("first_answer_deadline", Time).at("answer_until").read(),
    f("first_answer_duration", Int).at("answer_seconds").read(),
    f("first_answer_overdue", Int).at("answer_overdue_seconds").read(),
    f("closed", Time).read(),
    f("id_merge", Ref("tickets")).at("merged_into").read(),
    f("isParent", Bool).at("is_parent").read().or(no),
    f("sla_change", Time).at("sla_changed").read(),
    f("sla_custom", Bool).read(),
    f("interaction_activity_count", Int).at("interactions").read().or(zero),
    f("created_by", Ref("users")).read(),
    f("edited_by", Ref("users")).read(),
    f("unread", Bool).read().or(no),
    f("last_unread_date", Time).at("last_unread").read(),
    f("has_attachment", Bool).read().or(no),
    f("isFollowed", Bool).read().or(no),
    f("followers", Many("users")),
    f("statuses", Many("statuses")).at("codes"),
    f("customFields", Custom).at("custom"),
];

const TICKETS_CATEGORIES: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("sla", Ref("ticketsSla")).at("service_level").required(),
    f("timecondition", Ref("timegroups")).at("time_group"),
    f("email_queue", Ref("queues")),
    f("call_queue", Ref("queues")),
    f("sms_queue", Ref("queues")),
    f("status_required", Enum(&["", "never", "closing_ticket", "always"])).at("code_required"),
    f("allow_external_comments", Bool).at("external_comments"),
    f("multiple_statuses", Bool).at("several_codes"),
    f("auto_archive_tickets", Int).at("archive_after_days"),
];

const TICKETS_SLA: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("unit", Enum(&["HOURS", "MINUTES"])),
    f("response_low", Int),
    f("response_normal", Int),
    f("response_high", Int),
    f("solution_low", Int),
    f("solution_normal", Int),
    f("solution_high", Int),
];

const ACTIVITIES: &[Field] = &[
    name(),
    f("ticket", Ref("tickets")),
    f("title", Text),
    f("important", Bool),
    f("action", Enum(ACTIONS)),
    f("type", Enum(TYPES)).create(),
    f("item", Item).read(),
    f("queue", Ref("queues")),
    f("user", Ref("users")).create(),
    f("contact", Ref("contacts")),
    f("survey", Plain),
    f("record", Ref("campaignsRecords")),
    f("priority", Int).create(),
    f("options", Map),
    f("description", Text),
    f("time", Time).read(),
    f("time_wait", Time).read(),
    f("time_open", Time).read(),
    f("time_close", Time).read(),
    f("baw", Int).read(),
    f("aaw", Int).read(),
    f("duration", Int).read(),
    f("focus_time", Int).read().or(zero),
    f("focus_disruptions", Int).read().or(zero),
    f("ringing_time", Int).read(),
    f("created_by", Ref("users")).read(),
    f("statuses", Many("statuses")),
    f("anonymized", Bool).read().or(no),
    f("customFields", Custom),
    // Of a comment; those of a letter are behind it.
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

const CALL: &[Field] = &[
    f("id_call", Name).at("id").create(),
    f("call_time", Time).read(),
    f("direction", Enum(&["in", "out", "internal"])).read(),
    f("answered", Bool).read(),
    f("id_queue", Ref("queues")).read(),
    f("id_agent", Ref("users")).read(),
    f("clid", Text).read(),
    f("prefix_clid_name", Text).read(),
    f("did", Text).read(),
    f("contact", Ref("contacts")),
    f("waiting_time", Int).read(),
    f("ringing_time", Int).read(),
    f("hold_time", Int).read(),
    f("duration", Int).read(),
    f("disposition_cause", Enum(&["", "caller", "agent", "transfer", "system"])).read(),
    f("disconnection_cause", Text).read(),
    f("pressed_key", Text).read(),
    f("missed_call", Int).read(),
    f("missed_call_time", Time).read(),
    f("missed_callback", Ref("activitiesCall")).read(),
    f("attempts", Int).read(),
    f("options", Map).read(),
    f("activities", Many("activities")),
    f("cdr", Plain).read(),
    f("channels", Nested("activitiesCallChannels")).read(),
];

const CHANNELS: &[Field] = &[
    name(),
    f("app", Text),
    f("clid", Text),
    f("channel", Text),
    f("bridge", Text),
    f("state", Enum(&["Ringing", "Speaking", "On Hold", "Closed"])),
    f("time_closed", Time),
    f("time_ringing", Time),
    f("time_speaking", Time),
    f("cause", Int),
    f("mosRx", Plain),
    f("mosTx", Plain),
    f("label", Text),
    f("call", Text),
    f("user", Ref("users")),
    f("endpoint", Text),
    f("activity", Text),
];

const EMAIL: &[Field] = &[
    name(),
    f("queue", Ref("queues")).read(),
    f("user", Ref("users")).read(),
    f("contact", Ref("contacts")),
    f("title", Text).read(),
    f("address", Text).read(),
    f("direction", Enum(&["in", "out"])).read(),
    f("wait_time", Int).read(),
    f("duration", Int).read(),
    f("answered", Bool).read(),
    f("text", Text).read(),
    f("time", Time).read(),
    f("state", Enum(&["", "SENT", "FAILED", "WAIT", "POSTPROCESSING", "DRAFT"])).read(),
    f("options", Map).read(),
    f("activities", Many("activities")).read(),
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

const EMAIL_FILES: &[Field] = &[
    f("file", Int),
    f("inline", Text).or(|| json!("0")),
    f("cid", Text).or(nothing),
    f("title", Text),
    f("type", Text),
    f("size", Int),
    f("time", Time),
];

/// Inferred: where the lines of a conversation stand, if not in a list of their own (switch `chat_lines`).
const LINES: Field = f("messages", Nested("activitiesMessages")).read();

const MESSAGES: &[Field] = &[
    name(),
    f("interaction", Text),
    f("user", Ref("users")),
    f("direction", Enum(&["", "IN", "OUT", "BOT"])),
    f("text", Text),
    f("time_created", Time),
    f("original_text", Text),
    f("type", Enum(&["PUBLIC", "PRIVATE", "COMMAND"])).at("kind"),
    f("emoji", Plain),
    f("from", Plain),
    f("quick_replies", Plain),
];

const WEB: &[Field] = &[
    name(),
    f("title", Text).create(),
    f("state", Enum(&["", "ROUTING"])).read(),
    f("user", Ref("users")).read(),
    f("queue", Ref("queues")).create(),
    f("contact", Ref("contacts")).read(),
    f("connector", Plain).read(),
    f("answered", Bool).read(),
    f("duration", Int).read(),
    f("time", Time).read(),
    f("wait_time", Int).read(),
    f("routing_duration", Int).create(),
    f("disconnection", Enum(DISCONNECTION)),
    f("missed", Enum(YES_NO)),
    f("missed_time", Time),
    f("email", Text).create(),
    f("phone", Text).create(),
    f("options", Map).create(),
    f("context", Map).create(),
    f("host", Text).create(),
    f("referer", Text).create(),
    f("refererLast", Text).create(),
    f("browser", Text).create(),
    f("mobileDevice", Bool).create(),
    f("privateMode", Bool).create(),
    f("users", Map),
    f("customer", Map).create(),
    f("customFields", Map).create(),
    f("hasFocus", Bool).create(),
    f("isVisible", Bool).create(),
    f("gdpr", Bool).create(),
    f("language", Text).create(),
    f("ipaddress", Text).create(),
    f("heartbeat", Time).create(),
    f("activities", Many("activities")),
    LINES,
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

/// SMS has neither title nor an external contact.
const SMS: &[Field] = &[
    name(),
    f("state", Enum(&["", "ROUTING"])).read(),
    f("user", Ref("users")).read(),
    f("queue", Ref("queues")).create(),
    f("contact", Ref("contacts")).read(),
    f("connector", Plain).read(),
    f("sender", Text).read(),
    f("answered", Bool).read(),
    f("duration", Int).read(),
    f("time", Time).read(),
    f("wait_time", Int).read(),
    f("direction", Enum(IN_OUT)).read(),
    f("disconnection", Enum(DISCONNECTION)),
    f("missed", Enum(YES_NO)),
    f("missed_time", Time),
    f("options", Map).create(),
    f("activities", Many("activities")),
    LINES,
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

const FBM: &[Field] = &[
    name(),
    f("title", Text).create(),
    f("state", Enum(&["", "ROUTING"])).read(),
    f("user", Ref("users")).read(),
    f("queue", Ref("queues")).create(),
    f("contact", Ref("contacts")).read(),
    f("connector", Plain).read(),
    f("external_contact", Plain).read(),
    f("sender", Text).read(),
    f("answered", Bool).read(),
    f("duration", Int).read(),
    f("time", Time).read(),
    f("wait_time", Int).read(),
    f("direction", Enum(IN_OUT)).read(),
    f("disconnection", Enum(DISCONNECTION)),
    f("missed", Enum(YES_NO)),
    f("missed_time", Time),
    f("options", Map).create(),
    f("activities", Many("activities")),
    LINES,
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

const IGDM: &[Field] = &[
    name(),
    f("title", Text).create(),
    f("state", Enum(&["", "ROUTING"])).read(),
    f("user", Ref("users")).read(),
    f("queue", Ref("queues")).create(),
    f("contact", Ref("contacts")).read(),
    f("connector", Plain).read(),
    f("external_contact", Plain).read(),
    f("sender", Text).read(),
    f("answered", Bool).read(),
    f("duration", Int).read(),
    f("time", Time).read(),
    f("wait_time", Int).read(),
    f("direction", Enum(IN_OUT)).read(),
    f("disconnection", Enum(DISCONNECTION)),
    f("missed", Enum(YES_NO)),
    f("missed_time", Time),
    f("options", Map).create(),
    f("type", Enum(&["DM", "STORY_REPLY", "STORY_MENTION"])).read(),
    f("activities", Many("activities")),
    LINES,
    f("attachments", Nested("activitiesEmailFiles")).read(),
];

const CONTACTS: &[Field] = &[
    name(),
    f("title", Text),
    f("firstname", Text).at("first_name").or(nothing),
    f("lastname", Text).at("last_name").required(),
    f("database", Ref("crmDatabases")).required(),
    f("account", Ref("accounts")).at("company"),
    f("user", Ref("users")).at("owner"),
    f("description", Text).or(nothing),
    f("nps_score", Float).at("score").read(),
    f("created", Time).read(),
    f("edited", Time).read(),
    f("duplicateContacts", Map).at("duplicates").read(),
    f("notDuplicateContacts", Map).at("not_duplicates").read(),
    f("customFields", Custom).at("custom"),
];

const ACCOUNTS: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("database", Ref("crmDatabases")).required(),
    f("sla", Ref("ticketsSla")).at("service_level"),
    f("user", Ref("users")).at("owner"),
    f("description", Text).or(nothing),
    f("created", Time).read(),
    f("edited", Time).read(),
    f("customFields", Custom).at("custom"),
];

const CRM_RECORDS: &[Field] = &[
    name(),
    f("type", Ref("crmRecordsTypes")).required(),
    f("user", Ref("users")).at("owner"),
    f("contact", Ref("contacts")),
    f("account", Ref("accounts")).at("company"),
    f("ticket", Ref("tickets")),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("status", Ref("statuses")).at("code"),
    f("stage", Enum(&["OPEN", "CLOSE"])).at("state").required().or(|| json!("OPEN")),
    f("created", Time).read(),
    f("edited", Time).read(),
    f("customFields", Custom).at("custom"),
];

const CAMPAIGNS_RECORDS: &[Field] = &[
    name(),
    f("user", Ref("users")).at("owner"),
    f("record_type", Ref("campaignsTypes")).at("type").required(),
    f("database", Ref("databases")),
    f("contact", Ref("contacts")),
    f("nextcall", Time).at("next_call"),
    f("action", Int).or(zero),
    f("call_id", Text).at("call").read(),
    f("activity", Text).read(),
    f("options", Map).read(),
    f("statuses", Many("statuses")).at("codes"),
    f("created", Time).read(),
    f("edited", Time).read(),
    f("customFields", Custom).at("custom"),
];

const CAMPAIGNS_TYPES: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("queue", Ref("queues")),
    f("color", Text),
    f("icon", Text),
    f("autofocused_tab", Text).at("tab"),
    f("config", Map).required(),
    f("custom", Bool).at("custom_form").create(),
    f("created", Time).read(),
];

const GROUPS: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("type", Enum(&["categories", "queues", "users", "profiles"])).at("kind").create().required(),
];

const PAUSES: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("type", Enum(&["", "wrap", "dnd", "lajdak"])).at("vendor_kind").read(),
    f("paid", Bool).or(no),
    f("max_duration", Int).or(zero),
    f("calculated_from", Text).or(nothing),
    f("repeatable", Bool).or(no),
    f("max_amount", Int).or(zero),
    f("min_timeout", Int).or(zero),
    f("auto_pause", Bool).or(no),
    f("prevent_direct_calls", Bool).or(no),
];

const QUEUES: &[Field] = &[
    f("name", Number).at("id").create(),
    f("title", Text),
    f("alias", Text),
    f("description", Text),
    f("call_steering_description", Text).or(nothing),
    f("type", Enum(QUEUE_TYPES)).create(),
    f("direction", Enum(&["in", "out"])),
    f("options", Map),
    f("deactivated", Bool),
];

const STATUSES: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("color", Text).or(nothing),
    f("validation", Bool).or(no),
    f("nextcall", Bool).or(no),
    f("blacklist_database", Plain),
    f("blacklist_expiration_time", Plain),
];

const TEMPLATES: &[Field] = &[
    name(),
    f("id_template", Int).at("number").read(),
    f("title", Text).required(),
    f("description", Text).or(nothing),
    f("format", Enum(&["RICH", "PLAIN"])).or(|| json!("PLAIN")),
    f("usingtype", Enum(USAGE)).at("usage").create(),
    f("user", Ref("users")).at("owner").create(),
    f("subject", Text).or(nothing),
    f("content", Text).or(nothing),
    f("externalDataUrl", Text).at("data_url").or(nothing),
    f("config", Map),
];

const USERS: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("alias", Text),
    f("type", Enum(&["CC", "CP", "BO"])),
    f("role", Ref("roles")),
    f("profile", Ref("profiles")),
    f("nps_score", Float).or(zero),
    f("description", Text).or(nothing),
    f("call_steering_description", Text).or(nothing),
    f("extension", Text),
    f("acl", Plain),
    f("extension_state", Text),
    f("presence_state", Text),
    f("clid", Text).or(nothing),
    f("static", Bool),
    f("frontend_version", Text).or(|| json!("react")),
    f("allowRecordingInterruption", Bool).or(no),
    f("recordAtCallStart", Text).or(|| json!("bridged")),
    f("algo", Plain).or(zero),
    f("firstname", Text),
    f("lastname", Text),
    f("email", Email),
    f("emailAuth", Text).or(nothing),
    f("icon", Plain),
    f("emoji", Text).or(nothing),
    f("mfa_verification", Int).or(zero),
    f("sign", Text).or(nothing),
    f("ctrl_enter_email", Bool).or(no),
    f("options", Map),
    f("fcmSettings", Map),
    f("cp_access_crm", Bool).or(no),
    f("forwarding_number", Text).or(nothing),
    f("timezone", Text),
    f("deleted", Bool).or(no),
    f("deactivated", Bool).or(no),
];

const PROFILES: &[Field] = &[
    name(),
    f("title", Text),
    f("description", Text),
    f("type", Text).at("kind"),
    f("maxActivities", Int).at("max_activities"),
    f("maxOutRecords", Int).at("max_records"),
    f("deleteMissedActivity", Bool).or(no),
    f("noQueueCallsAllowed", Bool).or(no),
    f("canTransferCall", Text).at("transfer"),
    f("monitoringModes", Int).at("monitoring"),
    f("gptFunctions", Int).or(zero),
    f("askForAssistance", Bool).or(no),
    f("oneTimePassword", Bool).or(no),
    f("passwordReset", Bool).or(no),
    f("options", Map),
    f("customViews", Map),
    f("customSocialMediaViews", Plain).or(|| json!({"fb": [], "socialmedia": null})),
    f("customGridColumns", Plain).or(|| json!({"tickets": []})),
];

const ROLES: &[Field] = &[
    name(),
    f("title", Text),
    f("description", Text),
    f("type", Text).at("kind"),
    f("options", Map).at("rights"),
    f("shortcuts", Plain).or(|| json!([])),
];

const SESSIONS: &[Field] = &[
    name().read(),
    f("id_agent", Ref("users")),
    f("state", Text),
    f("exten", Text),
    f("exten_status", Text),
    f("presence_status", Text),
    f("logintime", Time),
    f("lastcalltime", Time),
    f("lastqueue", Ref("queues")),
    f("id_pause", Ref("pauses")),
    f("onpause", Time),
    f("statetime", Time),
    f("id_call", Text),
    f("unwrap", Time),
];

const SIP_DEVICES: &[Field] = &[
    name(),
    f("title", Text),
    f("description", Text).or(nothing),
    f("cc_device", Bool),
    f("password", Text),
    f("dtmfmode", Text).or(|| json!("rfc4733")),
    f("context", Text).or(|| json!("from-internal")),
    f("nat", Text).or(|| json!("yes")),
    f("qualify", Int).or(|| json!(2000)),
    f("callgroup", Text).or(nothing),
    f("pickupgroup", Text).or(nothing),
    f("codec", Plain).or(|| json!(["alaw", "opus"])),
    f("transport", Text).or(|| json!("tls")),
    f("srtp", Bool).or(|| json!(true)),
    f("language", Text).or(|| json!("en")),
    f("emergency_clid", Text).or(nothing),
    f("emergency_prefix", Text).or(nothing),
    f("options", Map),
    f("phone", Plain),
    f("line_position", Plain),
];

const EXTERNAL_NUMBERS: &[Field] = &[
    name(),
    f("title", Text),
    f("description", Text).or(nothing),
    f("number", Text),
    f("cc_device", Bool),
    f("user", Ref("users")),
];

const TITLED: &[Field] =
    &[name(), f("title", Text).required(), f("description", Text).or(nothing), f("created", Time).read()];

const VIEWS: &[Field] = &[
    name(),
    f("title", Text),
    f("description", Text).or(nothing),
    f("shared", Bool),
    f("filter", Plain),
    f("sort", Plain),
    f("count", Plain),
];

const ARTICLES: &[Field] = &[
    name(),
    f("title", Text).required(),
    f("content", Text).at("text"),
    f("created", Time).read(),
    f("edited", Time).read(),
];

const ANNOUNCEMENTS: &[Field] = &[name(), f("title", Text), f("text", Text), f("created", Time)];

const fn kept(
    name: &'static str,
    table: &'static str,
    fields: &'static [Field],
    writes: &'static str,
) -> Model {
    Model { name, aliases: &[], source: Source::Table(table), fields, writes }
}

const fn shaped(
    name: &'static str,
    table: &'static str,
    shape: fn(&Record) -> Record,
    fields: &'static [Field],
    writes: &'static str,
) -> Model {
    Model { name, aliases: &[], source: Source::Shaped { table, shape }, fields, writes }
}

const fn own(name: &'static str, source: Source, fields: &'static [Field], writes: &'static str) -> Model {
    Model { name, aliases: &[], source, fields, writes }
}

/// What is behind the activities of one channel.
const fn item(
    name: &'static str,
    channel: Channel,
    draw: fn(&Activity, &World) -> Record,
    fields: &'static [Field],
) -> Model {
    Model { name, aliases: &[], source: Source::Items { channel, draw }, fields, writes: "U" }
}

macro_rules! living {
    ($name:literal, $all:ident, $one:ident, $fields:ident, $writes:literal) => {
        Model {
            name: $name,
            aliases: &[],
            source: Source::Live { all: live::$all, one: live::$one },
            fields: $fields,
            writes: $writes,
        }
    };
}

const fn inner(name: &'static str, fields: &'static [Field]) -> Model {
    Model { name, aliases: &[], source: Source::Inner, fields, writes: "" }
}

/// Every model that can be asked for. `writes` beside reading: C create, U update, D delete.
pub(super) const MODELS: &[Model] = &[
    own("tickets", Source::Tickets, TICKETS, "CUD"),
    kept("ticketsCategories", "ticket_categories", TICKETS_CATEGORIES, "CUD"),
    kept("ticketsSla", "service_levels", TICKETS_SLA, ""),
    kept("ticketsViews", "ticket_views", VIEWS, ""),
    own("activities", Source::Activities, ACTIVITIES, "CU"),
    item("activitiesCall", Channel::Call, live::call, CALL),
    living!("activitiesCallChannels", channels, one_channel, CHANNELS, ""),
    item("activitiesEmail", Channel::Email, live::email, EMAIL),
    Model { aliases: &["activitiesChat"], ..item("activitiesWeb", Channel::Chat, live::written, WEB) },
    item("activitiesSms", Channel::Sms, live::written, SMS),
    item("activitiesFbm", Channel::Facebook, live::written, FBM),
    item("activitiesIgdm", Channel::Instagram, live::written, IGDM),
    item("activitiesWap", Channel::Whatsapp, live::written, FBM),
    item("activitiesVbr", Channel::Viber, live::written, FBM),
    kept("contacts", "contacts", CONTACTS, "CUD"),
    kept("accounts", "companies", ACCOUNTS, "CUD"),
    kept("crmRecords", "crm_records", CRM_RECORDS, "CUD"),
    kept("crmRecordsTypes", "crm_types", TITLED, ""),
    kept("crmDatabases", "databases", TITLED, ""),
    kept("campaignsRecords", "campaign_records", CAMPAIGNS_RECORDS, "CUD"),
    kept("campaignsTypes", "campaign_types", CAMPAIGNS_TYPES, "CUD"),
    kept("databases", "campaign_databases", TITLED, ""),
    kept("groups", "groups", GROUPS, "CUD"),
    shaped("pauses", "pauses", live::pause, PAUSES, "CUD"),
    living!("queues", queues, one_queue, QUEUES, ""),
    kept("statuses", "wrap_up_codes", STATUSES, "CUD"),
    kept("templates", "templates", TEMPLATES, "CUD"),
    living!("users", users, one_user, USERS, ""),
    shaped("profiles", "profiles", live::profile, PROFILES, ""),
    kept("roles", "roles", ROLES, ""),
    living!("realtimeSessions", sessions, one_session, SESSIONS, ""),
    living!("sipDevices", sip_devices, one_sip_device, SIP_DEVICES, ""),
    living!("externalNumbers", external_numbers, one_external_number, EXTERNAL_NUMBERS, ""),
    kept("timegroups", "time_groups", TITLED, ""),
    kept("articles", "articles", ARTICLES, ""),
    kept("announcements", "announcements", ANNOUNCEMENTS, ""),
    inner("activitiesEmailFiles", EMAIL_FILES),
    inner("activitiesMessages", MESSAGES),
];
