//! Every kind of map moves URLs in every place where they stand, byte by byte.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use postmend_core::{Format, Generator};
use postmend_rules::migrate::{Also, Fate, Migration, MigrationOptions, host, slug};
use postmend_rules::{PostContext, Site, SiteOptions};

const MATRIX: &str = include_str!("migrate.tsv");

/// The options of a kind of map.
fn options(kind: &str) -> MigrationOptions {
    let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let pair = |old: &str, new: &str| vec![(old.to_owned(), new.to_owned())];
    let none = MigrationOptions { also: vec![Also::Code], ..MigrationOptions::default() };
    match kind {
        "unwrap" => MigrationOptions { unwrap: strings(&["cors-query"]), ..none },
        "wrap" => MigrationOptions { to: Some("weserv".into()), ..none },
        "rewrap" => MigrationOptions {
            unwrap: strings(&["cors"]),
            to: Some("https://my.proxy/?u={origin:percent}&w=64".into()),
            ..none
        },
        "parts" => MigrationOptions { to: Some("https://cdn.example/{host}/{path}{query}".into()), ..none },
        "host" => MigrationOptions { hosts: pair("old.example", "new.example"), ..none },
        "prefix" => {
            MigrationOptions { prefixes: pair("http://old.example/a.png", "https://new.example/img"), ..none }
        }
        "pair" => MigrationOptions {
            pairs: pair("http://old.example/a.png?x=1&y=2", "https://new.example/图(1)'s.png?x=1&y=2"),
            ..none
        },
        "regex" => MigrationOptions {
            regexes: pair(r"^http://old\.example/(\w+)\.png", "https://new.example/i/$1.webp"),
            ..none
        },
        "https" => MigrationOptions { https: strings(&["old.example"]), ..none },
        other => panic!("there is no kind {other}"),
    }
}

fn context(site: &Site, format: Format) -> PostContext<'_> {
    PostContext::without_path(site, format, Generator::None)
}

