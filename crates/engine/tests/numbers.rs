//! Numbers: against the public table of libphonenumber and RFC 3966, against the traps of `phonenumber`, and at random.

use offhook_engine::numbers::{LONGEST_DIAL, from_link, is_withheld, parse, phone};
use proptest::prelude::*;

const LETTERS: &str = "letters are never digits here: the agent is asked for the number instead";
const DECODED: &str = "a link is decoded before it is read, as the table's own note asks";

/// Cases of the public table that come out differently here, and why.
const ON_PURPOSE: &[(&str, &str)] = &[
    ("lpn-util-002", LETTERS),
    (
        "lpn-util-019",
        "the crate takes both zeros off a Japanese 00777 number; it is dialled as it is written",
    ),
    ("lpn-util-036", "a sentence around a number is not a number"),
    ("lpn-util-056", LETTERS),
    ("lpn-util-057", LETTERS),
    ("lpn-util-058", LETTERS),
    ("lpn-util-059", LETTERS),
    ("lpn-util-060", LETTERS),
    ("lpn-util-061", LETTERS),
    ("lpn-util-090", LETTERS),
    ("lpn-util-169", "tones after the answer may be as long as what is dialled"),
    ("lpn-util-179", LETTERS),
    ("lpn-util-180", LETTERS),
    ("lpn-util-181", LETTERS),
    ("lpn-matcher-019", LETTERS),
    ("lpn-matcher-020", LETTERS),
    ("tel-14", DECODED),
    ("tel-15", DECODED),
];

#[test]
fn the_public_table_agrees_but_for_what_is_different_on_purpose() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/phone-cases.json");
    let Ok(text) = std::fs::read_to_string(file) else {
        eprintln!("skipped: shared/cases/phone-cases.json is not here");
        return;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut differing = Vec::new();
    for case in &cases {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        let (name, input, region) = (text("name"), text("input"), text("default_region"));
        let number = parse(input, region);
        let got = &number.phone;
        if got.e164.as_deref().unwrap_or_default() != text("e164") {
            differing.push(name);
            if !ON_PURPOSE.iter().any(|(known, _)| *known == name) {
                println!("{name} {input:?} in {region}: expected {:?}, got {got:?}", text("e164"));
            }
        } else if got.e164.is_some() {
            // Behind a bare comma or semicolon they are tones to send, not an extension to read.
            let shown = got.display.contains(" ext. ") || number.dial != got.e164;
            assert_eq!(shown, !text("extension").is_empty(), "{name} {input:?} {number:?}");
        }
    }
    let agreed = cases.len() - differing.len();
    println!("{agreed} of {} agree ({:.1} %)", cases.len(), 100.0 * agreed as f64 / cases.len() as f64);
    let expected: Vec<_> = ON_PURPOSE.iter().map(|(name, _)| *name).collect();
    assert_eq!(differing, expected);
}

#[test]
fn every_dress_of_one_number_is_the_same_number() {
    for dress in [
        "+420 602 111 222",
        "+420602111222",
        "00420 602 111 222",
        "602111222",
        "602 111 222",
        "602\u{a0}111\u{a0}222",
        "602-111-222",
        "602.111.222",
        "602/111 222",
        "(602) 111 222",
        "\u{200e}+420 602 111 222\u{200f}",
        "６０２１１１２２２",
        "＋４２０ ６０２ １１１ ２２２",
        "٦٠٢١١١٢٢٢",
        "\u{feff}602111222\r\n",
        "420602111222",
        "tel:+420-602-111-222",
        "callto://+420602111222",
        "++420602111222",
    ] {
        let number = parse(dress, "CZ");
        assert_eq!(number.phone.e164.as_deref(), Some("+420602111222"), "{dress:?}");
        assert_eq!(number.dial.as_deref(), Some("+420602111222"), "{dress:?}");
        assert!(!number.unusual, "{dress:?}");
        assert_eq!(phone(dress, "CZ").country.as_deref(), Some("CZ"));
    }
}

