//! Collects facts from Markdown events, with the exact spans of destinations and alternative texts.

use super::{OBJECT, Reader, ShownValue, ValueForm};
use crate::Span;
use crate::document::Label;
use crate::escaping::Escaping;
use crate::image::{Alt, Company, ImageSyntax};
use crate::markdown_source::MarkdownSource;
use crate::prose::{Mark, PassageKind};
use crate::url::Role;
use pulldown_cmark::{CowStr, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// The state between events.
#[derive(Default)]
struct MarkdownWalk {
    /// The index of the URL of each reference definition, by the offset of its destination.
    definitions: HashMap<u32, u32>,
    /// Destinations with escapes, which do not refer to the source anymore, with the indices of their URLs.
    escaped: HashMap<String, u32>,
    /// The titles of definitions that were not used so far, by the index of their URL.
    titles: HashMap<u32, Range<usize>>,
    /// Open images, the innermost last.
    open_images: Vec<OpenImage>,
    /// The line ranges of the open HTML block.
    block: Option<Vec<Range<usize>>>,
    /// The numbers of images and of bytes of prose at the start of the open paragraph.
    paragraph: Option<(usize, usize)>,
    /// The number of HTML elements that were open when the block started.
    elements_before: usize,
    in_code_block: bool,
    /// The offsets in the prose where the text of open headings and inline elements starts.
    starts: Vec<usize>,
}

struct OpenImage {
    range: Range<usize>,
    link_type: LinkType,
    destination: Option<Range<usize>>,
    escaped: String,
    alt: String,
    /// The offset of the end of the last event inside it.
    inner_end: usize,
}

impl MarkdownWalk {
    /// The index of the URL in the definition of a reference; `None` for an inline link.
    fn defined(&self, kind: LinkType, destination: Option<&Range<usize>>, escaped: &str) -> Option<u32> {
        if kind == LinkType::Inline {
            return None;
        }
        let pointed = destination.and_then(|range| self.definitions.get(&(range.start as u32)));
        pointed.or_else(|| self.escaped.get(escaped)).copied()
    }
}

/// Parses Markdown with the extensions that the whole project uses.
pub(crate) fn events(body: &str) -> OffsetIter<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    Parser::new_ext(body, options).into_offset_iter()
}

impl<'t> Reader<'t> {
    /// Reads the body of a post in Markdown or MDX.
    pub(super) fn markdown(&mut self, source: &MarkdownSource<'_>) {
        let events = events(source.text());
        let mut walk = MarkdownWalk::default();
        self.definitions(&events, &mut walk, source);
        for (event, range) in events {
            self.event(event, range, &mut walk, source);
        }
        self.end_block();
        self.bare_urls();
    }

    /// Adds reference definitions before anything else, since images and links refer to them.
    fn definitions(&mut self, events: &OffsetIter<'_>, walk: &mut MarkdownWalk, source: &MarkdownSource<'_>) {
        // They are not sorted.
        let mut definitions: Vec<_> =
            events.reference_definitions().iter().map(|(_, definition)| definition).collect();
        definitions.sort_unstable_by_key(|definition| definition.span.start);
        for definition in definitions {
            let found = borrowed_range(&definition.dest, source.text())
                .or_else(|| definition_destination(source.text(), definition.span.clone()));
            let Some(range) = found else { continue };
            let url = self.destination(range.clone(), source, Role::Link);
            walk.definitions.insert(range.start as u32, url);
            walk.escaped.entry(definition.dest.to_string()).or_insert(url);
            let title = definition.title.as_ref().filter(|title| !title.is_empty());
            let title =
                title.and_then(|title| title_range(title, source.text(), range.end..definition.span.end));
            walk.titles.extend(title.map(|title| (url, title)));
            let written = definition.span.start + 1..definition.span.end;
            if let Some(length) = source.text().get(written.clone()).and_then(|rest| rest.find("]:")) {
                let span = source.span(written.start..written.start + length);
                self.labels.push(Label { span, url, defines: true });
            }
        }
    }

