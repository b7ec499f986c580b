//! Fixing is never refused, changes nothing the second time, and leaves a post readable.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::{Format, Generator};
use postmend_rules::{Home, RuleSet, Safety, Site, SiteOptions, mend};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SITE: LazyLock<Site> = LazyLock::new(|| Site::new(&SiteOptions::default()).expect("no options"));
static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::new(|_| true, &BTreeMap::new()).expect("no options"));

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let format = [Format::Markdown, Format::Mdx, Format::Html][choice as usize % 3];
    let generator = Generator::ALL[choice as usize / 3 % Generator::ALL.len()];
    let home = Home { format, ..Home::of(&SITE, generator) };
    let once = mend(text, &home, &RULES, Safety::Review, &|_| true);
    let twice = mend(&once.text, &home, &RULES, Safety::Review, &|_| true);
    assert_eq!(once.text, twice.text);
});
