//! Creates the plan of a migration.

use super::copies::Copies;
use super::plan_file::{CopyRow, LeftRow, MoveRow, Outline, PlanRow, PostRow, UrlLocation, VERSION};
use super::posts::MigrationPosts;
use super::summary::PlanSummary;
use crate::disk::RelativePath;
use crate::escape::{JsonForm, Serialized, Sink};
use crate::find_posts::PostFile;
use crate::parallel;
use crate::paths::parent;
use crate::progress::{Progress, Things};
use crate::store::{Store, hash};
use crate::trouble::Trouble;
use postmend_core::decode::{decode, encode};
use postmend_core::lines::LineIndex;
use postmend_core::{Escaping, Span};
use postmend_rules::migrate::{Migration, MigrationOptions, Planned};
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::PathBuf;

/// Posts are planned in bundles of this size, so that memory does not grow with the repository.
const BUNDLE: usize = 1024;

/// The plan that was made, without its moves.
pub struct MadePlan {
    /// Its counts.
    pub summary: PlanSummary,
    /// The copies to create.
    pub copies: Vec<CopyRow>,
    /// The posts that could not be read.
    pub troubles: Vec<Trouble>,
    /// The folders of the posts with moves.
    folders: BTreeSet<PathBuf>,
}

impl MadePlan {
    /// The outline of the plan, without reading it again. Takes the copies and the folders out.
    pub fn outline(&mut self) -> Outline {
        let (copies, folders) = (std::mem::take(&mut self.copies), std::mem::take(&mut self.folders));
        Outline { posts: self.summary.posts, copies, folders }
    }
}

/// Plans a migration, and writes the plan to `out`. With `copies`, the URLs of images become those of their copies.
///
/// # Errors
/// The migration cannot be planned, or the plan cannot be written.
pub fn make(
    posts: MigrationPosts,
    options: &MigrationOptions,
    store: &Store,
    copies: Option<&Copies>,
    progress: &dyn Progress,
    out: &mut dyn Write,
) -> Result<MadePlan, Trouble> {
    let MigrationPosts { list, migrations, troubles } = posts;
    progress.start(Things::Posts, list.len());
    let copied = copies.map(|copies| copies.rows.clone()).unwrap_or_default();
    let made =
        MadePlan { summary: PlanSummary::default(), copies: copied, troubles, folders: BTreeSet::new() };
    let mut plan = Writing { out, made, arrivals: HashMap::new() };
    plan.row(&PlanRow::Plan { version: VERSION, options: Box::new(options.clone()) })?;
    for row in copies.map(|copies| copies.rows.as_slice()).unwrap_or_default() {
        plan.row(&PlanRow::Copy(row.clone()))?;
    }
    for (bundle, posts) in list.chunks(BUNDLE).enumerate() {
        let planned = parallel::map_indexes(posts.len(), |index| {
            let post = &posts[index];
            let migration = &migrations[post.site.proxy_templates()];
            let copies = copies.map(|copies| (copies, bundle * BUNDLE + index));
            let planned = plan_post(post, migration, store, copies);
            progress.advance(1);
            planned
        });
        for planned in planned {
            plan.post(planned)?;
        }
    }
    progress.finish();
    let (posts, moves) = (plan.made.summary.posts, plan.made.summary.moves);
    plan.row(&PlanRow::End { posts, moves })?;
    plan.out.flush().map_err(unwritten)?;
    Ok(plan.made)
}

/// The lines for one post.
#[derive(Default)]
struct PlannedPost {
    rows: Vec<PlanRow>,
    /// The new URLs with the original URLs of their images, if two images could get the same URL.
    arrivals: Vec<(String, String)>,
}

/// A plan that is being written.
struct Writing<'o> {
    out: &'o mut dyn Write,
    made: MadePlan,
    /// The original URL for each new URL, if two images could get the same URL.
    arrivals: HashMap<String, String>,
}

