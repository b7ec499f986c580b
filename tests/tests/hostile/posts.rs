//! Hostile posts: each has a file name, a function that makes it, and the numbers of its parts for a test and a
//! measurement.

/// A kind of post.
pub struct Hostile {
    /// The file name, which describes the post.
    pub name: &'static str,
    /// Makes a post with this number of parts.
    pub make: fn(usize) -> Vec<u8>,
    /// The number of parts in a test, with a debug build.
    pub few: usize,
    /// The number of parts in a measurement.
    pub many: usize,
}

const MILLION: usize = 1_000_000;

const fn post(name: &'static str, make: fn(usize) -> Vec<u8>) -> Hostile {
    Hostile { name, make, few: 20_000, many: MILLION }
}

impl Hostile {
    /// Sets another number of parts for a test: what was once quadratic needs many.
    const fn few(self, few: usize) -> Self {
        Self { few, ..self }
    }

    const fn many(self, many: usize) -> Self {
        Self { many, ..self }
    }
}

fn repeated(part: &str, count: usize) -> Vec<u8> {
    part.repeat(count).into_bytes()
}

/// A prefix, a repeated part, and a suffix.
fn within(before: &str, part: &str, count: usize, after: &str) -> Vec<u8> {
    [before, &part.repeat(count), after].concat().into_bytes()
}

/// Nested parts with equal numbers of opening and closing strings.
fn nested(open: &str, inside: &str, close: &str, count: usize) -> Vec<u8> {
    [&open.repeat(count), inside, &close.repeat(count)].concat().into_bytes()
}

fn numbered(before: &str, line: impl Fn(usize) -> String, count: usize, after: &str) -> Vec<u8> {
    let mut out = before.to_owned();
    out.extend((0..count).map(line));
    (out + after).into_bytes()
}

/// The "billion laughs" attack: each level is a list of nine references to the one before.
fn laughs(count: usize) -> Vec<u8> {
    let mut out = "---\na0: &a0 lol\n".to_owned();
    for level in 1..count.max(2) {
        let before = format!("*a{}", level - 1);
        out += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(","));
    }
    (out + "---\nText with recieve\n").into_bytes()
}

