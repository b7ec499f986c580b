//! What is known of a rule before it looks at a post.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::uniqueness::CrossPostRule;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

/// Turns the facts of a post into findings. The struct that implements it is its own options.
pub trait Rule: Send + Sync {
    /// Adds what is wrong with the post.
    fn check(&self, post: &Post<'_>, findings: &mut Findings);

    /// Whether it must know what all posts of the site say.
    fn needs_usage(&self) -> bool {
        false
    }
}

/// A rule's entry in the list.
#[derive(Debug)]
pub struct RuleInfo {
    /// Kebab case, the defect's name.
    pub name: &'static str,
    /// How much its findings matter unless the config says otherwise.
    pub severity: Severity,
    /// Whether it runs unless the config says otherwise.
    pub on_by_default: bool,
    /// Its documentation, which is also its test.
    pub page: &'static str,
    /// What becomes of its options.
    pub constructor: Constructor,
}

/// What becomes of a rule's options.
#[derive(Debug)]
pub struct Constructor {
    /// Makes the rule from them; the error names the option.
    pub build: fn(toml::Table) -> Result<AnyRule, toml::de::Error>,
    /// Describes them as a JSON Schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// A rule that is ready to look.
pub enum AnyRule {
    /// It looks at one post.
    Post(Box<dyn Rule>),
    /// It compares the posts of a site.
    CrossPost(Box<dyn CrossPostRule>),
}

impl Constructor {
    /// A rule whose struct is its options.
    pub(crate) const fn post<R: Rule + DeserializeOwned + JsonSchema + 'static>() -> Self {
        let build = |options| Ok(AnyRule::Post(Box::new(toml::Value::Table(options).try_into::<R>()?)));
        Self { build, schema: R::json_schema }
    }

    /// The same for a rule about a whole site.
    pub(crate) const fn cross_post<R: CrossPostRule + DeserializeOwned + JsonSchema + 'static>() -> Self {
        let build = |options| Ok(AnyRule::CrossPost(Box::new(toml::Value::Table(options).try_into::<R>()?)));
        Self { build, schema: R::json_schema }
    }
}

impl RuleInfo {
    /// Whether it compares the posts of a site, which is done when all of them have been read.
    pub fn compares_posts(&self) -> bool {
        matches!((self.constructor.build)(toml::Table::new()), Ok(AnyRule::CrossPost(_)))
    }

    /// The first paragraph of the rule's page, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.page.split("\n\n").nth(1).unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
