//! A post rendered as HTML, with the source span of each tag.

use crate::document::Document;
use crate::format::Format;
use crate::markdown_source::MarkdownSource;
use crate::reader::markdown::{events, without_line_marks};
use crate::template::templates;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, Tag, TagEnd};
use std::ops::Range;

/// The HTML, and where each part comes from.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    pub(crate) html: String,
    /// Sorted by offset in the HTML, which is also the order of the source.
    origins: Vec<Origin>,
}

/// The origin of a part of the HTML.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Its start offset in the HTML.
    at: usize,
    /// Its source range; for an opening tag made from Markdown, the range of the whole construct.
    pub(crate) source: Range<usize>,
    /// The range between the Markdown delimiters.
    pub(crate) content: Option<Range<usize>>,
    /// Whether the HTML is identical to the source.
    pub(crate) is_exact: bool,
}

/// An open construct.
struct OpenTag {
    /// The index of its tag's origin.
    origin: usize,
    content: Option<Range<usize>>,
}

struct RenderedImage {
    /// Its tag up to the `alt` attribute.
    tag: String,
    alt: String,
}

/// The state while rendering.
#[derive(Default)]
struct RenderWalk {
    out: Rendered,
    open: Vec<OpenTag>,
    /// Open images, the innermost last.
    images: Vec<RenderedImage>,
    alignments: Vec<Alignment>,
    in_head: bool,
    cell: usize,
}

impl Rendered {
    /// Renders the body of a post.
    pub(crate) fn of(document: &Document<'_>) -> Self {
        let base = document.front.body;
        let templates = templates(&document.text[base..], base, document.format, document.generator);
        let source = MarkdownSource::of(document, &templates);
        let mut walk = RenderWalk::default();
        if document.format == Format::Html {
            walk.exact(&source.masked, base);
            return walk.out;
        }
        for (event, range) in events(source.text()) {
            walk.event(event, range, &source);
        }
        walk.out
    }

    /// The origin of the byte `at` of the HTML, and the distance from the start of that part.
    pub(crate) fn origin(&self, at: usize) -> Option<(&Origin, usize)> {
        let next = self.origins.partition_point(|origin| origin.at <= at);
        let origin = self.origins[..next].last()?;
        Some((origin, at - origin.at))
    }
}

impl RenderWalk {
    /// Adds HTML that is identical to the source.
    fn exact(&mut self, text: &str, start: usize) {
        let (at, source) = (self.out.html.len(), start..start + text.len());
        self.out.origins.push(Origin { at, source, content: None, is_exact: true });
        self.out.html.push_str(text);
    }

