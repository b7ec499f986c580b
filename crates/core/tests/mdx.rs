//! MDX is read as MDX compiles it: by its own rules for what is code, what is a block, and what is a paragraph.

use postmend_core::{Document, Elements, Format, Generator};

/// A post, its passages without the placeholders of tags, its URLs, and its code.
const CASES: [(&str, [&[&str]; 3]); 13] = [
    // What is indented in a component is content.
    ("<Tabs>\n  <Tab>\n\n    One ![b](c.png)\n\n  </Tab>\n</Tabs>\n", [&["One", "b"], &["c.png"], &[]]),
    ("<Tabs>\n  <Tab>\n    ```js\n    one\n    ```\n    Two\n  </Tab>\n</Tabs>\n", [&["Two"], &[], &["one"]]),
    ("- One\n\n      <img src=\"d.png\" />\n", [&["One"], &["d.png"], &[]]),
    ("- One\n\n      ```\n      two\n      ```\n\n  Three\n", [&["One", "Three"], &[], &["two"]]),
    ("\tOne\n\n\t- Two\n\t  - Three\n", [&["One", "Two", "Three"], &[], &[]]),
    // A fence may be closed at any depth.
    ("```\none\n     ```\nTwo\n", [&["Two"], &[], &["one"]]),
    // A line that only starts with a tag is a paragraph.
    ("<div>One *two* ![three](d.png)</div>\n", [&["One two", "three"], &["d.png"], &[]]),
    ("One\n<Box>\nTwo [three](e)\n</Box>\nFour\n", [&["One", "Two three", "Four"], &["e"], &[]]),
    ("> <Box>\n> One\n> </Box>\n", [&["One"], &[], &[]]),
    ("<Box.Item\n  title=\"a\"\n  src=\"b.png\"\n>\nOne\n</Box.Item>\n", [&["a", "One"], &["b.png"], &[]]),
    ("<p>{one}</p>\n\n<p>Two</p>\n", [&["Two"], &[], &[]]),
    ("import A from 'b'\n\nOne <A />\n", [&["One"], &[], &[]]),
    ("<!-- one\n    two -->\n    Three\n", [&["Three"], &[], &[]]),
];

#[test]
fn blocks_are_those_of_mdx() {
    for (text, [passages, urls, code]) in CASES {
        let document = Document::read(text, Format::Mdx, Generator::None);
        let found = document.prose.passages();
        let found = found.map(|passage| passage.text.replace('\u{FFFC}', "").trim().to_owned());
        let found: Vec<_> = found.filter(|text| !text.is_empty()).collect();
        assert_eq!(found, passages, "{text}");
        for word in passages.iter().flat_map(|passage| passage.split(' ')) {
            let at = document.prose.text.find(word).unwrap();
            let span = document.prose.exact_span(at..at + word.len()).unwrap();
            assert_eq!(span.of(text), word, "{text}");
        }
        let found: Vec<_> = document.urls.iter().map(|url| url.span.of(text)).collect();
        assert_eq!(found, urls, "{text}");
        let all: Vec<_> = document.code.iter().map(|span| span.of(text)).collect();
        assert!(
            code.len() == all.len() && code.iter().zip(&all).all(|(code, all)| all.contains(code)),
            "{all:?}"
        );
    }
}

#[test]
fn elements_lead_back_to_the_source() {
    let text = "<Tabs>\n  <Tab>\n    One **two**\n  </Tab>\n</Tabs>\n";
    let document = Document::read(text, Format::Mdx, Generator::None);
    let elements = Elements::of(&document);
    let selector = postmend_core::html::tree::selector("tab > p > strong").unwrap();
    let found: Vec<_> = elements.select(&selector, &|| false).map(|element| element.tag.of(text)).collect();
    assert_eq!(found, ["**two**"], "{}", elements.html());
}

#[test]
fn front_matter_names_the_format() {
    let format = |text, format| Document::read(text, format, Generator::Docusaurus).format;
    for (text, expected) in [
        ("---\nformat: md\n---\n", Format::Markdown),
        ("---\nmdx:\n  format: md\n---\n", Format::Markdown),
        ("---\nother:\n  format: md\n---\n", Format::Mdx),
        ("---\nformat: detect\n---\n", Format::Mdx),
    ] {
        assert_eq!(format(text, Format::Mdx), expected, "{text}");
    }
    assert_eq!(format("---\nformat: mdx\n---\n", Format::Markdown), Format::Mdx);
    // Before version 3, Markdown is no MDX, but it has imports.
    let document = Document::read("import A from 'b'\n\n    c\n", Format::Markdown, Generator::Docusaurus);
    assert_eq!(document.prose.text.trim_matches('\u{FFFC}').trim(), "");
    assert_eq!(document.code.len(), 1);
}
