//! Arguments that people bring from other tools, and what does the same here.

use crate::args::Arguments;
use clap::Parser;
use clap::error::{ContextKind, ContextValue, Error};
use postmend_engine::trouble::Trouble;

/// Arguments that postmend does not have, with an explanation and what to type instead.
const HABITS: [(&str, &str, &str); 3] = [
    (
        "--fix",
        "`check` changes no post",
        "`postmend fix` does; `postmend fix --diff` shows what it would change",
    ),
    ("--write", "`fix` always writes", "leave out `--write`; with `--diff`, it only shows the changes"),
    ("format", "postmend does not format posts", "`postmend fix` fixes what it finds"),
];

/// The arguments of the command line. If they are wrong, clap prints its message and ends the program, unless there
/// is a better one.
///
/// # Errors
/// An argument is one that other tools have.
pub fn arguments() -> Result<Arguments, Trouble> {
    Arguments::try_parse().map_err(|error| hint(&error).unwrap_or_else(|| error.exit()))
}

fn hint(error: &Error) -> Option<Trouble> {
    let named = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand]
        .into_iter()
        .find_map(|kind| error.get(kind));
    let Some(ContextValue::String(named)) = named else { return None };
    let (_, message, help) = HABITS.iter().find(|(habit, ..)| habit == named)?;
    Some(Trouble::new(*message, *help))
}