    fn event(
        &mut self,
        event: Event<'_>,
        range: Range<usize>,
        walk: &mut MarkdownWalk,
        source: &MarkdownSource<'_>,
    ) {
        let span = source.span(range.clone());
        if let Some(lines) = &mut walk.block
            && let Event::Html(_) | Event::Text(_) = event
        {
            return lines.push(range);
        }
        // What a rewritten body has and the post has not.
        if span.is_empty() && !range.is_empty() {
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range, walk, source),
            Event::End(tag) => self.end(tag, range, walk, source),
            Event::Text(_) if walk.in_code_block => {}
            Event::Text(text) => self.markdown_text(&text, span, range.end, walk),
            Event::Code(text) => {
                self.code.push(span);
                self.markdown_object(&text, span, range.end, walk);
            }
            Event::SoftBreak | Event::HardBreak => match walk.open_images.last_mut() {
                Some(image) => {
                    image.alt.push('\n');
                    image.inner_end = range.end;
                }
                None => self.prose.push_stand_in("\n", span),
            },
            Event::InlineHtml(html) | Event::Html(html) => {
                if let Some(image) = walk.open_images.last_mut() {
                    image.inner_end = range.end;
                } else {
                    let (written, start) = source.written(range);
                    self.html_inline(&without_line_marks(written, &html), start);
                }
            }
            Event::FootnoteReference(_) => {
                self.names.push(span);
                self.markdown_object("", span, range.end, walk);
            }
            _ => {}
        }
    }

    fn start(
        &mut self,
        tag: Tag<'_>,
        range: Range<usize>,
        walk: &mut MarkdownWalk,
        source: &MarkdownSource<'_>,
    ) {
        match tag {
            Tag::Paragraph => {
                self.begin_block(walk);
                walk.paragraph = Some((self.images.len(), self.prose.text.len()));
            }
            Tag::Heading { .. } | Tag::Item | Tag::TableCell | Tag::FootnoteDefinition(_) => {
                self.begin_block(walk);
                match tag {
                    Tag::TableCell => self.prose.begin(PassageKind::Cell),
                    Tag::Heading { .. } => self.headings.push(source.span(range)),
                    Tag::FootnoteDefinition(label) => {
                        // `[^label]:`
                        let end = range.start + "[^]:".len() + label.len();
                        self.names.push(source.span(range.start..end.min(range.end)));
                    }
                    _ => {}
                }
                walk.starts.clear();
                walk.starts.push(self.prose.text.len());
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                walk.in_code_block = true;
                self.code.push(source.span(range));
            }
            Tag::HtmlBlock => {
                self.end_block();
                walk.block = Some(Vec::new());
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                self.title(link_type, [&dest_url, &title], range.clone(), walk, source);
                walk.open_images.push(OpenImage {
                    inner_end: range.start + 2,
                    destination: borrowed_range(&dest_url, source.text()),
                    escaped: dest_url.to_string(),
                    range,
                    link_type,
                    alt: String::new(),
                });
            }
            Tag::Link { link_type, dest_url, title, .. } if walk.open_images.is_empty() => {
                self.title(link_type, [&dest_url, &title], range.clone(), walk, source);
                self.link(link_type, &dest_url, range, walk, source);
                self.open_link(is_label(link_type));
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough if walk.open_images.is_empty() => {
                walk.starts.push(self.prose.text.len());
            }
            _ => {}
        }
    }

    fn end(
        &mut self,
        tag: TagEnd,
        range: Range<usize>,
        walk: &mut MarkdownWalk,
        source: &MarkdownSource<'_>,
    ) {
        if let Some(image) = walk.open_images.last_mut()
            && tag != TagEnd::Image
        {
            image.inner_end = range.end;
            return;
        }
        match tag {
            TagEnd::Paragraph => {
                self.note_company(walk);
                self.close_block(walk);
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                let mark = if tag == TagEnd::Strikethrough { Mark::Struck } else { Mark::Emphasis };
                if let Some(start) = walk.starts.pop() {
                    self.prose.mark_since(mark, start);
                }
            }
            TagEnd::Heading(_) => {
                let start = walk.starts.pop().unwrap_or(self.prose.text.len());
                let text = self.prose.text[start.min(self.prose.text.len())..].trim_end();
                if !(text.ends_with('}') && text.contains("{#")) {
                    self.prose.mark_since(Mark::Heading, start);
                }
                self.close_block(walk);
            }
            TagEnd::Item | TagEnd::TableCell | TagEnd::FootnoteDefinition => {
                self.close_block(walk);
            }
            TagEnd::CodeBlock => walk.in_code_block = false,
            TagEnd::HtmlBlock => {
                if let Some(lines) = walk.block.take() {
                    self.html_block(&lines, source);
                }
            }
            TagEnd::Image => {
                if let Some(image) = walk.open_images.pop() {
                    self.markdown_image(image, walk, source);
                }
            }
            TagEnd::Link => self.close_link(),
            _ => {}
        }
    }

    /// Adds the title of a link or image, which readers see. That of a definition is added where it is first used.
    fn title(
        &mut self,
        kind: LinkType,
        [destination, title]: [&CowStr<'_>; 2],
        range: Range<usize>,
        walk: &mut MarkdownWalk,
        source: &MarkdownSource<'_>,
    ) {
        if title.is_empty() || self.code_depth > 0 {
            return;
        }
        let found = match kind {
            LinkType::Inline => title_range(title, source.text(), range.start..range.end - 1),
            _ => {
                let pointed = borrowed_range(destination, source.text());
                let url = walk.defined(kind, pointed.as_ref(), destination);
                url.and_then(|url| walk.titles.remove(&url))
            }
        };
        let span = found.map(|found| source.span(found)).filter(|span| !self.is_templated(*span));
        self.shown.extend(span.map(|span| ShownValue { span, form: ValueForm::Escaped }));
    }

    fn begin_block(&mut self, walk: &mut MarkdownWalk) {
        self.end_block();
        self.prose.begin(PassageKind::Markdown);
        walk.elements_before = self.elements.len();
    }

    /// Closes a block. Inline elements end with their block, even if they are not closed.
    fn close_block(&mut self, walk: &mut MarkdownWalk) {
        self.end_block();
        self.close_elements(walk.elements_before);
        self.links.clear();
        walk.paragraph = None;
    }

    fn note_company(&mut self, walk: &MarkdownWalk) {
        let Some((images, prose)) = walk.paragraph else { return };
        let has_text = self.prose.text[prose.min(self.prose.text.len())..]
            .chars()
            .any(|c| !c.is_whitespace() && !OBJECT.contains(c));
        if let [image] = &mut self.images[images..]
            && !has_text
            && image.company == Company::Others
        {
            image.company = Company::AloneInParagraph;
        }
    }

    fn markdown_text(&mut self, text: &CowStr<'_>, span: Span, end: usize, walk: &mut MarkdownWalk) {
        if let Some(image) = walk.open_images.last_mut() {
            image.alt.push_str(text);
            image.inner_end = end;
            return;
        }
        if self.code_depth > 0 {
            return self.code.push(span);
        }
        // Masked text has the length of its source too, but different bytes.
        if text.len() == span.len() && (self.is_templated(span) || **text == *span.of(self.text)) {
            return self.push_text(span);
        }
        self.prose.push_stand_in(text, span);
    }

    fn markdown_object(&mut self, text: &str, span: Span, end: usize, walk: &mut MarkdownWalk) {
        if let Some(image) = walk.open_images.last_mut() {
            image.alt.push_str(text);
            image.inner_end = end;
            return;
        }
        // Code is text to a reader, so an image next to it is not alone.
        self.prose.push_stand_in(if text.is_empty() { OBJECT } else { "\u{FFFC}`" }, span);
    }

    fn markdown_image(&mut self, image: OpenImage, walk: &mut MarkdownWalk, source: &MarkdownSource<'_>) {
        if self.code_depth > 0 {
            return self.code.push(source.span(image.range));
        }
        let defined = walk.defined(image.link_type, image.destination.as_ref(), &image.escaped);
        let url = defined.or_else(|| {
            let range = match &image.destination {
                Some(range) => range.clone(),
                None => inline_destination(source.text(), image.inner_end, image.range.end)?,
            };
            Some(self.destination(range, source, Role::Image))
        });
        if let Some(url) = url {
            self.urls[url as usize].role = Role::Image;
        }
        self.label(image.link_type, url, image.range.clone(), source);
        let inner = source.span(image.range.start + 2..image.inner_end.max(image.range.start + 2));
        let end = image.range.end;
        let span = source.span(image.range);
        let alt = if image.alt.trim().is_empty() {
            Alt::Empty(inner)
        } else {
            // The alternative text of a nested image is part of that of the outer image.
            if walk.open_images.is_empty() {
                let is_label = is_label(image.link_type);
                let form = if is_label { ValueForm::Label } else { ValueForm::Markdown };
                self.shown.push(ShownValue { span: inner, form });
            }
            let masked = self.is_templated(inner);
            let text = if masked { Cow::Borrowed(inner.of(self.text)) } else { Cow::Owned(image.alt) };
            Alt::Text(inner, text)
        };
        self.image(span, url, alt, ImageSyntax::Markdown);
        match walk.open_images.last_mut() {
            Some(outer) => outer.inner_end = end,
            None => self.prose.push_stand_in(OBJECT, span),
        }
    }

    /// Adds the label of a link or image that is a reference to a definition.
    fn label(&mut self, kind: LinkType, url: Option<u32>, range: Range<usize>, source: &MarkdownSource<'_>) {
        let Some(url) = url.filter(|_| self.code_depth == 0) else { return };
        let written = &source.text()[range.clone()];
        let inside = match kind {
            LinkType::Reference => written.rfind('[').map(|at| at + 1..written.len().saturating_sub(1)),
            LinkType::Collapsed => written.find('[').map(|at| at + 1..written.len().saturating_sub(3)),
            LinkType::Shortcut => written.find('[').map(|at| at + 1..written.len().saturating_sub(1)),
            _ => None,
        };
        if let Some(inside) = inside.filter(|inside| inside.start <= inside.end) {
            let span = source.span(range.start + inside.start..range.start + inside.end);
            self.labels.push(Label { span, url, defines: false });
        }
    }

    fn link(
        &mut self,
        kind: LinkType,
        to: &CowStr<'_>,
        range: Range<usize>,
        walk: &MarkdownWalk,
        source: &MarkdownSource<'_>,
    ) {
        let found = match kind {
            LinkType::Inline => {
                borrowed_range(to, source.text()).or_else(|| link_destination(source.text(), range))
            }
            LinkType::Autolink => borrowed_range(to, source.text()),
            _ => {
                let url = walk.defined(kind, borrowed_range(to, source.text()).as_ref(), to);
                return self.label(kind, url, range, source);
            }
        };
        let Some(found) = found.filter(|_| self.code_depth == 0) else { return };
        if walk.definitions.contains_key(&(found.start as u32)) {
            return;
        }
        if kind == LinkType::Autolink {
            self.url(source.span(found), Escaping::Autolink, Role::Link);
        } else {
            self.destination(found, source, Role::Link);
        }
    }

    fn destination(&mut self, range: Range<usize>, source: &MarkdownSource<'_>, role: Role) -> u32 {
        let in_angles = source.text()[..range.start].ends_with('<');
        let escaping = if in_angles { Escaping::AngleDestination } else { Escaping::Destination };
        self.url(source.span(range), escaping, role)
    }
}

/// The source of a tag, with spaces in place of the block quote and list markers at the start of its lines;
/// `seen` is the tag as the parser returns it, without them.
pub(crate) fn without_line_marks<'b>(source: &'b str, seen: &str) -> Cow<'b, str> {
    if source.len() == seen.len() {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    for (line, seen) in source.split_inclusive('\n').zip(seen.split_inclusive('\n')) {
        let marks = line.len().saturating_sub(seen.len());
        let rest = line.get(marks..).unwrap_or(line);
        out.extend(std::iter::repeat_n(' ', line.len() - rest.len()));
        out.push_str(rest);
    }
    if out.len() == source.len() { Cow::Owned(out) } else { Cow::Borrowed(source) }
}

