//! Changes of text in front matter: a field keeps its form where it can, and no other field changes.

use postmend_core::front::{self, Field, FrontMatter, Key, Style, Value};
use postmend_core::{Document, Edit, Span};

/// The length of front matter, in bytes, up to which a change that is more than a word is proved.
const LONGEST: usize = 1 << 14;

/// The innermost field whose value contains a span.
pub(crate) fn field_at<'d, 't>(document: &'d Document<'t>, span: Span) -> Option<&'d Field<'t>> {
    let matter = document.front.matter.as_ref()?;
    matter.fields.iter().rev().find(|field| field.span.contains(span))
}

/// The edit that replaces a part of a field's text; with quotes or escape sequences if the text then needs them. `None`
/// if the field cannot hold it.
pub(crate) fn replace(document: &Document<'_>, part: Span, new: &str) -> Option<Vec<Edit>> {
    let matter = document.front.matter.as_ref()?;
    let field = field_at(document, part)?;
    let Value::Text(old) = &field.value else { return None };
    let text = document.text;
    let as_is = Edit::replace(part, new);
    let is_word = |text: &str| !text.is_empty() && text.chars().all(char::is_alphabetic);
    if is_word(part.of(text)) && is_word(new) && field.span.of(text).split_whitespace().nth(1).is_some() {
        return Some(vec![as_is]);
    }
    // Each proof reads the front matter again.
    if document.front.body > LONGEST {
        return None;
    }
    let Some((span, escaping)) = field.scalar(text).filter(|(span, _)| span.contains(part)) else {
        let is_plain = new.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-');
        let is_possible = is_plain || matches!(field.style, Style::Literal | Style::Folded);
        return (is_possible && keeps_others(document, matter, field, &as_is, None)).then(|| vec![as_is]);
    };
    let raw = span.of(text);
    let (start, end) = ((part.start - span.start) as usize, (part.end - span.start) as usize);
    let value = format!("{}{new}{}", escaping.decode(&raw[..start]), escaping.decode(&raw[end..]));
    if escaping.decode(raw) != *old {
        return None;
    }
    let written = [escaping.encode(&value, raw), escaping.encode_quoted(&value, raw)];
    let written = written.into_iter().flatten().map(|written| Edit::replace(span, written));
    let mut edits = std::iter::once(as_is).chain(written);
    edits.find(|edit| keeps_others(document, matter, field, edit, Some(&value))).map(|edit| vec![edit])
}

/// Whether an edit changes the value of one field and of no other; `value` is the new one, if that is known.
fn keeps_others(
    document: &Document<'_>,
    matter: &FrontMatter<'_>,
    changed: &Field<'_>,
    edit: &Edit,
    value: Option<&str>,
) -> bool {
    let text = &document.text[..document.front.body];
    let edited = [&text[..edit.span.start as usize], &*edit.text, &text[edit.span.end as usize..]].concat();
    let front = front::read(&edited, document.generator);
    let Some(read) = front.read_matter().filter(|read| read.fields.len() == matter.fields.len()) else {
        return false;
    };
    matter.fields.iter().zip(&read.fields).all(|(old, new)| {
        let is_same_key = match (&old.key, &new.key) {
            (Key::Name(old, _), Key::Name(new, _)) => old == new,
            (old, new) => old == new,
        } && old.parent == new.parent;
        is_same_key
            && match (&new.value, value) {
                _ if old.span != changed.span => new.value == old.value,
                (Value::Text(text), Some(value)) => text == value,
                (Value::Text(_), None) => true,
                _ => false,
            }
    })
}
