//! Example posts for a site's own rule: some that it must report, and some that it must not.

use serde::Deserialize;

/// A post, optionally with its path and the fixed text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "expected a post, or a table of `post`, `path` and `fixed`")]
pub enum Example {
    /// A Markdown post.
    Post(String),
    /// A post with its path and the fixed text.
    Full(FullExample),
}

/// A post with its path and the fixed text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FullExample {
    /// The post.
    pub post: String,
    /// Its file name, whose extension determines the format.
    #[serde(default)]
    pub path: String,
    /// The text after applying the rule's fix.
    pub fixed: Option<String>,
}

impl Example {
    /// The post, its file name, and the text after applying the rule's fix.
    pub(crate) fn parts(&self) -> (&str, &str, Option<&str>) {
        match self {
            Self::Post(post) => (post, "", None),
            Self::Full(full) => (&full.post, &full.path, full.fixed.as_deref()),
        }
    }
}
