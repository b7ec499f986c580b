//! Limits for globs and ignore patterns.

/// Whether a pattern is of reasonable size: parsers recurse into nested braces, so there is a limit for them.
pub fn is_sane(pattern: &[u8]) -> bool {
    pattern.len() <= 4096 && pattern.iter().filter(|byte| **byte == b'{').count() <= 32
}
