//! Reading never panics, and every span slices the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::decode::decode;
use postmend_core::{Document, Format, Generator};

fuzz_target!(|bytes: &[u8]| {
    let [choice, rest @ ..] = bytes else { return };
    let Ok(decoded) = decode(rest) else { return };
    let format = [Format::Markdown, Format::Mdx, Format::Html][*choice as usize % 3];
    let generator = Generator::ALL[*choice as usize / 3 % Generator::ALL.len()];
    let document = Document::read(&decoded.text, format, generator);
    for url in &document.urls {
        let _ = (url.span.of(&decoded.text), url.rewrite(&decoded.text, "https://a.example/b.png"));
    }
    for image in &document.images {
        let _ = image.span.of(&decoded.text);
    }
    for passage in document.prose.passages() {
        let _ = passage.span(0..passage.text.len()).of(&decoded.text);
    }
    let _ = document.html_alone();
});
