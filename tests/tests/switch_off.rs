//! Comments that disable rules do exactly that, on every example of every rule's page and on the sample posts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use postmend_core::{Edit, Format, Generator, Patch};
use postmend_rules::{ALL, Finding, Post, PostContext, Reach, RuleSet, Site, SiteOptions, SwitchOff};
use postmend_tests::ExamplePage;
use postmend_tests::commands::root;
use std::collections::BTreeMap;
use std::fs;

/// A post with the format and generator that it is read as.
struct SamplePost {
    text: String,
    format: Format,
    generator: Generator,
}

fn samples() -> Vec<SamplePost> {
    let mut samples = Vec::new();
    for info in ALL {
        for example in ExamplePage::read(info.page).examples() {
            let flag =
                |name: &str| example.flags.iter().find_map(|flag| flag.strip_prefix(name)?.strip_prefix('='));
            let extension =
                flag("path").and_then(|path| path.rsplit_once('.')).map_or("md", |(_, after)| after);
            let generator = flag("generator").map_or(Generator::None, |name| name.parse().unwrap());
            samples.push(SamplePost {
                text: example.text(),
                format: Format::of_extension(extension).unwrap(),
                generator,
            });
        }
    }
    for folder in ["tests/posts/mirror", "tests/posts/notes"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            if let Ok(text) = fs::read_to_string(entry.unwrap().path()) {
                samples.push(SamplePost { text, format: Format::Markdown, generator: Generator::Hexo });
            }
        }
    }
    samples
}

/// The number of findings for each rule and message.
fn counted(findings: &[Finding]) -> BTreeMap<(&str, &str), usize> {
    let mut counts = BTreeMap::new();
    findings.iter().for_each(|finding| *counts.entry((finding.rule, &*finding.message)).or_default() += 1);
    counts
}

#[test]
fn the_same_is_found_but_for_what_is_switched_off() {
    let site = Site::new(&SiteOptions::default()).unwrap();
    let rules = RuleSet::new(|_| true, &BTreeMap::new()).unwrap();
    let mut offered: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for SamplePost { text, format, generator } in &samples() {
        let context = PostContext {
            path: "a.md",
            format: *format,
            generator: *generator,
            time_zone: None,
            permalink: None,
            files: None,
            site: &site,
        };
        let document = context.read(text);
        let before = rules.check(&Post::new(&document, context));
        let off = SwitchOff::new(&document, &context, &rules);
        for finding in &before {
            let counts = offered.entry(finding.rule).or_default();
            counts[0] += 1;
            for (reach, count) in [(Reach::Line, 1), (Reach::Post, 2)] {
                let Some(edit) = off.edit(finding, reach) else { continue };
                counts[count] += 1;
                holds(&context, &rules, text, &before, finding, &edit, reach);
            }
        }
    }
    let all = offered
        .values()
        .fold([0; 3], |all, counts| [all[0] + counts[0], all[1] + counts[1], all[2] + counts[2]]);
    // Findings that an error in the front matter hides cannot be distinguished, so no comment is offered for these.
    assert!(all[1] * 10 > all[0] * 7 && all[2] * 10 > all[0] * 8, "{all:?} {offered:#?}");
}

fn holds(
    context: &PostContext<'_>,
    rules: &RuleSet,
    text: &str,
    before: &[Finding],
    finding: &Finding,
    edit: &Edit,
    reach: Reach,
) {
    let after = Patch::new(vec![edit.clone()]).unwrap().apply(text);
    assert!(edit.span.is_empty() && edit.text.contains(finding.rule), "{text}\n{edit:?}");
    let document = context.read(&after);
    let mut found = rules.check(&Post::new(&document, *context));
    // What one rule no longer reports, another one may report at the same place.
    let shift = |at: u32| if at >= edit.span.start { at + edit.text.len() as u32 } else { at };
    let place = shift(finding.span.start)..shift(finding.span.end);
    let is_same = |other: &Finding| {
        before.iter().any(|known| known.rule == other.rule && known.message == other.message)
    };
    found.retain(|other| {
        other.rule == finding.rule
            || other.span.end <= place.start
            || place.end <= other.span.start
            || is_same(other)
    });
    let line = |at: u32| text.as_bytes()[..at as usize].iter().filter(|byte| **byte == b'\n').count();
    let is_off = |other: &&Finding| {
        let here = line(other.span.start) == line(finding.span.start);
        other.rule == finding.rule && (reach == Reach::Post || here)
    };
    let left: Vec<Finding> = before.iter().filter(|other| !is_off(other)).cloned().collect();
    assert_eq!(counted(&found), counted(&left), "{finding:?}\n{after}");
    let pictures = |document: &postmend_core::Document<'_>| {
        let urls = document.urls.iter().map(|url| url.value.clone().into_owned());
        (urls.collect::<Vec<_>>(), document.images.len(), document.prose.text.split_whitespace().count())
    };
    assert_eq!(pictures(&context.read(text)), pictures(&document), "{after}");
}
