//! `postmend lsp`: a language server over standard input and output.

use crate::args::choices::generator;
use clap::Args;
use postmend_core::Generator;
use postmend_engine::find_posts::FindOptions;
use postmend_engine::trouble::Trouble;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `lsp`.
#[derive(Debug, Args)]
pub struct LspArguments {
    /// The generator whose rules apply, instead of the one detected from the site's files
    #[arg(long, value_name = "NAME", value_parser = generator)]
    pub generator: Option<Generator>,
    /// Use this config instead of the nearest `postmend.toml`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Accepted for compatibility; standard input and output are always used
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// Runs `postmend lsp`.
///
/// # Errors
/// This build has no language server. It is not an error if the editor disconnects.
pub fn lsp(arguments: &LspArguments) -> Result<ExitCode, Trouble> {
    let (generator, config) = (arguments.generator, arguments.config.clone());
    serve(FindOptions { generator, config, ..FindOptions::default() })
}

#[cfg(feature = "lsp")]
fn serve(options: FindOptions) -> Result<ExitCode, Trouble> {
    Ok(ExitCode::from(postmend_lsp::serve(options)))
}

#[cfg(not(feature = "lsp"))]
fn serve(_: FindOptions) -> Result<ExitCode, Trouble> {
    Err(crate::features::missing_feature("the language server", "lsp"))
}
