//! Finds damage in the URL that a proxy is to fetch.

use super::damage::Damage;
use super::parts::{behind_scheme, is_encoded, starts_with_host};
use super::proxied::Proxied;
use super::wrecks::{
    FULL_WIDTH, QUOTES, authority, has_placeholder, is_balanced, is_hostname, is_local_path,
    is_sound_and_plain, is_truncated, is_url,
};

/// Adds the damage of the origin, and sorts all damage worst first.
pub(super) fn examine(proxied: &mut Proxied<'_>, url: &str, relative: bool, doubled: bool) {
    let origin = proxied.origin.as_ref();
    if !relative && !doubled && is_sound_and_plain(origin, url) {
        proxied.damages.sort_by_key(|damage| damage.rank());
        let truncated = is_hostname(origin) && proxied.family.doubles();
        if !truncated && !has_placeholder(origin) && !is_truncated(origin) {
            return;
        }
    }
    let after_scheme = behind_scheme(origin);
    let slashes = after_scheme.map(|rest| rest.len() - rest.trim_start_matches('/').len());
    let bare = !relative && after_scheme.is_none();
    let checks = [
        (Damage::PlaceholderSegment, has_placeholder(origin)),
        (Damage::LocalPath, is_local_path(origin)),
        (Damage::NestedMarkdown, origin.contains("](") || origin.contains("%5D(")),
        (Damage::DoubleProxy, doubled),
        (Damage::CollapsedSlash, slashes == Some(1)),
        (Damage::ExtraSlash, slashes > Some(2)),
        (Damage::SchemeMissing, bare && (origin.starts_with("//") || starts_with_host(origin))),
        (Damage::StrayQuote, url.contains('"') || url.ends_with(QUOTES)),
        (Damage::FullWidthCharacter, authority(origin).contains(FULL_WIDTH)),
        (Damage::DoubleEncoded, is_encoded(origin)),
        (Damage::HtmlEntity, url.contains("&amp;")),
        (Damage::SpaceInUrl, origin.contains(|mark: char| mark.is_ascii_whitespace())),
        (Damage::UnbalancedParenthesis, !is_balanced(origin)),
        (Damage::Truncated, is_truncated(origin) || (is_hostname(origin) && proxied.family.doubles())),
    ];
    let mut damages = std::mem::take(&mut proxied.damages);
    damages.extend(checks.iter().filter(|(_, found)| *found).map(|(damage, _)| *damage));
    let explained = damages.iter().any(|damage| damage.breaks() && *damage != Damage::DeadHost);
    if !relative && !explained && !is_url(origin) {
        damages.push(Damage::NotAUrl);
    }
    damages.sort_by_key(|damage| damage.rank());
    proxied.damages = damages;
}
