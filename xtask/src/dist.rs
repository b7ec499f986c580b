//! Makes the archive of a release: binary, man pages, completions, README, licences, notices, and a checksum.

use crate::command::{self, output};
use crate::target;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The shells with completions, and the names of their files.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "postmend.bash"),
    ("zsh", "_postmend"),
    ("fish", "postmend.fish"),
    ("powershell", "_postmend.ps1"),
    ("elvish", "postmend.elv"),
];

/// Files that are copied. The licences and the notices must be included in every copy.
const TEXTS: [&str; 4] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.txt"];

/// Builds and packs a release for a target, by default that of this machine. If a binary is given, it is packed
/// instead of building one.
///
/// # Errors
/// Something cannot be built or written; the message says what.
pub fn make(root: &Path, target: Option<&str>, binary: Option<&Path>) -> Result<String, String> {
    let host = host()?;
    let target = target.unwrap_or(&host);
    let binary = match binary {
        Some(binary) => binary.to_owned(),
        None => built(root, target)?,
    };
    let name = format!("postmend-{}-{target}", env!("CARGO_PKG_VERSION"));
    let dist = target::folder().join("dist");
    let folder = dist.join(&name);
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(folder.join("completions")).map_err(failed)?;
    fs::copy(&binary, folder.join("postmend")).map_err(failed)?;
    for text in TEXTS {
        fs::copy(root.join(text), folder.join(text)).map_err(failed)?;
    }
    // A binary for another machine does not run here, so the man pages come from one for this machine.
    let here = if target == host { binary } else { own_binary(root)? };
    output(Command::new(&here).arg("man").arg(folder.join("man")))?;
    for (shell, file) in SHELLS {
        let script = output(Command::new(&here).args(["completions", shell]))?;
        fs::write(folder.join("completions").join(file), script).map_err(failed)?;
    }
    let archive = dist.join(format!("{name}.tar.gz"));
    pack(&dist, &name, &archive)?;
    let bytes = fs::read(&archive).map_err(failed)?;
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(dist.join(format!("{name}.tar.gz.sha256")), format!("{hash}  {name}.tar.gz\n"))
        .map_err(failed)?;
    Ok(format!("{}: {} bytes, SHA-256 {hash}", archive.display(), bytes.len()))
}

/// GNU tar, which can sort the files. macOS comes with another tar; GitHub's macOS runners have both.
const TAR: &str = if cfg!(target_os = "macos") { "gtar" } else { "tar" };

/// Packs reproducibly: the same files give the same archive.
fn pack(dist: &Path, name: &str, archive: &Path) -> Result<(), String> {
    let tar = dist.join(format!("{name}.tar"));
    let flags = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u+w,go-w"];
    output(Command::new(TAR).args(flags).arg("-C").arg(dist).arg("-cf").arg(&tar).arg(name))?;
    let packed = output(Command::new("gzip").args(["--no-name", "--best", "--stdout"]).arg(&tar))?;
    fs::write(archive, packed).map_err(|error| format!("cannot write {}: {error}", archive.display()))?;
    fs::remove_file(&tar).map_err(|error| format!("cannot remove {}: {error}", tar.display()))
}

fn built(root: &Path, target: &str) -> Result<PathBuf, String> {
    let arguments = ["build", "--profile", "dist", "--locked", "--package", "postmend", "--target", target];
    output(Command::new(env!("CARGO")).args(arguments).current_dir(root).stderr(Stdio::inherit()))?;
    Ok(target::folder().join(target).join("dist/postmend"))
}

fn own_binary(root: &Path) -> Result<PathBuf, String> {
    output(
        Command::new(env!("CARGO"))
            .args(["build", "--package", "postmend"])
            .current_dir(root)
            .stderr(Stdio::inherit()),
    )?;
    Ok(target::folder().join("debug/postmend"))
}

fn host() -> Result<String, String> {
    let version = command::text(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".to_owned())
}
