//! The other files of a post's repository, as far as rules ask for them.

use std::fmt::Debug;

/// Answers whether there is a file or folder.
pub trait SiteFiles: Debug + Sync {
    /// Whether something has this path relative to the folder of the post, with `/` and exactly in this case. `None`
    /// if that is not known, such as outside of the repository.
    fn exists(&self, path: &str) -> Option<bool>;
}
