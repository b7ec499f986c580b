//! The imports between the files of a crate.

use crate::source::{Source, files_below};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The path of a module; empty for the crate root.
type Module = Vec<String>;

/// The files of a crate and the imports between them.
pub struct Imports {
    /// The imports of each module.
    edges: BTreeMap<Module, BTreeSet<Module>>,
}

/// The declarations and imports of a file.
struct ImportingFile {
    /// The submodules that are in their own files.
    children: Vec<String>,
    /// The imported paths, each with whether it is re-exported.
    uses: Vec<(Vec<String>, bool)>,
}

impl Imports {
    /// Reads the sources in a folder. A file that only re-exports an item of a submodule does not count as importing
    /// it.
    pub fn read(sources: &Path) -> Self {
        let mut files: BTreeMap<Module, ImportingFile> = BTreeMap::new();
        for path in files_below(sources, "rs") {
            let below = path.strip_prefix(sources).expect("it is below").with_extension("");
            let mut module: Module = below.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            if module == ["lib"] || module == ["main"] {
                module.clear();
            }
            files.insert(module, ImportingFile::of(&Source::read(&path)));
        }
        // The modules in which re-exported names are defined.
        let mut handed_on: BTreeMap<(Module, String), Module> = BTreeMap::new();
        for (module, file) in &files {
            for (path, _) in file.uses.iter().filter(|(_, is_public)| *is_public) {
                let target = reached(&files, &BTreeMap::new(), module, path);
                if let (Some(target), Some(name)) = (target.filter(|target| target != module), path.last()) {
                    handed_on.insert((module.clone(), name.clone()), target);
                }
            }
        }
        let edges = files.iter().map(|(module, file)| {
            let targets = file.uses.iter().filter_map(|(path, is_public)| {
                let target = reached(&files, &handed_on, module, path)?;
                let is_own_child = *is_public && target.starts_with(module);
                (target != *module && !is_own_child).then_some(target)
            });
            (module.clone(), targets.collect())
        });
        Self { edges: edges.collect() }
    }

    /// The cycles: sets of files that import each other, directly or indirectly.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            self.edges.keys().map(|module| (module, self.reachable(module))).collect();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (module, reached) in reach.iter().filter(|(module, reached)| reached.contains(*module)) {
            let together = reached.iter().filter(|other| reach[**other].contains(*module));
            circles.insert(together.map(|module| module.join("::")).collect());
        }
        circles.into_iter().collect()
    }

    fn reachable(&self, from: &Module) -> BTreeSet<&Module> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Module> = self.edges[from].iter().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(&self.edges[module]);
            }
        }
        seen
    }
}

/// The module that a path in module `from` leads to; `None` for other crates.
fn reached(
    files: &BTreeMap<Module, ImportingFile>,
    handed_on: &BTreeMap<(Module, String), Module>,
    from: &Module,
    path: &[String],
) -> Option<Module> {
    let (mut module, mut rest) = match path.first()?.as_str() {
        "crate" => (Module::new(), &path[1..]),
        "self" => (from.clone(), &path[1..]),
        "super" => {
            let up = path.iter().take_while(|name| *name == "super").count();
            (from[..from.len().saturating_sub(up)].to_vec(), &path[up..])
        }
        name if files[from].children.iter().any(|child| child == name) => (from.clone(), path),
        _ => return None,
    };
    while let Some((name, more)) = rest.split_first() {
        let below = [&module[..], std::slice::from_ref(name)].concat();
        if files.contains_key(&below) {
            (module, rest) = (below, more);
            continue;
        }
        while let Some(target) = handed_on.get(&(module.clone(), name.clone())) {
            module = target.clone();
        }
        break;
    }
    Some(module)
}

impl ImportingFile {
    fn of(source: &Source) -> Self {
        let declared = source.code.match_indices("mod ").filter_map(|(at, word)| {
            let name = source.code[at + word.len()..].split_once(';')?.0;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            is_name.then(|| name.to_owned())
        });
        let children: Vec<String> = declared.collect();
        let mut uses = Vec::new();
        for (start, _) in source.code.match_indices("use ") {
            let line = &source.code[source.code[..start].rfind(['\n', ';']).map_or(0, |at| at + 1)..start];
            let is_statement = line.trim().is_empty() || line.trim().starts_with("pub");
            let end = source.code[start..].find(';').map_or(start, |end| start + end);
            if is_statement {
                let is_public = line.trim().starts_with("pub");
                uses.extend(expand(&source.code[start + 4..end]).into_iter().map(|path| (path, is_public)));
            }
        }
        let mut starts = vec!["crate".to_owned(), "super".to_owned()];
        starts.extend(children.iter().cloned());
        for start in starts {
            for (at, _) in source.code.match_indices(&format!("{start}::")) {
                let is_inside =
                    source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
                let path = source.code[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
                if let (false, Some(path)) = (is_inside, path.into_iter().next()) {
                    let path: Vec<String> =
                        path.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
                    let is_use = source.code[..at].trim_end().ends_with("use");
                    uses.extend((!is_use).then_some((path, false)));
                }
            }
        }
        Self { children, uses }
    }
}

/// All paths of a `use` tree.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((start, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|name| name.trim().to_owned()).collect()];
    };
    let start: Vec<String> =
        start.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match (c, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().expect("it has one").push(c),
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expand(part)).map(|path| [start.clone(), path].concat()).collect()
}
