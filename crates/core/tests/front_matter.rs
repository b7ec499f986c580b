//! What each generator makes of the head of a post, compared cell by cell with what was measured,
//! and every value and span compared with an independent parser.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_core::Generator::{self, Astro, Docusaurus, Eleventy, Hexo, Hugo, Jekyll, VitePress, Zola};
use postmend_core::front::{self, Field, FrontMatter, Key, Reading, Root, Syntax, Value};
use serde_yaml::Value as Truth;

/// The columns of `heads.tsv`; Eleventy's parser is Docusaurus's.
const COLUMNS: [Generator; 7] = [Hexo, Hugo, Jekyll, VitePress, Docusaurus, Astro, Zola];

/// Cells that differ, and why. One that comes to agree must be taken out.
const DIFFERING: [(&str, Generator, &str); 3] = [
    ("nbsp_indent", Hugo, "goccy/go-yaml takes a no-break space for indentation, YAML does not"),
    ("ctrl", Hugo, "goccy/go-yaml accepts control characters, YAML does not"),
    ("qmark_title", VitePress, "js-yaml 3 reads `? foo` behind a key as nothing, YAML refuses it"),
];

fn cases() -> impl Iterator<Item = (&'static str, String, Vec<&'static str>)> {
    let rows = include_str!("heads.tsv").lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| {
        let mut columns = row.split('\t');
        let name = columns.next().unwrap();
        (name, unescape(columns.next().unwrap()), columns.collect())
    })
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (meaning, length) = match rest.as_bytes()[at + 1] {
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'u' => {
                let end = at + rest[at..].find('}').unwrap();
                let code = u32::from_str_radix(&rest[at + 3..end], 16).unwrap();
                (char::from_u32(code).unwrap(), end + 1 - at)
            }
            _ => ('\\', 2),
        };
        out.push(meaning);
        rest = &rest[at + length..];
    }
    out + rest
}

/// What the matrix says of a reading.
fn cell(text: &str, generator: Generator) -> String {
    let matter = match front::reading(text, generator) {
        Reading::Raw => return "raw".to_owned(),
        Reading::Broken => return "error".to_owned(),
        Reading::Read(matter) => matter,
    };
    if matter.fault.is_some() || (!matter.duplicates.is_empty() && generator != Jekyll) {
        return "error".to_owned();
    }
    let cell = match (matter.root, generator) {
        (Root::Map, _) => return title(&matter, generator),
        (Root::Empty | Root::Scalar, Hexo) => "raw",
        (Root::Empty, _) | (Root::Scalar, Astro) => "none",
        (_, Hugo | Zola) => "error",
        _ => "root",
    };
    cell.to_owned()
}

fn title(matter: &FrontMatter<'_>, generator: Generator) -> String {
    let named = |field: &&Field<'_>| match &field.key {
        Key::Name(name, _) if generator == Hugo => name.eq_ignore_ascii_case("title"),
        Key::Name(name, _) => name == "title",
        Key::Index(_) => false,
    };
    let Some(field) = matter.fields.iter().filter(|field| field.parent.is_none()).rfind(named) else {
        return if matches!(generator, Jekyll | Zola) { "none" } else { "keys" }.to_owned();
    };
    match &field.value {
        Value::Null => if matches!(generator, Jekyll | Zola) { "none" } else { "null" }.to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) | Value::Timestamp(text) => text.replace('\u{8}', "\\b"),
        Value::Map if matches!(generator, Hugo | Zola) => "error".to_owned(),
        Value::Map => "map".to_owned(),
        Value::List | Value::Alias => "root".to_owned(),
    }
}

