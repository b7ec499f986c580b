//! Packages of the registries, downloaded once and verified by their checksums.

use crate::command::output;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file in a package that is a compressed tar archive.
pub(super) struct Package {
    pub(super) url: &'static str,
    pub(super) sha256: &'static str,
    pub(super) member: &'static str,
}

impl Package {
    /// Its name and version: `jieba-rs 0.11.0`.
    pub(super) fn name(&self) -> String {
        let file = self.url.rsplit('/').next().unwrap_or(self.url);
        let endings = [".crate", ".tar.gz", ".tgz"];
        let name = endings.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
        name.rsplit_once('-').map_or_else(|| name.to_owned(), |(name, version)| format!("{name} {version}"))
    }
}

/// The file's text.
pub(super) fn text(cache: &Path, package: &Package) -> Result<String, String> {
    let archive = archive(cache, package.url, package.sha256)?;
    let bytes = output(Command::new("tar").arg("-xOf").arg(archive).arg(package.member))?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", package.member))
}

/// The path of the package, which is downloaded if it is not in the cache.
pub(super) fn archive(cache: &Path, url: &str, sha256: &str) -> Result<PathBuf, String> {
    let name = url.rsplit('/').next().unwrap_or(url);
    let path = cache.join(name);
    if !fs::read(&path).is_ok_and(|bytes| self::sha256(&bytes) == sha256) {
        fs::create_dir_all(cache).map_err(|error| format!("cannot make a folder: {error}"))?;
        output(
            Command::new("curl")
                .args(["--fail", "--silent", "--show-error", "--location", "-o"])
                .arg(&path)
                .arg(url),
        )?;
        let found = fs::read(&path).map(|bytes| self::sha256(&bytes)).unwrap_or_default();
        if found != sha256 {
            return Err(format!("{url} has the SHA-256 {found}, expected {sha256}"));
        }
    }
    Ok(path)
}

/// A file in a Debian package, which is an `ar` archive of tar archives.
pub(super) fn debian_file(package: &Path, member: &str) -> Result<Vec<u8>, String> {
    output(Command::new("tar").arg("-xOf").arg(debian_data(package)?).arg(member))
}

/// Unpacks all files of a Debian package into a folder.
pub(super) fn unpack_debian(package: &Path, folder: &Path) -> Result<(), String> {
    let data = debian_data(package)?;
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    output(Command::new("tar").arg("-xf").arg(data).arg("-C").arg(folder)).map(drop)
}

/// The archive of a Debian package's files, beside the package.
fn debian_data(package: &Path) -> Result<PathBuf, String> {
    let bytes = fs::read(package).map_err(|error| format!("cannot read {}: {error}", package.display()))?;
    let data =
        ar_member(&bytes, "data.tar.xz").ok_or_else(|| format!("{} has no data", package.display()))?;
    let inner = package.with_extension("data.tar.xz");
    fs::write(&inner, data).map_err(|error| format!("cannot write {}: {error}", inner.display()))?;
    Ok(inner)
}

/// The content of a member of an `ar` archive: each header has 60 bytes, with the name first and the size at 48;
/// contents are padded to even lengths.
fn ar_member<'b>(bytes: &'b [u8], name: &str) -> Option<&'b [u8]> {
    let mut rest = bytes.strip_prefix(b"!<arch>\n")?;
    loop {
        let (header, after) = rest.split_at_checked(60)?;
        let size: usize = str::from_utf8(&header[48..58]).ok()?.trim().parse().ok()?;
        let content = after.get(..size)?;
        if header.starts_with(name.as_bytes()) {
            return Some(content);
        }
        rest = after.get(size + size % 2..)?;
    }
}

/// The SHA-256 in lower-case hexadecimal digits, as `sha256sum` prints it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
