//! What is wrong with a post, and how to mend it. Pure: facts in, findings and text out.

mod card;
mod cause;
mod check;
mod claim;
mod dates;
mod finding;
mod fingerprint;
mod meaningless;
mod mend;
pub mod migrate;
mod names;
mod own;
pub mod proxy;
mod rules;
mod schema;
mod selector;
mod site;
mod suppress;
mod switch_off;
mod verify;

pub use card::{Built, Card, Make, Rule};
pub use check::{CommonOptions, EXCEEDED_LIMIT, Level, Limits, Post, RuleSet, SettingError, WHOLE_FILE};
pub use claim::{Claim, Claims, Contest, SiteRule};
pub use finding::{Finding, Findings, Fix, Safety, Severity};
pub use fingerprint::Fingerprints;
pub use mend::{Mended, mend, prove};
pub use names::nearest;
pub use own::{Failure, OptionError, OwnRule, OwnRuleOptions, kept_name};
pub use rules::{ALL, card};
pub use site::{
    DateOptions, FrontMatterOptions, Home, ProxyOptions, SchemaOptions, Site, SiteOptions, SiteUsage,
    WordOptions, time_zone,
};
pub use switch_off::{Reach, SwitchOff};
