//! Counts in how many documents of English repositories each word is.

use postmend_core::{Document, Format, Generator};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The file, and its first lines.
const COUNTS: &str = "crates/typo/data/words-en.tsv";
const HEAD: &str = "# English words in lower case, and the number of documents that have them, at most 100 of one repository: words of\n\
# two repositories or more and five documents or more. Counted by `cargo xtask model --count`.\n";

const MOST_OF_ONE: u32 = 100;
const LEAST_DOCUMENTS: u32 = 5;
const LEAST_REPOSITORIES: u32 = 2;

/// Counts the words below a folder with a folder for each repository, and writes the file.
pub(crate) fn write(root: &Path, folder: &Path) -> Result<String, String> {
    let mut totals: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut repositories = 0;
    for repository in folders(folder)? {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        add_documents(&repository, &mut seen, &mut counts)
            .map_err(|error| format!("cannot read {}: {error}", repository.display()))?;
        repositories += 1;
        for (word, count) in counts {
            let (documents, repositories) = totals.entry(word).or_default();
            *documents += count.min(MOST_OF_ONE);
            *repositories += 1;
        }
    }
    totals.retain(|_, (documents, repositories)| {
        *documents >= LEAST_DOCUMENTS && *repositories >= LEAST_REPOSITORIES
    });
    let rows: String = totals.iter().map(|(word, (documents, _))| format!("{word}\t{documents}\n")).collect();
    fs::write(root.join(COUNTS), format!("{HEAD}{rows}"))
        .map_err(|error| format!("cannot write {COUNTS}: {error}"))?;
    Ok(format!("wrote {COUNTS}: {} words of {repositories} repositories", totals.len()))
}

fn folders(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    paths.sort();
    Ok(paths)
}

fn add_documents(
    folder: &Path,
    seen: &mut BTreeSet<u64>,
    counts: &mut BTreeMap<String, u32>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            add_documents(&path, seen, counts)?;
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        let Some(format) = extension.and_then(Format::of_extension) else { continue };
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let prose = Document::read(&text, format, Generator::None).prose.text;
        let words = words(&prose);
        if is_english(&prose) && seen.insert(hash(&words)) {
            for word in words {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    Ok(())
}

/// The words that stand by themselves in lower case.
fn words(prose: &str) -> BTreeSet<&str> {
    let around = |c: char| "\"'“”‘’.,:;!?()[]…*—–".contains(c);
    let words = prose.split_whitespace().map(|word| word.trim_matches(around));
    words
        .filter(|word| (2..=24).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect()
}

/// Whether one word in twenty is one of the commonest ones of English.
fn is_english(prose: &str) -> bool {
    let (mut all, mut common) = (0, 0);
    for word in prose.split_whitespace() {
        all += 1;
        common += usize::from(["the", "of", "and", "to", "is"].contains(&word));
    }
    common * 20 >= all && common > 0
}

/// Versions of one page have the same words.
fn hash(words: &BTreeSet<&str>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    hasher.finish()
}
