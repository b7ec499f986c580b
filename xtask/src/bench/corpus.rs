//! Folders of made posts, with a file that tells what is wrong with them.

use super::command::run;
use postmend_tests::made::{self, Flaw, Flaws};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// So many posts tell whether a folder was made by other code than this.
const PROBE: usize = 60;

/// A folder of made posts.
#[derive(Debug, Clone)]
pub(super) struct Corpus {
    pub(super) folder: PathBuf,
    pub(super) posts: usize,
    pub(super) bytes: u64,
    pub(super) flaws: Flaws,
}

impl Corpus {
    /// The one of so many posts below a folder: the one that is there, or a new one.
    pub(super) fn made(below: &Path, posts: usize) -> Result<Self, String> {
        let folder = below.join(format!("posts-{posts}"));
        let truth = below.join(format!("posts-{posts}.json"));
        if let Some(known) = read_truth(&truth) {
            return Ok(Self { folder, posts, ..known });
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
        let mut corpus = Self { folder, posts, bytes: 0, flaws: Flaws::default() };
        let mut last_folder = PathBuf::new();
        for number in 0..posts {
            let post = made::post(number);
            let path = corpus.folder.join(&post.path);
            let parent = path.parent().unwrap_or(&corpus.folder);
            if parent != last_folder {
                fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
                parent.clone_into(&mut last_folder);
            }
            fs::write(&path, &post.text).map_err(|error| failed(&path, &error))?;
            corpus.bytes += post.text.len() as u64;
            corpus.flaws.add_all(&post.flaws);
        }
        // Configs above are not meant, and runs are journaled here.
        let config = corpus.folder.join("postmend.toml");
        fs::write(&config, "# Everything as it is by default.\n").map_err(|error| failed(&config, &error))?;
        fs::write(&truth, corpus.truth()).map_err(|error| failed(&truth, &error))?;
        Ok(corpus)
    }

    fn truth(&self) -> String {
        let counts = Flaw::ALL.map(|(flaw, name, _)| (name.to_owned(), json!(self.flaws.count(flaw))));
        let flaws: Map<String, Value> = counts.into_iter().collect();
        let truth =
            json!({ "made_by": fingerprint(), "posts": self.posts, "bytes": self.bytes, "flaws": flaws });
        format!("{truth:#}\n")
    }

    /// What each rule must find.
    pub(super) fn by_rule(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (flaw, _, rule) in Flaw::ALL {
            if let Some(rule) = rule {
                *counts.entry(rule.to_owned()).or_default() += self.flaws.count(flaw);
            }
        }
        counts
    }

    /// Checks that postmend finds what was put in: no more and no less of each rule in question. Gives what other
    /// rules find, which is wrong.
    pub(super) fn prove(&self, postmend: &Path) -> Result<BTreeMap<String, usize>, String> {
        let told =
            run(Command::new(postmend).args(["check", "--quiet", "--statistics"]).current_dir(&self.folder))?;
        let mut found: BTreeMap<String, usize> = told.lines().filter_map(counted).collect();
        for (rule, expected) in self.by_rule() {
            let count = found.remove(&rule).unwrap_or_default();
            if count != expected {
                let folder = self.folder.display();
                return Err(format!(
                    "{rule} finds {count} of {expected} in {folder}: speed says nothing yet"
                ));
            }
        }
        Ok(found)
    }

    /// A new copy, for what writes.
    pub(super) fn copy(&self, to: &Path) -> Result<(), String> {
        if to.exists() {
            fs::remove_dir_all(to).map_err(|error| failed(to, &error))?;
        }
        copy_folder(&self.folder, to).map_err(|error| failed(to, &error))?;
        // What is still to be written to the disk would be, while the next command is measured.
        run(&mut Command::new("sync")).map(drop)
    }

    /// How many posts of a copy hold their images' own URLs, and are as they were but for that.
    pub(super) fn unwrapped(&self, copy: &Path) -> Result<usize, String> {
        let mut right = 0;
        for number in 0..self.posts {
            let post = made::post(number);
            let path = copy.join(&post.path);
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            right += usize::from(text == made::unwrapped(&post.text));
        }
        Ok(right)
    }
}

/// `     12  missing-alt`
fn counted(line: &str) -> Option<(String, usize)> {
    let (count, rule) = line.trim().split_once("  ")?;
    Some((rule.to_owned(), count.parse().ok()?))
}

fn read_truth(path: &Path) -> Option<Corpus> {
    let truth: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    if truth["made_by"] != fingerprint() {
        return None;
    }
    let mut flaws = Flaws::default();
    for (flaw, name, _) in Flaw::ALL {
        flaws.add(flaw, truth["flaws"][name].as_u64()?.try_into().ok()?);
    }
    let posts = truth["posts"].as_u64()?.try_into().ok()?;
    Some(Corpus { folder: PathBuf::new(), posts, bytes: truth["bytes"].as_u64()?, flaws })
}

/// Changes with the posts that are made.
fn fingerprint() -> String {
    let texts = (0..PROBE).map(|number| made::post(number).text);
    let hash = texts.fold(Sha256::new(), |hash, text| hash.chain_update(text));
    hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}
