//! Addresses of a post that name files of its repository.

use crate::post::Post;
use crate::proxy::decode_path;
use postmend_core::{Generator, Role, Url};
use std::borrow::Cow;

/// An address in the body of a post that names a file beside it.
pub(crate) struct LocalLink<'p> {
    pub(crate) url: &'p Url<'p>,
    /// The path relative to the folder of the post, decoded, without query and fragment.
    pub(crate) path: Cow<'p, str>,
}

/// The length within which the colon of a scheme, or of a drive, is looked for.
const SCHEME: usize = 8;

/// The addresses with this role that name a file by its path from the post. Only where no generator is known: others
/// have addresses of their own.
pub(crate) fn local_links<'p>(post: &Post<'p>, role: Role) -> impl Iterator<Item = LocalLink<'p>> {
    let document = post.document;
    let is_plain = post.context.generator == Generator::None && post.context.files.is_some();
    let urls = document.urls.iter().filter(move |url| is_plain && url.role == role && !url.templated);
    urls.filter(|url| url.span.start as usize >= document.front.body).filter_map(|url| {
        let value = url.value.as_ref();
        // Most addresses have a scheme, which is quick to see.
        if value.as_bytes().iter().take(SCHEME).any(|byte| *byte == b':') || value.starts_with(['/', '#']) {
            return None;
        }
        let path = value.split(['?', '#']).next().unwrap_or_default();
        // `@/` and `~/` are the root of a site, which only its generator knows.
        let is_relative = !path.is_empty() && !path.starts_with(['\\', '@', '~']) && !has_scheme(path);
        // `{{…}}`, `<%…%>`, `${…}` and `$VARIABLE` are filled in by something.
        let is_written_out = !path.contains(['{', '}', '<', '>', '$', '*', '\n', '\0']);
        (is_relative && is_written_out).then(|| LocalLink { url, path: decode_path(path) })
    })
}

/// Whether a path starts with a scheme (`mailto:`), or with a drive (`C:`).
fn has_scheme(path: &str) -> bool {
    let scheme = path.split('/').next().unwrap_or_default().split_once(':');
    scheme.is_some_and(|(scheme, _)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

impl LocalLink<'_> {
    /// Whether the file is certainly not there.
    pub(crate) fn is_broken(&self, post: &Post<'_>) -> bool {
        post.context.files.is_some_and(|files| files.exists(self.path.trim()) == Some(false))
    }
}
