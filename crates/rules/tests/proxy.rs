//! Proxy URLs: what they hold, what is broken about them, and what is sure about it.

use postmend_rules::proxy::{Damage, Proxied, Proxies, repaired_url};
use std::borrow::Cow;

fn names(proxied: &Proxied<'_>) -> String {
    proxied.damages.iter().map(|damage| damage.name()).collect::<Vec<_>>().join(",")
}

#[test]
fn urls_of_public_posts_are_decoded() {
    let proxies = Proxies::catalogue();
    let rows = include_str!("proxy_decoded.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let [url, name, origin, lossless, damages] = columns[..] else { panic!("five columns: {row}") };
        let found = proxies.find(url);
        let shown = found.as_ref().map(|found| {
            let lossless = if found.lossless { "yes" } else { "no" };
            (found.name, found.origin.as_ref(), lossless, names(found))
        });
        let expected = (name != "-").then(|| (name, origin, lossless, damages.to_owned()));
        assert_eq!(shown, expected, "{url}");
        count += 1;
    }
    assert_eq!(count, 40);
}

/// A URL, its damages and what it is fixed to (empty: not sure).
const DAMAGED: &[(&str, &str, &str)] = &[
    ("https://cors.zfour.workers.dev/?", "no-origin", ""),
    ("https://images.weserv.nl/?url=&w=3", "no-origin", ""),
    ("https://cors.zfour.workers.dev/?undefined", "placeholder-segment", ""),
    ("https://cors.zfour.workers.dev/?http://a.example/null/b.png", "placeholder-segment", ""),
    ("https://a.example/_next/image?url=undefined&w=64&q=75", "placeholder-segment", ""),
    ("https://wsrv.nl/?url=http%3A%2F%2Fa.example%2F%5Bobject%20Object%5D", "placeholder-segment", ""),
    (r"https://cors.zfour.workers.dev/?D:\photo\b.png", "local-path", ""),
    ("https://gimg2.baidu.com/image_search/src=file%3A%2F%2F%2Fb.png&app=2002", "local-path", ""),
    (
        "[https://a.example/b.png](https://cors.zfour.workers.dev/?https://a.example/b.png)",
        "nested-markdown",
        "https://a.example/b.png",
    ),
    ("[https://c.example/](https://cors.zfour.workers.dev/?https://a.example/b.png)", "nested-markdown", ""),
    ("https://cors.zfour.workers.dev/?[x](http://a.example/b.png)", "nested-markdown", ""),
    (
        "https://corsproxy.io/?https://cors-anywhere.herokuapp.com/https://cors.eu.org/http://a.example/b.png",
        "double-proxy",
        "http://a.example/b.png",
    ),
    (
        "https://cors.zfour.workers.dev/?https://cors.zfour.workers.dev/?http:/a.example/b.png",
        "double-proxy",
        "http://a.example/b.png",
    ),
    (
        "https://wsrv.nl/?url=https%3A%2F%2Fcorsproxy.io%2F%3Fhttp%3A%2F%2Fa.example%2Fb.png",
        "double-proxy",
        "http://a.example/b.png",
    ),
    ("https://x.workers.dev/https:/a.example/b.png", "collapsed-slash", "https://a.example/b.png"),
    ("https://web.archive.org/web/2020im_/http:/a.example/b", "collapsed-slash", "http://a.example/b"),
    ("https://x.workers.dev/http:///a.example/b.png", "extra-slash", "http://a.example/b.png"),
    ("https://x.workers.dev/http:///api/lang", "extra-slash", ""),
    ("https://cors.zfour.workers.dev/?a.example/b.png", "scheme-missing", ""),
    ("https://cors.zfour.workers.dev/?//a.example/b.png", "scheme-missing", ""),
    ("https://ss.csdn.net/p?https://a.example/b.png\"", "stray-quote", "https://a.example/b.png"),
    ("https://ss.csdn.net/p?https://a.example/b\"c.png", "stray-quote", ""),
    ("https://ss.csdn.net/p?http：／／a.example/b.png", "full-width-character", "http://a.example/b.png"),
    ("https://ss.csdn.net/p?http://a.example／b.png", "full-width-character", "http://a.example/b.png"),
    ("https://corsproxy.io/?http%253A%252F%252Fa.example%252Fb", "double-encoded", "http://a.example/b"),
    (
        "https://cors.zfour.workers.dev/?http://a.example/b?c=1&amp;d=2",
        "html-entity",
        "http://a.example/b?c=1&d=2",
    ),
    (
        "https://cors.zfour.workers.dev/?http://a.example/b c.png",
        "space-in-url",
        "http://a.example/b%20c.png",
    ),
    ("https://cors.zfour.workers.dev/?http://a.example/b\nc.png", "space-in-url", ""),
    (
        "https://cors.zfour.workers.dev/?http://a.example/b.png)",
        "unbalanced-parenthesis",
        "http://a.example/b.png",
    ),
    ("https://cors.zfour.workers.dev/?http://a.example/b_(1", "unbalanced-parenthesis", ""),
    (
        "https://wsrv.nl/?url=https://a.example/b.png?v=4",
        "second-question-mark",
        "https://a.example/b.png?v=4",
    ),
    (
        "https://wsrv.nl/?url=https://a.example/b.png?v=4&w=64",
        "second-question-mark,nested-query-not-encoded",
        "https://a.example/b.png?v=4",
    ),
    ("https://wsrv.nl/?url=https://a.example/b?v=4&z=1", "second-question-mark,nested-query-not-encoded", ""),
    (
        "https://res.cloudinary.com/c/image/fetch/w_64/https://a.example/b.png?v=4",
        "nested-query-not-encoded",
        "",
    ),
    ("https://cors.zfour.workers.dev/?http://a.example/b%E", "truncated", ""),
    ("https://cors.zfour.workers.dev/?http://a.example/b%", "truncated", ""),
    ("https://cors.zfour.workers.dev/?http://a.example", "truncated", ""),
    ("https://cors.zfour.workers.dev/?http://", "truncated", ""),
    ("https://cors.zfour.workers.dev/?http://a.example/how-to-", "truncated", ""),
    ("https://cors.zfour.workers.dev/?hhttps://a.example/b.png", "not-a-url", ""),
    ("https://cors.zfour.workers.dev/?https//a.example/b.png", "not-a-url", ""),
    ("https://cors.zfour.workers.dev/?http://a b/c", "space-in-url", ""),
    ("https://cors.zfour.workers.dev/?http://a.example:99999/b.png", "not-a-url", ""),
    ("https://timgsa.baidu.com/timg?src=http%3A%2F%2Fa.example%2Fb", "dead-host", "http://a.example/b"),
    (
        "https://gimg2.baidu.com/image_search/src=http%3A%2F%2Fa.example%2Fb&fmt=jpeg?sec=1646809200&t=0",
        "expired-signature",
        "http://a.example/b",
    ),
    ("https://i2.wp.com/a.example/b.png", "scheme-guessed", ""),
    ("//wsrv.nl/?url=//a.example/b.png", "scheme-guessed", ""),
];

