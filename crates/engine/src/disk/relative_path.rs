//! A relative path inside a folder: the paths that a plan, a journal or a template may contain.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Component, Path, PathBuf};

/// The maximum length of a path in bytes, which is Linux's limit.
const LONGEST: usize = 4096;

/// A relative path that, as it is written, stays inside its folder: it consists of plain names only, and none of them
/// is `.git`.
///
/// Whether a component is a symlink is checked when the file is opened: [`Folder`](super::Folder) follows none.
#[derive(Debug, Clone, Eq, PartialOrd, Ord)]
pub struct RelativePath(PathBuf);

// A path has only one spelling here, so comparing its bytes is enough.
impl PartialEq for RelativePath {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Hash for RelativePath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_os_str().hash(state);
    }
}

/// Why a path is not a valid path inside a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// It is absolute, contains `..`, is empty or too long, or contains a NUL byte.
    Elsewhere,
    /// It leads into git's own folder.
    Git,
}

impl RelativePath {
    /// Checks a path that is relative to a folder.
    ///
    /// # Errors
    /// It may lead out of the folder, or into git's own folder.
    pub fn new(path: &Path) -> Result<Self, Outside> {
        let bytes = path.as_os_str().as_encoded_bytes();
        if bytes.is_empty() || bytes.len() > LONGEST || bytes.contains(&0) {
            return Err(Outside::Elsewhere);
        }
        if is_plain(bytes) {
            return Ok(Self(path.to_owned()));
        }
        let mut below = PathBuf::with_capacity(bytes.len());
        for part in path.components() {
            let name = match part {
                Component::Normal(name) => name,
                Component::CurDir => continue,
                _ => return Err(Outside::Elsewhere),
            };
            let name_bytes = name.as_encoded_bytes();
            // On Windows, a backslash separates folders, and a colon leads to another drive or an alternate data
            // stream.
            if cfg!(windows) && name_bytes.iter().any(|byte| b"\\:".contains(byte)) {
                return Err(Outside::Elsewhere);
            }
            if is_git(name_bytes) {
                return Err(Outside::Git);
            }
            below.push(name);
        }
        if below.as_os_str().is_empty() { Err(Outside::Elsewhere) } else { Ok(Self(below)) }
    }

    /// The path, relative to its folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The parent folder; `None` if that is the base folder itself.
    pub fn parent(&self) -> Option<Self> {
        self.0.parent().filter(|parent| !parent.as_os_str().is_empty()).map(|parent| Self(parent.to_owned()))
    }

    /// The last component.
    pub fn name(&self) -> &Path {
        self.0.file_name().map_or(&self.0, Path::new)
    }

    /// The path of a sibling with another name.
    ///
    /// # Errors
    /// The name is not a valid file name.
    pub fn beside(&self, name: &str) -> Result<Self, Outside> {
        Self::new(&self.0.with_file_name(name))
    }

    /// The path of an entry in this folder.
    ///
    /// # Errors
    /// The name is not a valid file name.
    pub fn join(&self, name: &str) -> Result<Self, Outside> {
        Self::new(&self.0.join(name))
    }

    /// The path with `/` as the separator; invalid UTF-8 is replaced.
    pub fn to_text(&self) -> String {
        let text = self.0.to_string_lossy();
        if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elsewhere => "leads out of the project",
            Self::Git => "is git's own",
        })
    }
}

impl std::error::Error for Outside {}

/// A fast check by bytes whether all components are plain names: none starts like `.git` or `..` may start. This
/// holds for nearly all paths.
fn is_plain(path: &[u8]) -> bool {
    let mut is_start = true;
    let is_fine = |byte: &u8| {
        let begins = std::mem::replace(&mut is_start, *byte == b'/');
        match byte {
            // The last two are the first bytes of characters that macOS ignores in names.
            b'.' | b'g' | b'G' | b'/' | 0xE2 | 0xEF => !begins,
            _ => !(cfg!(windows) && b"\\:".contains(byte)),
        }
    };
    path.iter().all(is_fine) && !path.ends_with(b"/")
}

