//! Counts with a noun in the singular or plural.

/// "1 post", "2 posts", "3 copies", "4 addresses"
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 {
        return format!("1 {thing}");
    }
    match thing.strip_suffix('y') {
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {thing}{}", if thing.ends_with('s') { "es" } else { "s" }),
    }
}
