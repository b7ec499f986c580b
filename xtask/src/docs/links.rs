//! Checks that links in the documentation lead to existing files and headings.

use super::page::FOLDER;
use postmend_core::{Document, Format, Generator};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Pages outside the book.
const PAGES: [&str; 4] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// The folder of the book.
const BOOK: &str = "docs";

/// The prefix of links from the book to files that are not in it, as the book's site contains only the book.
const REPOSITORY: &str = "https://github.com/postmend/postmend/blob/main/";

/// Checks the links to files of this project in the README, the other pages at the root and every page in `docs`.
///
/// # Errors
/// A page cannot be read, or has broken links; the message lists them all.
pub(super) fn check(root: &Path) -> Result<(), String> {
    let mut pages: Vec<PathBuf> = PAGES.iter().map(PathBuf::from).collect();
    for folder in [BOOK, FOLDER] {
        let failed = |error: std::io::Error| format!("cannot read {folder}: {error}");
        for entry in fs::read_dir(root.join(folder)).map_err(failed)? {
            let path = Path::new(folder).join(entry.map_err(failed)?.file_name());
            pages.extend(path.extension().is_some_and(|ending| ending == "md").then_some(path));
        }
    }
    pages.sort();
    let mut dead = String::new();
    for page in pages {
        for link in links(root, &page)? {
            if let Some(fault) = link.fault(root, &page)? {
                dead += &format!("\n  {} links to {}{fault}", page.display(), link.target.display());
            }
        }
    }
    if dead.is_empty() { Ok(()) } else { Err(format!("links of the documentation lead nowhere:{dead}")) }
}

/// A link to a file of this project.
struct Link {
    /// The path of the file relative to the root.
    target: PathBuf,
    /// The heading after `#`.
    heading: Option<String>,
    /// Whether it is a URL of the repository's site.
    is_address: bool,
}

impl Link {
    /// What is wrong with it; `None` if it is valid.
    fn fault(&self, root: &Path, page: &Path) -> Result<Option<String>, String> {
        if !root.join(&self.target).exists() {
            return Ok(Some(String::new()));
        }
        if page.starts_with(BOOK) && !self.is_address && !self.target.starts_with(BOOK) {
            return Ok(Some(format!(", which is not in the book: link to {REPOSITORY}…")));
        }
        let Some(heading) = &self.heading else { return Ok(None) };
        let is_there = headings(&read(root, &self.target)?).contains(heading);
        Ok((!is_there).then(|| format!("#{heading}, which is no heading there")))
    }
}

/// The links of a page to files of this project.
fn links(root: &Path, page: &Path) -> Result<Vec<Link>, String> {
    let text = read(root, page)?;
    let folder = page.parent().unwrap_or(Path::new(""));
    let document = Document::read(&text, Format::Markdown, Generator::None);
    let links = document.urls.iter().filter_map(|url| {
        let below = url.value.strip_prefix(REPOSITORY);
        let (file, heading) = match below.unwrap_or(&url.value).split_once('#') {
            Some((file, heading)) => (file, Some(heading.to_owned())),
            None => (below.unwrap_or(&url.value), None),
        };
        let target = match (below, file) {
            (Some(_), _) => PathBuf::from(file),
            (None, "") => page.to_owned(),
            (None, _) if file.contains(':') || file.starts_with("//") => return None,
            (None, _) => without_dots(&folder.join(file)),
        };
        Some(Link { target, heading, is_address: below.is_some() })
    });
    Ok(links.collect())
}

/// The path without `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn headings(text: &str) -> Vec<String> {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#')
    });
    let name = |line: &str| {
        let kept = line.trim_start_matches('#').trim().chars();
        let kept = kept.filter(|character| character.is_alphanumeric() || " -_".contains(*character));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    lines.map(name).collect()
}

fn read(root: &Path, page: &Path) -> Result<String, String> {
    fs::read_to_string(root.join(page)).map_err(|error| format!("cannot read {}: {error}", page.display()))
}
