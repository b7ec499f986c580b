//! Where front matter starts and ends: the grammar of each generator, and blocks that nearly match one.

use super::matter::{Near, NearReason, Syntax};
use crate::lines::line_from;
use crate::{Generator, Span};
use std::ops::Range;

/// The position of front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The offset of the opening fence, or of the content if there is none.
    pub(super) start: usize,
    /// The range between the fences.
    pub(super) content: Range<usize>,
    /// The offset after the closing line.
    pub(super) end: usize,
    pub(super) syntax: Syntax,
    /// Whether there is a closing fence; without one, gray-matter reads the whole file as front matter.
    pub(super) closed: bool,
}

/// What a generator finds at the start of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Located {
    Nothing,
    /// Fences that make the build fail.
    Broken,
    Block(Block),
}

/// The front matter that the generator finds if the post starts at byte `at`.
pub(super) fn locate(text: &str, at: usize, generator: Generator) -> Located {
    let from = at + mark_length(&text[at..]);
    match generator {
        Generator::None => lenient(text, from),
        Generator::Hexo => hexo(text, from),
        Generator::Hugo => hugo(text, from),
        Generator::Jekyll => jekyll(text, from),
        Generator::VitePress | Generator::Docusaurus | Generator::Eleventy => gray_matter(text, from),
        Generator::Astro => astro(text, from),
        Generator::Zola => zola(text, from),
    }
}

/// Number of bytes of byte order mark, blank lines and indentation before the first text.
pub(super) fn blank_before(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c == '\u{FEFF}' || c.is_ascii_whitespace()).len()
}

/// Whether a line has the form `name: value`, `name:` or `name = value`.
pub(super) fn looks_like_field(line: &str) -> bool {
    let line = line.trim_end();
    let name = line.trim_start_matches(['"', '\'']);
    let length = name.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(name.len());
    let rest = name[length..].trim_start_matches(['"', '\'']);
    length > 0
        && (rest == ":"
            || rest.starts_with(": ")
            || rest.starts_with(":\t")
            || rest.trim_start().starts_with("= "))
}

fn mark_length(text: &str) -> usize {
    if text.starts_with('\u{FEFF}') { 3 } else { 0 }
}

/// The content between two offsets, without the line ending before the closing fence.
fn content(text: &str, start: usize, fence_line: usize) -> Range<usize> {
    let inside = &text[start..fence_line.max(start)];
    let inside = inside.strip_suffix('\n').unwrap_or(inside);
    let inside = inside.strip_suffix('\r').unwrap_or(inside);
    start..start + inside.len()
}

/// The offset of the first line from `at` on for which `closes` is true.
fn closing_line(text: &str, mut at: usize, closes: impl Fn(&str) -> bool) -> Option<usize> {
    while at < text.len() {
        let (this, next) = line_from(text, at);
        if closes(this) {
            return Some(at);
        }
        at = next;
    }
    None
}

/// The offset after a fence of `length` bytes at `at` and after the line ending directly following it.
fn line_after_fence(text: &str, at: usize, length: usize) -> usize {
    let end = at + length;
    let rest = &text[end..];
    let line_end = ["\r\n", "\n"].iter().find(|line_end| rest.starts_with(**line_end));
    end + line_end.map_or(0, |line_end| line_end.len())
}

fn run_length(text: &str, mark: char) -> usize {
    text.bytes().take_while(|byte| *byte == mark as u8).count()
}

/// `^(-{3,}|;{3,})\n([\s\S]+?)\n\1\n?`, or without an opening fence `^([\s\S]+?)\n(-{3,}|;{3,})\n?`.
fn hexo(text: &str, from: usize) -> Located {
    let rest = &text[from..];
    let run = run_length(rest, '-').max(run_length(rest, ';'));
    if run < 3 {
        return hexo_without_opening(text, from);
    }
    let fence = &rest[..run];
    let (first, next) = line_from(text, from);
    if first != fence {
        return Located::Nothing;
    }
    // The content must have at least one character in addition to the line ending before the fence.
    let closes = |line: &str| line.starts_with(fence);
    let at_once = closes(line_from(text, next).0);
    let search_from = if at_once { line_after_fence(text, next, run) } else { next };
    let Some(close) = closing_line(text, search_from, closes) else { return Located::Nothing };
    let syntax = if fence.starts_with(';') { Syntax::Json } else { Syntax::Yaml };
    let end = line_after_fence(text, close, run);
    Located::Block(Block { start: from, content: content(text, next, close), end, syntax, closed: true })
}

