//! What is wrong with a post, and how to mend it. Pure: facts in, findings and text out.

mod dates;
mod example_check;
mod finding;
mod fingerprint;
mod home;
mod limits;
mod meaningless;
mod mend;
pub mod migrate;
mod names;
mod options;
mod post;
pub mod proxy;
mod rule;
mod rule_set;
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

pub use example_check::ExampleFailure;
pub use finding::{Finding, Findings, Fix, Safety, Severity};
pub use fingerprint::Fingerprints;
pub use home::Home;
pub use limits::{EXCEEDED_LIMIT, PostLimits};
pub use mend::{Mended, mend, prove};
pub use names::nearest;
pub use options::{CommonOptions, Level, SettingError};
pub use post::Post;
pub use rule::{AnyRule, Constructor, Rule, RuleInfo};
pub use rule_set::{RuleSet, WHOLE_FILE};
pub use rules::{ALL, rule_info};
pub use site::{
    DateOptions, FrontMatterOptions, ProxyOptions, SchemaOptions, Site, SiteOptions, SiteUsage, WordOptions,
    time_zone,
};
pub use site_rule::{OptionError, SiteRule, SiteRuleOptions, kept_name};
pub use switch_off::{Reach, SwitchOff};
pub use uniqueness::{Claim, Claims, Contest, CrossPostRule};
