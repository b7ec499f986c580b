//! A field of the front matter that gets another value has it then, to the standard parser, and the others keep theirs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::front::{self, FrontMatter, Key, Style, Value};
use postmend_core::{Edit, Patch};
use postmend_fuzz::context;

const VALUES: [&str; 6] = ["https://a.example/b.png", "it's", "a: b", "图 # 1", "\"a\\b\"", "- a"];

fuzz_target!(|bytes: &[u8]| {
    let [choice, which, rest @ ..] = bytes else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let (generator, new) = (context(*choice).generator, VALUES[*which as usize % VALUES.len()]);
    let front = front::read(text, generator);
    let Some(matter) = front.read_matter().filter(|matter| matter.has_fields()) else { return };
    // Both parsers must agree on what is there.
    let Ok(old) = matter.truth(text) else { return };
    for (index, field) in matter.fields.iter().enumerate() {
        let (Value::Text(value), Some((span, escaping))) = (&field.value, field.scalar(text)) else {
            continue;
        };
        let Some(old_value) = at(&old, matter, index) else { continue };
        let is_named_once = matter.duplicates.is_empty() && !has_merges(matter);
        if old_value.as_str() != Some(value) || !is_named_once {
            continue;
        }
        let like = span.of(text);
        let Some(written) = escaping.encode(new, like).or_else(|| escaping.encode_quoted(new, like)) else {
            continue;
        };
        let patch = Patch::new(vec![Edit::replace(span, written)]).expect("one edit");
        let after = patch.apply(text);
        let front_after = front::read(&after, generator);
        let matter_after = front_after.matter.as_ref().expect("the front matter is still there");
        let found = matter_after.truth(&after).expect("and can be read");
        let read = at(&found, matter, index).and_then(|value| value.as_str());
        // The blanks around the one line of a block are not what was written.
        let is_block = matches!(field.style, Style::Literal | Style::Folded);
        let read = read.map(|read| if is_block { read.trim() } else { read });
        assert_eq!(read, Some(new), "{after}");
        for other in (0..matter.fields.len()).filter(|other| *other != index) {
            let is_around = matches!(matter.fields[other].value, Value::List | Value::Map | Value::Alias);
            if !is_around {
                assert_eq!(at(&found, matter, other), at(&old, matter, other), "{after}");
            }
        }
    }
});

/// The value of a field, looked up by its path.
fn at<'v>(
    root: &'v serde_yaml::Value,
    matter: &FrontMatter<'_>,
    index: usize,
) -> Option<&'v serde_yaml::Value> {
    let field = &matter.fields[index];
    let above = field.parent.map_or(Some(root), |parent| at(root, matter, parent as usize))?;
    match &field.key {
        Key::Index(number) => above.get(*number as usize),
        Key::Name(name, _) => above.get(&**name),
    }
}

/// Whether a map takes fields of another one, or an alias shows one twice.
fn has_merges(matter: &FrontMatter<'_>) -> bool {
    matter.fields.iter().any(|field| field.value == Value::Alias)
}
