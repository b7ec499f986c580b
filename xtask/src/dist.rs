//! Makes the archive of a release: the binary, man pages, completions, the README, the licences, and a checksum.

use crate::target;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The shells that get completions, and what their files are called.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "postmend.bash"),
    ("zsh", "_postmend"),
    ("fish", "postmend.fish"),
    ("powershell", "_postmend.ps1"),
    ("elvish", "postmend.elv"),
];

/// What is copied as it is. Both licences ask to come with every copy.
const TEXTS: [&str; 3] = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Builds, and packs what belongs to a release for a target; that of this machine if none is told. A binary
/// that is named is packed as it is.
///
/// # Errors
/// Something that cannot be built or written; the message says what.
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
    // Another machine's binary does not run here, but says the same.
    let here = if target == host { binary } else { own_binary(root)? };
    run(Command::new(&here).arg("man").arg(folder.join("man")))?;
    for (shell, file) in SHELLS {
        let script = run(Command::new(&here).args(["completions", shell]))?;
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

/// GNU's tar, which sorts. The one that macOS brings does not; the machines of GitHub have both.
const TAR: &str = if cfg!(target_os = "macos") { "gtar" } else { "tar" };

/// The same files give the same archive.
fn pack(dist: &Path, name: &str, archive: &Path) -> Result<(), String> {
    let tar = dist.join(format!("{name}.tar"));
    let flags = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=u+w,go-w"];
    run(Command::new(TAR).args(flags).arg("-C").arg(dist).arg("-cf").arg(&tar).arg(name))?;
    let packed = run(Command::new("gzip").args(["--no-name", "--best", "--stdout"]).arg(&tar))?;
    fs::write(archive, packed).map_err(|error| format!("cannot write {}: {error}", archive.display()))?;
    fs::remove_file(&tar).map_err(|error| format!("cannot remove {}: {error}", tar.display()))
}

fn built(root: &Path, target: &str) -> Result<PathBuf, String> {
    let arguments = ["build", "--profile", "dist", "--locked", "--package", "postmend", "--target", target];
    run(Command::new(env!("CARGO")).args(arguments).current_dir(root))?;
    Ok(target::folder().join(target).join("dist/postmend"))
}

fn own_binary(root: &Path) -> Result<PathBuf, String> {
    run(Command::new(env!("CARGO")).args(["build", "--package", "postmend"]).current_dir(root))?;
    Ok(target::folder().join("debug/postmend"))
}

fn host() -> Result<String, String> {
    let told = run(Command::new("rustc").arg("-vV"))?;
    let told = String::from_utf8_lossy(&told).into_owned();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not name its host".to_owned())
}

/// What a command prints.
fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run {:?}: {error}", command.get_program()))?;
    if !output.status.success() {
        return Err(format!("{:?} ended with {}", command.get_program(), output.status));
    }
    Ok(output.stdout)
}
