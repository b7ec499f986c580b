//! A post as plain facts with byte spans.

use crate::Span;
use crate::escaping::Escaping;
use crate::field_role::Roles;
use crate::front::{self, Front};
use crate::generator::Generator;
use crate::html::Quote;
use crate::image::Image;
use crate::prose::Prose;
use crate::reader::Reader;
use crate::reader::bare_urls::url_around;
use crate::url::{Role, Url};

/// What a file is, which its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CommonMark with GFM's extensions and HTML.
    Markdown,
    /// Markdown with JSX.
    Mdx,
    /// A whole page or a fragment of HTML.
    Html,
}

impl Format {
    /// The format of a file with this extension (without the dot), in any case; `None` for files
    /// that are no posts.
    pub fn of_extension(extension: &str) -> Option<Self> {
        const EXTENSIONS: [(&str, Format); 5] = [
            ("md", Format::Markdown),
            ("markdown", Format::Markdown),
            ("mdx", Format::Mdx),
            ("html", Format::Html),
            ("htm", Format::Html),
        ];
        let known = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
        known.map(|(_, format)| *format)
    }
}

/// Everything that rules ask about a post. All spans are bytes of `text`.
#[derive(Debug)]
pub struct Document<'t> {
    /// The whole text of the post, byte order mark included.
    pub text: &'t str,
    /// What the file is.
    pub format: Format,
    /// The generator whose reading this is.
    pub generator: Generator,
    /// The front matter, or what looks like one.
    pub front: Front<'t>,
    /// Every URL, in the order of the text.
    pub urls: Vec<Url<'t>>,
    /// Every image, in the order of the text.
    pub images: Vec<Image<'t>>,
    /// The visible text.
    pub prose: Prose,
    /// Code blocks, code spans and opaque elements, in the order of the text.
    pub code: Vec<Span>,
    /// HTML blocks and inline tags, in the order of the text.
    pub html: Vec<Span>,
    /// The text of comments that speak to postmend, without the comment's delimiters.
    pub directives: Vec<Span>,
}

impl<'t> Document<'t> {
    /// Reads a post as `generator` would. Never fails: what cannot be read is a fact as well.
    pub fn read(text: &'t str, format: Format, generator: Generator) -> Self {
        Self::read_with(text, format, generator, &Roles::default())
    }

    /// The same, with the roles that a site gives to fields of its own.
    pub fn read_with(text: &'t str, format: Format, generator: Generator, roles: &Roles) -> Self {
        let front = front::read(text, generator);
        Reader::new(text, format).read(front, generator, roles)
    }

    /// The URL of an image.
    pub fn url_of(&self, image: &Image<'t>) -> Option<&Url<'t>> {
        image.url.map(|index| &self.urls[index as usize])
    }

    /// The `http://…` and `https://…` in code. They are no part of `urls`: code is not content.
    pub fn code_urls(&self) -> Vec<Url<'t>> {
        let mut found = Vec::new();
        for span in &self.code {
            let next = self.html.partition_point(|html| html.end < span.end);
            let inside_html = self.html.get(next).is_some_and(|html| html.contains(*span));
            let escaping = if inside_html { Escaping::Attribute(Quote::Double) } else { Escaping::Code };
            let code = span.of(self.text);
            let mut from = 0;
            while let Some(at) = memchr::memmem::find(&code.as_bytes()[from..], b"://") {
                let range = url_around(code, from + at);
                from = range.as_ref().map_or(from + at + 3, |range| range.end);
                found.extend(range.map(|range| {
                    let span = Span::from(range).shifted(span.start as usize);
                    let value = escaping.decode(span.of(self.text));
                    Url { span, value, escaping, role: Role::Link, templated: false }
                }));
            }
        }
        found
    }

    /// Whether the byte at `offset` is code.
    pub fn is_code(&self, offset: usize) -> bool {
        let next = self.code.partition_point(|span| span.end as usize <= offset);
        self.code.get(next).is_some_and(|span| span.start as usize <= offset)
    }
}
