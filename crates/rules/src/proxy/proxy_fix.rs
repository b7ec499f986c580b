//! The intended URL behind a damaged proxy URL, if there is only one possibility.

use super::damage::Damage;
use super::parts::{behind_scheme, is_encoded, starts_with_host};
use super::percent::decode_percent;
use super::proxied::Proxied;
use super::wrecks::{QUOTES, authority, is_balanced, is_url};
use std::borrow::Cow;

const IMAGE_ENDINGS: [&str; 9] = ["jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "bmp", "ico"];

impl Proxied<'_> {
    /// The URL that was certainly intended: the complete origin if nothing is damaged, otherwise the repaired
    /// one.
    pub fn intended_url(&self) -> Option<String> {
        match self.damages.is_empty() {
            true => self.lossless.then(|| self.origin.to_string()),
            false => repaired_url(self),
        }
    }
}

/// The URL that was certainly intended, if the damage leaves only one possibility. Also `None` if nothing is
/// damaged.
pub fn repaired_url(proxied: &Proxied<'_>) -> Option<String> {
    let (first, rest) = proxied.damages.split_first()?;
    // The innermost origin has already been examined on its own.
    if matches!(first, Damage::DoubleProxy | Damage::NestedMarkdown)
        && rest.iter().all(|damage| !damage.breaks())
    {
        return proxied.intended_origin.clone();
    }
    let start = Cow::Borrowed(proxied.origin.as_ref());
    let fixed = proxied.damages.iter().try_fold(start, |origin, damage| {
        let lossless = proxied.lossless;
        repair(*damage, &origin, lossless).map(Cow::Owned)
    })?;
    (is_sound(&fixed)).then(|| fixed.into_owned())
}

fn repair(damage: Damage, origin: &str, lossless: bool) -> Option<String> {
    match damage {
        Damage::CollapsedSlash | Damage::ExtraSlash => {
            let (scheme, rest) = origin.split_once(':')?;
            let rest = rest.trim_start_matches('/');
            // A URL with three slashes may have lost its host between them.
            starts_with_host(rest).then(|| format!("{scheme}://{rest}"))
        }
        Damage::StrayQuote => {
            let trimmed = origin.trim_end_matches(QUOTES);
            (!trimmed.contains(QUOTES)).then(|| trimmed.to_owned())
        }
        Damage::FullWidthCharacter => {
            let head = authority(origin);
            let ascii = head.replace('：', ":").replace('／', "/").replace('？', "?");
            Some(format!("{ascii}{}", &origin[head.len()..]))
        }
        Damage::DoubleEncoded => {
            let steps = std::iter::successors(Some(Cow::Borrowed(origin)), |step| {
                is_encoded(step).then(|| Cow::Owned(decode_percent(step).into_owned()))
            });
            steps.take(4).find(|step| !is_encoded(step)).map(Cow::into_owned)
        }
        Damage::HtmlEntity => Some(origin.replace("&amp;", "&")).filter(|once| !once.contains("&amp;")),
        Damage::SpaceInUrl => Some(origin.replace(' ', "%20")),
        Damage::UnbalancedParenthesis => {
            let trimmed = origin.strip_suffix(')')?;
            (is_balanced(trimmed) && has_image_ending(trimmed)).then(|| trimmed.to_owned())
        }
        Damage::SecondQuestionMark
        | Damage::NestedQueryNotEncoded
        | Damage::DeadHost
        | Damage::ExpiredSignature(_) => lossless.then(|| origin.to_owned()),
        _ => None,
    }
}

/// Whether an origin is a well-formed absolute http or https URL that does not rely on the parser's leniency.
fn is_sound(origin: &str) -> bool {
    let after = behind_scheme(origin).and_then(|after| after.strip_prefix("//"));
    let marks =
        |after: &str| !after.starts_with('/') && !after.contains(|mark: char| mark.is_ascii_whitespace());
    after.is_some_and(marks) && is_url(origin)
}

fn has_image_ending(origin: &str) -> bool {
    let ending = origin.rsplit('.').next().unwrap_or_default();
    IMAGE_ENDINGS.iter().any(|listed| listed.eq_ignore_ascii_case(ending))
}
