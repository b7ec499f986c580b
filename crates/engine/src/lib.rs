//! Finds, checks, fixes, migrates and reports on posts in a folder.
//!
//! ```
//! use postmend_engine::check::check;
//! use postmend_engine::find_posts::FindOptions;
//!
//! let blog = tempfile::tempdir()?;
//! std::fs::write(blog.path().join("a-day-out.md"), "---\ntitle: A day out\n---\n\nWe recieved it.\n")?;
//!
//! // Every post below the folder, with the nearest `postmend.toml`, on all cores.
//! let checked = check(&FindOptions::of(blog.path()))?;
//! for (post, examined) in checked.posts.iter().zip(&checked.examined) {
//!     for (finding, start, _) in &examined.findings {
//!         let at = format!("{}:{}:{}", post.relative_path, start.line, start.column);
//!         assert_eq!(format!("{at}: {}", finding.rule), "a-day-out.md:5:4: misspelling");
//!     }
//! }
//! assert!(checked.troubles.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`find_posts`] finds posts, [`examine`] checks or fixes one, [`survey`] processes many, [`store`] writes files and
//! undoes runs, [`migrate`] moves URLs, [`report`] prints. All files are opened by [`disk`], which follows no symlink
//! out of the folder.

pub mod baseline;
pub mod check;
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
pub mod parallel;
pub mod paths;
pub mod plural;
pub mod progress;
pub mod project;
pub mod report;
pub mod repository_files;
pub mod shard;
pub mod site_layout;
pub mod site_usage;
pub mod store;
pub mod survey;
pub mod trouble;
pub mod unified_diff;
