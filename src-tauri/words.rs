//! The few words the shell itself speaks (tray, notifications), from the one catalogue of the frontend.
//!
//! Only messages without plurals and selects are used here, so that filling in `{names}` is all there is to it. A test
//! holds that every key used exists in every language.

use std::collections::HashMap;

/// The languages Offhook speaks; the first is the one the others fall back to.
const CATALOGUES: [(&str, &str); 4] = [
    ("en", include_str!("../ui/src/words/en.json")),
    ("cs", include_str!("../ui/src/words/cs.json")),
    ("sv", include_str!("../ui/src/words/sv.json")),
    ("de", include_str!("../ui/src/words/de.json")),
];

/// The words of one language.
pub(crate) struct Words {
    language: &'static str,
    messages: HashMap<String, String>,
    english: HashMap<String, String>,
}

impl Words {
    /// The words of the language nearest to `tag`; the system's language when there is none, English when we do not
    /// speak it.
    pub(crate) fn new(tag: Option<&str>) -> Self {
        let language = tag.map_or_else(system_language, nearest);
        let of = |language| {
            let text = CATALOGUES.iter().find(|(tag, _)| *tag == language).map_or("{}", |(_, text)| text);
            serde_json::from_str(text).unwrap_or_default()
        };
        Self { language, messages: of(language), english: of("en") }
    }

    /// The language these words are of.
    pub(crate) fn language(&self) -> &'static str {
        self.language
    }

    /// A message without arguments.
    pub(crate) fn say(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// A message with its `{names}` filled in. A key that no catalogue has is shown as it is.
    pub(crate) fn fill(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        let message = self.messages.get(key).or_else(|| self.english.get(key)).map_or(key, String::as_str);
        let mut out = String::new();
        let mut rest = message;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}') {
                Some((name, after)) => {
                    let value = arguments
                        .iter()
                        .find(|(known, _)| *known == name.trim())
                        .map_or("", |(_, value)| *value);
                    out.push_str(value);
                    rest = after;
                }
                None => rest = after,
            }
        }
        out.push_str(rest);
        // In the catalogue's syntax a doubled apostrophe is one.
        out.replace("''", "'")
    }
}

/// The system's language, as far as we speak it.
pub(crate) fn system_language() -> &'static str {
    sys_locale::get_locale().map_or("en", |tag| nearest(&tag))
}

fn nearest(tag: &str) -> &'static str {
    let primary = tag.split(['-', '_', '.']).next().unwrap_or(tag).to_ascii_lowercase();
    CATALOGUES.iter().find(|(known, _)| *known == primary).map_or("en", |(known, _)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key used in this crate: whatever stands in quotes after `say(` or `fill(`, and the states of the tray.
    fn used() -> Vec<String> {
        let sources = [
            include_str!("alerts.rs"),
            include_str!("tray.rs"),
            include_str!("handlers.rs"),
            include_str!("app.rs"),
        ];
        let mut keys: Vec<String> = Vec::new();
        for source in sources {
            for piece in source.split('"').skip(1).step_by(2) {
                let areas = ["state.", "action.", "shell.", "file."];
                if areas.iter().any(|area| piece.starts_with(area)) {
                    keys.push(piece.to_owned());
                }
            }
        }
        keys
    }

    #[test]
    fn every_word_the_shell_uses_exists_in_every_language() {
        let keys = used();
        assert!(keys.len() > 10, "the search for keys finds nothing: {keys:?}");
        for (language, text) in CATALOGUES {
            let messages: HashMap<String, String> = serde_json::from_str(text).unwrap();
            for key in &keys {
                let message = messages.get(key).unwrap_or_else(|| panic!("{language} has no {key}"));
                assert!(
                    !message.contains("plural") && !message.contains("select"),
                    "{language} {key}: {message}"
                );
            }
        }
    }

    #[test]
    fn names_are_filled_in_and_unknown_languages_fall_back_to_english() {
        let words = Words::new(Some("xx-YY"));
        assert_eq!(words.language(), "en");
        assert!(words.fill("shell.ringing_title", &[("who", "Ada Example")]).contains("Ada Example"));
        assert_eq!(Words::new(Some("cs_CZ.UTF-8")).language(), "cs");
        assert_eq!(words.say("no.such.key"), "no.such.key");
    }
}
