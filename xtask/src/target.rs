//! The folder for build output.

use std::path::{Path, PathBuf};

/// The target folder of cargo, whatever the environment or a config sets: this program is `<target>/<profile>/xtask`.
pub(crate) fn folder() -> PathBuf {
    let here = std::env::current_exe().ok();
    here.as_deref().and_then(|here| here.ancestors().nth(2)).map_or_else(|| "target".into(), Path::to_owned)
}
