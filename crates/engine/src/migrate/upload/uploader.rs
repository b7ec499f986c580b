//! The interface for uploads.

use crate::migrate::plan_file::CopyRow;
use std::path::Path;

/// A target of uploads.
pub(crate) trait Uploader: Send + Sync {
    /// Uploads a file with its name and MIME type; returns whether it is new.
    fn put(&self, copy: &CopyRow, file: &Path, bytes: Vec<u8>) -> Result<bool, String>;
}
