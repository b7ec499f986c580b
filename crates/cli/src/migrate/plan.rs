//! The plan of a migration: a file of JSON lines, made post by post and read the same way.

use super::copies::Copies;
use super::summary::Summary;
use crate::args::PostArguments;
use crate::posts::{Finder, PostFile};
use crate::store::{Store, hash};
use crate::terminal::progress_bar;
use crate::trouble::Trouble;
use postmend_core::decode::{decode, encode};
use postmend_core::lines::Lines;
use postmend_core::{Place, Span};
use postmend_engine::disk::Below;
use postmend_engine::print::{Json, Sink, Written};
use postmend_rules::migrate::{Migration, MigrationOptions, Planned};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Posts are planned in bundles of this many, so that memory does not grow with the repository.
const BUNDLE: usize = 1024;

/// A line of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Row {
    /// The first line: what was asked for.
    Plan {
        /// The version of the file's form.
        version: u32,
        /// The maps and their reach.
        options: Box<MigrationOptions>,
    },
    /// A copy of an image that is to be made before any post is changed.
    Copy(CopyRow),
    /// A post in which URLs move; its moves follow.
    Post(PostRow),
    /// A URL that moves.
    Move(MoveRow),
    /// A URL that should move and stays.
    Left(LeftRow),
    /// The last line: the plan is whole.
    End {
        /// How many posts have moves.
        posts: usize,
        /// How many URLs move.
        moves: usize,
    },
}

/// A post in which URLs move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostRow {
    /// Its path from the project's folder, with `/`.
    pub post: Below,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// The SHA-256 of its bytes after all of its moves.
    pub result: String,
}

/// A copy of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyRow {
    /// Its path from the project's root, or its key in the store that it is uploaded to.
    pub to: String,
    /// The store that it is uploaded to, if it is: `s3://bucket`, or `command`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<String>,
    /// The SHA-256 of its bytes.
    pub hash: String,
    /// What servers call its kind.
    pub media_type: String,
    /// The URL that it came from.
    pub from: String,
}

/// A URL that moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MoveRow {
    /// The post's path from the project's folder, with `/`.
    pub post: Below,
    /// The line that it stands in, from 1.
    pub line: usize,
    /// Its first byte, and one past its last, in the post's text as UTF-8.
    pub span: (u32, u32),
    /// How it is escaped there.
    pub place: String,
    /// What it is.
    pub old: String,
    /// What it becomes.
    pub new: String,
    /// The maps that move it, in their order.
    pub by: String,
    /// Whether nothing about the image's address is guessed or dropped.
    pub lossless: bool,
    /// Whether a second run would move it once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moves_again: bool,
    /// The copy that it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// A URL that stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftRow {
    /// The post's path from the project's folder, with `/`.
    pub post: Below,
    /// The line that it stands in, from 1.
    pub line: usize,
    /// Its first byte, and one past its last, in the post's text as UTF-8.
    pub span: (u32, u32),
    /// How it is escaped there.
    pub place: String,
    /// What it is.
    pub url: String,
    /// Why it stays.
    pub why: String,
}

/// A post with its moves.
#[derive(Debug)]
pub struct PostPlan {
    /// The post.
    pub post: PostRow,
    /// Its moves, in the order of the text.
    pub moves: Vec<MoveRow>,
}

impl MoveRow {
    /// Its bytes in the post's text.
    pub fn bytes(&self) -> Option<Span> {
        (self.span.0 <= self.span.1).then_some(Span { start: self.span.0, end: self.span.1 })
    }

    /// How it is escaped.
    pub fn parsed_place(&self) -> Option<Place> {
        self.place.parse().ok()
    }
}

/// What a plan says on the whole.
pub struct Made {
    /// Its counts.
    pub summary: Summary,
    /// The copies that it needs.
    pub copies: Vec<CopyRow>,
    /// The posts that could not be read.
    pub troubles: Vec<Trouble>,
}

impl Made {
    /// What the plan says as a whole, as if it were read again.
    pub fn outline(&mut self) -> Outline {
        Outline { posts: self.summary.posts, copies: std::mem::take(&mut self.copies) }
    }
}

/// What a plan says as a whole.
#[derive(Debug)]
pub struct Outline {
    /// How many posts it has.
    pub posts: usize,
    /// The copies that it needs.
    pub copies: Vec<CopyRow>,
}

/// A migration for a site whose own proxies have these templates.
///
/// # Errors
/// A map that cannot be used.
pub fn migration_of(options: &MigrationOptions, templates: &[String]) -> Result<Migration, Trouble> {
    Migration::new(options, templates)
        .map_err(|message| Trouble::new(message, "`postmend migrate --help` shows what may be said"))
}

/// The posts that a migration is about.
pub struct Posts {
    /// All of them, in their order.
    pub list: Vec<PostFile>,
    /// By the site's own proxies.
    migrations: HashMap<Vec<String>, Migration>,
    troubles: Vec<Trouble>,
}