/// Whether the text of a link is the label by which its destination is found.
fn is_label(kind: LinkType) -> bool {
    matches!(kind, LinkType::Collapsed | LinkType::Shortcut)
}

/// The range in the body of a string that the parser borrowed from it.
fn borrowed_range(text: &CowStr<'_>, body: &str) -> Option<Range<usize>> {
    let CowStr::Borrowed(text) = text else { return None };
    let start = (text.as_ptr() as usize).checked_sub(body.as_ptr() as usize)?;
    (!text.is_empty() && start + text.len() <= body.len()).then(|| start..start + text.len())
}

/// The range in the body of the title that ends `within`: in quotes or parentheses, and decoded as `title`.
fn title_range(title: &CowStr<'_>, body: &str, within: Range<usize>) -> Option<Range<usize>> {
    /// Maximum number of quotes in a title, so that no title makes reading slow.
    const MOST: usize = 32;
    let is_within = |range: &Range<usize>| within.start < range.start && range.end < within.end;
    if let Some(range) = borrowed_range(title, body).filter(is_within) {
        return Some(range);
    }
    let written = body.get(within.clone())?.trim_end();
    let end = written.len().checked_sub(1)?;
    let open = match written.as_bytes()[end] {
        quote @ (b'"' | b'\'') => char::from(quote),
        b')' => '(',
        _ => return None,
    };
    let inside = written[..end].rmatch_indices(open).take(MOST).map(|(at, _)| at + 1..end);
    let is_title = |inside: &Range<usize>| {
        written[..inside.start - 1].ends_with(char::is_whitespace)
            && Escaping::Destination.decode(&written[inside.clone()]) == **title
    };
    let found = inside.into_iter().find(is_title)?;
    Some(within.start + found.start..within.start + found.end)
}

