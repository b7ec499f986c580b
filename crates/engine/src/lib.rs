//! A folder of posts on a machine: the one way to its files, and the one way out to who reads what was found.
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

pub mod disk;
pub mod print;
