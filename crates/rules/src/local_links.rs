//! Addresses of a post that name files of its repository.

use crate::post::Post;
use crate::proxy::decode_path;
use crate::site_files::SiteFiles;
use postmend_core::{Document, Format, Generator, Role, Url};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

/// An address in the body of a post that names a file beside it.
pub(crate) struct LocalLink<'p> {
    pub(crate) url: &'p Url<'p>,
    /// The path relative to the folder of the post, decoded, without query and fragment.
    pub(crate) path: Cow<'p, str>,
}

/// The length within which the colon of a scheme, or of a drive, is looked for.
const SCHEME: usize = 8;

/// The addresses with this role that name a file that is not there, among those whose path is wanted.
pub(crate) fn broken_links<'p>(
    post: &Post<'p>,
    role: Role,
    is_wanted: impl Fn(&str) -> bool,
) -> impl Iterator<Item = LocalLink<'p>> {
    // Asked once, and only for a post with something to report.
    let is_of_site = OnceCell::new();
    local_links(post, role).filter(move |link| {
        let is_broken = |files: &dyn SiteFiles| {
            files.exists(link.path.trim()) == Some(false)
                && !*is_of_site.get_or_init(|| files.is_of_unknown_site())
                && !link.is_elsewhere(files)
        };
        is_wanted(&link.path) && post.context.files.is_some_and(is_broken)
    })
}

/// The addresses with this role that name a file by its path from the post. Only where no generator is known: others
/// have addresses of their own; and not in pages of HTML, which programs fill in.
fn local_links<'p>(post: &Post<'p>, role: Role) -> impl Iterator<Item = LocalLink<'p>> {
    let document = post.document;
    let is_plain = post.context.generator == Generator::None
        && post.context.files.is_some()
        && document.format != Format::Html
        && !post.context.path.to_ascii_lowercase().contains("template");
    let urls = document.urls.iter().filter(move |url| is_plain && url.role == role && !url.templated);
    let found = urls.filter(|url| url.span.start as usize >= document.front.body).filter_map(|url| {
        let value = url.value.as_ref();
        // Most addresses have a scheme, which is quick to see.
        if value.as_bytes().iter().take(SCHEME).any(|byte| *byte == b':') || value.starts_with(['/', '#']) {
            return None;
        }
        let path = value.split(['?', '#']).next().unwrap_or_default();
        // `@/` and `~/` are the root of a site, which only its generator knows.
        let is_relative = !path.is_empty() && !path.starts_with(['\\', '@', '~']) && !has_scheme(path);
        // `{{…}}`, `<%…%>`, `${…}` and `$VARIABLE` are filled in by something, `NNNN` by somebody.
        let is_written_out = !path.contains(['{', '}', '<', '>', '$', '*', '\n', '\0'])
            && !["NNNN", "XXXX"].iter().any(|number| path.contains(number));
        (is_relative && is_written_out).then(|| LocalLink { url, path: decode_path(path) })
    });
    let shown = is_plain.then(|| ShownUrls::of(document));
    found.filter(move |link| shown.as_ref().is_some_and(|shown| shown.has(link.url)))
}

/// How far from a link its own source is looked for, in bytes.
const NEAR: usize = 512;

/// The addresses of a post that somebody can follow.
pub(crate) struct ShownUrls<'d> {
    document: &'d Document<'d>,
    /// The indices of addresses whose definition nothing uses.
    unused: HashSet<u32>,
}

impl<'d> ShownUrls<'d> {
    pub(crate) fn of(document: &'d Document<'d>) -> Self {
        let labels = |defines: bool| document.labels.iter().filter(move |label| label.defines == defines);
        let used: HashSet<u32> = labels(false).map(|label| label.url).collect();
        let unused = labels(true).map(|label| label.url).filter(|url| !used.contains(url)).collect();
        Self { document, unused }
    }

    /// Whether a reader can follow an address: a link has text, its definition is used, and it is not written beside its
    /// own source to show how that looks.
    pub(crate) fn has(&self, url: &Url<'_>) -> bool {
        let Document { text, urls, .. } = self.document;
        let start = url.span.start as usize;
        let is_unused = !self.unused.is_empty()
            && urls
                .binary_search_by_key(&url.span, |url| url.span)
                .is_ok_and(|index| self.unused.contains(&(index as u32)));
        // A line may be megabytes long and have many links.
        let before = &text[text.floor_char_boundary(start.saturating_sub(NEAR))..start];
        let after = &text[start..text.floor_char_boundary((start + NEAR).min(text.len()))];
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.lines().next().unwrap_or_default();
        let sides = [before, after.get(url.span.len()..).unwrap_or_default()];
        let is_example = sides.iter().any(|side| side.contains('`'))
            && sides.iter().any(|side| side.contains(&*url.value));
        !is_unused && !is_example && !text[..start].ends_with("[](")
    }
}

/// Whether a path is only the name of a file.
fn is_bare(path: &str) -> bool {
    !path.contains(['/', '\\'])
}

/// Whether a path starts with a scheme (`mailto:`), or with a drive (`C:`).
fn has_scheme(path: &str) -> bool {
    let scheme = path.split('/').next().unwrap_or_default().split_once(':');
    scheme.is_some_and(|(scheme, _)| {
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

impl LocalLink<'_> {
    /// Whether a generator may find the file in another place than its path says.
    fn is_elsewhere(&self, files: &dyn SiteFiles) -> bool {
        let path = self.path.trim();
        self.is_served(files) || (is_bare(path) && files.is_named_nearby(path))
    }

    /// Whether the file is in a folder that generators copy to the top of the site. The path is that of a page then, which
    /// has another depth than its post.
    fn is_served(&self, files: &dyn SiteFiles) -> bool {
        /// Maximum number of folders to look through.
        const MOST: usize = 8;
        let mut tail = self.path.trim();
        while let Some(rest) = ["../", "./"].iter().find_map(|up| tail.strip_prefix(up)) {
            tail = rest;
        }
        (0..MOST).any(|depth| {
            let above = "../".repeat(depth);
            ["static", "public"]
                .iter()
                .any(|folder| files.exists(&format!("{above}{folder}/{tail}")) == Some(true))
        })
    }
}
