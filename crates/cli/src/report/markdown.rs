//! A summary in Markdown, for the page that a CI job shows.

use super::shown::visible_text;
use super::{Printer, Tally};
use crate::run::Examined;
use crate::terminal::counted;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// Findings of each rule that are listed; the page of a job has its limits.
const MOST_LISTED: usize = 20;

/// Tables of rules and folders, and the first findings of each rule.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    by_folder: BTreeMap<String, usize>,
    listed: BTreeMap<&'static str, Vec<String>>,
}

impl Printer for Markdown {
    fn add(&mut self, _: &mut dyn Write, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let folder = path.parent().map(|folder| folder.to_string_lossy()).unwrap_or_default();
        let folder = if folder.is_empty() { ".".into() } else { folder };
        *self.by_folder.entry(folder.into_owned()).or_default() += examined.findings.len();
        for (finding, start, _) in &examined.findings {
            let listed = self.listed.entry(finding.rule).or_default();
            if listed.len() < MOST_LISTED {
                let place = format!("{}:{}:{}", path.display(), start.line, start.column);
                listed.push(format!("- {} {}", code(&place), escaped(&finding.message)));
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let posts = counted(tally.posts, "post");
        let share = tally.shard.map_or_else(String::new, |shard| format!(", share {shard}"));
        // It quotes what posts have wrong, and is no post.
        writeln!(out, "<!-- postmend-disable-file -->\n## postmend{share}\n")?;
        if tally.findings() == 0 {
            return writeln!(out, "Nothing to report in {posts}.");
        }
        let (found, places) =
            (counted(tally.findings(), "finding"), counted(tally.posts_with_findings, "post"));
        writeln!(out, "{found} in {places} of {}; `postmend fix` mends {}.\n", tally.posts, tally.fixable)?;
        table(out, "Rule", tally.left.iter().map(|(rule, count)| (code(rule), *count)).collect())?;
        table(out, "Folder", self.by_folder.iter().map(|(folder, count)| (code(folder), *count)).collect())?;
        for (rule, listed) in &self.listed {
            let count = tally.left.get(rule).copied().unwrap_or(listed.len());
            writeln!(out, "<details><summary>{rule} ({count})</summary>\n\n{}", listed.join("\n"))?;
            if count > listed.len() {
                writeln!(out, "- … and {} more", count - listed.len())?;
            }
            writeln!(out, "\n</details>")?;
        }
        Ok(())
    }
}

/// The largest counts first, at most so many as are listed of a rule.
fn table(out: &mut dyn Write, heading: &str, mut rows: Vec<(String, usize)>) -> io::Result<()> {
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    writeln!(out, "| {heading} | Findings |\n|---|---:|")?;
    rows.iter().take(MOST_LISTED).try_for_each(|(name, count)| writeln!(out, "| {name} | {count} |"))?;
    writeln!(out)
}

/// Text between backticks, in a table too.
fn code(text: &str) -> String {
    let text = visible_text(text).replace('|', "\\|");
    let ticks = if text.contains('`') { "``" } else { "`" };
    format!("{ticks}{text}{ticks}")
}

/// Text that is not Markdown of its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in visible_text(text).chars() {
        if "\\`*_[]<>|#&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
