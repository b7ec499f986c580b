//! Collects the facts of a post while its body is traversed.

mod bare_urls;
mod front_matter;
mod html;
pub(crate) mod markdown;
mod shown_value;

use crate::Span;
use crate::document::{Document, Label};
use crate::escaping::Escaping;
use crate::field_role::Roles;
use crate::format::Format;
use crate::front::{self, Front, FrontMatter, Key, Value};
use crate::generator::Generator;
use crate::html::{Name, Tokens};
use crate::image::{Alt, Company, Image, ImageSyntax};
use crate::markdown_source::MarkdownSource;
use crate::prose::{Mark, Prose};
use crate::template::{Argument, Template, TemplateKind, arguments, templates};
use crate::url::{Role, Url, names_an_image};
pub(crate) use markdown::events as markdown_events;
use std::borrow::Cow;
use std::ops::Range;

/// Placeholder in the prose for anything that is not text: code, an image, a template.
const OBJECT: &str = "\u{FFFC}";

/// The facts collected so far, and the state of the traversal.
pub(crate) struct Reader<'t> {
    text: &'t str,
    format: Format,
    urls: Vec<Url<'t>>,
    images: Vec<Image<'t>>,
    labels: Vec<Label>,
    names: Vec<Span>,
    headings: Vec<Span>,
    prose: Prose,
    code: Vec<Span>,
    html: Vec<Span>,
    directives: Vec<Span>,
    /// The template constructs of the body, sorted and disjoint.
    templates: Vec<Template>,
    /// The open HTML elements, including those with Markdown inside.
    elements: Vec<OpenElement>,
    /// The number of open elements that make their content code.
    code_depth: usize,
    /// The number of open elements that hide their content from assistive technology.
    hidden_depth: usize,
    /// The open links, in Markdown and in HTML.
    links: Vec<OpenLink>,
    /// A range of the prose known to have no text, so that nested links scan it only once.
    silence: Range<usize>,
    /// A buffer that is reused between tags.
    tokens: Tokens,
    /// Values in the open block that readers see; they become passages when the block ends.
    shown: Vec<ShownValue>,
}

/// An open HTML element.
struct OpenElement {
    name: Name,
    written: Span,
    /// Whether its content is code and not text.
    code: bool,
    /// Whether assistive technology skips it.
    hidden: bool,
    /// What it says about its text.
    mark: Option<Mark>,
    /// Whether the text before it was foreign, if it declares its language.
    foreign_before: Option<bool>,
    /// The offset in the prose where its text starts.
    prose_start: u32,
    /// The number of colored pieces of text in it, if it is a block.
    coloured: u32,
}

/// An open link.
struct OpenLink {
    /// The offset in the prose where its text starts.
    prose_start: usize,
    /// The number of images found before it.
    images_before: usize,
    /// Whether its text is the label by which its destination is found.
    is_label: bool,
}

/// A value that readers see.
#[derive(Debug, Clone, Copy)]
struct ShownValue {
    /// Its span, without its quotes.
    span: Span,
    /// How it is written.
    form: ValueForm,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueForm {
    /// Markdown: alternative text.
    Markdown,
    /// The same, and it is the label by which the image is found.
    Label,
    /// With character references: an attribute.
    Attribute,
    /// With character references and backslashes before punctuation: the title of a link, an argument.
    Escaped,
}

impl<'t> Document<'t> {
    /// Reads a post as `generator` would. Never fails: unreadable parts are facts as well.
    pub fn read(text: &'t str, format: Format, generator: Generator) -> Self {
        Self::read_with(text, format, generator, &Roles::default())
    }

    /// The same, with the roles that a site's config gives to fields.
    pub fn read_with(text: &'t str, format: Format, generator: Generator, roles: &Roles) -> Self {
        let front = front::read(text, generator);
        let own = front.matter.as_ref().filter(|_| generator == Generator::Docusaurus).and_then(own_format);
        Reader::new(text, own.unwrap_or(format)).read(front, generator, roles)
    }
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, format: Format) -> Self {
        Self {
            text,
            format,
            urls: Vec::new(),
            images: Vec::new(),
            labels: Vec::new(),
            names: Vec::new(),
            headings: Vec::new(),
            prose: Prose::of_length(text.len()),
            code: Vec::new(),
            html: Vec::new(),
            directives: Vec::new(),
            templates: Vec::new(),
            elements: Vec::new(),
            code_depth: 0,
            hidden_depth: 0,
            links: Vec::new(),
            silence: 0..0,
            tokens: Tokens::default(),
            shown: Vec::new(),
        }
    }

