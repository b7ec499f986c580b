//! Any bytes are read or refused: nothing panics, every span slices the text, and what was decoded is encoded again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use postmend_core::decode::{decode, encode};
use postmend_core::lines::LineIndex;
use postmend_core::{Alt, Document, Elements, Span, comment_free_outline};
use postmend_fuzz::{RULES, context};
use postmend_rules::{Fingerprints, Post};

fuzz_target!(|bytes: &[u8]| {
    let [choice, rest @ ..] = bytes else { return };
    let Ok(decoded) = decode(rest) else { return };
    assert_eq!(encode(&decoded.text, decoded.encoding).as_deref(), Some(rest));
    let (text, context) = (&*decoded.text, context(*choice));
    let document = Document::read(text, context.format, context.generator);
    for url in &document.urls {
        let _ = (url.span.of(text), url.rewrite(text, "https://a.example/b.png"));
    }
    for image in &document.images {
        let _ = (image.span.of(text), document.url_of(image));
        if let Alt::Empty(span) | Alt::Text(span, _) = image.alt {
            let _ = span.of(text);
        }
    }
    for passage in document.prose.passages() {
        let _ = passage.span(0..passage.text.len()).of(text);
    }
    let spans = [&document.code, &document.html, &document.directives];
    spans.into_iter().flatten().for_each(|span: &Span| drop(span.of(text)));
    document.code_urls().iter().for_each(|url| drop(url.span.of(text)));
    if let Some(matter) = &document.front.matter {
        for (index, field) in matter.fields.iter().enumerate() {
            let _ = (field.span.of(text), matter.path(index), field.scalar(text));
        }
        let _ = matter.truth(text);
    }
    let _ = (comment_free_outline(&document), Elements::of(&document));
    let (lines, mut prints) = (LineIndex::of(text), Fingerprints::default());
    for finding in RULES.check(&Post::new(&document, context)) {
        let _ = (finding.span.of(text), prints.next(&finding, text));
        let position = lines.position(finding.span.end as usize);
        assert!(lines.line(position.line).start <= finding.span.end as usize);
    }
});
