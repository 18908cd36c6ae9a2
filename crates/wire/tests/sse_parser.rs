//! The parser against the public conformance cases, each in three ways, and against everything else there is.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use offhook_wire::sse::{Event, Item, Parser, ParserLimits};
use proptest::prelude::*;
use serde_json::Value;

fn run<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Item>, Parser) {
    let mut parser = Parser::new(ParserLimits::default(), "");
    let mut items = Vec::new();
    pieces.into_iter().for_each(|piece| parser.feed(piece, &mut items));
    (items, parser)
}

fn events(items: &[Item]) -> Vec<Event> {
    items
        .iter()
        .filter_map(|item| if let Item::Event(event) = item { Some(event.clone()) } else { None })
        .collect()
}

#[test]
fn every_case_gives_its_events_as_given_whole_and_byte_by_byte() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("data/sse-cases.json")).unwrap();
    assert_eq!(cases.len(), 104);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let chunks: Vec<Vec<u8>> = case["chunks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| STANDARD.decode(c.as_str().unwrap()).unwrap())
            .collect();
        let whole = chunks.concat();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let expect = case["expect"].as_array().unwrap().iter();
        let expect: Vec<Event> = expect
            .map(|e| Event { name: text(&e["event"]), data: text(&e["data"]), id: text(&e["id"]) })
            .collect();
        let retry = case["retry"].as_u64().map(Duration::from_millis);
        for (way, (items, parser)) in [
            ("as given", run(chunks.iter().map(Vec::as_slice))),
            ("one chunk", run([whole.as_slice()])),
            ("byte by byte", run(whole.chunks(1))),
        ] {
            assert_eq!(events(&items), expect, "{name}, {way}");
            assert_eq!(parser.last_event_id(), case["lastEventId"], "{name}, {way}");
            let said =
                items.iter().rev().find_map(|i| if let Item::Retry(wait) = i { Some(*wait) } else { None });
            assert_eq!(said, retry, "{name}, {way}");
        }
    }
}

#[test]
fn a_comment_is_a_sign_of_life_and_no_event() {
    let (items, _) = run([b": keep-alive\n\n:\r\rdata: x".as_slice()]);
    assert_eq!(items, [Item::Comment, Item::Comment]);
}

#[test]
fn what_is_too_large_is_skipped_and_the_stream_goes_on() {
    let limits = ParserLimits { line: 20, event: 30 };
    let feed = |text: &str| {
        let mut parser = Parser::new(limits, "");
        let mut items = Vec::new();
        text.as_bytes().chunks(7).for_each(|piece| parser.feed(piece, &mut items));
        let told = items.into_iter().map(|item| match item {
            Item::Event(event) => event.data,
            other => format!("{other:?}"),
        });
        (told.collect::<Vec<_>>(), parser.last_event_id().to_owned())
    };
    let long = "x".repeat(100);
    let (told, id) = feed(&format!("id: 1\ndata: {long}\ndata: tail\n\ndata: next\n\n"));
    assert_eq!((told, id.as_str()), (vec!["TooLarge".to_owned(), "next".to_owned()], "1"));
    let (told, _) =
        feed("data: 123456789\ndata: 123456789\ndata: 123456789\ndata: 123456789\n\ndata: next\n\n");
    assert_eq!(told, ["TooLarge", "next"]);
    let (told, _) = feed(&format!(":{long}\ndata: fits\n\n"));
    assert_eq!(told, ["Comment", "fits"], "a long comment spoils nothing");
    let (told, _) = feed(&format!("{}\n\ndata: next\n\n", "data:\n".repeat(100)));
    assert_eq!(told, ["TooLarge", "next"], "many empty lines are many bytes too");
}

#[test]
fn a_retry_beyond_all_numbers_is_very_long() {
    let (items, _) = run([b"retry: 99999999999999999999999999\n".as_slice()]);
    assert_eq!(items, [Item::Retry(Duration::from_millis(u64::MAX))]);
}

#[test]
fn an_id_from_before_holds_until_another_comes() {
    let mut parser = Parser::new(ParserLimits::default(), "41");
    let mut items = Vec::new();
    parser.feed(b"data: a\n\nid: 42\ndata: b\n\n", &mut items);
    let ids: Vec<String> = events(&items).into_iter().map(|event| event.id).collect();
    assert_eq!(ids, ["41", "42"]);
}

/// Streams as a server might write them, and noise.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let end = prop_oneof![Just("\n"), Just("\r"), Just("\r\n")];
    let line = prop_oneof![
        "data: ?.{0,12}",
        "(event|id|retry): ?[a-z0-9\u{e9}]{0,6}",
        ":.{0,8}",
        Just(String::new()),
        ".{0,8}",
    ];
    prop_oneof![
        3 => prop::collection::vec((line, end), 0..30).prop_map(|lines| {
            lines.into_iter().map(|(line, end)| line + end).collect::<String>().into_bytes()
        }),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => prop::collection::vec(prop::sample::select(&b"\r\n\xEF\xBB\xBF: dataid\x00\xC3"[..]), 0..200),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn it_makes_no_difference_where_the_stream_is_torn(
        bytes in stream(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        line in 4_usize..40,
        event in 4_usize..60,
    ) {
        let limits = ParserLimits { line, event };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let (mut whole, mut torn) = (Parser::new(limits, ""), Parser::new(limits, ""));
        let (mut one, mut many) = (Vec::new(), Vec::new());
        whole.feed(&bytes, &mut one);
        cuts.windows(2).for_each(|cut| torn.feed(&bytes[cut[0]..cut[1]], &mut many));
        prop_assert_eq!(one, many);
        prop_assert_eq!(whole.last_event_id(), torn.last_event_id());
    }
}