#[test]
fn each_damage_is_named_and_mended_only_if_sure() {
    let proxies = Proxies::catalogue();
    for (url, damages, intended) in DAMAGED {
        let found = proxies.find(url).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(names(&found), *damages, "{url} => {}", found.origin);
        assert_eq!(repaired_url(&found).unwrap_or_default(), *intended, "{url}");
    }
}

#[test]
fn every_damage_has_an_example_and_a_message_of_its_own() {
    let proxies = Proxies::catalogue();
    let damages = DAMAGED.iter().flat_map(|(url, ..)| proxies.find(url).unwrap().damages);
    let mut messages: Vec<(&str, String)> = damages.map(|damage| (damage.name(), damage.message())).collect();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 21, "{messages:#?}");
    let mut texts: Vec<&String> = messages.iter().map(|(_, message)| message).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 21);
    assert!(texts.iter().all(|text| !text.ends_with('.') && !text.contains('\n')));
}

#[test]
fn times_of_signatures_are_told_as_days() {
    let days = [
        (0, "1970-01-01"),
        (951_782_400, "2000-02-29"),
        (1_646_809_200, "2022-03-09"),
        (4_107_542_399, "2100-02-28"),
        (4_107_542_400, "2100-03-01"),
    ];
    for (seconds, day) in days {
        assert!(Damage::ExpiredSignature(seconds).message().ends_with(day), "{seconds}");
    }
    for seconds in [i64::MIN, i64::MAX] {
        assert!(!Damage::ExpiredSignature(seconds).message().is_empty());
    }
}

