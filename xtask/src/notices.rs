//! Third-party notices of everything that the binary contains: data as listed by hand, crates as cargo-about finds them.

mod crates;
mod data;
mod further;
mod texts;

use crate::model;
use data::{Data, read};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The file that accompanies every copy of the binary.
const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// The first part of the notices, with what no tool can find.
const DATA: &str = "xtask/notices/data.txt";

/// The file with the compiler version; its standard library is part of the binary too.
const RELEASE: &str = ".github/workflows/release.yml";

/// The last line: a hash that shows whether the lines above were changed after they were generated.
const SEAL: &str = "\nSHA-256 of the above and of xtask/notices/about.toml: ";

/// Writes the notices, or checks them. The check does not need cargo-about, since the texts of a crate version never
/// change.
///
/// # Errors
/// Embedded data is not listed, cargo or cargo-about fails, or, with `check`, the notices are stale.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let data = read(root, DATA)?;
    let linked = crates::linked(root)?;
    told(&format!("{DATA} is not what is there:"), &faults_of_data(root, &Data::of(&data), &linked)?)?;
    if check {
        let faults = stale(&read(root, NOTICES)?, &data, &linked, &read(root, crates::CONFIG)?);
        told(&format!("{NOTICES} is stale: run `cargo xtask notices`"), &faults)?;
        return Ok(format!("the notices of {} crates are up to date", linked.len()));
    }
    let body = format!("{data}\n{}", crates::section(root, &linked)?);
    let seal = seal(&body, &read(root, crates::CONFIG)?);
    fs::write(root.join(NOTICES), format!("{body}{SEAL}{seal}\n"))
        .map_err(|error| format!("cannot write {NOTICES}: {error}"))?;
    Ok(format!("wrote the notices of {} crates", linked.len()))
}

/// Differences between the hand-written list and the embedded files, data sources and linked crates.
fn faults_of_data(root: &Path, data: &Data<'_>, linked: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let typos = version(&read(root, "Cargo.lock")?, "name = \"typos-dict\"\nversion = \"")?;
    let compiler = version(&read(root, RELEASE)?, "RUSTUP_TOOLCHAIN: ")?;
    let mut sources = model::sources();
    sources.push(format!("typos-dict {typos}"));
    let mut faults = data.faults_of_files(&data::embedded(root)?);
    faults.extend(data.faults_of_sources(&sources));
    faults.extend(data.faults_of_crates(linked));
    if !data.text.contains(&format!("\nThe Rust Standard Library {compiler},")) {
        faults.push(format!("the standard library of Rust {compiler} has no entry"));
    }
    Ok(faults)
}

/// Differences between the notices and what would be generated.
fn stale(notices: &str, data: &str, linked: &BTreeSet<String>, config: &str) -> Vec<String> {
    let (body, written) = notices.rsplit_once(SEAL).unwrap_or((notices, ""));
    let listed = crates::listed(body);
    let lacks = linked.difference(&listed).map(|name| format!("it lacks {name}"));
    let more = listed.difference(linked).map(|name| format!("it has {name}, which is not in the program"));
    let mut faults: Vec<String> = lacks.chain(more).collect();
    if !body.starts_with(data) {
        faults.push(format!("it has another text than {DATA}"));
    }
    if written.trim_end() != seal(body, config) {
        faults.push(format!("it was changed by hand, or {} has changed", crates::CONFIG));
    }
    faults
}

fn seal(body: &str, config: &str) -> String {
    let hash = Sha256::new().chain_update(body).chain_update(config).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn told(what: &str, faults: &[String]) -> Result<(), String> {
    if faults.is_empty() { Ok(()) } else { Err(format!("{what}\n  {}", faults.join("\n  "))) }
}

/// The version that follows a text.
fn version(text: &str, before: &str) -> Result<String, String> {
    let found = text.split_once(before).and_then(|(_, rest)| rest.split(['"', '\n']).next());
    found.map(str::to_owned).ok_or_else(|| format!("no version follows `{}`", before.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn the_targets_are_those_of_a_release() {
        let (release, config) = (read(root(), RELEASE).unwrap(), read(root(), crates::CONFIG).unwrap());
        let released: Vec<&str> =
            release.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
        assert!(!released.is_empty());
        assert_eq!(crates::targets(&config), released);
    }

    #[test]
    fn what_is_stale_is_told() {
        let (notices, data) = (read(root(), NOTICES).unwrap(), read(root(), DATA).unwrap());
        let config = read(root(), crates::CONFIG).unwrap();
        let linked = crates::listed(&notices);
        assert!(linked.iter().any(|name| name.starts_with("memchr 2.")), "{linked:?}");
        let none: [String; 0] = [];
        assert_eq!(stale(&notices, &data, &linked, &config), none);
        let by_hand = "it was changed by hand, or xtask/notices/about.toml has changed";
        assert_eq!(stale(&notices, &data, &linked, &format!("{config}\n")), [by_hand]);
        assert_eq!(stale(&notices.replacen("AS IS", "ASIS", 1), &data, &linked, &config).len(), 2);
        let (mut more, mut fewer) = (linked.clone(), linked.clone());
        more.insert("new 1.0.0".to_owned());
        let gone = fewer.pop_first().unwrap();
        assert_eq!(stale(&notices, &data, &more, &config), ["it lacks new 1.0.0"]);
        let told = format!("it has {gone}, which is not in the program");
        assert_eq!(stale(&notices, &data, &fewer, &config), [told]);
    }
}
