//! The parts of URLs and paths that a migration uses.

/// The host of an absolute URL with its port; empty if it has none.
pub fn host(url: &str) -> &str {
    let after = url.split_once("//").filter(|(scheme, _)| !scheme.contains(['/', '?', '#']));
    let authority = after.map_or("", |(_, after)| after.split(['/', '?', '#']).next().unwrap_or_default());
    authority.rsplit('@').next().unwrap_or_default()
}

/// The offset of the end of an absolute URL's host and port; 0 if it has none.
pub(super) fn host_end(url: &str) -> usize {
    match host(url) {
        "" => 0,
        host => host.as_ptr() as usize - url.as_ptr() as usize + host.len(),
    }
}

/// A post's slug: its file name without a leading date and without extensions; the name of its folder if the
/// file is called `index`.
pub fn slug(path: &str) -> &str {
    let (above, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if matches!(stem, "index" | "_index") && !above.is_empty() {
        return above.rsplit('/').next().unwrap_or(above);
    }
    let is_date = |head: &str| {
        head.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 | 10 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    };
    match stem.split_at_checked(11) {
        Some((head, rest)) if is_date(head) && !rest.is_empty() => rest,
        _ => stem,
    }
}

/// Whether a URL is a web address or a path.
pub(super) fn is_address(url: &str) -> bool {
    let plain = !url.chars().any(|c| (c.is_whitespace() && c != ' ') || c.is_control());
    let scheme =
        url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    plain && scheme.is_none_or(|scheme| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)))
}
