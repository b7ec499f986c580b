//! The folder for build output.

use std::path::PathBuf;

/// The target folder of cargo: the one that contains this program, whatever the environment or a config sets.
pub(crate) fn folder() -> PathBuf {
    let here = std::env::current_exe().ok();
    let folder =
        here.as_deref().and_then(|here| here.ancestors().find(|above| above.join("CACHEDIR.TAG").exists()));
    folder.map_or_else(|| PathBuf::from("target"), ToOwned::to_owned)
}
