//! The crates that are linked into the binary, and their licences, from cargo and cargo-about.

use super::data::read;
use super::further;
use super::texts::LicenceTexts;
use crate::command;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// The config of cargo-about.
pub(super) const CONFIG: &str = "xtask/notices/about.toml";

/// The version of cargo-about; another one may find other texts.
const VERSION: &str = "0.9.3";

const HEAD: &str = "
================================================================================
4. CRATES
================================================================================

Every crate that is compiled into the program, with all features, on any machine that a release is made for. The source
of each is at https://crates.io/crates/NAME/VERSION; postmend takes it as it is. The texts of the licences follow, one
for each crate that lets choose.

";

/// The names and versions of all linked crates, such as `memchr 2.7.6`.
///
/// # Errors
/// The lock file is stale, or a package cannot be downloaded.
pub(super) fn linked(root: &Path) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for target in targets(&read(root, CONFIG)?) {
        let what = ["tree", "--locked", "--package", "postmend", "--all-features", "--edges", "normal"];
        let how = ["--prefix", "none", "--format", "{p}", "--target", target];
        let told = run(root, &[what.as_slice(), &how].concat())?;
        // `memchr v2.7.6`, `serde_derive v1.0.228 (proc-macro)`, `postmend v0.1.0 (/path)`
        let crates = told.lines().filter(|line| !line.starts_with("postmend"));
        found.extend(crates.filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some(format!("{name} {}", rest.split(' ').next()?))
        }));
    }
    Ok(found)
}

/// The targets in cargo-about's config.
pub(super) fn targets(config: &str) -> Vec<&str> {
    let list = config.split_once("targets = [").and_then(|(_, rest)| rest.split(']').next());
    list.unwrap_or_default().split('"').skip(1).step_by(2).collect()
}

/// The crates that the notices list.
pub(super) fn listed(notices: &str) -> BTreeSet<String> {
    let (_, rest) = notices.split_once(HEAD).unwrap_or_default();
    let rows = rest.lines().take_while(|line| !line.is_empty());
    rows.filter_map(|row| row.split(',').next()).map(str::to_owned).collect()
}

/// The section about crates. Needs cargo-about, and no network once the packages are downloaded.
///
/// # Errors
/// cargo-about is missing or has another version, a licence is not accepted, or cargo-about misses a crate.
pub(super) fn section(root: &Path, linked: &BTreeSet<String>) -> Result<String, String> {
    let install = format!("run `cargo install --locked --features cli cargo-about@{VERSION}`");
    let version = run(root, &["about", "--version"]).map_err(|error| format!("{error}\n{install}"))?;
    if version.trim() != format!("cargo-about {VERSION}") {
        return Err(format!("this is {}: {install}", version.trim()));
    }
    run(root, &["fetch", "--quiet", "--locked"])?;
    let cli = ["--manifest-path", "crates/cli/Cargo.toml", "--all-features"];
    let about = ["about", "generate", "--config", CONFIG, "--frozen", "--fail", "--format", "json"];
    let told = serde_json::from_str(&run(root, &[about.as_slice(), &cli].concat())?);
    let told: Value = told.map_err(|error| format!("cargo-about's answer cannot be read: {error}"))?;
    let packages: BTreeMap<String, &Value> =
        rows(&told["crates"]).map(|row| (key(&row["package"]), row)).collect();
    let mut out = HEAD.to_owned();
    for name in linked {
        let row = packages.get(name).ok_or_else(|| format!("cargo-about overlooks {name}"))?;
        let repository = text(&row["package"]["repository"]);
        let repository = if repository.is_empty() { repository } else { format!(", {repository}") };
        out += &format!("{name}, {}{repository}\n", text(&row["license"]));
    }
    Ok(out + &texts(&told, linked)?.section())
}

/// The texts that cargo-about finds, and those in files that it does not look for.
fn texts(told: &Value, linked: &BTreeSet<String>) -> Result<LicenceTexts, String> {
    let mut texts = LicenceTexts::default();
    let mut bare = BTreeSet::new();
    for row in rows(&told["licenses"]) {
        let users =
            rows(&row["used_by"]).map(|user| key(&user["crate"])).filter(|name| linked.contains(name));
        if row["source_path"].is_null() {
            // It knows the licence's name only, so that no copyright would be named.
            bare.extend(users.map(|name| (name, text(&row["name"]), text(&row["text"]))));
        } else {
            texts.add(&text(&row["name"]), &text(&row["text"]), users);
        }
    }
    for row in rows(&told["crates"]) {
        let name = key(&row["package"]);
        if !linked.contains(&name) {
            continue;
        }
        let manifest = text(&row["package"]["manifest_path"]);
        let folder = Path::new(&manifest).parent().ok_or("a manifest stands in no folder")?;
        let lacks: Vec<_> = bare.iter().filter(|(user, ..)| *user == name).collect();
        for text in further::texts(folder, !lacks.is_empty())? {
            texts.add("The crate's own notice", &text, [name.clone()]);
        }
        for (_, title, text) in lacks {
            let authors: Vec<&str> = rows(&row["package"]["authors"]).filter_map(Value::as_str).collect();
            let by = if authors.is_empty() { "its authors".to_owned() } else { authors.join(", ") };
            texts.add(&format!("{title}, as SPDX has it"), text, [format!("{name} by {by}")]);
        }
    }
    Ok(texts)
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// `memchr 2.7.6`
fn key(package: &Value) -> String {
    format!("{} {}", text(&package["name"]), text(&package["version"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The output of a cargo command.
fn run(root: &Path, arguments: &[&str]) -> Result<String, String> {
    command::text(Command::new(env!("CARGO")).args(arguments).current_dir(root))
}
