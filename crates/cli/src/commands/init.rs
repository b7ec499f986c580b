//! `postmend init`: creates a config to start from.

use crate::print::line;
use crate::terminal::output_failed;
use postmend_engine::config;
use postmend_engine::disk::create_new;
use postmend_engine::trouble::Trouble;
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The content of that config.
const STARTING_CONFIG: &str = include_str!("starting_config.toml");

/// Runs `postmend init`.
///
/// # Errors
/// The config exists already, or cannot be written.
pub fn init() -> Result<ExitCode, Trouble> {
    let path = Path::new(config::FILE_NAME);
    create_new(path, STARTING_CONFIG.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Trouble::new(format!("{} already exists", path.display()), "edit it, or move it away first")
        }
        _ => Trouble::with_path("write", path, &error),
    })?;
    output_failed(line(format_args!("wrote {}", path.display())))?;
    Ok(ExitCode::SUCCESS)
}
