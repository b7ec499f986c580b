//! Posts that a site's own rule brings to show what it finds, and what it leaves alone.

use schemars::JsonSchema;
use serde::Deserialize;

/// A post, or a post with what is to become of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a post, or a table of `post`, `path` and `fixed`")]
pub enum Example {
    /// A Markdown post.
    Post(String),
    /// More about it.
    Full(FullExample),
}

/// A post with what is to become of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FullExample {
    /// The post.
    pub post: String,
    /// Its name, whose ending tells what it is.
    #[serde(default)]
    pub path: String,
    /// What the rule's fix makes of it.
    pub fixed: Option<String>,
}

impl Example {
    /// The post, its name, and what the rule's fix makes of it.
    pub(crate) fn parts(&self) -> (&str, &str, Option<&str>) {
        match self {
            Self::Post(post) => (post, "", None),
            Self::Full(full) => (&full.post, &full.path, full.fixed.as_deref()),
        }
    }
}