#[test]
fn every_generator_reads_as_measured() {
    let mut wrong = Vec::new();
    let mut agreeing = [0; COLUMNS.len()];
    let mut all = 0;
    for (name, text, expected) in cases() {
        all += 1;
        for (column, (&generator, expected)) in COLUMNS.iter().zip(expected).enumerate() {
            let cell = cell(&text, generator);
            // A post that has no front matter at all is left as it is.
            let same = cell.eq_ignore_ascii_case(expected) || (cell == "raw" && expected == "none");
            agreeing[column] += usize::from(same);
            let differs = DIFFERING.iter().any(|(case, who, _)| *case == name && *who == generator);
            if same == differs {
                wrong.push(format!("{name} in {}: measured {expected}, here {cell}", generator.name()));
            }
        }
    }
    for (generator, agreeing) in COLUMNS.iter().zip(agreeing) {
        println!("{:<10} {agreeing} of {all} cells agree", generator.name());
        let share = agreeing * 100 >= all * 97;
        wrong.extend((!share).then(|| format!("{} agrees too little", generator.name())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(DIFFERING.iter().all(|(.., why)| !why.is_empty()));
}

#[test]
fn values_and_spans_agree_with_the_standard_parser() {
    let mut compared = 0;
    for (_, text, _) in cases() {
        for &generator in &[Generator::None, Zola, Eleventy] {
            let front = front::read(&text, generator);
            let Some(matter) =
                front.matter.filter(|matter| matter.fault.is_none() && matter.duplicates.is_empty())
            else {
                continue;
            };
            let Ok(truth) = matter.truth(&text) else { continue };
            for (index, field) in matter.fields.iter().enumerate() {
                compared += usize::from(agrees(&text, &matter, index, field, &truth));
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

/// Compares one text value with the parser's; its span alone must parse to the same.
fn agrees(text: &str, matter: &FrontMatter<'_>, index: usize, field: &Field<'_>, truth: &Truth) -> bool {
    let Value::Text(value) = &field.value else { return false };
    let path = matter.path(index);
    let mut at = truth;
    for part in path.replace('[', ".[").split('.') {
        at = match part.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
            Some(number) => &at[number.parse::<usize>().unwrap()],
            None => &at[part],
        };
    }
    let Truth::String(expected) = at else { return false };
    assert_eq!(value, expected, "{path} of {text:?}");
    if matter.syntax != Syntax::Toml {
        let alone: Truth = serde_yaml::from_str(field.span.of(text)).unwrap();
        assert_eq!(alone.as_str().map(str::trim_end), Some(expected.trim_end()), "{path} of {text:?}");
    }
    true
}

/// Front matter whose values are not where they mostly are: each path and the bytes before its value.
const PLACES: [(&str, &[(&str, &str)]); 6] = [
    ("---\n? a\n? b\nc: d\n---\n", &[("a", "---\n? a"), ("b", "---\n? a\n? b"), ("c", "---\n? a\n? b\nc: ")]),
    ("---\n? a\n:\nb: c\n---\n", &[("a", "---\n? a\n:")]),
    ("---\nx: {a, b: c}\n---\n", &[("x.a", "---\nx: {a"), ("x.b", "---\nx: {a, b: ")]),
    ("---\nx: {{ y }}\n---\n", &[("x.{ y }", "---\nx: {{ y }")]),
    ("---\n? [a, b]\n: c\n? {d: e}\n: f\n---\n", &[("[a, b]", "---\n? [a, b]\n: ")]),
    ("---\n\"a:b\" :\nc: d\n---\n", &[("a:b", "---\n\"a:b\" :")]),
];

#[test]
fn empty_values_and_keys_in_brackets_have_their_place() {
    for (text, keys) in PLACES {
        let matter = front::read(text, Generator::None).matter.unwrap();
        assert_eq!(matter.duplicates, [], "{text:?}");
        for (path, before) in keys {
            let index = (0..matter.fields.len()).find(|index| matter.path(*index) == *path);
            let field = &matter.fields[index.unwrap_or_else(|| panic!("{path} of {text:?}"))];
            assert_eq!(&text[..field.span.start as usize], *before, "{path} of {text:?}");
        }
    }
}

#[test]
fn lines_of_a_toml_string_are_no_comments() {
    let text = "+++\n# a\nb = \"\"\"\n# c\n\"\"\"\n# d\n+++\n";
    let matter = front::read(text, Generator::None).matter.unwrap();
    let comments: Vec<&str> = matter.comments.iter().map(|span| span.of(text)).collect();
    assert_eq!(comments, ["# a", "# d"]);
}

#[test]
fn json_is_no_yaml() {
    let fault = |text: &str, generator| {
        let fault = front::read(text, generator).matter.and_then(|matter| matter.fault);
        fault.map(|fault| (fault.at, fault.message))
    };
    let fault_at = |at, message: &str| Some((at, message.to_owned()));
    assert_eq!(fault("{\"title\": \"a\", \"tags\": [1]}\n", Hugo), None);
    assert_eq!(fault("{\"title\": \"a\",\n}\n", Hugo), fault_at(15, "trailing comma after the last value"));
    assert_eq!(fault("{\"tags\": [\"图\", ]}", Hugo), fault_at(17, "trailing comma after the last value"));
    assert_eq!(fault("{title: \"a\"}\n", Hugo), fault_at(1, "key must be a string"));
    assert_eq!(fault(";;;\n\"title\": \"a\"\n;;;\n", Hexo), None);
    assert_eq!(fault(";;;\n\"title\": a\n;;;\n", Hexo), fault_at(13, "expected value"));
}
