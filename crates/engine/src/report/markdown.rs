//! A Markdown summary for the page of a CI job.

use super::printer::Printer;
use super::tally::Tally;
use crate::escape::{Code, Fragment, MarkdownForm, Sink, Text};
use crate::examine::Examined;
use crate::plural::counted;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The maximum number of findings that are listed for each rule, as CI pages limit their size.
const MOST_LISTED: usize = 20;

/// The counts by folder, and the first findings of each rule.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    by_folder: BTreeMap<String, usize>,
    listed: BTreeMap<&'static str, Vec<Fragment<MarkdownForm>>>,
}

impl Printer for Markdown {
    fn add(&mut self, _: &mut Sink<'_>, path: &Path, examined: &Examined) -> io::Result<()> {
        if examined.findings.is_empty() {
            return Ok(());
        }
        let folder = path.parent().map(|folder| folder.to_string_lossy()).unwrap_or_default();
        let folder = if folder.is_empty() { ".".into() } else { folder };
        *self.by_folder.entry(folder.into_owned()).or_default() += examined.findings.len();
        for (finding, start, _) in &examined.findings {
            let listed = self.listed.entry(finding.rule).or_default();
            if listed.len() < MOST_LISTED {
                let position = format!("{}:{}:{}", path.to_string_lossy(), start.line, start.column);
                listed.push(Fragment::of(&[&"- ", &Code(&position), &" ", &Text(&finding.message), &"\n"]));
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Sink<'_>, tally: &Tally) -> io::Result<()> {
        let posts = counted(tally.posts, "post");
        let share = tally.shard.map_or_else(String::new, |shard| format!(", share {shard}"));
        // The report quotes errors in posts, and must not be checked as a post.
        out.put::<MarkdownForm>(&[&"<!-- postmend-disable-file -->\n## postmend", &Text(&share), &"\n\n"])?;
        if tally.findings() == 0 {
            return out.put::<MarkdownForm>(&[&"No findings in ", &Text(&posts), &".\n"]);
        }
        let (found, affected) =
            (counted(tally.findings(), "finding"), counted(tally.posts_with_findings, "post"));
        out.put::<MarkdownForm>(&[&Text(&found), &" in ", &Text(&affected), &" of ", &tally.posts])?;
        out.put::<MarkdownForm>(&[&"; `postmend fix` can fix ", &tally.fixable, &".\n\n"])?;
        table(out, "Rule", tally.left.iter().map(|(rule, count)| (*rule, *count)).collect())?;
        table(
            out,
            "Folder",
            self.by_folder.iter().map(|(folder, count)| (folder.as_str(), *count)).collect(),
        )?;
        for (rule, listed) in &self.listed {
            let count = tally.left.get(rule).copied().unwrap_or(listed.len());
            out.put::<MarkdownForm>(&[
                &"<details><summary>",
                &Text(rule),
                &" (",
                &count,
                &")</summary>\n\n",
            ])?;
            listed.iter().try_for_each(|item| out.put::<MarkdownForm>(&[item]))?;
            if count > listed.len() {
                out.put::<MarkdownForm>(&[&"- … and ", &(count - listed.len()), &" more\n"])?;
            }
            out.put::<MarkdownForm>(&[&"\n</details>\n"])?;
        }
        Ok(())
    }
}

/// A table with the largest counts first, of at most [`MOST_LISTED`] rows.
fn table(out: &mut Sink<'_>, heading: &'static str, mut rows: Vec<(&str, usize)>) -> io::Result<()> {
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    out.put::<MarkdownForm>(&[&"| ", &heading, &" | Findings |\n|---|---:|\n"])?;
    rows.iter().take(MOST_LISTED).try_for_each(|(name, count)| {
        out.put::<MarkdownForm>(&[&"| ", &Code(name), &" | ", count, &" |\n"])
    })?;
    out.put::<MarkdownForm>(&[&"\n"])
}
