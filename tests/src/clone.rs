//! A cloned repository with untrusted content, in which postmend is run.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on fails")]

use crate::commands::{command, postmend};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A git repository in a subfolder of a temporary folder, so that there is room for files outside it.
pub struct Repository {
    /// The temporary folder that it is in.
    pub outer: tempfile::TempDir,
}

/// The result of a run.
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Ran {
    /// Standard output and standard error, one after the other.
    pub fn both(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

impl Repository {
    /// An empty repository.
    #[allow(clippy::new_without_default, reason = "a folder is made")]
    pub fn new() -> Self {
        let site = Self { outer: tempfile::tempdir().unwrap() };
        fs::create_dir(site.folder()).unwrap();
        site.git(&["init", "--quiet"]);
        site
    }

    /// The folder of the working tree.
    pub fn folder(&self) -> PathBuf {
        self.outer.path().join("site")
    }

    /// The path of a file in it.
    pub fn at(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    /// Writes a file, and creates its parent folders.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The content of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Runs git in it, which must succeed.
    pub fn git(&self, arguments: &[&str]) {
        let ran = self.try_git(arguments);
        assert!(ran.code == 0, "git {arguments:?}: {}", ran.err);
    }

    /// Runs git in it, without an editor.
    pub fn try_git(&self, arguments: &[&str]) -> Ran {
        let settings = ["user.name=a", "user.email=a@b.example", "core.editor=true"];
        let mut git = command("git");
        git.args(settings.iter().flat_map(|setting| ["-c", setting])).args(arguments);
        ran(git.current_dir(self.folder()))
    }

    /// Commits all files.
    pub fn commit_all(&self) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message=x"]);
    }

    /// A postmend command in it, with a secret in the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = postmend();
        command.args(arguments).current_dir(self.folder()).env("NO_COLOR", "1").stdin(Stdio::null());
        command.env("SECRET", "hunter-in-the-environment");
        command
    }

    /// Runs postmend in it with a limit on the CPU time in seconds, which does not depend on how busy the machine is.
    pub fn run_within(&self, seconds: u32, arguments: &[&str]) -> Ran {
        let plain = self.command(arguments);
        let mut limited = command("sh");
        limited.args(["-c", &format!("ulimit -t {seconds} && exec \"$0\" \"$@\"")]).arg(plain.get_program());
        limited.args(plain.get_args()).current_dir(self.folder()).stdin(Stdio::null());
        limited.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        ran(&mut limited)
    }

    /// Runs postmend in it.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }
}

/// Runs a command until it ends.
pub fn ran(command: &mut Command) -> Ran {
    let ran = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: ran.status.code().unwrap_or(-1), out: text(ran.stdout), err: text(ran.stderr) }
}

/// All files below a folder that are not hidden, with their content; symlinks are not followed.
pub fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let about = fs::symlink_metadata(&path).unwrap();
        if path.file_name().unwrap().as_encoded_bytes().starts_with(b".") || about.is_symlink() {
            continue;
        }
        if about.is_dir() {
            found.extend(snapshot(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

/// The SHA-256 of bytes in lower-case hexadecimal digits.
pub fn hash(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
