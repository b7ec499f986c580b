//! What takes copies of images.

use crate::migrate::plan_file::CopyRow;
use std::path::Path;

/// Something that takes files.
pub(crate) trait Uploader: Send + Sync {
    /// Puts a file there, under its name and with its media type; gives whether it was not there before.
    fn put(&self, copy: &CopyRow, file: &Path, bytes: Vec<u8>) -> Result<bool, String>;
}