/// Whether git, on any system, takes a name for `.git`: in any case, as the 8.3 short name, with characters that
/// macOS ignores, or with trailing characters that Windows removes.
fn is_git(name: &[u8]) -> bool {
    // The first byte is enough to decide for nearly all names.
    if !matches!(name.first(), Some(b'.' | b'g' | b'G' | 0x80..)) {
        return false;
    }
    let text = String::from_utf8_lossy(name);
    let kept: String = text.chars().filter(|c| !is_left_out(*c)).flat_map(char::to_lowercase).collect();
    let kept = kept.split([':', '\\']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
    kept == ".git" || kept == "git~1"
}

/// The characters that macOS ignores when it compares names.
fn is_left_out(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

/// The form of a path in JSON: a string, or an array of bytes if the path is not valid UTF-8.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a path")]
enum WrittenPath {
    Text(String),
    Bytes { raw: Vec<u8> },
}

impl Serialize for RelativePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_str() {
            Some(_) => serializer.serialize_str(&self.to_text()),
            None => WrittenPath::Bytes { raw: self.0.as_os_str().as_encoded_bytes().to_vec() }
                .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for RelativePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let path = match WrittenPath::deserialize(deserializer)? {
            WrittenPath::Text(text) => PathBuf::from(text),
            WrittenPath::Bytes { raw } => {
                of_bytes(raw).ok_or_else(|| D::Error::custom("a path is not text"))?
            }
        };
        Self::new(&path).map_err(|why| D::Error::custom(format!("the path {} {why}", path.display())))
    }
}

#[cfg(unix)]
fn of_bytes(raw: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(raw).into())
}

#[cfg(not(unix))]
fn of_bytes(raw: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(raw).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_names_alone() {
        for path in ["a.md", "posts/a.md", "./posts//a.md/", ".gitignore", ".github/a.md", "git/a", "a.git/b"]
        {
            assert!(RelativePath::new(Path::new(path)).is_ok(), "{path}");
        }
        for path in ["", ".", "/", "/etc/passwd", "../a.md", "posts/../../a.md", "..", "a\0.md", "a/.."] {
            assert_eq!(RelativePath::new(Path::new(path)), Err(Outside::Elsewhere), "{path}");
        }
        let git = [
            ".git",
            ".git/config",
            "sub/.git/hooks/x",
            ".GIT/config",
            ".Git",
            "git~1/config",
            "GIT~1",
            ".git.",
            ".git ",
            ".git...",
            ".g\u{200C}it/config",
            "\u{FEFF}.git",
            ".git::$INDEX_ALLOCATION/config",
            ".git\\config",
        ];
        for path in git {
            assert_eq!(RelativePath::new(Path::new(path)), Err(Outside::Git), "{path}");
        }
    }

    #[test]
    fn a_name_of_any_bytes_comes_back() {
        let mut paths = vec![PathBuf::from("港/a b.md")];
        paths.extend(of_bytes(b"posts/bad\xff.md".to_vec()));
        for path in paths {
            let below = RelativePath::new(&path).unwrap();
            let text = serde_json::to_string(&below).unwrap();
            assert_eq!(serde_json::from_str::<RelativePath>(&text).unwrap(), below, "{text}");
        }
        for text in ["\"../a\"", "{\"raw\":[46,46,47,97]}", "{\"raw\":[46,103,105,116]}", "\"\"", "7"] {
            assert!(serde_json::from_str::<RelativePath>(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// Any accepted path stays below its folder, and is accepted again unchanged.
        #[test]
        fn what_is_taken_stays_below(path in r"[./\\a-cGgIiTt~1: \u{200c}\u{0}]{0,12}|\PC{0,8}") {
            if let Ok(below) = RelativePath::new(Path::new(&path)) {
                prop_assert!(below.path().components().all(|part| matches!(part, Component::Normal(_))));
                prop_assert!(!below.path().iter().any(|name| name.eq_ignore_ascii_case(".git")));
                prop_assert_eq!(RelativePath::new(below.path()), Ok(below.clone()));
                let parts: PathBuf = below.path().components().collect();
                prop_assert_eq!(parts.as_os_str(), below.path().as_os_str(), "one spelling alone");
                prop_assert!(Path::new("/top").join(below.path()).starts_with("/top"));
            }
        }
    }
}
