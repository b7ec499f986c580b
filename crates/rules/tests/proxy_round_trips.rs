//! Origins come out of proxies and templates as they went in, and no URL makes the search panic.

use postmend_rules::proxy::{Family, Proxies, UrlTemplate, repaired_url};

fn templates(sources: &[&str]) -> Proxies {
    let parsed: Vec<UrlTemplate> =
        sources.iter().map(|source| UrlTemplate::parse(source).expect("it is one")).collect();
    Proxies::catalogue().with_templates(&parsed)
}

/// A plain generator of numbers, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn text(&mut self, pieces: &[&str], most: usize) -> String {
        (0..self.below(most + 1)).map(|_| pieces[self.below(pieces.len())]).collect()
    }

    fn origin(&mut self) -> String {
        let hosts = ["a.example", "A.Example:8080", "img-1.b.example", "图.example", "127.0.0.1"];
        let pieces = [
            "a",
            "B",
            "7",
            "-",
            "_",
            ".",
            "~",
            "/",
            "//",
            "+",
            ",",
            "!",
            "*",
            "'x",
            "(1)",
            ":",
            "@",
            "%20",
            "%E4%BD%A0",
            "%e4",
            "%25",
            "%2F",
            "你",
            "é",
            "=",
            ";",
            "$",
        ];
        let mut query: Vec<&str> = pieces.to_vec();
        query.extend(["&", "?", "&url=", "&w=3", "amp;", "http://b.example/"]);
        let scheme = ["http", "https"][self.below(2)];
        let mut origin =
            format!("{scheme}://{}/{}x.png", hosts[self.below(hosts.len())], self.text(&pieces, 8));
        if self.below(2) == 0 {
            origin.push('?');
            origin.push_str(&self.text(&query, 8));
        }
        if self.below(8) == 0 {
            origin.push_str("#part");
        }
        origin
    }
}

#[test]
fn what_is_encoded_comes_out_as_it_went_in() {
    let proxies = Proxies::catalogue();
    let named = [
        "cors-query",
        "cors-anywhere",
        "corsproxy-parameter",
        "allorigins",
        "google-gadgets",
        "weserv",
        "netlify-images",
        "photon",
    ];
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut held = [0; 8];
    for _ in 0..4_000 {
        let origin = numbers.origin();
        for (name, held) in named.iter().zip(&mut held) {
            let Some(url) = proxies.encode(name, &origin) else { continue };
            let found = proxies.find(&url).unwrap();
            assert_eq!((found.name, found.origin.as_ref()), (*name, origin.as_str()), "{url}");
            assert_eq!(proxies.encode(name, &found.origin).as_deref(), Some(url.as_str()));
            assert!(found.lossless || *name == "photon", "{url}");
            *held += 1;
        }
    }
    assert!(held[..7].iter().all(|held| *held > 3_000) && held[7] > 100, "{held:?}");
}

const TEMPLATES: &[&str] = &[
    "https://my.proxy/?u={origin}",
    "https://my.proxy/?u={origin:percent}",
    "https://my.proxy/?u={origin:percent}&w=64",
    "https://my.proxy/{origin}/end",
    "//my.proxy:8080/img/${href}",
    "https://my.proxy/?u=${href_ue}&x=1",
    "/img?u={origin:percent}",
    "https://my.proxy/?${protocol}//${host}${pathname}${search}",
    "https://my.proxy/${host}${pathname}${search}",
    "https://my.proxy/https://${host}${pathname}${search}",
    "https://my.proxy/?h=${host}&p=${pathname}&s=${search}&r=${protocol}",
    "https://my.proxy/?h=${host_ue}&p=${pathname_ue}&s=${search_ue}&r=${protocol_ue}",
    "https://my.proxy/${host}${pathname}",
    "https://my.proxy/{scheme}/{host}/{path}{query}",
    "http://my.proxy/?h={host:percent}&p={path:percent}&s={query:percent}&r={scheme:percent}",
];

#[test]
fn templates_give_back_what_they_took() {
    let mut numbers = Numbers(42);
    for source in TEMPLATES {
        let template = UrlTemplate::parse(source).unwrap();
        let proxies = templates(&[source]);
        let mut held = 0;
        for _ in 0..1_000 {
            let origin = numbers.origin();
            let Some(url) = template.expand(&origin) else { continue };
            assert_eq!(template.invert(&url).as_deref(), Some(origin.as_str()), "{source}: {url}");
            let found = proxies.find(&url).unwrap();
            assert_eq!((found.name, found.family), ("configured", Family::Own));
            assert_eq!(found.origin, origin, "{source}");
            held += 1;
        }
        assert!(held > 150, "{source}: {held}");
    }
}

