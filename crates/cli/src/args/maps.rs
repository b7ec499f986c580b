//! Options for the maps, which determine where URLs move.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use postmend_engine::named_files;
use postmend_engine::trouble::Trouble;
use postmend_rules::migrate::{Also, Group, MigrationOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

/// From where to where URLs move.
#[derive(Debug, Clone, Args)]
pub struct MapArguments {
    /// Remove a proxy from URLs: its name, its family (cors, cache, mirror, resizer, cdn, own), a template, or `all`
    #[arg(long, value_name = "PROXY", value_delimiter = ',', help_heading = "Maps")]
    pub unwrap: Vec<String>,
    /// Move from one host to another; `*.a.example` matches all its subdomains
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Maps")]
    pub host: Vec<String>,
    /// Move from one URL prefix to another, at a boundary between URL parts
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Maps")]
    pub prefix: Vec<String>,
    /// Move what a regular expression matches; `$1` is its first group
    #[arg(long, num_args = 2, value_names = ["PATTERN", "NEW"], help_heading = "Maps")]
    pub regex: Vec<String>,
    /// Move whole URLs by a CSV file: old,new
    #[arg(long, value_name = "FILE", help_heading = "Maps")]
    pub pairs: Option<PathBuf>,
    /// Use https instead of http for these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Maps")]
    pub https: Vec<String>,
    /// Wrap what moves (all images, if no other map is given): a proxy's name, or a template with {origin},
    /// {scheme}, {host}, {path}, {query}, {file}, {stem}, {ext}, {hash}, {slug}; `:percent` encodes
    #[arg(long, value_name = "TEMPLATE", help_heading = "Maps")]
    pub to: Option<String>,
    /// Move only images of these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Reach")]
    pub only: Vec<String>,
    /// Do not move images of these hosts
    #[arg(long, value_name = "HOST", value_delimiter = ',', help_heading = "Reach")]
    pub except: Vec<String>,
    /// Also move these, besides images and links to them
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Reach", value_parser = also())]
    pub also: Vec<Also>,
    /// Do not move URLs in these places
    #[arg(long, value_name = "PLACE", value_delimiter = ',', help_heading = "Reach", value_parser = group())]
    pub skip: Vec<Group>,
    /// Move URLs even if their proxy keeps only part of the original URL
    #[arg(long, help_heading = "Reach")]
    pub lossy: bool,
}

fn also() -> impl TypedValueParser<Value = Also> {
    PossibleValuesParser::new(Also::ALL.map(|(name, _)| name)).try_map(|name| name.parse())
}

fn group() -> impl TypedValueParser<Value = Group> {
    PossibleValuesParser::new(Group::ALL.map(|(name, _)| name)).try_map(|name| name.parse())
}

impl MapArguments {
    /// The options of the migration.
    ///
    /// # Errors
    /// The file of pairs cannot be read, or one of its lines does not have two URLs.
    pub fn options(&self) -> Result<MigrationOptions, Trouble> {
        let twos = |flat: &[String]| {
            flat.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect::<Vec<_>>()
        };
        Ok(MigrationOptions {
            unwrap: self.unwrap.clone(),
            hosts: twos(&self.host),
            prefixes: twos(&self.prefix),
            regexes: twos(&self.regex),
            pairs: self.pairs.as_deref().map_or_else(|| Ok(Vec::new()), read_pairs)?,
            https: self.https.clone(),
            to: self.to.clone(),
            only: self.only.clone(),
            except: self.except.clone(),
            also: self.also.clone(),
            skip: self.skip.clone(),
            lossy: self.lossy,
        })
    }
}

/// The maximum size of a file of pairs in bytes.
const LARGEST_PAIRS: u64 = 1_000_000_000;

fn read_pairs(path: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let wrong = |message: String| {
        Trouble::new(
            format!("{}: {message}", path.display()),
            "each line must be an old URL, a comma and the new URL",
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(named_files::open(path)?.take(LARGEST_PAIRS));
    let mut pairs = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        match *row.iter().collect::<Vec<_>>() {
            [old, new] if !old.is_empty() && !new.is_empty() => pairs.push((old.to_owned(), new.to_owned())),
            // Only the line number and not its text: the file may be any file.
            _ => return Err(wrong(format!("line {line} does not have two URLs"))),
        }
    }
    if reader.position().byte() >= LARGEST_PAIRS {
        return Err(wrong("the file is larger than 1 GB".to_owned()));
    }
    Ok(pairs)
}
