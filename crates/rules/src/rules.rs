//! The list of all rules: a rule is one file, one page, and its two lines here.

use crate::rule::RuleInfo;

mod ambiguous_date;
mod blank_before_front_matter;
mod broken_anchor;
mod broken_link;
mod broken_proxy_url;
mod could_of;
mod duplicate_key;
mod duplicate_permalink;
mod duplicate_slug;
mod duplicate_title;
mod empty_alt;
mod exceeded_limit;
mod front_matter_lookalike;
mod future_date;
mod impossible_date;
mod inconsistent_wording;
mod insecure_url;
mod internal_error;
mod invalid_field;
mod invisible_character;
mod invisible_key;
mod likely_misspelling;
mod lost_time_zone;
mod malformed_date;
mod meaningless_alt;
mod missing_alt;
mod missing_date;
mod missing_field;
mod missing_final_newline;
mod missing_image;
mod misspelling;
mod mojibake;
mod not_a_mapping;
mod numeric_date;
mod preferred_wording;
mod proxied_url;
mod quoted_date;
mod refused_fix;
mod repeated_word;
mod silent_yaml;
mod swallowed_body;
mod trailing_blanks;
mod unclosed_front_matter;
mod undecodable_file;
mod unknown_field;
mod unknown_word;
mod unreadable_front_matter;
mod unused_suppression;
mod wrong_article;
mod wrong_ordinal;
mod wrong_weekday;

/// Every rule, sorted by name.
pub static ALL: &[&RuleInfo] = &[
    &ambiguous_date::INFO,
    &blank_before_front_matter::INFO,
    &broken_anchor::INFO,
    &broken_link::INFO,
    &broken_proxy_url::INFO,
    &could_of::INFO,
    &duplicate_key::INFO,
    &duplicate_permalink::INFO,
    &duplicate_slug::INFO,
    &duplicate_title::INFO,
    &empty_alt::INFO,
    &exceeded_limit::INFO,
    &front_matter_lookalike::INFO,
    &future_date::INFO,
    &impossible_date::INFO,
    &inconsistent_wording::INFO,
    &insecure_url::INFO,
    &internal_error::INFO,
    &invalid_field::INFO,
    &invisible_character::INFO,
    &invisible_key::INFO,
    &likely_misspelling::INFO,
    &lost_time_zone::INFO,
    &malformed_date::INFO,
    &meaningless_alt::INFO,
    &missing_alt::INFO,
    &missing_date::INFO,
    &missing_field::INFO,
    &missing_final_newline::INFO,
    &missing_image::INFO,
    &misspelling::INFO,
    &mojibake::INFO,
    &not_a_mapping::INFO,
    &numeric_date::INFO,
    &preferred_wording::INFO,
    &proxied_url::INFO,
    &quoted_date::INFO,
    &refused_fix::INFO,
    &repeated_word::INFO,
    &silent_yaml::INFO,
    &swallowed_body::INFO,
    &trailing_blanks::INFO,
    &unclosed_front_matter::INFO,
    &undecodable_file::INFO,
    &unknown_field::INFO,
    &unknown_word::INFO,
    &unreadable_front_matter::INFO,
    &unused_suppression::INFO,
    &wrong_article::INFO,
    &wrong_ordinal::INFO,
    &wrong_weekday::INFO,
];

/// The rule with that name.
pub fn rule_info(name: &str) -> Option<&'static RuleInfo> {
    ALL.iter().find(|info| info.name == name).copied()
}
