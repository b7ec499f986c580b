//! The options that every rule has, and what is said of one that cannot be used.

use crate::finding::{Safety, Severity};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt;

/// What may be said of every rule.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommonOptions {
    /// How much its findings matter; `off` switches the rule off.
    pub severity: Option<Level>,
    /// How sure its fixes are taken to be: `fix` writes those that are `safe`, `fix --unsafe` those to be
    /// reviewed as well, and none writes those that are `manual`.
    pub safety: Option<Safety>,
}

/// How much a rule's findings matter, or that it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Worth knowing.
    Info,
    /// Hurts some readers, or breaks on some day.
    Warning,
    /// Broken for readers or for the generator.
    Error,
}

impl Level {
    /// The severity; none if the rule is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl CommonOptions {
    /// Takes them out of the options of a rule.
    ///
    /// # Errors
    /// A value that is none; the message says which are.
    pub fn take(rule: &str, options: &mut toml::Table) -> Result<Self, SettingError> {
        let common = ["severity", "safety"].into_iter();
        let common = common.filter_map(|name| Some((name.to_owned(), options.remove(name)?)));
        from_options(rule, common.collect(), |common| toml::Value::Table(common).try_into())
    }
}

/// What is made of options. The one that is at fault is the first of which nothing can be made alone either, and
/// so is an item of a list.
pub(crate) fn from_options<T>(
    rule: &str,
    options: toml::Table,
    build: impl Fn(toml::Table) -> Result<T, toml::de::Error>,
) -> Result<T, SettingError> {
    build(options.clone()).map_err(|error| {
        let fails = |name: &String, value: &toml::Value| {
            build(toml::Table::from_iter([(name.clone(), value.clone())])).is_err()
        };
        let option = options.into_iter().find(|(name, value)| fails(name, value));
        let item = option.as_ref().and_then(|(name, value)| {
            let is_at_fault = |item: &toml::Value| fails(name, &toml::Value::Array(vec![item.clone()]));
            value
                .as_array()?
                .iter()
                .position(is_at_fault)
                .filter(|_| !fails(name, &toml::Value::Array(Vec::new())))
        });
        let option = option.map(|(name, _)| name);
        SettingError { rule: rule.to_owned(), option, item, message: error.message().to_owned() }
    })
}

/// An option of a rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The rule's name, as the config writes it.
    pub rule: String,
    /// The option's name, if it is about one.
    pub option: Option<String>,
    /// The item's number from 0, if it is about one of a list.
    pub item: Option<usize>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}`: {}", self.rule, self.message)
    }
}
