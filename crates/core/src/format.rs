//! The format of a file: Markdown, MDX or HTML, as determined by its extension.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

/// The format of a file, as determined by its extension.
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
    /// The format of a file with this extension (without the dot, in any case); `None` for files
    /// that are not posts.
    pub fn of_extension(extension: &str) -> Option<Self> {
        const EXTENSIONS: [(&str, Format); 5] = [
            ("md", Format::Markdown),
            ("markdown", Format::Markdown),
            ("mdx", Format::Mdx),
            ("html", Format::Html),
            ("htm", Format::Html),
        ];
        let found = EXTENSIONS.iter().find(|(listed, _)| listed.eq_ignore_ascii_case(extension));
        found.map(|(_, format)| *format)
    }

    /// The format of the file at a path, according to its extension.
    ///
    /// # Errors
    /// It has no extension, or not that of a post.
    pub fn of_path(path: &str) -> Result<Self, UnknownFormat> {
        let extension = Path::new(path).extension().and_then(OsStr::to_str);
        extension.and_then(Self::of_extension).ok_or_else(|| UnknownFormat { path: path.to_owned() })
    }
}

/// A path that does not have the extension of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat {
    /// The path.
    pub path: String,
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` does not end in .md, .markdown, .mdx, .html or .htm", self.path)
    }
}

impl Error for UnknownFormat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_post_by_its_extension() {
        for (path, format) in [
            ("content/posts/a.zh.md", Some(Format::Markdown)),
            ("README.MARKDOWN", Some(Format::Markdown)),
            ("a.mdx", Some(Format::Mdx)),
            ("docs/v1.2/index.htm", Some(Format::Html)),
            ("docs.md/index", None),
            ("a.txt", None),
            (".md", None),
            ("", None),
        ] {
            assert_eq!(Format::of_path(path).ok(), format, "{path}");
        }
        let error = Format::of_path("a.txt").unwrap_err();
        assert_eq!(error.to_string(), "`a.txt` does not end in .md, .markdown, .mdx, .html or .htm");
    }
}