fn utf16(text: &str, count: usize) -> Vec<u8> {
    let text = "\u{FEFF}".to_owned() + &text.repeat(count);
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Deeply nested block mappings.
fn stairs(count: usize) -> Vec<u8> {
    let mut out = "---\na:\n".to_owned();
    (1..=count).for_each(|level| out += &format!("{}b:\n", " ".repeat(level)));
    (out + "---\nText\n").into_bytes()
}

pub const POSTS: [Hostile; 98] = [
    // Long lines and plain text.
    post("one-line.md", |n| repeated("word ", n)).many(20 * MILLION),
    post("one-line.html", |n| repeated("word ", n)).many(20 * MILLION),
    post("one-character.md", |n| repeated("中", n)).many(4 * MILLION),
    post("one-phrase.md", |n| repeated("开工建设", n)),
    post("two-phrases.md", |n| repeated("开工建设，开个建设。", n)),
    post("mistakes.md", |n| repeated("recieve ", n)).few(4_000),
    post("nul.md", |n| repeated("\0", n)),
    post("nul.html", |n| repeated("<p\0>\0", n)),
    post("invalid.md", |n| [0xFF].repeat(n)),
    post("invalid-late.md", |n| [repeated("text ", n), vec![0xE4, 0xB8]].concat()),
    post("utf16.md", |n| utf16("recieve 开个建设\n", n)).few(4_000),
    post("utf16-odd.md", |n| [utf16("recieve\n", n), vec![0x41]].concat()),
    post("utf16-half.md", |n| [utf16("recieve\n", n), vec![0x00, 0xD8]].concat()),
    post("controls.md", |n| repeated("\u{1B}]0;x\u{7}\u{202E}\u{9B}31m recieve\r", n)).few(4_000),
    post("invisible.md", |n| repeated("\u{200B}", n)).few(40_000),
    post("invisible-words.md", |n| repeated("a\u{200B}b ", n)),
    post("blanks.md", |n| repeated(" \t", n)),
    post("blank-lines.md", |n| repeated("\n", n)),
    post("returns.md", |n| repeated("\r", n)),
    post("trailing-blanks.md", |n| repeated("<b>a</b> \n", n)).few(40_000),
    // Markdown.
    post("quotes.md", |n| repeated(">", n)),
    post("quotes-apart.md", |n| repeated("> ", n)),
    post("lists.md", |n| repeated("- ", n)),
    post("numbered-lists.md", |n| repeated("1. ", n)),
    post("stars.md", |n| repeated("*a **a ", n)),
    post("stars-alone.md", |n| repeated("*", n)),
    post("stars-around.md", |n| nested("*", "a", "*", n)),
    post("underscores.md", |n| repeated("_a __a ", n)),
    post("brackets.md", |n| repeated("[", n)),
    post("brackets-around.md", |n| nested("[", "a", "]", n)),
    post("bangs.md", |n| repeated("![", n)),
    post("images.md", |n| repeated("![](a.png) ", n)),
    post("images-nested.md", |n| nested("![a", "b", "](c.png)", n)),
    post("images-without-alt-nested.md", |n| nested("![", "", "](c.png)", n)),
    post("images-of-templates.md", |n| nested("![", "{{ a }}", "](c.png)", n)),
    post("links-nested.md", |n| nested("[a", "b", "](c)", n)),
    post("references.md", |n| numbered("", |at| format!("![a][r{at}]\n\n[r{at}]: <b{at}.png>\n\n"), n, "")),
    post("one-reference.md", |n| within("[r]: b.png\n\n", "![a][r]\n\n", n, "")),
    post("escaped-references.md", |n| within("[r]: b\\_.png\n\n", "![a][r]\n\n", n, "")),
    post("backticks.md", |n| repeated("`a``b```c", n)),
    post("parentheses.md", |n| within("[a](", "(", n, ")")),
    post("fence.md", |n| within("```\n", "recieve {{ a }}\n", n, "")).few(4_000),
    post("code-span.md", |n| within("`", "recieve ", n, "")).few(4_000),
    post("table.md", |n| within("|a|\n|-|\n", "|![](b.png)|\n", n, "")),
    post("wide-table.md", |n| {
        [repeated("|a", n), b"|\n".to_vec(), repeated("|-", n), b"|\n|b|\n".to_vec()].concat()
    }),
    post("footnotes.md", |n| numbered("", |at| format!("a[^{at}]\n\n[^{at}]: b\n\n"), n, "")),
    post("addresses.md", |n| repeated("https://a.example/b ", n)),
    post("address-of-brackets.md", |n| within("https://a", ")", n, "")).few(100_000),
    post("address-of-dots.md", |n| within("https://a", ".)", n, "")).few(100_000),
    post("headings.md", |n| repeated("# a\n", n)),
    post("setext.md", |n| repeated("a\n=\n", n)),
    post("directives.md", |n| repeated("<!-- postmend-disable-line misspelling --> a ", n)).few(20_000),
    post("directives-on-lines.md", |n| repeated("<!-- postmend-disable-next-line -->\nrecieve\n\n", n))
        .few(10_000),
    post("enabled.md", |n| {
        repeated("<!-- postmend-disable missing-alt -->\n<!-- postmend-enable misspelling -->\n", n)
    })
    .few(40_000),
    // HTML.
    post("elements.md", |n| repeated("<div>", n)),
    post("elements.html", |n| repeated("<div>", n)),
    post("elements-around.html", |n| nested("<div>", "a", "</div>", n)),
    post("other-closings.html", |n| [repeated("<b>", n), repeated("</i>", n)].concat()),
    post("anchors.html", |n| {
        [repeated("<a>", n), repeated("<img src=a.png alt=''>", n), repeated("</a>", n)].concat()
    })
    .few(60_000),
    post("attributes.html", |n| numbered("<img ", |at| format!("a{at}=b "), n, ">")),
    post("same-attributes.html", |n| within("<img ", "src=a.png ", n, ">")),
    post("styles.html", |n| within("<p style='", "background:url(a.png);", n, "'>")),
    post("candidates.html", |n| within("<img alt='' srcset='", "a.png 1x,", n, "'>")),
    post("missing-alts.html", |n| repeated("<img src=a.png>", n)).few(30_000),
    post("missing-alts.md", |n| {
        repeated("<img src='https://cors.zfour.workers.dev/?http://a.example/b.jpeg'>", n)
    })
    .few(30_000),
    post("comment.md", |n| within("<!--", "recieve ", n, "")),
    post("comment.html", |n| repeated("<!--", n)),
    post("tag.html", |n| repeated("<a ", n)),
    post("tag.md", |n| repeated("<a ", n)),
    post("quote.html", |n| repeated("<a b='", n)),
    post("entities.html", |n| repeated("&amp;&#x110000;&", n)),
    post("raw.html", |n| repeated("<script>", n)),
    post("fonts.html", |n| repeated("<font color=red>a", n)),
    post("tables.html", |n| repeated("<table><tr><td>", n)),
    // Templates.
    post("template.md", |n| repeated("{{ a ", n)),
    post("template-tag.md", |n| repeated("{% a ", n)),
    post("template-body.md", |n| within("{% code %}", "{", n, "")).few(200_000),
    post("braces.mdx", |n| repeated("{", n)),
    post("braces-around.mdx", |n| nested("{", "a", "}", n)),
    post("modules.mdx", |n| repeated("import a\n\n", n)),
    // Front matter.
    post("laughs.md", |n| laughs(n.min(30))),
    post("flow.md", |n| within("---\na: ", "[", n, "\n---\nText\n")).many(100_000),
    post("flow-closed.md", |n| [&b"---\na: "[..], &nested("[", "", "]", n), b"\n---\nText\n"].concat())
        .many(100_000),
    post("flow-maps.md", |n| [&b"---\na: "[..], &nested("{a: ", "b", "}", n), b"\n---\nText\n"].concat())
        .many(100_000),
    post("block.md", |n| within("---\na:\n ", "- ", n, "b\n---\nText\n")).many(100_000),
    post("block-maps.md", |n| stairs(n / 20)).many(100_000),
    post("complex-keys.md", |n| within("---\n", "? ", n, "a\n---\nText\n")).many(100_000),
    post("toml.md", |n| [&b"+++\na = "[..], &nested("[", "", "]", n), b"\n+++\nText\n"].concat())
        .many(100_000),
    post("toml-dotted.md", |n| [&b"+++\na"[..], &repeated(".a", n), b" = 1\n+++\nText\n"].concat())
        .many(100_000),
    post("json.md", |n| nested("{\"a\":", "1", "}", n)).many(100_000),
    post("keys.md", |n| numbered("---\n", |at| format!("key{at}: value\n"), n, "---\nText\n")),
    post("same-keys.md", |n| within("---\n", "key: value\n", n, "---\nText\n")),
    post("front-matter.md", |n| within("---\n", "key: value\n", n, "")),
    post("dates.md", |n| {
        numbered("---\n", |at| format!("d{at}:\n  date: Mon, 07 Feb 2022 15:06:26 GMT\n"), n, "---\nText\n")
    }),
    // What each finding or link looks at around it.
    post("words-in-a-field.md", |n| within("---\ndescription: ", "they recieve it ", n, "\n---\n")),
    post("links-beside-code.md", |n| numbered("`x` ", |number| format!("[a](gone{number}.md) "), n, "\n")),
    post("comments-in-braces.mdx", |n| repeated("{/*", n)),
    post("tabs-after-fences.md", |n| repeated("```\t\n", n)),
];
