//! The list of all rules: a rule is one file, one page, and its two lines here.

use crate::card::Card;

mod ambiguous_date;
mod blank_before_front_matter;
mod broken_proxy_url;
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
mod misspelling;
mod not_a_mapping;
mod numeric_date;
mod proxied_url;
mod quoted_date;
mod refused_fix;
mod silent_yaml;
mod swallowed_body;
mod trailing_blanks;
mod unclosed_front_matter;
mod undecodable_file;
mod unknown_field;
mod unreadable_front_matter;
mod unused_suppression;
mod wrong_weekday;

/// Every rule, in the order of their names.
pub const ALL: &[&Card] = &[
    &ambiguous_date::CARD,
    &blank_before_front_matter::CARD,
    &broken_proxy_url::CARD,
    &duplicate_key::CARD,
    &duplicate_permalink::CARD,
    &duplicate_slug::CARD,
    &duplicate_title::CARD,
    &empty_alt::CARD,
    &exceeded_limit::CARD,
    &front_matter_lookalike::CARD,
    &future_date::CARD,
    &impossible_date::CARD,
    &inconsistent_wording::CARD,
    &insecure_url::CARD,
    &internal_error::CARD,
    &invalid_field::CARD,
    &invisible_character::CARD,
    &invisible_key::CARD,
    &likely_misspelling::CARD,
    &lost_time_zone::CARD,
    &malformed_date::CARD,
    &meaningless_alt::CARD,
    &missing_alt::CARD,
    &missing_date::CARD,
    &missing_field::CARD,
    &missing_final_newline::CARD,
    &misspelling::CARD,
    &not_a_mapping::CARD,
    &numeric_date::CARD,
    &proxied_url::CARD,
    &quoted_date::CARD,
    &refused_fix::CARD,
    &silent_yaml::CARD,
    &swallowed_body::CARD,
    &trailing_blanks::CARD,
    &unclosed_front_matter::CARD,
    &undecodable_file::CARD,
    &unknown_field::CARD,
    &unreadable_front_matter::CARD,
    &unused_suppression::CARD,
    &wrong_weekday::CARD,
];

/// The rule of that name.
pub fn card(name: &str) -> Option<&'static Card> {
    ALL.iter().find(|card| card.name == name).copied()
}
