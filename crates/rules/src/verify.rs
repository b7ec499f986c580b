//! Verifies that a patch changes what it names and nothing else, before anything is written.

use postmend_core::front::{Field, FrontMatter, Key};
use postmend_core::{Document, Image, Patch, Span};
use serde_yaml::Value;
use std::collections::HashSet;

/// Verifies a patch that leads from one document to the next.
///
/// # Errors
/// Something changed that no edit covers; the message says what.
pub(crate) fn verify(before: &Document<'_>, patch: &Patch, after: &Document<'_>) -> Result<(), String> {
    masked_texts_agree(before.text, patch, after.text)?;
    front_matter_agrees(before, patch, after)?;
    urls_agree(before, patch, after)?;
    references_agree(before, after)?;
    names_agree(before, patch, after)?;
    images_agree(before, patch, after, &|_| true)
}

/// Checks that every reference leads to the definition that it led to.
fn references_agree(before: &Document<'_>, after: &Document<'_>) -> Result<(), String> {
    let uses = |document: &Document<'_>| -> Vec<u32> {
        document.labels.iter().filter(|label| !label.defines).map(|label| label.url).collect()
    };
    let (old, new) = (uses(before), uses(after));
    // Their URLs can be compared by their places unless some were added or removed.
    let are_same = old.len() == new.len() && (before.urls.len() != after.urls.len() || old == new);
    if are_same { Ok(()) } else { Err("a reference would no longer find its definition".to_owned()) }
}

/// Checks that the names that other places refer to are the same, except for those that an edit replaces as a whole,
/// and that the headings that no edit touches are still headings.
fn names_agree(before: &Document<'_>, patch: &Patch, after: &Document<'_>) -> Result<(), String> {
    let [old_from, new_from] = readable_from(before, after);
    let (old_spans, new_spans) = (old_spans(patch), patch.new_spans());
    let agree = |old: &[Span], new: &[Span], is_edited: &dyn Fn(Span, &[Span]) -> bool| {
        let old = old.iter().filter(|span| span.start >= old_from && !is_edited(**span, &old_spans));
        let new = new.iter().filter(|span| span.start >= new_from && !is_edited(**span, &new_spans));
        old.map(|span| span.of(before.text)).eq(new.map(|span| span.of(after.text)))
    };
    if !agree(&before.names, &after.names, &is_inside)
        || !before.prose.wiki_link_targets().eq(after.prose.wiki_link_targets())
    {
        return Err("a name that other places refer to would change".to_owned());
    }
    let is_touched = |span: Span, edited: &[Span]| {
        let next = edited.partition_point(|edit| edit.end < span.start);
        edited.get(next).is_some_and(|edit| edit.start <= span.end)
    };
    if !agree(&before.headings, &after.headings, &is_touched) {
        return Err("another heading would change".to_owned());
    }
    Ok(())
}

/// Checks that both texts are the same outside of the edited spans.
pub(crate) fn masked_texts_agree(before: &str, patch: &Patch, after: &str) -> Result<(), String> {
    let old_spans = patch.edits().iter().map(|edit| edit.span);
    let new_spans = patch.new_spans();
    if parts_between(before, old_spans).eq(parts_between(after, new_spans.iter().copied())) {
        return Ok(());
    }
    Err("bytes outside of the fixes would change".to_owned())
}

/// The parts of the text between the spans. Their number is the same before and after a patch.
fn parts_between(text: &str, spans: impl Iterator<Item = Span>) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    spans.map(Some).chain(std::iter::once(None)).map(move |span| {
        let end = span.map_or(text.len(), |span| span.start as usize);
        let kept = text.as_bytes().get(from..end).unwrap_or_default();
        from = span.map_or(end, |span| span.end as usize);
        kept
    })
}

