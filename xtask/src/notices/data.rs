//! The hand-written list: embedded files, the sources of their content, and third-party data inside of crates.

use postmend_tests::source::files_below;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The headings around the section about data inside of crates.
const CRATES: [&str; 2] = ["\n2. WHAT CRATES BRING\n", "\n3. THE STANDARD LIBRARY"];

/// The name of the project, for content that it owns.
const OURS: &str = "postmend";

/// The folder of the rules, whose pages are the project's own and need no row.
const PAGES: &str = "crates/rules/src/rules/";

pub(super) struct Data<'t> {
    pub(super) text: &'t str,
    /// Embedded files, and the sources of each: `crates/typo/data/en.words: postmend, typos-dict`.
    files: BTreeMap<&'t str, Vec<&'t str>>,
    /// Their sources: `* typos-dict 0.14.0, https://…` is `typos-dict 0.14.0`.
    sources: BTreeSet<&'t str>,
    /// Crates that contain third-party data: `htmlize, web_atoms: character references of …`.
    crates: BTreeSet<&'t str>,
}

impl<'t> Data<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let rows = text.lines().filter(|line| line.starts_with("crates/"));
        let files = rows.filter_map(|row| row.split_once(": "));
        let sources = text.lines().filter_map(|line| line.strip_prefix("* ")?.split(',').next());
        let (_, rest) = text.split_once(CRATES[0]).unwrap_or_default();
        let (about, _) = rest.split_once(CRATES[1]).unwrap_or_default();
        let names =
            about.lines().filter_map(|line| line.split_once(": ")).map(|(names, _)| names.split(", "));
        let is_crate = |name: &&str| !name.is_empty() && !name.contains([' ', '[']);
        Self {
            text,
            files: files.map(|(file, from)| (file, from.split(", ").collect())).collect(),
            sources: sources.collect(),
            crates: names.flatten().filter(is_crate).collect(),
        }
    }

    /// Embedded files without a row, rows without a file, and rows with an unknown source.
    pub(super) fn faults_of_files(&self, embedded: &BTreeSet<String>) -> Vec<String> {
        let unnamed = embedded.iter().filter(|file| !self.files.contains_key(file.as_str()));
        let mut faults: Vec<String> =
            unnamed.map(|file| format!("{file} is embedded, and no row says where it comes from")).collect();
        for (file, sources) in &self.files {
            if !embedded.contains(*file) {
                faults.push(format!("{file} is not embedded"));
            }
            let is_known = |name: &str| self.sources.iter().any(|source| name_of(source) == name);
            let unknown = sources.iter().filter(|name| **name != OURS && !is_known(name));
            faults.extend(unknown.map(|name| format!("{file} comes from {name}, which has no entry")));
        }
        faults
    }

    /// Sources whose version differs from the one in use, and sources that are not in use.
    pub(super) fn faults_of_sources(&self, used: &[String]) -> Vec<String> {
        let missing = used.iter().filter(|source| !self.sources.contains(source.as_str()));
        let idle = self.sources.iter().filter(|source| !used.iter().any(|used| used == *source));
        let missing = missing.map(|source| format!("{source} has no entry"));
        missing.chain(idle.map(|source| format!("{source} is not used"))).collect()
    }

    /// Crates in the section about data that are not linked.
    pub(super) fn faults_of_crates(&self, linked: &BTreeSet<String>) -> Vec<String> {
        let absent = self.crates.iter().filter(|name| !linked.iter().any(|known| name_of(known) == **name));
        absent.map(|name| format!("the crate {name} is not in the program")).collect()
    }
}

/// `typos-dict` of `typos-dict 0.14.0`.
fn name_of(source: &str) -> &str {
    source.split(' ').next().unwrap_or(source)
}

