//! Rules, and what is known about each before it runs.

use crate::finding::{Findings, Severity};
use crate::post::Post;
use crate::uniqueness::CrossPostRule;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Turns the facts of a post into findings. The implementing struct holds the rule's options.
pub trait Rule: Send + Sync {
    /// Adds a finding for each problem of the post.
    fn check(&self, post: &Post<'_>, findings: &mut Findings);

    /// Whether it needs to know the usage of all posts of the site.
    fn needs_usage(&self) -> bool {
        false
    }

    /// The rules whose findings make its own superfluous: where one of them reports a place, this one does not. A rule
    /// that is off, or that a comment suppresses there, reports nothing.
    fn yields_to(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A rule's entry in the list of all rules.
#[derive(Debug)]
pub struct RuleInfo {
    /// The name of the defect, in kebab case.
    pub name: &'static str,
    /// The default severity of its findings.
    pub severity: Severity,
    /// Whether it runs by default.
    pub on_by_default: bool,
    /// Its documentation page, which is also its test.
    pub page: &'static str,
    /// How to build it from its options.
    pub constructor: Constructor,
}

/// How to build a rule from its options.
#[derive(Debug)]
pub struct Constructor {
    /// Builds the rule; the error names the option.
    pub build: fn(toml::Table) -> Result<AnyRule, toml::de::Error>,
    /// Returns the JSON Schema of the options.
    #[cfg(feature = "schema")]
    pub schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

/// A rule that is ready to run.
pub enum AnyRule {
    /// Checks one post at a time.
    Post(Box<dyn Rule>),
    /// Compares the posts of a site.
    CrossPost(Box<dyn CrossPostRule>),
}

/// A struct of options: read from the config, and described to editors.
#[cfg(feature = "schema")]
pub(crate) trait RuleOptions: DeserializeOwned + schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: DeserializeOwned + schemars::JsonSchema> RuleOptions for T {}

/// A struct of options: read from the config.
#[cfg(not(feature = "schema"))]
pub(crate) trait RuleOptions: DeserializeOwned {}
#[cfg(not(feature = "schema"))]
impl<T: DeserializeOwned> RuleOptions for T {}

/// The options of a rule that has none.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct NoOptions {}

impl Constructor {
    /// For a rule without options.
    pub(crate) const fn post<R: Rule + Default + 'static>() -> Self {
        Self::of::<NoOptions>(|options| no_options(options).map(|()| AnyRule::Post(Box::new(R::default()))))
    }

    /// For a rule whose struct holds its options.
    pub(crate) const fn post_with_options<R: Rule + RuleOptions + 'static>() -> Self {
        Self::of::<R>(|options| Ok(AnyRule::Post(Box::new(toml::Value::Table(options).try_into::<R>()?))))
    }

    /// For a rule that compares posts.
    pub(crate) const fn cross_post<R: CrossPostRule + Default + 'static>() -> Self {
        Self::of::<NoOptions>(|options| {
            no_options(options).map(|()| AnyRule::CrossPost(Box::new(R::default())))
        })
    }

    const fn of<O: RuleOptions>(build: fn(toml::Table) -> Result<AnyRule, toml::de::Error>) -> Self {
        Self {
            build,
            #[cfg(feature = "schema")]
            schema: O::json_schema,
        }
    }
}

fn no_options(options: toml::Table) -> Result<(), toml::de::Error> {
    toml::Value::Table(options).try_into::<NoOptions>().map(drop)
}

impl RuleInfo {
    /// Whether it compares the posts of a site, which happens after all of them have been read.
    pub fn compares_posts(&self) -> bool {
        matches!((self.constructor.build)(toml::Table::new()), Ok(AnyRule::CrossPost(_)))
    }

    /// The first paragraph of the rule's page, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.page.split("\n\n").nth(1).unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
