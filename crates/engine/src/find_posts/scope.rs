//! Which of the files below a named folder are content: what the site's generator reads, without packages and nested
//! repositories.

use super::projects::Projects;
use crate::disk;
use crate::paths::{self, parent, slashed};
use crate::site_layout::{SiteLayout, layout_of};
use postmend_core::{Generator, front};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was below the named folders, has the extension of a post, and was not read.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// The files that are not content of a site, by the site's folder.
    pub files: BTreeMap<PathBuf, OutsideFiles>,
    /// Folders of packages, and repositories within the repository.
    pub folders: BTreeSet<PathBuf>,
    /// Files that were named and that a config excludes.
    pub excluded: BTreeSet<PathBuf>,
}

/// Files of a site that are not content.
#[derive(Debug)]
pub struct OutsideFiles {
    /// The generator that does not read them; the config decides if that is none.
    pub generator: Generator,
    /// Their paths.
    pub paths: BTreeSet<PathBuf>,
}

/// A site, and what of it is content.
#[derive(Debug, Clone)]
pub struct ContentSite {
    /// Its folder.
    pub folder: PathBuf,
    /// The generator that reads it.
    pub generator: Generator,
    /// What that reads.
    pub layout: Arc<SiteLayout>,
}

impl LeftOut {
    /// Adds those of the files that `is_match` accepts; returns whether there is any.
    pub(super) fn add_files(
        &mut self,
        files: BTreeMap<PathBuf, OutsideFiles>,
        is_match: impl Fn(&Path) -> bool,
    ) -> bool {
        let mut has_any = false;
        for (site, OutsideFiles { generator, paths }) in files {
            let paths: BTreeSet<PathBuf> = paths.into_iter().filter(|path| is_match(path)).collect();
            if !paths.is_empty() {
                has_any = true;
                self.files_of(site, generator).extend(paths);
            }
        }
        has_any
    }

    fn files_of(&mut self, site: PathBuf, generator: Generator) -> &mut BTreeSet<PathBuf> {
        let new = || OutsideFiles { generator, paths: BTreeSet::new() };
        &mut self.files.entry(site).or_insert_with(new).paths
    }
}

/// Decides which files are content, and counts the others.
#[derive(Default)]
pub(super) struct ContentScope {
    layouts: HashMap<(PathBuf, Generator), Arc<SiteLayout>>,
    /// The sites of each folder.
    sites: HashMap<PathBuf, Arc<[ContentSite]>>,
    /// The folder of the last file, as it was given, and its sites: most files follow another one of their folder.
    last: Option<(PathBuf, Arc<[ContentSite]>)>,
    pub(super) left_out: LeftOut,
}

impl ContentScope {
    /// Whether a file below a named folder is content. A folder that has no content is read if it is named itself.
    pub(super) fn has(&mut self, projects: &mut Projects<'_>, path: &Path, named: &Path) -> bool {
        let Some(site) = self.left_out_by(projects, path, named) else { return true };
        let generator = if site.layout.is_configured { Generator::None } else { site.generator };
        self.left_out.files_of(site.folder, generator).insert(path.to_owned());
        false
    }

    /// The outermost site that a file below a named folder, whose path is absolute, belongs to without being content.
    pub(super) fn left_out_by(
        &mut self,
        projects: &mut Projects<'_>,
        path: &Path,
        named: &Path,
    ) -> Option<ContentSite> {
        let sites = self.sites_of_file(projects, path);
        if sites.is_empty() {
            return None;
        }
        let path = paths::absolute(path);
        for site in sites.iter().rev() {
            let Some(file) = path.strip_prefix(&site.folder).ok().map(slashed) else { continue };
            let named = named.strip_prefix(&site.folder).ok().map(slashed);
            if named.is_some_and(|named| !site.layout.may_have_content(&named)) {
                // Somebody wants to see what is there.
                return None;
            }
            if !site.layout.has(&file, || has_front_matter(&path)) {
                return Some(site.clone());
            }
        }
        None
    }