/// The files that crates of the workspace embed, as paths relative to the root.
pub(super) fn embedded(root: &Path) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for source in files_below(&root.join("crates"), "rs") {
        let source = source.strip_prefix(root).map_err(|error| error.to_string())?;
        // `crates/NAME/src/…`, and not its tests.
        if source.components().nth(2) != Some(Component::Normal("src".as_ref())) {
            continue;
        }
        let text = read(root, &source.to_string_lossy())?;
        for path in arguments(&text) {
            let path =
                path.ok_or_else(|| format!("{} embeds a file with no plain name", source.display()))?;
            let path = joined(source, path);
            if !(path.starts_with(PAGES) && path.ends_with(".md")) {
                found.insert(path);
            }
        }
    }
    Ok(found)
}

/// A file of the project.
pub(super) fn read(root: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(root.join(name)).map_err(|error| format!("cannot read {name}: {error}"))
}

/// The file names in `include_str!` and `include_bytes!` of a source; `None` for one that is not a literal.
fn arguments(source: &str) -> impl Iterator<Item = Option<&str>> {
    let calls = ["include_bytes!(", "include_str!("].into_iter().flat_map(|call| source.split(call).skip(1));
    calls.map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// A path relative to a source file, as a path relative to the root with slashes.
fn joined(source: &Path, path: &str) -> String {
    let mut joined = PathBuf::from(source.parent().unwrap_or(source));
    for part in path.split('/') {
        match part {
            ".." => drop(joined.pop()),
            part => joined.push(part),
        }
    }
    let parts: Vec<_> = joined.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "1. DATA\ncrates/a/data/w.txt: postmend, words\n\n* words 1.2, https://a.example/\n\
                        \n2. WHAT CRATES BRING\n\nhere, gone: tables [A]\n\n[A] Copyright: me\n\n3. THE STANDARD LIBRARY\n";

    #[test]
    fn what_is_embedded_is_found() {
        let root = tempfile::tempdir().unwrap();
        let source = root.path().join("crates/a/src/deep");
        fs::create_dir_all(&source).unwrap();
        fs::create_dir_all(root.path().join("crates/a/tests")).unwrap();
        fs::write(root.path().join("crates/a/tests/t.rs"), "include_str!(\"t.tsv\")").unwrap();
        fs::write(
            source.join("x.rs"),
            "include_bytes!(\n    \"../../data/w.txt\"\n) include_str!(\"p.html\")",
        )
        .unwrap();
        let found: Vec<String> = embedded(root.path()).unwrap().into_iter().collect();
        assert_eq!(found, ["crates/a/data/w.txt", "crates/a/src/deep/p.html"]);
        fs::write(source.join("y.rs"), "include_bytes!(concat!(env!(\"OUT_DIR\"), \"/t\"))").unwrap();
        assert!(embedded(root.path()).unwrap_err().ends_with("y.rs embeds a file with no plain name"));
    }

    #[test]
    fn what_has_no_entry_is_told() {
        let data = Data::of(TEXT);
        let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let none: [String; 0] = [];
        assert_eq!(data.faults_of_files(&files(&["crates/a/data/w.txt"])), none);
        let told = data.faults_of_files(&files(&["crates/a/data/v.txt"]));
        let expected = [
            "crates/a/data/v.txt is embedded, and no row says where it comes from",
            "crates/a/data/w.txt is not embedded",
        ];
        assert_eq!(told, expected);
        assert_eq!(data.faults_of_sources(&["words 1.2".to_owned()]), none);
        let told = data.faults_of_sources(&["words 1.3".to_owned()]);
        assert_eq!(told, ["words 1.3 has no entry", "words 1.2 is not used"]);
        assert_eq!(data.faults_of_crates(&files(&["here 1.0"])), ["the crate gone is not in the program"]);
        let orphan = TEXT.replace("* words", "* others");
        let told = Data::of(&orphan).faults_of_files(&files(&["crates/a/data/w.txt"]));
        assert_eq!(told, ["crates/a/data/w.txt comes from words, which has no entry"]);
    }
}
