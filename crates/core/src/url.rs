//! The URLs of a post, and how to replace one.

use crate::escaping::Escaping;
use crate::{Edit, Span};
use std::borrow::Cow;

/// A URL in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Url<'t> {
    /// Its span in the source, including escapes and excluding quotes and brackets.
    pub span: Span,
    /// The URL with its escapes decoded.
    pub value: Cow<'t, str>,
    /// The kind of place, which determines the escaping.
    pub escaping: Escaping,
    /// Its role.
    pub role: Role,
    /// Whether it contains a template expression, so that its real value is not known.
    pub templated: bool,
}

/// The role of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Shown as an image.
    Image,
    /// A link for readers to follow.
    Link,
    /// Embedded in another way: audio, video, a frame.
    Media,
}

impl Url<'_> {
    /// The edit that changes this URL to `new`, touching as few bytes as possible; `None` if the place cannot
    /// hold it. Quotes or brackets are added if necessary.
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

    /// The number of bytes to delete from the start of `raw` if `new` is just its end: unwrapping keeps the
    /// rest as it is.
    fn dropped_prefix(&self, raw: &str, new: &str) -> Option<usize> {
        let head = new.get(..new.char_indices().nth(4)?.0)?;
        let at = raw.rfind(head)?;
        (at > 0 && self.escaping.decode(&raw[at..]) == new && self.escaping.holds(&raw[at..])).then_some(at)
    }
}

/// File extensions of images.
const IMAGE_EXTENSIONS: [&str; 14] =
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp", "ico", "tif", "tiff", "apng", "jfif", "heic"];

/// Whether the path of a URL has an image extension; the query and fragment are ignored.
pub fn names_an_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let Some((stem, extension)) = path.rsplit_once('.') else { return false };
    !stem.is_empty() && IMAGE_EXTENSIONS.iter().any(|listed| extension.eq_ignore_ascii_case(listed))
}

/// Whether a value is a URL with a host: `https://…`, `http://…` or `//…`.
pub fn is_absolute(url: &str) -> bool {
    let scheme = |name: &str| url.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    scheme("http://") || scheme("https://") || (url.starts_with("//") && url.len() > 2)
}
