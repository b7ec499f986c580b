//! A plan as one page for the browser, without anything from outside.

use super::plan::{self, LeftRow, MoveRow, PostPlan, Row};
use super::summary_of;
use crate::report::escaped;
use crate::terminal::counted;
use crate::trouble::Trouble;
use anstream::eprintln;
use postmend_engine::disk::Output;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The page with names in braces where the plan's own parts go.
const PAGE: &str = include_str!("page.html");

/// Tables show this many rows.
const MOST_ROWS: usize = 20;

/// The posts' parts of the page, by path.
type Posts = BTreeMap<String, (usize, String)>;

/// Writes the page of a plan.
///
/// # Errors
/// The plan cannot be read, or the page cannot be written.
pub fn write(plan: &Path, page: &Path, thumbnails: bool) -> Result<ExitCode, Trouble> {
    let summary = summary_of(plan)?;
    let source = super::opened(plan)?;
    let posts = std::cell::RefCell::new(Posts::new());
    let add = |post: &str, item: String| {
        let mut posts = posts.borrow_mut();
        let (count, items) = posts.entry(post.to_owned()).or_default();
        *count += 1;
        items.push_str(&item);
    };
    plan::read(
        source,
        plan,
        |PostPlan { moves, .. }| {
            moves.iter().for_each(|row| add(&row.post.to_text(), moved(row, thumbnails)));
            Ok(())
        },
        |row| {
            if let Row::Left(row) = row {
                add(&row.post.to_text(), left(&row));
            }
            Ok(())
        },
    )?;
    let mut list = String::new();
    for (post, (count, items)) in posts.into_inner() {
        let name = escaped(&post);
        let count = counted(count, "URL");
        let _ = writeln!(
            list,
            "<details data-post=\"{name}\"><summary>{name} <small>{count}</small></summary>\
             <ol>{items}</ol></details>"
        );
    }
    let tables: String = summary.sections().iter().map(|(title, rows)| table(title, rows)).collect();
    let mut text = String::with_capacity(PAGE.len() + list.len() + tables.len());
    let mut rest = PAGE;
    for (name, part) in
        [("{headline}", &escaped(&summary.headline())), ("{tables}", &tables), ("{posts}", &list)]
    {
        let (before, after) = rest.split_once(name).expect("the page has the place");
        text.push_str(before);
        text.push_str(part);
        rest = after;
    }
    text.push_str(rest);
    let written = Output::new(page).and_then(|mut out| {
        out.write_all(text.as_bytes())?;
        out.keep(false)
    });
    written.map_err(|error| Trouble::with_path("write", page, &error))?;
    eprintln!("wrote {}", page.display());
    Ok(ExitCode::SUCCESS)
}

fn moved(row: &MoveRow, thumbnails: bool) -> String {
    let mut item = format!("<li><small>line {}, {}, {}", row.line, escaped(&row.place), escaped(&row.by));
    if !row.lossless {
        item.push_str(", not lossless");
    }
    let (old, new) = (escaped(&row.old), escaped(&row.new));
    let _ = write!(item, "</small><del>{old}</del><ins>{new}</ins>");
    if thumbnails {
        for (url, when) in [(&old, "before"), (&new, "after")] {
            let _ = write!(
                item,
                "<figure><img src=\"{url}\" alt=\"the image {when} the move\" loading=\"lazy\" \
                 referrerpolicy=\"no-referrer\"><figcaption>{when}</figcaption></figure>"
            );
        }
    }
    item.push_str("</li>\n");
    item
}

fn left(row: &LeftRow) -> String {
    let (place, url, why) = (escaped(&row.place), escaped(&row.url), escaped(&row.why));
    format!("<li><small>line {}, {place}, stays: {why}</small><del>{url}</del></li>\n", row.line)
}

fn table(title: &str, rows: &[(&str, usize)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1);
    let mut table = format!("<section><h2>{title}</h2><table>");
    for (name, count) in rows.iter().take(MOST_ROWS) {
        let name = if name.is_empty() { "this site" } else { name };
        let share = 100.0 * *count as f64 / most as f64;
        let name = escaped(name);
        let _ = write!(
            table,
            "<tr><td>{name}</td><td class=\"bar\"><span style=\"width:{share:.1}%\"></span></td><td class=\"count\">{count}</td></tr>"
        );
    }
    if rows.len() > MOST_ROWS {
        let _ = write!(table, "<tr><td>and {} more</td><td></td><td></td></tr>", rows.len() - MOST_ROWS);
    }
    table.push_str("</table></section>");
    table
}