fn hexo_without_opening(text: &str, from: usize) -> Located {
    let (first, next) = line_from(text, from);
    // The regular expression requires one character before the line of the fence. So after a blank first line,
    // a fence on the second line is content, which YAML then reads as the start of a document.
    let is_fence = |line: &str| line.starts_with("---") || line.starts_with(";;;");
    let (second, third) = line_from(text, next);
    let search_from = if first.is_empty() && is_fence(second) { third } else { next };
    let close = closing_line(text, search_from, is_fence);
    let Some(close) = close else { return Located::Nothing };
    let content = content(text, from, close);
    if text[content.clone()].trim().is_empty() {
        return Located::Nothing;
    }
    let rest = &text[close..];
    let run = run_length(rest, '-').max(run_length(rest, ';'));
    let syntax = if rest.starts_with(';') { Syntax::Json } else { Syntax::Yaml };
    Located::Block(Block {
        start: from,
        content,
        end: line_after_fence(text, close, run),
        syntax,
        closed: true,
    })
}

/// White space is skipped. The fence is three characters long and is closed by a line that starts with the same
/// three. A bare carriage return ends a line here.
fn hugo(text: &str, from: usize) -> Located {
    let rest = text[from..].trim_start_matches([' ', '\n', '\r']);
    let start = text.len() - rest.len();
    let syntax = match rest.as_bytes().first() {
        Some(b'{') => return json(text, start),
        Some(b'-') if rest.starts_with("---") => Syntax::Yaml,
        Some(b'+') if rest.starts_with("+++") => Syntax::Toml,
        _ => return Located::Nothing,
    };
    let fence = &rest[..3];
    let first_end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    if !rest[3..first_end].trim().is_empty() {
        return Located::Broken;
    }
    let line_end = start + first_end;
    let starts_line = |at: &usize| matches!(text.as_bytes()[*at - 1], b'\n' | b'\r');
    let mut fences = memchr::memmem::find_iter(&text.as_bytes()[line_end..], fence).map(|at| line_end + at);
    let Some(close) = fences.find(starts_line) else { return Located::Broken };
    let next = (line_end + if text[line_end..].starts_with("\r\n") { 2 } else { 1 }).min(close);
    let last = text[close..].find(['\n', '\r']).map_or(text.len(), |at| close + at);
    let end = line_after_fence(text, last, 0).max((last + 1).min(text.len()));
    Located::Block(Block { start, content: content(text, next, close), end, syntax, closed: true })
}

/// Finds an object in braces, up to its closing brace.
fn json(text: &str, start: usize) -> Located {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.as_bytes()[start..].iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let content = start..start + at + 1;
            let end = line_after_fence(text, content.end, 0);
            return Located::Block(Block { start, content, end, syntax: Syntax::Json, closed: true });
        }
    }
    Located::Broken
}

/// `\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)`
fn jekyll(text: &str, from: usize) -> Located {
    let (first, next) = line_from(text, from);
    if first.trim_end() != "---" || next == text.len() && !text.ends_with('\n') {
        return Located::Nothing;
    }
    let closes = |line: &str| matches!(line.trim_end(), "---" | "...");
    let Some(close) = closing_line(text, next, closes) else { return Located::Nothing };
    let end = line_from(text, close).1;
    Located::Block(Block {
        start: from,
        content: content(text, next, close),
        end,
        syntax: Syntax::Yaml,
        closed: true,
    })
}