    fn read(mut self, front: Front<'t>, generator: Generator, roles: &Roles) -> Document<'t> {
        if let Some(matter) = &front.matter {
            self.front_matter(matter, roles);
        }
        let base = front.body;
        self.templates = templates(&self.text[base..], base, self.format, generator);
        let source = MarkdownSource::new(self.text, base, self.format, &self.templates);
        if self.format == Format::Html {
            self.html_file(&source.masked, base);
        } else {
            self.markdown(&source);
        }
        self.template_facts();
        self.prose.end();
        self.sort();
        Document {
            text: self.text,
            format: self.format,
            generator,
            front,
            urls: self.urls,
            images: self.images,
            labels: self.labels,
            names: self.names,
            headings: self.headings,
            prose: self.prose,
            code: self.code,
            html: self.html,
            directives: self.directives,
        }
    }

    /// Adds the URL at `span`, with its value decoded, and returns its index.
    fn url(&mut self, span: Span, escaping: Escaping, role: Role) -> u32 {
        let raw = span.of(self.text);
        let templated = self.is_templated(span);
        let value = if templated { Cow::Borrowed(raw) } else { escaping.decode(raw) };
        self.urls.push(Url { span, value, escaping, role, templated });
        self.urls.len() as u32 - 1
    }

    fn image(&mut self, span: Span, url: Option<u32>, alt: Alt<'t>, syntax: ImageSyntax) {
        let hidden = self.hidden_depth > 0;
        let company = Company::default();
        self.images.push(Image { span, url, alt, syntax, hidden, labelled: false, company });
    }

    /// The index of the first template construct that ends after the byte at `offset`.
    fn template_from(&self, offset: usize) -> usize {
        self.templates.partition_point(|template| template.span.end as usize <= offset)
    }

    fn is_templated(&self, span: Span) -> bool {
        let next = self.templates.get(self.template_from(span.start as usize));
        next.is_some_and(|template| template.span.overlaps(span))
    }

    /// Adds source text to the open passage, without template constructs.
    fn push_text(&mut self, span: Span) {
        let mut from = span.start;
        for index in self.template_from(span.start as usize)..self.templates.len() {
            let template = self.templates[index].span;
            if template.start >= span.end {
                break;
            }
            if from < template.start {
                let before = Span { start: from, end: template.start };
                self.prose.push(before.of(self.text), before);
            }
            self.prose.push_stand_in(OBJECT, template);
            from = template.end.min(span.end);
        }
        if from < span.end {
            let rest = Span { start: from, end: span.end };
            self.prose.push(rest.of(self.text), rest);
        }
    }

    fn open_link(&mut self, is_label: bool) {
        let (prose_start, images_before) = (self.prose.text.len(), self.images.len());
        self.links.push(OpenLink { prose_start, images_before, is_label });
    }

    fn close_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        let start = link.prose_start.min(self.prose.text.len());
        let has_text = self.has_text_since(start);
        self.prose.mark_since(Mark::Link, start);
        if link.is_label {
            self.prose.mark_since(Mark::Label, start);
        }
        if let [image] = &mut self.images[link.images_before..]
            && !has_text
        {
            image.company = Company::AloneInLink;
        }
    }

    /// Whether there is any text in the prose since its byte `start`.
    fn has_text_since(&mut self, start: usize) -> bool {
        let text = &self.prose.text;
        let has_text = |part: &str| part.chars().any(|c| !c.is_whitespace() && !OBJECT.contains(c));
        let silence = self.silence.clone();
        let has_text = if start <= silence.start && silence.end <= text.len() {
            has_text(&text[start..silence.start]) || has_text(&text[silence.end..])
        } else {
            has_text(&text[start..])
        };
        if !has_text {
            self.silence = start..text.len();
        }
        has_text
    }

    /// Closes the block: the values in it that readers see become separate passages.
    fn end_block(&mut self) {
        self.prose.end();
        for value in std::mem::take(&mut self.shown) {
            self.push_value(value);
        }
    }

    /// Records the contents of a comment if it is a directive for postmend.
    fn comment(&mut self, inside: Span) {
        if is_directive(inside.of(self.text)) {
            self.directives.push(inside);
        }
    }

    /// Adds URLs and images from template constructs that are not in code.
    fn template_facts(&mut self) {
        let code = std::mem::take(&mut self.code);
        for template in std::mem::take(&mut self.templates) {
            let next = code.partition_point(|span| span.end <= template.span.start);
            if code.get(next).is_some_and(|span| span.overlaps(template.span)) {
                continue;
            }
            match template.kind {
                TemplateKind::Braces => {
                    let inside = template.inside.of(self.text);
                    let comment = inside.strip_prefix("/*").and_then(|inside| inside.strip_suffix("*/"));
                    if comment.is_some() {
                        self.comment(Span { start: template.inside.start + 2, end: template.inside.end - 2 });
                    }
                }
                TemplateKind::Module => self.names.push(template.span),
                _ => self.template(&template),
            }
        }
        self.code = code;
    }

    /// Adds the image that a template construct shows, and the texts that it shows with it.
    fn template(&mut self, template: &Template) {
        let Some((name, arguments)) = arguments(self.text, template) else { return };
        // Hugo's own shortcode.
        let is_figure = template.kind == TemplateKind::Shortcode && name == "figure";
        if !self.template_image(template, name, &arguments, is_figure) && !is_figure {
            return;
        }
        for shown in ["alt", "caption", "title"] {
            let value =
                arguments.iter().find(|argument| argument.name == Some(shown)).map(|found| found.value);
            if let Some(span) = value.filter(|span| !span.of(self.text).contains(['{', '<', '`'])) {
                self.push_value(ShownValue { span, form: ValueForm::Escaped });
            }
        }
    }

