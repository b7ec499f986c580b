//! Links of the documentation that name a file must name one that is there.

use postmend_core::{Document, Format, Generator};
use std::fs;
use std::path::{Path, PathBuf};

/// Follows the relative links of the README and of every page in `docs`.
///
/// # Errors
/// A page that cannot be read, or links to nowhere; the message names them all.
pub(super) fn check(root: &Path) -> Result<(), String> {
    let mut pages = vec![PathBuf::from("README.md")];
    for folder in ["docs", super::FOLDER] {
        let failed = |error: std::io::Error| format!("cannot read {folder}: {error}");
        for entry in fs::read_dir(root.join(folder)).map_err(failed)? {
            let path = Path::new(folder).join(entry.map_err(failed)?.file_name());
            pages.extend(path.extension().is_some_and(|ending| ending == "md").then_some(path));
        }
    }
    pages.sort();
    let mut dead = String::new();
    for page in pages {
        for target in targets(root, &page)? {
            if !root.join(&target).exists() {
                dead += &format!("\n  {} links to {}", page.display(), target.display());
            }
        }
    }
    if dead.is_empty() { Ok(()) } else { Err(format!("links of the documentation lead nowhere:{dead}")) }
}

/// The files that a page names, by their paths below the root.
fn targets(root: &Path, page: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", page.display());
    let text = fs::read_to_string(root.join(page)).map_err(failed)?;
    let folder = page.parent().unwrap_or(Path::new(""));
    let document = Document::read(&text, Format::Markdown, Generator::None);
    let files = document.urls.iter().filter_map(|url| {
        let file = url.value.split('#').next().filter(|file| !file.is_empty())?;
        (!file.contains(':') && !file.starts_with("//")).then(|| folder.join(file))
    });
    Ok(files.collect())
}
