//! The options that all rules have, and errors about invalid options.

use crate::finding::{Safety, Severity};
use serde::Deserialize;
use std::fmt;

/// Options that all rules have.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CommonOptions {
    /// Severity of its findings; `off` switches the rule off.
    pub severity: Option<Level>,
    /// Safety of its fixes: `fix` applies `safe` fixes, `fix --review` also those marked `review`, and `manual`
    /// fixes are never applied.
    pub safety: Option<Safety>,
}

/// The severity of a rule's findings, or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Worth knowing.
    Info,
    /// Affects some readers, or may break one day.
    Warning,
    /// Broken for readers or for the generator.
    Error,
}

impl Level {
    /// The severity; `None` if the rule is off.
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
    /// Removes the common options from the options of a rule and parses them.
    ///
    /// # Errors
    /// A value is invalid; the message lists the valid ones.
    pub fn take(rule: &str, options: &mut toml::Table) -> Result<Self, SettingError> {
        let common = ["severity", "safety"].into_iter();
        let common = common.filter_map(|name| Some((name.to_owned(), options.remove(name)?)));
        from_options(rule, common.collect(), |common| toml::Value::Table(common).try_into())
    }
}

/// Builds something from options. If that fails, the error names the first option that also fails on its own,
/// and likewise the first item of that option's list.
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

/// An invalid option of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The rule's name, as written in the config.
    pub rule: String,
    /// The option's name, if a single option is at fault.
    pub option: Option<String>,
    /// The index of the item from 0, if an item of a list is at fault.
    pub item: Option<usize>,
    /// What is wrong, and what would be valid.
    pub message: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}`: {}", self.rule, self.message)
    }
}