#[test]
fn templates_are_refused_with_a_reason() {
    for (source, reason) in [
        ("https://my.proxy/", "has no {origin} or {origin:percent}"),
        ("https://my.proxy/?u={origin}&v={origin}", "has more than one origin"),
        ("https://my.proxy/?u={origin}&v=${host}", "has more than one origin"),
        ("https://my.proxy/${host}", "needs both the host and the path"),
        ("https://my.proxy/{host}/{file}", "has a placeholder from which the origin cannot be restored"),
        ("https://my.proxy/{origin", "has an unclosed `{origin`"),
        ("https://my.proxy/${origin}", "has the unknown placeholder `${origin}`"),
        ("https://my.proxy/${hash}?{origin}", "has the unknown placeholder `${hash}`"),
        ("https://my.proxy/${host_ue}${pathname}", "has an encoded part with nothing after it"),
        ("{origin}?w=64", "does not start with a host"),
        ("https://my.proxy{origin}", "does not start with a host"),
        ("https://{origin}/", "does not start with a host"),
        ("", "does not start with a host"),
    ] {
        let error = UrlTemplate::parse(source).unwrap_err();
        assert_eq!(error, format!("template `{source}` {reason}"));
    }
}

#[test]
fn templates_know_their_proxy_by_its_host() {
    let proxies =
        templates(&["https://my.proxy/?u={origin:percent}", "https://other.proxy/${host}${pathname}"]);
    let origin = |url| proxies.find(url).map(|found| (found.origin.into_owned(), found.lossless));
    let certain = Some(("https://a.example/b".to_owned(), true));
    assert_eq!(origin("https://my.proxy/?u=https%3A%2F%2Fa.example%2Fb"), certain);
    assert_eq!(origin("http://MY.Proxy/?u=https%3a%2f%2fa.example%2fb"), certain);
    assert_eq!(origin("//my.proxy/?u=https://a.example/b"), certain);
    assert_eq!(origin("https://my.proxy/?u=https://a.example/b&w=3"), None);
    assert_eq!(origin("https://my.proxy/style.css"), None);
    assert_eq!(origin("https://my.proxy.example/?u=https%3A%2F%2Fa.example%2Fb"), None);
    assert_eq!(origin("https://other.proxy/a.example/b"), Some(("http://a.example/b".to_owned(), false)));
    let broken = proxies.find("https://my.proxy/?u=http%3A%2Fa.example%2Fb").unwrap();
    assert_eq!(repaired_url(&broken).as_deref(), Some("http://a.example/b"));
}

/// What URLs of proxies are made of, whole and broken.
const PIECES: [&str; 40] = [
    "https://",
    "http:",
    "//",
    "/",
    "?",
    "&",
    "=",
    "%",
    "%2",
    "%E4",
    "%253A",
    "[",
    "](",
    ")",
    "你",
    "：",
    "url",
    "src=",
    "cors.zfour.workers.dev",
    "x.workers.dev",
    "wsrv.nl",
    "i0.wp.com",
    "my.proxy",
    "a.example",
    "/gh/u/r@",
    "/web/2020im_/",
    "/_next/image?url=",
    "gimg2.baidu.com/image_search/src=",
    "undefined",
    "\"",
    "amp;",
    "sec=9",
    "#",
    "@",
    ":",
    "camo.x.example/",
    "ssl:",
    "web.archive.org",
    "cdn.jsdelivr.net",
    "\u{0}",
];

#[test]
fn nothing_in_a_url_makes_it_panic_or_hang() {
    let proxies = templates(TEMPLATES);
    let mut numbers = Numbers(7);
    for _ in 0..60_000 {
        let url = numbers.text(&PIECES, 9);
        if let Some(found) = proxies.find(&url) {
            let intended = repaired_url(&found);
            assert!(intended.is_none() || !found.damages.is_empty(), "{url}");
        }
    }
    for piece in
        ["https://cors.zfour.workers.dev/?", "[](", "%E4", "&url=", "(", "&amp;", "https://wsrv.nl/?url="]
    {
        for head in
            ["", "https://cors.zfour.workers.dev/?", "https://wsrv.nl/?url=", "https://corsproxy.io/?url="]
        {
            proxies.find(&format!("{head}{}", piece.repeat(30_000)));
        }
    }
}
