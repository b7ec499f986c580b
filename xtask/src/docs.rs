//! The README's table of rules, made from the rules themselves.

use postmend_rules::ALL;
use std::fs;
use std::path::Path;

const START: &str = "<!-- rules: written by `cargo xtask docs` -->\n";
const END: &str = "<!-- end of rules -->\n";

/// Writes the table, or says that it is stale.
pub(crate) fn write(root: &Path, check: bool) -> Result<String, String> {
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path).map_err(|error| format!("cannot read the README: {error}"))?;
    let (before, rest) = readme.split_once(START).ok_or("the README has no place for the rules")?;
    let (_, after) = rest.split_once(END).ok_or("the README's place for the rules has no end")?;
    let fresh = format!("{before}{START}{}{END}{after}", table());
    if fresh == readme {
        return Ok("the README is up to date".to_owned());
    }
    if check {
        return Err("the README's rules are stale: run `cargo xtask docs`".to_owned());
    }
    fs::write(&path, fresh).map_err(|error| format!("cannot write the README: {error}"))?;
    Ok("wrote the README's rules".to_owned())
}

fn table() -> String {
    let mut out = "| rule | severity | default | what it finds |\n|---|---|---|---|\n".to_owned();
    for card in ALL {
        let page = format!("crates/rules/src/rules/{}.md", card.name.replace('-', "_"));
        let default = if card.on_by_default { "on" } else { "off" };
        let (name, severity) = (card.name, card.severity.name());
        out.push_str(&format!("| [{name}]({page}) | {severity} | {default} | {} |\n", card.summary()));
    }
    out
}
