//! A plan as a single HTML page without external resources.

use super::plan_file::{self, LeftRow, MoveRow, PlanRow, PostPlan};
use super::summary::PlanSummary;
use crate::escape::{Fragment, HtmlForm, Sink, Text};
use crate::named_files;
use crate::plural::counted;
use crate::trouble::Trouble;
use std::collections::BTreeMap;
use std::path::Path;

/// The page, with placeholders in braces.
const PAGE: &str = include_str!("page.html");

/// The maximum number of rows in a table.
const MOST_ROWS: usize = 20;

/// For each post, the number of URLs and the HTML of its list.
type Posts = BTreeMap<String, (usize, Fragment<HtmlForm>)>;

/// Writes the page for a plan.
///
/// # Errors
/// The plan cannot be read, or the page cannot be written.
pub fn write_page(plan: &Path, page: &Path, thumbnails: bool) -> Result<(), Trouble> {
    let summary = PlanSummary::read(plan)?;
    let source = named_files::open(plan)?;
    let posts = std::cell::RefCell::new(Posts::new());
    let add = |post: &str, item: Fragment<HtmlForm>| {
        let mut posts = posts.borrow_mut();
        let (count, items) = posts.entry(post.to_owned()).or_insert_with(|| (0, Fragment::of(&[])));
        *count += 1;
        items.add(&[&item]);
    };
    plan_file::read(
        source,
        plan,
        &mut |PostPlan { moves, .. }| {
            moves.iter().for_each(|row| add(&row.at.post.to_text(), moved(row, thumbnails)));
            Ok(())
        },
        &mut |row| {
            if let PlanRow::Left(row) = row {
                add(&row.at.post.to_text(), left_item(&row));
            }
            Ok(())
        },
    )?;
    let mut list = Fragment::of(&[]);
    for (post, (count, items)) in posts.into_inner() {
        let (name, count) = (Text(&post), counted(count, "URL"));
        list.add(&[&"<details data-post=\"", &name, &"\"><summary>", &name, &" <small>", &Text(&count)]);
        list.add(&[&"</small></summary><ol>", &items, &"</ol></details>\n"]);
    }
    let mut tables = Fragment::of(&[]);
    summary.sections().iter().for_each(|(title, rows)| tables.add(&[&table(title, rows)]));
    let headline = Fragment::of(&[&Text(&summary.headline())]);
    let mut out = named_files::create(page)?;
    let write = || {
        let mut rest = PAGE;
        for (name, part) in [("{headline}", &headline), ("{tables}", &tables), ("{posts}", &list)] {
            let (before, after) = rest.split_once(name).expect("the page has the place");
            Sink::to(&mut out).put::<HtmlForm>(&[&before, part])?;
            rest = after;
        }
        Sink::to(&mut out).put::<HtmlForm>(&[&rest])?;
        out.keep(false)
    };
    write().map_err(|error| Trouble::with_path("write", page, &error))
}

fn moved(row: &MoveRow, thumbnails: bool) -> Fragment<HtmlForm> {
    let (old, new) = (Text(&row.old), Text(&row.new));
    let mut item = Fragment::of(&[
        &"<li><small>line ",
        &row.at.line,
        &", ",
        &Text(&row.at.escaping),
        &", ",
        &Text(&row.by),
    ]);
    if !row.lossless {
        item.add(&[&", not lossless"]);
    }
    item.add(&[&"</small><del>", &old, &"</del><ins>", &new, &"</ins>"]);
    if thumbnails {
        for (url, when) in [(old, "before"), (new, "after")] {
            item.add(&[&"<figure><img src=\"", &url, &"\" alt=\"the image ", &when, &" the move\""]);
            item.add(&[&" loading=\"lazy\" referrerpolicy=\"no-referrer\"><figcaption>", &when]);
            item.add(&[&"</figcaption></figure>"]);
        }
    }
    item.add(&[&"</li>\n"]);
    item
}

fn left_item(row: &LeftRow) -> Fragment<HtmlForm> {
    let (escaping, url, why) = (Text(&row.at.escaping), Text(&row.url), Text(&row.why));
    let mut item = Fragment::of(&[&"<li><small>line ", &row.at.line, &", ", &escaping, &", stays: ", &why]);
    item.add(&[&"</small><del>", &url, &"</del></li>\n"]);
    item
}

fn table(title: &'static str, rows: &[(&str, usize)]) -> Fragment<HtmlForm> {
    let mut table = Fragment::of(&[]);
    if rows.is_empty() {
        return table;
    }
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1);
    table.add(&[&"<section><h2>", &title, &"</h2><table>"]);
    for (name, count) in rows.iter().take(MOST_ROWS) {
        let name = if name.is_empty() { "this site" } else { name };
        let share = format!("{:.1}", 100.0 * *count as f64 / most as f64);
        table.add(&[&"<tr><td>", &Text(name), &"</td><td class=\"bar\"><span style=\"width:", &Text(&share)]);
        table.add(&[&"%\"></span></td><td class=\"count\">", count, &"</td></tr>"]);
    }
    if rows.len() > MOST_ROWS {
        table.add(&[&"<tr><td>and ", &(rows.len() - MOST_ROWS), &" more</td><td></td><td></td></tr>"]);
    }
    table.add(&[&"</table></section>"]);
    table
}