pub(crate) fn front_matter_agrees(
    before: &Document<'_>,
    patch: &Patch,
    after: &Document<'_>,
) -> Result<(), String> {
    let touches_front = patch.edits().iter().any(|edit| (edit.span.start as usize) < before.front.body);
    if !touches_front {
        let grown = after.front.matter.is_some() != before.front.matter.is_some();
        return if grown { Err("the front matter would be read differently".to_owned()) } else { Ok(()) };
    }
    let (Some(old), new) = (&before.front.matter, &after.front.matter) else { return Ok(()) };
    let Some(new) = new else { return Err("the front matter would no longer be found".to_owned()) };
    // If there were no fields, none can change.
    if !old.has_fields() {
        return Ok(());
    }
    // The same bytes have the same values.
    if old.syntax == new.syntax && old.content.of(before.text) == new.content.of(after.text) {
        return Ok(());
    }
    let old_value =
        old.truth(before.text).map_err(|_| "parsers read the front matter differently".to_owned())?;
    let new_value =
        new.truth(after.text).map_err(|error| format!("the front matter would no longer parse: {error}"))?;
    let named = Named {
        touched: named_paths(old, patch),
        removed: whole_paths(old, &old_spans(patch)),
        added: whole_paths(new, &patch.new_spans()),
    };
    match first_difference(&old_value, &new_value, &mut String::new(), &named) {
        None => Ok(()),
        Some(path) => Err(format!("the front matter's `{path}` would change")),
    }
}

/// The paths of the fields that edits cover.
struct Named {
    /// Fields whose value or key an edit touches.
    touched: HashSet<String>,
    /// Fields that edits removed as a whole.
    removed: HashSet<String>,
    /// Fields that edits added as a whole.
    added: HashSet<String>,
}

/// The paths of the fields whose key and value are inside an edit.
fn whole_paths(matter: &FrontMatter<'_>, edited: &[Span]) -> HashSet<String> {
    let fields = matter.fields.iter().enumerate().filter(|(_, field)| match field.key {
        Key::Name(_, span) => is_inside(Span { start: span.start, end: field.span.end }, edited),
        Key::Index(_) => false,
    });
    fields.map(|(index, _)| matter.path(index)).collect()
}

/// The paths of the fields whose value or key an edit touches.
fn named_paths(matter: &FrontMatter<'_>, patch: &Patch) -> HashSet<String> {
    let edits = patch.edits();
    let touched = |span: Span| {
        let first = edits.partition_point(|edit| edit.span.end < span.start);
        let mut near = edits[first..].iter().take_while(|edit| edit.span.start <= span.end);
        near.any(|edit| span.contains(edit.span) || span.overlaps(edit.span))
    };
    let fields = matter.fields.iter().enumerate();
    let key = |field: &Field<'_>| match field.key {
        Key::Name(_, span) => Some(span),
        Key::Index(_) => None,
    };
    let is_named = |field: &Field<'_>| touched(field.span) || key(field).is_some_and(touched);
    fields.filter(|(_, field)| is_named(field)).map(|(index, _)| matter.path(index)).collect()
}

/// The path of the first value that differs although no edit covers it.
fn first_difference(old: &Value, new: &Value, path: &mut String, named: &Named) -> Option<String> {
    if old == new {
        return None;
    }
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let stays = |key: &Value, those: &HashSet<String>| !those.contains(&below(path, &key_name(key)));
            let old: Vec<_> = old.iter().filter(|(key, _)| stays(key, &named.removed)).collect();
            let new: Vec<_> = new.iter().filter(|(key, _)| stays(key, &named.added)).collect();
            if old.len() != new.len() {
                return (!named.touched.contains(path)).then(|| path.clone());
            }
            old.iter().zip(&new).find_map(|((old_key, old), (new_key, new))| {
                let mut path = below(path, &key_name(old_key));
                if old_key != new_key && !named.touched.contains(&path) {
                    return Some(path);
                }
                first_difference(old, new, &mut path, named)
            })
        }
        (Value::Sequence(old), Value::Sequence(new)) if old.len() == new.len() => {
            old.iter().zip(new).enumerate().find_map(|(index, (old, new))| {
                first_difference(old, new, &mut format!("{path}[{index}]"), named)
            })
        }
        _ => (!named.touched.contains(path)).then(|| path.clone()),
    }
}

