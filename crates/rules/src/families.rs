//! The families of rules.

use crate::rule::RuleInfo;

/// The name of each family, and its rules.
pub const FAMILIES: [(&str, &[&str]); 11] = [
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
    ("Links", &["broken-anchor", "broken-link", "missing-image"]),
    ("Image URLs", &["broken-proxy-url", "insecure-url", "proxied-url"]),
    ("Alternative text", &["empty-alt", "meaningless-alt", "missing-alt"]),
    (
        "Typos",
        &[
            "could-of",
            "inconsistent-wording",
            "likely-misspelling",
            "misspelling",
            "preferred-wording",
            "repeated-word",
            "unknown-word",
            "wrong-article",
            "wrong-ordinal",
        ],
    ),
    ("Posts of one site", &["duplicate-permalink", "duplicate-slug", "duplicate-title"]),
    (
        "Characters and spaces",
        &["invisible-character", "missing-final-newline", "mojibake", "trailing-blanks"],
    ),
    (
        "Files and comments",
        &["exceeded-limit", "internal-error", "refused-fix", "undecodable-file", "unused-suppression"],
    ),
];

impl RuleInfo {
    /// The name of its family.
    pub fn family(&self) -> Option<&'static str> {
        FAMILIES.iter().find(|(_, rules)| rules.contains(&self.name)).map(|(name, _)| *name)
    }

    /// The first paragraph of its page that says why it matters, on one line.
    pub fn reason(&self) -> String {
        let section = self.page.split_once("## Why\n\n").map_or("", |(_, section)| section);
        section.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
