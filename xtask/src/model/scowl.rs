//! SCOWL, lists of English words by how usual they are, as Debian packages them.

use super::fetch;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const URL: &str = "http://deb.debian.org/debian/pool/main/s/scowl/scowl_2020.12.07-2_all.deb";
const SHA256: &str = "de692546df9b169f2cbdf4d8d88111a374733a9c382b820a6f943914ca705718";
const FOLDER: &str = "./usr/share/dict/scowl/";

/// Its name and version, for the notices.
pub(crate) const SCOWL: &str = "scowl 2020.12.07";

/// The largest lists of words that everyone takes for right, and of those that are words at all; beyond, lists have
/// misspellings too.
const COMMON: u32 = 70;
const LARGEST: u32 = 80;
/// The largest list of well-known names.
const COMMON_NAMES: u32 = 40;

/// Words in lower case.
#[derive(Default)]
pub(super) struct Scowl {
    /// Words that everyone takes for right, in any country's spelling.
    pub(super) common: BTreeSet<String>,
    /// The same, and rare ones.
    pub(super) all: BTreeSet<String>,
    /// Names and abbreviations.
    pub(super) names: BTreeSet<String>,
    /// Well-known names: of months, languages, countries.
    pub(super) common_names: BTreeSet<String>,
}

impl Scowl {
    pub(super) fn read(cache: &Path) -> Result<Self, String> {
        let package = fetch::archive(cache, URL, SHA256)?;
        let folder = cache.join("scowl");
        fetch::unpack_debian(&package, &folder)?;
        let folder = folder.join(FOLDER);
        let failed = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
        let mut lists = Self::default();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let size = path.extension().and_then(|size| size.to_str()?.parse::<u32>().ok());
            let Some(size) = size.filter(|size| *size <= LARGEST) else { continue };
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            // The lists are in Latin-1; words with other letters than ASCII are not looked up.
            let bytes = fs::read(&path).map_err(failed)?;
            let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok());
            let words: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
            match name.rsplit('-').next() {
                Some("words") => {
                    lists.common.extend(words.iter().filter(|_| size <= COMMON).cloned());
                    lists.all.extend(words);
                }
                Some(kind @ ("names" | "upper" | "abbreviations" | "hacker")) => {
                    let is_common = kind == "upper" && size <= COMMON_NAMES;
                    lists.common_names.extend(words.iter().filter(|_| is_common).cloned());
                    lists.names.extend(words);
                }
                _ => {}
            }
        }
        Ok(lists)
    }
}
