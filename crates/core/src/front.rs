//! The front matter of a post, as its generator reads it, with the byte spans of every field.

mod fence;
mod field;
mod matter;
mod scalar;
mod toml;
mod yaml;

pub use field::{Field, Key, Style, Value};
pub use matter::{Fault, Front, FrontMatter, Near, NearReason, Reading, Root, Syntax};
pub use toml::too_deep;

use crate::{Generator, Span};
use fence::{Block, Located};
use std::borrow::Cow;

/// Reads the front matter of a post. Never fails: unreadable front matter is a fact as well.
pub fn read(text: &str, generator: Generator) -> Front<'_> {
    let before = fence::blank_before(text);
    if let Some(block) = readable_block(text, before, generator) {
        if swallows_body(text, &block, generator) {
            let near = Near { span: Span::new(block.start, block.end), reason: NearReason::SwallowedBody };
            return Front { matter: None, near: Some(near), body: block.end };
        }
        let matter = FrontMatter::of(text, &block, generator);
        let hidden = before > 0 && !text[..before].trim_start_matches('\u{FEFF}').is_empty();
        let near = hidden.then(|| Near { span: Span::new(0, before), reason: NearReason::BlankBefore });
        if is_front_matter(&matter, text, &block, hidden, generator) {
            return Front { body: block.end, matter: Some(matter), near };
        }
    }
    match fence::lookalike(text, before, generator) {
        Some(near) => Front { matter: None, near: Some(near), body: near.span.end as usize },
        None => Front { matter: None, near: None, body: if text.starts_with('\u{FEFF}') { 3 } else { 0 } },
    }
}

/// How exactly this generator reads the start of a post, including blank lines before the front matter.
pub fn reading(text: &str, generator: Generator) -> Reading<'_> {
    match fence::locate(text, 0, generator) {
        Located::Nothing => Reading::Raw,
        Located::Broken => Reading::Broken,
        Located::Block(block) => Reading::Read(Box::new(FrontMatter::of(text, &block, generator))),
    }
}

/// The value of an unquoted YAML scalar for a generator's parser.
pub fn plain_value(text: &str, generator: Generator) -> Value<'_> {
    scalar::resolve(Cow::Borrowed(text), scalar::Dialect::of(generator))
}

/// The block that the generator reads, or would read if nothing preceded it.
fn readable_block(text: &str, before: usize, generator: Generator) -> Option<Block> {
    let mark = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let starts = if before > mark { [before, 0] } else { [0, before] };
    starts.into_iter().find_map(|at| match fence::locate(text, at, generator) {
        Located::Block(block) if block.closed => Some(block),
        _ => None,
    })
}

/// Whether Hexo mistakes text of the body for front matter: it has no opening fence and does not start with a
/// field.
fn swallows_body(text: &str, block: &Block, generator: Generator) -> bool {
    let content = &text[block.content.clone()];
    let lacks_opening =
        generator == Generator::Hexo && block.start == block.content.start && !content.starts_with('{');
    let first = content.trim_start().lines().next().unwrap_or_default();
    lacks_opening && !fence::looks_like_field(first) && yaml::parse(text, block, generator).root == Root::Map
}

/// Whether a block is intended as front matter: text between two thematic breaks is not.
fn is_front_matter(
    matter: &FrontMatter<'_>,
    text: &str,
    block: &Block,
    hidden: bool,
    generator: Generator,
) -> bool {
    let content = &text[block.content.clone()];
    let looks_like_fields = content.lines().any(fence::looks_like_field);
    let lacks_opening = block.start == block.content.start && matter.syntax == Syntax::Yaml;
    // Hugo would read it as JSON, and fail; its author means a shortcode at the start of the text.
    let is_shortcode =
        matter.syntax == Syntax::Json && (content.starts_with("{{<") || content.starts_with("{{%"));
    match (matter.root, &matter.fault) {
        _ if is_shortcode => false,
        _ if lacks_opening => matter.root == Root::Map && matter.fault.is_none(),
        (Root::Empty, _) => generator != Generator::Hexo || !content.trim().is_empty(),
        (Root::Map, None) => true,
        // Hexo continues without fields if there are none.
        (Root::Scalar, None) => !hidden && !content.trim().contains("\n\n"),
        _ => looks_like_fields || !hidden,
    }
}

impl<'t> FrontMatter<'t> {
    fn of(text: &'t str, block: &Block, generator: Generator) -> Self {
        let parsed = match block.syntax {
            Syntax::Toml => toml::parse(text, block),
            Syntax::Yaml | Syntax::Json => yaml::parse(text, block, generator),
        };
        Self {
            span: Span::new(block.start, block.end),
            content: Span::from(block.content.clone()),
            syntax: block.syntax,
            fields: parsed.fields,
            comments: parsed.comments,
            root: parsed.root,
            duplicates: parsed.duplicates,
            fault: parsed.fault,
            expands_tabs: generator == Generator::Hexo,
        }
    }

    /// The whole front matter as parsed by a standard parser, against which the spans are checked.
    ///
    /// # Errors
    /// The parser's message.
    pub fn truth(&self, text: &str) -> Result<serde_yaml::Value, String> {
        let content = self.content.of(text);
        match self.syntax {
            Syntax::Toml => toml::truth(content),
            Syntax::Json if !content.trim_start().starts_with('{') => {
                serde_yaml::from_str(&format!("{{{content}}}")).map_err(|error| error.to_string())
            }
            Syntax::Json | Syntax::Yaml => {
                let content =
                    if self.expands_tabs { yaml::expand_tabs(content) } else { Cow::Borrowed(content) };
                serde_yaml::from_str(&content).map_err(|error| error.to_string())
            }
        }
    }
}