    fn sites_of_file(&mut self, projects: &mut Projects<'_>, path: &Path) -> Arc<[ContentSite]> {
        let folder = parent(path);
        if let Some((last, sites)) = &self.last
            && last == folder
        {
            return Arc::clone(sites);
        }
        let sites = self.sites_of(projects, parent(&paths::absolute(path)));
        self.last = Some((folder.to_owned(), Arc::clone(&sites)));
        sites
    }

    /// The sites that a folder belongs to, the innermost first.
    pub(super) fn sites_of(&mut self, projects: &mut Projects<'_>, folder: &Path) -> Arc<[ContentSite]> {
        if let Some(sites) = self.sites.get(folder) {
            return Arc::clone(sites);
        }
        let sites: Arc<[ContentSite]> = self.find_sites(projects, folder).into();
        self.sites.insert(folder.to_owned(), Arc::clone(&sites));
        sites
    }

    fn find_sites(&mut self, projects: &mut Projects<'_>, folder: &Path) -> Vec<ContentSite> {
        if let Some(site) = self.configured(projects, folder) {
            return vec![site];
        }
        let mut sites = Vec::new();
        let mut above = Some(folder.to_owned());
        while let Some(folder) = above {
            let facts = projects.facts(&folder);
            let Some(root) = facts.root else { break };
            let layout = self.layout(&root, facts.generator);
            // A site may hold another one, such as its documentation, but a theme is no site.
            let is_theme = root.components().any(|part| THEMES.iter().any(|name| part.as_os_str() == *name));
            let is_last = root.join(".git").exists() || (facts.is_certain && !is_theme);
            above = root.parent().filter(|_| !is_last).map(Path::to_owned);
            sites.push(ContentSite { folder: root, generator: facts.generator, layout });
        }
        sites
    }

    /// The site of a folder whose config names its content or its generator.
    fn configured(&mut self, projects: &mut Projects<'_>, folder: &Path) -> Option<ContentSite> {
        let facts = projects.facts(folder);
        let config = projects.project(folder).ok()?;
        let project = projects.by_config.get(&config)?;
        let named = project.generator(&[]);
        if let Some(layout) = project.content() {
            let folder = project.root.clone();
            let generator = named.unwrap_or_else(|| projects.facts(&folder).generator);
            return Some(ContentSite { folder, generator, layout });
        }
        let generator = projects.named_generator().or(named).filter(|named| *named != facts.generator)?;
        let root = facts.root.unwrap_or_else(|| project.root.clone());
        Some(ContentSite { layout: self.layout(&root, generator), folder: root, generator })
    }

    /// Whether a site's generator compiles `.md` files as MDX, as Docusaurus does unless its config says otherwise.
    pub(super) fn reads_md_as_mdx(&mut self, site: Option<&Path>, generator: Generator) -> bool {
        generator == Generator::Docusaurus
            && site.is_none_or(|site| self.layout(site, generator).reads_md_as_mdx)
    }

    /// The layout of the site in a folder.
    pub(super) fn layout(&mut self, site: &Path, generator: Generator) -> Arc<SiteLayout> {
        let layout = self.layouts.entry((site.to_owned(), generator));
        Arc::clone(layout.or_insert_with(|| Arc::new(layout_of(generator, site))))
    }
}

/// Folders whose sites are examples of a theme.
const THEMES: [&str; 4] = ["themes", "theme", "vendor", "node_modules"];

/// Whether a file starts with front matter, or with what its writer took for that.
fn has_front_matter(path: &Path) -> bool {
    /// The number of bytes in which front matter starts.
    const START: usize = 4096;
    let Ok(bytes) = disk::read_start(path, START) else { return true };
    let text = String::from_utf8_lossy(&bytes);
    let front = front::read(&text, Generator::None);
    front.matter.is_some() || front.near.is_some() || text.trim_start_matches('\u{FEFF}').starts_with("---")
}
