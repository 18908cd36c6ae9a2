//! Presence as PIDF (RFC 3863) with RPID (RFC 4480): what the presence stream tells, and what may be written.

use super::in_call;
use super::presence::Change;
use crate::dstny::answer::{Failure, read_time};
use crate::dstny::inferred::RPID_WORDS;
use crate::dstny::office::{activity, cid_of};
use crate::dstny::xml::escape;
use crate::world::World;
use bytes::Bytes;

const PIDF: &str = "urn:ietf:params:xml:ns:pidf";
const MODEL: &str = "urn:ietf:params:xml:ns:pidf:data-model";
const RPID: &str = "urn:ietf:params:xml:ns:pidf:rpid";

/// What a colleague is doing, as a document.
pub(in crate::dstny) fn write(world: &World, user: &str) -> String {
    let status = world.status(user);
    let utc = |at| {
        jiff::Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let now = utc(world.now());
    let basic = if status.available { "open" } else { "closed" };
    let until = status.until.map(|at| format!(" until=\"{}\"", utc(at))).unwrap_or_default();
    let word =
        RPID_WORDS.iter().find(|(id, _)| *id == status.activity).map(|(_, word)| format!("<rpid:{word}/>"));
    let own = || {
        let name = activity(&status.activity).map_or(status.activity.as_str(), |a| a.name);
        format!("<rpid:other>{}</rpid:other>", escape(name))
    };
    let doing = if status.activity == crate::world::FREE { String::new() } else { word.unwrap_or_else(own) };
    let phone = if in_call(world, user) { "<rpid:on-the-phone/>" } else { "" };
    let note = |name: &str| match status.note.as_str() {
        "" => String::new(),
        note => format!("<{name}>{}</{name}>", escape(note)),
    };
    let (cid, user) = (escape(&cid_of(user)), escape(user));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <presence xmlns=\"{PIDF}\" xmlns:dm=\"{MODEL}\" xmlns:rpid=\"{RPID}\" entity=\"sip:{cid}\">\n\
         <tuple id=\"t-{user}\"><status><basic>{basic}</basic></status><contact>sip:{cid}</contact>{}\
         <timestamp>{now}</timestamp></tuple>\n\
         <dm:person id=\"p-{user}\"><rpid:activities{until}>{doing}{phone}</rpid:activities>{}\
         <dm:timestamp>{now}</dm:timestamp></dm:person>\n</presence>\n",
        note("note"),
        note("dm:note"),
    )
}

/// What a document wants changed: the first activity that has a word here, whether the first tuple is open, the note.
pub(super) fn read(raw: &Bytes) -> Result<Change, Failure> {
    let bad = |why: String| Failure::bad("body", "pidf.invalid", why);
    let text = std::str::from_utf8(raw).map_err(|e| bad(e.to_string()))?;
    let document = roxmltree::Document::parse(text).map_err(|e| bad(e.to_string()))?;
    if !document.root_element().has_tag_name((PIDF, "presence")) {
        return Err(bad("The root is not a presence".to_owned()));
    }
    let all = || document.descendants();
    let text_of = |node: roxmltree::Node<'_, '_>| node.text().unwrap_or("").trim().to_owned();
    let activities = all().find(|n| n.has_tag_name((RPID, "activities")));
    let named = activities.into_iter().flat_map(|a| a.children()).find_map(|n| {
        let word = n.tag_name().name();
        RPID_WORDS
            .iter()
            .find(|(_, w)| n.tag_name().namespace() == Some(RPID) && *w == word)
            .map(|(id, _)| *id)
    });
    let emptied = activities.filter(|a| !a.children().any(|n| n.is_element())).map(|_| crate::world::FREE);
    let until = activities.and_then(|a| a.attribute("until"));
    let until = until.map(|t| read_time(t).ok_or_else(|| bad(format!("{t:?} is no time")))).transpose()?;
    let basic = all().find(|n| n.has_tag_name((PIDF, "basic"))).map(text_of);
    let note = all().find(|n| n.has_tag_name((MODEL, "note")) || n.has_tag_name((PIDF, "note"))).map(text_of);
    Ok(Change {
        activity: named.or(emptied).map(str::to_owned),
        available: basic.map(|b| b == "open"),
        until: until.map(Some),
        note,
        role: None,
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use bytes::Bytes;

    #[test]
    fn a_foreign_prefix_a_note_and_an_end_are_read() {
        let change = read(&Bytes::from_static(
            "<p:presence xmlns:p='urn:ietf:params:xml:ns:pidf' xmlns:d='urn:ietf:params:xml:ns:pidf:data-model'
                xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' entity='sip:a@b'><p:tuple id='x'><p:status>
                <p:basic>closed</p:basic></p:status></p:tuple><d:person id='y'>
                <r:activities until='2026-01-05T10:00:00Z'><r:meal/></r:activities>
                <d:note xml:lang='cs'> Polévka &amp; guláš </d:note></d:person></p:presence>"
                .as_bytes(),
        ))
        .unwrap();
        assert_eq!(change.activity.as_deref(), Some("lunch"));
        assert_eq!(change.available, Some(false));
        assert_eq!(change.until, Some(Some(1_767_607_200_000)));
        assert_eq!(change.note.as_deref(), Some("Polévka & guláš"));
    }

    #[test]
    fn what_is_no_presence_is_refused() {
        for raw in ["", "<a/>", "<!DOCTYPE a><presence xmlns='urn:ietf:params:xml:ns:pidf'/>"] {
            assert_eq!(read(&Bytes::from_static(raw.as_bytes())).unwrap_err().status, 400, "{raw}");
        }
    }
}
