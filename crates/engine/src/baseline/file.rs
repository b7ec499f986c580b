//! The file of a baseline: one line for each known finding, sorted, so that git merges what two branches change in
//! different places.

use super::known::{KnownFinding, KnownMark};
use super::version_1::PostsOfVersion1;
use crate::escape::{JsonForm, Serialized, Sink};
use crate::named_files;
use crate::trouble::Trouble;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// The lines before those of the findings.
pub(super) const START: &str = "{\n\"version\": 2,\n\"known\": [\n";
/// The lines after them.
pub(super) const END: &str = "[]\n]\n}\n";

/// The version of the form.
const VERSION: u32 = 2;

/// The known findings of each post. The path of a post uses `/` and is relative to the folder of the baseline.
pub(super) type KnownPosts = BTreeMap<String, Vec<KnownFinding>>;

/// Why a file is no baseline.
pub(super) enum NoBaseline {
    /// git left both sides of a merge in it.
    Conflict,
    /// It is not JSON of this form.
    Malformed(serde_json::Error),
    /// The parts of a finding are not those that it must have.
    Parts,
    /// It was written by a later version of postmend.
    Version,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFile {
    #[expect(dead_code, reason = "it was read before, to choose this form")]
    version: u32,
    known: Vec<Vec<String>>,
}

/// Reads a baseline.
pub(super) fn parse(text: &[u8]) -> Result<KnownPosts, NoBaseline> {
    let parsed = parse_plain(text);
    match parsed {
        Err(NoBaseline::Malformed(_)) if is_conflict(text) => Err(NoBaseline::Conflict),
        parsed => parsed,
    }
}

fn parse_plain(text: &[u8]) -> Result<KnownPosts, NoBaseline> {
    let Versioned { version } = serde_json::from_slice(text).map_err(NoBaseline::Malformed)?;
    if version == 1 {
        let posts: PostsOfVersion1 = serde_json::from_slice(text).map_err(NoBaseline::Malformed)?;
        return Ok(posts.into_known());
    }
    if version != VERSION {
        return Err(NoBaseline::Version);
    }
    let file: KnownFile = serde_json::from_slice(text).map_err(NoBaseline::Malformed)?;
    let mut posts = KnownPosts::new();
    // The last line has no finding; it is there so that all before it end in the same way.
    for line in file.known.into_iter().filter(|line| !line.is_empty()) {
        let (post, known) = known_in(line).ok_or(NoBaseline::Parts)?;
        posts.entry(post).or_default().push(known);
    }
    posts.values_mut().for_each(|known| known.sort_unstable());
    Ok(posts)
}

/// The finding in a line of a baseline, with the path of its post.
pub(super) fn parse_line(line: &str) -> Option<(String, KnownFinding)> {
    known_in(serde_json::from_str(line.trim_end().trim_end_matches(',')).ok()?)
}

fn known_in(parts: Vec<String>) -> Option<(String, KnownFinding)> {
    let (post, rule, mark) = match <[String; 5]>::try_from(parts) {
        Ok([post, rule, subject, before, after]) => {
            (post, rule, KnownMark::Identity([subject, before, after]))
        }
        Err(parts) => {
            let [post, rule, print] = <[String; 3]>::try_from(parts).ok()?;
            (post, rule, KnownMark::Print(print))
        }
    };
    Some((post, KnownFinding { rule, mark }))
}

/// Writes a baseline.
fn write(posts: &KnownPosts, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sink = Sink::to(out);
    sink.put::<JsonForm>(&[&START])?;
    for (post, known) in posts {
        for KnownFinding { rule, mark } in known {
            let line: &[&str] = match mark {
                KnownMark::Identity([subject, before, after]) => &[post, rule, subject, before, after],
                KnownMark::Print(print) => &[post, rule, print],
            };
            sink.put::<JsonForm>(&[&Serialized(&line), &",\n"])?;
        }
    }
    sink.put::<JsonForm>(&[&END])
}

/// Writes a baseline to its file.
pub(super) fn save(posts: &KnownPosts, path: &Path) -> Result<(), Trouble> {
    let trouble = |error: io::Error| Trouble::with_path("write", path, &error);
    let mut file = named_files::create(path)?;
    file.write_all(&text_of(posts)).map_err(trouble)?;
    file.keep(false).map_err(trouble)
}

/// The text of a baseline.
pub(super) fn text_of(posts: &KnownPosts) -> Vec<u8> {
    let mut text = Vec::new();
    write(posts, &mut text).expect("memory takes all");
    text
}

/// The lines with which git marks the sides of a conflict.
const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

fn is_conflict(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.any(|line| line.starts_with(MARKS[0].as_bytes()))
}

/// The sides of a file with conflicts: what both branches had before if git left it there, and both branches. What was
/// there before may itself have conflicts, of an earlier merge; it is not used then.
pub(super) fn sides(text: &[u8]) -> Result<(Option<KnownPosts>, [KnownPosts; 2]), NoBaseline> {
    let text = String::from_utf8_lossy(text);
    let mut sides: [String; 3] = Default::default();
    let (mut within, mut has_base, mut nested) = (None, false, 0);
    for line in text.split_inclusive('\n') {
        let mark = MARKS.iter().position(|mark| line.starts_with(mark));
        match (mark, within) {
            (Some(0), Some(0)) => nested += 1,
            (Some(3), Some(0)) if nested > 0 => (nested, has_base) = (nested - 1, false),
            (_, Some(0)) if nested > 0 => {}
            // Ours, then what was before, then theirs.
            (Some(0), None) => within = Some(1),
            (Some(1), Some(1)) => (within, has_base) = (Some(0), true),
            (Some(2), Some(0 | 1)) => within = Some(2),
            (Some(3), Some(2)) => within = None,
            (_, Some(side)) => sides[side].push_str(line),
            (_, None) => sides.iter_mut().for_each(|side| side.push_str(line)),
        }
    }
    let [base, ours, theirs] = sides;
    let base = if has_base { Some(parse_plain(base.as_bytes())?) } else { None };
    Ok((base, [parse_plain(ours.as_bytes())?, parse_plain(theirs.as_bytes())?]))
}