impl Writing<'_> {
    fn post(&mut self, planned: Result<PlannedPost, Trouble>) -> Result<(), Trouble> {
        match planned {
            Ok(PlannedPost { rows, arrivals }) => {
                arrivals.into_iter().try_for_each(|(new, origin)| self.arrive(new, origin))?;
                rows.iter().try_for_each(|row| self.row(row))
            }
            Err(trouble) => {
                self.made.troubles.push(trouble);
                Ok(())
            }
        }
    }

    fn row(&mut self, row: &PlanRow) -> Result<(), Trouble> {
        self.made.summary.add(row);
        if let PlanRow::Post(PostRow { post, .. }) = row {
            self.made.folders.insert(parent(post.path()).to_owned());
        }
        Sink::to(self.out).put::<JsonForm>(&[&Serialized(row), &"\n"]).map_err(unwritten)
    }

    /// Rejects a migration in which two images would get the same URL.
    fn arrive(&mut self, new: String, origin: String) -> Result<(), Trouble> {
        match self.arrivals.get(&new) {
            Some(other) if *other != origin => {
                let message = format!("two images would get the address {new}: {other} and {origin}");
                Err(Trouble::new(
                    message,
                    "use {path}, {query} or {hash} in the template to make them distinct",
                ))
            }
            Some(_) => Ok(()),
            None => {
                self.arrivals.insert(new, origin);
                Ok(())
            }
        }
    }
}

fn unwritten(error: io::Error) -> Trouble {
    Trouble::new(format!("cannot write the plan: {error}"), "check the output")
}

fn plan_post(
    post: &PostFile,
    migration: &Migration,
    store: &Store,
    copies: Option<(&Copies, usize)>,
) -> Result<PlannedPost, Trouble> {
    let bytes = post.bytes().map_err(|error| Trouble::with_path("read", &post.path, &error))?;
    let unreadable = || {
        Trouble::new(format!("{} is not in a supported encoding", post.path.display()), "convert it to UTF-8")
    };
    let decoded = decode(&bytes).map_err(|_| unreadable())?;
    let planned = match copies {
        None => migration.plan(&post.context(), &decoded.text),
        Some((copies, number)) => {
            let copy_of = |origin: &str, _: &str| copies.of(number, origin);
            migration.plan_with(&post.context(), &decoded.text, Some(&copy_of))
        }
    };
    if planned.moves.is_empty() && planned.left.is_empty() {
        return Ok(PlannedPost::default());
    }
    let name = store.name_of(&post.real())?;
    let result = match &planned.text {
        None => None,
        Some(text) => {
            let written = encode(text, decoded.encoding).ok_or_else(|| {
                let message =
                    format!("{} cannot be written in {}, its encoding", name, decoded.encoding.name());
                Trouble::new(message, "convert it to UTF-8")
            })?;
            Some(PostRow { post: name.clone(), hash: hash(&bytes), result: hash(&written) })
        }
    };
    let arrival =
        |url_move: &postmend_rules::migrate::Move| (url_move.to.url.clone(), url_move.to.origin.clone());
    let may_collide = copies.is_none() && migration.may_collide();
    let arrivals = if may_collide { planned.moves.iter().map(arrival).collect() } else { Vec::new() };
    let copy_name = |origin: &str| copies.and_then(|(copies, number)| copies.name_of(number, origin));
    Ok(PlannedPost { rows: rows(result, planned, &name, &decoded.text, &copy_name), arrivals })
}

fn rows(
    post: Option<PostRow>,
    planned: Planned,
    name: &RelativePath,
    text: &str,
    copy_name: &dyn Fn(&str) -> Option<String>,
) -> Vec<PlanRow> {
    let lines = LineIndex::of(text);
    let at = |span: Span, escaping: Escaping| UrlLocation {
        post: name.clone(),
        line: lines.position(span.start as usize).line,
        span: (span.start, span.end),
        escaping: escaping.name().to_owned(),
    };
    let moves = planned.moves.into_iter().map(|moved| {
        PlanRow::Move(MoveRow {
            at: at(moved.span, moved.escaping),
            old: moved.old,
            new: moved.to.url,
            by: moved.to.by,
            lossless: moved.to.lossless,
            moves_again: moved.to.moves_again,
            copy: copy_name(&moved.to.origin),
        })
    });
    let left = planned.left.into_iter().map(|left| {
        PlanRow::Left(LeftRow { at: at(left.span, left.escaping), url: left.url, why: left.why.message() })
    });
    post.map(PlanRow::Post).into_iter().chain(moves).chain(left).collect()
}
