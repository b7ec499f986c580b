//! Finds problems in posts and fixes them. Does no I/O: facts in, findings and text out.
//!
//! ```
//! use postmend_core::Generator;
//! use postmend_rules::{PostContext, RuleSet, Safety, Site, SiteOptions, check_str, fix_text};
//!
//! let text = "---\ntitle: A day out\n---\n\nWe recieved it. <img src=\"a.png\">\n";
//! let found = check_str(text, "pages/a-day-out.md", Generator::Hugo)?;
//! let [misspelling, missing_alt] = found.as_slice() else { panic!("{found:?}") };
//! assert_eq!((misspelling.position.line, misspelling.position.column), (5, 4));
//! assert_eq!(misspelling.finding.message, "\"recieved\" should be \"received\"");
//! assert_eq!(missing_alt.finding.rule, "missing-alt");
//!
//! // The same with parts that are made once for many posts, and what a safe fix makes of it.
//! let (site, rules) = (Site::new(&SiteOptions::default())?, RuleSet::standard());
//! let context = PostContext::of(&site, "pages/a-day-out.md", Generator::Hugo)?;
//! let result = fix_text(text, &context, &rules, Safety::Safe, &|_| true);
//! assert!(result.text.contains("We received it.") && result.left == [missing_alt.finding.clone()]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check_str;
mod dates;
mod directive;
mod example_check;
mod families;
mod finding;
mod fix_text;
mod front_text;
mod grammar;
mod identify;
mod identity;
mod invisible;
mod limits;
mod local_links;
mod meaningless;
mod mention;
pub mod migrate;
mod misread_utf8;
mod names;
mod options;
mod page_language;
mod post;
mod post_context;
pub mod proxy;
mod quoted_title;
mod rule;
mod rule_set;
mod rules;
mod schema;
mod selector;
mod site;
mod site_files;
mod site_rule;
mod suppress;
mod switch_off;
mod uniqueness;
mod verify;
mod windows_1252;
mod word_use;
mod words_around;
mod yaml_diagnosis;

pub use check_str::{LocatedFinding, check_str};
pub use dates::is_dated_permalink;
pub use example_check::ExampleFailure;
pub use families::FAMILIES;
pub use finding::{Finding, Findings, Fix, Safety, Severity};
pub use fix_text::{FixedText, fix_text, prove, with_refused_fixes};
pub use identify::{identify, image_subject};
pub use identity::{Identity, SubjectKind};
pub use limits::{EXCEEDED_LIMIT, PostLimits};
pub use names::nearest;
pub use options::{CommonOptions, Level, SettingError};
pub use post::Post;
pub use post_context::PostContext;
pub use postmend_core::{LineIndex, Position};
pub use rule::{AnyRule, Constructor, Rule, RuleInfo};
pub use rule_set::{REFUSED_FIX, RuleSet, WHOLE_FILE};
pub use rules::{ALL, rule_info};
pub use site::{
    DateOptions, FrontMatterOptions, ProxyOptions, SchemaOptions, Site, SiteOptions, SiteUsage, WordOptions,
    time_zone,
};
pub use site_files::SiteFiles;
pub use site_rule::{OptionError, SiteRule, SiteRuleOptions, kept_name};
pub use switch_off::{Reach, SwitchOff};
pub use uniqueness::{Claim, Claims, Contest, CrossPostRule};
pub use words_around::are_near;
