//! How fast generated posts are read, part by part, and how fast edits are applied:
//! `cargo bench -p postmend-core`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use postmend_core::html::{Tokens, tokenize};
use postmend_core::{Document, Edit, Format, Generator, Patch, front};
use postmend_tests::made::{PostKind, long_post, post};

const KINDS: [PostKind; 3] = [PostKind::Mirror, PostKind::Import, PostKind::Prose];

/// The size of a long post in bytes.
const LONG: usize = 1 << 18;

fn main() {
    divan::main();
}

#[divan::bench(args = KINDS)]
fn tokens(bencher: Bencher<'_, '_>, kind: PostKind) {
    let text = long_post(kind, LONG);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let mut tokens = Tokens::default();
        tokenize(black_box(&text), 0, &mut tokens);
        tokens
    });
}

#[divan::bench]
fn front_matter(bencher: Bencher<'_, '_>) {
    let posts: Vec<String> = (0..100).map(|number| post(number).text).collect();
    bencher
        .counter(divan::counter::ItemsCount::new(posts.len()))
        .bench(|| posts.iter().map(|text| front::read(black_box(text), Generator::None).body).sum::<usize>());
}

#[divan::bench(args = KINDS)]
fn document(bencher: Bencher<'_, '_>, kind: PostKind) {
    let text = long_post(kind, LONG);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let document = Document::read(black_box(&text), Format::Markdown, Generator::None);
        (document.urls.len(), document.prose.text.len())
    });
}

/// Replaces every URL.
#[divan::bench]
fn patch(bencher: Bencher<'_, '_>) {
    let text = long_post(PostKind::Mirror, LONG);
    let document = Document::read(&text, Format::Markdown, Generator::None);
    let edits = document.urls.iter().map(|url| Edit::replace(url.span, "https://img.example/a.png"));
    let edits: Vec<Edit> = edits.collect();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let patch = Patch::new(black_box(edits.clone())).expect("no two URLs stand at one place");
        patch.apply(&text)
    });
}
