//! A migration moves what it plans, to where it plans, settles, and is taken back to the last byte.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::Patch;
use postmend_fuzz::context_and_text;
use postmend_rules::migrate::{Migration, edit};
use std::sync::LazyLock;

const OPTIONS: [&str; 5] = [
    "unwrap = ['all']\nalso = ['links', 'media', 'code']",
    "to = 'https://wsrv.nl/?url={origin:percent}'\nunwrap = ['all']",
    "to = 'https://cdn.example/{host}/{path}{query}'\nalso = ['links']",
    "hosts = [['a.example', 'b.example:8080']]\nalso = ['links', 'media', 'code']",
    "prefixes = [['http://a.example', \"https://b.example/it's (a) & b\"], ['https://a.example', 'https://c.example/图']]",
];

static MIGRATIONS: LazyLock<Vec<Migration>> = LazyLock::new(|| {
    let options = OPTIONS.iter().map(|options| toml::from_str(options).expect("these are options"));
    options.map(|options| Migration::new(&options, &[]).expect("they can be used")).collect()
});

fuzz_target!(|bytes: &[u8]| {
    let [which, rest @ ..] = bytes else { return };
    let Some((context, text)) = context_and_text(rest) else { return };
    let migration = &MIGRATIONS[*which as usize % MIGRATIONS.len()];
    let planned = migration.plan(&context, text);
    assert_eq!(planned.text.is_some(), !planned.moves.is_empty());
    let Some(moved) = &planned.text else { return };
    // A plan's rows alone make the same post of it.
    let edits = planned
        .moves
        .iter()
        .map(|url_move| edit(text, url_move.span, url_move.escaping, &url_move.old, &url_move.to.url));
    let patch =
        Patch::new(edits.collect::<Option<Vec<_>>>().expect("each can be made")).expect("all together");
    assert_eq!(&patch.apply(text), moved);
    assert_eq!(patch.reverse(text).apply(moved), text);
    for ((url_move, edit), new) in planned.moves.iter().zip(patch.edits()).zip(patch.new_spans()) {
        // Taking a URL out of its proxy is cutting off what stands before it.
        let end = new.end + (url_move.span.end - edit.span.end);
        let written = &moved[new.start as usize..end as usize];
        // Quotes and brackets that were not there before stand around the URL.
        let bare = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        let reads_so = |raw: &str| url_move.escaping.decode(raw) == url_move.to.url.as_str();
        let is_there = reads_so(written) || reads_so(bare) || bare.contains(&url_move.to.url);
        assert!(is_there || written.starts_with('\''), "{written} is not {}", url_move.to.url);
    }
    // A plan says which of its URLs would move once more.
    if planned.moves.iter().all(|url_move| !url_move.to.moves_again) {
        let again = migration.plan(&context, moved);
        assert!(again.moves.is_empty(), "{:?}", again.moves);
    }
});
