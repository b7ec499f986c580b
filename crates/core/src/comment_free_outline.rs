//! What a post renders, without its comments: used to verify that a comment changes nothing.

use crate::document::Document;
use crate::format::Format;
use crate::html::{Token, Tokens, tokenize};
use crate::markdown_source::MarkdownSource;
use crate::reader::markdown_events;
use crate::template::{Template, TemplateKind, templates};
use pulldown_cmark::{Event, Tag, TagEnd};
use std::ops::Range;

/// The blocks, text and code of a post's body in order. Two versions of a post that differ only in comments
/// have the same outline. Runs of white space count as one space, and not at all at the ends of a block.
pub fn comment_free_outline(document: &Document<'_>) -> Vec<String> {
    let base = document.front.body;
    let body = &document.text[base..];
    let templates = templates(body, base, document.format, document.generator);
    let source = MarkdownSource::of(document, &templates);
    if document.format == Format::Html {
        return vec![without_comments(&source.masked)];
    }
    let comments = templates.iter().filter(|template| is_comment(template, document.text));
    let comments =
        comments.map(|comment| comment.span.start as usize - base..comment.span.end as usize - base);
    let mut outline = OutlineWriter { comments: comments.collect(), ..OutlineWriter::default() };
    for (event, range) in markdown_events(source.text()) {
        outline.add(event, source.range_in_body(range));
    }
    outline.end_text();
    outline.tokens
}

/// Whether an MDX expression is nothing but a comment.
fn is_comment(template: &Template, text: &str) -> bool {
    let inside = template.inside.of(text);
    template.kind == TemplateKind::Braces && inside.starts_with("/*") && inside.ends_with("*/")
}

#[derive(Default)]
struct OutlineWriter {
    /// The byte ranges of MDX comments in the body, ascending.
    comments: Vec<Range<usize>>,
    tokens: Vec<String>,
    /// The text collected so far.
    text: String,
    /// The content of the open HTML block.
    block: Option<String>,
}

impl OutlineWriter {
    fn add(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.block = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let html = without_comments(&self.block.take().unwrap_or_default());
                self.add_html(&html);
            }
            Event::Html(html) => self.block.get_or_insert_default().push_str(&html),
            Event::InlineHtml(html) => {
                let html = without_comments(&html);
                self.add_html(&html);
            }
            Event::Text(text) => match self.block.as_mut() {
                Some(block) => block.push_str(&text),
                None => self.add_text(&text, range),
            },
            Event::SoftBreak => self.text.push(' '),
            Event::End(TagEnd::Paragraph) => {
                self.end_text();
                // A paragraph that contains only comments does not count.
                if self.tokens.last().is_some_and(|last| last == PARAGRAPH) {
                    self.tokens.pop();
                } else {
                    self.tokens.push(format!("{:?}", TagEnd::Paragraph));
                }
            }
            Event::Start(Tag::Paragraph) => {
                self.end_text();
                self.tokens.push(PARAGRAPH.to_owned());
            }
            other => {
                self.end_text();
                self.tokens.push(format!("{other:?}"));
            }
        }
    }

    fn add_html(&mut self, html: &str) {
        if !html.is_empty() {
            self.end_text();
            self.tokens.push(format!("html {html}"));
        }
    }

    /// Adds text without the comments in it, which the Markdown parser sees as masked words.
    fn add_text(&mut self, text: &str, range: Range<usize>) {
        let next = self.comments.partition_point(|comment| comment.end <= range.start);
        let inside = self.comments[next..].iter().take_while(|comment| comment.start < range.end);
        let mut from = range.start;
        for comment in inside {
            let kept = text.get(from - range.start..comment.start.max(from) - range.start);
            self.text.push_str(kept.unwrap_or_default());
            from = comment.end.min(range.end);
        }
        self.text.push_str(text.get(from - range.start..).unwrap_or(text));
    }

    fn end_text(&mut self) {
        let text = with_single_blanks(&self.text);
        self.text.clear();
        if !text.is_empty() {
            self.tokens.push(format!("text {text}"));
        }
    }
}

/// Marks the start of a paragraph.
const PARAGRAPH: &str = "paragraph";

fn without_comments(html: &str) -> String {
    let mut tokens = Tokens::default();
    tokenize(html, 0, &mut tokens);
    let comments = tokens.list.iter().filter_map(|token| match token {
        Token::Comment(span) => Some(span.range()),
        _ => None,
    });
    let (mut out, mut from) = (String::with_capacity(html.len()), 0);
    for comment in comments {
        out.push_str(&html[from..comment.start]);
        from = comment.end;
    }
    with_single_blanks(&(out + &html[from..]))
}

fn with_single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Generator;

    fn outline_of(text: &str, format: Format) -> Vec<String> {
        comment_free_outline(&Document::read(text, format, Generator::None))
    }

    #[test]
    fn sees_no_comments_but_what_they_break() {
        let same = |a: &str, b: &str, format| outline_of(a, format) == outline_of(b, format);
        for (with, without, is_same) in [
            ("<!-- c -->\nA *b*\nc  \nd", "A *b*\nc  \nd", true),
            ("a <!-- c -->\nb", "a\nb", true),
            ("a\n<!-- c -->\nb", "a\nb", false),
            ("- a\n<!-- c -->\n- b", "- a\n- b", false),
            ("- a\n- b <!-- c -->", "- a\n- b", true),
            ("|a|b|\n|-|-|\n|1|2 <!-- c -->|", "|a|b|\n|-|-|\n|1|2|", true),
            ("|a|b|\n|-|-|\n<!-- c -->\n|1|2|", "|a|b|\n|-|-|\n|1|2|", false),
            ("<div>\n<!-- c -->\n<p>a</p>\n</div>", "<div>\n<p>a</p>\n</div>", true),
            ("```\n<!-- c -->\na\n```", "```\na\n```", false),
            ("a  <!-- c -->\nb", "a  \nb", false),
        ] {
            assert_eq!(same(with, without, Format::Markdown), is_same, "{with}");
        }
        for (with, without, is_same) in [
            ("{/* c */}\n# A {b} c", "# A {b} c", true),
            ("a\n{/* c */}\nb", "a\nb", true),
            ("{/* c */}\n\na {/* c */}", "a", true),
            ("{/* c */}\n2. b", "2. b", false),
        ] {
            assert_eq!(same(with, without, Format::Mdx), is_same, "{with}");
        }
        assert!(same("<!-- c -->\n<p>a</p>", "<p>a</p>", Format::Html));
    }
}
