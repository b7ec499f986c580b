//! `postmend man`: the manual, for packages.

use clap::Command;
use postmend_engine::disk::make_folders;
use postmend_engine::named_files;
use postmend_engine::trouble::Trouble;
use std::path::Path;
use std::process::ExitCode;

/// `postmend man`
///
/// # Errors
/// The folder cannot be written.
pub fn man(folder: &Path, command: Command) -> Result<ExitCode, Trouble> {
    let trouble = |error| Trouble::with_path("write", folder, &error);
    named_files::place(folder)?;
    make_folders(folder).map_err(trouble)?;
    clap_mangen::generate_to(command, folder).map_err(trouble)?;
    Ok(ExitCode::SUCCESS)
}
