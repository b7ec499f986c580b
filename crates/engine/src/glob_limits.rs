//! What a glob or an ignore pattern may cost.

/// Whether a pattern is one that a person writes: what reads patterns goes as deep as their braces do.
pub fn is_sane(pattern: &[u8]) -> bool {
    pattern.len() <= 4096 && pattern.iter().filter(|byte| **byte == b'{').count() <= 32
}
