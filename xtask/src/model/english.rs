//! The tables of English: known words with how common they are, and misspellings with the right words.

use super::pack::with_head;
use super::scowl::Scowl;
use crate::rows;
use postmend_typo::{
    Commonness, ENGLISH_MAGIC, LENGTHS, RightWords, VOCABULARY_MAGIC, each_slip, pack_english,
    pack_vocabulary,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Rows of `wrong TAB right TAB reason`; if the right word is empty, the other one is not a misspelling, and after a
/// question mark another one may be meant.
const OWN: &str = "crates/typo/data/misspellings-en.tsv";
/// Rows of `word TAB documents`, from `cargo xtask model --count`.
const COUNTS: &str = "crates/typo/data/words-en.tsv";

/// A right word in fewer documents is rare, and another one may be meant; the same for a wrong word of four letters.
const FEW_DOCUMENTS: u32 = 150;
const FEW_DOCUMENTS_SHORT: u32 = 1000;
/// A word that documents have this many times less often than another one that is a slip away is a misspelling of it,
/// unless a dictionary has it.
const MUCH_RARER: u32 = 300;
/// A listed misspelling that documents have only this many times less often than its right word is a word.
const AS_USUAL: u32 = 20;
/// A word this many times less common than the right one may be meant as well.
const RIVAL: u32 = 10;

/// What is known about English words.
pub(super) struct EnglishWords {
    scowl: Scowl,
    /// The number of documents with each word.
    documents: BTreeMap<String, u32>,
    /// The misspellings of `typos-dict` and of this project.
    misspellings: BTreeMap<String, RightWords>,
    /// The words that this project takes for right.
    own: BTreeSet<String>,
}

impl EnglishWords {
    pub(super) fn read(root: &Path, cache: &Path) -> Result<Self, String> {
        let mut documents = BTreeMap::new();
        for row in rows::lines(&root.join(COUNTS))? {
            let (word, count) =
                row.split_once('\t').ok_or_else(|| format!("{COUNTS}: `{row}` has no tab"))?;
            documents.insert(word.to_owned(), count.parse().map_err(|_| format!("{COUNTS}: `{row}`"))?);
        }
        let mut words = Self {
            scowl: Scowl::read(cache)?,
            documents,
            misspellings: BTreeMap::new(),
            own: BTreeSet::new(),
        };
        words.add_misspellings(&rows::lines(&root.join(OWN))?)?;
        Ok(words)
    }

    fn add_misspellings(&mut self, own: &[String]) -> Result<(), String> {
        let mut found: BTreeMap<String, RightWords> = BTreeMap::new();
        for (wrong, rights) in typos_dict::WORD.map.entries() {
            let wrong = wrong.into_inner().to_ascii_lowercase();
            if is_word(&wrong)
                && wrong.len() >= 4
                && rights.iter().all(|right| is_word(right))
                && !self.is_in_use(&wrong, rights)
            {
                let words: Vec<String> = rights.iter().map(|right| (*right).to_owned()).collect();
                let is_doubtful = words.iter().any(|right| self.is_doubtful(&wrong, right));
                let are_names = words.iter().all(|right| self.is_name(right));
                let is_unusual = self.documents(&wrong) == 0;
                found.insert(wrong, RightWords { words, is_doubtful, are_names, is_unusual });
            }
        }
        for row in own {
            let mut columns = row.split('\t');
            let (Some(wrong), Some(right)) = (columns.next(), columns.next()) else {
                return Err(format!("{OWN}: `{row}` has no tab"));
            };
            let is_doubtful = right.starts_with('?');
            match right.trim_start_matches('?') {
                "" => {
                    found.remove(wrong);
                    self.own.insert(wrong.to_owned());
                }
                right => {
                    let words = vec![right.to_owned()];
                    found
                        .insert(wrong.to_owned(), RightWords { words, is_doubtful, ..RightWords::default() });
                }
            }
        }
        self.misspellings = found;
        Ok(())
    }

    /// Whether dictionaries or documents have a listed misspelling as a word.
    fn is_in_use(&self, wrong: &str, rights: &[&str]) -> bool {
        let most = rights.iter().map(|right| self.documents(right)).max().unwrap_or(0);
        let documents = self.documents(wrong);
        // "Enumerables" is the plural of a word that has become a noun.
        let is_plural = rights.iter().any(|right| wrong.strip_suffix('s') == Some(right));
        self.scowl.common.contains(wrong) || is_plural || (documents >= 8 && documents * AS_USUAL >= most)
    }

    /// Whether a misspelling may be a name, or another word than the listed one be meant.
    fn is_doubtful(&self, wrong: &str, right: &str) -> bool {
        let documents = self.documents(right);
        let is_short = wrong.len() <= 4 && documents < FEW_DOCUMENTS_SHORT;
        let is_name = self.scowl.names.contains(wrong) || self.scowl.all.contains(wrong);
        let is_rare = documents < FEW_DOCUMENTS && self.documents(wrong) == 0 && !self.is_name(right);
        if is_rare || is_short || is_name {
            return true;
        }
        let mut has_rival = false;
        each_slip(wrong.as_bytes(), |other| {
            let other = String::from_utf8_lossy(other);
            has_rival |= *other != *right && self.documents(&other) * RIVAL >= documents.max(FEW_DOCUMENTS);
        });
        has_rival
    }

    /// Whether a word is a well-known name and hardly a word besides.
    fn is_name(&self, word: &str) -> bool {
        self.documents(word) < FEW_DOCUMENTS && self.scowl.common_names.contains(word)
    }

    fn documents(&self, word: &str) -> u32 {
        self.documents.get(word).copied().unwrap_or(0)
    }

    /// The file of known words.
    pub(super) fn vocabulary(&self) -> Result<Vec<u8>, String> {
        let dictionary = self.scowl.all.iter().chain(&self.scowl.names).chain(&self.own);
        let mut words: BTreeSet<&str> = dictionary.map(String::as_str).filter(|word| is_word(word)).collect();
        let in_use = self.documents.keys().filter(|word| is_word(word) && !self.is_misspelling(word));
        words.extend(in_use.map(String::as_str));
        words.retain(|word| !self.misspellings.contains_key(*word));
        let rows = words.iter().map(|word| (*word, Commonness::of_documents(self.documents(word))));
        Ok(with_head(VOCABULARY_MAGIC, &pack_vocabulary(rows)?))
    }

    /// Whether a word that no dictionary has is much rarer than one that is a slip away.
    fn is_misspelling(&self, word: &str) -> bool {
        let documents = self.documents(word);
        let mut most = 0;
        each_slip(word.as_bytes(), |other| {
            most = most.max(str::from_utf8(other).map_or(0, |other| self.documents(other)));
        });
        !self.scowl.all.contains(word) && documents * MUCH_RARER < most
    }

    /// The file of misspellings.
    pub(super) fn misspellings(&self) -> Result<Vec<u8>, String> {
        let pairs = self.misspellings.iter().map(|(wrong, right)| (wrong.as_str(), right));
        Ok(with_head(ENGLISH_MAGIC, &pack_english(pairs)?))
    }
}

fn is_word(word: &str) -> bool {
    LENGTHS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
}
