//! Values that readers see, such as titles and captions, are passages, and are edited without breaking their quotes.

use postmend_core::{Document, Format, Generator, PassageKind, Patch};

const MD: Format = Format::Markdown;
const MDX: Format = Format::Mdx;

/// A post, and the values in it that readers see.
const CASES: [(Format, &str, &[&str]); 36] = [
    // Titles of Markdown, in each form.
    (MD, "![A box](a.png \"We see it\")", &["We see it", "A box"]),
    (MD, "[a](b 'it is \"so\"') [c](d (it's so))", &["it is \"so\"", "it's so"]),
    (MD, "[a](b \"say \\\"so\\\" &amp; \\go\")", &["say \"so\" & \\go"]),
    (MD, "[a](b (one \\(two\\)))", &["one (two)"]),
    (MD, "[a](<b c> \"one\ntwo\")", &["one\ntwo"]),
    (MD, "[a](b)\n\n[one](two \"\")", &[]),
    (MD, "`[a](b \"one\")`\n\n    [a](b \"one\")", &[]),
    (MD, "[a](b \"{{ one }}\")", &[]),
    // Titles of definitions, where they are used.
    (MD, "[a][r] [r] [r][]\n\n[r]: b \"one\"", &["one"]),
    (MD, "![a][r]\n\n[r]: <b>\n  'one \\'two\\''", &["one 'two'", "a"]),
    (MD, "[//]: # (A comment)\n\n[unused]: b \"one\"", &[]),
    (MD, "[a]\n\n[a]: b&amp;c (one)", &["one"]),
    // Attributes of HTML.
    (MD, "<img src=\"a\" alt=\"one\" title='two &amp; three'>", &["two & three", "one"]),
    (
        MD,
        "a <abbr title=\"one\">b</abbr> <span title='two'>c</span> <code title=\"three\">d</code>",
        &["one", "two"],
    ),
    (MD, "<img src=a alt=one>", &["one"]),
    (MD, "<a href=\"b\" title=\"\">c</a> <p id=\"one\" class=\"two\">d</p>", &[]),
    (Format::Html, "<p><a href=\"b\" title=\"&quot;one&quot;\">c</a>", &["\"one\""]),
    // Arguments of shortcodes and tags.
    (
        MD,
        "{{< figure src=\"a.png\" caption=\"one\" title=\"two\" alt=\"three\" >}}",
        &["three", "one", "two"],
    ),
    (MD, "{{< figure src=\"one.png\" class=\"two\" id=\"three\" link=\"four\" width=\"five\" >}}", &[]),
    (MD, "{{< figure caption=\"say \\\"so\\\"\" >}}", &["say \"so\""]),
    (MD, "{{% figure src=`a` caption=`it's so` %}}", &["it's so"]),
    (MD, "{{< figure src=\"a\" caption=\"<b>one</b>\" alt=\"{{ two }}\" >}}", &[]),
    (MD, "{{</* figure caption=\"one\" */>}}\n\n`{{< figure caption=\"one\" >}}`", &[]),
    (MD, "{{< card title=\"one\" >}}", &[]),
    (MD, "{% include figure.html src=\"a.png\" caption='one' %}", &["one"]),
    // Props of components.
    (MDX, "<Figure caption=\"one\" />", &["one"]),
    (
        MDX,
        "# a\n\n<Figure\n  src=\"a.png\"\n  alt=\"one\"\n  caption='say \"so\"'\n/>",
        &["one", "say \"so\""],
    ),
    (MDX, "<Tab label=\"one &lt; two\" value=\"three\">\n\nfour\n\n</Tab>", &["one < two"]),
    (MDX, "a <Tip title=\"one\">b</Tip> c", &["one"]),
    (MDX, "<Figure caption={\"one\"} title={two} alt={`three`} />", &[]),
    (MDX, "<Link to=\"one\" href=\"two\" id=\"three\" className=\"four\" name=\"five\" key=\"six\" />", &[]),
    (MDX, "<Code title=\"src/one.js\" label=\"two_three\" />", &[]),
    (MDX, "<figure caption=\"one\" />", &[]),
    (MDX, "```jsx\n<Figure caption=\"one\" />\n```\n\n`<Figure caption=\"one\" />`", &[]),
    (MD, "<Figure caption=\"one\" />\n\n<Badge title=\"[one]\" />", &["one", "[one]"]),
    (MDX, "> <Figure caption=\"one\" />\n> b", &["one"]),
];

#[test]
fn values_that_readers_see_are_passages() {
    for (format, text, expected) in CASES {
        let document = Document::read(text, format, Generator::None);
        let passages = document.prose.passages().filter(|passage| passage.kind == PassageKind::Alt);
        let found: Vec<_> = passages.map(|passage| passage.text).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_shortcode_at_the_start_is_no_front_matter() {
    for text in ["{{< figure caption=\"one\" >}}\n", "{{% figure title=\"one\" %}}\n\ntwo\n"] {
        let document = Document::read(text, MD, Generator::Hugo);
        assert!(document.front.matter.is_none() && document.front.body == 0, "{text}");
        assert!(document.prose.text.contains("one"), "{text}");
    }
}

/// A post, a word of its prose, the word to write, and the post then; empty if the place cannot hold it.
const EDITS: [(&str, [&str; 2], &str); 15] = [
    ("[a](b \"dont go\")", ["dont", "don't"], "[a](b \"don't go\")"),
    ("[a](b 'dont go')", ["dont", "don't"], ""),
    ("[a](b 'alot')", ["alot", "a lot"], "[a](b 'a lot')"),
    ("[a](b (alot))", ["alot", "a lot)"], ""),
    ("[a](b \"say \\\"alot\\\"\")", ["alot", "a lot"], "[a](b \"say \\\"a lot\\\"\")"),
    ("[a][r]\n\n[r]: b 'dont'", ["dont", "don't"], ""),
    ("![alot](b)", ["alot", "a lot"], "![a lot](b)"),
    ("![alot](b)", ["alot", "[a] lot"], ""),
    ("<img src=b alt='dont'>", ["dont", "don't"], ""),
    ("<img src=b alt=\"don&apos;t alot\">", ["alot", "a lot"], "<img src=b alt=\"don&apos;t a lot\">"),
    ("<img src=b alt=alot>", ["alot", "a lot"], ""),
    ("<img src=b alt=teh>", ["teh", "the"], "<img src=b alt=the>"),
    (
        "{{< figure src=\"teh.png\" caption=\"teh\" >}}",
        ["teh", "the"],
        "{{< figure src=\"teh.png\" caption=\"the\" >}}",
    ),
    ("{{< figure caption=\"teh\" >}}", ["teh", "\"the\""], ""),
    ("<Figure caption='dont' />", ["dont", "don't"], ""),
];

#[test]
fn edits_keep_the_quotes() {
    for (text, [word, new], expected) in EDITS {
        let document = Document::read(text, MD, Generator::None);
        let at = document.prose.text.find(word).unwrap();
        let edits = document.prose.replace(at..at + word.len(), new);
        let edited = edits.map_or(String::new(), |edits| Patch::new(edits).unwrap().apply(text));
        assert_eq!(edited, expected, "{text}");
    }
}
