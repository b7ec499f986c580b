//! Every place where a URL or an image stands, found with its exact bytes, and none in code.

use postmend_core::{Alt, Document, Format, Generator, Role};

/// Format, post, and what is found: `role value` for each URL, `alt …` behind an image's.
const CASES: [(Format, &str, &[&str]); 37] = [
    (Format::Markdown, "![a b](x.png \"t\")", &["image x.png alt a b"]),
    (Format::Markdown, "![](<a b.png>)", &["image a b.png alt empty"]),
    (Format::Markdown, "![a](b\\_c.png?d=1&amp;e=2)", &["image b_c.png?d=1&e=2 alt a"]),
    (Format::Markdown, "![a *b* `c`](x.png)", &["image x.png alt a b c"]),
    (Format::Markdown, "![a][r] ![r][] ![r]\n\n[r]: x.png", &["image x.png alt a alt r alt r"]),
    (Format::Markdown, "[a][r]\n\n[r]: <x y> 't'\n[unused]: z", &["link x y", "link z"]),
    // Definitions in the order of the text.
    (
        Format::Markdown,
        "![a][r]\n\n[r]: <b&amp;.png>\n[s]: <b&amp;.png>",
        &["image b&.png alt a", "link b&.png"],
    ),
    (Format::Markdown, "[![a](x.png)](y)", &["image x.png alt a", "link y"]),
    (
        Format::Markdown,
        "[a](y) <https://b.example> https://c.example/d, (https://e.example)",
        &["link y", "link https://b.example", "link https://c.example/d", "link https://e.example"],
    ),
    (Format::Markdown, "| a | ![x](y\\|z.png) |\n|---|---|\n| b | c |", &["image y|z.png alt x"]),
    (
        Format::Markdown,
        "> ![a](b.png)\n> <img src=\"c.png\"\n>  alt=\"d\">",
        &["image b.png alt a", "image c.png alt d"],
    ),
    (Format::Markdown, "- <div>\n  <img src='a.png'>\n  </div>", &["image a.png alt absent"]),
    (Format::Markdown, "<img src=a.png alt>", &["image a.png alt empty"]),
    (Format::Markdown, "<img alt=\"&quot;x&quot;\" src=\"a?b=1&amp;c=2\">", &["image a?b=1&c=2 alt \"x\""]),
    (
        Format::Markdown,
        "<img src=\"l.gif\" data-original=\"a.png\" data-src='b.png'>",
        &["image l.gif alt absent", "image a.png", "image b.png"],
    ),
    (Format::Markdown, "<img srcset=\"a.png 1x, b,c.png 2x\" alt=\"\">", &["image a.png", "image b,c.png"]),
    (
        Format::Markdown,
        "<picture><source srcset=\"a.avif 2x\"><img src=\"a.png\" alt=\"b\"></picture>",
        &["image a.avif", "image a.png alt b"],
    ),
    (
        Format::Markdown,
        "<video poster=\"p.png\" src=\"v.mp4\"></video><a href=\"l\">x</a>",
        &["image p.png", "media v.mp4", "link l"],
    ),
    (
        Format::Markdown,
        "<div style=\"background: url('a.png') , url(b.png)\"></div>",
        &["image a.png", "image b.png"],
    ),
    (
        Format::Markdown,
        "---\ncover: 'a.png'\nimages:\n  - https://b.example/b\nlink: https://c.example\ntitle: d.png\n---\n",
        &["image a.png", "image https://b.example/b", "link https://c.example"],
    ),
    (
        Format::Markdown,
        "+++\nimage = \"a.png\"\n[extra]\nphotos = [\"b.png\"]\n+++\n",
        &["image a.png", "image b.png"],
    ),
    (Format::Markdown, "{% asset_img a.png b %} {% img left /c.png 10 %}", &["image a.png", "image /c.png"]),
    (Format::Markdown, "{{< figure src=\"a.png\" alt=\"b\" >}}", &["image a.png alt b"]),
    (
        Format::Markdown,
        "{% include figure.html image_path=\"/a.png\" alt=\"\" %}",
        &["image /a.png alt empty"],
    ),
    (
        Format::Markdown,
        "<img src=\"{% asset_path \"01.png\" %}\" alt=\"b\">",
        &["image {% asset_path \"01.png\" %} alt b", "image 01.png"],
    ),
    (
        Format::Mdx,
        "import a from './a.png'\n\n<Figure src=\"b.png\" alt=\"c\" size={1} /> {`![](d.png)`}",
        &["image b.png alt c"],
    ),
    (Format::Mdx, "<Image src={a} alt=\"b\" />", &["image {a} alt b"]),
    (
        Format::Mdx,
        "<Image src={\"/a.png\"} alt=\"b\" /> <img src={ '/c.png' } alt={`d`} /> <Image src={`${e}.png`} />",
        &["image /a.png alt b", "image /c.png alt \u{FFFC}", "image {`${e}.png`} alt absent"],
    ),
    (Format::Mdx, "<YouTubeIframe src=\"https://a.example/b\" />", &["media https://a.example/b"]),
    (
        Format::Mdx,
        "<Card image=\"https://a.example/?http://b.example/c.png\" url=\"https://a.example/d\">\n\na\n\n</Card>",
        &["image https://a.example/?http://b.example/c.png alt absent"],
    ),
    (Format::Markdown, "+++\nimage = \"\"\"a.png\"\"\"\n+++\n", &["image a.png"]),
    (Format::Html, "<main>\n\n    <img src=a.png>\n</main>", &["image a.png alt absent"]),
    (Format::Markdown, "```\n![](a.png)\n```\n\n    ![](b.png)\n\n`![](c.png)` <code>![](d.png)</code>", &[]),
    (Format::Markdown, "<pre>\n<img src=\"a.png\">\n\n</pre>\n\n<script>'<img src=b.png>'</script>", &[]),
    (Format::Markdown, "- a\n\n  ```html\n  <img src=\"a.png\">\n  ```\n\n> ```\n> ![](b.png)\n> ```", &[]),
    (Format::Markdown, "<!-- <img src=\"a.png\"> ![](b.png) -->", &[]),
    (Format::Markdown, "{% codeblock %}\n![](a.png)\n{% endcodeblock %}", &[]),
];

