//! Finds posts that claim the same permalink.

use crate::finding::Severity;
use crate::post_context::PostContext;
use crate::rule::{Constructor, RuleInfo};
use crate::uniqueness::{Claim, CrossPostRule, is_unpublished, language, plain_text};
use postmend_core::Generator;
use postmend_core::front::FrontMatter;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "duplicate-permalink",
    severity: Severity::Error,
    on_by_default: true,
    page: include_str!("duplicate_permalink.md"),
    constructor: Constructor::cross_post::<DuplicatePermalink>(),
};

#[derive(Debug, Default)]
struct DuplicatePermalink;

/// The generators' names for the field.
const KEYS: [(Generator, &str); 6] = [
    (Generator::Hexo, "permalink"),
    (Generator::Jekyll, "permalink"),
    (Generator::Eleventy, "permalink"),
    (Generator::Hugo, "url"),
    (Generator::Docusaurus, "slug"),
    (Generator::Zola, "path"),
];

/// The folder of one of Docusaurus's collections, or of one of its versions: `docs`, `blog`,
/// `versioned_docs/version-1.0`, `i18n/en/docusaurus-plugin-content-docs/current`. Each has its own URLs.
fn instance(path: &str) -> &str {
    const TRANSLATED: &str = "docusaurus-plugin-content-docs";
    let version = path.find("/version-").map(|at| at + 1);
    let translated = path.find(TRANSLATED).and_then(|at| Some(at + path[at..].find('/')? + 1));
    let start = translated.or(version).unwrap_or(0);
    let end = path[start..].find('/').map_or(path.len(), |at| start + at);
    &path[..end]
}

impl CrossPostRule for DuplicatePermalink {
    fn claim(&self, context: &PostContext<'_>, _: &str, matter: &FrontMatter<'_>) -> Option<Claim> {
        let (_, key) = KEYS.iter().find(|(generator, _)| *generator == context.generator)?;
        let field = matter.top(key)?;
        let address = plain_text(field)?;
        // In Docusaurus, a slug without a leading slash is relative to the post's folder.
        let is_relative = context.generator == Generator::Docusaurus && !address.starts_with('/');
        if is_unpublished(matter) || is_relative || address.is_empty() {
            return None;
        }
        let normal = address.trim_matches('/');
        let normal = normal.strip_suffix("index.html").unwrap_or(normal).trim_end_matches('/');
        let base = if context.generator == Generator::Docusaurus { instance(context.path) } else { "" };
        let key = format!("{} {base} {normal}", language(context.path));
        Some(Claim { key, name: address.to_owned(), span: field.span })
    }

    fn message(&self, claim: &Claim, other: &str) -> String {
        format!("`{}` is also the permalink of {other}", claim.name)
    }

    fn help(&self) -> &'static str {
        "only one of them is built; give each a different one"
    }
}
