//! `postmend man`: writes the manual pages for packages.

use clap::Command;
use postmend_engine::trouble::Trouble;
use std::path::Path;
use std::process::ExitCode;

/// Runs `postmend man`.
///
/// # Errors
/// This build has no manual, or the folder cannot be written.
#[cfg(feature = "man")]
pub fn man(folder: &Path, command: Command) -> Result<ExitCode, Trouble> {
    let trouble = |error| Trouble::with_path("write", folder, &error);
    postmend_engine::named_files::resolve(folder)?;
    postmend_engine::disk::make_folders(folder).map_err(trouble)?;
    clap_mangen::generate_to(command, folder).map_err(trouble)?;
    Ok(ExitCode::SUCCESS)
}

/// Fails, as this build has no manual.
#[cfg(not(feature = "man"))]
pub fn man(_: &Path, _: Command) -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("the manual", "man"))
}