/// `---` without a fourth dash; the rest of the line is a language. It is closed by `\n---` or the end of the
/// file.
fn gray_matter(text: &str, from: usize) -> Located {
    let rest = &text[from..];
    if !rest.starts_with("---") || rest[3..].starts_with('-') {
        return Located::Nothing;
    }
    let (first, next) = line_from(text, from);
    if first.contains('\r') {
        // gray-matter reads the whole file as the name of a language, and finds nothing after it.
        let content = text.len()..text.len();
        return Located::Block(Block {
            start: from,
            content,
            end: text.len(),
            syntax: Syntax::Yaml,
            closed: false,
        });
    }
    let syntax = match first[3..].trim() {
        "" | "yaml" | "yml" => Syntax::Yaml,
        "json" => Syntax::Json,
        _ => return Located::Broken,
    };
    let close = closing_line(text, next, |line| line.starts_with("---"));
    let at = close.unwrap_or(text.len());
    let end = if close.is_some() { line_after_fence(text, at, 3) } else { text.len() };
    Located::Block(Block {
        start: from,
        content: content(text, next, at),
        end,
        syntax,
        closed: close.is_some(),
    })
}

/// `(?:^\uFEFF?|^\s*\n)(?:---|\+\+\+)([\s\S]*?\n)(?:---|\+\+\+)`
fn astro(text: &str, from: usize) -> Located {
    let rest = text[from..].trim_start();
    let start = text.len() - rest.len();
    let starts_line = start == from || text[..start].ends_with('\n');
    let syntax = match rest.get(..3) {
        Some("---") if starts_line => Syntax::Yaml,
        Some("+++") if starts_line => Syntax::Toml,
        _ => return Located::Nothing,
    };
    let next = line_from(text, start).1;
    let closes = |line: &str| line.starts_with("---") || line.starts_with("+++");
    let Some(close) = closing_line(text, next, closes) else { return Located::Nothing };
    let first = line_from(text, start).0[3..].trim();
    let inside = if first.is_empty() { content(text, next, close) } else { content(text, start + 3, close) };
    Located::Block(Block {
        start,
        content: inside,
        end: line_after_fence(text, close, 3),
        syntax,
        closed: true,
    })
}

/// A fence on a line by itself; it is closed by the first fence at the end of a line, wherever that fence
/// starts.
fn zola(text: &str, from: usize) -> Located {
    let rest = text[from..].trim_start();
    let start = text.len() - rest.len();
    let (first, next) = line_from(text, start);
    let syntax = match first {
        "---" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return Located::Broken,
    };
    let Some(close) = closing_line(text, next, |line| line.trim_end().ends_with(first)) else {
        return Located::Broken;
    };
    let (last, end) = line_from(text, close);
    let before_fence = close + last.trim_end().len() - 3;
    Located::Block(Block { start, content: content(text, next, before_fence), end, syntax, closed: true })
}

/// Finds front matter that any of the generators would read.
fn lenient(text: &str, from: usize) -> Located {
    let (first, next) = line_from(text, from);
    let fence = first.trim_end();
    let dashes = run_length(fence, '-');
    if dashes >= 3 {
        let tag = &fence[dashes..];
        let syntax = match tag.trim() {
            "" | "yaml" | "yml" => Syntax::Yaml,
            "json" => Syntax::Json,
            "toml" => Syntax::Toml,
            _ => return Located::Nothing,
        };
        let closes = |line: &str| {
            let line = line.trim_end();
            line == &fence[..dashes] || (line == "..." && dashes == 3)
        };
        return closed(text, from, next, syntax, closes);
    }
    if fence == "+++" {
        return closed(text, from, next, Syntax::Toml, |line| line.trim_end() == "+++");
    }
    if fence.len() >= 3 && run_length(fence, ';') == fence.len() {
        return closed(text, from, next, Syntax::Json, |line| line.trim_end() == fence);
    }
    if fence == "{" || fence.starts_with("{\"") {
        return match json(text, from) {
            Located::Block(block) => Located::Block(block),
            _ => Located::Nothing,
        };
    }
    without_opening(text, from)
}

fn closed(text: &str, start: usize, next: usize, syntax: Syntax, closes: impl Fn(&str) -> bool) -> Located {
    let Some(close) = closing_line(text, next, closes) else { return Located::Nothing };
    let end = line_from(text, close).1;
    Located::Block(Block { start, content: content(text, next, close), end, syntax, closed: true })
}

