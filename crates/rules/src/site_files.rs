//! The other files of a post's repository, as far as rules ask for them.

use std::fmt::Debug;

/// Answers whether there is a file or folder.
pub trait SiteFiles: Debug + Sync {
    /// Whether something has this path relative to the folder of the post, with `/` and exactly in this case. `None`
    /// if that is not known, such as outside of the repository.
    fn exists(&self, path: &str) -> Option<bool>;

    /// Whether a generator that is not known makes a site of the post.
    fn is_of_unknown_site(&self) -> bool;

    /// Whether a file of this name is in a folder near that of the post.
    fn is_named_nearby(&self, name: &str) -> bool;
}