    /// Adds the image that a template construct shows; returns whether there is one.
    fn template_image(
        &mut self,
        template: &Template,
        name: &str,
        arguments: &[Argument<'_>],
        is_figure: bool,
    ) -> bool {
        let text = self.text;
        let named = |wanted: &[&str]| {
            arguments.iter().find(|argument| argument.name.is_some_and(|name| wanted.contains(&name)))
        };
        let looks_right = |value: Span| names_an_image(value.of(text)) || value.of(text).contains("://");
        let positional = || {
            let first =
                arguments.iter().find(|argument| argument.name.is_none() && looks_right(argument.value));
            first.filter(|_| IMAGE_TAGS.contains(&name))
        };
        let by_name =
            named(&["src"]).or_else(|| named(&URL_ARGUMENTS).filter(|argument| looks_right(argument.value)));
        let Some(argument) = by_name.or_else(positional).filter(|argument| !argument.value.is_empty()) else {
            return false;
        };
        let url = self.url(argument.value, Escaping::Argument(argument.quote), Role::Image);
        // The construct is masked for the Markdown parser, so check its argument itself.
        let raw = argument.value.of(self.text);
        self.urls[url as usize].templated = raw.contains(['{', '}', '<']) || raw.contains("%}");
        // Hugo takes the caption where there is no alternative text, and shows a title as a caption, too.
        let title = || named(&["title"]).filter(|title| !title.value.is_empty());
        let caption = || named(&["caption"]).or_else(title).filter(|_| is_figure);
        let alt = match named(&["alt"]).or_else(caption) {
            None if is_figure => Alt::Absent,
            None => Alt::Unsaid,
            Some(alt) if alt.value.is_empty() => Alt::Empty(alt.value),
            Some(alt) => Alt::Text(alt.value, Cow::Borrowed(alt.value.of(self.text))),
        };
        self.image(template.span, Some(url), alt, ImageSyntax::Template);
        true
    }

    /// Sorts URLs and images in text order.
    fn sort(&mut self) {
        if !self.urls.is_sorted_by_key(|url| url.span) {
            let mut order: Vec<u32> = (0..self.urls.len() as u32).collect();
            order.sort_by_key(|&index| self.urls[index as usize].span);
            let mut rank = vec![0; order.len()];
            order.iter().enumerate().for_each(|(new, &old)| rank[old as usize] = new as u32);
            self.urls.sort_by_key(|url| url.span);
            let linked = self.images.iter_mut().filter_map(|image| image.url.as_mut());
            let labels = self.labels.iter_mut().map(|label| &mut label.url);
            linked.chain(labels).for_each(|url| *url = rank[*url as usize]);
        }
        self.images.sort_by_key(|image| image.span);
        self.labels.sort_by_key(|label| label.span);
        self.names.sort_unstable();
        self.code.sort_unstable();
        self.directives.sort_unstable();
    }
}

/// The format that a post of Docusaurus names in its front matter: `format: md`, or `mdx: {format: md}`.
fn own_format(matter: &FrontMatter<'_>) -> Option<Format> {
    let is_in_mdx =
        |parent: u32| matches!(&matter.fields[parent as usize].key, Key::Name(name, _) if name == "mdx");
    let named = matter.fields.iter().find(|field| {
        matches!(&field.key, Key::Name(name, _) if name == "format") && field.parent.is_none_or(is_in_mdx)
    });
    match named.map(|field| &field.value) {
        Some(Value::Text(name)) if name == "md" => Some(Format::Markdown),
        Some(Value::Text(name)) if name == "mdx" => Some(Format::Mdx),
        _ => None,
    }
}

/// Whether a comment is meant for postmend, also if it is misspelt: `postmend-`, `Postmend_Disable`, `postmend disable`.
fn is_directive(comment: &str) -> bool {
    let Some(rest) = comment.trim_start().get(..8).filter(|name| name.eq_ignore_ascii_case("postmend"))
    else {
        return false;
    };
    let rest = &comment.trim_start()[rest.len()..];
    let verb = rest.trim_start_matches(['-', '_', ' ', ':']);
    let says = |word: &str| verb.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    rest.starts_with('-') || (rest.len() > verb.len() && (says("disable") || says("enable")))
}

/// Tags in which the first argument that looks like a file or URL is an image.
const IMAGE_TAGS: [&str; 8] =
    ["asset_img", "img", "image", "asset_path", "figure", "gallery", "lightbox", "cloudinary"];

/// NamedParts of arguments that contain an image's URL if they look like one.
const URL_ARGUMENTS: [&str; 9] =
    ["url", "image", "img", "image_path", "path", "link", "poster", "cover", "thumbnail"];