/// The destination after the `](` that follows `inner_end`.
fn inline_destination(body: &str, inner_end: usize, end: usize) -> Option<Range<usize>> {
    let opening = body.get(inner_end..end)?.find("](")?;
    destination_after(body, inner_end + opening + 2, end)
}

/// The destination of an inline link: after the last `](`.
fn link_destination(body: &str, range: Range<usize>) -> Option<Range<usize>> {
    let opening = body[range.clone()].rfind("](")?;
    destination_after(body, range.start + opening + 2, range.end)
}

/// The destination of a reference definition.
fn definition_destination(body: &str, range: Range<usize>) -> Option<Range<usize>> {
    let opening = body[range.clone()].find("]:")?;
    destination_after(body, range.start + opening + 2, range.end)
}

/// The destination after white space at `from`: in angle brackets, or up to white space or the closing
/// parenthesis.
fn destination_after(body: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let rest = body.get(from..end)?;
    let start = from + (rest.len() - rest.trim_start().len());
    let rest = &body[start..end];
    let (start, stops_at): (usize, fn(u8, i32) -> bool) = if rest.starts_with('<') {
        (start + 1, |byte, _| byte == b'>')
    } else {
        (start, |byte, depth| byte.is_ascii_whitespace() || (byte == b')' && depth == 0))
    };
    let (mut depth, mut escaped) = (0, false);
    for (at, byte) in body.as_bytes()[start..end].iter().enumerate() {
        if !escaped && stops_at(*byte, depth) {
            return (at > 0).then(|| start..start + at);
        }
        depth += i32::from(*byte == b'(' && !escaped) - i32::from(*byte == b')' && !escaped);
        escaped = *byte == b'\\' && !escaped;
    }
    (start < end).then_some(start..end)
}