#[test]
fn a_url_inside_a_url_is_not_a_proxy_by_itself() {
    let urls = [
        "",
        "/",
        "//",
        "[",
        "[](",
        "a.png",
        "?http://a.example/b.png",
        "data:image/png;base64,AAAA",
        "https://img.shields.io/website?url=https%3A%2F%2Fa.example",
        "https://img.shields.io/badge/a-b-green?link=https://a.example",
        "https://v1.screenshot.11ty.dev/https%3A%2F%2Fa.example%2F/opengraph/",
        "https://v1.opengraph.11ty.dev/https%3A%2F%2Fa.example%2F/small/",
        "https://www.gravatar.com/avatar/0?d=https%3A%2F%2Fa.example%2Fb.png",
        "https://www.facebook.com/sharer.php?u=https://a.example",
        "https://link.zhihu.com/?target=https%3A//a.example",
        "https://a.example/?https://b.example/c.png",
        "https://a.example/https://b.example/c.png",
        "https://a.example/proxy?url=https://b.example/c.png",
        "https://a.example/image/fetch/https://b.example/c.png",
        "https://x.workers.dev/",
        "https://x.workers.dev/?",
        "https://x.workers.dev/b.png",
        "https://x.workers.dev/?url=https://b.example/c.png",
        "https://x.workers.dev/a/?https://b.example/c.png",
        "https://x.workers.dev/?a.example/b.png",
        "https://workers.dev/?https://b.example/c.png",
        "https://x.workers.dev.example/?https://b.example/c.png",
        "https://corsproxy.io/",
        "https://corsproxy.io/pricing",
        "https://cors-anywhere.herokuapp.com/corsdemo",
        "https://cors-anywhere.herokuapp.com/favicon.ico",
        "https://images.weserv.nl/",
        "https://images.weserv.nl/docs/?url=a.example/b.png",
        "https://ghproxy.com/https://a.example/b.png",
        "https://i0.wp.com/latex.php?latex=x",
        "https://cdn.jsdelivr.net/npm/jquery@3/dist/jquery.min.js",
        "https://cdn.jsdelivr.net/gh/user/repository/",
        "https://res.cloudinary.com/c/image/upload/v1/b.png",
        "https://web.archive.org/web/",
        "https://web.archive.org/screenshots/https://a.example",
        "https://camo.githubusercontent.com/0123/687474703a2f2f61",
        "https://imgconvert.csdnimg.cn/bm90IGEgdXJs",
        "https://gimg2.baidu.com/other/src=http%3A%2F%2Fa.example",
        "https://a.example/_next/static/b.png?url=%2Fc.png",
    ];
    let proxies = Proxies::catalogue();
    for url in urls {
        assert_eq!(proxies.find(url), None, "{url}");
    }
}

/// Spellings that the same proxies also have: URL, name, origin.
const SPELLINGS: &[(&str, &str, &str)] = &[
    ("//images.weserv.nl/?url=https://a.example/B.png", "weserv", "https://a.example/B.png"),
    ("HTTPS://IMAGES.WESERV.NL:443/?w=3&url=https://A.Example", "weserv", "https://A.Example"),
    ("https://images.weserv.nl?url=https://a.example/b.png", "weserv", "https://a.example/b.png"),
    ("https://wsrv.nl/?url=https://a.example/%E4%BD%A0.png", "weserv", "https://a.example/%E4%BD%A0.png"),
    ("https://wsrv.nl/?url=https://a.example/b%3Fc=1%26d=2", "weserv", "https://a.example/b?c=1&d=2"),
    ("https://wsrv.nl/?url=https%3A%2F%2Fa.example%2Fb%20c", "weserv", "https://a.example/b%20c"),
    (
        "https://wsrv.nl/?url=https%3A%2F%2Fa.example%2F%C4%E3%E4%BD%A0",
        "weserv",
        "https://a.example/%C4%E3你",
    ),
    (
        "https://Cors.Zfour.Workers.Dev:8443/?http://a.example/b.png#c",
        "cors-query",
        "http://a.example/b.png#c",
    ),
    (
        "https://cors.zfour.workers.dev/?r=https://s.example&url=http://a.example/b?c=1&d=2",
        "cors-referer",
        "http://a.example/b?c=1&d=2",
    ),
    (
        "https://corsproxy.io/?url=https%3A%2F%2Fa.example%2Fb.png",
        "corsproxy-parameter",
        "https://a.example/b.png",
    ),
    (
        "https://corsproxy.io/?key=0&url=https://a.example/b?c=1",
        "corsproxy-parameter",
        "https://a.example/b?c=1",
    ),
    ("https://cors-anywhere.herokuapp.com/a.example/b.png", "cors-anywhere", "http://a.example/b.png"),
    (
        "https://cors-anywhere.herokuapp.com/a.example:443/b.png",
        "cors-anywhere",
        "https://a.example:443/b.png",
    ),
    ("https://cors-anywhere.herokuapp.com///a.example/b.png", "cors-anywhere", "http://a.example/b.png"),
    (
        "https://ghproxy.com/github.com/u/r/raw/main/b.png",
        "github-mirror",
        "https://github.com/u/r/raw/main/b.png",
    ),
    ("/_next/image?url=%2Fb.png&w=64&q=75", "next-image", "/b.png"),
    ("/docs/_next/image/?url=%2Fb.png&amp;w=64", "next-image", "/b.png"),
    (
        "https://s.example/_next/image?url=https%3A%2F%2Fa.example%2Fb%3Fc&w=64&q=75",
        "next-image",
        "https://a.example/b?c",
    ),
    ("/_vercel/image?url=%2Fb.png&w=64", "vercel-image", "/b.png"),
    (
        "https://cdn.statically.io/gh/u/r/refs/heads/main/b.png",
        "statically-github",
        "https://raw.githubusercontent.com/u/r/refs/heads/main/b.png",
    ),
    (
        "https://cdn.statically.io/gh/u/r@main/b.png",
        "statically-github",
        "https://raw.githubusercontent.com/u/r/main/b.png",
    ),
    ("https://web.archive.org/web/https://a.example/b", "wayback", "https://a.example/b"),
    ("https://web.archive.org/web/*/https://a.example/b", "wayback", "https://a.example/b"),
    (
        "https://camo.githubusercontent.com/0123456789012345678901234567890123456789?url=http%3A%2F%2Fa.example%2Fb",
        "camo",
        "http://a.example/b",
    ),
    (
        "https://camo.a.example/abcdefghijklmnopqrstuvwxyz0/aHR0cDovL2EuZXhhbXBsZS9i",
        "camo",
        "http://a.example/b",
    ),
    ("https://i0.wp.com/a.example/b?ssl=1&q=c%3D1", "photon", "https://a.example/b?c=1"),
    ("  https://ss.csdn.net/p?https://a.example/b.png\n", "csdn-ss", "https://a.example/b.png"),
];