impl Posts {
    /// Finds the posts that the arguments name.
    ///
    /// # Errors
    /// A path or config that cannot be read, or a map that cannot be used.
    pub fn find(arguments: &PostArguments, options: &MigrationOptions) -> Result<Self, Trouble> {
        let (list, troubles) = Finder::new(arguments).find()?;
        let mut migrations: HashMap<Vec<String>, Migration> = HashMap::new();
        for templates in list.iter().map(|post| post.site.proxy_templates()) {
            if !migrations.contains_key(templates) {
                let migration = migration_of(options, templates)?;
                migrations.insert(templates.to_vec(), migration);
            }
        }
        Ok(Self { list, migrations, troubles })
    }

    /// Whether nothing says where URLs move to.
    pub fn move_nothing(&self) -> bool {
        self.migrations.values().all(Migration::moves_nothing)
    }

    /// Looks at the text of a post, if it can be read.
    pub fn with_text(&self, number: usize, look: impl FnOnce(&PostFile, &Migration, &str)) {
        let post = &self.list[number];
        let Ok(bytes) = post.bytes() else { return };
        if let Ok(decoded) = decode(&bytes) {
            look(post, &self.migrations[post.site.proxy_templates()], &decoded.text);
        }
    }
}

/// Plans a migration, and writes the plan to `out`. With `copies`, images are replaced by theirs.
///
/// # Errors
/// Nothing can be planned, or the plan cannot be written.
pub fn make(
    posts: Posts,
    options: &MigrationOptions,
    store: &Store,
    copies: Option<&Copies>,
    quiet: bool,
    out: &mut impl Write,
) -> Result<Made, Trouble> {
    let Posts { list, migrations, troubles } = posts;
    let bar = progress_bar(quiet, list.len());
    let copied = copies.map(|copies| copies.rows.clone()).unwrap_or_default();
    let made = Made { summary: Summary::default(), copies: copied, troubles };
    let mut plan = Writing { out, made, arrivals: HashMap::new() };
    plan.row(&Row::Plan { version: VERSION, options: Box::new(options.clone()) })?;
    for row in copies.map(|copies| copies.rows.as_slice()).unwrap_or_default() {
        plan.row(&Row::Copy(row.clone()))?;
    }
    for (bundle, posts) in list.chunks(BUNDLE).enumerate() {
        let planned: Vec<Result<PlannedPost, Trouble>> = posts
            .par_iter()
            .enumerate()
            .map(|(number, post)| {
                let migration = &migrations[post.site.proxy_templates()];
                let copies = copies.map(|copies| (copies, bundle * BUNDLE + number));
                let planned = plan_post(post, migration, store, copies);
                bar.inc(1);
                planned
            })
            .collect();
        for planned in planned {
            plan.post(planned)?;
        }
    }
    bar.finish_and_clear();
    let (posts, moves) = (plan.made.summary.posts, plan.made.summary.moves);
    plan.row(&Row::End { posts, moves })?;
    plan.out.flush().map_err(unwritten)?;
    Ok(plan.made)
}

/// The lines of one post.
#[derive(Default)]
struct PlannedPost {
    rows: Vec<Row>,
    /// New URLs and the images that they stand for, if two might come to one place.
    arrivals: Vec<(String, String)>,
}

/// A plan that is being written.
struct Writing<'o, W> {
    out: &'o mut W,
    made: Made,
    /// Where images came to, if two might come to one place.
    arrivals: HashMap<String, String>,
}

impl<W: Write> Writing<'_, W> {
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

    fn row(&mut self, row: &Row) -> Result<(), Trouble> {
        self.made.summary.add(row);
        Sink::to(self.out).put::<Json>(&[&Written(row), &"\n"]).map_err(unwritten)
    }

    /// Refuses a migration that would make two images one.
    fn arrive(&mut self, new: String, origin: String) -> Result<(), Trouble> {
        match self.arrivals.get(&new) {
            Some(other) if *other != origin => {
                let message = format!("two images would get the address {new}: {other} and {origin}");
                Err(Trouble::new(message, "let the template tell them apart, with {path}, {query} or {hash}"))
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
    Trouble::new(format!("cannot write the plan: {error}"), "see where the plan goes")
}

fn plan_post(
    post: &PostFile,
    migration: &Migration,
    store: &Store,
    copies: Option<(&Copies, usize)>,
) -> Result<PlannedPost, Trouble> {
    let bytes = post.bytes().map_err(|error| Trouble::with_path("read", &post.path, &error))?;
    let unreadable = || {
        Trouble::new(
            format!("{} is in no encoding that can be read without loss", post.path.display()),
            "convert it to UTF-8",
        )
    };
    let decoded = decode(&bytes).map_err(|_| unreadable())?;
    let planned = match copies {
        None => migration.plan(&post.home(), &decoded.text),
        Some((copies, number)) => {
            let copy_of = |origin: &str, _: &str| copies.of(number, origin);
            migration.plan_with(&post.home(), &decoded.text, Some(&copy_of))
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
                let message = format!("{} cannot hold the new URLs in {}", name, decoded.encoding.name());
                Trouble::new(message, "convert it to UTF-8")
            })?;
            Some(PostRow { post: name.clone(), hash: hash(&bytes), result: hash(&written) })
        }
    };
    let arrival = |one: &postmend_rules::migrate::Move| (one.to.url.clone(), one.to.origin.clone());
    let may_collide = copies.is_none() && migration.may_collide();
    let arrivals = if may_collide { planned.moves.iter().map(arrival).collect() } else { Vec::new() };
    let copy_name = |origin: &str| copies.and_then(|(copies, number)| copies.name_of(number, origin));
    Ok(PlannedPost { rows: rows(result, planned, &name, &decoded.text, &copy_name), arrivals })
}

