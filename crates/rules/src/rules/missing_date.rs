//! Finds posts without a date where the generator makes one up.

use crate::dates::starts_with_date;
use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::rule::{Constructor, Rule, RuleInfo};
use crate::uniqueness::is_unpublished;
use postmend_core::Generator;
use postmend_core::front::Key;

pub(crate) static INFO: RuleInfo = RuleInfo {
    name: "missing-date",
    severity: Severity::Warning,
    on_by_default: true,
    page: include_str!("missing_date.md"),
    constructor: Constructor::post::<MissingDate>(),
};

#[derive(Debug, Default)]
struct MissingDate;

/// The folders of each generator's posts, and the consequence of a missing date.
const FOLDERS: [(Generator, &[&str], &str); 3] = [
    (Generator::Hexo, &["_posts"], "Hexo takes the time of the file, which is new after each checkout"),
    (Generator::Hugo, &["post", "posts", "blog"], "Hugo sorts it as if it were of the year 1"),
    (
        Generator::Eleventy,
        &["post", "posts", "blog"],
        "Eleventy takes the time of the file, which is new after each checkout",
    ),
];

/// Keys that can replace `date`, in lower case.
const KEYS: [&str; 5] = ["date", "publishdate", "pubdate", "published", "lastmod"];

impl Rule for MissingDate {
    fn check(&self, post: &Post<'_>, findings: &mut Findings) {
        let generator = post.context.generator;
        let Some((_, folders, help)) = FOLDERS.iter().find(|(owner, ..)| *owner == generator) else { return };
        let Some((_, name)) = post.context.path.rsplit_once('/') else { return };
        let is_post = folders.iter().any(|folder| post.context.is_below(folder));
        // List pages of Hugo, and notes to the authors.
        let is_other = name.starts_with('_') || name.eq_ignore_ascii_case("readme.md");
        let has_date = post.context.path.as_bytes().windows(10).any(starts_with_date);
        if !is_post || is_other || has_date {
            return;
        }
        // Without any fields, more is missing than a date.
        let matter = post.document.front.matter.as_ref().filter(|matter| matter.has_fields());
        // A draft gets its date when it is published.
        let Some(matter) = matter.filter(|matter| !is_unpublished(matter)) else { return };
        let is_date = |key: &Key<'_>| matches!(key, Key::Name(name, _) if KEYS.iter().any(|listed| listed.eq_ignore_ascii_case(name)));
        if !matter.fields.iter().any(|field| field.parent.is_none() && is_date(&field.key)) {
            findings.add(matter.opening_line(post.document.text), "post has no date").help(*help);
        }
    }
}