#[test]
fn moves_in_every_place() {
    let site = Site::new(&SiteOptions::default()).unwrap();
    let mut wrong = String::new();
    let mut rows = 0;
    for row in MATRIX.lines().filter(|line| !line.starts_with('#')) {
        let [position, format, kind, before, after] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let (before, after) = (before.replace("\\n", "\n"), after.replace("\\n", "\n"));
        let migration = Migration::new(&options(kind), &[]).unwrap();
        let context = context(&site, Format::of_extension(format).unwrap());
        let planned = migration.plan(&context, &before);
        let got = planned.text.unwrap_or_else(|| before.clone());
        if got != after {
            let why: Vec<String> = planned.left.iter().map(|left| left.why.message()).collect();
            wrong.push_str(&format!("{position}, {kind}: {got:?}, not {after:?} {why:?}\n"));
        }
        if got != before {
            let again = migration.plan(&context, &got);
            assert!(
                again.text.is_none() && again.moves.is_empty(),
                "{position}, {kind}: a second run moves on"
            );
        }
        rows += 1;
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(rows >= 20 * 9, "{rows}");
}

/// Options as TOML, a URL, and where it moves; `=` and nothing where the migration is not about it, `! why`
/// where it stays.
const FATES: &[(&str, &[(&str, &str)])] = &[
    (
        "hosts = [['a.de', 'a.dev'], ['*.b.example', 'https://b.new:8443']]",
        &[
            ("https://a.de/x.png", "https://a.dev/x.png"),
            ("HTTP://A.DE/x.png", "HTTP://a.dev/x.png"),
            ("//a.de:8080/x.png?y#z", "//a.dev/x.png?y#z"),
            ("https://a.dev/x.png", "="),
            ("https://aa.de/x.png", "="),
            ("https://a.de.example/x.png", "="),
            ("https://x.example/?https://a.de/x.png", "="),
            ("http://i.b.example/x.png", "https://b.new:8443/x.png"),
            ("http://b.example/x.png", "="),
            ("/x.png", "="),
        ],
    ),
    (
        "prefixes = [['https://a.de', 'https://a.dev'], ['https://a.de/old', 'https://c.example/new'], ['/img/', 'https://d.example/']]",
        &[
            ("https://a.de/x.png", "https://a.dev/x.png"),
            ("https://a.de/old/x.png", "https://c.example/new/x.png"),
            ("https://a.de/older/x.png", "https://a.dev/older/x.png"),
            ("https://a.de?x", "https://a.dev?x"),
            ("https://a.dev/x.png", "="),
            ("HTTPS://A.de/X.png", "https://a.dev/X.png"),
            ("/img/x.png", "https://d.example/x.png"),
            ("/images/x.png", "="),
        ],
    ),
    (
        "prefixes = [['https://a.de/x', 'https://a.de/x/y']]",
        &[("https://a.de/x/b.png", "https://a.de/x/y/b.png"), ("https://a.de/x/y/b.png", "=")],
    ),
    (
        // The map that matches most wins, and its result is not looked at again.
        "prefixes = [['https://a.example/b/', 'https://b.example/']]\nhosts = [['a.example', 'c.example'], ['b.example', 'd.example']]\npairs = [['https://a.example/b/c.png', '/c.png']]",
        &[
            ("https://a.example/b/x.png", "https://b.example/x.png"),
            ("https://a.example/x.png", "https://c.example/x.png"),
            ("https://a.example/b/c.png", "/c.png"),
            ("https://b.example/x.png", "https://d.example/x.png"),
        ],
    ),
    (
        "regexes = [['^https://(\\w+)\\.sinaimg\\.cn/large/', 'https://img.example/$1/']]",
        &[
            ("https://wx3.sinaimg.cn/large/x.jpg", "https://img.example/wx3/x.jpg"),
            ("https://sinaimg.cn/large/x", "="),
        ],
    ),
    (
        "https = ['a.example', '*.b.example']",
        &[
            ("http://a.example/x.png", "https://a.example/x.png"),
            ("HTTP://i.B.example/x.png", "https://i.B.example/x.png"),
            ("https://a.example/x.png", "="),
            ("http://c.example/x.png", "="),
        ],
    ),
    (
        "unwrap = ['all']",
        &[
            ("https://cors.zfour.workers.dev/?http://a.example/x.png", "http://a.example/x.png"),
            (
                "https://cors.zfour.workers.dev/?https://cors.zfour.workers.dev/?http://a.example/x.png",
                "http://a.example/x.png",
            ),
            ("https://cors.zfour.workers.dev/?http:/a.example/x.png", "http://a.example/x.png"),
            (
                "https://cors.zfour.workers.dev/?undefined",
                "! damaged: the proxy URL contains a value that a script left undefined",
            ),
            (
                "https://i0.wp.com/a.example/x.png?ssl=1",
                "! photon keeps only part of the original URL; `--lossy` accepts that",
            ),
            (
                "https://images.weserv.nl/?url=a.example/x.png",
                "! weserv keeps only part of the original URL; `--lossy` accepts that",
            ),
            ("https://b.example/_next/image?url=%2Fx.png&w=64", "https://b.example/x.png"),
            ("/_next/image?url=%2Fx.png&w=64", "/x.png"),
            ("https://web.archive.org/web/2022/http://a.example/x.png", "="),
            ("https://img.shields.io/badge/a-b.svg?url=https://a.example/x.png", "="),
            ("https://www.gravatar.com/avatar/0?d=https%3A%2F%2Fa.example%2Fx.png", "="),
            ("https://v1.screenshot.11ty.dev/https%3A%2F%2Fa.example%2F/small/", "="),
        ],
    ),
    (
        "unwrap = ['photon', 'archive']\nlossy = true",
        &[
            ("https://i0.wp.com/a.example/x.png?ssl=1", "~https://a.example/x.png"),
            ("https://web.archive.org/web/2022/http://a.example/x.png", "http://a.example/x.png"),
            ("https://cors.zfour.workers.dev/?http://a.example/x.png", "="),
        ],
    ),
    (
        // RSSHub's own kind of template, undone.
        "unwrap = ['https://my.proxy/${host}${pathname}${search}?p=${protocol}', 'https://i.example/?u={origin:percent}']",
        &[
            ("https://my.proxy/a.example/x.png?p=http:", "http://a.example/x.png"),
            ("https://i.example/?u=https%3A%2F%2Fa.example%2Fx.png%3Fy%3D1", "https://a.example/x.png?y=1"),
            ("https://i.example/logo.png", "="),
        ],
    ),
    (
        "to = 'https://wsrv.nl/?url={origin:percent}'\nexcept = ['*.good.example']",
        &[
            ("http://a.example/x y.png", "! it could not be restored from the target"),
            ("https://wsrv.nl/?url=http%3A%2F%2Fa.example%2Fx.png", "="),
            ("https://wsrv.nl/?url=http://a.example/x.png&w=3", "! goes through another proxy (weserv)"),
            ("https://i.good.example/x.png", "="),
            ("//a.example/x.png", "! has neither http nor https"),
            ("x.png", "="),
            ("data:image/png;base64,AA", "="),
            (
                "https://cors.zfour.workers.dev/?http://a.example/x.png",
                "! goes through another proxy (cors-query)",
            ),
            (
                "https://cdn.jsdelivr.net/gh/a/b/x.png",
                "https://wsrv.nl/?url=https%3A%2F%2Fcdn.jsdelivr.net%2Fgh%2Fa%2Fb%2Fx.png",
            ),
        ],
    ),
    (
        "to = 'https://wsrv.nl/?url={origin}'",
        &[
            ("http://a.example/x.png", "https://wsrv.nl/?url=http://a.example/x.png"),
            ("http://a.example/x.png?y=1&z=2", "! it could not be restored from the target"),
        ],
    ),
    (
        "to = 'https://cdn.example/{slug}/{stem}-{hash}.{ext}'\nonly = ['a.example']",
        &[
            (
                "http://a.example/b/x.y.png?z",
                "~https://cdn.example/spring/x.y-28e375bbd0a6b491ee5f2345018018f4.png",
            ),
            ("http://b.example/x.png", "="),
            ("https://cdn.example/spring/x.png", "="),
        ],
    ),
    (
        "unwrap = ['cors']\nhosts = [['a.example', 'b.example']]\nto = 'jsdelivr-github'",
        &[
            (
                "https://cors.zfour.workers.dev/?http://a.example/x.png",
                "! it could not be restored from the target",
            ),
            (
                "https://cors.zfour.workers.dev/?https://raw.githubusercontent.com/u/r/v1/x.png",
                "https://cdn.jsdelivr.net/gh/u/r@v1/x.png",
            ),
            ("https://raw.githubusercontent.com/u/r/v1/x.png", "="),
        ],
    ),
];

#[test]
fn moves_what_it_is_about_and_nothing_else() {
    let mut wrong = String::new();
    for (options, urls) in FATES {
        let migration = Migration::new(&toml::from_str(options).unwrap(), &[]).unwrap();
        for (url, expected) in *urls {
            let got = match migration.fate(url, "spring") {
                Fate::Unconcerned => "=".to_owned(),
                Fate::Stays(why) => format!("! {}", why.message()),
                Fate::Moves(to) => format!("{}{}", if to.lossless { "" } else { "~" }, to.url),
            };
            if got != *expected {
                wrong.push_str(&format!("{options}\n  {url}\n  {got}\n  not {expected}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn refuses_maps_that_cannot_be_meant() {
    for (options, reason) in [
        ("unwrap = ['photn']", "unknown proxy `photn`; did you mean `photon`?"),
        (
            "unwrap = ['https://a.example/{file}']",
            "template `https://a.example/{file}` has a placeholder from which the origin cannot be restored",
        ),
        ("to = 'wsrv'", "`wsrv` is neither a template nor a proxy; did you mean `weserv`?"),
        ("to = 'camo'", "URLs of camo cannot be built: they are signed, or contain more than the origin"),
        ("to = 'https://a.example/'", "template `https://a.example/` has no {origin} or {origin:percent}"),
        (
            "prefixes = [['https://a.example/', 'https://b.example']]",
            "`https://a.example/` ends with a slash and `https://b.example` does not",
        ),
        ("hosts = [['a.example', 'b.example/c']]", "`b.example/c` is not a host; use a prefix for a path"),
        ("pairs = [['a', 'b'], ['a', 'c']]", "`a` has two targets, `b` and `c`"),
        ("regexes = [['(', '']]", "`(`: regex parse error:\n    (\n    ^\nerror: unclosed group"),
    ] {
        let error = Migration::new(&toml::from_str(options).unwrap(), &[]).unwrap_err();
        assert_eq!(error, reason, "{options}");
    }
}

#[test]
fn knows_hosts_and_slugs() {
    assert_eq!(host("https://u@a.example:80/x?y"), "a.example:80");
    assert_eq!(host("x.png?u=https://a.example"), "");
    assert_eq!(slug("posts/2022-02-07-spring.md"), "spring");
    assert_eq!(slug("posts/spring/index.zh.md"), "spring");
    assert_eq!(slug("2022-02-07.md"), "2022-02-07");
}
