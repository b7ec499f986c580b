//! URIs of posts, and of the pages of rules.

use crate::paths::slashed;
use postmend_rules::rule_info;
use std::path::{Path, PathBuf};

/// The URL of a rule's page for this version; a site's own rules have none.
pub fn page_url(rule: &str) -> Option<String> {
    let (home, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    rule_info(rule).map(|_| format!("{home}/blob/v{version}/docs/rules/{rule}.md"))
}

/// A path as a URI reference: absolute paths as `file://`, relative ones unchanged except for percent-encoding.
pub(super) fn uri(path: &Path) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    let mut uri = if path.is_absolute() { "file://".to_owned() } else { String::new() };
    for byte in slashed(path).bytes() {
        if is_plain(byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// The path in a URI that [`uri`] made.
pub fn path_of(uri: &str) -> PathBuf {
    let mut rest = uri.strip_prefix("file://").unwrap_or(uri);
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((plain, after)) = rest.split_once('%') {
        bytes.extend(plain.bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for path in ["posts/a.md", "/srv/100%,2 #?.md", "笔记/港:2.md", "%41%.md"] {
            assert_eq!(path_of(&uri(Path::new(path))), Path::new(path));
        }
        assert_eq!(path_of("a%2"), Path::new("a%2"));
    }
}