    /// Adds HTML that is generated for a source range.
    fn add_generated(&mut self, text: &str, source: Range<usize>) {
        let at = self.out.html.len();
        self.out.origins.push(Origin { at, source, content: None, is_exact: false });
        self.out.html.push_str(text);
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>, body: &MarkdownSource<'_>) {
        let source = body.span(range.clone()).range();
        // What a rewritten body has and the post has not.
        if source.is_empty() && !range.is_empty() {
            return;
        }
        if !matches!(event, Event::End(_)) {
            self.note_content(&source);
        }
        let is_in_image = !self.images.is_empty();
        match event {
            Event::Start(tag) => self.start(tag, source),
            Event::End(tag) => self.end(tag, source),
            Event::Text(text) | Event::Code(text) if is_in_image => self.add_image_text(&text),
            Event::SoftBreak | Event::HardBreak if is_in_image => self.add_image_text("\n"),
            _ if is_in_image => {}
            Event::Text(text) => self.add_generated(&escaped(&text), source),
            Event::Code(text) => {
                self.add_generated("<code>", source.clone());
                self.add_generated(&format!("{}</code>", escaped(&text)), source);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let (written, start) = body.written(range);
                self.exact(&without_line_marks(written, &html), start);
            }
            Event::SoftBreak => self.add_generated("\n", source),
            Event::HardBreak => self.add_generated("<br>", source),
            Event::Rule => self.add_generated("<hr>", source),
            Event::FootnoteReference(name) => {
                let tag =
                    format!("<sup class=\"footnote-reference\"><a href=\"#{}\"></a></sup>", quoted(&name));
                self.add_generated(&tag, source);
            }
            Event::TaskListMarker(is_done) => {
                let checked = if is_done { " checked" } else { "" };
                self.add_generated(&format!("<input type=\"checkbox\" disabled{checked}>"), source);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// Adds to the alternative text of the outermost image, the only one that becomes an element.
    fn add_image_text(&mut self, text: &str) {
        if let Some(image) = self.images.first_mut() {
            image.alt.push_str(text);
        }
    }

    /// Extends the content of the innermost open construct to include `source`.
    fn note_content(&mut self, source: &Range<usize>) {
        if let Some(open) = self.open.last_mut() {
            let content = open.content.get_or_insert_with(|| source.clone());
            content.end = content.end.max(source.end);
        }
    }

    fn start(&mut self, tag: Tag<'_>, source: Range<usize>) {
        self.open.push(OpenTag { origin: self.out.origins.len(), content: None });
        if let Tag::Image { dest_url, title, .. } = &tag {
            let tag = format!("<img src=\"{}\"{}", quoted(dest_url), title_attribute(title));
            return self.images.push(RenderedImage { tag, alt: String::new() });
        }
        // The content of an image is its alternative text.
        if !self.images.is_empty() {
            return;
        }
        match &tag {
            Tag::Table(alignments) => self.alignments.clone_from(alignments),
            Tag::TableHead | Tag::TableRow => (self.in_head, self.cell) = (matches!(tag, Tag::TableHead), 0),
            _ => {}
        }
        if tag != Tag::HtmlBlock {
            let html = self.opening(&tag);
            self.add_generated(&html, source);
        }
    }

    fn opening(&mut self, tag: &Tag<'_>) -> String {
        match tag {
            Tag::Heading { level, .. } => format!("<{level}>"),
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) if !language.is_empty() => {
                let language = language.split([' ', ',']).next().unwrap_or_default();
                format!("<pre><code class=\"language-{}\">", quoted(language))
            }
            Tag::CodeBlock(_) => "<pre><code>".to_owned(),
            Tag::List(Some(1)) => "<ol>".to_owned(),
            Tag::List(Some(start)) => format!("<ol start=\"{start}\">"),
            Tag::TableHead => "<thead><tr>".to_owned(),
            Tag::TableCell => {
                let align = match self.alignments.get(self.cell) {
                    Some(Alignment::Left) => " align=\"left\"",
                    Some(Alignment::Center) => " align=\"center\"",
                    Some(Alignment::Right) => " align=\"right\"",
                    _ => "",
                };
                self.cell += 1;
                format!("<{}{align}>", if self.in_head { "th" } else { "td" })
            }
            Tag::Link { dest_url, title, .. } => {
                format!("<a href=\"{}\"{}>", quoted(dest_url), title_attribute(title))
            }
            Tag::FootnoteDefinition(name) => {
                format!("<div class=\"footnote-definition\" id=\"{}\">", quoted(name))
            }
            other => plain(&other.to_end()).map(|name| format!("<{name}>")).unwrap_or_default(),
        }
    }

    fn end(&mut self, tag: TagEnd, source: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        if tag == TagEnd::Image {
            let Some(RenderedImage { tag, alt }) = self.images.pop() else { return };
            if self.images.is_empty() {
                self.add_generated(&format!("{tag} alt=\"{}\">", quoted(&alt)), source);
                self.set_content(open);
            }
            return;
        }
        if !self.images.is_empty() || tag == TagEnd::HtmlBlock {
            return;
        }
        let closing = match tag {
            TagEnd::Heading(level) => format!("</{level}>"),
            TagEnd::CodeBlock => "</code></pre>".to_owned(),
            TagEnd::List(true) => "</ol>".to_owned(),
            TagEnd::TableHead => "</tr></thead>".to_owned(),
            TagEnd::TableCell => (if self.in_head { "</th>" } else { "</td>" }).to_owned(),
            TagEnd::Link => "</a>".to_owned(),
            TagEnd::FootnoteDefinition => "</div>".to_owned(),
            other => plain(&other).map(|name| format!("</{name}>")).unwrap_or_default(),
        };
        self.set_content(open);
        self.add_generated(&closing, source);
    }

    fn set_content(&mut self, open: OpenTag) {
        if let Some(origin) = self.out.origins.get_mut(open.origin) {
            origin.content = open.content;
        }
    }
}

/// The names of elements without attributes.
fn plain(tag: &TagEnd) -> Option<&'static str> {
    match tag {
        TagEnd::Paragraph => Some("p"),
        TagEnd::BlockQuote(_) => Some("blockquote"),
        TagEnd::List(false) => Some("ul"),
        TagEnd::Item => Some("li"),
        TagEnd::Table => Some("table"),
        TagEnd::TableRow => Some("tr"),
        TagEnd::Emphasis => Some("em"),
        TagEnd::Strong => Some("strong"),
        TagEnd::Strikethrough => Some("del"),
        _ => None,
    }
}

fn title_attribute(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" title=\"{}\"", quoted(title)) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn quoted(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}
