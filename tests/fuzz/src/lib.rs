//! What the fuzz targets share: the choice of a format and a generator, a site, and all rules.

use postmend_core::{Format, Generator};
use postmend_rules::{PostContext, RuleSet, Site, SiteOptions};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A site without options.
pub static SITE: LazyLock<Site> = LazyLock::new(|| Site::new(&SiteOptions::default()).expect("no options"));

/// Every rule, without options.
pub static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::new(|_| true, &BTreeMap::new()).expect("no options"));

/// The context that the first byte of an input chooses, and the text that the others are.
pub fn context_and_text(bytes: &[u8]) -> Option<(PostContext<'static>, &str)> {
    let [choice, rest @ ..] = bytes else { return None };
    Some((context(*choice), std::str::from_utf8(rest).ok()?))
}

/// One of the formats, with one of the generators.
pub fn context(choice: u8) -> PostContext<'static> {
    let choice = usize::from(choice);
    let format = [Format::Markdown, Format::Mdx, Format::Html][choice % 3];
    let generator = Generator::ALL[choice / 3 % Generator::ALL.len()];
    PostContext::without_path(&SITE, format, generator)
}