#[test]
fn a_number_is_shown_as_its_country_writes_it_and_with_its_code_abroad() {
    for (text, region, display) in [
        ("+420602111222", "CZ", "602 111 222"),
        ("+420602111222", "SE", "+420 602 111 222"),
        ("020 7946 0958", "GB", "020 7946 0958"),
        ("+44 (0)20 7946 0958", "CZ", "+44 20 7946 0958"),
        ("+442079460958;ext=17", "CZ", "+44 20 7946 0958 ext. 17"),
        ("020 7946 0958 x17", "GB", "020 7946 0958 ext. 17"),
        ("602 111 222 linka 17", "CZ", "602 111 222 ext. 17"),
        ("1001", "CZ", "1001"),
    ] {
        assert_eq!(phone(text, region).display, display, "{text:?} in {region}");
    }
}

#[test]
fn the_zero_of_an_italian_number_survives_in_countries_that_drop_theirs() {
    for region in ["DE", "GB", "SE", "CZ", "US", "IT"] {
        for text in ["+39 02 36618300", "0039 02 36618300"] {
            assert_eq!(phone(text, region).e164.as_deref(), Some("+390236618300"), "{text} in {region}");
        }
    }
}

#[test]
fn what_the_plans_do_not_know_is_dialled_as_written_and_deserves_a_second_look() {
    for (text, dial) in [
        ("112", "112"),
        ("1001", "1001"),
        ("*21*602111222#", "*21*602111222#"),
        ("*77*100*", "*77*100*"),
        ("#31#602111222", "#31#602111222"),
        ("+999 123 456", "+999123456"),
        ("158", "158"),
    ] {
        let number = parse(text, "CZ");
        assert_eq!((number.dial.as_deref(), number.phone.e164), (Some(dial), None), "{text:?}");
        assert!(number.unusual, "{text:?}");
    }
    for dear in ["+420900123456", "+44 9098790000", "+979123456789", "+881612345678"] {
        let number = parse(dear, "CZ");
        assert!(number.unusual && number.dial.is_some(), "{dear:?} {number:?}");
    }
}

#[test]
fn tones_after_the_answer_are_dialled_as_written() {
    let number = parse("+420 602 111 222,,17#", "CZ");
    assert_eq!(number.dial.as_deref(), Some("+420602111222,,17#"));
    assert_eq!(number.phone.e164.as_deref(), Some("+420602111222"));
    assert_eq!(parse("602 111 222 ;", "CZ").dial.as_deref(), Some("+420602111222"));
}

#[test]
fn what_is_no_number_cannot_be_dialled() {
    for text in [
        "",
        " ",
        "+",
        "tel:",
        "anonymous",
        "jana@example.com",
        "+3367a829916",
        "1-800-FLOWERS",
        "602111222\n777333444",
        "602+111+222",
        "602 111 222²",
        "**",
        "x17",
        "123456789012345678901234567890123",
    ] {
        let number = parse(text, "CZ");
        assert_eq!(number.dial, None, "{text:?} {number:?}");
        assert_eq!(number.phone.e164, None, "{text:?}");
    }
    assert_eq!(parse(&"6".repeat(10_000), "CZ").dial, None);
}

#[test]
fn an_unknown_region_still_reads_numbers_with_their_country() {
    assert_eq!(phone("+420602111222", "").e164.as_deref(), Some("+420602111222"));
    assert_eq!(phone("00420602111222", "??").e164.as_deref(), Some("+420602111222"));
    assert_eq!(phone("602111222", "").e164, None);
}

#[test]
fn exchanges_write_zeros_for_plus_everywhere_and_callers_come_as_sip_addresses() {
    assert_eq!(phone("00420602111222", "US").e164.as_deref(), Some("+420602111222"));
    assert_eq!(
        phone("sip:+420602111222@pbx.example;transport=tls", "US").e164.as_deref(),
        Some("+420602111222")
    );
    assert_eq!(phone("sips:1001@pbx.example", "CZ").display, "1001");
    assert_eq!(phone("sip:anonymous@anonymous.invalid", "CZ").e164, None);
}

#[test]
fn a_hidden_caller_is_known_as_hidden() {
    for raw in
        ["", "anonymous", "Unknown", "withheld", "+266696687", "000", "sip:anonymous@anonymous.invalid"]
    {
        assert!(is_withheld(raw), "{raw:?}");
    }
    for raw in ["1001", "+420602111222", "112"] {
        assert!(!is_withheld(raw), "{raw:?}");
    }
}

