//! Finds out what identifies the findings of a post.

use crate::finding::Finding;
use crate::identity::{Identity, SubjectKind, hexadecimal};
use crate::post::Post;
use crate::proxy::{Proxied, Proxies, repaired_url};
use crate::site::Site;
use crate::words_around::{WORD, words_after, words_before};
use postmend_core::front::{Field, FrontMatter, Key};
use postmend_core::{Alt, ProseBySource, Role, Span, Url};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Sets the identities of a post's findings, which must come in text order.
pub fn identify<'f>(post: &Post<'_>, findings: impl IntoIterator<Item = &'f mut Finding>) {
    let mut places = None;
    let mut before: HashMap<(&'static str, String), u32> = HashMap::new();
    for finding in findings {
        let mut identity = places.get_or_insert_with(|| Places::of(post)).identity(finding);
        let count = before.entry((finding.rule, identity.subject.clone())).or_default();
        identity.nth = *count;
        *count += 1;
        finding.identity = Some(Box::new(identity));
    }
}

/// The places of a post that findings are about.
struct Places<'r, 'p> {
    post: &'r Post<'p>,
    prose: ProseBySource<'r>,
}

impl<'r, 'p> Places<'r, 'p> {
    fn of(post: &'r Post<'p>) -> Self {
        Self { post, prose: post.document.prose.by_source() }
    }

    fn identity(&self, finding: &Finding) -> Identity {
        let (document, span) = (self.post.document, finding.span);
        if let Some(subject) = self.field(span) {
            return without_place(&subject);
        }
        if let Some(subject) = self.address(span) {
            return self.placed(SubjectKind::Address, &subject, span);
        }
        let text = in_one_line(span.of(document.text));
        let is_visible = (span.start as usize) >= document.front.body || self.is_prose(span);
        match text.is_empty() || !is_visible {
            // Only the message says what is missing, or what is wrong with the front matter.
            true => without_place(told_by(finding)),
            false => self.placed(SubjectKind::Text, &text, span),
        }
    }

    /// The path of the field whose key or value this is.
    fn field(&self, span: Span) -> Option<String> {
        let matter = self.post.document.front.matter.as_ref()?;
        let is_it =
            |field: &Field<'_>| field.span == span || matches!(field.key, Key::Name(_, key) if key == span);
        let index = matter.fields.iter().position(is_it)?;
        Some(path_of(matter, index, self.post.document.text))
    }

    /// The address of the image whose markup or alternative text this is, or of the URL.
    fn address(&self, span: Span) -> Option<String> {
        let document = self.post.document;
        let after = document.images.partition_point(|image| image.span.start <= span.start);
        if let Some(image) = document.images[..after].last() {
            let is_alt = match &image.alt {
                Alt::Empty(alt) | Alt::Text(alt, _) => *alt == span,
                Alt::Unsaid | Alt::Absent => false,
            };
            if image.span == span || is_alt {
                return Some(document.url_of(image).map(|url| self.origin(url)).unwrap_or_default());
            }
        }
        let next = document.urls.partition_point(|url| url.span.start < span.start);
        document.urls.get(next).filter(|url| url.span == span).map(|url| self.origin(url))
    }

    fn origin(&self, url: &Url<'_>) -> String {
        match url.role == Role::Image && !url.templated {
            true => origin_of(&url.value, &self.post.context.site.proxies),
            false => without_scheme(&url.value).to_owned(),
        }
    }

    /// Whether a text is in the prose.
    fn is_prose(&self, span: Span) -> bool {
        self.prose.offset_of(span.start as usize) < self.prose.offset_of(span.end as usize)
    }

    fn placed(&self, about: SubjectKind, subject: &str, span: Span) -> Identity {
        let prose = &self.post.document.prose;
        let [start, end] = [span.start, span.end]
            .map(|offset| self.prose.offset_of(offset as usize))
            .map(|at| at.min(prose.text.len()));
        // Beyond the paragraph too: an image often is one alone, and the same sentence may stand in several.
        let full = if about == SubjectKind::Text { 4 * WORD } else { 2 * WORD };
        let before = words_before(&prose.text[..start], full);
        let after = words_after(&prose.text[end.max(start)..], full);
        Identity { about, subject: shortened(subject), before, after, nth: 0 }
    }
}

/// What findings about the image at this URL are about.
pub fn image_subject(url: &str, site: &Site) -> String {
    shortened(&origin_of(url, &site.proxies))
}

/// What a URL leads to without proxies and without its scheme, which fixes change.
fn origin_of(url: &str, proxies: &Proxies) -> String {
    /// Maximum number of proxies to look through.
    const MOST: usize = 4;
    let behind = |proxied: Proxied<'_>| {
        let repaired = proxied.breakage().and_then(|_| repaired_url(&proxied));
        repaired.unwrap_or_else(|| proxied.origin.to_string())
    };
    let mut origin = url.to_owned();
    for _ in 0..MOST {
        let Some(inner) = proxies.find(&origin).map(behind) else { break };
        origin = inner;
    }
    without_scheme(&origin).to_owned()
}

fn without_scheme(url: &str) -> &str {
    let url = url.trim();
    ["https:", "http:"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url)
}

fn without_place(subject: &str) -> Identity {
    Identity { about: SubjectKind::Post, subject: shortened(subject), ..Identity::default() }
}

/// The path of a field; an item of a list is called by its value, as its number changes with other items.
fn path_of(matter: &FrontMatter<'_>, index: usize, text: &str) -> String {
    let field = &matter.fields[index];
    match (&field.key, field.parent) {
        (Key::Index(_), Some(parent)) => {
            format!("{}: {}", path_of(matter, parent as usize, text), in_one_line(field.span.of(text)))
        }
        (Key::Name(name, _), Some(parent)) => format!("{}.{name}", path_of(matter, parent as usize, text)),
        (Key::Name(name, _), None) => name.to_string(),
        (Key::Index(_), None) => String::new(),
    }
}

/// A text with single spaces between its words.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a message names between backticks; of front matter that cannot be read, the reason.
fn told_by(finding: &Finding) -> &str {
    let reason = || finding.message.split_once("cannot be read: ").map(|(_, reason)| reason);
    finding.message.split('`').nth(1).or_else(reason).unwrap_or_default()
}

/// Maximum length of a subject in characters; of a longer one the start and a hash are kept.
const LONGEST: usize = 100;
const KEPT: usize = 60;

fn shortened(subject: &str) -> String {
    if subject.chars().nth(LONGEST).is_none() {
        return subject.to_owned();
    }
    let kept: String = subject.chars().take(KEPT).collect();
    format!("{kept}… {}", hexadecimal(&Sha256::digest(subject)[..8]))
}
