//! How fast the rules check and fix generated posts: `cargo bench -p postmend-rules`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use postmend_core::{Format, Generator};
use postmend_rules::{Post, PostContext, RuleSet, Safety, Site, SiteOptions, fix_text};
use postmend_tests::made::{PostKind, long_post, post};

const KINDS: [PostKind; 3] = [PostKind::Mirror, PostKind::Import, PostKind::Prose];

/// The size of a long post in bytes.
const LONG: usize = 1 << 18;

fn main() {
    divan::main();
}

fn site() -> Site {
    Site::new(&SiteOptions::default()).expect("no options are right")
}

/// All default rules on a post that has already been parsed.
#[divan::bench(args = KINDS)]
fn default_rules(bencher: Bencher<'_, '_>, kind: PostKind) {
    let (site, rules, text) = (site(), RuleSet::standard(), long_post(kind, LONG));
    let context = PostContext::without_path(&site, Format::Markdown, Generator::None);
    let document = context.read(&text);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| rules.check(&Post::new(black_box(&document), context)).len());
}

/// Everything that `fix` does to posts of typical size, except for file I/O.
#[divan::bench]
fn fixing(bencher: Bencher<'_, '_>) {
    let (site, rules) = (site(), RuleSet::standard());
    let context = PostContext::without_path(&site, Format::Markdown, Generator::None);
    let posts: Vec<String> = (0..20).map(|number| post(number).text).collect();
    let bytes: usize = posts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let results =
            posts.iter().map(|text| fix_text(black_box(text), &context, &rules, Safety::Safe, &|_| true));
        results.map(|result| result.fixed.len()).sum::<usize>()
    });
}
