//! A document that is open in the editor: its text there is checked, not the file on the disk.

use crate::configs::Configs;
use crate::text::{OpenText, TextChange, Units};
use gen_lsp_types::{TextDocumentItem, Uri};
use postmend_core::Format;
use postmend_engine::examine::{self, Task};
use postmend_engine::find_posts::{PostFile, REPORT_PAGE_START};
use postmend_rules::Finding;
use std::path::PathBuf;
use url::Url;

/// An open post.
pub struct Open {
    /// Its URI, as the editor writes it.
    pub uri: Uri,
    /// The version of its text.
    pub version: i32,
    /// Its text in the editor.
    pub text: OpenText,
    /// Its path, even if there is no such file.
    pub path: PathBuf,
    /// The options that apply to it; `None` if it is excluded, or its config cannot be used.
    pub post: Option<PostFile>,
    /// The findings in its text; `None` if the text was not checked yet.
    findings: Option<Vec<Finding>>,
    /// Whether the findings were sent to the editor.
    pub is_published: bool,
}

impl Open {
    /// Opens a document; `None` if it is not a post by its extension, or by its language if it is untitled.
    pub fn new(item: TextDocumentItem) -> Option<Self> {
        let path = path_of(&item.uri.0, item.language_id.as_str())?;
        let text = OpenText::new(item.text);
        let (uri, version) = (item.uri, item.version);
        Some(Self { uri, version, text, path, post: None, findings: None, is_published: false })
    }

    /// Applies changes in their order.
    pub fn change(&mut self, version: i32, changes: Vec<TextChange>, units: Units) {
        changes.into_iter().for_each(|change| self.text.change(change, units));
        self.version = version;
        (self.findings, self.is_published) = (None, false);
    }

    /// Sets the options that apply to it; its findings are discarded.
    pub fn set_post(&mut self, post: Option<PostFile>) {
        self.post = post;
        (self.findings, self.is_published) = (None, false);
    }

    /// The findings in its text, in the order of the text; checks the text if necessary.
    pub fn findings(&mut self, configs: &mut Configs<'_>) -> &[Finding] {
        self.findings.get_or_insert_with(|| {
            // A report that postmend wrote quotes errors in posts, so it is not checked.
            let post = self.post.as_ref().filter(|_| !self.text.as_str().starts_with(REPORT_PAGE_START));
            let Some(post) = post else { return Vec::new() };
            let mut examined =
                examine::examine(post, self.text.as_str().as_bytes(), &Task { fix: None, identifies: true });
            configs.hide(post, &mut examined);
            // Only the baseline needs the identity.
            examined.findings.into_iter().map(|(finding, ..)| Finding { identity: None, ..finding }).collect()
        })
    }

    /// The findings of the last check.
    pub fn known_findings(&self) -> &[Finding] {
        self.findings.as_deref().unwrap_or_default()
    }
}

/// The path of a post; `None` if it is not a post.
fn path_of(uri: &str, language: &str) -> Option<PathBuf> {
    let url = Url::parse(uri).ok()?;
    if url.scheme() == "untitled" {
        const LANGUAGES: [(&str, &str); 3] = [("markdown", "md"), ("mdx", "mdx"), ("html", "html")];
        let (_, extension) = LANGUAGES.iter().find(|(name, _)| *name == language)?;
        // It would be saved in the editor's folder.
        let here = std::path::absolute(".").ok()?;
        return Some(here.join(format!("untitled.{extension}")));
    }
    let path = match url.to_file_path() {
        Ok(path) => path,
        // URIs with other schemes have a path too.
        Err(()) => Url::parse(&format!("file://{}", url.path())).ok()?.to_file_path().ok()?,
    };
    Format::of_extension(path.extension()?.to_str()?).map(|_| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_posts_by_their_names() {
        let path = |uri, language| path_of(uri, language).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(path("file:///a%20b/%E6%B8%AF.md", "markdown").as_deref(), Some("/a b/港.md"));
        assert_eq!(path("file:///港.md", "markdown").as_deref(), Some("/港.md"));
        assert_eq!(path("vscode-vfs://github/a/b.mdx", "mdx").as_deref(), Some("/a/b.mdx"));
        assert_eq!(path("file:///a/b.rs", "markdown"), None);
        assert_eq!(path("untitled:Untitled-1", "python"), None);
        assert!(path("untitled:Untitled-1", "markdown").is_some_and(|path| path.ends_with("untitled.md")));
        assert_eq!(path("no uri", "markdown"), None);
    }
}
