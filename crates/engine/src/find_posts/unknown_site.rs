//! Signs that a generator postmend does not know makes pages of posts, so that paths in them may mean something else than
//! files beside them.

use std::path::Path;

/// Files of generators and of hosts that build sites.
const MARKERS: [&str; 22] = [
    "CNAME",
    "_redirects",
    "antora-playbook.yml",
    "astro.config.js",
    "conf.py",
    "docs.json",
    "docsite.config.yml",
    "gatsby-config.js",
    "gatsby-config.mjs",
    "gatsby-config.ts",
    "mint.json",
    "mkdocs.yaml",
    "mkdocs.yml",
    "netlify.toml",
    "next.config.js",
    "next.config.mjs",
    "next.config.ts",
    "nuxt.config.js",
    "nuxt.config.ts",
    "pelicanconf.py",
    "svelte.config.js",
    "vercel.json",
];

/// Whether a folder of posts is in such a site. `root` is the top of its repository.
pub(super) fn is_in_site(folder: &Path, root: &Path) -> bool {
    let folders = folder.ancestors().take_while(|above| above.starts_with(root));
    folders.into_iter().any(|folder| MARKERS.iter().any(|marker| folder.join(marker).is_file()))
}

/// Whether a file of this name is in another folder near this one: some generators find posts by their names.
pub(super) fn is_named_nearby(folder: &Path, root: &Path, name: &str) -> bool {
    /// How many folders up, how many down, and how many in all are looked through.
    const UP: usize = 2;
    const DOWN: usize = 3;
    const MOST: usize = 200;
    let Some(top) = folder.ancestors().take_while(|above| above.starts_with(root)).take(UP + 1).last() else {
        return false;
    };
    let mut waiting = vec![(top.to_owned(), 0)];
    let mut looked = 0;
    while let Some((here, depth)) = waiting.pop() {
        looked += 1;
        if here != folder && here.join(name).is_file() {
            return true;
        }
        if depth == DOWN || looked > MOST {
            continue;
        }
        let Ok(entries) = std::fs::read_dir(&here) else { continue };
        let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let is_content = |name: &str| !name.starts_with('.') && name != "node_modules";
        let folders = folders.filter(|entry| is_content(&entry.file_name().to_string_lossy()));
        waiting.extend(folders.map(|entry| (entry.path(), depth + 1)));
    }
    false
}
