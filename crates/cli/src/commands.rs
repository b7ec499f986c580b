//! The commands, one file each.

pub mod baseline;
pub mod check;
pub mod completions;
pub mod config;
pub mod fix;
pub mod init;
pub mod lsp;
pub mod man;
pub mod merge;
pub mod migrate;
pub mod pipe;
pub mod rules;
pub mod undo;
#[cfg(feature = "watch")]
pub mod watch;
