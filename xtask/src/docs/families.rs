//! The sections of the rules' list.

use postmend_rules::{ALL, RuleInfo};

/// A heading, and the rules in its section. Rules without a family come last.
const FAMILIES: [(&str, &[&str]); 10] = [
    (
        "Front matter",
        &[
            "blank-before-front-matter",
            "front-matter-lookalike",
            "not-a-mapping",
            "swallowed-body",
            "unclosed-front-matter",
            "unreadable-front-matter",
        ],
    ),
    ("Keys and values", &["duplicate-key", "invisible-key", "silent-yaml"]),
    ("Fields and schemas", &["invalid-field", "missing-field", "unknown-field"]),
    (
        "Dates",
        &[
            "ambiguous-date",
            "future-date",
            "impossible-date",
            "lost-time-zone",
            "malformed-date",
            "missing-date",
            "numeric-date",
            "quoted-date",
            "wrong-weekday",
        ],
    ),
    ("Image URLs", &["broken-proxy-url", "insecure-url", "proxied-url"]),
    ("Alternative text", &["empty-alt", "meaningless-alt", "missing-alt"]),
    ("Typos", &["inconsistent-wording", "likely-misspelling", "misspelling"]),
    ("Posts of one site", &["duplicate-permalink", "duplicate-slug", "duplicate-title"]),
    ("Characters and spaces", &["invisible-character", "missing-final-newline", "trailing-blanks"]),
    (
        "Files and comments",
        &["exceeded-limit", "internal-error", "refused-fix", "undecodable-file", "unused-suppression"],
    ),
];

/// Each heading with its rules, in the order of the list.
///
/// # Errors
/// A family has a name that is not a rule, or that is in another family too.
pub(super) fn families() -> Result<Vec<(&'static str, Vec<&'static RuleInfo>)>, String> {
    let named: Vec<&str> = FAMILIES.iter().flat_map(|(_, names)| *names).copied().collect();
    for (index, name) in named.iter().enumerate() {
        if !ALL.iter().any(|info| info.name == *name) || named[..index].contains(name) {
            return Err(format!("xtask/src/docs/families.rs: {name} is no rule, or named twice"));
        }
    }
    let of = |is_in: &dyn Fn(&str) -> bool| ALL.iter().copied().filter(|info| is_in(info.name)).collect();
    let mut families: Vec<(&str, Vec<&RuleInfo>)> =
        FAMILIES.iter().map(|(heading, names)| (*heading, of(&|name| names.contains(&name)))).collect();
    families.push(("Other rules", of(&|name| !named.contains(&name))));
    families.retain(|(_, cards)| !cards.is_empty());
    Ok(families)
}
