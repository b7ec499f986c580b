//! A folder of posts on a machine: found, checked, fixed, migrated and reported.
//!
//! ```
//! use postmend_engine::disk::{Below, Folder};
//! use std::path::Path;
//!
//! let folder = Folder::open(&std::env::temp_dir())?;
//! assert!(Below::new(Path::new("../etc/passwd")).is_err());
//! let missing = Below::new(Path::new("no-such-post.md"))?;
//! assert!(folder.read(&missing, 1 << 20).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod baseline;
pub mod clock;
pub mod config;
mod deep_model;
pub mod detect_generator;
pub mod disk;
pub mod escape;
pub mod examine;
pub mod fetch;
pub mod find_posts;
pub mod git;
mod glob_limits;
pub mod limits;
pub mod merge;
pub mod migrate;
pub mod named_files;
pub mod paths;
pub mod plural;
pub mod progress;
pub mod project;
pub mod report;
pub mod shard;
pub mod site_usage;
pub mod store;
pub mod survey;
pub mod trouble;
pub mod unified_diff;
