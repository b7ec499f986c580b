//! Text to measure on: sets of lines with their corrected form, and the prose of posts.

use postmend_core::{Document, Format, Generator};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The number of lines in a document.
pub(super) const DOCUMENT: usize = 50;

/// Lines with their corrected form, which has the same number of characters.
pub(super) struct Set {
    pub(super) name: String,
    lines: Vec<(String, String)>,
    /// Whether each line is a document, as for posts.
    whole: bool,
}

/// A document of one or more lines.
pub(super) struct EvalText {
    pub(super) source: String,
    pub(super) target: String,
}

impl Set {
    /// Whether it has no misspellings.
    pub(super) fn is_clean(&self) -> bool {
        self.lines.iter().all(|(source, target)| source == target)
    }

    /// The number of Chinese characters.
    pub(super) fn han(&self) -> usize {
        self.lines.iter().flat_map(|(source, _)| source.chars()).filter(|c| is_han(*c)).count()
    }

    /// The set, split into documents of this many lines.
    pub(super) fn documents(&self, lines: usize) -> Vec<EvalText> {
        let join = |lines: &[(String, String)]| EvalText {
            source: lines.iter().map(|(source, _)| source.as_str()).collect::<Vec<_>>().join("\n"),
            target: lines.iter().map(|(_, target)| target.as_str()).collect::<Vec<_>>().join("\n"),
        };
        self.lines.chunks(if self.whole { 1 } else { lines }).map(join).collect()
    }
}

/// Reads the sets in a folder: each line is `source TAB target`.
pub(super) fn read(folder: &Path) -> Result<Vec<Set>, String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        // Some sets repeat lines, which would repeat each phrase.
        let mut seen = BTreeSet::new();
        let lines = text.lines().filter(|line| seen.insert(*line)).filter_map(|line| line.split_once('\t'));
        let same = lines.filter(|(source, target)| source.chars().count() == target.chars().count());
        let lines = same.map(|(source, target)| (source.to_owned(), target.to_owned())).collect();
        Ok(Set {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            lines,
            whole: false,
        })
    };
    paths.iter().map(read).collect()
}

/// The prose of the posts below a folder.
pub(super) fn posts(folder: &Path) -> Result<Set, String> {
    let mut lines = Vec::new();
    add_posts(folder, &mut lines).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    Ok(Set { name: "posts".to_owned(), lines, whole: true })
}

fn add_posts(folder: &Path, lines: &mut Vec<(String, String)>) -> std::io::Result<()> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_posts(&path, lines)?;
            continue;
        }
        let Some(format) = path.extension().and_then(|extension| Format::of_extension(extension.to_str()?))
        else {
            continue;
        };
        if let Ok(text) = fs::read_to_string(&path) {
            let prose = Document::read(&text, format, Generator::None).prose.text;
            lines.push((prose.clone(), prose));
        }
    }
    Ok(())
}

pub(super) fn is_han(character: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&character)
}
