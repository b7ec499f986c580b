//! Every place where a URL stands, and how a new one is written into it.

use crate::escaping::Escaping;
use crate::{Edit, Span};
use std::borrow::Cow;

/// A URL in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Url<'t> {
    /// Its bytes in the source, escapes included, quotes and brackets excluded.
    pub span: Span,
    /// What the place's escapes mean.
    pub value: Cow<'t, str>,
    /// Where it stands, which says how it is escaped.
    pub escaping: Escaping,
    /// What it is for.
    pub role: Role,
    /// Whether a template expression is part of it, so that its real value is not known here.
    pub templated: bool,
}

/// What a URL is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Shown as an image.
    Image,
    /// Followed by readers.
    Link,
    /// Embedded in another way: audio, video, a frame.
    Media,
}

impl Url<'_> {
    /// The edit that makes this URL `new`, touching as few bytes as it can; `None` where the place
    /// cannot hold it. A place without quotes gets them where it needs them.
    pub fn rewrite(&self, text: &str, new: &str) -> Option<Edit> {
        if self.templated {
            return None;
        }
        let raw = self.span.of(text);
        if let Some(dropped) = self.dropped_prefix(raw, new) {
            return Some(Edit::delete(Span::new(
                self.span.start as usize,
                self.span.start as usize + dropped,
            )));
        }
        let written = self.escaping.encode(new, raw).or_else(|| self.escaping.encode_quoted(new, raw))?;
        Some(Edit::replace(self.span, written))
    }

    /// How many bytes of `raw` go where `new` is just its end: unwrapping keeps the rest as it is.
    fn dropped_prefix(&self, raw: &str, new: &str) -> Option<usize> {
        let head = new.get(..new.char_indices().nth(4)?.0)?;
        let at = raw.rfind(head)?;
        (at > 0 && self.escaping.decode(&raw[at..]) == new && self.escaping.holds(&raw[at..])).then_some(at)
    }
}

/// File name endings of images.
const IMAGE_EXTENSIONS: [&str; 14] =
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp", "ico", "tif", "tiff", "apng", "jfif", "heic"];

/// Whether the path of a URL ends like an image file; a query and a fragment do not count.
pub fn names_an_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let Some((stem, extension)) = path.rsplit_once('.') else { return false };
    !stem.is_empty() && IMAGE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether a value is a URL with a host: `https://…`, `http://…` or `//…`.
pub fn is_absolute(url: &str) -> bool {
    let scheme = |name: &str| url.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    scheme("http://") || scheme("https://") || (url.starts_with("//") && url.len() > 2)
}
