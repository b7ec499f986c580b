//! Finds posts of one folder that get the same slug.

use crate::dates::{is_dated_permalink, starts_with_date};
use crate::finding::Severity;
use crate::post_context::PostContext;
use crate::rule::{Constructor, RuleInfo};
use crate::uniqueness::{Claim, CrossPostRule, is_unpublished, language, plain_text, stem_and_language};
use postmend_core::Generator;
use postmend_core::front::{FrontMatter, Value};

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "duplicate-slug",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("duplicate_slug.md"),
    constructor: Constructor::cross_post::<DuplicateSlug>(),
};

#[derive(Debug, Default)]
struct DuplicateSlug;

/// The folder in which a post's slug must be unique, and the name from its file or its own folder.
fn folder_and_stem(path: &str) -> Option<(&str, &str)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, _) = stem_and_language(file);
    if stem == "index" {
        return Some(folder.rsplit_once('/').unwrap_or(("", folder))).filter(|(_, name)| !name.is_empty());
    }
    Some((folder, stem))
}

/// The day of a post as it is written, or nothing.
fn day_of<'m>(matter: &'m FrontMatter<'_>) -> &'m str {
    match matter.top("date").map(|date| &date.value) {
        Some(Value::Text(date) | Value::Timestamp(date)) => date.split(['T', ' ']).next().unwrap_or_default(),
        _ => "",
    }
}

/// Zola reads a date before the name as the post's date.
fn without_date(stem: &str, generator: Generator) -> &str {
    let is_dated = starts_with_date(stem.as_bytes()) && stem[10..].starts_with(['-', '_']);
    if generator == Generator::Zola && stem.len() > 11 && is_dated { &stem[11..] } else { stem }
}

impl CrossPostRule for DuplicateSlug {
    fn claim(&self, context: &PostContext<'_>, text: &str, matter: &FrontMatter<'_>) -> Option<Claim> {
        let by_file = matches!(context.generator, Generator::Hugo | Generator::Zola);
        let by_field = matches!(context.generator, Generator::Astro | Generator::Docusaurus);
        let (folder, stem) = folder_and_stem(context.path)?;
        let own = matter.top("slug").and_then(|field| Some((plain_text(field)?, field.span)));
        let (slug, span) = match own {
            Some((slug, span)) if !slug.is_empty() && !slug.starts_with('/') => (slug, span),
            _ if by_file => (without_date(stem, context.generator), matter.opening_line(text)),
            _ => return None,
        };
        if !(by_file || by_field) || is_unpublished(matter) || stem.starts_with('_') {
            return None;
        }
        // Its URL is set explicitly, regardless of the slug.
        if matter.top("url").or_else(|| matter.top("path")).is_some() {
            return None;
        }
        let day = context.permalink.filter(|form| is_dated_permalink(form)).map_or("", |_| day_of(matter));
        let key = format!("{} {folder} {day} {}", language(context.path), slug.to_lowercase());
        Some(Claim { key, name: slug.to_owned(), span })
    }

    fn message(&self, claim: &Claim, other: &str) -> String {
        format!("`{}` is also the slug of {other}", claim.name)
    }

    fn help(&self) -> &'static str {
        "both get the same URL, so only one of them is built"
    }
}
