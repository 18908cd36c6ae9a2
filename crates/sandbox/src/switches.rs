//! Every question that the vendors' documents leave open, as a switch.
//!
//! The default is the reading to build on; the other values are the other readings, so that a client can be tried under
//! each. One table holds name, allowed values, default and meaning; `docs/sandbox.md` repeats it and a test compares.

use crate::world::{RecordingRule, Rules, SECOND};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a switch may be set to.
#[derive(Debug, Clone, Copy)]
enum Allowed {
    One(&'static [&'static str]),
    /// A whole number from 0.
    Number,
}

struct Definition {
    name: &'static str,
    allowed: Allowed,
    default: &'static str,
    meaning: &'static str,
}

const fn one(name: &'static str, allowed: &'static [&'static str], meaning: &'static str) -> Definition {
    Definition { name, allowed: Allowed::One(allowed), default: allowed[0], meaning }
}

const fn number(name: &'static str, default: &'static str, meaning: &'static str) -> Definition {
    Definition { name, allowed: Allowed::Number, default, meaning }
}

/// The first value of each list is the default.
const DEFINITIONS: &[Definition] = &[
    one(
        "pull",
        &["full", "delta"],
        "a changed `activities` key holds the whole list, or only the changed rows",
    ),
    one("activities", &["list", "map"], "dress of `activities` in the pull: list, or map keyed by name"),
    one("unknown_hash", &["full", "reject"], "an unknown hash is answered with the full state, or with 400"),
    one(
        "pull_place",
        &["result", "top"],
        "the pull's keys stand inside `result`, or at the top of the answer",
    ),
    one("hash", &["plain", "awkward"], "hashes of letters and digits, or with `+`, `/` and `=` in them"),
    number("poll_hold", "15", "seconds until a poll without news is answered"),
    one("missed", &["int", "string", "map"], "dress of `missedChannels`"),
    one("reload_user", &["bool", "int", "string"], "dress of `reloadUser`"),
    one("pause_since", &["on_pause", "onpause", "both"], "name of the pause's start in `extension`"),
    one(
        "device_name",
        &["list", "first", "object"],
        "`exten` with several devices: `301,291`, the first, or a list of objects",
    ),
    one("available", &["list", "data"], "getAvailableExtensions: rows in `result`, or in `result.data`"),
    one("channels", &["list", "map"], "dress of a call's `channels`"),
    one("session_body", &["true", "null", "object"], "`result` of a usersSession that succeeded"),
    one("whoim_bad_token", &["version", "401"], "whoim with a bad token: 200 with the version only, or 401"),
    one("whoim_lists", &["list", "map"], "dress of `queues` and `pauses` in whoim"),
    one("version", &["object", "string"], "dress of `version` in whoim"),
    one("rdata", &["present", "absent"], "queues in whoim and in the pull carry `_rdata`"),
    one(
        "only_token",
        &["string", "object"],
        "login with `only_token`: the bare token, or the object all the same",
    ),
    one(
        "login_answer",
        &["object", "user"],
        "login's object: tokens and expiry, or the older user with `_sys.accessToken`",
    ),
    number("token_ttl", "7200", "seconds that a token from login is good"),
    one("rotate_cookies", &["off", "on"], "with cookie sign-in every answer may set new tokens"),
    one("logout_static", &["keep", "kill"], "whether GET logout ends a static token too"),
    one("sso_only", &["off", "on"], "login by password is refused; globalsettings lists Google only"),
    one("total", &["int", "string", "absent"], "dress of `total` in lists"),
    one("data", &["list", "map"], "dress of `data` in lists: list, or map keyed by name"),
    one(
        "chat_lines",
        &["relation", "item"],
        "lines of a chat: only in its relation `messages`, or in its item as well",
    ),
    one("view_count", &["int", "float", "string"], "dress of `count` of a saved ticket view"),
    number("max_file", "10485760", "bytes that a file may have; larger ones are refused with 413"),
    one("empty_maps", &["list", "object"], "empty maps are `[]` as PHP writes them, or `{}`"),
    one(
        "error_on_success",
        &["list", "null", "object", "text", "absent"],
        "`error` of an answer that succeeded",
    ),
    one("envelope", &["new", "old"], "five keys, or the three of 2022"),
    one("users", &["full", "restricted"], "other people's user objects are full, or `{title, alias}` only"),
    one("close_error", &["form", "list", "null"], "shape of the refusal to close without a needed status"),
    one("close_live", &["refuse", "hangup"], "CLOSE while the call goes on is refused, or ends the call"),
    one("race", &["400", "404"], "accepting what another agent took meanwhile"),
    one("limit_body", &["empty", "envelope"], "body of 405 and of an injected 429"),
    number("default_take", "100", "page size of a list when the request names none"),
    number("ring_timeout", "20", "seconds that it rings at one agent; 0: until somebody acts"),
    number("answer_delay", "4", "seconds until the called party answers"),
    number("wrap_up", "queue", "seconds of after-call work instead of the queue's own"),
    one("inactive_pause", &["on", "off"], "who refuses or misses a ring is put on the pause of type lajdak"),
    number("device_delay", "1000", "milliseconds that an agent's own device takes to start a call"),
    one(
        "recording",
        &["everything", "start_stop", "on_demand", "off"],
        "Dstny: calls are recorded by hand with pause and save, by hand, always and kept when saved, or never",
    ),
    one(
        "state_token",
        &["409", "412", "400", "off"],
        "Dstny: status when the `stateToken` of a command is not the present one; off: not looked at",
    ),
    one(
        "actions",
        &["seen", "all"],
        "Dstny: `actions` of a call: words that samples show, or CLEAR, DTMF and CONFERENCE as well",
    ),
    one(
        "arrays",
        &["proper", "strings"],
        "Dstny: `deviceIds` and `actions` are lists, or text such as `[{action: HOLD}]`",
    ),
    one(
        "user_state",
        &["full", "partial"],
        "Dstny: the user state shows all calls each time, or what changed since the last look",
    ),
    one("empty_document", &["list", "object", "nothing"], "Dstny: no devices are `[]`, `{}` or no body"),
    one(
        "sse_answer",
        &["stream", "json", "204"],
        "Dstny: a subscription is answered with a stream, one document, or nothing",
    ),
    one("sse_first", &["full", "none"], "Dstny: a stream starts with everything, or with the first change"),
    one(
        "sse_ids",
        &["on", "off", "time"],
        "Dstny: events have ids that rise; `time`: the microsecond they were written",
    ),
    one("sse_lines", &["single", "multi"], "Dstny: a document is one `data:` line, or several"),
    one("sse_eol", &["lf", "crlf"], "Dstny: line ends of a stream"),
    one("sse_event", &["none", "named"], "Dstny: events have no name, or `event: update`"),
    one("sse_payload", &["json", "xml"], "Dstny: dress of the call state objects in their stream"),
    one(
        "sse_die",
        &["no", "silently"],
        "Dstny: after the first document a stream stays open and says nothing more",
    ),
    number(
        "keepalive_ms",
        "15000",
        "Dstny: milliseconds of silence until a stream says `: keep-alive`; 0: never",
    ),
    number("token_expiry", "31536000", "Dstny: seconds that any ticket is good at most"),
    one("second_factor", &["off", "on"], "Dstny: a ticket by password needs the code 424242 as well"),
    one(
        "md5_tickets",
        &["off", "on"],
        "Dstny: the MD5 form of a password ticket, removed in 6.0, is understood",
    ),
    one(
        "methods",
        &["documented", "post_only", "put_only"],
        "Dstny: methods of writes whose method is not documented: what the table says, or POST or PUT alone",
    ),
    one(
        "times",
        &["utc", "short_offset", "millis", "no_zone"],
        "Dstny: `…T05:30:00Z`, `…T05:30:00+00`, `…T05:30:00.482+00:00` or `… 05:30:00.482`",
    ),
    one(
        "errors_status",
        &["plain", "400", "200"],
        "Dstny: status of a refusal: its own, or always 400 or 200 with the validation result",
    ),
    one(
        "no_content",
        &["204", "empty", "object"],
        "Dstny: an answer without anything to say: 204, 200 without a body, or `{}`",
    ),
    one(
        "account_zone",
        &["Europe/Prague", "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"],
        "LiveAgent: the account's zone, in which moments are written",
    ),
    number("rate_limit", "180", "LiveAgent: requests that one key may make in a minute; 0: any number"),
    one(
        "liveagent_retry_after",
        &["none", "seconds"],
        "LiveAgent: a refusal for too many requests tells nothing, or how long to wait",
    ),
    one(
        "liveagent_errors",
        &["documented", "200", "403"],
        "LiveAgent: status of an error: its own, always 200, or 403 for every refused key",
    ),
    one("liveagent_missing", &["500", "404"], "LiveAgent: status when a conversation is not there"),
    one(
        "liveagent_letters",
        &["documented", "unknown"],
        "LiveAgent: statuses, channels and types are those of the document, or newer ones as well",
    ),
    one(
        "liveagent_dates",
        &["names", "words"],
        "LiveAgent: `datefrom` and `dateto` mean what they are called, or what the document says (older, younger)",
    ),
    one(
        "liveagent_put_key",
        &["both", "query"],
        "LiveAgent: PUT takes the key from query and form, or from the query alone",
    ),
    one(
        "paths",
        &["both", "plural", "singular"],
        "CCAIP: resources are known in plural and singular, or in one",
    ),
    one(
        "ccaip_user",
        &["subdomain", "name", "company_key", "any"],
        "CCAIP: user name that goes with the token: `offhook`, `Offhook desktop`, a key of the company, or anything",
    ),
    number("rate_per_second", "10", "CCAIP: requests that the customer may make in a second; 0: any number"),
    number("others_per_second", "0", "CCAIP: how many of them other integrations of the customer make"),
    one(
        "retry_after",
        &["present", "absent"],
        "CCAIP: a refusal for too many requests tells how long to wait",
    ),
    one(
        "link",
        &["absent", "present", "relative", "elsewhere"],
        "CCAIP: pages have no `link` header, a whole one, one without a host, or one that leads to another host",
    ),
    one("ccaip_total", &["present", "absent"], "CCAIP: pages have a header `total`"),
    one("ccaip_per_page", &["present", "absent"], "CCAIP: pages have a header `per-page`"),
    number("per_default", "100", "CCAIP: page size of a list when the request names none"),
    number("per_most", "500", "CCAIP: largest page size; more is cut to it"),
    one(
        "hold_key",
        &["absent", "on_hold", "hold_duration"],
        "CCAIP: what `agents/current_status` tells of holding: nothing, yes or no, or seconds",
    ),
    one(
        "offer",
        &["queued", "assigned"],
        "CCAIP: a call of a queue that rings at an agent is still `queued`, or `assigned` to the agent",
    ),
    one("assignees", &["list", "object"], "CCAIP: members of a team are a list, or the first one alone"),
    one(
        "operation_hours",
        &["inferred", "empty"],
        "CCAIP: hours of menus in a shape of ours, or an empty list",
    ),
    one(
        "call_start",
        &["direct", "adapter", "number"],
        "CCAIP: a call that is asked for starts (201), needs something done on the platform's page (202) or a number (200)",
    ),
    one(
        "set_status_offline",
        &["login", "refuse"],
        "CCAIP: setting the status of an agent who is not logged in logs in, or is refused with a message",
    ),
    one(
        "ccaip_records",
        &["documented", "odd"],
        "CCAIP: lists have records as documented, or some with unknown words, huge ids, broken times and gaps as well",
    ),
    number("inactivity_logout", "10", "minutes without a poll until an agent is logged out; 0: never"),
];

/// The switches as they are set.
///
/// ```
/// let mut switches = offhook_sandbox::Switches::default();
/// switches.set("pull", "delta").unwrap();
/// assert!(switches.set("pull", "sometimes").is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Switches(BTreeMap<&'static str, String>);

impl Switches {
    /// Sets one switch.
    ///
    /// # Errors
    /// A sentence that names the switch and its allowed values.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(definition) = DEFINITIONS.iter().find(|d| d.name == name) else {
            return Err(format!("there is no switch {name:?}"));
        };
        match definition.allowed {
            Allowed::One(values) if !values.contains(&value) => {
                return Err(format!("{name} is one of {}", values.join(", ")));
            }
            Allowed::Number if value != definition.default && value.parse::<u32>().is_err() => {
                return Err(format!("{name} is a whole number from 0"));
            }
            Allowed::One(_) | Allowed::Number => {}
        }
        self.0.insert(definition.name, value.to_owned());
        Ok(())
    }

    /// The value of a switch; an unknown name has none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let default = || DEFINITIONS.iter().find(|d| d.name == name).map_or("", |d| d.default);
        self.0.get(name).map_or_else(default, String::as_str)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok()
    }

    /// Name, value, allowed values and meaning of every switch.
    #[must_use]
    pub fn describe(&self) -> Value {
        let rows = DEFINITIONS.iter().map(|d| {
            let allowed = match d.allowed {
                Allowed::One(values) => json!(values),
                Allowed::Number => json!("a whole number from 0"),
            };
            let row = json!({"value": self.get(d.name), "default": d.default, "allowed": allowed, "meaning": d.meaning});
            (d.name.to_owned(), row)
        });
        Value::Object(rows.collect())
    }

    /// The rules that the world itself follows.
    pub(crate) fn rules(&self) -> Rules {
        let seconds = |name, otherwise| self.number(name).unwrap_or(otherwise) * SECOND;
        Rules {
            ring_timeout: seconds("ring_timeout", 20),
            answer_delay: seconds("answer_delay", 4),
            pause_after_missed: self.is("inactive_pause", "on"),
            close_hangs_up: self.is("close_live", "hangup"),
            inactivity_logout: seconds("inactivity_logout", 10) * 60,
            wrap_up_seconds: self.number("wrap_up"),
            recording: match self.get("recording") {
                "start_stop" => RecordingRule::StartStop,
                "on_demand" => RecordingRule::OnDemand,
                "off" => RecordingRule::Off,
                _ => RecordingRule::Everything,
            },
            device_delay: self.number("device_delay").unwrap_or(1_000),
        }
    }
}