fn found(document: &Document<'_>) -> Vec<String> {
    let mut list: Vec<String> = document
        .urls
        .iter()
        .map(|url| {
            let role = match url.role {
                Role::Image => "image",
                Role::Link => "link",
                Role::Media => "media",
            };
            format!("{role} {}", url.value)
        })
        .collect();
    for image in &document.images {
        let alt = match &image.alt {
            Alt::Unsaid => continue,
            Alt::Absent => "absent".to_owned(),
            Alt::Empty(_) => "empty".to_owned(),
            Alt::Text(_, text) => text.clone().into_owned(),
        };
        if let Some(url) = image.url {
            list[url as usize].push_str(&format!(" alt {alt}"));
        }
    }
    list
}

#[test]
fn every_place_is_found() {
    for (format, text, expected) in CASES {
        let document = Document::read(text, format, Generator::None);
        assert_eq!(found(&document), expected, "{text}");
        for url in document.urls.iter().filter(|url| !url.templated && !url.span.of(text).contains('\n')) {
            assert_eq!(url.escaping.decode(url.span.of(text)), url.value, "{text}");
        }
    }
}

/// Posts, and what a rewrite of each of their URLs to another makes of them.
const REWRITES: [(&str, &str); 9] = [
    ("![](<a b.png>)", "![](<https://n.example/x?a=1&b=2>)"),
    ("![](a.png)", "![](https://n.example/x?a=1&b=2)"),
    ("<img src=a.png>", "<img src=\"https://n.example/x?a=1&b=2\">"),
    ("<img src='a?b=1&amp;c=2'>", "<img src='https://n.example/x?a=1&amp;b=2'>"),
    ("<img src='a?b=1&c=2'>", "<img src='https://n.example/x?a=1&b=2'>"),
    ("<img srcset='a.png 1x'>", "<img srcset='https://n.example/x?a=1&b=2 1x'>"),
    (
        "---\ncover: a.png\nimg: \"b.png\"\n---\n",
        "---\ncover: https://n.example/x?a=1&b=2\nimg: \"https://n.example/x?a=1&b=2\"\n---\n",
    ),
    ("{{< figure src=\"a.png\" >}}", "{{< figure src=\"https://n.example/x?a=1&b=2\" >}}"),
    ("{{< figure src=\"{{ a }}.png\" >}}", "{{< figure src=\"{{ a }}.png\" >}}"),
];

#[test]
fn urls_are_written_as_their_place_demands() {
    for (text, expected) in REWRITES {
        let document = Document::read(text, Format::Markdown, Generator::None);
        let rewrites =
            document.urls.iter().filter_map(|url| url.rewrite(text, "https://n.example/x?a=1&b=2"));
        let patch = postmend_core::Patch::new(rewrites.collect()).unwrap();
        assert_eq!(patch.apply(text), expected);
    }
}
