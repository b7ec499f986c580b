//! What is known of a rule before it looks at a post.

use crate::check::Post;
use crate::finding::{Findings, Severity};
use serde::de::DeserializeOwned;

/// Turns the facts of a post into findings. The struct that implements it is its own options.
pub trait Rule: Send + Sync {
    /// Adds what is wrong with the post.
    fn check(&self, post: &Post<'_>, findings: &mut Findings);
}

/// A rule's entry in the list.
#[derive(Debug)]
pub struct Card {
    /// Kebab case, the defect's name.
    pub name: &'static str,
    /// How much its findings matter unless the config says otherwise.
    pub severity: Severity,
    /// Whether it runs unless the config says otherwise.
    pub on_by_default: bool,
    /// Its documentation, which is also its test.
    pub page: &'static str,
    /// Makes the rule from its options.
    pub build: Build,
}

/// Makes a rule from its options; the error names the option.
pub type Build = fn(toml::Table) -> Result<Box<dyn Rule>, toml::de::Error>;

/// The builder of a rule whose struct is its options.
pub(crate) fn build<R: Rule + DeserializeOwned + 'static>(
    options: toml::Table,
) -> Result<Box<dyn Rule>, toml::de::Error> {
    Ok(Box::new(toml::Value::Table(options).try_into::<R>()?))
}

impl Card {
    /// The first paragraph of the rule's page, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.page.split("\n\n").nth(1).unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