#[test]
fn proxies_are_known_in_all_their_spellings() {
    let proxies = Proxies::catalogue();
    for (url, name, origin) in SPELLINGS {
        let found = proxies.find(url).unwrap_or_else(|| panic!("{url}"));
        assert_eq!((found.name, found.origin.as_ref()), (*name, *origin), "{url}");
    }
}

#[test]
fn origins_that_stand_as_they_are_are_borrowed() {
    let proxies = Proxies::catalogue();
    for url in [
        "https://cors.zfour.workers.dev/?http://a.example/%e4%bd%a0/../B.png?c#d",
        "https://ghproxy.com/https://github.com/u/r/raw/main/%e4.png",
        "https://wsrv.nl/?url=https://A.example/%e4%bd%a0.png",
    ] {
        let found = proxies.find(url).unwrap();
        assert!(matches!(&found.origin, Cow::Borrowed(origin) if url.ends_with(origin)), "{url}");
    }
}

#[test]
fn what_breaks_is_told_from_what_is_uncertain() {
    let proxies = Proxies::catalogue();
    let breakage = |url| proxies.find(url).unwrap().breakage();
    assert_eq!(breakage("https://i0.wp.com/a.example/b.png"), None);
    assert_eq!(
        breakage("https://images.weserv.nl/?url=a.example/b?v=4&h=64"),
        Some(Damage::SecondQuestionMark)
    );
}

#[test]
fn files_of_github_come_out_as_they_went_in() {
    let proxies = Proxies::catalogue();
    let files = ["u/r/main/b.png", "u/r/HEAD/a/b.png", "u/r/v1.0/b.png", "u-1/r.github.io/0a1b/%E4/b.png"];
    for file in files {
        let origin = format!("https://raw.githubusercontent.com/{file}");
        for name in ["jsdelivr-github", "statically-github", "github-mirror"] {
            let url = proxies.encode(name, &origin).unwrap();
            assert_eq!(proxies.find(&url).unwrap().origin, origin, "{url}");
        }
    }
    assert_eq!(
        proxies.encode("jsdelivr-github", "https://raw.githubusercontent.com/u/r/refs/heads/main/b"),
        None
    );
    for (url, lossless) in [
        ("https://cdn.jsdelivr.net/gh/u/r@main/b.png", true),
        ("https://cdn.jsdelivr.net/gh/u/r@latest/b.png", false),
        ("https://cdn.jsdelivr.net/gh/u/r@1.2/b.png", false),
        ("https://cdn.jsdelivr.net/gh/u/r/b.png", false),
    ] {
        assert_eq!(proxies.find(url).unwrap().lossless, lossless, "{url}");
    }
}

#[test]
fn signed_and_unknown_proxies_make_no_urls() {
    let proxies = Proxies::catalogue();
    for name in ["camo", "baidu-gimg2", "substack", "wayback", "next-image", "configured", "nobody"] {
        assert_eq!(proxies.encode(name, "https://a.example/b.png"), None, "{name}");
    }
    for origin in
        ["", "a.example/b.png", "//a.example/b", "ftp://a.example/b", "http://", "http://a.example/b c"]
    {
        assert_eq!(proxies.encode("weserv", origin), None, "{origin}");
    }
}
