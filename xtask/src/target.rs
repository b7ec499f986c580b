//! Where builds go.

use std::path::PathBuf;

/// The folder that cargo builds into: that of this program, wherever the environment or a config put it.
pub(crate) fn folder() -> PathBuf {
    let here = std::env::current_exe().ok();
    let folder =
        here.as_deref().and_then(|here| here.ancestors().find(|above| above.join("CACHEDIR.TAG").exists()));
    folder.map_or_else(|| PathBuf::from("target"), ToOwned::to_owned)
}