#[test]
fn links_keep_nothing_but_the_number() {
    for (uri, dial) in [
        ("tel:+420602111222", "+420602111222"),
        ("TEL:602111222", "+420602111222"),
        ("tel://602111222", "+420602111222"),
        ("callto:+420602111222?subject=x&call", "+420602111222"),
        ("tel:602111222;phone-context=+420", "+420602111222"),
        ("tel:602111222;phone-context=evil.example", "+420602111222"),
        ("tel:+420602111222;postd=pp22;isub=1", "+420602111222"),
        ("tel:%2B420%20602%20111%20222", "+420602111222"),
        ("tel:*21*602111222%23", "*21*602111222#"),
        ("tel:*21*602111222#", "*21*602111222#"),
        ("tel:112", "112"),
        ("tel:911;phone-context=+1", "911"),
        ("tel:\u{202e}602111222", "+420602111222"),
        ("tel:６０２１１１２２２", "+420602111222"),
        ("tel:602111222,17", "+420602111222,17"),
        ("tel:602111222%3Bext=1", "+420602111222"),
    ] {
        let number = from_link(uri, "CZ").unwrap_or_else(|| panic!("{uri:?} is refused"));
        assert_eq!(number.dial.as_deref(), Some(dial), "{uri:?}");
    }
}

#[test]
fn links_with_anything_else_in_them_are_refused() {
    for uri in [
        "",
        "tel",
        "tel:",
        "tel:?",
        "callto:?subject=x",
        "callto:echo123",
        "tel:+1%0d%0a",
        "tel:602111222%0d%0aINVITE",
        "tel:602111222%00",
        "tel:602111222\r\n777",
        "tel:%ff%fe",
        "tel:`reboot`",
        "tel:602111222&calc",
        "tel:602111222|calc",
        "tel:$(calc)",
        "mailto:602111222",
        "javascript:602111222",
        "tel:tel:602111222",
        "602111222",
    ] {
        assert_eq!(from_link(uri, "CZ"), None, "{uri:?}");
    }
    assert_eq!(from_link(&format!("tel:{}", "6".repeat(10_000)), "CZ"), None);
    assert_eq!(from_link(&format!("tel:{}", "%2B".repeat(400)), "CZ"), None);
}

fn assert_clean(dial: Option<&str>) {
    if let Some(dial) = dial {
        assert!(dial.len() <= LONGEST_DIAL, "{dial:?}");
        assert!(dial.bytes().all(|byte| byte.is_ascii_digit() || b"*#+,;".contains(&byte)), "{dial:?}");
        assert!(dial.bytes().any(|byte| byte.is_ascii_digit()), "{dial:?}");
        assert!(!dial[1..].contains('+'), "{dial:?}");
    }
}

fn region() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec!["CZ", "SE", "DE", "GB", "US", "IT", "AR", "JP", "BR", "RU", "AU", ""])
            .prop_map(str::to_owned),
        "\\PC{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_nothing_but_numbers_is_dialled(text in "\\PC{0,60}", region in region()) {
        assert_clean(parse(&text, &region).dial.as_deref());
        assert_clean(from_link(&format!("tel:{text}"), &region).and_then(|number| number.dial).as_deref());
        phone(&text, &region);
    }

    #[test]
    fn nothing_that_looks_like_a_number_panics(text in "(tel:|callto:|sip:)?[+0-9*#,;x .()/=%~-]{0,40}(ext|;ext=|;phone-context=)?[+0-9]{0,8}", region in region()) {
        let number = parse(&text, &region);
        assert_clean(number.dial.as_deref());
        if let Some(e164) = number.phone.e164 {
            prop_assert!(e164.starts_with('+') && e164.len() <= 18, "{}", e164);
            prop_assert!(number.dial.is_none_or(|dial| dial.starts_with(&e164)));
            prop_assert!(number.phone.display.bytes().any(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn what_was_understood_once_is_understood_the_same_again(text in "[+]?[0-9]{3,14}", region in region()) {
        if let Some(e164) = phone(&text, &region).e164 {
            prop_assert_eq!(phone(&e164, &region).e164, Some(e164));
        }
    }
}
