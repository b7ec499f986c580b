//! A simple tokenizer for Rust source, for tests of the project's own files.

use std::path::{Path, PathBuf};

/// A file of Rust source.
pub struct Source {
    /// Its path.
    pub path: PathBuf,
    /// Its code, with comments and the content of strings replaced by spaces; line numbers are unchanged.
    pub code: String,
    /// The content of its strings, each with its line number from 1.
    pub strings: Vec<(usize, String)>,
    /// The lines of its documentation comments, each with its line number from 1.
    pub docs: Vec<(usize, String)>,
    /// The current line number while it is read.
    line: usize,
}

impl Source {
    /// Reads a file, without its unit tests.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a source file can be read");
        let tests = ["#[cfg(test)]\nmod tests", "#[cfg(all(test, unix))]\nmod tests"];
        let end = tests.iter().filter_map(|start| text.find(start)).min().unwrap_or(text.len());
        Self::of(path, &text[..end])
    }

    fn of(path: &Path, text: &str) -> Self {
        let mut source = Self {
            path: path.to_owned(),
            code: String::new(),
            strings: Vec::new(),
            docs: Vec::new(),
            line: 1,
        };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = source.token(rest).unwrap_or_else(|| {
                source.line += usize::from(c == '\n');
                source.code.push(c);
                c.len_utf8()
            });
            rest = &rest[length..];
        }
        source
    }

    /// Reads a comment, string or character literal; returns its length.
    fn token(&mut self, rest: &str) -> Option<usize> {
        let line = self.line;
        if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            let doc = rest[..length].strip_prefix("///").or_else(|| rest[..length].strip_prefix("//!"));
            self.docs.extend(doc.map(|doc| (line, doc.trim().to_owned())));
            return Some(self.blank(&rest[..length]));
        }
        if rest.starts_with("/*") {
            return Some(self.blank(&rest[..rest.find("*/").map_or(rest.len(), |end| end + 2)]));
        }
        let is_name = self.code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let prefix = rest.len() - rest.trim_start_matches(['b', 'r']).len();
        let after = &rest[prefix.min(2)..];
        let hashes = after.len() - after.trim_start_matches('#').len();
        if prefix > 0
            && !is_name
            && after[hashes..].starts_with('"')
            && (hashes == 0 || rest[..prefix].contains('r'))
        {
            let is_raw = rest[..prefix].contains('r');
            return Some(self.string(rest, prefix + hashes, is_raw.then_some(hashes), line));
        }
        if rest.starts_with('"') {
            return Some(self.string(rest, 0, None, line));
        }
        if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') && rest.starts_with('\'') {
            let start = if rest.starts_with("'\\") { 3 } else { 2 };
            let end = rest.get(start..).and_then(|rest| rest.find('\''))? + start + 1;
            return Some(self.blank(&rest[..end]));
        }
        None
    }

    /// Reads a string whose opening quote is at `at`; `raw` is the number of hashes of a raw string.
    fn string(&mut self, rest: &str, at: usize, raw: Option<usize>, line: usize) -> usize {
        let body = &rest[at + 1..];
        let end = match raw {
            Some(hashes) => body.find(&format!("\"{}", "#".repeat(hashes))).unwrap_or(body.len()),
            None => {
                let mut escaped = false;
                let is_end = |c: char| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                };
                body.find(is_end).unwrap_or(body.len())
            }
        };
        let joined: Vec<&str> = body[..end].split("\\\n").map(str::trim_start).collect();
        self.strings.push((line, joined.concat()));
        let length = (at + 1 + end + 1 + raw.unwrap_or(0)).min(rest.len());
        self.code.push('"');
        self.blank(&rest[1..length - 1]);
        self.code.push('"');
        length
    }

    fn blank(&mut self, text: &str) -> usize {
        self.line += text.matches('\n').count();
        self.code.extend(text.chars().map(|c| if c == '\n' { c } else { ' ' }));
        text.len()
    }

    /// The names of the types that it declares.
    pub fn types(&self) -> Vec<String> {
        self.code.lines().filter_map(type_name).collect()
    }

    /// The functions with bodies: line number from 1, name, and number of lines.
    pub fn functions(&self) -> Vec<(usize, String, usize)> {
        let mut functions = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            if self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let name: String =
                self.code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(open) = self.code[at..].find(['{', ';']).map(|open| at + open) else { continue };
            if name.is_empty() || self.code[open..].starts_with(';') {
                continue;
            }
            let mut depth = 0;
            let is_end = |(_, c): &(usize, char)| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth == 0
            };
            let end = self.code[open..].char_indices().find(is_end).map_or(open, |(end, _)| open + end);
            let line = self.code[..at].matches('\n').count() + 1;
            functions.push((line, name, self.code[at..end].matches('\n').count() + 1));
        }
        functions
    }
}

/// The name that a line declares as a type, at the outermost level.
fn type_name(line: &str) -> Option<String> {
    let declared = match line.strip_prefix("pub") {
        Some(rest) => rest.split_once(' ')?.1,
        None => line,
    };
    let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|word| declared.strip_prefix(word))?;
    Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

/// All files with this extension below a folder, sorted.
pub fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