fn rows(
    post: Option<PostRow>,
    planned: Planned,
    name: &Below,
    text: &str,
    copy_name: &dyn Fn(&str) -> Option<String>,
) -> Vec<Row> {
    let lines = Lines::of(text);
    let line = |span: Span| lines.position(span.start as usize).line;
    let moves = planned.moves.into_iter().map(|one| {
        Row::Move(MoveRow {
            post: name.clone(),
            line: line(one.span),
            span: (one.span.start, one.span.end),
            place: one.place.name().to_owned(),
            old: one.old,
            new: one.to.url,
            by: one.to.by,
            lossless: one.to.lossless,
            moves_again: one.to.moves_again,
            copy: copy_name(&one.to.origin),
        })
    });
    let left = planned.left.into_iter().map(|left| {
        Row::Left(LeftRow {
            post: name.clone(),
            line: line(left.span),
            span: (left.span.start, left.span.end),
            place: left.place.name().to_owned(),
            url: left.url,
            why: left.why.message(),
        })
    });
    post.map(Row::Post).into_iter().chain(moves).chain(left).collect()
}

/// What a plan says as a whole; every line was read.
///
/// # Errors
/// The plan cannot be read, is none, or was not written to its end.
pub fn outline(source: File, path: &Path) -> Result<Outline, Trouble> {
    let (mut posts, mut copies) = (HashSet::new(), Vec::new());
    // A second look at a post would find the first one's outcome, which could not be taken back then.
    let count = |plan: PostPlan| match posts.insert(plan.post.post.clone()) {
        true => Ok(()),
        false => {
            let message = format!("{} names {} twice", path.display(), plan.post.post);
            Err(Trouble::new(message, "`postmend migrate plan` names each post once"))
        }
    };
    let note = |row| {
        if let Row::Copy(copy) = row {
            copies.push(copy);
        }
        Ok(())
    };
    read(source, path, count, note)?;
    Ok(Outline { posts: posts.len(), copies })
}

/// The bytes that a line of a plan may have: two URLs that may each be a whole image.
const LONGEST_LINE: u64 = 256_000_000;

/// Reads a plan, which is at `path`, post by post. URLs that stay, the first line and the last go to `other`.
///
/// # Errors
/// The plan cannot be read, is none, was not written to its end, or one of the calls says so.
pub fn read(
    source: File,
    path: &Path,
    mut each: impl FnMut(PostPlan) -> Result<(), Trouble>,
    mut other: impl FnMut(Row) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut source = io::BufReader::with_capacity(1 << 16, source);
    let mut line = Vec::new();
    let mut open: Option<PostPlan> = None;
    let mut is_whole = false;
    for number in 0.. {
        let wrong = |message: &str| {
            let message = format!("{}, line {}: {message}", path.display(), number + 1);
            Trouble::new(message, "`postmend migrate plan` writes plans; lines of moves may be deleted")
        };
        line.clear();
        let length = source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if length.map_err(|error| wrong(&error.to_string()))? == 0 {
            break;
        }
        if line.len() as u64 == LONGEST_LINE {
            return Err(wrong("the line is too long"));
        }
        // One look at the whole line costs less than one at each string.
        let text = std::str::from_utf8(&line).map_err(|_| wrong("not UTF-8"))?;
        let row: Row = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        if (number == 0) != matches!(row, Row::Plan { .. }) {
            return Err(wrong("this is no plan"));
        }
        match row {
            Row::Plan { version, .. } if version != VERSION => {
                return Err(wrong("the plan is of another version of postmend"));
            }
            Row::Move(row) => match &mut open {
                Some(plan) if plan.post.post == row.post => plan.moves.push(row),
                _ => return Err(wrong("the move does not stand below its post")),
            },
            Row::Post(post) => {
                open.replace(PostPlan { post, moves: Vec::new() }).map_or(Ok(()), &mut each)?;
            }
            row => {
                is_whole |= matches!(row, Row::End { .. });
                other(row)?;
            }
        }
    }
    if !is_whole {
        return Err(Trouble::new(
            format!("{} is not whole: its last line is missing", path.display()),
            "make the plan again",
        ));
    }
    open.map_or(Ok(()), each)
}
