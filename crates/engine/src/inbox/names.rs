//! Names of files that others chose: cleaned so that they are a name and nothing else, on every system.

/// The longest name, in bytes: what every file system takes, with room for " (99)".
const LONGEST: usize = 200;
/// Names that mean devices on Windows, whatever stands behind a dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A file name without any folder, without signs that mean something to a system or turn the direction of reading, and
/// never empty.
pub(crate) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let readable: String = last
        .chars()
        .filter(|sign| !sign.is_control() && !turns(*sign))
        .map(|sign| if "<>:\"|?*".contains(sign) { '_' } else { sign })
        .collect();
    // Windows drops dots and spaces at the end; at the beginning a dot hides the file.
    let trimmed = readable.trim_matches(|sign: char| sign == '.' || sign.is_whitespace());
    let short = shortened(trimmed);
    let stem = short.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(char::is_numeric))
    };
    if short.is_empty() {
        "file".to_owned()
    } else if DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt") {
        format!("_{short}")
    } else {
        short
    }
}

/// Signs that turn or hide what follows: "invoice\u{202e}fdp.exe" reads like a PDF.
fn turns(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Keeps the ending, which says what the file is.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 16 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let cut = stem.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", &stem[..cut])
}

/// The name with a number before its ending.
pub(crate) fn numbered(name: &str, number: u32) -> String {
    match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, ending)) => format!("{stem} ({number}).{ending}"),
        None => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_lose_what_is_not_a_name() {
        for (given, kept) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\system.ini", "system.ini"),
            ("..", "file"),
            ("", "file"),
            (" . ", "file"),
            (".bashrc", "bashrc"),
            ("a\u{0}b\nc.txt", "abc.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("com1.log", "_com1.log"),
            ("company.log", "company.log"),
            ("what? *.png", "what_ _.png"),
            ("účet č. 7.pdf", "účet č. 7.pdf"),
            ("folder/", "folder"),
        ] {
            assert_eq!(clean_name(given), kept, "{given:?}");
        }
        assert_eq!(numbered("a.tar.gz", 2), "a.tar (2).gz");
        assert_eq!(numbered("README", 2), "README (2)");
    }

    proptest! {
        #[test]
        fn whatever_is_given_one_name_comes_out(given in "\\PC*|.*") {
            let name = clean_name(&given);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST + 1);
            prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', '\0', ':']));
            prop_assert_eq!(std::path::Path::new(&name).components().count(), 1);
            prop_assert_eq!(clean_name(&name), name.clone(), "a clean name stays");
        }
    }
}
