//! Which URLs move and where to, as somebody asks for it.

use super::scope::{Also, Group};
use serde::{Deserialize, Serialize};

/// Which URLs move, and where to. A URL is taken out of its proxy, moved by the one map that matches
/// most of it, and wrapped; each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MigrationOptions {
    /// Proxies to take URLs out of: names, families, `all`, or templates.
    pub unwrap: Vec<String>,
    /// Hosts and the ones that take their place.
    pub hosts: Vec<(String, String)>,
    /// Starts of URLs and what takes their place.
    pub prefixes: Vec<(String, String)>,
    /// Regular expressions and what takes the place of their match.
    pub regexes: Vec<(String, String)>,
    /// Whole URLs and what takes their place.
    pub pairs: Vec<(String, String)>,
    /// Hosts whose `http` becomes `https`.
    pub https: Vec<String>,
    /// A template, or a proxy's name, that every URL ends in.
    pub to: Option<String>,
    /// The hosts whose images move; all if none is named.
    pub only: Vec<String>,
    /// The hosts whose images stay.
    pub except: Vec<String>,
    /// What moves besides images.
    pub also: Vec<Also>,
    /// The places that are left alone.
    pub skip: Vec<Group>,
    /// Whether a URL moves although its proxy does not hold all of it.
    pub lossy: bool,
}
