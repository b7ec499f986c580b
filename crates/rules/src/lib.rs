//! What is wrong with a post, and how to mend it. Pure: facts in, findings and text out.

mod check;
mod dates;
mod finding;
mod fingerprint;
mod meaningless;
mod mend;
pub mod migrate;
mod names;
pub mod proxy;
mod rule;
mod rules;
mod schema;
mod selector;
mod site;
mod site_rule;
mod suppress;
mod switch_off;
mod uniqueness;
mod verify;
mod yaml_diagnosis;

pub use check::{CommonOptions, EXCEEDED_LIMIT, Level, Post, PostLimits, RuleSet, SettingError, WHOLE_FILE};
pub use finding::{Finding, Findings, Fix, Safety, Severity};
pub use fingerprint::Fingerprints;
pub use mend::{Mended, mend, prove};
pub use names::nearest;
pub use rule::{AnyRule, Constructor, Rule, RuleInfo};
pub use rules::{ALL, rule_info};
pub use site::{
    DateOptions, FrontMatterOptions, Home, ProxyOptions, SchemaOptions, Site, SiteOptions, SiteUsage,
    WordOptions, time_zone,
};
pub use site_rule::{ExampleFailure, OptionError, SiteRule, SiteRuleOptions, kept_name};
pub use switch_off::{Reach, SwitchOff};
pub use uniqueness::{Claim, Claims, Contest, CrossPostRule};
