//! The options of a migration: which URLs move, and where to.

use super::scope::{Also, Group};
use serde::{Deserialize, Serialize};

/// Which URLs move, and where to. A URL is taken out of its proxy, moved by the one map that matches most of
/// it, and wrapped; each step happens at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MigrationOptions {
    /// Proxies to take URLs out of: names, families, `all`, or templates.
    pub unwrap: Vec<String>,
    /// Old hosts and their replacements.
    pub hosts: Vec<(String, String)>,
    /// Old URL prefixes and their replacements.
    pub prefixes: Vec<(String, String)>,
    /// Regular expressions and the replacements of their matches.
    pub regexes: Vec<(String, String)>,
    /// Whole URLs and their replacements.
    pub pairs: Vec<(String, String)>,
    /// Hosts for which `http` becomes `https`.
    pub https: Vec<String>,
    /// The template or name of the proxy in which every URL is wrapped.
    pub to: Option<String>,
    /// The hosts whose images move; all hosts if empty.
    pub only: Vec<String>,
    /// The hosts whose images stay.
    pub except: Vec<String>,
    /// Other URLs that move in addition to those of images.
    pub also: Vec<Also>,
    /// The places where URLs are left alone.
    pub skip: Vec<Group>,
    /// Whether a URL moves even if its proxy keeps only part of it.
    pub lossy: bool,
}
