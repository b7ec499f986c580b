//! Properties of all posts, checked on generated ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_core::decode::{decode, encode};
use postmend_core::{Document, Format, Generator, Patch, Role};
use postmend_rules::migrate::{Migration, edit};
use postmend_rules::{Post, PostContext, RuleSet, Safety, Site, SiteOptions, fix_text};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SITE: LazyLock<Site> = LazyLock::new(|| Site::new(&SiteOptions::default()).unwrap());
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::new(|_| true, &BTreeMap::new()).unwrap());

/// Complete and broken pieces that the posts are made of.
const PIECES: [&str; 64] = [
    "---\n",
    "---\n",
    "+++\n",
    ";;;\n",
    "title: a\n",
    "title: 'a'\n",
    "title: \"a\\\"b\"\n",
    "date: Mon, 07 Feb 2022 15:06:26 GMT\n",
    "date = \"Mon, 07 Feb 2022 15:06:26 GMT\"\n",
    "date: 2022/2/7\n",
    "cover: https://cors.zfour.workers.dev/?http://a.example/b.png\n",
    "images:\n  - 'https://corsproxy.io/?https://a.example/c.png'\n",
    "text: |\n  block\n",
    "a: &b [1, 2]\nc: *b\n",
    "\u{FEFF}",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "   ",
    "    ",
    "# heading\n",
    "> quote\n",
    "- item\n",
    "1. one\n",
    "```\n",
    "~~~\n",
    "`",
    "``",
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "![alt](a.png)",
    "![](https://cors.zfour.workers.dev/?http://a.example/(b).png)",
    "![a][r]",
    "\n\n[r]: <https://corsproxy.io/?https://a.example/r.png>\n",
    "<https://a.example>",
    "https://a.example/b.",
    "<img src=\"https://cors.zfour.workers.dev/?http://a.example/?c=1&amp;d=2\">",
    "<img alt src='a.png'",
    ">",
    "<p>",
    "</p>",
    "<pre>",
    "</pre>",
    "<!-- postmend-disable -->",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "&nbsp;",
    "&amp",
    "{{ a }}",
    "{% asset_img a.png b %}",
    "{{< figure src=\"https://corsproxy.io/?https://a.example/f.png\" >}}",
    "开个建设",
    "recieve",
    "\u{200B}",
    "| a | b |\n|---|---|\n| ![x\\|y](z.png) | c |\n",
];

/// Options of migrations in TOML.
const MIGRATIONS: [&str; 5] = [
    "unwrap = ['all']\nalso = ['links', 'media', 'code']",
    "to = 'https://wsrv.nl/?url={origin:percent}'\nunwrap = ['all']",
    "to = 'https://cdn.example/{host}/{path}{query}'\nalso = ['links']",
    "hosts = [['a.example', 'b.example:8080']]\nalso = ['links', 'media', 'code']",
    "prefixes = [['http://a.example', \"https://b.example/it's (a) & b\"], ['https://a.example', 'https://c.example/图']]",
];

fn posts() -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![8 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn formats() -> impl Strategy<Value = Format> {
    prop::sample::select(vec![Format::Markdown, Format::Mdx, Format::Html])
}

fn generators() -> impl Strategy<Value = Generator> {
    prop::sample::select(Generator::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(20_220_207), ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), format in formats(), generator in generators()) {
        if let Ok(decoded) = decode(&bytes) {
            prop_assert_eq!(encode(&decoded.text, decoded.encoding).unwrap(), bytes.clone());
            let document = Document::read(&decoded.text, format, generator);
            RULES.check(&Post::new(&document, PostContext::without_path(&SITE, format, generator)));
        }
    }

    #[test]
    fn every_span_slices_the_text(text in posts(), format in formats(), generator in generators()) {
        let document = Document::read(&text, format, generator);
        for url in &document.urls {
            let raw = url.span.of(&text);
            if !url.templated && url.role == Role::Image && !raw.contains(['\n', '\r']) && url.span.start as usize >= document.front.body {
                prop_assert_eq!(url.escaping.decode(raw), url.value.clone());
            }
        }
        for finding in RULES.check(&Post::new(&document, PostContext::without_path(&SITE, format, generator))) {
            let _ = finding.span.of(&text);
            if let Some(fix) = finding.fix {
                prop_assert!(Patch::new(fix.edits).is_some());
            }
        }
    }

    #[test]
    fn passages_map_back(text in posts(), format in formats(), generator in generators()) {
        let document = Document::read(&text, format, generator);
        let prose = &document.prose;
        for (at, character) in prose.text.char_indices() {
            let range = at..at + character.len_utf8();
            if let Some(span) = prose.exact_span(range.clone()) {
                prop_assert_eq!(span.of(&text), &prose.text[range]);
            }
        }
    }

    #[test]
    fn fixing_settles_and_keeps_the_rest(text in posts(), format in formats(), generator in generators()) {
        let context = PostContext::without_path(&SITE, format, generator);
        let once = fix_text(&text, &context, &RULES, Safety::Review, &|_| true);
        let twice = fix_text(&once.text, &context, &RULES, Safety::Review, &|_| true);
        prop_assert_eq!(&once.text, &twice.text);
        prop_assert!(once.refused.is_none() || once.text == text);
    }

    #[test]
    fn no_fix_no_change(text in posts(), format in formats(), generator in generators()) {
        let context = PostContext::without_path(&SITE, format, generator);
        let result = fix_text(&text, &context, &RULES, Safety::Safe, &|_| false);
        prop_assert_eq!(result.text, text);
    }

    #[test]
    fn migrations_settle_and_are_taken_back(text in posts(), format in formats(), generator in generators(), which in 0..MIGRATIONS.len()) {
        let context = PostContext::without_path(&SITE, format, generator);
        let migration = Migration::new(&toml::from_str(MIGRATIONS[which]).unwrap(), &[]).unwrap();
        let planned = migration.plan(&context, &text);
        prop_assert_eq!(planned.text.is_some(), !planned.moves.is_empty());
        if let Some(moved) = &planned.text {
            // The moves alone, as a plan stores them, give the same post.
            let edits = planned.moves.iter().map(|url_move| edit(&text, url_move.span, url_move.escaping, &url_move.old, &url_move.to.url));
            let patch = Patch::new(edits.collect::<Option<Vec<_>>>().unwrap()).unwrap();
            prop_assert_eq!(&patch.apply(&text), moved);
            prop_assert_eq!(patch.reverse(&text).apply(moved), text.clone());
            let again = migration.plan(&context, moved);
            prop_assert!(again.moves.is_empty(), "{:?}", again.moves);
        }
    }
}
