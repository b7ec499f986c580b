//! The list of all rules: a rule is one file, one page, and its two lines here.

use crate::card::Card;

mod blank_before_front_matter;
mod broken_proxy_url;
mod dates;
mod duplicate_key;
mod empty_alt;
mod front_matter_lookalike;
mod impossible_date;
mod insecure_url;
mod internal_error;
mod invisible_character;
mod malformed_date;
mod meaningless_alt;
mod missing_alt;
mod missing_final_newline;
mod misspelling;
mod proxied_url;
mod refused_fix;
mod trailing_blanks;
mod undecodable_file;
mod unreadable_front_matter;

/// Every rule, in the order of their names.
pub const ALL: &[&Card] = &[
    &blank_before_front_matter::CARD,
    &broken_proxy_url::CARD,
    &duplicate_key::CARD,
    &empty_alt::CARD,
    &front_matter_lookalike::CARD,
    &impossible_date::CARD,
    &insecure_url::CARD,
    &internal_error::CARD,
    &invisible_character::CARD,
    &malformed_date::CARD,
    &meaningless_alt::CARD,
    &missing_alt::CARD,
    &missing_final_newline::CARD,
    &misspelling::CARD,
    &proxied_url::CARD,
    &refused_fix::CARD,
    &trailing_blanks::CARD,
    &undecodable_file::CARD,
    &unreadable_front_matter::CARD,
];

/// The rule of that name.
pub fn card(name: &str) -> Option<&'static Card> {
    ALL.iter().find(|card| card.name == name).copied()
}