fn key_name(key: &Value) -> String {
    match key {
        Value::String(name) => name.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The offset in each document from which they can be compared: if a fault left fields unread before a fix, the
/// front matter may contain anything afterwards.
fn readable_from(before: &Document<'_>, after: &Document<'_>) -> [u32; 2] {
    match &before.front.matter {
        Some(matter) if !matter.has_fields() => [before.front.body as u32, after.front.body as u32],
        _ => [0, 0],
    }
}

pub(crate) fn urls_agree(before: &Document<'_>, patch: &Patch, after: &Document<'_>) -> Result<(), String> {
    let changed = || Err("another URL would change".to_owned());
    let [old_from, new_from] = readable_from(before, after);
    let (old_spans, new_spans) = (old_spans(patch), patch.new_spans());
    let is_kept = |span: Span, from, edited: &[Span]| span.start >= from && !is_inside(span, edited);
    let old: Vec<_> = before.urls.iter().filter(|url| is_kept(url.span, old_from, &old_spans)).collect();
    let new: Vec<_> = after.urls.iter().filter(|url| is_kept(url.span, new_from, &new_spans)).collect();
    if old.len() != new.len() {
        return changed();
    }
    let moves = patch.moves();
    let same = old.iter().zip(&new).all(|(old, new)| match moves.of(old.span) {
        Some(span) => span == new.span && old.value == new.value && old.role == new.role,
        None => true,
    });
    if same { Ok(()) } else { changed() }
}

/// The spans in the old text that a patch replaces.
fn old_spans(patch: &Patch) -> Vec<Span> {
    patch.edits().iter().map(|edit| edit.span).collect()
}

/// Whether a single edit covers the whole span. The edited spans are sorted.
fn is_inside(span: Span, edited: &[Span]) -> bool {
    let next = edited.partition_point(|edit| edit.end < span.end);
    edited.get(next).is_some_and(|edit| edit.contains(span))
}

/// Checks that the images that `counts` accepts are the same, except for those that edits touch.
pub(crate) fn images_agree(
    before: &Document<'_>,
    patch: &Patch,
    after: &Document<'_>,
    counts: &dyn Fn(&Image<'_>) -> bool,
) -> Result<(), String> {
    let changed = || Err("another image would change".to_owned());
    let [old_from, new_from] = readable_from(before, after);
    let (old_spans, new_spans) = (old_spans(patch), patch.new_spans());
    let is_one = |image: &&Image<'_>, from, edited: &[Span]| {
        image.span.start >= from && counts(image) && !is_inside(image.span, edited)
    };
    let old: Vec<_> = before.images.iter().filter(|image| is_one(image, old_from, &old_spans)).collect();
    let new: Vec<_> = after.images.iter().filter(|image| is_one(image, new_from, &new_spans)).collect();
    if old.len() != new.len() {
        return changed();
    }
    // Images refer to URLs by index, which changes if URLs are added or removed.
    let (old_numbers, new_numbers) =
        (numbers(before, old_from, &old_spans), numbers(after, new_from, &new_spans));
    let moves = patch.moves();
    let number = |url: Option<u32>, numbers: &[Option<u32>]| url.and_then(|url| numbers[url as usize]);
    let same = old.iter().zip(&new).all(|(old, new)| {
        let untouched = moves.of(old.span).is_some();
        let urls = (number(old.url, &old_numbers), number(new.url, &new_numbers));
        old.syntax == new.syntax
            && (urls.0 == urls.1 || (!untouched && (urls.0.is_none() || urls.1.is_none())))
            && (!untouched || without_spans(&old.alt) == without_spans(&new.alt))
    });
    if same { Ok(()) } else { changed() }
}

/// The index of each URL among those that are compared; `None` for the others.
fn numbers(document: &Document<'_>, from: u32, edited: &[Span]) -> Vec<Option<u32>> {
    let mut next = 0;
    let number = |url: &postmend_core::Url<'_>| {
        let counts = url.span.start >= from && !is_inside(url.span, edited);
        next += u32::from(counts);
        counts.then(|| next - 1)
    };
    document.urls.iter().map(number).collect()
}

/// An alternative text without its span.
fn without_spans<'a>(alt: &'a postmend_core::Alt<'_>) -> (u8, &'a str) {
    match alt {
        postmend_core::Alt::Unsaid => (0, ""),
        postmend_core::Alt::Absent => (1, ""),
        postmend_core::Alt::Empty(_) => (2, ""),
        postmend_core::Alt::Text(_, text) => (3, text),
    }
}