/// Keys of which nearly every Hexo post has one.
const USUAL_KEYS: [&str; 6] = ["title", "date", "tags", "categories", "layout", "permalink"];

/// Whether a line is one of the usual keys, up to one of these separators.
fn has_usual_key(content: &str, separators: &[char]) -> bool {
    let mut names = content.lines().filter_map(|line| line.split_once(separators));
    names.any(|(name, _)| USUAL_KEYS.contains(&name.trim()))
}

/// Finds Hexo's form without an opening fence, if the block cannot be anything else.
fn without_opening(text: &str, from: usize) -> Located {
    if !looks_like_field(line_from(text, from).0) {
        return Located::Nothing;
    }
    let stops = |line: &str| line.trim().is_empty() || line.starts_with("---");
    let Some(close) = closing_line(text, from, stops).filter(|at| text[*at..].starts_with("---")) else {
        return Located::Nothing;
    };
    let fence = line_from(text, close).0.trim_end();
    let content = content(text, from, close);
    if !has_usual_key(&text[content.clone()], &[':']) || !fence.trim_matches('-').is_empty() {
        return Located::Nothing;
    }
    let end = line_from(text, close).1;
    Located::Block(Block { start: from, content, end, syntax: Syntax::Yaml, closed: true })
}

/// A block that looks like front matter although this generator does not read it.
pub(super) fn lookalike(text: &str, before: usize, generator: Generator) -> Option<Near> {
    let near = |span: Range<usize>, reason| Some(Near { span: Span::from(span), reason });
    let (first, next) = line_from(text, before);
    if first.contains('\r') && first.starts_with("---") {
        return near(before..text.len(), NearReason::BareCarriageReturn);
    }
    if let Located::Block(block) = lenient(text, before) {
        let inside = &text[block.content.clone()];
        if block.syntax == Syntax::Yaml && inside.trim().is_empty() {
            return if generator == Generator::Hexo {
                near(before..block.end, NearReason::Empty)
            } else {
                None
            };
        }
        let fields = block.syntax != Syntax::Yaml || inside.lines().any(looks_like_field);
        return if fields { near(before..block.end, block_reason(text, &block, first)) } else { None };
    }
    if let Some(block) = after_something(text, before) {
        return near(block.start..block.end, NearReason::NotFirst);
    }
    let is_fence = matches!(first.trim_end(), "---" | "+++" | ";;;");
    let second = line_from(text, next).0;
    if is_fence && looks_like_field(second) {
        let ends = |line: &str| line.trim().is_empty();
        return near(before..closing_line(text, next, ends).unwrap_or(text.len()), NearReason::Unclosed);
    }
    None
}

/// A block with usual keys between fences, after comments, or a heading, at the start of the post.
fn after_something(text: &str, before: usize) -> Option<Block> {
    let mut at = before;
    while let Some(comment) = text[at..].strip_prefix("<!--") {
        at = text.len() - comment.len() + comment.find("-->")? + 3;
        at += text[at..].len() - text[at..].trim_start().len();
    }
    if text[at..].starts_with("# ") {
        at = line_from(text, at).1;
        at += text[at..].len() - text[at..].trim_start().len();
    }
    let Located::Block(block) = lenient(text, at) else { return None };
    let is_fenced = block.start != block.content.start && text[..block.start].ends_with('\n');
    let content = &text[block.content.clone()];
    (at > before && is_fenced && has_usual_key(content, &[':', '='])).then_some(block)
}

fn block_reason(text: &str, block: &Block, first: &str) -> NearReason {
    let opening = first.trim_end();
    let last = text[block.content.end..block.end].trim();
    if block.start == block.content.start && block.syntax == Syntax::Yaml {
        NearReason::NoOpening
    } else if opening.starts_with("----") {
        NearReason::FourDashes
    } else if opening.starts_with("---") && opening.len() > 3 {
        NearReason::LanguageTag
    } else if block.syntax != Syntax::Yaml {
        NearReason::ForeignSyntax
    } else if last == "..." {
        NearReason::DotsClose
    } else if opening.len() < first.len() {
        NearReason::TrailingBlank
    } else {
        NearReason::Unclosed
    }
}
