//! The words of a suppression comment.

use crate::rules::ALL;

/// The directive that switches rules on again.
pub(crate) const ENABLE: &str = "postmend-enable";

/// All directives.
pub(crate) const VERBS: [&str; 5] = [
    "postmend-disable",
    "postmend-disable-line",
    "postmend-disable-next-line",
    "postmend-disable-file",
    ENABLE,
];

/// A directive, taken apart: `postmend-disable-line missing-alt, misspelling -- the reason`.
#[derive(Debug)]
pub(crate) struct Directive<'t> {
    /// What it does, as written.
    pub(crate) verb: &'t str,
    /// The rules that it names, as written.
    pub(crate) names: Vec<&'t str>,
    /// Whether a reason follows.
    pub(crate) has_reason: bool,
}

/// What comes before a reason.
const REASON_MARKS: [&str; 10] = [" -- ", " - ", "—", "–", "：", ": ", "(", "（", "。", "\n"];

impl<'t> Directive<'t> {
    /// The parts of a directive; `None` if there is no word in it.
    pub(crate) fn of(inside: &'t str) -> Option<Self> {
        let inside = inside.trim();
        let cut = REASON_MARKS.iter().filter_map(|mark| inside.find(mark)).min();
        let listed = &inside[..cut.unwrap_or(inside.len())];
        let mut words = listed
            .split(|c: char| c.is_whitespace() || c == ',' || c == '，')
            .filter(|word| !word.is_empty());
        let verb = words.next()?.trim_end_matches(':');
        let has_reason = cut.is_some_and(|cut| inside[cut..].contains(char::is_alphanumeric));
        Some(Self { verb, names: words.collect(), has_reason })
    }
}

/// The name of a rule that is written with capitals or underscores; any other name as it is.
pub(crate) fn canonical(name: &str) -> &str {
    let is_meant = |rule: &&str| {
        rule.len() == name.len()
            && rule
                .bytes()
                .zip(name.bytes())
                .all(|(a, b)| a == b.to_ascii_lowercase() || (a == b'-' && b == b'_'))
    };
    ALL.iter().map(|info| info.name).find(is_meant).unwrap_or(name)
}

/// The rule whose name is a misspelling away.
pub(crate) fn misspelt(name: &str) -> Option<&'static str> {
    const MOST_DIFFERENT: usize = 3;
    let plain = name.to_ascii_lowercase();
    let distance = |rule: &&str| strsim::damerau_levenshtein(rule, &plain);
    let nearest = ALL.iter().map(|info| info.name).min_by_key(distance)?;
    (plain.len() > MOST_DIFFERENT && distance(&nearest) <= MOST_DIFFERENT).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_from_names() {
        for (inside, names, has_reason) in [
            ("postmend-disable", &[][..], false),
            ("postmend-disable-line a, b c", &["a", "b", "c"], false),
            ("postmend-disable-line a -- b", &["a"], true),
            ("postmend-disable-line a — b", &["a"], true),
            ("postmend-disable-line a (b)", &["a"], true),
            ("postmend-disable-line a: b", &["a"], true),
            ("postmend-disable-line a：b", &["a"], true),
            ("postmend-disable-line: a", &[], true),
            ("postmend-disable-line missing-alt --", &["missing-alt", "--"], false),
        ] {
            let directive = Directive::of(inside).unwrap();
            assert_eq!((directive.names.as_slice(), directive.has_reason), (names, has_reason), "{inside}");
        }
    }

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(canonical("Missing_ALT"), "missing-alt");
        assert_eq!(canonical("of-the-site"), "of-the-site");
        assert_eq!((misspelt("mispelling"), misspelt("decoration")), (Some("misspelling"), None));
    }
}
