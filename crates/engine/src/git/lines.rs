//! The lines that a change touches.

use super::{Selection, base_of, git_without_filters, output_of, path, root_of};
use crate::trouble::Trouble;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The lines that git says are added or changed, by file. All lines of other files count as touched, as they are new.
#[derive(Debug, Default)]
pub struct TouchedLines(HashMap<PathBuf, Vec<RangeInclusive<usize>>>);

impl TouchedLines {
    /// The lines that the selection touches in the repository that the folder belongs to.
    ///
    /// # Errors
    /// git is not installed, or there is no repository or no such commit.
    pub fn of(folder: &Path, selection: &Selection) -> Result<Self, Trouble> {
        let root = root_of(folder)?;
        let mut diff = git_without_filters(&root)?;
        diff.env_remove("GIT_DIFF_OPTS");
        diff.args([
            "-c",
            "core.quotePath=false",
            "diff",
            "--unified=0",
            "--inter-hunk-context=0",
            "--text",
            "--find-renames",
            "-l2000",
            "--no-color",
        ]);
        diff.args(["--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-prefix"]);
        match base_of(&root, selection)? {
            None => diff.arg("--cached"),
            Some(base) => diff.arg(base),
        };
        let answer = output_of(diff, &["--"])?;
        Ok(Self::parse(&root, &answer))
    }

    fn parse(root: &Path, diff: &[u8]) -> Self {
        let mut touched = HashMap::new();
        let mut name = None;
        // A line of a post may begin as a header does, so the lines of a hunk are counted.
        let mut left = 0usize;
        for line in diff.split(|byte| *byte == b'\n') {
            if left > 0 && matches!(line.first(), Some(b'+' | b'-')) {
                left -= 1;
                // In UTF-16, not every line feed is one.
                if let (true, Some(name)) = (line.contains(&0), &name) {
                    touched.remove(name);
                }
            } else if let Some(new) = line.strip_prefix(b"+++ ").or_else(|| line.strip_prefix(b"rename to "))
            {
                // A name in quotes has characters that no post's name should have; all its lines count.
                let new = new.strip_suffix(b"\t").unwrap_or(new);
                name = (!new.starts_with(b"\"")).then(|| root.join(path(new)));
                if let Some(name) = &name {
                    touched.entry(name.clone()).or_insert_with(Vec::new);
                }
            } else if let Some((removed, first, added)) = hunk_of(line) {
                left = removed + added;
                let lines = name.as_ref().filter(|_| added > 0).and_then(|name| touched.get_mut(name));
                lines.into_iter().for_each(|lines: &mut Vec<_>| lines.push(first..=first + added - 1));
            }
        }
        Self(touched)
    }

    /// Whether one of these lines of a file is touched; for git, a line ends with a line feed alone. The path is absolute.
    pub fn touches(&self, path: &Path, lines: RangeInclusive<usize>) -> bool {
        let Some(touched) = self.0.get(path) else { return true };
        let next = touched.partition_point(|touched| touched.end() < lines.start());
        touched.get(next).is_some_and(|touched| touched.start() <= lines.end())
    }
}

/// Number of removed lines, first added line and number of added lines of `@@ -1,2 +3,4 @@`.
fn hunk_of(line: &[u8]) -> Option<(usize, usize, usize)> {
    let header = std::str::from_utf8(line.strip_prefix(b"@@ -")?.split(|byte| *byte == b'@').next()?).ok()?;
    let (old, new) = header.trim_end().split_once(" +")?;
    let range = |text: &str| match text.split_once(',') {
        Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    };
    let ((_, removed), (first, added)): ((usize, usize), (usize, usize)) = (range(old)?, range(new)?);
    Some((removed, first, added))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_hunk_are_no_headers() {
        let diff = "diff --git a.md a.md\n--- a.md\n+++ a.md\n@@ -1 +1,2 @@\n--- x\n+++ y.md\n+@@ -1 +9,9 @@\n\
            @@ -7,2 +8,0 @@\n-gone\n-too\ndiff --git b.md c.md\nrename from b.md\nrename to c.md\n";
        let touched = TouchedLines::parse(Path::new("/top"), diff.as_bytes());
        let is_touched = |name: &str, lines| touched.touches(Path::new(name), lines);
        assert!(is_touched("/top/a.md", 1..=1) && is_touched("/top/a.md", 2..=7));
        assert!(
            !is_touched("/top/a.md", 3..=9)
                && !is_touched("/top/c.md", 1..=9)
                && is_touched("/top/y.md", 1..=1)
        );
    }
}
