//! How fast wrong words are found in generated prose: `cargo bench -p postmend-typo`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use postmend_tests::made::{PostKind, long_post};
use postmend_typo::{Model, Runs, Words, inconsistencies};

/// The sizes of a typical post and a long one, in bytes.
const SIZES: [usize; 2] = [1 << 13, 1 << 18];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES)]
fn runs(bencher: Bencher<'_, '_>, size: usize) {
    let text = long_post(PostKind::Prose, size);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| drop(black_box(Runs::of(black_box(&text)))));
}

#[divan::bench(args = SIZES)]
fn misspelling(bencher: Bencher<'_, '_>, size: usize) {
    let words =
        Words::new(std::iter::empty(), std::iter::empty()).expect("no words of a site's own are right");
    let text = long_post(PostKind::Prose, size);
    let runs = Runs::of(&text);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let mut found = 0;
        words.find(black_box(&runs), |_| found += 1);
        found
    });
}

#[divan::bench(args = SIZES)]
fn inconsistent_wording(bencher: Bencher<'_, '_>, size: usize) {
    let model = Model::embedded();
    let text = long_post(PostKind::Prose, size);
    let runs = Runs::of(&text);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| inconsistencies(black_box(&runs), model, |_| false).len());
}
