//! The counts of a plan: by map, by host, by place, and by the reason why URLs stay.

use super::plan_file::{self, PlanRow};
use crate::escape::in_line;
use crate::named_files;
use crate::plural::counted;
use crate::trouble::Trouble;
use postmend_rules::migrate::host;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The counts of a plan.
#[derive(Debug, Default)]
pub struct PlanSummary {
    /// The number of posts with moves.
    pub posts: usize,
    /// The number of moves.
    pub moves: usize,
    /// Those for which part of the URL is guessed or dropped.
    pub lossy: usize,
    /// Those that a second run would move again.
    pub again: usize,
    /// The number of image copies to create.
    pub copies: usize,
    /// The number of URLs that should move but stay.
    pub left: usize,
    /// The number of moves by the maps that apply.
    pub by_map: BTreeMap<String, usize>,
    /// The number of moves by the host of the current URL.
    pub by_host: BTreeMap<String, usize>,
    /// The number of moves by how the URL is escaped.
    pub by_place: BTreeMap<String, usize>,
    /// The number of URLs that stay, by the reason.
    pub by_reason: BTreeMap<String, usize>,
}

/// The maximum number of rows in a table.
const MOST_ROWS: usize = 12;

impl PlanSummary {
    /// The counts of the plan in a file.
    ///
    /// # Errors
    /// It cannot be read, or is not a plan.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let summary = RefCell::new(Self::default());
        plan_file::read(
            named_files::open(path)?,
            path,
            &mut |post| {
                let mut summary = summary.borrow_mut();
                summary.add(&PlanRow::Post(post.post));
                post.moves.into_iter().for_each(|row| summary.add(&PlanRow::Move(row)));
                Ok(())
            },
            &mut |row| {
                summary.borrow_mut().add(&row);
                Ok(())
            },
        )?;
        Ok(summary.into_inner())
    }

    /// Counts a line of a plan.
    pub fn add(&mut self, row: &PlanRow) {
        let mut count = |map: fn(&mut Self) -> &mut BTreeMap<String, usize>, key: &str| {
            *map(self).entry(key.to_owned()).or_default() += 1;
        };
        match row {
            PlanRow::Post(_) => self.posts += 1,
            PlanRow::Move(row) => {
                count(|summary| &mut summary.by_map, &row.by);
                count(|summary| &mut summary.by_host, host(&row.old));
                count(|summary| &mut summary.by_place, &row.at.escaping);
                self.moves += 1;
                self.lossy += usize::from(!row.lossless);
                self.again += usize::from(row.moves_again);
            }
            PlanRow::Left(row) => {
                count(|summary| &mut summary.by_reason, &row.why);
                self.left += 1;
            }
            PlanRow::Copy(_) => self.copies += 1,
            PlanRow::Plan { .. } | PlanRow::End { .. } => {}
        }
    }

    /// One sentence with the total counts.
    pub fn headline(&self) -> String {
        let mut headline = match self.moves {
            0 => "no URL moves".to_owned(),
            moves => format!(
                "{} in {} {}",
                counted(moves, "URL"),
                counted(self.posts, "post"),
                if moves == 1 { "moves" } else { "move" }
            ),
        };
        if self.copies > 0 {
            let _ = write!(headline, " to {}", counted(self.copies, "copy"));
        }
        if self.lossy > 0 {
            let _ = write!(headline, ", {} of them by guessing or dropping part of the URL", self.lossy);
        }
        if self.again > 0 {
            let _ = write!(headline, ", {} of them again in a second run", self.again);
        }
        if self.left > 0 {
            let _ = write!(headline, "; {} {}", self.left, if self.left == 1 { "stays" } else { "stay" });
        }
        headline
    }

    /// The tables as text for a terminal.
    pub fn tables(&self) -> String {
        let mut page = String::new();
        for (title, rows) in self.sections() {
            if rows.is_empty() {
                continue;
            }
            let _ = writeln!(page, "{title}");
            for (name, count) in rows.iter().take(MOST_ROWS) {
                let name = if name.is_empty() { "(this site)" } else { name };
                let _ = writeln!(page, "{count:>8}  {}", in_line(name));
            }
            if let Some(more) = rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
                let _ = writeln!(page, "          and {more} more");
            }
        }
        page
    }

    /// The title and the rows of each table, the largest counts first.
    pub fn sections(&self) -> [(&'static str, Vec<(&str, usize)>); 4] {
        [
            ("by map", largest_first(&self.by_map)),
            ("from host", largest_first(&self.by_host)),
            ("in place", largest_first(&self.by_place)),
            ("stay", largest_first(&self.by_reason)),
        ]
    }
}

fn largest_first(counts: &BTreeMap<String, usize>) -> Vec<(&str, usize)> {
    let mut rows: Vec<(&str, usize)> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows
}
