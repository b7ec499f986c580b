//! Values that readers see: alternative texts, titles and captions, each of which becomes a passage.

use super::{Reader, ShownValue, ValueForm};
use crate::Span;
use crate::prose::{Enclosure, Mark};

impl Reader<'_> {
    /// Adds a value as a passage.
    pub(super) fn push_value(&mut self, value: ShownValue) {
        let ShownValue { span, form } = value;
        self.prose.begin_value(Enclosure::around(self.text, span));
        let start = self.prose.text.len();
        match form {
            ValueForm::Markdown | ValueForm::Label => self.push_text(span),
            ValueForm::Attribute => self.push_with_references(span),
            ValueForm::Escaped => self.push_escaped(span),
        }
        if form == ValueForm::Label {
            self.prose.mark_since(Mark::Label, start);
        }
        self.prose.end();
    }

    /// Adds text with its backslash escapes and character references decoded.
    fn push_escaped(&mut self, span: Span) {
        let text = span.of(self.text);
        let mut from = 0;
        for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
            let escaped = text[at + 1..].chars().next().filter(char::is_ascii_punctuation);
            let Some(escaped) = escaped.filter(|_| at >= from) else { continue };
            self.push_with_references(Span::new(from, at).shifted(span.start as usize));
            let end = at + 1 + escaped.len_utf8();
            let escape = Span::new(at, end).shifted(span.start as usize);
            self.prose.push_stand_in(escaped.encode_utf8(&mut [0; 4]), escape);
            from = end;
        }
        self.push_with_references(Span::new(from, text.len()).shifted(span.start as usize));
    }
}
