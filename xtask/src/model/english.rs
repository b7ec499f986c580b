//! The table of English misspellings: those of `typos-dict`, with this project's changes.

use super::pack::with_head;
use postmend_typo::{ENGLISH_MAGIC, LENGTHS, pack_english};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Rows of `wrong TAB right`; if the right word is empty, the other one is not a misspelling.
const OWN: &str = "crates/typo/data/misspellings-en.tsv";

/// The content of the file.
pub(super) fn table(root: &Path) -> Result<Vec<u8>, String> {
    let own = fs::read_to_string(root.join(OWN)).map_err(|error| format!("cannot read {OWN}: {error}"))?;
    let mut words: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (wrong, right) in typos_dict::WORD.map.entries() {
        let wrong = wrong.into_inner().to_ascii_lowercase();
        if is_word(&wrong) && right.iter().all(|right| is_word(right)) {
            words.insert(wrong, right.to_vec());
        }
    }
    for row in own.lines().filter(|row| !row.starts_with('#')) {
        let (wrong, right) = row.split_once('\t').ok_or_else(|| format!("{OWN}: `{row}` has no tab"))?;
        match right {
            "" => words.remove(wrong),
            right => words.insert(wrong.to_owned(), vec![right]),
        };
    }
    let pairs = words.iter().map(|(wrong, right)| (wrong.as_str(), right.clone()));
    Ok(with_head(ENGLISH_MAGIC, &pack_english(pairs)?))
}

fn is_word(word: &str) -> bool {
    LENGTHS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
}
