//! Patterns for paths, which postmend expands where no shell has done so.

use crate::glob_limits::is_sane;
use globset::{GlobBuilder, GlobMatcher};
use std::path::{Path, PathBuf};

/// The folder in which a pattern is looked for, and the pattern below it; `None` if the path is not a pattern, or
/// exists as it is written.
pub(super) fn pattern_of(path: &Path) -> Option<(PathBuf, GlobMatcher)> {
    let text = path.to_str().filter(|text| is_sane(text.as_bytes()))?;
    if !text.contains(['*', '?', '[', '{']) || std::fs::symlink_metadata(path).is_ok() {
        return None;
    }
    let is_plain =
        |part: &std::path::Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    let folder: PathBuf = path.components().take_while(is_plain).collect();
    let below: PathBuf = path.components().skip_while(is_plain).collect();
    let pattern = GlobBuilder::new(below.to_str()?).literal_separator(true).build().ok()?.compile_matcher();
    Some((if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_looked_for_in_the_folder_before_it() {
        for (path, folder, matches, others) in [
            ("**/*.md", ".", &["a.md", "b/c.md"][..], &["a.mdx"][..]),
            ("none/b/*.{md,mdx}", "none/b", &["c.md", "d.mdx"], &["e/c.md"]),
            ("./none/[ab]/c.md", "./none", &["a/c.md"], &["c/c.md"]),
        ] {
            let (found, pattern) = pattern_of(Path::new(path)).unwrap();
            assert_eq!(found, Path::new(folder), "{path}");
            assert!(matches.iter().all(|path| pattern.is_match(path)), "{path}");
            assert!(!others.iter().any(|path| pattern.is_match(path)), "{path}");
        }
        assert!(pattern_of(Path::new("none/a.md")).is_none());
    }
}
