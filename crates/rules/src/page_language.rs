//! The language of a whole post, as its front matter or path says.

use crate::post_context::PostContext;
use postmend_core::front::Value;
use postmend_core::{Document, is_foreign_language};

/// Fields that name the language of a post.
const FIELDS: [&str; 4] = ["lang", "language", "locale", "hreflang"];

/// Folders whose subfolders are languages.
const ABOVE: [&str; 8] =
    ["content", "i18n", "_i18n", "lang", "locales", "translations", "l10n", "src/content/docs"];

/// Languages other than English and Chinese that the path of a post may name. Some of their codes are also words, so
/// they count only where a language is named.
const CODES: [&str; 38] = [
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "th", "tr", "uk", "vi",
];

/// Whether a post is in a language other than English and Chinese.
pub(crate) fn is_foreign(document: &Document<'_>, context: &PostContext<'_>) -> bool {
    let matter = document.front.matter.as_ref();
    let value = |field: &&str| match &matter?.top(field)?.value {
        Value::Text(tag) => is_foreign_language(tag),
        _ => None,
    };
    FIELDS.iter().find_map(value).unwrap_or_else(|| is_foreign_path(context.path))
}

fn is_foreign_path(path: &str) -> bool {
    let (above, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_code = |part: &str| CODES.iter().any(|code| part.eq_ignore_ascii_case(code));
    let is_tag = |part: &str| {
        let (language, region) = part.split_once(['-', '_']).unwrap_or((part, ""));
        is_code(language) && (region.is_empty() || region.len() == 2)
    };
    // `index.ja.md`
    let named = file.rsplit('.').nth(1).filter(|_| file.matches('.').count() > 1);
    if named.is_some_and(is_tag) {
        return true;
    }
    let mut from = 0;
    above.split('/').any(|part| {
        let before = above[..from].trim_end_matches('/');
        from += part.len() + 1;
        let is_below = ABOVE.iter().any(|folder| {
            before.strip_suffix(folder).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        });
        is_tag(part) && (is_below || part.contains(['-', '_']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_languages() {
        for path in ["index.ja.md", "a/index.pt-BR.md", "content/fr/a.md", "docs/i18n/de/a.md", "pt-br/a.md"]
        {
            assert!(is_foreign_path(path), "{path}");
        }
        for path in
            ["index.md", "index.en.md", "content/zh/a.md", "posts/it/a.md", "no.md", "a.de/b.md", "v1.2.md"]
        {
            assert!(!is_foreign_path(path), "{path}");
        }
    }
}
