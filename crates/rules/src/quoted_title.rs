//! Items of release notes that quote the title of a change: its mistakes are those of the title, which stays as it is.

use postmend_core::lines::{line_from, line_start};

/// The types of Conventional Commits.
const TYPES: [&str; 11] =
    ["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];

/// Whether the line at an offset is an item of a list that quotes the title of a change: it names the change, and its
/// author, its type or its commit.
pub(crate) fn is_in_quoted_title(text: &str, at: usize) -> bool {
    /// Maximum length of such an item in bytes.
    const LONGEST: usize = 2000;
    let (line, _) = line_from(text, line_start(text, at));
    if line.len() > LONGEST {
        return false;
    }
    let Some(item) = line.trim_start().strip_prefix(['*', '-', '+']).map(str::trim_start) else {
        return false;
    };
    let names_change =
        item.match_indices('#').any(|(at, _)| item[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
            || ["/pull/", "/commit/", "/merge_requests/"].iter().any(|path| item.contains(path));
    names_change && (names_author(item) || has_type(item) || begins_with_commit(item))
}

/// `… by @name`, `… by [@name](…)`, as GitHub writes release notes.
fn names_author(item: &str) -> bool {
    [" by @", " by [@", " by \\@"].iter().any(|by| item.contains(by))
}

/// `fix(parser): …`, also after a link to the commit.
fn has_type(item: &str) -> bool {
    let Some((before, _)) = item.split_once(": ") else { return false };
    let word = before.rsplit([' ', '*', '`']).next().unwrap_or_default().trim_end_matches('!');
    let name = word.split('(').next().unwrap_or_default();
    TYPES.contains(&name)
}

/// ``[`1a2b3c4`](…) …``, `1a2b3c4 …`
fn begins_with_commit(item: &str) -> bool {
    let hash = item.trim_start_matches(['[', '`']);
    let length = hash.bytes().take_while(u8::is_ascii_hexdigit).count();
    (7..=40).contains(&length)
        && hash[..length].contains(|c: char| c.is_ascii_digit())
        && hash[length..].starts_with(['`', ']', ' ', ':'])
}

#[cfg(test)]
mod tests {
    use super::is_in_quoted_title;

    #[test]
    fn titles_of_changes_are_quoted() {
        for (line, wanted) in [
            ("* Add validatation by @name in https://forge.example/a/b/pull/6460", true),
            ("* [ISSUE #7579] Fix cocurrent bug by @name in #7580", true),
            ("- fix(parser): recieve all (#12)", true),
            ("- [`1a2b3c4`](https://forge.example/a/b/commit/1a2b3c4) Recieve all", true),
            (
                "- We recieve all now ([@name](https://forge.example/name), [#12](https://forge.example/a/b/pull/12))",
                false,
            ),
            ("- See https://forge.example/a/b/issues/12, where we recieve all", false),
            ("We recieve it, as written by @name in #12.", false),
            ("- Written by @name: we recieve it", false),
        ] {
            let text = format!("A line.\n{line}\nAnother.\n");
            assert_eq!(is_in_quoted_title(&text, 12), wanted, "{line}");
        }
    }
}
